"""`--print`: a program that opened a call reads its note from standard output, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deescalate_tui import catalogues
from deescalate_tui.errors import Exit
from deescalate_tui.notes.parse import parse

if sys.platform != "win32":
    from terminal import Terminal, terminals

    window = pytest.fixture(name="window")(terminals)
else:

    @pytest.fixture
    def window() -> None:
        pytest.skip("Windows has no pty")


WORDS = catalogues.load("de")
GUIDE = ("guide", "aggressive", "--lang", "de", "--country", "DE", "--ticket", "4711")
CLOSE = "a Rechnung\nq Jetzt reicht es!\nx aborted\n"
CTRL_Q = "\x11"


def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deescalate_tui", *arguments],
        env={**os.environ, "LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "1"},
        input=typed,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def note() -> Path:
    (path,) = Path(os.environ["DEESCALATE_HOME"]).glob("notes/*/*/*.md")
    return path


def expected(form: str) -> str:
    """What the program is to read: of JSON, what `notes show` prints."""
    if form == "json":
        return run("notes", "show", "--json").stdout
    return note().read_text(encoding="utf-8") if form == "md" else f"{note()}\n"


@pytest.mark.parametrize("form", ["path", "md", "JSON"])
def test_plain_mode_leaves_standard_output_to_the_note(form: str):
    done = run(*GUIDE, "--plain", "--print", form, typed=CLOSE)
    assert done.returncode == Exit.OK, done.stderr
    assert done.stdout == expected(form.lower())
    assert WORDS("plain.handover") in done.stderr
    if form == "JSON":
        assert json.loads(done.stdout)["id"] == parse(note().read_text(encoding="utf-8")).id


def test_a_call_that_is_not_closed_prints_nothing_and_says_so():
    done = run(*GUIDE, "--plain", "--print", "path", typed="a Rechnung\n")
    assert (done.returncode, done.stdout) == (Exit.OK, "")
    assert "deescalate resume " in done.stderr
    done = run("resume", "--plain", "--print", "path", typed=CLOSE)
    assert (done.returncode, done.stdout) == (Exit.OK, expected("path"))


def test_another_form_is_refused_before_the_call():
    for command in (GUIDE, ("resume",)):
        done = run(*command, "--plain", "--print", "xml", typed=CLOSE)
        assert (done.returncode, done.stdout) == (Exit.USAGE, "")
        assert done.stderr.startswith("--print: ")


@pytest.mark.skipif(os.name != "posix", reason="a folder that may not be written into")
def test_a_note_that_is_not_saved_is_not_printed():
    Path(os.environ["DEESCALATE_HOME"]).mkdir()
    Path(os.environ["DEESCALATE_HOME"], "notes").write_text("in the way", encoding="utf-8")
    done = run(*GUIDE, "--plain", "--print", "md", typed=CLOSE)
    assert (done.returncode, done.stdout) == (Exit.DISK, "")
    assert "Rechnung" in done.stderr


@pytest.mark.parametrize("errors", ["", "errors"])
def test_the_screen_is_on_the_terminal_while_the_output_is_a_program_s(
    window: Callable[..., Terminal], tmp_path: Path, errors: str
):
    """Also where that program reads the errors as well, and in a window of another size."""
    output, call = tmp_path / "output", tmp_path / "call.json"
    call.write_text('{"type": "rude", "lang": "de", "ticket": "T 9"}', encoding="utf-8")
    it = window(
        *("guide", "--json", "-", "--print", "json"),
        size=(100, 30),
        stdin=str(call),
        stdout=str(output),
        stderr=str(tmp_path / errors) if errors else "",
    )
    it.see(WORDS("key.emergency"), "Ticket T 9")
    assert max(map(len, it.text.splitlines())) > 80
    it.type("aRechnung\r").see("Rechnung").type("x").see(WORDS("outcome.aborted")).type("g").see(WORDS("note.title"))
    assert output.read_text(encoding="utf-8") == ""
    assert it.type(CTRL_Q).end() == Exit.OK
    assert it.is_restored()
    assert output.read_text(encoding="utf-8") == expected("json")


def test_the_screen_prints_nothing_of_a_call_that_is_not_closed(window: Callable[..., Terminal], tmp_path: Path):
    output = tmp_path / "output"
    it = window(*GUIDE, "--print", "md", stdout=str(output)).see(WORDS("key.emergency")).type("3").settle()
    assert it.type(CTRL_Q).end() == Exit.OK
    assert "deescalate resume" in it.after
    assert output.read_bytes() == b""


def test_every_call_of_one_window_is_printed(window: Callable[..., Terminal], tmp_path: Path):
    output = tmp_path / "output"
    it = window(*GUIDE, "--print", "path", stdout=str(output)).see(WORDS("key.emergency"))
    it.type("3xg").see(WORDS("note.title")).type("\r").see(WORDS("start.title")).type("3").see(WORDS("key.emergency"))
    it.type("2xg").see(WORDS("note.title"))
    assert it.type(CTRL_Q).end() == Exit.OK
    paths = [Path(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [parse(path.read_text(encoding="utf-8")).level.peak for path in paths] == [3, 2]
