"""How events make the state: the walk through the steps, marks that stay, undo, times and the timeline."""

from __future__ import annotations

import pytest
from samples import CHECKLISTS, STARTED_AT, applied, at_step, begun, names, play, started, taking

from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.call.fold import apply, begin, replay
from deescalate_tui.call.session import UNDO_DEPTH, Commitment, Dated, Hold, Level, Limit, Mark, Opened, SessionState

# --- the beginning


def test_a_session_begins_at_the_first_step_of_its_channel():
    assert begun(channel="phone").call.current == "breathe"
    assert begun(channel="email").call.current == "regroup"


def test_a_session_knows_what_its_first_record_says():
    state = begun("direct", "nl")
    assert (state.agent, state.started_at, state.offset_min) == ("Eule-17", STARTED_AT, 60)
    assert state.call.checklist == CHECKLISTS["direct", "nl"]
    assert [(one.id, one.language, one.ms) for one in state.call.guidance] == [("direct", "nl", 0)]
    assert names(state) == ["started direct"]
    assert (state.call.level, state.call.peak, state.closed) == (None, None, False)


def test_a_session_begins_with_nothing_but_a_started_record():
    with pytest.raises(ValueError, match="started"):
        begin(ev.Record(0, STARTED_AT, 0, ev.Resumed()))
    with pytest.raises(ValueError, match="expected at least 1"):
        replay([])


def test_replay_takes_any_iterable_of_records():
    records = (started(), ev.Record(1, STARTED_AT, 900, ev.StepDone("breathe")))
    assert replay(iter(records)) == apply(begin(records[0]), records[1])


# --- the walk


def test_a_step_that_is_done_leads_to_the_next_of_the_path():
    state = applied(begun(), ev.StepDone("breathe"))
    assert state.call.current == "calm-sentence"
    assert state.call.marks == {"breathe": Mark(True, "control", 1000)}


def test_a_step_that_is_skipped_leads_on_as_well():
    state = applied(begun(), ev.StepSkipped("breathe"))
    assert state.call.current == "calm-sentence"
    assert state.call.marks == {"breathe": Mark(False, "control", 1000)}


def test_the_walk_passes_over_what_is_marked_already():
    state = applied(begun(), ev.StepDone("calm-sentence"), ev.StepDone("breathe"))
    assert state.call.current == "let-finish"


def test_another_step_than_the_current_one_can_be_marked_without_moving():
    assert applied(begun(), ev.StepDone("ask-wish")).call.current == "breathe"


def walked() -> SessionState:
    """A call with every step skipped."""
    state = begun()
    while state.call.current:
        state = play(state, cmd.Skip())
    return state


def test_the_path_ends_with_no_current_step():
    assert walked().call.phase == "resolve"


def test_what_a_leap_left_behind_is_offered_once_nothing_is_ahead():
    state = applied(begun(), ev.WentTo("wrap-up"), ev.StepDone("wrap-up"))
    assert state.call.current == "let-finish"


def test_a_step_that_was_skipped_can_be_done_later():
    state = applied(applied(begun(), ev.StepSkipped("breathe")), ev.StepDone("breathe"))
    assert state.call.marks["breathe"] == Mark(True, "control", 2000)


def test_a_step_that_is_done_stays_done_at_its_time():
    state = applied(begun(), ev.StepDone("breathe"))
    for event in (ev.StepSkipped("breathe"), ev.StepDone("breathe")):
        assert applied(state, event).call.marks["breathe"] == Mark(True, "control", 1000)


def test_an_answer_brings_the_step_that_depends_on_it():
    assert "say-no" not in [step.id for _, step in begun().call.path()]
    state = applied(at_step(begun(), "check-possible"), ev.FieldAnswered("possible", "no"))
    assert "say-no" in [step.id for _, step in state.call.path()]
    assert applied(state, ev.StepDone("check-possible")).call.current == "say-no"


def test_a_marked_step_stays_on_the_path_when_its_condition_ends():
    state = play(begun(), cmd.Hear(3), cmd.GoTo("set-limit"), cmd.Done(), cmd.Hear(1))
    assert "set-limit" in [step.id for _, step in state.call.path()]


# --- levels and urgent steps


def test_a_level_alone_does_not_move_the_current_step():
    assert play(begun(), cmd.Hear(3)).call.current == "breathe"


def test_the_next_key_leads_to_the_step_for_the_level_heard():
    assert play(begun(), cmd.Hear(3), cmd.Done()).call.current == "set-limit"
    assert play(begun(), cmd.Hear(4), cmd.Done()).call.current == "threat"


def test_after_an_urgent_step_the_walk_goes_on_where_it_was_interrupted():
    state = play(begun(), cmd.Done(), cmd.Hear(3), cmd.Done(), cmd.Done())
    assert state.call.marks.keys() == {"breathe", "calm-sentence", "set-limit"}
    assert state.call.current == "let-finish"


