"""What is typed loses what could steer a terminal or hide; what stands in a file is told."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate_tui.clean import LIMIT, clean, defused, hostile

INVISIBLE = [
    0x7F,
    0x80,
    0x85,
    0x9B,
    0x061C,
    0x200B,
    0x200F,
    0x202A,
    0x202E,
    0x2060,
    0x2066,
    0x2069,
    0xD800,
    0xDFFF,
    0xFEFF,
]
TAGS = [0xE0000, 0xE0041, 0xE007F]
EVERYTHING = st.text(st.characters(codec=None), max_size=60)


@pytest.mark.parametrize("code", [0, 7, 8, 0x0B, 0x1B, 0x1F, *INVISIBLE, *TAGS])
def test_a_character_that_steers_or_hides_is_dropped_and_told(code: int) -> None:
    assert clean(f"a{chr(code)}b") == "ab"
    assert hostile(f"a{chr(code)}b") == [(1, code)]
    assert defused(f"a{chr(code)}b") == "a\ufffdb"
    assert defused(f"a{chr(code)}b", " ") == "a b"


@pytest.mark.parametrize("text", ["Grüße, ‘ja’ – «nei»", "a\u0338", "🙂", "مرحبا", "\ufffd", "\u2014"])
def test_ordinary_text_of_any_script_stays(text: str) -> None:
    assert clean(text) == text
    assert hostile(text) == []


def test_a_terminal_sequence_becomes_harmless_text() -> None:
    assert clean("\x1b]0;title\x07x\x1b[31mred\x9b0m") == "]0;titlex[31mred0m"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
def test_a_line_end_becomes_a_space_or_one_line_feed(end: str) -> None:
    assert clean(f"a{end}b") == "a b"
    assert clean(f"a{end}b", lines=True) == "a\nb"


def test_a_tab_becomes_a_space_or_stays() -> None:
    assert clean("a\tb") == "a b"
    assert clean("a\tb", lines=True) == "a\tb"


@pytest.mark.parametrize("code", [0x09, 0x0D, 0x2028, 0x2029])
def test_a_file_holds_no_line_end_but_the_line_feed_and_no_tab(code: int) -> None:
    assert hostile(f"\n{chr(code)}") == [(1, code)]


def test_text_is_composed() -> None:
    assert clean("a\u0308") == "ä"
    assert clean("a\u200b\u0308") == "ä"


def test_text_is_cut_at_the_limit() -> None:
    assert clean("abc", 2) == "ab"
    assert len(clean("x" * (LIMIT + 1))) == LIMIT
    assert clean("\x00\x00abc", 3) == "abc"


@given(EVERYTHING, st.booleans())
def test_what_is_clean_stays_as_it_is(text: str, lines: bool) -> None:
    once = clean(text, lines=lines)
    assert clean(once, lines=lines) == once
    assert unicodedata.is_normalized("NFC", once)
    assert {code for _, code in hostile(once)} <= ({9} if lines else set())
    once.encode()


@given(EVERYTHING)
def test_defused_text_keeps_every_place(text: str) -> None:
    assert len(defused(text)) == len(text)
    assert hostile(defused(text)) == []
