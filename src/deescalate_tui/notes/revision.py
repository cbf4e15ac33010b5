"""Putting a new revision of a note beside the old one, or in its place where the site keeps none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from deescalate_tui import catalogues
from deescalate_tui.archive.archive import quiet
from deescalate_tui.archive.forgetting import forgetting
from deescalate_tui.archive.refresh import Progress
from deescalate_tui.clean import clean
from deescalate_tui.errors import FileFault
from deescalate_tui.notes.correction import ticked
from deescalate_tui.notes.folder import read_note, save_note
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import IncidentNote, note_name
from deescalate_tui.notes.parse import parse
from deescalate_tui.notes.retention import REPLACED, purge_plan
from deescalate_tui.notes.rights import RETENTION, erase, shelf_of
from deescalate_tui.notes.sealed import is_sealed
from deescalate_tui.workplace import Workplace

KEPT, HELD, ERASED = "kept", "held", "erased"
"""What became of the old revisions; HELD: they stay because the note is held."""


class Written(msgspec.Struct, frozen=True):
    """A revision that is there now."""

    note: IncidentNote
    path: Path
    old: str


def revisable(workplace: Workplace, path: Path) -> tuple[str, IncidentNote]:
    """The text of a note that a revision can be made of, and what it says.

    Raises Fault where it cannot be read; FileFault `seal-none` where it is sealed and a revision would not be.
    """
    text = read_note(path, workplace.settings.note_key)
    note = parse(text, clean(str(path)))
    if is_sealed(path.name) and not workplace.settings.encrypt_notes_to:
        raise FileFault(clean(str(path)), "seal-none")
    return text, note


def write_revision(
    workplace: Workplace, note: IncidentNote, *, wrong: bool = True, progress: Progress = quiet
) -> Written:
    """Write a revision. Where the old one was `wrong`, its words leave the index; else they may stay till it goes.

    Raises FileFault, `already-there` where somebody else made another revision at the same time.
    """
    settings = workplace.settings
    text = render(note, catalogues.load(note.language))
    target = workplace.paths.notes / note_name(note)
    target = save_note(
        target, text, note.id, shared=workplace.notes_shared, to=settings.encrypt_notes_to, ops=workplace.ops
    )
    readable = settings.note_key or not is_sealed(target.name)
    if readable and parse(read_note(target, settings.note_key), clean(str(target))) != note:
        raise FileFault(clean(str(target)), "already-there")
    keeps = settings.correct_keeps == "on"
    if keeps and not wrong:
        return Written(note, target, KEPT)
    with forgetting(workplace, progress) as forget:
        forget(note.id)
        if keeps:
            return Written(note, target, KEPT)
        today = workplace.clock.now().date()
        shelf = shelf_of(workplace)
        plan = purge_plan([case for case in shelf.cases if case.id == note.id], today, today, keeps_old=False)
        for due in plan.due:
            if due.reason == REPLACED:
                erase(workplace, due, RETENTION, today, forget, workplace.ops)
        return Written(note, target, HELD if plan.held else ERASED)


def tick(workplace: Workplace, path: Path, number: int, day: date | None, progress: Progress = quiet) -> Written:
    """Write that a promise was kept on a day, or is open again where there is none; number 0 is the next contact.

    Raises as `revisable`, `write_revision` and `correction.ticked`.
    """
    _, note = revisable(workplace, path)
    return write_revision(workplace, ticked(note, number, day), wrong=False, progress=progress)
