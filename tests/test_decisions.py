"""What each key does while no question is open; the questions themselves have their own tests."""

from __future__ import annotations

from typing import Any

import pytest
from samples import BARE_BOOK, BOOK, applied, asked, at_step, begun, decided, names, play

from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import Ladder
from deescalate_tui.call.commands import NOTHING, Decision
from deescalate_tui.call.questions import Book
from deescalate_tui.call.session import SessionState


def walked() -> SessionState:
    """A call with every step skipped."""
    state = begun()
    while state.call.current:
        state = play(state, cmd.Skip())
    return state


def events(decision: Decision) -> tuple[Any, ...]:
    """The events of a decision that says nothing."""
    assert decision.notice == ""
    return decision.events


HANDLED: dict[type, tuple[cmd.Command, ...]] = {
    # Every command, with what leads to a state where it causes an event; the last one is the command itself.
    cmd.Done: (cmd.Done(),),
    cmd.Confirm: (cmd.Confirm(),),
    cmd.Skip: (cmd.Skip(),),
    cmd.Undo: (cmd.Done(), cmd.Undo()),
    cmd.Unmask: (cmd.Unmask("iban", "[IBAN …4711]", "words"),),
    cmd.Look: (cmd.Look(1),),
    cmd.GoTo: (cmd.GoTo("wrap-up"),),
    cmd.Hear: (cmd.Hear(0),),
    cmd.NextRung: (cmd.NextRung(),),
    cmd.Open: (cmd.Open("quote"),),
    cmd.Write: (cmd.Open("quote"), cmd.Write("Sie")),
    cmd.Submit: (cmd.Open("quote"), cmd.Submit("Sie Null!")),
    cmd.Choose: (cmd.Open("channel"), cmd.Choose("email")),
    cmd.Leave: (cmd.Open("quote"), cmd.Leave()),
    cmd.ToggleHold: (cmd.ToggleHold(),),
    cmd.OpenCard: (cmd.OpenCard("crying"),),
    cmd.Close: (cmd.Close(),),
    cmd.Abandon: (cmd.Abandon(),),
    cmd.Resume: (cmd.Resume(),),
}


@pytest.mark.parametrize("kind", cmd.Command.__subclasses__(), ids=lambda kind: kind.__name__)
def test_every_command_has_a_state_where_it_causes_something(kind: type):
    *before, command = HANDLED[kind]
    assert isinstance(command, kind)
    assert decided(play(begun(), *before), command).events


# --- space and enter


def test_space_on_a_step_that_asks_nothing_does_it():
    assert events(decided(begun(), cmd.Done())) == (ev.StepDone("breathe"),)


def test_space_on_a_step_that_asks_opens_its_first_question():
    assert asked(play(at_step(begun(), "ask-trigger"), cmd.Done())) == "field:ask-trigger"
    assert asked(play(at_step(begun(), "let-finish"), cmd.Done())) == "request:let-finish"
    assert asked(play(at_step(begun(), "next-step"), cmd.Done(), cmd.Submit(""))) == "promise:next-step"


def test_space_asks_nothing_that_is_answered_already():
    state = play(begun(), cmd.Open("request"), cmd.Submit("Geld zurück"))
    assert events(decided(at_step(state, "let-finish"), cmd.Done())) == (ev.StepDone("let-finish"),)


def test_space_asks_what_an_answer_in_another_checklist_left_open():
    state = applied(at_step(begun(), "ask-trigger"), ev.FieldAnswered("cause", "zu spät"))
    assert events(decided(state, cmd.Done())) == (ev.Asked("field", "ask-trigger", 1),)


def test_space_only_leads_back_while_another_step_is_looked_at():
    looking = play(begun(), cmd.Look(2))
    assert events(decided(looking, cmd.Done())) == (ev.Looked(),)
    assert events(decided(play(looking, cmd.Done()), cmd.Done())) == (ev.StepDone("breathe"),)


def test_space_after_the_last_step_begins_the_close():
    assert asked(play(walked(), cmd.Done())) == "outcome"


def test_enter_does_what_space_does():
    assert decided(begun(), cmd.Confirm()) == decided(begun(), cmd.Done())


def test_enter_makes_the_step_that_is_looked_at_the_current_one():
    state = play(begun(), cmd.Look(2), cmd.Confirm())
    assert (state.call.current, state.looking, state.call.marks) == ("let-finish", "", {})


@pytest.mark.parametrize("command", [cmd.Done(), cmd.Confirm(), cmd.Skip(), cmd.Leave()])
def test_space_enter_skip_and_escape_close_an_open_card_and_nothing_else(command: cmd.Command):
    state = play(begun(), cmd.Look(1), cmd.OpenCard("crying"))
    assert state.card == "crying"
    closed = play(state, command)
    assert (closed.card, closed.call, closed.looking) == ("", state.call, "calm-sentence")


