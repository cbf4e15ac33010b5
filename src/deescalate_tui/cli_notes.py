"""`notes list`, `search`, `show` and `open`: reading what the notes folder holds."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from msgspec.structs import asdict

from deescalate_tui.archive.archive import Archive
from deescalate_tui.archive.key import named_key
from deescalate_tui.archive.rows import Filters, Row
from deescalate_tui.archive.search import Hit
from deescalate_tui.archive.snippets import WIDTH
from deescalate_tui.clean import clean, defused
from deescalate_tui.cli_archive import filters_of, findings, limit_of, opened, status_of, tell_faults, today
from deescalate_tui.cli_streams import is_terminal, put, put_json, put_styled, tell
from deescalate_tui.cli_tables import columns, put_rows
from deescalate_tui.dates import format_clock, format_date
from deescalate_tui.errors import Exit, Fault, UsageFault
from deescalate_tui.i18n import Messages
from deescalate_tui.ids import short_id
from deescalate_tui.sealed import SEALED, is_sealed

COLUMNS = ("column.started", "column.type", "column.level", "column.outcome", "column.id", "column.ticket")
GIVE_WAY = ((3, 18), (5, 10), (1, 8), (3, 6), (5, 6))
"""Which column gives way first where the terminal is narrow, and how many cells are left to it at least."""
INDENT = "    "
"""Before the place of a hit."""
PAGERS = ("less", "more")


def list_notes(found: Namespace, messages: Messages) -> int:
    """The notes that are meant, as they were last corrected, the newest first; 1 where a file is damaged."""
    filters, text = filters_of(found), " ".join(found.text)
    limit = limit_of(found)
    with opened(messages) as (archive, refreshed):
        selected = archive.select(text, filters, today())
        faults = list(archive.faults())
        status = status_of(refreshed, findings(faults))
        rows = (hit.row for hit in archive.search(selected, limit))
        if "json" in found:
            from deescalate_tui.cli_content import described  # late: brings all of the content along

            put_json({"notes": [_facts(archive, row) for row in rows], "faults": described(faults, messages)})
            return status
        shown = put_rows(_head(messages), (_row(row, messages) for row in rows), GIVE_WAY)
        if not shown:
            path = clean(str(archive.notes))
            tell(messages("cli.nothing-found") if text or filters != Filters() else messages("cli.no-notes", path=path))
        elif shown == limit and (number := archive.count(selected)) > shown:
            tell(messages("cli.notes-shown", shown=shown, number=number))
        tell_faults(faults, messages)
    return status


def search_notes(found: Namespace, messages: Messages) -> int:
    """The notes in which the words stand, with the place; 1 where there is none."""
    text = " ".join(found.text)
    if not text.strip():
        raise UsageFault("QUERY", "query-missing", help="deescalate notes search --help")
    with opened(messages) as (archive, refreshed):
        selected = archive.select(text, today=today())
        limit = limit_of(found)
        width = shutil.get_terminal_size().columns - len(INDENT) - 2 if is_terminal(sys.stdout) else WIDTH
        hits = archive.search(selected, limit, ranked="best" in found, width=max(width, 20))
        if "json" in found:
            known = [{**_facts(archive, hit.row), "snippet": [asdict(it) for it in hit.snippet]} for hit in hits]
            put_json({"notes": known})
            number = len(known)
        elif is_terminal(sys.stdout):
            number = _put_hits(list(hits), messages)
        else:
            number = put_rows(_head(messages), (_found(hit, messages) for hit in hits), GIVE_WAY)
        if not number:
            tell(messages("cli.nothing-found"))
        elif number == limit and (there := archive.count(selected)) > number:
            tell(messages("cli.notes-shown", shown=number, number=there))
        if unread := archive.unread():
            tell(messages.count("archive.unread", unread))
        return status_of(refreshed, Exit.OK if number else Exit.FINDINGS)


def show_note(found: Namespace, messages: Messages) -> int:
    """One note, by its ticket, id or path, else the newest; 1 where it is damaged, which is said."""
    # Late: a search reads no note.
    from deescalate_tui.note_parse import parse

    path, of_ticket = _meant(found.note, messages)
    text = _text(path)
    fault: Fault | None = None
    try:
        note = parse(text, clean(str(path)))
        if "json" in found:
            put_json(note)
    except Fault as error:
        if "json" in found:
            raise
        fault = error
    if "json" not in found:
        put(defused(text))
    if fault is not None:
        tell(clean(messages.fault(fault)))
    tell(*([messages.count("cli.notes-of-ticket", of_ticket)] if of_ticket else []))
    return Exit.FINDINGS if fault is not None else Exit.OK


def open_note(found: Namespace, messages: Messages) -> int:
    """One note in the pager. Nothing is changed there: `notes correct` makes a new revision."""
    # Late: see `show_note`.
    import shlex
    import subprocess

    pager = os.environ.get("PAGER", "").strip() or next((name for name in PAGERS if shutil.which(name)), "")
    if not (pager and is_terminal(sys.stdout)):
        return show_note(found, messages)
    path, _ = _meant(found.note, messages)
    # A pager that can start other programs would let a note's reader out of what the site allows.
    environ = {**os.environ, "LESSSECURE": "1", "LESSHISTFILE": "-"}
    try:
        words = shlex.split(pager, posix=sys.platform != "win32")
        done = subprocess.run(words, input=defused(_text(path)).encode(), env=environ, check=False)
    except (OSError, ValueError) as error:
        raise UsageFault("PAGER", "pager", found=pager) from error
    if done.returncode:
        raise UsageFault("PAGER", "pager", found=pager)
    return Exit.OK


COMMANDS: Mapping[str, Callable[[Namespace, Messages], int]] = {
    "list": list_notes,
    "search": search_notes,
    "show": show_note,
    "open": open_note,
}


def named(wanted: str, messages: Messages) -> Path:
    """The file that a path, an id or a ticket means: of a note its newest revision. Raises UsageFault."""
    return _meant(wanted, messages)[0]


def _meant(wanted: str, messages: Messages) -> tuple[Path, int]:
    """The file that is meant by a path, an id, whole or its last eight digits, or a ticket: of that the newest note.

    With it, how many notes the ticket has; 0 where it was no ticket. Raises UsageFault.
    """
    path_like = Path(wanted).name != wanted or wanted.endswith((".md", SEALED))
    if path_like and os.path.lexists(wanted):
        return Path(wanted), 0
    with opened(messages) as (archive, refreshed):
        if not wanted:
            row = next(archive.rows(limit=1), None)
            if row is None:
                none = UsageFault(clean(str(archive.notes)), "cli-note-missing")
                raise refreshed.fault or next(archive.faults(), none)
            return archive.path(row), 0
        path = archive.file_of(wanted)
        if path is not None:
            return path, 0
        rows = list(archive.rows(Filters(ticket=clean(wanted))))
        if rows:
            return archive.path(rows[0]), len(rows)
        if path_like:
            return Path(wanted), 0  # reading it says what is wrong
        raise refreshed.fault or UsageFault(
            "TICKET|ID|PATH", "cli-note-unknown", found=wanted, help="deescalate notes list"
        )


def _text(path: Path) -> str:
    from deescalate_tui.notes_folder import read_note  # late: a search reads no note

    return read_note(path, named_key(os.environ)() if is_sealed(path.name) else "")


def _facts(archive: Archive, row: Row) -> dict[str, object]:
    """What a list says about a note, for programs. The agent's alias is not in it."""
    facts = asdict(row)
    del facts["key"]
    facts |= {"path": clean(str(archive.path(row))), "type": facts.pop("customer_type"), "level": row.level.peak}
    return facts


