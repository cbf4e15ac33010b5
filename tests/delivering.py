"""`deliver` against a ticket system that the test plays, by a clock it moves. The functions make fixtures."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from note_samples import german
from stage import Watch
from ticket_server import TicketSystem, ticket_system

from deescalate_tui import catalogues
from deescalate_tui.cli import main as cli
from deescalate_tui.cli.deliver import Workplace
from deescalate_tui.errors import Fault
from deescalate_tui.ids import uuid7
from deescalate_tui.notes.folder import save_note
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import note_from, note_name

WORDS = catalogues.load("en")
SECRET = "s3cret-Token"
Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


def servers() -> Iterator[TicketSystem]:
    with ticket_system() as system:
        yield system


def watches(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The clock of every command of the test; and no chance in it."""
    watch, plain = Watch(), Workplace.open
    monkeypatch.setattr(Workplace, "open", lambda environ, flags, clock=None: plain(environ, flags, clock or watch))
    monkeypatch.setattr("random.random", lambda: 1.0)
    return watch


def switch_on(monkeypatch: pytest.MonkeyPatch, url: str, template: str = "zendesk", **more: str) -> None:
    setting = {"template": template, "url": url, "since": "2026-11-01", "secret_variable": "TICKET_SECRET", **more}
    monkeypatch.setenv("DEESCALATE_DELIVER", json.dumps(setting))
    monkeypatch.setenv("TICKET_SECRET", SECRET)


def delivers(
    server: TicketSystem, watch: Watch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the command against the server: its status, its rows and what it says."""
    switch_on(monkeypatch, server.url, user="robot@example.org/token")

    def run(*options: str, later: int = 0) -> tuple[int, list[dict[str, Any]], str]:
        watch.seconds += later
        capsys.readouterr()
        try:
            status = cli.run(["deliver", "--json", *options], WORDS)
        except Fault as fault:
            capsys.readouterr()
            return fault.status, [], WORDS.fault(fault)
        out, err = capsys.readouterr()
        return status, json.loads(out), err

    return run


def notes() -> Path:
    return Path(os.environ["DEESCALATE_HOME"], "notes")


def put(ticket: str = "4711", **changes: Any) -> str:
    """A finished note, a minute later than the one before; its id."""
    minute = len(list(notes().glob("*/*/*.md")))
    facts = {"started": f"2026-11-22T13:{minute:02}:00+01:00", "expires": "2027-02-20", **changes}
    note = replace(note_from(german()), id=uuid7(1_795_352_712_000), ticket=ticket, **facts)
    save_note(notes() / note_name(note), render(note, catalogues.load("de")), note.id, shared=False)
    return note.id


def states(rows: list[dict[str, Any]]) -> list[str]:
    return [row["state"] for row in rows]
