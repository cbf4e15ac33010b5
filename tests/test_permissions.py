"""Every file and folder of ours is for its owner alone, whatever the umask; no link in their place is followed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from stage import BEGAN, opened
from test_sealed_notes import put

from deescalate_tui import handover
from deescalate_tui.call import commands as cmd
from deescalate_tui.cli.hooks import report
from deescalate_tui.cli.main import main
from deescalate_tui.errors import Exit, FileFault
from deescalate_tui.notes.files import HOLD, SCHEMA, mark_path, put_mark
from deescalate_tui.notes.parse import parse
from deescalate_tui.notes.retention import Hold
from deescalate_tui.notes.rights import erase, of_ticket
from deescalate_tui.settings.fields import Settings, agent_alias, store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no mode of a file there, nor another user")

NOBODY = 65_534
LOOK = """
import os, sys
os.setgroups([]), os.setgid(65534), os.setuid(65534)
for path in sys.stdin.read().splitlines():
    try:
        os.close(os.open(path, os.O_RDONLY))
    except PermissionError:
        continue
    print(path)
"""


@pytest.fixture
def loose() -> object:
    """The umask under which everybody may do everything with what is made."""
    before = os.umask(0)
    yield
    os.umask(before)


def everything(home: Path) -> list[Path]:
    """One of each: journal, lock, note, hold, tombstone, settings, alias, hand-over line, crash report."""
    work = opened(home)
    kept, gone = put(work), put(work, "gone")
    front = parse(kept.read_text(encoding="utf-8"))
    put_mark(
        mark_path(work.paths.notes, front, HOLD), Hold(SCHEMA, front.id, "r", "2026-11-22", "2026-12-22"), shared=False
    )
    (due,) = of_ticket(work, BEGAN.date(), "gone").plan.due
    erase(work, due, "customer", BEGAN.date())
    store(work.paths, "theme", "light")
    agent_alias(work.paths, Settings())
    live = work.start("rude", "de", "phone")
    live.do(cmd.Hear(2))
    live.journal.sync(5)
    handover.keep(work.paths.state, "line")
    assert report(ValueError("x")) is not None
    assert not gone.exists()
    return sorted(path for path in home.rglob("*"))


def test_everything_is_for_its_owner_alone_under_any_umask(home: Path, monkeypatch: pytest.MonkeyPatch, loose: object):
    monkeypatch.setenv("DEESCALATE_HOME", str(home / "own"))
    found = everything(home / "own")
    kinds = {path.suffix for path in found if path.is_file()}
    assert kinds >= {".erased", ".hold", ".journal", ".lock", ".md", ".txt", ".yaml", ""}
    modes = {path: path.lstat().st_mode & 0o777 for path in found}
    assert {path: oct(mode) for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="LOUD: only root can become somebody else")
def test_another_user_reads_none_of_it_even_where_the_way_there_is_open(
    home: Path, monkeypatch: pytest.MonkeyPatch, loose: object
):
    monkeypatch.setenv("DEESCALATE_HOME", str(home / "own"))
    found = everything(home / "own")
    for folder in (home / "own", *(path for path in found if path.is_dir()), *home.parents[:3], home):
        folder.chmod(0o755)
    probe = home / "readable"
    probe.write_text("this one may be read: the way is open")
    probe.chmod(0o644)
    files = "\n".join(str(path) for path in (*found, probe) if path.is_file())
    done = subprocess.run([sys.executable, "-I", "-c", LOOK], input=files, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [str(probe)]


def test_the_program_begins_with_a_strict_umask(home: Path, loose: object, capsys: pytest.CaptureFixture[str]):
    assert main(["--version"]) == Exit.OK
    assert os.umask(0) == 0o077


@pytest.mark.parametrize("level", ["2026", "2026/11"])
def test_a_mark_follows_no_link(home: Path, tmp_path: Path, level: str):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = home / "notes" / level
    place.parent.mkdir(parents=True)
    place.symlink_to(elsewhere)
    path = home / "notes" / "2026" / "11" / f"x{HOLD}"
    with pytest.raises(FileFault) as caught:
        put_mark(path, Hold(SCHEMA, "x", "r", "2026-11-22", "2026-12-22"), shared=False)
    assert (caught.value.key, caught.value.place) == ("symlink", str(place))
    assert list(elsewhere.iterdir()) == []
