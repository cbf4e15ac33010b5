"""The report as text: bars of block characters, a spark line of the weeks, nothing by colour. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size

from deescalate_tui.report.chart import Chart, Page, Row

LEAST_WIDTH, MOST_WIDTH = 40, 100
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_SPARKS = "▁▂▃▄▅▆▇█"
_LEAST_BAR, _MOST_BAR = 6, 30
_MOST_LABEL, _MOST_TAILED, _LEAST_WORDS = 44, 60, 8
_LONG_LIST = 26
"""So many weeks are still written out."""


def text(page: Page, width: int) -> str:
    """The whole report, in lines of at most `width` cells."""
    width = max(LEAST_WIDTH, min(width, MOST_WIDTH))
    return "\n".join(_lines(page, width)) + "\n"


def _lines(page: Page, width: int) -> Iterator[str]:
    yield from _heading(page.title, "=", width)
    for fact in page.facts:
        yield from textwrap.wrap(fact, width)
    if page.weeks.rows:
        yield from ("", *_heading(page.weeks.title, "-", width))
        for start in range(0, len(page.weeks.rows), width):
            yield _sparks([row.value for row in page.weeks.rows[start : start + width]])
        if len(page.weeks.rows) <= _LONG_LIST:
            yield from _chart(page.weeks, width)
    for chart in page.charts:
        yield from ("", *_heading(chart.title, "-", width), *(_chart(chart, width) if chart.rows else ()))
        for note in chart.notes:
            yield from textwrap.wrap(note, width)
    yield ""
    for note in page.notes:
        yield from textwrap.wrap(note, width, initial_indent="* ", subsequent_indent="  ")


def _heading(title: str, line: str, width: int) -> list[str]:
    words = textwrap.wrap(title, width)
    return [*words, line * max(map(cell_len, words))]


def _chart(chart: Chart, width: int) -> Iterator[str]:
    """The rows below the names of their figures."""
    heads = [*chart.columns]
    figures = [max(cell_len(row.cells[at]) for row in chart.rows) for at in range(len(heads))]
    figures = [max(size, cell_len(head)) for size, head in zip(figures, heads, strict=True)]
    room = width - sum(figures) - 2 * len(figures)
    most_label = _MOST_TAILED if any(row.tail for row in chart.rows) else _MOST_LABEL
    label = min(max(cell_len(row.label + row.tail) for row in chart.rows), most_label, room - _LEAST_BAR - 2)
    bar = min(room - label - 2, _MOST_BAR)
    most = max((row.value for row in chart.rows), default=0)
    yield _line("", "", heads, label, bar, figures)
    for row in chart.rows:
        yield _line(_fitting(row, label), _bar(row.value, most, bar), row.cells, label, bar, figures)


def _line(label: str, bar: str, cells: Sequence[str], label_width: int, bar_width: int, figures: Sequence[int]) -> str:
    parts = [set_cell_size(label, label_width), set_cell_size(bar, bar_width)]
    parts += [" " * (size - cell_len(cell)) + cell for cell, size in zip(cells, figures, strict=True)]
    return "  ".join(parts).rstrip()


def _fitting(row: Row, width: int) -> str:
    """Label and tail in so many cells; the label is cut first."""
    if cell_len(row.label + row.tail) <= width:
        return row.label + row.tail
    tail = row.tail if cell_len(row.tail) <= width - _LEAST_WORDS else ""
    cut = set_cell_size(row.label, width - cell_len(tail) - 1).rstrip()
    return f"{cut}…{tail}"


def _bar(value: int, most: int, width: int) -> str:
    eighths = round(value * width * 8 / most) if most else 0
    if value:
        eighths = max(eighths, 1)
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def _sparks(values: Sequence[int]) -> str:
    most = max(values, default=0) or 1
    return "".join(_SPARKS[round(value * (len(_SPARKS) - 1) / most)] if value else " " for value in values).rstrip()
