"""What holds of every session, whatever is pressed, typed or found in a journal."""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import partial
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from samples import BOOK as PLAIN_BOOK
from samples import CARDS, CHECKLISTS, FORK_CARDS, STARTED_AT, STEP_IDS, applied, begun, recorded, started, taking
from samples import decided as decided_with
from samples import play as play_with

from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import LEVELS
from deescalate_tui.call.closing import has_promises, open_gates
from deescalate_tui.call.fields import PERSONAL
from deescalate_tui.call.fold import apply, begin, replay
from deescalate_tui.call.questions import KINDS, OPENED_BY_KEY, ask_of, is_choice, values
from deescalate_tui.call.session import ANSWERS, OUTCOMES, UNDO_DEPTH, SessionState

BOOK = replace(
    PLAIN_BOOK,
    cards=replace(CARDS, cards=(*FORK_CARDS, *CARDS.cards[1:])),
    limits={"insult": 2, "threat": 1},
    masks={kind: kind for kind in PERSONAL} | {"email": "E-Mail"},
)
"""A site that counts limits apart, and has both cards of the fork."""

TYPED = "Geheim"
"""Stands in every text that is typed, so that it can be found where it must not be."""

SELDOM = {"early", "abort", "follow_up"}
"""Questions that a walk at random may pass by; each has tests of its own."""
PROMISES = ("confirm", "promise", "promise_due", "change", "change_due", "follow_up")
ASKED_AT_THE_CLOSE = ("early", "abort", "answered", "gate", "reason", *PROMISES)
TO_THE_PROMISES = (
    *(cmd.Open("promise"), cmd.Submit(TYPED), cmd.Submit("")),
    *(cmd.GoTo("wrap-up"), cmd.Done(), cmd.Choose("satisfied"), cmd.Submit(TYPED)),
    *(cmd.Close(), cmd.Choose("resolved"), cmd.Choose("done"), cmd.Choose("done")),
)
"""A promise and a next contact, up to where they are to be confirmed."""


decided = partial(decided_with, book=BOOK)
play = partial(play_with, book=BOOK)


def fitting(state: SessionState) -> list[cmd.Command]:
    """The answers to the open question, or keys that go on."""
    if state.question is None:
        return [cmd.Done(), cmd.Done(), cmd.Skip(), *map(cmd.Hear, LEVELS), cmd.Undo(), cmd.Close()]
    if not is_choice(state):
        return [cmd.Submit(TYPED), cmd.Submit(TYPED), cmd.Submit(""), cmd.Leave()]
    mapped = state.question.kind in ("type", "language")
    return [taking(value, state) if mapped else cmd.Choose(value) for value in values(state, BOOK)]


def uncovered(state: SessionState) -> SessionState:
    """The same session once a sign and an open question are left."""
    return play(state, *[cmd.Leave()] * (bool(state.sign) + (state.question is not None)))


