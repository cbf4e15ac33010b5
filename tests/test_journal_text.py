"""The text of a journal in memory: the same whatever of it is packed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deescalate_tui.journal import text as journal_text
from deescalate_tui.journal.text import CHUNK, JournalText


@given(st.binary(max_size=40), st.lists(st.tuples(st.binary(max_size=30), st.floats(0, 1))), st.floats(0, 1))
def test_packing_changes_nothing_that_is_read(begun: bytes, growth: list[tuple[bytes, float]], part: float):
    small, journal_text.CHUNK = journal_text.CHUNK, 7
    try:
        text, whole = JournalText(begun), begun
        for line, durable in growth:
            text += line
            whole += line
            text.pack(int(len(whole) * durable))
            start = int(len(whole) * part)
            assert (len(text), bytes(text), text.since(start)) == (len(whole), whole, whole[start:])
    finally:
        journal_text.CHUNK = small


def test_what_is_packed_takes_less():
    line = b'00000000 {"seq":1,"event":{"t":"looked"}}\n'
    text = JournalText()
    for _ in range(3 * CHUNK // len(line)):
        text += line
        text.pack(len(text))
    assert len(text._tail) < CHUNK
    assert sum(map(len, text._packed)) < CHUNK / 10
    assert bytes(text).count(b"\n") == 3 * CHUNK // len(line)


def test_nothing_is_packed_that_may_still_have_to_be_written():
    text = JournalText(bytes(4 * CHUNK))
    text.pack(CHUNK - 1)
    assert text._packed == []
    text.pack(2 * CHUNK)
    text.pack(2 * CHUNK)
    text.pack(2 * CHUNK)
    assert (len(text._packed), text._begin) == (2, 2 * CHUNK)
