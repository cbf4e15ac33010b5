"""The command that runs when a note is finished: it learns where the note lies and what kind of call it was.

Of what was typed its environment holds the ticket alone, made safe; all else stands in the file.
"""

from __future__ import annotations

import os
from pathlib import Path

from deescalate_tui.i18n import Messages
from deescalate_tui.notes.front import Front
from deescalate_tui.own_program import ProgramRun, reference

VARIABLES = (
    *("DEESCALATE_NOTE_PATH", "DEESCALATE_NOTE_ID", "DEESCALATE_NOTE_OUTCOME", "DEESCALATE_NOTE_TYPE"),
    *("DEESCALATE_NOTE_LEVEL", "DEESCALATE_NOTE_CHANNEL", "DEESCALATE_NOTE_LANGUAGE", "DEESCALATE_NOTE_TICKET"),
)
"""None of them is the variable of a setting: a command may call this program again."""


def environment(path: Path, note: Front) -> dict[str, str]:
    """The program's own environment, and `VARIABLES`; the level is the highest heard, empty where none was."""
    level = "" if note.level.peak is None else str(note.level.peak)
    kind = (note.outcome, note.customer_type, level, note.channel, note.language)
    said = (str(path), note.id, *kind, reference(note.ticket))
    return {**os.environ, **dict(zip(VARIABLES, said, strict=True))}


def failure(run: ProgramRun, messages: Messages, wait_s: float = 0) -> str:
    """What to say of a run that has failed, after waiting so long for its end; else empty."""
    if not run.ended(wait_s).failed:
        return ""
    return messages("close-command.failed", reason=run.told.text(messages))
