"""Sealed notes in the archive: they are in the index for as long as their key is named, and no longer."""

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from note_samples import SAMPLES
from test_archive import put
from test_sealed import Team

from deescalate_tui import catalogues
from deescalate_tui.archive.archive import Archive
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import note_from, note_name
from deescalate_tui.notes.sealed import SEALED, seal
from deescalate_tui.paths import Paths

NOTE = note_from(SAMPLES["de"]())


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "config", tmp_path / "notes", tmp_path / "sessions", tmp_path / "state", None)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


@pytest.fixture
def path(paths: Paths, team: Team) -> Path:
    path = put(paths, NOTE)
    path.with_name(path.name + SEALED).write_bytes(seal(path.read_text(encoding="utf-8"), [team.public]))
    path.unlink()
    return path.with_name(path.name + SEALED)


def look(paths: Paths, key: object = "") -> tuple[int, list[str]]:
    with Archive(paths, shared=False, key=lambda: str(key)) as archive:
        archive.refresh()
        return archive.count(archive.select("Ersatzrouter")), [fault.key for fault in archive.faults()]


def test_it_is_read_when_a_key_comes_and_forgotten_when_that_goes(paths: Paths, team: Team, path: Path):
    assert look(paths) == (0, ["notes-sealed"])
    assert look(paths, team.file) == (1, [])
    assert look(paths, team.file) == (1, [])
    assert look(paths) == (0, ["notes-sealed"])
    for name in (paths.state).iterdir():
        assert b"Ersatzrouter" not in name.read_bytes(), name


def test_it_is_read_when_its_key_is_added_to_the_file(paths: Paths, tmp_path: Path, team: Team, path: Path):
    other = Team(tmp_path, "other.txt")
    assert look(paths, other.file) == (0, ["note-key-wrong"])
    other.file.write_text(other.file.read_text("utf-8") + team.file.read_text("utf-8"))
    assert look(paths, other.file) == (1, [])


def test_a_key_file_that_is_missing_is_one_fault_and_no_note_counts_as_gone(
    paths: Paths,
    tmp_path: Path,
    team: Team,
    path: Path,
):
    path.with_name(f"2026-11-22T000000Z_00000000.md{SEALED}").write_bytes(path.read_bytes())
    assert look(paths, tmp_path / "gone") == (0, ["missing"])
    with Archive(paths, shared=False) as archive:
        assert archive.unread() == 2


def test_no_key_is_asked_for_where_nothing_is_sealed(paths: Paths):
    put(paths, NOTE)

    def key() -> str:
        pytest.fail("settings were loaded")

    with Archive(paths, shared=False, key=key) as archive:
        archive.refresh()
        archive.refresh()
        assert archive.count() == 1


def test_a_note_is_found_by_its_id_and_checked(paths: Paths, team: Team, path: Path):
    short = NOTE.id[-8:]
    with Archive(paths, shared=False) as archive:
        archive.refresh()
        assert archive.file_of(short) == path
        assert [fault.key for fault in archive.verify()] == ["note-sealed"]
    with Archive(paths, shared=False, key=lambda: str(team.file)) as archive:
        archive.refresh()
        assert archive.file_of(short) == path
        assert list(archive.verify()) == []
        other = render(replace(NOTE, request="Anderes"), catalogues.load("de"))
        path.write_bytes(seal(other, [team.public]))
        archive.refresh(thorough=True)
        assert [fault.key for fault in archive.verify()] == ["verify-changed"]
        assert [row.path for row in archive.rows()] == [note_name(NOTE) + SEALED]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no mode of a file there")
def test_the_index_is_for_its_owner_alone(paths: Paths, team: Team, path: Path):
    look(paths, team.file)
    assert {name.stat().st_mode & 0o077 for name in paths.state.iterdir()} == {0}
