"""How changed rows are written with few bytes: in which order, in which colours, by which way of the cursor. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from deescalate_tui.tui.drift import Row, Spans
from deescalate_tui.tui.ink import UNKNOWN, Cell, Style, blank, change, under

_FEW = 3
"""So many strokes cannot be put into a better order."""
_NEAR = 4
"""A move costs up to five bytes: so many unchanged cells are as well written again."""
_GAP = re.compile(" {4,}")
_ERASED, _LEAPT = 6, 16
"""Blanks from which on it costs less to erase them, at the end of what is sent and before more of it."""
_CHAR, _STYLE = itemgetter(0), itemgetter(1)


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


def inked(order: list[Stroke], pen: Style | None) -> str:
    """The bytes for strokes, from the first column of them all on."""
    out: list[str] = []
    x = min(stroke.x for stroke in order)
    for stroke in order:
        out += (step(stroke.x - x), change(pen, stroke.style), stroke.text)
        x, pen = stroke.x + len(stroke.text), stroke.style
    return "".join(out)


class Job(NamedTuple):
    """What is to be drawn in one go, and the styles of its first and last letter; None where there are only blanks."""

    y: int
    row: Row
    spans: Spans
    first: Style | None
    last: Style | None


def jobs_of(y: int, row: Row, spans: Spans, erases: bool) -> Iterable[Job]:
    """What is to be drawn of a row; apart, what the cursor can go to without what comes before."""
    spans, begun = joined(row, spans, erases), 0
    for at, ((_, end), (start, _)) in enumerate(pairwise(spans), 1):
        if start - end > _ERASED and not row.drift(start):
            yield _job(y, row, spans[begun:at])
            begun = at
    yield _job(y, row, spans[begun:])


def joined(row: Row, spans: Spans, erases: bool) -> Spans:
    """Stretches as one where it is not worth while to leap over what lies between them."""
    whole: Spans = []
    for first, end in spans:
        if whole and (_is_gap(row, whole[-1][1] - 1, first + 1, erases) or _is_near(row, whole[-1][1] - 1, first)):
            first = whole.pop()[0]
        whole.append((first, end))
    return whole


def _is_gap(row: Row, first: int, end: int, erases: bool) -> bool:
    """Whether these cells are blanks that can be erased."""
    return row.text[first] == " " and erasable(row.cells[first], erases) and row.is_even(first, end)


def _is_near(row: Row, last: int, start: int) -> bool:
    """Whether the cells between two stretches are few, and cost no change of style."""
    if start - last > _NEAR + 1 or UNKNOWN.char in row.text[last:start]:
        return False
    if any(last < zone.end <= start for zone in row.zones):
        return False
    cells = row.cells[last : start + (row.text[last] == " ")]
    style = next((cell.style for cell in cells if cell.char != " "), cells[0].style)
    return set(map(_STYLE, cells)) <= {style, blank(style).style}


def erasable(cell: Cell, erases: bool) -> bool:
    """Whether the terminal can show this blank by erasing: in the background that is set, or, if it cannot, in none."""
    return not cell.style.flags and (erases or not cell.style.back)


def _job(y: int, row: Row, spans: Spans) -> Job:
    (start, _), (_, end) = spans[0], spans[-1]
    text = row.text[start:end]
    if text.isspace():
        return Job(y, row, spans, None, None)
    first, last = end - len(text.lstrip()), start + len(text.rstrip()) - 1
    return Job(y, row, spans, row.cells[first].style, row.cells[last].style)


def easiest(jobs: list[Job], style: Style | None) -> Job:
    """The job to do next: one in the style that is set, or else in the first of the others; better if it ends in it."""
    wanted = style if any(job.first is style for job in jobs) else next((job.first for job in jobs if job.first), None)
    fit = [job for job in jobs if job.first is wanted]
    return next((job for job in fit if job.last is wanted), fit[0])


class Pen:
    """Writes from where the terminal's cursor and colours are; what it wrote is in `out`."""

    def __init__(self, y: int | None, x: int | None, style: Style | None, erases: bool) -> None:
        self.out: list[str] = []
        self._y, self._x, self.style = y, x, style
        self._drift = 0
        """How many loose letters it has gone over since it knew its place."""
        self._erases = erases

    def draw(self, y: int, row: Row, spans: Spans) -> None:
        """Write stretches of a row."""
        for first, end in spans:
            for x, until, gap in self._parts(row, first, end):
                if gap:
                    self._erase(y, row, x, until)
                else:
                    self.move(y, x, row)
                    self._put(row, x, until)

    def _erase(self, y: int, row: Row, first: int, end: int) -> None:
        to_edge, here = row.is_even(first, len(row.cells)), self._x
        below = self._y in (y - 1, y) and here is not None and here < first and not row.drift(here)
        if to_edge and here is not None and below and row.is_even(here, first + 1):
            first = here  # the blanks before are on the way
        self.move(y, first, row)
        self.take(under(self.style, row.cells[first].style))
        self.out.append("\x1b[K" if to_edge else f"\x1b[{end - first}X")

    def move(self, y: int, x: int, row: Row | None = None) -> None:
        """Go to a place; within its row as the letters may have moved it."""
        drift = row.drift(x) if row is not None else 0
        here = self._x if y == self._y and self._drift == drift else None
        if here is not None and here <= x:
            self.out.append(step(x - here))
        elif y == self._y:
            self.out.append(f"\x1b[{x + 1}G" if x else "\r")
        else:
            way = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"
            if self._x is not None and self._y is not None and y == self._y + 1 and not self._drift:
                way = min("\x1b[B" + step(x - self._x), way, key=len)
            self.out.append(way)
        self._y, self._x, self._drift = y, x, drift

    def take(self, style: Style) -> None:
        """Change the colours."""
        if style is not self.style:
            self.out.append(change(self.style, style))
            self.style = style

    def _parts(self, row: Row, first: int, end: int) -> Iterable[tuple[int, int, bool]]:
        """A stretch in parts, and whether each is a gap to be erased; the others are cut where drift is taken up."""
        gaps = dict(gap for match in _GAP.finditer(row.text, first, end) if (gap := self._gap(row, *match.span(), end)))
        ends = [at for loose, at in row.zones if first < at < end and not row.is_even(at - 1, end + len(loose))]
        if not gaps and not ends:
            return [(first, end, False)]
        cuts = {at for at in ends if not any(start < at < until for start, until in gaps.items())}
        cuts.update((first, end, *gaps, *gaps.values()))
        return ((x, until, x in gaps) for x, until in pairwise(sorted(cuts)))

    def _gap(self, row: Row, start: int, until: int, end: int) -> tuple[int, int] | None:
        """What can be erased of blanks, and is worth it."""
        if not _is_gap(row, start, until, self._erases):
            return None
        if row.is_even(start, len(row.cells)):
            return start, until
        if not row.is_even(start, until + row.drift(start)):
            # There is no room for the drift beyond: it is taken up first.
            start = next((at for at in range(start, until) if not row.drift(at)), until)
        return (start, until) if until - start >= (_ERASED if until == end else _LEAPT) else None

    def _put(self, row: Row, first: int, end: int) -> None:
        """Write a stretch of a row from where the cursor is."""
        order = strokes(row.cells, first, end, self.style)
        if len(order) <= _FEW:
            self._ink(order)
        else:
            for x, until in row.pieces(first, end):
                order = strokes(row.cells, x, until, self.style)
                self._ink(min(order, by_style(order), key=lambda strokes: len(inked(strokes, self.style))))
        self._x = end if end < len(row.cells) else None
        self._drift += sum(first <= at < end for loose, _ in row.zones for at in loose)

    def _ink(self, order: list[Stroke]) -> None:
        self.out.append(inked(order, self.style))
        self.style = order[-1].style
