"""The power cut at every call of a session: what was said to be saved is there, one note, nothing half."""

from __future__ import annotations

import errno
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from cache_model import CUTS, Disk, Recorder, lay_out
from faults import LOSSES, calls, failing, finished, led, stepwise, tried, workplace, wrong_after

from deescalate_tui.journal.journal import Journal

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="LOUD: Windows has no fsync of a folder; no power cut is simulated here"
)


def recorded(home: Path, ops: Recorder) -> list[tuple[object, ...]]:
    """The log of a whole session on this disk."""

    def heard(journal: Journal) -> None:
        ops.said(bytes(journal._file._text)[: journal.saved.durable].count(b"\n"))

    with stepwise(heard):
        live = led(workplace(home, ops))
        if live.finish().fault is None:
            ops.said(0, noted=True)
        else:
            finished(live, ops)
            ops.said(0, noted=True)
    return ops.log


def cut(
    folder: Path, ops: Recorder, begin: int = 0, kinds: Collection[str] = tuple(CUTS)
) -> Iterator[tuple[str, list[str]]]:
    """What is wrong after a cut at each entry of the log, each kind of cut by itself. The same disk is judged once."""
    log = recorded(folder / "home", ops)
    disk, judged = Disk(folder / "home"), set[object]()
    for at, entry in enumerate(log):
        disk.play(entry)
        for name in kinds:
            left = disk.left(CUTS[name])
            known = (disk.saved, disk.noted, tuple(sorted(left.items(), key=lambda item: item[0])))
            if at < begin or known in judged:
                continue
            judged.add(known)
            home = folder / f"{at}-{name}"
            lay_out(left, home)
            yield f"{at} {entry[0]}, {name}", list(wrong_after(home, disk.saved, noted=disk.noted, torn=True))


def test_no_power_cut_loses_what_was_said_to_be_saved(tmp_path: Path):
    for point, wrong in cut(tmp_path, Recorder()):
        tried("power cuts", point, wrong)
    assert LOSSES == {}


def test_no_power_cut_after_an_error_loses_what_was_said_to_be_saved(tmp_path: Path):
    """Above all after an fsync that failed: what it was to save never reaches the disk by another fsync of the file."""
    made = calls(tmp_path / "works")
    points = [at for at, name in enumerate(made) if name in ("fsync", "fsync_dir", "write", "open", "link")]
    for at in points[::2]:
        folder = tmp_path / f"error-{at}"
        folder.mkdir()
        for point, wrong in cut(folder, Recorder(failing(at, errno.EIO)), at, ("surely", "names first")):
            tried("power cuts after an error", f"EIO at {at} {made[at]}, cut at {point}", wrong)
    assert LOSSES == {}


# --- faults that are planted, for the harness to find


class NoFsync(Recorder):
    def fsync(self, fd: int) -> None:
        """Nothing."""


class NoFolderFsync(Recorder):
    def fsync_dir(self, folder: Path) -> None:
        """Nothing."""


class Buffered(Recorder):
    """Writes that reach the system only when the file is closed, after what was meant to bring them to the disk."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[int, bytes] = {}

    def write(self, fd: int, data: bytes | memoryview) -> int:
        late, self.kept[fd] = self.kept.get(fd, b""), bytes(data)
        super().write(fd, late)
        return len(data)


class Believing(Recorder):
    """An fsync that failed is done again, and believed when it does not fail again."""

    def fsync(self, fd: int) -> None:
        try:
            super().fsync(fd)
        except OSError:
            super().fsync(fd)


def lost(folder: Path, ops: Recorder) -> list[str]:
    """What the harness finds on a disk with a planted fault."""
    return [each for _, wrong in cut(folder, ops) for each in wrong if "there were" in each or "notes" in each]


@pytest.mark.parametrize("planted", [NoFsync, NoFolderFsync, Buffered])
def test_a_planted_fault_is_found(tmp_path: Path, planted: type[Recorder]):
    assert lost(tmp_path, planted())


def test_an_fsync_that_is_believed_after_it_failed_is_found(tmp_path: Path):
    ops = Believing(None)
    at = calls(tmp_path / "works").index("fsync")
    ops.plan = failing(at, errno.EIO)
    assert lost(tmp_path, ops)


@pytest.mark.parametrize("kind", ["journal", "note"])
def test_a_folder_that_is_not_brought_to_the_disk_is_found(tmp_path: Path, kind: str):
    """The fsync of one kind of folder alone is left out."""

    class Forgetful(Recorder):
        def fsync_dir(self, folder: Path) -> None:
            if ("notes" in folder.parts) != (kind == "note"):
                super().fsync_dir(folder)

    assert lost(tmp_path, Forgetful())
