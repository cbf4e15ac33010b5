"""Numbers and addresses that tell by themselves, or by their name, what they are: check digits first. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from deescalate_tui import masking_words as words

Found = Iterator[tuple[int, int]]
"""Where something begins and ends."""
IBAN, CARD, BIRTH, BSN, TAX = "iban", "card", "birth", "bsn", "tax"
MOST_GROUPS = 8
"""So many groups of digits can be one number."""

_AT = r"\s?[(\[{]\s?(?:at|ät|a)\s?[)\]}]\s?"
_SPOKEN_AT = r"\s(?:ät|klammeraffe|krøllalfa|alfakrøll|apenstaart(?:je)?)\s"
_DOT = r"(?:\.|\s?[(\[]\s?(?:dot|punkt|punt|punktum)\s?[)\]]\s?|\s(?:dot|punkt|punt|punktum)\s)"
_LOCAL = r"(?<![\w.+%'’-])\w(?:[\w.+%'’-]{0,63}\w)?"
_EMAILS = (
    re.compile(rf"{_LOCAL}@\w[\w-]*(?:\.\w[\w-]*)+"),
    re.compile(rf"{_LOCAL}(?:{_AT}|{_SPOKEN_AT})\w[\w-]*(?:\.\w[\w-]*)*{_DOT}[a-zæøåäöü]{{2,}}\b", re.IGNORECASE),
    re.compile(r"\b\w+(?:[._]\w+)+ at \w[\w-]*\.[a-z]{2,}\b", re.IGNORECASE),
)
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ \u00a0]?\d{2}")
_IBAN_NEXT = re.compile(r"[ .\-\u00a0\u202f]?([A-Za-z0-9])")
_IBAN_DIGITS = re.compile(r"(?:[ .\-\u00a0\u202f]?\w*\d\w*)+")
_IBAN_COUNTRIES = {
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL",
    19: "MK SI",
    20: "AT BA EE LT LU XK",
    21: "CH HR LI LV",
    22: "BG DE GB GE IE ME RS",
    23: "AE GI IL",
    24: "AD CZ ES MD RO SA SE SK TN",
    25: "PT",
    26: "IS TR",
    27: "FR GR IT MC SM",
    28: "AL CY HU MA PL",
    29: "UA",
    31: "MT",
}
_IBAN_LENGTHS = {country: length for length, names in _IBAN_COUNTRIES.items() for country in names.split()}
_DIGITS = re.compile(r"(?<![A-Za-z_])\d+(?![A-Za-z_])")
_GAP = re.compile(r"[ \u00a0\u202f]{1,2}|[ ]?[-–/.][ ]?")
_CARD_NUMBER = re.compile(
    r"4(?:\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|(?:5[0678]\d\d|6[37]\d\d)\d{8,15}"
)
_CARD_GROUPS = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 4, 3), (4, 4, 4, 1), (8, 8)}
_MONTH = re.compile(r"\d\d(?:0[1-9]|1[0-2]|4[1-9]|5[0-2]|6[6-9]|7[0-7]|8[1-9]|9[0-2])")
"""Behind the day: 40, 65 or 80 more than the month for numbers of a hospital or a test."""
_BIRTH_GROUPS = {(11,), (6, 5), (2, 2, 2, 5), (6, 3, 2), (2, 2, 2, 3, 2)}
_TAX_GROUPS = (2, 3, 3, 3)


def _before(pattern: str) -> re.Pattern[str]:
    """Ends with the name of a number, and no other digits since."""
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)[^\d\0;!?]{{0,24}}$", re.IGNORECASE)


def _behind(pattern: str) -> re.Pattern[str]:
    """Begins with the name of a number, but for a few words: `(BSN)`, `is haar BSN`."""
    return re.compile(rf"[^\w;!?]{{0,3}}(?:\w+ ){{0,3}}(?:{pattern})(?!\w)(?![^\w\0]{{0,3}}[\d\0])", re.IGNORECASE)


_NAMES = {IBAN: words.IBAN, CARD: words.CARD, BIRTH: words.BIRTH, BSN: words.BSN, TAX: words.TAX}
_NAME_BEFORE = {kind: _before(pattern) for kind, pattern in _NAMES.items()}
_NAME_BEHIND = {kind: _behind(pattern) for kind, pattern in _NAMES.items()}
_THING_BEFORE = re.compile(rf"(?<!\w)(?:{words.REFERENCE})(?!\w)[^\w;!?]{{0,4}}$", re.IGNORECASE)


class Run(msgspec.Struct, frozen=True):
    """Digits that may be one number, with the text around them."""

    text: str
    start: int
    end: int
    groups: tuple[str, ...]

    @property
    def digits(self) -> str:
        return "".join(self.groups)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many digits in each group."""
        return tuple(map(len, self.groups))

    def named(self, kind: str) -> bool:
        """Whether the words around it say what the number is."""
        before = self.text[max(0, self.start - 70) : self.start]
        return bool(_NAME_BEFORE[kind].search(before) or _NAME_BEHIND[kind].match(self.text, self.end))

    def of_a_thing(self) -> bool:
        """Whether the word right before says that it is an order, an invoice, a device."""
        return names_a_thing(self.text[: self.start])


