"""How the report is made of the archive's cells. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from itertools import product

from msgspec.structs import replace

from deescalate_tui.call.checklist import LEVELS, PHASES
from deescalate_tui.call.session import ANSWERS, OUTCOMES
from deescalate_tui.report.course import FALL, RISE
from deescalate_tui.report.figures import (
    DUE,
    SCHEMA,
    Beside,
    Compared,
    Duration,
    Listed,
    Period,
    Report,
    Week,
)
from deescalate_tui.report.suppress import ANY, Filter, Group, Table, groups, is_safe, is_safe_of, table
from deescalate_tui.report.tally import (
    ALL,
    EDGES_S,
    KEPT,
    MOST_LIMITS,
    NONE,
    NOTHING,
    Cell,
    Counted,
    Counts,
    Tally,
    merge,
    plus,
)
from deescalate_tui.report.weeks import last_whole, monday, shifted, week_of

USUAL_WEEKS = 4
MOST_ROWS = 12
"""Lines of a list that could go on."""
_OF_CELL = ("type", "language", "country", "channel")
_ROWS: Mapping[str, tuple[str, ...]] = {
    "outcome": OUTCOMES,
    "answered": (*ANSWERS, NONE),
    "levels": (*(f"{start}>{end}" for start, end in product(LEVELS, LEVELS)), NONE),
    "threat": ("yes", "no"),
    "limits": tuple(map(str, range(MOST_LIMITS + 1))),
    "promised": ("yes", "no"),
    "promise": DUE,
    RISE: (NONE, *PHASES),
    FALL: (NONE, *PHASES),
}
"""The tables and the rows known beforehand."""
TABLES = (*_OF_CELL, *_ROWS)


def report(cells: Iterable[tuple[Cell, Tally]], period: Period, filters: Filter, today: date) -> Report:
    """The figures of a period, beside those of the period before."""
    known = [it for it in cells if period.before.first <= it[0].week <= period.last]
    gone = expiring(known, today)
    kept = [(cell, tally) for cell, tally in known if cell.week not in gone]
    found, too_small = groups(kept)
    now = _Side([it for it in found if it.cell.week >= period.first], filters)
    before = _Side([it for it in found if it.cell.week < period.first], filters)
    tables = {name: Compared(now.table(name, today), before.table(name, today)) for name in TABLES}
    hidden = any(it.now.hidden or it.before.hidden for it in tables.values())
    return Report(
        schema=SCHEMA,
        made=today.isoformat(),
        period=period,
        before=period.before,
        filters=filters,
        sessions=now.sessions,
        sessions_before=before.sessions,
        weeks=tuple(
            Week(week, _in_week((*before.groups, *now.groups), week)) for week in (*period.before.weeks, *period.weeks)
        ),
        tables=tables,
        steps={turn: _beside(turn, now) for turn in (RISE, FALL)},
        terms=_terms(now, before),
        cards=_cards(now, before),
        durations=_durations(now, before),
        too_small=too_small or hidden,
        expiring=gone,
    )


def expiring(cells: Iterable[tuple[Cell, Tally]], today: date) -> tuple[str, ...]:
    """Weeks whose first notes may be gone already: from one day to the next they would tell what went."""
    days: dict[str, int] = {}
    for cell, tally in cells:
        days[cell.week] = min(days.get(cell.week, tally.keep_days), tally.keep_days)
    return tuple(sorted(week for week, kept in days.items() if (today - monday(week)).days >= kept))


def usual_period(today: date) -> Period:
    """The last four whole weeks."""
    last = last_whole(today)
    return Period(shifted(last, 1 - USUAL_WEEKS), last)


class _Side:
    """The groups of one period that pass the filters, and what wider reports have beyond them."""

    def __init__(self, found: list[Group], filters: Filter) -> None:
        self.groups = [it for it in found if filters.holds(it.cell)]
        self.tally = merge(it.tally for it in self.groups)
        self._beyond = [_beyond(found, wider, filters) for wider in _wider(filters)]
        self.rest = [merge(replace(it.tally, terms={}) for it in beyond) for beyond in self._beyond]
        self.sessions = self.tally.counts.get(ALL, NOTHING)[0]

    def rest_of_terms(self, keys: Iterable[str]) -> list[Counts]:
        """The same of a few words: of all there are far too many to add up."""
        wanted = tuple(keys)
        return [
            {key: reduce(plus, (it.tally.terms.get(key, NOTHING) for it in beyond), NOTHING) for key in wanted}
            for beyond in self._beyond
        ]

    def table(self, name: str, today: date) -> Table:
        """One of the tables."""
        if name in _OF_CELL:
            return self._of_cell(name)
        counts, *rest = (_rows(name, it.counts, today) for it in (self.tally, *self.rest))
        return table(name, dict.fromkeys(_ROWS[name], NOTHING) | counts, rest)

    def _of_cell(self, name: str) -> Table:
        """By what groups have in common: they are large enough whatever they are joined to, and hide nothing."""
        counts: Counts = {}
        for it in self.groups:
            value = getattr(it.cell, name)
            counts[value] = plus(counts.get(value, NOTHING), it.tally.counts[ALL])
        order = sorted(counts, key=lambda value: (value == ANY, -counts[value][0], value))
        return table(name, {value: counts[value] for value in order})


def _wider(filters: Filter) -> list[Filter]:
    """Every report that asks for less."""
    names = [name for name in filters.__struct_fields__ if getattr(filters, name)]
    kept = (dict(zip(names, flags, strict=True)) for flags in product((False, True), repeat=len(names)))
    return [
        replace(filters, **{name: () for name, keep in flags.items() if not keep})
        for flags in kept
        if not all(flags.values())
    ]


def _beyond(found: Iterable[Group], wider: Filter, filters: Filter) -> list[Group]:
    return [it for it in found if wider.holds(it.cell) and not filters.holds(it.cell)]


def _in_week(found: Iterable[Group], week: str) -> int:
    return sum(it.tally.counts[ALL][0] for it in found if it.cell.week == week)


def _under(name: str, counts: Counts) -> Counts:
    """The rows of one table."""
    head = f"{name}:"
    return {key[len(head) :]: count for key, count in counts.items() if key.startswith(head)}


def _rows(name: str, counts: Counts, today: date) -> Counts:
    """The rows of one table; promises that are kept, and the others by when they are due."""
    if name != "promise":
        return _under(name, counts)
    this_week, rows = week_of(today), dict[str, Counted]()
    for key, count in _under(name, counts).items():
        when = key if key in (NONE, KEPT) else "past" if key < this_week else "later" if key > this_week else "now"
        rows[when] = plus(rows.get(when, NOTHING), count)
    return rows


def _listed(counts: Counts, rest: Iterable[Counts], before: Counts) -> tuple[Listed, ...]:
    """What is large enough, the most frequent first."""
    others = tuple(rest)
    shown = {key: count[0] for key, count in counts.items() if is_safe(count) and all(_fits(key, it) for it in others)}
    order = sorted(shown, key=lambda key: (-shown[key], key))[:MOST_ROWS]
    return tuple(Listed(key, shown[key], before.get(key, NOTHING)[0] if _fits(key, before) else None) for key in order)


def _fits(key: str, counts: Counts) -> bool:
    """Whether there is none, or enough."""
    count = counts.get(key, NOTHING)
    return not count[0] or is_safe(count)


def _terms(now: _Side, before: _Side) -> tuple[Listed, ...]:
    safe = {key: count for key, count in now.tally.terms.items() if is_safe(count)}
    first = dict(sorted(safe.items(), key=lambda it: (-it[1][0], it[0]))[: 5 * MOST_ROWS])
    return _listed(first, now.rest_of_terms(first), before.tally.terms)


def _cards(now: _Side, before: _Side) -> tuple[Listed, ...]:
    counts, *rest = (_under("card", it.counts) for it in (now.tally, *now.rest))
    total = now.tally.counts.get(ALL, NOTHING)
    counts = {key: count for key, count in counts.items() if is_safe_of(count, total)}
    return _listed(counts, rest, _under("card", before.tally.counts))


def _beside(turn: str, side: _Side) -> tuple[Beside, ...]:
    found = []
    for guide, steps in side.tally.guides.items():
        guided = steps.get(ALL, NOTHING)
        for key, count in steps.items():
            step, _, what = key.rpartition(":")
            rest = (it.guides.get(guide, {}) for it in side.rest)
            if what == turn and is_safe_of(count, guided) and all(_fits(key, it) for it in rest):
                found.append(Beside(guide, step, count[1], count[0], guided[0]))
    return tuple(sorted(found, key=lambda it: (-it.times, it.checklist, it.step))[:MOST_ROWS])


def _durations(now: _Side, before: _Side) -> tuple[Duration, ...]:
    found = []
    for phase in (*PHASES, ALL):
        median = _median(_under(f"time.{phase}", now.tally.counts))
        if median is not None:
            found.append(Duration(phase, median, _median(_under(f"time.{phase}", before.tally.counts))))
    return tuple(found)


def _median(classes: Counts) -> int | None:
    """The median by the classes that durations fell into, as if they were spread evenly within each."""
    total = NOTHING
    for count in classes.values():
        total = plus(total, count)
    if not is_safe(total):
        return None
    passed = 0.0
    for key in sorted(classes, key=int):
        place, inside = int(key), classes[key][0]
        if passed + inside >= total[0] / 2:
            start = EDGES_S[place - 1] if place else 0
            end = EDGES_S[place] if place < len(EDGES_S) else start * 2
            return _rounded(start + (end - start) * (total[0] / 2 - passed) / inside)
        passed += inside
    return None


def _rounded(seconds: float) -> int:
    """To 5 seconds below two minutes, else to 15: the classes tell no more."""
    step = 5 if seconds < 120 else 15
    return round(seconds / step) * step


def guides_of(cells: Iterable[tuple[Cell, Tally]], period: Period, filters: Filter, today: date) -> dict[str, Counts]:
    """What became of the steps of each checklist in a period; what is too small beside wider reports is left out."""
    known = [it for it in cells if period.first <= it[0].week <= period.last]
    gone = expiring(known, today)
    side = _Side(groups([it for it in known if it[0].week not in gone])[0], filters)
    return {
        guide: {
            key: count for key, count in counts.items() if all(_fits(key, it.guides.get(guide, {})) for it in side.rest)
        }
        for guide, counts in side.tally.guides.items()
    }
