"""A promise that is open, in words: by when, how late it is, what was promised. Pure."""

from __future__ import annotations

from datetime import date

from deescalate_tui.dates import due_day, format_date, format_due
from deescalate_tui.i18n import Messages


def days_late(due: str, today: date) -> int | None:
    """How many days ago it was due; below 0: so many are left. None where it names no day."""
    day = due_day(due)
    return (today - date.fromisoformat(day)).days if day else None


def due_text(due: str, words: Messages) -> str:
    """By when, with the weekday; the words typed; a dash where there are none."""
    return format_due(due, words.language) if due else "–"


def late_text(due: str, today: date, words: Messages) -> str:
    """How late it is, or that it is due today; nothing where there is time left."""
    late = days_late(due, today)
    if late is None or late < 0:
        return ""
    return words.count("due.late", late) if late else words("due.today")


def what_text(what: str, words: Messages) -> str:
    """What was promised; of the next contact, which has no text of its own, that it is one."""
    return what or words("due.contact")


def short_due(due: str, words: Messages) -> tuple[str, str]:
    """By when, in figures alone: a day, or the words typed; and a time where there is one."""
    day, _, clock = due.partition("T")
    if not due_day(due):
        return due or "–", ""
    return format_date(date.fromisoformat(day), words.language), clock
