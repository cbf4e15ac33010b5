"""A card: one situation on one screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from deescalate_tui.call.commands import Leave, Open
from deescalate_tui.i18n import Messages
from deescalate_tui.screens.bottom import bottom, keys_of
from deescalate_tui.screens.overlays import more
from deescalate_tui.screens.prompts import CardView, Notice, QuestionView
from deescalate_tui.screens.rows import (
    ARROWS,
    BLANK,
    BULLET,
    SPOKEN,
    Page,
    Row,
    between,
    clip,
    filled,
    joined,
    link,
    span,
    wrap,
)


class CardScene(msgspec.Struct, frozen=True):
    """A card as it lies over the session."""

    card: CardView
    request: str
    clock: str
    question: QuestionView | None = None
    """A line that is open under it: words are taken down while one reads."""
    notice: Notice | None = None
    top: int = 0
    """The first row shown, where not all of them fit."""


def card_page(scene: CardScene, messages: Messages, width: int, height: int) -> Page:
    """The card over the whole screen; the request stays in sight."""
    below, entry = _below(scene, messages, width, height)
    over = max(height - len(below), 0)
    pinned = _pinned(scene, messages, height)
    rows, room = _body(scene.card, messages, width, over - 1 - len(pinned))
    hidden = max(len(rows) - room, 0)
    top = min(scene.top, hidden)
    clock = joined([*more(top, hidden, messages, width), span(scene.clock, "strong")])
    head = between((span(f" {scene.card.title}", "danger"),), clock, width)
    shown = filled([head, *pinned, *rows[top : top + room]], width, over)
    wheel = ARROWS if hidden else None
    return Page(filled((*shown, *below), width, height), None if entry is None else over + entry, wheel=wheel)


def card_hidden(scene: CardScene, messages: Messages, width: int, height: int) -> int:
    """How many rows of the card there is no room for: so far it can be scrolled."""
    over = height - len(_below(scene, messages, width, height)[0])
    rows, room = _body(scene.card, messages, width, over - 1 - len(_pinned(scene, messages, height)))
    return max(len(rows) - room, 0)


def _below(scene: CardScene, messages: Messages, width: int, height: int) -> tuple[list[Row], int | None]:
    back, other = link("dim", Leave()), link("dim", Open("emergency"))
    foot = clip((span(f" {messages('card.back')}", back), span("   "), span(messages("card.other"), other)), width)
    if scene.question is not None:
        foot = keys_of(scene.question, (), width)
    below, entry = bottom(scene.question, 0, scene.notice, foot, width, height // 3)
    while scene.notice is None and below[0] == BLANK and len(below) > 1:
        below = below[1:]
    return below, entry


def _pinned(scene: CardScene, messages: Messages, height: int) -> list[Row]:
    if height < 14:
        return []
    label = span(f" {messages('view.request')}  ", "dim")
    return [(label, span(scene.request, "accent")) if scene.request else BLANK]


def _body(card: CardView, messages: Messages, width: int, room: int) -> tuple[list[Row], int]:
    """The rows of the card, without what it can do without where that makes it fit; and how many of them do."""
    room, blocks = max(room, 1), []
    for least in _less_and_less(card):
        blocks = [block for block in _blocks(least, messages, width) if block]
        if sum(map(len, blocks)) <= room:
            break
    airy = sum(len(block) + 1 for block in blocks) < room
    return [row for block in blocks for row in ([BLANK, *block] if airy else block)], room


def _less_and_less(card: CardView) -> Iterator[CardView]:
    """The card without its cue, which led here; what to avoid; what else to say. Numbers keep their doubt."""
    yield card
    for without in (
        {"cue": ""},
        {"avoid": ""},
        {"say": card.say[:1]},
    ):
        card = replace(card, **without)
        yield card


def _blocks(card: CardView, messages: Messages, width: int) -> list[list[Row]]:
    return [
        _block("", [card.cue] if card.cue else [], "dim", width),
        _block(BULLET, card.do, "strong", width),
        [row for line in card.say for row in _said(line, width)],
        _block(messages("view.avoid"), [card.avoid], "", width) if card.avoid else [],
        _block("", card.numbers, "warn", width),
        _block("", card.rules, "accent", width),
    ]


def _block(label: str, texts: Sequence[str], style: str, width: int) -> list[Row]:
    lead = f"   {label}{' ' if label == BULLET else '  '}" if label else "   "
    rows: list[Row] = []
    for text in texts:
        for place, line in enumerate(wrap(text, width - len(lead) - 2)):
            rows.append((span(lead if place == 0 else " " * len(lead), "dim"), span(line, style)))
    return rows


def _said(line: str, width: int) -> list[Row]:
    return [(span(f"   {SPOKEN} ", "say"), span(text, "say")) for text in wrap(line, width - 6)]
