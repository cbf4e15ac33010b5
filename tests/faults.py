"""A whole session and its closing on a disk that fails, short-writes, dies or loses power at a given call.

The session is led through `Workplace` and `LiveSession`, as both front ends lead it. After each command the journal's
thread is waited for: so the calls come in the same order each time, and each has a number.
"""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pyrage
from stage import opened

import deescalate_tui.workplace
from deescalate_tui.call import commands as cmd
from deescalate_tui.call.questions import is_choice, values
from deescalate_tui.content.library import Library
from deescalate_tui.errors import Fault
from deescalate_tui.files import DISK, Ops
from deescalate_tui.finish import Finished
from deescalate_tui.journal.journal import Journal, OnChange, Status, scan
from deescalate_tui.live import LiveSession
from deescalate_tui.notes.folder import read_note
from deescalate_tui.notes.parse import parse
from deescalate_tui.notes.sealed import is_sealed
from deescalate_tui.workplace import Workplace

WAIT_S = 30
"""Only a hang takes this long."""
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS)
DIED = 77
"""The exit status of a program that a fault killed."""
SCRIPT = (
    cmd.Hear(3),
    cmd.Done(),
    cmd.Open("request"),
    cmd.Submit("Die Gebühr zurück"),
    cmd.Done(),
    cmd.Undo(),
    cmd.Open("promise"),
    cmd.Submit("Rückruf"),
)
PUBLIC, PRIVATE = "FAULTS_PUBLIC_KEY", "FAULTS_KEY_FILE"
"""Where notes are encrypted: to which key, and the file that reads them."""
TALLY: Counter[str] = Counter()
"""Fault points that were tried, by kind: the end of the test run prints them."""
LOSSES: dict[str, list[str]] = {}
"""What was lost, by fault point. Planted faults do not count."""


def tried(kind: str, point: str, wrong: list[str]) -> None:
    """One fault point was tried, and this is wrong after it."""
    TALLY[kind] += 1
    if wrong:
        LOSSES[f"{kind}: {point}"] = wrong


Plan = Callable[[int, str], None]
"""Is asked before each call, with its number and name: it may raise, or never return."""


class Half(OSError):
    """Half of what was to be written is written; then the call fails, or succeeds where there is no errno."""


class Late(OSError):
    """The call is done, and fails nevertheless: an answer that the network lost."""


class Quick(Ops):
    """The real disk, for whose cache nobody waits: power cuts are simulated, and a kill leaves it as it is."""

    def fsync(self, fd: int) -> None:
        os.fstat(fd)

    def fsync_dir(self, folder: Path) -> None:
        folder.stat()


