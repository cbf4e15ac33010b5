"""What the doctor looks at: terminal, packages, folders and journals, as they are.

Looking at a folder makes it where it is missing, and writes and removes one empty file in it.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import metadata
from importlib.util import cache_from_source, find_spec
from pathlib import Path, PurePosixPath
from typing import TextIO

import msgspec

from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.files import as_fault, create_exclusive, fault_of, private_folder, read_limited
from deescalate_tui.journal.journal import MAX_JOURNAL, scan
from deescalate_tui.journal.unfinished import Unfinished, unfinished
from deescalate_tui.second_place import second_place


class Terminal(msgspec.Struct, frozen=True):
    """What the program is shown on."""

    screen: bool
    """Keys come from a terminal, and the screen is drawn on one."""
    term: str
    colorterm: str
    no_color: bool
    columns: int
    lines: int
    encoding: str


def probe_terminal(environ: Mapping[str, str]) -> Terminal:
    """The terminal of this process; 0 by 0 where there is none."""
    # Textual draws on stderr, on Windows on stdout.
    drawn = sys.__stdout__ if sys.platform == "win32" else sys.__stderr__
    columns, lines = _size(drawn)
    return Terminal(
        screen=all(stream is not None and stream.isatty() for stream in (sys.__stdin__, drawn)),
        term=environ.get("TERM", ""),
        colorterm=environ.get("COLORTERM", ""),
        no_color=bool(environ.get("NO_COLOR")),
        columns=columns,
        lines=lines,
        encoding=getattr(sys.__stdout__, "encoding", None) or "",
    )


def _size(stream: TextIO | None) -> tuple[int, int]:
    with suppress(OSError, ValueError):  # no terminal, or none that can be asked
        return os.get_terminal_size(stream.fileno() if stream else -1)
    return 0, 0


def installed(package: str) -> str:
    """The version of an installed package, without importing it; empty where there is none."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def uncached(*packages: str) -> tuple[str, ...]:
    """Those of the packages whose compiled form lies nowhere: neither beside them nor under a prefix."""
    sources = {name: spec.origin for name in packages if (spec := find_spec(name)) and spec.origin}
    # In a package made into one program there is no such source.
    return tuple(
        name
        for name, source in sources.items()
        if Path(source).is_file() and not Path(cache_from_source(source)).exists()
    )


class Folder(msgspec.Struct, frozen=True):
    """A folder of the program, as it is after a file was written there and removed again."""

    name: str
    path: str
    shared: bool = False
    """It belongs to a team, whose access rules hold."""
    fault: Fault | None = None
    """Why no file could be written; then the rest says nothing."""
    mode: int = 0o700
    """Permissions; elsewhere than on POSIX as good as they can be."""
    group_kept: bool = True
    """A new file can be read by the group that can read the folder."""
    open_files: int = 0
    """Files in it that others may read or write: on a shared folder, others than its team; of the settings, write."""
    open_folders: int = 0
    """The same of folders."""
    file_system: str = ""
    """Its type; empty where the system does not say."""
    free: int | None = None
    """Bytes."""


def probe_folder(name: str, path: Path, *, shared: bool = False) -> Folder:
    """Looks by doing. A shared folder that is missing is not made: its drive may not be connected."""
    probe = path / f".doctor-{os.urandom(6).hex()}"
    try:
        if shared:
            with as_fault(path):
                path.stat()
        else:
            private_folder(path)
        create_exclusive(probe, b"", 0o666 if shared else 0o600)
        with as_fault(probe):
            made, folder = probe.stat(), path.stat()
            probe.unlink()
        free = shutil.disk_usage(path).free
    except FileFault as fault:
        return Folder(name, str(path), shared, FileFault(str(path), fault.key, **fault.params))
    except OSError as error:
        return Folder(name, str(path), shared, fault_of(path, error))
    posix = os.name == "posix"
    group_reads = folder.st_mode & stat.S_IRGRP
    too_much = 0o007 if shared else 0o022 if name == "config" else 0o077
    opened = [found for found in map(_mode, path.rglob("*")) if found & too_much] if posix else []
    return Folder(
        name=name,
        path=str(path),
        shared=shared,
        mode=stat.S_IMODE(folder.st_mode) if posix else 0o700,
        group_kept=not group_reads or (made.st_gid == folder.st_gid and bool(made.st_mode & stat.S_IRGRP)),
        open_files=sum(map(stat.S_ISREG, opened)),
        open_folders=sum(map(stat.S_ISDIR, opened)),
        file_system=file_system(os.path.realpath(path), _mounts()),
        free=free,
    )


def probe_second(setting: str) -> tuple[Path, ...]:
    """The folders of the second place that are there: looking makes none of them."""
    second = second_place(setting)
    return tuple(path for path in (second.sessions, second.notes) if path.is_dir()) if second else ()


def is_open(path: Path) -> bool:
    """Whether others than the owner can read or change the file."""
    with suppress(OSError):
        return os.name == "posix" and bool(path.stat().st_mode & 0o077)
    return False


def _mode(path: Path) -> int:
    """Kind and permissions; 0 for a link, whose own say nothing, and for what is gone."""
    with suppress(OSError):
        found = path.lstat().st_mode
        return 0 if stat.S_ISLNK(found) else found
    return 0


def _mounts() -> str:
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def file_system(path: str, mounts: str) -> str:
    """The type of file system that a real path lies on, by the text of /proc/mounts; empty where that says nothing."""
    if path.startswith("\\\\"):
        return "smb"
    point_of, kind = "", ""
    for fields in (line.split(" ") for line in mounts.splitlines()):
        point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[1]) if len(fields) > 2 else ""
        if point and len(point) >= len(point_of) and PurePosixPath(path).is_relative_to(point):
            point_of, kind = point, fields[2]
    return kind


class Sessions(msgspec.Struct, frozen=True):
    """What lies in the folder of journals."""

    waiting: tuple[Unfinished, ...] = ()
    damaged: tuple[str, ...] = ()
    """Files that are damaged, or hold what was damaged."""
    fault: Fault | None = None


def probe_sessions(folder: Path) -> Sessions:
    """The journals, each read once; nothing is changed."""
    try:
        waiting = unfinished(folder)
        kept = [path for path in folder.iterdir() if path.suffix == ".damaged"] if folder.is_dir() else []
    except FileFault as fault:
        return Sessions(fault=fault)
    return Sessions(
        waiting, tuple(str(path) for path in (*kept, *(entry.path for entry in waiting if _is_damaged(entry))))
    )


def _is_damaged(entry: Unfinished) -> bool:
    try:
        found = scan(read_limited(entry.path, MAX_JOURNAL))
    except FileFault as fault:
        return fault.key != "missing"
    return bool(found.damaged) or (not found.records and not entry.in_use)
