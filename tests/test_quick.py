"""The answers that are given without the command line: the same as its own, or none."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from archive_model import a_note, put
from hypothesis import given
from hypothesis import strategies as st

import deescalate_tui
from deescalate_tui import catalogues, clean_rules, kept, launch, quick
from deescalate_tui.archive.query import match_of, parse
from deescalate_tui.archive.settled import unchanged
from deescalate_tui.archive.snippets import marked
from deescalate_tui.archive.terms import all_of, any_of, plain_terms
from deescalate_tui.book_file import own
from deescalate_tui.clean import is_plain
from deescalate_tui.cli import main as cli
from deescalate_tui.errors import Exit, FileFault, UsageFault
from deescalate_tui.paths import locate

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the command line answers there")
Answer = tuple[int | None, str, str]
Both = Callable[..., tuple[Answer, Answer]]
HEAVY = {"argparse", "json", "msgspec", "pathlib", "platformdirs", "re", "rich", "shutil", "textual", "typing", "yaml"}
LANGUAGES = ("de", "nl", "no", "en")


@pytest.fixture
def notes() -> list[Path]:
    """Three notes in a month that has been left alone for long."""
    paths = locate(os.environ)
    made = [
        put(paths, a_note(1, request="Die Rechnung stimmt nicht", outcome="resolved")),
        put(paths, a_note(2, request="Größe der Rechnung falsch", ticket="T-9")),
        put(paths, a_note(3, "no", request="Bjørn venter på faktura")),
    ]
    settle(made)
    return made


def settle(made: list[Path]) -> None:
    """Let files and their folder look as if they had been there for an hour."""
    before = time.time() - 3600
    for path in (*made, made[0].parent):
        os.utime(path, (before, before))


@pytest.fixture
def both(capsys: pytest.CaptureFixture[str]) -> Both:
    """The command line's answer, then the quick one."""
    paths = locate(os.environ)
    paths.state.mkdir(parents=True, exist_ok=True)

    def call(*words: str) -> tuple[Answer, Answer]:
        capsys.readouterr()
        slow = cli.main(words)
        said = capsys.readouterr()
        fast = quick.answer(list(words))
        return (slow, *said), (fast, *capsys.readouterr())

    return call


PLAIN = (
    ("--help",),
    ("-h",),
    ("notes", "list"),
    ("notes", "list", "--limit", "2"),
    ("notes", "list", "--limit", "0"),
    ("notes", "list", "rechnung"),
    ("notes", "list", "gibtesnicht"),
    ("notes", "search", "rechnung"),
    ("notes", "search", "GROESSE", "rechn*", "--limit", "1"),
    ("notes", "search", "rechnung", "--limit", "1"),
    ("notes", "search", "gibtesnicht"),
)


