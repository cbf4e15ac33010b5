"""The app with the desk as its first place, and the threads that it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deescalate_tui.i18n import Messages
from deescalate_tui.opening import Opening
from deescalate_tui.tui.app import Guide, driver, shown
from deescalate_tui.tui.aside import Aside
from deescalate_tui.tui.desk import DeskPlace
from deescalate_tui.workplace import Workplace


class DeskApp(Guide):
    """Shows the desk; there is no session."""

    def __init__(self, workplace: Workplace, words: Messages) -> None:
        super().__init__(workplace, Opening(), driver())
        self._words = words
        self._index = Aside("index", self.post)
        self._files = Aside("files", self.post)

    def show_start(self) -> None:
        """Begin at the desk. Raises FileFault where there can be no index."""
        self._go(DeskPlace(self, self._words))

    def post(self, do: Callable[[], None]) -> None:
        """Have something done by the loop, and drawn."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._posted, do)

    def index(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """A job on the index and the notes."""
        self._index.do(job, done)

    def read(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """A file to read: not behind what the index takes."""
        self._files.do(job, done)

    def close(self) -> None:
        """Let go of the index: SQLite tidies up its files."""
        if isinstance(self._place, DeskPlace):
            self._place.close()

    def _posted(self, do: Callable[[], None]) -> None:
        do()
        self._draw()


def run(workplace: Workplace, words: Messages) -> int:
    """Show the desk until the lead leaves; the exit status. Raises what went wrong inside."""
    app = DeskApp(workplace, words)
    try:
        return shown(app)
    finally:
        app.close()
