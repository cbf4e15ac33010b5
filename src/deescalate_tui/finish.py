"""The end of a session on the disk: its note in the notes folder, or where that refuses, in the second place."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from deescalate_tui.call.session import SessionState
from deescalate_tui.errors import FileFault
from deescalate_tui.notes.folder import handover_of, lying, note_of, save_note
from deescalate_tui.notes.note import note_from

if TYPE_CHECKING:
    from deescalate_tui.own_program import ProgramRun
    from deescalate_tui.workplace import Workplace


class Finished(msgspec.Struct, frozen=True):
    """What closing left: the note, and where it lies or why it could not be saved; and the line for the ticket."""

    text: str
    path: Path
    handover: str
    fault: FileFault | None = None
    elsewhere: bool = False
    """It lies in the second place, as its own refused."""


def publish(workplace: Workplace, state: SessionState) -> Finished:
    """Put the note of a closed session on stable storage. May be called again: there is one note in the end."""
    name, text = note_of(state)
    path, handover = workplace.paths.notes / name, handover_of(state)
    to = workplace.settings.encrypt_notes_to
    try:
        path = save_note(path, text, state.id, shared=workplace.notes_shared, to=to, ops=workplace.ops)
    except FileFault as fault:
        second = _in_second_place(workplace, name, text, state.id)
        return Finished(text, second or path, handover, None if second else fault, elsewhere=second is not None)
    return Finished(text, path, handover)


def tell_of(finished: Finished, workplace: Workplace, state: SessionState) -> ProgramRun | None:
    """Run the site's command for a finished note; None where there is none."""
    command = workplace.settings.close_command
    if not command:
        return None
    # Late: running programs takes 9 ms to import, and few sites have such a command.
    from deescalate_tui.close_command import environment
    from deescalate_tui.own_program import ProgramRun

    return ProgramRun(command, environment(finished.path, note_from(state)))


def _in_second_place(workplace: Workplace, name: str, text: str, session_id: str) -> Path | None:
    """Where the note lies in the second place; None where there is none, or it refuses too.

    A note that its own folder shows is not written twice: that folder is tried again until it is sure.
    """
    second, to = workplace.second, workplace.settings.encrypt_notes_to
    if second is None or lying(workplace.paths.notes / name, text, session_id):
        return None
    with suppress(FileFault):
        return save_note(second.notes / name, text, session_id, shared=False, to=to, ops=workplace.ops)
    return None
