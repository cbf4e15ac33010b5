"""Letters as large as the window allows, for a sign that is read from two metres away. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

_GLYPHS = {
    "A": ".###.|#...#|#####|#...#|#...#",
    "B": "####.|#...#|####.|#...#|####.",
    "C": ".####|#....|#....|#....|.####",
    "D": "####.|#...#|#...#|#...#|####.",
    "E": "#####|#....|###..|#....|#####",
    "F": "#####|#....|###..|#....|#....",
    "G": ".####|#....|#..##|#...#|.####",
    "H": "#...#|#...#|#####|#...#|#...#",
    "I": "###|.#.|.#.|.#.|###",
    "J": "..###|...#.|...#.|#..#.|.##..",
    "K": "#...#|#..#.|###..|#..#.|#...#",
    "L": "#....|#....|#....|#....|#####",
    "M": "#...#|##.##|#.#.#|#...#|#...#",
    "N": "#...#|##..#|#.#.#|#..##|#...#",
    "O": ".###.|#...#|#...#|#...#|.###.",
    "P": "####.|#...#|####.|#....|#....",
    "Q": ".###.|#...#|#.#.#|#..#.|.##.#",
    "R": "####.|#...#|####.|#..#.|#...#",
    "S": ".####|#....|.###.|....#|####.",
    "T": "#####|..#..|..#..|..#..|..#..",
    "U": "#...#|#...#|#...#|#...#|.###.",
    "V": "#...#|#...#|#...#|.#.#.|..#..",
    "W": "#...#|#...#|#.#.#|##.##|#...#",
    "X": "#...#|.#.#.|..#..|.#.#.|#...#",
    "Y": "#...#|.#.#.|..#..|..#..|..#..",
    "Z": "#####|...#.|..#..|.#...|#####",
    "Ä": "#.#.#|.###.|#...#|#####|#...#",
    "Ö": "#...#|.###.|#...#|#...#|.###.",
    "Ü": "#...#|.....|#...#|#...#|.###.",
    "Å": "..#..|.###.|#...#|#####|#...#",
    "Ø": ".####|#..##|#.#.#|##..#|####.",
    "Æ": ".####|#.#..|#####|#.#..|#.###",
}
_BLOCKS = {"..": " ", "#.": "▌", ".#": "▐", "##": "█"}
_ROWS = 5
_TALLEST = 5.5
"""Rows to a column's width of a letter, times five: a cell is twice as high as wide, a letter at most as well."""
_WIDEST = 2.5
"""The same for how wide a letter may be: as wide as high."""


class _Size(msgspec.Struct, frozen=True):
    """How large letters are drawn."""

    half_cells: int
    """Of a dot's width: blocks come in halves, so letters can grow by halves."""
    bar: int
    """Rows of the first, the middle and the last row of dots: the strokes that lie."""
    leg: int
    """Rows of the two between them, which can grow without a stroke getting thicker."""

    @property
    def rows(self) -> int:
        return 3 * self.bar + 2 * self.leg


def big(text: str, width: int, height: int) -> list[str]:
    """The text in letters as large as fit, in one line or a line of them for each word; all rows are equally long.

    Where even the smallest do not fit, the text in plain capitals.
    """
    words = text.upper().split()
    layouts = [[_dots(line) for line in lines] for lines in ([" ".join(words)], words)]
    sizes = [_size(max((len(line[0]) for line in lines), default=0), len(lines), width, height) for lines in layouts]
    best = max(range(len(layouts)), key=lambda it: _area(sizes[it]))
    size = sizes[best]
    if size is None:
        return [" ".join(words)]
    rows: list[str] = []
    for line in layouts[best]:
        rows += [*([""] if rows else []), *_drawn(line, size)]
    longest = max(map(len, rows))
    return [row.center(longest) for row in rows]


def _dots(line: str) -> list[str]:
    """One line of letters as rows of dots; a character without a form leaves a gap."""
    glyphs = [_GLYPHS.get(letter, "..|..|..|..|..").split("|") for letter in line]
    return [".".join(glyph[row] for glyph in glyphs) for row in range(_ROWS)]


def _size(dots: int, lines: int, width: int, height: int) -> _Size | None:
    """The largest letters for so many lines of at most so many dots, in shape; None where there is no room."""
    half_cells = 2 * width // dots if dots else 0
    room = min((height - lines + 1) // max(lines, 1), int(_TALLEST * half_cells / 2))
    if half_cells < 2 or room < _ROWS:
        return None
    half_cells = min(half_cells, int(2 * room / _WIDEST))
    bar = max(1, min(half_cells // 4, room // _ROWS))
    return _Size(half_cells, bar, (room - 3 * bar) // 2)


def _area(size: _Size | None) -> int:
    return size.half_cells * size.rows if size is not None else 0


def _drawn(dots: Sequence[str], size: _Size) -> list[str]:
    """Dots as blocks."""
    rows: list[str] = []
    for row, number in zip(dots, (size.bar, size.leg, size.bar, size.leg, size.bar), strict=True):
        halves = "".join(dot * size.half_cells for dot in row)
        pairs = (halves[at : at + 2].ljust(2, ".") for at in range(0, len(halves), 2))
        rows += ["".join(_BLOCKS[pair] for pair in pairs)] * number
    return rows
