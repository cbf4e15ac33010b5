"""The program in a real terminal: how it ends, what survives its death, and where there is no screen at all."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no pty", allow_module_level=True)

from terminal import Terminal, terminals

from deescalate_tui import catalogues, handover
from deescalate_tui.content.library import Library
from deescalate_tui.errors import Exit

WORDS = catalogues.load("de")
GUIDE = ("guide", "aggressive", "--lang", "de")
CTRL_C, CTRL_Q, ESC, UP, DOWN = "\x03", "\x11", "\x1b", "\x1b[A", "\x1b[B"
FIRST = Library.open().checklist("aggressive", "de").control.steps[0].do
READY = WORDS("key.emergency")
"""In the footer of every session: the screen is up."""
Open = Callable[..., Terminal]

window = pytest.fixture(name="window")(terminals)


def journals(home: Path) -> list[Path]:
    return sorted((home / "deescalate" / "sessions").glob("*.journal"))


def written(home: Path) -> str:
    """What stands in the only journal."""
    (journal,) = journals(home)
    return journal.read_text(encoding="utf-8")


ENDINGS: dict[str, tuple[Callable[[Terminal], object], int]] = {
    "ctrl+q": (lambda it: it.type(CTRL_Q), Exit.OK),
    "f10": (lambda it: it.type("\x1b[21~"), Exit.OK),
    "SIGTERM": (lambda it: it.send(signal.SIGTERM), Exit.TERMINATED),
    "SIGHUP": (lambda it: it.send(signal.SIGHUP), Exit.HANGUP),
    "SIGINT": (lambda it: it.send(signal.SIGINT), Exit.INTERRUPTED),
    "the window is closed": (lambda it: it.hang_up(), Exit.HANGUP),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_how_it_ends(ending: str, window: Open, home: Path):
    do, status = ENDINGS[ending]
    it = window(*GUIDE).see(FIRST, READY).type("3qmitten im Wort").see("› mitten im Wort")
    do(it)
    assert it.end() == status
    assert it.master < 0 or it.is_restored()
    assert '"level":3' in written(home)
    assert '"text":"mitten im Wort"' in written(home)
    assert not list((home / "deescalate" / "state").glob("crash-*"))


def test_a_program_that_was_stopped_and_woken_ends_as_any_other(window: Open, home: Path):
    it = window(*GUIDE).see(FIRST, READY)
    for number in (signal.SIGSTOP, signal.SIGCONT, signal.SIGCONT):
        it.send(number)
    it.type("3").see(WORDS("level.3")).type(CTRL_Q)
    assert it.end() == Exit.OK
    assert it.is_restored()


def seen(it: Terminal) -> list[str]:
    """The screen without the clock, and without the line that says what the last key did."""
    header, *rows = it.text.splitlines()
    return [header.partition("  ")[0], *rows[: -4 if WORDS("ask.hint-line") not in it.text else None]]


SERIES = [
    (" ", "1/4"),
    ("s", "2/4"),
    ("2", WORDS("level.2")),
    ("aZweimal abgebucht\r", "Zweimal abgebucht"),
    ("w", "1/3"),
    ("jj", ""),
    ("\r", ""),
    ("pRückruf\rmorgen 14:00\r", WORDS("view.promises", number=1)),
    ("u", WORDS("view.promises", number=0)),
    ("trude", ""),
    ("h", WORDS("view.on-hold")),
]


def killed(it: Terminal, window: Open) -> Terminal:
    """Another window, which goes on where this one was killed."""
    it.settle().until(lambda: WORDS("save.saved") in it.text)
    shown = seen(it)
    it.send(signal.SIGKILL).end()
    other = window("resume")
    other.until(lambda: seen(other) == shown)
    return other


def test_it_survives_being_killed_after_any_key(window: Open, home: Path):
    it = window(*GUIDE).see(FIRST, READY)
    for keys, expected in SERIES:
        it = killed(it.type(keys).see(expected), window)
    it.type("qIhr habt mich ").see("› Ihr habt mich").type("angelogen")
    it.until(lambda: "angelogen" in written(home))  # typing has paused
    killed(it, window).see("› Ihr habt mich angelogen")


def test_two_programs_at_once(window: Open, home: Path):
    one, two = window(*GUIDE), window("guide", "timid", "--lang", "de")
    one.see(FIRST).type("3").see(WORDS("level.3"))
    two.see(READY).type("1").see(WORDS("level.1"))
    assert len(journals(home)) == 2
    third = window().see(WORDS("start.unfinished"))
    assert third.text.count(WORDS("start.in-use", title="", moment="").split("·")[-1].strip()) == 2
    third.type("r").see(WORDS("fault.session-in-use").split("{")[0].strip()[:20])
    third.type(CTRL_Q)
    assert third.end() == Exit.OK
    assert WORDS("level.3") in one.text


def test_a_session_in_use_is_not_resumed(window: Open, home: Path):
    it = window(*GUIDE).see(FIRST)
    (journal,) = journals(home)
    other = window("resume", journal.stem[-8:])
    assert other.end() == Exit.DISK
    assert other.is_restored()
    said = " ".join(other.after.split())  # it is broken between words
    assert journal.stem in said
    assert WORDS("fault.session-in-use").split("{")[0].strip(" (") in said
    assert f" {it.process.pid})" in said
    assert window("resume").end() == Exit.USAGE
    it.type("q").see(WORDS("ask.quote"))


CRASH = """
import deescalate_tui.screens.presenter as presenter
whole = presenter.session_view
def broken(state, *rest):
    if state.call.quotes:
        raise RuntimeError(state.call.quotes[-1].text)
    return whole(state, *rest)
