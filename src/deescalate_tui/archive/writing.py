"""What changes the index: a file taken in or gone, and which revision of a note counts.

All of it works within a transaction of its caller.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec

from deescalate_tui.archive.faults import packed
from deescalate_tui.archive.folding import fold
from deescalate_tui.archive.key import Key
from deescalate_tui.archive.reading import Read, read
from deescalate_tui.archive.rows import SECOND
from deescalate_tui.archive.scan import Stat
from deescalate_tui.archive.schema import SCRUB
from deescalate_tui.archive.settled import TOMBSTONE
from deescalate_tui.call.fields import ticket_key
from deescalate_tui.clean import clean
from deescalate_tui.dates import due_day
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.notes.files import Tombstone, read_mark
from deescalate_tui.notes.front import Front

NO_STAT = Stat(0, 0)
_NEAR = 8
"""So many ids beside its own a note tries before those of the next second."""
_NOTE = """
INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_FILE = """
INSERT INTO files (size, mtime, sha, seal, note, revision, whole, fault, folder, name)
VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?3 IS NOT NULL, nullif(?6, ''), ?7, ?8)
"""
_FILE_AGAIN = """
UPDATE files SET size = ?1, mtime = ?2, sha = ?3, seal = coalesce(seal, ?3), note = ?4, revision = ?5,
whole = ?3 IS NOT NULL, fault = nullif(?6, '') WHERE id = ?7
"""
_encode = msgspec.json.Encoder().encode
_day = lru_cache(due_day)
"""Many notes name the same days."""


