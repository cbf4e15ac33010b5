"""Encrypted notes from the close of a call to their end: a desktop that writes them, a lead who holds the key."""

import io
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from faults import closed
from stage import BEGAN, Stage, Watch, opened
from test_sealed import Team

from deescalate_tui.cli.main import main
from deescalate_tui.errors import Exit, FileFault
from deescalate_tui.files import Ops
from deescalate_tui.live import LiveSession
from deescalate_tui.notes import retention
from deescalate_tui.notes.earlier import look
from deescalate_tui.notes.files import read_kept
from deescalate_tui.notes.folder import read_note, save_note
from deescalate_tui.notes.parse import parse
from deescalate_tui.notes.rights import erase, expired, of_ticket
from deescalate_tui.notes.sealed import SEALED
from deescalate_tui.opening import Opening
from deescalate_tui.workplace import Workplace

SECRET = "Silberdistel"


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


@pytest.fixture
def called(home: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]):
    """Runs a command: its exit status, standard output and standard error."""
    monkeypatch.setenv("DEESCALATE_HOME", str(home))

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        status = main(arguments)
        out, err = (stream.decode() for stream in capsysbinary.readouterr())
        assert "Traceback" not in out + err
        return status, out, err

    return call


def desk(home: Path, team: Team, **flags: str) -> Workplace:
    return opened(home, encrypt_notes_to=team.public, **flags)


def lead(home: Path, team: Team, **flags: str) -> Workplace:
    return opened(home, note_key=str(team.file), **flags)


def led(work: Workplace, ticket: str = "4711") -> LiveSession:
    from deescalate_tui.call import commands as cmd

    live = work.start("aggressive", "de", "phone", ticket=ticket)
    for command in (cmd.Open("request"), cmd.Submit(SECRET)):
        live.do(command)
    return closed(live)


def put(work: Workplace, ticket: str = "4711") -> Path:
    done = led(work, ticket).finish()
    assert done.fault is None
    return done.path


