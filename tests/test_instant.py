"""The first picture: shown before anything is loaded, turned by hand, and taken over without a key or a cell lost."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no termios, and so no picture before the screen", allow_module_level=True)

import termios  # only where there is one

from rich.color import ColorSystem
from rich.console import Console
from stage import opened
from terminal import Terminal, terminals
from test_start import left

import deescalate_tui
from deescalate_tui import catalogues
from deescalate_tui.book import Book, from_bytes
from deescalate_tui.book_file import FOLDERS, MAX_BYTES, NAME, SESSION, circumstances, place, read
from deescalate_tui.errors import Exit
from deescalate_tui.instant import Instant
from deescalate_tui.journal.journal import SUFFIX
from deescalate_tui.opening import Opening
from deescalate_tui.paths import locate
from deescalate_tui.screens.colours import THEMES, codes, colours
from deescalate_tui.tui.leaves import book_of, keep, mark_of, picture
from deescalate_tui.tui.place import EmptyDesk
from deescalate_tui.tui.start import StartPlace
from deescalate_tui.tui.themes import Palette

UP, DOWN = b"\x1b[A", b"\x1b[B"
SIZE = (80, 24)
BOOK = Book([b"one", b"two"], [b"k", b"j"], [[1, 1], [0, 0]])
FIRST = "deescalate_tui.launch, deescalate_tui.book_file, deescalate_tui.instant"
GATE = """
import os, sys, time
class Gate:
    def find_spec(self, name, path=None, target=None):
        if name == "textual":
            while not os.path.exists(os.environ["GATE"] + "/open"):
                try:
                    time.sleep(0.01)
                except BaseException:
                    if not os.path.exists(os.environ["GATE"] + "/deaf"):
                        raise
            if os.path.exists(os.environ["GATE"] + "/broken"):
                raise RuntimeError("Nora Nordmann")
        return None
