"""A call whose own folder fails goes on in a second place: nothing is lost, the screen says where, notes come home."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from faults import LOSSES, Faulty, Plan, Quick, Seen, calls, closed, failing, led, notes, rest, stepwise, tried
from stage import Stage, opened

from deescalate_tui.errors import UsageFault
from deescalate_tui.files import Ops
from deescalate_tui.ids import uuid7
from deescalate_tui.journal.journal import Journal, Status, line_of
from deescalate_tui.opening import Opening
from deescalate_tui.settings.fields import SETTINGS
from deescalate_tui.workplace import Workplace

FOREVER = 1_000_000
WAIT_S = 20


class Torn(Faulty):
    """The plan holds for the usual place alone: the second one always works."""

    def __init__(self, home: Path, plan: Plan | None) -> None:
        super().__init__(plan)
        self._home = home
        self._of: dict[int, Path] = {}

    def _fails(self, path: Path) -> bool:
        return path.is_relative_to(self._home)

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        fd = super().open(path, flags, mode) if self._fails(path) else Ops.open(self, path, flags, mode)
        self._of[fd] = path
        return fd

    def write(self, fd: int, data: bytes | memoryview) -> int:
        return super().write(fd, data) if self._fails(self._of[fd]) else Ops.write(self, fd, data)

    def truncate(self, fd: int, size: int) -> None:
        (super().truncate if self._fails(self._of[fd]) else Quick().truncate)(fd, size)

    def fsync(self, fd: int) -> None:
        (super().fsync if self._fails(self._of[fd]) else Quick().fsync)(fd)

    def fsync_dir(self, folder: Path) -> None:
        (super().fsync_dir if self._fails(folder) else Quick().fsync_dir)(folder)

    def mkdir(self, folder: Path) -> None:
        (super().mkdir if self._fails(folder) else Quick().mkdir)(folder)

    def link(self, source: Path, target: Path) -> None:
        (super().link if self._fails(source) else Quick().link)(source, target)

    def replace(self, source: Path, target: Path) -> None:
        (super().replace if self._fails(source) else Quick().replace)(source, target)

    def unlink(self, path: Path) -> None:
        (super().unlink if self._fails(path) else Quick().unlink)(path)


def places(folder: Path, plan: Plan | None = None) -> tuple[Workplace, Torn]:
    """A workplace with a second place, and the disk whose usual place fails as planned."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    ops = Torn(home, plan)
    work = opened(home, second_place=str(folder / "second"))
    work.ops = ops
    return work, ops


def everywhere(folder: Path) -> list[Path]:
    return [*notes(folder / "home"), *notes(folder / "second")]


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EROFS], ids=errno.errorcode.get)
def test_a_place_that_fails_from_any_call_on_costs_nothing(tmp_path: Path, error: int):
    made = calls(tmp_path / "works")
    for at in range(len(made)):
        folder, seen, wrong = tmp_path / str(at), Seen(), []
        work, ops = places(folder, failing(at, error, FOREVER))
        with stepwise(seen):
            live = led(work)
            if live.saved.status is not Status.SAVED:
                wrong.append("the second place did not take it")
            done = live.finish()
        ops.plan = None
        if done.fault is not None:
            done = live.finish()
        places(folder)[0].tidy()
        wrong += seen.losses
        if [path.read_text("utf-8") for path in everywhere(folder)] != [done.text]:
            wrong.append(f"{len(everywhere(folder))} notes")
        if left := [*rest(folder / "home"), *rest(folder / "second")]:
            wrong.append(f"left over: {left}")
        tried("lost places", f"{errno.errorcode[error]} from {at} {made[at]}", wrong)
    assert LOSSES == {}


