"""No run opens a connection, resolves a name or starts another program: each is forbidden in the child, and ends it.

The one exception is `deliver`, where a server is set: everything else is tried with that setting on.

An audit hook sees what Python code, and C code through Python, asks of the system; strace, where it is installed, sees
what is asked past Python too.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import deescalate_tui
from deescalate_tui import catalogues
from deescalate_tui.errors import Exit

if sys.platform != "win32":
    from terminal import Terminal, terminals

    window = pytest.fixture(name="window")(terminals)
else:  # no pty there: the commands are tried all the same

    @pytest.fixture
    def window() -> None:
        pytest.skip("Windows has no pty")


BROKEN = 99
"""The exit status of whoever broke the rule."""
FORBID = """
import os, sys

LOCAL = {local}

def look(event, args):
    kind = event.partition(".")[0]
    if kind == "socket":
        # The event loop wakes itself through a pair of sockets that have no address and lead nowhere.
        allowed = event == "socket.__new__" and args[1] in LOCAL
    else:
        allowed = kind not in {others!r} and event not in {events!r}
    if not allowed:
        with open({told!r}, "a") as file:
            file.write(f"{{event}} {{args!r}}\\n")
        os._exit({status})

sys.addaudithook(look)
"""
OTHERS = {"ftplib", "http", "imaplib", "nntplib", "poplib", "smtplib", "telnetlib", "urllib", "webbrowser"}
EVENTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty"}
NETWORK = {"socket", "socketserver", "ssl", "http", "urllib.request", "ftplib", "smtplib", "imaplib", "xmlrpc"}
NETWORK |= {"asyncio.streams", "aiohttp", "requests", "httpx", "urllib3", "webbrowser"}
WORDS = catalogues.load("de")
GUIDE = ("guide", "aggressive", "--lang", "de", "--country", "DE", "--ticket", "4711")
CALL = (
    "a Rechnung\n3\n\n\nw\nq Jetzt reicht es!\np zurückrufen; morgen 14:00\ng\nl\n\n!\nesc\nc\nc\n"
    "/ anwalt\nesc\nx follow-up\nyes\nleave\nkeine Zeit\nx\n"
)
COMMANDS = (
    "notes list",
    "notes list --json",
    "notes export --format html --to -",
    "checklists list",
    "checklists check",
    "checklists show rude --lang nl",
    "checklists schema",
    "checklists new unreasonable",
    "countries list",
    "countries confirm NO ambulance 113 --by Kari",
    "settings",
    "privacy",
    "doctor",
    "--help",
)


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a child tells what it did that is forbidden."""
    folder, told = tmp_path / "forbidden", tmp_path / "told"
    folder.mkdir()
    local = "(__import__('_socket').AF_UNIX,)" if sys.platform != "win32" else "()"
    text = FORBID.format(local=local, others=OTHERS, events=EVENTS, told=str(told), status=BROKEN)
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *(path for path in sys.path if path)]))
    return told


def run(*command: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "1"}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(
        [sys.executable, *command], env=environ, input=typed, capture_output=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import urllib.request as it; it.urlopen('http://localhost:9')",
        "import subprocess, sys; subprocess.run([sys.executable, '-V'])",
        "import os; os.system('exit 0')",
    ],
)
def test_the_guard_sees_what_is_forbidden(code: str, told: Path):
    assert run("-c", code).returncode == BROKEN
    assert told.read_text("utf-8")


@pytest.fixture
def delivering(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server is set, to which notes could be sent."""
    setting = "{template: zendesk, url: 'http://127.0.0.1:9', since: 2020-01-01, secret_variable: TICKET_SECRET}"
    monkeypatch.setenv("DEESCALATE_DELIVER", setting)
    monkeypatch.setenv("TICKET_SECRET", "secret")


def test_only_deliver_does_and_only_where_it_is_set(told: Path, delivering: None, monkeypatch: pytest.MonkeyPatch):
    run("-m", "deescalate_tui", *GUIDE, "--plain", typed=CALL)
    assert run("-m", "deescalate_tui", "deliver", "--list").returncode == Exit.OK
    assert not told.exists()
    assert run("-m", "deescalate_tui", "deliver").returncode == BROKEN
    told.unlink()
    monkeypatch.delenv("DEESCALATE_DELIVER")
    assert run("-m", "deescalate_tui", "deliver").returncode == Exit.USAGE
    assert not told.exists()


def test_no_command_opens_a_connection(told: Path, delivering: None):
    """From a call to its note, and then every other command on what that left."""
    done = run("-m", "deescalate_tui", *GUIDE, "--plain", typed=CALL)
    assert done.returncode == Exit.OK, done.stderr
    (note,) = Path(os.environ["DEESCALATE_HOME"]).glob("notes/*/*/*.md")
    run("-m", "deescalate_tui", "guide", "timid", "--plain", "--country", "NO", "--lang", "no", typed="n x\n")
    for command in (*COMMANDS, f"notes show {note}", "resume --plain"):
        assert run("-m", "deescalate_tui", *command.split()).returncode in (Exit.OK, Exit.FINDINGS), command
    assert not told.exists(), told.read_text("utf-8")


def test_the_screen_opens_no_connection(window: Callable[..., Terminal], told: Path, delivering: None):
    it = window(environ={"DEESCALATE_COUNTRY": "DE"}).see("Aggressiv").type("3").see(WORDS("key.emergency"))
    lead(it)
    assert it.end() == Exit.OK
    assert not told.exists(), told.read_text("utf-8")


def lead(it: Terminal) -> None:
    """A call with something of everything, and its end."""
    for keys in ("aRechnung\r", "3", " ", "w", "qJetzt reicht es!\r", "g", "\x1b", "!", "\x1b", "/anwalt"):
        it.type(keys).settle()
    it.type("\x1b").settle().type("\x11")


def traced(log: Path, *program: str, typed: str = "") -> str:
    """Every call about the network, of all threads and children of a program that ends well."""
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=%network", "-e", "signal=none", "-o", str(log), sys.executable, *program],
        env={**os.environ, "LC_ALL": "de_DE.UTF-8"},
        input=typed,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == Exit.OK, done.stderr
    return log.read_text("utf-8")


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_system_sees_no_connection(tmp_path: Path, delivering: None):
    assert "AF_INET" in traced(tmp_path / "control", "-c", "import socket; socket.socket()")
    assert traced(tmp_path / "log", "-m", "deescalate_tui", *GUIDE, "--plain", typed=CALL) == ""
    assert list(Path(os.environ["DEESCALATE_HOME"]).glob("notes/*/*/*.md"))


def test_no_module_imports_what_speaks_to_the_network():
    """But for the module of `deliver`, which import-linter lets nobody else import."""
    found = set()
    for path in Path(deescalate_tui.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        if {name for name in names if {name, name.partition(".")[0]} & NETWORK}:
            found.add(path.name)
    assert found == {"connection.py"}
