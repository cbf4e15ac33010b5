"""Confirming a safety number: a country with the number as somebody checked it, and its file. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from deescalate_tui.call.checklist import CONSENTS, FORMAT, NUMBER_KINDS, Country, Recording, SafetyNumber
from deescalate_tui.content.schema_files import editor_line
from deescalate_tui.errors import UsageFault

RECORDING = "recording"
"""Confirmed like a kind of number: the country's line on recording a call."""


class Check(msgspec.Struct, frozen=True):
    """What somebody says to have checked."""

    kind: str
    number: str
    """For `RECORDING`, one of `checklist.CONSENTS`."""
    by: str
    date: str
    """YYYY-MM-DD."""
    instead_of: str = ""
    """The number of the profile that is wrong, where `number` is another one."""


def confirmed(country: Country, check: Check) -> Country:
    """The country with this one number confirmed and all others as they were.

    A number that the profile does not know counts only where it is said which one it replaces, or where the profile
    has none of this kind: a slip of the finger must not become an emergency number. Raises UsageFault.
    """
    if check.kind == RECORDING:
        return replace(country, recording=_law(country.recording, check), revision=country.revision + 1)
    if check.kind not in NUMBER_KINDS:
        raise UsageFault("KIND", "value-unknown", found=check.kind, allowed=", ".join((*NUMBER_KINDS, RECORDING)))
    known = [number for number in country.numbers if number.kind == check.kind]
    wanted = check.instead_of or check.number
    old = next((number for number in known if _digits(number.number) == _digits(wanted)), None)
    if old is None and (known or check.instead_of):
        shown = ", ".join(number.number for number in known) or "–"
        raise UsageFault("NUMBER", "confirm-other", found=wanted, known=shown, country=country.id, kind=check.kind)
    new = _checked(old, check)
    numbers = tuple(new if number is old else number for number in country.numbers)
    return replace(country, numbers=numbers if old else (*numbers, new), revision=country.revision + 1)


def _law(old: Recording | None, check: Check) -> Recording:
    """The line on recording as it now stands: `number` says whose consent it takes."""
    if check.number not in CONSENTS:
        raise UsageFault("NUMBER", "value-unknown", found=check.number, allowed=", ".join(CONSENTS))
    source = old.source if old is not None and old.consent == check.number else check.by
    return Recording(check.number, source, verified=check.date, confirmed_by=check.by)


def _checked(old: SafetyNumber | None, check: Check) -> SafetyNumber:
    """The number as it now stands; where it is another one, the old source says nothing about it."""
    if old is not None and not check.instead_of:
        return replace(old, verified=check.date, confirmed_by=check.by)
    return SafetyNumber(
        kind=check.kind,
        number=check.number,
        name=old.name if old is not None else "",
        source=check.by,
        verified=check.date,
        confirmed_by=check.by,
    )


def country_text(country: Country) -> str:
    """The file of a country."""
    lines = [
        editor_line("country"),
        f"format: {FORMAT}",
        "kind: country",
        f"id: {country.id}",
        f"name: {quoted(country.name)}",
        f"revision: {country.revision}",
        "numbers:",
        *(line for number in country.numbers for line in _number_lines(number)),
        *(_recording_lines(country.recording) if country.recording is not None else ()),
    ]
    return "".join(f"{line}\n" for line in lines)


def _number_lines(number: SafetyNumber) -> Iterator[str]:
    yield f"  - kind: {number.kind}"
    yield f"    number: {quoted(number.number)}"
    if number.name:
        yield f"    name: {quoted(number.name)}"
    yield f"    source: {quoted(number.source)}"
    yield f"    verified: {number.verified or 'null'}"
    if number.confirmed_by:
        yield f"    confirmed_by: {quoted(number.confirmed_by)}"


def _recording_lines(law: Recording) -> Iterator[str]:
    yield "recording:"
    yield f"  consent: {law.consent}"
    yield f"  source: {quoted(law.source)}"
    yield f"  verified: {law.verified or 'null'}"
    if law.confirmed_by:
        yield f"  confirmed_by: {quoted(law.confirmed_by)}"


def quoted(text: str) -> str:
    """As YAML writes any text: JSON's way is one of its ways."""
    return msgspec.json.encode(text).decode()


def _digits(number: str) -> str:
    return re.sub("[ -]", "", number)
