"""The note after closing, on the screen to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from rich.cells import cell_len

from deescalate_tui.screens.overlays import Reader, reader_page, reader_room
from deescalate_tui.screens.rows import Page, wrap
from deescalate_tui.workplace import CLOSE_S

if TYPE_CHECKING:
    from deescalate_tui.live import Finished, LiveSession
    from deescalate_tui.tui.app import Guide


class NotePlace:
    """The finished note with its path; where the disk refused it, the reason and the whole text to copy."""

    def __init__(self, app: Guide, live: LiveSession) -> None:
        self._app = app
        self._live = live
        self._room = 1
        self._finished: Finished = live.finish()
        self._top: int | None = None
        """Line shown first; None until the first picture, which begins below the front matter: that is for programs."""

    def page(self, width: int, height: int) -> Page:
        """The note, from the line scrolled to."""
        messages, finished = self._live.messages, self._finished
        lines = tuple(part for line in _for_people(finished.text) for part in _broken(line, width - 2))
        head: tuple[str, ...] = (messages("note.saved", path=finished.path),)
        if finished.fault is not None:
            reason = messages.fault(finished.fault)
            head = (messages("note.not-saved", reason=reason), messages("note.not-saved-keep"))
        reader = Reader(messages("note.title"), head, lines)
        self._room = reader_room(reader, width, height)
        top = lines.index("---", 1) + 1 if self._top is None and "---" in lines[1:] else self._top or 0
        self._top = max(0, min(top, len(lines) - self._room))
        foot = f"{messages('note.scroll')}   {messages('note.end')}"
        return reader_page(replace(reader, top=self._top), foot, width, height)

    def key(self, key: str) -> None:
        """Scroll, go to a new session, or leave."""
        page = max(self._room - 1, 1)
        steps = {"down": 1, "j": 1, "up": -1, "k": -1, "space": page, "pagedown": page, "pageup": -page}
        if key in steps:
            self._top = max(0, (self._top or 0) + steps[key])
        elif key == "enter":
            if self._finished.fault is not None:
                self._live.journal.close(CLOSE_S)  # so that the start screen can offer it again
            self._app.show_start()
        elif key in ("ctrl+q", "f10", "escape"):
            self._app.leave()

    def line(self) -> None:
        """Nothing is typed here."""

    def typing(self, text: str) -> None:
        """Nothing is typed here."""

    def paused(self, text: str) -> None:
        """Nothing is typed here."""

    def submit(self, text: str) -> None:
        """Nothing is typed here."""

    def tick(self) -> None:
        """Try again to save a note that the disk refused."""
        if self._finished.fault is not None:
            self._finished = self._live.finish()

    def moves(self) -> bool:
        """It stands still."""
        return False


def _for_people(text: str) -> list[str]:
    """The lines of a note without the comments that only programs read."""
    return [line for line in text.splitlines() if not line.startswith("<!--")]


def _broken(line: str, width: int) -> list[str]:
    """The line as it is where it fits, so that indents stay; else in pieces."""
    return [line] if cell_len(line) <= width else wrap(line, width)
