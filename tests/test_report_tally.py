"""What one note adds to a report, and how tallies add up."""

from collections.abc import Iterable
from datetime import date
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from note_samples import SAMPLES, checklist, dutch, german, norwegian, started, state_of

from deescalate_tui.call import events as ev
from deescalate_tui.notes.correction import ticked
from deescalate_tui.notes.note import IncidentNote, note_from
from deescalate_tui.report.course import course_of
from deescalate_tui.report.shares import MANY_SESSIONS, Shares, decode, encode, read_cell, span
from deescalate_tui.report.tally import (
    ALL,
    MANY,
    NOBODY,
    Tally,
    agent_mark,
    cell_of,
    duration_class,
    merge,
    tally,
    together,
)
from deescalate_tui.report.weeks import last_whole, monday, shifted, week_of, weeks
from deescalate_tui.report.words import terms

AGENTS = ("amsel", "fink", "meise", "star")
NOTES = [replace(note_from(sample()), agent=agent) for sample in SAMPLES.values() for agent in AGENTS]


def note(*timed: tuple[int, ev.AnyEvent]) -> IncidentNote:
    return note_from(state_of(((0, started("de")), *timed)))


@given(st.lists(st.sampled_from(NOTES), max_size=8), st.data())
def test_any_order_and_grouping_gives_the_same_sum(notes: list[IncidentNote], data: st.DataObject):
    tallies = [tally(it) for it in notes]
    whole = merge(tallies)
    cut = data.draw(st.integers(0, len(tallies)))
    mixed = data.draw(st.permutations(tallies))
    assert merge([merge(mixed[:cut]), merge(mixed[cut:])]) == whole
    assert reduce(lambda one, other: merge([other, one]), mixed, Tally()) == whole
    assert decode(encode(whole)) == whole


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6))
def test_agents_are_told_apart_up_to_two(aliases: list[str]):
    found = reduce(together, map(agent_mark, aliases), NOBODY)
    different = len(set(aliases))
    assert (found == NOBODY) == (different == 0)
    assert (found == MANY) == (different >= 3)
    assert found == reduce(together, map(agent_mark, reversed(aliases)), NOBODY)


def test_from_the_third_agent_on_nothing_is_left_of_any():
    found = merge(tally(it) for it in NOTES)
    every = (found.counts, found.terms, *found.guides.values())
    assert {count[2] for counts in every for count in counts.values()} == {MANY}


def test_a_loud_call():
    counts = tally(note_from(german())).counts
    for key in ("outcome:follow-up", "answered:partly", "levels:1>1", "threat:no", "limits:1"):
        assert counts[key][0] == 1, key
    assert counts["promise:2026-W48"][:2] == (1, 2)
    assert counts["rise:assess"][:2] == (1, 1)
    kept = tally(ticked(note_from(german()), 1, date(2026, 11, 24))).counts
    assert (kept["promise:kept"][:2], kept["promise:2026-W48"][:2]) == ((1, 1), (1, 1))


def test_a_call_in_which_no_level_was_heard_stands_in_every_table():
    counts = tally(note((5, ev.StepDone("breathe")))).counts
    for key in ("outcome:aborted", "levels:-", "answered:-", "threat:no", "promised:no"):
        assert counts[key][0] == 1, key


def test_a_change_of_level_stands_beside_the_step_before_it():
    course = course_of(note_from(german()))
    assert course.turns == [("assess", "rise"), ("assess", "fall"), ("resolve", "fall")]
    steps = course.steps["aggressive/de/1"]
    assert "ask-trigger:fall" in steps
    assert "offer-options:fall" in steps
    assert "let-finish:rise" in steps


def test_what_was_taken_back_does_not_count():
    found = course_of(
        note(
            (1, ev.LevelHeard(1)),
            (5, ev.StepDone("breathe")),
            (6, ev.LevelHeard(3)),
            (7, ev.Undone()),
            (8, ev.StepSkipped("calm-sentence")),
            (9, ev.Undone()),
            (10, ev.StepDone("calm-sentence")),
        )
    )
    assert found.turns == []
    assert found.steps["aggressive/de/1"] == ["all", "breathe:done", "calm-sentence:done", "calm-sentence:undone"]


