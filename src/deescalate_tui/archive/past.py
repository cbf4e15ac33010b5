"""Days that have been, as people name them looking back: `yesterday`, `7d`, `2026-W46`, `2026-11`, `12.11.`. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_BACK = {
    "today": 0,
    **dict.fromkeys(("heute", "vandaag", "i dag", "idag"), 0),
    **dict.fromkeys(("yesterday", "gestern", "gisteren", "i går", "igår"), 1),
    **dict.fromkeys(("vorgestern", "eergisteren", "i forgårs", "i forgars"), 2),
}
_AGO = re.compile(r"-?([0-9]{1,4}) ?([dwmyt])")
_WEEK = re.compile(r"([0-9]{4})-w([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_FIGURES = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2})?)?")
_LETTERS = {"t": "d"}
"""German `7t` is `7d`."""


def parse_past(text: str, today: date) -> tuple[date, date] | None:
    """The first and the last day of what a text names, or None. A length of time goes from then to today."""
    text = " ".join(text.lower().split())
    if text in _BACK:
        day = today - timedelta(days=_BACK[text])
        return day, day
    try:
        if ago := _AGO.fullmatch(text):
            return _before(today, int(ago[1]), _LETTERS.get(ago[2], ago[2])), today
        if re.fullmatch("[0-9]{4}", text):
            return date(int(text), 1, 1), date(int(text), 12, 31)
        if week := _WEEK.fullmatch(text):
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return monday, monday + timedelta(days=6)
        if month := _MONTH.fullmatch(text):
            return _month(int(month[1]), int(month[2]))
        if figures := _FIGURES.fullmatch(text):
            day = _figures(int(figures[1]), int(figures[3]), figures[4], today)
            return day, day
        day = date.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return day, day


def _before(today: date, number: int, unit: str) -> date:
    if unit in "dw":
        return today - timedelta(days=number * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 - number * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    first, last = _month(year, month + 1)
    return min(first + timedelta(days=today.day - 1), last)


def _month(year: int, month: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, date(year, month, monthrange(year, month)[1])


def _figures(day: int, month: int, year: str | None, today: date) -> date:
    """Day and month; without a year the last such day that has been."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = date(today.year, month, day)
    return this if this <= today else date(today.year - 1, month, day)