class Session:
    """A session led key by key. After each one it is checked against all that holds of every session."""

    def __init__(self, kind: str = "aggressive", channel: str = "phone") -> None:
        self.records = [started(kind, "de", channel)]
        self.state = self.before = begin(self.records[0])
        self.replayed = begin(ev.decode(ev.encode(self.records[0])))
        self.before_close = self.state.call
        self.events: tuple[Any, ...] = ()
        self.gates: list[str] = []

    def press(self, command: cmd.Command, later_ms: int = 1000) -> None:
        """Decide, write, apply, read back what was written, and check."""
        self.before, self.events = self.state, decided(self.state, command).events
        if not self.state.call.closing:
            self.before_close, self.gates = self.state.call, []
        for record in recorded(self.state, self.events, later_ms):
            self.records.append(record)
            self.state = apply(self.state, record)
            self.replayed = apply(self.replayed, ev.decode(ev.encode(record)))
        self.gates += [one.step for one in self.events if isinstance(one, ev.Asked) and one.kind == "gate"]
        for holds in (self.the_journal, self.the_walk, self.the_log, self.undo, self.questions, self.the_close):
            holds()

    def the_journal(self) -> None:
        """It gives back what is on the screen."""
        assert self.replayed == self.state

    def the_walk(self) -> None:
        """The current step is offered, and what is done stays done."""
        call = self.state.call
        assert call.current in {"", *(step.id for _, step in call.path())}
        assert not self.state.looking or self.state.looking != call.current
        if ev.Undone() not in self.events:
            for step, mark in self.before.call.marks.items():
                assert call.marks[step] == mark or not mark.done

    def the_log(self) -> None:
        """It only grows, its times never go back, and it holds nothing that was typed."""
        log, earlier = list(self.state.log), list(self.before.log)
        times = [entry.ms for entry in log]
        assert log[: len(earlier)] == earlier
        assert times == sorted(times)
        assert self.before.ms <= self.state.ms
        assert TYPED not in repr(log)

    def undo(self) -> None:
        """After any key that changed the call, undo gives it back as it was; the close is one thing to undo."""
        before, now = self.before.call, self.state.call
        left = before.closing and now == self.before_close
        if now == before or left or self.state.closed or ev.Undone() in self.events:
            return
        undone = uncovered(self.state) if now.closing else play(uncovered(self.state), cmd.Undo())
        assert undone.call == (self.before_close if before.closing or now.closing else before)

    def questions(self) -> None:
        """Nothing answered is asked again, gates only once and never on the emergency way."""
        question, ask, call = self.state.question, ask_of(self.state), self.state.call
        if question is not None and ask is not None:
            assert ask.field not in call.answers
            assert question.kind != "request" or not call.request
        if question is not None and question.kind in ("gate", "reason"):
            assert call.peak != max(LEVELS)
            assert call.outcome != "aborted"
        assert len(set(self.gates)) == len(self.gates)

    def the_close(self) -> None:
        """No aftercare without an outcome, no outcome without its close; few keys lead to the end, which is final."""
        call, question = self.state.call, self.state.question
        assert call.outcome or not (call.aftercare or call.answered or call.overrides or call.confirmed)
        assert not call.closing or self.state.closed or question.kind in ASKED_AT_THE_CLOSE
        assert self.state == self.before or not self.before.closed
        if not self.state.closed:
            self.close()

    def close(self) -> None:
        """Leave what is open; x; outcome, answer, a key for each gate; the promises, if there are any; x."""
        state = uncovered(self.state)
        for _ in range(4 + len(open_gates(state.call)) + has_promises(state.call)):
            key = cmd.Choose(values(state, BOOK)[0]) if state.question is not None else cmd.Close()
            state = play(state, key)
        assert state.closed


# --- any keys

hostile = st.text(st.characters(exclude_categories=()), max_size=6)
texts = st.one_of(
    st.sampled_from(["", " ", "\n", "morgen", "2026-11-27 14:00", f"{TYPED} a@b.de"]),
    hostile.map(lambda tail: TYPED + tail),
)
steps = st.sampled_from([*STEP_IDS, "unheard-of", ""])
answers = st.sampled_from([*OUTCOMES, *ANSWERS, "done", "leave", "back", "suicide", "email", "direct", "nl", "police"])
any_checklist = st.sampled_from(sorted(CHECKLISTS)).map(CHECKLISTS.__getitem__)
any_command = st.one_of(
    st.sampled_from([cmd.Done(), cmd.Confirm(), cmd.Skip(), cmd.Undo(), cmd.ToggleHold(), cmd.Leave(), cmd.Close()]),
    st.builds(cmd.Look, st.integers(-3, 3) | st.integers()),
    st.builds(cmd.GoTo, steps),
    st.builds(cmd.Hear, st.sampled_from(LEVELS) | st.integers()),
    st.builds(cmd.NextRung, st.sampled_from(["", "insult"])),
    st.builds(cmd.Open, st.sampled_from(OPENED_BY_KEY) | st.sampled_from([*KINDS, "unheard-of"])),
    st.builds(cmd.Write, texts),
    st.builds(cmd.Submit, texts),
    st.builds(
        cmd.Unmask, st.just("email"), st.sampled_from([TYPED, f"{TYPED} [E-Mail]", ""]), st.just(f"{TYPED} a@b.de")
    ),
    st.builds(cmd.Choose, answers | hostile, st.none() | any_checklist),
    st.builds(cmd.OpenCard, st.sampled_from(["crying", "suicide", "unheard-of"])),
    st.just(cmd.Resume()),
)
any_key = st.one_of(st.integers(0, 11), any_command, st.sampled_from(OPENED_BY_KEY).map(cmd.Open))
"""A command, or the number of one that fits."""


def led(session: Session, keys: Iterable[cmd.Command | int], later_ms: int = 1000) -> Session:
    """The session after these keys."""
    for key in keys:
        options = fitting(session.state)
        session.press(options[key % len(options)] if isinstance(key, int) else key, later_ms)
    return session


@given(
    kind=st.sampled_from(["aggressive", "direct"]),
    channel=st.sampled_from(["phone", "email"]),
    later_ms=st.integers(-5000, 5000),
    keys=st.lists(any_key, min_size=15, max_size=50),
)
@settings(max_examples=120)
def test_whatever_is_pressed_a_session_keeps_its_word(kind: str, channel: str, later_ms: int, keys: list[Any]):
    session = led(Session(kind, channel), keys, later_ms)
    assert replay(ev.decode(ev.encode(record)) for record in session.records) == session.state


