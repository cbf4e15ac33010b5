"""docs/connect.md says what is so, beyond what is asked of every page: settings, JSON, variables, templates."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pages import DOCS, ROOT, blocks, code, text_of

from deescalate_tui import close_command
from deescalate_tui.call.session import OUTCOMES
from deescalate_tui.cli.call_json import KEYS, call_of
from deescalate_tui.deliver.delivery import FIRST_S, MOST_S, SLOW_S
from deescalate_tui.deliver.settings import CONTENTS, TEMPLATES, TICKET
from deescalate_tui.deliver.template import NAMES, read
from deescalate_tui.own_program import PATIENCE_S
from deescalate_tui.paths import locate
from deescalate_tui.settings.fields import load

TEXT = text_of(DOCS / "connect.md")
BLOCKS = blocks(TEXT)


def rows(after: str) -> dict[str, str]:
    """The first table behind these words: its first column, with the second."""
    lines = TEXT.partition(after)[2].partition("\n|---")[2].splitlines()[1:]
    table = [line.split("|") for line in lines[: next(n for n, line in enumerate(lines) if not line)]]
    return {name: cells[2] for cells in table for name in code(cells[1])}


@pytest.mark.parametrize("text", [text for kind, text in BLOCKS if kind == "yaml"])
def test_each_setting_is_taken(text: str, tmp_path: Path):
    paths = locate({"DEESCALATE_HOME": str(tmp_path)})
    paths.config.mkdir()
    (paths.config / "settings.yaml").write_text(text, encoding="utf-8")
    found = load(paths, {}, {})
    assert found.faults == ()
    assert found.deliver or found.close_command


def test_the_json_of_a_pop_up():
    (call,) = re.findall(r"echo '(.*)' \|", TEXT)
    assert call_of(call.encode()) == json.loads(call)
    assert set(rows("as an object of texts")) == set(KEYS)


def test_the_variables_of_the_command():
    table = rows("the id tells.")
    assert tuple(table) == close_command.VARIABLES
    assert set(code(table["DEESCALATE_NOTE_OUTCOME"])) == set(OUTCOMES)
    assert ("It has ten seconds" in TEXT) == (PATIENCE_S == 10)


def test_the_keys_of_deliver():
    properties = json.loads((ROOT / "checklists" / "schema" / "settings.json").read_text(encoding="utf-8"))
    known = properties["properties"]["deliver"]["anyOf"][0]["properties"]
    table = rows("nothing is sent twice.")
    assert set(table) == set(known)
    assert f"`{TICKET}`" in table["ticket"]
    assert all(f"`{name}`" in table["template"] for name in TEMPLATES)
    assert all(f"`{name}`" in table["content"] for name in CONTENTS)
    assert (FIRST_S, MOST_S, SLOW_S) == (30, 15 * 60, 4 * 3600)


def test_the_template_and_its_placeholders():
    (text,) = (text for kind, text in BLOCKS if kind == "json")
    read(text.encode(), "docs")
    named = set(re.findall(r"\{([a-z]+)\}", TEXT.partition("Placeholders:")[2]))
    assert named == NAMES
