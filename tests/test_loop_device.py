"""Real power cuts: a session on a file system of its own, whose backing file is copied as the disk would hold it.

The page cache of the mounted file system is not in that copy. Needs root, a loop device and mkfs.ext4; elsewhere it is
skipped, and says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from faults import LOSSES, led, stepwise, tried, workplace, wrong_after

from deescalate_tui.files import DISK, Ops
from deescalate_tui.journal.journal import Journal

SIZE = 8_000_000


def run(*command: object) -> bool:
    """Whether the system did it."""
    return subprocess.run([*map(str, command)], capture_output=True, check=False).returncode == 0


@contextmanager
def mounted(image: Path, point: Path) -> Iterator[None]:
    """The file system in a file, for a while."""
    point.mkdir()
    if not run("mount", "-o", "loop", image, point):
        pytest.skip("LOUD: no loop device can be mounted here; no real power is cut")
    try:
        yield
    finally:
        assert run("umount", point)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """An empty file system, if this system lets one have it."""
    tools = all(map(shutil.which, ("mkfs.ext4", "mount", "umount")))
    if sys.platform != "linux" or os.geteuid() != 0 or not tools:
        pytest.skip("LOUD: not root on Linux with mkfs.ext4 and mount; no real power is cut")
    path = tmp_path / "image"
    with path.open("wb") as file:
        file.truncate(SIZE)
    assert run("mkfs.ext4", "-q", path)
    return path


def cuts(image: Path, folder: Path, ops: Ops, every: int = 1) -> Iterator[tuple[str, list[str]]]:
    """What is wrong after a cut at some of the moments when something was said to be saved."""
    moments: list[tuple[Path, int, bool]] = []
    heard = 0

    def paint(journal: Journal) -> None:
        nonlocal heard
        heard += 1
        if heard % every == 0:
            saved = bytes(journal._file._text)[: journal.saved.durable].count(b"\n")
            moments.append((_copied(image, len(moments)), saved, False))

    with mounted(image, folder / "disk"), stepwise(paint):
        live = led(workplace(folder / "disk" / "home", ops))
        assert live.finish().fault is None
        moments.append((_copied(image, len(moments)), live._seq, True))
    for number, (copy, saved, noted) in enumerate(moments):
        with mounted(copy, folder / f"cut-{number}"):
            home = folder / f"cut-{number}" / "home"
            home.mkdir(exist_ok=True)
            yield f"cut {number}", list(wrong_after(home, saved, noted=noted, torn=True))


def _copied(image: Path, number: int) -> Path:
    """What the disk holds at this moment."""
    copy = image.with_name(f"copy-{number}")
    shutil.copyfile(image, copy)
    return copy


def test_no_real_power_cut_loses_what_was_said_to_be_saved(image: Path, tmp_path: Path):
    for point, wrong in cuts(image, tmp_path, DISK, every=2):
        tried("real power cuts", point, wrong)
    assert LOSSES == {}


class NoFsync(Ops):
    def fsync(self, fd: int) -> None:
        """Nothing."""


class NoFolderFsync(Ops):
    def fsync_dir(self, folder: Path) -> None:
        """Nothing."""


@pytest.mark.parametrize("planted", [NoFsync, NoFolderFsync])
def test_a_planted_fault_is_found_on_a_real_disk(image: Path, tmp_path: Path, planted: type[Ops]):
    assert any(wrong for _, wrong in cuts(image, tmp_path, planted(), every=10))