@pytest.mark.parametrize(("language", "terminal"), [("de", True), ("nl", False), ("no", True), ("en", False)])
def test_it_is_what_the_command_line_says(
    both: Both, notes: list[Path], language: str, terminal: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DEESCALATE_UI_LANGUAGE", language)
    for module in ("cli.rows", "cli.tables"):
        monkeypatch.setattr(f"deescalate_tui.{module}.is_terminal", lambda _: terminal)
    for words in PLAIN:
        slow, fast = both(*words)
        assert fast == slow
        assert slow[1] or slow[2]


def test_a_folder_without_notes_is_said_to_be_empty(both: Both):
    slow, fast = both("notes", "list")
    assert fast == slow
    assert str(locate(os.environ).notes) in fast[2]


@pytest.mark.parametrize(
    "words",
    [
        ("notes",),
        ("notes", "--help"),
        ("notes", "list", "--json"),
        ("notes", "list", "--type", "rude"),
        ("notes", "list", "--limit"),
        ("notes", "list", "--limit", "x"),
        ("notes", "list", "--limit", "--json"),
        ("notes", "list", "--limit", "1", "rechnung"),
        ("notes", "search"),
        ("notes", "search", " "),
        ("notes", "search", "rechnung", "--best"),
        ("notes", "search", "type:rude"),
        ("notes", "search", "-rechnung"),
        ("notes", "search", '"ist seit"'),
        ("notes", "search", "a", "OR", "b"),
        ("notes", "search", "a|b"),
        ("notes", "search", "x" * 1001),
        ("notes", "show", "T-9"),
        ("--help", "notes"),
        ("list",),
    ],
)
def test_what_is_not_plain_is_left_to_the_command_line(
    both: Both, notes: list[Path], words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
):
    both("notes", "list")
    assert quick.answer(list(words)) is None
    assert capsys.readouterr() == ("", "")


def test_many_notes_are_left_to_the_command_line(both: Both, notes: list[Path], monkeypatch: pytest.MonkeyPatch):
    both("notes", "list")
    monkeypatch.setattr(quick, "MOST", 2)
    assert quick.answer(["notes", "list"]) is None
    assert quick.answer(["notes", "list", "--limit", "2"]) == 0


def test_a_change_that_words_depend_on_is_seen(both: Both, notes: list[Path], monkeypatch: pytest.MonkeyPatch):
    both("notes", "list")
    assert quick.answer(["notes", "list"]) == 0
    for name, value in (
        ("LANG", "nl_NL"),
        ("DEESCALATE_NOTES", str(notes[0].parent)),
        ("DEESCALATE_UI_LANGUAGE", "no"),
    ):
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            assert quick.answer(["notes", "list"]) is None
    assert quick.answer(["notes", "list"]) == 0
    paths = locate(os.environ)
    paths.config.mkdir(parents=True, exist_ok=True)
    (paths.config / "settings.yaml").write_text("ui_language: nl\n", encoding="utf-8")
    assert quick.answer(["notes", "list"]) is None


@pytest.mark.parametrize("name", [kept.HELP, kept.NOTES])
def test_what_others_could_have_written_or_is_odd_is_not_read(both: Both, notes: list[Path], name: str):
    words = ["--help"] if name == kept.HELP else ["notes", "list"]
    both(*words)
    path = locate(os.environ).state / name
    whole = path.read_bytes()
    for data in (b"", b"\0", whole.replace(b"\0", b"", 1), whole.partition(b"\0")[0] + b"\0\xff"):
        path.write_bytes(data)
        assert quick.answer(words) is None
    path.write_bytes(whole)
    assert quick.answer(words) == 0
    path.chmod(0o622)
    assert quick.answer(words) is None


def test_no_state_folder_is_made_for_help():
    assert cli.main(["--help"]) == 0
    assert not locate(os.environ).state.exists()


def add(made: list[Path]) -> None:
    put(locate(os.environ), a_note(4))


def remove(made: list[Path]) -> None:
    made[0].unlink()


def damage(made: list[Path]) -> None:
    made[0].write_bytes(made[0].read_bytes()[:99])
    made[0].rename(made[0].with_name(f"{made[0].stem[:-1]}z.md"))


def another_month(made: list[Path]) -> None:
    (made[0].parents[1] / "01").mkdir()


def a_stray(made: list[Path]) -> None:
    (made[0].parents[1] / "stray.md").write_text("x", encoding="utf-8")


def a_stray_above(made: list[Path]) -> None:
    (made[0].parents[2] / "stray.md").write_text("x", encoding="utf-8")


def a_file_for_a_month(made: list[Path]) -> None:
    (made[0].parents[1] / "13").write_text("x", encoding="utf-8")


def a_link_for_a_year(made: list[Path]) -> None:
    (made[0].parents[2] / "1999").symlink_to(made[0].parents[1])


def all_gone(made: list[Path]) -> None:
    made[0].parents[2].rename(made[0].parents[2].with_name("elsewhere"))


def an_index_of_others(made: list[Path]) -> None:
    (index,) = locate(os.environ).state.glob("archive-*.db")
    with closing(sqlite3.connect(index)) as connection:
        connection.execute("PRAGMA user_version = 1")


def no_index(made: list[Path]) -> None:
    (index,) = locate(os.environ).state.glob("archive-*.db")
    index.write_bytes(b"no database at all" * 99)


@pytest.mark.parametrize(
    "change",
    [
        *(add, remove, damage, another_month, a_stray, a_stray_above, a_file_for_a_month, a_link_for_a_year, all_gone),
        *(an_index_of_others, no_index),
    ],
)
def test_where_anything_has_changed_the_command_line_looks(
    both: Both, notes: list[Path], change: Callable[[list[Path]], None], capsys: pytest.CaptureFixture[str]
):
    both("notes", "list")
    assert quick.answer(["notes", "list"]) == 0
    change(notes)
    capsys.readouterr()
    assert quick.answer(["notes", "list"]) is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "row",
    [
        "UPDATE files SET fault = '[]' WHERE id = 1",
        "UPDATE files SET name = name || '.age' WHERE id = 1",
        "INSERT INTO meta VALUES ('scrub', 1)",
    ],
)
def test_what_each_refresh_looks_at_is_left_to_it(both: Both, notes: list[Path], row: str):
    both("notes", "list")
    (index,) = locate(os.environ).state.glob("archive-*.db")
    with closing(sqlite3.connect(index)) as connection:
        assert unchanged(connection, str(locate(os.environ).notes), shared=False)
        connection.execute(row)
        assert not unchanged(connection, str(locate(os.environ).notes), shared=False)


def test_a_shared_folder_that_is_away_is_not_an_empty_one(both: Both):
    both("notes", "list")
    (index,) = locate(os.environ).state.glob("archive-*.db")
    with closing(sqlite3.connect(index)) as connection:
        missing = str(locate(os.environ).notes)
        assert unchanged(connection, missing, shared=False)
        assert not unchanged(connection, missing, shared=True)


