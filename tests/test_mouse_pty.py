"""The mouse in a real window: what is asked of the terminal, what comes of its clicks, and how it is left."""

from __future__ import annotations

import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no pty", allow_module_level=True)

from terminal import Terminal, terminals

from deescalate_tui import catalogues
from deescalate_tui.content.library import Library
from deescalate_tui.errors import Exit

WORDS = catalogues.load("de")
GUIDE = ("guide", "aggressive", "--lang", "de")
CHECKLIST = Library.open().checklist("aggressive", "de")
STEPS = [step for step in CHECKLIST.control.steps if step.only.holds(None, "phone", {})]
READY = WORDS("key.emergency")
CTRL_Q = "\x11"
MODES = re.compile(rb"\x1b\[\?(9|10[0-46]\d|10[01]\d)([hl])")
"""Everything that has to do with mice and wheels, and the focus."""
Open = Callable[..., Terminal]

window = pytest.fixture(name="window")(terminals)


def mouse_modes(it: Terminal) -> list[str]:
    """What was asked of the terminal for the mouse, in order."""
    found = [f"{mode.decode()}{way.decode()}" for mode, way in MODES.findall(it.raw)]
    return [each for each in found if each[:-1] not in ("1004", "1049")]


def is_off(it: Terminal) -> bool:
    """Whether the mouse is the terminal's own again."""
    last = {each[:-1]: each[-1] for each in mouse_modes(it)}
    return bool(last) and set(last.values()) == {"l"}


def written(home: Path) -> str:
    (journal,) = (home / "deescalate" / "sessions").glob("*.journal")
    return journal.read_text(encoding="utf-8")


ENDINGS: dict[str, tuple[Callable[[Terminal], object], int]] = {
    "ctrl+q": (lambda it: it.type(CTRL_Q), Exit.OK),
    "SIGTERM": (lambda it: it.send(signal.SIGTERM), Exit.TERMINATED),
    "SIGHUP": (lambda it: it.send(signal.SIGHUP), Exit.HANGUP),
    "SIGINT": (lambda it: it.send(signal.SIGINT), Exit.INTERRUPTED),
    "a click": (lambda it: it.click(WORDS("key.leave")), Exit.OK),
    "the window is closed": (lambda it: it.hang_up(), Exit.HANGUP),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_mouse_is_asked_for_and_given_back(ending: str, window: Open):
    it = window(*GUIDE, size=(300, 24)).see(STEPS[0].do, READY)
    assert set(mouse_modes(it)) == {"1000h", "1006h"}
    do, status = ENDINGS[ending]
    do(it)
    assert it.end() == status
    assert set(mouse_modes(it)) <= {"1000h", "1006h", "1000l", "1006l"}
    assert it.master < 0 or (is_off(it) and it.is_restored())


CRASH = """
import deescalate_tui.screens.presenter as presenter
whole = presenter.session_view
def broken(state, *rest):
    if state.call.levels:
        raise RuntimeError
    return whole(state, *rest)
presenter.session_view = broken
"""


def test_a_crash_gives_the_mouse_back(window: Open, tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text(CRASH)
    it = window(*GUIDE, environ={"PYTHONPATH": str(tmp_path)}).see(STEPS[0].do, READY)
    it.type("2")
    assert it.end() == Exit.CRASH
    assert is_off(it)


def test_while_the_program_is_stopped_the_mouse_is_the_shells(window: Open):
    it = window(*GUIDE).see(STEPS[0].do, READY)
    it.send(signal.SIGTSTP).until(lambda: is_off(it))
    time.sleep(0.3)
    it.send(signal.SIGCONT).until(lambda: not is_off(it))
    it.see(READY).click(STEPS[2].do)
    it.until(lambda: it.text.count(STEPS[2].do) == 2)
    it.type(CTRL_Q)
    assert it.end() == Exit.OK
    assert is_off(it)


def test_where_the_mouse_is_off_it_is_never_asked_for(window: Open, home: Path):
    it = window(*GUIDE, environ={"DEESCALATE_MOUSE": "off"}).see(STEPS[0].do, READY)
    it.type("3").see(WORDS("level.3")).type(CTRL_Q)
    assert it.end() == Exit.OK
    assert mouse_modes(it) == []


def test_a_call_with_the_mouse_alone(window: Open, home: Path):
    it = window("guide", "--lang", "de", size=(120, 30)).see(WORDS("start.title"))
    it.click(f"  {CHECKLIST.title}").see(STEPS[0].do, READY)
    it.click(WORDS("key.done"))
    it.until(lambda: '"step":"' in written(home))
    it.settle()
    assert written(home).count('"t":"done"') == 1
    it.click(CHECKLIST.assess.title).see(f"▸ {CHECKLIST.assess.title}")
    it.click(WORDS("key.level")).see(WORDS("level.0")).click(WORDS("level.3")).see(f" {WORDS('level.3')}")
    it.click(WORDS("key.emergency")).see(WORDS("ask.emergency")).click("Suizid").see(WORDS("card.back"))
    it.click(WORDS("card.back")).see(READY)
    it.click(WORDS("key.close")).see(WORDS("ask.outcome")).click(WORDS("outcome.aborted"))
    it.see(WORDS("ask.abort")).click(WORDS("abort.end")).see(WORDS("note.title")).click(WORDS("key.leave"))
    assert it.end() == Exit.OK
    assert is_off(it)


def test_the_second_half_of_a_double_click_and_what_was_not_seen_do_nothing(window: Open, home: Path):
    it = window(*GUIDE).see(STEPS[0].do, READY)
    it.click(WORDS("key.done"))
    rows = it.text.split("\n")
    again = f"{rows[-1].index(WORDS('key.done')) + 1};{len(rows)}"
    it.type(f"\x1b[<0;{again}M\x1b[<0;{again}m").settle()
    assert written(home).count('"t":"done"') == 1
    # The first choice will stand where the pointer is; whoever clicked saw something else there.
    it.type("t").see(WORDS("ask.type"))
    y = next(y for y, row in enumerate(it.text.split("\n"), 1) if " 1  " in row)
    it.type("\x1b").settle().type(f"t\x1b[<0;4;{y}M\x1b[<0;4;{y}m").see(WORDS("ask.type")).settle()
    assert WORDS("ask.type") in it.text
    it.type(f"\x1b[<0;4;{y}M\x1b[<0;4;{y}m")
    it.until(lambda: WORDS("ask.type") not in it.text)


def test_the_wheel_the_line_and_other_buttons(window: Open, home: Path):
    it = window(*GUIDE).see(STEPS[0].do, READY)
    it.type("\x1b[<65;10;10M" * 2)
    it.until(lambda: it.text.count(STEPS[2].do) == 2)
    it.type("\x1b[<64;10;10M")
    it.until(lambda: it.text.count(STEPS[1].do) == 2)
    foot = it.text.split("\n")[-1].index(WORDS("key.emergency")) + 1
    for button in (1, 2, 35, 66):
        it.type(f"\x1b[<{button};{foot};24M\x1b[<{button};{foot};24m")
    it.settle()
    assert WORDS("ask.emergency") not in it.text
    it.type("qIhr mich").see("› Ihr mich").click(" mich").type(" habt").see("› Ihr habt mich")
    it.click("Enter").until(lambda: '"words":"Ihr habt mich"' in written(home))
    it.type(CTRL_Q)
    assert it.end() == Exit.OK
