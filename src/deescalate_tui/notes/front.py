"""The front matter of a note: its values, and how they are written and read.

One key a line, its value as JSON; the long lists take one entry a line. JSON is YAML, so any YAML parser reads it as
meant, and to read it here takes microseconds, which an archive of many thousand notes needs. Keys that are not known
are passed over with all that is indented below them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec
from msgspec.structs import asdict

from deescalate_tui.clean import escaped_json
from deescalate_tui.errors import Fault

SCHEMA = 1
"""Of the note file. A reader refuses a higher one."""
RULE = "---"


class ChecklistRef(msgspec.Struct, frozen=True):
    """Which checklist guided, beyond doubt."""

    id: str
    language: str
    revision: int
    sha256: str


class LevelRange(msgspec.Struct, frozen=True):
    """The first, the highest and the last level heard; None where none was."""

    start: int | None
    peak: int | None
    end: int | None


class StepCount(msgspec.Struct, frozen=True):
    """What became of the steps that were offered."""

    done: int
    skipped: int
    not_reached: int


class Promise(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something promised; `due` is an ISO date, an ISO local date-time or the words typed, or empty."""

    what: str
    due: str
    kept: str = ""
    """The ISO date on which a lead ticked it off; empty while it is open."""


class Front(msgspec.Struct, frozen=True):
    """The front matter, in the order in which it is written. A text that there is none of is empty."""

    schema: int
    id: str
    started: str
    ended: str
    duration_s: int
    agent: str
    ticket: str
    customer_type: str
    types: tuple[str, ...]
    """Every type that guided, in order; neighbours differ."""
    language: str
    country: str
    channel: str
    checklists: tuple[ChecklistRef, ...]
    level: LevelRange
    warnings: int
    """Limits given."""
    outcome: str
    request: str
    request_answered: str
    steps: StepCount
    threat: bool
    """Level 4 was heard, or a threat was written down."""
    escalated_to: str
    commitments: tuple[Promise, ...]
    follow_up: str
    satisfaction: str
    revision: int
    """Of the note: 1, and one more with each correction."""
    expires: str
    """ISO date."""
    app_version: str
    follow_up_done: str = ""
    """The ISO date on which a lead ticked off the next contact."""


_NAMES = tuple(field.name for field in msgspec.structs.fields(Front))
_LISTS: dict[str, Callable[[str], Any]] = {
    "checklists": msgspec.json.Decoder(ChecklistRef).decode,
    "commitments": msgspec.json.Decoder(Promise).decode,
}
"""What takes one line an entry."""
_VALUES = {field.name: msgspec.json.Decoder(field.type).decode for field in msgspec.structs.fields(Front)}
_YEARS = range(2, 9999)
"""In UTC too a date has four digits."""


def write_front(front: Front) -> str:
    """The front matter between its two rules, without a line feed at the end."""
    lines = [RULE]
    for name in _NAMES:
        value = getattr(front, name)
        if name in _LISTS and value:
            lines.append(f"{name}:")
            lines.extend(f"  - {_json(entry)}" for entry in value)
        else:
            lines.append(f"{name}: {_json(value)}")
    return "\n".join((*lines, RULE))


def _json(value: object) -> str:
    """JSON in which every character that YAML does not print is written as an escape."""
    return escaped_json(msgspec.json.format(msgspec.json.encode(value), indent=0).decode())


def parse_front(text: str, place: str = "") -> Front:
    """The front matter of a note, from the file's text or its beginning.

    `place` is the file's name for the Fault that a damaged or foreign text raises; a newer schema is one of its own.
    """
    return front_of(text, place)[0]


def read_front(text: str, place: str) -> tuple[dict[str, Any], int]:
    """Every value of the front matter by its key, and where the text goes on after it."""
    front, end = front_of(text, place)
    return asdict(front), end


def front_of(text: str, place: str) -> tuple[Front, int]:
    """The front matter, and where the text goes on after it."""
    written = _written().match(text)
    front = _as_written(written.groups()) if written is not None else None
    return (front, written.end()) if written is not None and front is not None else _at_length(text, place)


@cache  # made when it is first needed: most commands read no note
def _written() -> re.Pattern[str]:
    """Front matter as `write_front` writes it: the keys in order, and nothing else."""
    entries = r"(?:\n  - .*)+|"
    lines = (rf"{name}:({entries if name in _LISTS else ''} .*)\n" for name in _NAMES)
    return re.compile(f"{RULE}\n{''.join(lines)}{RULE}\n")


def _as_written(texts: tuple[str, ...]) -> Front | None:
    """The same in a third of the time, of what `write_front` has written; None where anything is to be said of it."""
    try:
        front = Front(*[decode(text) for decode, text in zip(_IN_ORDER, texts, strict=True)])
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        return None
    return front if front.schema <= SCHEMA and not _no_time(front) else None


def _list_of(name: str) -> Callable[[str], Any]:
    """Decodes the value of a key that may take one line an entry."""
    entry, whole = _LISTS[name], _VALUES[name]
    return lambda text: tuple(map(entry, text.split("\n  - ")[1:])) if text.startswith("\n") else whole(text)


_IN_ORDER = tuple(_list_of(name) if name in _LISTS else _VALUES[name] for name in _NAMES)


def _at_length(text: str, place: str) -> tuple[Front, int]:
    """The same of any text, line by line, with the Fault that it deserves."""
    end = text.find(f"\n{RULE}\n", len(RULE))
    if not text.startswith(f"{RULE}\n") or end < 0:
        raise Fault(at(place, 1), "note-foreign")
    lines = text[len(RULE) + 1 : end].split("\n")
    values = _values(lines, place)
    missing = next((name for name in _NAMES if name not in values), "")
    if missing:
        raise Fault(at(place, 1), "note-missing", name=missing)
    front = Front(**values)
    if name := _no_time(front):
        number = next((number for number, line in enumerate(lines, 2) if line.startswith(f"{name}:")), 1)
        raise Fault(at(place, number), "note-value", name=name)
    return front, end + len(RULE) + 2


def _values(lines: list[str], place: str) -> dict[str, Any]:
    """The value of each known key."""
    values: dict[str, Any] = {}
    name = ""
    number = 1
    try:
        for number, line in enumerate(lines, 2):
            if line.startswith("  "):
                if name in _VALUES:
                    values[name] = (*values[name], _LISTS[name](line.removeprefix("  - ")))
                continue
            name, _, value = line.partition(":")
            if name in values:
                raise Fault(at(place, number), "note-twice", name=name)
            if value or name not in _LISTS:
                if decode := _VALUES.get(name):
                    values[name] = decode(value)
            else:
                values[name] = ()
            if name == "schema" and values[name] > SCHEMA:
                raise Fault(at(place, number), "note-newer", found=values[name], known=SCHEMA)
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError, KeyError, TypeError):
        raise Fault(at(place, number), "note-value", name=name) from None
    return values


def _no_time(front: Front) -> str:
    """The key of the first time that is none; empty where all of them are."""
    name = ""
    try:
        for name, text in (("started", front.started), ("ended", front.ended)):
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None or moment.year not in _YEARS:
                return name
        name = "expires"
        date.fromisoformat(front.expires)
        name = "commitments"
        for promise in front.commitments:
            if promise.kept:
                date.fromisoformat(promise.kept)
        name = "follow_up_done"
        if front.follow_up_done:
            date.fromisoformat(front.follow_up_done)
    except ValueError:
        return name
    return ""


def at(place: str, line: int) -> str:
    """A line of the file, or of the text where it has no name."""
    return f"{place}:{line}" if place else str(line)
