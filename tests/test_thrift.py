"""The thrifty driver: a terminal fed by it shows what one fed by Textual itself shows, for fewer bytes."""

import sys
import unicodedata

import pytest

if sys.platform == "win32":
    pytest.skip("Windows keeps Textual's own driver", allow_module_level=True)


import pyte
import pyte.screens
from hypothesis import given
from hypothesis import strategies as st

from deescalate_tui.tui.thrift import SYNC_END, SYNC_START, Thrift

LOOK = "\x1b[1;38;5;255;48;5;234m"
STOCK = "textual.drivers.linux_driver:LinuxDriver"


class Terminal(pyte.Screen):
    """A terminal in memory; `erases` in the background that is set, or not."""

    def __init__(self, width: int, height: int, erases: bool = True) -> None:
        super().__init__(width, height)
        self.erases = erases
        self.stream = pyte.Stream(self)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        attrs = self.cursor.attrs
        if not self.erases:
            self.cursor.attrs = self.default_char
        super().erase_in_line(how, private)
        self.cursor.attrs = attrs

    def feed(self, data: str) -> None:
        self.stream.feed(data)

    def seen(self) -> list[list[tuple[object, ...]]]:
        return [[look(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]

    def state(self) -> tuple[object, ...]:
        """All that a person or the next write can tell."""
        return self.seen(), self.cursor.x, self.cursor.y, self.cursor.attrs, self.cursor.hidden


def look(char: pyte.screens.Char) -> tuple[object, ...]:
    """What is seen of a cell: on a blank, neither weight nor, if it is nowhere drawn, the colour of letters."""
    lines = char.reverse, char.underscore, char.strikethrough
    if char.data == " ":
        return " ", char.bg, lines, char.fg if any(lines) else None
    return char.data, char.bg, lines, char.fg, char.bold, char.italics


class Pair:
    """Two terminals, one fed as Textual writes and one by the thrift between."""

    def __init__(self, width: int, height: int, erases: bool = True) -> None:
        self.plain = Terminal(width, height, erases)
        self.spared = Terminal(width, height, erases)
        self.thrift = Thrift(width, height, erases)
        self.held = False

    def write(self, data: str) -> str:
        self.plain.feed(data)
        out = self.thrift.feed(data)
        self.spared.feed(out)
        self.held = data == SYNC_START or (self.held and data != SYNC_END)
        if not self.held:
            assert self.spared.state() == self.plain.state(), (data, out)
        return out

    def resize(self, width: int, height: int) -> None:
        self.plain.resize(height, width)
        self.spared.resize(height, width)
        self.thrift.forget(width, height)


LETTERS = "abcXYZ  ..,äüØß○▶–·„“✓"
DOUBTFUL = "漢😀⚠\u0301\u00ad\u00a0ﬁ\ue0a0א"
CODES = ("1", "7", "22", "27", "4", "24", "38;5;252", "38;5;110", "48;5;234", "48;5;16", "39", "49", "31", "44", "97")
CODES_TOO = (*CODES, "", "0", "2", "3", "9", "5", "25", "48;2;1;2;3", "38;2;9;8", "38;5;999", "38", "1;;4", "21", "107")
OTHERS = (
    *(
        "\x1b[K",
        "\x1b[2K",
        "\x1b[1K",
        "\x1b[J",
        "\x1b[2J",
        "\x1b[3X",
        "\x1b[2A",
        "\x1b[3C",
        "\x1b[2D",
        "\x1bM",
        "\x1bD",
    ),
    *("\x1b[L", "\x1b[M", "\x1b[2P", "\x1b[2@", "\t", "\x08", "\x1b7", "\x1b8", "\x1bc", "\x1b[?1049h", "\x07", "\x00"),
    *(
        "\x1b[?25l",
        "\x1b[?25h",
        "\x1b[?2004h",
        "\x1b[?7l",
        "\x1b[?7h",
        "\x1b]0;x\x07",
        "\x1b]8;;x\x1b\\",
        "\x9b2A",
    ),
)


def picture(width: int, rows: list[tuple[int, int, list[tuple[str, str]], bool]], cursor: int) -> str:
    """What Textual sends for stretches of rows: each from a column on, to the right edge or not."""
    lines = []
    for y, x, parts, whole in rows:
        room, line = width - x, f"\x1b[{y + 1};{x + 1}H"
        for codes, text in [*parts, ("38;5;252;48;5;234", " " * width)] if whole else parts:
            line += f"\x1b[{codes}m{text[:room]}\x1b[0m" if room else ""
            room -= len(text[:room])
        lines.append(line)
    return "\n".join(lines) + f"\x1b[1;{cursor}H"


texts = st.text(LETTERS, min_size=1, max_size=12)
styles = st.lists(st.sampled_from(CODES), min_size=1, max_size=3).map(";".join)
rows = st.tuples(st.integers(0, 6), st.integers(0, 12), st.lists(st.tuples(styles, texts), max_size=4), st.booleans())
frames = st.builds(picture, st.just(24), st.lists(rows, max_size=4), st.integers(1, 24))
wild = st.lists(
    st.one_of(
        *(texts, frames, st.sampled_from(OTHERS), st.sampled_from("\r\n")),
        st.builds("\x1b[{};{}H".format, st.integers(0, 9), st.integers(0, 26)),
        st.text(LETTERS + DOUBTFUL, min_size=1, max_size=8),
        st.lists(st.sampled_from(CODES_TOO), max_size=3).map(lambda codes: f"\x1b[{';'.join(codes)}m"),
        st.sampled_from(["\x1b[H", "\x1b[5H", "\x1b[;3H", "\x1b[99;99H"]),
    ),
    max_size=8,
).map("".join)
writes = st.one_of(
    frames, frames, wild, st.sampled_from([SYNC_START, SYNC_END]), st.tuples(st.integers(1, 26), st.integers(1, 9))
)


@given(st.lists(writes, max_size=12), st.booleans())
def test_any_stream_shows_the_same(steps: list[str | tuple[int, int]], erasing: bool) -> None:
    pair = Pair(24, 8, erasing)
    for step in steps:
        if isinstance(step, str):
            pair.write(step)
        elif not pair.held:  # else Textual's bytes and these would meet terminals of different sizes
            pair.resize(*step)


sides = st.tuples(st.lists(st.tuples(styles, st.text(LETTERS, min_size=1, max_size=8)), max_size=2), st.integers(0, 99))


@given(st.lists(st.dictionaries(st.integers(0, 2), sides, min_size=1), max_size=6), st.booleans())
def test_a_row_is_right_where_ambiguous_letters_take_two_places(
    pictures: list[dict[int, tuple[list[tuple[str, str]], int]]], erasing: bool
) -> None:
    """There the rest of a row stands further right: what is skipped must not be torn from what is sent."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pyte.screens, "wcwidth", lambda char: 2 if unicodedata.east_asian_width(char) == "A" else 1)
        shown: dict[int, tuple[int, int, list[tuple[str, str]], bool]] = {}
        spared, thrift = Terminal(60, 3, erasing), Thrift(60, 3, erasing)
        spared.feed("\x1b[?7l" + thrift.feed("\x1b[m"))
        for rows in pictures:
            for y, (parts, clock) in rows.items():
                gap = " " * (55 - sum(len(text) for _, text in parts))
                right = [(CODES[5], gap), (CODES[0], f"{clock:02}:00")] if clock % 3 else []
                shown[y] = (y, 0, [*parts, *right], True)
            spared.feed(thrift.feed(picture(60, [shown[y] for y in sorted(rows)], 1)))
            fresh = Terminal(60, 3)
            fresh.feed("\x1b[?7l" + picture(60, sorted(shown.values()), 1))
            assert spared.seen() == fresh.seen()
