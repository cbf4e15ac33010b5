"""Numbers that tell by themselves, or by their name, what they are: check digits first. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from deescalate_tui.masking import words
from deescalate_tui.masking.check_digits import birth_checks, bsn_checks, iban_checks, luhn_checks, tax_checks

Found = Iterator[tuple[int, int]]
"""Where something begins and ends."""
IBAN, CARD, BIRTH, BSN, TAX = "iban", "card", "birth", "bsn", "tax"
MOST_GROUPS = 12
"""So many groups of digits can be one number."""
_NAME_REACH = 70
"""Signs before a number in which its name stands."""

_IBAN_START = re.compile(r"(?:(?<![A-Za-z0-9])[A-Za-z]{2}|(?<=[a-zß-ÿ])[A-Z]{2})[ \u00a0]?\d{2}")
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
IBAN_COUNTRIES = "|".join(_IBAN_LENGTHS)
_IBAN_WITH_LETTERS = "AL BG CH CY FR GB GE GI GR IE IT LI LU LV MC MK MT NL RO SM TR"
_DIGITS = re.compile(r"(?<!_)\d++(?![A-Za-z_])")
_GLUED = re.compile(r"(?<!\w)[^\W\d_]?[^\W\d_A-Z]{2,}$")
"""A word may stand before a number without a blank; the letters of a code may not."""
_GAP = re.compile(r"[ \u00a0\u202f]{1,2}|[ ]?[-–/.][ ]?")
_CARD_NUMBER = re.compile(
    r"4(?:\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|(?:5[0678]\d\d|6[37]\d\d)\d{8,15}"
)
_MONTH = re.compile(r"\d\d(?:0[1-9]|1[0-2]|4[1-9]|5[0-2]|6[6-9]|7[0-7]|8[1-9]|9[0-2])")
"""Behind the day: 40, 65 or 80 more than the month for numbers of a hospital or a test."""
_TAX_GROUPS = (2, 3, 3, 3)
_BIRTH_GROUPS = {(11,), (6, 5), (2, 2, 2, 5), (6, 3, 2), (2, 2, 2, 3, 2)}


def _before(pattern: str) -> re.Pattern[str]:
    """Ends with the name of a number, and no other digits since."""
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)[^\d\0;!?]{{0,24}}$", re.IGNORECASE)


def _behind(pattern: str) -> re.Pattern[str]:
    """Begins with the name of a number, but for a few words: `(BSN)`, `is haar BSN`."""
    return re.compile(rf"[^\w;!?]{{0,3}}(?:\w+ ){{0,3}}(?:{pattern})(?!\w)(?![^\w\0]{{0,3}}[\d\0])", re.IGNORECASE)


_NAMES = {IBAN: words.IBAN, CARD: words.CARD, BIRTH: words.BIRTH, BSN: words.BSN, TAX: words.TAX}
_NAME_BEFORE = {kind: _before(pattern) for kind, pattern in _NAMES.items()}
_NAME_BEHIND = {kind: _behind(pattern) for kind, pattern in _NAMES.items()}
_OFFICE = re.compile(rf"(?<!\w)(?:{words.BSN}|{words.OFFICE})(?!\w)[^;!?]{{0,40}}$", re.IGNORECASE)
_THING_BEFORE = re.compile(rf"(?<!\w)(?:{words.REFERENCE})(?!\w)[^\w;!?]{{0,4}}$", re.IGNORECASE)


class Run(msgspec.Struct, frozen=True):
    """Digits that may be one number, with the text around them."""

    text: str
    start: int
    end: int
    groups: tuple[str, ...]
    told: dict[tuple[str, int], bool]
    """What the words before a place say, once asked: many runs begin at the same."""

    @property
    def digits(self) -> str:
        return "".join(self.groups)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many digits in each group."""
        return tuple(map(len, self.groups))

    def named(self, kind: str) -> bool:
        """Whether the words around it say what the number is."""
        asked = kind, self.start
        if asked not in self.told:
            before = self.text[max(0, self.start - _NAME_REACH) : self.start]
            self.told[asked] = _NAME_BEFORE[kind].search(before) is not None
        return self.told[asked] or _NAME_BEHIND[kind].match(self.text, self.end) is not None

    def of_a_thing(self) -> bool:
        """Whether the word right before says that it is an order, an invoice, a device."""
        return names_a_thing(self.text[max(0, self.start - _NAME_REACH) : self.start])