def test_nothing_is_kept_on_windows(both: Both, monkeypatch: pytest.MonkeyPatch):
    """Nor looked for: whose a file is cannot be told there."""
    monkeypatch.setattr(sys, "platform", "win32")
    kept.keep(dict(os.environ), kept.HELP, ["help"], [])
    assert not list(locate(os.environ).state.glob("*.kept"))
    assert kept.read(dict(os.environ), kept.HELP) is None
    assert own(str(locate(os.environ).state)) == b""


def test_a_disk_that_is_full_is_said(both: Both, notes: list[Path], monkeypatch: pytest.MonkeyPatch):
    (status, _, told), _ = both("notes", "list")
    assert (status, told) == (0, "")
    fault = FileFault("stdout", "disk-full", error="ENOSPC")

    def full(*_: object) -> None:
        raise fault

    monkeypatch.setattr("deescalate_tui.cli.tables.put", full)
    assert quick.answer(["notes", "list"]) == fault.status


@given(st.text(alphabet='aä*½"-|:O R', max_size=12))
def test_plain_terms_mean_what_the_query_means(text: str):
    terms = plain_terms(text)
    if terms is None:
        return
    query = parse(text)
    assert match_of(query) == all_of(any_of((term,)) for term in terms)
    assert (query.wanted, query.fields) == (tuple(terms), ())


@given(st.text(alphabet='rechnung und OR -*:|"', max_size=20))
def test_what_no_query_can_be_is_no_plain_one(text: str):
    try:
        parse(text)
    except UsageFault:
        assert plain_terms(text) is None


def test_plain_text_holds_no_hostile_character():
    for pattern in (clean_rules.DROPPED, clean_rules.HOSTILE, clean_rules.STEERING, clean_rules.SPACING):
        assert not any(is_plain(it) and pattern.search(it) for it in map(chr, range(0x110000)))
    assert is_plain("Größe „faktura“")


def test_a_letter_that_is_several_words_is_marked_where_it_stands():
    assert marked("eins ﷺ zwei", [(("zwei",), False)]) == [(7, 11)]


@pytest.fixture
def loaded(notes: list[Path], both: Both) -> Callable[..., set[str]]:
    """The modules that a fresh Python has after a command that was given before."""
    sources = Path(deescalate_tui.__file__).parent.parent

    def run(*words: str) -> set[str]:
        code = f"import sys; sys.argv[1:] = {list(words)!r}; from deescalate_tui import launch"
        code += "; launch.leave = int; launch.main()"
        code += "; print(*sys.modules, file=sys.stderr)"
        command = [sys.executable, "-c", code]
        done: subprocess.CompletedProcess[str] | None = None
        for _ in range(2):
            done = subprocess.run(
                command,
                env={**os.environ, "PYTHONPATH": str(sources)},
                capture_output=True,
                encoding="utf-8",
                check=True,
                stdin=subprocess.DEVNULL,
            )
        assert done is not None
        return set(done.stderr.split())

    return run


@pytest.mark.parametrize(
    ("words", "most"),
    [
        (("--version",), 2),
        (("--help",), 9),
        (("notes", "list"), 18),
        (("notes", "search", "Rechnung"), 18),
    ],
)
def test_little_is_imported(loaded: Callable[..., set[str]], words: tuple[str, ...], most: int):
    modules = loaded(*words)
    assert "deescalate_tui.launch" in modules
    assert not modules & HEAVY
    own = {name for name in modules if name.startswith("deescalate_tui")}
    assert len(own) <= most, sorted(own)


def test_every_language_keeps_what_a_list_may_say():
    for language in LANGUAGES:
        said = catalogues.load(language).those(("note.type.", "outcome.", "column."))
        assert {"note.type.rude", "outcome.resolved", "column.started"} <= said.keys()


def test_a_keyboard_interrupt_while_the_program_is_loaded_is_no_traceback(monkeypatch: pytest.MonkeyPatch):
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(quick, "answer", interrupted)
    monkeypatch.setattr(sys, "argv", ["deescalate", "notes", "list"])
    assert launch.main() == Exit.INTERRUPTED


def test_all_is_written_before_the_program_ends(loaded: Callable[..., set[str]]):
    loaded("notes", "list")
    answers = []
    for name in ("deescalate_tui.launch", "deescalate_tui.cli.main"):
        code = (
            f"import sys; from {name} import main; sys.argv[1:] = ['notes', 'list', '--limit', '2']; sys.exit(main())"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, stdin=subprocess.DEVNULL)
        answers.append((done.returncode, done.stdout, done.stderr))
    assert answers[0] == answers[1]
    assert len(answers[0][1].splitlines()) == 2
