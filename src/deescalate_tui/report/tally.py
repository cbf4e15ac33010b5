"""What one note adds to the figures of a report, and how such tallies add up. Pure.

A tally counts sessions, never persons. Of the agents it keeps marks only as long as there are fewer than three: from
the third on it knows nothing but that they are many. Tallies form a commutative monoid: whatever the order and grouping
in which notes are merged, the sum is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import blake2b

import msgspec

from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.dates import due_day
from deescalate_tui.notes.note import IncidentNote
from deescalate_tui.report.course import Course, course_of
from deescalate_tui.report.weeks import week_of
from deescalate_tui.report.words import terms

NOBODY, MANY = 0, -1
"""No agent, and three or more. In between a number holds one mark or two, each of 31 bits."""
_MARK_BITS = 31
NONE = "-"
"""Where a note says nothing."""
KEPT = "kept"
"""Of a promise: a lead ticked it off."""
EDGES_S = (15, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 3600, 7200)
"""Where one class of durations ends and the next begins, in seconds."""
MOST_LIMITS = 3
"""So many limits or more are one row."""
NEVER_EXPIRES = 1_000_000
ALL = "all"

Counted = tuple[int, int, int]
"""Sessions, how often in all, and the agents."""
NOTHING: Counted = (0, 0, NOBODY)
Counts = dict[str, Counted]


class Cell(msgspec.Struct, frozen=True, order=True):
    """What notes have in common that are counted together."""

    week: str
    language: str
    country: str
    type: str
    channel: str


class Tally(msgspec.Struct, frozen=True):
    """Counts by key."""

    counts: Counts = {}
    """See `_facts`."""
    terms: Counts = {}
    """The words of requests, `language:word`."""
    guides: dict[str, Counts] = {}
    """By checklist (`type/language/revision`): `all`, and `step:what` as `course` has it."""
    keep_days: int = NEVER_EXPIRES
    """The shortest time for which one of its notes is kept, in days from the start of its session."""


def cell_of(note: IncidentNote) -> Cell:
    """Where the note is counted."""
    week = week_of(datetime.fromisoformat(note.started).date())
    return Cell(week, note.language, note.country, note.customer_type, note.channel)


def tally(note: IncidentNote) -> Tally:
    """What one note says."""
    course = course_of(note)
    agent = agent_mark(note.agent)
    started = datetime.fromisoformat(note.started).date()
    return Tally(
        _counted(_facts(note, course), agent),
        _counted(_words(note), agent),
        {guide: _counted(steps, agent) for guide, steps in course.steps.items()},
        max(0, (date.fromisoformat(note.expires) - started).days),
    )


def merge(tallies: Iterable[Tally]) -> Tally:
    """The sum of any number of tallies; of none it is empty."""
    several = tuple(tallies)
    if len(several) == 1:
        return several[0]
    counts: Counts = {}
    words: Counts = {}
    guides: dict[str, Counts] = {}
    keep_days = NEVER_EXPIRES
    for one in several:
        add(counts, one.counts)
        add(words, one.terms)
        for guide, steps in one.guides.items():
            add(guides.setdefault(guide, {}), steps)
        keep_days = min(keep_days, one.keep_days)
    return Tally(counts, words, guides, keep_days)


def add(total: Counts, more: Counts) -> None:
    """Add `more` to `total`, in place."""
    find = total.get
    for key, count in more.items():
        known = find(key)
        if known is None:
            total[key] = count
        elif known[2] == count[2]:  # as `plus` does it, without the call: this is where the time of a report goes
            total[key] = (known[0] + count[0], known[1] + count[1], known[2])
        else:
            total[key] = plus(known, count)


def plus(one: Counted, other: Counted) -> Counted:
    """Both together."""
    return (one[0] + other[0], one[1] + other[1], together(one[2], other[2]))


def together(one: int, other: int) -> int:
    """The agents of both."""
    if one == other or other == NOBODY:
        return one
    if one == NOBODY:
        return other
    if MANY in (one, other):
        return MANY
    marks = sorted({mark for agents in (one, other) for mark in _marks(agents)})
    if len(marks) > 2:
        return MANY
    return marks[0] | (marks[1] << _MARK_BITS if len(marks) > 1 else 0)


def agent_mark(alias: str) -> int:
    """What stands for one agent."""
    digest = int.from_bytes(blake2b(alias.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")
    return (digest >> 1) or 1


def _marks(agents: int) -> tuple[int, ...]:
    first, second = agents & (1 << _MARK_BITS) - 1, agents >> _MARK_BITS
    return (first, second) if second else (first,)


def duration_class(seconds: int) -> int:
    """The number of the class of `EDGES_S` that a duration falls into."""
    return next((place for place, edge in enumerate(EDGES_S) if seconds < edge), len(EDGES_S))


def _words(note: IncidentNote) -> Iterator[str]:
    """The words of the request, where it is known which are small."""
    if note.language in LANGUAGES:
        yield from (f"{note.language}:{word}" for word in terms(note.request, note.language))


def _counted(keys: Iterable[str], agent: int) -> Counts:
    times: dict[str, int] = {}
    for key in keys:
        times[key] = times.get(key, 0) + 1
    return {key: (1, number, agent) for key, number in times.items()}


def _facts(note: IncidentNote, course: Course) -> Iterator[str]:
    """Every key that the note adds one to. But for promises and turns each table has one row a session."""
    level = note.level
    yield ALL
    yield f"outcome:{note.outcome}"
    yield f"answered:{note.request_answered or NONE}"
    unheard = level.start is None or level.end is None
    yield f"levels:{NONE if unheard else f'{level.start}>{level.end}'}"
    yield f"threat:{'yes' if note.threat else 'no'}"
    yield f"limits:{min(note.warnings, MOST_LIMITS)}"
    yield f"promised:{'yes' if note.commitments else 'no'}"
    for promise in note.commitments:
        day = due_day(promise.due)
        yield f"promise:{KEPT if promise.kept else week_of(date.fromisoformat(day)) if day else NONE}"
    for card in {card.id for card in note.cards}:
        yield f"card:{card}"
    yield f"time.{ALL}:{duration_class(note.duration_s)}"
    for phase, seconds in course.seconds.items():
        yield f"time.{phase}:{duration_class(seconds)}"
    for phase, what in course.turns:
        yield f"{what}:{phase or NONE}"
