"""The records in the lines of a journal, which may be damaged, of a newer version or somebody else's. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress

import msgspec

from deescalate_tui import events as ev
from deescalate_tui.clean import defused
from deescalate_tui.fold import replay

TICKET_SET = (b'"t":"ticket"', b'"t":"unmasked"')
"""In a line of a journal."""
_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u([0-9A-Fa-f]{4})|[bfrt])")


def decode_all(lines: Iterable[bytes]) -> tuple[ev.Record, ...]:
    """The records up to the first line that is none: what follows may depend on it. None where none is `Started`."""
    records: list[ev.Record] = []
    with suppress(msgspec.DecodeError):
        records.extend(ev.decode(_harmless(line)) for line in lines)
    return tuple(records) if records and isinstance(records[0].event, ev.Started) else ()


def is_record(line: bytes) -> bool:
    """Whether a line of a journal can be read here."""
    with suppress(msgspec.DecodeError):
        ev.decode(_harmless(line))
        return True
    return False


def last_ticket(started: ev.Started, lines: Iterable[bytes]) -> str:
    """The ticket of a session: only where it was changed on the way is more read than the beginning."""
    changed = any(mark in line for line in lines for mark in TICKET_SET)
    return replay(decode_all(lines)).call.ticket if changed else started.ticket


def _harmless(line: bytes) -> bytes:
    """The line with each character replaced that never enters a session: somebody else wrote it, or an older rule."""
    text = defused(line.decode())
    return (_ESCAPE.sub(_unescaped, text) if "\\" in text else text).encode()


def _unescaped(found: re.Match[str]) -> str:
    kept = defused(chr(int(found[2] or "0", 16)))
    return f"{found[1]}{kept}" if kept == "\ufffd" else found[0]