def runs(text: str, gap: re.Pattern[str] = _GAP, most: int = MOST_GROUPS) -> Iterator[Run]:
    """Every row of groups of digits that separators hold together, from left to right, the longest first."""
    groups = list(_DIGITS.finditer(text))
    for first, begin in enumerate(groups):
        last = first
        while last + 1 < min(len(groups), first + most) and gap.fullmatch(
            text, groups[last].end(), groups[last + 1].start()
        ):
            last += 1
        for end in range(last, first - 1, -1):
            yield Run(text, begin.start(), groups[end].end(), tuple(found[0] for found in groups[first : end + 1]))


def names_a_thing(before: str) -> bool:
    """Whether a text ends with a word for something that has a number of its own and is nobody's."""
    named = any(name.search(before[-70:]) for name in _NAME_BEFORE.values())
    return not named and bool(_THING_BEFORE.search(before[-40:]))


def emails(text: str) -> Found:
    """E-mail addresses, also those that are written as they are spoken."""
    for pattern in _EMAILS:
        for found in pattern.finditer(text):
            yield found.span()


def ibans(text: str) -> Found:
    """IBANs with their check digits; where the text names one, also a mistyped one."""
    for begin in _IBAN_START.finditer(text):
        end = _iban_end(text, begin.start())
        if end:
            yield begin.start(), end


def numbers(text: str, kind: str) -> Found:
    """Numbers of one of the kinds that `RULES` knows."""
    end = 0
    for run in runs(text):
        if run.start >= end and RULES[kind](run):
            end = run.end
            yield run.start, run.end


def _iban_end(text: str, start: int) -> int:
    length = _IBAN_LENGTHS.get(text[start : start + 2].upper(), 0)
    signs, place = "", start
    while len(signs) < length and (found := _IBAN_NEXT.match(text, place)):
        signs, place = signs + found[1], found.end()
    whole = bool(length) and len(signs) == length and not text[place : place + 1].isalnum()
    if whole and _iban_checks(signs):
        return place
    named = _NAME_BEFORE[IBAN].search(text[max(0, start - 70) : start])
    if not named:
        return 0
    if whole:
        return place
    mistyped = _IBAN_DIGITS.match(text, start + 2)
    return mistyped.end() if mistyped and sum(sign.isdigit() for sign in mistyped[0]) >= 10 else 0


def _iban_checks(signs: str) -> bool:
    from stdnum.iso7064 import mod_97_10

    return bool(mod_97_10.is_valid(signs[4:] + signs[:4]))


def _is_card(run: Run) -> bool:
    digits = run.digits
    if not 13 <= len(digits) <= 19 or not (len(run.groups) == 1 or run.shape in _CARD_GROUPS):
        return False
    from stdnum import luhn

    if run.named(CARD):
        return True
    known = _CARD_NUMBER.fullmatch(digits) is not None and luhn.is_valid(digits)
    return known and not run.of_a_thing()


def _is_birth(run: Run) -> bool:
    digits = run.digits
    if len(digits) != 11:
        return False
    named = run.named(BIRTH)
    if not (named or run.shape in _BIRTH_GROUPS) or not _MONTH.match(digits) or not 1 <= int(digits[:2]) % 40 <= 31:
        return False
    from stdnum.no import fodselsnummer

    # Not `is_valid`: that one asks the clock, and knows no test numbers.
    checks = fodselsnummer.calc_check_digit1(digits) + fodselsnummer.calc_check_digit2(digits)
    return named or checks == digits[9:]


def _is_bsn(run: Run) -> bool:
    """One in eleven numbers of nine digits has right check digits: it needs its name, and with it may be mistyped."""
    return len(run.digits) in (8, 9) and run.named(BSN)


def _is_tax(run: Run) -> bool:
    digits = run.digits
    if 10 <= len(digits) <= 13 and run.named(TAX):
        return True
    if run.shape != _TAX_GROUPS or run.of_a_thing():
        return False
    from stdnum.de import idnr

    return bool(idnr.is_valid(digits))


RULES: dict[str, Callable[[Run], bool]] = {CARD: _is_card, BIRTH: _is_birth, BSN: _is_bsn, TAX: _is_tax}