class Writer:
    """Takes files into the index of one notes folder."""

    def __init__(self, connection: sqlite3.Connection, root: Path, key: Key) -> None:
        self._connection = connection
        self._do = connection.execute
        self._root = root
        self._key = key
        self._words: list[tuple[int, str]] = []
        self._folder = cache(lambda folder: root / folder)

    def flush(self) -> None:
        """Give the words of the notes taken in to the index: to be called before the transaction ends.

        Sorted, because FTS5 writes all it has gathered whenever a row comes before the last one.
        """
        self._connection.executemany("INSERT INTO found (rowid, words) VALUES (?, ?)", sorted(self._words))
        self._words.clear()

    def take(self, folder: str, name: str, stat: Stat, *, new: bool = False) -> bool:
        """Read a file that is `new` or may have changed; whether it had."""
        known = None if new else self._known(folder, name)
        path = self._folder(folder) / name
        found: Read | Fault
        try:
            if name.endswith(TOMBSTONE):
                return self._take_stone(folder, name, stat, path)
            found = read(path, self._key)
        except Fault as fault:
            if not os.path.lexists(path):  # gone since it was listed
                self.drop(folder, name)
                return False
            found = fault
        if isinstance(found, Fault):
            self._put(known, (folder, name), stat, fault=found)
            if known is not None and known[1]:
                self._elect(known[1], {})
            return True
        if known is not None and known[2] == found.sha:
            self._do("UPDATE files SET size = ?, mtime = ? WHERE id = ?", (stat.size, stat.mtime, known[0]))
            return False
        front = found.front
        file = self._put(known, (folder, name), stat, sha=found.sha, note=front.id, revision=front.revision)
        if known is not None and known[1] not in (None, front.id):
            self._elect(known[1], {})
        others = self._do("SELECT 1 FROM files WHERE note = ? AND id <> ? LIMIT 1", (front.id, file)).fetchone()
        if known is None and others is None:  # as nearly all are
            self._stand(file, f"{folder}/{name}", found)
        else:
            self._elect(front.id, {file: found})
        return True

    def refuse(self, folder: str, name: str, fault: Fault, stat: Stat = NO_STAT) -> None:
        """Note what is no file to read, with its reason."""
        known = self._known(folder, name)
        if known is None or known[3] != packed(fault):
            self.drop(folder, name)
            self._put(None, (folder, name), stat, fault=fault)

    def drop(self, folder: str, name: str) -> bool:
        """Forget a file that is gone; whether it was known."""
        known = self._known(folder, name)
        if known is None:
            return False
        self._do("DELETE FROM files WHERE id = ?", (known[0],))
        self._do(SCRUB)
        if known[1]:
            self._elect(known[1], {})
        return True

    def forget(self, note: str) -> None:
        """Remove all there is of a note."""
        for (id_,) in self._do("SELECT id FROM notes WHERE note = ?", (note,)).fetchall():
            self._remove(id_)
        # What is left of its files is to be found again.
        self._do("UPDATE folders SET mtime = -1 WHERE name IN (SELECT folder FROM files WHERE note = ?)", (note,))
        self._do("DELETE FROM files WHERE note = ?", (note,))
        self._do(SCRUB)

    def _take_stone(self, folder: str, name: str, stat: Stat, path: Path) -> bool:
        try:
            stone: Tombstone | None = read_mark(path, Tombstone)
        except FileFault as fault:
            self.refuse(folder, name, fault, stat)
            return True
        if stone is None:
            self.drop(folder, name)
            return False
        self._put(self._known(folder, name), (folder, name), stat, note=stone.note)
        self._elect(stone.note, {})
        return True

    def _known(self, folder: str, name: str) -> Any:
        """Number, note, hash and fault of a file in the index, or None."""
        sql = "SELECT id, note, sha, fault FROM files WHERE folder = ? AND name = ?"
        return self._do(sql, (folder, name)).fetchone()

    def _put(
        self,
        known: Any,
        place: tuple[str, str],
        stat: Stat,
        *,
        sha: bytes | None = None,
        note: str | None = None,
        revision: int | None = None,
        fault: Fault | None = None,
    ) -> int:
        """Write what there is to say of a file; its number."""
        told = packed(fault) if fault is not None else ""  # to bind None, or True, takes as long as to store it
        values = (stat.size, stat.mtime, sha, note, revision, told)
        if known is None:
            return self._do(_FILE, (*values, *place)).lastrowid or 0
        self._do(_FILE_AGAIN, (*values, known[0]))
        return int(known[0])

    def _elect(self, note: str, read_now: dict[int, Read]) -> None:
        """Let the newest revision of a note stand for it; of equal ones, that under the note's own name."""
        files = self._do(
            "SELECT id, folder || '/' || name, revision, whole, fault FROM files WHERE note = ?", (note,)
        ).fetchall()
        whole = sorted((it for it in files if it[3]), key=lambda it: (-it[2], len(it[1]), it[1]))
        erased = any(it[2] is None for it in files)
        standing = self._do("SELECT id, file FROM notes WHERE note = ?", (note,)).fetchone()
        self._tell_copies(whole, erased)
        winner = whole[0] if whole and not erased else None
        if standing is not None and (winner is None or standing[1] != winner[0] or winner[0] in read_now):
            self._remove(standing[0])
            standing = None
        if winner is not None and standing is None:
            found = read_now.get(winner[0]) or self._again(winner[0], winner[1], note, winner[2])
            if found is not None:
                self._stand(winner[0], winner[1], found)

    def _tell_copies(self, whole: list[tuple[int, str, int, int, str | None]], erased: bool) -> None:
        """Say why a file that is whole does not count. An older revision needs no reason."""
        for place, (id_, path, revision, _, fault) in enumerate(whole):
            told = None
            if erased:
                told = packed(Fault(clean(str(self._root / path)), "archive-erased"))
            elif place and revision == whole[0][2]:
                told = packed(Fault(clean(str(self._root / path)), "archive-copy", other=clean(whole[0][1])))
            if told != fault:
                self._do("UPDATE files SET fault = ? WHERE id = ?", (told, id_))

    def _again(self, file: int, path: str, note: str, revision: int) -> Read | None:
        """A file that was read before; None where it is another one by now, which the next look takes as it is."""
        with suppress(Fault):
            found = read(self._root / path, self._key)
            if (found.front.id, found.front.revision) == (note, revision):
                return found
        self._do("UPDATE files SET mtime = -1 WHERE id = ?", (file,))
        self._do("UPDATE folders SET mtime = -1 WHERE name = ?", (path.rpartition("/")[0],))
        return None

    def _stand(self, file: int, path: str, found: Read) -> None:
        front = found.front
        id_ = first = _first_id(front)
        while True:
            try:
                self._do(_NOTE, _values(id_, file, path, front))
                break
            except sqlite3.IntegrityError:
                if not self._do("SELECT 1 FROM notes WHERE id = ?", (id_,)).fetchone():
                    raise
                # Where one second has a thousand notes, as where times were made up, all beside it is taken as well.
                id_ += 1 if id_ - first < _NEAR else SECOND
        self._do("INSERT INTO texts VALUES (?, ?)", (id_, found.words))
        self._words.append((id_, fold(found.words)))
        for number, due in open_dues(front):
            self._do("INSERT INTO dues VALUES (?, ?, ?)", (id_, number, due if _day(due) else ""))

    def _remove(self, id_: int) -> None:
        """Take a note out of everything that knows of it. Its words stay in the bytes of the index."""
        self.flush()
        (words,) = self._do("SELECT words FROM texts WHERE id = ?", (id_,)).fetchone()
        self._do("INSERT INTO found (found, rowid, words) VALUES ('delete', ?, ?)", (id_, fold(words)))
        self._do("DELETE FROM sums WHERE key IN (SELECT key FROM shares WHERE id = ?)", (id_,))
        for table in ("texts", "dues", "shares", "notes"):
            self._do(f"DELETE FROM {table} WHERE id = ?", (id_,))


def open_dues(front: Front) -> Iterator[tuple[int, str]]:
    """What is promised and open: its number in the note, 0 for the next contact, and by when, as it was written."""
    if front.follow_up and not front.follow_up_done:
        yield 0, front.follow_up
    for number, made in enumerate(front.commitments, 1):
        if not made.kept:
            yield number, made.due


def _first_id(front: Front) -> int:
    """An id that grows with the start of the note; the note's own id tells those of one second apart."""
    moment = int(datetime.fromisoformat(front.started).timestamp())
    digits = "".join(digit for digit in front.id[-3:].lower() if digit in "0123456789abcdef")
    return moment * SECOND + int(digits or "0", 16) % SECOND


def _values(id_: int, file: int, path: str, front: Front) -> tuple[object, ...]:
    level = front.level
    return (
        *(id_, file, front.id, path, front.revision, front.started, front.ended, front.duration_s, front.ticket),
        *(front.customer_type, _encode(front.types), front.language, front.country, front.channel),
        *(level.start, level.peak, level.end, front.warnings, front.outcome, front.request, front.request_answered),
        *(_encode(front.steps), int(front.threat), front.escalated_to, _encode(front.commitments), front.follow_up),
        *(front.satisfaction, front.expires, ticket_key(front.ticket), front.follow_up_done),
    )
