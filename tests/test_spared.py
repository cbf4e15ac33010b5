"""What a start loads: the deterministic side of how fast it is. The times themselves are `make bench`'s."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from textual.app import ComposeResult

import deescalate_tui
from deescalate_tui.spared import UNUSED, Unused
from deescalate_tui.tui.canvas import Canvas
from deescalate_tui.tui.quiet import QuietApp
from deescalate_tui.tui.themes import Palette

SOURCES = Path(deescalate_tui.__file__).parent.parent
SCREEN = "from deescalate_tui.spared import spare; spare(); import deescalate_tui.cli.main, deescalate_tui.tui.app"
BARE = "import textual.app, textual.widgets; textual.widgets.Static"
DRIVER = "" if sys.platform == "win32" else "; import textual.drivers.linux_driver, deescalate_tui.tui.patient"
NEVER = {
    *("argparse", "yaml", "sqlite3", "secrets", "hmac", "_ssl", "http", "email", "xml", "multiprocessing", "unittest"),
    *("markdown_it", "pygments", "pydantic", "tree_sitter", "platformdirs.windows"),
    *(
        "textual.widgets._input",
        "textual.widgets._select",
        "textual.widgets._tree",
        "textual.fuzzy",
        "textual.widgets._markdown",
    ),
    *("textual.containers", "textual.widgets._static", "hashlib", "_hashlib"),
    *("deescalate_tui.content.formats", "deescalate_tui.tui.start", "deescalate_tui.tui.reader"),
    *("deescalate_tui.screens.finder", "deescalate_tui.screens.english_names"),
    *("deescalate_tui.plain.session", "deescalate_tui.notes.markdown"),
}


def loaded(code: str) -> set[str]:
    """The modules that a fresh Python has after the code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*(name for name, it in sys.modules.items() if it))"],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.split())


def test_the_screen_loads_little_beside_what_a_bare_textual_app_does():
    ours, bare = loaded(SCREEN + DRIVER), loaded(BARE + DRIVER.partition(", deescalate")[0])
    assert not ours & NEVER
    own = {name for name in ours if name.partition(".")[0] == "deescalate_tui"}
    assert len(ours - own - bare) <= 40, sorted(ours - own - bare)
    assert len(own) <= 110, sorted(own)


@pytest.mark.skipif(sys.platform == "win32", reason="no window is opened by hand there")
def test_version_and_help_load_neither_msgspec_nor_the_screen():
    for option in ("--version", "--help"):
        code = f"import sys; sys.argv[1:] = ['{option}']; from deescalate_tui import launch; launch.leave = int"
        code += "; launch.main(); print()"
        assert not loaded(code) & {"msgspec", "textual", "rich", "yaml", "asyncio", "platformdirs"}


def test_what_is_left_out_can_be_imported_from():
    module: ModuleType = Unused("left.out")
    assert isinstance(module.Provider, type)
    with pytest.raises(AttributeError):
        _ = module.__path__


@pytest.mark.parametrize("name", UNUSED)
def test_what_is_left_out_is_still_there_to_be_left_out(name: str):
    assert import_module(name)


async def test_no_style_sheet_is_read_but_the_two_of_ours():
    class App(QuietApp):
        def compose(self) -> ComposeResult:
            yield Canvas(Palette("dark"))

    app = App(None)
    async with app.run_test():
        assert [rule.selectors for rule in app.stylesheet.rules] == ["BareScreen", "Canvas"]


def test_the_palette_is_as_it_was_where_nothing_is_left_out():
    assert not isinstance(import_module("textual.command"), Unused)
