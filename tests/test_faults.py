"""A whole session with one fault, or a disk that stays bad, at every call: every painted key is there, one note."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faults import (
    DIED,
    ERRORS,
    LOSSES,
    Faulty,
    Half,
    Late,
    Seen,
    calls,
    calls_of,
    dying,
    failing,
    faultless,
    led,
    sealing,
    stepwise,
    tearing,
    tried,
    workplace,
    wrong_after,
)

import deescalate_tui
from deescalate_tui.files import Ops
from deescalate_tui.journal import file as journal_file
from deescalate_tui.notes import folder as notes_folder

posix = pytest.mark.skipif(sys.platform == "win32", reason="LOUD: no fork here, so no program is killed at each call")
FOREVER = 1_000_000

# --- errors


def errors(made: list[str], first: int = 0) -> Iterator[tuple[str, Callable[[int, str], None]]]:
    """Every fault at every call from `first` on: an error, the same for good, a write half done, an answer lost."""
    for at, name in list(enumerate(made))[first:]:
        for number in ERRORS:
            code = errno.errorcode[number]
            yield f"{code} at {at} {name}", failing(at, number)
            if name == "write":
                yield f"half, then {code} at {at} {name}", failing(at, number, kind=Half)
        yield f"EIO from {at} {name}", failing(at, errno.EIO, FOREVER)
        yield f"ENOSPC from {at} {name}", failing(at, errno.ENOSPC, FOREVER)
        yield f"late EIO at {at} {name}", failing(at, errno.EIO, kind=Late)
        if name == "write":
            yield f"short at {at} {name}", failing(at, 0, kind=Half)


def test_no_error_at_any_call_loses_a_key_or_a_note(tmp_path: Path):
    for count, (name, plan) in enumerate(errors(calls(tmp_path / "works"))):
        tried("errors", name, faultless(tmp_path / str(count), plan))
    assert LOSSES == {}


def test_no_error_in_closing_loses_an_encrypted_note(tmp_path: Path):
    with sealing(tmp_path):
        for count, (name, plan) in enumerate(errors(*calls_of(tmp_path / "works"))):
            tried("errors, encrypted", name, faultless(tmp_path / str(count), plan))
    assert LOSSES == {}


# --- kills

KILLED = f"""
import os, sys
sys.path[:0] = [{str(Path(deescalate_tui.__file__).parent.parent)!r}, {str(Path(__file__).parent)!r}]
from pathlib import Path
from test_faults import killed
sys.exit(killed(Path(sys.argv[1]), *map(int, sys.argv[2:])))
"""
WORKERS = 2


def killed(folder: Path, first: int, count: int) -> int:
    """In a process of its own: so many points of death, from `first` on, each in a child of it. 0 where all died."""
    unhurt = 0
    calls(folder / f"warm-{first}")  # what is imported and read once is not to be done in each child
    for at in range(first, first + count):
        for kind, plan in (("before", dying(at)), ("amid", tearing(at))):
            if not os.fork():
                _die(folder / f"{at}-{kind}", plan)
            died = os.waitstatus_to_exitcode(os.wait()[1]) == DIED
            unhurt += kind == "before" and not died  # amid: only a write can be torn
    return unhurt


def _die(home: Path, plan: Callable[[int, str], None]) -> None:
    """A session that tells beside its home how many records were painted, and that the note was."""
    status = 1
    with home.with_suffix(".acked").open("wb", buffering=0) as acked, stepwise(lambda journal: acked.write(b"+")):
        live = led(workplace(home, Faulty(plan)))
        if live.finish().fault is None:
            acked.write(b"!")
            status = 0
    os._exit(status)


@posix
def test_no_kill_at_any_call_loses_a_painted_key_or_a_note(tmp_path: Path):
    killed_from(0, tmp_path, "kills")


@posix
def test_no_kill_in_closing_loses_an_encrypted_note(tmp_path: Path):
    with sealing(tmp_path):
        killed_from(calls_of(tmp_path / "once")[1], tmp_path, "kills, encrypted")


def killed_from(begin: int, tmp_path: Path, kind: str) -> None:
    made = calls(tmp_path / "works")
    share = -(-(len(made) - begin) // WORKERS)
    starts = [(first, min(share, len(made) - first)) for first in range(begin, len(made), share)]
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    programs = [subprocess.Popen([*command, *map(str, start)]) for start in starts]
    assert [program.wait(120) for program in programs] == [0] * len(programs)
    for home in sorted(path for path in tmp_path.glob("*-*") if path.is_dir() and path.name[0].isdigit()):
        acked = home.with_suffix(".acked").read_bytes()
        tried(kind, home.name, list(wrong_after(home, (acked.count(b"+") + 1) // 2, noted=b"!" in acked)))
    assert LOSSES == {}


# --- faults that are planted, for the harness to find


class Buffered(Ops):
    """Writes that stay in the program until the file is brought to stable storage, as those of `open(..., "a")`."""

    def __init__(self) -> None:
        self.kept: dict[int, bytes] = {}

    def write(self, fd: int, data: bytes | memoryview) -> int:
        self.kept[fd] = self.kept.get(fd, b"") + bytes(data)
        return len(data)

    def fsync(self, fd: int) -> None:
        time.sleep(0.01)
        os.write(fd, self.kept.pop(fd, b""))
        super().fsync(fd)


def test_buffered_writes_are_found(tmp_path: Path):
    seen = Seen()
    with stepwise(seen):
        led(workplace(tmp_path / "home", Buffered()))
    assert any("bytes in the file, the screen says saving" in loss for loss in seen.losses)


def test_a_screen_that_keeps_silent_about_the_disk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(journal_file, "fault_of", lambda place, error: None)
    assert any("the screen says" in loss for loss in faultless(tmp_path / "home", failing(20, errno.ENOSPC)))


def test_a_half_line_that_is_not_cut_off_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(journal_file.JournalFile, "_cut", lambda self: None)
    monkeypatch.setattr(journal_file, "see_whole", lambda *_: None)  # it would mend this too
    made = calls(tmp_path / "works")
    writes = [at for at, name in enumerate(made) if name == "write"][2:]
    plans = [failing(at, errno.ENOSPC, kind=Half) for at in writes]
    assert any(faultless(tmp_path / str(count), plan) for count, plan in enumerate(plans))


def test_a_note_that_takes_the_place_of_another_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A note whose name is new at each try is there twice after an answer that was lost."""
    names = iter(range(100))
    usual = notes_folder.note_name
    monkeypatch.setattr(notes_folder, "note_name", lambda note: usual(note).replace(".md", f"{next(names)}.md"))
    made = calls(tmp_path / "works")
    plan = failing(made.index("link"), errno.EIO, kind=Late)
    assert "2 notes" in faultless(tmp_path / "home", plan)


def test_a_half_encrypted_note_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    usual = notes_folder.seal
    monkeypatch.setattr(notes_folder, "seal", lambda text, to: usual(text, to)[:-1])
    with sealing(tmp_path):
        assert "the note is another one" in faultless(tmp_path / "home")


def test_an_encrypted_note_that_nothing_recognises_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Encrypted anew its bytes are others: after an answer that was lost it looks like the note of somebody else."""
    monkeypatch.setattr(notes_folder, "lying", lambda path, text, session_id: None)
    with sealing(tmp_path):
        made = calls(tmp_path / "works")
        plan = failing(made.index("link"), errno.EIO, kind=Late)
        assert "already-there" in faultless(tmp_path / "home", plan)


def test_a_plain_note_in_place_of_an_encrypted_one_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(notes_folder, "seal", lambda text, to: text.encode())
    monkeypatch.setattr(notes_folder, "sealed_path", lambda path: path)
    with sealing(tmp_path):
        assert any("a note is plain" in loss for loss in faultless(tmp_path / "home"))
