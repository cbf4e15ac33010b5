"""Finding notes: by filters, by a query, the newest first or the best."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from deescalate_tui.archive import paging
from deescalate_tui.archive.asked import condition, due_until
from deescalate_tui.archive.query import Query, beginnings, match_of, parse, unwanted_of
from deescalate_tui.archive.rows import COLUMNS, Condition, Filters, Row, conditions, row_of
from deescalate_tui.archive.snippets import Piece, snippet

RANKED = 5_000
"""The best are sought among so many of the newest hits: to rate each hit of a common word takes seconds."""


class Hit(msgspec.Struct, frozen=True):
    """A note that was found, and the place in it."""

    row: Row
    snippet: tuple[Piece, ...] = ()
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
    return paging.pages(connection, columns, selected.match, selected.where, selected.values, limit)


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
    return paging.count(connection, selected.match, selected.where, selected.values, -1 if most is None else most)


def hits(
    connection: sqlite3.Connection, selected: Selection, rows: Iterator[Row] | list[Row], width: int
) -> Iterator[Hit]:
    """The rows, each with the place where the words stand, in so many characters."""
    wanted = selected.query.wanted
    for row in rows:
        words = paging.words_of(connection, row.key) if wanted else ""
        yield Hit(row, snippet(words, wanted, width) if words else ())


def file_of(connection: sqlite3.Connection, name: str) -> str | None:
    """The path (relative) of the note with an id or its last eight digits, or of a file that is named so."""
    short = name[-8:]
    unread = (
        "SELECT folder || '/' || name AS path FROM files"
        " WHERE note IS NULL AND (name GLOB :name OR name GLOB :name || '.age') AND folder GLOB '*/*'"
        " ORDER BY path DESC"
    )
    tries = [("SELECT path FROM notes WHERE note = :name", name)]
    if name == short:
        tries.append(("SELECT path FROM notes WHERE substr(note, -8) = :name ORDER BY id DESC", name))
    for sql, value in (*tries, (unread, f"*_{short}*.md")):
        found = connection.execute(sql, {"name": value}).fetchone()
        if found is not None:
            return str(found[0])
    return None
