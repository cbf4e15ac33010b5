"""A journal whose disk fails, or whose program is killed, at every single call: nothing lost, nothing doubled."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deescalate_tui
from deescalate_tui.errors import FileFault
from deescalate_tui.files import Ops
from deescalate_tui.ids import uuid7
from deescalate_tui.journal.journal import Journal, Status, line_of, scan
from deescalate_tui.journal.unfinished import unfinished

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")

ID = uuid7(1_800_000_000_000)
WAIT_S = 20
"""Only a hang takes this long."""
RECORDS = [b'{"n":%d,"text":"%b"}' % (number, b"x" * number * 7) for number in range(5)]
LINES = [line_of(record) for record in RECORDS]
ERRORS = [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS]


class Scripted(Ops):
    """Before each call asks `script(number of the call)`, which may raise; writes at most `at_once` bytes."""

    def __init__(self, script: Callable[[int], None], at_once: int = 1 << 30) -> None:
        self.script = script
        self.at_once = at_once
        self.calls: list[str] = []

    def _step(self, name: str) -> None:
        self.calls.append(name)
        self.script(len(self.calls) - 1)

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        self._step("open")
        return super().open(path, flags, mode)

    def write(self, fd: int, data: bytes | memoryview) -> int:
        self._step("write")
        return super().write(fd, data[: self.at_once])

    def truncate(self, fd: int, size: int) -> None:
        self._step("truncate")
        super().truncate(fd, size)

    def fsync(self, fd: int) -> None:
        self._step("fsync")
        super().fsync(fd)

    def fsync_dir(self, folder: Path) -> None:
        self._step("fsync_dir")
        super().fsync_dir(folder)

    def mkdir(self, folder: Path) -> None:
        self._step("mkdir")
        super().mkdir(folder)

    def replace(self, source: Path, target: Path) -> None:
        self._step("replace")
        super().replace(source, target)

    def unlink(self, path: Path) -> None:
        self._step("unlink")
        super().unlink(path)


def failing(numbers: Collection[int], error: int) -> Callable[[int], None]:
    """A script under which the calls of these numbers fail."""

    def script(number: int) -> None:
        if number in numbers:
            raise OSError(error, os.strerror(error))

    return script


def whole(path: Path) -> tuple[bytes, ...]:
    """The records another program would find now."""
    return scan(path.read_bytes()).records if path.exists() else ()


def session(folder: Path, ops: Ops) -> Journal:
    """A small session, every step of which is checked; after each append the thread is waited for."""
    journal = Journal.create(folder, ID, ops)
    journal.sync(WAIT_S)
    for count, record in enumerate(RECORDS, 1):
        journal.append(record)
        status = journal.saved.status  # first, as the thread may mend it at any moment
        there = whole(journal.path)
        assert there == tuple(RECORDS[: len(there)])
        assert len(there) == count or status is Status.NOT_SAVED
        if journal.sync(WAIT_S):
            assert journal.saved.status is Status.SAVED
            assert journal.path.read_bytes() == b"".join(LINES[:count])
        else:
            assert journal.saved.status is Status.NOT_SAVED
            assert journal.saved.waiting
    return journal


def check_healed(folder: Path, journal: Journal) -> None:
    """Once the disk works again, all is there once, in order, and nothing else is left."""
    journal.retry()
    assert journal.close(WAIT_S)
    assert journal.saved.status is Status.SAVED
    assert journal.saved.fault is None
    assert journal.path.read_bytes() == b"".join(LINES)
    again, found = Journal.open(journal.path)
    assert found.records == tuple(RECORDS)
    again.remove()
    assert not [path for path in folder.iterdir() if path.suffix != ".lock"]


def calls_of_a_session() -> list[str]:
    """The calls of a session whose disk works."""
    with TemporaryDirectory() as folder:
        ops = Scripted(failing((), 0))
        assert session(Path(folder) / "sessions", ops).close(WAIT_S)
        return ops.calls


CALLS = calls_of_a_session()


@posix
def test_a_session_needs_one_write_and_one_fsync_a_record() -> None:
    made = ["mkdir", "fsync_dir", "open", "truncate", "write", "open", "fsync_dir"]
    once = [call for call, before in zip(CALLS, ["", *CALLS], strict=False) if {call, before} != {"fsync_dir"}]
    assert [*made, *["write", "fsync"] * len(RECORDS), "unlink"] == once


@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.get)
@pytest.mark.parametrize("number", range(len(CALLS)), ids=lambda number: f"{number}-{CALLS[number]}")
def test_one_failing_call_loses_nothing_and_doubles_nothing(tmp_path: Path, number: int, error: int) -> None:
    folder = tmp_path / "sessions"
    journal = session(folder, Scripted(failing((number,), error)))
    assert journal.saved.status is Status.SAVED
    check_healed(folder, journal)


@given(
    numbers=st.sets(st.integers(0, 40), max_size=20),
    burst=st.tuples(st.integers(0, 40), st.integers(0, 40)),
    error=st.sampled_from(ERRORS),
    at_once=st.sampled_from([1, 7, 30, 1 << 30]),
)
@settings(max_examples=150)
def test_many_failing_calls_and_short_writes_lose_nothing_and_double_nothing(
    numbers: set[int], burst: tuple[int, int], error: int, at_once: int
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name) / "sessions"
        ops = Scripted(failing(numbers | set(range(*burst)), error), at_once)
        journal = session(folder, ops)
        ops.script = failing((), 0)
        check_healed(folder, journal)


def test_a_half_written_line_is_taken_back_at_once(tmp_path: Path) -> None:
    ops = Scripted(failing((), 0), at_once=10)
    journal = Journal.create(tmp_path, ID, ops)
    journal.append(RECORDS[0])
    assert journal.sync(WAIT_S)
    ops.script = failing((len(ops.calls) + 2,), errno.ENOSPC)
    end = journal.append(RECORDS[1])
    assert journal.path.read_bytes() == LINES[0]
    assert journal.saved.fault is not None
    assert journal.saved.fault.key == "disk-full"
    assert journal.append(RECORDS[2]) > end
    assert journal.path.read_bytes() == b"".join(LINES[:3])
    assert journal.close(WAIT_S)


def test_a_file_whose_fsync_failed_is_never_believed_again(tmp_path: Path) -> None:
    ops = Scripted(failing((), 0))
    journal = Journal.create(tmp_path, ID, ops)
    assert journal.sync(WAIT_S)
    before = len(ops.calls)
    # write, fsync; then the new file: open, write, fsync
    ops.script = failing((before + 1, before + 4), errno.EIO)
    journal.append(RECORDS[0])
    journal.sync(WAIT_S)
    assert journal.sync(WAIT_S)
    assert journal.close(WAIT_S)
    failed, rewritten = ["write", "fsync"], ["open", "write", "fsync"]
    published = ["open", "replace", "open", "unlink", "fsync_dir"]
    assert ops.calls[before : before + 6] == [*failed, *rewritten, "unlink"]
    assert ops.calls[before + 6 : before + 14] == [*rewritten, *published]


def test_a_refusal_is_told_and_so_is_its_end(tmp_path: Path) -> None:
    heard: SimpleQueue[tuple[Status, str | None]] = SimpleQueue()
    ops = Scripted(failing((), 0))
    journal = Journal.create(
        tmp_path, ID, ops, lambda saved: heard.put((saved.status, saved.fault.key if saved.fault else None))
    )
    assert journal.sync(WAIT_S)
    ops.script = failing(range(10_000), errno.EROFS)
    journal.append(RECORDS[0])
    assert heard.get(timeout=WAIT_S) == (Status.NOT_SAVED, "read-only")
    ops.script = failing((), 0)
    journal.retry()
    while (last := heard.get(timeout=WAIT_S)) != (Status.SAVED, None):
        assert last[0] in (Status.NOT_SAVED, Status.SAVING)
    assert journal.close(WAIT_S)


@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.get)
def test_a_dead_disk_is_told_and_nothing_is_given_up(tmp_path: Path, error: int) -> None:
    folder = tmp_path / "sessions"
    ops = Scripted(failing(range(10_000), error))
    journal = session(folder, ops)
    assert journal.saved.waiting == len(RECORDS)
    assert not journal.close(WAIT_S)
    ops.script = failing((), 0)
    check_healed(folder, journal)


TAILS = pytest.mark.parametrize("tail", [LINES[2][:-3], b"garbage\n" + LINES[2]], ids=["unfinished", "damaged"])
OPENING = 20
"""As many calls as it takes to open and close a journal, or more."""


@TAILS
def test_how_many_calls_an_opening_takes(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / f"{ID}.journal"
    path.write_bytes(b"".join(LINES[:2]) + tail)
    ops = Scripted(failing((), 0))
    journal, _ = Journal.open(path, ops)
    assert journal.close(WAIT_S)
    assert len(ops.calls) <= OPENING


@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.get)
@pytest.mark.parametrize("number", range(OPENING))
@TAILS
def test_a_failure_while_opening_changes_nothing_that_the_next_try_does_not_find(
    tmp_path: Path, tail: bytes, number: int, error: int
) -> None:
    path = tmp_path / f"{ID}.journal"
    path.write_bytes(b"".join(LINES[:2]) + tail)
    ops = Scripted(failing((number,), error))
    with suppress(FileFault):
        journal, _ = Journal.open(path, ops)
        assert journal.close(WAIT_S)
    journal, found = Journal.open(path)
    assert found.records == tuple(RECORDS[:2])
    assert journal.close(WAIT_S)
    if tail.endswith(b"\n"):
        assert path.with_suffix(".damaged").read_bytes() == tail


def test_a_journal_that_cannot_be_removed_is_told_and_free(tmp_path: Path) -> None:
    ops = Scripted(failing((), 0))
    journal = session(tmp_path, ops)
    ops.script = failing((len(ops.calls),), errno.EACCES)
    with pytest.raises(FileFault) as caught:
        journal.remove()
    assert caught.value.key == "no-permission"
    again, found = Journal.open(journal.path)
    assert found.records == tuple(RECORDS)
    again.remove()


# --- kill -9

IMPORTS = f"""
import os, signal, sys, threading
sys.path[:0] = [{str(Path(deescalate_tui.__file__).parent.parent)!r}, {str(Path(__file__).parent)!r}]
from pathlib import Path
from deescalate_tui.journal.journal import Journal
folder = Path(sys.argv[1])
"""

FOREVER = f"""
journal = Journal.create(folder, {ID!r})
number = 0
while True:
    journal.append(b'{{"n":%d}}' % number)
    os.write(1, b"%d\\n" % number)
    number += 1