presenter.session_view = broken
"""


def test_a_crash_keeps_what_was_typed_to_itself(window: Open, home: Path, tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text(CRASH)
    it = window(*GUIDE, environ={"PYTHONPATH": str(tmp_path)}).see(FIRST, READY)
    it.type("qGeheimnis\r")
    assert it.end() == Exit.CRASH
    assert it.is_restored()
    (report,) = (home / "deescalate" / "state").glob("crash-*.txt")
    for text in (it.after, report.read_text(encoding="utf-8")):
        assert "Geheimnis" not in text
        assert "Traceback" not in text
    assert "RuntimeError" in report.read_text(encoding="utf-8")
    assert "deescalate resume" in it.after
    assert report.name in re.sub(r"\s", "", it.after)
    window("resume").see(FIRST, READY)
    assert "Geheimnis" in written(home)


@pytest.mark.parametrize("options", [{"stdin": "/dev/null"}, {"environ": {"TERM": "dumb"}}])
def test_lines_where_there_can_be_no_screen(options: dict[str, Any], window: Open):
    it = window(*GUIDE, **options)
    it.until(lambda: FIRST.encode() in it.raw)
    it.type("\x04")  # the end of the input
    assert it.end() == Exit.OK
    assert b"\x1b[" not in it.raw


def test_a_window_of_20_by_5(window: Open, home: Path):
    it = window(*GUIDE, size=(20, 5)).see("a:")
    it.type("qKurz\r3").see("Stufe 3")
    it.type(CTRL_Q)
    assert it.end() == Exit.OK
    assert "Kurz" in written(home)


def test_keys_typed_before_the_screen_is_up(window: Open, home: Path):
    it = window(*GUIDE, ahead="qSofort los\r3").see(WORDS("level.3"))
    assert '"words":"Sofort los"' in written(home)
    assert it.text.count("Sofort los") <= 1


def test_broken_checklists_do_not_stop_the_start(window: Open, home: Path):
    folder = home / "deescalate" / "config" / "checklists" / "de"
    folder.mkdir(parents=True)
    (folder / "direct.yaml").write_text("format: 1\nid: [\n", encoding="utf-8")
    (folder / "timid.yaml").write_bytes(b"")
    (folder / "aggressive.yaml").write_bytes(b"a: b\n" * 1_000_000)
    (folder / "rude.yaml").write_bytes(bytes(range(256)) * 100)
    it = window("guide", "--lang", "de").see(WORDS("start.title"), WORDS.count("start.faults", 4))
    it.type("3").see(FIRST, READY)
    it.type(CTRL_Q)
    assert it.end() == Exit.OK


def test_a_byte_that_is_no_utf_8_ends_nothing(window: Open, home: Path):
    it = window(*GUIDE).see(FIRST, READY).type("q\udce4rger\r3").see(WORDS("level.3"))
    assert '"words":"\ufffdrger"' in written(home)
    it.type(CTRL_Q + "\udcc3")
    assert it.end() == Exit.OK
    assert it.is_restored()


def test_the_window_can_change_its_size(window: Open):
    it = window(*GUIDE).see(FIRST, READY).type("qIhr habt").see("› Ihr habt")
    for columns, lines in ((120, 40), (20, 5), (60, 20), (80, 24)):
        it.resize(columns, lines).see("› Ihr habt")
    it.see(FIRST, WORDS("ask.quote")).type(" mich").see("› Ihr habt mich")
    assert it.text.count("Ihr habt mich") == 1


NOTED = WORDS("note.title")
COPY = {"tmux": {"TMUX": "/tmp/none,1,0"}, "GNU screen": {"STY": "1.none"}, "no multiplexer": {}}


def at_the_note(window: Open, environ: Mapping[str, str]) -> tuple[Terminal, str]:
    """A call that was closed at once, and its hand-over line."""
    none = {"TMUX": "", "STY": ""}
    it = window("guide", "direct", "--lang", "de", environ={**none, **environ}).see(READY)
    it.type("aÄrger mit 10 €\r").see("Ärger mit 10 €").type("x").see(WORDS("ask.outcome"))
    it.type("g").see(NOTED)
    return it, f"Anliegen: „Ärger mit 10 €“. Ausgang: {WORDS('outcome.aborted')}."


@pytest.mark.parametrize("inside", COPY)
def test_the_hand_over_line_is_sent_to_the_clipboard(inside: str, window: Open, home: Path):
    it, line = at_the_note(window, COPY[inside])
    assert b"\x1b]52" not in it.raw
    code = handover.clipboard(line, COPY[inside]).encode()
    it.type("y").until(lambda: code in it.raw)
    file = home / "deescalate" / "state" / handover.NAME
    it.see(WORDS("note.copied", path="")[:40])
    assert file.read_text(encoding="utf-8") == f"{line}\n"
    assert it.settle().text.count("Ärger mit 10 €") >= 1
    it.type(CTRL_Q)
    assert it.end() == Exit.OK
    assert it.is_restored()
    assert not file.exists()


@pytest.mark.parametrize("ending", ["SIGTERM", "SIGHUP", "the window is closed"])
def test_the_file_does_not_outlast_the_note_screen(ending: str, window: Open, home: Path):
    it, _ = at_the_note(window, {})
    file = home / "deescalate" / "state" / handover.NAME
    it.type("y").until(file.exists)
    do, status = ENDINGS[ending]
    do(it)
    assert it.end() == status
    assert not file.exists()


def test_ctrl_c_and_ctrl_z_end_nothing(window: Open):
    it = window(*GUIDE).see(FIRST, READY).type("\x1a" + CTRL_C)
    it.see(WORDS("notice.ctrl-c", key_leave="", key_close="")[:20])
    it.type(CTRL_Q)
    assert it.end() == Exit.OK


@pytest.mark.parametrize("arguments", [["guide", "aggressive", "--lang", "de"], ["desk"]], ids=" ".join)
def test_a_terminal_that_is_gone_without_a_signal_ends_the_program(arguments: list[str], home: Path):
    """As where it was started by a program that gave it no terminal of its own: it must not wait for keys for ever."""
    ours, its = os.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "deescalate_tui", *arguments], stdin=its, stdout=its, stderr=its, start_new_session=True
    )
    os.close(its)
    seen = b""
    while b"?7l" not in seen:
        seen += os.read(ours, 65536)
    os.close(ours)
    assert program.wait(20) == Exit.HANGUP
