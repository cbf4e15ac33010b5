"""`due`: what is promised and open, by date, as a table, JSON or a calendar; and ticking it off."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from deescalate_tui.archive.archive import Archive
from deescalate_tui.archive.dues import Due, lasting
from deescalate_tui.archive.search import Selection
from deescalate_tui.clean import clean, defused
from deescalate_tui.cli.archive import filters_of, findings, limit_of, none_readable, opened, status_of, today
from deescalate_tui.cli.content import described
from deescalate_tui.cli.notes import named
from deescalate_tui.cli.progress import Bar
from deescalate_tui.cli.rights import opened as opened_workplace
from deescalate_tui.cli.tables import is_narrow, put_above, put_rows
from deescalate_tui.clock import Clock
from deescalate_tui.dates import due_day
from deescalate_tui.errors import Exit, UsageFault
from deescalate_tui.files import replace_file
from deescalate_tui.i18n import Messages
from deescalate_tui.ids import short_id
from deescalate_tui.notes.icalendar import Entry, calendar
from deescalate_tui.notes.promises import days_late, due_text, late_text, short_due, what_text
from deescalate_tui.notes.revision import tick
from deescalate_tui.streams import put, put_bytes, put_json, tell

COLUMNS = ("column.due", "column.late", "column.promise", "column.ticket", "column.id", "column.number")
GIVE_WAY = ((2, 12), (0, 13), (3, 9))
ABOVE, ABOVE_GIVE_WAY = (0, 1, 3, 4, 5, 2), ((0, 10), (2, 6), (1, 0))
NARROW = 80
"""Columns below which a promise stands below its line, whole, and a day without its weekday."""


def due(found: Namespace, messages: Messages) -> int:
    """What is open, what has a day first, the earliest before the others; 1 where a file is damaged."""
    if found.done and found.open:
        raise UsageFault("--done", "due-both")
    if found.done or found.open:
        return _tick(found, messages)
    limit, day = limit_of(found), today()
    with opened(messages) as (archive, refreshed):
        selected = archive.select(" ".join(found.text), filters_of(found), day)
        chosen = selected if "expired" in found else lasting(selected, day)
        faults = list(archive.faults())
        status = status_of(refreshed, findings(faults))
        if found.ics:
            _put_calendar(found.ics, archive.dues(chosen), messages)
        elif "json" in found:
            known = [_facts(archive, it, day) for it in archive.dues(chosen, limit)]
            put_json({"promises": known, "faults": described(faults, messages)})
            return status
        else:
            _put_table(archive, chosen, limit, messages)
        if past := archive.count_dues(selected) - archive.count_dues(chosen):
            tell(messages.count("due.expired", past))
        if faults:
            tell(messages.count("archive.unread", archive.unread()))
    return status


def _put_table(archive: Archive, selected: Selection, limit: int | None, messages: Messages) -> None:
    dues, day = archive.dues(selected, limit), today()
    head = [messages(key) for key in COLUMNS]
    if is_narrow(NARROW):
        rows = (_row(it, day, messages, " ".join(short_due(it.due, messages))) for it in dues)
        shown = put_above([head[at] for at in ABOVE], ([row[at] for at in ABOVE] for row in rows), ABOVE_GIVE_WAY)
    else:
        shown = put_rows(head, (_row(it, day, messages, due_text(it.due, messages)) for it in dues), GIVE_WAY)
    if not shown:
        tell(messages("cli.none-readable") if none_readable(archive) else messages("due.none"))
    elif shown == limit and (number := archive.count_dues(selected)) > shown:
        tell(messages("cli.notes-shown", shown=shown, number=number))


def _row(it: Due, day: date, messages: Messages, due: str) -> tuple[str, ...]:
    told = (due.strip(), late_text(it.due, day, messages), what_text(it.what, messages))
    return tuple(map(defused, (*told, it.row.ticket, short_id(it.row.id), str(it.number))))


def _facts(archive: Archive, it: Due, day: date) -> dict[str, object]:
    """What is said of a promise, for programs. The agent's alias is not in it."""
    row, late = it.row, days_late(it.due, day)
    return {
        "id": row.id,
        "number": it.number,
        "what": it.what,
        "due": it.due,
        "day": due_day(it.due) or None,
        "overdue": late is not None and late > 0,
        "ticket": row.ticket,
        "started": row.started,
        "type": row.customer_type,
        "language": row.language,
        "country": row.country,
        "channel": row.channel,
        "outcome": row.outcome,
        "threat": row.threat,
        "path": clean(str(archive.path(row))),
    }


def _put_calendar(to: str, dues: Iterable[Due], messages: Messages) -> None:
    """The calendar to a file, in place of an earlier one, or to standard output. Raises UsageFault, FileFault."""
    if to != "-" and not to.lower().endswith(".ics"):  # whatever else is there is not to be overwritten
        raise UsageFault("--ics", "due-ics", found=to)
    known = list(dues)
    dated = [it for it in known if due_day(it.due)]
    entries = (Entry(it.row.id, it.number, it.row.revision, it.due, _summary(it, messages)) for it in dated)
    data = "".join(calendar(entries, Clock().now())).encode()
    if to == "-":
        put_bytes(data)
    else:
        replace_file(Path(to), data, 0o600)
    tell(messages.count("due.calendar", len(dated)))
    if len(known) > len(dated):
        tell(messages.count("due.undated", len(known) - len(dated)))


def _summary(it: Due, messages: Messages) -> str:
    what = what_text(it.what, messages)
    return f"{what} ({it.row.ticket})" if it.row.ticket else what


def _tick(found: Namespace, messages: Messages) -> int:
    """Tick a promise off, or let it be open again: a new revision of its note."""
    option, (wanted, number) = ("--done", found.done) if found.done else ("--open", found.open)
    if not (number.isascii() and number.isdecimal() and len(number) < 6):
        raise UsageFault(option, "value-number", found=clean(number))
    workplace = opened_workplace()
    path = named(wanted, messages)
    with Bar() as bar:
        written = tick(workplace, path, int(number), today() if found.done else None, bar)
    put(f"{written.path}\n")
    told = messages("due.done") if found.done else messages("due.open")
    tell(told, messages(f"correct.{written.old}"))
    return Exit.OK