def runs(text: str, least: int, most: int, gap: re.Pattern[str] = _GAP) -> Iterator[Run]:
    """Every row of groups of digits that separators hold together, from left to right, the longest first.

    Only those of `least` to `most` digits.
    """
    groups = [found for found in _DIGITS.finditer(text) if _stands_alone(text, found.start())]
    told: dict[tuple[str, int], bool] = {}
    for first, begin in enumerate(groups):
        row: list[re.Match[str]] = []
        number, fitting = 0, 0
        for group in groups[first : first + MOST_GROUPS]:
            number += group.end() - group.start()
            if number > most or (row and not gap.fullmatch(text, row[-1].end(), group.start())):
                break
            row.append(group)
            fitting += number >= least
        for end in range(len(row), len(row) - fitting, -1):
            yield Run(text, begin.start(), row[end - 1].end(), tuple(found[0] for found in row[:end]), told)


def _stands_alone(text: str, start: int) -> bool:
    return not text[start - 1 : start].isalpha() or _GLUED.search(text[max(0, start - 30) : start]) is not None


def names_a_thing(before: str) -> bool:
    """Whether a text ends with a word for something that has a number of its own and is nobody's."""
    named = any(name.search(before[-_NAME_REACH:]) for name in _NAME_BEFORE.values())
    return not named and bool(_THING_BEFORE.search(before[-40:]))


def ibans(text: str) -> Found:
    """IBANs with their check digits; where the text names one, also a mistyped one."""
    for begin in _IBAN_START.finditer(text):
        end = _iban_end(text, begin.start())
        if end:
            yield begin.start(), end


def numbers(text: str, kind: str) -> Found:
    """Numbers of one of the kinds that `RULES` knows."""
    end = 0
    rule, least, most = RULES[kind]
    for run in runs(text, least, most):
        if run.start >= end and rule(run):
            end = run.end
            yield run.start, run.end


def _iban_end(text: str, start: int) -> int:
    length = _IBAN_LENGTHS.get(text[start : start + 2].upper(), 0)
    signs, place = "", start
    while len(signs) < length and (found := _IBAN_NEXT.match(text, place)):
        signs, place = signs + found[1], found.end()
    if not signs[4:].isdigit() and signs[:2].upper() not in _IBAN_WITH_LETTERS:
        return 0
    whole = bool(length) and len(signs) == length and not text[place : place + 1].isalnum()
    if whole and iban_checks(signs):
        return place
    named = _NAME_BEFORE[IBAN].search(text[max(0, start - _NAME_REACH) : start])
    if not named:
        return 0
    if whole:
        return place
    mistyped = _IBAN_DIGITS.match(text, start + 2)
    return mistyped.end() if mistyped and sum(sign.isdigit() for sign in mistyped[0]) >= 10 else 0


def _is_card(run: Run) -> bool:
    digits = run.digits
    if run.named(CARD):
        return True
    known = _CARD_NUMBER.fullmatch(digits) is not None and luhn_checks(digits)
    return known and not run.of_a_thing()


def _is_birth(run: Run) -> bool:
    digits = run.digits
    if run.named(BIRTH):
        return True
    if run.shape not in _BIRTH_GROUPS or not _MONTH.match(digits) or not 1 <= int(digits[:2]) % 40 <= 31:
        return False
    return birth_checks(digits) and not run.of_a_thing()


def _is_bsn(run: Run) -> bool:
    """One in eleven numbers of nine digits checks: it needs its name, and right behind that may be mistyped."""
    if run.named(BSN):
        return True
    before = run.text[max(0, run.start - _NAME_REACH) : run.start]
    return bsn_checks(run.digits) and _OFFICE.search(before) is not None and not run.of_a_thing()


def _is_tax(run: Run) -> bool:
    return run.named(TAX) or (run.shape == _TAX_GROUPS and tax_checks(run.digits) and not run.of_a_thing())


RULES: dict[str, tuple[Callable[[Run], bool], int, int]] = {
    CARD: (_is_card, 13, 19),
    BIRTH: (_is_birth, 11, 11),
    BSN: (_is_bsn, 8, 9),
    TAX: (_is_tax, 10, 13),
}
"""What decides on a run, and how many digits it needs and may have."""
