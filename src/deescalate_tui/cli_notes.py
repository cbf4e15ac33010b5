"""`notes list` and `notes show`: the notes on this machine, without an index."""

from __future__ import annotations

import os
import re
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from deescalate_tui.clean import clean, defused
from deescalate_tui.cli_content import described
from deescalate_tui.cli_streams import put, put_json, put_table, tell
from deescalate_tui.dates import format_moment
from deescalate_tui.errors import Exit, Fault, UsageFault
from deescalate_tui.files import as_fault, read_limited
from deescalate_tui.i18n import Messages
from deescalate_tui.ids import short_id
from deescalate_tui.note import IncidentNote
from deescalate_tui.note_parse import parse
from deescalate_tui.notes_folder import MAX_NOTE
from deescalate_tui.paths import locate

NAMES = "[0-9][0-9][0-9][0-9]/[0-9][0-9]/*_*.md"


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
        put_table(_row(note, messages) for _, note in notes)
    else:
        tell(messages("cli.no-notes", path=clean(str(locate(os.environ).notes))))
    tell(*(clean(messages.fault(fault)) for fault in faults))
    return Exit.FINDINGS if faults else Exit.OK


def show_note(found: Namespace, messages: Messages) -> int:
    """One note, by its path or by its id; 1 where it is damaged, which is said."""
    if not found.note:
        raise UsageFault("PATH|ID", "cli-note-missing", help="deescalate notes list")
    path = named(found.note)
    it = _read(path)
    if "json" in found:
        if it.fault is not None:
            raise it.fault
        put_json(it.note)
    else:
        put(defused(_text(path)))
    if it.fault is not None:
        tell(clean(messages.fault(it.fault)))
    return Exit.FINDINGS if it.fault is not None else Exit.OK


COMMANDS: Mapping[str, Callable[[Namespace, Messages], int]] = {"list": list_notes, "show": show_note}


def _paths() -> list[Path]:
    """The files of notes, the newest first: their names begin with the time. Raises FileFault."""
    folder = locate(os.environ).notes
    with as_fault(folder), suppress(FileNotFoundError):
        next(folder.iterdir(), None)  # glob would take a folder that cannot be read for an empty one
        return sorted(folder.glob(NAMES), key=lambda path: path.name, reverse=True)
    return []


def named(wanted: str) -> Path:
    """The file that a path or an id, whole or its last eight digits, means: its newest revision. Raises UsageFault."""
    if Path(wanted).name != wanted or wanted.endswith(".md"):
        return Path(wanted)
    ending = f"_{short_id(clean(wanted).strip().lower())}"
    path = next((path for path in _newest(_paths()) if _revision(path)[0].endswith(ending)), None)
    if path is None:
        raise UsageFault("PATH|ID", "cli-note-unknown", found=wanted, help="deescalate notes list")
    return path


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
    moment = format_moment(datetime.fromisoformat(note.started), messages.language)
    level = "–" if note.level.peak is None else str(note.level.peak)
    outcome = messages(f"outcome.{note.outcome}")
    return (moment, note.customer_type, messages("cli.level", level=level), outcome, short_id(note.id), note.ticket)
