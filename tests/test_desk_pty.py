"""The desk in a real terminal: it opens at once, filters, ticks off, leaves the terminal as it was."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no pty", allow_module_level=True)

from desk_stage import PROMISES, note, workplace
from terminal import Terminal, terminals

from deescalate_tui import catalogues
from deescalate_tui.cli.main import main
from deescalate_tui.errors import Exit

WORDS = catalogues.load("de")
CTRL_Q = "\x11"
Open = Callable[..., Terminal]

window = pytest.fixture(name="window")(terminals)


def test_a_lead_filters_reads_and_ticks_off(window: Open, home: Path):
    work = workplace(home / "deescalate", note("de", 1, commitments=PROMISES), note("nl", 2))
    it = window("desk", environ={"DEESCALATE_UI_LANGUAGE": "de"}).see("2 Einträge", WORDS("desk.key.filter"))
    it.type("/ersatzrou").see("› ersatzrou", "1 Eintrag")
    it.type("\r").see("Filter: ersatzrou")
    it.type("\r").see(WORDS("desk.reading")[:12])
    it.type("\x1b").see("Filter: ersatzrou")
    it.type("2 ").see(WORDS("desk.ticked", what=PROMISES[0].what))
    assert len(list(work.paths.notes.rglob("*_r2.md"))) == 1
    it.type(CTRL_Q)
    assert it.end() == Exit.OK
    assert it.is_restored()


def test_it_ends_while_the_index_is_built(window: Open, home: Path):
    workplace(home / "deescalate", *(note("de", number) for number in range(400)))
    it = window("desk", environ={"DEESCALATE_UI_LANGUAGE": "de"}).see(WORDS("desk.key.filter"))
    it.type(CTRL_Q)
    assert it.end() == Exit.OK
    assert it.is_restored()
    assert "Traceback" not in it.after


def test_where_there_is_no_screen_it_names_the_commands_that_need_none(capsys: pytest.CaptureFixture[str]):
    for arguments in (["desk"], ["desk", "--plain"]):
        assert main(arguments) == Exit.USAGE
        assert "deescalate due" in capsys.readouterr().err
