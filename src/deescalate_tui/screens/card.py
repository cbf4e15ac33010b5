"""A card: one situation on one screen."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from deescalate_tui.commands import Leave, Open
from deescalate_tui.i18n import Messages
from deescalate_tui.prompts import CardView, Notice, QuestionView
from deescalate_tui.screens.bottom import bottom
from deescalate_tui.screens.rows import BLANK, SPOKEN, Page, Row, between, clip, filled, link, span, wrap

EXPENDABLE = (0, 3, 2)
"""What a card does without where all of it does not fit: the cue, which led here, what to avoid, what to say."""


class CardScene(msgspec.Struct, frozen=True):
    """A card as it lies over the session."""

    card: CardView
    request: str
    clock: str
    question: QuestionView | None = None
    """A line that is open under it: words are taken down while one reads."""
    notice: Notice | None = None


def card_page(scene: CardScene, messages: Messages, width: int, height: int) -> Page:
    """The card over the whole screen; the request stays in sight."""
    card, request = scene.card, scene.request
    back, other = link("dim", Leave()), link("dim", Open("emergency"))
    foot = clip((span(f" {messages('card.back')}", back), span("   "), span(messages("card.other"), other)), width)
    below, entry = bottom(scene.question, 0, scene.notice, foot, width, height // 3)
    while scene.notice is None and below[0] == BLANK and len(below) > 1:
        below = below[1:]
    over = max(height - len(below), 0)
    head = between((span(f" {card.title}", "danger"),), (span(scene.clock, "strong"),), width)
    body: list[list[Row]] = [
        _block("", [card.cue], "dim", width),
        _block("", [f"{place}  {text}" for place, text in enumerate(card.do, 1)], "strong", width),
        [row for line in card.say for row in _said(line, width)],
        _block(messages("view.avoid"), [card.avoid], "", width) if card.avoid else [],
        _block("", card.numbers, "warn", width),
        _block("", card.rules, "accent", width),
    ]
    pinned: Row = (span(f" {messages('view.request')}  ", "dim"), span(request, "accent")) if request else BLANK
    rows = [head, pinned] if height >= 14 else [head]
    for least in EXPENDABLE:
        if sum(map(len, body)) > over - len(rows):
            body[least] = []
    airy = sum(len(block) + 1 for block in body if block) + 3 <= over
    for block in body:
        if block:
            rows += [BLANK, *block] if airy else block
    return Page(filled((*filled(rows, width, over), *below), width, height), None if entry is None else over + entry)


def _block(label: str, texts: Sequence[str], style: str, width: int) -> list[Row]:
    lead = f"   {label}  " if label else "   "
    rows: list[Row] = []
    for text in texts:
        for place, line in enumerate(wrap(text, width - len(lead) - 2)):
            rows.append((span(lead if place == 0 else " " * len(lead), "dim"), span(line, style)))
    return rows


def _said(line: str, width: int) -> list[Row]:
    return [(span(f"   {SPOKEN} ", "say"), span(text, "say")) for text in wrap(line, width - 6)]
