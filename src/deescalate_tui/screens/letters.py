"""Letters of five rows, for a sign that is read from two metres away. Pure."""

from __future__ import annotations

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
_ROWS = 5


def big(text: str, width: int, height: int) -> list[str]:
    """The text in large letters, a line of them for each word where one line is too narrow.

    Where even that does not fit, the text in plain capitals.
    """
    words = text.upper().split()
    for lines in ([" ".join(words)], words):
        drawn = [_draw(line) for line in lines]
        tall = len(drawn) * (_ROWS + 1) - 1
        if tall <= height and all(len(block[0]) <= width for block in drawn):
            rows: list[str] = []
            for block in drawn:
                rows += [*([""] if rows else []), *block]
            return rows
    return [" ".join(words)]


def _draw(line: str) -> list[str]:
    """One line of large letters; a character without a large form leaves a gap."""
    glyphs = [_GLYPHS.get(letter, "..|..|..|..|..").split("|") for letter in line]
    rows = [" ".join(glyph[row] for glyph in glyphs) for row in range(_ROWS)]
    return [row.replace("#", "█").replace(".", " ") for row in rows]
