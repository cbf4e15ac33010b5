"""What any page says is so: links, commands, options, keys, settings, variables, targets, pictures."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from functools import cache
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest
from pages import (
    COMMANDS,
    DOCS,
    OPTIONS,
    PAGES,
    README,
    ROOT,
    anchors,
    blocks,
    code,
    command_lines,
    links,
    name_of,
    prose,
    rows,
    text_of,
)

from deescalate_tui import catalogues, close_command, help_command
from deescalate_tui.call.fields import FIELDS
from deescalate_tui.call.keys import ACTIONS
from deescalate_tui.cli.parser import parse
from deescalate_tui.content.library import Library
from deescalate_tui.launch import SWITCH
from deescalate_tui.paths import HOME, NOTES, SITE, locate
from deescalate_tui.settings.fields import SETTINGS, load

every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)
AGENTS = {path.stem: path for path in sorted((DOCS / "agents").glob("*.md"))}
ADMINS, CONTRIBUTING, TOUR = DOCS / "admins.md", DOCS / "contributing.md", DOCS / "tour.md"
PICTURES = sorted((DOCS / "pictures").glob("*.svg"))
SOURCES = ROOT / "src" / "deescalate_tui"
KEYS = {key for it in ACTIONS for key in it.keys}
KEYS_ASIDE = {"y", "escape", *re.findall(r"letter: (\w)", text_of(ROOT / "checklists" / "de" / "cards.yaml"))}
"""Of the note's screen, of a line that is being typed, of the emergency cards."""
DELIVER = json.loads(text_of(ROOT / "checklists" / "schema" / "settings.json"))["properties"]["deliver"]["anyOf"][0]
VARIABLES = {
    *(HOME, NOTES, SITE, SWITCH, *help_command.VARIABLES, *close_command.VARIABLES),
    *(it.variable for it in SETTINGS.values()),
}


# What is named is there


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=name_of)
def test_every_link_leads_somewhere(page: Path):
    for link in links(text_of(page)):
        place, _, anchor = link.partition("#")
        target = page.parent / place if place else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(text_of(target)), link


@every_page
def test_every_command_line_is_understood(page: Path):
    for words in command_lines(text_of(page)):
        found = parse(words, catalogues.load("en"))
        assert (words[0],) in COMMANDS or words[0] in OPTIONS or found.what, words


@every_page
def test_every_option_is_there(page: Path):
    named = {option for it in code(prose(text_of(page))) for option in re.findall(r"^--[a-z-]+", it)}
    assert named <= OPTIONS


@every_page
def test_every_variable_is_there(page: Path):
    named = set(re.findall(r"\bDEESCALATE_[A-Z_]*[A-Z]\b", text_of(page)))
    assert named <= VARIABLES


@every_page
def test_every_name_with_an_underline_is_there(page: Path):
    """Settings, keys of `deliver`, what a step asks, modules."""
    named = {it for it in code(prose(text_of(page))) if re.fullmatch(r"[a-z]+(_[a-z]+)+", it)}
    modules = {path.stem for path in SOURCES.rglob("*")}
    assert named <= {*SETTINGS, *DELIVER["properties"], *FIELDS, *modules}


def as_on_keyboard(key: str) -> str:
    """A key by its name in the settings: F2 is f2, Strg+Q is ctrl+q. A letter is no name."""
    return re.sub(r"^(F\d+|(Ctrl|Strg)\+.)$", lambda it: it[1].lower().replace("strg", "ctrl"), key)


@every_page
def test_every_key_is_there(page: Path):
    named = {it for it in code(prose(text_of(page))) if re.fullmatch(r"[a-z0-9!?/]|F\d+|\w+\+.|escape|enter|space", it)}
    assert set(map(as_on_keyboard, named)) <= KEYS | KEYS_ASIDE


@every_page
def test_every_make_target_is_there(page: Path):
    targets = re.findall(r"^(\w+):", text_of(ROOT / "Makefile"), re.MULTILINE)
    assert set(re.findall(r"(?:^|`)make (\w+)", text_of(page), re.MULTILINE)) <= set(targets)


