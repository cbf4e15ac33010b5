"""How a call walks its checklist: which step comes next. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from deescalate_tui.call.checklist import CALL_PHASES, LEVELS, Step
from deescalate_tui.call.session import Call


def on_path(call: Call) -> Call:
    """The same call with a current step that is offered.

    Where it vanished, the next open one; where the path is walked, an urgent step that turned up.
    """
    if call.offers(call.current):
        return call
    if call.current or _first_urgent(call):
        return replace(call, current=next_step(call, call.current))
    return call


def next_step(call: Call, after: str) -> str:
    """The id of the open step to offer after `after`; empty where none is left.

    An urgent step comes before all others. It interrupts: then the walk goes on after the last other step.
    """
    walked = next((step_id for step_id in (after, *reversed(call.marks)) if _is_walked(call, step_id)), "")
    ahead, passed, phases = "", not walked, call.phases
    for phase, step in call.checklist.steps():
        if step.id != after and step.id not in call.marks and phase in phases:
            if _is_urgent(step):
                if call.has(phase, step):
                    return step.id
            elif passed and not ahead and call.has(phase, step):
                ahead = step.id
        passed = passed or step.id == walked
    return ahead or _left_behind(call, after)


def _is_walked(call: Call, step_id: str) -> bool:
    """Whether the step is one from which the walk goes on: an urgent one interrupts it."""
    found = call.checklist.find(step_id)
    return found is not None and not _is_urgent(found[1])


def _left_behind(call: Call, after: str = "") -> str:
    """The first step that the walk has passed over, offered once nothing is ahead; the beginning is over by then."""
    passed = (step.id for phase, step in _open(call) if phase != CALL_PHASES[0])
    return next((step for step in passed if step != after), "")


def heard(before: Call, call: Call) -> Call:
    """The call after a level. A threat comes before everything else; after it the walk goes on where it was left."""
    highest = max(LEVELS)
    if call.level == highest:
        return replace(call, current=_first_urgent(call) or call.current)
    if before.level == highest and call.phase != CALL_PHASES[0] and (behind := _left_behind(call)):
        return replace(call, current=behind)
    return call


def first_open(call: Call) -> str:
    """The id of the first step that is neither done nor skipped; empty where none is left."""
    return next((step.id for _, step in _open(call)), "")


def _open(call: Call) -> Iterator[tuple[str, Step]]:
    """The steps of the path that are neither done nor skipped, each with its phase."""
    return ((phase, step) for phase, step in call.path() if step.id not in call.marks)


def _first_urgent(call: Call) -> str:
    """The id of the first open step that is meant only for a limit or a threat; empty where none is."""
    return next((step.id for _, step in _open(call) if _is_urgent(step)), "")


def _is_urgent(step: Step) -> bool:
    """Whether the step is meant only for a limit or a threat."""
    return bool(step.only.levels) and min(step.only.levels) >= 3