class Faulty(Quick):
    """The same, with a plan of its faults."""

    def __init__(self, plan: Plan | None = None) -> None:
        self.plan = plan
        self.calls: list[str] = []

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        return self._do("open", lambda: super(Faulty, self).open(path, flags, mode))

    def write(self, fd: int, data: bytes | memoryview) -> int:
        half = data[: (len(data) + 1) // 2]
        return self._do("write", lambda: super(Faulty, self).write(fd, data), lambda: os.write(fd, half))

    def truncate(self, fd: int, size: int) -> None:
        self._do("truncate", lambda: super(Faulty, self).truncate(fd, size))

    def fsync(self, fd: int) -> None:
        self._do("fsync", lambda: super(Faulty, self).fsync(fd))

    def fsync_dir(self, folder: Path) -> None:
        self._do("fsync_dir", lambda: super(Faulty, self).fsync_dir(folder))

    def mkdir(self, folder: Path) -> None:
        self._do("mkdir", lambda: super(Faulty, self).mkdir(folder))

    def link(self, source: Path, target: Path) -> None:
        self._do("link", lambda: super(Faulty, self).link(source, target))

    def replace(self, source: Path, target: Path) -> None:
        self._do("replace", lambda: super(Faulty, self).replace(source, target))

    def unlink(self, path: Path) -> None:
        self._do("unlink", lambda: super(Faulty, self).unlink(path))

    def chmod(self, path: Path, mode: int) -> None:
        self._do("chmod", lambda: super(Faulty, self).chmod(path, mode))

    def _do(self, name: str, call: Callable[[], Any], half: Callable[[], Any] = lambda: None) -> Any:
        self.calls.append(name)
        try:
            if self.plan is not None:
                self.plan(len(self.calls) - 1, name)
        except Half as fault:
            done = half()
            if fault.errno:
                raise OSError(fault.errno, os.strerror(fault.errno)) from None
            return done
        except Late as fault:
            call()
            raise OSError(fault.errno, os.strerror(fault.errno or 0)) from None
        return call()


def failing(at: int, number: int, until: int = 0, kind: type[OSError] = OSError) -> Plan:
    """A plan under which call `at` fails, or all from `at` up to before `until`."""

    def plan(call: int, name: str) -> None:
        if at <= call < max(until, at + 1):
            raise kind(number, os.strerror(number))

    return plan


def dying(at: int) -> Plan:
    """A plan under which the program dies before call `at`; none of its code runs any more, as after SIGKILL."""

    def plan(call: int, name: str) -> None:
        if call == at:
            os._exit(DIED)

    return plan


def tearing(at: int) -> Plan:
    """A plan under which the program dies in the middle of a write: half of it is in the file."""

    def plan(call: int, name: str) -> None:
        if call == at and name == "write":
            raise Half(0, "")
        if call == at + 1:
            os._exit(DIED)

    return plan


Heard = Callable[[Journal], None]
"""Is called when the records of a command could be painted."""


class Stepwise(Journal):
    """A journal whose thread is waited for after each record."""

    heard: Heard

    @classmethod
    def create(
        cls,
        folder: Path,
        session_id: str,
        ops: Ops = DISK,
        on_change: OnChange | None = None,
        second: Path | None = None,
    ) -> Journal:
        journal = super().create(folder, session_id, ops, on_change, second)
        journal.sync(WAIT_S)
        return journal

    def append(self, record: bytes) -> int:
        end = super().append(record)
        type(self).heard(self)
        self.sync(WAIT_S)
        type(self).heard(self)
        return end


@contextmanager
def stepwise(heard: Heard = lambda journal: None) -> Iterator[None]:
    """Sessions begun or resumed inside make the same calls in the same order each time."""
    Stepwise.heard = staticmethod(heard)
    usual, deescalate_tui.workplace.Journal = deescalate_tui.workplace.Journal, Stepwise
    try:
        yield
    finally:
        deescalate_tui.workplace.Journal = usual


def led(work: Workplace) -> LiveSession:
    """A session from its beginning to the end of its questions."""
    live = work.start("aggressive", "de", "phone", ticket="T-1")
    for command in SCRIPT:
        live.do(command)
    return closed(live)


def closed(live: LiveSession) -> LiveSession:
    """The same session, closed: every question has got an answer."""
    while not live.state.closed:
        live.do(_next(live))
    return live


def _next(live: LiveSession) -> cmd.Command:
    state = live.state
    if state.question is None:
        return cmd.Done() if state.call.aftercare else cmd.Close()
    return cmd.Choose(values(state, live.book)[0]) if is_choice(state) else cmd.Submit("morgen")


class Seen:
    """What the agent was shown: how many records were painted, and how many of them were said to be saved."""

    def __init__(self) -> None:
        self.painted = 0
        self.saved = 0
        self.losses: list[str] = []

    def __call__(self, journal: Journal) -> None:
        """What can be painted is in the file, or NOT SAVED stands on the screen."""
        saved = journal.saved  # before the file is read: the thread may mend it at any moment
        text = bytes(journal._file._text)
        self.painted = text.count(b"\n")
        self.saved = max(self.saved, text[: saved.durable].count(b"\n"))
        try:
            held = journal.path.read_bytes()
        except FileNotFoundError:
            held = b""
        if not text.startswith(held):
            self.losses.append("the file holds something else than what was painted")
        if held != text and saved.status is not Status.NOT_SAVED:
            self.losses.append(f"{len(held)} of {len(text)} bytes in the file, the screen says {saved.status.value}")


def workplace(home: Path, ops: Ops | None = None) -> Workplace:
    """The workplace of one home, whose disk is this one."""
    home.mkdir(exist_ok=True)
    public = os.environ.get(PUBLIC, "")
    work = opened(home, **({"encrypt_notes_to": public} if public else {}))
    work.ops = ops or Quick()
    work.library = _library()
    return work


@cache
def _library() -> Library:
    """The built-in content, read once: no fault concerns it."""
    return Library.open((), None)


@contextmanager
def sealing(folder: Path) -> Iterator[None]:
    """Sessions inside, those of child processes too, encrypt their notes, and have no key to read them."""
    key = pyrage.x25519.Identity.generate()
    (folder / "key.txt").write_text(f"{key}\n", encoding="utf-8")
    os.environ |= {PUBLIC: str(key.to_public()), PRIVATE: str(folder / "key.txt")}
    try:
        yield
    finally:
        del os.environ[PUBLIC], os.environ[PRIVATE]


def text_of(path: Path) -> str:
    """The text of a note, sealed or not. Raises FileFault."""
    return read_note(path, os.environ.get(PRIVATE, ""))


def finished(live: LiveSession, ops: Faulty) -> Finished:
    """The note is written, once more when the disk works again where it was refused; then comes the next start."""
    done = live.finish()
    ops.plan = None
    if done.fault is not None:
        done = live.finish()
    workplace(live.workplace.paths.notes.parent).tidy()
    return done


# --- what has to hold afterwards


def notes(home: Path) -> list[Path]:
    """Every file with the name of a note."""
    return sorted((home / "notes").rglob("[!.]*.md*"))


def rest(home: Path) -> list[str]:
    """What is left besides notes, alias and locks, which hold no word of the call: there should be nothing."""
    kept = {"alias", *(path.name for path in notes(home))}
    files = (path for path in home.rglob("*") if path.is_file() and path.suffix != ".lock")
    return sorted(path.relative_to(home).as_posix() for path in files if path.name not in kept)


def wrong_at_the_end(home: Path, text: str) -> Iterator[str]:
    """What is wrong with a home whose session is over: there is its one note, whole, and nothing else."""
    found = notes(home)
    if len(found) != 1:
        yield f"{len(found)} notes"
    for path in found:
        if parse_or_none(path) is None or text_of(path) != text:
            yield "the note is another one"
        if is_sealed(path.name) != (PUBLIC in os.environ):
            yield "a note is plain that should be encrypted, or the other way round"
    if left := rest(home):
        yield f"left over: {', '.join(left)}"


def wrong_after(home: Path, painted: int, *, noted: bool = False, torn: bool = False) -> Iterator[str]:
    """What is wrong with a home whose program died after so many records were painted (or said to be saved).

    `noted`: and after the note was said to be saved. `torn`: what was not said to be saved may be damaged, and is
    kept aside then.

    The next program tidies up, goes on with the session, closes it and writes its note.
    """
    for path in notes(home):
        if parse_or_none(path) is None:
            yield f"half a note: {path.name}"
    if noted and len(notes(home)) != 1:
        yield f"{len(notes(home))} notes after one was said to be saved"
    work = workplace(home)
    journals = [path for path in (home / "sessions").glob("*.journal") if path.stat().st_size]
    for path in journals:
        held = scan(path.read_bytes())
        if held.damaged and not torn:
            yield "damage in the journal"
        if len(held.records) < painted and not noted:
            yield f"{len(held.records)} records in the journal, there were {painted}"
    if painted and not noted and not journals and not notes(home):
        yield f"no journal, there were {painted} records"
    yield from _wrong_going_on(work, home)


def _wrong_going_on(work: Workplace, home: Path) -> Iterator[str]:
    tidied = work.tidy()
    if any(done.fault for done in tidied):
        yield "a note could not be written after the fault was over"
    text = tidied[-1].text if tidied else ""
    for waiting in work.waiting():
        if not waiting.title:
            continue
        live = closed(work.resume(waiting.id))
        done = live.finish()
        text = done.text
        for kept in (home / "sessions").glob("*.damaged"):
            kept.unlink()
        if done.fault is not None:
            yield f"the note of a resumed session: {done.fault.key}"
    if text:
        yield from wrong_at_the_end(home, text)
    elif len(notes(home)) > 1:
        yield "two notes"


def faultless(home: Path, plan: Plan | None = None) -> list[str]:
    """What is wrong with a whole session under this plan of faults, each of which is over in the end."""
    ops, seen = Faulty(plan), Seen()
    with stepwise(seen):
        done = finished(led(workplace(home, ops)), ops)
    return [*seen.losses, *([done.fault.key] if done.fault else []), *wrong_at_the_end(home, done.text)]


def calls(home: Path) -> list[str]:
    """The calls of a session whose disk works, in order."""
    return calls_of(home)[0]


def calls_of(home: Path) -> tuple[list[str], int]:
    """The same, and which of them begins the closing."""
    ops = Faulty()
    with stepwise():
        live = led(workplace(home, ops))
        begins = len(ops.calls)
        live.finish()
    return ops.calls, begins


def parse_or_none(path: Path) -> object:
    """The note, or None where the file is none, or half of one."""
    try:
        return parse(text_of(path))
    except Fault:
        return None
