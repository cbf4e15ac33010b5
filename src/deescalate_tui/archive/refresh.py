"""Bringing the index up to date with the notes folder: what is new, what has changed, what is gone.

One program at a time does so, in small transactions: whoever reads sees all of a batch or nothing of it, and whatever
ends the program, what was taken in stays, and the rest comes next time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from deescalate_tui.archive import scan
from deescalate_tui.archive.batches import Batches, transaction
from deescalate_tui.archive.key import Key
from deescalate_tui.archive.scan import NEVER, Month, Stat
from deescalate_tui.archive.schema import SCRUB
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.notes.sealed import key_mark

if TYPE_CHECKING:
    from deescalate_tui.archive.writing import Writer

MANY, PART = 20_000, 100
"""After so many changes the index is brought in order for searching; else a part of it, of so many pages."""
Progress = Callable[[int, int], None]
"""Told how many files have been looked at, and of how many."""


class Refreshed(msgspec.Struct):
    """What a refresh did."""

    taken: int = 0
    """Files that were new or had changed."""
    removed: int = 0
    """Files that were gone."""
    busy: bool = False
    """Another program was just at it: what it has done so far counts."""
    fault: Fault | None = None
    """Why it could not be done, or not to the end."""


def refresh(
    connection: sqlite3.Connection, root: Path, key: Key, progress: Progress, *, shared: bool, thorough: bool
) -> Refreshed:
    """Look through the notes folder and take in what has changed; `thorough` looks at every file.

    Raises FileFault where the folder cannot be read, sqlite3.DatabaseError where the index cannot be written.
    """
    _follow_key(connection, key)
    work = _Work(connection, root, key, progress)
    found, strange = scan.months(root, shared=shared)
    todo = [month for month in found if thorough or work.has_changed(month)]
    work.count(todo)
    with work.batches:
        work.strange(strange)
        work.months_gone({month.name for month in found})
        for month in todo:
            work.month(month)
        work.damaged({month.name for month in todo})
        _mark_key(connection, key)
    if work.done.taken > MANY:
        connection.execute("INSERT INTO found (found) VALUES ('optimize')")
    elif work.done.taken:
        connection.execute("INSERT INTO found (found, rank) VALUES ('merge', ?)", (PART,))
    return work.done


def scrub(connection: sqlite3.Connection) -> None:
    """Make sure that nothing of what was removed can be found in the bytes of the index.

    FTS5 keeps removed words until its parts are merged, and the log keeps what was written last. Where a reader holds
    on to the log, the next refresh tries again.
    """
    if not holds_removed(connection):
        return
    connection.execute("INSERT INTO found (found) VALUES ('optimize')")
    connection.execute("VACUUM")
    (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if not busy:
        connection.execute("DELETE FROM meta WHERE key = 'scrub'")


def holds_removed(connection: sqlite3.Connection) -> bool:
    """Whether words of removed notes may still stand in the file."""
    return connection.execute("SELECT 1 FROM meta WHERE key = 'scrub'").fetchone() is not None


def _follow_key(connection: sqlite3.Connection, key: Key) -> None:
    """Where another key is named now, or none, let every sealed file be read again: what it told goes with its key."""
    with transaction(connection):
        if _mark_key(connection, key):
            months = "SELECT folder FROM files WHERE name GLOB '*.age'"
            connection.execute(f"UPDATE folders SET mtime = ? WHERE name IN ({months})", (NEVER,))
            connection.execute("UPDATE files SET mtime = ?, sha = NULL WHERE name GLOB '*.age'", (NEVER,))
            connection.execute(SCRUB)


def _mark_key(connection: sqlite3.Connection, key: Key) -> bool:
    """Keep by which key sealed files were read, where there are any; whether it has changed."""
    if connection.execute("SELECT 1 FROM files WHERE name GLOB '*.age' LIMIT 1").fetchone() is None:
        return False
    mark = key_mark(key())
    if connection.execute("SELECT value FROM meta WHERE key = 'key'").fetchone() == (mark,):
        return False
    connection.execute("REPLACE INTO meta VALUES ('key', ?)", (mark,))
    return True


class _Work:
    """One refresh."""

    def __init__(self, connection: sqlite3.Connection, root: Path, key: Key, progress: Progress) -> None:
        self.done = Refreshed()
        self._connection = connection
        self._do = connection.execute
        self._root = root
        self._key = key
        self.batches = Batches(connection, self._flush)
        self._progress = progress
        self._seen = self._total = 0
        self._settled: dict[str, int] = dict(self._do("SELECT name, mtime FROM folders"))

    @cached_property
    def _writer(self) -> Writer:
        from deescalate_tui.archive.writing import Writer  # late: mostly nothing has changed

        return Writer(self._connection, self._root, self._key)

    def _flush(self) -> None:
        if "_writer" in self.__dict__:
            self._writer.flush()

    def has_changed(self, month: Month) -> bool:
        return self._settled.get(month.name, NEVER) != month.mtime

    def count(self, todo: list[Month]) -> None:
        """How many files there are to look at, for the progress."""
        for month in todo:
            with suppress(OSError):
                self._total += sum(1 for _ in os.scandir(month.path))

    def strange(self, found: dict[str, Fault]) -> None:
        """What lies where no note can be, in place of what lay there last time."""
        known = "SELECT folder, name FROM files WHERE fault IS NOT NULL AND folder NOT GLOB '*/*'"
        for folder, name in self._do(known).fetchall():
            if f"{folder}/{name}".lstrip("/") not in found:
                self._writer.drop(folder, name)
        for place, fault in found.items():
            folder, _, name = place.rpartition("/")
            self._writer.refuse(folder, name, fault)

    def months_gone(self, there: set[str]) -> None:
        """Whole months that are gone. One that is there but cannot be read is none of these."""
        for folder in self._settled:
            if folder not in there and not (self._root / folder).exists():
                for (name,) in self._do("SELECT name FROM files WHERE folder = ?", (folder,)).fetchall():
                    self.done.removed += self._writer.drop(folder, name)
                self._do("DELETE FROM folders WHERE name = ?", (folder,))

    def month(self, month: Month) -> None:
        """Everything in a month, as it is now."""
        rows = self._do("SELECT name, size, mtime FROM files WHERE folder = ?", (month.name,))
        known = {name: (size, mtime) for name, size, mtime in rows}
        if month.name not in self._settled:  # or nobody would miss it if it were gone before it was read to the end
            self._do("INSERT INTO folders VALUES (?, ?)", (month.name, NEVER))
        try:
            there = scan.listing(month)
        except FileFault as fault:
            self._writer.refuse("", month.name, fault)
            return
        new = [(n, it) for n, it in there.files.items() if known.get(n) != (it.size, it.mtime)]
        self._step(len(there.files) - len(new))
        for name, it in self._in_order(new):
            self.done.taken += self._writer.take(month.name, name, it, new=name not in known)
            self.batches.step()
            self._step(1)
        for name in known.keys() - there.files.keys() - there.faults.keys():
            self.done.removed += self._writer.drop(month.name, name)
            self.batches.step()
        for name, why in there.faults.items():
            self._writer.refuse(month.name, name, why)
        if self._settled.get(month.name) != there.settled:
            self._do("REPLACE INTO folders VALUES (?, ?)", (month.name, there.settled))

    def damaged(self, looked_at: set[str]) -> None:
        """What could not be read last time may have arrived since, in place."""
        rows = self._do(
            "SELECT folder, name, size, mtime FROM files WHERE fault IS NOT NULL AND folder GLOB '*/*'"
        ).fetchall()
        for folder, name, size, mtime in rows:
            now = scan.stat_of(self._root / folder / name) if folder not in looked_at else None
            if now is not None and now != Stat(size, mtime):
                self.done.taken += self._writer.take(folder, name, now)

    def _step(self, number: int) -> None:
        self._seen += number
        self._progress(self._seen, max(self._total, self._seen))

    def _in_order(self, new: list[tuple[str, Stat]]) -> Iterator[tuple[str, Stat]]:
        """The newest first: a search while this goes on finds what is wanted most. But those of one transaction by
        time, as keys grow: that makes the index a quarter smaller.
        """
        new.sort()
        while new:
            cut = max(len(new) - self.batches.left, 0)
            yield from new[cut:]
            del new[cut:]
