"""The package says of itself what is true."""

import os
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, version
from importlib.resources import files
from pathlib import Path

import pytest

import deescalate_tui

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tools"))

import packs  # noqa: E402 - a tool, no package

PROJECT = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))


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


def test_a_checkout_is_packed_without_git_too(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("PATH", "")
    assert packs.moment() == {}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
def test_others_can_read_what_is_built_with_a_private_umask(monkeypatch, tmp_path):
    made = tmp_path / "made.zip"
    monkeypatch.setattr(packs, "ROOT", tmp_path)

    def word() -> Path:
        made.write_bytes(b"")
        return made

    monkeypatch.setattr(packs, "WORDS", (word,))
    monkeypatch.setattr(sys, "argv", ["packs.py", "word"])
    before = os.umask(0o077)
    try:
        packs.main()
    finally:
        os.umask(before)
    assert made.stat().st_mode & 0o777 == 0o644


def test_the_packs_hold_what_the_extras_ask_for():
    assert packs.optional() == ["pyrage", "XlsxWriter"]
    locked = ROOT.joinpath(packs.LOCK).read_text(encoding="utf-8")
    assert all(f"\n{name.lower()}==" in locked for name in packs.optional())