def holding(folder: Path, words: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


# --- closing


def test_the_note_is_for_the_lead_alone(home: Path, team: Team):
    path = put(desk(home, team))
    assert path.name.endswith(f".md{SEALED}")
    assert parse(read_note(path, str(team.file))).request == SECRET
    assert holding(home, SECRET) == holding(home, "4711") == []
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600


def test_where_nothing_can_be_encrypted_the_call_is_kept_and_no_note_is_plain(home: Path, team: Team, monkeypatch):
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pyrage", None)
        live = led(desk(home, team))
        done = live.finish()
        assert done.fault is not None
        assert done.fault.key == "seal-extra"
        assert SECRET in done.text  # on the screen, to be copied
        live.leave(2)
        assert not list((home / "notes").rglob("*.md*"))
    (brought,) = desk(home, team).tidy()
    assert brought.fault is None
    assert parse(read_note(brought.path, str(team.file))).request == SECRET
    assert holding(home, SECRET) == []


def test_the_start_says_before_a_call_that_no_note_can_be_encrypted(home: Path):
    work = opened(home, encrypt_notes_to="age1wrong")
    start = " ".join(Stage(work).text(80, 40).split())
    assert "Notizen lassen sich hier nicht verschlüsseln" in start
    stage = Stage(work, Opening("rude", "de", "phone"))
    assert "Die Notiz lässt sich nicht verschlüsseln" in " ".join(stage.text(60, 20).split())
    stage.put_down()


def test_the_start_says_once_that_no_note_can_be_encrypted_however_many_wait(home: Path):
    work = opened(home, encrypt_notes_to="age1wrong")
    for ticket in ("4711", "4712"):
        left = led(work, ticket)
        left.finish()
        left.leave(2)
    start = " ".join(Stage(work).text(80, 40).split())
    assert start.count("age1wrong") == 1
    assert "NICHT GESPEICHERT" not in start


def test_a_kill_before_the_journal_was_removed_leaves_one_note(home: Path, team: Team, monkeypatch):
    live = led(desk(home, team))
    with monkeypatch.context() as dying:
        dying.setattr(live.journal, "remove", lambda: live.journal.close())
        first = live.finish().path
    before = first.read_bytes()
    assert [done.fault for done in desk(home, team).tidy()] == [None]
    assert [path.read_bytes() for path in (home / "notes").rglob("*.md*")] == [before]
    assert not list((home / "sessions").glob("*.journal"))


@pytest.mark.parametrize("first", [True, False])
def test_a_setting_that_changes_in_between_leaves_one_note(home: Path, team: Team, first: bool, monkeypatch):
    live = led(desk(home, team) if first else opened(home))
    with monkeypatch.context() as dying:
        dying.setattr(live.journal, "remove", lambda: live.journal.close())
        path = live.finish().path
    (done,) = (opened(home) if first else desk(home, team)).tidy()
    assert done.path == path
    assert list((home / "notes").rglob("*.md*")) == [path]


def test_a_file_in_the_way_is_not_taken_for_the_note(home: Path, team: Team):
    work = desk(home, team)
    live = led(work)
    path = live.finish().path
    for wrong in (b"", b"age-encryption.org/v1\n--- x\nshort", path.read_bytes()[:-1]):
        path.write_bytes(wrong)
        with pytest.raises(FileFault) as caught:
            save_note(
                path.with_name(path.name.removesuffix(SEALED)), "text", live.state.id, shared=False, to=(team.public,)
            )
        assert caught.value.key == "already-there"
        assert path.read_bytes() == wrong


@pytest.mark.skipif(sys.platform == "win32", reason="LOUD: links take rights on Windows, so none is tried")
@pytest.mark.parametrize("level", ["2026", "2026/11"])
def test_a_link_in_the_place_of_a_year_or_month_is_not_followed(home: Path, tmp_path: Path, team: Team, level: str):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = home / "notes" / level
    place.parent.mkdir(parents=True)
    place.symlink_to(elsewhere)
    for work in (opened(home), desk(home, team)):
        done = led(work).finish()
        assert done.fault is not None
        assert (done.fault.key, done.fault.place) == ("symlink", str(place))
    assert list(elsewhere.iterdir()) == []


class NoNotes(Ops):
    """A disk on which the notes folder refuses."""

    def mkdir(self, folder: Path) -> None:
        if "notes" in folder.parts and "second" not in folder.parts:
            raise OSError(13, "refused")
        super().mkdir(folder)


def test_notes_go_to_the_second_place_encrypted_and_come_home_so(home: Path, tmp_path: Path, team: Team):
    second = str(tmp_path / "second")
    work = desk(home, team, second_place=second)
    work.ops = NoNotes()
    path = put(work)
    assert path.is_relative_to(second)
    assert path.name.endswith(SEALED)
    desk(home, team, second_place=second).tidy()
    (there,) = (home / "notes").rglob("*.md*")
    assert parse(read_note(there, str(team.file))).request == SECRET
    assert not list(Path(second).rglob("*.md*"))
    assert holding(tmp_path, SECRET) == []


def test_a_note_that_waits_plain_in_the_second_place_comes_home_encrypted(home: Path, tmp_path: Path, team: Team):
    second = str(tmp_path / "second")
    work = opened(home, second_place=second)
    work.ops = NoNotes()
    put(work)
    desk(home, team, second_place=second).tidy()
    assert [path.name[-7:] for path in (home / "notes").rglob("*.md*")] == [f".md{SEALED}"]
    assert holding(tmp_path, SECRET) == []


# --- reading


def test_the_desk_sees_that_there_are_notes_and_the_lead_sees_them(home: Path, team: Team, called, monkeypatch):
    work = desk(home, team)
    put(work)
    put(work, "4712")
    status, out, err = called("notes", "list")
    assert (status, out) == (Exit.OK, "")
    assert "for which no key is named here: 2" in err
    assert called("notes", "show", "4711")[0] == Exit.USAGE
    assert called("notes", "show")[0] == Exit.DISK
    monkeypatch.setenv("DEESCALATE_NOTE_KEY", str(team.file))
    status, out, err = called("notes", "list")
    assert (status, err) == (Exit.OK, "")
    assert out.count("471") == 2
    assert SECRET in called("notes", "show", "4712")[1]


def test_a_wrong_key_is_said_and_plain_notes_are_listed_nevertheless(
    home: Path, tmp_path: Path, team: Team, called, monkeypatch
):
    put(desk(home, team))
    put(opened(home), "plain-1")
    for name, says in ((Team(tmp_path, "other.txt").file, "other.txt opens this note"), (tmp_path / "gone", "gone: ")):
        monkeypatch.setenv("DEESCALATE_NOTE_KEY", str(name))
        status, out, err = called("notes", "list")
        assert status == Exit.FINDINGS
        assert out.count("\n") == 1
        assert "plain-1" in out
        assert says in err


def test_the_variable_may_name_the_key_from_the_current_folder_on(home: Path, team: Team, called, monkeypatch):
    put(desk(home, team))
    monkeypatch.chdir(team.file.parent)
    monkeypatch.setenv("KEYS", str(team.file.parent))
    for name in (team.file.name, f"./{team.file.name}", f"$KEYS/{team.file.name}"):
        monkeypatch.setenv("DEESCALATE_NOTE_KEY", name)
        assert SECRET in called("notes", "show", "4711")[1]
    monkeypatch.setenv("DEESCALATE_NOTE_KEY", "gone.txt")
    assert str(team.file.with_name("gone.txt")) in called("notes", "show")[2]


def test_the_next_call_of_a_ticket_knows_encrypted_notes_only_with_the_key(home: Path, team: Team):
    put(desk(home, team))
    notes = home / "notes"
    assert look(notes, "4711", Watch()) is None
    found = look(notes, "4711", Watch(), str(team.file))
    assert found is not None
    assert (found.number, found.whole) == (1, True)
    put(opened(home))
    mixed = look(notes, "4711", Watch())
    assert mixed is not None
    assert (mixed.number, mixed.whole) == (1, False)  # there may be more among those that cannot be read


# --- rights


def test_access_gives_encrypted_notes_plain(home: Path, tmp_path: Path, team: Team, called, monkeypatch):
    put(desk(home, team))
    to = ["notes", "access", "--ticket", "4711", "--to", str(tmp_path / "case.zip")]
    status, _, err = called(*to)
    assert (status, "Nothing is stored" in err) == (Exit.FINDINGS, False)
    monkeypatch.setenv("DEESCALATE_NOTE_KEY", str(team.file))
    assert called(*to)[0] == Exit.OK
    with zipfile.ZipFile(tmp_path / "case.zip") as packed:
        (name,) = [name for name in packed.namelist() if name.startswith("notes/")]
        assert name.endswith(".md")
        assert SECRET in packed.read(name).decode()


def test_erasing_by_ticket_takes_the_key(home: Path, team: Team, called, monkeypatch):
    path = put(desk(home, team))
    status, _, err = called("notes", "erase", "--ticket", "4711", "--yes")
    assert (status, path.exists()) == (Exit.FINDINGS, True)
    assert "There is nothing to erase" not in err
    monkeypatch.setenv("DEESCALATE_NOTE_KEY", str(team.file))
    assert called("notes", "erase", "--ticket", "4711", "--yes")[0] == Exit.OK
    assert not path.exists()
    assert [path.suffix for path in (home / "notes").rglob("*") if path.is_file()] == [".erased"]


def test_a_correction_of_an_encrypted_note_is_encrypted_or_not_made(home: Path, team: Team, called, monkeypatch):
    path = put(desk(home, team))
    monkeypatch.setenv("DEESCALATE_NOTE_KEY", str(team.file))
    change = ["notes", "correct", "4711", "--field", "request=Wort"]
    status, _, err = called(*change)
    assert (status, "encrypt_notes_to" in err) == (Exit.DISK, True)
    monkeypatch.setenv("DEESCALATE_ENCRYPT_NOTES_TO", team.public)
    assert called(*change)[0] == Exit.OK
    newer = path.with_name(path.name.replace(".md", "_r2.md"))
    assert parse(read_note(newer, str(team.file))).request == "Wort"
    assert not list((home / "notes").rglob("*.md"))
    assert "Wort" in called("notes", "show")[1]
    monkeypatch.setenv("DEESCALATE_CORRECT_KEEPS", "off")
    assert called("notes", "correct", "4711", "--field", "request=Satz")[0] == Exit.OK
    assert [it.name[-10:] for it in (home / "notes").rglob("*.age")] == ["_r3.md.age"]


def test_a_hold_takes_the_key_and_holds_without_it(home: Path, team: Team, called, monkeypatch):
    path = put(desk(home, team))
    place = ["notes", "hold", path.name[19:27], "--reason", "court", "--until", "2027-12-31"]
    assert called(*place)[0] == Exit.DISK
    monkeypatch.setenv("DEESCALATE_NOTE_KEY", str(team.file))
    assert called(*place)[0] == Exit.OK
    today = BEGAN.date() + timedelta(days=200)
    found = expired(opened(home), today, today)
    assert (len(found.plan.due), len(found.plan.held)) == (0, 1)


@pytest.mark.parametrize(("days", "due"), [(91, 0), (92, 1)])
def test_without_the_key_a_note_expires_by_its_name(home: Path, team: Team, days: int, due: int):
    """90 days, and one for the time zone: then it goes, whoever runs the command."""
    path = put(desk(home, team))
    work, today = opened(home), BEGAN.date() + timedelta(days=days)
    found = expired(work, today, today)
    assert [it.reason for it in found.plan.due] == [retention.SEALED] * due
    assert found.faults == ()
    for it in found.plan.due:
        erase(work, it, "retention", today)
    assert path.exists() is not bool(due)


def test_with_the_key_it_expires_on_the_day_in_it(home: Path, team: Team):
    put(desk(home, team))
    for days, due in ((90, 0), (91, 1)):
        today = BEGAN.date() + timedelta(days=days)
        assert len(expired(lead(home, team), today, today).plan.due) == due


def test_purge_shows_what_goes_by_its_name(home: Path, team: Team, called):
    path = put(desk(home, team))
    older = path.with_name(path.name.replace("2026-11", "2025-11"))
    path.rename(older)
    status, out, _ = called("notes", "purge", "--yes")
    assert status == Exit.OK
    assert older.name in out
    assert "expired by the date in its name" in out
    assert not older.exists()


def test_an_erased_note_that_a_copy_brings_back_goes_again_without_the_key(home: Path, team: Team):
    path = put(desk(home, team))
    copy, today = path.read_bytes(), BEGAN.date()
    work = lead(home, team)
    (due,) = of_ticket(work, today, "4711").plan.due
    erase(work, due, "customer", today)
    path.write_bytes(copy)
    (back,) = expired(opened(home), today, today).plan.due
    assert back.reason == retention.RETURNED
    erase(opened(home), back, "retention", today)
    assert not path.exists()


def test_a_name_of_no_note_of_ours_expires_never(home: Path, team: Team):
    folder = home / "notes" / "2020" / "01"
    folder.mkdir(parents=True)
    for name in ("2020-13-01T000000Z_abcdef12.md.age", "diary_x.md.age", "2020-01-01T000000Z_abcdef12.age"):
        (folder / name).write_bytes(b"x")
        assert read_kept(home / "notes", folder / name).begun is None
    today = BEGAN.date()
    assert expired(opened(home), today, today).plan.due == ()


def test_privacy_says_whether_notes_are_encrypted_and_to_which_keys(home: Path, team: Team, called, monkeypatch):
    assert "notes are not encrypted" in called("privacy")[1]
    monkeypatch.setenv("DEESCALATE_ENCRYPT_NOTES_TO", team.public)
    status, out, _ = called("privacy")
    assert status == Exit.OK
    assert team.public in out
    assert "expires 90 days after that time" in out
    assert f'"{team.public}"' in called("privacy", "--json")[1]


def test_doctor_says_whether_notes_can_be_encrypted_and_read(
    home: Path, tmp_path: Path, team: Team, called, monkeypatch
):
    monkeypatch.setenv("DEESCALATE_ENCRYPT_NOTES_TO", team.public)
    monkeypatch.setenv("DEESCALATE_NOTE_KEY", str(team.file))
    out = called("doctor")[1]
    assert f"notes are encrypted to one key: {team.public}" in out
    assert f"encrypted notes are opened with {team.file}" in out
    monkeypatch.setenv("DEESCALATE_ENCRYPT_NOTES_TO", "age1wrong")
    monkeypatch.setenv("DEESCALATE_NOTE_KEY", str(tmp_path / "gone"))
    out = called("doctor")[1]
    assert "“age1wrong” is no public key" in out
    assert f"{tmp_path / 'gone'}: there is nothing here" in out


@pytest.mark.skipif(sys.platform == "win32", reason="there is no mode of a file there")
def test_doctor_finds_a_key_and_a_second_place_that_others_can_read(
    home: Path, tmp_path: Path, team: Team, called, monkeypatch
):
    second = tmp_path / "the second"
    (second / "notes").mkdir(parents=True)
    (second / "notes").chmod(0o755)
    team.file.chmod(0o640)
    monkeypatch.setenv("DEESCALATE_NOTE_KEY", str(team.file))
    monkeypatch.setenv("DEESCALATE_SECOND_PLACE", str(second))
    out = called("doctor")[1]
    assert f"chmod 600 {team.file}" in out
    assert f"chmod 700 '{second / 'notes'}'" in out
    assert not (second / "sessions").exists()
