"""What is promised and open: listed by date, ticked off in a new revision, given to calendars."""

import io
import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from note_samples import SAMPLES
from test_archive import put

from deescalate_tui import catalogues
from deescalate_tui.archive.archive import Archive
from deescalate_tui.archive.rows import Filters
from deescalate_tui.cli import archive as cli_archive
from deescalate_tui.cli import rows as cli_rows
from deescalate_tui.cli.main import main
from deescalate_tui.dates import format_date
from deescalate_tui.errors import Exit
from deescalate_tui.ids import short_id
from deescalate_tui.notes.front import Promise
from deescalate_tui.notes.icalendar import OCTETS, Entry, calendar
from deescalate_tui.notes.note import IncidentNote, note_from
from deescalate_tui.notes.parse import parse
from deescalate_tui.paths import Paths, locate

DE = note_from(SAMPLES["de"]())
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=timezone(timedelta(hours=1)))
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def paths(home: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("DEESCALATE_HOME", str(home))
    monkeypatch.setenv("DEESCALATE_UI_LANGUAGE", "en")
    monkeypatch.setattr("deescalate_tui.cli.due.today", lambda: TODAY)
    monkeypatch.setattr(cli_archive, "today", lambda: TODAY)
    return locate({"DEESCALATE_HOME": str(home)})


@pytest.fixture
def called(paths: Paths, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Call:
    """Runs a command: its exit status, standard output and standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        status = main(arguments)
        out, err = (stream.decode() for stream in capsysbinary.readouterr())
        assert "Traceback" not in out + err
        return status, out, err

    return call


def promising(*promises: tuple[str, str], follow_up: str = "", **changes: object) -> IncidentNote:
    return replace(DE, commitments=tuple(Promise(*it) for it in promises), follow_up=follow_up, **changes)


def rows(out: str) -> list[list[str]]:
    return [line.split("\t") for line in out.splitlines()]


def of(paths: Paths, number: int) -> IncidentNote:
    """The newest revision of the only note, which is to be this one."""
    with archived(paths) as archive:
        (row,) = list(archive.rows())
    assert row.revision == number
    return parse((paths.notes / row.path).read_text(encoding="utf-8"))


def archived(paths: Paths) -> Archive:
    archive = Archive(paths, shared=False)
    archive.refresh()
    return archive


def test_what_is_overdue_comes_first_then_what_has_a_day_then_the_rest(paths: Paths, called: Call):
    put(
        paths,
        promising(
            ("words", "sobald möglich"),
            ("later", "2026-11-30"),
            ("at three", "2026-11-24T15:00"),
            ("today", "2026-11-24"),
            ("never", ""),
            ("past", "2026-11-20"),
            follow_up="2026-11-23",
        ),
    )
    status, out, err = called("due")
    assert (status, err) == (Exit.OK, "")
    assert [row[2] for row in rows(out)] == ["past", "next contact", "today", "at three", "later", "words", "never"]
    assert [row[1] for row in rows(out)] == ["4 days", "one day", "today", "today", "", "", ""]
    assert [row[0] for row in rows(out)][-2:] == ["sobald möglich", "–"]
    assert {(row[3], row[4]) for row in rows(out)} == {(DE.ticket, short_id(DE.id))}
    assert [row[5] for row in rows(out)] == ["6", "0", "4", "3", "2", "1", "5"]
    assert [row[2] for row in rows(called("due", "--overdue")[1])] == ["past", "next contact"]
    assert [row[2] for row in rows(called("due", "--due")[1])] == ["past", "next contact", "today", "at three"]
    assert len(rows(called("due", "--limit", "2")[1])) == 2


def test_it_takes_the_filters_of_the_list_and_says_when_nothing_is_open(paths: Paths, called: Call):
    put(paths, promising(("one", "2026-11-30")))
    assert len(rows(called("due", "Ersatzrouter", "--type", "aggressive")[1])) == 1
    for filters in (("--type", "rude"), ("Modem",), ("--overdue",)):
        assert called("due", *filters) == (Exit.OK, "", "Nothing is open.\n")
    assert called("due", "nix:da")[0] == Exit.USAGE


def test_json_says_all_but_the_alias(paths: Paths, called: Call):
    put(paths, promising(("one", "2026-11-20"), agent="amsel"))
    out = called("due", "--json")[1]
    (known,) = json.loads(out)["promises"]
    assert (known["what"], known["day"], known["overdue"], known["number"]) == ("one", "2026-11-20", True, 1)
    assert "amsel" not in out


def test_a_promise_is_ticked_off_and_opened_again_each_in_a_new_revision(paths: Paths, called: Call):
    put(paths, promising(("one", "2026-11-20"), ("two", "2026-11-21"), follow_up="2026-11-25"))
    short = short_id(DE.id)
    status, out, err = called("due", "--done", short, "2")
    assert (status, "Ticked off." in err, "_r2.md" in out) == (Exit.OK, True, True)
    assert [it.kept for it in of(paths, 2).commitments] == ["", TODAY.isoformat()]
    assert [row[2] for row in rows(called("due")[1])] == ["one", "next contact"]
    assert called("due", "--done", DE.id, "0")[0] == Exit.OK
    assert of(paths, 3).follow_up_done == TODAY.isoformat()
    assert called("due", "--open", DE.ticket, "2")[0] == Exit.OK
    assert [it.kept for it in of(paths, 4).commitments] == ["", ""]
    assert [row[2] for row in rows(called("due")[1])] == ["one", "two"]
    for wrong in (("--done", short, "3"), ("--done", short, "x"), ("--open", short, "1"), ("--done", "none", "1")):
        assert called("due", *wrong)[0] == Exit.USAGE, wrong
    assert called("due", "--done", short, "1", "--open", short, "1")[0] == Exit.USAGE
    of(paths, 4)


def test_where_no_old_revisions_are_kept_a_tick_leaves_one(paths: Paths, called: Call, monkeypatch):
    monkeypatch.setenv("DEESCALATE_CORRECT_KEEPS", "off")
    put(paths, promising(("one", "2026-11-20")))
    assert "old revision is erased" in called("due", "--done", short_id(DE.id), "1")[2]
    assert [path.name[-6:] for path in paths.notes.rglob("*.md")] == ["_r2.md"]
    assert called("due") == (Exit.OK, "", "Nothing is open.\n")


def test_notes_with_something_due_are_those_with_something_open(paths: Paths):
    put(paths, replace(promising(("one", "2026-11-20")), follow_up="2026-11-21", follow_up_done="2026-11-22"))
    with archived(paths) as archive:
        assert len(list(archive.rows(Filters(due=date(2026, 11, 20))))) == 1
        assert len(list(archive.rows(Filters(due=date(2026, 11, 19))))) == 0
    done = replace(promising(), commitments=(Promise("one", "2026-11-20", "2026-11-22"),), revision=2)
    put(paths, done)
    with archived(paths) as archive:
        assert len(list(archive.rows(Filters(due=date(2026, 11, 20))))) == 0


def test_promises_of_expired_notes_are_left_out_and_counted(paths: Paths, called: Call):
    put(paths, promising(("fresh", "2026-11-20"), ("later", "2026-11-30")))
    put(paths, promising(("old", "2025-11-20"), id=f"{DE.id[:-4]}ffff", expires="2026-11-23"))
    status, out, err = called("due")
    assert (status, [row[2] for row in rows(out)]) == (Exit.OK, ["fresh", "later"])
    assert err.startswith("One promise is left out")
    assert "--expired" in err
    assert called("due", "--ics", "-")[1].count("BEGIN:VEVENT") == 2
    assert len(json.loads(called("due", "--json")[1])["promises"]) == 2
    status, out, err = called("due", "--expired")
    assert ([row[2] for row in rows(out)], err) == (["old", "fresh", "later"], "")
    assert [row[2] for row in rows(called("due", "expired:yes")[1])] == ["old"]
    assert [row[2] for row in rows(called("due", "due:overdue")[1])] == ["fresh"]
    assert [row[2] for row in rows(called("due", "due:overdue", "expired:yes,no")[1])] == ["old", "fresh"]


def test_files_that_cannot_be_read_are_one_line(paths: Paths, called: Call):
    put(paths, promising(("one", "2026-11-20")))
    month = next(paths.notes.rglob("*.md")).parent
    for number in range(5):
        (month / f"2026-11-01T00000{number}Z_0000000{number}.md").write_text("hallo")
    status, out, err = called("due")
    assert (status, len(rows(out)), len(err.splitlines())) == (Exit.FINDINGS, 1, 1)
    assert err.startswith("5 files")
    assert "deescalate notes verify" in err


def test_what_is_ticked_off_or_open_already_is_said(paths: Paths, called: Call, monkeypatch: pytest.MonkeyPatch):
    put(paths, promising(("one", "2026-11-20")))
    short = short_id(DE.id)
    assert "open already" in called("due", "--open", short, "1")[2]
    called("due", "--done", short, "1")
    status, out, err = called("due", "--done", short, "1")
    assert (status, out) == (Exit.USAGE, "")
    assert "already ticked off on 2026-11-24" in err
    assert "one commitment only" in called("due", "--done", short, "7")[2]
    monkeypatch.setenv("DEESCALATE_UI_LANGUAGE", "de")
    assert "am 24.11.2026;" in called("due", "--done", short, "1")[2]
    of(paths, 2)


# --- calendars


def unfolded(text: str) -> list[str]:
    """The lines of a calendar, as any reader has them; that they are ours to the byte is checked on the way."""
    assert text.endswith("\r\n")
    assert not re.search("(?<!\r)\n|\r(?!\n)", text)
    assert all(len(line.encode()) <= OCTETS for line in text.split("\r\n"))
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def summary_of(line: str) -> str:
    return re.sub(r"\\(.)", r"\1", line.removeprefix("SUMMARY:"))


def test_the_calendar(paths: Paths, called: Call, tmp_path: Path):
    put(paths, promising(("Gutschrift, 10 €; sofort", "2026-11-20"), ("Anruf", "2026-11-24T15:00"), ("x", "bald")))
    to = tmp_path / "due.ics"
    to.write_text("an earlier one")
    status, out, err = called("due", "--ics", str(to))
    assert (status, out) == (Exit.OK, "")
    assert "2 entries" in err
    assert "One promise has no day" in err
    lines = unfolded(to.read_bytes().decode())
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert f"UID:{DE.id}-1@deescalate-tui" in lines
    assert "DTSTART;VALUE=DATE:20261120" in lines
    assert "DTSTART:20261124T150000" in lines
    assert f"SUMMARY:Gutschrift\\, 10 €\\; sofort ({DE.ticket})" in lines
    assert lines.count("BEGIN:VEVENT") == 2
    assert called("due", "--ics", "-")[1].count("BEGIN:VEVENT") == 2
    note = next(paths.notes.rglob("*.md"))
    assert called("due", "--ics", str(note))[0] == Exit.USAGE
    assert note.read_text(encoding="utf-8").startswith("---")


@given(st.text(max_size=300), st.text(max_size=40))
def test_no_text_becomes_a_property_of_its_own(what: str, due: str):
    entries = [Entry(DE.id, 1, 1, "2026-11-24", what), Entry(DE.id, 2, 3, due, "x")]
    lines = unfolded("".join(calendar(entries, NOW)))
    names = [line.partition(":")[0].partition(";")[0] for line in lines]
    event = ["BEGIN", "UID", "DTSTAMP", "SEQUENCE", "DTSTART", "SUMMARY", "TRANSP", "END"]
    assert names[5:-1] in (event, event * 2)
    assert f"DTSTAMP:{NOW.astimezone(UTC):%Y%m%dT%H%M%SZ}" in lines


@given(st.text(alphabet='\\;,:n"ä€😀 \n\r\t', max_size=200))
def test_a_reader_gets_back_what_was_promised(what: str):
    lines = unfolded("".join(calendar([Entry(DE.id, 1, 1, "2026-11-24", what)], NOW)))
    (line,) = [it for it in lines if it.startswith("SUMMARY:")]
    assert summary_of(line) == re.sub(r"[\n\r\t]", " ", what)


@pytest.mark.parametrize("language", ["de", "nl", "no", "en"])
def test_the_table_fits_a_terminal(paths: Paths, called: Call, monkeypatch, language: str):
    put(
        paths,
        promising(("Ersatzrouter per Express senden und dann noch einmal anrufen", "2026-11-20"), ticket="T-35281"),
    )
    monkeypatch.setenv("DEESCALATE_UI_LANGUAGE", language)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("deescalate_tui.cli.tables.is_terminal", lambda _: True)
    monkeypatch.setattr(cli_rows, "is_terminal", lambda _: True)
    monkeypatch.setattr("deescalate_tui.streams.is_terminal", lambda _: True)
    head, line, *promise = called("due")[1].splitlines()
    assert all(len(row) <= 60 for row in (head, line, *promise))
    assert head.startswith(catalogues.load(language)("column.due"))
    assert line.startswith(format_date(date(2026, 11, 20), language))
    assert line.endswith(f"T-35281  {short_id(DE.id)}  1")
    assert promise == ["    Ersatzrouter per Express senden und dann noch einmal", "    anrufen"]
    monkeypatch.setenv("COLUMNS", "80")
    assert len(called("due")[1].splitlines()) == 2
