"""The lists of the desk as they stand on the screen: which is seen, what is picked in each, what there is to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from deescalate_tui.archive.dues import Due
from deescalate_tui.archive.rows import Row
from deescalate_tui.archive.schema import DAMAGED
from deescalate_tui.archive.search import Hit
from deescalate_tui.dates import due_day
from deescalate_tui.desk import COUNTED, Desk, Listing
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.i18n import Messages
from deescalate_tui.notes.revision import Written
from deescalate_tui.screens.desk import DUE, NOTES, UNREAD, VIEWS
from deescalate_tui.workplace import Workplace


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
        self.said = ""
        self.wrong = False
        self.ticked: set[tuple[str, int]] = set()
        """What was ticked off in the list of promises as it stands: id of the note, number."""
        self.damaged = False
        """The index was damaged, and is empty now."""
        self._words = words
        self._known: dict[str, Listing[Any]] = {}
        """Those that were looked at since something changed."""
        self._held: dict[str, Any] = {}
        """The entry that is picked in each view: it stays picked when a list is read anew."""
        self._drawn: Any = None
        """The entry that was under the cursor when the list was drawn last."""
        self._unseen = self._lost = False
        """The list was read anew since it was drawn; and what was picked is no longer in it."""

    def listing(self, view: str) -> Listing[Any]:
        """The list of a view."""
        if view not in self._known:
            read = {NOTES: self.desk.notes, DUE: self.desk.dues, UNREAD: self.desk.unread}[view]
            self._known[view] = self.safely(read, Listing(iter(()), 0))
            self._settle(view)
        return self._known[view]

    def _settle(self, view: str) -> None:
        """Pick in a list that was read anew what was picked before, in its row of the screen; or what is nearest."""
        before, listing = self._held.get(view), self._known[view]
        if before is None:
            return
        order, place = self._order(before), self.picked[view]
        at = self.safely(
            lambda: listing.first(lambda it: _same(it, before) or (order != () and self._order(it) > order)), 0
        )
        there = self.safely(lambda: listing.at(at), None)
        if not _same(there, before):
            self._lost = self._lost or view == self.view
            at = self.safely(lambda: len(listing.upto((at if order else place) + 1)), 0) - 1
        self.picked[view] = max(at, 0)
        self.top[view] += self.picked[view] - place

    def _order(self, it: Any) -> tuple[object, ...]:
        """By what the list of an entry is sorted; files have no such thing."""
        if isinstance(it, Hit):
            return (self.desk.threats_first and not it.row.threat, -it.row.key)
        if isinstance(it, Due):
            due = it.due if due_day(it.due) else ""
            return (not due, due, it.row.key, it.number)
        return ()

    def shown(self) -> tuple[int, list[Any]]:
        """The entries there is room for, with the picked one among them, and the place of the first."""
        picked, top = self.picked[self.view], self.top[self.view]
        first = self.top[self.view] = max(0, min(top, picked), picked - self.room + 1)
        rows = self.safely(lambda: self.listing(self.view).upto(first + self.room)[first:], [])
        if rows and picked - first < len(rows):
            self._held[self.view] = self._drawn = rows[picked - first]
        self._unseen = False
        return first, rows

    def current(self) -> Any:
        """The entry that is picked, or None."""
        return self.safely(lambda: self.listing(self.view).at(self.picked[self.view]), None)

    def sure(self) -> bool:
        """Whether what is picked is what was seen there when the key was typed; where not, that is said, once."""
        found = self.current()
        sure = not self._lost and (not self._unseen or _same(found, self._drawn))
        self._lost = False
        if not sure:
            self.say(self._words("desk.moved"), wrong=True)
        return sure

    def look(self, view: str) -> None:
        """Show another list."""
        self.view, self._unseen, self._lost = view, True, False
        self.listing(view)

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
        told = self._words.count("desk.count", number)
        if self.view == DUE and self.desk.past:
            return f"{told} · {self._words('desk.expired', number=self.desk.past)}"
        return told

    def go(self, place: int) -> None:
        """Pick the entry at a place, or the last one there is."""
        listing, view = self.listing(self.view), self.view
        place = max(min(place, max(listing.number, self.picked[view] + self.room) - 1), 0)
        there = self.safely(lambda: len(listing.upto(place + 1)), 0)
        self.picked[view] = max(min(place, there - 1), 0)
        self._held[view], self._lost = self.current(), False

    def move(self, step: int) -> None:
        """Pick the entry so many further down."""
        self.listing(self.view)
        self.go(self.picked[self.view] + step)

    def ask(self, query: str) -> None:
        """Filter notes and promises. What cannot be understood is said, and the filter before it holds."""
        if self.desk.ask(query):
            for view in (NOTES, DUE):
                self._first(view)
            self.say("")
            self.reload()

    def sort(self) -> None:
        """Threats or the newest first; who stands at the beginning stays there."""
        self.desk.threats_first = not self.desk.threats_first
        if not self.picked[NOTES]:
            self._first(NOTES)
        self.reload()

    def _first(self, view: str) -> None:
        self.picked[view] = self.top[view] = 0
        self._held.pop(view, None)

    def reload(self) -> None:
        """Read the lists anew; what is picked stays picked, and stays in its row of the screen."""
        self._known.clear()
        self.ticked.clear()
        self._unseen = True
        self.listing(self.view)

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
            return self._words.sentence(wrong), True
        return self.said, self.wrong

    def safely(self, read: Callable[[], Any], instead: Any) -> Any:
        """What can be read of the index; where the disk fails, that is said, and `instead` stands for it."""
        try:
            return read()
        except FileFault as fault:
            self.fail(fault)
            return instead

    def fail(self, fault: Fault) -> None:
        """Say what went wrong. An index that was damaged is gone by now: it is built anew."""
        if fault.key != DAMAGED:
            self.say(self._words.fault(fault), wrong=True)
            return
        self.say(self._words("desk.rebuilding"), wrong=True)
        if not self.damaged:
            self.damaged = True
            self._known.clear()
            self.safely(self.desk.reopen, None)


def _same(one: Any, other: Any) -> bool:
    """Whether both are the same note, promise or file, whatever is said of it now."""
    if isinstance(one, Hit) and isinstance(other, Hit):
        return one.row.id == other.row.id
    if isinstance(one, Due) and isinstance(other, Due):
        return (one.row.id, one.number) == (other.row.id, other.number)
    if isinstance(one, Fault) and isinstance(other, Fault):
        return (one.place, one.key) == (other.place, other.key)
    return one is None and other is None