sys.meta_path.insert(0, Gate())
"""
"""A start that waits before Textual is loaded, until a test lets it go on."""
window = pytest.fixture(name="window")(terminals)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Path]:
    """The folder where a file named `open` lets starts go on."""
    (tmp_path / "sitecustomize.py").write_text(GATE, encoding="utf-8")
    return tmp_path


def held(gate: Path, **more: str) -> dict[str, str]:
    """The environment of a start that waits before Textual."""
    return {"GATE": str(gate), "PYTHONPATH": os.pathsep.join((str(gate), os.environ.get("PYTHONPATH", ""))), **more}


def start(language: str = "de", ticket: str = "", **flags: str) -> StartPlace:
    work = opened(language=language, **flags)
    return StartPlace(EmptyDesk(work, Opening(language=language, channel="phone", ticket=ticket)))


def let_go(gate: Path, *names: str) -> None:
    for name in (*names, "open"):
        (gate / name).touch()


# --- the book


def test_a_book_is_read_as_it_was_stored():
    again = from_bytes(BOOK.to_bytes(b"mark"), b"mark")
    assert again is not None
    assert (again.pictures, again.keys, again.turns) == (BOOK.pictures, BOOK.keys, BOOK.turns)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"mark",
        b"mark\0k",
        b"mark\0k j\0x y\0one",
        b"mark\0k j\x001 1\0one",
        b"mark\0k j\x000\0one",
        b"mark\0\x000\0one",
    ],
)
def test_what_is_no_book_is_none(data: bytes):
    assert from_bytes(data, b"mark") is None
    assert from_bytes(BOOK.to_bytes(b"mark"), b"other") is None


def test_keys_turn_pages_until_one_leads_nowhere():
    assert BOOK.read(b"") == (0, 0)
    assert BOOK.read(b"jjj") == (1, 3)
    assert BOOK.read(b"jk3j") == (0, 2)
    assert BOOK.awaits(b"")
    assert not BOOK.awaits(b"3")
    assert Book([b""], [DOWN], [[0]]).awaits(b"\x1b[")


@pytest.mark.parametrize("language", ["de", "nl", "no"])
@pytest.mark.parametrize("country", ["NO", ""])
def test_the_pages_show_what_the_start_shows(language: str, country: str):
    place = start(language, country=country)
    book, keys = book_of(place, SIZE), {UP: "up", DOWN: "down", b"k": "k", b"j": "j"}
    choice = random.Random(7)
    for _ in range(40):
        typed = choice.choices(list(keys), k=choice.randrange(9))
        there = start(language, country=country)
        for code in typed:
            there.key(keys[code])
        at, done = book.read(b"".join(typed))
        assert done == len(b"".join(typed))
        assert book.pictures[at] == picture(there, SIZE)


@pytest.mark.parametrize("theme", THEMES)
def test_the_colours_are_those_of_the_screen(theme: str):
    palette = Palette(theme)
    for name, numbers in codes(theme).items():
        wanted = palette.styles[name].render("x", color_system=ColorSystem.EIGHT_BIT)
        assert (f"\x1b[{numbers}mx\x1b[0m" if numbers else "x") == wanted


@pytest.mark.parametrize(
    "term", ["xterm", "xterm-256color", "xterm-kitty", "linux", "screen.xterm-256color", "dumb", ""]
)
@pytest.mark.parametrize("colorterm", ["", "truecolor", "24bit", "yes"])
def test_the_colours_are_counted_as_rich_counts_them(term: str, colorterm: str):
    environ = {"TERM": term, "COLORTERM": colorterm}
    assert colours(environ) == Console(force_terminal=True, _environ=environ).color_system


# --- where it lies, and when it holds


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere no book is looked for without a home")
@pytest.mark.parametrize(
    "changes",
    [{}, {"DEESCALATE_HOME": ""}, {"DEESCALATE_HOME": "~/x/../y"}, {"XDG_STATE_HOME": "", "DEESCALATE_HOME": ""}],
)
def test_it_lies_where_the_state_lies(changes: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    environ = dict(os.environ)
    assert place(environ) == os.path.abspath(locate(environ).state / NAME)  # noqa: PTH100 - `..` goes


@pytest.mark.parametrize("variable", FOLDERS)
def test_it_lies_nowhere_where_a_folder_is_another_one_in_each_working_directory(variable: str):
    assert place({**os.environ, variable: "here/../there"}) == ""
    assert place({**os.environ, variable: " "}) == place({**os.environ, variable: ""}) != ""


def stored() -> Path:
    """A book in the test's own home."""
    it = start()
    keep(it.desk.workplace, book_of(it, SIZE), mark_of(it.desk.workplace, SIZE))
    found = read(dict(os.environ), SIZE)
    assert found is not None
    assert found.pictures[0] == picture(it, SIZE)
    return it.desk.workplace.paths.config.parent


def test_it_holds_while_nothing_changes():
    stored()


def test_an_unfinished_session_a_file_a_variable_and_the_window_make_it_void(monkeypatch: pytest.MonkeyPatch):
    home, environ = stored(), dict(os.environ)
    assert SESSION == SUFFIX
    assert read(environ, (80, 25)) is None
    assert read({**environ, "NO_COLOR": "1"}, SIZE) is None
    assert read({**environ, "DEESCALATE_THEME": "light"}, SIZE) is None
    (home / "sessions").mkdir()
    journal = home / "sessions" / f"x{SUFFIX}"
    journal.touch()
    assert read(environ, SIZE) is None
    journal.unlink()
    assert read(environ, SIZE) is not None
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "settings.yaml").write_text("theme: light\n", encoding="utf-8")
    assert read(environ, SIZE) is None


def test_a_file_that_others_write_is_no_book():
    path = stored() / "state" / NAME
    path.chmod(0o620)
    assert read(dict(os.environ), SIZE) is None
    path.chmod(0o600)
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))
    assert read(dict(os.environ), SIZE) is None


