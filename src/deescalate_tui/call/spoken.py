"""A date as one says it on the telephone, for the say-lines. Pure."""

from __future__ import annotations

from datetime import datetime

_WEEKDAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "no": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
}
_MONTHS = {
    "de": (
        *("Januar", "Februar", "März", "April", "Mai", "Juni"),
        *("Juli", "August", "September", "Oktober", "November", "Dezember"),
    ),
    "nl": (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
    "no": (
        *("januar", "februar", "mars", "april", "mai", "juni"),
        *("juli", "august", "september", "oktober", "november", "desember"),
    ),
}
_DAY = {"de": "am {weekday}, {day}. {month}", "nl": "{weekday} {day} {month}", "no": "{weekday} {day}. {month}"}
_TIME = {"de": ", um {time} Uhr", "nl": " om {time} uur", "no": " klokka {time}"}


def spoken_due(due: str, language: str) -> str:
    """What `dates.parse_due` understood, in words: am Freitag, 27. November, um 14:30 Uhr. Empty for other words."""
    try:
        moment = datetime.fromisoformat(due)
    except ValueError:
        return ""
    weekday, month = _WEEKDAYS[language][moment.weekday()], _MONTHS[language][moment.month - 1]
    day = _DAY[language].format(weekday=weekday, day=moment.day, month=month)
    if "T" not in due:
        return day
    clock = f"{moment.hour}:{moment.minute:02}" if moment.minute else str(moment.hour)
    return day + _TIME[language].format(time=clock)
