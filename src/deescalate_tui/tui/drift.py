"""Where the cells of a row stand, in terminals too that give some letters two places. Pure.

There, what follows such a letter stands further right. The first gap that has room for it takes the drift up: what
comes after the gap is put at its own column, so that rules and columns stand straight, and nothing before moves them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import compress, pairwise
from operator import is_not, itemgetter, or_
from typing import NamedTuple

from deescalate_tui.tui.ink import UNKNOWN, Cell, half

Spans = list[tuple[int, int]]
"""Stretches of columns: the first of each, and one past its last."""

_CHAR = itemgetter(0)
_ODD = re.compile(r"[^\x00-\x7f]")


class Zone(NamedTuple):
    """Loose letters with what they may move: from the first of them to where a gap has taken their drift up."""

    loose: list[int]
    end: int


class Row:
    """A row of the screen. Once it was asked where its cells stand, they change no more."""

    def __init__(self, cells: list[Cell]) -> None:
        self.cells = cells

    @cached_property
    def text(self) -> str:
        """What stands in it, a character a cell."""
        return "".join(map(_CHAR, self.cells))

    @cached_property
    def zones(self) -> list[Zone]:
        """Where letters may stand further right, from left to right."""
        if self.text.isascii():
            return []
        width, found, loose = len(self.cells), list[Zone](), list[int]()
        places = [at for match in _ODD.finditer(self.text) if self.cells[at := match.start()].loose]
        for at, after in pairwise([*places, width]):
            loose.append(at)
            # Blanks that move come to lie on blanks. A gap just as wide is no help to a letter that follows at once.
            gap = self.text.find("  " * len(loose), at + 1, after - (after < width))
            if gap >= 0 and self.is_even(gap, gap + 2 * len(loose)):
                found.append(Zone(loose, gap + len(loose)))
                loose = []
        return [*found, Zone(loose, width)] if loose else found

    @cached_property
    def drift(self) -> Sequence[int]:
        """How many places further right each cell may stand."""
        drift = [0] * len(self.cells)
        for loose, end in self.zones:
            for count, at in enumerate(loose, 1):
                drift[at + 1 : end] = [count] * (end - at - 1)
        return drift

    @cached_property
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
    other: Iterable[bool] = map(is_not, old.cells, new.cells)
    if old.zones != new.zones:
        other = map(or_, other, _otherwise_where_wide(old, new))
    changed = list(compress(range(width), other))
    if not changed or not new.zones:
        return stretches(changed)
    wanted = set(changed)
    for loose, end in new.zones:
        last = changed[bisect_left(changed, end) - 1] if changed[0] < end else -1
        # From one to the next the cursor finds its way only over the letters themselves.
        wanted.update(at for at in loose if at < last)
        if end == width and last >= max(loose[0], width - 1 - len(loose)):
            # What is pressed against the right edge falls on the last place, letter upon letter.
            wanted.update(range(last, width))
    return stretches(at for at in sorted(wanted) if new.cells[at] is not UNKNOWN)


def _otherwise_where_wide(old: Row, new: Row) -> list[bool]:
    """Which cells show something else where loose letters take two places."""
    there = list(map(is_not, old.wide, new.wide))
    cells = there.copy()
    there += there[-1:] * len(there)  # all that has no place falls on the last one
    for at, after, count in new.moved:
        behind = there[at + count + 1 : after + count]
        cells[at:after] = [any(there[at + count - 1 : at + count + 1]), *behind]
    return cells
