"""Dates and times as each language writes them. Pure.

Apart from `dates`, because a list of notes writes many and understands none.
"""

from __future__ import annotations

TYPE_CHECKING = False  # see `i18n`
if TYPE_CHECKING:
    from datetime import date, datetime, time

DATES = {"de": "%d.%m.%Y", "nl": "%d-%m-%Y", "no": "%d.%m.%Y", "en": "%Y-%m-%d"}
JOINED = {"de": "{0} {1}", "nl": "{0} {1}", "no": "{0} kl. {1}", "en": "{0} {1}"}
CLOCKS = dict.fromkeys(DATES, "%H:%M")


def format_date(day: date, language: str) -> str:
    """The day in figures: 22.11.2026, 22-11-2026, 22.11.2026, 2026-11-22."""
    return day.strftime(DATES[language])


def format_clock(moment: datetime | time, language: str) -> str:
    """The time of day, to the minute: 14:05."""
    return moment.strftime(CLOCKS[language])


def format_moment(moment: datetime, language: str) -> str:
    """Day and time, as the moment's own offset has them: 22.11.2026 14:05, in Norwegian 22.11.2026 kl. 14:05."""
    return JOINED[language].format(format_date(moment, language), format_clock(moment, language))
