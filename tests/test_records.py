"""The lines of a journal that somebody else wrote: what steers is replaced, what is text stays."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import STARTED_AT, started

from deescalate_tui.call import events as ev
from deescalate_tui.clean import clean, defused
from deescalate_tui.journal.records import Reader, decode_all

FIRST = ev.encode(started())


def noted(text: str) -> bytes:
    return b'{"seq":1,"at":%d,"ms":1,"event":{"t":"note","text":%b}}' % (STARTED_AT, text.encode())


@pytest.mark.parametrize(
    ("escape", "text"),
    [
        (r"a\u001b]0;x\u0007", "a\ufffd]0;x\ufffd"),
        (r"a\u202eb\u009b", "a\ufffdb\ufffd"),
        (r"a\bb\fc\rd\te", "a\ufffdb\ufffdc\ufffdd\ufffde"),
        (r"C:\\temp\\u001b\\\u001b", "C:\\temp\\u001b\\\ufffd"),
        (r"\u00e4\n\"", 'ä\n"'),
        ("a\u202eb", "a\ufffdb"),
    ],
)
def test_what_steers_is_replaced(escape: str, text: str):
    _, record = decode_all((FIRST, noted(f'"{escape}"')))
    assert isinstance(record.event, ev.NoteWritten)
    assert record.event.text == text


@given(st.text())
def test_whatever_was_typed_stays(text: str):
    record = ev.Record(1, STARTED_AT, 1, ev.NoteWritten(clean(text)))
    assert decode_all((FIRST, ev.encode(record)))[1] == record
    odd = msgspec.json.encode(text.replace("\n", " "))
    assert decode_all((FIRST, noted(odd.decode())))[1].event.text == defused(text.replace("\n", " "))


def test_reading_ends_where_no_record_is():
    assert not Reader()(noted('"open'))
    assert len(decode_all((FIRST, noted('"a"'), noted("1"), noted('"b"')))) == 2
    assert decode_all((noted('"a"'),)) == ()
