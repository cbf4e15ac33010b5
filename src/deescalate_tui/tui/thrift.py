"""The fewest bytes that turn what a terminal shows into what Textual wants shown. Pure: text in, text out.

After every write the terminal is where Textual's own bytes would have left it: the same cells, cursor and colours.
So what is not understood can be sent as it came at any moment; only what the screen shows is then unknown.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from deescalate_tui.tui.ink import (
    PLAIN,
    UNKNOWN,
    Cell,
    Row,
    Spans,
    Stroke,
    Style,
    by_style,
    change,
    difference,
    font,
    inked,
    restyled,
    step,
    strokes,
    under,
)

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"

_TOKEN = re.compile(
    r"""(?P<segment> \x1b\[ ([0-9;]{1,99}+) m ([^\x00-\x1f\x7f-\x9f]++) \x1b\[0?m)
    | (?P<text> [^\x00-\x1f\x7f-\x9f]++)
    | (?P<style> \x1b\[ ([0-9;]{0,99}+) m)
    | (?P<place> \x1b\[ ([0-9]{0,4}+) (?:; ([0-9]{0,4}+))? H)
    | (?P<newline> [\r\n])
    | (?P<aside> \x07
        | \x1b\[\? (?:7|25|1000|1002|1003|1004|1005|1006|1015|1016|2004|2026|2048) [hl]
        | \x1b\[\? [0-9;]*+ (?:\$p | u)
        | \x1b\[[<=>] [0-9;]*+ u
        | \x1b\] (?:0|1|2|22|52) ; [^\x00-\x1f\x7f-\x9f]*+ (?:\x07 | \x1b\\))
    | (?P<other> [\x00-\x1f\x7f-\x9f])""",
    re.VERBOSE,
)
"""What Textual sends. An aside changes neither cells nor cursor nor colours."""

_ODD = re.compile(r"[^\x00-\x7f]")
_SHORT = 100
"""Characters."""
_FEW = 3
"""So many strokes cannot be put into a better order."""
_FILL = 4
"""A move costs up to five bytes: so many unchanged cells are as well written again."""


class Sense(IntEnum):
    """How well a write was understood."""

    CLEAR = 0
    BLIND = 1
    """It paints, but where, how, or how wide is not known."""
    FOREIGN = 2
    """It does other things than paint."""


def marked(data: str) -> str:
    """Data that the terminal shows at once. What is short it does anyway, and a clock is sent every second."""
    return f"{SYNC_START}{data}{SYNC_END}" if len(data) > _SHORT else data


class Job(NamedTuple):
    """A row to draw, and the styles of its first and last letter; None where there are only blanks."""

    y: int
    row: Row
    spans: Spans
    first: Style | None
    last: Style | None


def job_of(y: int, row: Row, spans: Spans) -> Job:
    """What is to be drawn of a row."""
    cells, (start, _), (_, end) = row.cells, spans[0], spans[-1]
    first = next((cells[x].style for x in range(start, end) if cells[x].char != " "), None)
    last = next((cells[x].style for x in range(end - 1, start - 1, -1) if cells[x].char != " "), None)
    return Job(y, row, spans, first, last)


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
        self._erases = erases

    def draw(self, y: int, row: Row, spans: Spans) -> None:
        """Write stretches of a row."""
        cells, width = row.cells, len(row.cells)
        ends = cells[spans[-1][1] - 1] is cells[-1] and (self._erases or not cells[-1].style.back)
        tail = row.tail() if ends else width
        blanks = [(max(first, tail), end) for first, end in spans if end > tail]
        erase = sum(end - first for first, end in blanks) >= _FILL
        if erase:
            spans = [(first, min(end, tail)) for first, end in spans if first < tail]
        for first, end in spans:
            self.move(y, first, cells)
            self._put(row, first, end)
            self._x = end if end < width else None
        if erase:
            near = self._y == y - 1 and self._x is not None and tail <= self._x <= blanks[0][0]
            self.move(y, self._x if near and self._x is not None else blanks[0][0], cells)
            self.take(under(self.style, cells[-1].style))
            self.out.append("\x1b[K")
        if row.loose:
            self._x = None

    def move(self, y: int, x: int, row: list[Cell] | None = None) -> None:
        """Go to a place; within its row over the cells that it shows."""
        here = self._x if y == self._y else None
        if x == self._x and self._y is not None and y == self._y + 1:
            self.out.append("\x1b[B")
        elif here is None or here > x:
            self.out.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H")
        elif here < x:
            gap = strokes(row, here, x, self.style) if row is not None and x - here <= _FILL else []
            fits = len(gap) == 1 and gap[0].style is self.style and len(gap[0].text) == x - here
            self.out.append(gap[0].text if fits else step(x - here))
        self._y, self._x = y, x

    def take(self, style: Style) -> None:
        """Change the colours."""
        if style is not self.style:
            self.out.append(change(self.style, style))
            self.style = style

    def _put(self, row: Row, first: int, end: int) -> None:
        """Write a stretch of a row from where the cursor is."""
        order = strokes(row.cells, first, end, self.style)
        if len(order) <= _FEW:
            self._ink(order)
            return
        for x, until in row.pieces(first, end):
            order = strokes(row.cells, x, until, self.style)
            self._ink(min(order, by_style(order), key=lambda strokes: len(inked(strokes, self.style, self._erases))))

    def _ink(self, order: list[Stroke]) -> None:
        self.out.append(inked(order, self.style, self._erases))
        self.style = order[-1].style


class Thrift:
    """The model of a terminal, of which nothing is known at first."""

    def __init__(self, width: int, height: int, erases: bool) -> None:
        self._erases = erases
        """Whether erased cells take the background that is set."""
        self._style: Style | None = None
        self._held: str | None = None
        self.forget(width, height)

    def forget(self, width: int, height: int) -> None:
        """Nothing is known any more of cells and cursor, as after a resize."""
        self._width, self._height = width, height
        self._rows = [Row([UNKNOWN] * width) for _ in range(height)]
        self._new: dict[int, Row] = {}
        self._y: int | None = None
        self._x: int | None = None

    def feed(self, data: str) -> str:
        """What to send instead of `data`. A synchronized update is held until its end, and left out if it is empty."""
        held = self._held
        if data == SYNC_START:
            self._held = held or ""
            return ""
        if data == SYNC_END and held is not None:
            self._held = None
            return marked(held)
        pen = Pen(self._y, self._x, self._style, self._erases)
        sense = self._read(data)
        out = self._drawn(pen) if sense is Sense.CLEAR else data
        for y, row in self._new.items():
            self._rows[y] = row
        self._new.clear()
        if held is None:
            return out
        if sense is Sense.FOREIGN:
            self._held = ""
            return marked(held) + out
        self._held = held + out
        return ""

    def _drawn(self, pen: Pen) -> str:
        """The bytes for what has changed, with cursor and colours at the end where Textual has them."""
        jobs = [
            job_of(y, row, spans) for y, row in sorted(self._new.items()) if (spans := difference(self._rows[y], row))
        ]
        while jobs:
            job = easiest(jobs, pen.style)
            jobs.remove(job)
            pen.draw(job.y, job.row, job.spans)
        if self._style is not None and self._y is not None and self._x is not None:
            pen.take(self._style)
            pen.move(self._y, self._x)
        return "".join(pen.out)

    def _read(self, data: str) -> Sense:
        """Do to the model what the data does to the terminal."""
        sense = Sense.CLEAR
        for token in _TOKEN.finditer(data):
            kind = token.lastgroup
            if kind == "segment":
                self._style = restyled(self._style, token[2])
                sense = max(sense, self._write(token[3]))
                self._style = PLAIN
            elif kind == "text":
                sense = max(sense, self._write(token[0]))
            elif kind == "style":
                self._style = restyled(self._style, token[6])
            elif kind == "place":
                y, x = int(token[8] or 1) or 1, int(token[9] or 1) or 1
                inside = y <= self._height and x <= self._width
                self._y, self._x = (y - 1, x - 1) if inside else (None, None)
            elif kind == "newline":
                sense = max(sense, self._break(token[0]))
            else:
                sense = Sense.FOREIGN
                if kind == "other":
                    self._style = None
                    self.forget(self._width, self._height)
        known = self._style is not None and self._y is not None and self._x is not None
        return sense if known else max(sense, Sense.BLIND)

    def _write(self, text: str) -> Sense:
        """Text at the cursor."""
        y, x, style = self._y, self._x, self._style
        letters = font(style or PLAIN)
        cells = list(map(letters.__getitem__, text))
        odd = [] if text.isascii() else [match.start() for match in _ODD.finditer(text)]
        sure = not odd or UNKNOWN not in cells
        # A mark in the first column may belong to the row above.
        lost = x is None or x + len(text) * (1 if sure else 2) > self._width or (x == 0 and cells[0] is UNKNOWN)
        if y is None or x is None or lost:
            self.forget(self._width, self._height)
            return Sense.BLIND
        row = self._new.get(y)
        if row is None:
            row = self._new[y] = self._rows[y].copy()
        if not sure:
            # A mark may belong to the letter before it, and what follows may stand anywhere.
            row.put(max(x - 1, 0), [UNKNOWN] * (self._width - max(x - 1, 0)), [])
            self._x = None
            return Sense.BLIND
        end = x + len(text)
        self._x = end if end < self._width else None
        if style is None:
            row.put(x, [UNKNOWN] * len(text), [])
            return Sense.BLIND
        row.put(x, cells, [x + at for at in odd if cells[at].loose])
        return Sense.CLEAR

    def _break(self, char: str) -> Sense:
        """A line feed keeps the column or not, as the terminal line is set; at the bottom it moves all rows."""
        if char == "\r":
            self._x = 0
        elif self._y is None or self._y + 1 >= self._height:
            self.forget(self._width, self._height)
            return Sense.BLIND
        else:
            self._y, self._x = self._y + 1, None
        return Sense.CLEAR
