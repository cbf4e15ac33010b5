"""Rows for people and for programs: columns as wide as the terminal, or all of it with tabs between."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence

GAP = 2


def columns(rows: Sequence[Sequence[str]], give_way: Iterable[tuple[int, int]]) -> list[str]:
    """Rows as lines of the terminal's width; what is cut ends with an ellipsis.

    `give_way`: which column gives way first where there is no room, and how many cells are left to it at least.
    """
    # Late: what goes into a pipe does without rich.
    from rich.cells import cell_len, set_cell_size

    def cell(text: str, room: int) -> str:
        return set_cell_size(text if cell_len(text) <= room else f"{set_cell_size(text, room - 1).rstrip()}…", room)

    width = shutil.get_terminal_size().columns
    widths = [max(cell_len(text) for text in column) for column in zip(*rows, strict=True)]
    for place, least in give_way:
        over = sum(widths) + GAP * (len(widths) - 1) - width
        widths[place] = max(widths[place] - max(over, 0), min(least, widths[place]))
    gap = " " * GAP
    return [gap.join(cell(text, room) for text, room in zip(row, widths, strict=True)).rstrip() for row in rows]


def tabbed(row: Iterable[str]) -> str:
    """A row for programs: no cell breaks it."""
    return "\t".join(" ".join(cell.split()) for cell in row)
