"""What the timeline of a note names of an event: an id from a checklist or a closed list, never typed text. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deescalate_tui.call import events as ev
from deescalate_tui.call.session import SessionState

_REFERENCE: dict[type, Callable[[Any], str]] = {
    ev.ChecklistTaken: lambda e: f"{e.checklist.id}/{e.checklist.language}",
    ev.ChannelChanged: lambda e: e.channel,
    ev.StepDone: lambda e: e.step,
    ev.StepSkipped: lambda e: e.step,
    ev.WentTo: lambda e: e.step,
    ev.LevelHeard: lambda e: str(e.level),
    ev.ThreatHeard: lambda e: e.kind,
    ev.LimitGiven: lambda e: e.id,
    ev.FieldAnswered: lambda e: e.field,
    ev.CardOpened: lambda e: e.card,
    ev.HelpCalled: lambda e: e.kind,
    ev.Ended: lambda e: e.outcome,
    ev.RequestAnswered: lambda e: e.answer,
    ev.GateOverridden: lambda e: e.step,
    ev.Unmasked: lambda e: e.kinds,
}


def reference(state: SessionState, event: ev.Event) -> str:
    """What an event names; empty where it names nothing. An undoing names what is undone."""
    if isinstance(event, ev.Undone):
        return state.past[-1].change.event if state.past else ""
    names = _REFERENCE.get(type(event))
    return names(event) if names is not None else ""