def test_after_an_urgent_step_the_walk_does_not_go_back_behind_a_leap():
    state = play(begun(), cmd.Done(), cmd.GoTo("ask-wish"), cmd.Skip(), cmd.Hear(3), cmd.GoTo("set-limit"), cmd.Done())
    assert state.call.current == "next-step"


def test_after_an_urgent_step_that_came_first_the_walk_begins_at_its_beginning():
    assert play(begun(), cmd.Hear(3), cmd.GoTo("set-limit"), cmd.Done()).call.current == "breathe"


def test_when_the_level_falls_the_urgent_step_gives_way_to_the_interrupted_walk():
    state = play(begun(), cmd.Done(), cmd.Hear(3), cmd.Done())
    assert state.call.current == "set-limit"
    assert play(state, cmd.Hear(2)).call.current == "let-finish"


def test_a_current_step_that_the_level_ends_gives_way():
    state = at_step(begun(), "name-feeling")
    assert play(state, cmd.Hear(3)).call.current == "set-limit"


def test_a_threat_after_the_last_step_brings_its_step():
    state = walked()
    assert play(state, cmd.Hear(1)).call.current == ""
    assert play(state, cmd.Hear(4)).call.current == "threat"
    assert play(state, cmd.Hear(4), cmd.Skip()).call.current == ""


def test_levels_are_kept_with_their_times_and_the_peak():
    state = play(begun(), cmd.Hear(1), cmd.Hear(3), cmd.Hear(2))
    assert list(state.call.levels) == [Level(1, 1000), Level(3, 2000), Level(2, 3000)]
    assert (state.call.level, state.call.peak) == (2, 3)


# --- another type, language or channel


def walked_to(step: str):
    """A session where all before this step is done, unasked."""
    state = begun()
    while state.call.current != step:
        state = applied(state, ev.StepDone(state.call.current))
    return state


def test_another_language_keeps_place_and_marks():
    state = walked_to("ask-trigger")
    dutch = play(state, cmd.Open("language"), taking("nl", state))
    assert (dutch.call.current, dutch.call.marks) == ("ask-trigger", state.call.marks)
    assert [one.language for one in dutch.call.guidance] == ["de", "nl"]
    assert play(dutch, cmd.Undo()).call == state.call


def test_another_type_keeps_the_place_where_it_has_the_same_step():
    state = walked_to("ask-trigger")
    assert play(state, cmd.Open("type"), taking("direct", state)).call.current == "ask-trigger"


def test_another_type_without_the_step_goes_to_the_first_open_one_of_the_phase():
    state = walked_to("check-possible")
    direct = play(state, cmd.Open("type"), taking("direct", state))
    assert direct.call.current == "ask-wish"
    assert direct.call.marks == state.call.marks


def test_there_and_back_between_types_loses_nothing():
    state = walked_to("ask-trigger")
    there = play(state, cmd.Open("type"), taking("direct", state))
    back = play(there, cmd.Open("type"), taking("aggressive", there))
    assert (back.call.marks, back.call.current) == (state.call.marks, state.call.current)


def test_another_channel_goes_on_with_the_next_step_of_that_channel():
    state = walked_to("let-finish")
    mail = play(state, cmd.Open("channel"), cmd.Choose("email"))
    assert (mail.call.channel, mail.call.current) == ("email", "read-fully")
    assert "breathe" in [step.id for _, step in mail.call.path()], "done on the telephone, it stays in sight"


# --- undo


def test_undo_takes_back_the_last_change_and_its_place():
    state = walked_to("ask-trigger")
    assert play(state, cmd.Skip(), cmd.Undo()).call == state.call


def test_undo_goes_back_key_by_key():
    state = begun()
    later = play(state, cmd.Done(), cmd.Hear(2), cmd.ToggleHold(), cmd.NextRung())
    for _ in range(4):
        later = play(later, cmd.Undo())
    assert later.call == state.call
    assert later.past == ()


def test_an_answer_and_the_step_it_completes_are_one_thing_to_undo():
    state = play(at_step(begun(), "ask-wish"), cmd.Done())
    answered = play(state, cmd.Submit("Ersatz"))
    assert "ask-wish" in answered.call.marks
    assert play(answered, cmd.Undo()).call == state.call


def test_each_answer_of_a_step_is_one_thing_to_undo():
    state = play(at_step(begun(), "ask-trigger"), cmd.Done(), cmd.Submit("zu spät"), cmd.Submit("heute"))
    assert state.call.answers == {"cause": "zu spät", "expected": "heute"}
    once = play(state, cmd.Undo())
    assert (once.call.answers, once.call.current) == ({"cause": "zu spät"}, "ask-trigger")
    assert play(once, cmd.Undo()).call.answers == {}


