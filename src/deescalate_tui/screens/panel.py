"""The panel of a wide screen: what to keep in mind, all steps of the phase, what was taken down.

What is the same all the time stands first, so that it stays where it is when the phase changes.
"""

from __future__ import annotations

from deescalate_tui.i18n import Messages
from deescalate_tui.screens.presenter import SessionView
from deescalate_tui.screens.rows import BLANK, Row, cut, span, wrap
from deescalate_tui.screens.steps import step_lines


def panel(view: SessionView, messages: Messages, width: int, room: int) -> list[Row]:
    """At most `room` rows of `width` cells; of what was taken down, the latest that there is room for."""
    title = next((tab.title for tab in view.phases if tab.active), "")
    rows = [_title(messages("panel.reminders"))]
    rows += [(span(f"   {line}"),) for reminder in view.reminders for line in wrap(reminder, width - 4)]
    rows += [BLANK, _title(title)]
    rows += [line for row in view.steps if row.phase == view.phase for line in step_lines(row, width)]
    if not view.captured:
        return rows
    left = room - len(rows) - 2
    taken: list[Row] = []
    for entry in reversed(view.captured):
        lines = wrap(entry.text, width - 10)[:2]
        if len(taken) + len(lines) > left:
            break
        first: Row = (span(f"   {entry.at:<5} ", "dim"), span(lines[0] if lines else ""))
        taken = [first, *((span(f"{' ' * 9}{cut(line, width - 10)}"),) for line in lines[1:]), *taken]
    return [*rows, BLANK, _title(messages("panel.captured")), *taken]


def _title(text: str) -> Row:
    return (span(f"  {text}", "accent"),)
