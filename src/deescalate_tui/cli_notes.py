"""`notes list` and `notes show`: the notes on this machine, without an index."""

from __future__ import annotations

import os
import re
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from rich.cells import cell_len, set_cell_size

from deescalate_tui.clean import clean, defused
from deescalate_tui.cli_content import described
from deescalate_tui.cli_streams import is_terminal, put, put_json, tell
from deescalate_tui.dates import format_clock, format_date
from deescalate_tui.earlier import same_ticket, ticket_in
from deescalate_tui.errors import Exit, Fault, UsageFault
from deescalate_tui.files import as_fault, read_limited
from deescalate_tui.i18n import Messages
from deescalate_tui.ids import is_uuid7, short_id
from deescalate_tui.note import IncidentNote
from deescalate_tui.note_parse import parse
from deescalate_tui.notes_folder import MAX_NOTE
from deescalate_tui.paths import locate

NAMES = "[0-9][0-9][0-9][0-9]/[0-9][0-9]/*_*.md"
COLUMNS = ("column.started", "column.type", "column.level", "column.outcome", "column.id", "column.ticket")
GIVE_WAY = ((3, 18), (5, 10), (1, 8), (3, 6), (5, 6))
"""Which column gives way first where the terminal is narrow, and how many cells are left to it at least."""
GAP = 2


class Found(msgspec.Struct, frozen=True):
    """A file in the notes folder: a note, or why it is none."""

    path: Path
    note: IncidentNote | None = None
    fault: Fault | None = None


def list_notes(found: Namespace, messages: Messages) -> int:
    """Every note as it was last corrected, the newest first; 1 where a file is damaged."""
    files = [_read(path) for path in _newest(_paths())]
    notes = [(it.path, it.note) for it in files if it.note is not None]
    faults = [it.fault for it in files if it.fault is not None]
    if "json" in found:
        rows = [{"path": clean(str(path)), **_facts(note)} for path, note in notes]
        put_json({"notes": rows, "faults": described(faults, messages)})
    elif notes:
        _put_rows([_row(note, messages) for _, note in notes], messages)
    else:
        tell(messages("cli.no-notes", path=clean(str(locate(os.environ).notes))))
    tell(*(clean(messages.fault(fault)) for fault in faults))
    return Exit.FINDINGS if faults else Exit.OK


def show_note(found: Namespace, messages: Messages) -> int:
    """One note, by its ticket, id or path, else the newest; 1 where it is damaged, which is said."""
    path, of_ticket = _meant(found.note) if found.note else (_latest(), 0)
    it = _read(path)
    if "json" in found:
        if it.fault is not None:
            raise it.fault
        put_json(it.note)
    else:
        put(defused(_text(path)))
    if it.fault is not None:
        tell(clean(messages.fault(it.fault)))
    tell(*([messages.count("cli.notes-of-ticket", of_ticket)] if of_ticket else []))
    return Exit.FINDINGS if it.fault is not None else Exit.OK


COMMANDS: Mapping[str, Callable[[Namespace, Messages], int]] = {"list": list_notes, "show": show_note}


def _paths() -> list[Path]:
    """The files of notes, the newest first: their names begin with the time. Raises FileFault."""
    folder = locate(os.environ).notes
    with as_fault(folder), suppress(FileNotFoundError):
        next(folder.iterdir(), None)  # glob would take a folder that cannot be read for an empty one
        return sorted(folder.glob(NAMES), key=lambda path: path.name, reverse=True)
    return []


def _latest() -> Path:
    """The newest note. Raises UsageFault where there is none."""
    path = next(iter(_newest(_paths())), None)
    if path is None:
        raise UsageFault(clean(str(locate(os.environ).notes)), "cli-note-missing")
    return path


def named(wanted: str) -> Path:
    """The file that a path, an id or a ticket means: of a note its newest revision. Raises UsageFault."""
    return _meant(wanted)[0]


