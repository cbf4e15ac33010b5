"""The files of the notes folder, case by case: notes with their revisions, holds, and the tombstones of erased notes.

A hold or a tombstone lies beside its note under the same name, so that it goes wherever the folder is copied to. Of
links nothing is followed, and whatever cannot be read is told with its reason.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from deescalate_tui.clean import clean
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.files import DISK, Ops, as_fault, read_limited, replace_file
from deescalate_tui.notes.earlier import ticket_in
from deescalate_tui.notes.folder import give_access, month_made, read_note
from deescalate_tui.notes.front import Front, parse_front
from deescalate_tui.notes.note import note_name
from deescalate_tui.notes.retention import Case, Hold, Kept, by_revision
from deescalate_tui.notes.sealed import begun_on

HOLD, TOMBSTONE = ".hold", ".erased"
SCHEMA = 1
"""Of holds and tombstones."""
MAX_MARK = 100_000
"""Bytes of either."""
_FOLDERS = ("[0-9]{4}", "[0-9]{2}")
_STEM = re.compile(r"\.?([^.]+)")
_REVISION = re.compile(r"_r[0-9]+$")


class Tombstone(msgspec.Struct, frozen=True):
    """That a note was erased. No text, no ticket: any hash of something as short as a ticket could be guessed."""

    schema: int
    note: str
    """Its id."""
    erased: str
    """ISO date."""
    reason: str
    asked_by: str
    """One of a closed list: here nobody can write a name."""
    files: tuple[str, ...] = ()
    """SHA-256 of each file: proves which bytes are gone, and to nobody what stood in them."""


class Shelf(msgspec.Struct, frozen=True):
    """All that the notes folder holds."""

    cases: tuple[Case, ...] = ()
    faults: tuple[Fault, ...] = ()
    """What is no note and cannot be read: folders, holds without a note, tombstones."""


def look(root: Path, *, shared: bool, key: str = "") -> Shelf:
    """Read the whole folder. One that is missing is empty, but a shared one raises FileFault: its drive may be away.

    `key` opens sealed notes, as the setting `note_key` names it.
    """
    if not root.exists() and not shared:
        return Shelf()
    faults: list[Fault] = []
    paths = sorted(_files(root, faults))
    notes = [read_kept(root, path, key) for path in paths if ".md" in path.name]
    holds, unread = _marks(root, [it for it in paths if it.suffix == HOLD], Hold)
    stones, damaged = _marks(root, [it for it in paths if it.suffix == TOMBSTONE], Tombstone)
    cases = []
    for files in _grouped(notes):
        front, stem = files[-1].front, stem_of(files[-1].name)
        name = front.id if front else stem  # of a sealed note nothing else is known
        cases.append(Case(files, holds.get(name), unread.pop(stem, None), name in stones))
    return Shelf(tuple(cases), (*faults, *unread.values(), *damaged.values()))


def mark_path(root: Path, front: Front, kind: str) -> Path:
    """Where the hold or tombstone of a note lies."""
    name = root / note_name(front)
    return name.with_name(_REVISION.sub("", name.stem) + kind)


def put_mark(path: Path, mark: Hold | Tombstone, *, shared: bool, ops: Ops = DISK) -> None:
    """Write a hold or tombstone in place of an earlier one; on a shared folder with its access. Raises FileFault."""
    made = month_made(path, ops)
    replace_file(path, msgspec.json.encode(mark) + b"\n", 0o666 if shared else 0o600, ops)
    if shared:
        give_access(path, made, ops)


def mark_beside(root: Path, name: str, kind: str) -> Path:
    """The same of a file of a note, by its name."""
    return root / f"{stem_of(name)}{kind}"


def read_mark(path: Path, kind: type[Any]) -> Any:
    """A hold or tombstone; None where there is none. Raises FileFault for one that cannot be read."""
    try:
        mark = msgspec.json.decode(read_limited(path, MAX_MARK), type=kind)
        date.fromisoformat(mark.until if kind is Hold else mark.erased)
    except (ValueError, RecursionError) as error:
        raise FileFault(clean(str(path)), "mark-damaged") from error
    except FileFault as fault:
        if fault.key == "missing":
            return None
        raise FileFault(clean(str(path)), fault.key, **fault.params) from fault
    if mark.schema > SCHEMA:
        raise FileFault(clean(str(path)), "mark-damaged")
    return mark


def read_kept(root: Path, path: Path, key: str = "") -> Kept:
    """A file of the notes folder, as far as its front matter can be read."""
    name = path.relative_to(root).as_posix()
    plain = False
    try:
        with as_fault(path):
            plain = stat.S_ISREG(path.lstat().st_mode)
        text = read_note(path, key)
    except FileFault as fault:
        unread = FileFault(clean(fault.place), fault.key, **fault.params)
        return Kept(name, fault=unread, plain=plain, begun=begun_on(path.name) if plain else None)
    try:
        front = parse_front(text, clean(str(path)))
    except Fault as fault:
        return Kept(name, ticket=ticket_in(text), fault=fault)
    return Kept(name, front, front.ticket)


def stem_of(name: str) -> str:
    """What the name of a note shares with those of its revisions, its hold, and what an interrupted write left."""
    folder, _, file = name.rpartition("/")
    found = _STEM.match(file)
    return f"{folder}/{_REVISION.sub('', found[1]) if found else file}"


def _grouped(notes: Iterable[Kept]) -> Iterator[tuple[Kept, ...]]:
    """The files of each note: by its id, wherever they lie; what cannot be read goes by its name."""
    by_id: dict[str, list[Kept]] = {}
    stems: dict[str, str] = {}
    unread = []
    for it in notes:
        if it.front is None:
            unread.append(it)
        else:
            by_id.setdefault(it.front.id, []).append(it)
            stems.setdefault(stem_of(it.name), it.front.id)
    for it in unread:
        by_id.setdefault(stems.get(stem_of(it.name), stem_of(it.name)), []).append(it)
    yield from map(by_revision, by_id.values())


def _files(folder: Path, faults: list[Fault], depth: int = 0) -> Iterator[Path]:
    """What lies in the months of the years; what cannot be listed is told in `faults`."""
    try:
        with as_fault(folder):
            paths = sorted(folder.iterdir())
    except FileFault as fault:
        if depth == 0:
            raise
        faults.append(fault)
        return
    for path in paths:
        if depth == len(_FOLDERS):
            yield path
        elif re.fullmatch(_FOLDERS[depth], path.name):
            if path.is_symlink():
                faults.append(FileFault(clean(str(path)), "symlink"))
            else:
                yield from _files(path, faults, depth + 1)


def _marks(root: Path, paths: Iterable[Path], kind: type[Any]) -> tuple[dict[str, Any], dict[str, Fault]]:
    """The holds or tombstones by the id of their note and by their name, and by name what is wrong with the others."""
    marks: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for path in paths:
        try:
            mark = read_mark(path, kind)
            known = marks.get(mark.note) if mark is not None else None
            # Of two, as conflicting copies make them, the longer one holds.
            if mark is not None and (known is None or kind is not Hold or known.until < mark.until):
                marks[mark.note] = mark
            if mark is not None:
                marks[stem_of(path.relative_to(root).as_posix())] = mark
        except FileFault as fault:
            faults[stem_of(path.relative_to(root).as_posix())] = fault
    return marks, faults
