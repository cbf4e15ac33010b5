"""What is promised and open, by date: what has a day first, the earliest before the others, then what has none.

Reads pages, as `search` does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from itertools import chain, islice

import msgspec

from deescalate_tui.archive.paging import PAGE
from deescalate_tui.archive.rows import COLUMNS, Row, after, expired, row_of
from deescalate_tui.archive.search import Selection


class Due(msgspec.Struct, frozen=True):
    """A promise that is open, or the next contact, which is number 0 and has no text of its own."""

    row: Row
    number: int

    @property
    def what(self) -> str:
        """What was promised, as it was typed; empty of the next contact."""
        return self.row.commitments[self.number - 1].what if self.number else ""

    @property
    def due(self) -> str:
        """By when: an ISO date or local time, the words typed, or nothing."""
        return self.row.commitments[self.number - 1].due if self.number else self.row.follow_up


def dues(connection: sqlite3.Connection, selected: Selection, limit: int | None) -> Iterator[Due]:
    """What is open in the notes that are meant; where a day is asked for, only what is due by then."""
    kinds = ("d.due > ''",) if selected.until is not None else ("d.due > ''", "d.due = ''")
    yield from islice(chain.from_iterable(_of_kind(connection, kind, selected) for kind in kinds), limit)


def _of_kind(connection: sqlite3.Connection, kind: str, selected: Selection) -> Iterator[Due]:
    where, values = _asked(selected)
    sql = (
        f"SELECT d.due, d.id, d.number, {COLUMNS} FROM dues d CROSS JOIN notes n ON n.id = d.id"
        f" WHERE {kind} AND (d.due, d.id, d.number) > (?, ?, ?) AND {where} ORDER BY d.due, d.id, d.number LIMIT {PAGE}"
    )
    last: tuple[object, ...] = ("", -1, -1)
    while page := connection.execute(sql, (*last, *values)).fetchall():
        yield from (Due(row_of(found[3:]), found[2]) for found in page)
        if len(page) < PAGE:
            return
        last = page[-1][:3]


def lasting(selected: Selection, today: date) -> Selection:
    """Without the notes whose day has passed, unless the query says which of them are meant."""
    if any(field.name == "expired" for field in selected.query.fields):
        return selected
    return selected.having(expired(today).negated())


def count(connection: sqlite3.Connection, selected: Selection) -> int:
    """How many there are."""
    where, values = _asked(selected)
    sql = f"SELECT count(*) FROM dues d CROSS JOIN notes n ON n.id = d.id WHERE {where}"
    return int(connection.execute(sql, values).fetchone()[0])


def _asked(selected: Selection) -> tuple[str, tuple[object, ...]]:
    where, values = f"1{selected.where}", selected.values
    if selected.match:
        where, values = f"{where} AND n.id IN (SELECT rowid FROM found WHERE found MATCH ?)", (*values, selected.match)
    if selected.until is not None:
        where, values = f"{where} AND d.due > '' AND d.due < ?", (*values, after(selected.until))
    return where, values
