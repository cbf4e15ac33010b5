"""What is read of unfinished sessions, and how often."""

from __future__ import annotations

from collections import Counter

import pytest
from stage import opened

from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.journal import records, waiting


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many journals were scanned for the list, how many records were decoded."""
    calls: Counter[str] = Counter()
    scan, decode = waiting.scan, ev.decode

    def scanned(data: bytes) -> object:
        calls["scanned"] += 1
        return scan(data)

    def decoded(line: bytes) -> ev.Record:
        calls["decoded"] += 1
        return decode(line)

    monkeypatch.setattr(waiting, "scan", scanned)
    monkeypatch.setattr(records.ev, "decode", decoded)
    return calls


def left(levels: int) -> str:
    """The id of a session of so many levels that was left."""
    session = opened().start("rude", "nl", "phone")
    for number in range(levels):
        session.do(cmd.Hear(number % 3))
    session.journal.close()
    return session.state.id


def test_a_journal_is_looked_at_once_until_it_changes(counted: Counter[str]):
    left(3)
    work = opened()
    assert [it.title for it in work.waiting()] == [it.title for it in work.waiting()]
    assert counted["scanned"] == 1
    session = work.resume(work.waiting()[0].id)
    session.do(cmd.Open("ticket"))
    session.do(cmd.Submit("77"))
    session.journal.close()
    assert [it.ticket for it in opened().waiting()] == ["77"]
    assert counted["scanned"] == 2


def test_who_goes_on_decodes_each_record_once(counted: Counter[str]):
    name = left(30)
    work = opened()
    work.waiting()
    before = counted["decoded"]
    work.resume(name).journal.close()
    assert before == 2, "the list needs the first and the last"
    assert counted["decoded"] - before == 31


def test_what_could_not_be_read_is_tried_again(monkeypatch: pytest.MonkeyPatch):
    left(1)
    work = opened()
    with monkeypatch.context() as refused:
        refused.setattr(waiting, "MAX_JOURNAL", 10)
        assert [it.title for it in work.waiting()] == [""]
    assert work.waiting()[0].title
