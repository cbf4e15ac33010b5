"""Only `deescalate_tui.tui` imports Textual: the rest starts fast, and works where there is no screen.

import-linter reads the sources for the same rule; here it is put to the proof.
"""

import subprocess
import sys
from pathlib import Path

import pytest

import deescalate_tui

PACKAGE = Path(deescalate_tui.__file__).parent
BLOCKED = "import sys; sys.modules['textual'] = None; "
"""With this, whoever imports Textual fails, and the traceback names the line."""


def modules() -> list[str]:
    """Every module outside the tui package, by its dotted name."""
    paths = (path.relative_to(PACKAGE.parent).with_suffix("") for path in PACKAGE.rglob("*.py"))
    names = sorted(".".join(path.parts).removesuffix(".__init__") for path in paths)
    return [name for name in names if not f"{name}.".startswith("deescalate_tui.tui.")]


def run_without_textual(code: str) -> None:
    """Run code where Textual cannot be imported."""
    done = subprocess.run([sys.executable, "-c", BLOCKED + code], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        pytest.fail(
            "Something outside deescalate_tui.tui does not load without Textual. The last line of ours below says "
            f"where: import it only inside the function that opens the screen.\n\n{done.stderr}"
        )


def test_no_module_outside_the_tui_loads_textual():
    run_without_textual(f"import importlib\nfor name in {modules()}: importlib.import_module(name)")


def test_the_command_line_loads_without_textual():
    run_without_textual("import deescalate_tui.cli.main")


def test_the_version_needs_no_textual():
    asked = "sys.argv = ['deescalate', '--version']"
    run_without_textual(f"{asked}; from deescalate_tui.cli.main import main; sys.exit(main())")