def test_a_file_that_is_too_long_is_no_book():
    path = stored() / "state" / NAME
    path.write_bytes(path.read_bytes().ljust(MAX_BYTES + 1))
    assert read(dict(os.environ), SIZE) is None


def test_the_day_is_part_of_the_mark(monkeypatch: pytest.MonkeyPatch):
    before = circumstances({}, SIZE, [])
    monkeypatch.setattr(time, "localtime", lambda: time.gmtime(0))
    assert circumstances({}, SIZE, []) != before


def test_little_is_loaded_for_the_first_picture():
    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            f"import os, sys; had = set(sys.modules); import {FIRST}; print(*set(sys.modules) - had)",
        ],
        env={**os.environ, "PYTHONPATH": str(Path(deescalate_tui.__file__).parent.parent)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"re", "json", "typing", "pathlib", "asyncio", "msgspec", "rich", "textual", "yaml", "argparse"}
    assert len(loaded) <= 28, sorted(loaded)


# --- on a terminal


def test_the_second_start_shows_it_before_the_screen_is_loaded(window: Callable[..., Terminal], gate: Path):
    let_go(gate)
    first = window(environ=held(gate)).see("Aggressiv").settle()
    shown_first = first.text
    first.type("\x11").end()
    (gate / "open").unlink()
    it = window(environ=held(gate)).see("Aggressiv", "verlassen")
    shown, sent = it.text, len(it.raw)
    let_go(gate)
    it.settle()
    assert it.text == shown == shown_first
    later = it.raw[sent:].decode()
    assert not re.search(r"Aggressiv|\x1b\[\?1049h|\x1b\[2J", later)
    assert len(later) < 200, later
    assert it.type("\x11").end() == Exit.OK
    assert it.is_restored()


def test_keys_are_answered_before_the_screen_is_loaded_and_kept(window: Callable[..., Terminal], gate: Path):
    it = window(environ=held(gate)).see("Aggressiv")
    for _ in range(2):
        it.type("j\x1b[B")
    it.settle()
    shown = it.text
    it.type("k").settle()
    assert it.text != shown
    it.type("jx?")
    let_go(gate)
    it.see(catalogues.load("de")("help.title"))
    assert it.type("z\x11").end() == Exit.OK


def test_a_pick_is_kept_with_all_that_follows(window: Callable[..., Terminal], gate: Path, home: Path):
    it = window(environ=held(gate)).see("Aggressiv").type("j3aMöchte sein Geld zurück").settle()
    assert not list((home / "deescalate").glob(f"sessions/*{SUFFIX}"))
    let_go(gate)
    it.see("Möchte sein Geld zurück")
    assert it.type("\r\x11").end() == Exit.OK
    (journal,) = (home / "deescalate").glob(f"sessions/*{SUFFIX}")
    assert "Geld zurück" in journal.read_text(encoding="utf-8")


def test_typed_ahead_at_any_moment(window: Callable[..., Terminal], home: Path):
    expected = ""
    for moment in range(6):
        it = window(ahead="j" if moment == 0 else "")
        time.sleep(moment * 0.05)
        it.type("jj" if moment == 0 else "jjj")
        it.see("Aggressiv").settle()
        expected = expected or it.text
        assert it.text == expected
        it.type("\x11").end()


def test_an_escape_that_was_typed_last_is_a_key(window: Callable[..., Terminal]):
    it = window(ahead="?\x1b").see("Aggressiv").settle()
    assert catalogues.load("de")("help.title") not in it.text
    assert it.type("\x11").end() == Exit.OK


def test_what_a_key_changes_before_the_book_is_kept_is_in_the_next_start(window: Callable[..., Terminal], gate: Path):
    changes = held(gate, DEESCALATE_COUNTRY="")
    let_go(gate)
    window(environ=changes, ahead="1").see("Aggressiv").settle().type("\x11").end()
    (gate / "open").unlink()
    it = window(environ=changes).see("Aggressiv")
    assert b"Norge" not in it.raw


