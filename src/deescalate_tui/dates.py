"""Dates and times: written the way each language writes them, and understood the way people type them.

Pure: the caller says what time it is. What a language calls things is data (`_WORDS`); a cell of that
table is the alternatives of a regular expression.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from deescalate_tui.dates_shown import JOINED
from deescalate_tui.dates_shown import format_clock as format_clock
from deescalate_tui.dates_shown import format_date as format_date
from deescalate_tui.dates_shown import format_moment as format_moment

_NEVER = "(?!)"
MAX_LENGTH = 80
"""A text longer than this is no date."""

_SHORT_DAYS = {
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "nl": ("ma", "di", "wo", "do", "vr", "za", "zo"),
    "no": ("man.", "tir.", "ons.", "tor.", "fre.", "lør.", "søn."),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def format_due(due: str, language: str) -> str:
    """What `parse_due` gave, with the weekday: Fr 27.11.2026. Anything else is the agent's words, and stays."""
    day, clock = _iso(due)
    if day is None:
        return due
    text = f"{_SHORT_DAYS[language][day.weekday()]} {format_date(day, language)}"
    return text if clock is None else JOINED[language].format(text, format_clock(clock, language))


def format_duration(ms: int) -> str:
    """Milliseconds as minutes and seconds, 04:09, from an hour on as 1:04:09."""
    minutes, seconds = divmod(max(ms, 0) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


class _Words(msgspec.Struct, frozen=True):
    """What a language calls days and times, in regular expressions."""

    days: str = ""
    """Today, tomorrow, the day after; here and in the other lists an expression each, with spaces between."""
    weekdays: str = ""
    """From Monday."""
    months: str = ""
    numbers: str = ""
    """From one."""
    by: str = _NEVER
    """May stand before a day and adds nothing: the day it is due is the same."""
    coming: str = _NEVER
    """Before a weekday: the first one after today."""
    next_week: str = _NEVER
    week_end: str = _NEVER
    """The Friday of this week."""
    at: str = _NEVER
    """Before a time of day."""
    clock: str = _NEVER
    """After an hour."""
    within: str = _NEVER
    """Before a length of time from now."""
    units: str = ""
    """As in `_UNITS`."""
    examples: str = "2026-11-27 14:00"
    """What may be typed, with commas between."""


_DAY = timedelta(days=1)
_UNITS = (_DAY, timedelta(weeks=1), timedelta(hours=1), timedelta(minutes=30), timedelta(minutes=1))
_DE = _Words(
    days="heute morgen (ü|ue|u)bermorgen",
    weekdays="mo(ntag)? di(enstag)? mi(ttwoch)? do(nnerstag)? fr(eitag)? sa(mstag)?|sonnabend so(nntag)?",
    months=(
        "jan(uar)?|jänner feb(ruar)?|feber märz?|maerz|mrz apr(il)? mai juni? juli? aug(ust)? sept?(ember)? okt(ober)?"
        " nov(ember)? dez(ember)?"
    ),
    numbers="1|eine[mnr]? zwei drei vier fünf|fuenf sechs sieben acht neun zehn",
    by="am|bis|zum|den|spätestens",
    coming="(diese|kommende|nächste|naechste)[nr]?",
    next_week="(in der )?(nächste|naechste|kommende)[nr]? woche",
    week_end="ende (der|dieser) woche",
    at="um|gegen|bis|spätestens|ca",
    clock="uhr|h",
    within="in|innerhalb von|innert|binnen",
    units=r"tage?n? wochen? stunden?|std halben\sstunde minuten?|min",
    examples="morgen 14:00, Freitag, 27.11.",
)
_NL = _Words(
    days="vandaag morgen overmorgen",
    weekdays="ma(andag)? di(nsdag)? wo(ensdag)? do(nderdag)? vr(ijdag)? za(terdag)? zo(ndag)?",
    months=(
        "jan(uari)? feb(ruari)? maart|mrt apr(il)? mei juni? juli? aug(ustus)? sept?(ember)? okt(ober)? nov(ember)?"
        " dec(ember)?"
    ),
    numbers="1|een|één twee drie vier vijf zes zeven acht negen tien",
    by="op|tegen|uiterlijk",
    coming="deze|komende|aanstaande",
    next_week="volgende week",
    week_end="(het )?einde? (van de|van deze|deze) week",
    at="om|rond|tegen|uiterlijk|ca",
    clock="uur|u|h",
    within="over|binnen",
    units=r"dag(en)? week|weken uur|uren half\s?uur minuut|minuten|min",
    examples="morgen 14:00, vrijdag, 27 nov",
)
_NO = _Words(
    days=r"i\s?dag i\s?morgen i\s?overmorgen",
    weekdays="man(dag)? tirs?(dag)? ons(dag)? tors?(dag)? fre(dag)? l[øo]r(dag)? s[øo]n(dag)?",
    months=(
        "jan(uar)? feb(ruar)? mars? apr(il)? mai juni? juli? aug(ust)? sept?(ember)? okt(ober)? nov(ember)? des(ember)?"
    ),
    numbers="1|en|ei|et|én to tre fire fem seks sju|syv åtte ni ti",
    by="på|den|til|innen|senest",
    coming="(denne|neste|kommende|førstkommende)",
    next_week="(i )?neste uke",
    week_end="(i |ved )?slutten av (denne )?uk(a|en)",
    at="kl|klokk(a|en)|rundt|innen|senest|ca",
    within="om|innen",
    units=r"dag(er)?|døgn uker? timer? halv\s?time minutt(er)?|min",
    examples="i morgen 14:00, fredag, 27.11.",
)
_WORDS = {"de": _DE, "nl": _NL, "no": _NO}


def examples(language: str) -> str:
    """Days and times as they may be typed in a call in this language."""
    return _WORDS.get(language, _Words()).examples


def parse_due(text: str, language: str, now: datetime) -> str:
    """When something is due, in the words of the call's language or in figures.

    The answer is an ISO date, or date and local minute (`2026-11-27T14:00`), or empty where the text is
    not understood to the last word. `now` is aware and local; in a zone that knows summer time, hours are counted
    across its changes. A weekday is the first such day after today; a clock time that has passed is tomorrow's, a
    day and month that have passed are next year's.
    """
    words = _WORDS.get(language, _Words())
    parts = _normal(text).split() if len(text) <= MAX_LENGTH else []
    try:
        return _moment(" ".join(parts), words, now) or _day_and_clock(parts, words, now.replace(tzinfo=None))
    except OverflowError:  # beyond the year 9999
        return ""


def _normal(text: str) -> str:
    """Small letters and single spaces; without commas, the dots of abbreviations and the T of ISO 8601."""
    text = unicodedata.normalize("NFC", text).lower()
    text = re.sub(r"(?<=[0-9]{4}-[0-9]{2}-[0-9]{2})t(?=[0-9])", " ", text)
    return re.sub(r",|(?<=[^\W\d_])\.", " ", text)


def _readings(parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The ways to read words as (day, time of day): only the one, only the other, both in either order."""
    yield " ".join(parts), ""
    yield "", " ".join(parts)
    for cut in range(1, len(parts)):
        head, tail = " ".join(parts[:cut]), " ".join(parts[cut:])
        yield head, tail
        yield tail, head


def _day_and_clock(parts: Sequence[str], words: _Words, now: datetime) -> str:
    """The first reading that leaves nothing over. `now` is naive here: wall time against wall time."""
    for day_text, clock_text in _readings(parts):
        day = _day(day_text, words, now.date())
        clock = _clock(clock_text, words)
        if day is not None and (clock is not None or not clock_text):
            return day.isoformat() + (f"T{clock:%H:%M}" if clock else "")
        if clock is not None and not day_text:
            day = now.date() if clock > now.time() else now.date() + _DAY
            return f"{day.isoformat()}T{clock:%H:%M}"
    return ""


def _moment(text: str, words: _Words, now: datetime) -> str:
    """So many hours or minutes from now."""
    count, unit = _length(text, words)
    if not count or unit >= _DAY:
        return ""
    then = (now.astimezone(UTC) + count * unit).astimezone(now.tzinfo)
    return then.replace(tzinfo=None).isoformat(timespec="minutes")


def _length(text: str, words: _Words) -> tuple[int, timedelta]:
    """How many of which unit from now; none where the text says nothing of the kind."""
    if plus := re.fullmatch(r"\+ ?([0-9]{1,3}) ?([dwh]?)", text):
        return int(plus[1]), _UNITS["dwh".index(plus[2])]
    for name, unit in zip(words.units.split(), _UNITS, strict=False):
        if found := re.fullmatch(rf"(?:{words.within}) (\w+) (?:{name})", text):
            return _count(found[1], words), unit
    return 0, _DAY


def _count(text: str, words: _Words) -> int:
    """A number in figures or as a word, else 0."""
    return int(text) if re.fullmatch("[0-9]{1,3}", text) else _which(words.numbers, text) + 1


def _which(names: str, text: str) -> int:
    """The place in a list of the name that the text is, from 0, or -1."""
    return next((index for index, name in enumerate(names.split()) if re.fullmatch(name, text)), -1)


def _clock(text: str, words: _Words) -> time | None:
    """A time of day. An hour alone needs a word that says it is one."""
    form = (
        rf"(?P<at>(?:(?:{words.at}) ?)*)"
        r"(?:(?P<h>[0-9]{1,2})(?:[:.h](?P<m>[0-9]{2}))?|(?P<hh>[0-9]{2})(?P<mm>[0-9]{2}))"
        rf"(?P<unit> ?(?:{words.clock})(?: (?P<after>[0-9]{{2}}))?)?"
    )
    found = re.fullmatch(form, text)
    if not found or not (found["at"] or found["unit"] or found["m"]):
        return None
    hour, minute = int(found["h"] or found["hh"]), int(found["m"] or found["mm"] or found["after"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(text: str, words: _Words, today: date) -> date | None:
    """A day: named, counted from today, or of the calendar, where a weekday before it must be right."""
    text = re.sub(rf"^(?:(?:{words.by}) )+", "", text)
    if (ahead := _which(words.days, text)) >= 0:
        return today + ahead * _DAY
    if re.fullmatch(words.week_end, text):
        return today + (4 - today.weekday()) % 7 * _DAY
    count, unit = _length(text, words)
    if count and unit >= _DAY:
        return today + count * unit
    name, _, rest = text.partition(" ")
    weekday = _which(words.weekdays, name)
    if weekday >= 0 and rest:
        day = _calendar(re.sub(rf"^(?:{words.by}) ", "", rest), words, today)
        if day is not None:
            return day if day.weekday() == weekday else None
    return _calendar(text, words, today) or _weekday(text, words, today)


def _weekday(text: str, words: _Words, today: date) -> date | None:
    for number, name in enumerate(words.weekdays.split()):
        if re.fullmatch(rf"(?:(?:{words.by}|{words.coming}) )*(?:{name})", text):
            return today + ((number - today.weekday() - 1) % 7 + 1) * _DAY
        week = words.next_week
        if re.fullmatch(rf"(?:{week}) (?:(?:{words.by}) )*(?:{name})|(?:{name}) (?:{week})", text):
            return today + (7 + number - today.weekday()) * _DAY
    return None


def _calendar(text: str, words: _Words, today: date) -> date | None:
    """A day of the calendar, in figures or with the month's name."""
    if iso := re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})", text):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if figures := re.fullmatch(r"([0-9]{1,2})([./-]) ?([0-9]{1,2})(?:\2([0-9]{2}| ?[0-9]{4})?)?", text):
        return _in_year(int(figures[1]), int(figures[3]), figures[4], today)
    if named := re.fullmatch(r"([0-9]{1,2})\.? ?([^\W\d_]+) ?([0-9]{4})?", text):
        return _in_year(int(named[1]), _which(words.months, named[2]) + 1, named[3], today)
    return None


def _in_year(day: int, month: int, year: str | None, today: date) -> date | None:
    """In the year given, with two figures or four; without one, in this year or, where that has passed, the next."""
    if year:
        number = int(year)
        return _date(number + 2000 if number < 100 else number, month, day)
    this = _date(today.year, month, day)
    return this if this and this >= today else _date(today.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def due_day(due: str) -> str:
    """The day (ISO) of what `parse_due` gave; empty where a promise has none."""
    day, _ = _iso(due) if due[:4].isdecimal() else (None, None)
    return day.isoformat() if day is not None else ""


def _iso(due: str) -> tuple[date | None, time | None]:
    """The day and the time of what `parse_due` gave."""
    found = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}))?", due)
    day = _date(int(found[1]), int(found[2]), int(found[3])) if found else None
    clock = _clock(due[11:], _Words())
    return (None, None) if clock is None and len(due) > 10 else (day, clock)
