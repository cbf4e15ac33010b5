"""Lines and choices: what opens them, what answers them, what leaving them keeps."""

from __future__ import annotations

from itertools import product

import pytest
from samples import BARE_BOOK, BOOK, CHECKLISTS, LADDER, applied, asked, at_step, begun, decided, play, taking

from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import Option
from deescalate_tui.call.commands import NOTHING, Decision
from deescalate_tui.call.questions import KINDS, OPENED_BY_KEY, Book, ask_of, is_choice, is_date, letters, values
from deescalate_tui.call.session import Commitment, SessionState
from deescalate_tui.clean import LIMIT

LINES_BY_KEY = ("quote", "note", "promise", "request", "ticket")


def opened(kind: str) -> SessionState:
    """A session that asks this, by its key."""
    state = play(begun(), cmd.Open(kind))
    assert asked(state) == kind
    return state


def at_ask(step: str, *answers: str) -> SessionState:
    """A session where this step asks, after these answers to its earlier questions."""
    return play(at_step(begun(), step), cmd.Done(), *(cmd.Submit(answer) for answer in answers))


# --- opening


@pytest.mark.parametrize("kind", OPENED_BY_KEY)
def test_a_key_opens_its_question_at_any_moment(kind: str):
    for before in ((), (cmd.OpenCard("crying"),), (cmd.Look(2),), (cmd.ToggleHold(),)):
        assert asked(play(begun(), *before, cmd.Open(kind))) == kind


@pytest.mark.parametrize("kind", [*sorted(set(KINDS) - set(OPENED_BY_KEY)), "unheard-of", ""])
def test_no_key_opens_what_is_asked_in_its_turn(kind: str):
    assert decided(begun(), cmd.Open(kind)) == NOTHING


def test_without_cards_the_emergency_key_says_so_and_leaves_an_open_line_open():
    assert decided(begun(), cmd.Open("emergency"), BARE_BOOK) == Decision(notice="notice.no-cards")
    assert decided(opened("quote"), cmd.Open("emergency"), BARE_BOOK) == Decision(notice="notice.no-cards")


def test_the_emergency_key_works_in_the_middle_of_a_line_and_keeps_its_draft():
    state = play(opened("quote"), cmd.Write("Ich bring"), cmd.Open("emergency"), cmd.Choose("concrete-threat"))
    assert (state.card, state.drafts) == ("concrete-threat", {"quote": "Ich bring"})


@pytest.mark.parametrize("kind", ["type", "help", "fork"])
def test_a_choice_gives_way_to_a_key_that_means_something(kind: str):
    state = applied(play(begun(), cmd.Hear(1)), ev.Asked(kind))
    assert decided(state, cmd.Hear(3)).events == (ev.Left(), ev.LevelHeard(3))
    assert decided(state, cmd.Undo()).events == (ev.Left(), ev.Undone())
    assert decided(state, cmd.Open("quote")).events == (ev.Left(), ev.Asked("quote"))
    assert decided(state, cmd.NextRung()).events[0] == ev.Left()
    for command in (cmd.Done(), cmd.Confirm(), cmd.Skip(), cmd.Look(1), cmd.Close(), cmd.GoTo("wrap-up")):
        assert decided(state, command) == NOTHING


def test_a_choice_of_the_close_is_left_by_escape_alone():
    state = play(begun(), cmd.Hear(1), cmd.Close(), cmd.Choose("resolved"))
    for command in (cmd.Hear(3), cmd.Undo(), cmd.Open("quote"), cmd.NextRung()):
        assert decided(state, command) == NOTHING


@pytest.mark.parametrize("kind", LINES_BY_KEY)
def test_in_a_line_other_keys_are_text_or_nothing(kind: str):
    others = (cmd.Done(), cmd.Skip(), cmd.Undo(), cmd.Hear(3), cmd.NextRung(), cmd.Close(), cmd.Open("note"))
    for command in (*others, cmd.OpenCard("crying"), cmd.GoTo("wrap-up"), cmd.Look(1), cmd.ToggleHold()):
        assert decided(opened(kind), command) == NOTHING


