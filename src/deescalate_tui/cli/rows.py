"""How `notes list` and `notes search` show notes. Little is imported here: see `quick`."""

from __future__ import annotations

import os
import sys
from datetime import datetime

from deescalate_tui.archive.snippets import WIDTH
from deescalate_tui.clean import defused
from deescalate_tui.cli.tables import columns, put_rows, terminal_width
from deescalate_tui.dates_shown import format_clock, format_date
from deescalate_tui.streams import INDENT, is_terminal, put_marked, tell

TYPE_CHECKING = False  # see `i18n`
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deescalate_tui.archive.snippets import Piece
    from deescalate_tui.i18n import Messages

    Listed = tuple[str, str, int | None, str, str, str]
    Found = tuple[Listed, Sequence[Piece]]

LISTED = ("started", "customer_type", "level_peak", "outcome", "note", "ticket")
"""What a line says of a note, by the names of the index."""
TITLES = ("column.started", "column.type", "column.level", "column.outcome", "column.id", "column.ticket")
GIVE_WAY = ((3, 12), (3, 0), (5, 10), (1, 8), (5, 6))
"""As `columns` takes it: how a call ended goes before anything that finds the note again."""
SHOWN = 50
"""So many notes are shown on a terminal where nothing else is asked for."""
ID_DIGITS = 8
"""As `ids.short_id`, which brings more along."""


def shown_limit(text: str, *, json: bool = False) -> int | None:
    """How many are wanted; None for all, which is what a program gets that does not say; -1 where it is no number."""
    if not text:
        return SHOWN if not json and is_terminal(sys.stdout) else None
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        return -1
    return int(text) or None


def place_width() -> int:
    """How many characters of the place of a hit there is room for."""
    return max(terminal_width() - len(INDENT) - 2, 20) if is_terminal(sys.stdout) else WIDTH


def put_list(rows: Iterable[Listed], messages: Messages) -> int:
    """A line each; how many there were. Raises FileFault."""
    return put_rows(_head(messages), (_line(row, messages) for row in rows), GIVE_WAY)


def put_found(found: Iterable[Found], messages: Messages) -> int:
    """A line each, with the place of the words; how many there were. Raises FileFault."""
    if is_terminal(sys.stdout):
        return _put_places(list(found), messages)
    rows = ((*_line(row, messages), _place(pieces)) for row, pieces in found)
    return put_rows(_head(messages), rows, GIVE_WAY)


def tell_more(shown: int, number: int, messages: Messages) -> None:
    """Where not all are shown, how many there are."""
    if number > shown:
        tell(messages("cli.notes-shown", shown=shown, number=number))


def _head(messages: Messages) -> list[str]:
    return [messages(key) for key in TITLES]


def _line(row: Listed, messages: Messages) -> tuple[str, ...]:
    started, type_, peak, outcome, id_, ticket = row
    moment = datetime.fromisoformat(started)
    began = f"{format_date(moment, messages.language)} {format_clock(moment, messages.language)}"
    title, ended = f"note.type.{type_}", f"outcome.{outcome}"
    return (
        began,
        # a type of one's own has its id alone
        messages(title) if messages.has(title) else defused(type_),
        "–" if peak is None else str(peak),
        messages(ended) if messages.has(ended) else defused(outcome),
        defused(id_[-ID_DIGITS:]),
        defused(ticket),
    )


def _place(pieces: Sequence[Piece]) -> str:
    return defused("".join(f"«{text}»" if hit else text for text, hit in pieces))


def _put_places(found: list[Found], messages: Messages) -> int:
    """Each note on a line, and below it the place of the words, marked in colour where there is any."""
    if not found:
        return 0
    head, *lines = columns([_head(messages), *(_line(row, messages) for row, _ in found)], GIVE_WAY)
    parts = [(f"{head}\n", False)]
    for line, (_, pieces) in zip(lines, found, strict=True):
        parts.append((f"{line}\n", False))
        if os.environ.get("NO_COLOR"):
            parts.append((f"{INDENT}{_place(pieces)}\n" if pieces else "", False))
        elif pieces:
            parts += [(INDENT, False), *((defused(text), hit) for text, hit in pieces), ("\n", False)]
    put_marked(parts)
    return len(found)
