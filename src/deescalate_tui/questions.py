"""The questions a session can ask the agent, and which values answer them.

A question is a line to type or a choice. Its words come from the checklist or the catalogue; here are only ids.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from deescalate_tui import events as ev
from deescalate_tui.checklist import CHANNELS, Ask, Cards, Country, Ladder, Option, Rung
from deescalate_tui.fields import CHOICE, DATE
from deescalate_tui.session import ANSWERS, OUTCOMES, Call, SessionState

LINES = ("quote", "note", "promise", "promise_due", "request", "ticket", "reason")
CHOICES = ("type", "language", "channel", "outcome", "answered", "gate", "help", "emergency")
FIELD = "field"
"""A question of a checklist step: a line, a date or a choice, as its `ask` says."""
KINDS = (*LINES, *CHOICES, FIELD)
OPENED_BY_KEY = ("quote", "note", "promise", "request", "ticket", "type", "language", "channel", "help", "emergency")
"""What the agent can open at any moment; the rest is asked in its turn."""
HELP = ("listen", "take-over", "police")
GATE = ("done", "leave", "back")
STEP_LINES = ("request", "promise", "promise_due")
"""Fields of a step that are more than an answer: they pin the request or make a commitment."""


class Book(msgspec.Struct, frozen=True):
    """What lies beside the checklist for the language of the call: texts, numbers, and what there is to choose."""

    language: str
    ladder: Ladder | None = None
    cards: Cards | None = None
    country: Country | None = None
    types: tuple[Option, ...] = ()
    languages: tuple[Option, ...] = ()
    limit_rungs: int = 3
    facts: Mapping[str, str] = {}
    """What the site says of itself, by the placeholder it fills: company, lead."""

    def rungs(self) -> tuple[Rung, ...]:
        """The rungs in use, mildest first: the site may want fewer than the ladder has."""
        return self.ladder.rungs[: self.limit_rungs] if self.ladder is not None else ()


def ask_of(state: SessionState) -> Ask | None:
    """The ask of the step that the open question belongs to."""
    question = state.question
    if question is None or question.kind not in (FIELD, *STEP_LINES):
        return None
    found = state.call.checklist.find(question.step)
    asks = found[1].ask if found is not None else ()
    if question.kind == "promise_due":
        return next((ask for ask in asks if ask.field == "promise_due"), None)
    return asks[question.index] if 0 <= question.index < len(asks) else None


def next_ask(call: Call, step_id: str, start: int = 0) -> ev.Asked | ev.StepDone:
    """The next open question of a step, from its ask number `start` on; where none is left, the step is done."""
    found = call.checklist.find(step_id)
    asks = found[1].ask if found is not None else ()
    for index, ask in enumerate(asks):
        if index >= start and _is_open(call, ask.field):
            return ev.Asked(ask.field if ask.field in STEP_LINES else FIELD, step_id, index)
    return ev.StepDone(step_id)


def _is_open(call: Call, field: str) -> bool:
    """Whether a field still wants an answer. The date of a promise is asked only with the promise."""
    if field == "request":
        return not call.request
    return field != "promise_due" and field not in call.answers


def is_choice(state: SessionState) -> bool:
    """Whether the open question is answered by picking."""
    if state.question is None:
        return False
    ask = ask_of(state)
    return state.question.kind in CHOICES or (state.question.kind == FIELD and ask is not None and ask.kind == CHOICE)


def is_date(state: SessionState) -> bool:
    """Whether the open question wants a day or a time."""
    ask = ask_of(state)
    kind = state.question.kind if state.question is not None else ""
    return kind == "promise_due" or (kind == FIELD and ask is not None and ask.kind == DATE)


def values(state: SessionState, book: Book) -> tuple[str, ...]:
    """The answers of the open choice, in order."""
    kind = state.question.kind if state.question is not None else ""
    fixed = {"channel": CHANNELS, "outcome": OUTCOMES, "answered": ANSWERS, "gate": GATE, "help": HELP}
    if kind in fixed:
        return fixed[kind]
    if kind == "type":
        return tuple(option.value for option in book.types)
    if kind == "language":
        return tuple(option.value for option in book.languages)
    if kind == "emergency":
        return tuple(card.id for card in book.cards.emergency()) if book.cards is not None else ()
    ask = ask_of(state) if kind == FIELD else None
    return tuple(option.value for option in ask.options) if ask is not None else ()


def letters(state: SessionState, book: Book) -> dict[str, str]:
    """Letter to value of the open choice: emergency cards have their own, others go by place."""
    if state.question is not None and state.question.kind == "emergency" and book.cards is not None:
        return {card.letter: card.id for card in book.cards.emergency()}
    return dict(zip("abcdefghijklmnopqrstuvwxyz", values(state, book), strict=False))
