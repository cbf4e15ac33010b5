"""Dates: written literally, understood in three languages, never a guess and never a crash."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate_tui import dates
from deescalate_tui.dates import parse_due

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 11, 22, 14, 5, 33, tzinfo=BERLIN)
"""Now, where a test says nothing else."""
LANGUAGES = ("de", "nl", "no")

ALWAYS = {
    "2026-11-27": "2026-11-27",
    "2026-11-27 14:00": "2026-11-27T14:00",
    "2026-11-27T14:00": "2026-11-27T14:00",
    "14:00 2026-11-27": "2026-11-27T14:00",
    "27.11.": "2026-11-27",
    "27.11": "2026-11-27",
    "27. 11.": "2026-11-27",
    "27.11.2026": "2026-11-27",
    "27. 11. 2026": "2026-11-27",
    "27.11.26": "2026-11-27",
    "27-11-2026": "2026-11-27",
    "27-11": "2026-11-27",
    "27/11": "2026-11-27",
    "27/11/2026": "2026-11-27",
    "7.12.": "2026-12-07",
    "22.11.": "2026-11-22",
    "21.11.": "2027-11-21",
    "1.1.": "2027-01-01",
    "31.12.": "2026-12-31",
    "28.2.": "2027-02-28",
    "29.2.2028": "2028-02-29",
    "27.11. 9:30": "2026-11-27T09:30",
    "9:30, 27.11.": "2026-11-27T09:30",
    "27.11. 14.10": "2026-11-27T14:10",
    "+3": "2026-11-25",
    "+2d": "2026-11-24",
    "+ 2 d": "2026-11-24",
    "+2w": "2026-12-06",
    "+2h": "2026-11-22T16:05",
    "+3 10:00": "2026-11-25T10:00",
    "14:00": "2026-11-23T14:00",
    "14:05": "2026-11-23T14:05",
    "14:06": "2026-11-22T14:06",
    "14.30": "2026-11-22T14:30",
    "14.00": "2026-11-23T14:00",
    "14h30": "2026-11-22T14:30",
    "0:00": "2026-11-23T00:00",
    "23:59": "2026-11-22T23:59",
    "  27.11.  ": "2026-11-27",
}
GERMAN = {
    "heute": "2026-11-22",
    "morgen": "2026-11-23",
    "Übermorgen": "2026-11-24",
    "uebermorgen": "2026-11-24",
    "bis morgen": "2026-11-23",
    "heute 15 Uhr": "2026-11-22T15:00",
    "heute 10 Uhr": "2026-11-22T10:00",
    "morgen 14:00": "2026-11-23T14:00",
    "morgen um 14.30 Uhr": "2026-11-23T14:30",
    "um 15 Uhr": "2026-11-22T15:00",
    "um 9 Uhr": "2026-11-23T09:00",
    "14 Uhr": "2026-11-23T14:00",
    "15 Uhr 30": "2026-11-22T15:30",
    "gegen 16 Uhr": "2026-11-22T16:00",
    "15 Uhr morgen": "2026-11-23T15:00",
    "27. november": "2026-11-27",
    "27 nov": "2026-11-27",
    "27. Nov. 2026": "2026-11-27",
    "3. März": "2027-03-03",
    "1. Jänner": "2027-01-01",
    "31. Dezember 2026": "2026-12-31",
    "am 27.11.": "2026-11-27",
    "bis zum 27.11.": "2026-11-27",
    "Freitag": "2026-11-27",
    "am Freitag": "2026-11-27",
    "bis spätestens Freitag": "2026-11-27",
    "nächsten Freitag": "2026-11-27",
    "am kommenden Freitag": "2026-11-27",
    "Fr 9:30": "2026-11-27T09:30",
    "Fr. 9:30": "2026-11-27T09:30",
    "Sonntag": "2026-11-29",
    "Montag um 8 Uhr": "2026-11-23T08:00",
    "Freitag, den 27.11.": "2026-11-27",
    "Fr 27.11.2026 10:00": "2026-11-27T10:00",
    "nächste Woche Freitag": "2026-11-27",
    "Freitag nächste Woche": "2026-11-27",
    "nächste Woche am Montag": "2026-11-23",
    "in 3 Tagen": "2026-11-25",
    "in drei Tagen um 10 Uhr": "2026-11-25T10:00",
    "in einem Tag": "2026-11-23",
    "in einer Woche": "2026-11-29",
    "in zwei Wochen": "2026-12-06",
    "innerhalb von 14 Tagen": "2026-12-06",
    "in 2 Stunden": "2026-11-22T16:05",
    "in einer Stunde": "2026-11-22T15:05",
    "in 24 Stunden": "2026-11-23T14:05",
    "in einer halben Stunde": "2026-11-22T14:35",
    "in 30 Minuten": "2026-11-22T14:35",
    "Ende der Woche": "2026-11-27",
    "bis Ende dieser Woche": "2026-11-27",
}
DUTCH = {
    "vandaag": "2026-11-22",
    "morgen": "2026-11-23",
    "overmorgen": "2026-11-24",
    "vandaag 15 uur": "2026-11-22T15:00",
    "morgen 14:00": "2026-11-23T14:00",
    "morgen om 14.30 uur": "2026-11-23T14:30",
    "14 uur": "2026-11-23T14:00",
    "om 15 uur": "2026-11-22T15:00",
    "15u30": "",
    "27 november": "2026-11-27",
    "27 nov": "2026-11-27",
    "3 mrt": "2027-03-03",
    "op 27 november 2026": "2026-11-27",
    "vrijdag": "2026-11-27",
    "op vrijdag": "2026-11-27",
    "uiterlijk vrijdag": "2026-11-27",
    "uiterlijk op vrijdag": "2026-11-27",
    "komende vrijdag": "2026-11-27",
    "vrijdag om 10 uur": "2026-11-27T10:00",
    "vr 9:30": "2026-11-27T09:30",
    "vr 27-11-2026": "2026-11-27",
    "volgende week vrijdag": "2026-11-27",
    "vrijdag volgende week om 10 uur": "2026-11-27T10:00",
    "over 3 dagen": "2026-11-25",
    "over een week": "2026-11-29",
    "over één week": "2026-11-29",
    "over twee weken": "2026-12-06",
    "binnen 2 uur": "2026-11-22T16:05",
    "over een uur": "2026-11-22T15:05",
    "over een half uur": "2026-11-22T14:35",
    "over 30 minuten": "2026-11-22T14:35",
    "om 2 uur": "2026-11-23T02:00",
    "eind van de week": "2026-11-27",
    "tegen het einde van de week": "2026-11-27",
    "eind deze week": "2026-11-27",
}
NORWEGIAN = {
    "i dag": "2026-11-22",
    "idag": "2026-11-22",
    "i morgen": "2026-11-23",
    "i overmorgen": "2026-11-24",
    "i dag kl. 15": "2026-11-22T15:00",
    "i morgen 14:00": "2026-11-23T14:00",
    "i morgen klokka 14.30": "2026-11-23T14:30",
    "kl. 14": "2026-11-23T14:00",
    "kl.15": "2026-11-22T15:00",
    "kl 1530": "2026-11-22T15:30",
    "innen kl. 16": "2026-11-22T16:00",
    "27. november": "2026-11-27",
    "27. nov.": "2026-11-27",
    "3. mars": "2027-03-03",
    "31. des 2026": "2026-12-31",
    "den 27. november": "2026-11-27",
    "fredag": "2026-11-27",
    "på fredag": "2026-11-27",
    "innen fredag": "2026-11-27",
    "neste fredag": "2026-11-27",
    "fredag kl. 10": "2026-11-27T10:00",
    "fre 9:30": "2026-11-27T09:30",
    "fre. 27.11.2026 kl. 10:00": "2026-11-27T10:00",
    "lørdag": "2026-11-28",
    "søndag": "2026-11-29",
    "neste uke fredag": "2026-11-27",
    "fredag i neste uke": "2026-11-27",
    "om 3 dager": "2026-11-25",
    "om en uke": "2026-11-29",
    "om to uker": "2026-12-06",
    "om 2 timer": "2026-11-22T16:05",
    "innen 2 timer": "2026-11-22T16:05",
    "om en time": "2026-11-22T15:05",
    "om en halv time": "2026-11-22T14:35",
    "om 30 minutter": "2026-11-22T14:35",
    "i slutten av uka": "2026-11-27",
    "innen slutten av uken": "2026-11-27",
}
UNKNOWN = (
    "",
    " ",
    ".",
    "bald",
    "snart",
    "zo snel mogelijk",
    "30.2.",
    "29.2.",
    "32.1.",
    "0.1.",
    "1.13.2026",
    "2026-02-30",
    "2026-1-1",
    "24:00",
    "14:60",
    "25 Uhr",
    "14",
    "1400",
    "um 153",
    "+",
    "+0",
    "+2x",
    "+1000",
    "Do 27.11.2026",
    "27.11. oder 28.11.",
    "14:00 15:00",
    "14:00:00",
    "in 0 Tagen",
    "in vielen Tagen",
    "in 3 Werktagen",
    "٢٧.١١.",
    "27.11." + " " * 80,
)


@pytest.mark.parametrize(
    ("language", "text", "due"),
    [
        *((language, text, due) for language in (*LANGUAGES, "en") for text, due in ALWAYS.items()),
        *(("de", text, due) for text, due in GERMAN.items()),
        *(("nl", text, due) for text, due in DUTCH.items()),
        *(("no", text, due) for text, due in NORWEGIAN.items()),
        *((language, text, "") for language in LANGUAGES for text in UNKNOWN),
    ],
)
def test_understood(language: str, text: str, due: str) -> None:
    assert parse_due(text, language, SUNDAY) == due
    assert parse_due(text.upper(), language, SUNDAY) == due


@pytest.mark.parametrize("language", ["de", "nl", "no"])
def test_every_example_is_understood(language: str) -> None:
    assert all(parse_due(text, language, SUNDAY) for text in dates.examples(language).split(", "))


def test_words_of_another_language_are_not_guessed() -> None:
    assert parse_due("morgen", "no", SUNDAY) == ""
    assert parse_due("vrijdag", "de", SUNDAY) == ""
    assert parse_due("om 2 timer", "nl", SUNDAY) == ""


def test_a_decomposed_umlaut_is_the_same_word() -> None:
    assert parse_due("u\u0308bermorgen", "de", SUNDAY) == "2026-11-24"


@pytest.mark.parametrize(
    ("now", "text", "due"),
    [
        (datetime(2026, 12, 31, 23, 50, tzinfo=BERLIN), "morgen", "2027-01-01"),
        (datetime(2026, 12, 31, 23, 50, tzinfo=BERLIN), "23:40", "2027-01-01T23:40"),
        (datetime(2026, 12, 31, 23, 50, tzinfo=BERLIN), "in 2 Stunden", "2027-01-01T01:50"),
        (datetime(2026, 12, 31, 23, 50, tzinfo=BERLIN), "31.12.", "2026-12-31"),
        (datetime(2026, 12, 31, 23, 50, tzinfo=BERLIN), "1.1.", "2027-01-01"),
        (datetime(2026, 12, 31, 23, 50, tzinfo=BERLIN), "nächste Woche Montag", "2027-01-04"),
        (datetime(2027, 3, 1, 9, 0, tzinfo=BERLIN), "29.2.", "2028-02-29"),
        (datetime(2026, 11, 27, 9, 0, tzinfo=BERLIN), "Freitag", "2026-12-04"),
        (datetime(2026, 11, 25, 9, 0, tzinfo=BERLIN), "nächsten Freitag", "2026-11-27"),
        (datetime(2026, 11, 25, 9, 0, tzinfo=BERLIN), "nächste Woche Freitag", "2026-12-04"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN), "Montag nächste Woche", "2026-11-30"),
        (datetime(2026, 11, 27, 9, 0, tzinfo=BERLIN), "Ende der Woche", "2026-11-27"),
        (datetime(2026, 11, 28, 9, 0, tzinfo=BERLIN), "Ende der Woche", "2026-12-04"),
        # Summer time ends: the hour from two to three comes twice.
        (datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN), "in 2 Stunden", "2026-10-25T02:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN), "+3h", "2026-10-25T03:30"),
        (datetime(2026, 10, 24, 14, 0, tzinfo=BERLIN), "in 24 Stunden", "2026-10-25T13:00"),
        (datetime(2026, 10, 24, 14, 0, tzinfo=BERLIN), "morgen 14:00", "2026-10-25T14:00"),
        (datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN), "in einer Stunde", "2026-10-25T03:30"),
        # Summer time begins: the hour from two to three is left out.
        (datetime(2027, 3, 28, 1, 30, tzinfo=BERLIN), "in einer Stunde", "2027-03-28T03:30"),
        (datetime(2027, 3, 27, 14, 0, tzinfo=BERLIN), "in einem Tag", "2027-03-28"),
        (datetime(9999, 12, 31, 12, 0, tzinfo=UTC), "morgen", ""),
        (datetime(9999, 12, 31, 12, 0, tzinfo=UTC), "+999w", ""),
        (datetime(9999, 12, 31, 12, 0, tzinfo=UTC), "in 900 Stunden", ""),
        (datetime(9999, 12, 31, 12, 0, tzinfo=UTC), "1.1.", ""),
    ],
)
def test_at_the_edges_of_the_calendar(now: datetime, text: str, due: str) -> None:
    assert parse_due(text, "de", now) == due


def test_dates_as_each_language_writes_them() -> None:
    moment = datetime(2026, 11, 22, 14, 5, 59, tzinfo=BERLIN)
    assert {language: dates.format_date(moment.date(), language) for language in ("de", "nl", "no", "en")} == {
        "de": "22.11.2026",
        "nl": "22-11-2026",
        "no": "22.11.2026",
        "en": "2026-11-22",
    }
    assert {language: dates.format_moment(moment, language) for language in ("de", "nl", "no", "en")} == {
        "de": "22.11.2026 14:05",
        "nl": "22-11-2026 14:05",
        "no": "22.11.2026 kl. 14:05",
        "en": "2026-11-22 14:05",
    }
    assert {dates.format_clock(moment, language) for language in ("de", "nl", "no", "en")} == {"14:05"}


@pytest.mark.parametrize(
    ("due", "language", "shown"),
    [
        ("2026-11-27", "de", "Fr 27.11.2026"),
        ("2026-11-27", "nl", "vr 27-11-2026"),
        ("2026-11-27", "no", "fre. 27.11.2026"),
        ("2026-11-27", "en", "Fri 2026-11-27"),
        ("2026-11-29T09:00", "de", "So 29.11.2026 09:00"),
        ("2026-11-29T09:00", "nl", "zo 29-11-2026 09:00"),
        ("2026-11-29T09:00", "no", "søn. 29.11.2026 kl. 09:00"),
        ("2026-11-29T09:00", "en", "Sun 2026-11-29 09:00"),
        ("so bald wie möglich", "de", "so bald wie möglich"),
        ("2026-02-30", "de", "2026-02-30"),
        ("2026-11-27T25:00", "de", "2026-11-27T25:00"),
        ("", "de", ""),
    ],
)
def test_a_due_date_with_its_weekday(due: str, language: str, shown: str) -> None:
    assert dates.format_due(due, language) == shown


@pytest.mark.parametrize(
    ("ms", "shown"),
    [
        (0, "00:00"),
        (999, "00:00"),
        (249_999, "04:09"),
        (3_599_999, "59:59"),
        (3_600_000, "1:00:00"),
        (3_849_000, "1:04:09"),
        (90_000_000, "25:00:00"),
        (-5, "00:00"),
    ],
)
def test_durations(ms: int, shown: str) -> None:
    assert dates.format_duration(ms) == shown


MOMENTS = st.datetimes(
    datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-31"), timezones=st.just(BERLIN)
)
PHRASES = st.lists(
    st.sampled_from([*GERMAN, *DUTCH, *NORWEGIAN, *ALWAYS, "um", "kl.", "in", "+", ".", "31", "99:99", "0", "²", "İ"]),
    max_size=4,
).map(" ".join)


@given(st.one_of(st.text(), PHRASES), st.sampled_from([*LANGUAGES, "en"]), MOMENTS)
def test_any_text_gives_a_valid_moment_or_nothing(text: str, language: str, now: datetime) -> None:
    due = parse_due(text, language, now)
    if due:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?", due)
        datetime.fromisoformat(due)
        assert parse_due(due, language, now) == due


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.one_of(st.none(), st.times()), MOMENTS)
def test_what_is_shown_is_understood_when_it_is_typed_again(day: date, clock: object, now: datetime) -> None:
    due = day.isoformat() + (f"T{clock:%H:%M}" if clock else "")
    for language in LANGUAGES:
        assert parse_due(dates.format_due(due, language), language, now) == due


@given(MOMENTS, st.sampled_from(LANGUAGES), st.integers(0, 6))
def test_a_weekday_is_the_first_one_after_today(now: datetime, language: str, number: int) -> None:
    name = dates.format_due((date(2026, 11, 23) + timedelta(days=number)).isoformat(), language).split()[0]
    found = date.fromisoformat(parse_due(name, language, now))
    assert found.weekday() == number
    assert 1 <= (found - now.date()).days <= 7
