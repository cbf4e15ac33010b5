"""Files that one program at a time holds. The system frees them when the program dies, however it dies."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from deescalate_tui.errors import FileFault
from deescalate_tui.files import DISK, Ops, as_fault, let_go, read_limited

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_TRIES = 3
"""A look by `is_locked` at the same moment, or a holder who is just leaving, must not pass for a holder."""
_PAUSE_S = 0.01


class _Holder(msgspec.Struct, frozen=True):
    """What a lock file tells about the program that holds it."""

    host: str = "?"
    pid: int | str = "?"


class FileLock:
    """A lock file, held from the making of this object to `release`."""

    def __init__(self, path: Path, busy_key: str, ops: Ops = DISK) -> None:
        """Takes the lock. Raises FileFault: `busy_key` with `host` and `pid` where another program holds it."""
        self._path = path
        self._ops = ops
        with as_fault(path):
            self._fd = _take(path, busy_key, ops)
        # Only the message to others needs the text: a full disk is no reason to be refused.
        with suppress(OSError):
            ops.truncate(self._fd, 0)
            ops.write(self._fd, msgspec.json.encode(_Holder(_host(), os.getpid())))

    def release(self) -> None:
        """Lets go, and removes the file while that is still ours to do."""
        with suppress(OSError):
            self._ops.unlink(self._path)
        let_go(self._fd)
        if sys.platform == "win32":
            with suppress(OSError):
                self._ops.unlink(self._path)


def is_locked(path: Path) -> bool:
    """Whether a living program holds the lock file at `path`; False as well where that cannot be told."""
    try:
        fd = DISK.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _lock(fd, shared=True)
    except OSError:
        return False
    finally:
        let_go(fd)


def _take(path: Path, busy_key: str, ops: Ops) -> int:
    """The descriptor of the locked file. Raises FileFault of `busy_key`, OSError."""
    for _ in range(_TRIES):
        fd = ops.open(path, os.O_RDWR | os.O_CREAT)
        taken = False
        try:
            # Whoever left between our opening and our locking took the file's name away: that lock guards nothing.
            taken = _lock(fd) and _is_at(path, fd)
            if taken:
                return fd
        finally:
            if not taken:
                let_go(fd)
        time.sleep(_PAUSE_S)
    holder = _holder(path)
    raise FileFault(str(path), busy_key, host=holder.host, pid=holder.pid)


def _lock(fd: int, shared: bool = False) -> bool:
    """Whether the lock could be had at once. Raises OSError where the file system has no locks."""
    if sys.platform == "win32":
        # Far behind the text, since others cannot read a byte that is locked.
        os.lseek(fd, 1 << 30, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(fd, 0, os.SEEK_SET)
    else:
        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _is_at(path: Path, fd: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(fd))
    except FileNotFoundError:
        return False


def _holder(path: Path) -> _Holder:
    try:
        return msgspec.json.decode(read_limited(path, 1000), type=_Holder)
    except (FileFault, ValueError, RecursionError):
        return _Holder()


def _host() -> str:
    if sys.platform == "win32":
        return os.environ.get("COMPUTERNAME", "?")
    else:  # noqa: RET505 - mypy reads each system's branch by itself
        return os.uname().nodename
