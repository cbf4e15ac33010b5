"""What is stored, where, who can read it and how long, as facts; `cli.privacy` puts them into words."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

import msgspec

from deescalate_tui.errors import FileFault
from deescalate_tui.notes.retention import purge_plan
from deescalate_tui.notes.rights import shelf_of
from deescalate_tui.workplace import Workplace

OWNER, GROUP, EVERYBODY, NOBODY, SYSTEM = "owner", "group", "everybody", "nobody", "system"
"""Who can read a folder: nobody yet where it is missing, and what the system's own rules say on Windows."""


class Stored(msgspec.Struct, frozen=True):
    """A place where something is stored."""

    name: str
    """`notes`, `sessions`, `state` or `config`."""
    path: str
    readers: str
    group: str = ""
    """The name of the group that can read it."""


class Notes(msgspec.Struct, frozen=True):
    """How many notes there are; None where the folder cannot be read."""

    number: int
    due: int
    held: int


def places(workplace: Workplace) -> tuple[Stored, ...]:
    """The four folders."""
    paths = workplace.paths
    named = {"notes": paths.notes, "sessions": paths.sessions, "state": paths.state, "config": paths.config}
    return tuple(Stored(name, str(path), *_readers(path)) for name, path in named.items())


def counted(workplace: Workplace, today: date) -> Notes | None:
    """The notes in numbers."""
    try:
        cases = shelf_of(workplace).cases
    except FileFault:
        return None
    keeps_old, days = workplace.settings.correct_keeps == "on", workplace.settings.retention_days
    plan = purge_plan(cases, today, today, keeps_old=keeps_old, sealed_days=days)
    return Notes(
        sum(bool(case.id) or case.sealed for case in cases), len(plan.due), sum(case.held(today) for case in cases)
    )


def _readers(path: Path) -> tuple[str, str]:
    try:
        found = path.stat()
    except OSError:
        return NOBODY, ""
    if os.name != "posix":
        return SYSTEM, ""
    # Who may not enter a folder reads nothing in it, whatever the files say.
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o005:
        return EVERYBODY, ""
    return (GROUP, _group(found.st_gid)) if mode & 0o050 else (OWNER, "")


def _group(gid: int) -> str:
    """The name of a group, or its number where it has none."""
    if sys.platform != "win32":
        import grp  # Unix alone has it

        with suppress(KeyError):
            return grp.getgrgid(gid).gr_name
    return str(gid)
