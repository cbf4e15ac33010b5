"""What no export says, and what one without typed words does not say either. Pure."""

from __future__ import annotations

import re

from msgspec.structs import replace

from deescalate_tui.call.fields import CHOICE, FIELDS
from deescalate_tui.notes.note import Answer, IncidentNote

_WHEN = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2})?")


def nameless(note: IncidentNote) -> IncidentNote:
    """The note without the agent's alias."""
    return replace(note, agent="")


def wordless(note: IncidentNote) -> IncidentNote:
    """The note with every typed text empty, but for the ticket. What was counted, timed or chosen stays."""
    return replace(
        note,
        request="",
        escalated_to="",
        follow_up=_when(note.follow_up),
        commitments=tuple(replace(made, what="", due=_when(made.due)) for made in note.commitments),
        walked=tuple(replace(step, reason="") for step in note.walked),
        answers=tuple(replace(it, value=it.value if _is_chosen(it) else "") for it in note.answers),
        quotes=tuple(replace(said, text="") for said in note.quotes),
        remarks=tuple(replace(said, text="") for said in note.remarks),
    )


def _when(text: str) -> str:
    """A day, or a day and a time; empty where words were typed instead."""
    return text if _WHEN.fullmatch(text) else ""


def _is_chosen(answer: Answer) -> bool:
    field = FIELDS.get(answer.field)
    return field is not None and field.kind == CHOICE and answer.value in field.options