def test_before_the_first_step_a_change_has_no_company():
    found = course_of(note((1, ev.LevelHeard(1)), (2, ev.LevelHeard(2)), (3, ev.StepDone("breathe"))))
    assert found.turns == [("", "rise")]


def test_a_threat_is_a_rise_to_the_highest_level():
    found = course_of(note((1, ev.LevelHeard(3)), (2, ev.StepDone("breathe")), (3, ev.ThreatHeard("concrete"))))
    assert found.turns == [("control", "rise")]


def test_steps_belong_to_the_checklist_that_guided_them():
    steps = course_of(note_from(dutch())).steps
    assert "read-fully:done" in steps["aggressive/nl/1"]
    assert "ask-trigger:done" in steps["rude/nl/2"]
    assert "ask-trigger:done" not in steps["aggressive/nl/1"]


def test_a_critical_step_left_open_is_told():
    assert "next-step:open" in course_of(note_from(german())).steps["aggressive/de/1"]


def test_a_phase_takes_the_time_of_its_steps():
    assert course_of(note_from(norwegian())).seconds == {"control": 25, "assess": 116, "aftercare": 359}


def test_a_checklist_in_two_languages_is_two():
    taken = ev.ChecklistTaken(checklist("nl"))
    found = note((5, ev.StepDone("breathe")), (6, taken), (7, ev.StepDone("calm-sentence")))
    assert course_of(found).steps == {
        "aggressive/de/1": ["all", "breathe:done"],
        "aggressive/nl/1": ["all", "calm-sentence:done"],
    }


@pytest.mark.parametrize(("seconds", "place"), [(0, 0), (14, 0), (15, 1), (7199, 15), (7200, 16), (10**9, 16)])
def test_durations_fall_into_classes(seconds: int, place: int):
    assert duration_class(seconds) == place


def test_small_words_say_nothing():
    assert terms("Der Router ist zum dritten Mal nicht da, 42 Router!", "de") == {"router"}
    assert terms("Router er ikke kommet tilbake ennå", "no") == {"router", "kommet"}
    assert terms("der Router", "xx") == {"der", "router"}
    assert len(terms(" ".join(f"wort{'x' * n}" for n in range(40)), "de")) == 12


def test_shares_are_kept_by_cell_and_week():
    shares = Shares()
    key, data = shares.share(NOTES[0])
    cell, found = read_cell(key, shares.merge([data, shares.merge([data])]))
    assert cell == cell_of(NOTES[0])
    assert found.counts[ALL][0] == 2
    assert found.keep_days == 90
    first, last = span("2026-W47", "2026-W47")
    assert first < key < last
    assert not first < key.replace("W47", "W48") < last
    assert not first < key.replace("W47", "W46") < last


def test_of_many_sessions_words_of_a_single_one_are_passed_over():
    few = merge([tally(NOTES[0])] * 3 + [tally(NOTES[4])])
    many = merge([tally(NOTES[0])] * MANY_SESSIONS + [tally(NOTES[4])])
    assert decode(encode(many)) == many
    assert decode(encode(few), sparse=True) == few
    assert decode(encode(many), sparse=True).terms.keys() == tally(NOTES[0]).terms.keys()


def test_weeks_cross_the_year():
    assert weeks("2026-W52", "2027-W02") == ("2026-W52", "2026-W53", "2027-W01", "2027-W02")
    assert shifted("2027-W01", -1) == "2026-W53"
    assert week_of(monday("2026-W53")) == "2026-W53"
    assert last_whole(monday("2026-W47")) == "2026-W46"
    assert list(weeks("2027-W02", "2026-W52")) == []


def test_marks_are_of_31_bits_and_never_nobody():
    marks: Iterable[int] = (agent_mark(f"agent-{number}") for number in range(2000))
    assert all(0 < mark < 1 << 31 for mark in marks)