# --- lines


def test_a_finished_line_is_kept_and_closed():
    state = play(opened("note"), cmd.Submit("  ruft an\n"))
    assert ([note.text for note in state.call.remarks], state.question) == (["ruft an"], None)
    assert play(opened("ticket"), cmd.Submit("T-1")).call.ticket == "T-1"


@pytest.mark.parametrize("kind", LINES_BY_KEY)
def test_an_empty_line_changes_nothing_and_empties_its_draft(kind: str):
    state = play(opened(kind), cmd.Write("doch nicht"), cmd.Submit("  "))
    assert (state.call, state.question) == (begun().call, None)
    assert state.drafts == {kind: ""}


def test_what_is_typed_is_cleaned_before_it_is_kept():
    state = play(opened("quote"), cmd.Write("a\x1b[2J\ud800\u202eb"))
    assert state.drafts == {"quote": "a[2Jb"}
    state = play(state, cmd.Submit("\x00a\nb\x1b[2J\ud800\u202e" + "x" * 9999))
    assert state.call.quotes[0].text == ("a b[2J" + "x" * 9999)[:LIMIT]


def test_leaving_a_line_keeps_its_draft_for_the_next_time():
    state = play(opened("quote"), cmd.Write("Sie N"), cmd.Leave(), cmd.Hear(2), cmd.Open("quote"))
    assert state.drafts == {"quote": "Sie N"}
    assert play(state, cmd.Submit("Sie Null!")).drafts == {}


def test_a_pause_without_a_change_is_not_recorded():
    assert decided(opened("quote"), cmd.Write("")) == NOTHING
    assert decided(play(opened("quote"), cmd.Write("a")), cmd.Write("a")) == NOTHING
    assert decided(play(opened("quote"), cmd.Write("a")), cmd.Write("")) == Decision((ev.Drafted(""),))


def test_each_question_of_a_step_has_a_draft_of_its_own():
    state = play(at_ask("ask-trigger"), cmd.Write("zu"), cmd.Submit("zu spät"), cmd.Write("heu"), cmd.Leave())
    assert state.drafts == {"field:ask-trigger:1": "heu"}


# --- the questions of a step


def test_a_step_asks_one_question_after_the_other_and_is_done():
    state = at_ask("ask-trigger", "zu spät")
    assert (asked(state), ask_of(state)) == ("field:ask-trigger", CHECKLISTS["aggressive", "de"].assess.steps[3].ask[1])
    done = play(state, cmd.Submit("heute"))
    assert done.call.answers == {"cause": "zu spät", "expected": "heute"}
    assert done.call.marks["ask-trigger"].done


def test_an_empty_answer_passes_over_the_question():
    state = at_ask("ask-trigger", "", "heute")
    assert state.call.answers == {"expected": "heute"}
    assert state.call.marks["ask-trigger"].done


def test_escape_leaves_the_step_as_it_is_and_space_asks_what_is_left():
    state = play(at_ask("ask-trigger", "zu spät"), cmd.Leave())
    assert (state.call.current, state.call.marks) == ("ask-trigger", {})
    assert decided(state, cmd.Done()) == Decision((ev.Asked("field", "ask-trigger", 1),))


def test_the_request_of_a_step_is_pinned_and_not_an_answer():
    state = at_ask("let-finish", "Geld zurück")
    assert (state.call.request, state.call.answers) == ("Geld zurück", {})


def test_a_date_is_understood_or_kept_as_typed():
    state = play(at_step(begun(), "wrap-up"), cmd.Done(), cmd.Choose("satisfied"))
    assert is_date(state)
    assert play(state, cmd.Submit("morgen 14:00")).call.answers["follow_up"] == "2026-11-23T14:00"
    twice = play(state, cmd.Submit("wenn Ostern ist"), cmd.Submit("wenn Ostern ist"))
    assert twice.call.answers["follow_up"] == "wenn Ostern ist"


