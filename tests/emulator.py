"""Terminals in memory: one like most, and one that gives ambiguous letters two places."""

from __future__ import annotations

import re
from typing import Any

import pyte
import pyte.screens


class Emulator(pyte.Screen):
    """A terminal in memory, which erases in the background that is set, or not."""

    def __init__(self, width: int, height: int, erasing: bool = True) -> None:
        super().__init__(width, height)
        self.erasing = erasing
        self.stream = pyte.Stream(self)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        attrs = self.cursor.attrs
        if not self.erasing:
            self.cursor.attrs = self.default_char
        super().erase_in_line(how, private)
        self.cursor.attrs = attrs

    def erase_characters(self, count: int | None = None) -> None:
        attrs = self.cursor.attrs
        if not self.erasing:
            self.cursor.attrs = self.default_char
        super().erase_characters(count)
        self.cursor.attrs = attrs

    def feed(self, data: str) -> None:
        # The emulator would print what newer terminals are asked.
        self.stream.feed(re.sub(r"\x1b\[[<=>][0-9;]*u", "", data))

    def seen(self) -> list[list[tuple[object, ...]]]:
        return [[look(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]

    def state(self) -> tuple[object, ...]:
        """All that a person or the next write can tell."""
        return self.seen(), self.cursor.x, self.cursor.y, self.cursor.attrs, self.cursor.hidden


def look(char: pyte.screens.Char) -> tuple[object, ...]:
    """What is seen of a cell: on a blank, neither weight nor, if it is nowhere drawn, the colour of letters.

    Nor of an accent that is written alone, after the blank has been shown: Textual writes none.
    """
    lines = char.reverse, char.underscore, char.strikethrough
    if char.data.startswith(" "):
        return char.data, char.bg, lines, char.fg if any(lines) else None
    return char.data, char.bg, lines, char.fg, char.bold, char.italics


class Wide(Emulator):
    """A terminal that gives ambiguous letters two places; of one that is half overwritten nothing is left."""

    def __init__(self, width: int, height: int, erasing: bool) -> None:
        super().__init__(width, height, erasing)
        self.feed("\x1b[?7l")

    def draw(self, data: str) -> None:
        for char in data:
            x, row = min(self.cursor.x, self.columns - 1), self.buffer[self.cursor.y]
            self._torn(row, x)
            self._torn(row, x + pyte.screens.wcwidth(char))
            super().draw(char)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        self._torn(self.buffer[self.cursor.y], self.cursor.x)
        super().erase_in_line(how, private)

    def erase_characters(self, count: int | None = None) -> None:
        self._torn(self.buffer[self.cursor.y], self.cursor.x)
        self._torn(self.buffer[self.cursor.y], self.cursor.x + (count or 1))
        super().erase_characters(count)

    def _torn(self, row: Any, x: int) -> None:
        """Something begins at `x`, or ends before it: a letter that stands on both sides is lost."""
        if 0 < x < self.columns and not row[x].data:
            row[x - 1], row[x] = row[x - 1]._replace(data=" "), row[x]._replace(data=" ")
