"""Steps as rows: marks that differ by form, the headline, and which steps stand around it."""

from __future__ import annotations

from deescalate_tui.call.commands import GoTo
from deescalate_tui.screens.presenter import DONE, OPEN, Focus, StepRow
from deescalate_tui.screens.rows import CURRENT, Row, cut, link, span, wrap

MARKS = {DONE: "✓", "skipped": "»", OPEN: "◦"}
NEXT, LOOKED, CRITICAL = "›", "▹", "◊"


def step_rows(steps: list[StepRow], count: int, width: int) -> list[Row]:
    """At most `count` of the steps, with the one in view among them, and what was before and comes after it.

    The window jumps seldom, so that the eye finds each step where it was.
    """
    place = next((place for place, row in enumerate(steps) if row.looked), None)
    if place is None:
        place = next((place for place, row in enumerate(steps) if row.current), len(steps) - 1)
    first = 0
    while place > first + count - 2 and first + count < len(steps):
        first += max(count - 2, 1)
    first = max(0, min(first, len(steps) - count))
    shown = steps[first : first + count]
    upcoming = next((row for row in steps if row.upcoming), None)
    if upcoming is not None and upcoming not in shown and count > 1:
        shown = [*shown[:-1], upcoming]
    return [step_row(row, width) for row in shown]


def step_row(row: StepRow, width: int) -> Row:
    """A step as one line: its mark tells by its form whether it is current, looked at, done, skipped, next or open.

    Only the mark stands out: the words that matter now are the headline's, and a key changes little.
    """
    return _marked(row, f"{cut(row.text, width - 9)}{_gate(row)}")


def step_lines(row: StepRow, width: int) -> list[Row]:
    """The same with all its words, where there is room for more lines."""
    first, *rest = wrap(f"{row.text}{_gate(row)}", width - 7) or [""]
    return [_marked(row, first), *((span(f"      {line}", link("dim", GoTo(row.id))),) for line in rest)]


def _marked(row: StepRow, words: str) -> Row:
    mark, text = (link(style, GoTo(row.id)) for style in ("strong" if row.current or row.looked else "dim", "dim"))
    return (span(f"   {_mark(row)}", mark), span(f"  {words}", text))


def head(focus: Focus, row: StepRow | None, width: int) -> Row:
    """The headline of the step in focus."""
    mark = LOOKED if row is not None and row.looked else CURRENT
    gate = _gate(row) if row is not None else ""
    style = link("current", GoTo(focus.id)) if mark == LOOKED else "current"
    return (span(f" {mark} ", style), span(f" {cut(focus.do, width - 7)}{gate}", style))


def _mark(row: StepRow) -> str:
    if row.current or row.looked:
        return CURRENT if row.current else LOOKED
    return NEXT if row.upcoming and row.mark == OPEN else MARKS[row.mark]


def _gate(row: StepRow) -> str:
    return f" {CRITICAL}" if row.critical and row.mark == OPEN else ""
