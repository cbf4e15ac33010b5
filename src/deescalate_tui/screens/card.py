"""A card: one situation on one screen."""

from __future__ import annotations

from collections.abc import Sequence

from deescalate_tui.i18n import Messages
from deescalate_tui.presenter import quoted
from deescalate_tui.prompts import CardView
from deescalate_tui.screens.rows import BLANK, Page, Row, between, clip, filled, span, wrap
from deescalate_tui.screens.session import SPOKEN

EXPENDABLE = (0, 3, 2)
"""What a card does without where all of it does not fit: the cue, which led here, what to avoid, what to say."""


def card_page(
    card: CardView, request: str, clock: str, messages: Messages, language: str, width: int, height: int
) -> Page:
    """The card over the whole screen; the request stays in sight."""
    head = between((span(f" {card.title}", "danger"),), (span(clock, "strong"),), width)
    body: list[list[Row]] = [
        _block("", [card.cue], "dim", width),
        _block("", [f"{place}  {text}" for place, text in enumerate(card.do, 1)], "strong", width),
        [row for line in card.say for row in _said(line, language, width)],
        _block(messages("view.avoid"), [card.avoid], "", width) if card.avoid else [],
        _block("", card.numbers, "warn", width),
        _block("", card.rules, "accent", width),
    ]
    pinned: Row = (span(f" {messages('view.request')}  ", "dim"), span(request, "accent")) if request else BLANK
    foot = clip((span(f" {messages('card.back')}   {messages('card.other')}", "dim"),), width)
    rows = [head, pinned] if height >= 14 else [head]
    for least in EXPENDABLE:
        if sum(map(len, body)) > height - len(rows) - 1:
            body[least] = []
    airy = sum(len(block) + 1 for block in body if block) + 4 <= height
    for block in body:
        if block:
            rows += [BLANK, *block] if airy else block
    return Page((*filled(rows, width, height - 1), foot))


def _block(label: str, texts: Sequence[str], style: str, width: int) -> list[Row]:
    lead = f"   {label}  " if label else "   "
    rows: list[Row] = []
    for text in texts:
        for place, line in enumerate(wrap(text, width - len(lead) - 2)):
            rows.append((span(lead if place == 0 else " " * len(lead), "dim"), span(line, style)))
    return rows


def _said(line: str, language: str, width: int) -> list[Row]:
    return [(span(f"   {SPOKEN} ", "say"), span(text, "say")) for text in wrap(quoted(line, language), width - 6)]
