"""What plain mode prints, as lines: the step, a question, a card, the commands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from deescalate_tui.call.checklist import Card, Pace, Step
from deescalate_tui.call.keys import ACTIONS, Keymap
from deescalate_tui.call.questions import Book
from deescalate_tui.i18n import Messages
from deescalate_tui.screens.finder import Hit
from deescalate_tui.screens.footer import key_names
from deescalate_tui.screens.overlays import DEFAULT_PACE
from deescalate_tui.screens.presenter import OPEN, SessionView
from deescalate_tui.screens.prompts import Notice, QuestionView, SignView, card_view

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def welcome(view: SessionView, messages: Messages) -> list[str]:
    """How plain mode works, who guides, and what always holds."""
    return [
        messages("plain.welcome"),
        view.title,
        messages("plain.reminders", reminders=" · ".join(view.reminders)),
    ]


def step_lines(view: SessionView, step: Step | None, messages: Messages) -> list[str]:
    """The step in focus with everything that is known about it; where the path is walked, how to go on."""
    focus = view.focus
    if focus is None or step is None:
        return [view.finished]
    place = [row.id for row in view.steps].index(focus.id)
    row = view.steps[place]
    phase = next((tab.title for tab in view.phases if tab.active), "")
    key = "plain.step" if row.current else "plain.step-looked"
    head = messages(key, number=place + 1, total=len(view.steps), phase=phase, do=focus.do)
    if row.mark != OPEN:
        head = f"{head} {messages(f'plain.{row.mark}')}"
    elif row.critical:
        head = f"{head} {messages('plain.critical')}"
    key = "plain.inner" if focus.inner else _said_or_written(focus.written)
    lines = [head, *said(focus.say, messages, key)]
    lines += [f"{label}: {text}" for label, text in focus.details]
    if step.ask:
        lines.append(messages("plain.asks", questions=" · ".join(ask.label for ask in step.ask)))
    return lines


def said(lines: Sequence[str], messages: Messages, key: str) -> list[str]:
    """Sentences to speak or to write: the first, then what one may say instead."""
    keys = [key, *(["plain.or"] * len(lines))]
    return [messages(name, line=line) for name, line in zip(keys, lines, strict=False)]


def _said_or_written(written: bool) -> str:
    return "plain.write" if written else "plain.say"


def notice_lines(notice: Notice, messages: Messages) -> list[str]:
    """What just happened, and the sentence that is to be spoken now."""
    return [notice.text, *said(notice.say, messages, _said_or_written(notice.written))]


def question_lines(question: QuestionView, dates: str, messages: Messages) -> list[str]:
    """The open question with its options; a text that was begun earlier; `dates`, how one may be written."""
    lines = [question.label]
    if question.standing:
        lines.append(messages("plain.standing", text=question.standing))
    if question.draft != question.standing:
        lines.append(messages("plain.draft", draft=question.draft))
    if dates and not question.standing:
        lines.append(messages("plain.hint-date", examples=dates))
    return lines + option_lines(((choice.letter, choice.label) for choice in question.choices), messages)


def option_lines(options: Iterable[tuple[str, str]], messages: Messages) -> list[str]:
    """Options, each after what picks it."""
    return [messages("plain.choice", letter=letter, label=label) for letter, label in options]


def hit_lines(hits: Sequence[Hit], messages: Messages) -> list[str]:
    """What was found, each with the letter that opens it."""
    sources = (f" · {hit.source}" if hit.source else "" for hit in hits)
    labels = (f"{messages(f'find.{hit.kind}')}: {hit.text}{of}" for hit, of in zip(hits, sources, strict=True))
    return [messages("find.title"), *option_lines(zip(LETTERS, labels, strict=False), messages)]


def card_lines(card: Card, channel: str, book: Book, messages: Messages, today: date) -> list[str]:
    """A card in the order in which it is needed."""
    view = card_view(card, channel, book, messages, today)
    lines = [messages("plain.card", title=view.title), f"{messages('card.cue')}: {view.cue}"]
    lines += [f"- {text}" for text in view.do]
    lines += said(view.say, messages, _said_or_written(view.written))
    if view.avoid:
        lines.append(f"{messages('view.avoid')}: {view.avoid}")
    return [*lines, *view.numbers, *view.rules, messages("plain.card-back")]


def sign_lines(sign: SignView, messages: Messages) -> list[str]:
    """The sign for the lead."""
    return [sign.word, *sign.lines, messages("plain.sign-back")]


def breath_lines(pace: Pace | None, messages: Messages) -> list[str]:
    """The breath pacer in words, and what else steadies."""
    pace = pace or DEFAULT_PACE
    seconds = {"inhale": f"{pace.inhale:g}", "exhale": f"{pace.exhale:g}"}
    rest = (messages(f"steady.{name}") for name in ("sentence", "place", "name"))
    return [messages("plain.breath", times=pace.times, **seconds), *rest]


def command_lines(keymap: Keymap, messages: Messages) -> list[str]:
    """Every command with its sentence, from the one declaration of keys."""
    names = key_names(messages)
    lines = [messages("plain.welcome")]
    for action in ACTIONS:
        keys = " ".join(names.get(key, key) for key in keymap.keys[action.id])
        lines.append(messages("plain.command", keys=keys, what=messages(f"key.{action.id}.long")))
    return [*lines, messages("plain.help-text"), messages("plain.help-question")]
