"""Which groups are large enough to be told apart. Pure.

Cells are settled once for the whole archive, before anything is asked: of each week the notes of one language,
country, type and channel. A cell with fewer than 5 sessions or 3 agents gives up its country and joins the other small
ones of its language, type and channel; what is still too small gives up its channel, then its language, then its type;
what even the week cannot make large enough is left out of everything. The groups that result never overlap, and a
report is a sum over whole groups: so is the difference or the sum of any reports. Whatever is computed from reports
speaks of at least 5 sessions of at least 3 agents.

Within a report, a row that is too small is hidden in a row with others, which is large enough or hides more of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

import msgspec

from deescalate_tui.report.tally import ALL, MANY, NOTHING, Cell, Counted, Tally, merge, plus

LEAST_SESSIONS, LEAST_AGENTS = 5, 3
"""From three agents on a tally says that they are many: it cannot tell more."""
ANY = "*"
"""The value of what a group gave up."""
_GIVEN_UP = ("country", "channel", "language", "type")
"""In this order: the country mostly follows the language, and of all a lead asks for the type first."""


class Group(msgspec.Struct, frozen=True):
    """Sessions that are large enough to be told apart from the others, and what their notes say."""

    cell: Cell
    tally: Tally


class Filter(msgspec.Struct, frozen=True):
    """Which notes a report is about: of each kind one of the values; without a value, any."""

    type: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()

    def holds(self, cell: Cell) -> bool:
        """Whether all of a group passes. One that gave up what is asked for does not."""
        asked = ((getattr(self, name), getattr(cell, name)) for name in self.__struct_fields__)
        return all(not values or value in values for values, value in asked)


class Row(msgspec.Struct, frozen=True):
    """A line of a table: sessions, and how often in all."""

    id: str
    sessions: int
    times: int


class Table(msgspec.Struct, frozen=True):
    """Rows that can be shown. Each session of the table is in one row, or among the hidden ones."""

    id: str
    rows: tuple[Row, ...] = ()
    hidden: tuple[str, ...] = ()
    """Rows too small to be shown, and those that hide them."""
    hidden_sessions: int = 0
    """In all of them; 0 where nothing of the table can be shown."""

    @property
    def sessions(self) -> int:
        """All sessions of the table."""
        return sum(row.sessions for row in self.rows) + self.hidden_sessions


def is_safe(count: Counted) -> bool:
    """Whether it is of at least 5 sessions and 3 agents."""
    return count[0] >= LEAST_SESSIONS and count[2] == MANY


def groups(cells: Iterable[tuple[Cell, Tally]]) -> tuple[list[Group], bool]:
    """The groups of the archive's cells, and whether something was too small for any."""
    by_cell: dict[Cell, list[Tally]] = {}
    for cell, tally in cells:
        by_cell.setdefault(cell, []).append(tally)
    large: list[Group] = []
    for given_up in (None, *_GIVEN_UP):
        if given_up is not None:
            joined: dict[Cell, list[Tally]] = {}
            for cell, tallies in by_cell.items():
                joined.setdefault(msgspec.structs.replace(cell, **{given_up: ANY}), []).extend(tallies)
            by_cell = joined
        small: dict[Cell, list[Tally]] = {}
        for cell, tallies in by_cell.items():
            tally = merge(tallies)
            if is_safe(tally.counts.get(ALL, NOTHING)):
                large.append(Group(cell, tally))
            else:
                small[cell] = tallies
        by_cell = small
    return sorted(large, key=lambda group: group.cell), bool(by_cell)


def table(id_: str, counts: Mapping[str, Counted], rest: Iterable[Mapping[str, Counted]] = ()) -> Table:
    """The rows that can be shown, in the order given.

    `rest` is what wider reports have beyond this one: a row is too small as well where its difference is.
    """
    others = tuple(rest)
    present = {key: count for key, count in counts.items() if count[0]}
    small = {key for key, count in present.items() if not is_safe(count) or not all(_whole(key, it) for it in others)}
    by_size = sorted(present.keys() - small, key=lambda key: (present[key][0], key))
    while small and by_size and not is_safe(_sum(present[key] for key in small)):
        small.add(by_size.pop(0))
    if small and len(small) == 1 and by_size:  # hidden alone it would be what is missing from the sum
        small.add(by_size.pop(0))
    hidden = _sum(present[key] for key in small)
    rows = tuple(Row(key, count[0], count[1]) for key, count in counts.items() if key not in small)
    if small and not is_safe(hidden):
        return Table(id_, hidden=tuple(key for key in counts if key in small))
    return Table(id_, rows, tuple(key for key in counts if key in small), hidden[0])


def is_safe_of(count: Counted, total: Counted) -> bool:
    """Whether a part of a whole may be shown: neither the part nor the rest is too small; none at all may be shown."""
    rest = total[0] - count[0]
    return is_safe(count) and (rest == 0 or rest >= LEAST_SESSIONS)


def _whole(key: str, rest: Mapping[str, Counted]) -> bool:
    count = rest.get(key, NOTHING)
    return not count[0] or is_safe(count)


def _sum(counts: Iterable[Counted]) -> Counted:
    return reduce(plus, counts, NOTHING)
