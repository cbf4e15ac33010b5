"""The records in the lines of a journal, which may be damaged, of a newer version or somebody else's. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from deescalate_tui.call import events as ev
from deescalate_tui.call.fold import replay
from deescalate_tui.clean import defused

TICKET_SET = (b'"t":"ticket"', b'"t":"unmasked"')
"""In a line of a journal."""
_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u([0-9A-Fa-f]{4})|[bfrt])")


class Reader:
    """Reads the lines of a journal one after the other, and tells of each whether it is a record."""

    def __init__(self) -> None:
        self._records: list[ev.Record] = []

    def __call__(self, line: bytes) -> bool:
        try:
            self._records.append(ev.decode(_harmless(line)))
        except msgspec.DecodeError:
            return False
        return True

    @property
    def session(self) -> tuple[ev.Record, ...]:
        """The records read so far; none where they do not begin with `Started`."""
        begun = self._records and isinstance(self._records[0].event, ev.Started)
        return tuple(self._records) if begun else ()


def decode_all(lines: Iterable[bytes]) -> tuple[ev.Record, ...]:
    """The records up to the first line that is none: what follows may depend on it. None where none is `Started`."""
    reader = Reader()
    all(map(reader, lines))
    return reader.session


def last_ticket(started: ev.Started, lines: Iterable[bytes]) -> str:
    """The ticket of a session: only where it was changed on the way is more read than the beginning."""
    changed = any(mark in line for line in lines for mark in TICKET_SET)
    return replay(decode_all(lines)).call.ticket if changed else started.ticket


def _harmless(line: bytes) -> bytes:
    """The line with each character replaced that never enters a session: somebody else wrote it, or an older rule."""
    if line.isascii() and b"\\" not in line and b"\x7f" not in line:
        return line  # a journal holds no other control characters
    text = defused(line.decode())
    return (_ESCAPE.sub(_unescaped, text) if "\\" in text else text).encode()


def _unescaped(found: re.Match[str]) -> str:
    kept = defused(chr(int(found[2] or "0", 16)))
    return f"{found[1]}{kept}" if kept == "\ufffd" else found[0]