@cache
def words_of_the_tool() -> set[str]:
    told = subprocess.run([sys.executable, ROOT / "tools" / "dev.py"], capture_output=True, text=True, check=False)
    return set(re.findall(r"^    (\w+) ", told.stdout, re.MULTILINE))


@every_page
def test_every_word_of_the_tool_is_there(page: Path):
    assert set(re.findall(r"(?:tools[/\\]dev\.py|dev\.cmd) (\w+)", text_of(page))) <= words_of_the_tool()


def test_every_page_is_in_the_index():
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in links(text_of(DOCS / "README.md"))}
    assert {*PAGES, ROOT / "CHANGELOG.md"} - {DOCS / "README.md"} == {it for it in linked if it.suffix == ".md"}


def test_every_module_of_the_walk_is_there():
    named = [name for first, _ in rows(text_of(CONTRIBUTING), "Where what lives") for name in code(first)]
    assert len(named) > 20
    for name in named:
        places = (ROOT / name, SOURCES / name, SOURCES / f"{name}.py")
        assert any(it.exists() for it in places), name


@pytest.mark.parametrize("text", [it for kind, it in blocks(text_of(ADMINS)) if kind == "yaml" and "..." not in it])
def test_the_settings_of_a_site_hold(text: str, tmp_path: Path):
    (tmp_path / "settings.yaml").write_text(text, encoding="utf-8")
    found = load(locate({HOME: str(tmp_path / "home"), SITE: str(tmp_path)}), {}, {})
    assert found.faults == ()
    assert any(it.locked for it in found.origins.values())


# The pages for agents


def test_there_is_a_page_for_agents_in_each_language_of_a_conversation():
    assert set(AGENTS) == set(Library.open().languages())


@pytest.mark.parametrize("language", AGENTS)
def test_the_pages_for_agents_say_the_same_on_one_sheet(language: str):
    text = text_of(AGENTS[language])
    keys = [it for it in map(as_on_keyboard, code(text)) if it in KEYS]
    assert keys == [it for it in map(as_on_keyboard, code(text_of(AGENTS["de"]))) if it in KEYS]
    assert len(text) < 3000
    assert len(text.splitlines()) < 60
    assert f"**{catalogues.load(language)('save.not-saved')}**" in text
    assert str(SETTINGS["retention_days"].default) in text


# The pictures


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "tools" / "pictures.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["pictures"] = module
    spec.loader.exec_module(module)
    return module


def words_in(svg: str) -> str:
    return " ".join(unescape(" ".join(re.findall(r"<text [^>]*>([^<]*)<", svg))).split())


def test_the_pictures_are_those_of_the_script_and_each_is_shown():
    made = {name for call in tool().CALLS for name in call.names}
    assert {path.stem for path in PICTURES} == made
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(text_of(page))}
    assert set(PICTURES) <= shown


def test_the_tour_shows_the_call_of_the_script_in_its_order():
    (call,) = (it for it in tool().CALLS if "tour-start" in it.shots)
    page = text_of(TOUR)
    assert [Path(link).stem for link in links(page) if "/tour-" in link] == list(call.shots)
    typed = {key[1:] for keys in call.shots.values() for key in keys if key.startswith("=")}
    quoted = re.findall(r'"([A-Z][^"]+!)"', page) + re.findall("`(morgen [^`]+)`", page)
    assert len(quoted) == 2
    assert set(quoted) <= typed


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_small_and_loads_nothing(path: Path):
    text = text_of(path)
    assert len(text.encode()) < 60_000
    assert "@font-face" not in text
    assert not re.search(r"(?:href|src)=|url\((?!#)", text)


def test_every_picture_shows_what_the_program_shows(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    stale = [
        name for name, svg in tool().made() if words_in(svg) != words_in(text_of(DOCS / "pictures" / f"{name}.svg"))
    ]
    assert not stale, "make them anew: tools/pictures.py"


def test_the_first_screen_of_the_readme_shows_a_call_and_two_commands():
    first = text_of(README).splitlines()[:20]
    assert any("![" in line and "session-de.svg" in line for line in first)
    assert {"make run", "make test"} <= {line[:9].strip() for line in first}
