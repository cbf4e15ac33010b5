"""How long a note is kept: which are due to be erased, which are held, and which nobody can judge. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import msgspec

from deescalate_tui.errors import Fault
from deescalate_tui.notes.front import Front

EXPIRED, RETURNED, REPLACED, ASKED, SEALED = "expired", "returned", "replaced", "asked", "sealed"
"""Why something goes: its day has come; it was erased and some copy brought it back; a correction took its place and
the site keeps no old revisions; somebody asked for it; sealed, it has expired by its name."""


class Hold(msgspec.Struct, frozen=True):
    """Why a note stays beyond its day: a legal hold, always with an end."""

    schema: int
    note: str
    """Its id."""
    reason: str
    since: str
    until: str
    """ISO date: the last day on which it holds."""


class Kept(msgspec.Struct, frozen=True):
    """A file that holds a note, or part of one, or should."""

    name: str
    """Relative to the notes folder."""
    front: Front | None = None
    """None where it cannot be read."""
    ticket: str = ""
    """Also where the rest cannot be read."""
    fault: Fault | None = None
    """Why it cannot be read."""
    plain: bool = True
    """An ordinary file: no link, folder or device."""
    begun: date | None = None
    """The day in its name, where it is sealed and cannot be read here."""


class Case(msgspec.Struct, frozen=True):
    """A note with every revision, and what interrupted writes and conflicting copies left of it."""

    files: tuple[Kept, ...]
    """The newest revision last: what is found by it goes before it."""
    hold: Hold | None = None
    hold_fault: Fault | None = None
    """There is a hold that cannot be read: who placed it meant the note to stay."""
    returned: bool = False
    """It was erased before."""

    @property
    def newest(self) -> Kept:
        """What the note says now."""
        return self.files[-1]

    @property
    def id(self) -> str:
        """Of the note; empty where nothing of it can be read."""
        return self.newest.front.id if self.newest.front else ""

    @property
    def sealed(self) -> bool:
        """All of it is sealed, and nothing of it can be read here."""
        return all(it.begun is not None for it in self.files)

    def held(self, today: date) -> bool:
        """Whether nothing of it may go."""
        return self.hold_fault is not None or (self.hold is not None and date.fromisoformat(self.hold.until) >= today)


class Due(msgspec.Struct, frozen=True):
    """What is to go, in this order, and why."""

    case: Case
    files: tuple[Kept, ...]
    reason: str


class Plan(msgspec.Struct, frozen=True):
    """What would be done, to be shown before it is."""

    due: tuple[Due, ...] = ()
    held: tuple[Case, ...] = ()
    """It would be due, but for its hold."""
    unjudged: tuple[Kept, ...] = ()
    """Nobody can tell whether these are due: they stay, and are named."""


def by_revision(files: Iterable[Kept]) -> tuple[Kept, ...]:
    """In the order of `Case.files`; what cannot be read comes first."""
    return tuple(sorted(files, key=lambda it: (it.front.revision if it.front else 0, it.name)))


def purge_plan(
    cases: Iterable[Case], today: date, before: date, *, keeps_old: bool, sealed_days: int | None = None
) -> Plan:
    """What has expired before a day that is not later than today, and what should not be there at all.

    A sealed note that cannot be read here is due so many days after the day in its name; None: nobody can tell.
    """
    limit = min(today, before)
    return _plan(((case, *_past(case, limit, keeps_old, sealed_days)) for case in cases), today)


def erase_plan(cases: Iterable[Case], today: date, is_asked: Callable[[str], bool]) -> Plan:
    """All notes whose ticket is asked for, due or not; which ticket a note has, its newest revision says."""
    return _plan(((case, _whole(case) if is_asked(case.newest.ticket) else (), ASKED) for case in cases), today)


def _plan(judged: Iterable[tuple[Case, tuple[Kept, ...], str]], today: date) -> Plan:
    due, held, unjudged = [], [], []
    for case, files, reason in judged:
        if files and case.held(today):
            held.append(case)
        elif files:
            due.append(Due(case, files, reason))
        unjudged += [it for it in case.files if it.front is None and it not in files]
    return Plan(tuple(due), tuple(held), tuple(unjudged))


def _past(case: Case, limit: date, keeps_old: bool, sealed_days: int | None) -> tuple[tuple[Kept, ...], str]:
    fronts = [it.front for it in case.files if it.front is not None]
    if not fronts and case.sealed:
        if case.returned:
            return _whole(case), RETURNED
        # One day more: the name tells the day in UTC, the note would tell the local one.
        ages = [(limit - it.begun).days - 1 for it in case.files if it.begun is not None]
        return (_whole(case), SEALED) if sealed_days is not None and min(ages) > sealed_days else ((), "")
    if fronts and case.returned:
        return _whole(case), RETURNED
    if fronts and all(date.fromisoformat(front.expires) < limit for front in fronts):
        return _whole(case), EXPIRED
    newest = case.newest.front
    if newest is not None and not keeps_old:
        return tuple(it for it in case.files if it.front and it.front.revision < newest.revision), REPLACED
    return (), ""


def _whole(case: Case) -> tuple[Kept, ...]:
    return tuple(it for it in case.files if it.plain)
