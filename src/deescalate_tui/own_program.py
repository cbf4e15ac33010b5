"""A program that the site's settings name, run at a moment of a call. However it fails, the session does not notice.

No shell reads its command and no terminal is its own; what it learns stands in its environment. It runs in a thread,
because even starting a program can take long where its disk is slow.
"""

from __future__ import annotations

import errno
import os
import re
import shlex
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
MAX_REFERENCE = 100

_UNSAFE = re.compile(r"[^\w ./:#+-]")
"""What a careless script could take for code: quotation marks, `$`, `&`, `%`, and whatever else no ticket needs."""


class Told(msgspec.Struct, frozen=True):
    """How the command fares, as a message."""

    key: str
    params: Mapping[str, object] = {}

    @property
    def failed(self) -> bool:
        """What it was to do may not have happened."""
        return self not in (RUNNING, DONE)

    def text(self, messages: Messages) -> str:
        """Why it failed, in a few words."""
        return messages(self.key, **self.params)


RUNNING = Told("running")
DONE = Told("done")


class ProgramRun:
    """One run of the command, begun at once. `told` changes once, when it has ended or is given up."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], patience_s: float = PATIENCE_S) -> None:
        self.told = RUNNING
        self._known: Told | None = None
        self._ended = threading.Event()
        thread = threading.Thread(
            target=self._run, args=(command, environ, patience_s), name="own program", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:
            self._end(Told("program.refused", {"error": "EAGAIN"}))

    def news(self, patience_s: float = 0) -> Told | None:
        """How it fares, where that is new since the last time; the first time, after waiting so long for the end."""
        if self._known is None:
            self._ended.wait(patience_s)
        known, self._known = self._known, self.told
        return None if self._known == known else self._known

    def ended(self, patience_s: float = 0) -> Told:
        """How it fares, after waiting so long for the end."""
        self._ended.wait(patience_s)
        return self.told

    def _run(self, command: Sequence[str], environ: Mapping[str, str], patience_s: float) -> None:
        self._end(run(command, environ, patience_s))

    def _end(self, told: Told) -> None:
        self.told = told
        self._ended.set()


def reference(ticket: str) -> str:
    """The ticket without anything that a shell, a batch file or a program's options could mistake for their own."""
    return _UNSAFE.sub("", clean(ticket, MAX_REFERENCE)).lstrip(" ./:+-").rstrip()


def program_file(program: str, environ: Mapping[str, str]) -> str | None:
    """The file that the name of a program stands for, or None."""
    return shutil.which(program, path=environ.get("PATH"))


def words_of(line: str) -> list[str]:
    """The program and its arguments, of a line as EDITOR or PAGER hold it. Raises ValueError."""
    if sys.platform == "win32":
        # A backslash stands between folders, and quotation marks around a whole word.
        return [word.strip('"') for word in shlex.split(line, posix=False)]
    else:  # noqa: RET505 - mypy reads each system's branch by itself
        return shlex.split(line)


def run(command: Sequence[str], environ: Mapping[str, str], patience_s: float) -> Told:
    """Run a command to its end, or kill it with all it has started after `patience_s` seconds."""
    program = program_file(command[0], environ)
    if program is None:
        return Told("program.missing", {"program": command[0]})
    try:
        child = _started([program, *command[1:]], environ)
    except OSError as error:
        return Told("program.refused", {"error": errno.errorcode.get(error.errno or 0, type(error).__name__)})
    except ValueError as error:  # an argument that this system's encoding cannot write
        return Told("program.refused", {"error": type(error).__name__})
    try:
        status = child.wait(patience_s)
    except subprocess.TimeoutExpired:
        _kill(child)
        return Told("program.late", {"seconds": f"{patience_s:g}"})
    return Told("program.status", {"status": status}) if status else DONE


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