# --- skip and undo


def test_s_skips_the_current_step():
    assert events(decided(begun(), cmd.Skip())) == (ev.StepSkipped("breathe"),)


def test_s_on_a_step_that_is_done_leaves_it_done_and_goes_on():
    state = play(begun(), cmd.Done(), cmd.GoTo("breathe"), cmd.Skip())
    assert state.call.marks["breathe"].done
    assert state.call.current == "calm-sentence"
    assert "skipped breathe" not in names(state)


def test_s_on_a_step_that_was_skipped_leaves_it_skipped():
    state = play(begun(), cmd.Skip(), cmd.GoTo("breathe"), cmd.Skip())
    assert (state.call.marks["breathe"].done, state.call.current) == (False, "calm-sentence")


def test_s_after_the_last_step_does_nothing():
    assert decided(walked(), cmd.Skip()) == NOTHING


def test_u_undoes_or_says_that_nothing_is_there_to_undo():
    assert events(decided(play(begun(), cmd.Done()), cmd.Undo())) == (ev.Undone(),)
    assert decided(begun(), cmd.Undo()) == Decision(notice="notice.nothing-to-undo")


# --- looking and going


def test_looking_moves_along_the_path_and_stops_at_its_ends():
    state = begun()
    assert play(state, cmd.Look(1), cmd.Look(1)).focus == "let-finish"
    assert play(state, cmd.Look(99)).focus == "wrap-up"
    assert decided(state, cmd.Look(-1)) == NOTHING
    assert decided(state, cmd.Look(0)) == NOTHING


def test_looking_back_at_the_current_step_looks_at_nothing_else():
    state = play(begun(), cmd.Look(1), cmd.Look(-1))
    assert (state.looking, state.focus) == ("", "breathe")


def test_looking_begins_at_the_end_where_the_path_is_walked():
    assert play(walked(), cmd.Look(-1)).focus == "wrap-up"


def test_looking_never_changes_the_call():
    assert play(begun(), cmd.Look(3)).call == begun().call


def test_nothing_is_looked_at_behind_a_card():
    assert decided(play(begun(), cmd.OpenCard("crying")), cmd.Look(1)) == NOTHING


def test_escape_comes_back_to_the_current_step():
    assert play(begun(), cmd.Look(3), cmd.Leave()).focus == "breathe"
    assert decided(begun(), cmd.Leave()) == NOTHING


def test_going_to_a_step_makes_it_current():
    assert at_step(begun(), "wrap-up").call.current == "wrap-up"


@pytest.mark.parametrize("step", ["breathe", "regroup", "set-limit", "take-break", "unheard-of", ""])
def test_going_to_the_current_step_or_one_that_is_not_offered_does_nothing(step: str):
    assert decided(begun(), cmd.GoTo(step)) == NOTHING


def test_going_to_a_step_leaves_the_card_and_what_was_looked_at():
    state = play(begun(), cmd.OpenCard("crying"), cmd.GoTo("ask-wish"))
    assert (state.card, state.call.current) == ("", "ask-wish")
    assert play(begun(), cmd.OpenCard("crying"), cmd.GoTo("breathe")).card == ""
    assert play(begun(), cmd.Look(2), cmd.GoTo("breathe")).focus == "breathe"


# --- level and limits


@pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
def test_each_level_can_be_heard_first(level: int):
    assert events(decided(begun(), cmd.Hear(level))) == (ev.LevelHeard(level),)


def test_the_same_level_again_is_only_said():
    assert decided(play(begun(), cmd.Hear(2)), cmd.Hear(2)) == Decision(notice="notice.same-level")


@pytest.mark.parametrize("level", [-1, 5, 99])
def test_there_are_no_other_levels(level: int):
    assert decided(begun(), cmd.Hear(level)) == NOTHING


def test_w_climbs_the_ladder_and_then_says_that_it_ends():
    state = play(begun(), cmd.NextRung(), cmd.NextRung(), cmd.NextRung())
    assert [(limit.rung, limit.id) for limit in state.call.limits] == [(1, "ask"), (2, "consequence"), (3, "end")]
    assert decided(state, cmd.NextRung()) == Decision(notice="notice.ladder-done")


def test_each_behaviour_has_a_ladder_of_its_own():
    state = play(begun(), cmd.NextRung("insult"), cmd.NextRung("insult"), cmd.NextRung("shouting"))
    assert [(limit.behaviour, limit.rung) for limit in state.call.limits] == [
        ("insult", 1),
        ("insult", 2),
        ("shouting", 1),
    ]


