"""Which notes are due: what has expired, and never a note that has not, or that is held."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from note_samples import german

from deescalate_tui.errors import FileFault
from deescalate_tui.notes.note import note_from
from deescalate_tui.notes.retention import (
    ASKED,
    EXPIRED,
    REPLACED,
    RETURNED,
    Case,
    Hold,
    Kept,
    by_revision,
    erase_plan,
    purge_plan,
)

TODAY = date(2026, 11, 22)
NOTE = note_from(german())
days = st.integers(-400, 400).map(lambda number: TODAY + timedelta(days=number))


def kept(expires: date = TODAY, revision: int = 1, ticket: str = "4711", id_: str = NOTE.id) -> Kept:
    front = replace(NOTE, id=id_, expires=expires.isoformat(), revision=revision, ticket=ticket)
    return Kept(f"2026/11/{id_}_{revision}_{expires}.md", front, ticket)


def hold(until: date) -> Hold:
    return Hold(1, NOTE.id, "Klage", "2026-01-01", until.isoformat())


unreadable = st.builds(
    lambda name, plain: Kept(f"2026/11/{name}.md", fault=FileFault(name, "note-foreign"), plain=plain),
    st.text("ab", min_size=1, max_size=3),
    st.booleans(),
)
readable = st.builds(kept, days, st.integers(1, 4))
some_files = st.lists(readable | unreadable, min_size=1, max_size=4, unique_by=lambda it: it.name)
cases = st.builds(
    Case,
    some_files.map(by_revision),
    st.none() | days.map(hold),
    st.none() | st.just(FileFault("x", "mark-damaged")),
    st.booleans(),
)


@given(st.lists(cases, max_size=5), days, st.booleans())
def test_a_purge_never_touches_what_is_not_due_or_is_held(all_cases: list[Case], before: date, keeps_old: bool):
    plan = purge_plan(all_cases, TODAY, before, keeps_old=keeps_old)
    for due in plan.due:
        assert not due.case.held(TODAY)
        assert all(it.plain for it in due.files)
        for it in due.files:
            if it.front is None:
                assert due.reason != REPLACED
                continue
            past = date.fromisoformat(it.front.expires) < min(before, TODAY)
            newest = due.case.newest.front
            older = newest is not None and not keeps_old and it.front.revision < newest.revision
            assert past or due.case.returned or older
        assert any(it.front is not None for it in due.files)
    assert all(case.held(TODAY) for case in plan.held)


@given(st.lists(cases, max_size=5), days)
def test_everything_due_and_not_held_is_in_the_plan(all_cases: list[Case], before: date):
    plan = purge_plan(all_cases, TODAY, before, keeps_old=True)
    named = {id(due.case) for due in plan.due} | {id(case) for case in plan.held}
    for case in all_cases:
        fronts = [it.front for it in case.files if it.front is not None]
        if fronts and all(date.fromisoformat(front.expires) < min(before, TODAY) for front in fronts):
            assert id(case) in named


@given(st.lists(cases, max_size=5), days)
def test_whatever_nobody_can_judge_is_named_or_goes_with_its_note(all_cases: list[Case], before: date):
    plan = purge_plan(all_cases, TODAY, before, keeps_old=True)
    shown = [*plan.unjudged, *(it for due in plan.due for it in due.files), *(f for c in plan.held for f in c.files)]
    assert all(it in shown for case in all_cases for it in case.files if it.front is None)


@pytest.mark.parametrize(("days_left", "due"), [(-1, True), (0, False), (1, False)])
def test_a_note_is_kept_through_its_last_day(days_left: int, due: bool):
    case = Case((kept(TODAY + timedelta(days=days_left)),))
    assert bool(purge_plan([case], TODAY, TODAY, keeps_old=True).due) == due


@pytest.mark.parametrize(("days_left", "held"), [(-1, False), (0, True), (1, True)])
def test_a_hold_holds_through_its_last_day(days_left: int, held: bool):
    case = Case((kept(date(2020, 1, 1)),), hold(TODAY + timedelta(days=days_left)))
    plan = purge_plan([case], TODAY, TODAY, keeps_old=True)
    assert (bool(plan.held), bool(plan.due)) == (held, not held)
    plan = erase_plan([case], TODAY, lambda ticket: True)
    assert (bool(plan.held), bool(plan.due)) == (held, not held)


def test_a_day_that_is_written_otherwise_means_the_same():
    odd = replace(kept(), front=replace(NOTE, expires="20261121"))
    assert purge_plan([Case((odd,))], TODAY, TODAY, keeps_old=True).due


def test_why_notes_are_due():
    later = TODAY + timedelta(days=9)
    both = by_revision((kept(later, 2), kept(later, 1)))
    reasons = {
        EXPIRED: (Case((kept(date(2020, 1, 1)),)), True),
        RETURNED: (Case((kept(later),), returned=True), True),
        REPLACED: (Case(both), False),
    }
    for reason, (case, keeps_old) in reasons.items():
        assert [due.reason for due in purge_plan([case], TODAY, TODAY, keeps_old=keeps_old).due] == [reason]
    (replaced,) = purge_plan([Case(both)], TODAY, TODAY, keeps_old=False).due
    assert replaced.files == both[:1]


def test_the_newest_revision_says_which_ticket_it_is():
    case = Case(by_revision((kept(revision=1, ticket="4710"), kept(revision=2, ticket="4711"))))
    assert erase_plan([case], TODAY, lambda ticket: ticket == "4710").due == ()
    (due,) = erase_plan([case], TODAY, lambda ticket: ticket == "4711").due
    assert (due.reason, due.files) == (ASKED, case.files)
    assert due.files[-1].ticket == "4711"  # what the case is found by goes last
