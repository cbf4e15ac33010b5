"""The entries of the desk's lists in words. The agent's alias is in none of them. Pure."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import PurePath

from deescalate_tui.archive.dues import Due
from deescalate_tui.archive.rows import Row
from deescalate_tui.archive.search import Hit
from deescalate_tui.dates import format_clock, format_date
from deescalate_tui.errors import Fault
from deescalate_tui.i18n import Messages
from deescalate_tui.notes.promises import days_late, due_text, late_text, short_due, what_text
from deescalate_tui.screens.desk import Listed
from deescalate_tui.screens.presenter import DONE
from deescalate_tui.screens.steps import MARKS


def note_entry(hit: Hit, words: Messages) -> Listed:
    """A note: threat, day, time, type, level, ticket, and the request or the place where the words stand."""
    row, began = hit.row, datetime.fromisoformat(hit.row.started)
    level = "–" if row.level.peak is None else str(row.level.peak)
    text = "".join(part for part, _ in hit.snippet) or row.request
    day, clock = format_date(began, words.language), format_clock(began, words.language)
    cells = ("!" if row.threat else "", day, clock, type_text(row, words), level, row.ticket, text)
    return Listed(cells, "danger")


def due_entry(it: Due, today: date, words: Messages, *, done: bool) -> Listed:
    """A promise: how late it is or that it is done, by which day, at what time, ticket, what."""
    late = days_late(it.due, today)
    first = MARKS[DONE] if done else late_text(it.due, today, words)
    style = "done" if done else "danger" if late is not None and late > 0 else "warn"
    return Listed((first, *short_due(it.due, words), it.row.ticket, what_text(it.what, words)), style)


def promise_told(it: Due, today: date, words: Messages) -> tuple[str, ...]:
    """A promise whole: its words; by when, how late, the ticket; what the customer asked for."""
    row, late = it.row, late_text(it.due, today, words)
    if (days_late(it.due, today) or 0) > 0:
        late = f"{words('column.late')}: {late}"
    ticket = f"{words('column.ticket')}: {row.ticket}" if row.ticket else ""
    when = " · ".join(filter(None, (f"{words('column.due')}: {due_text(it.due, words)}", late, ticket)))
    request = f"{words('column.request')}: {row.request}" if row.request else ""
    return tuple(filter(None, (what_text(it.what, words), when, request)))


def unread_entry(fault: Fault, notes: PurePath, words: Messages) -> Listed:
    """A file that does not count: its name, and why."""
    place = fault.place.removeprefix(str(notes)).lstrip("/\\")
    return Listed((place or fault.place, words.sentence(fault)))


def note_title(row: Row, words: Messages) -> str:
    """A note in a line: when, which type, how it ended, which ticket."""
    began = datetime.fromisoformat(row.started)
    outcome = f"outcome.{row.outcome}"
    when = f"{format_date(began, words.language)} {format_clock(began, words.language)}"
    told = (when, type_text(row, words), words(outcome) if words.has(outcome) else row.outcome, row.ticket)
    return " · ".join(filter(None, told))


def type_text(row: Row, words: Messages) -> str:
    """The type; one of a site's own has its id alone."""
    title = f"note.type.{row.customer_type}"
    return words(title) if words.has(title) else row.customer_type
