"""Where the cells of a row stand, in terminals too that give some letters two places. Pure.

There, what follows such a letter stands further right. The first gap that has room for it takes the drift up: what
comes after the gap is put at its own column, so that rules and columns stand straight, and nothing before moves them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise, repeat
from operator import and_, is_not, itemgetter, or_
from typing import NamedTuple

from deescalate_tui.tui.ink import UNKNOWN, Cell, half

Spans = list[tuple[int, int]]
"""Stretches of columns: the first of each, and one past its last."""

_CHAR = itemgetter(0)
_ODD = re.compile(r"[^\x00-\x7f]")
_ROOM = 3
"""Blanks. A narrower gap is better sent with the text around it than leapt over."""
_RUN = re.compile(b"\1+")


class Zone(NamedTuple):
    """Loose letters with what they may move: from the first of them to where a gap has taken their drift up."""

    loose: list[int]
    end: int


class Row:
    """A row of the screen, which never changes."""

    __slots__ = ("cells", "text", "zones")

    def __init__(self, cells: list[Cell], text: str = "") -> None:
        self.cells = cells
        self.text = text or "".join(map(_CHAR, cells))
        """What stands in it, a character a cell."""
        self.zones = [] if self.text.isascii() else self._zones()
        """Where letters may stand further right, from left to right."""

    def _zones(self) -> list[Zone]:
        width, found, loose = len(self.cells), list[Zone](), list[int]()
        places = [at for match in _ODD.finditer(self.text) if self.cells[at := match.start()].loose]
        for at, after in pairwise([*places, width]):
            loose.append(at)
            room = max(2 * len(loose), _ROOM)  # the blanks that move come to lie on blanks
            gap = self.text.find(" " * room, at + 1, after)
            if gap >= 0 and self.is_even(gap, gap + room):
                found.append(Zone(loose, gap + len(loose)))
                loose = []
        return [*found, Zone(loose, width)] if loose else found

    def drift(self, x: int) -> int:
        """How many places further right a cell may stand."""
        return next((bisect_left(loose, x) for loose, end in self.zones if loose[0] < x < end), 0)

    def wide(self) -> list[Cell]:
        """What terminals show that give all loose letters two places."""
        wide, width = self.cells.copy(), len(self.cells)
        for at, after, count in self.moved:
            wide[at + count - 1 : after + count] = [self.cells[at], half(self.cells[at]), *self.cells[at + 1 : after]]
        if len(wide) > width:
            wide[width - 1 :] = self.cells[-1:]
        return wide

    @property
    def moved(self) -> Iterable[tuple[int, int, int]]:
        """Each loose letter, where the next one is or the drift ends, and the how manieth of its zone it is."""
        for loose, end in self.zones:
            for count, (at, after) in enumerate(pairwise([*loose, end]), 1):
                yield at, after, count

    def is_even(self, first: int, end: int) -> bool:
        """Whether these cells are all the same; so far as there are any."""
        stretch = self.cells[first:end]
        return not stretch or stretch.count(stretch[0]) == len(stretch)

    def pieces(self, first: int, end: int) -> Iterable[tuple[int, int]]:
        """A stretch in pieces, within which the cursor can go to and fro wherever letters take two places."""
        cuts = {first, end}
        for loose, until in self.zones:
            cuts.update(cut for at in loose if first <= at < end for cut in (at, at + 1))
            if until == len(self.cells):
                cuts.update(range(max(first, until - 1 - len(loose)), end))
        return pairwise(sorted(cuts))


def difference(old: Row, new: Row) -> Spans:
    """What to send, from left to right, so that the row is right even where loose letters take two places."""
    width, marks = len(new.cells), bytearray(map(is_not, old.cells, new.cells))
    if old.zones != new.zones:
        marks = bytearray(map(or_, marks, _otherwise_where_wide(old, new)))
    for loose, end in new.zones:
        last = marks.rfind(1, loose[0], end)
        for at in loose:
            # From one to the next the cursor finds its way only over the letters themselves.
            marks[at] |= at < last
        if end == width and last >= max(width - 1 - len(loose), 0):
            # What is pressed against the right edge falls on the last place, letter upon letter.
            marks[last:] = b"\1" * (width - last)
    if UNKNOWN.char in new.text:
        marks = bytearray(map(and_, marks, map(is_not, new.cells, repeat(UNKNOWN))))
    return [run.span() for run in _RUN.finditer(marks)]


def _otherwise_where_wide(old: Row, new: Row) -> bytearray:
    """Which cells show something else where loose letters take two places."""
    there = bytearray(map(is_not, old.wide(), new.wide()))
    cells = there.copy()
    there += there[-1:] * len(there)  # all that has no place falls on the last one
    for at, after, count in new.moved:
        cells[at:after] = there[at + count : after + count]
        cells[at] |= there[at + count - 1]
    return cells