def _row(row: Row, messages: Messages) -> tuple[str, ...]:
    moment = datetime.fromisoformat(row.started)
    began = f"{format_date(moment, messages.language)} {format_clock(moment, messages.language)}"
    title = f"note.type.{row.customer_type}"
    type_ = messages(title) if messages.has(title) else row.customer_type  # a type of one's own has its id alone
    level = "–" if row.level.peak is None else str(row.level.peak)
    outcome = f"outcome.{row.outcome}"
    ended = messages(outcome) if messages.has(outcome) else row.outcome
    return tuple(map(defused, (began, type_, level, ended, short_id(row.id), row.ticket)))


def _head(messages: Messages) -> list[str]:
    return [messages(key) for key in COLUMNS]


def _put_hits(hits: list[Hit], messages: Messages) -> int:
    """Each note on a line, and below it the place of the words, marked in colour where there is any."""
    if not hits:
        return 0
    begin, end = ("«", "»") if os.environ.get("NO_COLOR") else ("\x1b[1;7m", "\x1b[0m")
    head, *lines = columns([_head(messages), *(_row(hit.row, messages) for hit in hits)], GIVE_WAY)
    told = [head]
    for line, hit in zip(lines, hits, strict=True):
        place = "".join(f"{begin}{defused(it.text)}{end}" if it.hit else defused(it.text) for it in hit.snippet)
        told += [line, *([f"{INDENT}{place}"] if place else [])]
    put_styled("".join(f"{line}\n" for line in told))
    return len(hits)


def _found(hit: Hit, messages: Messages) -> tuple[str, ...]:
    place = "".join(f"«{it.text}»" if it.hit else it.text for it in hit.snippet)
    return (*_row(hit.row, messages), defused(place))
