"""The questions a session can ask the agent, and which values answer them.

A question is a line to type or a choice. Its words come from the checklist or the catalogue; here are only ids.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import CHANNELS, LEVELS, Ask, Cards, Country, Ladder, Option, Rung
from deescalate_tui.call.fields import ABUSE, CHOICE, CONCRETE, DATE
from deescalate_tui.call.session import ANSWERS, BEHAVIOURS, OUTCOMES, Call, Commitment, SessionState
from deescalate_tui.dates import format_due

LINES = ("quote", "note", "promise", "promise_due", "request", "ticket", "reason", "change", "change_due", "follow_up")
CHOICES = (
    "type",
    "language",
    "channel",
    "outcome",
    "early",
    "abort",
    "answered",
    "gate",
    "confirm",
    "help",
    "emergency",
    "fork",
    "behaviour",
)
FIELD = "field"
"""A question of a checklist step: a line, a date or a choice, as its `ask` says."""
KINDS = (*LINES, *CHOICES, FIELD)
OPENED_BY_KEY = ("quote", "note", "promise", "request", "ticket", "type", "language", "channel", "help", "emergency")
"""What the agent can open at any moment; the rest is asked in its turn."""
HELP = ("listen", "take-over", "police", "ambulance")
GATE = ("done", "leave", "back")
EARLY = ("end", "back")
"""What can be said where the ladder has rungs left."""
ALL_PROMISED = "all"
"""What is promised stands as it is."""
FORKS = {"concrete-threat": CONCRETE, "vague-threat": ABUSE}
"""Threats are met in opposite ways: one question, two cards."""
_FIXED = {
    "channel": CHANNELS,
    "outcome": OUTCOMES,
    "early": EARLY,
    "abort": EARLY,
    "gate": GATE,
    "help": HELP,
}
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
    limits: Mapping[str, int] = {}
    """Rungs by kind of behaviour, where the site counts them apart; empty where it does not."""
    facts: Mapping[str, str] = {}
    """What the site says of itself, by the placeholder it fills: company, lead."""
    site: Mapping[str, tuple[str, ...]] = {}
    """What the site says to a step, by the technique that the step teaches: whom to call, what may be granted."""

    masks: Mapping[str, str] = {}
    """Kinds of personal data that are masked in typed text, each with the word for it; none where masking is off."""

    def forks(self) -> Mapping[str, str]:
        """The cards between which the fork chooses, each with what it answers; none where a card is missing."""
        return FORKS if self.cards is not None and all(map(self.cards.find, FORKS)) else {}

    def rungs(self, behaviour: str = "") -> tuple[Rung, ...]:
        """The rungs in use, mildest first. A site that wants fewer than the ladder has leaves out the mildest."""
        wanted = self.limits.get(behaviour, self.limit_rungs)
        return self.ladder.rungs[-wanted:] if self.ladder is not None else ()


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
    if field == "threat_words" and _quoted_threat(call):
        return False
    return field != "promise_due" and field not in call.answers


def _quoted_threat(call: Call) -> bool:
    """Whether something was quoted since the threat was heard: nobody is asked twice to write it down."""
    heard = next((level.ms for level in call.levels if level.level == max(LEVELS)), None)
    return heard is not None and any(quote.ms >= heard for quote in call.quotes)


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
    return kind in ("promise_due", "change_due", "follow_up") or (
        kind == FIELD and ask is not None and ask.kind == DATE
    )


def standing(state: SessionState) -> str:
    """What a correction begins with: it stays where the answer is empty. Dates in the language of the call."""
    kind = state.question.kind if state.question is not None else ""
    made = commitment_of(state)
    if kind == "change" and made is not None:
        return made.what
    if kind in ("request", "ticket"):
        present: str = getattr(state.call, kind)
        return present
    follow_up = state.call.answers.get("follow_up", "") if kind == "follow_up" else ""
    return format_due(made.due if made is not None else follow_up, state.call.checklist.language)


def commitment_of(state: SessionState) -> Commitment | None:
    """The commitment that the open question corrects."""
    question = state.question
    if question is None or question.kind not in ("change", "change_due"):
        return None
    return next(iter(state.call.commitments[max(question.index, 0) :]), None)


def draft_of(state: SessionState) -> str:
    """What stands in the open line before a key is pressed."""
    return state.drafts.get(state.question.draft_key, standing(state)) if state.question is not None else ""


def values(state: SessionState, book: Book) -> tuple[str, ...]:
    """The answers of the open choice, in order."""
    kind = state.question.kind if state.question is not None else ""
    if kind in _FIXED:
        return _FIXED[kind]
    if kind == "answered":
        return (*ANSWERS, *_corrections(state.call))
    if kind == "confirm":
        return (ALL_PROMISED, *_corrections(state.call))
    if kind == "type":
        return tuple(option.value for option in book.types)
    if kind == "language":
        return tuple(option.value for option in book.languages)
    if kind == "emergency":
        return tuple(card.id for card in book.cards.emergency()) if book.cards is not None else ()
    if kind == "fork":
        return tuple(book.forks())
    if kind == "behaviour":
        return tuple(behaviour for behaviour in BEHAVIOURS if behaviour in book.limits)
    ask = ask_of(state) if kind == FIELD else None
    return tuple(option.value for option in ask.options) if ask is not None else ()


def has_promises(call: Call) -> bool:
    """Whether anything was promised, or a next contact set: it is read over once more."""
    return bool(call.commitments or call.answers.get("follow_up"))


def is_read_over(state: SessionState) -> bool:
    """Whether the question after the request also reads over what is promised."""
    return state.question is not None and state.question.kind == "answered" and bool(_corrections(state.call))


def _corrections(call: Call) -> tuple[str, ...]:
    """Where promises are read over: one more, the number of each that is to be corrected, the next contact."""
    if not has_promises(call) or call.confirmed:
        return ()
    numbers = map(str, range(len(call.commitments)))
    return ("add", *numbers, *(("follow_up",) if call.answers.get("follow_up") else ()))


def letters(state: SessionState, book: Book) -> dict[str, str]:
    """Letter to value of the open choice: emergency cards have their own, others go by place."""
    if state.question is not None and state.question.kind in ("emergency", "fork") and book.cards is not None:
        return {card.letter: card.id for card in book.cards.emergency() if card.id in values(state, book)}
    signs = "abcdefghijklmnopqrstuvwxyz"
    if state.question is not None and state.question.kind == "type":
        signs = f"123456789{signs}"  # as on the start screen
    return dict(zip(signs, values(state, book), strict=False))