"""

HELD = """
journal, found = Journal.open(folder / sys.argv[2])
os.write(1, b"open\\n")
sys.stdin.read()
"""

EVERYWHERE = """
from test_journal_crash import CALLS, ID, RECORDS, Scripted
def kill(at):
    return lambda number: number == at and os.kill(os.getpid(), signal.SIGKILL)
for at in range(len(CALLS)):
    if not os.fork():
        with open(folder / f"{at}.acked", "wb", buffering=0) as acked:
            journal = Journal.create(folder / str(at), ID, Scripted(kill(at), at_once=20))
            for record in RECORDS:
                journal.append(record)
                acked.write(b"+")
                journal.sync(20)
            journal.close(20)
        os._exit(0)
    os.wait()
"""


def start(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", IMPORTS + code, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def kill(process: subprocess.Popen[bytes]) -> bytes:
    """Kills the process; the rest of what it said."""
    process.kill()
    with process:
        assert process.stdout is not None
        return process.stdout.read()


def test_what_was_acknowledged_before_a_kill_is_in_the_file(tmp_path: Path) -> None:
    process = start(FOREVER, tmp_path)
    assert process.stdout is not None
    for _ in range(200):
        process.stdout.readline()
    acknowledged = 200 + kill(process).count(b"\n")
    (found,) = unfinished(tmp_path)
    assert not found.in_use
    journal, read = Journal.open(found.path)
    assert read.damaged == ()
    numbers = [json.loads(record)["n"] for record in read.records]
    assert numbers == list(range(len(numbers)))
    assert acknowledged <= len(numbers) <= acknowledged + 1
    journal.remove()


@posix
def test_a_kill_at_every_call_loses_nothing_acknowledged(tmp_path: Path) -> None:
    process = start(EVERYWHERE, tmp_path)
    process.communicate(timeout=WAIT_S)
    assert process.returncode == 0
    for at in range(len(CALLS)):
        acknowledged = (tmp_path / f"{at}.acked").stat().st_size
        found = unfinished(tmp_path / str(at))
        if not found:
            assert acknowledged == 0
            continue
        journal, read = Journal.open(found[0].path)
        assert read.damaged == ()
        assert read.records == tuple(RECORDS[: len(read.records)])
        assert acknowledged <= len(read.records) <= acknowledged + 1
        journal.remove()
        assert list((tmp_path / str(at)).iterdir()) == []


def test_a_second_program_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    path = tmp_path / f"{ID}.journal"
    path.write_bytes(b"".join(LINES))
    process = start(HELD, tmp_path, path.name)
    assert process.stdout is not None
    assert process.stdout.readline() == b"open\n"
    with pytest.raises(FileFault) as caught:
        Journal.open(path)
    assert (caught.value.key, caught.value.params["pid"]) == ("session-in-use", process.pid)
    assert [item.in_use for item in unfinished(tmp_path)] == [True]
    kill(process)
    assert [item.in_use for item in unfinished(tmp_path)] == [False]
    journal, found = Journal.open(path)
    assert found.records == tuple(RECORDS)
    journal.remove()
    assert list(tmp_path.glob("[!h]*")) == []
