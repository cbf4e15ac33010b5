"""A note's Markdown as rows for people: no front matter, no markers, no timeline, and nothing in it but text.

Structure is told from words as `notes.grammar` wrote them: what was typed stands escaped on quoted lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deescalate_tui.notes.grammar import unescaped
from deescalate_tui.screens.rows import BLANK, BULLET, SPOKEN, Row, clip, span, wrap

_RULE = "\n---\n"
_BOX = re.compile(r"- \[(.)\] (.*)")
_BOXES = {"x": "✓", "-": "»", "!": "◦", " ": "☐"}
"""Done, skipped, left open; and a promise that is open."""
_ASIDE = re.compile(r" \*\((.*)\)\*$")
_TIMELINE = "<!-- timeline"


def note_rows(text: str, width: int) -> tuple[Row, ...]:
    """The body of a note in rows of at most `width` cells; of a text that is no note, all of it."""
    rows: list[Row] = []
    for row in _rows(_body(text), width):
        if row or (rows and rows[-1]):  # one blank at a time, and none above
            rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return tuple(rows)


def _body(text: str) -> list[str]:
    """The lines for people: the timeline is for programs, and goes with the heading above it."""
    head, rule, body = text.partition(_RULE)
    lines = (body if rule and head.startswith("---") else text).split("\n")
    place = next((at for at, line in enumerate(lines) if line.startswith(_TIMELINE)), len(lines))
    while place < len(lines) and not lines[place].startswith("#") and place:
        place -= 1
    return lines[:place]


def _rows(lines: list[str], width: int) -> Iterator[Row]:
    fenced = False
    for line in lines:
        if line.startswith("```"):
            fenced = not fenced
        elif fenced:
            yield clip((span(f" {line}"),), width)
        elif not line:
            yield BLANK
        elif not line.startswith("<!--"):
            yield from _line(line, width)


def _line(line: str, width: int) -> Iterator[Row]:
    marks, rest = line[: len(line) - len(line.lstrip("#"))], line.lstrip("#")
    box = _BOX.fullmatch(line)
    if marks and rest.startswith(" "):
        yield from _hung(" ", rest[1:], "strong" if len(marks) == 1 else "accent", width)
    elif box is not None:
        yield from _hung(f" {_BOXES.get(box[1], box[1])} ", _ASIDE.sub(r" (\1)", box[2]), "", width)
    elif line.startswith("- "):
        yield from _hung(f" {BULLET} ", line[2:], "", width)
    elif line.lstrip().startswith("> "):
        yield from _hung(f" {SPOKEN} " if line.startswith(">") else f"   {SPOKEN} ", line.lstrip()[2:], "say", width)
    else:
        yield from _hung(" ", line, "", width)


def _hung(lead: str, text: str, style: str, width: int) -> Iterator[Row]:
    """The text behind its lead; what does not fit is continued below the text, of a quotation with its bar."""
    again = lead if SPOKEN in lead else " " * len(lead)
    for place, piece in enumerate(wrap(unescaped(text), max(width - len(lead), 1))):
        yield (span(again if place else lead, style if SPOKEN in lead else "dim"), span(piece, style))
