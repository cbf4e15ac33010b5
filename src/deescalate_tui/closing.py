"""How a session closes: outcome, the request's answer, open gates, aftercare, note - each asked once. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from deescalate_tui import events as ev
from deescalate_tui.checklist import CALL_PHASES, CRITICAL, LEVELS, Step
from deescalate_tui.session import Call, SessionState


def next_closing(state: SessionState) -> ev.AnyEvent:
    """The next thing that closing asks or does; in aftercare, it completes the session."""
    call = state.call
    if not call.outcome:
        return ev.Asked("outcome")
    if call.outcome == "aborted":
        return ev.Closed()
    if call.request and not call.answered:
        return ev.Asked("answered")
    gates = open_gates(call)
    if gates:
        return ev.Asked("gate", gates[0].id)
    if not call.aftercare and replace(call, aftercare=True).path():
        return ev.AftercareBegun()
    return ev.Closed()


def open_gates(call: Call) -> tuple[Step, ...]:
    """Critical steps that are neither done nor left open for a reason. The emergency way is never gated."""
    if call.peak == max(LEVELS) or call.aftercare:
        return ()
    settled = {override.step for override in call.overrides} | {step for step, mark in call.marks.items() if mark.done}
    return tuple(
        step
        for phase in CALL_PHASES
        for step in call.phase_path(phase)
        if step.gate == CRITICAL and step.id not in settled
    )
