"""How events make the state: `begin` the first, `apply` one more, `replay` all of them. Nothing else changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

from msgspec.structs import replace

from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import LEVELS, PHASES, Checklist
from deescalate_tui.call.fields import THREAT_KIND
from deescalate_tui.call.session import (
    CORRECTIONS,
    LIMIT_TECHNIQUE,
    UNDO_DEPTH,
    Before,
    Call,
    Commitment,
    Dated,
    Guidance,
    Hold,
    Level,
    Limit,
    LogEntry,
    Mark,
    Opened,
    Override,
    Question,
    SessionState,
)
from deescalate_tui.call.timeline import reference
from deescalate_tui.call.trail import Trail
from deescalate_tui.call.unmask import unmask
from deescalate_tui.call.walk import first_open, heard, next_step, on_path


def begin(record: ev.Record) -> SessionState:
    """The state after the first record, which must be a `Started`."""
    started = record.event
    if not isinstance(started, ev.Started):
        raise ValueError("a session begins with a 'started' record")  # noqa: TRY004 - a record it is, but not the first
    call = Call(
        checklist=started.checklist,
        guidance=(_guidance(started.checklist, 0),),
        channel=started.channel,
        ticket=started.ticket,
    )
    call = replace(call, current=first_open(call))
    return SessionState(
        id=started.id,
        started_at=record.at,
        offset_min=started.offset_min,
        agent=started.agent,
        country=started.country,
        app_version=started.app_version,
        retention_days=started.retention_days,
        call=call,
        log=Trail((LogEntry(0, "started", started.checklist.id),)),
        seq=record.seq,
    )


def replay(records: Iterable[ev.Record]) -> SessionState:
    """The state that was on the screen after these records."""
    first, *rest = records
    return reduce(apply, rest, begin(first))


def apply(state: SessionState, record: ev.Record) -> SessionState:
    """The state after one more record. Never fails on a record that was decoded."""
    event = record.event
    state = replace(state, seq=record.seq, ms=max(record.ms, state.ms))
    kind = type(event)
    change = LogEntry(state.ms, str(event.__struct_config__.tag), reference(state, event))
    if kind in _CALL_CHANGES:
        state = _change_call(state, event, change)
    elif kind in _VIEW_CHANGES:
        state = _VIEW_CHANGES[kind](state, event)
    return state if kind in _UNLOGGED else replace(state, log=state.log.add(change))


def _change_call(state: SessionState, event: ev.Event, change: LogEntry) -> SessionState:
    """The new call, with the old one kept for undo and the question that led here closed."""
    call = on_path(_CALL_CHANGES[type(event)](state, event))
    past = state.past
    if call != state.call and not state.call.closing and not _completes(state, event):
        step = state.question.step if state.question is not None else ""
        past = (*past, Before(state.call, change, step))[-UNDO_DEPTH:]
    return replace(_without_draft(state), call=call, past=past, question=None, looking="")


def _completes(state: SessionState, event: ev.Event) -> bool:
    """Whether a step is done by the answer just given: one key, so one thing to undo."""
    if not isinstance(event, ev.StepDone) or state.question is not None or not state.past:
        return False
    return state.past[-1].step == event.step


def _without_draft(state: SessionState) -> SessionState:
    """The draft of the open question is used up."""
    key = state.question.draft_key if state.question is not None else ""
    if key not in state.drafts:
        return state
    return replace(state, drafts={name: text for name, text in state.drafts.items() if name != key})


def _guidance(checklist: Checklist, ms: int) -> Guidance:
    return Guidance(checklist.id, checklist.language, checklist.revision, checklist.sha256, checklist.title, ms)


def _heard_at(state: SessionState) -> int:
    """The time of the key that opened the input line; what is typed in it belongs there."""
    return state.question.ms if state.question is not None else state.ms


def _mark(state: SessionState, step_id: str, done: bool) -> Call:
    """A step is settled, and the walk goes on. What is done stays done, at its time."""
    call = state.call
    found = call.checklist.find(step_id)
    mark = Mark(done, found[0] if found else call.phase, state.ms)
    earlier = call.marks.get(step_id)
    marked = replace(call, marks={**call.marks, step_id: earlier if earlier is not None and earlier.done else mark})
    if step_id != call.current:
        return marked
    return replace(marked, current=next_step(marked, step_id))


def _take_checklist(state: SessionState, event: ev.ChecklistTaken) -> Call:
    """Another checklist: marks and answers stay, the place is the same step or the first open one of the phase."""
    old, new = state.call, event.checklist
    call = replace(old, checklist=new, guidance=(*old.guidance, _guidance(new, state.ms)))
    if call.offers(old.current) or not old.current:
        return call
    later = PHASES[PHASES.index(old.phase) :]
    place = next((s.id for p, s in call.path() if p in later and s.id not in call.marks), "")
    return replace(call, current=place)


def _promise(state: SessionState, event: ev.Promised) -> Call:
    call = state.call
    made = Commitment(event.what, event.due, _heard_at(state))
    answers = {**call.answers, "promise": event.what, "promise_due": event.due} if event.step else call.answers
    return replace(call, commitments=(*call.commitments, made), answers=answers)


def _change_promise(state: SessionState, event: ev.PromiseChanged) -> Call:
    """A commitment in other words, or with another date; it was made when it was made."""
    call = state.call
    if not 0 <= event.index < len(call.commitments):
        return call
    old = call.commitments[event.index]
    made = replace(old, what=event.what, due=event.due)
    answers = call.answers
    if (answers.get("promise"), answers.get("promise_due")) == (old.what, old.due):
        answers = {**answers, "promise": event.what, "promise_due": event.due}
    commitments = (*call.commitments[: event.index], made, *call.commitments[event.index + 1 :])
    return replace(call, commitments=commitments, answers=answers)


def _give_limit(state: SessionState, event: ev.LimitGiven) -> Call:
    """A rung was spoken: a step ahead that would set a limit is done with it. The place stays."""
    call = state.call
    call = replace(call, limits=(*call.limits, Limit(event.rung, event.id, event.behaviour, state.ms)))
    ahead = (step.id for _, step in call.path() if LIMIT_TECHNIQUE in step.techniques and step.id != call.current)
    step = next((step for step in ahead if step not in call.marks), "")
    return _mark(replace(state, call=call), step, done=True) if step else call


def _hear(state: SessionState, event: ev.LevelHeard) -> Call:
    call = state.call
    return heard(call, replace(call, levels=call.levels.add(Level(event.level, state.ms))))


def _hear_threat(state: SessionState, event: ev.ThreatHeard) -> Call:
    call, highest = state.call, max(LEVELS)
    levels = call.levels if call.level == highest else call.levels.add(Level(highest, state.ms))
    return heard(call, replace(call, levels=levels, answers={**call.answers, THREAT_KIND: event.kind}))


def _end_hold(state: SessionState, _: ev.HoldEnded) -> Call:
    if not state.call.on_hold:
        return state.call
    *earlier, last = state.call.holds
    return replace(state.call, holds=(*earlier, Hold(last.start, state.ms)))


def _begin_aftercare(state: SessionState, _: ev.AftercareBegun) -> Call:
    call = replace(state.call, aftercare=True)
    return replace(call, current=first_open(call))


_CALL_CHANGES: dict[type, Callable[[SessionState, Any], Call]] = {
    ev.ChecklistTaken: _take_checklist,
    ev.ChannelChanged: lambda s, e: replace(s.call, channel=e.channel),
    ev.StepDone: lambda s, e: _mark(s, e.step, done=True),
    ev.StepSkipped: lambda s, e: _mark(s, e.step, done=False),
    ev.WentTo: lambda s, e: replace(s.call, current=e.step),
    ev.LevelHeard: _hear,
    ev.ThreatHeard: _hear_threat,
    ev.LimitGiven: _give_limit,
    ev.FieldAnswered: lambda s, e: replace(s.call, answers={**s.call.answers, e.field: e.value}),
    ev.QuoteHeard: lambda s, e: replace(s.call, quotes=(*s.call.quotes, Dated(e.words, _heard_at(s)))),
    ev.NoteWritten: lambda s, e: replace(s.call, remarks=(*s.call.remarks, Dated(e.text, _heard_at(s)))),
    ev.Promised: _promise,
    ev.PromiseChanged: _change_promise,
    ev.RequestPinned: lambda s, e: replace(s.call, request=e.text),
    ev.TicketSet: lambda s, e: replace(s.call, ticket=e.ticket),
    ev.HoldBegun: lambda s, _: replace(s.call, holds=(*s.call.holds, Hold(s.ms))),
    ev.HoldEnded: _end_hold,
    ev.Ended: lambda s, e: replace(s.call, outcome=e.outcome),
    ev.EndedEarly: lambda s, _: replace(s.call, early=True),
    ev.RequestAnswered: lambda s, e: replace(s.call, answered=e.answer),
    ev.GateOverridden: lambda s, e: replace(s.call, overrides=(*s.call.overrides, Override(e.step, e.reason, s.ms))),
    ev.PromisesConfirmed: lambda s, _: replace(s.call, confirmed=True),
    ev.AftercareBegun: _begin_aftercare,
}


def _undo(state: SessionState, _: ev.Undone) -> SessionState:
    if not state.past:
        return state
    *earlier, last = state.past
    return replace(_left(state), call=last.call, past=tuple(earlier), question=None, looking="")


def _ask(state: SessionState, event: ev.Asked) -> SessionState:
    """Open a line. One that follows another at once has used up its draft; a second half keeps the first one's time."""
    ms = state.question.ms if event.held and state.question is not None else state.ms
    question = Question(event.kind, event.step, event.index, event.held, ms, event.tried)
    return replace(_without_draft(state), question=question, looking="")


