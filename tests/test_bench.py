"""The arithmetic of the bench, and where its table goes. What it measures, no test can say."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "bench"))

import figures  # noqa: E402 - the bench is no package: it stands beside the program


def test_a_ratio_is_taken_round_by_round():
    it = figures.paired("start", "ms", [10, 40, 90], "bare", [10, 20, 30], "≤ 2")
    assert (it.value, it.ratio, it.rounds) == (40, 2, 3)
    assert it.ratio_low <= it.ratio <= it.ratio_high
    assert figures.interval([5.0] * 9) == (5.0, 5.0)
    assert figures.share(range(100), 0.99) == 99


def test_the_table_goes_between_its_marks_and_nowhere_else(tmp_path: Path):
    rows = [figures.paired("start", "ms", [10, 20], "bare", [10, 10], "≤ 2"), figures.row("memory", "MiB", [0.25])]
    text = figures.table(rows, {"Python": "3"})
    assert "| start | 15.0 ms |" in text
    assert "1.50 × bare" in text
    page = tmp_path / "page.md"
    page.write_text(f"before\n{figures.BEGIN}\nold\n{figures.END}\nafter\n", encoding="utf-8")
    figures.write_between(page, text)
    assert page.read_text(encoding="utf-8") == f"before\n{figures.BEGIN}\n{text}{figures.END}\nafter\n"
    page.write_text("none", encoding="utf-8")
    with pytest.raises(ValueError, match="once"):
        figures.write_between(page, text)
    assert json.loads(figures.as_json(rows, {}))["rows"][0]["ratio"] == 1.5


def test_the_page_has_a_place_for_it():
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert page.count(figures.BEGIN) == page.count(figures.END) == 1
