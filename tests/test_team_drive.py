"""Twenty agents close sessions into one folder while leads read: no name collides, nothing is lost or half shown."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deescalate_tui.archive.archive import Archive

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks")
WRITERS, EACH = 20, 3
CLOSE = """
import os, sys
from deescalate_tui.call import commands as cmd
from deescalate_tui.workplace import Workplace
work = Workplace.open(os.environ, {})
work.library.checklist("direct", "de")  # read once, before the others are made
children = []
for writer in range(int(sys.argv[1])):
    child = os.fork()
    if child:
        children.append(child)
        continue
    for number in range(int(sys.argv[2])):
        live = work.start("direct", "de", "phone", ticket=f"{writer}-{number}")
        live.do(cmd.Hear(2))
        live.do(cmd.Abandon())
        if live.finish().fault is not None:
            os._exit(1)
    os._exit(0)
sys.exit(any(os.waitpid(child, 0)[1] for child in children))
"""


def test_twenty_writers_and_readers_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    notes = tmp_path / "drive"
    notes.mkdir()
    monkeypatch.setenv("DEESCALATE_NOTES", str(notes))
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    home = {**os.environ, "DEESCALATE_HOME": str(tmp_path / "other")}
    with (
        subprocess.Popen([sys.executable, "-c", CLOSE, str(WRITERS), str(EACH)], env=environ) as writers,
        Archive.open(os.environ) as one,
        Archive.open(os.environ) as same,
        Archive.open(home) as other,
    ):
        while True:
            ended = writers.poll() is not None
            for archive in (one, same, other):
                assert archive.refresh().fault is None
                assert list(archive.faults()) == []
                rows = list(archive.rows())
                assert len({row.ticket for row in rows}) == len(rows)
                for row in rows[:3]:
                    assert archive.note(row).id == row.id
            if ended:
                break
        assert writers.returncode == 0
        expected = {f"{writer}-{number}" for writer in range(WRITERS) for number in range(EACH)}
        for archive in (one, same, other):
            assert {row.ticket for row in archive.rows()} == expected
            assert all(archive.note(row).id == row.id for row in archive.rows())
    assert len(list(notes.rglob("*.md"))) == WRITERS * EACH
    assert not [path for path in notes.rglob("*") if path.is_file() and path.suffix != ".md"]
