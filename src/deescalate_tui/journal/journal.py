"""A session on disk: `<sessions>/<session id>.journal`, lines of `crc32-hex8 SPACE record LF`.

A record is in the file when `append` returns, so it survives the death of the program; a thread brings it to stable
storage one fsync later, so it survives a power cut. What the disk refuses waits in memory and is tried again, in order.
"""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from deescalate_tui.errors import FileFault
from deescalate_tui.files import DISK, Ops, read_limited, remove_temps
from deescalate_tui.journal.aside import MAX_JOURNAL, keep_aside
from deescalate_tui.journal.file import IN_USE, JournalFile, Saved, Status
from deescalate_tui.locks import FileLock

__all__ = [
    "IN_USE",
    "MAX_JOURNAL",
    "Journal",
    "Saved",
    "Scan",
    "Status",
    "line_of",
    "scan",
]

SUFFIX = ".journal"
MAX_RECORD = 1_000_000
"""Bytes of one record."""

_RECORD = rb"[^\x00-\x1f]{1,%d}" % MAX_RECORD
_LINE = re.compile(rb"([0-9a-f]{8}) (" + _RECORD + rb")\n")
_BEGUN = re.compile(rb"[0-9a-f]{0,8}|[0-9a-f]{8} (" + _RECORD + rb")?")


class Scan(msgspec.Struct, frozen=True):
    """What the bytes of a journal hold."""

    records: tuple[bytes, ...]
    """In order, up to the first damage: what came later may depend on what is missing."""
    good_end: int
    """Where the records end, in bytes. What follows is damage or a line that was never finished."""
    damaged: tuple[bytes, ...] = ()
    """The first damaged line and all lines after it, as found; empty where only an unfinished line follows."""


Reads = Callable[[bytes], bool]


def scan(data: bytes, reads: Reads = bool) -> Scan:
    """Reads a journal. Any beginning of a journal reads to a beginning of its records.

    A record that `reads` refuses is damage like any other.
    """
    records: list[bytes] = []
    end = 0
    for line in _LINE.finditer(data):
        crc, record = line.groups()
        if line.start() != end or not _is_whole(crc, record) or not reads(record):
            break
        records.append(record)
        end = line.end()
    rest = data[end:]
    # A whole line whose LF became another byte was finished once: that is damage.
    is_unfinished = _BEGUN.fullmatch(rest) and not _is_whole(rest[:8], rest[9:-1])
    return Scan(tuple(records), end, () if is_unfinished else tuple(rest.splitlines(keepends=True)))


def line_of(record: bytes) -> bytes:
    """The line that holds a record. Raises ValueError for one that `scan` would refuse."""
    line = b"%08x %b\n" % (zlib.crc32(record), record)
    if not _LINE.fullmatch(line) or not _is_whole(line[:8], record):
        raise ValueError("a record is UTF-8 without control characters, 1 byte to 1 MB")
    return line


def _is_whole(crc: bytes, record: bytes) -> bool:
    if crc != b"%08x" % zlib.crc32(record):
        return False
    if record.isascii():
        return True
    try:
        record.decode()
    except UnicodeDecodeError:
        return False
    return True


OnChange = Callable[[Saved], None]