def test_a_rung_taken_back_can_be_given_again():
    state = play(begun(), cmd.NextRung(), cmd.Undo())
    assert events(decided(state, cmd.NextRung())) == (ev.LimitGiven(1, "ask"),)


def test_without_a_ladder_w_says_so():
    assert decided(begun(), cmd.NextRung(), BARE_BOOK) == Decision(notice="notice.no-ladder")
    empty = Book(language="de", ladder=Ladder("de", 1, "2026-11-22", ()))
    assert decided(begun(), cmd.NextRung(), empty) == Decision(notice="notice.no-ladder")


# --- hold, cards and the silent sign


def test_h_begins_a_hold_and_ends_it():
    assert events(decided(begun(), cmd.ToggleHold())) == (ev.HoldBegun(),)
    held = play(begun(), cmd.ToggleHold())
    assert held.call.on_hold
    assert events(decided(held, cmd.ToggleHold())) == (ev.HoldEnded(),)


def test_any_card_opens_over_the_session_and_another_replaces_it():
    state = play(begun(), cmd.OpenCard("crying"), cmd.OpenCard("suicide"))
    assert (state.card, [card.id for card in state.cards]) == ("suicide", ["crying", "suicide"])
    assert state.call == begun().call


def test_an_unknown_card_does_not_open():
    assert decided(begun(), cmd.OpenCard("unheard-of")) == NOTHING
    assert decided(begun(), cmd.OpenCard("crying"), BARE_BOOK) == NOTHING


def test_behind_a_card_level_limit_and_lines_work_as_ever():
    state = play(begun(), cmd.OpenCard("concrete-threat"), cmd.Hear(4), cmd.NextRung(), cmd.Open("quote"))
    state = play(state, cmd.Submit("Ich weiß, wo du wohnst"))
    assert (state.card, state.call.level, len(state.call.quotes)) == ("concrete-threat", 4, 1)


def test_any_key_lowers_the_sign_and_what_is_to_be_noted_is_noted():
    state = play(begun(), cmd.Open("help"), cmd.Choose("police"))
    assert state.sign == "police"
    for command in (cmd.Done(), cmd.Undo(), cmd.Leave(), cmd.Close(), cmd.ToggleHold(), cmd.Open("help")):
        assert events(decided(state, command)) == (ev.HelpLowered(),)
    assert play(state, cmd.Done()).sign == ""
    assert events(decided(state, cmd.Hear(3))) == (ev.HelpLowered(), ev.LevelHeard(3))
    assert events(decided(state, cmd.Open("quote"))) == (ev.HelpLowered(), ev.Asked("quote"))


def test_the_emergency_key_opens_the_emergency_cards_from_behind_the_sign():
    state = play(begun(), cmd.Open("help"), cmd.Choose("police"), cmd.Open("emergency"))
    assert (state.sign, asked(state)) == ("", "emergency")


# --- left behind, resumed, closed


def test_resuming_shows_the_session_without_sign_and_card():
    state = play(begun(), cmd.OpenCard("crying"), cmd.Open("help"), cmd.Choose("listen"), cmd.Resume())
    assert (state.sign, state.card) == ("", "")
    assert names(state)[-1] == "resumed"


def test_resuming_keeps_the_open_line_and_its_draft():
    state = play(begun(), cmd.Open("quote"), cmd.Write("Sie N"), cmd.Resume())
    assert (asked(state), state.drafts) == ("quote", {"quote": "Sie N"})


def test_a_session_left_behind_is_closed_at_once_as_aborted_whatever_is_open():
    for before in ((), (cmd.Open("quote"),), (cmd.Open("help"), cmd.Choose("listen")), (cmd.OpenCard("crying"),)):
        state = play(begun(), *before, cmd.Abandon())
        assert (state.closed, state.call.outcome) == (True, "aborted")
        assert (state.question, state.card, state.sign) == (None, "", "")


def test_a_session_left_behind_in_its_close_keeps_the_outcome_that_was_chosen():
    state = play(begun(), cmd.Close(), cmd.Choose("resolved"), cmd.Abandon())
    assert (state.closed, state.call.outcome) == (True, "resolved")


@pytest.mark.parametrize("kind", cmd.Command.__subclasses__(), ids=lambda kind: kind.__name__)
def test_a_closed_session_takes_no_command(kind: type):
    assert decided(play(begun(), cmd.Abandon()), HANDLED[kind][-1], BOOK) == NOTHING


@pytest.mark.parametrize("command", [cmd.Write("a"), cmd.Submit("a"), cmd.Choose("email")])
def test_an_answer_to_no_question_is_nothing(command: cmd.Command):
    assert decided(begun(), command) == NOTHING
