"""What is laid over the session: the open question, a card, and the line that says what changed. Pure."""

from __future__ import annotations

from datetime import date

import msgspec

from deescalate_tui.checklist import Card, SafetyNumber
from deescalate_tui.dates import format_date, format_due
from deescalate_tui.i18n import Messages
from deescalate_tui.presenter import fill, level_text, quoted
from deescalate_tui.questions import FIELD, Book, ask_of, is_choice, is_date, letters
from deescalate_tui.session import SessionState

STALE_DAYS = 180
"""After so many days a confirmed safety number asks to be confirmed again."""


class Choice(msgspec.Struct, frozen=True):
    """One answer to pick."""

    letter: str
    value: str
    label: str


class QuestionView(msgspec.Struct, frozen=True):
    """The open question: a line to type where there are no choices."""

    label: str
    hint: str
    draft: str
    choices: tuple[Choice, ...] = ()


class CardView(msgspec.Struct, frozen=True):
    """A card, ready to show."""

    title: str
    cue: str
    do: tuple[str, ...]
    say: tuple[str, ...]
    avoid: str
    rules: tuple[str, ...]
    """Whether the call may be ended, and whether to escalate."""
    numbers: tuple[str, ...]


class Notice(msgspec.Struct, frozen=True):
    """One line that says what just happened; `say` is a sentence to speak now."""

    text: str
    say: tuple[str, ...] = ()


def question_view(state: SessionState, book: Book, messages: Messages) -> QuestionView | None:
    """The open question in words, or None."""
    question = state.question
    if question is None:
        return None
    ask, found = ask_of(state), state.call.checklist.find(question.step)
    label = messages(f"ask.{question.kind}", step=found[1].do if found else question.step)
    if ask is not None and question.kind not in ("gate", "reason"):
        label = ask.label
    hint = messages("ask.hint-date") if is_date(state) else messages("ask.hint-line")
    if is_choice(state):
        labels = _labels(state, book, messages)
        choices = tuple(Choice(letter, value, labels[value]) for letter, value in letters(state, book).items())
        return QuestionView(label, messages("ask.hint-choice"), "", choices)
    return QuestionView(label, hint, state.drafts.get(question.draft_key, ""))


def _labels(state: SessionState, book: Book, messages: Messages) -> dict[str, str]:
    """Value to words for the open choice."""
    assert state.question is not None
    kind, ask = state.question.kind, ask_of(state)
    if kind == FIELD and ask is not None:
        return {option.value: option.label for option in ask.options}
    if kind == "emergency" and book.cards is not None:
        return {card.id: card.title for card in book.cards.emergency()}
    if kind in ("type", "language"):
        return {option.value: option.label for option in (book.types if kind == "type" else book.languages)}
    group = {"answered": "answer"}.get(kind, kind)
    return {value: messages(f"{group}.{value}") for value in letters(state, book).values()}


def card_view(card: Card, book: Book, messages: Messages, today: date) -> CardView:
    """A card with the numbers of the country that is set; without one, it says so and shows none."""
    if not card.numbers:
        numbers: tuple[str, ...] = ()
    elif book.country is None:
        numbers = (messages("number.no-country"),)
    else:
        found = book.country.of_kinds(card.numbers)
        numbers = tuple(number_text(number, messages, today) for number in found) or (messages("number.none"),)
    return CardView(
        title=card.title,
        cue=card.cue,
        do=card.do,
        say=fill(card.say, book.facts),
        avoid=card.avoid,
        rules=(messages(f"card.end.{card.end}"), messages(f"card.escalate.{card.escalate}")),
        numbers=numbers,
    )


def number_text(number: SafetyNumber, messages: Messages, today: date) -> str:
    """A safety number, what it is, and how surely it is known."""
    label = messages(f"number.{number.kind}")
    name = f"{label} ({number.name})" if number.name else label
    if not number.verified:
        state = messages("number.unconfirmed")
    else:
        confirmed = date.fromisoformat(number.verified)
        stale = (today - confirmed).days > STALE_DAYS
        state = messages(
            "number.stale" if stale else "number.confirmed", date=format_date(confirmed, messages.language)
        )
    return f"{name}: {number.number} · {state}"


def change_notice(before: SessionState, after: SessionState, book: Book, messages: Messages) -> Notice | None:
    """What the last command changed, where the screen itself does not show it plainly; None where it does."""
    if len(after.past) < len(before.past):
        change = before.past[-1].change
        return Notice(messages("notice.undone", what=messages(f"event.{change.event}")))
    if after.call is before.call:
        return None
    if len(after.call.limits) > len(before.call.limits):
        return _limit_notice(after, book, messages)
    if after.call.level != before.call.level:
        return _level_notice(before, after, messages)
    if len(after.call.commitments) > len(before.call.commitments):
        made = after.call.commitments[-1]
        due = format_due(made.due, messages.language) if made.due else messages("notice.no-due")
        return Notice(messages("notice.promised", what=made.what, due=due))
    return _small_notice(before, after, messages)


def _small_notice(before: SessionState, after: SessionState, messages: Messages) -> Notice | None:
    old, new = before.call, after.call
    if len(new.quotes) > len(old.quotes):
        return Notice(messages("notice.quoted", words=quoted(new.quotes[-1].text, new.checklist.language)))
    if len(new.remarks) > len(old.remarks):
        return Notice(messages("notice.noted", text=new.remarks[-1].text))
    if new.checklist != old.checklist:
        return Notice(messages("notice.taken", title=new.checklist.title))
    if new.channel != old.channel:
        return Notice(messages("notice.channel", channel=messages(f"channel.{new.channel}")))
    if new.on_hold != old.on_hold:
        return Notice(messages("notice.hold" if new.on_hold else "notice.unhold"))
    return None


def _limit_notice(after: SessionState, book: Book, messages: Messages) -> Notice:
    given, rungs = after.call.limits[-1], book.rungs()
    text = messages("notice.limit", rung=given.rung, rungs=len(rungs))
    say = next((rung.say for rung in rungs if rung.id == given.id), ())
    return Notice(text, fill(say, book.facts)[:1])


def _level_notice(before: SessionState, after: SessionState, messages: Messages) -> Notice:
    """The level in words, and what is offered now that was not before."""
    text = level_text(after.call.level, messages)
    offered = {step.id for _, step in before.call.path()}
    new = [step.do for _, step in after.call.path() if step.id not in offered]
    if after.call.level == 4:
        return Notice(messages("notice.level-threat", level=text))
    if new:
        return Notice(messages("notice.level-new", level=text, steps=", ".join(new)))
    return Notice(messages("notice.level", level=text))
