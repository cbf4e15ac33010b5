"""The sums of a report, kept with the notes they are made of. What is summed the report says: see `Contributor`.

Each note has a share under one key (such as its week, type and language); the shares of a key are merged into one
sum. A share goes with its note, and the sum of its key is made anew from those that are left.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from deescalate_tui.archive.batches import transaction
from deescalate_tui.archive.faults import packed
from deescalate_tui.archive.key import Key
from deescalate_tui.archive.reading import content
from deescalate_tui.clean import clean
from deescalate_tui.errors import Fault
from deescalate_tui.notes.note import IncidentNote
from deescalate_tui.notes.parse import parse

BATCH = 500
"""Notes a transaction."""


class Contributor(Protocol):
    """What a report wants of each note."""

    version: str
    """Of the bytes: where it changes, all shares are made anew."""

    def share(self, note: IncidentNote) -> tuple[str, bytes]:
        """The key and the share of a note. Pure."""

    def merge(self, shares: Iterable[bytes]) -> bytes:
        """The sum of shares or of sums, in any order. Pure."""


def bring_up(
    connection: sqlite3.Connection,
    root: Path,
    key: Key,
    contributor: Contributor,
    progress: Callable[[int, int], None],
) -> None:
    """Give every note its share and every key its sum. A note that cannot be read whole has none, and a fault."""
    with transaction(connection):
        known = connection.execute("SELECT value FROM meta WHERE key = 'contributor'").fetchone()
        if known != (contributor.version,):
            connection.execute("DELETE FROM shares")
            connection.execute("DELETE FROM sums")
            connection.execute("REPLACE INTO meta VALUES ('contributor', ?)", (contributor.version,))
        _repair(connection, contributor)
    counts = "SELECT (SELECT count(*) FROM notes) = (SELECT count(*) FROM shares)"
    if connection.execute(counts).fetchone()[0]:  # as mostly; to go through all of them takes as long as the report
        return
    todo = "FROM notes n JOIN files f ON f.id = n.file WHERE f.fault IS NULL AND n.id NOT IN (SELECT id FROM shares)"
    total = connection.execute(f"SELECT count(*) {todo}").fetchone()[0]
    last, done = -1, 0
    while page := connection.execute(
        f"SELECT n.id, n.path, f.id, f.sha {todo} AND n.id > ? ORDER BY n.id LIMIT ?", (last, BATCH)
    ).fetchall():
        with transaction(connection):
            _add(connection, root, key, contributor, page)
        last, done = page[-1][0], done + len(page)
        progress(done, total)


def sums(connection: sqlite3.Connection, span: tuple[str, str]) -> Iterator[tuple[str, int, bytes]]:
    """Every key between two, with the number of its notes and its sum."""
    yield from connection.execute("SELECT key, number, data FROM sums WHERE key BETWEEN ? AND ? ORDER BY key", span)


def _add(
    connection: sqlite3.Connection,
    root: Path,
    key: Key,
    contributor: Contributor,
    page: list[tuple[int, str, int, bytes]],
) -> None:
    new: dict[str, list[bytes]] = {}
    for id_, path, file, sha in page:
        place = clean(str(root / path))
        try:
            now, text = content(root / path, key)
            if now != sha:  # changed in the meantime: the next refresh takes it as it is
                continue
            group, data = contributor.share(parse(text, place))
        except Fault as fault:
            if fault.key != "missing":
                connection.execute("UPDATE files SET fault = ? WHERE id = ?", (packed(fault), file))
            continue
        connection.execute("INSERT OR REPLACE INTO shares VALUES (?, ?, ?)", (id_, group, data))
        new.setdefault(group, []).append(data)
    for group, shares in new.items():
        known = connection.execute("SELECT number, data FROM sums WHERE key = ?", (group,)).fetchone()
        number, before = known or (0, None)
        data = contributor.merge([*([before] if before is not None else []), *shares])
        connection.execute("REPLACE INTO sums VALUES (?, ?, ?)", (group, number + len(shares), data))


def _repair(connection: sqlite3.Connection, contributor: Contributor) -> None:
    """Make the sums anew that went with a note."""
    missing = "SELECT DISTINCT key FROM shares EXCEPT SELECT key FROM sums"
    for (key,) in connection.execute(missing).fetchall():
        shares = [data for (data,) in connection.execute("SELECT data FROM shares WHERE key = ?", (key,))]
        connection.execute("REPLACE INTO sums VALUES (?, ?, ?)", (key, len(shares), contributor.merge(shares)))
