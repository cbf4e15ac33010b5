"""The command for a finished note, with real children: what it learns, how it fails, and that nothing is lost by it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from stage import Stage, opened

from deescalate_tui import catalogues
from deescalate_tui.close_command import VARIABLES, failure
from deescalate_tui.errors import Exit
from deescalate_tui.live import LiveSession
from deescalate_tui.notes.parse import parse
from deescalate_tui.opening import Opening
from deescalate_tui.own_program import DONE
from deescalate_tui.settings.fields import SETTINGS
from deescalate_tui.tui.reader import NotePlace

WORDS = catalogues.load("de")
GUIDE = ("guide", "aggressive", "--lang", "de", "--country", "DE", "--ticket", "4711", "--plain")
SECRET = "Geheimnis; $(reboot)"


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which the command writes down its environment, once for each run."""
    path, script = tmp_path / "told", tmp_path / "script.py"
    text = f"import json, os\nwith open({str(path)!r}, 'a') as file: file.write(json.dumps(dict(os.environ)) + '\\n')"
    script.write_text(text, encoding="utf-8")
    monkeypatch.setenv("DEESCALATE_CLOSE_COMMAND", json.dumps([sys.executable, str(script)]))
    return path


def close(ticket: str = "4711") -> LiveSession:
    """A call that ends on the screen, with something of everything."""
    stage = Stage(opened(), Opening("aggressive", "de", "phone", ticket))
    stage.press("3", "a", f"={SECRET}\r", "q", f"={SECRET}\r", "x", "g")
    assert isinstance(stage.place, NotePlace)
    live = stage.workplace.leading
    assert live is not None
    return live


def plain(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deescalate_tui", *GUIDE, *options],
        env={**os.environ, "LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "1"},
        input=f"q {SECRET}\nx aborted\n",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def said(told: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]


def note() -> Path:
    (path,) = Path(os.environ["DEESCALATE_HOME"]).glob("notes/*/*/*.md")
    return path


def test_it_learns_where_the_note_lies_and_nothing_that_was_typed_but_the_ticket(told: Path):
    live = close('4711"; rm -rf / $(x)')
    assert live.close_run is not None
    assert live.close_run.ended(60) == DONE
    (environ,) = said(told)
    found = [environ[name] for name in VARIABLES]
    assert found == [str(note()), live.state.id, "aborted", "aggressive", "3", "phone", "de", "4711 rm -rf / x"]
    assert "Geheimnis" not in str(environ)
    assert "Geheimnis" in note().read_text(encoding="utf-8")


def test_its_variables_change_no_setting_of_a_program_of_ours_that_it_calls():
    assert not set(VARIABLES) & {setting.variable for setting in SETTINGS.values()}


def test_plain_mode_runs_it_and_ends_in_order(told: Path):
    done = plain("--print", "path")
    assert (done.returncode, done.stdout) == (Exit.OK, f"{note()}\n")
    (environ,) = said(told)
    assert environ["DEESCALATE_NOTE_PATH"] == str(note())


@pytest.mark.parametrize("command", ['["no-such-program"]', json.dumps([sys.executable, "-c", "raise SystemExit(3)"])])
def test_a_failure_is_told_and_loses_nothing(command: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DEESCALATE_CLOSE_COMMAND", command)
    done = plain()
    said = WORDS("close-command.failed").partition("(")[0]
    assert done.returncode == Exit.OK
    assert said in done.stderr
    assert said not in done.stdout
    assert SECRET in "".join(quote.text for quote in parse(note().read_text(encoding="utf-8")).quotes)
    assert not list(Path(os.environ["DEESCALATE_HOME"]).glob("sessions/*.journal"))


@pytest.mark.parametrize(("width", "height"), [(80, 24), (60, 20)])
def test_the_note_on_the_screen_says_that_it_failed(width: int, height: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DEESCALATE_CLOSE_COMMAND", '["no-such-program"]')
    stage = Stage(opened(), Opening("aggressive", "de", "phone", "4711")).press("3", "x", "g")
    live = stage.workplace.leading
    assert live is not None
    assert live.close_run is not None
    failed = failure(live.close_run, WORDS, 60)
    text = " ".join(stage.text(width, height).split())
    assert failed in text
    assert WORDS("note.title") in text


def test_one_that_hangs_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    go, script = tmp_path / "go", tmp_path / "script.py"
    script.write_text(f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.01)", encoding="utf-8")
    monkeypatch.setenv("DEESCALATE_CLOSE_COMMAND", json.dumps([sys.executable, str(script)]))
    live = close()
    assert live.noted
    assert note().exists()
    assert live.close_run is not None
    assert failure(live.close_run, WORDS) == ""
    go.touch()
    assert live.close_run.ended(60) == DONE


def test_a_note_that_is_written_after_a_crash_is_told_of_too(told: Path):
    stage = Stage(opened(), Opening("aggressive", "de", "phone", "4711")).press("3")
    path = stage.live.journal.path
    stage.live.journal.sync()
    data = path.read_bytes()
    stage.press("x", "g")
    assert stage.workplace.leading is not None
    assert stage.workplace.leading.close_run is not None
    stage.workplace.leading.close_run.ended(60)
    note().unlink()
    path.write_bytes(data)
    work = opened()
    finished = work.close_waiting(stage.workplace.leading.state.id)
    assert finished.path == note()
    end = time.monotonic() + 60
    while len(said(told)) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    assert [environ["DEESCALATE_NOTE_ID"] for environ in said(told)] == [stage.workplace.leading.state.id] * 2


def test_the_site_decides_and_locks_it(tmp_path: Path, told: Path, monkeypatch: pytest.MonkeyPatch):
    site = tmp_path / "site"
    site.mkdir()
    (site / "settings.yaml").write_text("close_command: []\nlocked: [close_command]\n", encoding="utf-8")
    monkeypatch.setenv("DEESCALATE_SITE", str(site))
    assert close().close_run is None