def _draft(state: SessionState, event: ev.Drafted) -> SessionState:
    if state.question is None:
        return state
    return replace(state, drafts={**state.drafts, state.question.draft_key: event.text})


def _left(state: SessionState) -> SessionState:
    """Leave the line. A held first half becomes a draft again; a correction that was left is none."""
    question = state.question
    if question is not None and question.kind in CORRECTIONS:
        kept = {name: text for name, text in state.drafts.items() if name.split(":")[0] not in CORRECTIONS}
        return replace(state, question=None, drafts=kept)
    if question is None or not question.held:
        return replace(state, question=None)
    first = replace(question, kind=question.kind.removesuffix("_due")).draft_key
    return replace(state, question=None, drafts={**state.drafts, first: question.held})


def _open_card(state: SessionState, event: ev.CardOpened) -> SessionState:
    opened = Opened(event.card, event.title, state.ms)
    return replace(state, card=event.card, cards=(*state.cards, opened), question=None)


def _call_help(state: SessionState, event: ev.HelpCalled) -> SessionState:
    return replace(state, sign=event.kind, helps=(*state.helps, Dated(event.kind, state.ms)), question=None)


_VIEW_CHANGES: dict[type, Callable[[SessionState, Any], SessionState]] = {
    ev.Resumed: lambda s, _: replace(s, sign="", card=""),
    ev.Looked: lambda s, e: replace(s, looking="" if e.step == s.call.current else e.step),
    ev.Undone: _undo,
    ev.Unmasked: unmask,
    ev.Asked: _ask,
    ev.Drafted: _draft,
    ev.Left: lambda s, _: _left(s),
    ev.CardOpened: _open_card,
    ev.CardClosed: lambda s, _: replace(s, card=""),
    ev.HelpCalled: _call_help,
    ev.HelpLowered: lambda s, _: replace(s, sign=""),
    ev.Named: lambda s, _: replace(s, named=True),
    ev.Closed: lambda s, _: replace(s, closed=True, question=None, card="", sign=""),
}

_UNLOGGED = frozenset({ev.Looked, ev.Asked, ev.Drafted, ev.Left, ev.CardClosed, ev.HelpLowered, ev.Named, ev.Started})
