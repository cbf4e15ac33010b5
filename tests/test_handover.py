"""The hand-over line: at the top of the note, to the clipboard, and in a file as long as the note is on the screen."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from stage import Stage, opened

from deescalate_tui import catalogues, handover
from deescalate_tui.errors import FileFault
from deescalate_tui.opening import Opening
from deescalate_tui.plain.session import Talk
from deescalate_tui.tui.reader import NotePlace
from deescalate_tui.workplace import Workplace

WORDS = catalogues.load("de")
LINE = "Anliegen: „Zweimal abgebucht“ (geklärt: teilweise). Ausgang: noch offen, wir melden uns. Vereinbart: Rückruf "
LINE += "(Termin: Fr 27.11.2026 14:00)."
TEXT = "Übergabe „nach Plan“: geklärt – 10 €"
posix = pytest.mark.skipif("os.name != 'posix'", reason="access by mode is POSIX")


def at_the_note(work: Workplace | None = None) -> Stage:
    """A call with a request and a promise, closed: its note is on the screen."""
    stage = Stage(work or opened(), Opening("aggressive", "de", "phone"))
    stage.press("a", "=Zweimal abgebucht\r", "p", "=Rückruf\r", "=27.11. 14:00\r", "x", "b", "b")
    while isinstance(stage.place, NotePlace) is False:
        stage.press("a" if stage.state.question is not None else "x")
    return stage


def shown(stage: Stage, width: int = 80, height: int = 24) -> str:
    """The screen as one line."""
    return re.sub(r"\s+", " ", stage.text(width, height))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def file_of(work: Workplace) -> Path:
    return work.paths.state / handover.NAME


# --- the note screen


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
def test_the_line_stands_above_the_note_at_once_and_says_which_key_copies_it(size: tuple[int, int]):
    text = shown(at_the_note(), *size)
    assert text.index(WORDS("note.copy", text=LINE)) < text.index("# Gesprächsnotiz")


@pytest.mark.parametrize("key", ["y", "ctrl+c"])
@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
def test_y_copies_the_line_and_says_honestly_where_it_is(key: str, size: tuple[int, int]):
    stage = at_the_note()
    path = file_of(stage.workplace)
    assert (stage.copied, path.exists()) == ([], False)
    stage.press(key)
    assert stage.copied == [LINE]
    assert path.read_text(encoding="utf-8") == f"{LINE}\n"
    assert squeezed(WORDS("note.copied", path=path)) in squeezed(stage.text(*size))


def test_the_line_is_in_the_language_of_the_call():
    work = opened(ui_language="en")
    stage = at_the_note(work)
    assert catalogues.load("en")("note.copy", text=LINE) in shown(stage)


def test_where_no_file_can_be_written_it_says_so_and_copies_all_the_same():
    work = opened()
    state = work.paths.state
    state.parent.mkdir(parents=True)
    state.write_bytes(b"a file where the folder should be")
    stage = at_the_note(work).press("y")
    assert stage.copied == [LINE]
    reason = WORDS.fault(FileFault(str(state), "not-a-folder"))
    assert squeezed(WORDS("note.copied-only", reason=reason)) in squeezed(stage.text(80, 40))


def test_a_note_that_the_disk_refuses_can_be_handed_over(home: Path):
    work = opened()
    work.paths.notes.parent.mkdir(parents=True, exist_ok=True)
    work.paths.notes.write_bytes(b"a file where the folder should be")
    stage = at_the_note(work).press("y")
    assert stage.copied == [LINE]
    assert squeezed(WORDS("note.copy", text=LINE)) in squeezed(stage.text(80, 40))


def test_no_other_key_copies_anything():
    stage = at_the_note().press("down", "up", "space", "k", "j", "x", "c", "f5")
    assert (stage.copied, file_of(stage.workplace).exists()) == ([], False)


# --- how long the file is there


def test_the_file_goes_with_the_note():
    stage = at_the_note().press("y", "enter")
    assert not file_of(stage.workplace).exists()


@pytest.mark.parametrize("again", ["start", "resume"])
def test_a_file_that_was_left_behind_goes_when_a_session_begins_or_goes_on(again: str):
    work = opened()
    waiting = work.start("direct", "de", "phone")
    waiting.journal.close()
    left = handover.keep(work.paths.state, TEXT)
    work.start("timid", "de", "phone") if again == "start" else work.resume(waiting.state.id)
    assert not left.exists()


# --- the file


@posix
def test_only_its_owner_reads_the_file(tmp_path: Path):
    path = handover.keep(tmp_path / "state", TEXT)
    assert [found.stat().st_mode & 0o777 for found in (path, path.parent)] == [0o600, 0o700]


def test_a_new_line_replaces_the_old_one_and_leaves_nothing_else(home: Path):
    handover.keep(home, "earlier " * 100)
    path = handover.keep(home, TEXT)
    assert path.read_text(encoding="utf-8") == f"{TEXT}\n"
    assert list(home.iterdir()) == [path]


def test_what_an_interrupted_write_left_is_removed_too(home: Path):
    handover.keep(home, TEXT)
    (home / f".{handover.NAME}.0123456789ab.tmp").write_text(TEXT, encoding="utf-8")
    (home / "alias").write_text("Eule-17", encoding="utf-8")
    handover.remove(home)
    assert [path.name for path in home.iterdir()] == ["alias"]


def test_where_there_is_none_nothing_is_removed(home: Path):
    handover.remove(home)
    handover.remove(home / "nowhere")
    assert list(home.iterdir()) == []


# --- the clipboard


def test_the_terminal_is_asked_by_osc_52():
    code = handover.clipboard(TEXT, {})
    found = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", code)
    assert found is not None
    assert b64decode(found[1]).decode() == TEXT


def test_tmux_is_asked_and_told_to_pass_it_on():
    bare = handover.clipboard(TEXT, {})
    code = handover.clipboard(TEXT, {"TMUX": "/tmp/tmux-0/default,1,0"})
    assert code.startswith(bare)
    found = re.fullmatch(r"\x1bPtmux;(.*)\x1b\\", code.removeprefix(bare), re.DOTALL)
    assert found is not None
    assert found[1].replace("\x1b\x1b", "\x1b") == bare


def test_gnu_screen_gets_pieces_that_it_can_hold():
    long = TEXT * 40
    code = handover.clipboard(long, {"STY": "4711.pts-0"})
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", code, re.DOTALL)
    assert "".join(pieces) == handover.clipboard(long, {})
    assert max(map(len, pieces)) <= 76
    assert len(code) == sum(len(piece) + 4 for piece in pieces)


# --- plain mode


def talk(*lines: str, **answers: str) -> list[str]:
    """What is printed once these lines were said and the session closed: each question has its answers in turn."""
    said: list[str] = []
    live = opened().start("aggressive", "de", "phone")
    turns = {kind: iter(given.split("/")) for kind, given in answers.items()}

    def read() -> Iterator[str]:
        yield from lines
        while True:
            question = live.state.question
            yield next(turns.get(question.kind, iter("a")), "a") if question is not None else "x"

    Talk(live, read(), said.append).run()
    return "".join(said).splitlines()


def test_plain_mode_ends_with_the_line_alone():
    *_, heading, line = talk("a Zweimal abgebucht", "p Rückruf; 27.11. 14:00", outcome="b", answered="teilweise")
    assert (heading, line) == (WORDS("plain.handover"), LINE)


def test_plain_mode_shows_what_stands_and_what_an_empty_line_does():
    text = talk("p Rückruf; 27.11. 14:00", confirm="c/a", change="Anruf", change_due="")
    what, due = text.index(WORDS("ask.change")), text.index(WORDS("ask.change_due"))
    assert text[what + 1] == WORDS("plain.standing", text="Rückruf")
    assert text[due + 1 : due + 3] == [
        WORDS("plain.standing", text="Fr 27.11.2026 14:00"),
        WORDS("ask.confirm"),
    ]
    assert f"  c) {WORDS('confirm.change', due='Fr 27.11.2026 14:00', what='Anruf')}" in text
    assert "Rückruf" not in text[-1]


def test_plain_mode_asks_what_is_promised_and_takes_an_empty_line():
    text = talk(outcome="b", promise="")
    assert text.count(WORDS("ask.promise")) == 1
    assert WORDS("ask.confirm") not in text
