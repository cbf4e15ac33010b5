"""The fork: a threat is asked once which kind it is, and each kind leads to its own card."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from samples import BOOK, CARDS, FORK_CARDS, asked, at_step, begun, decided
from samples import play as play_with

from deescalate_tui import catalogues
from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.call.questions import letters
from deescalate_tui.call.session import SessionState
from deescalate_tui.notes.note import note_from
from deescalate_tui.screens.prompts import question_view

FORKED = replace(BOOK, cards=replace(CARDS, cards=(*FORK_CARDS, *CARDS.cards[1:])))


def play(state: SessionState, *commands: cmd.Command) -> SessionState:
    return play_with(state, *commands, book=FORKED)


def test_level_four_asks_at_once_which_kind_of_threat_it_is():
    state = play(begun(), cmd.Hear(4))
    assert (asked(state), state.call.level) == ("fork", 4)
    assert letters(state, FORKED) == {"t": "concrete-threat", "v": "vague-threat"}


@pytest.mark.parametrize(("card", "kind"), [("concrete-threat", "concrete"), ("vague-threat", "abuse")])
@pytest.mark.parametrize("opening", [cmd.Hear(4), cmd.Open("emergency")], ids=["level 4", "emergency key"])
def test_either_way_two_keys_lead_to_the_card_and_say_what_was_heard(opening: cmd.Command, card: str, kind: str):
    state = play(begun(), opening, cmd.Choose(card))
    assert (state.card, state.question, state.call.level) == (card, None, 4)
    assert state.call.answers["threat_kind"] == kind
    assert note_from(state).threat


def test_another_emergency_card_says_nothing_of_a_threat():
    state = play(begun(), cmd.Open("emergency"), cmd.Choose("suicide"))
    assert (state.card, state.call.level, state.call.answers) == ("suicide", None, {})


def test_a_card_that_is_found_by_searching_says_nothing_of_a_threat():
    state = play(begun(), cmd.OpenCard("concrete-threat"))
    assert (state.card, state.call.level) == ("concrete-threat", None)


def test_the_fork_is_asked_once():
    state = play(begun(), cmd.Hear(4), cmd.Choose("vague-threat"), cmd.Leave(), cmd.Hear(1))
    assert asked(play(state, cmd.Hear(4))) == ""


def test_the_fork_that_was_left_can_be_asked_again_by_the_same_key():
    left = play(begun(), cmd.Hear(4), cmd.Leave())
    assert (asked(left), left.call.level) == ("", 4)
    assert asked(play(left, cmd.Hear(4))) == "fork"


def test_a_threat_that_turns_concrete_is_told_by_the_other_card():
    state = play(begun(), cmd.Hear(4), cmd.Choose("vague-threat"), cmd.Open("emergency"), cmd.Choose("concrete-threat"))
    assert (state.card, state.call.answers["threat_kind"]) == ("concrete-threat", "concrete")


def test_the_same_card_again_is_no_second_change():
    state = play(begun(), cmd.Hear(4), cmd.Choose("vague-threat"), cmd.Leave(), cmd.Open("emergency"))
    assert decided(state, cmd.Choose("vague-threat"), FORKED).events == (
        ev.CardOpened("vague-threat", "title of vague-threat"),
    )


def test_undo_takes_back_what_was_heard():
    state = play(begun(), cmd.Open("emergency"), cmd.Choose("concrete-threat"), cmd.Undo())
    assert (state.call.level, state.call.answers) == (None, {})


def test_without_the_cards_a_level_is_a_level():
    assert asked(play_with(begun(), cmd.Hear(4))) == ""


def test_the_fork_is_in_words_in_every_language():
    state = play(begun(), cmd.Hear(4))
    for language in ("de", "nl", "no", "en"):
        view = question_view(state, FORKED, catalogues.load(language))
        assert view is not None
        assert len({choice.label for choice in view.choices}) == 2
        assert all(choice.label != choice.value for choice in view.choices)


def test_words_that_were_quoted_are_not_asked_again():
    state = play(begun(), cmd.Hear(4), cmd.Choose("concrete-threat"), cmd.Open("quote"), cmd.Submit("Ich komme vorbei"))
    asked_for = play(at_step(state, "threat"), cmd.Done())
    assert asked_for.question is not None
    assert (asked_for.question.kind, asked_for.question.index) == ("field", 1)


def test_words_that_were_quoted_before_are_no_threat():
    state = play(begun(), cmd.Open("quote"), cmd.Submit("Saftladen"), cmd.Hear(4), cmd.Leave())
    asked_for = play(at_step(state, "threat"), cmd.Done())
    assert asked_for.question is not None
    assert asked_for.question.index == 0
