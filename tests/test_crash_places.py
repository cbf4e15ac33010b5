"""A fault anywhere prints nothing that was typed, leaves the terminal whole, keeps the session and writes a report."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deescalate_tui import catalogues
from deescalate_tui.errors import Exit

if sys.platform != "win32":
    from terminal import Terminal, terminals

    window = pytest.fixture(name="window")(terminals)
else:  # no pty there: what needs no screen is tried all the same

    @pytest.fixture
    def window() -> None:
        pytest.skip("Windows has no pty")


SECRET = "Geheimnis"
CTRL_Q = "\x11"
WORDS = catalogues.load("de")
GUIDE = ("guide", "aggressive", "--lang", "de", "--country", "DE")
READY = WORDS("key.emergency")
PLANT = """
import importlib.abc, importlib.util, os, sys

places = {places!r}

def with_fault(whole):
    def planted(*args, **options):
        secret = {secret!r}
        if os.path.exists({armed!r}):
            raise RuntimeError(secret, args, options)
        return whole(*args, **options)
    return planted

class Planter(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        place = places.pop(name, None)
        if place is None:
            return None
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module
        def and_plant(module):
            load(module)
            *path, last = place.split(".")
            for part in path:
                module = getattr(module, part)
            setattr(module, last, with_fault(getattr(module, last)))
        spec.loader.exec_module = and_plant
        return spec

sys.meta_path.insert(0, Planter())
"""


class Plant:
    """Puts a fault in the place of a function of the next program, with what was typed in message and locals."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._armed = folder / "armed"
        path = [str(folder), *(path for path in sys.path if path)]
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path))

    def put(self, *places: str) -> None:
        """Each is `module:function` or `module:Class.function`."""
        planted = [place.partition(":")[::2] for place in places]
        text = PLANT.format(
            secret=SECRET,
            armed=str(self._armed),
            places={f"deescalate_tui.{module}": function for module, function in planted},
        )
        (self._folder / "sitecustomize.py").write_text(text, encoding="utf-8")

    def arm(self) -> None:
        """From now on the fault is there."""
        self._armed.touch()

    def remove(self) -> None:
        """The program is whole again."""
        self._armed.unlink()


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plant:
    folder = tmp_path / "planted"
    folder.mkdir()
    return Plant(folder, monkeypatch)


def reports(home: Path) -> list[str]:
    """Every report, after a look that it holds nothing but types and places."""
    paths = list((home / "deescalate" / "state").glob("crash-*.txt"))
    texts = [path.read_text("utf-8") for path in paths]
    assert os.name == "nt" or all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in paths)
    for text in texts:
        head, *lines = text.splitlines()
        assert re.fullmatch(r"deescalate-tui \S+, Python \S+, \S+", head)
        assert all(re.fullmatch(r"|[\w.]+|  [\w.]+:\d+ [\w.<>]+|  \.\.\.|\.\.\.", line) for line in lines), text
        assert SECRET not in text
    return texts


def kept(home: Path) -> str:
    """What lies in the journals."""
    return "".join(path.read_text("utf-8") for path in (home / "deescalate" / "sessions").glob("*.journal"))


def is_said(text: str) -> bool:
    """Whether the words of a crash stand in an output, however it was wrapped; and none of Python's, nor the secret."""
    squeezed = re.sub(r"\s", "", text)
    assert SECRET not in squeezed
    assert "Traceback" not in text
    return re.sub(r"\s", "", WORDS("cli.crash")) in squeezed and "crash-" in squeezed


# On the screen


SCREEN = {
    "in a key handler": ("tui.session:SessionPlace.key", "", "s"),
    "in the line": ("tui.app:typed", f"q{SECRET}", "x"),
    "in a decision": ("live:decide", f"q{SECRET}", "\r"),
    "in the fold": ("live:apply", f"q{SECRET}", "\r"),
    "while drawing": ("tui.session:session_view", "", "s"),
    "in the canvas": ("tui.canvas:Canvas._inked", "", "s"),
    "in the journal": ("journal.journal:Journal.append", f"q{SECRET}", "\r"),
    "in the clock": ("tui.app:Guide._tick", "", ""),
    "in the draft": ("tui.app:Guide._keep_draft", "", "nx"),
    "in the keyboard's thread": ("tui.patient:PatientDriver.process_message", "", "s"),
    "in what is pasted": ("tui.pasting:PastingParser.feed", "q", f"\x1b[200~{SECRET}\x1b[201~"),
    "while leaving": ("live:LiveSession.leave", "", CTRL_Q),
}


@pytest.mark.parametrize("where", SCREEN)
def test_a_fault_on_the_screen(where: str, window: Callable[..., Terminal], plant: Plant, home: Path):
    place, before, after = SCREEN[where]
    plant.put(place)
    it = window(*GUIDE).see(READY)
    it.type(f"a{SECRET}\r").see(SECRET).type(before).settle()
    plant.arm()
    it.type(after)
    assert it.end() == Exit.CRASH
    assert it.is_restored()
    assert is_said(it.after)
    (report,) = reports(home)
    assert "builtins.RuntimeError" in report
    assert SECRET in kept(home)
    plant.remove()
    again = window("resume").see(SECRET)
    assert again.type(CTRL_Q).end() == Exit.OK


def test_a_fault_in_what_the_journal_tells(window: Callable[..., Terminal], plant: Plant, home: Path):
    """It comes from another thread, past Textual, to the loop; asyncio would print it and go on."""
    plant.put("tui.session:SessionPlace.disk_changed")
    it = window(*GUIDE).see(READY)
    it.type(f"a{SECRET}\r").see(SECRET).settle()
    plant.arm()
    full(it, home)
    it.type("s")
    assert it.end() == Exit.CRASH
    assert it.is_restored()
    assert is_said(it.after)
    assert reports(home)


