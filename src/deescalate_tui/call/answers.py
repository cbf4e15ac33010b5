"""What comes of a command while a question is open, and what opens one. Pure.

Here is what `decisions` needs of the questions: `answer`, and the ways that lead into one and back to a step.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial, reduce

from msgspec.structs import replace

from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import LEVELS, Checklist
from deescalate_tui.call.closing import ends_early, next_closing
from deescalate_tui.call.commands import NOTHING, Decision
from deescalate_tui.call.entry import draft, entered
from deescalate_tui.call.fields import THREAT_KIND
from deescalate_tui.call.fold import apply
from deescalate_tui.call.questions import (
    ALL_PROMISED,
    FIELD,
    OPENED_BY_KEY,
    Book,
    ask_of,
    commitment_of,
    draft_of,
    has_promises,
    is_choice,
    is_date,
    next_ask,
    standing,
    values,
)
from deescalate_tui.call.session import ANSWERS, SessionState
from deescalate_tui.call.trail import Trail
from deescalate_tui.clean import clean
from deescalate_tui.dates import parse_due


def answer(state: SessionState, command: cmd.Command, now: datetime, book: Book) -> Decision:
    """A command while a question is open: only its answer, its draft, leaving it, or the emergency way."""
    match command:
        case cmd.Write(text):
            return _write(state, draft(state, clean(text), book))
        case cmd.Submit(text):
            typed = entered(state, clean(text).strip(), book)
            decision = _submit(state, typed.masked, now)
            return replace(decision, typed=typed) if decision.events else decision
        case cmd.Choose(value, checklist):
            return _choose(state, value, checklist, book)
        case cmd.Leave():
            return Decision((_left(state),))
        case cmd.Open("emergency"):
            opened = open_question("emergency", book)
            return Decision((_left(state), *opened.events)) if opened.events else opened
    return NOTHING


def _left(state: SessionState) -> ev.AnyEvent:
    """Leaving a question. The close is taken back with it: the call goes on."""
    return ev.Undone() if state.call.closing else ev.Left()


def go_to(state: SessionState, step_id: str) -> Decision:
    """Make a step of the path the current one, in sight."""
    if not state.call.offers(step_id):
        return NOTHING
    uncovered = (ev.CardClosed(),) if state.card else ()
    if step_id != state.call.current:
        return Decision((*uncovered, ev.WentTo(step_id)))
    return Decision(uncovered or ((ev.Looked(),) if state.looking else ()))


def next_rung(state: SessionState, behaviour: str, book: Book) -> Decision:
    """The rung of the ladder that comes next for a behaviour."""
    rungs = book.rungs(behaviour)
    given = sum(limit.behaviour == behaviour for limit in state.call.limits)
    if given >= len(rungs):
        left = (ev.Left(),) if state.question is not None else ()
        return Decision(left, "notice.ladder-done" if rungs else "notice.no-ladder")
    return Decision((ev.LimitGiven(given + 1, rungs[given].id, behaviour),))


def open_question(kind: str, book: Book) -> Decision:
    """A question that the agent opens by a key."""
    if kind not in OPENED_BY_KEY:
        return NOTHING
    if kind == "emergency" and book.cards is None:
        return Decision(notice="notice.no-cards")
    return Decision((ev.Asked(kind),))


def _write(state: SessionState, text: str) -> Decision:
    question = state.question
    assert question is not None
    same = is_choice(state) or draft_of(state) == text
    return NOTHING if same else Decision((ev.Drafted(text),))


def _submit(state: SessionState, text: str, now: datetime) -> Decision:
    question = state.question
    assert question is not None
    if is_choice(state) and not (question.kind == FIELD and not text):
        return NOTHING
    if question.kind == "reason":
        return _override(state, text)
    what = text or standing(state)
    if question.kind in ("promise", "change") and what:
        return Decision((ev.Asked(f"{question.kind}_due", question.step, question.index, held=what),))
    if is_date(state) and text:
        due = parse_due(text, state.call.checklist.language, now)
        if not due and text != question.tried:
            again = ev.Asked(question.kind, question.step, question.index, question.held, tried=text)
            return Decision((again, ev.Drafted(text)), "notice.date-unclear")
        text = due or text
    event = _typed(state, text)
    events = (event,) if event is not None else ()
    if question.step:
        return _go_on(state, events)
    if state.call.closing:
        return _close_on(state, events or (() if has_promises(state.call) else (ev.PromisesConfirmed(),)))
    return Decision(events or (*_write(state, "").events, ev.Left()))


def _go_on(state: SessionState, events: tuple[ev.AnyEvent, ...]) -> Decision:
    """An answer within a step, and what the step asks next."""
    question = state.question
    assert question is not None
    return settled(state, (*events, next_ask(state.call, question.step, question.index + 1)))


def settled(state: SessionState, events: tuple[ev.AnyEvent, ...]) -> Decision:
    """Events that may end a step. The last one of the aftercare completes the session."""
    if not (state.call.aftercare and isinstance(events[-1], ev.StepDone | ev.StepSkipped)):
        return Decision(events)
    then = after(state, events)
    whole = all(step.id in then.call.marks for _, step in then.call.path())
    return Decision((*events, next_closing(then)) if whole else events)


def _typed(state: SessionState, text: str) -> ev.AnyEvent | None:
    """The event that a finished line causes; none for an empty one, except that a promise needs no date."""
    question, ask = state.question, ask_of(state)
    assert question is not None
    if question.kind == "promise_due" and question.held:
        return ev.Promised(question.held, text, question.step)
    made = commitment_of(state)
    if question.kind == "change_due" and made is not None:
        changed = ev.PromiseChanged(question.index, question.held, text or made.due)
        return changed if (changed.what, changed.due) != (made.what, made.due) else None
    if not text:
        return None
    if question.kind == FIELD:
        return ev.FieldAnswered(ask.field, text) if ask is not None else None
    events: dict[str, Callable[[str], ev.AnyEvent]] = {
        "quote": ev.QuoteHeard,
        "note": ev.NoteWritten,
        "request": ev.RequestPinned,
        "ticket": ev.TicketSet,
        "follow_up": partial(ev.FieldAnswered, "follow_up"),
    }
    return events[question.kind](text) if question.kind in events else None


def _override(state: SessionState, reason: str) -> Decision:
    if not reason:
        return Decision(notice="notice.reason-needed")
    assert state.question is not None
    return _close_on(state, (ev.GateOverridden(state.question.step, reason),))


def _choose(state: SessionState, value: str, checklist: Checklist | None, book: Book) -> Decision:
    question = state.question
    assert question is not None
    if value not in values(state, book):
        return NOTHING
    if question.kind in ("type", "language"):
        return _take(state, checklist)
    if question.kind == "gate":
        return _gate(state, question.step, value)
    if question.kind in ("answered", "confirm"):
        return _read_over(state, value)
    if question.kind in ("emergency", "fork"):
        return _emergency(state, value, book)
    if question.kind == "behaviour":
        return next_rung(state, value, book)
    if question.kind in ("early", "abort"):
        early = (ev.EndedEarly(),) if question.kind == "early" else ()
        return _close_on(state, early) if value == "end" else Decision((_left(state),))
    event = _chosen(state, value)
    if value == "ended-by-agent" and ends_early(state, book):
        return Decision((event, ev.Asked("early")))
    if value == "aborted" and (state.call.marks or state.call.commitments):
        return Decision((event, ev.Asked("abort")))
    if question.kind == "outcome":
        return _close_on(state, (event,))
    if question.kind == FIELD:
        return _go_on(state, (event,))
    return Decision((event,))


def _chosen(state: SessionState, value: str) -> ev.AnyEvent:
    question, ask = state.question, ask_of(state)
    assert question is not None
    if question.kind == FIELD and ask is not None:
        return ev.FieldAnswered(ask.field, value)
    if question.kind == "channel" and value == state.call.channel:
        return ev.Left()
    made: dict[str, Callable[[str], ev.AnyEvent]] = {
        "channel": ev.ChannelChanged,
        "outcome": ev.Ended,
        "help": ev.HelpCalled,
    }
    return made[question.kind](value)


def _emergency(state: SessionState, value: str, book: Book) -> Decision:
    """An emergency card. Those of a threat say which kind was heard, and with it the level."""
    card = book.cards.find(value) if book.cards is not None else None
    opened = ev.CardOpened(value, card.title if card is not None else "")
    kind = book.forks().get(value, "")
    known = not kind or (state.call.answers.get(THREAT_KIND) == kind and state.call.level == max(LEVELS))
    return Decision((opened,) if known else (ev.ThreatHeard(kind), opened))


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
        return Decision((left, *go_to(after(state, (left,)), step).events))
    return _close_on(state, (ev.StepDone(step),))


def _read_over(state: SessionState, value: str) -> Decision:
    """Whether the request was answered, and what is promised stands: one key. Or the line for one promise more, or for
    one that is to be corrected; then both are asked again."""
    asked = {"add": ev.Asked("promise"), "follow_up": ev.Asked("follow_up")}
    if value in (*ANSWERS, ALL_PROMISED):
        confirmed = (ev.PromisesConfirmed(),) if has_promises(state.call) and not state.call.confirmed else ()
        return _close_on(state, (*((ev.RequestAnswered(value),) if value in ANSWERS else ()), *confirmed))
    return Decision((asked[value] if value in asked else ev.Asked("change", index=int(value)),))


def _close_on(state: SessionState, events: tuple[ev.AnyEvent, ...]) -> Decision:
    """These events, and what the close asks next."""
    return Decision((*events, next_closing(after(state, events))))


def after(state: SessionState, events: tuple[ev.AnyEvent, ...]) -> SessionState:
    """The state once these events are recorded, for deciding what follows them; the log stays out of it."""
    return reduce(apply, (ev.Record(state.seq, 0, state.ms, event) for event in events), replace(state, log=Trail()))
