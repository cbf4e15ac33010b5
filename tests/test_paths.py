"""Where everything lies."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from deescalate_tui.errors import UsageFault
from deescalate_tui.paths import Paths, locate


def test_a_home_holds_everything(tmp_path: Path) -> None:
    assert locate({"DEESCALATE_HOME": str(tmp_path)}) == Paths(
        config=tmp_path / "config",
        notes=tmp_path / "notes",
        sessions=tmp_path / "sessions",
        state=tmp_path / "state",
        site=None,
    )
    assert list(tmp_path.iterdir()) == [tmp_path / "home"]


def test_notes_and_site_have_folders_of_their_own(tmp_path: Path) -> None:
    paths = locate(
        {
            "DEESCALATE_HOME": str(tmp_path),
            "DEESCALATE_NOTES": str(tmp_path / "team"),
            "DEESCALATE_SITE": str(tmp_path / "site"),
        }
    )
    assert paths.notes == tmp_path / "team"
    assert paths.site == tmp_path / "site"
    assert paths.sessions == tmp_path / "sessions"


def test_an_empty_variable_is_absent(tmp_path: Path) -> None:
    paths = locate({"DEESCALATE_HOME": str(tmp_path), "DEESCALATE_NOTES": " ", "DEESCALATE_SITE": ""})
    assert paths == locate({"DEESCALATE_HOME": str(tmp_path)})


def test_the_system_decides_otherwise(home: Path) -> None:
    paths = locate({"DEESCALATE_NOTES": str(home / "team")})
    assert paths.notes == home / "team"
    assert locate({}).notes.name == "notes"
    folders = (paths.config, paths.notes, paths.sessions, paths.state)
    assert len({*folders}) == 4
    assert all(folder.is_absolute() and folder.is_relative_to(home) for folder in folders)
    assert not any(home.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of a Linux desktop")
def test_on_linux_the_folders_follow_xdg(home: Path) -> None:
    paths = locate({})
    assert paths.config == home / "config/deescalate"
    assert paths.notes == home / "data/deescalate/notes"
    assert paths.sessions == home / "state/deescalate/sessions"
    assert paths.site == Path("/etc/xdg/deescalate")


def test_relative_folders_and_homes_become_absolute(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert locate({"DEESCALATE_HOME": "here"}).config == tmp_path / "here/config"
    assert locate({"DEESCALATE_HOME": "~/there"}).config == home / "there/config"


@pytest.mark.skipif(sys.platform == "win32", reason="a folder that somebody is in cannot be removed there")
def test_a_relative_folder_in_a_working_directory_that_is_gone_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(UsageFault, match="path-relative"):
        locate({"DEESCALATE_NOTES": "notes"})


def test_a_home_that_nobody_has_is_refused() -> None:
    with pytest.raises(UsageFault) as caught:
        locate({"DEESCALATE_NOTES": "~nobody-is-called-this/notes"})
    assert caught.value.place == "DEESCALATE_NOTES"
    assert caught.value.key == "path-home"
    assert caught.value.params == {"value": "~nobody-is-called-this/notes"}
