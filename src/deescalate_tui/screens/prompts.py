"""What is laid over the session: the open question, a card, and the line that says what changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from deescalate_tui.call.checklist import LEVELS, Card, Country, Recording, SafetyNumber, is_written, steps_for
from deescalate_tui.call.questions import (
    ALL_PROMISED,
    FIELD,
    Book,
    ask_of,
    draft_of,
    is_choice,
    is_date,
    is_read_over,
    letters,
    standing,
)
from deescalate_tui.call.session import ANSWERS, SessionState
from deescalate_tui.dates import examples, format_date, format_due
from deescalate_tui.i18n import Messages
from deescalate_tui.screens.presenter import level_text, lines, quoted

CALLED = ("police", "ambulance")
"""Kinds of help that somebody else is to ring up."""
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
    standing: str = ""
    """What an empty answer leaves as it is."""


class CardView(msgspec.Struct, frozen=True):
    """A card, ready to show."""

    title: str
    cue: str
    do: tuple[str, ...]
    say: tuple[str, ...]
    written: bool
    """The lines are to be written, not said."""
    avoid: str
    rules: tuple[str, ...]
    """Whether the call may be ended, and whether to escalate."""
    numbers: tuple[str, ...]


class SignView(msgspec.Struct, frozen=True):
    """The silent sign: a word or two to be read from afar, and what the lead reads who has come."""

    word: str
    lines: tuple[str, ...]


class Notice(msgspec.Struct, frozen=True):
    """One line that says what just happened; `say` is a sentence to speak now, or to write."""

    text: str
    say: tuple[str, ...] = ()
    written: bool = False


def question_view(state: SessionState, book: Book, messages: Messages) -> QuestionView | None:
    """The open question in words, or None."""
    question = state.question
    if question is None:
        return None
    ask, found = ask_of(state), state.call.checklist.find(question.step)
    kind = "answered-promises" if is_read_over(state) else question.kind
    label = messages(f"ask.{kind}", step=found[1].do if found else question.step)
    if ask is not None and question.kind not in ("gate", "reason"):
        label = ask.label
    stands = standing(state)
    if stands:
        hint = messages("ask.hint-change")
    elif question.kind == "promise" and state.call.closing:
        hint = messages("ask.hint-optional")
    elif is_date(state):
        hint = messages("ask.hint-date", examples=examples(state.call.checklist.language))
    else:
        hint = messages("ask.hint-line")
    if is_choice(state):
        labels = _labels(state, book, messages)
        choices = tuple(Choice(letter, value, labels[value]) for letter, value in letters(state, book).items())
        return QuestionView(label, messages("ask.hint-choice"), "", choices)
    return QuestionView(label, hint, draft_of(state), standing=stands)


def name_view(messages: Messages) -> QuestionView:
    """The line for the customer's name. It is no question of the session: nothing of it is recorded."""
    return QuestionView(messages("ask.name"), messages("ask.hint-name"), "")


def _labels(state: SessionState, book: Book, messages: Messages) -> dict[str, str]:
    """Value to words for the open choice."""
    assert state.question is not None
    kind, ask = state.question.kind, ask_of(state)
    if kind == FIELD and ask is not None:
        return {option.value: option.label for option in ask.options}
    if kind == "emergency" and book.cards is not None:
        forks = {card: f": {messages(f'fork.{answer}')}" for card, answer in book.forks().items()}
        return {card.id: card.title + forks.get(card.id, "") for card in book.cards.emergency()}
    if kind == "fork":
        return {card: messages(f"fork.{answer}") for card, answer in book.forks().items()}
    if kind in ("type", "language"):
        return {option.value: option.label for option in (book.types if kind == "type" else book.languages)}
    if kind in ("answered", "confirm"):
        return {answer: messages(f"answer.{answer}") for answer in ANSWERS} | _promise_labels(state, messages)
    return {value: messages(f"{kind}.{value}") for value in letters(state, book).values()}


def _promise_labels(state: SessionState, messages: Messages) -> dict[str, str]:
    """What is promised, to be confirmed. The date comes first: a narrow window must not cut it off."""

    def label(due: str, what: str) -> str:
        day = format_due(due, messages.language) or messages("notice.no-due")
        return messages("confirm.change", due=day, what=what)

    call = state.call
    made = {str(place): label(made.due, made.what) for place, made in enumerate(call.commitments)}
    contact = {"follow_up": label(call.answers.get("follow_up", ""), messages("field.follow_up"))}
    return {ALL_PROMISED: messages("confirm.all"), "add": messages("confirm.add")} | made | contact


