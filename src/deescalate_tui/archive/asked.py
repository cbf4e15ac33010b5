"""What the fields of a query ask for, checked and as conditions. Pure but for the day it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from deescalate_tui.archive.past import parse_past
from deescalate_tui.archive.query import Field, fault
from deescalate_tui.archive.rows import Condition, due_by, expired, of_ticket, of_types, one_of, since, until
from deescalate_tui.call.checklist import CHANNELS
from deescalate_tui.call.session import OUTCOMES
from deescalate_tui.errors import UsageFault

LANGUAGES = ("de", "nl", "no")
LEVELS = ("0", "1", "2", "3", "4")
BOTH = ("yes", "no")


def condition(field: Field, today: date) -> Condition:
    """The condition of one field. Raises UsageFault."""
    values = [it.strip() for it in field.values]
    try:
        found = [_READ[field.name](it, today) for it in values]
    except UsageFault as error:
        raise fault(field.column, error.key, **error.params) from error
    whole = Condition(" OR ".join(f"({it.sql})" for it in found), tuple(value for it in found for value in it.values))
    whole = found[0] if len(found) == 1 else whole
    return whole.negated() if field.without else whole


def level_range(text: str) -> tuple[int, int]:
    """`3` or `3-4`. Raises UsageFault."""
    least, dash, most = text.replace("–", "-").partition("-")
    most = most if dash else least
    if least not in LEVELS or most not in LEVELS or least > most:
        raise UsageFault("", "value-unknown", found=text, allowed="0-4")
    return int(least), int(most)


def known(text: str, allowed: tuple[str, ...]) -> str:
    """A value of a closed list. Raises UsageFault."""
    value = text.lower()
    if value not in allowed:
        raise UsageFault("", "value-unknown", found=text, allowed=", ".join(allowed))
    return value


def days(text: str, today: date) -> tuple[date, date]:
    """The first and the last day of what a text names. Raises UsageFault."""
    found = parse_past(text, today)
    if found is None:
        raise UsageFault("", "value-past", found=text)
    return found


def language_of(text: str) -> str:
    """`nb` is Norwegian as well. Raises UsageFault."""
    return known("no" if text.lower() == "nb" else text, LANGUAGES)


def due_until(fields: Iterable[Field], today: date) -> date | None:
    """By which day what is open is asked for; None where no field says so. Raises UsageFault."""
    asked = [field for field in fields if field.name == "due" and not field.without]
    return min((max(_due_day(it.strip(), today) for it in field.values) for field in asked), default=None)


def _due_day(text: str, today: date) -> date:
    """The last day on which that is due; `overdue` is what was before today. Raises UsageFault."""
    if text.lower() == "overdue":
        return date.fromordinal(max(today.toordinal() - 1, 1))
    return days(text, today)[1]


def _expired(text: str, today: date) -> Condition:
    found = expired(today)
    return found if known(text, BOTH) == "yes" else found.negated()


def _condition(found: Condition | None) -> Condition:
    return found if found is not None else Condition("0")


def _level(text: str, _today: date) -> Condition:
    return Condition("n.level_peak BETWEEN ? AND ?", level_range(text))


def _ticket(text: str, _today: date) -> Condition:
    return _condition(of_ticket(text.removesuffix("*"), prefix=text.endswith("*")))


def _of(column: str, allowed: tuple[str, ...]) -> Callable[[str, date], Condition]:
    return lambda text, _today: _condition(one_of(column, (known(text, allowed),)))


_READ: Mapping[str, Callable[[str, date], Condition]] = {
    "channel": _of("channel", CHANNELS),
    "country": lambda text, _: _condition(one_of("country", (text.upper(),))),
    "due": lambda text, today: due_by(_due_day(text, today)),
    "expired": _expired,
    "language": lambda text, _: _condition(one_of("language", (language_of(text),))),
    "level": _level,
    "outcome": _of("outcome", OUTCOMES),
    "since": lambda text, today: since(days(text, today)[0]),
    "threat": lambda text, _: Condition("n.threat" if known(text, BOTH) == "yes" else "NOT n.threat"),
    "ticket": _ticket,
    "type": lambda text, _: _condition(of_types((text.lower(),))),
    "until": lambda text, today: until(days(text, today)[1]),
}
