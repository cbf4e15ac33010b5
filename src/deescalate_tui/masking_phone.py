"""Telephone numbers, told from order numbers, amounts, dates and times by shape and by the words around. Pure."""

from __future__ import annotations

import re

from deescalate_tui import masking_words as words
from deescalate_tui.masking_numbers import Found, Run, runs

_GAP = re.compile(r"[ \u00a0\u202f]{1,2}| ?[-–/.] ?|\)[ ]?[-/]?[ ]?|[ ]?\(|[ ]?\(0\)[ ]?")
_LEAD = re.compile(r"(?:\(?\+ ?|\()$")
_NUMBER = r"\d{1,3}(?:[ .]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_CLOCK = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
_OTHER = re.compile(
    "|".join(
        (
            r"(?<!\d)(?:19|20)\d\d[-./](?:0?\d|1[0-2])[-./](?:[0-2]?\d|3[01])(?!\d)(?:T\d\d)?",  # dates
            r"(?<![\d+])(?:[0-2]?\d|3[01])(?P<sep>[-./])\s?(?:0?\d|1[0-2])(?P=sep)\s?(?:(?:19|20)\d\d|\d\d)(?![\d])",
            r"(?<!\d)(?:19|20)\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])(?!\d)",
            rf"(?<!\d){_CLOCK}(?::\d\d)?\s?(?:-|–|bis|til|tot)\s?{_CLOCK}(?!\d)",  # times
            r"(?<!\d)(?:[01]\d|2[0-4])[0-5][05]\s?[-–]\s?(?:[01]\d|2[0-4])[0-5][05](?!\d)",
            r"(?<!\d)(?:[01]?\d|2[0-4]):[0-5]\d(?::\d\d)?(?!\d)",
            rf"(?:{words.AMOUNT_BEFORE})\s?(?:{_NUMBER})(?:,-)?",  # amounts
            rf"(?<![\d+.,])(?<!\d )(?:{_NUMBER})\s?(?:{words.UNIT})",
            r"(?<![\d+.,])(?<!\d )[1-9]\d{0,2}(?:\.\d{3})+(?:,\d\d)?(?![\d.])",
        )
    ),
    re.IGNORECASE,
)
_CONTEXT = re.compile(
    rf"(?<!\w)(?:(?P<phone>{words.PHONE})|(?P<thing>{words.REFERENCE})|(?P<call>{words.CALL})|(?P<topic>{words.TOPIC}))"
    r"(?!\w)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"[^\w;!?]{0,3}(?:(?:ist|is|er|war|was|var|als|som|haar|zijn|hans|hennes|seine|ihre|die|der|das|het|de) ){0,3}"
    r"(?:tel|telefon\w*|telefoon\w*|handy\w*|mobil\w*|mobiel\w*|tlf|festnetz|privat|prive|rückruf\w*|terugbelnummer|06)(?!\w)",
    re.IGNORECASE,
)
_UNIT = re.compile(rf"\s?(?:{words.UNIT})|[.,:]\d|[-/_]?[A-Za-z_]", re.IGNORECASE)
_SERVICE = re.compile(r"0(?:800|900|180\d?|190\d?|137\d?|700)")
"""Numbers of firms, not of people."""
_BEFORE = 60
_MOBILE = {"de": re.compile(r"01[567]\d{8,10}"), "nl": re.compile(r"06\d{8}"), "no": re.compile(r"[49]\d{7}")}
_ELSEWHERE = {"AT": re.compile(r"06\d{8,11}"), "CH": re.compile(r"07[5-9]\d{7}"), "BE": re.compile(r"04\d{8}")}
_NORDIC = {(3, 2, 3), (2, 2, 2, 2)}
_NAMED = {"de": (5, 13), "nl": (7, 11), "no": (8, 8)}
"""So many digits can have a number that is named."""


def phones(text: str, language: str, country: str) -> Found:
    """Where telephone numbers begin and end, as people write them in this language and country."""
    blank = _OTHER.sub(lambda found: "\0" * len(found[0]), text)
    end = 0
    for run in runs(blank, _GAP):
        lead = _LEAD.search(blank[max(0, run.start - 4) : run.start])
        start = run.start - (len(lead[0]) if lead else 0)
        if start >= end and _is_phone(run, start, "+" in blank[start : run.start], language, country):
            end = run.end
            yield start, run.end


def _is_phone(run: Run, start: int, plus: bool, language: str, country: str) -> bool:
    text, digits = run.text, run.digits
    if not 5 <= len(digits) <= 17 or any(len(group) == 1 for group in run.groups[2:]) or _UNIT.match(text, run.end):
        return False
    if start and (text[start - 1].isalnum() or text[start - 1] in "_#" or re.search(r"[\w\0][-/.:,]$", text[:start])):
        return False
    if plus:
        return 8 <= len(digits) <= 16 and digits[0] != "0"
    context = _context(text, start)
    follows = re.search(r"\d[ \u00a0]$", text[:start]) is not None
    if context == "thing" or (follows and digits[0] != "0"):
        return False
    if digits.startswith("00"):
        return 10 <= len(digits) <= 17 and digits[2] != "0"
    if _SERVICE.match(digits):
        return False
    if _plain_shape(run, language, country):
        return True
    if context == "phone" or _BEHIND.match(text, run.end):
        least, most = _NAMED.get(language, (6, 13))
        return least <= len(digits) <= most and min(run.shape[1:], default=2) > 1
    return context == "call" and language == "no" and bool(_MOBILE["no"].fullmatch(digits))


def _plain_shape(run: Run, language: str, country: str) -> bool:
    """Whether it can hardly be anything else, whatever stands around it."""
    digits, shape = run.digits, run.shape
    if language == "no" and shape in _NORDIC and "." not in run.text[run.start : run.end]:
        return digits[0] in ("49" if shape == (3, 2, 3) else "2345679")
    mobile = (_MOBILE.get(language) if language != "no" else None, _ELSEWHERE.get(country))
    if any(pattern is not None and pattern.fullmatch(digits) for pattern in mobile):
        return True
    if digits[0] != "0" or len(shape) == 1 or language == "no" or not 3 <= shape[0] <= 5:
        return shape[:1] == (2,) and digits[0] == "0" and language == "nl" and len(digits) == 10
    return len(digits) == 10 if language == "nl" else 8 <= len(digits) <= 12


def _context(text: str, start: int) -> str:
    """What the nearest telling word before says: `phone`, `thing`, `call`, `topic`; empty where none does."""
    before = text[max(0, start - _BEFORE) : start]
    told = list(_CONTEXT.finditer(before))
    if not told:
        return ""
    kind = told[-1].lastgroup or ""
    # The number of a thing stands right behind its name; another one, or too much between, and it is spent.
    between = before[told[-1].end() :]
    if kind != "phone" and re.search(r"[\d\0]\W*[,;(]|[\d\0]\W*\w*[^\W\d]|(?:\w+\W+){4}", between):
        return ""
    return kind
