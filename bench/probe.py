"""A program on a terminal of its own, watched from outside: when it paints, what a key costs, what it holds.

Only Linux: processor time, memory and wake-ups are read from /proc.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pyte

QUIET_S = 0.025
"""A key is answered when so long nothing has come; a pause longer than BURST_S parts two bursts."""
BURST_S = 0.006
PATIENCE_S = 30.0
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
_STEERING = re.compile(rb"\x1b\[[0-9;?<=>]*[a-zA-Z$]p?|\x1b\][^\x07]*\x07")
_ASIDE = re.compile(rb"\x1b\[[<>=][0-9;]*u|\x1b\[\?[0-9;]*(?:u|\$p)")
"""What the emulator would print."""


class Answer(NamedTuple):
    """What a key did: milliseconds to the first and to the last byte, bytes, bursts."""

    first_ms: float
    last_ms: float
    size: int
    bursts: int


class Probe:
    """A running program. To be used in a `with`: it ends with it."""

    def __init__(
        self,
        command: Sequence[str | Path],
        environ: Mapping[str, str],
        size: tuple[int, int] = (80, 24),
        ahead: bytes = b"",
    ) -> None:
        self.columns, self.lines = size
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", self.lines, self.columns, 0, 0))
        self.raw = b""
        if ahead:
            os.write(self._master, ahead)
        self.began = time.monotonic()
        self._process = subprocess.Popen(
            [str(word) for word in command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=dict(environ),
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(slave)

    def __enter__(self) -> Probe:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._master)

    def wait(self, words: bytes, since: int = 0) -> float:
        """Wait for words on the screen or, where they begin with an escape, in the bytes: milliseconds since the start.

        Bytes before `since` do not count. Raises TimeoutError.
        """
        while True:
            got = self.raw[since:]
            if words in (got if words.startswith(b"\x1b") else _STEERING.sub(b"", got)):
                return (time.monotonic() - self.began) * 1000
            if time.monotonic() > self.began + PATIENCE_S:
                raise TimeoutError(f"{words!r} did not come\n{self.screen()}")
            self._read(0.5)

    def press(self, key: bytes) -> Answer:
        """Press a key and wait until it is answered."""
        while self._read(0):
            pass
        sent, times, size = time.monotonic(), list[float](), len(self.raw)
        os.write(self._master, key)
        while self._read(QUIET_S if times else 0.5):
            times.append(time.monotonic())
        bursts = sum(after - before > BURST_S for before, after in pairwise(times)) + bool(times)
        first, last = (times[0], times[-1]) if times else (sent, sent)
        return Answer((first - sent) * 1000, (last - sent) * 1000, len(self.raw) - size, bursts)

    def type(self, keys: bytes) -> None:
        """Press keys without waiting."""
        os.write(self._master, keys)

    def settle(self, quiet_s: float = 0.3) -> None:
        """Wait until nothing has come for so long."""
        while self._read(quiet_s):
            pass

    def screen(self) -> str:
        """What is on the screen."""
        screen = pyte.Screen(self.columns, self.lines)
        pyte.ByteStream(screen).feed(_ASIDE.sub(b"", self.raw))
        return "\n".join(row.rstrip() for row in screen.display)

    def cpu_ms(self) -> float:
        """Processor time until now, in ticks of the kernel."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK_MS

    def busy_ms(self) -> float:
        """Processor time until now, exactly, of all its threads."""
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text(encoding="ascii").split()[0]) for task in tasks) / 1e6

    def pss_kib(self) -> int:
        """Memory, what is shared counted by its share."""
        return self._memory_kib("Pss")

    def private_kib(self) -> int:
        """Memory that is shared with nobody: it does not change when a neighbour ends."""
        return self._memory_kib("Private_Clean") + self._memory_kib("Private_Dirty")

    def _memory_kib(self, kind: str) -> int:
        text = Path(f"/proc/{self._process.pid}/smaps_rollup").read_text(encoding="ascii")
        return int(re.findall(rf"^{kind}:\s+(\d+)", text, re.MULTILINE)[0])

    def _read(self, wait_s: float) -> bool:
        if not select.select([self._master], [], [], wait_s)[0]:
            return False
        try:
            got = os.read(self._master, 65_536)
        except OSError:  # it has ended
            got = b""
        self.raw += got
        return bool(got)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
