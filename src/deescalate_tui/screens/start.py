"""The start screen: unfinished sessions first, then who is on the line, by what one hears: with us or not, which type.

Where everything stands does not depend on what is picked: the cues of the picked type have a place of their own.
"""

from __future__ import annotations

import msgspec
from rich.cells import cell_len

from deescalate_tui.i18n import Messages
from deescalate_tui.screens.footer import Hint, footer
from deescalate_tui.screens.rows import (
    BLANK,
    CURRENT,
    Page,
    Row,
    between,
    clip,
    filled,
    joined,
    link,
    span,
    width_of,
    wrap,
)

WIDEST = 20
"""Cells of the column of titles; what is longer has its row for itself."""
BESIDE = 6
"""Cells before a title: the pointer and what picks it."""


class Entry(msgspec.Struct, frozen=True):
    """One thing to start: an unfinished session or a type."""

    letter: str
    title: str
    summary: str = ""
    cues: tuple[str, ...] = ()


class Group(msgspec.Struct, frozen=True):
    """Entries under one heading, with what one hears of all of them: a list with commas."""

    entries: tuple[Entry, ...]
    title: str = ""
    cue: str = ""


class StartView(msgspec.Struct, frozen=True):
    """Everything the start screen shows."""

    title: str
    groups: tuple[Group, ...]
    picked: int
    """Counts through the unfinished sessions and all groups; -1: nothing is picked."""
    hints: tuple[Hint, ...]
    facts: tuple[str, ...] = ()
    """Language, channel, country, ticket: the first matters most."""
    unfinished: tuple[Entry, ...] = ()
    said: tuple[str, ...] = ()
    """Lines about what is wrong or was done."""
    shift: str = ""
    """A line for the start of a shift."""


def start_page(view: StartView, messages: Messages, width: int, height: int) -> Page:
    """The whole screen; what is picked is always in sight."""
    head, foot = _head(view, width), footer(view.hints, width)
    said: list[Row] = [(span(f" {line}", "warn"),) for text in view.said for line in wrap(text, width - 2)]
    said = said[: height // 3]
    room = height - len(said) - 1
    middle = _middle(view, messages, width, max(room - len(head), 1))
    return Page(filled((*head[: room - len(middle)], *middle, *said, foot), width, height))


def _middle(view: StartView, messages: Messages, width: int, room: int) -> tuple[Row, ...]:
    """The list, and what is heard of the picked entry. Where there is little room, the line for the shift gives way
    first, then blanks, then cues, then what is far from the picked entry."""
    types = [entry for group in view.groups for entry in group.entries]
    tallest = max((sum(map(len, _cues(entry, width))) + 1 for entry in types), default=0)
    shift: list[Row] = [BLANK, *((span(f" {line}", "dim"),) for line in wrap(view.shift, width - 2))]
    rows, picked_row, last = *_list(view, messages, width, [], []), list[Row]()
    for top, gap, end in (([BLANK], [BLANK], shift if view.shift else []), ([BLANK], [BLANK], []), ([], [BLANK], [])):
        airy, row = _list(view, messages, width, top, gap)
        if len(airy) + tallest + len(end) <= room:
            rows, picked_row, last = airy, row, end
            break
    left = room - len(rows) - len(last)
    first = max(0, min(picked_row - room // 2, -left))
    place = view.picked - len(view.unfinished)
    if 0 <= view.picked < len(view.unfinished):
        heard = _whole(view.unfinished[view.picked], width, left)
    else:
        heard = _heard(types[place], width, left) if 0 <= place < len(types) else []
    return (*filled((*rows[first:], *heard), width, room - len(last)), *last)


def _head(view: StartView, width: int) -> list[Row]:
    """The question, and as many facts as fit beside it; alone it takes the rows it needs."""
    title = f" {view.title}"
    facts = list(view.facts)
    while facts and cell_len(title) + 2 + cell_len(" · ".join(facts)) > width:
        facts.pop()
    if facts:
        return [between((span(title, "strong"),), joined([span(fact, "accent") for fact in facts], " · "), width)]
    return [(span(f" {line}", "strong"),) for line in wrap(view.title, width - 1)]


def _list(view: StartView, messages: Messages, width: int, top: list[Row], gap: list[Row]) -> tuple[list[Row], int]:
    """Everything that can be picked, and the row of what is; `gap` stands after each group."""
    rows, picked_row, place = [*top], 0, 0
    groups = (Group(view.unfinished, messages("start.unfinished")), *view.groups)
    column = min(max((cell_len(it.title) for group in view.groups for it in group.entries), default=0), WIDEST)
    for group in groups:
        if group.entries and group.title:
            rows.append(_heading(group, width))
        for entry in group.entries:
            if place == view.picked:
                picked_row = len(rows)
            rows.append(_line(entry, place, column, width, picked=place == view.picked))
            place += 1
        rows += gap if group.entries else []
    if not any(group.entries for group in view.groups):
        rows += [(span(f"   {line}", "warn"),) for line in wrap(messages("start.no-types"), width - 4)]
    return rows, picked_row


def _heading(group: Group, width: int) -> Row:
    """The title, and as much of what one hears as fits whole."""
    cue = ""
    for part in group.cue.split(", "):
        longer = f"{cue}, {part}" if cue else part
        if cell_len(f" {group.title}  {longer}") > width:
            break
        cue = longer
    return clip((span(f" {group.title}", "accent"), span(f"  {cue}", "dim")), width)


def _line(entry: Entry, place: int, column: int, width: int, *, picked: bool) -> Row:
    """An entry in one row: what picks it, its title, and the first of its cues that fits whole. A click takes it."""
    room = width - BESIDE - column - 3
    fits = cell_len(entry.title) <= column
    cue = next((cue for cue in entry.cues if cell_len(cue) <= room), "") if fits else ""
    title = f"{entry.title}{' ' * (column - cell_len(entry.title))}  " if cue else entry.title
    texts = (f" {CURRENT if picked else ' '} ", entry.letter, f"  {title}", cue)
    styles = ("accent", "key", "strong" if picked else "", "dim")
    return clip(tuple(span(text, link(style, place)) for text, style in zip(texts, styles, strict=True)), width)


def _whole(entry: Entry, width: int, room: int) -> list[Row]:
    """An unfinished session in full, where its row is too short for that."""
    if cell_len(entry.title) <= width - BESIDE:
        return []
    rows: list[Row] = [(span(f"    {line}"),) for line in wrap(entry.title, width - 6)]
    return rows[: max(room, 0)]


def _cues(entry: Entry, width: int) -> list[list[Row]]:
    """Each cue as its rows."""
    blocks: list[list[Row]] = []
    for cue in entry.cues:
        first, *rest = wrap(cue, width - 8)
        blocks.append([(span(f"    · {first}"),), *((span(f"      {line}"),) for line in rest)])
    return blocks


def _heard(entry: Entry, width: int, room: int) -> list[Row]:
    """What one hears of a type and how it is met, in so many rows: cues first, each of them whole."""
    rows: list[Row] = []
    for block in _cues(entry, width):
        rows += block if len(rows) + len(block) <= room else []
    title = (span(f" {entry.title}", "accent"),)
    beside = (*title, span(f"  {entry.summary}", "dim"))
    if not rows or len(rows) == room:
        return rows
    if width_of(beside) <= width:
        return [beside, *rows]
    below: list[Row] = [(span(f"    {line}", "dim"),) for line in wrap(entry.summary, width - 6)]
    return [title, *rows, *(below if len(rows) + len(below) < room else [])]
