"""What the notes folder knows of a ticket: how many earlier notes there are, and how the last real one ended.

The folder may be a slow network drive. So it is searched in a thread that nobody waits for, the newest notes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import msgspec

from deescalate_tui.call.fields import ticket_key
from deescalate_tui.clean import clean
from deescalate_tui.clock import Clock
from deescalate_tui.dates import format_date, format_due
from deescalate_tui.errors import Fault
from deescalate_tui.i18n import Messages
from deescalate_tui.notes.sealed import UNREAD

if TYPE_CHECKING:
    from deescalate_tui.notes.front import Front

MOST = 2_000
"""So many notes are looked at, the newest: on a local disk a tenth of a second."""
LONGEST_S = 20
"""So long a slow folder is searched."""
LIMIT = 1_000_000
"""Bytes of a note; a longer one is passed over."""
_NAMES = ("[0-9]{4}", "[0-9]{2}", r".+_.+\.md(\.age)?")
"""Year, month and note: names that begin with the time, so that they sort by it."""


class Earlier(msgspec.Struct, frozen=True):
    """Earlier notes of a ticket."""

    number: int
    whole: bool
    """Every note was looked at: there are no more."""
    last: Front
    """The last that was not aborted, where there is such a one: one that was broken off tells nothing of the matter."""


def same_ticket(one: str, other: str) -> bool:
    """Whether both name the same ticket, which an empty text never does. Case and blanks around do not matter."""
    return bool(ticket_key(one)) and ticket_key(one) == ticket_key(other)


class Search:
    """A search for the notes of one ticket. `found` is None until it has ended, and where it found none."""

    def __init__(self, notes: Path, ticket: str, clock: Clock, key: str = "") -> None:
        """`key`: the setting `note_key`."""
        self.ticket = ticket
        self.found: Earlier | None = None
        self._notes = notes
        self._clock = clock
        self._key = key
        self._thread = Thread(target=self._run, name="earlier notes", daemon=True)
        self._thread.start()

    def wait(self, timeout_s: float) -> None:
        """Until it has ended, but no longer than that."""
        self._thread.join(timeout_s)

    def _run(self) -> None:
        self.found = look(self._notes, self.ticket, self._clock, self._key)


def look(notes: Path, ticket: str, clock: Clock, key: str = "") -> Earlier | None:
    """What there is of a ticket below the notes folder. A file that cannot be read, or is no note, is passed over.

    So is a note that has expired: it only waits to be removed; and an encrypted one that `key` does not open.
    """
    # Late: no start needs them.
    from deescalate_tui.notes.folder import read_note
    from deescalate_tui.notes.front import parse_front

    end, today = clock.mono_ms() + LONGEST_S * 1000, clock.now().date().isoformat()
    found: dict[str, Front] = {}
    whole = True
    for count, path in enumerate(_newest(notes)):
        if count >= MOST or clock.mono_ms() > end:
            return _of(found, whole=False)
        try:
            text = read_note(path, key, LIMIT)
            if same_ticket(ticket_in(text), ticket):
                front = parse_front(text)
                known = found.get(front.id)
                if front.expires >= today and (known is None or known.revision < front.revision):
                    found[front.id] = front
        except Fault as fault:
            whole = whole and fault.key not in UNREAD
    return _of(found, whole=whole)


def earlier_text(earlier: Earlier, words: Messages) -> str:
    """How many, when the last one was and how it ended, its highest level, and what was promised."""
    last = earlier.last
    date = format_date(datetime.fromisoformat(last.started), words.language)
    parts = [
        words("earlier.count" if earlier.whole else "earlier.count-least", number=earlier.number),
        words("earlier.last", date=date, outcome=words(f"outcome.{last.outcome}")),
    ]
    if last.level.peak is not None:
        parts.append(words("earlier.peak", level=last.level.peak))
    if last.commitments:
        made = min(last.commitments, key=lambda promise: promise.due or "~")  # what has a day comes before words
        due = format_due(made.due, words.language) if made.due else words("notice.no-due")
        more = f" +{len(last.commitments) - 1}" if len(last.commitments) > 1 else ""
        parts.append(words("notice.promised", what=made.what, due=due) + more)
    return clean(" · ".join(parts))


def _newest(folder: Path, depth: int = 0) -> Iterator[Path]:
    """The notes below the folder, the newest first; one month is listed at a time."""
    try:
        paths = [path for path in folder.iterdir() if re.fullmatch(_NAMES[depth], path.name)]
    except OSError:
        return
    for path in sorted(paths, reverse=True):
        if depth + 1 < len(_NAMES):
            yield from _newest(path, depth + 1)
        else:
            yield path


def ticket_in(text: str) -> str:
    """The ticket in the front matter, without the rest of that: most notes have another one, and some are damaged."""
    found = re.search(r'^ticket: ("[^\n]*")$', text.partition("\n---\n")[0], re.MULTILINE)
    try:
        return msgspec.json.decode(found[1], type=str) if found else ""
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return ""


def _of(found: dict[str, Front], *, whole: bool) -> Earlier | None:
    """The last is the one that began last; one that was aborted only where all were. A corrected note counts once."""
    if not found:
        return None
    last = max(found.values(), key=lambda it: (it.outcome != "aborted", datetime.fromisoformat(it.started)))
    return Earlier(len(found), whole, last)
