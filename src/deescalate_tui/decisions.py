"""What comes of a command: the events it causes, or a notice why nothing happens. Pure.

`decide` asks nothing of the world: the local time is given, and what lies beside the checklist is in the `Book`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import reduce

import msgspec
from msgspec.structs import replace

from deescalate_tui import commands as cmd
from deescalate_tui import events as ev
from deescalate_tui.checklist import LEVELS, Checklist
from deescalate_tui.clean import clean
from deescalate_tui.closing import next_closing
from deescalate_tui.dates import parse_due
from deescalate_tui.fold import apply
from deescalate_tui.questions import FIELD, OPENED_BY_KEY, Book, ask_of, is_choice, is_date, next_ask, values
from deescalate_tui.session import SessionState
from deescalate_tui.trail import Trail


class Decision(msgspec.Struct, frozen=True):
    """The events to record, in order; or, where there is none, the catalogue key of a line that says why."""

    events: tuple[ev.AnyEvent, ...] = ()
    notice: str = ""


NOTHING = Decision()


def decide(state: SessionState, command: cmd.Command, now: datetime, book: Book) -> Decision:
    """What comes of `command`. `now` is local and aware; only dates in words need it."""
    if state.closed:
        return NOTHING
    match command:
        case cmd.Resume():
            torn = state.call.closing and state.question is None
            return Decision((ev.Resumed(), next_closing(state)) if torn else (ev.Resumed(),))
        case cmd.Abandon():
            return Decision((*(() if state.call.outcome else (ev.Ended("aborted"),)), ev.Closed()))
    if state.sign:
        emergency = _open("emergency", book).events if command == cmd.Open("emergency") else ()
        return Decision((ev.HelpLowered(), *emergency))
    if state.question is not None:
        return _answer(state, command, now, book)
    return _act(state, command, book)


def _act(state: SessionState, command: cmd.Command, book: Book) -> Decision:
    """A command while no question is open."""
    match command:
        case cmd.Done():
            return _done(state)
        case cmd.Confirm():
            looking = state.looking and not state.card
            return Decision((ev.WentTo(state.looking),)) if looking else _done(state)
        case cmd.Skip():
            return _skip(state)
        case cmd.Undo():
            return Decision((ev.Undone(),)) if state.past else Decision(notice="notice.nothing-to-undo")
        case cmd.Look(by):
            return _look(state, by)
        case cmd.GoTo(step):
            return _go_to(state, step)
        case cmd.Hear(level):
            return _hear(state, level)
        case cmd.NextRung(behaviour):
            return _next_rung(state, behaviour, book)
        case cmd.Open(kind):
            return _open(kind, book)
        case cmd.OpenCard(card):
            return _open_card(card, book)
        case cmd.ToggleHold():
            return Decision((ev.HoldEnded() if state.call.on_hold else ev.HoldBegun(),))
        case cmd.Leave():
            return _leave(state)
        case cmd.Close():
            return Decision((next_closing(state),))
    return NOTHING


def _answer(state: SessionState, command: cmd.Command, now: datetime, book: Book) -> Decision:
    """A command while a question is open: only its answer, its draft, leaving it, or the emergency way."""
    match command:
        case cmd.Write(text):
            return _write(state, clean(text))
        case cmd.Submit(text):
            return _submit(state, clean(text).strip(), now)
        case cmd.Choose(value, checklist):
            return _choose(state, value, checklist, book)
        case cmd.Leave():
            return Decision((_left(state),))
        case cmd.Open("emergency"):
            opened = _open("emergency", book)
            return Decision((_left(state), *opened.events)) if opened.events else opened
    return NOTHING


def _left(state: SessionState) -> ev.AnyEvent:
    """Leaving a question. The close is taken back with it: the call goes on."""
    return ev.Undone() if state.call.closing else ev.Left()


def _done(state: SessionState) -> Decision:
    if state.card:
        return Decision((ev.CardClosed(),))
    if not state.call.current:
        return Decision((next_closing(state),))
    return Decision((next_ask(state.call, state.call.current),))


def _skip(state: SessionState) -> Decision:
    """Skip the current step; from one that is done already, just go on."""
    if state.card:
        return Decision((ev.CardClosed(),))
    current = state.call.current
    if not current:
        return NOTHING
    mark = state.call.marks.get(current)
    return Decision((ev.StepDone(current) if mark is not None and mark.done else ev.StepSkipped(current),))


def _look(state: SessionState, by: int) -> Decision:
    path = [step.id for _, step in state.call.path()]
    if not path or state.card:
        return NOTHING
    place = path.index(state.focus) if state.focus in path else len(path)
    target = path[max(0, min(len(path) - 1, place + by))]
    return NOTHING if target == state.focus else Decision((ev.Looked(target),))


def _go_to(state: SessionState, step_id: str) -> Decision:
    if not any(step.id == step_id for _, step in state.call.path()):
        return NOTHING
    uncovered = (ev.CardClosed(),) if state.card else ()
    if step_id != state.call.current:
        return Decision((*uncovered, ev.WentTo(step_id)))
    return Decision(uncovered or ((ev.Looked(),) if state.looking else ()))


def _hear(state: SessionState, level: int) -> Decision:
    if level not in LEVELS:
        return NOTHING
    return Decision(notice="notice.same-level") if level == state.call.level else Decision((ev.LevelHeard(level),))


def _next_rung(state: SessionState, behaviour: str, book: Book) -> Decision:
    rungs = book.rungs()
    given = sum(limit.behaviour == behaviour for limit in state.call.limits)
    if given >= len(rungs):
        return Decision(notice="notice.ladder-done" if rungs else "notice.no-ladder")
    return Decision((ev.LimitGiven(given + 1, rungs[given].id, behaviour),))


def _open(kind: str, book: Book) -> Decision:
    if kind not in OPENED_BY_KEY:
        return NOTHING
    if kind == "emergency" and book.cards is None:
        return Decision(notice="notice.no-cards")
    return Decision((ev.Asked(kind),))


def _open_card(card_id: str, book: Book) -> Decision:
    card = book.cards.find(card_id) if book.cards is not None else None
    return Decision((ev.CardOpened(card.id, card.title),)) if card is not None else NOTHING


def _leave(state: SessionState) -> Decision:
    if state.card:
        return Decision((ev.CardClosed(),))
    return Decision((ev.Looked(),)) if state.looking else NOTHING


def _write(state: SessionState, text: str) -> Decision:
    question = state.question
    assert question is not None
    same = is_choice(state) or state.drafts.get(question.draft_key, "") == text
    return NOTHING if same else Decision((ev.Drafted(text),))


def _submit(state: SessionState, text: str, now: datetime) -> Decision:
    question = state.question
    assert question is not None
    if is_choice(state) and not (question.kind == FIELD and not text):
        return NOTHING
    if question.kind == "reason":
        return _override(state, text)
    if question.kind == "promise" and text:
        return Decision((ev.Asked("promise_due", question.step, question.index, held=text),))
    if is_date(state) and text:
        text = parse_due(text, state.call.checklist.language, now) or text
    event = _typed(state, text)
    events = (event,) if event is not None else ()
    if question.step:
        return _go_on(state, events)
    return Decision(events or (*_write(state, "").events, ev.Left()))


def _go_on(state: SessionState, events: tuple[ev.AnyEvent, ...]) -> Decision:
    """An answer within a step, and what the step asks next."""
    question = state.question
    assert question is not None
    return Decision((*events, next_ask(state.call, question.step, question.index + 1)))


def _typed(state: SessionState, text: str) -> ev.AnyEvent | None:
    """The event that a finished line causes; none for an empty one, except that a promise needs no date."""
    question, ask = state.question, ask_of(state)
    assert question is not None
    if question.kind == "promise_due" and question.held:
        return ev.Promised(question.held, text, question.step)
    if not text:
        return None
    if question.kind == FIELD:
        return ev.FieldAnswered(ask.field, text) if ask is not None else None
    made: dict[str, Callable[[str], ev.AnyEvent]] = {
        "quote": ev.QuoteHeard,
        "note": ev.NoteWritten,
        "request": ev.RequestPinned,
        "ticket": ev.TicketSet,
    }
    return made[question.kind](text) if question.kind in made else None


def _override(state: SessionState, reason: str) -> Decision:
    if not reason:
        return Decision(notice="notice.reason-needed")
    assert state.question is not None
    events = (ev.GateOverridden(state.question.step, reason),)
    return Decision((*events, next_closing(_after(state, events))))


def _choose(state: SessionState, value: str, checklist: Checklist | None, book: Book) -> Decision:
    question = state.question
    assert question is not None
    if value not in values(state, book):
        return NOTHING
    if question.kind in ("type", "language"):
        return _take(state, checklist)
    if question.kind == "gate":
        return _gate(state, question.step, value)
    event = _chosen(state, value, book)
    if question.kind in ("outcome", "answered"):
        return Decision((event, next_closing(_after(state, (event,)))))
    if question.kind == FIELD:
        return _go_on(state, (event,))
    return Decision((event,))


def _chosen(state: SessionState, value: str, book: Book) -> ev.AnyEvent:
    question, ask = state.question, ask_of(state)
    assert question is not None
    if question.kind == FIELD and ask is not None:
        return ev.FieldAnswered(ask.field, value)
    if question.kind == "emergency":
        card = book.cards.find(value) if book.cards is not None else None
        return ev.CardOpened(value, card.title if card is not None else "")
    if question.kind == "channel" and value == state.call.channel:
        return ev.Left()
    made: dict[str, Callable[[str], ev.AnyEvent]] = {
        "channel": ev.ChannelChanged,
        "outcome": ev.Ended,
        "answered": ev.RequestAnswered,
        "help": ev.HelpCalled,
    }
    return made[question.kind](value)


def _take(state: SessionState, checklist: Checklist | None) -> Decision:
    """Another type or language. Choosing the one in use changes nothing."""
    if checklist is None:
        return Decision(notice="notice.no-checklist")
    present = state.call.checklist
    same = (checklist.id, checklist.language) == (present.id, present.language)
    return Decision((ev.Left() if same else ev.ChecklistTaken(checklist),))


def _gate(state: SessionState, step: str, value: str) -> Decision:
    if value == "leave":
        return Decision((ev.Asked("reason", step),))
    if value == "back":
        left = _left(state)
        return Decision((left, *_go_to(_after(state, (left,)), step).events))
    events = (ev.StepDone(step),)
    return Decision((*events, next_closing(_after(state, events))))


def _after(state: SessionState, events: tuple[ev.AnyEvent, ...]) -> SessionState:
    """The state once these events are recorded, for deciding what follows them; the log stays out of it."""
    return reduce(apply, (ev.Record(state.seq, 0, state.ms, event) for event in events), replace(state, log=Trail()))
