"""Promises as a calendar file (RFC 5545), for any calendar program. Pure.

Nothing typed but the promise and the ticket is in it, and nothing typed can become a property of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from deescalate_tui import __version__
from deescalate_tui.clean import defused
from deescalate_tui.dates import due_day

OCTETS = 75
"""Of a line at most, without its end."""
_ESCAPED = re.compile(r"([\\;,])")


class Entry(msgspec.Struct, frozen=True):
    """A promise with a day, as a calendar shows it."""

    note: str
    """The id of its note."""
    number: int
    """Of the promise in it."""
    revision: int
    """Of the note."""
    due: str
    """An ISO date or local time."""
    summary: str


def calendar(entries: Iterable[Entry], now: datetime) -> Iterator[str]:
    """The lines of the file, each with its end. An entry whose `due` names no day is passed over."""
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//deescalate-tui//deescalate {__version__}//EN"),
        *("CALSCALE:GREGORIAN", "METHOD:PUBLISH"),
    )
    yield from map(folded, lines)
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for entry in entries:
        if due_day(entry.due):
            yield from map(folded, _event(entry, stamp))
    yield folded("END:VCALENDAR")


def folded(line: str) -> str:
    """The line in pieces of at most OCTETS bytes of UTF-8, none within a character."""
    pieces, piece, size = [], "", 0
    for char in line:
        more = len(char.encode())
        if size + more > OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + char, size + more
    return "".join(f"{it}\r\n" for it in (*pieces, piece))


def _event(entry: Entry, stamp: str) -> tuple[str, ...]:
    """A day, or a time as the clock shows it where the promise was given: nobody wrote down its zone."""
    start = re.sub("[-:]", "", entry.due)
    dated = f"DTSTART:{start}00" if "T" in start else f"DTSTART;VALUE=DATE:{start}"
    return (
        "BEGIN:VEVENT",
        f"UID:{entry.note}-{entry.number}@deescalate-tui",
        f"DTSTAMP:{stamp}",
        f"SEQUENCE:{entry.revision - 1}",
        dated,
        f"SUMMARY:{_text(entry.summary)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def _text(text: str) -> str:
    return _ESCAPED.sub(r"\\\1", defused(text, " ").replace("\n", " "))
