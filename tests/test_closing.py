"""Closing: outcome, the request's answer, open gates, aftercare - each asked once, and taken back as one thing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from samples import applied, asked, at_step, begun, decided, names, play

from deescalate_tui import commands as cmd
from deescalate_tui import events as ev
from deescalate_tui.closing import next_closing, open_gates
from deescalate_tui.decisions import NOTHING, Decision
from deescalate_tui.session import OUTCOMES, Override, SessionState

GATES = ("check-possible", "next-step")


def done(state: SessionState, *steps: str) -> SessionState:
    """The same session with these steps done."""
    return applied(state, *(ev.StepDone(step) for step in steps))


def ending(*settled: str, request: str = "", outcome: str = "resolved", of: str = "aggressive") -> SessionState:
    """A session whose outcome was just chosen."""
    state = done(begun(of), *settled)
    if request:
        state = play(state, cmd.Open("request"), cmd.Submit(request))
    return play(state, cmd.Close(), cmd.Choose(outcome))


# --- outcome and answer


def test_x_asks_for_the_outcome_first():
    assert asked(play(begun(), cmd.Close())) == "outcome"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_can_be_chosen(outcome: str):
    assert ending(outcome=outcome).call.outcome == outcome


def test_there_is_no_other_outcome():
    assert decided(play(begun(), cmd.Close()), cmd.Choose("won")) == NOTHING


def test_a_pinned_request_is_asked_after():
    state = ending(*GATES, request="Geld zurück")
    assert asked(state) == "answered"
    assert play(state, cmd.Choose("partly")).call.answered == "partly"


def test_without_a_request_nothing_is_asked_after():
    assert ending(*GATES).call.aftercare


def test_an_aborted_call_closes_at_once():
    state = ending(request="Geld zurück", outcome="aborted")
    assert (state.closed, state.call.aftercare, state.call.answered) == (True, False, "")


# --- gates


def test_an_open_critical_step_is_asked_for_once_more():
    state = ending("check-possible")
    assert asked(state) == "gate:next-step"


def test_a_skipped_critical_step_is_still_open():
    state = applied(begun(), ev.StepSkipped("next-step"))
    assert [step.id for step in open_gates(state.call)] == [*GATES]


def test_gates_come_in_walking_order_each_once():
    state = ending()
    seen = [asked(state)]
    for answer in (cmd.Choose("done"), cmd.Choose("leave"), cmd.Submit("aufgelegt")):
        state = play(state, answer)
        seen.append(asked(state))
    assert seen == ["gate:check-possible", "gate:next-step", "reason:next-step", ""]
    assert state.call.aftercare


def test_done_at_a_gate_marks_the_step():
    state = play(ending("check-possible"), cmd.Choose("done"))
    assert state.call.marks["next-step"].done


def test_a_gate_left_open_needs_a_reason():
    state = play(ending("check-possible"), cmd.Choose("leave"))
    assert decided(state, cmd.Submit(" \n")) == Decision(notice="notice.reason-needed")
    assert play(state, cmd.Submit("aufgelegt")).call.overrides == (Override("next-step", "aufgelegt", 5000),)


def test_back_at_a_gate_leads_to_its_step_and_takes_the_close_back():
    state = play(ending("check-possible"), cmd.Choose("back"))
    assert (state.question, state.call.current, state.call.outcome) == (None, "next-step", "")
    assert names(state)[-2:] == ["undone ended", "went next-step"]


def test_back_at_the_gate_of_the_current_step_is_just_back():
    state = at_step(done(begun(), "check-possible"), "next-step")
    ended = play(state, cmd.Close(), cmd.Choose("resolved"))
    assert play(ended, cmd.Choose("back")).call == state.call


def test_a_gate_takes_no_other_answer():
    assert decided(ending(), cmd.Choose("perhaps")) == NOTHING


def test_a_critical_step_is_a_gate_only_where_it_is_offered():
    for possible, gates in (("yes", []), ("no", ["say-no"])):
        state = applied(done(begun(), *GATES), ev.FieldAnswered("possible", possible))
        assert [step.id for step in open_gates(state.call)] == gates


def test_the_emergency_way_is_never_gated():
    state = play(begun(), cmd.Hear(4), cmd.Hear(1), cmd.Close(), cmd.Choose("ended-by-agent"))
    assert state.call.aftercare


def test_a_level_heard_by_mistake_and_undone_keeps_the_gates():
    state = play(begun(), cmd.Hear(4), cmd.Undo(), cmd.Close(), cmd.Choose("ended-by-agent"))
    assert asked(state) == "gate:check-possible"


# --- taking the close back


@pytest.mark.parametrize(
    "answers",
    [
        (cmd.Choose("resolved"),),
        (cmd.Choose("resolved"), cmd.Choose("yes")),
        (cmd.Choose("resolved"), cmd.Choose("yes"), cmd.Choose("done")),
        (cmd.Choose("resolved"), cmd.Choose("yes"), cmd.Choose("leave")),
        (cmd.Choose("resolved"), cmd.Choose("yes"), cmd.Choose("leave"), cmd.Submit("aufgelegt")),
    ],
)
def test_escape_anywhere_in_the_close_takes_all_of_it_back(answers: tuple[cmd.Command, ...]):
    state = play(begun(), cmd.Open("request"), cmd.Submit("Geld zurück"))
    left = play(state, cmd.Close(), *answers, cmd.Leave())
    assert (left.call, left.past, left.question) == (state.call, state.past, None)
    assert names(left)[-1] == "undone ended"


def test_escape_at_the_outcome_has_nothing_to_take_back():
    state = play(begun(), cmd.Done())
    left = play(state, cmd.Close(), cmd.Leave())
    assert (left.call, left.past, left.log) == (state.call, state.past, state.log)


def test_undo_after_the_close_was_left_takes_back_what_came_before_it():
    state = begun()
    assert play(state, cmd.Done(), cmd.Close(), cmd.Choose("resolved"), cmd.Leave(), cmd.Undo()).call == state.call


def test_undo_in_aftercare_goes_back_into_the_call_as_it_was():
    state = play(begun(), cmd.Done(), cmd.Open("request"), cmd.Submit("Geld zurück"))
    ended = play(state, cmd.Close(), *map(cmd.Choose, ("resolved", "yes", "done", "done")))
    assert ended.call.aftercare
    undone = play(ended, cmd.Undo())
    assert (undone.call, undone.past) == (state.call, state.past)


def test_a_close_that_was_taken_back_asks_everything_anew():
    state = play(ending(*GATES), cmd.Undo(), cmd.Close())
    assert asked(state) == "outcome"


def test_the_emergency_key_takes_the_close_back():
    state = play(ending(), cmd.Open("emergency"))
    assert (asked(state), state.call.outcome) == ("emergency", "")


def test_a_close_torn_off_by_a_crash_goes_on_when_the_session_is_resumed():
    torn = applied(begun(), ev.Ended("resolved"))
    state = play(torn, cmd.Resume())
    assert asked(state) == "gate:check-possible"
    assert play(state, cmd.Leave()).call == begun().call


# --- aftercare and the end


def test_aftercare_comes_after_the_outcome_and_begins_with_its_first_step():
    state = ending(*GATES)
    assert [step.id for _, step in state.call.path()] == ["take-break", "learn"]
    assert (state.call.current, state.call.phase) == ("take-break", "aftercare")


def test_a_checklist_without_aftercare_closes_at_once():
    state = ending("next-step", of="direct")
    assert (state.closed, state.call.aftercare) == (True, False)


def test_x_in_aftercare_closes():
    assert play(ending(*GATES), cmd.Close()).closed


def test_aftercare_is_walked_like_any_phase_and_space_at_its_end_closes():
    state = play(ending(*GATES), cmd.Done(), cmd.Done(), cmd.Submit("früher fragen"))
    assert (state.call.answers["lesson"], state.call.current, state.closed) == ("früher fragen", "", False)
    assert play(state, cmd.Done()).closed


def test_undo_works_in_aftercare_step_by_step():
    state = ending(*GATES)
    assert play(state, cmd.Done(), cmd.Undo()).call == state.call


def test_a_request_pinned_in_aftercare_is_asked_after_and_can_be_left():
    state = play(ending(*GATES), cmd.Open("request"), cmd.Submit("Geld zurück"), cmd.Close())
    assert asked(state) == "answered"
    left = play(state, cmd.Leave())
    assert (left.call.outcome, left.call.aftercare) == ("resolved", True)
    assert play(left, cmd.Close(), cmd.Choose("no")).closed


def test_a_gate_that_another_type_brings_in_aftercare_is_not_asked():
    state = ending("next-step", "check-possible")
    other = begun("direct").call.checklist
    state = applied(replace(state, call=replace(state.call, marks={})), ev.ChecklistTaken(other))
    assert play(state, cmd.Close()).closed


def test_a_closed_session_asks_nothing_more():
    state = play(ending(*GATES), cmd.Close())
    assert (state.closed, state.question, state.card, state.sign) == (True, None, "", "")
    assert names(state)[-1] == "closed"


def test_the_close_never_asks_what_is_known():
    state = ending(*GATES)
    assert next_closing(state) == ev.Closed()
    assert next_closing(applied(begun(), ev.Ended("resolved"), ev.Ended("aborted"))) == ev.Closed()
