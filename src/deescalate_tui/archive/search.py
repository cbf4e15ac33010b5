"""Finding notes: by filters, by a query, the newest first or the best. Reads pages, so that memory stays flat and no
reader holds back who writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from deescalate_tui.archive.asked import condition, due_until
from deescalate_tui.archive.query import Query, beginnings, match_of, parse, unwanted_of
from deescalate_tui.archive.rows import COLUMNS, Condition, Filters, Row, conditions, row_of
from deescalate_tui.archive.snippets import Part, snippet

PAGE = 500
RANKED = 5_000
"""The best are sought among so many of the newest hits: to rate each hit of a common word takes seconds."""
_END = 1 << 62


class Hit(msgspec.Struct, frozen=True):
    """A note that was found, and the place in it."""

    row: Row
    snippet: tuple[Part, ...] = ()
    """Empty where no words were asked for."""


class Selection(msgspec.Struct, frozen=True):
    """Which notes are meant, in the language of the index."""

    match: str
    """For FTS5; empty where no words are asked for."""
    conditions: tuple[Condition, ...]
    query: Query
    until: date | None = None
    """Of promises only what is due by this day."""

    def having(self, condition: Condition) -> Selection:
        """Those of the notes for which this holds as well."""
        return replace(self, conditions=(*self.conditions, condition))

    @property
    def where(self) -> str:
        return "".join(f" AND ({it.sql})" for it in self.conditions)

    @property
    def values(self) -> tuple[object, ...]:
        return tuple(value for it in self.conditions for value in it.values)


def select(text: str, filters: Filters, today: date, *, typing: bool = False) -> Selection:
    """What a query and filters mean together. Raises UsageFault with the column of what cannot be."""
    query = beginnings(parse(text)) if typing else parse(text)
    found = [*conditions(filters), *(condition(field, today) for field in query.fields)]
    if unwanted := unwanted_of(query):
        found.append(Condition("n.id NOT IN (SELECT rowid FROM found WHERE found MATCH ?)", (unwanted,)))
    untils = [day for day in (filters.due, due_until(query.fields, today)) if day is not None]
    return Selection(match_of(query), tuple(found), query, min(untils, default=None))


def newest(connection: sqlite3.Connection, selected: Selection, limit: int | None) -> Iterator[Row]:
    """The notes that are meant, the newest first."""
    for page in pages(connection, selected, COLUMNS, limit):
        yield from map(row_of, page)


def pages(
    connection: sqlite3.Connection, selected: Selection, columns: str, limit: int | None = None
) -> Iterator[list[tuple[Any, ...]]]:
    """The same as bare values, many notes at a time; the first of the `columns` is `n.id`."""
    last, left = _END, limit if limit is not None else _END
    while left > 0:
        number = min(left, PAGE)
        if selected.match:
            # CROSS JOIN keeps SQLite from walking through the notes instead of the hits.
            sql = (
                f"SELECT {columns} FROM found f CROSS JOIN notes n ON n.id = f.rowid"
                f" WHERE f.found MATCH ? AND f.rowid < ?{selected.where} ORDER BY f.rowid DESC LIMIT ?"
            )
            values = (selected.match, last, *selected.values, number)
        else:
            sql = f"SELECT {columns} FROM notes n WHERE n.id < ?{selected.where} ORDER BY n.id DESC LIMIT ?"
            values = (last, *selected.values, number)
        page = connection.execute(sql, values).fetchall()
        yield page
        if len(page) < number:
            return
        last, left = page[-1][0], left - number


def best(connection: sqlite3.Connection, selected: Selection, limit: int) -> list[Row]:
    """The notes that are meant, those first which the words fit best, of the newest RANKED hits."""
    if not selected.match:
        return list(newest(connection, selected, limit))
    sql = (
        f"SELECT {COLUMNS} FROM (SELECT rowid AS id, bm25(found) AS score FROM found WHERE found MATCH ?"
        f" ORDER BY rowid DESC LIMIT {RANKED}) f CROSS JOIN notes n ON n.id = f.id WHERE 1{selected.where}"
        " ORDER BY f.score, n.id DESC LIMIT ?"
    )
    found = connection.execute(sql, (selected.match, *selected.values, limit))
    return [row_of(values) for values in found]


def count(connection: sqlite3.Connection, selected: Selection, most: int | None) -> int:
    """How many notes are meant; no more than `most` are counted."""
    limit = most if most is not None else -1
    if selected.match and not selected.conditions:
        sql = "SELECT count(*) FROM (SELECT 1 FROM found WHERE found MATCH ? LIMIT ?)"
        values: tuple[object, ...] = (selected.match, limit)
    elif selected.match:
        sql = (
            "SELECT count(*) FROM (SELECT 1 FROM found f CROSS JOIN notes n ON n.id = f.rowid"
            f" WHERE f.found MATCH ?{selected.where} LIMIT ?)"
        )
        values = (selected.match, *selected.values, limit)
    else:
        sql = f"SELECT count(*) FROM (SELECT 1 FROM notes n WHERE 1{selected.where} LIMIT ?)"
        values = (*selected.values, limit)
    return int(connection.execute(sql, values).fetchone()[0])


def hits(
    connection: sqlite3.Connection, selected: Selection, rows: Iterator[Row] | list[Row], width: int
) -> Iterator[Hit]:
    """The rows, each with the place where the words stand, in so many characters."""
    wanted = selected.query.wanted
    for row in rows:
        found = connection.execute("SELECT words FROM texts WHERE id = ?", (row.key,)).fetchone() if wanted else None
        yield Hit(row, snippet(found[0], wanted, width) if found is not None else ())


def file_of(connection: sqlite3.Connection, name: str) -> str | None:
    """The path (relative) of the note with an id or its last eight digits, or of a file that is named so."""
    short = name[-8:]
    unread = (
        "SELECT folder || '/' || name AS path FROM files"
        " WHERE note IS NULL AND (name GLOB ?1 OR name GLOB ?1 || '.age') AND folder GLOB '*/*' ORDER BY path DESC"
    )
    tries = [("SELECT path FROM notes WHERE note = ?", name)]
    if name == short:
        tries.append(("SELECT path FROM notes WHERE substr(note, -8) = ? ORDER BY id DESC", name))
    for sql, value in (*tries, (unread, f"*_{short}*.md")):
        found = connection.execute(sql, (value,)).fetchone()
        if found is not None:
            return str(found[0])
    return None