def full(it: Terminal, home: Path) -> None:
    """From now on the disk has no room for the session."""
    import resource  # no such thing on Windows, nor a pty

    (journal,) = (home / "deescalate" / "sessions").glob("*.journal")
    resource.prlimit(it.process.pid, resource.RLIMIT_FSIZE, (journal.stat().st_size, resource.RLIM_INFINITY))


def test_a_fault_in_the_thread_of_the_journal(window: Callable[..., Terminal], plant: Plant, home: Path):
    """The thread dies, and its work is done where the keys are answered; if that fails too, the program ends."""
    plant.put("journal.file:JournalFile.save")
    it = window(*GUIDE).see(READY)
    it.type(f"a{SECRET}\r").see(SECRET).settle()
    plant.arm()
    it.type("s")
    it.until(lambda: bool(reports(home)))
    it.type("s")
    assert it.end() == Exit.CRASH
    assert it.is_restored()
    assert is_said(it.after)
    assert len(reports(home)) == 2
    plant.remove()
    assert window("resume").see(SECRET).type(CTRL_Q).end() == Exit.OK


def test_a_thread_of_the_journal_that_dies_loses_nothing(window: Callable[..., Terminal], plant: Plant, home: Path):
    plant.put("journal.file:JournalFile.save")
    it = window(*GUIDE).see(READY)
    plant.arm()
    it.type("s")
    it.until(lambda: bool(reports(home)))
    plant.remove()
    it.type(f"a{SECRET}\r").see(SECRET).type(CTRL_Q)
    assert it.end() == Exit.OK
    assert SECRET not in it.after
    assert SECRET in kept(home)


# Without a screen


def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """The program with pipes, in German."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        [sys.executable, "-m", "deescalate_tui", *arguments],
        env={**environ, "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
        input=typed,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


PLAIN = {
    "in the answer to a line": "plain.session:Talk._take",
    "in a decision": "live:decide",
    "while printing": "plain.shown:session_view",
    "in the journal": "journal.journal:Journal.append",
    "in the journal's file": "journal.file:JournalFile.put",
}


@pytest.mark.parametrize("where", PLAIN)
def test_a_fault_in_plain_mode(where: str, plant: Plant, home: Path):
    assert run(*GUIDE, "--plain", typed=f"a {SECRET}\n").returncode == Exit.OK
    plant.put(PLAIN[where])
    plant.arm()
    done = run("resume", "--plain", typed=f"q {SECRET}\n")
    assert done.returncode == Exit.CRASH
    assert is_said(done.stderr)
    assert SECRET not in done.stdout.partition(f"a: {SECRET}")[2]
    assert "builtins.RuntimeError" in reports(home)[0]
    plant.remove()
    assert SECRET in run("resume", "--plain").stdout


def test_a_fault_while_the_note_is_written_keeps_the_session(plant: Plant, home: Path):
    """The next start writes the note."""
    close = "x\na\na\n" * 30  # closes, and answers whatever is asked
    plant.put("notes.folder:render")
    plant.arm()
    done = run(*GUIDE, "--plain", typed=f"q {SECRET}\n{close}")
    assert done.returncode == Exit.CRASH
    assert is_said(done.stderr)
    assert SECRET in kept(home)
    assert reports(home)
    plant.remove()
    run("--plain", typed="leave\n")
    (note,) = (home / "deescalate" / "notes").rglob("*.md")
    assert SECRET in note.read_text("utf-8")
    assert not kept(home)


COMMANDS = {
    "notes list": "cli.notes:filters_of",
    f"notes show {SECRET}": "cli.notes:_meant",
    "doctor": "doctor.doctor:examine",
    "settings": "settings.fields:load",
    "checklists check": "content.check:check",
    f"guide aggressive --plain --ticket {SECRET}": "workplace:Workplace.start",
    f"guide {SECRET}": "cli.main:_lead",
    f"resume {SECRET}": "workplace:Workplace.waiting",
    "privacy": "cli.privacy:places",
    "notes purge": "cli.rights:expired",
    f"notes erase --ticket {SECRET}": "cli.rights:of_ticket",
    f"notes access --ticket {SECRET}": "cli.rights:of_ticket",
    f"notes hold --ticket {SECRET}": "cli.rights:of_ticket",
    f"notes correct {SECRET} --field request={SECRET}": "cli.correct:named",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_fault_in_a_command(command: str, plant: Plant, home: Path):
    plant.put(COMMANDS[command])
    plant.arm()
    done = run(*command.split())
    assert done.returncode == Exit.CRASH
    assert is_said(done.stderr)
    assert SECRET not in done.stdout
    (report,) = reports(home)
    assert "builtins.RuntimeError" in report


BEYOND = {
    "before there is a net": (("catalogues:load",), 1),
    "in the net": (("doctor.doctor:examine", "cli.main:_crashed"), 1),
    "in the report": (("doctor.doctor:examine", "crash:report_of"), 0),
}


@pytest.mark.parametrize("where", BEYOND)
def test_a_fault_beyond_the_net(where: str, plant: Plant, home: Path):
    """Python would print all that it knows of it."""
    places, number = BEYOND[where]
    plant.put(*places)
    plant.arm()
    done = run("doctor")
    assert done.returncode == Exit.CRASH
    assert SECRET not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert len(reports(home)) == number
