"""SECURITY.md and docs/privacy say what is so, beyond what is asked of every page: days, and the facts they promise."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pages import DOCS, ROOT, SECURITY, code, text_of

from deescalate_tui.content.library import Library
from deescalate_tui.errors import Exit
from deescalate_tui.settings.fields import SETTINGS

PRIVACY = DOCS / "privacy.md"
TEMPLATES = {path.stem: path for path in sorted((DOCS / "privacy").glob("*.md"))}
MARKS = {"de": "AUSFÜLLEN", "nl": "INVULLEN", "no": "FYLL UT"}
NO_ADVICE = {"de": "keine Rechtsberatung", "nl": "geen juridisch advies", "no": "ikke juridisk rådgivning"}
SECRET, ALIAS = "Geheimnis", "Kari-7"


def test_the_days_are_those_of_the_settings():
    for name in ("retention_days", "unfinished_days", "unfinished_then"):
        assert re.search(rf"`{name}` \(`?{SETTINGS[name].default}\b", text_of(PRIVACY)), name
    for path in TEMPLATES.values():
        for name in ("retention_days", "unfinished_days"):
            before = text_of(path).partition(f"(`{name}`)")[0]
            assert re.findall(r"\d+", before)[-1] == str(SETTINGS[name].default), (path.stem, name)


def test_every_promise_names_the_test_that_holds_it():
    rows = [
        line for line in text_of(SECURITY).partition("## Promises")[2].partition("\n\n`")[0].splitlines() if "|" in line
    ]
    promises = rows[2:]
    assert len(promises) > 10
    for row in promises:
        shown = re.findall(r"\[`(\w+\.py)`\]\(tests/(\w+\.py)\)", row)
        assert shown, row
        for name, linked in shown:
            assert name == linked
            assert "def test_" in text_of(ROOT / "tests" / name)


# The templates


def test_there_is_a_template_for_each_language_of_a_conversation():
    assert set(TEMPLATES) == set(Library.open().languages())


def shape(path: Path, mark: str) -> list[str]:
    """What the templates have in common: headings, rows, boxes, where there is something to fill in, and all code."""
    kinds = []
    for line in text_of(path).splitlines():
        start = re.match(r"#+|\||- \[ \]|-", line)
        if start:
            named = [it for it in code(line) if it.isascii()]
            kinds.append(f"{start[0]} {line.count('[[' + mark + ': ')} {line.count('|')} {' '.join(named)}")
    return kinds


def test_the_templates_say_the_same():
    german = shape(TEMPLATES["de"], MARKS["de"])
    for language, path in TEMPLATES.items():
        assert shape(path, MARKS[language]) == german


@pytest.mark.parametrize("language", MARKS)
def test_what_is_to_be_filled_in_is_marked_one_way(language: str):
    text = text_of(TEMPLATES[language])
    marks = re.findall(r"\[\[([^\]]*)\]\]", text)
    assert len(marks) > 30
    assert all(re.fullmatch(rf"{MARKS[language]}: \S.*", mark) for mark in marks)
    assert f"[[{MARKS[language]}: …]]" in text


@pytest.mark.parametrize("language", MARKS)
def test_each_says_once_that_it_is_no_legal_advice(language: str):
    assert text_of(TEMPLATES[language]).count(NO_ADVICE[language]) == 1
    assert text_of(PRIVACY).count("no legal advice") == 1


# The facts


def run(*arguments: str, typed: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deescalate_tui", *arguments],
        env={**os.environ, "LC_ALL": "de_DE.UTF-8", **environ},
        input=typed,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


GUIDE = ("guide", "aggressive", "--lang", "de", "--country", "DE", "--ticket", "4711", "--agent", ALIAS, "--plain")
CLOSE = "x follow-up\nyes\nzurückrufen; morgen\nleave\nkeine Zeit\nx\n"


@pytest.fixture
def root() -> Path:
    return Path(os.environ["DEESCALATE_HOME"])


@pytest.fixture
def note(root: Path) -> Path:
    """The note of a call in which something was undone and a name was used."""
    typed = f"m Frau Petersen\nq {SECRET}\nu\na Kein Strom\n3\np zurückrufen; morgen\n{CLOSE}"
    done = run(*GUIDE, typed=typed)
    assert done.returncode == Exit.OK, done.stderr
    (path,) = root.glob("notes/*/*/*.md")
    return path


def test_no_list_names_the_agent(note: Path):
    assert ALIAS in text_of(note)
    for options in ((), ("--json",)):
        done = run("notes", "list", *options)
        assert "4711" in done.stdout
        assert ALIAS not in done.stdout + done.stderr


def test_what_was_undone_is_in_the_journal_and_in_no_note(note: Path, root: Path):
    assert SECRET not in text_of(note)
    assert list(root.glob("sessions/*.journal")) == []
    run(*GUIDE, typed=f"q {SECRET}\nu\n")
    (journal,) = root.glob("sessions/*.journal")
    assert SECRET in text_of(journal)


def test_a_finished_call_leaves_what_the_page_names_and_nothing_else(note: Path, root: Path):
    assert not any("Petersen" in path.read_text("utf-8", "replace") for path in root.rglob("*") if path.is_file())
    for command in (["doctor"], ["notes", "list"], ["--help"]):
        run(*command)
    named = {"state/alias", "state/content.msgpack", *(it for it in code(text_of(PRIVACY)) if "/" in it)}
    left = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    assert {path.name for path in left} >= {"help.kept", "notes.kept"}
    assert [path for path in left if not any(path.match(it) or f"{path.parts[0]}/" == it for it in named)] == []
    if sys.platform != "win32":
        assert {stat.S_IMODE(path.stat().st_mode) for path in root.rglob("*") if path.is_file()} == {0o600}


def test_an_expired_note_stays(note: Path):
    """The pages say so: nothing deletes it by itself."""
    note.write_text(re.sub(r'expires: ".*"', 'expires: "2020-01-01"', text_of(note)), encoding="utf-8")
    assert [it["id"] for it in json.loads(run("notes", "list", "--json").stdout)["notes"]]
    assert note.exists()
