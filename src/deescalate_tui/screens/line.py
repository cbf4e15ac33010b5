"""The input line: its text and cursor, what a key does to them, and how it looks. Pure.

It answers each key at once, so that whatever is typed ahead of a slow terminal ends up where it was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from msgspec.structs import replace
from rich.cells import cell_len

from deescalate_tui.clean import clean
from deescalate_tui.screens.rows import Page, Row, clip, span

LIMIT = 500
"""Characters of one line."""
LEAD = " › "


class Line(msgspec.Struct, frozen=True):
    """A text and how many characters of it stand before the cursor."""

    text: str = ""
    cursor: int = 0


def typed(line: Line, text: str) -> Line:
    """The line with text put in at the cursor: cleaned, and as much of it as there is room for."""
    new = clean(text, max(LIMIT - len(line.text), 0))
    if not line.text and new.isspace():
        return line  # the key that opened the line, pressed once too often
    return Line(line.text[: line.cursor] + new + line.text[line.cursor :], line.cursor + len(new))


def pressed(line: Line, key: str) -> Line | None:
    """The line after a key that moves or deletes; None where the key is no business of a line."""
    if key in _MOVES:
        return replace(line, cursor=_MOVES[key](line))
    if key not in _DELETES:
        return None
    first, last = sorted((line.cursor, _DELETES[key](line)))
    return Line(line.text[:first] + line.text[last:], first)


def with_line(page: Page, line: Line, width: int) -> Page:
    """The page with the line in the row that it keeps for one, around the cursor where it is too long."""
    if page.entry is None or page.entry >= len(page.rows):
        return page
    at, first = line.cursor, _first(line, width)
    under = line.text[at : _right(line)] or " "
    row: Row = (
        span(LEAD, "accent"),
        span(line.text[first:at]),
        span(under, "cursor"),
        span(line.text[at + len(under) :]),
    )
    return replace(page, rows=(*page.rows[: page.entry], clip(row, width), *page.rows[page.entry + 1 :]))


def pointed(line: Line, x: int, width: int) -> Line:
    """The line with the cursor at the letter that stands in cell `x` of its row."""
    at, left = _first(line, width), x - cell_len(LEAD)
    while at < len(line.text):
        after = _right(replace(line, cursor=at))
        left -= cell_len(line.text[at:after])
        if left < 0:
            break
        at = after
    return replace(line, cursor=at)


def _first(line: Line, width: int) -> int:
    """The first letter that there is room for beside the cursor."""
    at, room = line.cursor, width - cell_len(LEAD) - 1
    ahead = min(cell_len(line.text[at:]), max(room // 4, 0))
    first = 0
    while first < at and cell_len(line.text[first:at]) > room - ahead:
        first += 1
    return first


def _left(line: Line) -> int:
    """One letter back, with the marks that it carries."""
    at = max(line.cursor - 1, 0)
    while at and not cell_len(line.text[at]):
        at -= 1
    return at


def _right(line: Line) -> int:
    at = min(line.cursor + 1, len(line.text))
    while at < len(line.text) and not cell_len(line.text[at]):
        at += 1
    return at


def _word_left(line: Line) -> int:
    return line.text[: line.cursor].rstrip().rfind(" ") + 1


def _word_right(line: Line) -> int:
    rest = line.text[line.cursor :]
    found = rest.find(" ", len(rest) - len(rest.lstrip()))
    return len(line.text) if found < 0 else line.cursor + found


def _start(_: Line) -> int:
    return 0


def _end(line: Line) -> int:
    return len(line.text)


_MOVES: Mapping[str, Callable[[Line], int]] = {
    "left": _left,
    "right": _right,
    "ctrl+left": _word_left,
    "ctrl+right": _word_right,
    "home": _start,
    "ctrl+a": _start,
    "end": _end,
    "ctrl+e": _end,
}
"""Where a key moves the cursor to."""
_DELETES: Mapping[str, Callable[[Line], int]] = {
    "backspace": _left,
    "delete": _right,
    "ctrl+d": _right,
    "ctrl+w": _word_left,
    "ctrl+backspace": _word_left,
    "alt+backspace": _word_left,
    "ctrl+u": _start,
    "ctrl+k": _end,
}
"""How far from the cursor a key deletes."""
