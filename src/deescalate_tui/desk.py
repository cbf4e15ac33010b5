"""What the team lead's desk knows: the lists of the archive, as far as they have been looked at, under one filter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from itertools import chain
from typing import Generic, TypeVar

from deescalate_tui.archive.archive import Archive
from deescalate_tui.archive.dues import Due, lasting
from deescalate_tui.archive.forgetting import archive_of
from deescalate_tui.archive.refresh import Progress, Refreshed
from deescalate_tui.archive.rows import Filters
from deescalate_tui.archive.search import Hit, Selection
from deescalate_tui.errors import Fault, FileFault, UsageFault
from deescalate_tui.notes.revision import Written, tick
from deescalate_tui.workplace import Workplace

COUNTED = 10_000
"""So many notes are counted; of more it is said that there are more: counting must not hold up a key."""

T = TypeVar("T")


class Listing(Generic[T]):
    """A list that is read as far as somebody looks."""

    def __init__(self, source: Iterator[T], number: int) -> None:
        """`number`: how many there are at least."""
        self._source = source
        self._items: list[T] = []
        self._whole = False
        self.number = number

    def upto(self, end: int) -> list[T]:
        """The entries before a place, or all where there are not as many. Raises FileFault."""
        self._read(end)
        return self._items[:end]

    def first(self, holds: Callable[[T], bool]) -> int:
        """The place of the first entry for which it holds; of none, how many there are. Raises FileFault."""
        place = 0
        while self._read(place + 1) and not holds(self._items[place]):
            place += 1
        return place

    def exchange(self, change: Callable[[T], T]) -> None:
        """Put something else in the place of entries that were read already."""
        self._items = [change(it) for it in self._items]

    def at(self, place: int) -> T | None:
        """The entry at a place, if there is one. Raises FileFault."""
        return self._items[place] if place >= 0 and self._read(place + 1) else None

    def _read(self, end: int) -> bool:
        """Whether there are so many."""
        while not self._whole and len(self._items) < end:
            found = next(self._source, None)
            self._whole = found is None
            self._items += [found] if found is not None else []
        return len(self._items) >= end


class Desk:
    """The archive behind the desk. It belongs to one thread."""

    def __init__(self, workplace: Workplace, today: Callable[[], date]) -> None:
        """Raises FileFault."""
        self.archive: Archive = archive_of(workplace)
        self._today = today
        self.query = ""
        self.threats_first = True
        self.wrong: UsageFault | None = None
        """What is wrong with the query that was typed last: the one before it still holds."""
        self.selected: Selection = self.archive.select("")
        """The notes that are meant: what is listed, and what would be given away."""
        self._understood = ""
        self.past = 0
        """So many promises are left out of what is open: the day of their notes has passed."""

    @property
    def today(self) -> date:
        """The day it is here."""
        return self._today()

    def ask(self, query: str) -> bool:
        """Choose the notes by a query; whether it could be understood. Words may be the beginnings of some."""
        self.query = query
        try:
            self.selected = self.archive.select(query, today=self.today, typing=True)
        except UsageFault as fault:
            self.wrong = fault
            return False
        self.wrong, self._understood = None, query
        return True

    def notes(self) -> Listing[Hit]:
        """The notes that are meant: with threats first or not, the newest first. Raises FileFault."""
        number = self.archive.count(self.selected, COUNTED + 1)
        if not self.threats_first:
            return Listing(self.archive.search(self.selected), number)
        halves = (Filters(threat=True), Filters(threat=False))
        chosen = [self.archive.select(self._understood, half, self.today, typing=True) for half in halves]
        return Listing(chain.from_iterable(map(self.archive.search, chosen)), number)

    def dues(self) -> Listing[Due]:
        """What is open in the notes that are meant. Raises FileFault."""
        chosen = lasting(self.selected, self.today)
        number = self.archive.count_dues(chosen)
        self.past = self.archive.count_dues(self.selected) - number
        return Listing(self.archive.dues(chosen), number)

    def unread(self) -> Listing[Fault]:
        """The files that do not count. Raises FileFault."""
        return Listing(self.archive.faults(), self.archive.unread())

    def due_now(self) -> int:
        """How much is due today or was before, whatever the filter. Raises FileFault."""
        due = self.archive.select("", Filters(due=self.today))
        return self.archive.count_dues(lasting(due, self.today))

    def reopen(self) -> None:
        """Begin anew with an index that was damaged. Raises FileFault."""
        self.archive.renew()


def refreshed(workplace: Workplace, progress: Progress) -> Refreshed:
    """Bring the index up to date. In a thread of its own."""
    try:
        with archive_of(workplace) as archive:
            return archive.refresh(progress)
    except FileFault as fault:
        return Refreshed(fault=fault)


def ticked_off(workplace: Workplace, note_id: str, number: int, day: date | None) -> Written | Fault:
    """Tick a promise off in the newest revision of its note, or open it again; why not, where that cannot be.

    In a thread of its own: the disk may be slow.
    """
    try:
        with archive_of(workplace) as archive:
            path = archive.file_of(note_id)
            if path is None:
                return FileFault(note_id, "missing")
            written = tick(workplace, path, number, day)
            with suppress(FileFault):  # the note is there: the next refresh takes it in
                archive.take(written.path)
            return written
    except Fault as fault:
        return fault
