"""Telephone numbers, told from order numbers, amounts, dates and times by shape and by the words around. Pure."""

from __future__ import annotations

import re

from deescalate_tui.masking import words
from deescalate_tui.masking.numbered import Found, Run, runs

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
            r"(?<!\d)[0-3]\d-[01]\d(?: [0-3]\d-[01]\d)+(?!\d)",
            r"(?<!\d)(?:[01]?\d|2[0-4]):[0-5]\d(?::\d\d)?(?!\d)",
            rf"(?:{words.AMOUNT_BEFORE})\s?(?:{_NUMBER})(?:,-)?",  # amounts
            rf"(?<![\d+.,])(?<!\d )(?:{_NUMBER})\s?(?:{words.UNIT})(?!\s?\d)",
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
_UNIT = re.compile(rf"\s?(?:{words.UNIT})(?!\s?\d)|[.,:]\d|[-/_]?[A-Za-z_]", re.IGNORECASE)
_NAMED_HERE = re.compile(rf"(?<!\w)(?:{words.PHONE})[.:]?$", re.IGNORECASE)
_FOLLOWS = re.compile(r"(?<!\d)\d{1,4}[ \u00a0]$")
_GOES_ON = re.compile(r"[ \u00a0]\d")
_BEFORE = 60
_MOBILE = {"de": re.compile(r"01[567]\d{8,10}"), "nl": re.compile(r"06\d{8}"), "no": re.compile(r"[49]\d{7}")}
_ABROAD = {"de": re.compile(r"491[567]\d{8,9}"), "nl": re.compile(r"316\d{8}"), "no": re.compile(r"47[49]\d{7}")}
"""With the country's number, but no plus."""
_ELSEWHERE = {"AT": re.compile(r"06\d{8,11}"), "CH": re.compile(r"07[5-9]\d{7}"), "BE": re.compile(r"04\d{8}")}
_NORDIC = {(3, 2, 3), (2, 2, 2, 2)}
_NAMED = {"de": (5, 13), "nl": (7, 11), "no": (8, 8)}
"""So many digits can have a number that is named."""


def phones(text: str, language: str, country: str) -> Found:
    """Where telephone numbers begin and end, as people write them in this language and country."""
    blank = _OTHER.sub(lambda found: "\0" * len(found[0]), text)
    end = -2
    contexts: dict[int, str] = {}
    for run in runs(blank, 5, 17, _GAP):
        lead = _LEAD.search(blank[max(0, run.start - 4) : run.start])
        plus = lead is not None and "+" in lead[0] and run.digits[0] != "0"
        start = run.start - (len(lead[0]) if lead and (plus or "+" not in lead[0]) else 0)
        if start < end or (start > end + 1 and _joined(blank, start)):
            continue
        if start not in contexts:
            contexts[start] = _context(blank, start)
        if _is_phone(run, start, plus, contexts[start], (language, country)):
            end = run.end
            yield start, run.end


def _joined(text: str, start: int) -> bool:
    """Whether something is written together with what stands before: a part of it, unless that names the number."""
    before = text[max(0, start - _BEFORE) : start]
    return re.search(r"[\w\0][-/.:,]$|[_#\d]$", before) is not None and not _NAMED_HERE.search(before)


def _is_phone(run: Run, start: int, plus: bool, context: str, place: tuple[str, str]) -> bool:
    text, digits, language = run.text, run.digits, place[0]
    if _UNIT.match(text, run.end):
        return False
    if plus:
        return 8 <= len(digits) <= 16
    if not _spoken_groups(run):
        return False
    follows = _FOLLOWS.search(text[max(0, start - 6) : start]) is not None
    if context == "thing" or (follows and digits[0] != "0"):
        return False
    if digits.startswith("00"):
        return 10 <= len(digits) <= 17 and digits[2] != "0"
    if _plain_shape(run, *place):
        return True
    if _GOES_ON.match(text, run.end):
        return False
    if context == "phone" or _BEHIND.match(text, run.end):
        least, most = _NAMED.get(language, (6, 13))
        return least <= len(digits) <= most
    return context == "call" and language == "no" and bool(_MOBILE["no"].fullmatch(digits))


def _spoken_groups(run: Run) -> bool:
    """Whether a digit that stands alone is the last one, or all behind the first group do, as they are dictated."""
    singles = [len(group) == 1 for group in run.groups[1:]]
    return not any(singles[1:]) or all(singles) or (run.digits[0] == "0" and not any(singles[1:-1]))


def _plain_shape(run: Run, language: str, country: str) -> bool:
    """Whether it can hardly be anything else, whatever stands around it."""
    digits, shape = run.digits, run.shape
    if language == "no" and "." not in run.text[run.start : run.end]:
        national = shape[1:] if run.groups[0] == "47" else shape
        if national in _NORDIC:
            return digits[-8] in ("498" if national == (3, 2, 3) else "2345679")
    mobile = (_MOBILE.get(language) if language != "no" else None, _ELSEWHERE.get(country), _ABROAD.get(language))
    if any(pattern is not None and pattern.fullmatch(digits) for pattern in mobile):
        return True
    if digits[0] != "0" or len(shape) == 1 or language == "no":
        return False
    if language == "nl":
        return len(digits) == 10 and 2 <= shape[0] <= 5
    if shape[0] == 1:
        shape = (1 + shape[1], *shape[2:])
    slash = "/" in run.text[run.start : run.end] and shape[0] == 2
    return 8 <= len(digits) <= 12 and (3 <= shape[0] <= 5 or slash)


def _context(text: str, start: int) -> str:
    """What the nearest telling word before says: `phone`, `thing`, `call`, `topic`; empty where none does."""
    before = text[max(0, start - _BEFORE) : start]
    told = list(_CONTEXT.finditer(before))
    if not told:
        return ""
    kind = told[-1].lastgroup or ""
    # The number of a thing stands right behind its name; another one, or too much between, and it is spent.
    between = before[told[-1].end() :]
    if kind != "phone" and re.search(r"\d{4}\W+$|[\d\0]\W*[,;(]|[\d\0]\W*\w*[^\W\d]|(?:\w+\W+){4}", between):
        return ""
    return kind
