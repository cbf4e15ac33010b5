"""What is under every picture of a session: the open question or what just happened, and the keys."""

from __future__ import annotations

from collections.abc import Sequence

from deescalate_tui.screens.footer import Hint, while_open
from deescalate_tui.screens.prompts import Choice, Notice, QuestionView
from deescalate_tui.screens.rows import BLANK, CURRENT, SPOKEN, Row, between, clip, cut, link, span, width_of, wrap


def bottom(
    question: QuestionView | None, picked: int, notice: Notice | None, foot: Row, width: int, room: int
) -> tuple[list[Row], int | None]:
    """Question, or notice, above the foot, in at most `room` rows; with the row of the input line, if one is open.

    The last row names the keys of what is open: the foot is to be one that holds while it is.
    """
    if question is None:
        return [*_notice(notice, width, room), foot], None
    label: Row = (span(f" {cut(question.label, width - 2)}", "strong"),)
    # What announces words to say waits for them: there is no room for both beside a question.
    told: Row = (span(f" {cut(notice.text, width - 2)}", "accent"),) if notice and not notice.say else ()
    if not question.choices and width_of(label) + width_of(told) < width:
        return [between(label, told, width) if told else label, BLANK, foot], 1
    hint = told or foot
    if not question.choices:
        return [label, BLANK, hint], 1
    shown = max(room - 2, 1)
    first = max(0, min(picked - shown + 2, len(question.choices) - shown))
    rows = [_choice(choice, place == picked) for place, choice in enumerate(question.choices)]
    return [label, *rows[first : first + shown], hint], None


def keys_of(question: QuestionView, hints: Sequence[Hint], width: int) -> Row:
    """The foot while a question is open: its own keys, and what is a key although letters are text."""
    return clip((span(" "), *while_open(question.hint, () if question.choices else hints)), width)


def _choice(choice: Choice, picked: bool) -> Row:
    pointer, letter = CURRENT if picked else " ", choice.letter
    label = span(f"  {choice.label}", link("strong" if picked else "", letter))
    return (span(f" {pointer} ", link("accent", letter)), span(letter, link("key", letter)), label)


def _notice(notice: Notice | None, width: int, room: int) -> list[Row]:
    """Two rows that are always there, so that nothing moves when a line appears."""
    rows: list[Row] = []
    if notice is not None:
        rows = [(span(f" {line}", "accent"),) for line in wrap(notice.text, width - 2)]
        for line in notice.say:
            texts = wrap(line, width - 6)
            rows += [(span(f"   {SPOKEN} ", "say"), span(text, "say")) for text in texts]
    wanted = 2 if room >= 12 else 1 if room >= 6 or rows else 0
    return [*([BLANK] * (wanted - len(rows))), *rows[: max(room - 1, 1)]]
