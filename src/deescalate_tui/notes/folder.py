"""Notes as files: the name and text of a session's note, and putting it where notes lie, exactly once."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from deescalate_tui import catalogues
from deescalate_tui.call.session import SessionState
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.files import (
    DISK,
    AlreadyThere,
    Ops,
    as_fault,
    create_exclusive,
    private_folder,
    read_limited,
    remove_temps,
    sure_names,
)
from deescalate_tui.notes.markdown import handover, render
from deescalate_tui.notes.note import note_from, note_name
from deescalate_tui.notes.parse import parse
from deescalate_tui.notes.sealed import OVERHEAD, held_length, is_sealed, seal, sealed_path, unseal

MAX_NOTE = 4_000_000
"""Bytes; a note of a long call has some thousands."""


def note_of(state: SessionState) -> tuple[str, str]:
    """The name (relative to the notes folder) and the Markdown of a session's note, in the language of its close."""
    note = note_from(state)
    return note_name(note), render(note, catalogues.load(state.call.checklist.language))


def handover_of(state: SessionState) -> str:
    """The line for the ticket, in the language of the close."""
    return " ".join(handover(note_from(state), catalogues.load(state.call.checklist.language)).split())


def save_note(
    path: Path, text: str, session_id: str, *, shared: bool, to: tuple[str, ...] = (), ops: Ops = DISK
) -> Path:
    """Put the note on stable storage; where it lies. The note of the same session that is there already is as good.

    `path` is `<notes>/<year>/<month>/<name>`. With keys `to` seal it to, it lies beside that, and never plain. On a
    shared folder, note and new folders get the access of `<notes>`; elsewhere only the owner reads them. Raises
    FileFault.
    """
    # Whoever died in between may have written it before the setting was changed: there is one note all the same.
    known = lying(path, text, session_id)
    if to and known is None:
        _put(sealed_path(path), seal(text, to), lambda: lying(path, text, session_id) is not None, shared, ops)
        return sealed_path(path)
    _put(known or path, text.encode(), lambda: lying(path, text, session_id) is not None, shared, ops)
    return known or path


def save_sealed(path: Path, data: bytes, *, shared: bool, ops: Ops) -> None:
    """The same, of a note that was sealed elsewhere. Raises FileFault, also where that was no whole one."""
    length = held_length(data)
    if length is None:
        raise FileFault(str(path), "note-foreign")
    _put(path, data, lambda: _sealed_length(path) == length, shared, ops)


def lying(path: Path, text: str, session_id: str) -> Path | None:
    """Where the note of this session lies: at `path`, or sealed beside it; None where it lies nowhere.

    A sealed one cannot be read here: a whole file under its name, in which just as much is sealed, is taken for it.
    """
    if is_note_of(path, session_id):
        return path
    return sealed_path(path) if _sealed_length(sealed_path(path)) == len(text.encode()) else None


def _sealed_length(path: Path) -> int | None:
    try:
        return held_length(read_limited(path, MAX_NOTE + OVERHEAD))
    except FileFault:
        return None


def _put(path: Path, data: bytes, there: Callable[[], bool], shared: bool, ops: Ops) -> None:
    made = month_made(path, ops)
    with suppress(FileFault):  # what an interrupted try left; the holder of the session alone writes this note
        remove_temps(path, ops)
    try:
        create_exclusive(path, data, 0o666 if shared else 0o600, ops)
    except AlreadyThere:
        if not there():
            raise
    with as_fault(path):
        sure_names(path.parent, ops)
    if shared:
        give_access(path, made, ops)


def month_made(path: Path, ops: Ops) -> tuple[Path, ...]:
    """Make the year and the month in which `path` lies, and say which of them were missing.

    Raises FileFault, `symlink` where one of them is a link: what is written there would lie where nobody meant it.
    """
    folders = (path.parents[1], path.parent)
    missing = tuple(folder for folder in folders if not folder.exists())
    for folder in folders:
        private_folder(folder, ops)
    return missing


def give_access(path: Path, made: Iterable[Path], ops: Ops) -> None:
    """Give a file on a shared folder, and the folders made for it, the access of that folder. Raises FileFault."""
    if os.name == "posix":
        with as_fault(path):
            access = stat.S_IMODE(path.parents[2].stat().st_mode)
            for folder in made:
                ops.chmod(folder, access)
            ops.chmod(path, access & 0o666)


def save_known(path: Path, text: str, *, shared: bool, to: tuple[str, ...], ops: Ops) -> None:
    """As `save_note`, of a note whose session only its text names. Raises Fault where it is no note."""
    save_note(path, text, parse(text).id, shared=shared, to=to, ops=ops)


def read_note(path: Path, key: str = "", limit: int = MAX_NOTE) -> str:
    """The text of a note, plain or sealed, whatever bytes it holds, with one kind of line end and no mark before it.

    Every reader of notes reads them through this.

    `key` is the file of the private key that opens sealed ones, as the setting `note_key` names it. Raises FileFault:
    without a key `note-sealed`, and others as `sealed.unseal`.
    """
    text = note_bytes(path, key, limit).decode("utf-8", "replace")
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def note_bytes(path: Path, key: str = "", limit: int = MAX_NOTE) -> bytes:
    """The same, byte for byte."""
    if not is_sealed(path.name):
        return read_limited(path, limit)
    if not key:
        raise FileFault(str(path), "note-sealed")
    return unseal(read_limited(path, limit + OVERHEAD), key, str(path))


def is_note_of(path: Path, session_id: str) -> bool:
    """Whether the note of this session lies at `path`."""
    try:
        return parse(read_note(path)).id == session_id
    except Fault:
        return False
