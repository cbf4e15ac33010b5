"""A pasted text is text, however the terminal cuts it into pieces and whatever is in it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from evil import EVIL
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from deescalate_tui.tui.pasting import END, ESCAPE, START, PastingParser

PIECES = st.sampled_from(
    [START, END, ESCAPE, "\x1b[", "\x1b[20", "\x1b[A", "x", "\x11", "[201~", "~", "\x1b]0;x\x07", "ä"]
)


def read(chunks: Iterable[str]) -> list[events.Event]:
    parser = PastingParser()
    return [event for chunk in chunks if chunk for event in parser.feed(chunk)]


def told(chunks: Iterable[str]) -> list[str]:
    return [f"paste {it.text}" if isinstance(it, events.Paste) else it.key for it in read(chunks) if not is_other(it)]


def is_other(event: events.Event) -> bool:
    return not isinstance(event, events.Paste | events.Key)


@pytest.mark.parametrize("text", EVIL)
def test_nothing_in_a_paste_is_a_key(text: str):
    found = told([f"{START}{text}{END}", "x"])
    assert found[-1] == "x"
    assert found[:-1] == ([f"paste {text.replace(ESCAPE, '').replace(chr(0), '')}"] if text.replace(ESCAPE, "") else [])


@given(st.lists(PIECES, max_size=30), st.data())
def test_the_pieces_do_not_matter(pieces: list[str], data: st.DataObject):
    text = f"{''.join(pieces)}{END}x"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    chunks = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert told(chunks) == told([text])


def test_what_is_typed_comes_at_once():
    assert told(["a"]) == ["a"]
    assert told(["\x1b[A"]) == ["up"]
    assert told(["\x1b", "[A"]) == ["up"]
    assert told(["\x1b[20", "0~ab\x1b", "[201", "~c"]) == ["paste ab", "c"]
