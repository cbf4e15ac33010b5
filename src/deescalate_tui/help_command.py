"""The command that a call for help runs: a message to a chat, a buzzer. However it fails, the session does not notice.

No shell reads it and no terminal is its own. It learns what is needed, the ticket and the level: nothing else that
was typed. It runs in a thread, because even starting a program can take long where its disk is slow.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec

from deescalate_tui.clean import clean
from deescalate_tui.i18n import Messages

PATIENCE_S = 10.0
"""So long a command may take before it is killed."""
VARIABLES = ("DEESCALATE_HELP", "DEESCALATE_TICKET", "DEESCALATE_LEVEL", "DEESCALATE_SESSION")
MAX_REFERENCE = 100

_UNSAFE = re.compile(r"[^\w ./:#+-]")
"""What a careless script could take for code: quotation marks, `$`, `&`, `%`, and whatever else no ticket needs."""


class Told(msgspec.Struct, frozen=True):
    """How the command fares, as a message."""

    key: str
    params: Mapping[str, object] = {}

    @property
    def failed(self) -> bool:
        """Nobody may have heard the call."""
        return self not in (RUNNING, SENT)

    def text(self, messages: Messages) -> str:
        """One line."""
        words = messages(self.key, **self.params)
        return messages("help-command.failed", reason=words) if self.failed else words


RUNNING = Told("help-command.running")
SENT = Told("help-command.sent")


class HelpRun:
    """One run of the command, begun at once. `told` changes once, when it has ended or is given up."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], patience_s: float = PATIENCE_S) -> None:
        self.told = RUNNING
        self._known: Told | None = None
        self._ended = threading.Event()
        thread = threading.Thread(target=self._run, args=(command, environ, patience_s), name="help", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            self._end(Told("help-command.refused", {"error": "EAGAIN"}))

    def news(self, patience_s: float = 0) -> Told | None:
        """How it fares, where that is new since the last time; the first time, after waiting so long for the end."""
        if self._known is None:
            self._ended.wait(patience_s)
        known, self._known = self._known, self.told
        return None if self._known == known else self._known

    def _run(self, command: Sequence[str], environ: Mapping[str, str], patience_s: float) -> None:
        self._end(run(command, environ, patience_s))

    def _end(self, told: Told) -> None:
        self.told = told
        self._ended.set()


def environment(kind: str, ticket: str, level: int | None, session_id: str) -> dict[str, str]:
    """The program's own environment, and `VARIABLES`. `kind` is one of `questions.HELP`."""
    said = (kind, reference(ticket), "" if level is None else str(level), session_id)
    return {**os.environ, **dict(zip(VARIABLES, said, strict=True))}


def reference(ticket: str) -> str:
    """The ticket without anything that a shell, a batch file or a program's options could mistake for their own."""
    return _UNSAFE.sub("", clean(ticket, MAX_REFERENCE)).lstrip(" ./:+-").rstrip()


def program_file(program: str, environ: Mapping[str, str]) -> str | None:
    """The file that the name of a program stands for, or None."""
    return shutil.which(program, path=environ.get("PATH"))


def run(command: Sequence[str], environ: Mapping[str, str], patience_s: float) -> Told:
    """Run a command to its end, or kill it with all it has started after `patience_s` seconds."""
    program = program_file(command[0], environ)
    if program is None:
        return Told("help-command.missing", {"program": command[0]})
    try:
        child = _started([program, *command[1:]], environ)
    except OSError as error:
        return Told("help-command.refused", {"error": errno.errorcode.get(error.errno or 0, type(error).__name__)})
    except ValueError as error:  # an argument that this system's encoding cannot write
        return Told("help-command.refused", {"error": type(error).__name__})
    try:
        status = child.wait(patience_s)
    except subprocess.TimeoutExpired:
        _kill(child)
        return Told("help-command.late", {"seconds": f"{patience_s:g}"})
    return Told("help-command.status", {"status": status}) if status else SENT


def _started(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A child that shares neither the terminal nor an open file with the program, and outlives it."""
    null, flags = subprocess.DEVNULL, 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    return subprocess.Popen(
        command,
        stdin=null,
        stdout=null,
        stderr=null,
        env=environ,
        creationflags=flags,
        start_new_session=sys.platform != "win32",
    )


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill the child, with its session where there are sessions, and reap it."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.wait()
