"""The file of a journal, and the text that it is to hold: this stays in memory, whatever the disk does."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from functools import partial
from pathlib import Path

import msgspec

from deescalate_tui.errors import FileFault
from deescalate_tui.files import (
    APPEND,
    CREATE,
    DISK_FULL,
    AlreadyThere,
    Ops,
    as_fault,
    durable_temp,
    fault_of,
    let_go,
    private_folder,
    sure_names,
    write_all,
)
from deescalate_tui.journal.aside import is_there, keep_other, remove_journal
from deescalate_tui.journal.text import JournalText
from deescalate_tui.locks import FileLock

IN_USE = "session-in-use"


class Status(Enum):
    """How safe the records are."""

    SAVED = "saved"
    """All would survive a power cut."""
    SAVING = "saving"
    """All would survive the death of the program; the disk is at work."""
    NOT_SAVED = "not-saved"
    """The disk refused something; it waits in memory."""


class Saved(msgspec.Struct, frozen=True):
    """How safe the records of a journal are at one moment."""

    status: Status
    durable: int = 0
    """Bytes on stable storage: a record is safe once this reaches what its `append` returned."""
    waiting: int = 0
    """Records not yet on stable storage."""
    fault: FileFault | None = None
    """What the disk said, with NOT_SAVED."""
    elsewhere: Path | None = None
    """The file, where that lies in the second place."""


class JournalFile:
    """A locked file and its text. One thread may `put` and `write` while one other is in `save`."""

    def __init__(
        self, path: Path, ops: Ops, lock: FileLock | None = None, text: bytes = b"", places: tuple[Path, ...] = ()
    ) -> None:
        """`lock` is held already; without it, the file is one that `create` or `save` will make.

        `places`: where the file may lie, the usual one first. Where one refuses, it goes on in another, and what is
        left behind holds nothing that it does not.
        """
        self.path = path
        self._places = places or (path,)
        self._ops = ops
        self._locks = {path: lock} if lock else {}
        self._mutex = threading.RLock()
        self._fd = -1
        # One text, two marks: [0, durable) is on stable storage, [0, written) in the file, the rest in memory alone.
        self._text = JournalText(text)
        self._written = len(text)
        self._durable = 0
        self._ragged = False
        """Part of a line may follow `written` in the file."""
        self._doubted = False
        """No fsync of this file can be believed, or there is none: it is to be written anew."""
        self._listed = False
        """The name of the file is on stable storage."""
        self._fault: FileFault | None = None

    def create(self) -> None:
        """Makes lock and file; a disk that refuses is told in `saved`, and `save` tries again.

        Raises FileFault where the session exists already: `already-there`, `session-in-use`.
        """
        try:
            self._claim(self.path)
            with as_fault(self.path):
                self._fd = self._ops.open(self.path, CREATE)
        except FileFault as fault:
            if isinstance(fault, AlreadyThere) or fault.key == IN_USE:
                self.release()
                raise
            self._fault, self._doubted = fault, True

    def reopen(self, size: int) -> None:
        """Opens the file, which has `size` bytes, and cuts off what follows the text. Raises FileFault."""
        with as_fault(self.path):
            self._fd = self._ops.open(self.path, APPEND)
            if size > self._written:
                self._ops.truncate(self._fd, self._written)

    @property
    def saved(self) -> Saved:
        """How safe the text is now."""
        with self._mutex:
            healthy = Status.SAVED if self._durable == len(self._text) else Status.SAVING
            status = Status.NOT_SAVED if self._fault else healthy
            elsewhere = self.path if self.path != self._places[0] and not self._fault else None
            return Saved(status, self._durable, self._text.since(self._durable).count(b"\n"), self._fault, elsewhere)

    def put(self, line: bytes) -> int:
        """Adds a line to the text, and to the file if the disk takes it; where the line ends, in bytes."""
        with self._mutex:
            self._text += line
            return self.write()

    def write(self) -> int:
        """Tries to bring the file up to the text, and returns the length of that. To `save` it is another matter."""
        with self._mutex:
            if self._fd >= 0 and self._written < len(self._text):
                try:
                    self._write_waiting()
                except OSError as error:
                    self._fault = fault_of(self.path, error)
                    # A full disk may have room again; any other failure may be one of this descriptor for good.
                    self._doubted |= error.errno not in DISK_FULL
                    with suppress(OSError):
                        self._cut()
            return len(self._text)

    def save(self) -> None:
        """Brings what was put to stable storage, or tells in `saved` why not. Takes as long as the disk takes.

        After a failed fsync the system may take lost pages for written ones, so the whole text goes to a new file.
        """
        anew = partial(self._rewrite, self.path)
        steps = (anew,) if self._doubted else (self._flush, anew)
        if not any(self._does(step) for step in steps) or self._fault:
            self._move()

    def _does(self, step: Callable[[], int]) -> bool:
        """Whether the step brought what it returns to stable storage."""
        try:
            with as_fault(self.path):
                end = step()
        except FileFault as fault:
            with self._mutex:
                self._fault, self._doubted = fault, True
            return False
        with self._mutex:
            self._durable = end
            self._text.pack(end)
            self._settle()
        return True

    def _move(self) -> None:
        """Goes on in another place, where there is one that takes the file."""
        fault = self._fault
        for place in self._places:
            if place != self.path:
                if self._does(partial(self._rewrite, place)):
                    return
                with self._mutex:
                    self._fault = fault

    def remove(self) -> None:
        """Removes the file, after what it left in other places, and lets go. Raises FileFault where any still lies."""
        self._close()
        others = [place for place in self._places if place != self.path and is_there(place)]
        try:
            for place in (*others, self.path):
                with suppress(FileFault):
                    self._claim(place)
                keep_other(place, bytes(self._text), self._ops)
                remove_journal(place, self._ops)
        finally:
            self.release()

    def release(self) -> None:
        """Lets go of file and lock. Nothing may be in `save`."""
        self._close()
        while self._locks:
            self._locks.popitem()[1].release()

    def _claim(self, path: Path) -> None:
        private_folder(path.parent, self._ops)
        if path not in self._locks:
            self._locks[path] = FileLock(path.with_suffix(".lock"), IN_USE, self._ops)

    def _write_waiting(self) -> None:
        if self._ragged:
            self._cut()
        self._ragged = True
        write_all(self._fd, self._text.since(self._written), self._ops)
        self._ragged = False
        self._written = len(self._text)
        self._settle()

    def _cut(self) -> None:
        self._ops.truncate(self._fd, self._written)
        self._ragged = False

    def _settle(self) -> None:
        if self._written == len(self._text) and not self._doubted:
            self._fault = None

    def _flush(self) -> int:
        """Where stable storage now ends. One fsync covers every line written before it began."""
        with self._mutex:
            fd, end = self._fd, self._written
            if not self._ragged:
                see_whole(fd, self.path, end)
        if end > self._durable:
            self._ops.fsync(fd)
        if not self._listed:
            sure_names(self.path.parent, self._ops)
            self._listed = True
        return end

    def _rewrite(self, path: Path) -> int:
        """Writes the whole text to a new file, in place of the doubted one; where stable storage then ends."""
        self._claim(path)
        with self._mutex:
            text = bytes(self._text)
        if path != self.path:
            keep_other(path, text, self._ops)
        with durable_temp(path, text, 0o600, self._ops) as temp, self._mutex:
            self._swap(temp, path, len(text))
        sure_names(path.parent, self._ops)
        self._listed = True
        return len(text)

    def _swap(self, temp: Path, path: Path, end: int) -> None:
        """Puts `temp` in the file's place; what was put meanwhile goes into it first, so that no kill loses it."""
        fd = self._ops.open(temp, APPEND)
        try:
            write_all(fd, self._text.since(end), self._ops)
        finally:
            let_go(fd)
        self._close()  # Windows moves nothing over an open file
        self._ops.replace(temp, path)
        self.path = path
        self._fd = self._ops.open(path, APPEND)
        self._written, self._ragged, self._doubted = len(self._text), False, False

    def _close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            let_go(fd)


def see_whole(fd: int, path: Path, size: int) -> None:
    """Raises OSError where somebody else cut the open file, removed it or put another one in its place."""
    if {os.fstat(fd).st_size, path.lstat().st_size} != {size}:
        raise OSError(errno.EIO, "not as it was left")
