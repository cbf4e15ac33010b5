"""What is personal in typed text is found and masked, so that it never reaches the journal. Pure.

What is found is one of `fields.PERSONAL`, and nothing else is looked for: a text without findings may still tell who
somebody is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from deescalate_tui.masking.mail import emails
from deescalate_tui.masking.numbered import (
    BIRTH,
    BSN,
    CARD,
    IBAN,
    IBAN_COUNTRIES,
    TAX,
    Found,
    ibans,
    names_a_thing,
    numbers,
)
from deescalate_tui.masking.phone import phones

EMAIL, PHONE = "email", "phone"
TAIL = {IBAN: 4, CARD: 4, PHONE: 2}
"""So many last signs stay visible, to tell one from another; of the other kinds none."""
UNFINISHED = "[…]"
"""Stands in a draft for what is still being typed."""
_LEAST_DIGITS = 5
_PLACEHOLDER = re.compile(r"\[(?! ?(?:at|ät|a|dot|punkt|punt|punktum) ?\])[^\[\]\d]{0,40}(?:…\w{0,4})?\]")
_HALF_IBAN = re.compile(
    rf"(?:(?<![A-Z0-9])(?:{IBAN_COUNTRIES}) ?|(?<![A-Za-z0-9])(?i:{IBAN_COUNTRIES}))\d\d?"
    r"(?:(?<=\d\d)[ .-]?[A-Za-z]{1,4})?+(?:[ .-]?\d)*+[ .-]*$"
)
_HALF = re.compile(r"(?<![A-Z0-9])[+(]*\d(?:[ .\-–/()]{0,3}\d){4,}+[ .\-–/()]*$|\S+@\S*$")
"""A number or an address that may go on where the text ends."""
_REACH = 100
"""So many signs before the end can be one."""


class Span(msgspec.Struct, frozen=True, order=True):
    """A finding: `text[start:end]` is of this kind."""

    start: int
    end: int
    kind: str


class Masked(msgspec.Struct, frozen=True):
    """A text as it may be kept, and which kinds of finding it had, in their order."""

    text: str
    kinds: tuple[str, ...] = ()


def find(text: str, language: str, country: str = "", *, ticket: bool = False) -> tuple[Span, ...]:
    """What is personal in the text, from left to right, none within another.

    The call's `language` and the agent's `country` tell how telephone numbers are written. A `ticket` may look
    like one.
    """
    blank = _PLACEHOLDER.sub(lambda found: "\0" * len(found[0]), text)
    spans: list[Span] = []

    def take(kind: str, found: Found) -> None:
        nonlocal blank
        for start, end in list(found):
            if "\0" not in blank[start:end]:
                spans.append(Span(start, end, kind))
                blank = blank[:start] + "\0" * (end - start) + blank[end:]

    take(EMAIL, emails(blank))
    if sum(sign.isdigit() for sign in blank) >= _LEAST_DIGITS:
        take(IBAN, ibans(blank))
        for kind in (CARD, BIRTH, BSN, TAX):
            take(kind, numbers(blank, kind))
        if not ticket:
            take(PHONE, phones(blank, language, country))
    return tuple(sorted(spans))


def mask(text: str, names: Mapping[str, str], language: str, country: str = "", *, ticket: bool = False) -> Masked:
    """The text with `[IBAN …4711]` for each finding; `names` has the word for each kind. Twice is as once."""
    kinds: list[str] = []
    # One mask less beside it, and a number may be told for what it is: again, until nothing is found.
    while spans := find(text, language, country, ticket=ticket):
        for span in reversed(spans):
            text = text[: span.start] + _placeholder(text[span.start : span.end], span.kind, names) + text[span.end :]
        kinds += [span.kind for span in spans]
    return Masked(text, tuple(dict.fromkeys(kinds)))


def mask_draft(text: str, names: Mapping[str, str], language: str, country: str = "", *, ticket: bool = False) -> str:
    """A text that is still being typed, masked. What may go on at its end is left out whole: not even its last signs
    stay, or one pause after the other would tell it. The number of an order stays."""
    window = max(0, len(text) - _REACH)
    end = text[window:]
    half = None if ticket else _HALF_IBAN.search(end) or _HALF.search(end)
    if half is None:
        return mask(text, names, language, country, ticket=ticket).text
    whole = text[: window + half.start()]
    if half[0][0].isdigit() and names_a_thing(whole):
        return mask(text, names, language, country, ticket=ticket).text
    return mask(whole, names, language, country).text + UNFINISHED


def _placeholder(found: str, kind: str, names: Mapping[str, str]) -> str:
    signs = "".join(filter(str.isalnum, found))
    tail = f" …{signs[-TAIL[kind] :]}" if kind in TAIL else ""
    return f"[{names[kind]}{tail}]"
