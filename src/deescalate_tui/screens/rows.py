"""Rows of styled text: the one thing every screen is made of. Widths are terminal cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from rich.cells import cell_len, set_cell_size

from deescalate_tui.clean import defused

STYLES = ("", "dim", "strong", "accent", "say", "done", "warn", "danger", "key", "current", "cursor")
"""The names of styles; a theme gives each a colour, and none means anything by colour alone."""

BLOCKS = frozenset({"danger", "current", "cursor"})
"""Styles that some theme shows as a block: there a blank has the style's colour too."""

Span = tuple[str, str]
Row = tuple[Span, ...]
BLANK: Row = ()


class Page(msgspec.Struct, frozen=True):
    """A whole screen: its rows, and which of them is kept for the input line, if one is open."""

    rows: tuple[Row, ...]
    entry: int | None = None


def span(text: str, style: str = "") -> Span:
    """A piece of a row in one style. Nothing in it can steer the terminal."""
    return (defused(text).replace("\n", " "), style)


def width_of(row: Iterable[Span]) -> int:
    """How many cells a row takes."""
    return sum(cell_len(text) for text, _ in row)


def cut(text: str, width: int) -> str:
    """The text in at most `width` cells, with an ellipsis where something is missing."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells; a word that is longer is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if cell_len(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while cell_len(word) > width > 0:
            lines.append(set_cell_size(word, width))
            word = word[len(lines[-1].rstrip()) or 1 :]
        line = word
    return [*lines, line] if line or not lines else lines


def clip(row: Row, width: int) -> Row:
    """The row in at most `width` cells."""
    kept: list[Span] = []
    left = width
    for text, style in row:
        if left <= 0:
            break
        kept.append((cut(text, left), style))
        left -= cell_len(kept[-1][0])
    return tuple(kept)


def between(left: Row, right: Row, width: int) -> Row:
    """One row with `right` at the right edge. `left` gives way where both do not fit."""
    room = width - width_of(right)
    if room < 8:
        return clip(left, width)
    left = clip(left, room - 2)
    return (*left, span(" " * (room - width_of(left))), *right)


def joined(spans: Sequence[Span], gap: str = "   ") -> Row:
    """Spans side by side."""
    row: list[Span] = []
    for piece in spans:
        if row:
            row.append(span(gap))
        row.append(piece)
    return tuple(row)


def filled(rows: Sequence[Row], width: int, height: int) -> tuple[Row, ...]:
    """Exactly `height` rows of at most `width` cells."""
    fitted = [clip(row, width) for row in rows[:height]]
    return (*fitted, *([BLANK] * (height - len(fitted))))


def text_of(rows: Iterable[Row]) -> str:
    """The bare text of a screen, for tests and pictures."""
    return "\n".join("".join(text for text, _ in row).rstrip() for row in rows)


def merged(row: Row) -> Row:
    """The same row with neighbours of one style as one span: fewer bytes to the terminal."""
    spans: list[Span] = []
    for text, style in row:
        bare = not text.strip(" ") and not BLOCKS & {style, spans[-1][1] if spans else ""}
        if spans and (bare or spans[-1][1] == style):
            spans[-1] = (spans[-1][0] + text, spans[-1][1])
        elif text:
            spans.append((text, style))
    return tuple(spans)
