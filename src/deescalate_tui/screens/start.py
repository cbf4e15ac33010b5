"""The start screen: unfinished sessions first, then the customer type by what one hears."""

from __future__ import annotations

import msgspec

from deescalate_tui.i18n import Messages
from deescalate_tui.screens.rows import BLANK, Page, Row, between, clip, filled, joined, span, wrap


class Entry(msgspec.Struct, frozen=True):
    """One thing to start: an unfinished session or a type."""

    letter: str
    title: str
    summary: str = ""
    cues: tuple[str, ...] = ()


class StartView(msgspec.Struct, frozen=True):
    """Everything the start screen shows."""

    facts: tuple[str, ...]
    """Language, channel, country."""
    unfinished: tuple[Entry, ...]
    types: tuple[Entry, ...]
    picked: int
    """Counts through both lists."""
    said: tuple[str, ...] = ()
    """Lines about what is wrong or was done."""
    title: str = ""


def start_page(view: StartView, messages: Messages, width: int, height: int) -> Page:
    """The whole screen; what is picked is always in sight."""
    title = (span(f" {view.title}", "strong"),)
    facts = joined([span(fact, "accent") for fact in view.facts], " · ")
    roomy = height >= 20
    rows: list[Row] = [between(title, facts, width)]
    if roomy:
        rows.append(BLANK)
    place = 0
    picked_row = 0
    if view.unfinished:
        rows.append((span(f" {messages('start.unfinished')}", "warn"),))
        for entry in view.unfinished:
            if place == view.picked:
                picked_row = len(rows)
            rows.append(_line(entry, place == view.picked, width))
            place += 1
        rows += [BLANK] if roomy else []
    for entry in view.types:
        if place == view.picked:
            picked_row = len(rows)
        rows += _type(entry, width, picked=place == view.picked, roomy=roomy)
        place += 1
    if not view.types:
        rows += [(span(f"   {line}", "warn"),) for line in wrap(messages("start.no-types"), width - 4)]
    notes: list[Row] = [(span(f" {line}", "warn"),) for text in view.said for line in wrap(text, width - 2)]
    notes = notes[: max(height // 3, 1)]
    foot = clip((span(f" {messages('start.keys')}", "dim"),), width)
    room = height - len(notes) - 1
    first = max(0, min(picked_row, picked_row - room + 6, len(rows) - room))
    return Page((*filled(rows[first:], width, room), *notes, foot))


def _line(entry: Entry, picked: bool, width: int) -> Row:
    pointer = "▶" if picked else " "
    title = span(f"  {entry.title}", "strong" if picked else "")
    return clip((span(f" {pointer} ", "accent"), span(entry.letter, "key"), title), width)


def _type(entry: Entry, width: int, *, picked: bool, roomy: bool) -> list[Row]:
    """A type with its summary; the one picked with the cues by which one recognises it."""
    rows = [_line(entry, picked, width)]
    texts = [entry.summary, *(f"· {cue}" for cue in entry.cues)] if picked else [entry.summary] if roomy else []
    for place, text in enumerate(texts):
        rows += [(span(f"      {line}", "" if picked and place else "dim"),) for line in wrap(text, width - 8) if line]
    return [*rows, BLANK] if roomy else rows
