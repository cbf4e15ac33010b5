"""The fewest bytes that turn what a terminal shows into what Textual wants shown. Pure: text in, text out.

After every write the terminal is where Textual's own bytes would have left it: the same cells, cursor and colours.
So what is not understood can be sent as it came at any moment; only what the screen shows is then unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from itertools import repeat
from operator import is_

from deescalate_tui.tui.drift import Row, difference
from deescalate_tui.tui.ink import PLAIN, UNKNOWN, Cell, Style, font, restyled
from deescalate_tui.tui.pen import Job, Pen, easiest, jobs_of

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
HOME = "\x1b[1;1H"
"""Where the cursor rests, hidden: a place that is known."""

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

_SHORT = 100
"""Characters."""


class Sense(IntEnum):
    """How well a write was understood."""

    CLEAR = 0
    BLIND = 1
    """It paints, but where, how, or how wide is not known."""
    FOREIGN = 2
    """It does other things than paint."""


Inked = Mapping[int, Sequence[tuple[str, str]]]
"""Rows by their numbers: texts, each with the codes of its style. They reach from the left edge to the right."""


def written(rows: Inked) -> str:
    """The bytes that show these rows on any terminal; the cursor then rests at the first place."""
    lines = (f"\x1b[{y + 1};1H" + "".join(f"\x1b[{codes or 0}m{text}\x1b[m" for text, codes in rows[y]) for y in rows)
    return "".join((*lines, HOME))


def marked(data: str) -> str:
    """Data that the terminal shows at once. What is short it does anyway, and a clock is sent every second."""
    return f"{SYNC_START}{data}{SYNC_END}" if len(data) > _SHORT else data


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
        self._rows = [Row([UNKNOWN] * width)] * height
        self._new: dict[int, list[Cell]] = {}
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
        if sense is Sense.CLEAR:
            new = {y: Row(cells) for y, cells in sorted(self._new.items())}
            self._new.clear()
            return self._kept(self._drawn(pen, new))
        self._sent()
        if sense is Sense.BLIND or held is None:
            return self._kept(data)
        self._held = ""
        return marked(held) + data

    def paint(self, rows: Inked) -> str:
        """What to send so that these rows are shown from the left edge to the right, the cursor comes to rest at the
        first place, and no style is set: as `feed` for what `written` makes of them, and sooner."""
        new: dict[int, Row] = {}
        for y, row in rows.items():
            cells: list[Cell] = []
            for text, codes in row:
                letters = font(restyled(PLAIN, codes) or PLAIN)
                cells += [letters[" "]] * len(text) if not text.strip(" ") else map(letters.__getitem__, text)
            if len(cells) != self._width or y >= self._height or any(map(is_, cells, repeat(UNKNOWN))):
                return self.feed(written(rows))
            new[y] = Row(cells, "".join(text for text, _ in row))
        pen = Pen(self._y, self._x, self._style, self._erases)
        self._style, self._y, self._x = PLAIN, 0, 0
        return self._kept(self._drawn(pen, new))

    def shown(self, data: str) -> None:
        """This was sent as it is."""
        self._read(data)
        self._sent()

    def _kept(self, out: str) -> str:
        """What is written within a synchronized update goes out with it."""
        if self._held is None:
            return out
        self._held += out
        return ""

    def _sent(self) -> None:
        """What was read went out as it came: letters that may take two places have moved the whole rest of a row."""
        for y, cells in self._new.items():
            row = Row(cells)
            end = row.zones[0].end if row.zones else self._width
            known = row.is_even(end, self._width)
            self._rows[y] = row if known else Row([*cells[:end], *[UNKNOWN] * (self._width - end)])
        self._new.clear()

    def _drawn(self, pen: Pen, new: Mapping[int, Row]) -> str:
        """The bytes for what has changed, with cursor and colours at the end where Textual has them."""
        jobs: list[Job] = []
        for y, row in new.items():
            if spans := difference(self._rows[y], row):
                jobs += jobs_of(y, row, spans, self._erases)
            self._rows[y] = row
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
        cells = list(map(font(style or PLAIN).__getitem__, text))
        sure = text.isascii() or UNKNOWN not in cells
        # A mark in the first column may belong to the row above.
        lost = x is None or x + len(text) * (1 if sure else 2) > self._width or (x == 0 and cells[0] is UNKNOWN)
        if y is None or x is None or lost:
            self.forget(self._width, self._height)
            return Sense.BLIND
        row = self._new.get(y)
        if row is None:
            row = self._new[y] = self._rows[y].cells.copy()
        if not sure:
            # A mark may belong to the letter before it, and what follows may stand anywhere.
            first = max(x - 1, 0)
            row[first:] = [UNKNOWN] * (self._width - first)
            self._x = None
            return Sense.BLIND
        end = x + len(text)
        self._x = end if end < self._width else None
        row[x:end] = cells if style is not None else [UNKNOWN] * len(text)
        return Sense.CLEAR if style is not None else Sense.BLIND

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