def test_a_step_left_in_the_middle_and_finished_unanswered_is_undone_apart_from_its_answer():
    begun_step = play(at_step(begun(), "ask-trigger"), cmd.Done(), cmd.Submit("zu spät"), cmd.Leave())
    finished = play(begun_step, cmd.Done(), cmd.Submit(""))
    assert "ask-trigger" in finished.call.marks
    undone = play(finished, cmd.Undo())
    assert undone.call == begun_step.call
    assert undone.call.answers == {"cause": "zu spät"}


def test_what_changes_nothing_leaves_nothing_to_undo():
    state = applied(begun(), ev.HoldEnded(), ev.ChannelChanged("phone"), ev.WentTo("breathe"))
    assert state.past == ()


def test_undo_with_nothing_to_undo_changes_nothing():
    assert applied(begun(), ev.Undone()).call == begun().call


def test_undo_shows_the_step_that_is_current_again():
    assert play(begun(), cmd.Done(), cmd.Look(3), cmd.Undo()).focus == "breathe"


def test_undo_names_in_the_log_what_was_undone_and_leaves_the_log_as_it_is():
    state = play(begun(), cmd.Hear(2))
    assert names(play(state, cmd.Undo())) == ["started aggressive", "level 2", "undone level"]


def test_undo_reaches_back_a_fixed_number_of_changes():
    state = begun()
    for place in range(UNDO_DEPTH + 10):
        state = play(state, cmd.Hear(place % 2 + 1))
    for _ in range(UNDO_DEPTH):
        state = play(state, cmd.Undo())
    assert state.past == ()
    assert len(state.call.levels) == 10


def test_undo_leaves_drafts_opened_cards_and_calls_for_help_alone():
    state = play(begun(), cmd.OpenCard("crying"), cmd.Leave(), cmd.Open("help"), cmd.Choose("listen"), cmd.Leave())
    state = play(state, cmd.Open("note"), cmd.Write("halb"), cmd.Leave(), cmd.Hear(1), cmd.Undo())
    assert state.drafts == {"note": "halb"}
    assert state.cards == (Opened("crying", "title of crying", 1000),)
    assert state.helps == (Dated("listen", 4000),)


# --- times


def test_times_never_go_back():
    later = apply(begun(), ev.Record(1, STARTED_AT, 5000, ev.LevelHeard(1)))
    earlier = apply(later, ev.Record(2, STARTED_AT, 4000, ev.LevelHeard(2)))
    assert earlier.ms == 5000
    assert list(earlier.call.levels) == [Level(1, 5000), Level(2, 5000)]


def test_a_quote_and_a_note_bear_the_time_of_the_key_that_opened_the_line():
    state = play(begun(), cmd.Open("quote"), cmd.Write("Sie"), cmd.Submit("Sie Null!"))
    state = play(state, cmd.Open("note"), cmd.Submit("wird laut"))
    assert state.call.quotes == (Dated("Sie Null!", 1000),)
    assert state.call.remarks == (Dated("wird laut", 4000),)


def test_a_promise_bears_the_time_of_its_first_half():
    state = play(begun(), cmd.Open("promise"), cmd.Submit("Rückruf"), cmd.Write("mor"), cmd.Submit("morgen"))
    assert state.call.commitments == (Commitment("Rückruf", "2026-11-23", 1000),)


def test_what_follows_in_another_line_bears_its_own_time():
    state = play(begun(), cmd.Open("quote"), cmd.Leave(), cmd.Open("quote"), cmd.Submit("Na warte"))
    assert state.call.quotes == (Dated("Na warte", 3000),)


def test_holds_and_limits_have_their_times():
    state = play(begun(), cmd.ToggleHold(), cmd.ToggleHold(), cmd.NextRung(), cmd.NextRung("insult"))
    assert state.call.holds == (Hold(1000, 2000),)
    assert state.call.limits == (Limit(1, "ask", "", 3000), Limit(1, "ask", "insult", 4000))


# --- a threat comes before everything else


def test_a_threat_is_the_current_step_at_once_and_the_walk_goes_on_where_it_was():
    state = at_step(begun(), "ask-trigger")
    threatened = play(state, cmd.Hear(4))
    assert threatened.call.current == "threat"
    assert play(threatened, cmd.Undo()).call.current == "ask-trigger"
    assert play(threatened, cmd.Hear(1)).call.current == "let-finish"


def test_a_threat_that_was_dealt_with_does_not_come_back():
    state = play(at_step(begun(), "ask-trigger"), cmd.Hear(4), cmd.Skip(), cmd.Hear(1), cmd.Hear(4))
    assert state.call.current != "threat"


def test_at_the_beginning_a_level_that_falls_leaves_the_place():
    state = play(begun(), cmd.Hear(4), cmd.Skip())
    assert state.call.phase == "control"
    assert play(state, cmd.Hear(0)).call.phase == "control"
