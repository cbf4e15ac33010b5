"""A place beside a file in which it is made: whoever looks, or kills the program, finds it whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deescalate_tui.errors import FileFault
from deescalate_tui.files import DISK, AlreadyThere, Ops, as_fault, let_go, publish
from deescalate_tui.locks import FileLock

_BUSY = "export-busy"
_LOCK = "lock"


def check_free(path: Path, *, force: bool) -> None:
    """Raises FileFault where something lies there that an export must not, or without `force` may not, replace."""
    with as_fault(path), suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            raise FileFault(str(path), "symlink" if stat.S_ISLNK(mode) else "not-a-file")
        if not force:
            raise AlreadyThere(str(path), "export-there")


@contextmanager
def workshop(path: Path, ops: Ops = DISK) -> Iterator[Path]:
    """A folder beside `path`, for the owner alone, gone afterwards; so is what killed programs left of theirs.

    Raises FileFault, also for what the disk says inside.
    """
    _remove_left(path)
    folder = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
    with as_fault(path):
        ops.mkdir(folder)
        lock = None
        try:
            lock = FileLock(folder / _LOCK, _BUSY, ops)
            yield folder
        finally:
            if lock is not None:
                lock.release()
            shutil.rmtree(folder, ignore_errors=True)


def put(made: Path, path: Path, *, force: bool, ops: Ops = DISK) -> None:
    """Give a file that was made the name it is meant for, on stable storage. Raises FileFault; then nothing changed."""
    with as_fault(path):
        fd = ops.open(made, os.O_RDWR)
        try:
            ops.fsync(fd)
        finally:
            let_go(fd)
        if force:
            ops.replace(made, path)
        else:
            publish(made, path, ops)
        ops.fsync_dir(path.parent)


def _remove_left(path: Path) -> None:
    """What a program left that was killed while it made this file; one that lives holds its lock."""
    with as_fault(path):
        left = [it for it in path.parent.iterdir() if it.name.startswith(f".{path.name}.") and it.suffix == ".tmp"]
    for folder in left:
        if folder.is_dir() and not folder.is_symlink():
            with suppress(FileFault):
                FileLock(folder / _LOCK, _BUSY).release()
                shutil.rmtree(folder, ignore_errors=True)
