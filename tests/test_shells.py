"""Completion in bash, zsh and fish, tried in the shells themselves, and the manual page: both know every command."""

from __future__ import annotations

import argparse
import os
import re
import select
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="these shells and man are at home on Unix")
import fcntl  # noqa: E402 - only where there are terminals of this kind
import termios  # noqa: E402

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tools"))

import shells  # noqa: E402 - a tool, no package

PATIENCE_S = 20
READY = "echo rea''dy\r"
"""Typed, it looks otherwise than what it then prints."""
PLACES = {
    "bash": "bash-completion/completions/deescalate",
    "zsh": "zsh/site-functions/_deescalate",
    "fish": "fish/vendor_completions.d/deescalate.fish",
}
CHECKS = {"bash": ("bash", "-n"), "zsh": ("zsh", "-n"), "fish": ("fish", "-n")}
STARTS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "--private", "-i"],
}


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    for name, text in shells.files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


class Shell:
    """A shell on a terminal, with the completion loaded as its users load it."""

    def __init__(self, name: str, file: Path, home: Path) -> None:
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
        environ = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8", "PS1": "$ "}
        # The first terminal that the leader of a session opens becomes its own; without one, fish gives up.
        line = ["/bin/sh", "-c", 'exec "$@" <>"$0" >&0 2>&0', os.ttyname(self._slave), *STARTS[name]]
        self._process = subprocess.Popen(line, cwd=home, env=environ, start_new_session=True)
        loads = {
            "bash": f"bind 'set bell-style none'; source '{file}'",
            "zsh": f"fpath=('{file.parent}' $fpath); autoload -U compinit; compinit -u -D",
            "fish": f"source '{file}'",
        }
        self.press(f"{loads[name]}; {READY}", "ready")

    def press(self, keys: str, *awaited: str, patience_s: float = PATIENCE_S) -> str:
        """Press these keys, and give what the shell then writes, up to where all of these words stand in it."""
        os.write(self._master, keys.encode())
        end, shown = time.monotonic() + patience_s, ""
        while time.monotonic() < end and not all(re.search(rf"(?<![\w-]){re.escape(it)}\b", shown) for it in awaited):
            if select.select([self._master], [], [], 0.1)[0]:
                shown += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", " ", os.read(self._master, 65536).decode(errors="replace"))
        return shown

    def offers(self, line: str, *expected: str) -> None:
        """The words that tab offers after a line."""
        shown = self.press(f"{line}\t\t", *expected)
        assert all(word in shown for word in expected), f"{line!r} offers {shown!r}"
        self.press("\x03")
        # A shell that takes the interruption drops what was typed behind it.
        while "ready" not in self.press(READY, "ready", patience_s=0.3):
            assert self._process.poll() is None

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)
        os.close(self._slave)


@pytest.fixture(params=STARTS)
def shell(request: pytest.FixtureRequest, share: Path, tmp_path: Path) -> Iterator[Shell]:
    if not shutil.which(request.param):
        pytest.skip(f"no {request.param} here")
    found = Shell(request.param, share / PLACES[request.param], tmp_path)
    yield found
    found.close()


def test_the_shells_complete_commands_options_and_choices(shell: Shell):
    shell.offers("deescalate ", "guide", "notes", "checklists")
    shell.offers("deescalate notes ", "list", "purge", "erase")
    shell.offers("deescalate guide ", "direct", "timid", "aggressive", "rude")
    shell.offers("deescalate guide --", "--lang", "--ticket", "--plain")
    shell.offers("deescalate guide --lang ", "de", "nl", "no")
    shell.offers("deescalate guide rude --country ", "AT", "NL", "NO")
    shell.offers("deescalate guide rude --channel ph", "phone")


@pytest.mark.parametrize("name", CHECKS)
def test_the_shells_can_read_their_file(name: str, share: Path):
    if not shutil.which(name):
        pytest.skip(f"no {name} here")
    done = subprocess.run([*CHECKS[name], share / PLACES[name]], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def names_of(action: argparse.Action) -> Sequence[str]:
    """The options that the help names."""
    return () if action.help == argparse.SUPPRESS else action.option_strings


@pytest.mark.parametrize("name", PLACES)
def test_the_completions_know_every_command_and_option(name: str, share: Path):
    text = (share / PLACES[name]).read_text(encoding="utf-8")
    for path, of in shells.commands(shells.command_line()):
        for word in [*path, *(option.lstrip("-") for action in of._actions for option in names_of(action))]:
            assert re.search(rf"\b{word}\b", text), word


def test_the_manual_page_knows_every_command_and_option(share: Path):
    entries = (share / "man/man1/deescalate.1").read_text(encoding="utf-8").split("\n.It Nm")[1:]
    found = {re.sub(r" Op .*", "", entry.split("\n")[0]).strip(): entry for entry in entries}
    for path, of in shells.commands(shells.command_line()):
        if not path or not any(isinstance(action, argparse._SubParsersAction) for action in of._actions):
            entry = found.pop(" ".join(path))
            for action in of._actions:
                option = names_of(action)[-1][1:].replace("-", "\\-") if names_of(action) else "help"
                assert option.endswith("help") or f".It Fl {option}" in entry
    assert found == {}


def test_only_what_the_help_names_is_known(share: Path):
    for path in filter(Path.is_file, share.rglob("*")):
        text = path.read_text(encoding="utf-8")
        assert "SUPPRESS" not in text, path
        assert not re.search(r"-+(?:l )?language\b", text), path


def test_the_manual_page_is_sound(share: Path):
    if not shutil.which("mandoc"):
        pytest.skip("no mandoc here")
    page = share / "man/man1/deescalate.1"
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""


def test_a_help_text_cannot_become_a_request():
    assert list(shells.sentences(".so /etc/passwd. 'tis \\fBbold")) == ["\\&.so /etc/passwd. 'tis \\efBbold."]
    assert shells.quoted("it's \\ here") == "'it\\'s \\\\ here'"