def _meant(wanted: str) -> tuple[Path, int]:
    """The file that is meant by a path, an id, whole or its last eight digits, or a ticket: of that the newest note.

    With it, how many notes the ticket has; 0 where it was no ticket. Raises UsageFault.
    """
    path_like = Path(wanted).name != wanted or wanted.endswith(".md")
    if path_like and os.path.lexists(wanted):
        return Path(wanted), 0
    paths, name = _newest(_paths()), clean(wanted).strip()
    if is_uuid7(name.lower()) or re.fullmatch("[0-9A-Fa-f]{8}", name):
        ending = f"_{short_id(name.lower())}"
        path = next((path for path in paths if _revision(path)[0].endswith(ending)), None)
        if path is not None:
            return path, 0
    notes = [path for path in paths if _is_of(path, name)]
    if notes:
        return notes[0], len(notes)
    if path_like:
        return Path(wanted), 0  # reading it says what is wrong
    raise UsageFault("TICKET|ID|PATH", "cli-note-unknown", found=wanted, help="deescalate notes list")


def _is_of(path: Path, ticket: str) -> bool:
    """Whether it is a note of the ticket; a file that cannot be read is of none."""
    with suppress(Fault):
        return same_ticket(ticket_in(_text(path)), ticket)
    return False


def _newest(paths: Iterable[Path]) -> list[Path]:
    """Of each note the newest revision alone."""
    found: dict[str, Path] = {}
    for path in paths:
        stem, revision = _revision(path)
        known = found.get(stem)
        if known is None or _revision(known)[1] < revision:
            found[stem] = path
    return list(found.values())


def _revision(path: Path) -> tuple[str, int]:
    """The name of the note without its revision, and that."""
    stem, _, digits = path.stem.rpartition("_r")
    return (stem, int(digits)) if stem and re.fullmatch("[0-9]{1,9}", digits) else (path.stem, 1)


def _read(path: Path) -> Found:
    place = clean(str(path))
    try:
        return Found(path, parse(_text(path), place))
    except Fault as fault:
        return Found(path, fault=fault)


def _text(path: Path) -> str:
    """The text of the file, whatever bytes it holds. Raises FileFault."""
    return read_limited(path, MAX_NOTE).decode("utf-8", "replace")


def _facts(note: IncidentNote) -> dict[str, object]:
    """What a list says about a note. The agent's alias is not in it."""
    return {
        "id": note.id,
        "started": note.started,
        "type": note.customer_type,
        "level": note.level.peak,
        "outcome": note.outcome,
        "ticket": note.ticket,
    }


def _row(note: IncidentNote, messages: Messages) -> tuple[str, ...]:
    moment = datetime.fromisoformat(note.started)
    began = f"{format_date(moment, messages.language)} {format_clock(moment, messages.language)}"
    title = f"note.type.{note.customer_type}"
    named = messages(title) if messages.has(title) else note.customer_type  # a type of one's own has its id alone
    level = "–" if note.level.peak is None else str(note.level.peak)
    return (began, named, level, messages(f"outcome.{note.outcome}"), short_id(note.id), note.ticket)


def _put_rows(rows: Sequence[Sequence[str]], messages: Messages) -> None:
    """On a terminal in columns as wide as that, under their names; for programs all of it, with tabs between."""
    rows = [tuple(map(clean, row)) for row in rows]
    if is_terminal(sys.stdout):
        lines = _columns([[messages(key) for key in COLUMNS], *rows], shutil.get_terminal_size().columns)
    else:
        lines = ["\t".join(row) for row in rows]
    put("".join(f"{line}\n" for line in lines))


def _columns(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Rows of so many cells; what is cut ends with an ellipsis."""
    widths = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for place, least in GIVE_WAY:
        over = sum(widths) + GAP * (len(widths) - 1) - width
        widths[place] = max(widths[place] - max(over, 0), min(least, widths[place]))
    gap = " " * GAP
    return [gap.join(_cell(cell, room) for cell, room in zip(row, widths, strict=True)).rstrip() for row in rows]


def _cell(text: str, room: int) -> str:
    return set_cell_size(text if cell_len(text) <= room else f"{set_cell_size(text, room - 1).rstrip()}…", room)
