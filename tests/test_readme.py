"""README and docs/reference.md say all that there is: keys, commands, options, settings, statuses, variables."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

import pytest
from pages import COMMANDS, DOCS, README, ROOT, code, rows, section, text_of

from deescalate_tui import catalogues, close_command, help_command
from deescalate_tui.call.checklist import CONSENTS, NUMBER_KINDS
from deescalate_tui.call.keys import ACTIONS
from deescalate_tui.content.confirm import RECORDING
from deescalate_tui.content.schema_files import SHAPES
from deescalate_tui.errors import Exit
from deescalate_tui.launch import SWITCH
from deescalate_tui.paths import HOME, NOTES, SITE
from deescalate_tui.settings.fields import SETTINGS

TEXT = text_of(README)
REFERENCE = text_of(DOCS / "reference.md")


def described() -> Iterator[tuple[tuple[str, ...], str, list[str]]]:
    """The commands of the reference: words, argument, and the options named beside them."""
    for first, does in rows(REFERENCE, "Commands"):
        words = code(first)[0].split()[1:]
        argument = words.pop() if words and words[-1].startswith("[") else ""
        options = [text for text in code(does) if text.startswith("--")]
        last = words.pop().split("|") if words else []
        for name in last or [()]:
            yield (*words, name) if name else (), argument, options


def test_every_key_is_in_the_reference():
    named = [key for first, _ in rows(REFERENCE, "Keys") for key in code(first)]
    assert [key.lower() for key in named] == [key for it in ACTIONS for key in it.keys]


def test_every_command_is_in_the_reference():
    assert sorted(words for words, _, _ in described()) == sorted(COMMANDS)


def test_arguments_and_options_are_in_the_reference():
    for words, argument, options in described():
        if not argument and not options:
            continue
        actions = COMMANDS[words]._actions
        metavars = [str(it.metavar) for it in actions if not it.option_strings and it.metavar]
        assert argument.strip("[]") in (metavars or [""])
        if options:
            shown = [it for it in actions if it.option_strings and it.help != argparse.SUPPRESS]
            named = {it.option_strings[-1]: it.metavar or "" for it in shown}
            values = {name: " ".join(it) if isinstance(it, tuple) else it for name, it in named.items()}
            known = [f"{name} {value}".strip() for name, value in values.items()]
            assert sorted(options) == sorted(set(known) - {"--help"})


@pytest.mark.parametrize("language", ["de", "nl", "no", "en"])
def test_the_help_names_every_format_and_every_kind_of_number(language: str):
    words = catalogues.load(language)
    assert set(SHAPES) <= set(re.findall("[a-z]+", words("cli.argument.schema")))
    assert {*NUMBER_KINDS, RECORDING} <= set(re.findall("[a-z]+", words("cli.argument.kind")))
    assert set(CONSENTS) <= set(re.findall("[a-z]+", words("cli.argument.number")))


def test_every_setting_is_in_the_reference():
    assert [code(name)[0] for name, _, _ in rows(REFERENCE, "Settings")] == list(SETTINGS)


@pytest.mark.parametrize(("name", "means", "default"), rows(REFERENCE, "Settings"))
def test_the_values_of_a_setting_in_the_reference(name: str, means: str, default: str):
    setting = SETTINGS[code(name)[0]]
    allowed = setting.kind.allowed
    values = [text for text in code(means) if not text.startswith(("{", "["))]
    assert not values or set(values) == set(allowed.split(", "))
    assert "–" not in allowed or "to" not in means or allowed.replace("–", " to ") in means
    if code(default):
        assert code(default)[-1] == str(setting.default)
    elif default.isdigit():
        assert int(default) == setting.default


def test_the_exit_statuses_in_the_reference():
    (text,) = re.findall(r"Exit status: (.*?)\.\n", section(REFERENCE, "Commands"), re.DOTALL)
    assert {int(number) for number in re.findall(r"\b\d+\b", text)} == {int(status) for status in Exit}


def test_every_variable_is_in_the_reference():
    named = set(re.findall(r"`(DEESCALATE_[A-Z_]+)`", REFERENCE))
    assert named == {HOME, NOTES, SITE, SWITCH, *help_command.VARIABLES, *close_command.VARIABLES}


def test_the_number_of_packages_in_the_readme():
    (number,) = re.findall(r"(\w+) packages run beside ours", TEXT)
    lock = text_of(ROOT / "locks" / "requirements.txt")
    words = ("Eight", "Nine", "Ten", "Eleven", "Twelve", "Thirteen", "Fourteen")
    assert 8 + words.index(number) == len(re.findall("^[a-z].*==", lock, re.MULTILINE))


def test_the_version_of_python_in_the_readme():
    (least,) = re.findall(r"Python (\d\.\d+) or newer", TEXT)
    assert f'requires-python = ">={least}"' in text_of(ROOT / "pyproject.toml")


def test_every_type_and_language_named_in_an_example_is_there():
    for type_id, language in re.findall(r"guide (\w+) --lang (\w+)", TEXT):
        assert (ROOT / "checklists" / language / f"{type_id}.yaml").is_file()
