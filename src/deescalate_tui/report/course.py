"""How a call went, step by step: what a note's timeline tells of its checklists. Pure.

A change of level is put beside the step that was settled last before it. That is company, not cause.
"""

from __future__ import annotations

import msgspec

from deescalate_tui.notes.note import OPEN, IncidentNote

DONE, SKIPPED, UNDONE, LEFT_OPEN, RISE, FALL = "done", "skipped", "undone", OPEN, "rise", "fall"
_GUIDED = "all"
_THREAT_LEVEL = "4"


class Course(msgspec.Struct):
    """What is counted of it."""

    steps: dict[str, list[str]]
    """By checklist, `type/language/revision`: `all`, and `step:what` for what became of each step. `done`, `skipped`,
    `undone` and `open` stand there once a step, `rise` and `fall` for each change of level that followed it."""
    turns: list[tuple[str, str]]
    """The phase of the step before a change of level, empty where there was none, and `rise` or `fall`."""
    seconds: dict[str, int]
    """How long each phase took: a step's time is what passed since the one before was settled."""


class _Change(msgspec.Struct, frozen=True):
    """Something in the timeline that may be taken back later."""

    event: str
    guide: str
    ref: str


def course_of(note: IncidentNote) -> Course:
    """How the call of a note went."""
    guides = [f"{ref.id}/{ref.language}/{ref.revision}" for ref in note.checklists] or [""]
    phases = {step.id: step.phase for step in note.walked}
    stood, undone = _stood(note, guides)
    steps: dict[str, list[str]] = {guide: [_GUIDED] for guide in guides if guide}
    marks = {(it.guide, f"{it.ref}:{it.event}") for it in stood if it.event in (DONE, SKIPPED)} | undone
    marks |= {(guides[-1], f"{step.id}:{LEFT_OPEN}") for step in note.walked if step.state == OPEN}
    turns = []
    for before, turn in _turns(stood):
        turns.append((phases.get(before.ref, "") if before else "", turn))
        if before:
            steps.get(before.guide, []).append(f"{before.ref}:{turn}")
    for guide, mark in sorted(marks):
        steps.get(guide, []).append(mark)
    return Course(steps, turns, _seconds(note))


def _stood(note: IncidentNote, guides: list[str]) -> tuple[list[_Change], set[tuple[str, str]]]:
    """What stood at the end, in order, and which steps were taken back."""
    stood: list[_Change] = []
    undone: set[tuple[str, str]] = set()
    place = 0
    for entry in note.timeline:
        if entry.event == "checklist":
            place = min(place + 1, len(guides) - 1)
        elif entry.event in (DONE, SKIPPED, "level", "threat"):
            stood.append(_Change(entry.event, guides[place], entry.ref))
        elif entry.event == "undone":
            gone = next((at for at in range(len(stood) - 1, -1, -1) if stood[at].event == entry.ref), None)
            if gone is not None:
                taken = stood.pop(gone)
                if taken.event in (DONE, SKIPPED):
                    undone.add((taken.guide, f"{taken.ref}:{UNDONE}"))
    return stood, undone


def _turns(stood: list[_Change]) -> list[tuple[_Change | None, str]]:
    """Each change of level: the step settled last before it, and whether it rose or fell."""
    turns: list[tuple[_Change | None, str]] = []
    before: _Change | None = None
    known = ""
    for change in stood:
        if change.event in (DONE, SKIPPED):
            before = change
            continue
        level = change.ref if change.event == "level" else _THREAT_LEVEL
        if known and level != known:
            turns.append((before, RISE if level > known else FALL))
        known = level
    return turns


def _seconds(note: IncidentNote) -> dict[str, int]:
    found: dict[str, int] = {}
    before = 0
    for step in sorted(note.walked, key=lambda step: step.at):
        found[step.phase] = found.get(step.phase, 0) + max(0, step.at - before)
        before = max(before, step.at)
    return found
