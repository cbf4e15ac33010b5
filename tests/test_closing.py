"""Closing: outcome, the request's answer, gates, promises, aftercare - each asked once, taken back as one thing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from samples import BOOK, applied, asked, at_step, decided, names, play
from samples import begun as calm
from stage import Stage, opened

from deescalate_tui import catalogues
from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.call.closing import next_closing, open_gates
from deescalate_tui.call.commands import NOTHING, Decision
from deescalate_tui.call.questions import draft_of, values
from deescalate_tui.call.session import OUTCOMES, Override, SessionState
from deescalate_tui.notes.front import Promise
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import note_from
from deescalate_tui.notes.parse import parse
from deescalate_tui.opening import Opening
from deescalate_tui.screens.prompts import question_view

GATES = ("check-possible", "next-step")
TO_CONFIRM = (cmd.Choose("resolved"),)


def begun(of: str = "aggressive") -> SessionState:
    """A call that was at level 3, so that aftercare follows it."""
    return play(calm(of), cmd.Hear(3), cmd.Hear(1))


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


@pytest.mark.parametrize("level", [None, 0, 1, 2, 3, 4])
def test_aftercare_follows_a_call_that_was_at_level_three_or_four(level: int | None):
    heard = calm() if level is None else play(calm(), cmd.Hear(level))
    ended = play(done(heard, *GATES), cmd.Close(), cmd.Choose("resolved"))
    assert (ended.call.aftercare, ended.closed) == ((True, False) if level in (3, 4) else (False, True))


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
    assert play(state, cmd.Submit("aufgelegt")).call.overrides == (Override("next-step", "aufgelegt", 7000),)


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
    state = play(begun(), cmd.Hear(4), cmd.Undo(), cmd.Close(), cmd.Choose("ended-by-customer"))
    assert asked(state) == "gate:check-possible"


# --- promises


def promising(*promises: tuple[str, str], outcome: str = "resolved", follow_up: str = "") -> SessionState:
    """A session whose outcome was just chosen, with these promises and this next contact."""
    state = done(begun(), *GATES)
    if follow_up:
        state = applied(state, ev.FieldAnswered("follow_up", follow_up))
    for what, due in promises:
        state = taken(play(state, cmd.Open("promise"), cmd.Submit(what), cmd.Submit(due)))
    return play(state, cmd.Close(), cmd.Choose(outcome))


def taken(state: SessionState) -> SessionState:
    """The same once words that are no date are taken as they are: by a second enter."""
    question = state.question
    return play(state, cmd.Submit(question.tried)) if question is not None and question.tried else state


def promised(state: SessionState) -> list[tuple[str, str]]:
    return [(made.what, made.due) for made in state.call.commitments]


def test_a_normal_close_with_a_promise_takes_two_keys_to_aftercare():
    state = play(done(begun(), *GATES), cmd.Open("request"), cmd.Submit("Geld zurück"))
    state = play(state, cmd.Open("promise"), cmd.Submit("Rückruf"), cmd.Submit("morgen"), cmd.Close())
    ended = play(state, *map(cmd.Choose, ("resolved", "yes")))
    assert (ended.call.aftercare, ended.call.confirmed) == (True, True)
    assert names(ended)[-4:] == ["ended resolved", "answered yes", "confirmed", "aftercare"]


def test_what_is_promised_is_confirmed_after_the_gates_and_before_aftercare():
    state = play(begun(), cmd.Open("promise"), cmd.Submit("Rückruf"), cmd.Submit("morgen"))
    seen = []
    for key in (cmd.Close(), *map(cmd.Choose, ("resolved", "done", "done", "all"))):
        state = play(state, key)
        seen.append(asked(state))
    assert seen == ["outcome", "gate:check-possible", "gate:next-step", "confirm", ""]
    assert state.call.phase == "aftercare"


def test_a_next_contact_alone_is_confirmed_too():
    state = promising(follow_up="2026-11-27")
    assert asked(state) == "confirm"
    assert values(state, BOOK) == ("all", "add", "follow_up")


def test_where_nothing_was_promised_nothing_is_confirmed():
    assert promising().call.aftercare
    assert names(promising())[-1] == "aftercare"


def test_an_aborted_call_confirms_nothing():
    assert play(promising(("Rückruf", ""), outcome="aborted"), cmd.Choose("end")).closed


def test_what_is_promised_in_aftercare_is_not_asked_about():
    state = play(promising(), cmd.Open("promise"), cmd.Submit("Rückruf"), cmd.Submit("morgen"), cmd.Close())
    assert state.closed


def test_any_of_the_promises_is_corrected_in_two_lines_that_begin_with_it():
    state = play(promising(("Rückruf", "27.11. 14:00"), ("Brief", "")), cmd.Choose("0"))
    assert (asked(state), draft_of(state)) == ("change", "Rückruf")
    state = play(state, cmd.Submit("Rückruf durch Frau Weber"))
    assert (asked(state), draft_of(state)) == ("change_due", "Fr 27.11.2026 14:00")
    state = play(state, cmd.Submit("30.11."))
    assert asked(state) == "confirm"
    assert promised(state) == [("Rückruf durch Frau Weber", "2026-11-30"), ("Brief", "")]
    assert state.call.commitments[0].ms == promising(("Rückruf", "")).call.commitments[0].ms


@pytest.mark.parametrize("lines", [("", ""), ("Rückruf", "Fr 27.11.2026 14:00"), ("", "27.11.2026 14:00")])
def test_a_promise_that_is_left_as_it_was_is_no_change(lines: tuple[str, str]):
    state = promising(("Rückruf", "27.11. 14:00"))
    same = play(state, cmd.Choose("0"), *map(cmd.Submit, lines))
    assert (asked(same), same.call, list(same.log)) == ("confirm", state.call, list(state.log))


def test_a_date_in_words_of_ones_own_stays_as_it_is():
    state = play(promising(("Rückruf", "sobald es geht")), cmd.Choose("0"))
    assert promised(play(state, cmd.Submit("Anruf"), cmd.Submit(""))) == [("Anruf", "sobald es geht")]
    assert promised(taken(play(state, cmd.Submit(""), cmd.Submit("offen")))) == [("Rückruf", "offen")]


def test_a_correction_is_said_once_in_the_note():
    state = at_step(done(begun(), "check-possible"), "next-step")
    state = play(state, cmd.Done(), cmd.Submit("Ersatz"), cmd.Submit("Rückruf"), cmd.Submit("27.11."), cmd.Submit("-"))
    state = play(state, cmd.Close(), cmd.Choose("resolved"), cmd.Choose("0"), cmd.Submit("Anruf"), cmd.Submit("30.11."))
    note = note_from(play(state, cmd.Choose("all"), cmd.Close()))
    text = render(note, catalogues.load("de"))
    assert note.commitments == (Promise("Anruf", "2026-11-30"),)
    assert "Rückruf" not in text
    assert parse(text, "here") == note
    assert [entry.event for entry in note.timeline].count("promise-changed") == 1


def test_one_more_promise_is_added_and_read_over_with_the_others():
    state = play(promising(("Rückruf", "")), cmd.Choose("add"))
    assert asked(state) == "promise"
    state = play(state, cmd.Submit("Brief"), cmd.Submit("morgen"))
    assert (asked(state), promised(state)) == ("confirm", [("Rückruf", ""), ("Brief", "2026-11-23")])


def test_an_empty_line_adds_nothing_and_asks_again():
    state = play(promising(("Rückruf", "")), cmd.Choose("add"), cmd.Submit(""))
    assert (asked(state), promised(state)) == ("confirm", [("Rückruf", "")])


def test_the_next_contact_is_corrected_in_one_line():
    state = play(promising(follow_up="2026-11-27"), cmd.Choose("follow_up"))
    assert (asked(state), draft_of(state)) == ("follow_up", "Fr 27.11.2026")
    assert play(state, cmd.Submit("")).call.answers["follow_up"] == "2026-11-27"
    changed = play(state, cmd.Submit("30.11."))
    assert (asked(changed), changed.call.answers["follow_up"]) == ("confirm", "2026-11-30")


def test_an_outcome_that_promises_to_be_in_touch_asks_what_and_by_when_once():
    state = promising(outcome="follow-up")
    assert asked(state) == "promise"
    state = play(state, cmd.Submit("Rückruf"), cmd.Submit("morgen"))
    assert (asked(state), promised(state)) == ("confirm", [("Rückruf", "2026-11-23")])


def test_the_question_what_is_promised_can_be_left_empty_and_is_not_asked_again():
    state = play(promising(outcome="follow-up"), cmd.Submit(""))
    assert (state.call.aftercare, state.call.commitments) == (True, ())
    assert play(state, cmd.Close()).closed


@pytest.mark.parametrize("given", [{"promises": (("Rückruf", ""),)}, {"promises": (), "follow_up": "2026-11-27"}])
def test_an_outcome_to_be_in_touch_asks_for_nothing_that_is_known(given: dict[str, Any]):
    promises = given.pop("promises")
    assert asked(promising(*promises, outcome="follow-up", **given)) == "confirm"


def test_a_correction_that_was_left_is_none():
    left = play(promising(("Rückruf", "")), cmd.Choose("0"), cmd.Submit("Anruf von Frau Weber"), cmd.Leave())
    again = play(left, cmd.Close(), cmd.Choose("resolved"), cmd.Choose("0"))
    assert (left.question, draft_of(again)) == (None, "Rückruf")
    half = play(promising(("Rückruf", "")), cmd.Choose("0"), cmd.Write("Anruf"), cmd.Leave())
    assert draft_of(play(half, cmd.Close(), cmd.Choose("resolved"), cmd.Choose("0"))) == "Rückruf"


def test_a_correction_that_is_being_typed_is_a_draft():
    assert draft_of(play(promising(("Rückruf", "")), cmd.Choose("0"), cmd.Write("Anruf"))) == "Anruf"


def test_what_is_no_date_is_asked_again_and_taken_at_the_second_enter():
    state = play(begun(), cmd.Open("promise"), cmd.Submit("Rückruf"))
    decision = decided(state, cmd.Submit("vrijdg 14 uur"))
    assert decision.notice == "notice.date-unclear"
    again = play(state, cmd.Submit("vrijdg 14 uur"))
    assert (asked(again), draft_of(again), again.call.commitments) == ("promise_due", "vrijdg 14 uur", ())
    assert promised(play(again, cmd.Submit("freitag 14 uhr"))) == [("Rückruf", "2026-11-27T14:00")]
    assert promised(play(again, cmd.Submit("vrijdg 14 uur"))) == [("Rückruf", "vrijdg 14 uur")]


def test_closing_as_aborted_asks_once_where_anything_was_done():
    state = play(done(begun(), *GATES), cmd.Close(), cmd.Choose("aborted"))
    assert asked(state) == "abort"
    assert play(state, cmd.Choose("end")).closed
    back = play(state, cmd.Choose("back"))
    assert (asked(back), back.call.outcome, back.closed) == ("", "", False)


def test_a_date_is_asked_for_with_an_example_that_the_call_understands():
    state = play(begun(), cmd.Open("promise"), cmd.Submit("Rückruf"))
    view = question_view(state, BOOK, catalogues.load("en"))
    assert view is not None
    assert view.hint.startswith("e.g. morgen 14:00")


def test_a_line_that_was_emptied_stays_empty():
    state = play(promising(("Rückruf", "")), cmd.Choose("0"), cmd.Write(""))
    assert draft_of(state) == ""


def test_the_confirmation_takes_no_other_answer():
    state = promising(("Rückruf", ""))
    for value in ("1", "-1", "follow_up", "no"):
        assert decided(state, cmd.Choose(value)) == NOTHING


def test_the_promises_are_shown_with_their_dates_first():
    state = promising(("Rückruf", "27.11. 14:00"), ("Brief", ""), follow_up="2026-12-01")
    view = question_view(state, BOOK, catalogues.load("de"))
    assert view is not None
    assert [(choice.letter, choice.label) for choice in view.choices] == [
        ("a", "Ja, so ist es zugesagt"),
        ("b", "Noch eine Zusage"),
        ("c", "Ändern: Fr 27.11.2026 14:00 · Rückruf"),
        ("d", "Ändern: ohne Termin · Brief"),
        ("e", "Ändern: Di 01.12.2026 · Nächster Kontakt"),
    ]


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (44, 10)])
def test_on_the_screen_a_correction_begins_with_what_stands(size: tuple[int, int]):
    stage = Stage(opened(), Opening("aggressive", "de", "phone"))
    stage.press("p", "=Rückruf durch die Buchhaltung nach der Prüfung\r", "=27.11. 14:00\r", "x", "a")
    while asked(stage.state) != "confirm":
        stage.press("a")
    assert "c  Ändern: Fr 27.11.2026 14:00 · Rückruf" in stage.text(*size)
    assert "durch die Buchhaltung nach der Prüfung" in stage.press("c").text(*size)
    assert "› Fr 27.11.2026 14:00" in stage.press("=Anruf\r").text(*size)
    assert "c  Ändern: Mo 30.11.2026 · Anruf" in stage.press("=30.11.\r").text(*size)


# --- taking the close back


@pytest.mark.parametrize(
    "answers",
    [
        (cmd.Choose("resolved"),),
        (cmd.Choose("resolved"), cmd.Choose("yes")),
        (cmd.Choose("resolved"), cmd.Choose("yes"), cmd.Choose("done")),
        (cmd.Choose("resolved"), cmd.Choose("yes"), cmd.Choose("leave")),
        (cmd.Choose("resolved"), cmd.Choose("yes"), cmd.Choose("leave"), cmd.Submit("aufgelegt")),
        TO_CONFIRM,
        (*TO_CONFIRM, cmd.Choose("add")),
        (*TO_CONFIRM, cmd.Choose("add"), cmd.Submit("Brief")),
        (*TO_CONFIRM, cmd.Choose("add"), cmd.Submit("Brief"), cmd.Submit("morgen")),
        (*TO_CONFIRM, cmd.Choose("0"), cmd.Submit("Anruf")),
        (*TO_CONFIRM, cmd.Choose("0"), cmd.Submit("Anruf"), cmd.Submit("morgen")),
    ],
)
def test_escape_anywhere_in_the_close_takes_all_of_it_back(answers: tuple[cmd.Command, ...]):
    state = play(begun(), cmd.Open("request"), cmd.Submit("Geld zurück"))
    state = play(state, cmd.Open("promise"), cmd.Submit("Rückruf"), cmd.Submit(""))
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


def test_aftercare_is_walked_like_any_phase_and_its_last_step_closes():
    state = play(ending(*GATES), cmd.Done(), cmd.Done())
    assert (state.call.current, state.closed) == ("learn", False)
    state = play(state, cmd.Submit("früher fragen"))
    assert (state.call.answers["lesson"], state.closed) == ("früher fragen", True)
    assert play(ending(*GATES), cmd.Skip(), cmd.Skip()).closed


def test_a_last_step_that_was_done_before_another_one_closes_nothing():
    state = play(ending(*GATES), cmd.GoTo("learn"), cmd.Done(), cmd.Submit("früher fragen"))
    assert not state.closed


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


def test_a_limit_is_not_to_be_said_once_the_customer_has_gone(home: Path):
    stage = Stage(opened(home), Opening("rude", "de", "phone")).press("3", "w")
    assert "Grenze 1 von 3, jetzt sagen" in stage.text(80, 40)
    stage.press("x", "f")
    while stage.state.question is not None:
        stage.press("a")
    assert stage.state.call.aftercare
    assert "Grenze 1 von 3, jetzt sagen" not in stage.text(80, 40)
    stage.put_down()
