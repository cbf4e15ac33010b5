"""The front matter of a note: its values, and how they are written and read.

One key a line, its value as JSON; the long lists take one entry a line. JSON is YAML, so any YAML parser reads it as
meant, and to read it here takes microseconds, which an archive of many thousand notes needs. Keys that are not known
are passed over with all that is indented below them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import msgspec

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
    return Front(**read_front(text, place)[0])


def read_front(text: str, place: str) -> tuple[dict[str, Any], int]:
    """Every value of the front matter by its key, and where the text goes on after it."""
    end = text.find(f"\n{RULE}\n", len(RULE))
    if not text.startswith(f"{RULE}\n") or end < 0:
        raise Fault(at(place, 1), "note-foreign")
    lines = text[len(RULE) + 1 : end].split("\n")
    values = _values(lines, place)
    missing = next((name for name in _NAMES if name not in values), "")
    if missing:
        raise Fault(at(place, 1), "note-missing", name=missing)
    _check_times(values, lines, place)
    return values, end + len(RULE) + 2


def _values(lines: list[str], place: str) -> dict[str, Any]:
    """The value of each known key. One loop without calls of its own: an archive reads millions of lines."""
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


def _check_times(values: dict[str, Any], lines: list[str], place: str) -> None:
    kept = [promise.kept for promise in values["commitments"] if promise.kept]
    done = [values["follow_up_done"]] if values["follow_up_done"] else []
    for name, times, is_good in (
        ("started", [values["started"]], _is_moment),
        ("ended", [values["ended"]], _is_moment),
        ("expires", [values["expires"]], _is_day),
        ("commitments", kept, _is_day),
        ("follow_up_done", done, _is_day),
    ):
        try:
            good = all(is_good(time) for time in times)
        except ValueError:
            good = False
        if not good:
            number = next((number for number, line in enumerate(lines, 2) if line.startswith(f"{name}:")), 1)
            raise Fault(at(place, number), "note-value", name=name)


def _is_moment(text: str) -> bool:
    moment = datetime.fromisoformat(text)
    return moment.tzinfo is not None and moment.year in _YEARS


def _is_day(text: str) -> bool:
    return bool(date.fromisoformat(text))


def at(place: str, line: int) -> str:
    """A line of the file, or of the text where it has no name."""
    return f"{place}:{line}" if place else str(line)
