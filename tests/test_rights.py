"""Erasing, holding, giving and correcting: words that were erased are in no file of ours, whenever the power goes."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace
from note_samples import SAMPLES
from stage import BEGAN, opened

from deescalate_tui import catalogues
from deescalate_tui.call import commands as cmd
from deescalate_tui.cli import correct as cli_correct
from deescalate_tui.cli import rights as cli_rights
from deescalate_tui.cli.forget import forgetting
from deescalate_tui.clock import Clock
from deescalate_tui.errors import Exit, FileFault
from deescalate_tui.files import Ops
from deescalate_tui.ids import uuid7
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import IncidentNote, note_from, note_name
from deescalate_tui.notes.parse import parse
from deescalate_tui.notes.rights import erase, expired, of_ticket
from deescalate_tui.workplace import Workplace

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and links as POSIX has them")
TODAY = BEGAN.date()
SECRET = "Kreiselpumpenwort"
"""A word that stands nowhere else."""
Called = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of the tests, and the language of the command line."""
    monkeypatch.setattr(Clock, "now", lambda self: BEGAN)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Called:
    """Runs a command: its exit status, standard output and standard error."""
    from deescalate_tui.cli.main import main

    def call(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = main(arguments)
        out, err = (stream.decode("utf-8", "surrogateescape") for stream in capsysbinary.readouterr())
        assert "Traceback" not in out + err
        return status, out, err

    return call


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who can be asked."""
    monkeypatch.setattr(cli_rights, "is_terminal", lambda stream: True)
    monkeypatch.setattr(cli_correct, "is_terminal", lambda stream: True)


@pytest.fixture
def workplace(home: Path) -> Workplace:
    return opened()


def put(
    workplace: Workplace, ticket: str = "4711", days_left: int = 30, language: str = "de", **changes: object
) -> Path:
    """A note in which the secret word stands in three places."""
    note = note_from(SAMPLES[language]())
    began = BEGAN - timedelta(days=90 - days_left, seconds=len(list(workplace.paths.notes.rglob("*.md"))))
    said = tuple(replace(quote, text=f"{quote.text} {SECRET}") for quote in note.quotes)
    note = replace(
        note,
        **{
            "id": uuid7(int(began.timestamp() * 1000)),
            "started": began.isoformat(),
            "ticket": ticket,
            "request": SECRET,
            "quotes": said,
            "expires": (TODAY + timedelta(days=days_left)).isoformat(),
            **changes,
        },
    )
    path = workplace.paths.notes / note_name(note)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(note, catalogues.load(language)), encoding="utf-8")
    return path


def read(path: Path) -> IncidentNote:
    return parse(path.read_text(encoding="utf-8"), str(path))


def session(workplace: Workplace, ticket: str = "4711") -> str:
    """An unfinished session in which the secret word was quoted; its id."""
    live = workplace.start("aggressive", "de", "phone", ticket=ticket)
    live.do(cmd.Open("quote"))
    live.do(cmd.Submit(SECRET))
    assert live.journal.close()
    return live.state.id


def holding(home: Path, word: str = SECRET) -> list[str]:
    """The files of ours that hold a word, in whatever encoding we write."""
    return [
        path.relative_to(home).as_posix()
        for path in sorted(home.rglob("*"))
        if path.is_file() and (word.encode() in path.read_bytes() or word in path.name)
    ]


def left_behind(workplace: Workplace, note: Path, session_id: str) -> None:
    """Everything that a program can leave which was killed at a bad moment."""
    paths, id_ = workplace.paths, read(note).id
    note.with_name(f".{note.name}.a1b2c3d4e5f6.tmp").write_bytes(note.read_bytes()[:400] + SECRET.encode())
    note.with_name(f"{note.stem} (Konflikt).md").write_bytes(note.read_bytes())
    for name in (f"{id_}.damaged", f".{session_id}.journal.a1b2c3d4e5f6.tmp", f"{session_id}.damaged"):
        (paths.sessions / name).write_text(f"{SECRET} 4711")
    for name in (f".{id_}.journal.a1b2c3d4e5f6.tmp", f".{id_}.damaged.a1b2c3d4e5f6.tmp"):
        (paths.sessions / name).write_text(SECRET)
    note.with_name(f".{note.stem}.hold.a1b2c3d4e5f6.tmp").write_text(SECRET)
    edited = paths.state / f"correct-{id_}-x1"
    edited.mkdir(parents=True)
    (edited / "note.md").write_text(SECRET)
    (edited / "note.md~").write_text(SECRET)
    (paths.state / "handover.txt").write_text(SECRET)


# --- erase


def test_erased_words_are_gone_from_every_file(called: Called, workplace: Workplace, home: Path):
    note = put(workplace)
    session_id = session(workplace)
    left_behind(workplace, note, session_id)
    other = put(workplace, "4712")
    assert len(holding(home)) == 14
    status, _, err = called("notes", "erase", "--ticket", " 4711 ", "--yes")
    assert status == Exit.OK
    assert holding(home) == [other.relative_to(home).as_posix()]
    assert holding(home, "4711") == []
    assert "disk itself" in err
    assert called("notes", "erase", "--ticket", "4711", "--yes")[0] == Exit.FINDINGS


def test_corrected_revisions_go_too(called: Called, workplace: Workplace, home: Path):
    id_ = read(put(workplace)).id
    assert called("notes", "correct", id_, "--field", "request=Anderes")[0] == Exit.OK
    assert called("notes", "correct", id_, "--field", "ticket=4712")[0] == Exit.OK
    assert called("notes", "erase", "--ticket", "4711", "--yes")[0] == Exit.FINDINGS
    assert called("notes", "erase", "--ticket", "4712", "--yes")[0] == Exit.OK
    assert holding(home) == []
    assert list(workplace.paths.notes.rglob("*.md")) == []


def test_a_tombstone_says_that_and_when_but_nothing_else(called: Called, workplace: Workplace):
    note = put(workplace)
    id_, digest = read(note).id, sha256(note.read_bytes()).hexdigest()
    called("notes", "erase", "--ticket", "4711", "--yes", "--by", "authority")
    stone = json.loads(note.with_suffix(".erased").read_text("utf-8"))
    assert stone == {
        "schema": 1,
        "note": id_,
        "erased": TODAY.isoformat(),
        "reason": "asked",
        "asked_by": "authority",
        "files": [digest],
    }


def test_an_erased_note_that_a_copy_brings_back_goes_at_the_next_purge(
    called: Called, workplace: Workplace, home: Path
):
    note = put(workplace)
    data = note.read_bytes()
    called("notes", "erase", "--ticket", "4711", "--yes")
    note.write_bytes(data)
    status, out, _ = called("notes", "purge", "--yes")
    assert (status, holding(home)) == (Exit.OK, [])
    assert "has come back" in out


def test_without_a_terminal_nothing_goes_unasked(called: Called, workplace: Workplace, home: Path):
    put(workplace, days_left=-1)
    session(workplace)
    before = holding(home)
    for command in (("purge",), ("erase", "--ticket", "4711"), ("erase", "--ticket", "4711", "--json")):
        status, out, err = called("notes", *command, stdin="y\n")
        assert (status, holding(home)) == (Exit.USAGE, before)
        assert "4711" in out
        assert "--yes" in err


@pytest.mark.parametrize(
    ("answer", "goes"), [("y\n", True), ("ja\n", True), ("n\n", False), ("\n", False), ("", False)]
)
def test_it_shows_first_then_asks(called: Called, workplace: Workplace, terminal: None, answer: str, goes: bool):
    note = put(workplace)
    status, out, err = called("notes", "erase", "--ticket", "4711", stdin=answer)
    assert (status, note.exists()) == (Exit.OK, not goes)
    assert "4711" in out
    assert "for good?" in err


def test_a_session_in_another_window_stays_and_leaves_no_tombstone(called: Called, workplace: Workplace, home: Path):
    live = workplace.start("aggressive", "de", "phone", ticket="4711")
    note = put(workplace)
    status, _, err = called("notes", "erase", "--ticket", "4711", "--yes")
    assert (status, note.exists()) == (Exit.DISK, False)
    assert live.state.id in err
    assert len(list(workplace.paths.notes.rglob("*.erased"))) == 1
    assert live.journal.close()
    assert called("notes", "erase", "--ticket", "4711", "--yes")[0] == Exit.OK
    assert holding(home, "4711") == []


def test_the_index_is_told_before_the_note_goes(workplace: Workplace):
    note, told = put(workplace), []
    (due,) = of_ticket(workplace, TODAY, "4711").plan.due
    erase(workplace, due, "customer", TODAY, lambda id_: told.append((id_, note.exists())))
    assert told == [(due.case.id, True)]
    assert not note.exists()


def test_an_index_that_cannot_forget_keeps_the_note_findable(workplace: Workplace):
    note = put(workplace)
    (due,) = of_ticket(workplace, TODAY, "4711").plan.due

    def locked(note_id: str) -> None:
        raise FileFault("index", "disk-error")

    with pytest.raises(FileFault):
        erase(workplace, due, "customer", TODAY, locked)
    assert note.exists()


class Killed(Exception):
    """The program dies here."""


class Dying(Ops):
    """Dies before the call of that number that changes the disk."""

    def __init__(self, at: int) -> None:
        self.left = at

    def _live(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        self._live()
        return super().open(path, flags, mode)

    def replace(self, source: Path, target: Path) -> None:
        self._live()
        super().replace(source, target)

    def unlink(self, path: Path) -> None:
        self._live()
        super().unlink(path)

    def fsync_dir(self, folder: Path) -> None:
        self._live()
        super().fsync_dir(folder)


@pytest.mark.parametrize("way", ["erase", "purge"])
def test_killed_at_any_moment_the_same_command_finishes_the_work(
    called: Called, home: Path, way: str, monkeypatch: pytest.MonkeyPatch
):
    for at in range(80):
        here = home / f"{way}-{at}"
        monkeypatch.setenv("DEESCALATE_HOME", str(here))
        workplace = opened(here)
        note = put(workplace, days_left=-1 if way == "purge" else 30)
        session_id = session(workplace, "other")
        called("notes", "correct", read(note).id, "--field", "outcome=resolved")
        left_behind(workplace, note, session_id)
        there = of_ticket(workplace, TODAY, "4711") if way == "erase" else expired(workplace, TODAY, TODAY)
        before = holding(here)
        whole = False
        with suppress(Killed), forgetting(workplace) as forget:
            for due in there.plan.due:
                erase(workplace, due, "customer", TODAY, forget, Dying(at))
            whole = True
        if not whole:
            left = holding(here)
            if any(name.startswith("notes/") for name in left):
                assert list(workplace.paths.notes.rglob("*.md"))  # it can be found once more
            if not list(workplace.paths.notes.rglob("*.erased")):
                assert left == before  # nothing goes before its tombstone is there
            arguments = ("--ticket", "4711") if way == "erase" else ()
            called("notes", way, *arguments, "--yes")
        mine = [name for name in holding(here) if session_id not in name]
        assert mine == []
        if whole:
            assert at > 12
            return
    pytest.fail("it never came to its end")


# --- purge


def test_a_purge_takes_what_has_expired_and_nothing_else(called: Called, workplace: Workplace):
    gone, last_day, later = (put(workplace, days_left=days) for days in (-1, 0, 1))
    status, out, _ = called("notes", "purge", "--yes")
    assert status == Exit.OK
    assert [path.exists() for path in (gone, last_day, later)] == [False, True, True]
    assert len(out.splitlines()) == 1
    assert called("notes", "purge")[::2] == (Exit.OK, "There is nothing to erase.\n")


def test_a_purge_before_a_day(called: Called, workplace: Workplace):
    old, newer = put(workplace, days_left=-9), put(workplace, days_left=-2)
    before = (TODAY - timedelta(days=5)).isoformat()
    assert called("notes", "purge", "--before", before, "--yes")[0] == Exit.OK
    assert [path.exists() for path in (old, newer)] == [False, True]


def test_a_purge_as_json(called: Called, workplace: Workplace):
    note = put(workplace, days_left=-1)
    status, out, _ = called("notes", "purge", "--json", "--yes")
    told = json.loads(out)
    assert (status, told["due"][0]["id"][-8:], told["due"][0]["reason"]) == (Exit.OK, note.stem[-8:], "expired")
    assert not note.exists()


@posix
def test_files_that_nobody_can_judge_are_named_and_stay(called: Called, workplace: Workplace, tmp_path: Path):
    good = put(workplace, days_left=-1)
    month = good.parent
    outside = tmp_path / "outside.md"
    outside.write_bytes(good.read_bytes())
    hostile = {
        "2026-01-01T000000Z_00000001.md": b"no note",
        "2026-01-01T000000Z_00000002.md": b'---\nexpires: "2020-01-01"\n---\n',
        "2026-01-01T000000Z_00000003.md": b"",
        "2026-01-01T000000Z_00000004.md": good.read_bytes().replace(b"schema: 1", b"schema: 99"),
        "\x1b[2J_evil.md": b"\x00\xff",
    }
    for name, data in hostile.items():
        (month / name).write_bytes(data)
    (month / "2026-01-01T000000Z_00000005.md").symlink_to(outside)
    os.mkfifo(month / "2026-01-01T000000Z_00000006.md")
    (month / "2026-01-01T000000Z_00000007.md").mkdir()
    (workplace.paths.notes / "2025").symlink_to(tmp_path, target_is_directory=True)
    status, _, err = called("notes", "purge", "--yes")
    assert (status, good.exists(), outside.exists()) == (Exit.FINDINGS, False, True)
    assert all((month / name).exists() for name in hostile)
    assert sum("_0000000" in line for line in err.splitlines()) == 7
    assert "evil.md" in err
    assert "\x1b" not in err
    assert "2025" in err


def test_a_damaged_note_of_the_ticket_is_named_before_it_goes(called: Called, workplace: Workplace, home: Path):
    note = put(workplace)
    text = note.read_text(encoding="utf-8")
    note.write_text(text.replace('outcome: "', "outcome: "), encoding="utf-8")
    status, out, _ = called("notes", "erase", "--ticket", "4711")
    assert (status, note.exists()) == (Exit.USAGE, True)
    assert note.name in out
    assert called("notes", "erase", "--ticket", "4711", "--yes")[0] == Exit.OK
    assert holding(home) == []


def test_a_team_drive_that_is_away_is_not_an_empty_one(called: Called, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("DEESCALATE_NOTES", str(tmp_path / "away"))
    assert called("notes", "erase", "--ticket", "4711", "--yes")[0] == Exit.DISK
    assert called("notes", "purge", "--yes")[0] == Exit.DISK


@posix
def test_what_lies_on_a_team_drive_has_its_access(called: Called, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    team = tmp_path / "team"
    team.mkdir()
    team.chmod(0o2770)
    monkeypatch.setenv("DEESCALATE_NOTES", str(team))
    workplace = Workplace.open(os.environ, {})
    note = put(workplace)
    called("notes", "hold", read(note).id, "--reason", "Klage", "--until", "2027-01-01")
    called("notes", "correct", read(note).id, "--field", "request=Anderes")
    modes = {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in note.parent.iterdir() if path != note}
    assert modes == {".hold": 0o660, ".md": 0o660}


# --- hold


def test_a_held_note_stays_and_says_why(called: Called, workplace: Workplace):
    note = put(workplace, days_left=-1)
    id_ = read(note).id
    until = (TODAY + timedelta(days=9)).isoformat()
    text = note.read_bytes()
    assert called("notes", "hold", id_[-8:], "--reason", "Klage 3 O 12/26", "--until", until)[0] == Exit.OK
    assert note.read_bytes() == text  # evidence is not changed by being kept
    assert "Klage 3 O 12/26" in called("notes", "hold")[1]
    status, out, _ = called("notes", "purge", "--yes")
    assert (status, note.exists()) == (Exit.OK, True)
    assert "Klage 3 O 12/26" in out
    assert called("notes", "erase", "--ticket", "4711", "--yes")[0] == Exit.FINDINGS
    assert note.exists()
    assert called("notes", "hold", "--ticket", "4711", "--end")[0] == Exit.OK
    assert called("notes", "purge", "--yes")[0] == Exit.OK
    assert not note.exists()


def test_an_ended_hold_goes_with_its_note(called: Called, workplace: Workplace, home: Path):
    note = put(workplace, days_left=-1)
    hold = {"schema": 1, "note": read(note).id, "reason": SECRET, "since": "2026-01-01", "until": "2026-11-01"}
    note.with_suffix(".hold").write_text(json.dumps(hold))
    assert called("notes", "purge", "--yes")[0] == Exit.OK
    assert holding(home) == []


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"until": "soon"}', "[" * 9000])
def test_a_hold_that_cannot_be_read_holds(called: Called, workplace: Workplace, text: str):
    note = put(workplace, days_left=-1)
    note.with_suffix(".hold").write_text(text)
    status, out, _ = called("notes", "purge", "--yes")
    assert (status, note.exists()) == (Exit.OK, True)
    assert "cannot be read" in out


def test_a_hold_placed_after_the_question_is_respected(called: Called, workplace: Workplace):
    note = put(workplace, days_left=-1)
    there = expired(workplace, TODAY, TODAY)
    called("notes", "hold", read(note).id, "--reason", "Klage", "--until", "2027-01-01")
    with pytest.raises(FileFault) as caught:
        erase(workplace, there.plan.due[0], "retention", TODAY)
    assert caught.value.key == "note-held"
    said = [catalogues.load(code).fault(caught.value) for code in ("de", "nl", "no", "en")]
    days = ("01.01.2027", "01-01-2027", "01.01.2027", "2027-01-01")
    assert [day in text for day, text in zip(days, said, strict=True)] == [True] * 4
    assert (note.exists(), note.with_suffix(".erased").exists()) == (True, False)


def test_an_unfinished_session_is_held_too(called: Called, workplace: Workplace, home: Path):
    session(workplace)
    assert called("notes", "hold", "--ticket", "4711", "--reason", "Klage", "--until", "2027-01-01")[0] == Exit.OK
    assert called("notes", "erase", "--ticket", "4711", "--yes")[0] == Exit.DISK
    assert holding(home)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--until", "2027-01-01"),
        ("--reason", "Klage"),
        ("--reason", "Klage", "--until", "2026-11-21"),
        ("--reason", "Klage", "--until", "never"),
    ],
)
def test_a_hold_has_a_reason_and_an_end(called: Called, workplace: Workplace, arguments: tuple[str, ...]):
    note = put(workplace)
    assert called("notes", "hold", read(note).id, *arguments)[0] == Exit.USAGE
    assert not note.with_suffix(".hold").exists()


# --- access


def test_a_bundle_holds_everything_about_a_ticket_as_it_is(called: Called, workplace: Workplace, tmp_path: Path):
    note = put(workplace)
    called("notes", "correct", read(note).id, "--field", "request=Anderes")
    session(workplace)
    put(workplace, "4712")
    target = tmp_path / "case.zip"
    assert called("notes", "access", "--ticket", "4711", "--to", str(target))[0] == Exit.OK
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        files = {name: archive.read(name) for name in names}
    assert [name.split("/")[0] for name in names] == ["notes", "notes", "unfinished", "cover.txt", "manifest.json"]
    assert files[f"notes/{note.relative_to(workplace.paths.notes).as_posix()}"] == note.read_bytes()
    assert SECRET in files[names[2]].decode()
    for row in json.loads(files["manifest.json"])["files"]:
        assert (len(files[row["name"]]), sha256(files[row["name"]]).hexdigest()) == (row["bytes"], row["sha256"])
    cover = files["cover.txt"].decode()
    assert all(name in cover for name in names[:3])
    assert "4711" in cover
    assert os.name != "posix" or stat.S_IMODE(target.stat().st_mode) == 0o600
    target.write_text("something else")
    assert called("notes", "access", "--ticket", "4711", "--to", str(target))[0] == Exit.DISK
    assert target.read_text("utf-8") == "something else"


def test_a_bundle_goes_down_a_pipe(called: Called, workplace: Workplace):
    put(workplace)
    status, out, _ = called("notes", "access", "--ticket", "4711")
    with zipfile.ZipFile(io.BytesIO(out.encode("utf-8", "surrogateescape"))) as archive:
        assert (status, archive.testzip()) == (Exit.OK, None)
    assert called("notes", "access", "--ticket", "4713")[:2] == (Exit.FINDINGS, "")


def test_a_bundle_is_not_for_a_screen(called: Called, workplace: Workplace, terminal: None):
    put(workplace)
    assert called("notes", "access", "--ticket", "4711")[:2] == (Exit.USAGE, "")


# --- correct


def test_a_correction_is_a_new_revision_under_the_same_id(called: Called, workplace: Workplace):
    note = put(workplace)
    old, text = read(note), note.read_bytes()
    status, out, _ = called("notes", "correct", old.id, "--field", "request=Anderes", "--field", "outcome=resolved")
    corrected = Path(out.strip())
    assert (status, corrected.name) == (Exit.OK, f"{note.stem}_r2.md")
    assert read(corrected) == replace(old, request="Anderes", outcome="resolved", revision=2)
    assert note.read_bytes() == text
    assert len(called("notes", "list")[1].splitlines()) == 1
    assert json.loads(called("notes", "show", old.id, "--json")[1])["request"] == "Anderes"
    assert called("notes", "correct", old.id, "--field", "request=")[0] == Exit.OK
    assert json.loads(called("notes", "show", old.id[-8:], "--json")[1])["revision"] == 3


def test_what_is_personal_in_a_correction_or_a_reason_is_masked_and_told(called: Called, workplace: Workplace):
    id_ = read(put(workplace)).id
    status, out, told = called("notes", "correct", id_, "--field", "request=Geld auf DE89 3704 0044 0532 0130 00")
    assert (status, read(Path(out.strip())).request) == (Exit.OK, "Geld auf [IBAN …3000]")
    assert "IBAN" in told
    status, _, told = called("notes", "hold", id_, "--reason", "Klage von a@b.de", "--until", "2099-01-01")
    assert status == Exit.OK
    assert "a@b.de" not in told
    listed = called("notes", "hold")[1]
    assert "Klage von [" in listed
    assert "a@b.de" not in listed


def test_where_the_site_keeps_no_old_revisions(called: Called, workplace: Workplace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DEESCALATE_CORRECT_KEEPS", "off")
    note = put(workplace)
    id_ = read(note).id
    called("notes", "correct", id_, "--field", "request=Anderes")
    assert [path.name for path in note.parent.iterdir()] == [f"{note.stem}_r2.md"]  # and no tombstone: the note lives
    called("notes", "hold", id_, "--reason", "Klage", "--until", "2027-01-01")
    called("notes", "correct", id_, "--field", "request=Drittes")
    assert sorted(path.suffixes[-1] for path in note.parent.iterdir()) == [".hold", ".md", ".md"]


@pytest.mark.parametrize(
    "field", ["request", "nothing=1", "id=x", "outcome=won", "request_answered=maybe", f"request={SECRET}", "quotes=x"]
)
def test_what_cannot_be_corrected(called: Called, workplace: Workplace, field: str):
    note = put(workplace)
    assert called("notes", "correct", read(note).id, "--field", field)[0] == Exit.USAGE
    assert list(note.parent.iterdir()) == [note]


def test_an_old_revision_is_not_corrected_a_second_time(called: Called, workplace: Workplace):
    note = put(workplace)
    assert called("notes", "correct", str(note), "--field", "request=Anderes")[0] == Exit.OK
    status, _, err = called("notes", "correct", str(note), "--field", "request=Drittes")
    assert status == Exit.DISK
    assert "_r2.md" in err
    assert read(note.with_name(f"{note.stem}_r2.md")).request == "Anderes"


def editor(tmp_path: Path, code: str) -> str:
    script = tmp_path / "editor.py"
    script.write_text(
        f"import os, sys, pathlib\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text('utf-8')\n{code}"
    )
    return f'"{sys.executable}" "{script}"'


def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, code))


def test_a_correction_in_an_editor(
    called: Called, workplace: Workplace, terminal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
):
    note = put(workplace)
    seen = tmp_path / "seen"
    look = f"open({str(seen)!r}, 'w').write(oct(path.stat().st_mode)[-3:] + oct(path.parent.stat().st_mode)[-3:])\n"
    edit(tmp_path, monkeypatch, f"{look}path.write_text(text.replace('{SECRET}', 'Wort'), 'utf-8')")
    assert called("notes", "correct", read(note).id)[0] == Exit.OK
    corrected = read(note.with_name(f"{note.stem}_r2.md"))
    assert (corrected.request, corrected.revision) == ("Wort", 2)
    assert all(SECRET not in quote.text for quote in corrected.quotes)
    assert os.name != "posix" or seen.read_text("utf-8") == "600700"
    assert holding(home) == [note.relative_to(home).as_posix()]  # the editor's copy is gone


@pytest.mark.parametrize(
    "code",
    [
        "pass",
        "sys.exit(1)",
        "path.unlink()",
        "path.write_text('', 'utf-8')",
        "path.write_text(text.replace('expires: \"2', 'expires: \"3'), 'utf-8')",
        "path.write_text(text.replace('revision: 1', 'revision: 7'), 'utf-8')",
        "path.write_text(text.replace('## ', '## Neu: '), 'utf-8')",
    ],
)
def test_an_editor_that_makes_no_correction(
    called: Called, workplace: Workplace, terminal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
):
    note = put(workplace)
    edit(tmp_path, monkeypatch, code)
    assert called("notes", "correct", read(note).id, stdin="n\n")[0] == Exit.USAGE
    assert list(note.parent.iterdir()) == [note]
    assert list(workplace.paths.state.glob("correct-*")) == []


def test_without_an_editor_or_a_terminal(called: Called, workplace: Workplace, monkeypatch: pytest.MonkeyPatch):
    id_ = read(put(workplace)).id
    monkeypatch.setenv("EDITOR", "no-such-editor")
    assert called("notes", "correct", id_)[0] == Exit.USAGE
    monkeypatch.setattr(cli_correct, "is_terminal", lambda stream: True)
    assert called("notes", "correct", id_)[0] == Exit.USAGE
    monkeypatch.setenv("EDITOR", 'vi "half a quotation')
    assert called("notes", "correct", id_)[0] == Exit.USAGE


# --- privacy


@pytest.mark.parametrize("language", ["de_DE", "nl_NL", "nb_NO", "en_GB"])
def test_privacy_names_real_places_and_numbers(
    called: Called, workplace: Workplace, monkeypatch: pytest.MonkeyPatch, language: str
):
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    monkeypatch.setenv("DEESCALATE_RETENTION_DAYS", "33")
    monkeypatch.setenv("DEESCALATE_UNFINISHED_DAYS", "77")
    put(workplace)
    put(workplace, days_left=-1)
    status, out, err = called("privacy")
    paths = workplace.paths
    assert (status, err) == (Exit.OK, "")
    assert all(str(path) in out for path in (paths.notes, paths.sessions, paths.state, paths.config))
    assert "33" in out
    assert "77" in out
    assert "privacy." not in out
    assert "{" not in out
    told = json.loads(called("privacy", "--json")[1])
    assert (told["retention_days"], told["notes"]) == (33, {"number": 2, "due": 1, "held": 0})


def test_privacy_is_not_broken_within_words_on_a_terminal(called: Called, monkeypatch: pytest.MonkeyPatch):
    whole = called("privacy")[1]
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("deescalate_tui.streams.is_terminal", lambda _: True)
    shown = called("privacy")[1]
    assert shown.split() == whole.split()
    assert all(len(line) <= 60 for line in shown.splitlines() if " " in line.strip())


@posix
def test_privacy_says_who_can_read(called: Called, workplace: Workplace):
    notes = workplace.paths.notes
    notes.mkdir(parents=True)
    for mode, readers in ((0o700, "owner"), (0o750, "group"), (0o755, "everybody")):
        notes.chmod(mode)
        told = json.loads(called("privacy", "--json")[1])
        assert told["places"][0]["readers"] == readers
    assert told["places"][1]["readers"] == "nobody"


def test_a_help_command_is_told_of(called: Called, monkeypatch: pytest.MonkeyPatch):
    told = catalogues.load("en")("privacy.help-command")
    assert told not in called("privacy")[1]
    monkeypatch.setenv("DEESCALATE_HELP_COMMAND", "[notify-send]")
    assert told in called("privacy")[1]
