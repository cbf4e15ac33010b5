"""Whole ISO weeks, written `2026-W47`: the only spans of time a report knows. Pure."""

from __future__ import annotations

from datetime import date, timedelta

_WEEK = timedelta(days=7)


def week_of(day: date) -> str:
    """The week in which a day lies."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def monday(week: str) -> date:
    """Its first day. Raises ValueError where there is no such week."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def shifted(week: str, number: int) -> str:
    """The week so many weeks later; earlier where the number is negative."""
    return week_of(monday(week) + number * _WEEK)


def weeks(first: str, last: str) -> tuple[str, ...]:
    """Every week from the first to the last, both included; none where the last comes before."""
    start = monday(first)
    return tuple(week_of(start + place * _WEEK) for place in range((monday(last) - start) // _WEEK + 1))


def last_whole(today: date) -> str:
    """The last week that is over."""
    return week_of(today - _WEEK)
