"""Listing the notes folder, a month at a time, and telling what need not be listed again.

A folder whose time of change is the one it had when it was looked through still holds the same names. Files that
change in place do not show in it: those are found by a thorough look, and what was damaged is looked at every time.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from deescalate_tui.archive.settled import is_month, is_note_name, is_year
from deescalate_tui.clean import clean
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.files import as_fault

RACY_NS = 2_000_000_000
"""What changed less long ago may change again without showing it: file systems round times, at most so coarsely."""
NEVER = -1
"""The time of a folder that must be listed again."""


class Month(msgspec.Struct, frozen=True):
    """A folder of notes, and when it last changed (ns)."""

    name: str
    """Relative to the notes folder."""
    path: Path
    mtime: int


class Stat(msgspec.Struct, frozen=True):
    """By what a file is taken for unchanged."""

    size: int
    mtime: int


class Listing(msgspec.Struct, frozen=True):
    """What lies in a folder."""

    files: dict[str, Stat]
    faults: dict[str, Fault]
    """By name, what is no file to read."""
    settled: int
    """The time by which it may be taken for unchanged next time, or NEVER."""


def months(root: Path, *, shared: bool) -> tuple[list[Month], dict[str, Fault]]:
    """The folders of notes, and by name (relative) what lies where no note can be.

    Raises FileFault where the notes folder cannot be read; a missing one is empty, but not where it is shared: the
    drive may be away.
    """
    found: list[Month] = []
    strange: dict[str, Fault] = {}
    if not shared and not root.exists():
        return found, strange
    for year in _inside(root, "", is_year, strange):
        try:
            inner = list(_inside(year.path, year.name, is_month, strange))
        except FileFault as fault:
            strange[year.name] = fault
            continue
        found += inner
    return sorted(found, key=lambda it: it.name, reverse=True), strange


def _inside(folder: Path, name: str, is_one: Callable[[str], bool], strange: dict[str, Fault]) -> Iterator[Month]:
    with as_fault(folder), os.scandir(folder) as entries:
        for entry in entries:
            path = folder / entry.name
            place = f"{name}/{entry.name}".lstrip("/")
            if is_one(entry.name):
                seen = path.lstat()  # what Windows lists of a folder may be older than the folder
                if stat.S_ISDIR(seen.st_mode):
                    yield Month(place, path, seen.st_mtime_ns)
                else:
                    key = "symlink" if stat.S_ISLNK(seen.st_mode) else "not-a-folder"
                    strange[place] = FileFault(clean(str(path)), key)
            elif is_note_name(entry.name):
                strange[place] = Fault(clean(str(path)), "archive-place")


def listing(month: Month) -> Listing:
    """What lies in a month. Raises FileFault."""
    files: dict[str, Stat] = {}
    faults: dict[str, Fault] = {}
    now = time.time_ns()
    newest = month.mtime
    with as_fault(month.path), os.scandir(month.path) as entries:
        for entry in entries:
            if not is_note_name(entry.name):
                continue
            try:
                seen = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISREG(seen.st_mode):
                files[entry.name] = Stat(seen.st_size, seen.st_mtime_ns)
                newest = max(newest, seen.st_mtime_ns)
            else:
                key = "symlink" if stat.S_ISLNK(seen.st_mode) else "not-a-file"
                faults[entry.name] = FileFault(clean(str(month.path / entry.name)), key)
    return Listing(files, faults, month.mtime if newest < now - RACY_NS else NEVER)


def stat_of(path: Path) -> Stat | None:
    """The same of one file; None where there is none that can be read."""
    try:
        seen = path.lstat()
    except OSError:
        return None
    return Stat(seen.st_size, seen.st_mtime_ns) if stat.S_ISREG(seen.st_mode) else None