class Journal:
    """One session's journal, open and locked, with the thread that brings it to stable storage.

    `on_change` hears from that thread of each change of status. It hands over to its own thread and waits for
    nothing; a RuntimeError of it (its event loop is closed) is passed over. Should that thread die, whoever appends
    does its work.
    """

    def __init__(self, file: JournalFile, on_change: OnChange | None) -> None:
        """For `create` and `open`."""
        self._file = file
        self._on_change = on_change
        self._told = Saved(Status.SAVED)
        self._rounds = threading.Condition()
        self._asked, self._served = 1, 0
        self._closed = self._alone = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    @classmethod
    def create(
        cls,
        folder: Path,
        session_id: str,
        ops: Ops = DISK,
        on_change: OnChange | None = None,
        second: Path | None = None,
    ) -> Journal:
        """The journal of a new session. It begins whatever the disk says, which is told in `saved`.

        `second` is the folder where it goes on when `folder` refuses.

        Raises FileFault only where the session exists: `already-there`, `session-in-use`.
        """
        places = tuple(place / f"{session_id}{SUFFIX}" for place in (folder, second) if place is not None)
        file = JournalFile(places[0], ops, places=places)
        file.create()
        return cls(file, on_change)

    @classmethod
    def open(
        cls,
        path: Path,
        ops: Ops = DISK,
        on_change: OnChange | None = None,
        places: tuple[Path, ...] = (),
        reads: Reads = bool,
    ) -> tuple[Journal, Scan]:
        """The journal of an unfinished session, and what it holds. `places`: where it may lie, the usual one first.

        An unfinished last line is cut off; damage, which is also what `reads` refuses and all after it, goes to
        `<id>.damaged` first. Raises FileFault, and nothing is lost
        then: `session-in-use` (`host`, `pid`) where another program has it, `session-damaged` where no record is whole.
        """
        lock = FileLock(path.with_suffix(".lock"), IN_USE, ops)
        file = None
        try:
            data = read_limited(path, MAX_JOURNAL)
            found = scan(data, reads)
            _tidy(path, found, ops)
            file = JournalFile(path, ops, lock, data[: found.good_end], places)
            file.reopen(len(data))
        except FileFault:
            (file or lock).release()
            raise
        return cls(file, on_change), found

    @property
    def path(self) -> Path:
        """Where the file lies now."""
        return self._file.path

    @property
    def saved(self) -> Saved:
        """How safe the records are now."""
        return self._file.saved

    def append(self, record: bytes) -> int:
        """Puts one record (compact JSON, UTF-8) into the file; where it ends, in bytes.

        A disk that fails is told in `saved`, never raised. Raises ValueError for bytes that are no record, and
        after `close`.
        """
        line = line_of(record)
        self._check_open()
        end = self._file.put(line)
        self._ask()
        return end

    def retry(self) -> None:
        """Tries again whatever the disk refused. Raises ValueError after `close`."""
        self._check_open()
        self._file.write()
        self._ask()

    def sync(self, timeout_s: float | None = None) -> bool:
        """Waits until all records are on stable storage; False where the disk refuses or the time is up."""
        if self._closed:
            return True
        end = self._file.write()
        ticket = self._ask()
        with self._rounds:
            self._rounds.wait_for(lambda: self._served >= ticket or self._alone, timeout_s)
            died = self._alone and self._served < ticket
        if died:
            self._file.save()
        return self.saved.durable >= end

    def close(self, timeout_s: float | None = None) -> bool:
        """Lets go of the file once all records are on stable storage.

        False where the disk refuses or the time is up: the journal then stays open and nothing is given up.
        """
        if not self.sync(timeout_s):
            return False
        if not self._closed:
            self._halt()
            self._file.release()
        return True

    def remove(self) -> None:
        """Removes the journal of a finished session and lets go of it.

        Raises FileFault where it still lies there, ValueError after `close`.
        """
        self._check_open()
        self._halt()
        self._file.remove()

    def _check_open(self) -> None:
        if self._closed:
            raise ValueError("the journal is closed")

    def _ask(self) -> int:
        """Asks the thread for a round that begins after this; its number."""
        with self._rounds:
            self._asked += 1
            self._rounds.notify_all()
            ticket, alone = self._asked, self._alone
        if alone:
            self._file.save()
            self._served = ticket
        return ticket

    def _halt(self) -> None:
        with self._rounds:
            self._closed = True
            self._rounds.notify_all()
        self._thread.join()

    def _run(self) -> None:
        try:
            while (ticket := self._next()) is not None:
                self._tell()
                self._file.save()
                with self._rounds:
                    self._served = ticket
                    self._rounds.notify_all()
                self._tell()
        finally:
            with self._rounds:
                self._alone = True
                self._rounds.notify_all()

    def _next(self) -> int | None:
        """Waits for something to save; the number of the round, None once the journal is closed."""
        with self._rounds:
            self._rounds.wait_for(lambda: self._closed or self._served < self._asked)
            return None if self._closed else self._asked

    def _tell(self) -> None:
        before, self._told = self._told, self.saved
        news = [(saved.status, saved.fault, saved.elsewhere) for saved in (before, self._told)]
        if self._on_change and news[0] != news[1]:
            with suppress(RuntimeError):
                self._on_change(self._told)


def _tidy(path: Path, found: Scan, ops: Ops) -> None:
    """Removes what interrupted writes left, and keeps damage aside, once however often this is tried.

    Raises FileFault, `session-damaged` where there is nothing else to keep.
    """
    if found.damaged and not found.records:
        raise FileFault(str(path), "session-damaged")
    remove_temps(path, ops)
    keep_aside(path, b"".join(found.damaged), ops)
