"""How a session closes: outcome, the request's answer, gates, promises, aftercare, note - each asked once. Pure."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import CALL_PHASES, CRITICAL, LEVELS, Step
from deescalate_tui.call.questions import Book, has_promises
from deescalate_tui.call.session import Call, SessionState

HARD = 3
"""The level from which on a call is followed by care for the agent."""
ENDS_FREELY = ("keep", "may-now")
"""Rules of cards under which no ladder has to be walked before the end: those of safety, and of one refusal."""


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
    if not (call.aftercare or call.confirmed):
        if has_promises(call):
            return ev.Asked("confirm")
        if call.outcome == "follow-up":
            return ev.Asked("promise")
    if not call.aftercare and (call.peak or 0) >= HARD and replace(call, aftercare=True).path():
        return ev.AftercareBegun()
    return ev.Closed()


def ends_early(state: SessionState, book: Book) -> bool:
    """Whether an agent who ends the call now has rungs left. On the safety way, and where a card allows it, never."""
    call, cards = state.call, book.cards
    opened = [cards.find(card.id) for card in state.cards] if cards is not None else []
    if call.peak == max(LEVELS) or any(card is not None and card.end in ENDS_FREELY for card in opened):
        return False
    given = Counter(limit.behaviour for limit in call.limits)
    return bool(book.rungs()) and not any(given[kind] >= len(book.rungs(kind)) for kind in given)


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
