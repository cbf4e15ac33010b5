"""The journals that lie in the sessions folder: what was begun there and has no note yet."""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path

import msgspec

from deescalate_tui.errors import FileFault
from deescalate_tui.files import as_fault
from deescalate_tui.ids import is_uuid7
from deescalate_tui.journal.journal import SUFFIX
from deescalate_tui.locks import is_locked


class Unfinished(msgspec.Struct, frozen=True):
    """A journal found lying in the folder."""

    path: Path
    session_id: str
    modified_s: float
    """When it was last written, in seconds since 1970."""
    in_use: bool
    """A living program has it open."""
    size: int = 0
    """In bytes."""
    fault: FileFault | None = None
    """Why it cannot be a journal: a link, a folder."""


def unfinished(folder: Path) -> tuple[Unfinished, ...]:
    """The journals in the folder, the latest begun first; names that are none of ours are passed over.

    Nothing is opened or changed. Raises FileFault where the folder cannot be listed; one that is missing is empty.
    """
    with as_fault(folder):
        try:
            paths = sorted(folder.iterdir(), reverse=True)
        except FileNotFoundError:
            return ()
    found = []
    for path in paths:
        if path.suffix == SUFFIX and is_uuid7(path.stem):
            with suppress(FileNotFoundError):  # finished in another window since
                found.append(_look(path))
    return tuple(found)


def _look(path: Path) -> Unfinished:
    status = path.lstat()
    fault = None
    if not stat.S_ISREG(status.st_mode):
        fault = FileFault(str(path), "symlink" if stat.S_ISLNK(status.st_mode) else "not-a-file")
    return Unfinished(path, path.stem, status.st_mtime, is_locked(path.with_suffix(".lock")), status.st_size, fault)
