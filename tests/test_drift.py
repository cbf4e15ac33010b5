"""Where some letters take two places: nothing is torn, nothing is lost, columns stand straight."""

import re
import sys
import unicodedata
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("Windows keeps Textual's own driver", allow_module_level=True)

import pyte.screens
from emulator import Wide
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from test_thrift import CODES, LETTERS, Parts, Stretch, picture, styles

from deescalate_tui.tui.thrift import Thrift


@pytest.fixture
def ambiguous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terminals are set up as in East Asia."""
    monkeypatch.setattr(pyte.screens, "wcwidth", lambda char: 2 if unicodedata.east_asian_width(char) == "A" else 1)


sides = st.tuples(st.lists(st.tuples(styles, st.text(LETTERS, min_size=1, max_size=8)), max_size=2), st.integers(0, 99))
panes = st.tuples(sides, sides)
solid = st.tuples(styles, st.text(LETTERS.replace(" ", ""), min_size=1, max_size=8))
words = st.tuples(st.lists(solid, max_size=2), st.integers(0, 99))


def laid_out(panes: tuple[tuple[Parts, int], tuple[Parts, int]]) -> Parts:
    """A row of 60 cells: text, and, beyond a rule or not, another text, and a clock or not."""
    (left, number), (right, clock) = panes
    row = [*left, (CODES[5], " " * (25 - sum(len(text) for _, text in left)))]
    row += [(CODES[5], "│ " if number % 2 else "  "), *right]
    row += [(CODES[5], " " * (55 - sum(len(text) for _, text in row)))]
    return [*row, (CODES[0], f"{clock:02}:00")] if clock % 3 else row


@example(
    [
        {0: (([("1", "·abcdef")], 0), ([], 0)), 1: (([("1", "abcdefg")], 0), ([], 0))},
        {0: (([("1", "·")], 0), ([], 0)), 1: (([("1", "a")], 0), ([], 0))},
    ],
    True,
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.integers(0, 2), panes, min_size=1), max_size=6), st.booleans())
def test_a_row_is_right_where_ambiguous_letters_take_two_places(
    ambiguous: None, pictures: list[dict[int, Any]], erasing: bool
) -> None:
    """There the rest of a row stands further right: what is skipped must not be torn from what is sent."""
    shown: dict[int, Stretch] = {}
    spared, thrift = Wide(60, 3, erasing), Thrift(60, 3, erasing)
    spared.feed(thrift.feed("\x1b[m"))
    for rows in pictures:
        shown |= {y: (y, 0, laid_out(row), True) for y, row in rows.items()}
        spared.feed(thrift.feed(picture(60, [shown[y] for y in sorted(rows)])))
        fresh = Wide(60, 3, erasing)
        fresh.feed(Thrift(60, 3, erasing).feed("\x1b[m" + picture(60, sorted(shown.values()))))
        assert spared.seen() == fresh.seen()


@given(st.tuples(words, words), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_letter_is_lost_where_some_take_two_places(ambiguous: None, row: Any, erasing: bool) -> None:
    """And what comes after a gap that is wide enough stands where it does everywhere."""
    parts = laid_out(row)
    text = "".join(text for _, text in parts)
    moves = sum(unicodedata.east_asian_width(char) == "A" for char in text)
    gaps = [match.end() for match in re.finditer(f" {{{2 * moves + 1},}}", text.rstrip())]
    last = text.rstrip()[max(gaps, default=0) :]
    assume(len(text.rstrip()) + sum(map(pyte.screens.wcwidth, last)) - len(last) < 60)
    screen = Wide(60, 1, erasing)
    screen.feed(Thrift(60, 1, erasing).feed("\x1b[m" + picture(60, [(0, 0, parts, True)])))
    assert screen.display[0].split() == text.split()
    assert all(screen.buffer[0][at].data == text[at] for at in gaps)


def test_a_change_left_of_a_rule_leaves_the_rest_alone(ambiguous: None) -> None:
    left, right = [("1", "Tür zu"), ("1", " " * 20)], [("1", "│ "), ("1", "Übung   für Grün")]
    thrift, screen = Thrift(60, 1, erases=True), Wide(60, 1, erasing=True)
    screen.feed(thrift.feed("\x1b[m" + picture(60, [(0, 0, [*left, *right], True)])))
    sent = thrift.feed(picture(60, [(0, 0, [("1", "Tor auf"), ("1", " " * 19), *right], True)]))
    screen.feed(sent)
    assert sent == "\x1b[C\x1b[1mor auf\x1b[m\r"
    assert screen.display[0].index("│") == 26


def test_a_rule_as_wide_as_the_screen_may_be_drawn_again():
    """Each of its letters may be moved, and none has changed."""
    rule = picture(80, [(0, 0, [("2", "─" * 80)], False)])
    thrift = Thrift(80, 2, erases=True)
    thrift.feed("\x1b[m")
    assert "─" in thrift.feed(rule)
    assert "─" not in thrift.feed(rule)
