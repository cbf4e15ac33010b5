"""The few things the program does to a disk, each whole or not at all, and what can go wrong said as a fault.

A file is written beside its place under a temporary name, brought to stable storage, and only then published:
whoever looks, or cuts the power, finds the old state or the new one. Links are never followed.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deescalate_tui.errors import FileFault

if sys.platform == "darwin":
    import fcntl

APPEND = os.O_WRONLY | os.O_APPEND
CREATE = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL

# A FIFO put in the place of a file must not hang us; a regular file ignores O_NONBLOCK.
_SAFE = sum(getattr(os, name, 0) for name in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
_UNSUPPORTED = {errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.ENOTTY}
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}

DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_KEYS = {
    **dict.fromkeys(DISK_FULL, "disk-full"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), "no-permission"),
    **dict.fromkeys((errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS), "not-supported"),
    errno.EROFS: "read-only",
    errno.ENOENT: "missing",
    errno.EEXIST: "already-there",
    errno.ENOTDIR: "not-a-folder",
    errno.EISDIR: "not-a-file",
    errno.ELOOP: "symlink",
    errno.ENAMETOOLONG: "name-too-long",
}


class AlreadyThere(FileFault):
    """The name is taken by something else; what lies there was left alone."""


def fault_of(place: Path, error: OSError) -> FileFault:
    """The fault that `error` is, at `place`; `error` in its params is the system's short name, such as `EIO`."""
    number = error.errno or errno.EIO
    kind = AlreadyThere if number == errno.EEXIST else FileFault
    return kind(str(place), _KEYS.get(number, "disk-error"), error=errno.errorcode.get(number, str(number)))


@contextmanager
def as_fault(place: Path) -> Iterator[None]:
    """Turns an OSError of its block into the FileFault it is, at `place`."""
    try:
        yield
    except OSError as error:
        raise fault_of(place, error) from error


def let_go(fd: int) -> None:
    """Closes a descriptor. What was to be kept has been through fsync before: no error of a close can undo that."""
    with suppress(OSError):
        os.close(fd)


class Ops:
    """The calls that change a disk. A test gives one that fails; every call raises OSError."""

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        return os.open(path, flags | _SAFE, mode)

    def write(self, fd: int, data: bytes | memoryview) -> int:
        return os.write(fd, data)

    def truncate(self, fd: int, size: int) -> None:
        os.ftruncate(fd, size)

    def fsync(self, fd: int) -> None:
        """Brings a file to stable storage, on macOS through the cache of the drive as well."""
        if sys.platform == "darwin":
            try:
                fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
            except OSError as error:
                if error.errno not in _UNSUPPORTED:
                    raise
            else:
                return
        os.fsync(fd)

    def fsync_dir(self, folder: Path) -> None:
        """Brings the names in a folder to stable storage, where system and file system can."""
        if sys.platform != "win32":
            try:
                fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            except PermissionError:  # a folder one may write into, not read: a drop box on a team drive
                return
            try:
                os.fsync(fd)
            except OSError as error:
                if error.errno not in _UNSUPPORTED:
                    raise
            finally:
                let_go(fd)

    def mkdir(self, folder: Path) -> None:
        folder.mkdir(0o700)

    def link(self, source: Path, target: Path) -> None:
        """Gives `source` the name `target`; FileExistsError where that is taken. On Windows the old name goes."""
        if sys.platform == "win32":
            source.rename(target)
        else:
            target.hardlink_to(source)

    def replace(self, source: Path, target: Path) -> None:
        """Moves `source` over `target`. On Windows a virus scanner may hold `target` for a moment: 2.5 s at most."""
        if sys.platform == "win32":
            for wait_s in (0.05, 0.1, 0.2, 0.4, 0.8, 0.95):
                with suppress(PermissionError):
                    source.replace(target)
                    return
                time.sleep(wait_s)
        source.replace(target)

    def unlink(self, path: Path) -> None:
        path.unlink()

    def chmod(self, path: Path, mode: int) -> None:
        path.chmod(mode)


DISK = Ops()
_LEVELS = 4
"""`<notes>/<year>/<month>` and what they lie in."""
_SURE: set[Path] = set()
"""Folders whose names are on stable storage, as far as this program knows."""


def private_folder(path: Path, ops: Ops = DISK) -> None:
    """Makes the folder and those above it that are missing, each for the owner alone (0700).

    Raises FileFault where it cannot, and where `path` is a link (`symlink`) or no folder (`not-a-folder`).
    """
    with as_fault(path):
        if not path.exists():
            _SURE.clear()
        missing = [path]
        while not os.path.lexists(missing[-1]):
            missing.append(missing[-1].parent)
        for level in reversed(missing[:-1]):
            with suppress(FileExistsError):
                ops.mkdir(level)
            ops.fsync_dir(level.parent)
        found = path.lstat().st_mode
    if not stat.S_ISDIR(found):
        raise FileFault(str(path), "symlink" if stat.S_ISLNK(found) else "not-a-folder")