def card_view(card: Card, channel: str, book: Book, messages: Messages, today: date) -> CardView:
    """A card for a channel, with the numbers of the country that is set; without one, it says so and shows none."""
    if not card.numbers:
        numbers: tuple[str, ...] = ()
    elif book.country is None:
        numbers = (messages("number.no-country"),)
    else:
        found = book.country.of_kinds(card.numbers)
        numbers = number_lines(found, messages, today) or (messages("number.none"),)
    return CardView(
        title=card.title,
        cue=card.cue,
        do=tuple(messages.keyed(text) for text in steps_for(card, channel)),
        say=lines(card, channel, book.facts, book.language),
        written=is_written(card, channel),
        avoid=card.avoid,
        rules=(messages(f"card.end.{card.end}.{channel}"), *_escalation(card, book, messages)),
        numbers=(*numbers, *([recording_text(book.country, messages, today)] if card.recording else [])),
    )


def recording_text(country: Country | None, messages: Messages, today: date) -> str:
    """What the country's law says of recording a call, and how surely; where nobody knows it, that is said."""
    if country is None or country.recording is None:
        return messages("recording.unknown")
    law = country.recording
    return f"{messages(f'recording.{law.consent}', country=country.name)} · {known(law, messages, today)}"


def _escalation(card: Card, book: Book, messages: Messages) -> tuple[str, ...]:
    """Whether to escalate and, where the site says so, to whom first; where life is at stake, what to do alone."""
    rule = messages(f"card.escalate.{card.escalate}")
    ways = book.site.get("get-support", ()) if card.escalate != "no" else ()
    alone = (messages("card.alone"),) if card.end == "keep" and card.numbers else ()
    return (f"{rule}: {ways[0]}" if ways else rule, *alone)


def sign_view(state: SessionState, book: Book, messages: Messages, today: date) -> SignView:
    """The sign that is up, with the ticket; whoever is to ring the police finds the country's number beside it."""
    lines = [messages("view.ticket", ticket=state.call.ticket)] if state.call.ticket else []
    if state.sign in CALLED and book.country is not None:
        numbers = book.country.of_kinds((state.sign,))
        lines += [number_text(number, messages, today) for number in numbers]
    return SignView(messages(f"sign.{state.sign}"), tuple(lines))


def number_text(number: SafetyNumber, messages: Messages, today: date) -> str:
    """A safety number, what it is, and how surely it is known."""
    return f"{_service(number, messages)}: {number.number} · {known(number, messages, today)}"


def number_lines(numbers: Iterable[SafetyNumber], messages: Messages, today: date) -> tuple[str, ...]:
    """The numbers as a card shows them: those of one service, known equally well, on one line."""
    told: dict[tuple[str, str], list[str]] = {}
    for number in numbers:
        told.setdefault((_service(number, messages), known(number, messages, today)), []).append(number.number)
    return tuple(f"{service}: {', '.join(each)} · {sure}" for (service, sure), each in told.items())


def _service(number: SafetyNumber, messages: Messages) -> str:
    label = messages(f"number.{number.kind}")
    return f"{label} ({number.name})" if number.name else label


def known(fact: SafetyNumber | Recording, messages: Messages, today: date) -> str:
    """How surely something is known: unconfirmed, or since when, and whether that is too long ago."""
    if not fact.verified:
        return messages("number.unconfirmed")
    confirmed = date.fromisoformat(fact.verified)
    stale = (today - confirmed).days > STALE_DAYS
    return messages("number.stale" if stale else "number.confirmed", date=format_date(confirmed, messages.language))


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
        forked = after.question is not None  # what is asked then says it all
        return None if forked else _level_notice(before, after, messages)
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
    given, channel = after.call.limits[-1], after.call.channel
    rungs = book.rungs(given.behaviour)
    text = messages(f"notice.limit.{channel}", rung=given.rung, rungs=len(rungs))
    if given.behaviour:
        text = f"{messages(f'behaviour.{given.behaviour}')} · {text}"
    spoken = next((rung for rung in rungs if rung.id == given.id), None)
    if spoken is None:
        return Notice(text)
    return Notice(text, lines(spoken, channel, book.facts, book.language)[:1], is_written(spoken, channel))


def _level_notice(before: SessionState, after: SessionState, messages: Messages) -> Notice:
    """The level in words; where it rose, the step that is offered first of those that were not before."""
    text = level_text(after.call.level, messages)
    if after.call.level == max(LEVELS):
        return Notice(messages("notice.level-threat", level=text))
    rose = (after.call.level or 0) > (before.call.level or 0)
    offered = {step.id for _, step in before.call.path()}
    new = next((step.do for _, step in after.call.path() if step.id not in offered), "")
    return Notice(messages("notice.level-new", level=text, step=new) if rose and new else text)
