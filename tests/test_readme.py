"""The README says what the program does: its keys, commands, options, settings and statuses, links and pictures."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deescalate_tui import catalogues, close_command, help_command
from deescalate_tui.cli_parser import Parser, parser
from deescalate_tui.errors import Exit
from deescalate_tui.keys import ACTIONS
from deescalate_tui.launch import SWITCH
from deescalate_tui.paths import HOME, NOTES, SITE
from deescalate_tui.settings import SETTINGS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """What stands under a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", README, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def rows(title: str) -> list[list[str]]:
    """The rows of the first table under a heading."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    cells = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return cells[2:]


def code(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def commands(of: Parser, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Parser]]:
    """Every command that does something, by its words."""
    inner = [action for action in of._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner or not path:
        yield path, of
    for action in inner:
        for name, choice in action.choices.items():
            yield from commands(choice, (*path, name))


COMMANDS = dict(commands(parser(catalogues.load("en"))))


def described() -> Iterator[tuple[tuple[str, ...], str, list[str]]]:
    """The commands of the README: words, argument, and the options named beside them."""
    for first, does in rows("Commands"):
        words = code(first)[0].split()[1:]
        argument = words.pop() if words and words[-1].startswith("[") else ""
        options = [text for text in code(does) if text.startswith("--")]
        last = words.pop().split("|") if words else []
        for name in last or [()]:
            yield (*words, name) if name else (), argument, options


def test_every_key_is_in_the_readme():
    assert [key for first, _ in rows("Keys") for key in code(first)] == [key for it in ACTIONS for key in it.keys]


def test_every_command_is_in_the_readme():
    assert sorted(words for words, _, _ in described()) == sorted(COMMANDS)


def test_arguments_and_options_are_in_the_readme():
    for words, argument, options in described():
        if not argument and not options:
            continue
        actions = COMMANDS[words]._actions
        metavars = [str(it.metavar) for it in actions if not it.option_strings and it.metavar]
        assert argument.strip("[]") in (metavars or [""])
        if options:
            named = {it.option_strings[-1]: it.metavar or "" for it in actions if it.option_strings}
            values = {name: " ".join(it) if isinstance(it, tuple) else it for name, it in named.items()}
            known = [f"{name} {value}".strip() for name, value in values.items()]
            assert sorted(options) == sorted(set(known) - {"--help"})


def test_every_setting_is_in_the_readme():
    assert [code(name)[0] for name, _, _ in rows("Settings")] == list(SETTINGS)


@pytest.mark.parametrize(("name", "means", "default"), rows("Settings"))
def test_the_values_of_a_setting_in_the_readme(name: str, means: str, default: str):
    setting = SETTINGS[code(name)[0]]
    allowed = setting.kind.allowed
    values = [text for text in code(means) if not text.startswith(("{", "["))]
    assert not values or set(values) == set(allowed.split(", "))
    assert "–" not in allowed or "to" not in means or allowed.replace("–", " to ") in means
    if code(default):
        assert code(default)[-1] == str(setting.default)
    elif default.isdigit():
        assert int(default) == setting.default


def test_the_exit_statuses_in_the_readme():
    (text,) = re.findall(r"Exit status: (.*?)\.\n", section("Commands"), re.DOTALL)
    assert {int(number) for number in re.findall(r"\b\d+\b", text)} == {int(status) for status in Exit}


def test_the_variables_in_the_readme():
    named = set(re.findall(r"`(DEESCALATE_[A-Z_]+)`", README))
    assert named == {HOME, NOTES, SITE, SWITCH, *help_command.VARIABLES, *close_command.VARIABLES}


def test_every_relative_link_and_picture_is_there():
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_in_the_readme_is_there():
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE)) <= set(targets)


def test_every_word_of_the_tool_in_the_readme_is_there():
    tool = subprocess.run([sys.executable, ROOT / "tools" / "dev.py"], capture_output=True, text=True, check=False)
    words = set(re.findall(r"tools[/\\]dev\.py (\w+)", README))
    assert words
    assert words <= set(re.findall(r"^    (\w+) ", tool.stdout, re.MULTILINE))


def test_the_number_of_packages_in_the_readme():
    (number,) = re.findall(r"(\w+) packages run beside ours", README)
    lock = (ROOT / "locks" / "requirements.txt").read_text(encoding="utf-8")
    words = ("Eight", "Nine", "Ten", "Eleven", "Twelve", "Thirteen", "Fourteen")
    assert 8 + words.index(number) == len(re.findall("^[a-z].*==", lock, re.MULTILINE))


def test_the_version_of_python_in_the_readme():
    (least,) = re.findall(r"Python (\d\.\d+) or newer", README)
    assert f'requires-python = ">={least}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_every_type_and_language_named_in_an_example_is_there():
    for type_id, language in re.findall(r"guide (\w+) --lang (\w+)", README):
        assert (ROOT / "checklists" / language / f"{type_id}.yaml").is_file()
