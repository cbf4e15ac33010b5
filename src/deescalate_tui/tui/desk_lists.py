"""The lists of the desk as they stand on the screen: which is seen, what is picked in each, what there is to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from deescalate_tui.archive.dues import Due
from deescalate_tui.archive.rows import Row
from deescalate_tui.archive.schema import DAMAGED
from deescalate_tui.archive.search import Hit
from deescalate_tui.desk import COUNTED, Desk, Listing
from deescalate_tui.errors import FileFault
from deescalate_tui.i18n import Messages
from deescalate_tui.revision import Written
from deescalate_tui.screens.desk import DUE, NOTES, UNREAD, VIEWS
from deescalate_tui.workplace import Workplace

NEAR = 1_000
"""Among so many entries more the picked one is looked for when a list has changed."""


class Lists:
    """Reads no more of the index than is looked at. Its faults are said, and are no end of anything."""

    def __init__(self, workplace: Workplace, words: Messages) -> None:
        """Raises FileFault where there can be no index."""
        self.desk = Desk(workplace, lambda: workplace.clock.now().date())
        self.view = NOTES
        self.picked = dict.fromkeys(VIEWS, 0)
        self.top = dict.fromkeys(VIEWS, 0)
        self.counts: dict[str, str] = {}
        self.room = 1
        """Entries on the screen."""
        self.reading = False
        """The note that is picked lies over the list: it is to stay picked."""
        self.said = ""
        self.wrong = False
        self.ticked: set[tuple[str, int]] = set()
        """What was ticked off in the list of promises as it stands: id of the note, number."""
        self.damaged = False
        """The index was damaged, and is empty now."""
        self._words = words
        self._known: dict[str, Listing[Any]] = {}
        """Those that were looked at since something changed."""

    def listing(self, view: str) -> Listing[Any]:
        """The list of a view."""
        if view not in self._known:
            read = {NOTES: self.desk.notes, DUE: self.desk.dues, UNREAD: self.desk.unread}[view]
            self._known[view] = self.safely(read, Listing(iter(()), 0))
        return self._known[view]

    def shown(self) -> tuple[int, list[Any]]:
        """The entries there is room for, with the picked one among them, and the place of the first."""
        picked, top = self.picked[self.view], self.top[self.view]
        first = self.top[self.view] = max(0, min(top, picked), picked - self.room + 1)
        return first, self.safely(lambda: self.listing(self.view).upto(first + self.room)[first:], [])

    def current(self) -> Any:
        """The entry that is picked, or None."""
        return self.safely(lambda: self.listing(self.view).at(self.picked[self.view]), None)

    def row(self) -> Row | None:
        """The note that is picked, or whose promise is."""
        found = self.current()
        return found.row if isinstance(found, Hit | Due) else None

    def revised(self, written: Written) -> None:
        """A note has another revision: the promises stay where they are until their list is read anew."""
        path = written.path.relative_to(self.desk.archive.notes).as_posix()

        def change(it: Due) -> Due:
            if it.row.id != written.note.id:
                return it
            return replace(it, row=replace(it.row, path=path, revision=written.note.revision))

        self.listing(DUE).exchange(change)
        self._known.pop(NOTES, None)

    def number(self) -> str:
        """How many entries there are."""
        number = self.listing(self.view).number
        if self.view == NOTES and number > COUNTED:
            return self._words("desk.many", number=COUNTED)
        return self._words.count("desk.count", number)

    def go(self, place: int) -> None:
        """Pick the entry at a place, or the last one there is."""
        listing, view = self.listing(self.view), self.view
        place = max(min(place, max(listing.number, self.picked[view] + self.room) - 1), 0)
        there = self.safely(lambda: len(listing.upto(place + 1)), 0)
        self.picked[view] = max(min(place, there - 1), 0)

    def ask(self, query: str) -> None:
        """Filter notes and promises. What cannot be understood is said, and the filter before it holds."""
        if self.desk.ask(query):
            self.picked.update({NOTES: 0, DUE: 0})
            self.say("")
            self.reload()

    def reload(self) -> None:
        """Read the lists anew; what is picked stays picked, and stays in its row of the screen."""
        view, place = self.view, self.picked[self.view]
        before = self.current()
        self._known.clear()
        self.ticked.clear()
        if before is not None and (place or self.reading):
            there = self.safely(lambda: self.listing(view).upto(place + NEAR), [])
            now = next((at for at, it in enumerate(there) if _same(it, before)), place)
            self.top[view] += now - place
            self.picked[view] = now
        self.go(self.picked[view])

    def recount(self) -> None:
        """How much is due now, and how much cannot be read."""
        unread, due = self.listing(UNREAD).number, self.safely(self.desk.due_now, 0)
        self.counts = {DUE: str(due or ""), UNREAD: str(unread or "")}

    def say(self, text: str, *, wrong: bool = False) -> None:
        """What is said until the next key."""
        self.said, self.wrong = text, wrong

    def told(self) -> tuple[str, bool]:
        """What is said, and whether something is wrong: what is wrong with the filter comes first."""
        wrong = self.desk.wrong
        if wrong is not None:
            return self._words(f"fault.{wrong.key}", **wrong.params), True
        return self.said, self.wrong

    def safely(self, read: Callable[[], Any], instead: Any) -> Any:
        """What can be read of the index; where the disk fails, that is said, and `instead` stands for it."""
        try:
            return read()
        except FileFault as fault:
            self.say(self._words.fault(fault), wrong=True)
            if fault.key == DAMAGED and not self.damaged:
                self.damaged = True
                self._known.clear()
                self.safely(self.desk.reopen, None)
            return instead


def _same(one: Any, other: Any) -> bool:
    """Whether both are the same note, promise or file, whatever is said of it now."""
    if isinstance(one, Hit) and isinstance(other, Hit):
        return one.row.id == other.row.id
    if isinstance(one, Due) and isinstance(other, Due):
        return (one.row.id, one.number) == (other.row.id, other.number)
    return bool(one == other)
