"""The package says of itself what is true."""

import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, version
from importlib.resources import files
from pathlib import Path

import pytest

import deescalate_tui

PROJECT = tomllib.loads(Path(__file__).parent.parent.joinpath("pyproject.toml").read_text(encoding="utf-8"))


def deescalate(*arguments: str) -> str:
    """The command's output, run as users run it."""
    command = [sys.executable, "-m", "deescalate_tui", *arguments]
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8", stdin=subprocess.DEVNULL).stdout


def test_the_version_is_written_once():
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "src/deescalate_tui/__init__.py"
    assert version(PROJECT["project"]["name"]) == deescalate_tui.__version__


def test_the_command_says_its_version():
    assert deescalate_tui.__version__ in deescalate("--version")


def test_the_command_is_the_command_line():
    (command,) = entry_points(group="console_scripts", name="deescalate")
    assert command.value == PROJECT["project"]["scripts"]["deescalate"] == "deescalate_tui.launch:main"


def test_the_types_are_offered_to_others():
    assert files(deescalate_tui).joinpath("py.typed").is_file()


@pytest.mark.parametrize("customer_type", ["direct", "timid", "aggressive", "rude"])
def test_the_checklists_are_found(customer_type):
    assert customer_type in deescalate("checklists", "list")
