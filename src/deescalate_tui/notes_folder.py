"""Notes as files: the name and text of a session's note, and putting it where notes lie, exactly once."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from deescalate_tui import catalogues
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
from deescalate_tui.note import note_from, note_name
from deescalate_tui.note_markdown import handover, render
from deescalate_tui.note_parse import parse
from deescalate_tui.session import SessionState

MAX_NOTE = 4_000_000
"""Bytes; a note of a long call has some thousands."""


def note_of(state: SessionState) -> tuple[str, str]:
    """The name (relative to the notes folder) and the Markdown of a session's note, in the language of its close."""
    note = note_from(state)
    return note_name(note), render(note, catalogues.load(state.call.checklist.language))


def handover_of(state: SessionState) -> str:
    """The line for the ticket, in the language of the close."""
    return " ".join(handover(note_from(state), catalogues.load(state.call.checklist.language)).split())


def save_note(path: Path, text: str, session_id: str, *, shared: bool, ops: Ops = DISK) -> None:
    """Put the note on stable storage. The note of the same session that is there already is as good.

    `path` is `<notes>/<year>/<month>/<name>`. On a shared folder, note and new folders get the access of `<notes>`;
    elsewhere only the owner reads them. Raises FileFault.
    """
    root = path.parents[2]
    made = [folder for folder in (path.parents[1], path.parent) if not folder.exists()]
    private_folder(path.parent, ops)
    with suppress(FileFault):  # what an interrupted try left; the holder of the session alone writes this note
        remove_temps(path, ops)
    try:
        create_exclusive(path, text.encode(), 0o666 if shared else 0o600, ops)
    except AlreadyThere:
        if not is_note_of(path, session_id):
            raise
    with as_fault(path):
        sure_names(path.parent, ops)
    if shared and os.name == "posix":
        with as_fault(path):
            access = stat.S_IMODE(root.stat().st_mode)
            for folder in made:
                ops.chmod(folder, access)
            ops.chmod(path, access & 0o666)


def save_known(path: Path, text: str, *, shared: bool, ops: Ops) -> None:
    """The same, of a note whose session only its text names. Raises Fault where it is no note."""
    save_note(path, text, parse(text).id, shared=shared, ops=ops)


def note_text(path: Path) -> str:
    """The text of a note's file, whatever bytes it holds. Raises FileFault."""
    return read_limited(path, MAX_NOTE).decode("utf-8", "replace")


def is_note_of(path: Path, session_id: str) -> bool:
    """Whether the note of this session lies at `path`."""
    try:
        return parse(note_text(path)).id == session_id
    except Fault:
        return False
