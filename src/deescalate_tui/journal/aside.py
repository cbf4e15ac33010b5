"""What lies in the way of a journal: bytes that nothing can read, and an older copy of it in another place."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from deescalate_tui.files import Ops, as_fault, read_limited, remove_temps, replace_file

MAX_JOURNAL = 64_000_000
"""Bytes of one file: hundreds of times a long call."""


def keep_aside(path: Path, data: bytes, ops: Ops) -> None:
    """Keeps bytes of a journal in its `.damaged`, once however often this is tried. Raises FileFault."""
    aside = path.with_suffix(".damaged")
    remove_temps(aside, ops)
    kept = read_limited(aside, MAX_JOURNAL) if data and os.path.lexists(aside) else b""
    if not kept.endswith(data):
        replace_file(aside, kept + data, ops=ops)


def keep_other(path: Path, text: bytes, ops: Ops) -> None:
    """Keeps aside what lies at `path`, if it goes on in another way than the text. Raises FileFault."""
    if is_there(path):
        data = read_limited(path, MAX_JOURNAL)
        if not text.startswith(data.rpartition(b"\n")[0]):
            keep_aside(path, data, ops)


def is_there(path: Path) -> bool:
    """Whether something has the name. Raises FileFault where nobody can tell."""
    with as_fault(path):
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
    return True


def remove_journal(path: Path, ops: Ops) -> None:
    """Removes a journal and what interrupted writes of it left. Raises FileFault where it still lies there."""
    remove_temps(path, ops)
    with as_fault(path):
        with suppress(FileNotFoundError):
            ops.unlink(path)
        ops.fsync_dir(path.parent)
