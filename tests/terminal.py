"""A real terminal: the program on a pty, as an agent runs it. Only where the system has such."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import pyte

PATIENCE_S = 60
"""A busy machine may be slow; nobody waits longer than what is awaited takes."""
_ASIDE = re.compile(rb"\x1b\[[<>=][0-9;]*u|\x1b\[\?[0-9;]*(?:u|\$p)")
"""What the emulator would print: questions and modes of newer terminals."""


class Terminal:
    """The program in a window of its own: it leads a session, so that closing the window hangs up."""

    def __init__(
        self,
        *arguments: str,
        size: tuple[int, int] = (80, 24),
        environ: Mapping[str, str] | None = None,
        ahead: str = "",
        stdin: str = "",
        stdout: str = "",
        stderr: str = "",
    ) -> None:
        """`ahead` is typed before the program is there; the others are files in the place of keyboard and screen."""
        self.columns, self.lines = size
        self.master, self._slave = pty.openpty()
        self._set_size()
        self.modes = termios.tcgetattr(self._slave)
        self.raw = b""
        self._shown: tuple[int, str] = (-1, "")
        if ahead:
            self.type(ahead)
        name = os.ttyname(self._slave)
        # The first terminal that the leader of a process session opens is the one that can hang up.
        aside = zip(("<", ">", "2>"), (stdin, stdout, stderr), strict=True)
        line = " ".join(['exec "$@" <>"$0" >&0 2>&0', *(f"{sign}{file}" for sign, file in aside if file)])
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", line, name, sys.executable, "-m", "deescalate_tui", *arguments],
            env=_environ(environ or {}),
            start_new_session=True,
        )

    @property
    def text(self) -> str:
        """What is on the screen now."""
        if self._shown[0] != len(self.raw):
            screen = pyte.Screen(self.columns, self.lines)
            pyte.ByteStream(screen).feed(_ASIDE.sub(b"", self.raw))
            self._shown = (len(self.raw), "\n".join(row.rstrip() for row in screen.display))
        return self._shown[1]

    @property
    def after(self) -> str:
        """What came once the program had given the screen back."""
        return self.raw.rpartition(b"\x1b[?1049l")[2].decode()

    def type(self, keys: str) -> Terminal:
        """Press keys: what a terminal sends for them. A lone surrogate is a byte that is no UTF-8."""
        os.write(self.master, keys.encode(errors="surrogateescape"))
        return self

    def click(self, words: str) -> Terminal:
        """Click on these words, where they stand furthest down, once there was time to see them."""
        rows = self.settle().text.split("\n")
        y = max(y for y, row in enumerate(rows) if words in row)
        place = f"{rows[y].index(words) + 1};{y + 1}"
        return self.type(f"\x1b[<0;{place}M\x1b[<0;{place}m")

    def see(self, *words: str) -> Terminal:
        """Wait until all of this is on the screen."""
        self.until(lambda: all(each in self.text for each in words))
        return self

    def settle(self) -> Terminal:
        """Wait until whatever was typed has been answered: half a second without a change."""
        shown, since = self.seen_without_clock(), time.monotonic()
        while time.monotonic() < since + 0.5:
            self._read(0.05)
            if self.seen_without_clock() != shown:
                shown, since = self.seen_without_clock(), time.monotonic()
        return self

    def seen_without_clock(self) -> list[str]:
        """The screen below the row that shows the time."""
        return self.text.splitlines()[1:]

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for anything that comes about by itself or by what the program does."""
        end = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < end, self.text
            self._read(0.02)

    def end(self) -> int:
        """Wait for the program's end: its exit status."""
        self.until(lambda: self.process.poll() is not None)
        while self._read(0):
            pass
        return self.process.returncode

    def resize(self, columns: int, lines: int) -> Terminal:
        """Pull at the window's corner. What was shown before is gone then, as in the terminals that keep nothing."""
        self.columns, self.lines = columns, lines
        self.raw = b""
        self._set_size()
        return self.send(signal.SIGWINCH)

    def send(self, number: signal.Signals) -> Terminal:
        """Send a signal."""
        self.process.send_signal(number)
        return self

    def is_restored(self) -> bool:
        """Whether the window is as it was: its first screen, a cursor, letters that echo."""
        modes = {name: self.raw.rfind(b"\x1b[?%sl" % name) > self.raw.rfind(b"\x1b[?%sh" % name) for name in _MODES}
        cursor = self.raw.rfind(b"\x1b[?25h") > self.raw.rfind(b"\x1b[?25l")
        return all(modes.values()) and cursor and termios.tcgetattr(self._slave) == self.modes

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self._slave)
        os.close(self.master)
        self.master = self._slave = -1

    def close(self) -> None:
        """End what still runs."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.master >= 0:
            self.hang_up()

    def _set_size(self) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", self.lines, self.columns, 0, 0))

    def _read(self, wait_s: float) -> bool:
        if self.master < 0:
            time.sleep(wait_s)
            return False
        if not select.select([self.master], [], [], wait_s)[0]:
            return False
        self.raw += os.read(self.master, 65_536)
        return True


_MODES = (b"1049", b"2004", b"1004", b"1000", b"1006")
"""The other screen, pasting with a mark, telling of the focus and of clicks, in cells."""


def _environ(changes: Mapping[str, str]) -> dict[str, str]:
    """Ours, in German, in a terminal of today; with bytecode, without which a start takes four times as long."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**own, "TERM": "xterm-256color", "LC_ALL": "de_DE.UTF-8", "DEESCALATE_COUNTRY": "DE", **changes}


def terminals() -> Iterator[Callable[..., Terminal]]:
    """Opens windows, and closes them all in the end."""
    opened: list[Terminal] = []

    def open_one(*arguments: str, **options: object) -> Terminal:
        opened.append(Terminal(*arguments, **options))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()