def sure_names(folder: Path, ops: Ops = DISK) -> None:
    """Brings the names in a folder to stable storage, and once a run its own name and those above it.

    A program may have died, or failed, after it had made the folders and before their names were safe: whoever finds
    them there cannot tell. Raises OSError.
    """
    ops.fsync_dir(folder)
    if folder in _SURE:
        return
    for level in (folder, *folder.parents)[:_LEVELS]:
        # Nobody here made what lies where nobody here may write, or where a disk begins.
        if not os.access(level.parent, os.W_OK) or os.path.ismount(level):
            break
        ops.fsync_dir(level.parent)
    _SURE.add(folder)


def write_all(fd: int, data: bytes | bytearray, ops: Ops = DISK) -> None:
    """Writes all of `data`, however little the system takes at a time. Raises OSError."""
    rest = memoryview(data)
    while rest:
        taken = ops.write(fd, rest)
        if not taken:
            raise OSError(errno.EIO, "nothing written")
        rest = rest[taken:]


@contextmanager
def durable_temp(path: Path, data: bytes, mode: int, ops: Ops) -> Iterator[Path]:
    """A temporary file beside `path` that holds `data` on stable storage; it is gone afterwards unless moved away.

    Raises OSError.
    """
    temp = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
    fd = ops.open(temp, CREATE, mode)
    try:
        try:
            write_all(fd, data, ops)
            ops.fsync(fd)
        finally:
            let_go(fd)
        yield temp
    finally:
        try:
            ops.unlink(temp)
        except FileNotFoundError:
            pass
        except OSError:
            with suppress(OSError):  # it holds what a customer said: one more try
                ops.unlink(temp)


def remove_temps(path: Path, ops: Ops = DISK) -> None:
    """Removes what interrupted writes of `path` left beside it. Only for the holder of the lock that guards `path`.

    Raises FileFault.
    """
    with as_fault(path):
        for entry in path.parent.iterdir():
            if entry.name.startswith(f".{path.name}.") and entry.name.endswith(".tmp"):
                ops.unlink(entry)


def replace_file(path: Path, data: bytes, mode: int = 0o600, ops: Ops = DISK) -> None:
    """Puts `data` at `path`, on stable storage, in place of what is there. Raises FileFault; then nothing changed."""
    with as_fault(path):
        with durable_temp(path, data, mode, ops) as temp:
            ops.replace(temp, path)
        ops.fsync_dir(path.parent)


def create_exclusive(path: Path, data: bytes, mode: int = 0o600, ops: Ops = DISK) -> None:
    """Puts `data` at `path`, on stable storage, where nothing is yet; the same bytes already there are as good.

    `mode` 0o666 leaves the access to the folder's own list. Raises AlreadyThere where something else has the
    name, FileFault otherwise; nothing that lay there is ever changed.
    """
    with as_fault(path):
        try:
            with durable_temp(path, data, mode, ops) as temp:
                publish(temp, path, ops)
        except FileExistsError:
            if not _holds(path, data):
                raise
        ops.fsync_dir(path.parent)


def publish(temp: Path, path: Path, ops: Ops) -> None:
    """Gives `temp` its name. Raises FileExistsError where the name is taken, OSError otherwise."""
    try:
        ops.link(temp, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _reserve(path, ops)
        ops.replace(temp, path)


def _reserve(path: Path, ops: Ops) -> None:
    """Takes a name where links are not to be had. An empty file is such a reservation, left by a power cut."""
    try:
        let_go(ops.open(path, CREATE))
    except FileExistsError:
        if not _holds(path, b""):
            raise


def _holds(path: Path, data: bytes) -> bool:
    try:
        return read_limited(path, len(data)) == data
    except FileFault:
        return False


def read_limited(path: Path, limit: int) -> bytes:
    """The bytes of a regular file, at most `limit`.

    Raises FileFault, with `too-large`, `symlink` and `not-a-file` among its keys; never waits for a FIFO's writer.
    """
    with as_fault(path):
        if not hasattr(os, "O_NOFOLLOW") and path.is_symlink():
            raise OSError(errno.ELOOP, "a link")
        fd = DISK.open(path, os.O_RDONLY)
        try:
            found = os.fstat(fd)
            if not stat.S_ISREG(found.st_mode):
                raise OSError(errno.EISDIR, "not a regular file")
            data, wanted = b"", min(limit, found.st_size) + 1
            while len(data) < wanted and (more := os.read(fd, wanted - len(data))):
                data += more
        finally:
            let_go(fd)
    if len(data) > limit:
        raise FileFault(str(path), "too-large", limit=limit)
    return data
