"""`checklists new`: a type of one's own in all languages, valid and usable from the first moment."""

import os
import stat
from pathlib import Path

import pytest

from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.cli.main import main
from deescalate_tui.content.check import check
from deescalate_tui.content.library import Library, builtin_root
from deescalate_tui.errors import Exit
from deescalate_tui.workplace import Workplace

posix = pytest.mark.skipif(os.name != "posix", reason="modes as POSIX has them")


@pytest.fixture
def own(home: Path) -> Path:
    return home / "deescalate" / "config" / "checklists"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    folder.chmod(0o755)
    monkeypatch.setenv("DEESCALATE_SITE", str(folder))
    return folder


def test_a_type_is_begun_in_all_languages(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checklists", "new", "unreasonable"]) == Exit.OK
    out, err = capsys.readouterr()
    assert out.splitlines() == [str(own / language / "unreasonable.yaml") for language in LANGUAGES]
    assert "unreasonable" in err
    assert main(["checklists", "check"]) == Exit.OK


@pytest.mark.parametrize(
    ("option", "base"), [("", "aggressive"), ("--difficult", "aggressive"), ("--cooperating", "timid")]
)
def test_it_says_what_its_model_says(own: Path, option: str, base: str) -> None:
    assert main(["checklists", "new", "unreasonable", *option.split()]) == Exit.OK
    library = Library.open((own,))
    for language in LANGUAGES:
        new, model = library.checklist("unreasonable", language), library.checklist(base, language)
        assert list(new.steps()) == list(model.steps())
        assert (new.recognise, new.reminders, new.cooperating) == (model.recognise, model.reminders, model.cooperating)
        assert new.revision == 1
        assert new.title == "Unreasonable"
        assert model.title in new.summary
        assert new.summary != model.summary
    assert check(library) == ()


def test_it_is_on_the_start_screen_and_can_be_used(own: Path) -> None:
    assert main(["checklists", "new", "unreasonable", "--title", "Uneinsichtig"]) == Exit.OK
    workplace = Workplace.open(os.environ, {})
    assert workplace.book("de", "").types[-1].label == "Uneinsichtig"
    live = workplace.start("unreasonable", "nl", "email")
    try:
        assert live.state.call.checklist.id == "unreasonable"
        assert live.state.call.path()
    finally:
        live.journal.close()


@pytest.mark.parametrize("title", ["Ja: nein # so", '"Na"', "- x", "no"])
def test_any_title_is_written_so_that_it_is_read_back(own: Path, title: str) -> None:
    assert main(["checklists", "new", "own", "--title", title]) == Exit.OK
    assert Library.open((own,)).checklist("own", "no").title == title


def test_the_head_tells_in_the_language_of_the_file_what_to_change(own: Path) -> None:
    main(["checklists", "new", "unreasonable"])
    heads = {}
    for language in LANGUAGES:
        lines = (own / language / "unreasonable.yaml").read_text(encoding="utf-8").splitlines()
        comments = lines[: lines.index("format: 1")]
        assert comments[0] == "# yaml-language-server: $schema=../schema/checklist.json"
        assert all(line.startswith("# ") and len(line) <= 120 for line in comments)
        heads[language] = " ".join(comments[1:])
        assert "deescalate checklists check" in heads[language]
    assert len(set(heads.values())) == len(LANGUAGES)
    assert (own / "schema/checklist.json").read_bytes() == (builtin_root() / "schema/checklist.json").read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_is_there_is_changed(own: Path, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    there = own / language / "mine.yaml"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    assert main(["checklists", "new", "mine"]) == Exit.USAGE
    assert str(there) in capsys.readouterr().err
    assert there.read_text("utf-8") == "mine"
    assert [path for path in own.rglob("*.yaml") if path != there] == []


def test_a_type_of_the_site_is_not_made_twice(own: Path, site: Path) -> None:
    assert main(["checklists", "new", "unreasonable", "--site"]) == Exit.OK
    assert {path.parent.name for path in site.rglob("unreasonable.yaml")} == set(LANGUAGES)
    assert main(["checklists", "new", "unreasonable"]) == Exit.USAGE
    assert not own.exists()


@posix
def test_the_sites_files_can_be_read_by_all_who_read_its_folder(site: Path) -> None:
    assert main(["checklists", "new", "unreasonable", "--site"]) == Exit.OK
    made = list(site.rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_dir()} == {0o755}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_file()} == {0o644}


@posix
def test_ones_own_files_are_ones_own(own: Path) -> None:
    assert main(["checklists", "new", "unreasonable"]) == Exit.OK
    assert {stat.S_IMODE(path.stat().st_mode) for path in own.rglob("*.yaml")} == {0o600}


@posix
def test_a_linked_folder_is_written_through(own: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    own.parent.mkdir(parents=True)
    own.symlink_to(kept)
    assert main(["checklists", "new", "unreasonable"]) == Exit.OK
    assert (kept / "no" / "unreasonable.yaml").is_file()
    assert Workplace.open(os.environ, {}).library.checklist("unreasonable", "no").id == "unreasonable"


@posix
def test_a_disk_that_refuses_is_told(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own.parent.mkdir(parents=True)
    own.write_text("a file where the folder should be")
    assert main(["checklists", "new", "unreasonable"]) == Exit.DISK


@posix
def test_there_are_all_of_its_files_or_none(own: Path) -> None:
    own.mkdir(parents=True)
    (own / "no").write_text("a file where the folder should be")
    assert main(["checklists", "new", "unreasonable"]) == Exit.DISK
    assert list(own.rglob("unreasonable.yaml")) == []
