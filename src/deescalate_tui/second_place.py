"""The second place: a folder where journals go on and notes go when their own folder refuses, until they come home."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TypeVar

import msgspec

from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.files import Ops, as_fault, read_limited, remove_temps
from deescalate_tui.journal.unfinished import Unfinished, unfinished
from deescalate_tui.paths import full_path

T = TypeVar("T")
LOOK_S = 0.5
"""So long a start waits for what lies in the second place: it may be a network drive that is away."""


class SecondPlace(msgspec.Struct, frozen=True):
    """Its two folders; none need exist."""

    sessions: Path
    notes: Path


def second_place(folder: str) -> SecondPlace | None:
    """The place that the setting names; `~` and variables are filled in. None where nothing is named."""
    path = full_path(folder)
    return SecondPlace(path / "sessions", path / "notes") if path else None


def in_both(sessions: Path, second: SecondPlace | None, wait_s: float = LOOK_S) -> tuple[Unfinished, ...]:
    """The journals of both places, the latest begun first; of one that lies in both, the file that goes further.

    Raises FileFault where neither can be listed.
    """
    if second is None:
        return unfinished(sessions)
    none: tuple[Unfinished, ...] = ()
    there = _within(wait_s, lambda: _listed(second.sessions), none)
    here = _listed(sessions) if there else unfinished(sessions)
    found: dict[str, Unfinished] = {}
    for entry in (*here, *there):
        known = found.get(entry.session_id, entry)
        further = entry if _length(entry) > _length(known) else known
        found[entry.session_id] = msgspec.structs.replace(further, in_use=known.in_use or entry.in_use)
    return tuple(found[key] for key in sorted(found, reverse=True))


def places(name: str, sessions: Path, second: SecondPlace | None) -> tuple[Path, ...]:
    """Where the journal of this name may lie, its usual place first."""
    return tuple(folder / name for folder in (sessions, *((second.sessions,) if second else ())))


def bring_home(second: SecondPlace, notes: Path, *, shared: bool, to: tuple[str, ...], ops: Ops) -> None:
    """Moves the notes of the second place to their own folder, sealed `to` these keys; what that refuses stays."""
    # Late: a start where nothing went elsewhere needs nothing of notes.
    from deescalate_tui.notes.folder import MAX_NOTE, save_known, save_sealed
    from deescalate_tui.notes.sealed import OVERHEAD, is_sealed

    none: list[Path] = []
    for path in _within(LOOK_S, lambda: sorted(second.notes.glob("[0-9]*/[0-9]*/[!.]*.md*")), none):
        with suppress(Fault, UnicodeDecodeError):
            data, home = read_limited(path, MAX_NOTE + OVERHEAD), notes / path.relative_to(second.notes)
            if is_sealed(path.name):
                save_sealed(home, data, shared=shared, ops=ops)
            else:
                save_known(home, data.decode(), shared=shared, to=to, ops=ops)
            remove_temps(path, ops)
            with as_fault(path):
                ops.unlink(path)
                ops.fsync_dir(path.parent)


def _listed(folder: Path) -> tuple[Unfinished, ...]:
    with suppress(FileFault):
        return unfinished(folder)
    return ()


def _length(entry: Unfinished) -> int:
    """Bytes. Both are beginnings of the same text: the longer one has all that the other has."""
    with suppress(OSError):
        return entry.path.lstat().st_size
    return 0


def _within(wait_s: float, look: Callable[[], T], otherwise: T) -> T:
    """What a look finds, if it ends in time; else nobody waits for it any longer."""
    found: list[T] = []

    def run() -> None:
        with suppress(OSError):
            found.append(look())

    thread = Thread(target=run, name="second place", daemon=True)
    thread.start()
    thread.join(wait_s)
    return found[0] if found else otherwise
