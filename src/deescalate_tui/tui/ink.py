"""Styles, cells and rows of a terminal: what an SGR sequence does, how many places a letter takes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import compress, pairwise
from operator import is_not, itemgetter
from types import MappingProxyType
from typing import NamedTuple
from unicodedata import category, east_asian_width

from rich.cells import cell_len

Spans = list[tuple[int, int]]
"""Stretches of columns: the first of each, and one past its last."""

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27", "9": "29"}
_SEEN = frozenset("479")
"""Underlined, reversed and struck out: a blank shows these."""


class Style:
    """Flags and colours, as the codes that set them. Made by `styled`, so that the same style is the same object."""

    __slots__ = ("back", "flags", "fore")

    def __init__(self, flags: frozenset[str], fore: str, back: str) -> None:
        self.flags, self.fore, self.back = flags, fore, back


@lru_cache(maxsize=1024)
def styled(flags: frozenset[str], fore: str, back: str) -> Style:
    """A style by its parts."""
    return Style(flags, fore, back)


PLAIN = styled(frozenset(), "", "")


class Cell(NamedTuple):
    """What one place of the screen shows. A blank has only the style that can be seen on it."""

    char: str
    style: Style
    loose: bool
    """Some terminals give it two places, so that the rest of its row stands further right."""


UNKNOWN = Cell("", PLAIN, False)
"""Nobody knows what is shown."""


@lru_cache(maxsize=1024)
def restyled(style: Style | None, codes: str) -> Style | None:
    """The style after an SGR sequence. None is one of which nothing is known."""
    known = style is not None
    base = style or PLAIN
    flags, fore, back = base.flags, base.fore, base.back
    left = codes.split(";")[::-1]
    while left:
        code = left.pop()
        if code in ("", "0"):
            known, flags, fore, back = True, frozenset(), "", ""
        elif code in _OFF:
            flags |= {code}
        elif code in _OFF.values():
            flags -= {flag for flag, off in _OFF.items() if off == code}
        elif code in ("38", "48"):
            wanted = {"5": 2, "2": 4}.get(left[-1] if left else "", 0)
            numbers = [left.pop() for _ in range(min(wanted, len(left)))]
            if not wanted or len(numbers) < wanted or not all(number and int(number) < 256 for number in numbers):
                return None
            colour = ";".join((code, *numbers))
            fore, back = (colour, back) if code == "38" else (fore, colour)
        elif re.fullmatch("3[0-79]|9[0-7]", code):
            fore = "" if code == "39" else code
        elif re.fullmatch("4[0-79]|10[0-7]", code):
            back = "" if code == "49" else code
        else:
            return None
    return styled(flags, fore, back) if known else None


@lru_cache(maxsize=1024)
def change(old: Style | None, new: Style) -> str:
    """The shortest SGR sequence from one style to another."""
    if old is new:
        return ""
    whole = ";".join(filter(None, ("0", *sorted(new.flags), new.fore, new.back))) if new is not PLAIN else ""
    if old is None:
        return f"\x1b[{whole}m"
    off = {_OFF[flag] for flag in old.flags - new.flags}
    parts = [*sorted(off), *sorted(flag for flag in new.flags if flag not in old.flags or _OFF[flag] in off)]
    if new.fore != old.fore:
        parts.append(new.fore or "39")
    if new.back != old.back:
        parts.append(new.back or "49")
    return f"\x1b[{min(whole, ';'.join(parts), key=len)}m"


@lru_cache(maxsize=1024)
def blank(style: Style) -> Cell:
    """The blank of a style; styles that look the same on it have the same."""
    seen = style.flags & _SEEN
    shown = styled(seen, style.fore if seen else "", style.back)
    return Cell(" ", style, False) if shown is style else blank(shown)


@lru_cache(maxsize=1024)
def under(pen: Style | None, space: Style) -> Style:
    """The style to write a blank in: of the pen, whatever cannot be seen on it."""
    if pen is None or space.flags:
        return space
    return styled(pen.flags - _SEEN, pen.fore, space.back)


_NO_EMOJI = "✓✗"
"""Among the signs that some terminals draw as wide pictures, these are none: they have no such picture."""


def doubt(char: str) -> int:
    """0: one place in every terminal. 1: one place, in some terminals two. 2: anything may happen."""
    code = ord(char)
    common = code < 0x530 or 0x1E00 <= code < 0x2C00
    if not common or cell_len(char) != 1 or category(char) in {"Mn", "Me", "Cf", "Cn", "Zl", "Zp"}:
        return 2
    return int(east_asian_width(char) == "A" or (0x2600 <= code < 0x27C0 and char not in _NO_EMOJI))


class Font(dict[str, Cell]):
    """The cells of all letters in one style; UNKNOWN for a letter whose width is in doubt."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self[" "] = blank(style)

    def __missing__(self, char: str) -> Cell:
        places = doubt(char)
        cell = self[char] = Cell(char, self._style, places == 1) if places < 2 else UNKNOWN
        return cell


@lru_cache(maxsize=64)
def font(style: Style) -> Font:
    """The font of a style."""
    return Font(style)


