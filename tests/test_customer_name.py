"""The customer's name lives in memory: say-lines use it, and it is in no file."""

from __future__ import annotations

from pathlib import Path

import pytest
from stage import Stage, opened

from deescalate_tui.opening import Opening

NAME = "Wessel-Hansen"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of its own, with a checklist that speaks to the customer by name."""
    folder = tmp_path / "config" / "checklists" / "no"
    folder.mkdir(parents=True)
    built_in = Path(__file__).parent.parent / "checklists" / "no" / "rude.yaml"
    text = built_in.read_text(encoding="utf-8")
    first = text.index("        say:\n", text.index("assess:"))
    line = "          - Hei, {customer}. Hva kan jeg gjøre for deg?\n"
    named = text[:first] + "        say:\n" + line + text[first:].removeprefix("        say:\n")
    (folder / "rude.yaml").write_text(named, encoding="utf-8")
    return tmp_path


def everything(home: Path) -> bytes:
    """The bytes of every file below."""
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def named_call(home: Path) -> Stage:
    stage = Stage(opened(home), Opening("rude", "no", "phone"))
    while stage.state.call.phase != "assess":
        stage.press("s")
    return stage.press("m", f"={NAME}\r")


def test_say_lines_use_the_name(home: Path):
    stage = named_call(home)
    assert f"Hei, {NAME}." in stage.text()
    assert NAME not in stage.press("m", "=\r").text()


def test_it_is_in_no_file_in_the_middle_of_a_call_nor_after_it(home: Path):
    stage = named_call(home)
    stage.live.journal.close(5)
    assert NAME.encode() not in everything(home)
    stage = Stage(opened(home), Opening(resume=stage.state.id))
    stage.press("m", f"={NAME}\r", "x", "g")
    assert NAME.encode() not in everything(home)


def test_a_half_typed_name_is_no_draft(home: Path):
    stage = Stage(opened(home), Opening("rude", "no", "phone"))
    stage.press("m", f"={NAME}")
    stage.place.paused(NAME)
    stage.live.journal.close(5)
    assert NAME.encode() not in everything(home)


def test_a_resumed_session_asks_for_it_again(home: Path):
    stage = named_call(home)
    stage.live.journal.close(5)
    again = Stage(opened(home), Opening(resume=stage.state.id))
    assert again.live.messages("notice.name-again") in again.text()
    assert NAME not in again.text()
    assert NAME in again.press("m", f"={NAME}\r").text()


def test_a_session_without_a_name_asks_for_none(home: Path):
    stage = Stage(opened(home), Opening("rude", "no", "phone"))
    stage.live.journal.close(5)
    again = Stage(opened(home), Opening(resume=stage.state.id))
    assert again.live.messages("notice.name-again") not in again.text()


def test_it_outlasts_another_language_of_the_call(home: Path):
    stage = named_call(home).press("l", "a", "l", "c")
    assert stage.live.book.facts["customer"] == NAME
