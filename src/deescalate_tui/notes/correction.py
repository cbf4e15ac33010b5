"""Correcting a note: what was wrong becomes a new revision under the same id, and how that is judged. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from deescalate_tui.call.fields import FIELDS
from deescalate_tui.call.session import ANSWERS, OUTCOMES
from deescalate_tui.clean import clean
from deescalate_tui.errors import UsageFault
from deescalate_tui.notes.note import IncidentNote

CHOICES: Mapping[str, tuple[str, ...]] = {
    "outcome": OUTCOMES,
    "request_answered": ("", *ANSWERS),
    "satisfaction": ("", *FIELDS["satisfaction"].options),
}
CORRECTABLE = ("ticket", "request", "request_answered", "outcome", "escalated_to", "follow_up", "satisfaction")
"""What one word on the command line can put right; all else takes an editor."""
FIXED = (
    *("schema", "id", "started", "ended", "duration_s", "checklists", "types"),
    *("revision", "expires", "app_version", "timeline"),
)
"""What the program itself found or decided: no correction says otherwise."""
OPTION = "--field"


def changes_of(given: list[str]) -> dict[str, str]:
    """What `--field NAME=VALUE` says, cleaned. Raises UsageFault for a field or a value that cannot be."""
    changes: dict[str, str] = {}
    for text in given:
        name, sign, value = text.partition("=")
        name, value = clean(name).strip().lower().replace("-", "_"), clean(value).strip()
        if not sign or name not in CORRECTABLE:
            raise UsageFault(OPTION, "correct-field", found=name, known=", ".join(CORRECTABLE))
        if name in CHOICES and value not in CHOICES[name]:
            allowed = ", ".join(choice for choice in CHOICES[name] if choice)
            raise UsageFault(OPTION, "value-unknown", found=value, allowed=allowed)
        changes[name] = value
    return changes


def ticked(note: IncidentNote, number: int, day: date | None) -> IncidentNote:
    """The next revision, with a promise kept on that day, or open again where there is none; 0 is the next contact.

    Raises UsageFault where there is no such promise, or where it is so already.
    """
    kept = day.isoformat() if day is not None else ""
    known = len(note.commitments)
    if not (0 < number <= known or (number == 0 and note.follow_up)):
        raise UsageFault(note.id, "tick-unknown-one" if known == 1 else "tick-unknown", found=number, known=known)
    before = note.commitments[number - 1].kept if number else note.follow_up_done
    if bool(before) == bool(kept):
        since = date.fromisoformat(before) if before else None
        raise UsageFault(note.id, "tick-done" if kept else "tick-open", day=since)
    if number == 0:
        return revised(note, replace(note, follow_up_done=kept))
    made = [replace(it, kept=kept) if at == number else it for at, it in enumerate(note.commitments, 1)]
    return revised(note, replace(note, commitments=tuple(made)))


def revised(old: IncidentNote, new: IncidentNote) -> IncidentNote:
    """The next revision, as `new` says it.

    Raises UsageFault where that changes nothing, or what no correction may change.
    """
    for name in FIXED:
        if getattr(new, name) != getattr(old, name):
            raise UsageFault(name, "correct-fixed")
    if new == old:
        raise UsageFault(old.id, "correct-nothing")
    return replace(new, revision=old.revision + 1)
