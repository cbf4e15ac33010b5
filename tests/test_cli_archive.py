"""`notes list`, `search`, `open`, `verify` and `reindex`, as they are called."""

import json
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from archive_model import a_note, put

from deescalate_tui import catalogues
from deescalate_tui.cli.main import main
from deescalate_tui.errors import Exit
from deescalate_tui.paths import locate

Called = Callable[..., tuple[int, str, str]]
EN = catalogues.load("en")


@pytest.fixture
def called(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Called:
    monkeypatch.setenv("DEESCALATE_UI_LANGUAGE", "en")

    def call(*words: str) -> tuple[int, str, str]:
        status = main(["notes", *words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


@pytest.fixture
def notes() -> list[Path]:
    paths = locate(os.environ)
    made = [
        a_note(1, request="Die Rechnung stimmt nicht", outcome="resolved", customer_type="rude", types=("rude",)),
        a_note(2, request="Größe falsch geliefert", outcome="escalated", ticket="T-9"),
        a_note(3, "nl", request="factuur klopt niet"),
        a_note(4, "no", request="Bjørn venter på faktura"),
    ]
    return [put(paths, note) for note in made]


@pytest.mark.parametrize(
    ("options", "number"),
    [
        ((), 4),
        (("--type", "rude"), 2),
        (("--type", "rude,aggressive"), 4),
        (("--lang", "nb"), 1),
        (("--language", "nb"), 1),
        (("--country", "nl,no"), 2),
        (("--channel", "email"), 1),
        (("--outcome", "escalated,resolved"), 3),
        (("--level", "3-4"), 3),
        (("--threat",), 1),
        (("--ticket", "t-9"), 1),
        (("--until", "2025"), 0),
        (("--since", "2026-01-01", "--until", "2026-01-01"), 4),
        (("--limit", "2"), 2),
        (("groesse",), 1),
        (("fact* -bjorn",), 1),
        (("fact*", "-bjorn"), 1),
        (("-huis", "--type", "rude", "fact*", "--threat", "-haus"), 0),
        (("stimmt", "--type", "rude,aggressive", "nicht", "-h*uis"), 2),
        (("stimmt", "nicht"), 2),
    ],
)
def test_lists(called: Called, notes: list[Path], options: tuple[str, ...], number: int):
    status, out, err = called("list", *options)
    assert (status, len(out.splitlines())) == (Exit.OK, number)
    told = [] if number else [EN("cli.nothing-found")]
    told += [EN("cli.notes-shown", shown=2, number=4)] if "--limit" in options else []
    assert err.splitlines() == told
    rows = json.loads(called("list", *options, "--json")[1])["notes"]
    assert len(rows) == number
    assert not any("agent" in row for row in rows)


def test_a_type_that_no_note_has_is_told_with_those_there_are(called: Called, notes: list[Path]):
    known = json.loads(called("list", "--json")[1])["notes"]
    types = ", ".join(sorted({row["type"] for row in known}))
    for option, found, there in (("--type", "grob", types), ("--country", "XX", "DE, NL, NO")):
        _, out, err = called("list", option, found)
        assert out == ""
        assert EN("cli.no-such", option=option, found=found, known=there) in err.splitlines()


def test_what_is_due_and_overdue(called: Called, monkeypatch: pytest.MonkeyPatch):
    put(locate(os.environ), a_note(1))  # promised for 23 and 24 November 2026, to be followed up on the 27th
    for day, due, overdue in ((22, 0, 0), (23, 1, 0), (24, 1, 1)):
        monkeypatch.setattr("deescalate_tui.cli.archive.today", lambda day=day: date(2026, 11, day))
        assert len(called("list", "--due")[1].splitlines()) == due
        assert len(called("list", "--overdue")[1].splitlines()) == overdue


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("list", "--level", "7"), "--level"),
        (("list", "--lang", "fr"), "--lang"),
        (("list", "words", "--levl", "3"), "--levl"),
        (("list", "--since", "nie"), "--since"),
        (("list", "--outcome", "gone"), "--outcome"),
        (("list", "--limit", "-1"), "--limit"),
        (("list", "nosuch:1"), "QUERY:1"),
        (("search", "a OR"), "QUERY:3"),
        (("search",), "QUERY"),
    ],
)
def test_wrong_usage_names_its_place(called: Called, words: tuple[str, ...], place: str):
    status, out, err = called(*words)
    assert (status, out) == (Exit.USAGE, "")
    assert err.startswith(f"{place}: ")


def test_a_search_shows_the_place_marked(called: Called, notes: list[Path], monkeypatch: pytest.MonkeyPatch):
    status, out, _ = called("search", "GROESSE")
    assert status == Exit.OK
    assert out.endswith("\t«Größe» falsch geliefert\n")
    (found,) = json.loads(called("search", "größe", "--json", "--best")[1])["notes"]
    assert found["snippet"][0] == {"text": "Größe", "hit": True}
    assert called("search", "gibtesnicht") == (Exit.FINDINGS, "", EN("cli.nothing-found") + "\n")
    monkeypatch.setattr("deescalate_tui.cli.rows.is_terminal", lambda _: True)
    assert "\x1b[1;7mGröße\x1b[0m falsch" in called("search", "größe")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "    «Größe» falsch" in called("search", "größe")[1]


def test_sealed_notes_are_neither_none_nor_wrong(called: Called, capsys: pytest.CaptureFixture[str]):
    path = put(locate(os.environ), a_note(1))
    path.rename(path.with_name(path.name + ".age"))
    for _ in range(2):
        status, out, err = called("list")
        assert (status, out) == (Exit.OK, "")
        assert err.startswith(EN("cli.none-readable"))
        assert EN("fault.notes-sealed", number=1) in err
    for words in (("search", "x"), ("export", "--to", str(path.with_name("all.csv")))):
        assert EN("cli.none-readable") in called(*words)[2]
    main(["due"])
    assert EN("cli.none-readable") in capsys.readouterr().err
    status, out, err = called("verify")
    assert (status, err) == (Exit.OK, EN("verify.read.other", number=0) + "\n")
    assert EN("fault.notes-sealed", number=1) in out


def test_verify_and_reindex(called: Called, notes: list[Path]):
    assert called("verify")[0] == Exit.OK
    notes[0].write_bytes(notes[0].read_bytes().replace(b"stimmt nicht", b"stimmt fast"))
    notes[1].write_bytes(notes[1].read_bytes()[:1500])
    status, out, err = called("verify")
    assert status == Exit.FINDINGS
    assert sorted(line.partition(":")[0] for line in out.splitlines()) == sorted(map(str, notes[:2]))
    assert EN("verify.faults.other", number=2) in err
    assert len(json.loads(called("verify", "--json")[1])["faults"]) == 2
    assert called("reindex")[0] == Exit.FINDINGS
    assert len(called("verify")[1].splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="cat")
def test_a_note_is_opened_in_the_pager_and_cannot_steer_it(
    notes: list[Path], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("deescalate_tui.cli.notes.is_terminal", lambda _: True)
    monkeypatch.setenv("PAGER", "tr a-z A-Z")
    notes[1].write_bytes(notes[1].read_bytes().replace(b"geliefert", b"\x1b[2Jliefert"))
    assert main(["notes", "open", str(notes[1])]) == Exit.OK
    shown = capfd.readouterr().out
    assert "REQUEST: " in shown
    assert "\x1b" not in shown
    monkeypatch.setenv("PAGER", "/no/such/pager")
    assert main(["notes", "open", str(notes[1])]) == Exit.USAGE
