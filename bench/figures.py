"""Medians, their intervals, and how they are written down."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
"""Between these two lines of a page the table stands."""


class Row(NamedTuple):
    """One measurement: a median with its 95 % interval, and beside it what it is measured against."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    rounds: int
    reference: str = ""
    ratio: float | None = None
    ratio_low: float = 0
    ratio_high: float = 0
    goal: str = ""


def interval(values: Sequence[float], draws: int = 400) -> tuple[float, float]:
    """The middle 95 % of the medians of as many draws with replacement; the same for the same values."""
    choice = random.Random(7)
    medians = sorted(median(choice.choices(values, k=len(values))) for _ in range(draws))
    return medians[int(draws * 0.025)], medians[int(draws * 0.975)]


def row(name: str, unit: str, values: Sequence[float], goal: str = "") -> Row:
    """A measurement that stands for itself."""
    return Row(name, unit, median(values), *interval(values), len(values), goal=goal)


def paired(
    name: str, unit: str, values: Sequence[float], reference: str, others: Sequence[float], goal: str = ""
) -> Row:
    """A measurement against a reference of the same rounds: the ratio is taken round by round."""
    ratios = [mine / other for mine, other in zip(values, others, strict=True)]
    it = row(name, unit, values, goal)
    low, high = interval(ratios)
    return it._replace(reference=reference, ratio=median(ratios), ratio_low=low, ratio_high=high)


def share(values: Sequence[float], part: float) -> float:
    """The value below which so large a part of them lies."""
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]


def table(rows: Sequence[Row], about: Mapping[str, str]) -> str:
    """The table as Markdown, with what it was measured on."""
    lines = [" · ".join(f"{name} {value}" for name, value in about.items()), ""]
    lines += ["| what | median | 95 % | × reference | 95 % | rounds | goal |", "|---|---:|---:|---:|---:|---:|---|"]
    for it in rows:
        spread = f"{_short(it.low)}–{_short(it.high)}" if it.rounds > 1 else ""
        against = f"{it.ratio:.2f} × {it.reference}" if it.ratio is not None else ""
        between = f"{it.ratio_low:.2f}–{it.ratio_high:.2f}" if it.ratio is not None and it.rounds > 1 else ""
        median_text = f"{_short(it.value)} {it.unit}"
        lines.append(f"| {it.name} | {median_text} | {spread} | {against} | {between} | {it.rounds} | {it.goal} |")
    return "\n".join(lines) + "\n"


def as_json(rows: Sequence[Row], about: Mapping[str, str]) -> str:
    """The same for programs."""
    return json.dumps({"about": dict(about), "rows": [it._asdict() for it in rows]}, indent=1) + "\n"


def write_between(page: Path, text: str) -> None:
    """Put the text between the marks of a page. Raises ValueError where they are missing."""
    old = page.read_text(encoding="utf-8")
    before, begin, rest = old.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page}: {BEGIN} and {END} have to stand in it, each once")
    page.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2g}"
