"""A note as lists show it, and what it is chosen by."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from deescalate_tui.call.fields import ticket_key
from deescalate_tui.notes.front import LevelRange, Promise, StepCount

SECOND = 1024
"""So many notes can begin in one second: by that a key grows."""
_DAY = timedelta(days=1)


class Row(msgspec.Struct, frozen=True):
    """What the front matter of a note says, without the agent: lists, desk and reports never show who it was."""

    key: int
    """In the index: grows with the start. Another index, or one built anew, may have another."""
    id: str
    path: str
    """Relative to the notes folder."""
    revision: int
    started: str
    ended: str
    duration_s: int
    ticket: str
    customer_type: str
    types: tuple[str, ...]
    language: str
    country: str
    channel: str
    level: LevelRange
    warnings: int
    outcome: str
    request: str
    request_answered: str
    steps: StepCount
    threat: bool
    escalated_to: str
    commitments: tuple[Promise, ...]
    follow_up: str
    satisfaction: str
    expires: str
    follow_up_done: str


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """Which notes are meant: all of it must hold; of several values one. What is empty asks for nothing."""

    since: date | None = None
    until: date | None = None
    """Days on which a session began, by the clock of its place; both count."""
    types: tuple[str, ...] = ()
    """Any that guided."""
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    levels: tuple[int, int] | None = None
    """The highest level heard, from and to."""
    threat: bool | None = None
    ticket: str = ""
    due: date | None = None
    """Something that is open was promised, or is to be followed up, by this day."""


class Condition(msgspec.Struct, frozen=True):
    """A part of WHERE, about the table `notes` as `n`."""

    sql: str
    values: tuple[object, ...] = ()

    def negated(self) -> Condition:
        """What holds where this does not."""
        return Condition(f"NOT ifnull(({self.sql}), 0)", self.values)


_NAMES = tuple(
    name
    for field in msgspec.structs.fields(Row)
    for name in (("level_start", "level_peak", "level_end") if field.name == "level" else (field.name,))
)
_STORED = {"key": "id", "id": "note"}
COLUMNS = ", ".join(f"n.{_STORED.get(name, name)}" for name in _NAMES)
_types = msgspec.json.Decoder(tuple[str, ...]).decode
_steps = msgspec.json.Decoder(StepCount).decode
_promises = msgspec.json.Decoder(tuple[Promise, ...]).decode


def row_of(values: tuple[Any, ...]) -> Row:
    """The row of what COLUMNS gave."""
    named = dict(zip(_NAMES, values, strict=True))
    level = LevelRange(named.pop("level_start"), named.pop("level_peak"), named.pop("level_end"))
    named |= {"types": _types(named["types"]), "steps": _steps(named["steps"]), "threat": bool(named["threat"])}
    return Row(level=level, commitments=_promises(named.pop("commitments")), **named)


def conditions(filters: Filters) -> list[Condition]:
    """What the filters ask for."""
    asked = [
        one_of("language", filters.languages),
        one_of("country", filters.countries),
        one_of("channel", filters.channels),
        one_of("outcome", filters.outcomes),
        of_types(filters.types),
        of_ticket(filters.ticket),
    ]
    found = [condition for condition in asked if condition is not None]
    if filters.since is not None:
        found.append(since(filters.since))
    if filters.until is not None:
        found.append(until(filters.until))
    if filters.levels is not None:
        found.append(Condition("n.level_peak BETWEEN ? AND ?", filters.levels))
    if filters.threat is not None:
        found.append(Condition("n.threat" if filters.threat else "NOT n.threat"))
    if filters.due is not None:
        found.append(due_by(filters.due))
    return found


def one_of(column: str, values: tuple[str, ...]) -> Condition | None:
    """A column has one of the values."""
    return Condition(f"n.{column} IN ({', '.join('?' * len(values))})", values) if values else None


def of_types(values: tuple[str, ...]) -> Condition | None:
    """One of the types guided at any time."""
    if not values:
        return None
    is_one = f"value IN ({', '.join('?' * len(values))})"
    return Condition(f"EXISTS (SELECT 1 FROM json_each(n.types) WHERE {is_one})", values)


def of_ticket(ticket: str, *, prefix: bool = False) -> Condition | None:
    """The ticket, as people write it; with `prefix` those that begin so."""
    key = ticket_key(ticket)
    if prefix and key:
        return Condition("n.ticket_key >= ? AND n.ticket_key < ?", (key, key[:-1] + chr(ord(key[-1]) + 1)))
    # The second half is what the index of tickets needs to see.
    return Condition("n.ticket_key = ? AND n.ticket_key <> ''", (key,)) if key else None


def since(day: date) -> Condition:
    """Began on the day or later. The first half is quick: no clock is more than a day from UTC."""
    return Condition("n.id >= ? AND n.started >= ?", (_key(day, -1), day.isoformat()))


def until(day: date) -> Condition:
    """Began on the day or earlier."""
    return Condition("n.id < ? AND substr(n.started, 1, 10) <= ?", (_key(day, 2), day.isoformat()))


def due_by(day: date) -> Condition:
    """Something is due on the day or earlier."""
    return Condition("n.id IN (SELECT id FROM dues WHERE due > '' AND due < ?)", (after(day),))


def expired(day: date) -> Condition:
    """Its day has passed: it only waits to be erased."""
    return Condition("n.expires < ?", (day.isoformat(),))


def after(day: date) -> str:
    """What every time of the day sorts before, and nothing of a later day does."""
    return f"{day.isoformat()}~"


def _key(day: date, days: int) -> int:
    """The least key of what began so many days after the beginning of the day in UTC."""
    try:
        moment = datetime.combine(day + days * _DAY, time(), UTC)
    except OverflowError:
        moment = datetime.combine(day, time(), UTC)
    return int(moment.timestamp()) * SECOND
