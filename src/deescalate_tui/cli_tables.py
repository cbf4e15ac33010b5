"""Rows for people and for programs: columns as wide as the terminal, or all of it with tabs between."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from itertools import islice

from deescalate_tui.cli_streams import is_terminal, put

GAP = 2
AT_ONCE = 500
"""Rows that are written together."""


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


def put_rows(head: Sequence[str], rows: Iterable[Sequence[str]], give_way: Iterable[tuple[int, int]]) -> int:
    """Rows under their names on a terminal, for programs with tabs between; how many there were."""
    if is_terminal(sys.stdout):
        table = list(rows)
        put("".join(f"{line}\n" for line in columns([head, *table], give_way)) if table else "")
        return len(table)
    number = 0
    iterator = iter(rows)
    while page := list(islice(iterator, AT_ONCE)):
        put("".join(f"{tabbed(row)}\n" for row in page))
        number += len(page)
    return number


def tabbed(row: Iterable[str]) -> str:
    """A row for programs: no cell breaks it."""
    return "\t".join(" ".join(cell.split()) for cell in row)
