"""What an unfinished session tells of itself before anybody goes on with it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from deescalate_tui.call import events as ev
from deescalate_tui.errors import FileFault
from deescalate_tui.files import read_limited
from deescalate_tui.journal.journal import MAX_JOURNAL, scan
from deescalate_tui.journal.records import decode_all, last_ticket
from deescalate_tui.journal.unfinished import Unfinished


class Waiting(msgspec.Struct, frozen=True):
    """An unfinished session as the start screen lists it."""

    id: str
    title: str
    """Of its checklist; empty where the journal cannot be read."""
    started_at: int
    offset_min: int
    in_use: bool
    days: int
    """Since it was last written."""
    closed: bool
    """It is complete; only its note is still to be written."""
    ticket: str = ""


class _Told(msgspec.Struct, frozen=True):
    """What its journal says."""

    title: str = ""
    started_at: int = 0
    offset_min: int = 0
    closed: bool = False
    ticket: str = ""


def seen(entry: Unfinished, wall_ms: int) -> Waiting:
    """The session as it is listed at this time."""
    try:
        told = _told(entry.path, entry.modified_s, entry.size)
    except FileFault:
        told = _Told()
    days = int((wall_ms / 1000 - entry.modified_s) // 86_400)
    begun = (told.title, told.started_at, told.offset_min)
    return Waiting(entry.session_id, *begun, entry.in_use, days, told.closed, told.ticket)


@lru_cache(maxsize=64)  # a start asks several times: what to tidy up, what to offer, what to resume
def _told(path: Path, _modified_s: float, _size: int) -> _Told:
    lines = scan(read_limited(path, MAX_JOURNAL)).records
    ends = decode_all((*lines[:1], *lines[-1:])) if lines else ()
    started = ends[0].event if ends else None
    if not isinstance(started, ev.Started):
        return _Told()
    closed = isinstance(ends[-1].event, ev.Closed)
    return _Told(started.checklist.title, ends[0].at, started.offset_min, closed, last_ticket(started, lines))
