"""Rows of styled text: the one thing every screen is made of. Widths are terminal cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from rich.cells import cell_len, set_cell_size

from deescalate_tui.call.commands import Command
from deescalate_tui.clean import defused

STYLES = ("", "dim", "strong", "accent", "say", "done", "warn", "danger", "key", "current", "cursor")
"""The names of styles; a theme gives each a colour, and none means anything by colour alone."""

BLOCKS = frozenset({"danger", "current", "cursor"})
"""Styles that some theme shows as a block: there a blank has the style's colour too."""

Span = tuple[str, str]
"""A text and the name of its style."""
Row = tuple[Span, ...]
BLANK: Row = ()
CURRENT, SPOKEN, SILENT = "▸", "▌", "┆"
"""Where one is, what is said aloud, and what one says to oneself."""
BULLET = "·"
UP, DOWN = "↑", "↓"
"""There is more that way."""


class Cell(msgspec.Struct, frozen=True):
    """A place in the row of the input line, where the cursor can go."""

    x: int


Does = str | int | Command | Cell
"""What a click does: it presses a key, takes an entry of the list by its place, gives a command, moves the cursor."""
ANY_KEY = "click"
"""The key that a click presses where any key will do: no other one has its name."""
ARROWS = ("up", "down")


class Link(str):
    """A style whose spans can be clicked. They look like any of that style."""

    __slots__ = ("does",)
    does: Does


class Page(msgspec.Struct, frozen=True):
    """A whole screen, and what can be done with the mouse on it."""

    rows: tuple[Row, ...]
    entry: int | None = None
    """Which row is kept for the input line, if one is open."""
    quiet: int = 0
    """So many rows, from the top, have no ear for a click: a question is open below them."""
    around: Does | None = None
    """What a click beside all links does."""
    wheel: tuple[Does, Does] | None = None
    """What the wheel does, up and down."""
    notch: int = 1
    """How many times it does so at once."""

    def target(self, x: int, y: int) -> Does | None:
        """What a click on a cell does; None: nothing."""
        if not self.quiet <= y < len(self.rows):
            return None
        if y == self.entry:
            return Cell(x)
        for text, style in self.rows[y]:
            x -= cell_len(text)
            if x < 0:
                return style.does if isinstance(style, Link) else self.around
        return self.around


def link(style: str, does: Does) -> Link:
    """A style whose spans do something when they are clicked."""
    found = Link(style)
    found.does = does
    return found


def unlinked(row: Row) -> Row:
    """The row as it looks, with nothing to click."""
    return tuple((text, str(style)) for text, style in row)


def span(text: str, style: str = "") -> Span:
    """A piece of a row in one style. Nothing in it can steer the terminal."""
    return (defused(text).replace("\n", " "), style)


def width_of(row: Iterable[Span]) -> int:
    """How many cells a row takes."""
    return sum([cell_len(text) for text, _ in row]) if row else 0


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
    if width_of(row) <= width:
        return row
    kept: list[Span] = []
    left = width
    for text, style in row:
        if left <= 0:
            break
        shown = cut(text, left)
        kept.append((shown, style))
        if shown != text:
            break  # it ends with an ellipsis, which takes less room where blanks went before it
        left -= cell_len(shown)
    return tuple(kept)


def between(left: Row, right: Row, width: int) -> Row:
    """One row with `right` at the right edge. `left` gives way where both do not fit."""
    room = width - width_of(right)
    if room < 8:
        return clip(left, width)
    left = clip(left, room - 2)
    return (*left, span(" " * (room - width_of(left))), *right)


def beside(left: Sequence[Row], right: Sequence[Row], place: int) -> tuple[Row, ...]:
    """Two blocks of the same height as one: the right one begins at cell `place`, behind a thin rule."""
    rule = span("│ ", "dim")
    return tuple(
        (*one, (" " * (place - 2 - width_of(one)), ""), rule, *other) for one, other in zip(left, right, strict=True)
    )


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