class Row:
    """A row of the screen."""

    def __init__(self, cells: list[Cell], loose: Mapping[int, str] = MappingProxyType({})) -> None:
        self.cells = cells
        self.loose = loose
        """Where some terminals show a letter on two places, and which letter."""

    def copy(self) -> Row:
        """Another row that shows the same."""
        return Row(self.cells.copy(), self.loose)

    def put(self, x: int, cells: list[Cell], loose: list[int]) -> None:
        """Cells from a column on, and which of them are loose."""
        end = x + len(cells)
        self.cells[x:end] = cells
        if self.loose or loose:
            kept = {at: cell for at, cell in self.loose.items() if not x <= at < end}
            self.loose = {**kept, **{at: self.cells[at].char for at in loose}}

    def tail(self) -> int:
        """Where the like blanks begin that reach to the end and can be erased; the width if there are none."""
        cells, last, end = self.cells, self.cells[-1], len(self.cells)
        if last.char == " " and not last.style.flags:
            while end and cells[end - 1] is last:
                end -= 1
        # Where letters take two places the blanks may begin beyond the right edge.
        return end if end + len(self.loose) < len(cells) else len(cells)

    def pieces(self, first: int, end: int) -> Iterable[tuple[int, int]]:
        """A stretch in pieces, within which the cursor can go to and fro wherever letters take two places."""
        cuts = {first, end}
        if self.loose:
            cuts.update(range(max(first, len(self.cells) - 1 - len(self.loose)), end))
            cuts.update(cut for at in self.loose if first <= at < end for cut in (at, at + 1))
        return pairwise(sorted(cuts))


def stretches(places: Iterable[int]) -> Spans:
    """Ascending columns as stretches without a gap."""
    spans: Spans = []
    start = end = -1
    for place in places:
        if place != end:
            if end >= 0:
                spans.append((start, end))
            start = place
        end = place + 1
    return [*spans, (start, end)] if end >= 0 else []


def difference(old: Row, new: Row) -> Spans:
    """What to send, from left to right, so that the row is right even where loose letters take two places."""
    width = len(new.cells)
    changed = list(compress(range(width), map(is_not, old.cells, new.cells)))
    if not changed or not (old.loose or new.loose):
        return stretches(changed)
    first, last = changed[0], changed[-1]
    if old.loose != new.loose:
        # What follows may stand elsewhere now: more blanks, or all the rest.
        last = min(last + len(old.loose), width - 1) if old.tail() <= last + 1 else width - 1
    if new.loose and last >= width - 1 - len(new.loose):
        # What is pressed against the right edge falls on the last place, letter upon letter.
        last = width - 1
    if old.loose == new.loose and last == changed[-1]:
        return stretches(sorted({*changed, *(x for x in new.loose if x < last)}))
    spans = stretches(sorted(x for x in new.loose if x < first))
    if UNKNOWN in new.cells[first : last + 1]:
        return spans + stretches(x for x in range(first, last + 1) if new.cells[x] is not UNKNOWN)
    return [*spans, (first, last + 1)]


_CHAR = itemgetter(0)


class Stroke(NamedTuple):
    """Text in one style, from a column on."""

    x: int
    text: str
    style: Style


def strokes(cells: list[Cell], first: int, end: int, pen: Style | None) -> list[Stroke]:
    """A stretch of cells as strokes; a blank takes of the style before it what cannot be seen."""
    order: list[Stroke] = []
    space = blank(pen) if pen is not None else UNKNOWN
    start = first
    for x, cell in enumerate(cells[first:end], first):
        if cell.style is not pen and cell is not space:
            if x > start and pen is not None:
                order.append(Stroke(start, "".join(map(_CHAR, cells[start:x])), pen))
            pen = under(pen, cell.style) if cell.char == " " else cell.style
            start, space = x, blank(pen)
    if pen is not None and end > start:
        order.append(Stroke(start, "".join(map(_CHAR, cells[start:end])), pen))
    return order


def by_style(order: list[Stroke]) -> list[Stroke]:
    """The strokes style by style. What was last stays last, and the cursor ends where it did."""
    seen = [stroke.style for stroke in order]
    return sorted(order, key=lambda stroke: (stroke.style is seen[-1], seen.index(stroke.style), stroke.x))


def step(columns: int) -> str:
    """The sequence that moves the cursor so far right, or left."""
    return f"\x1b[{abs(columns) if abs(columns) > 1 else ''}{'C' if columns > 0 else 'D'}" if columns else ""


_GAP = re.compile(" {16,}")


def _leap(gap: re.Match[str]) -> str:
    length = len(gap[0])
    return f"\x1b[{length}X\x1b[{length}C"


def inked(order: list[Stroke], pen: Style | None, erases: bool) -> str:
    """The bytes for strokes, from the first column of them all on. Where the terminal erases in the background that is
    set, a wide gap is erased and leapt over: as far as its blanks would reach, wherever it begins."""
    out: list[str] = []
    x = min(stroke.x for stroke in order)
    for stroke in order:
        leaps = (erases or not stroke.style.back) and not stroke.style.flags & _SEEN
        text = _GAP.sub(_leap, stroke.text) if leaps else stroke.text
        out += (step(stroke.x - x), change(pen, stroke.style), text)
        x, pen = stroke.x + len(stroke.text), stroke.style
    return "".join(out)
