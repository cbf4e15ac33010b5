"""No group smaller than 5 sessions or 3 agents can be found: not in a report, not by subtracting reports."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import product
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate_tui.call.session import OUTCOMES
from deescalate_tui.report.figures import Period, Report
from deescalate_tui.report.making import guides_of, report, usual_period
from deescalate_tui.report.suppress import ANY, Filter, groups, is_safe, is_safe_of, table
from deescalate_tui.report.tally import ALL, MANY, Cell, Counted, Tally, agent_mark, duration_class, merge
from deescalate_tui.report.weeks import monday, weeks

WEEKS = weeks("2026-W38", "2026-W45")
TODAY = date(2026, 11, 22)
LANGUAGES = (("de", "DE"), ("de", "AT"), ("nl", "NL"), ("no", "NO"))
TYPES, CHANNELS = ("direct", "rude", "aggressive"), ("phone", "email")
PLACES = (("", ""), ("de", ""), ("", "DE"), ("de nl", "AT NL"), ("nl", ""), ("", "NO"))
FILTERS = [
    Filter(tuple(types.split()), tuple(languages.split()), tuple(countries.split()), tuple(channels.split()))
    for types, (languages, countries), channels in product(("", *TYPES, "rude direct"), PLACES, ("", *CHANNELS))
]
WINDOWS = [Period(WEEKS[first], WEEKS[last]) for first, last in ((4, 4), (4, 6), (4, 7), (5, 7), (7, 7))]
SEEDS = (0, 1, 3, 5)


class Session(msgspec.Struct, frozen=True):
    """One note, as the attacker would like to know it."""

    number: int
    agent: str
    cell: Cell
    outcome: str
    seconds: int
    word: str
    day: date
    keep_days: int = 90

    def tally(self) -> Tally:
        """`times` is a bit of its own for each session: a sum tells exactly who is in it."""
        count = (1, 1 << self.number, agent_mark(self.agent))
        keys = (ALL, f"outcome:{self.outcome}", f"time.all:{duration_class(self.seconds)}")
        return Tally(
            dict.fromkeys(keys, count),
            {f"{self.cell.language}:{self.word}": count},
            {f"{self.cell.type}/{self.cell.language}/1": {ALL: count, "breathe:done": count}},
            self.keep_days,
        )


def archive(seed: int) -> list[Session]:
    """Few agents, crowded and empty cells, one agent alone in a language or type."""
    random = Random(seed)
    agents = [f"agent-{number}" for number in range(random.choice((2, 3, 4, 9)))]
    made = []
    for number in range(random.choice((12, 60, 200))):
        week = random.choice(WEEKS[random.choice((0, 4)) :])
        language, country = random.choice(LANGUAGES[: random.choice((1, 2, 4))])
        agent = random.choice(agents)
        type_ = random.choices(TYPES, (8, 3, 1))[0] if agent != agents[0] else random.choice(TYPES)
        cell = Cell(week, language, country, type_, random.choices(CHANNELS, (5, 1))[0])
        day = monday(week) + timedelta(days=random.randrange(7))
        word = random.choice(("router", "rechnung", agent))
        made.append(Session(number, agent, cell, random.choice(OUTCOMES), random.randrange(2000), word, day))
    return made


def cells(sessions: Iterable[Session]) -> list[tuple[Cell, Tally]]:
    found = defaultdict(list)
    for session in sessions:
        found[session.cell].append(session.tally())
    return [(cell, merge(tallies)) for cell, tallies in found.items()]


def too_few(sessions: Iterable[Session]) -> bool:
    """What must never be found."""
    found = list(sessions)
    return bool(found) and (len(found) < 5 or len({it.agent for it in found}) < 3)


@cache
def asked(seed: int) -> list[Report]:
    """Every report that can be had of an archive."""
    all_cells = cells(archive(seed))
    return [report(all_cells, window, filters, TODAY) for window, filters in product(WINDOWS, FILTERS)]


def published(made: Report) -> Iterator[int]:
    """Every sum of a report, as the set of sessions that it is of."""
    for compared in made.tables.values():
        for side in (compared.now, compared.before):
            yield from (row.times for row in side.rows if row.sessions)
            yield sum(row.times for row in side.rows)


def members(bits: int, sessions: list[Session]) -> list[Session]:
    return [session for session in sessions if bits >> session.number & 1]


@pytest.mark.parametrize("seed", SEEDS)
def test_subtracting_reports_never_leaves_a_small_group(seed: int):
    """Sessions that no report tells apart stay together whatever is added and subtracted: they must be enough."""
    sessions = archive(seed)
    sums = [table_of_types(made) for made in asked(seed)]
    together = defaultdict(list)
    for session in sessions:
        together[tuple(bits >> session.number & 1 for bits in sums)].append(session)
    assert not [group for pattern, group in together.items() if any(pattern) and too_few(group)]


def table_of_types(made: Report) -> int:
    return sum(row.times for row in made.tables["type"].now.rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_reports_differ_by_one_agent(seed: int):
    sessions = archive(seed)
    sums = {table_of_types(made) for made in asked(seed)}
    found = [one & ~other for one, other in product(sums, sums) if one & other == other]
    assert not [bits for bits in set(found) if too_few(members(bits, sessions))]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_that_is_printed_is_of_too_few(seed: int):
    sessions = archive(seed)
    for made in asked(seed):
        assert not [bits for bits in published(made) if too_few(members(bits, sessions))]
        for term in made.terms:
            told = [
                it
                for it in sessions
                if f"{it.cell.language}:{it.word}" == term.id and it.cell.week in made.period.weeks
            ]
            assert not too_few(told)
        assert all(it.sessions >= 5 for it in (*made.terms, *made.cards))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rows_of_a_table_do_not_give_away_the_hidden_ones(seed: int):
    sessions = archive(seed)
    for made in asked(seed):
        for compared in made.tables.values():
            for side, period in ((compared.now, made.period), (compared.before, made.before)):
                if side.id != "outcome" or not side.hidden:
                    continue
                inside = members(everything(made, period == made.before), sessions)
                hidden = [it for it in inside if it.outcome in side.hidden]
                assert side.hidden_sessions in (0, len(hidden))
                assert not too_few(hidden) or not side.rows
                assert len(side.hidden) > 1 or not side.rows


def everything(made: Report, before: bool) -> int:
    compared = made.tables["type"]
    return sum(row.times for row in (compared.before if before else compared.now).rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_filter_and_what_it_leaves_over_hide_the_same_outcomes(seed: int):
    """Both in the same weeks: subtracting the narrower table from the wider one gives no row of too few."""
    sessions = archive(seed)
    rows: dict[tuple[Period, Filter], dict[str, int]] = {}
    for made in asked(seed):
        shown = {row.id: row.times for row in made.tables["outcome"].now.rows if row.sessions}
        rows[made.period, made.filters] = shown
    for (period, narrow), shown in rows.items():
        wide = rows[period, Filter()]
        for name in shown.keys() & wide.keys():
            assert not too_few(members(wide[name] & ~shown[name], sessions)), (period, narrow, name)


def test_from_day_to_day_expiring_notes_give_nothing_away():
    """Each day what has expired is gone: the reports of all days together tell no small group apart."""
    sessions = archive(3)
    sums = []
    for days in range(0, 120, 3):
        today = TODAY + timedelta(days=days)
        kept = [it for it in sessions if it.day + timedelta(days=it.keep_days) > today]
        sums += [table_of_types(report(cells(kept), window, Filter(), today)) for window in WINDOWS]
    together = defaultdict(list)
    for session in sessions:
        together[tuple(bits >> session.number & 1 for bits in sums)].append(session)
    assert not [group for pattern, group in together.items() if any(pattern) and too_few(group)]
    assert any(sums)


def test_the_attack_finds_what_is_not_protected():
    """The test of the tests: with the raw cells as groups, one agent stands alone at once."""
    sessions = archive(2)
    together = defaultdict(list)
    for session in sessions:
        together[session.cell].append(session)
    assert any(too_few(group) for group in together.values())


def count(sessions: int, agents: int = 3) -> Counted:
    return (sessions, sessions, MANY if agents > 2 else agent_mark("a"))


def test_a_small_cell_gives_up_its_country_first():
    def cell(country: str, number: int) -> tuple[Cell, Tally]:
        return Cell("2026-W40", "de", country, "rude", "phone"), Tally({ALL: count(number, 3 if number > 4 else 1)})

    found, left_out = groups([cell("DE", 9), cell("AT", 2), cell("CH", 2)])
    assert [group.cell.country for group in found] == ["DE"]
    assert left_out
    one, two = Tally({ALL: (3, 3, agent_mark("a"))}), Tally({ALL: (3, 3, agent_mark("b"))})
    third = Tally({ALL: (1, 1, agent_mark("c"))})
    where = [Cell("2026-W40", "de", country, "rude", "phone") for country in ("DE", "AT", "CH")]
    found, left_out = groups(zip(where, (one, two, third), strict=True))
    assert [group.cell for group in found] == [Cell("2026-W40", "de", ANY, "rude", "phone")]
    assert not left_out


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 12), min_size=1))
@settings(max_examples=200)
def test_a_table_never_hides_one_row_alone(counts: dict[str, int]):
    made = table(
        "t", {key: (number, number, MANY if number > 2 else agent_mark(key)) for key, number in counts.items()}
    )
    assert not made.rows or {row.id for row in made.rows} | set(made.hidden) == counts.keys()
    assert not [row for row in made.rows if 0 < row.sessions < 5]
    assert len(made.hidden) != 1 or not any(row.sessions for row in made.rows)
    assert made.hidden_sessions == 0 or made.hidden_sessions >= 5
    if made.rows and made.hidden:
        assert made.sessions == sum(counts.values())


def test_where_nothing_hides_the_small_row_all_are_hidden():
    made = table("t", {"a": count(7), "b": count(2, 1)})
    assert made.rows == ()
    assert (made.hidden, made.hidden_sessions) == (("a", "b"), 9)
    alone = table("t", {"a": count(3, 1), "b": (0, 0, 0)})
    assert (alone.rows, alone.hidden_sessions) == ((), 0)


def test_small_rows_are_hidden_in_the_smallest_large_one():
    made = table("t", {"a": count(30), "b": count(6), "c": count(2, 1), "d": count(9), "e": count(1, 1)})
    assert [row.id for row in made.rows] == ["a", "d"]
    assert (made.hidden, made.hidden_sessions, made.sessions) == (("b", "c", "e"), 9, 48)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_report_with_a_filter_is_of_nothing_else(seed: int):
    sessions = archive(seed)
    for made in asked(seed):
        inside = members(everything(made, before=False), sessions)
        assert all(made.period.first <= it.cell.week <= made.period.last for it in inside)
        wanted = {name: value for name, value in msgspec.structs.asdict(made.filters).items() if value}
        assert all(getattr(it.cell, name) in value for it in inside for name, value in wanted.items())


def test_a_part_is_shown_only_where_the_rest_is_large_enough():
    assert is_safe_of(count(5), count(10))
    assert is_safe_of(count(10), count(10))
    assert not is_safe_of(count(8), count(10))
    assert not is_safe_of(count(9, 1), count(20))
    assert not is_safe((5, 5, agent_mark("a")))


def test_what_is_known_of_checklists_is_of_enough_sessions_as_well():
    sessions = archive(5)
    period = Period(WEEKS[4], WEEKS[7])
    for filters in FILTERS:
        for counts in guides_of(cells(sessions), period, filters, TODAY).values():
            for found in counts.values():
                assert found[0] == 0 or not too_few(members(found[1], sessions)) or not is_safe(found)


def test_the_usual_period_is_the_last_four_whole_weeks():
    assert usual_period(date(2026, 11, 22)) == Period("2026-W43", "2026-W46")
    assert usual_period(date(2026, 11, 23)) == Period("2026-W44", "2026-W47")
    assert Period("2026-W44", "2026-W47").before == Period("2026-W40", "2026-W43")
