"""The guides for leads and authors, and that to reports, say what is so, beyond what is asked of every page."""

from __future__ import annotations

import re
import shlex
from datetime import date

import pytest
from pages import DOCS, ROOT, code, rows, section, text_of

from deescalate_tui import catalogues
from deescalate_tui.archive.past import parse_past
from deescalate_tui.archive.query import FIELDS
from deescalate_tui.archive.search import RANKED
from deescalate_tui.cli.export import ENDINGS
from deescalate_tui.cli.parser import parse
from deescalate_tui.content.check_paths import MAIN_PATH
from deescalate_tui.content.from_yaml import MAX_CRITICAL
from deescalate_tui.export.record import MOST_TOLD
from deescalate_tui.report.checkup import LEAST_GUIDED, LEAST_SHARE, RISE, SKIPPED, UNDONE, UNREACHED
from deescalate_tui.report.shares import MANY_SESSIONS
from deescalate_tui.report.suppress import LEAST_AGENTS, LEAST_SESSIONS
from deescalate_tui.report.words import MOST
from deescalate_tui.screens.desk import KEYS, WIDE

LEADS, REPORT, AUTHORS = (text_of(DOCS / f"{name}.md") for name in ("leads", "report", "authors"))
REFERENCE = text_of(DOCS / "reference.md")
MANUAL = ROOT / "tools" / "deescalate.1.in"
SHOWN = {"tab", "escape", "←", "→", "f3"}
"""Keys of the desk that do what another one does, and those of a note that is read."""


def test_every_key_of_the_desk_is_on_the_page():
    named = {key.lower() for first, _ in rows(LEADS, "The desk") for key in code(first)} | {"←", "→"}
    own = {it.keys for it in KEYS if it.id != "move"}
    assert all(set(keys) & named for keys in own)
    assert named <= {key for keys in own for key in keys} | SHOWN


def test_every_field_of_a_search_is_on_the_page():
    (fields,) = (text for _, finds in rows(LEADS, "Find a note") for text in code(finds) if text.startswith("channel "))
    assert fields.split() == sorted(FIELDS)


def test_every_format_of_an_export_is_on_the_page():
    named = [code(first)[0] for first, _ in rows(LEADS, "Hand notes on")]
    assert set(named) == set(ENDINGS) - {".ndjson"}


def test_the_times_that_the_pages_name_are_understood():
    (sentence,) = re.findall(r"A DATE is (.*?)\.\s", section(REFERENCE, "Commands"), re.DOTALL)
    (told,) = re.findall(r"A time is (.*?)\.\n", section(LEADS, "Find a note"), re.DOTALL)
    times = code(sentence) + code(told)
    assert len(times) > 10
    assert [text for text in times if parse_past(text, date(2026, 11, 22)) is None] == []


def test_the_figures_for_leads():
    assert f"window of {WIDE} columns" in LEADS
    assert f"the newest {RANKED:,})" in LEADS
    assert f"names the first {MOST_TOLD}," in LEADS
    assert f"fewer than {LEAST_SESSIONS} sessions or {LEAST_AGENTS} agents" in LEADS


def test_the_figures_of_a_report():
    assert f"at least {LEAST_SESSIONS} sessions of at least {LEAST_AGENTS} agents" in REPORT
    assert f"guided at least {LEAST_GUIDED} sessions" in REPORT
    found = [int(it) / 100 for it in re.findall(r"([0-9]+) %", section(REPORT, "Where the figures come from"))]
    assert found == [LEAST_SHARE[kind] for kind in (SKIPPED, UNDONE, UNREACHED, RISE)]
    assert f"at most {MOST} of a request" in REPORT
    assert f"groups of {MANY_SESSIONS} sessions and more" in REPORT


def test_the_figures_for_authors():
    words = ("one", "two", "three")
    said = dict(rows(AUTHORS, "How a text should be"))
    (path,) = (most for first, most in said.items() if "main path" in first)
    assert [int(it) for it in re.findall("[0-9]+", path)] == [*MAIN_PATH[False][:2], *MAIN_PATH[True][:2]]
    (gate,) = (most for first, most in said.items() if "critical" in first)
    assert gate.startswith(f"{words[MAX_CRITICAL - 1]} steps")


@pytest.mark.parametrize("line", re.findall(r"^\.Dl deescalate (.*)", text_of(MANUAL), re.MULTILINE))
def test_every_example_of_the_manual_page_is_understood(line: str):
    assert parse(shlex.split(line.replace("\\-", "-")), catalogues.load("en")).command
