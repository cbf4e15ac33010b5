"""Kill and errno at every system call of a real session, by strace: what the injected objects do is no fiction.

A program that has everything imported forks for each fault point, and its child waits to be traced: so only the calls
of the session are counted. Needs Linux and strace; elsewhere it is skipped, and says so.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from queue import SimpleQueue

import pytest
from faults import LOSSES, WAIT_S, calls, led, stepwise, tried, workplace, wrong_after

import deescalate_tui
from deescalate_tui.files import DISK

STRACE = shutil.which("strace") if sys.platform == "linux" else None
ASKED = ("openat", "write", "ftruncate", "fsync", "mkdir", "link", "linkat", "rename", "unlink", "close", "flock")
"""What a session asks of the disk."""
KILL, ERRNOS = "signal=KILL", ("error=EIO", "error=ENOSPC", "error=EACCES", "error=EROFS")
WORKERS = 3
PR_SET_PTRACER = 0x59616D61
PAINTED, NOTED, ENDED = range(3)
"""What a child tells, in bytes of a file that both have mapped: to tell it takes no system call."""

pytestmark = pytest.mark.skipif(STRACE is None, reason="LOUD: no strace here; no system call of a session is failed")

MAKER = f"""
import sys
sys.path[:0] = [{str(Path(deescalate_tui.__file__).parent.parent)!r}, {str(Path(__file__).parent)!r}]
from test_strace import make
make()
"""


def make() -> None:
    """Of each home that is read, make a child that leads a session there; tell its number, then that it is gone."""
    home = Path(sys.stdin.readline().strip())
    calls(home)
    for line in sys.stdin:
        home = Path(line.strip())
        if not (child := os.fork()):
            _lead(home)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)


def _lead(home: Path) -> None:
    """A session of a program that is traced from its first call on."""
    with home.with_suffix(".told").open("r+b") as file:
        told = mmap.mmap(file.fileno(), 3)
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    home.mkdir()
    work = workplace(home, DISK)
    heard = 0

    def paint(journal: object) -> None:
        nonlocal heard
        heard += 1
        told[PAINTED] = (heard + 1) // 2

    os.kill(os.getpid(), signal.SIGSTOP)
    with stepwise(paint):
        live = led(work)
        done = live.finish()
        told[NOTED] = done.fault is None
        if done.fault is not None:
            told[NOTED] = live.finish().fault is None
    told[ENDED] = 1
    os._exit(0)


class Maker:
    """The program that makes the children, one at a time."""

    def __init__(self, home: Path) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-c", MAKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._ask, self._answers = self._program.stdin, self._program.stdout
        self._ask.write(f"{home}\n")

    def close(self) -> None:
        self._ask.close()
        self._answers.close()
        self._program.wait(WAIT_S)

    def lead(self, home: Path, *options: str) -> bytes:
        """A session under strace with these options; what it told in the end."""
        told = home.with_suffix(".told")
        told.write_bytes(bytes(3))
        self._ask.write(f"{home}\n")
        child = int(self._answers.readline())
        while not re.search(r"^State:\s+T", Path(f"/proc/{child}/status").read_text("utf-8"), re.MULTILINE):
            os.sched_yield()
        command = [str(STRACE), "-p", str(child), *options]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None
            assert "attached" in tracer.stderr.readline()
            os.kill(child, signal.SIGCONT)
            assert self._answers.readline() == "gone\n"
        return told.read_bytes()


@contextmanager
def makers(folder: Path) -> Iterator[SimpleQueue[Maker]]:
    """Some makers, to be taken and put back."""
    queue: SimpleQueue[Maker] = SimpleQueue()
    made = [Maker(folder / f"maker-{number}") for number in range(WORKERS)]
    for maker in made:
        queue.put(maker)
    try:
        yield queue
    finally:
        for maker in made:
            maker.close()


def points(maker: Maker, folder: Path) -> list[tuple[str, str, int]]:
    """Every call of a session: which thread makes it (all are traced for the journal's), its name and number."""
    log = folder / "log"
    assert maker.lead(folder / "whole", "-f", "-o", str(log), "-e", f"trace={','.join(f'?{it}' for it in ASKED)}")[
        ENDED
    ]
    counts = Counter(re.findall(r"^(\d+) +(\w+)\(", log.read_text("utf-8"), re.MULTILINE))
    main = min(int(thread) for thread, _ in counts)
    return [
        ("main" if int(thread) == main else "journal", name, number)
        for (thread, name), most in sorted(counts.items())
        for number in range(1, most + 1)
    ]


def test_no_fault_at_any_system_call_loses_a_painted_key_or_a_note(tmp_path: Path):
    with makers(tmp_path) as free, ThreadPoolExecutor(WORKERS) as pool:
        maker = free.get()
        every = points(maker, tmp_path)
        free.put(maker)
        errnos = islice(cycle(ERRNOS), len(every))
        todo = [(*point, fault) for point, errno in zip(every, errnos, strict=True) for fault in (KILL, errno)]

        def one(thread: str, name: str, number: int, fault: str) -> tuple[str, list[str]]:
            maker = free.get()
            home = tmp_path / f"{thread}-{name}-{number}-{fault}"
            follow = ["-f"] if thread == "journal" else []
            inject = f"inject={name}:{fault}:when={number}"
            try:
                told = maker.lead(home, *follow, "-o", "/dev/null", "-e", f"trace={name}", "-e", inject)
            finally:
                free.put(maker)
            wrong = list(wrong_after(home, told[PAINTED], noted=bool(told[NOTED])))
            if fault != KILL and not (told[ENDED] and told[NOTED]):
                wrong.append("the call did not go on to its note")
            return home.name, wrong

        for point, wrong in pool.map(one, *zip(*todo, strict=True)):
            tried("system calls", point, wrong)
    assert LOSSES == {}