def test_a_session_is_resumed_from_the_place_that_has_all_of_it(tmp_path: Path):
    work, ops = places(tmp_path)
    live = work.start("aggressive", "de", "phone")
    assert live.journal.sync(WAIT_S)
    ops.plan = failing(0, errno.EIO, FOREVER)
    live.do(live.workplace.keymap.action("space").command)
    assert live.journal.sync(WAIT_S)
    assert live.saved.elsewhere == tmp_path / "second" / "sessions" / f"{live.state.id}.journal"
    step, seq = live.state.call.current, live._seq
    assert live.journal.close(WAIT_S)
    again = places(tmp_path)[0]
    (waiting,) = again.waiting()
    resumed = again.resume(waiting.id)
    assert (resumed.state.call.current, resumed._seq) == (step, seq + 1)
    done = closed(resumed).finish()
    assert (done.fault, done.elsewhere) == (None, False)
    assert [path.read_text("utf-8") for path in everywhere(tmp_path)] == [done.text]
    assert rest(tmp_path / "home") == rest(tmp_path / "second") == []


def test_a_note_that_went_elsewhere_is_told_and_comes_home(tmp_path: Path):
    work, ops = places(tmp_path)
    live = led(work)
    assert live.journal.sync(WAIT_S)
    ops.plan = failing(0, errno.EROFS, FOREVER)
    done = live.finish()
    assert done.elsewhere
    assert everywhere(tmp_path) == [done.path]
    ops.plan = None
    places(tmp_path)[0].tidy()
    (note,) = everywhere(tmp_path)
    assert note.is_relative_to(tmp_path / "home")
    assert note.read_text("utf-8") == done.text


def test_what_went_on_in_another_way_is_kept_aside(tmp_path: Path):
    """The second place was away, so its older beginning was gone on with here: both ends are kept."""
    session_id = uuid7(1_800_000_000_000)
    here, there = (tmp_path / name / f"{session_id}.journal" for name in ("here", "there"))
    for path, records in ((here, [b'"a"', b'"b"', b'"c"']), (there, [b'"a"', b'"x"'])):
        path.parent.mkdir()
        path.write_bytes(b"".join(map(line_of, records)))
    other = there.read_bytes()
    journal, _ = Journal.open(here, places=(here, there))
    journal.remove()
    assert not here.exists()
    assert not there.exists()
    assert there.with_suffix(".damaged").read_bytes() == other


def test_both_places_fail_and_nothing_is_given_up(tmp_path: Path):
    work, ops = places(tmp_path)
    live = work.start("aggressive", "de", "phone")
    assert live.journal.sync(WAIT_S)
    (tmp_path / "second").write_text("no folder")
    ops.plan = failing(0, errno.EIO, FOREVER)
    live.do(live.workplace.keymap.action("space").command)
    assert not live.journal.sync(WAIT_S)
    assert live.saved.status is Status.NOT_SAVED
    assert live.saved.elsewhere is None
    ops.plan = None
    live.journal.retry()
    assert live.journal.sync(WAIT_S)
    assert live.journal.path.is_relative_to(tmp_path / "home")
    assert live.journal.close(WAIT_S)


def test_the_screen_says_where_it_is_saved(tmp_path: Path):
    work, ops = places(tmp_path)
    stage = Stage(work, Opening("aggressive", "de", "phone"))
    assert stage.live.journal.sync(WAIT_S)
    ops.plan = failing(0, errno.EIO, FOREVER)
    stage.press("space")
    assert stage.live.journal.sync(WAIT_S)
    stage.place.tick()
    shown = stage.text(100)
    assert "am zweiten Ort gespeichert" in shown.splitlines()[0]
    assert "second" in shown
    stage.press("space")
    assert "am zweiten Ort gespeichert" in stage.text(100).splitlines()[0]
    stage.put_down()


@pytest.mark.skipif(os.name == "nt", reason="paths as POSIX has them")
def test_the_setting_is_a_whole_path_or_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("USER", "kim")
    second = SETTINGS["second_place"]
    for text in ("", "/mnt/backup", "~/second", "/mnt/$USER"):
        assert second.value(text, "here") == text
    with pytest.raises(UsageFault) as caught:
        second.value("backup", "here")
    assert caught.value.key == "setting-folder"
