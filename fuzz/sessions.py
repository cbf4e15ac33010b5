"""Whole sessions as targets: a journal with anything in its records, and lines typed at plain mode."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

import msgspec

from deescalate_tui.call import commands as cmd
from deescalate_tui.clean import defused, hostile
from deescalate_tui.errors import Fault
from deescalate_tui.journal.journal import SUFFIX, line_of
from deescalate_tui.notes.parse import parse
from deescalate_tui.offer import waiting_text
from deescalate_tui.plain.session import Talk
from deescalate_tui.screens.presenter import session_view
from deescalate_tui.screens.prompts import question_view
from deescalate_tui.workplace import Workplace

SESSION = "0194cf2e-1111-7abc-8def-0123456789ab"
PLAIN_LINES = 60
"""So many lines of one input are typed: more only take longer."""


def journal(home: Path) -> Callable[[bytes], object]:
    """Records, one a line, in a journal whose checksums are right: listed, read, gone on with, closed to a note."""
    work = Workplace.open({"DEESCALATE_HOME": str(home)}, {"country": "NO"})
    path = work.paths.sessions / f"{SESSION}{SUFFIX}"
    path.parent.mkdir(parents=True, exist_ok=True)

    def run(data: bytes) -> None:
        path.write_bytes(b"".join(_lines(data)))
        try:
            _lead(work)
        finally:
            _empty(work)

    return run


def _lines(data: bytes) -> Iterator[bytes]:
    for record in data.split(b"\n"):
        with suppress(ValueError):
            yield line_of(record)


def _lead(work: Workplace) -> None:
    for entry in work.waiting():
        waiting_text(entry, work.messages("de"))
    work.begun("T-1")
    if (state := work.read_waiting(SESSION)) is not None:
        assert state.log
    live = work.resume(SESSION)
    try:
        shown = (
            session_view(live.state, live.book, live.messages),
            question_view(live.state, live.book, live.messages),
        )
        assert not any(map(hostile, _texts(msgspec.to_builtins(shown)))), shown
        for command in (cmd.Leave(), cmd.Done(), cmd.Undo(), cmd.Hear(3)):
            if not live.state.closed:
                live.do(command)
    finally:
        live.journal.close(1)
    finished = work.close_waiting(SESSION)
    assert parse(finished.text).id == live.state.id


def _texts(value: object) -> Iterator[str]:
    """Every text in a value made of lists, mappings and texts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from chain.from_iterable(map(_texts, value.values()))
    elif isinstance(value, list | tuple):
        yield from chain.from_iterable(map(_texts, value))


def plain(home: Path) -> Callable[[bytes], object]:
    """Lines typed in plain mode: nothing hostile is printed, and the note can be read."""
    work = Workplace.open({"DEESCALATE_HOME": str(home)}, {"country": "NO"})

    def run(data: bytes) -> None:
        typed = data.decode("utf-8", "replace").split("\n")[:PLAIN_LINES]
        printed: list[str] = []
        live = work.start("aggressive", "de", "phone")
        try:
            Talk(live, iter(typed), printed.append).run()
            assert not hostile("".join(printed).replace("\n", "")), defused("".join(printed), "?")
            for path in work.paths.notes.rglob("*.md"):
                assert parse(path.read_text("utf-8")).id == live.state.id
        finally:
            _empty(work)

    return run


def _empty(work: Workplace) -> None:
    if work.leading is not None:
        with suppress(Fault, ValueError):
            work.leading.journal.close(1)
    for folder in (work.paths.sessions, work.paths.notes):
        shutil.rmtree(folder, ignore_errors=True)
    work.paths.sessions.mkdir(parents=True, exist_ok=True)
