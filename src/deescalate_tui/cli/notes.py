"""`notes list`, `search`, `show` and `open`: reading what the notes folder holds."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from deescalate_tui.archive.archive import Archive
from deescalate_tui.archive.key import named_key
from deescalate_tui.archive.rows import Filters, Row
from deescalate_tui.clean import clean, defused
from deescalate_tui.cli.archive import (
    filters_of,
    findings,
    limit_of,
    none_readable,
    opened,
    status_of,
    tell_faults,
    today,
)
from deescalate_tui.cli.rows import place_width, put_found, put_list, tell_more
from deescalate_tui.errors import Exit, Fault, UsageFault
from deescalate_tui.i18n import Messages
from deescalate_tui.kept_making import keep_notes
from deescalate_tui.notes.sealed import SEALED, is_sealed
from deescalate_tui.streams import is_terminal, put, put_json, tell

if TYPE_CHECKING:
    from deescalate_tui.cli.rows import Listed

PAGERS = ("less", "more")


def list_notes(found: Namespace, messages: Messages) -> int:
    """The notes that are meant, as they were last corrected, the newest first; 1 where a file is damaged."""
    filters, text = filters_of(found), " ".join(found.text)
    limit = limit_of(found)
    with opened(messages) as (archive, refreshed):
        selected = archive.select(text, filters, today())
        faults = list(archive.faults())
        status = status_of(refreshed, findings(faults))
        rows = archive.search(selected, limit)
        if "json" in found:
            from deescalate_tui.cli.content import described  # late: brings all of the content along

            put_json({"notes": [_facts(archive, hit.row) for hit in rows], "faults": described(faults, messages)})
            return status
        shown = put_list((_listed(hit.row) for hit in rows), messages)
        if not shown:
            _tell_none(archive, messages, every=not text and filters == Filters())
            _tell_unknown(archive, filters, messages)
        elif shown == limit:
            tell_more(shown, archive.count(selected), messages)
        tell_faults(faults, messages)
        keep_notes(archive, messages)
    return status


def _tell_none(archive: Archive, messages: Messages, *, every: bool) -> None:
    """Why nothing is shown; `every`: whether all notes were asked for."""
    if none_readable(archive):
        tell(messages("cli.none-readable"))
    elif every:
        tell(messages("cli.no-notes", path=clean(str(archive.notes))))
    else:
        tell(messages("cli.nothing-found"))


def _tell_unknown(archive: Archive, filters: Filters, messages: Messages) -> None:
    """Where a type or country is asked for that no note has: which there are. Sites add types, so none is wrong."""
    for option, column, asked in (
        ("--type", "customer_type", filters.types),
        ("--country", "country", filters.countries),
    ):
        known = archive.known(column) if asked else ()
        strange = [value for value in asked if value not in known]
        if strange and known:
            tell(messages("cli.no-such", option=option, found=", ".join(strange), known=", ".join(known)))


def search_notes(found: Namespace, messages: Messages) -> int:
    """The notes in which the words stand, with the place; 1 where there is none."""
    text = " ".join(found.text)
    if not text.strip():
        raise UsageFault("QUERY", "query-missing", help="deescalate notes search --help")
    with opened(messages) as (archive, refreshed):
        selected = archive.select(text, today=today())
        limit = limit_of(found)
        hits = archive.search(selected, limit, ranked="best" in found, width=place_width())
        if "json" in found:
            known = [
                {**_facts(archive, hit.row), "snippet": [{"text": text, "hit": is_hit} for text, is_hit in hit.snippet]}
                for hit in hits
            ]
            put_json({"notes": known})
            number = len(known)
        else:
            number = put_found(((_listed(hit.row), hit.snippet) for hit in hits), messages)
        if not number:
            _tell_none(archive, messages, every=False)
        elif number == limit:
            tell_more(number, archive.count(selected), messages)
        if unread := archive.unread():
            tell(messages.count("archive.unread", unread))
        keep_notes(archive, messages)
        return status_of(refreshed, Exit.OK if number else Exit.FINDINGS)


def show_note(found: Namespace, messages: Messages) -> int:
    """One note, by its ticket, id or path, else the newest; 1 where it is damaged, which is said."""
    # Late: a search reads no note.
    from deescalate_tui.notes.parse import parse

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
    import subprocess

    from deescalate_tui.own_program import words_of

    pager = os.environ.get("PAGER", "").strip() or next((name for name in PAGERS if shutil.which(name)), "")
    if not (pager and is_terminal(sys.stdout)):
        return show_note(found, messages)
    path, _ = _meant(found.note, messages)
    # A pager that can start other programs would let a note's reader out of what the site allows.
    environ = {**os.environ, "LESSSECURE": "1", "LESSHISTFILE": "-"}
    try:
        done = subprocess.run(words_of(pager), input=defused(_text(path)).encode(), env=environ, check=False)
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
    from deescalate_tui.notes.folder import read_note  # late: a search reads no note

    return read_note(path, named_key(os.environ)() if is_sealed(path.name) else "")


def _facts(archive: Archive, row: Row) -> dict[str, object]:
    """What a list says about a note, for programs. The agent's alias is not in it."""
    facts = asdict(row)
    del facts["key"]
    facts |= {"path": clean(str(archive.path(row))), "type": facts.pop("customer_type"), "level": row.level.peak}
    return facts


def _listed(row: Row) -> Listed:
    return row.started, row.customer_type, row.level.peak, row.outcome, row.id, row.ticket
