"""The language of a search: what it means, and where it says what cannot be."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate_tui.archive.asked import condition
from deescalate_tui.archive.past import parse_past
from deescalate_tui.archive.query import Field, match_of, parse, unwanted_of
from deescalate_tui.archive.snippets import snippet
from deescalate_tui.errors import UsageFault

TODAY = date(2026, 11, 23)
"""A Monday."""


def meant(text: str) -> None:
    """Work out all of a query."""
    query = parse(text)
    match_of(query)
    for field in query.fields:
        condition(field, TODAY)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("Größe", '("grosse")'),
        ("eins zwei", '("eins") AND ("zwei")'),
        ("eins OR zwei drei", '("eins" OR "zwei") AND ("drei")'),
        ("eins | zwei", '("eins" OR "zwei")'),
        ('"zum dritten Mal"', '("zum dritten mal")'),
        ('"zum drit"*', '("zum drit"*)'),
        ("rechn* -mahnung -storno", '("rechn"*) NOT (("mahnung") OR ("storno"))'),
        ("T-4711 14:05", '("t 4711") AND ("14 05")'),
        ("NEAR NOT AND", '("near") AND ("not") AND ("and")'),
        ("a*b", '("a b")'),
        ("outcome:escalated", ""),
    ],
)
def test_words(text: str, match: str):
    assert match_of(parse(text)) == match


def test_only_what_is_not_wanted():
    assert match_of(parse("-mahnung")) == ""
    assert unwanted_of(parse("-mahnung")) == '("mahnung")'


def test_the_language_has_the_name_of_its_option_too():
    assert parse("lang:nb").fields == (Field("language", ("nb",), 1),)


@pytest.mark.parametrize(
    ("text", "column", "key"),
    [
        ("eins nosuch:zwei", 6, "query-field"),
        ("outcome:", 1, "query-value"),
        ("outcome:gone", 1, "value-unknown"),
        ("rest level:5", 6, "value-unknown"),
        ("level:4-3", 1, "value-unknown"),
        ("since:nie", 1, "value-past"),
        ('a "offen', 3, "query-quote"),
        ("OR eins", 1, "query-or"),
        ("eins OR", 6, "query-or"),
        ("eins OR OR zwei", 9, "query-or"),
        ("eins OR type:rude", 6, "query-mixed"),
        ("eins !? zwei", 6, "query-nothing"),
        ('""', 1, "query-nothing"),
        ("a" * 1001, 1000, "query-long"),
    ],
)
def test_what_cannot_be_is_said_with_its_place(text: str, column: int, key: str):
    with pytest.raises(UsageFault) as caught:
        meant(text)
    assert (caught.value.place, caught.value.key) == (f"QUERY:{column}", key)


@given(st.text(alphabet='ab "*-:|ORtype,4.ß\n', max_size=30))
def test_any_text_means_something_or_is_a_fault_with_its_place(text: str):
    place = ""
    try:
        meant(text)
    except UsageFault as fault:
        place = fault.place
    assert not place or 1 <= int(place.removeprefix("QUERY:")) <= len(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11-01", "2026-11-01", "2026-11-01"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("Gestern", "2026-11-22", "2026-11-22"),
        ("i går", "2026-11-22", "2026-11-22"),
        ("eergisteren", "2026-11-21", "2026-11-21"),
        ("7d", "2026-11-16", "2026-11-23"),
        ("2w", "2026-11-09", "2026-11-23"),
        ("2026-W46", "2026-11-09", "2026-11-15"),
        ("2026-w01", "2025-12-29", "2026-01-04"),
        ("9m", "2026-02-23", "2026-11-23"),
        ("24.11.", "2025-11-24", "2025-11-24"),
        ("22-11-26", "2026-11-22", "2026-11-22"),
    ],
)
def test_days_that_have_been(text: str, first: str, last: str):
    assert parse_past(text, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "morgen", "2026-13", "2026-W54", "31.2.", "9999y", "99999d", "0000", "12345"])
def test_what_is_no_day(text: str):
    assert parse_past(text, TODAY) is None


def test_the_snippet_shows_the_line_with_the_words_marked():
    text = "Anderes\nDie Größe der Rechnung stimmt nicht\nRechnung"
    wanted = ((("grosse",), False), (("rechn",), True))
    assert snippet(text, wanted) == (
        ("Die ", False), ("Größe", True), (" der ", False), ("Rechnung", True), (" stimmt nicht", False),
    )  # fmt: skip


@given(st.text(alphabet="ab Größe\n", max_size=400), st.integers(10, 60))
def test_a_snippet_is_never_longer_than_asked(text: str, width: int):
    parts = snippet(text, ((("grosse",), False),), width)
    assert len("".join(part for part, _ in parts)) <= width + 2
    assert all(part for part, _ in parts)
