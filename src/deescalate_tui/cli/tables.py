"""Rows for people and for programs: columns as wide as the terminal, or all of it with tabs between."""

from __future__ import annotations

import sys

from deescalate_tui.streams import INDENT, is_terminal, pieces, put, width_of

TYPE_CHECKING = False  # see `i18n`
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

GAP = 2
AT_ONCE = 500
"""Rows that are written together."""
_NARROW = "\u02ff"
"""Up to here every letter takes one cell."""
_NARROW_TOO = str.maketrans("", "", "–—‘’‚“”„‹›…€«»")


def columns(rows: Sequence[Sequence[str]], give_way: Iterable[tuple[int, int]]) -> list[str]:
    """Rows as lines of the terminal's width; what is cut ends with an ellipsis.

    `give_way`: which column gives way first where there is no room, and how many cells are left to it at least; with
    none left it is not shown.
    """
    length: Callable[[str], int] = len
    sized: Callable[[str, int], str] = _sized
    if not all(_is_narrow(text) for row in rows for text in row):
        # Late: in the languages that are written here, every letter takes one cell.
        from rich.cells import cell_len, set_cell_size

        length, sized = cell_len, set_cell_size

    def cell(text: str, room: int) -> str:
        return sized(text if length(text) <= room else f"{sized(text, room - 1).rstrip()}…", room)

    width = terminal_width()
    widths = [max(length(text) for text in column) for column in zip(*rows, strict=True)]
    for place, least in give_way:
        over = sum(it + GAP for it in widths if it) - GAP - width
        if over > 0:
            widths[place] = max(widths[place] - over, min(least, widths[place])) if least else 0
    gap = " " * GAP
    return [gap.join(cell(text, room) for text, room in zip(row, widths, strict=True) if room).rstrip() for row in rows]


def put_rows(head: Sequence[str], rows: Iterable[Sequence[str]], give_way: Iterable[tuple[int, int]]) -> int:
    """Rows under their names on a terminal, for programs with tabs between; how many there were. Raises FileFault."""
    if is_terminal(sys.stdout):
        table = list(rows)
        put("".join(f"{line}\n" for line in columns([head, *table], give_way)) if table else "")
        return len(table)
    number = 0
    held: list[str] = []
    for number, row in enumerate(rows, 1):  # noqa: B007 - it is the sum
        held.append(f"{tabbed(row)}\n")
        if len(held) == AT_ONCE:
            put("".join(held))
            held.clear()
    put("".join(held))
    return number


def put_above(head: Sequence[str], rows: Iterable[Sequence[str]], give_way: Iterable[tuple[int, int]]) -> int:
    """Rows for a narrow terminal, each above its last cell, which is whole; how many there were. Raises FileFault."""
    table = list(rows)
    if table:
        first, *lines = columns([head[:-1], *(row[:-1] for row in table)], give_way)
        whole = (pieces(f"{INDENT}{row[-1]}", sys.stdout) for row in table)
        blocks = ("\n".join((line, *told)) for line, told in zip(lines, whole, strict=True))
        put("".join(f"{it}\n" for it in (first, *blocks)))
    return len(table)


def is_narrow(width: int) -> bool:
    """Whether people read the output on a terminal with fewer columns."""
    return is_terminal(sys.stdout) and terminal_width() < width


def terminal_width() -> int:
    """Columns of the terminal on which people read the output; 80 where there is none."""
    return width_of(sys.__stdout__)


def _is_narrow(text: str) -> bool:
    return text.isascii() or (text.isprintable() and max(text.translate(_NARROW_TOO), default="") <= _NARROW)


def _sized(text: str, room: int) -> str:
    return text[:room].ljust(room)


def tabbed(row: Iterable[str]) -> str:
    """A row for programs: no cell breaks it."""
    return "\t".join(" ".join(cell.split()) for cell in row)