def test_a_choice_of_a_step_takes_its_options_only():
    state = at_ask("check-possible")
    assert is_choice(state)
    assert values(state, BOOK) == ("yes", "partly", "no")
    for wrong in ("maybe", "", "Yes"):
        assert decided(state, cmd.Choose(wrong)) == NOTHING
    assert decided(state, cmd.Submit("yes")) == NOTHING
    assert decided(state, cmd.Write("yes")) == NOTHING
    assert play(state, cmd.Choose("no")).call.answers == {"possible": "no"}


def test_a_line_takes_no_choice():
    assert decided(opened("quote"), cmd.Choose("yes")) == NOTHING
    assert decided(at_ask("ask-trigger"), cmd.Choose("yes")) == NOTHING


# --- promises


def test_a_promise_asks_what_and_by_when():
    state = play(opened("promise"), cmd.Submit("Rückruf"))
    assert (asked(state), is_date(state), is_choice(state)) == ("promise_due", True, False)
    assert state.question.held == "Rückruf"
    assert play(state, cmd.Submit("morgen")).call.commitments == (Commitment("Rückruf", "2026-11-23", 1000),)
    soon = play(state, cmd.Submit("bald"), cmd.Submit("bald"))
    assert soon.call.commitments == (Commitment("Rückruf", "bald", 1000),)
    assert play(state, cmd.Submit("")).call.commitments == (Commitment("Rückruf", "", 1000),)


def test_a_promise_left_at_its_second_half_keeps_the_first_as_a_draft():
    state = play(opened("promise"), cmd.Submit("Rückruf"), cmd.Leave())
    assert (state.call.commitments, state.drafts) == ((), {"promise": "Rückruf"})


def test_a_promise_of_a_step_left_at_its_second_half_comes_back_in_its_own_line():
    state = play(at_ask("next-step", "", "Rückruf"), cmd.Leave(), cmd.Done(), cmd.Submit(""))
    assert asked(state) == "promise:next-step"
    assert state.drafts.get(state.question.draft_key) == "Rückruf"


def test_a_promise_of_a_step_is_a_commitment_and_an_answer():
    state = at_ask("next-step", "", "Rückruf", "morgen")
    assert [made.what for made in state.call.commitments] == ["Rückruf"]
    assert state.call.answers == {"promise": "Rückruf", "promise_due": "2026-11-23"}


def test_the_second_half_is_asked_in_the_words_of_the_step():
    assert ask_of(at_ask("next-step", "", "Rückruf")).field == "promise_due"
    assert ask_of(play(opened("promise"), cmd.Submit("Rückruf"))) is None


def test_what_a_step_asks_between_the_halves_of_a_promise_is_asked_after_it():
    state = at_ask("next-step", "", "Rückruf", "morgen")
    assert (asked(state), ask_of(state).field) == ("field:next-step", "helper")
    assert play(state, cmd.Submit("")).call.marks["next-step"].done


def test_a_draft_is_used_up_by_the_answer_that_leads_on():
    assert play(opened("promise"), cmd.Write("Rück"), cmd.Submit("Rückruf")).drafts == {}
    assert play(at_ask("ask-trigger"), cmd.Write("zu"), cmd.Submit("")).drafts == {}


def test_without_a_promise_no_date_is_asked():
    state = at_ask("next-step", "", "")
    assert ask_of(state).field == "helper"
    assert play(state, cmd.Submit("Lead")).call.marks["next-step"].done


def test_a_promise_made_by_key_leaves_the_one_of_the_step_to_be_asked():
    state = play(opened("promise"), cmd.Submit("Rückruf"), cmd.Submit(""))
    assert state.call.answers == {}
    assert asked(play(at_step(state, "next-step"), cmd.Done(), cmd.Submit(""))) == "promise:next-step"


# --- type, language, channel


