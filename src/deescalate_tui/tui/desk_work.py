"""What takes its time at the desk: bringing the index up to date, ticking off, reading a note. None holds up a key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from deescalate_tui.archive.dues import Due
from deescalate_tui.archive.refresh import Refreshed
from deescalate_tui.archive.rows import Row
from deescalate_tui.desk import refreshed, ticked_off
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.i18n import Messages
from deescalate_tui.notes.promises import what_text
from deescalate_tui.notes.revision import Written
from deescalate_tui.tui.desk_lists import Lists
from deescalate_tui.workplace import Workplace

EVERY_MS = 100
"""Between two reports of how far the index is."""


class Host(Protocol):
    """What the desk needs of the app."""

    workplace: Workplace

    def leave(self) -> None:
        """End the program."""

    def post(self, do: Callable[[], None], /) -> None:
        """Have something done where the screen lives. From any thread."""

    def index(self, job: Callable[[], Any], done: Callable[[Any], None], /) -> None:
        """Do a job on the index and the notes, aside, one after the other."""

    def read(self, job: Callable[[], Any], done: Callable[[Any], None], /) -> None:
        """Read a file, aside."""


class Work:
    """The jobs that are under way, and what came of them."""

    def __init__(self, host: Host, lists: Lists, words: Messages) -> None:
        self.busy = ""
        """What the index is doing; empty where it is up to date."""
        self._host = host
        self._lists = lists
        self._words = words
        self._told_at = 0
        """In the thread of the index: when it told how far it is."""
        self._next = 1
        """So many files later the lists are read anew, while the index grows."""
        self._ticked: list[tuple[tuple[str, int], str]] = []
        """What was ticked off here and is not open again, the last at the end: id of the note and number; what."""
        self._waiting: set[tuple[str, int]] = set()
        """What is just being written."""
        self._note: tuple[object, str, str] = (None, "", "")
        """Of which note the text is; the text; what is said where it cannot be read."""

    def refresh(self) -> None:
        """Look for what is new in the folder."""
        if not self.busy:
            self.busy, self._next = self._words("desk.refreshing"), 1
            self._host.index(partial(refreshed, self._host.workplace, self._progress), self._refreshed)

    def tick(self, found: Any) -> None:
        """Tick off a promise; one that was ticked off here is open again. It stays in its place."""
        if isinstance(found, Due):
            item = (found.row.id, found.number)
            self._write(item, what_text(found.what, self._words), done=item not in self._lists.ticked)

    def untick(self) -> None:
        """Open again what was ticked off last."""
        if self._ticked:
            self._write(*self._ticked[-1], done=False)
        else:
            self._lists.say(self._words("desk.nothing-ticked"))

    def text(self, row: Row) -> tuple[str, str]:
        """The text of a note, and why there is none; both empty until it has been read."""
        key = (row.id, row.path)
        if self._note[0] != key:
            self._note = (key, "", "")
            self._host.read(partial(self._content, row), partial(self._came, key))
        return self._note[1:]

    def _content(self, row: Row) -> tuple[str, str]:
        try:
            return self._lists.desk.archive.text(row), ""
        except FileFault as fault:
            return "", self._words.fault(fault)

    def _came(self, key: object, found: tuple[str, str]) -> None:
        if self._note[0] == key:
            self._note = (key, *found)

    def _progress(self, done: int, total: int) -> None:
        """Told in the thread of the index."""
        now = self._host.workplace.clock.mono_ms()
        if now >= self._told_at + EVERY_MS:
            self._told_at = now
            self._host.post(partial(self._progressed, done, total))

    def _progressed(self, done: int, total: int) -> None:
        if self.busy:
            self.busy = self._words("desk.progress", done=done, total=total)
            if done >= self._next:
                self._next = 2 * done
                self._lists.reload()
                self._lists.recount()

    def _refreshed(self, found: Refreshed) -> None:
        self.busy = ""
        if found.fault is not None:
            self._lists.fail(found.fault)
        elif found.busy:
            self._lists.say(self._words("archive.busy"))
        self._lists.reload()
        self._lists.recount()

    def _write(self, item: tuple[str, int], what: str, *, done: bool) -> None:
        if item in self._waiting:
            return
        self._waiting.add(item)
        self._lists.say(self._words("desk.writing"))
        job = partial(ticked_off, self._host.workplace, *item, self._lists.desk.today if done else None)
        self._host.index(job, partial(self._written, item, what, done))

    def _written(self, item: tuple[str, int], what: str, done: bool, found: Written | Fault) -> None:
        self._waiting.discard(item)
        if isinstance(found, Fault):
            self._lists.fail(found)
            return
        self._ticked = [it for it in self._ticked if it[0] != item] + [(item, what)] * done
        self._lists.say(self._words("desk.ticked" if done else "desk.unticked", what=what))
        self._lists.revised(found)
        if done:
            self._lists.ticked.add(item)
        elif item in self._lists.ticked:
            self._lists.ticked.remove(item)
        else:  # the list was read anew in between, without it
            self._lists.reload()
        self._lists.recount()