def test_with_an_unfinished_session_it_is_made_anew_each_time(window: Callable[..., Terminal], gate: Path, home: Path):
    left(opened())
    it = window(environ=held(gate)).see("r  ", "Aggressiv")
    let_go(gate)
    it.settle().type("\x11").end()
    assert not (home / "deescalate" / "state" / NAME).exists()


def test_the_question_for_the_country_comes_first(window: Callable[..., Terminal], gate: Path):
    it = window(environ=held(gate, DEESCALATE_COUNTRY="")).see("Norge")
    it.type("j").settle()
    let_go(gate)
    it.settle().type("\r").see("Aggressiv").type("\x11").end()


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, Exit.TERMINATED), (signal.SIGHUP, Exit.HANGUP), (signal.SIGINT, Exit.INTERRUPTED)],
)
def test_a_signal_in_the_first_moment(number: signal.Signals, status: int, window: Callable[..., Terminal], gate: Path):
    it = window(environ=held(gate)).see("Aggressiv").send(number)
    assert it.end() == status
    assert it.raw.endswith(b"\x1b[?1049l\x1b[?25h")
    assert termios.tcgetattr(it._slave) == it.modes


def test_a_signal_ends_it_though_what_is_loaded_takes_no_exception(window: Callable[..., Terminal], gate: Path):
    (gate / "deaf").touch()
    it = window(environ=held(gate)).see("Aggressiv").settle().send(signal.SIGTERM)
    assert it.end() == Exit.TERMINATED
    assert termios.tcgetattr(it._slave) == it.modes


def test_a_keyboard_that_ends_in_the_middle_of_a_key_holds_nothing_up(monkeypatch: pytest.MonkeyPatch):
    it, (ear, mouth) = Instant(SIZE), os.pipe()
    monkeypatch.setattr("deescalate_tui.instant.IN", ear)
    it._wake, it._typed = os.pipe(), b"j\x1b["
    it._reader.start()
    os.close(mouth)
    assert it.stop() == b"j\x1b["
    os.close(ear)


def test_what_fails_in_the_first_moment_is_said_on_the_first_screen(window: Callable[..., Terminal], gate: Path):
    it = window(environ=held(gate)).see("Aggressiv")
    let_go(gate, "broken")
    assert it.end() == Exit.CRASH
    assert catalogues.load("de")("cli.crash")[:30] in it.after
    assert "Nora" not in it.after
    assert termios.tcgetattr(it._slave) == it.modes


def test_a_window_that_is_pulled_in_the_first_moment(window: Callable[..., Terminal], gate: Path):
    it = window(environ=held(gate)).see("Aggressiv").resize(60, 20)
    let_go(gate)
    it.see("Aggressiv").settle()
    assert it.type("j\x11").end() == Exit.OK
    assert it.is_restored()


def test_a_window_that_is_pulled_there_and_back_in_the_first_moment(window: Callable[..., Terminal], gate: Path):
    it = window(environ=held(gate)).see("Aggressiv").settle().resize(60, 20).resize(80, 24)
    let_go(gate)
    it.see("Aggressiv", "verlassen")
    assert it.type("\x11").end() == Exit.OK


def test_a_window_that_is_closed_in_the_first_moment(window: Callable[..., Terminal], gate: Path):
    it = window(environ=held(gate)).see("Aggressiv")
    it.hang_up()
    assert it.end() == Exit.HANGUP


@pytest.mark.parametrize("changes", [{"DEESCALATE_INSTANT": "off"}, {"TERM": "unknown"}, {"LINES": "20"}])
def test_it_is_left_out_where_the_terminal_is_odd(changes: dict[str, str], window: Callable[..., Terminal], gate: Path):
    it = window(environ=held(gate, **changes))
    it.until(lambda: time.monotonic() > 0)
    time.sleep(0.7)
    it._read(0)
    assert b"Aggressiv" not in it.raw
    let_go(gate)
    it.see("Aggressiv").type("\x11").end()