def test_another_type_or_language_is_taken_with_its_checklist():
    state = opened("type")
    assert values(state, BOOK) == ("aggressive", "direct")
    assert play(state, taking("direct", state)).call.checklist == CHECKLISTS["direct", "de"]
    assert play(opened("language"), taking("nl", begun())).call.checklist == CHECKLISTS["aggressive", "nl"]


def test_the_type_language_or_channel_in_use_changes_nothing():
    for kind, command in (
        ("type", taking("aggressive", begun())),
        ("language", taking("de", begun())),
        ("channel", cmd.Choose("phone")),
    ):
        assert decided(opened(kind), command) == Decision((ev.Left(),))


def test_a_type_whose_checklist_cannot_be_had_is_not_taken():
    assert decided(opened("type"), cmd.Choose("direct")) == Decision(notice="notice.no-checklist")


def test_a_type_that_is_not_installed_cannot_be_chosen():
    command = cmd.Choose("timid", CHECKLISTS["direct", "de"])
    assert decided(opened("type"), command) == NOTHING
    assert decided(opened("type"), cmd.Choose("direct", CHECKLISTS["direct", "de"]), BARE_BOOK) == NOTHING


# --- help and emergency


def test_help_raises_the_sign():
    state = play(opened("help"), cmd.Choose("take-over"))
    assert (state.sign, [sign.text for sign in state.helps], state.question) == ("take-over", ["take-over"], None)
    assert decided(opened("help"), cmd.Choose("coffee")) == NOTHING


def test_emergency_cards_have_fixed_letters_and_other_choices_go_by_place():
    assert letters(opened("emergency"), BOOK) == {"t": "concrete-threat", "s": "suicide"}
    assert letters(opened("channel"), BOOK) == {"a": "phone", "b": "email"}
    assert letters(begun(), BOOK) == {}


def test_a_choice_of_many_has_as_many_letters_as_the_alphabet():
    many = Book(language="de", types=tuple(Option(f"type-{place}", "...") for place in range(40)))
    assert len(letters(opened("type"), many)) == 35
    assert letters(opened("type"), BOOK) == {"1": "aggressive", "2": "direct"}


def test_only_emergency_cards_answer_the_emergency_question():
    state = play(opened("emergency"), cmd.Choose("suicide"))
    assert (state.card, state.question) == ("suicide", None)
    assert decided(opened("emergency"), cmd.Choose("crying")) == NOTHING


# --- the book


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [(1, ["end"]), (2, ["consequence", "end"]), (3, ["ask", "consequence", "end"]), (9, ["ask", "consequence", "end"])],
)
def test_a_shorter_ladder_leaves_out_the_mildest_rungs(wanted: int, ids: list[str]):
    assert [rung.id for rung in Book(language="de", ladder=LADDER, limit_rungs=wanted).rungs()] == ids


# --- records that no session of ours would write


@pytest.mark.parametrize("kind", [*KINDS, "unheard-of"])
def test_no_question_however_odd_breaks_what_follows(kind: str):
    answers = (cmd.Write("a"), cmd.Submit("a"), cmd.Submit(""), cmd.Leave(), cmd.Open("emergency"))
    chosen = (cmd.Choose(value) for value in ("yes", "done", "leave", "back", "suicide", "resolved", "email", "listen"))
    commands = (*answers, *chosen)
    for step, index in product(("", "ask-trigger", "check-possible", "next-step", "unheard-of"), (-9, -1, 0, 1, 99)):
        state = applied(begun(), ev.Asked(kind, step, index))
        assert ask_of(state) is None or index in (0, 1, 2) or kind == "promise_due"
        for command in commands:
            play(state, command)


def test_only_a_choice_of_a_step_offers_the_options_of_its_step():
    assert values(applied(begun(), ev.Asked("quote", "check-possible")), BOOK) == ()
    assert values(applied(begun(), ev.Asked("field", "check-possible")), BOOK) == ("yes", "partly", "no")


def test_the_questions_of_the_close_are_no_asks_of_the_step_they_name():
    for kind in ("gate", "reason"):
        assert ask_of(applied(begun(), ev.Asked(kind, "check-possible"))) is None
