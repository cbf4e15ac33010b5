"""Reading the index a page at a time, so that memory stays flat and no reader holds back who writes.

Quick to import: see `quick`.
"""

from __future__ import annotations

TYPE_CHECKING = False  # see `i18n`
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from typing import Any

PAGE = 500
_END = 1 << 62


def pages(
    connection: sqlite3.Connection,
    columns: str,
    match: str,
    where: str = "",
    values: Sequence[object] = (),
    limit: int | None = None,
) -> Iterator[list[tuple[Any, ...]]]:
    """The notes (`n`) with the words of `match`, if any, that fulfil `where`, the newest first, many at a time.

    `columns` begins with the id; `where` is empty or begins with AND, and `values` are its.
    """
    last, left = _END, limit if limit is not None else _END
    while left > 0:
        number = min(left, PAGE)
        if match:
            # CROSS JOIN keeps SQLite from walking through the notes instead of the hits.
            sql = (
                f"SELECT {columns} FROM found f CROSS JOIN notes n ON n.id = f.rowid"
                f" WHERE f.found MATCH ? AND f.rowid < ?{where} ORDER BY f.rowid DESC LIMIT ?"
            )
            asked = (match, last, *values, number)
        else:
            sql = f"SELECT {columns} FROM notes n WHERE n.id < ?{where} ORDER BY n.id DESC LIMIT ?"
            asked = (last, *values, number)
        page = connection.execute(sql, asked).fetchall()
        yield page
        if len(page) < number:
            return
        last, left = page[-1][0], left - number


def count(
    connection: sqlite3.Connection, match: str, where: str = "", values: Sequence[object] = (), most: int = -1
) -> int:
    """How many notes that are; no more than `most` are counted."""
    if not (match or where) and most < 0:
        return int(connection.execute("SELECT count(*) FROM notes").fetchone()[0])  # of the smallest index
    if match and not where:
        sql = "SELECT count(*) FROM (SELECT 1 FROM found WHERE found MATCH ? LIMIT ?)"
    elif match:
        sql = (
            "SELECT count(*) FROM (SELECT 1 FROM found f CROSS JOIN notes n ON n.id = f.rowid"
            f" WHERE f.found MATCH ?{where} LIMIT ?)"
        )
    else:
        sql = f"SELECT count(*) FROM (SELECT 1 FROM notes n WHERE 1{where} LIMIT ?)"
    asked = (*((match,) if match else ()), *values, most)
    return int(connection.execute(sql, asked).fetchone()[0])


def words_of(connection: sqlite3.Connection, id_: int) -> str:
    """What was typed in a note, a line each; empty where it has just gone."""
    found = connection.execute("SELECT words FROM texts WHERE id = ?", (id_,)).fetchone()
    return str(found[0]) if found is not None else ""
