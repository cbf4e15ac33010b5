"""Two customer types in two languages, what lies beside them, and a session led by hand.

`aggressive` has a step of every kind, `direct` is short and lacks some of its steps. The words do not matter
here, the structure does: a step's headline is its id and its language.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import (
    CRITICAL,
    Ask,
    Card,
    Cards,
    Checklist,
    Condition,
    Ladder,
    Option,
    Pace,
    Phase,
    Rung,
    Step,
)
from deescalate_tui.call.commands import Decision
from deescalate_tui.call.decisions import decide
from deescalate_tui.call.fields import FIELDS
from deescalate_tui.call.fold import apply, begin
from deescalate_tui.call.questions import Book
from deescalate_tui.call.session import SessionState

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=timezone(timedelta(hours=1)))
STARTED_AT = 1_795_352_700_000
PHONE, EMAIL = Condition(channels=("phone",)), Condition(channels=("email",))
LIMIT, THREAT = Condition(levels=(3,)), Condition(levels=(4,))
KEEPING_CALM = Condition(levels=(0, 1, 2))


def asking(*fields: str) -> tuple[Ask, ...]:
    """Asks for these fields, each with its registered kind and options."""
    return tuple(
        Ask(name, name, FIELDS[name].kind, tuple(Option(value, value) for value in FIELDS[name].options))
        for name in fields
    )


def checklist(type_id: str, language: str, phases: dict[str, tuple[Step, ...]]) -> Checklist:
    """A checklist of these steps."""
    named = {
        phase: Phase(phase, tuple(_in_language(step, language) for step in steps)) for phase, steps in phases.items()
    }
    return Checklist(
        id=type_id,
        language=language,
        revision=1,
        reviewed="2026-11-22",
        title=f"{type_id} ({language})",
        summary="...",
        cooperating=type_id == "direct",
        recognise=("...",),
        reminders=("...",),
        sha256=f"{type_id}-{language}",
        **named,
    )


def _in_language(step: Step, language: str) -> Step:
    return Step(
        step.id, f"{step.id} ({language})", ask=step.ask, only=step.only, gate=step.gate, pace=step.pace, say=step.say
    )


_THREAT = Step("threat", "", only=THREAT, ask=asking("threat_words", "threat_target", "threat_told"))
AGGRESSIVE = {
    "control": (
        Step("breathe", "", only=PHONE, pace=Pace(4, 6, 3)),
        Step("regroup", "", only=EMAIL),
        Step("calm-sentence", "", say=("Das geht vorbei.",)),
    ),
    "assess": (
        Step("let-finish", "", only=PHONE, ask=asking("request")),
        Step("read-fully", "", only=EMAIL, ask=asking("request")),
        Step("name-feeling", "", only=KEEPING_CALM),
        Step("ask-trigger", "", ask=asking("cause", "expected")),
        Step("set-limit", "", only=LIMIT),
        _THREAT,
        Step("check-possible", "", ask=asking("possible"), gate=CRITICAL),
        Step("say-no", "", only=Condition(answers=(("possible", ("partly", "no")),)), gate=CRITICAL),
    ),
    "resolve": (
        Step("ask-wish", "", ask=asking("wanted")),
        Step("next-step", "", ask=asking("options", "promise", "helper", "promise_due"), gate=CRITICAL),
        Step("wrap-up", "", ask=asking("satisfaction", "follow_up")),
    ),
    "aftercare": (Step("take-break", ""), Step("learn", "", ask=asking("lesson"))),
}
DIRECT = {
    "control": (Step("collect-yourself", ""),),
    "assess": (
        Step("let-finish", "", only=PHONE, ask=asking("request")),
        Step("read-fully", "", only=EMAIL, ask=asking("request")),
        Step("ask-trigger", "", ask=asking("cause")),
        _THREAT,
    ),
    "resolve": (
        Step("ask-wish", "", ask=asking("wanted")),
        Step("next-step", "", ask=asking("promise", "promise_due"), gate=CRITICAL),
    ),
    "aftercare": (),
}
CHECKLISTS = {
    (type_id, language): checklist(type_id, language, phases)
    for type_id, phases in (("aggressive", AGGRESSIVE), ("direct", DIRECT))
    for language in ("de", "nl")
}
STEP_IDS = tuple(dict.fromkeys(step.id for one in CHECKLISTS.values() for _, step in one.steps()))


def _card(card_id: str, letter: str = "") -> Card:
    return Card(card_id, f"title of {card_id}", "...", ("...",), ("...",), "...", "keep", "must", letter, ("police",))


FORK_CARDS = (_card("concrete-threat", "t"), _card("vague-threat", "v"))
"""Between these two the fork chooses."""
LADDER = Ladder("de", 1, "2026-11-22", tuple(Rung(name, name, (f"{name}!",)) for name in ("ask", "consequence", "end")))
CARDS = Cards("de", 1, "2026-11-22", (_card("concrete-threat", "t"), _card("suicide", "s"), _card("crying")))
BOOK = Book(
    language="de",
    ladder=LADDER,
    cards=CARDS,
    types=(Option("aggressive", "Aggressiv"), Option("direct", "Direkt")),
    languages=(Option("de", "Deutsch"), Option("nl", "Nederlands")),
)
BARE_BOOK = Book(language="de")
"""Where nothing lies beside the checklist."""


def started(type_id: str = "aggressive", language: str = "de", channel: str = "phone") -> ev.Record:
    """The first record of a session."""
    event = ev.Started(
        id="0194cf2e-1111-7abc-8def-0123456789ab",
        checklist=CHECKLISTS[type_id, language],
        channel=channel,
        agent="Eule-17",
        app_version="1.0.0",
        offset_min=60,
    )
    return ev.Record(0, STARTED_AT, 0, event)


def begun(type_id: str = "aggressive", language: str = "de", channel: str = "phone") -> SessionState:
    """A session that has just begun."""
    return begin(started(type_id, language, channel))


def taking(value: str, of: SessionState) -> cmd.Choose:
    """The choice of another type or language, with the checklist it means, as the library would add it."""
    present = of.call.checklist
    key = (present.id, value) if value in ("de", "nl") else (value, present.language)
    return cmd.Choose(value, CHECKLISTS.get(key))


def recorded(state: SessionState, events: Iterable[ev.AnyEvent], later_ms: int = 1000) -> tuple[ev.Record, ...]:
    """The records of what one key caused, `later_ms` after the last."""
    ms = state.ms + later_ms
    return tuple(ev.Record(state.seq + place, STARTED_AT + ms, ms, event) for place, event in enumerate(events, 1))


def applied(state: SessionState, *events: ev.AnyEvent) -> SessionState:
    """The state after these events, one second later."""
    for record in recorded(state, events):
        state = apply(state, record)
    return state


def decided(state: SessionState, command: cmd.Command, book: Book = BOOK) -> Decision:
    """What comes of a command."""
    return decide(state, command, NOW, book)


def play(state: SessionState, *commands: cmd.Command, book: Book = BOOK) -> SessionState:
    """The state after these commands, each one second after the last."""
    for command in commands:
        state = applied(state, *decided(state, command, book).events)
    return state


def at_step(state: SessionState, step: str) -> SessionState:
    """The same session where this step is made the current one."""
    gone = play(state, cmd.GoTo(step))
    assert gone.call.current == step
    return gone


def asked(state: SessionState) -> str:
    """The kind of the open question and the step it belongs to: `gate:next-step`, `quote`, or empty."""
    question = state.question
    if question is None:
        return ""
    return f"{question.kind}:{question.step}" if question.step else question.kind


def names(state: SessionState) -> list[str]:
    """The timeline: event and reference."""
    return [f"{entry.event} {entry.ref}".strip() for entry in state.log]