@pytest.mark.parametrize("seed", range(4))
def test_call_after_call_a_session_keeps_its_word(seed: int):
    pick = random.Random(seed)
    reached = set()
    for call in range(70):
        session = Session(pick.choice(["aggressive", "direct"]), pick.choice(["phone", "email"]))
        led(session, TO_THE_PROMISES if call % 2 else ())
        for _ in range(60):
            opened = session.state.question
            reached |= {opened.kind if opened is not None else "", session.state.call.phase}
            fits = fitting(session.state)
            others = [
                cmd.OpenCard("crying"),
                cmd.GoTo(pick.choice(STEP_IDS)),
                cmd.Look(pick.randint(-4, 4)),
                cmd.Confirm(),
                cmd.NextRung(),
            ]
            keys = [*fits, *fits, *map(cmd.Open, OPENED_BY_KEY), *others]
            led(session, [pick.choice(fits if session.state.call.closing else keys)])
    assert reached >= {*KINDS, "", "control", "assess", "resolve", "aftercare"} - SELDOM


# --- journals that no session of ours would write

words = st.sampled_from(["", *STEP_IDS, *KINDS, "cause", "possible", "nein"]) | st.text(max_size=4)
numbers = st.sampled_from([-9, -1, 0, 1, 2, 4, 99]) | st.integers()


def wild(kind: type) -> st.SearchStrategy[Any]:
    """Any event of this kind, with words and numbers of any kind."""
    made = dict.fromkeys(("level", "rung", "index", "offset_min", "retention_days"), numbers)
    made["checklist"] = any_checklist
    return st.builds(kind, **{name: made.get(name, words) for name in kind.__struct_fields__})


any_event = st.one_of([wild(kind) for kind in ev.Event.__subclasses__()])


def read_back(record: ev.Record) -> ev.Record:
    """The record from its line; itself where reading refuses it, for the core bears it all the same."""
    try:
        return ev.decode(ev.encode(record))
    except msgspec.DecodeError:
        return record


@given(st.lists(any_event, max_size=40), st.lists(any_command, max_size=10))
@settings(max_examples=150)
def test_no_journal_however_odd_breaks_the_session(events: list[Any], commands: list[cmd.Command]):
    state = replayed = begun()
    for place, event in enumerate(events, 1):
        record = ev.Record(place, STARTED_AT, place * 10, event)
        state = apply(state, record)
        replayed = apply(replayed, read_back(record))
        path = [step.id for _, step in state.call.path()]
        assert [step.id for _, step in state.call.checklist.steps() if state.call.offers(step.id)] == path
        assert state.call.current in {"", *path}
        assert not state.call.offers("")
    assert replayed == state
    play(state, *commands)
    assert play(state, cmd.Abandon()).closed or state.closed


@given(st.lists(any_event, max_size=30), any_event)
@settings(max_examples=100)
def test_after_any_journal_undo_gives_back_the_call_before_the_last_change(events: list[Any], last: Any):
    state = applied(begun(), *events)
    later = applied(state, last)
    if len(later.past) > len(state.past):
        assert applied(later, ev.Undone()).call == state.call


# --- long sessions


def walk(count: int, seed: int) -> SessionState:
    """A session after so many keys at random; a key that would close it is not pressed."""
    pick = random.Random(seed)
    state = begun()
    others = (cmd.Open("quote"), cmd.Open("promise"), cmd.Open("type"), cmd.Look(1), cmd.ToggleHold(), cmd.NextRung())
    for _ in range(count):
        command = pick.choice(fitting(state) if state.question is not None or pick.random() < 0.7 else others)
        if ev.Closed() not in decided(state, command).events:
            state = play(state, command)
    return state


def test_a_walk_of_twenty_thousand_keys_is_led_in_seconds():
    state = walk(20_000, seed=1)
    assert len(state.past) <= UNDO_DEPTH
    assert len(state.log) > 5_000


def test_a_session_that_goes_on_never_copies_its_log_nor_its_levels():
    state = begun()
    levels = state.call.levels._shared
    assert play(state, *map(cmd.Hear, LEVELS[:3]), cmd.Skip(), cmd.Undo(), cmd.Hear(1)).call.levels._shared is levels
    state = begun()
    shared = state.log._shared
    replies = (cmd.Submit("a"), cmd.Submit("b"), cmd.Close(), cmd.Choose("resolved"), cmd.Choose("done"), cmd.Leave())
    assert play(state, cmd.GoTo("ask-trigger"), cmd.Done(), *replies).log._shared is shared
