"""What a session leaves behind: the facts of a call, as frozen values. A pure function of the session's state.

Times are whole seconds: since the start in the body, ISO 8601 with the offset of the start in the front matter.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import groupby

import msgspec
from msgspec.structs import asdict

from deescalate_tui.call.checklist import CALL_PHASES, LEVELS, PHASES
from deescalate_tui.call.fields import FIELDS
from deescalate_tui.call.session import SessionState
from deescalate_tui.notes.front import SCHEMA, ChecklistRef, Front, LevelRange, Promise, StepCount

DONE, SKIPPED, OPEN = "done", "skipped", "open"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WIDEST_OFFSET = 24 * 60 - 1


class Walked(msgspec.Struct, frozen=True):
    """A step that was settled; `state` is `done`, `skipped` or, for a critical step left open, `open`."""

    phase: str
    id: str
    title: str
    at: int
    state: str
    reason: str = ""
    """Why a critical step was left open."""


class Answer(msgspec.Struct, frozen=True):
    """What was captured in a field: words typed, or a value of its choice."""

    field: str
    value: str


class Heard(msgspec.Struct, frozen=True):
    """A level, and when it was heard."""

    at: int
    level: int


class Given(msgspec.Struct, frozen=True):
    """A rung of the limit ladder that was spoken."""

    at: int
    rung: int
    id: str
    behaviour: str


class Said(msgspec.Struct, frozen=True):
    """Words with their time: the customer's, or the agent's own line."""

    at: int
    text: str


class Held(msgspec.Struct, frozen=True):
    """On hold from `start` to `end`; None where that lasted to the end of the session."""

    start: int
    end: int | None


class Opened(msgspec.Struct, frozen=True):
    """A card that was opened."""

    at: int
    id: str
    title: str


class Called(msgspec.Struct, frozen=True):
    """Help that was asked for by the silent sign."""

    at: int
    kind: str


class Happened(msgspec.Struct, frozen=True):
    """One line of the timeline: an event and the step, card or value it is about. Never typed text."""

    at: int
    event: str
    ref: str


class IncidentNote(Front, frozen=True):
    """The whole note. Steps and answers come phase by phase, all else in the order in which it happened."""

    walked: tuple[Walked, ...] = ()
    answers: tuple[Answer, ...] = ()
    """Without what the front matter says already."""
    levels: tuple[Heard, ...] = ()
    limits: tuple[Given, ...] = ()
    quotes: tuple[Said, ...] = ()
    remarks: tuple[Said, ...] = ()
    holds: tuple[Held, ...] = ()
    cards: tuple[Opened, ...] = ()
    helps: tuple[Called, ...] = ()
    timeline: tuple[Happened, ...] = ()


def phase_of(field: str) -> str:
    """The phase whose section shows the answer to a field."""
    return FIELDS[field].phase if field in FIELDS else CALL_PHASES[-1]


def note_name(note: Front) -> str:
    """Where the note lies below the notes folder: `YYYY/MM/YYYY-MM-DDTHHMMSSZ_<last 8 hex digits of the id>.md`.

    A correction has `_r2` (its revision) before the ending.
    """
    start = datetime.fromisoformat(note.started).astimezone(UTC)
    digits = re.sub("[^0-9a-f]", "", note.id.lower())
    revision = f"_r{note.revision}" if note.revision > 1 else ""
    return f"{start:%Y/%m/%Y-%m-%dT%H%M%S}Z_{digits[-8:]}{revision}.md"


def note_from(state: SessionState) -> IncidentNote:
    """The note of a session, finished or not; one that was left without an outcome is `aborted`."""
    call = state.call
    front = _front(state)
    return IncidentNote(
        **asdict(front),
        walked=_walked(state),
        answers=_answers(state, front),
        levels=tuple(Heard(heard.ms // 1000, heard.level) for heard in call.levels),
        limits=tuple(Given(limit.ms // 1000, limit.rung, limit.id, limit.behaviour) for limit in call.limits),
        quotes=tuple(Said(quote.ms // 1000, quote.text) for quote in call.quotes),
        remarks=tuple(Said(remark.ms // 1000, remark.text) for remark in call.remarks),
        holds=tuple(Held(h.start // 1000, None if h.end is None else h.end // 1000) for h in call.holds),
        cards=tuple(Opened(card.ms // 1000, card.id, card.title) for card in state.cards),
        helps=tuple(Called(sign.ms // 1000, sign.text) for sign in state.helps),
        timeline=tuple(Happened(entry.ms // 1000, entry.event, entry.ref) for entry in state.log),
    )


def _front(state: SessionState) -> Front:
    call, answers = state.call, state.call.answers
    return Front(
        schema=SCHEMA,
        id=state.id,
        started=_local(state, 0).isoformat(timespec="seconds"),
        ended=_local(state, state.ms).isoformat(timespec="seconds"),
        duration_s=state.ms // 1000,
        agent=state.agent,
        ticket=call.ticket,
        customer_type=call.checklist.id,
        types=tuple(key for key, _ in groupby(guidance.id for guidance in call.guidance)),
        language=call.checklist.language,
        country=state.country,
        channel=call.channel,
        checklists=tuple(ChecklistRef(g.id, g.language, g.revision, g.sha256) for g in call.guidance),
        level=LevelRange(call.levels[0].level if call.levels else None, call.peak, call.level),
        warnings=len(call.limits),
        outcome=call.outcome or "aborted",
        request=call.request or answers.get("request", ""),
        request_answered=call.answered,
        steps=_count(state),
        threat=call.peak == max(LEVELS) or any(f.startswith("threat_") and v for f, v in answers.items()),
        escalated_to=answers.get("helper", ""),
        commitments=tuple(Promise(made.what, made.due) for made in call.commitments),
        follow_up=answers.get("follow_up", ""),
        satisfaction=answers.get("satisfaction", ""),
        revision=1,
        expires=_expires(state).isoformat(),
        app_version=state.app_version,
    )


def _local(state: SessionState, ms: int) -> datetime:
    """A moment of the session by the local clock, as its offset was at the start."""
    offset = max(-_WIDEST_OFFSET, min(_WIDEST_OFFSET, state.offset_min))
    moment = _EPOCH + timedelta(milliseconds=state.started_at + ms)
    return moment.astimezone(timezone(timedelta(minutes=offset)))


def _expires(state: SessionState) -> date:
    start = _local(state, 0).date()
    return start + timedelta(days=max(0, min(state.retention_days, (date.max - start).days)))


def _count(state: SessionState) -> StepCount:
    """Settled steps count even where another type has replaced their checklist."""
    call = state.call
    phases = PHASES if call.aftercare else CALL_PHASES
    offered = {step.id for phase in phases for step in call.phase_path(phase)}
    done = sum(mark.done for mark in call.marks.values())
    return StepCount(done, len(call.marks) - done, len(offered - call.marks.keys()))


def _walked(state: SessionState) -> tuple[Walked, ...]:
    call = state.call
    titles = _titles(state)
    steps = {
        id_: Walked(mark.phase, id_, titles.get(id_, id_), mark.ms // 1000, DONE if mark.done else SKIPPED)
        for id_, mark in call.marks.items()
    }
    for override in call.overrides:
        id_, found = override.step, call.checklist.find(override.step)
        phase = found[0] if found else call.phase
        if id_ not in steps or steps[id_].state != DONE:
            steps[id_] = Walked(phase, id_, titles.get(id_, id_), override.ms // 1000, OPEN, override.reason)
    in_time = sorted(steps.values(), key=lambda step: step.at)
    return tuple(step for phase in PHASES for step in in_time if step.phase == phase)


def _titles(state: SessionState) -> dict[str, str]:
    """The headline of every step of this call: an earlier type's too, the language at the close first."""
    checklists = {id(before.call.checklist): before.call.checklist for before in state.past}
    closing = state.call.checklist
    in_turn = (*(checklist for checklist in checklists.values() if checklist != closing), closing)
    return {step.id: step.do for checklist in in_turn for _, step in checklist.steps()}


def _answers(state: SessionState, front: Front) -> tuple[Answer, ...]:
    """The answers that the front matter does not say, so that each is said once and none is lost."""
    answers = state.call.answers
    elsewhere = {
        "request": {front.request},
        "promise": {promise.what for promise in front.commitments},
        "promise_due": {promise.due for promise in front.commitments},
        "helper": {front.escalated_to},
        "follow_up": {front.follow_up},
        "satisfaction": {front.satisfaction},
    }
    own = [field for field in answers if answers[field] not in elsewhere.get(field, ())]
    order = [field for field in dict.fromkeys((*FIELDS, *own)) if field in own]
    return tuple(Answer(field, answers[field]) for phase in PHASES for field in order if phase_of(field) == phase)
