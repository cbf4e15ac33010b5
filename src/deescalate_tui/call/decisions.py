"""What comes of a command: the events it causes, or a notice why nothing happens. Pure.

`decide` asks nothing of the world: the local time is given, and what lies beside the checklist is in the `Book`.
"""

from __future__ import annotations

from datetime import datetime

from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.call.answers import after, answer, go_to, next_rung, open_question, settled
from deescalate_tui.call.checklist import LEVELS
from deescalate_tui.call.closing import next_closing
from deescalate_tui.call.commands import NOTHING, Decision
from deescalate_tui.call.fields import THREAT_KIND
from deescalate_tui.call.questions import Book, is_choice, next_ask
from deescalate_tui.call.session import SessionState


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
        case cmd.Unmask(kinds, masked, text):
            if not masked:
                return Decision(notice="notice.nothing-masked")
            return Decision((ev.Unmasked(kinds, masked, text),), "notice.unmasked")
    if state.sign:
        meant = _is_free(command) and not isinstance(command, cmd.Undo | cmd.ToggleHold)
        return _then((ev.HelpLowered(),), state, command if meant else None, book)
    if state.question is None:
        return _act(state, command, book)
    if is_choice(state) and not state.call.closing and _is_free(command):
        return _then((ev.Left(),), state, command, book)
    return answer(state, command, now, book)


def _is_free(command: cmd.Command) -> bool:
    """Whether a command means something beside a sign or a choice: nobody has to find the way out first."""
    if isinstance(command, cmd.Open):
        return command.kind != "help"
    return isinstance(command, cmd.Undo | cmd.Hear | cmd.NextRung | cmd.ToggleHold)


def _then(left: tuple[ev.AnyEvent, ...], state: SessionState, command: cmd.Command | None, book: Book) -> Decision:
    """What lies over the session is left, and then a command carried out."""
    if command is None:
        return Decision(left)
    done = _act(after(state, left), command, book)
    return Decision((*left, *done.events), done.notice)


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
            return go_to(state, step)
        case cmd.Hear(level):
            return _hear(state, level, book)
        case cmd.NextRung(behaviour):
            return _limit(state, behaviour, book)
        case cmd.Open(kind):
            return open_question(kind, book)
        case cmd.OpenCard(card):
            return _open_card(card, book)
        case cmd.ToggleHold():
            return Decision((ev.HoldEnded() if state.call.on_hold else ev.HoldBegun(),))
        case cmd.Leave():
            return _leave(state)
        case cmd.Close():
            return Decision((next_closing(state),))
    return NOTHING


def _done(state: SessionState) -> Decision:
    """The current step is done. While another one is looked at, the key only leads back: nothing is ticked unseen."""
    if state.card:
        return Decision((ev.CardClosed(),))
    if state.looking:
        return Decision((ev.Looked(),))
    if not state.call.current:
        return Decision((next_closing(state),))
    return settled(state, (next_ask(state.call, state.call.current),))


def _skip(state: SessionState) -> Decision:
    """Skip the current step; from one that is done already, just go on."""
    if state.card:
        return Decision((ev.CardClosed(),))
    current = state.call.current
    if not current:
        return NOTHING
    mark = state.call.marks.get(current)
    return settled(state, (ev.StepDone(current) if mark is not None and mark.done else ev.StepSkipped(current),))


def _look(state: SessionState, by: int) -> Decision:
    path = [step.id for _, step in state.call.path()]
    if not path or state.card:
        return NOTHING
    place = path.index(state.focus) if state.focus in path else len(path)
    target = path[max(0, min(len(path) - 1, place + by))]
    return NOTHING if target == state.focus else Decision((ev.Looked(target),))


def _hear(state: SessionState, level: int, book: Book) -> Decision:
    """A level. A threat asks at once which kind it is, as long as nobody said: the answer tells what to do."""
    if level not in LEVELS:
        return NOTHING
    unknown = level == max(LEVELS) and THREAT_KIND not in state.call.answers and book.forks()
    fork = (ev.Asked("fork"),) if unknown else ()
    if level == state.call.level:
        return Decision(fork) if fork else Decision(notice="notice.same-level")
    return Decision((ev.LevelHeard(level), *fork))


def _limit(state: SessionState, behaviour: str, book: Book) -> Decision:
    """The next rung; where the site counts behaviours apart, first which one it is."""
    if book.limits and not behaviour:
        return Decision((ev.Asked("behaviour"),))
    return next_rung(state, behaviour, book)


def _open_card(card_id: str, book: Book) -> Decision:
    card = book.cards.find(card_id) if book.cards is not None else None
    return Decision((ev.CardOpened(card.id, card.title),)) if card is not None else NOTHING


def _leave(state: SessionState) -> Decision:
    if state.card:
        return Decision((ev.CardClosed(),))
    return Decision((ev.Looked(),)) if state.looking else NOTHING
