"""The project's pages as tests read them: sections, tables, code, links, command lines; and what there is to name."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from deescalate_tui import catalogues
from deescalate_tui.cli.parser import Parser, parser

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
README, SECURITY = ROOT / "README.md", ROOT / "SECURITY.md"
PAGES = (README, SECURITY, *sorted(DOCS.rglob("*.md")))
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(text: str) -> list[tuple[str, str]]:
    """The blocks of code: what kind, and what stands in them."""
    return [(kind, inner) for _, kind, inner in _BLOCK.findall(text)]


def prose(text: str) -> str:
    """The text without its blocks of code."""
    return _BLOCK.sub("", text)


def code(text: str) -> list[str]:
    """What stands between backticks in a line of prose or a cell."""
    return re.findall(r"`([^`]+)`", text)


def section(text: str, title: str) -> str:
    """What stands under a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def rows(text: str, title: str) -> list[list[str]]:
    """The rows of the first table under a heading."""
    lines = [line for line in section(text, title).splitlines() if line.startswith("|")]
    cells = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return cells[2:]


def links(text: str) -> list[str]:
    """Where the links lead that stay in the project."""
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", prose(text)) if "://" not in link]


def anchors(text: str) -> set[str]:
    """The names of the headings, as GitHub gives them."""
    heads = re.findall(r"^#+ (.*)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def command_lines(text: str) -> Iterator[list[str]]:
    """The words behind `deescalate`, wherever the program is started on a page."""
    inline = [" ".join(it.split()) for it in code(prose(text))]
    shown = [line for _, block in blocks(text) for line in block.splitlines()]
    for line in shown + [it for it in inline if "|" not in it and "[" not in it]:
        plain = re.sub(r'\b(?:make run ARGS="|dev\.py run )', "deescalate ", line.partition("  #")[0])
        for found in re.findall(r"(?:^|[\s\"(/])deescalate ([a-z-][^|>\n]*)", plain):
            # A quotation mark without its twin closes one that was opened before the program's name.
            yield shlex.split(found.replace("\\", "/").rpartition('"')[0] if found.count('"') % 2 else found)


def commands(of: Parser, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Parser]]:
    """Every command that does something, by its words."""
    inner = [action for action in of._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner or not path:
        yield path, of
    for action in inner:
        for name, choice in action.choices.items():
            yield from commands(choice, (*path, name))


COMMANDS = dict(commands(parser(catalogues.load("en"))))
OPTIONS = {option for it in COMMANDS.values() for action in it._actions for option in action.option_strings}
