"""What terminal and page draw: headings, rows and notes, all in words. Pure."""

from __future__ import annotations

import msgspec


class Row(msgspec.Struct, frozen=True):
    """A line: what it is about, the length of its bar, and its figures in words."""

    label: str
    value: int
    cells: tuple[str, ...]
    tail: str = ""
    """Follows the label, and stays where there is no room for all of it."""
    before: bool = False
    """Of the period before; for weeks."""


class Chart(msgspec.Struct, frozen=True):
    """A heading with bars; `columns` names the figures beside them."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    hidden: bool = False
    """There is something, and each row of it is too small."""


class Page(msgspec.Struct, frozen=True):
    """The whole report."""

    title: str
    facts: tuple[str, ...]
    """What it is about, and how many sessions."""
    weeks: Chart
    charts: tuple[Chart, ...]
    notes: tuple[str, ...]
    """What was left out, and why."""
