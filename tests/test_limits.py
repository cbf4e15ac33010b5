"""The limit ladder where a site counts kinds of behaviour apart, and what the site says beside the steps."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from samples import BOOK, asked, begun, decided
from samples import play as play_with

from deescalate_tui import catalogues
from deescalate_tui.call import commands as cmd
from deescalate_tui.call.checklist import Condition, Ladder, Rung, Step
from deescalate_tui.call.questions import values
from deescalate_tui.call.session import SessionState
from deescalate_tui.content.site_profile import Contact, Rank, Site
from deescalate_tui.screens.presenter import session_view
from deescalate_tui.screens.prompts import change_notice, question_view

APART = replace(BOOK, limits={"insult": 2, "harassment": 1, "swearing": 3})
WORDS = catalogues.load("de")


def play(state: SessionState, *commands: cmd.Command) -> SessionState:
    return play_with(state, *commands, book=APART)


def given(state: SessionState) -> list[tuple[str, int, str]]:
    return [(limit.behaviour, limit.rung, limit.id) for limit in state.call.limits]


def test_the_key_asks_which_behaviour_it_is_among_those_that_the_site_counts():
    state = play(begun(), cmd.NextRung())
    assert asked(state) == "behaviour"
    assert values(state, APART) == ("swearing", "insult", "harassment")


def test_each_behaviour_has_a_ladder_of_its_own():
    rungs = [cmd.NextRung(), cmd.Choose("insult"), cmd.NextRung(), cmd.Choose("swearing"), cmd.NextRung()]
    state = play(begun(), *rungs, cmd.Choose("insult"), cmd.NextRung(), cmd.Choose("harassment"))
    assert given(state) == [
        ("insult", 1, "consequence"),
        ("swearing", 1, "ask"),
        ("insult", 2, "end"),
        ("harassment", 1, "end"),
    ]


def test_a_ladder_that_is_walked_says_so_and_leaves_the_question():
    state = play(begun(), cmd.NextRung(), cmd.Choose("harassment"), cmd.NextRung())
    decision = decided(state, cmd.Choose("harassment"), APART)
    assert decision.notice == "notice.ladder-done"
    assert asked(play(state, cmd.Choose("harassment"))) == ""


def test_where_nothing_is_counted_apart_the_key_is_the_rung():
    assert given(play_with(begun(), cmd.NextRung())) == [("", 1, "ask")]


def test_the_screen_counts_the_behaviour_of_the_last_rung():
    state = play(begun(), cmd.NextRung(), cmd.Choose("swearing"), cmd.NextRung(), cmd.Choose("insult"))
    assert session_view(state, APART, WORDS).counts[0] == "Beleidigung 1/2"


def test_every_behaviour_has_its_words():
    everything = replace(APART, limits=dict.fromkeys(("shouting", "swearing", "insult", "harassment", "threat"), 3))
    for language in ("de", "nl", "no", "en"):
        state = play_with(begun(), cmd.NextRung(), book=everything)
        view = question_view(state, everything, catalogues.load(language))
        assert view is not None
        assert not {choice.label for choice in view.choices} & set(everything.limits)


@pytest.mark.parametrize(("channel", "words"), [("phone", "„gesagt“"), ("email", "geschrieben")])
def test_a_rung_is_written_in_an_e_mail(channel: str, words: str):
    ladder = Ladder("de", 1, "2026-11-22", (Rung("ask", "fragen", ("gesagt",), ("geschrieben",)),))
    book = replace(BOOK, ladder=ladder)
    before = begun(channel=channel)
    notice = change_notice(before, play_with(before, cmd.NextRung(), book=book), book, WORDS)
    assert notice is not None
    assert notice.say == (words,)
    assert notice.written == (channel == "email")


def test_what_the_site_says_stands_beside_the_steps_that_need_it():
    site = Site(
        leads=(Contact("Kim", "Platz 3"),),
        escalation=(Rank("Teamleitung", "Durchwahl 12", "ab 50 Euro"),),
        grants=("Erstattung bis 50 Euro",),
        policies=("Rückgabe in 30 Tagen",),
        aftercare=(Contact("Betriebsärztin", "Durchwahl 90"),),
    )
    assert site.beside_steps() == {
        "get-support": ("Teamleitung Durchwahl 12 (ab 50 Euro)",),
        "simple-remedy-first": ("Erstattung bis 50 Euro",),
        "give-specific-reasons": ("Rückgabe in 30 Tagen",),
        "take-a-break": ("Betriebsärztin Durchwahl 90",),
    }
    assert replace(site, escalation=()).beside_steps()["get-support"] == ("Kim Platz 3",)
    assert not any(Site().beside_steps().values())


# --- ending before the last rung


ENDED = cmd.Choose("ended-by-agent")


def closing(*commands: cmd.Command) -> SessionState:
    """A call that the agent says to have ended, after these keys."""
    return play_with(begun(), *commands, cmd.Close(), ENDED)


def test_ending_before_the_last_rung_asks_once():
    state = closing(cmd.NextRung(), cmd.NextRung())
    assert asked(state) == "early"
    on = play_with(state, cmd.Choose("end"))
    assert asked(on).startswith("gate")
    assert on.call.early
    assert [entry.event for entry in on.log][-1] == "early"


def test_back_from_there_the_call_goes_on():
    state = closing(cmd.NextRung())
    back = play_with(state, cmd.Choose("back"))
    assert (asked(back), back.call.outcome, back.call.early) == ("", "", False)


def test_after_the_last_rung_nothing_is_asked():
    assert asked(closing(cmd.NextRung(), cmd.NextRung(), cmd.NextRung())).startswith("gate")


def test_one_walked_ladder_is_enough_where_behaviours_are_counted_apart():
    keys = (cmd.NextRung(), cmd.Choose("swearing"), cmd.NextRung(), cmd.Choose("harassment"), cmd.Close(), ENDED)
    assert asked(play(begun(), *keys)).startswith("gate")
    assert asked(play(begun(), *keys[:2], *keys[4:])) == "early"


def test_the_safety_way_is_never_asked():
    assert asked(closing(cmd.Hear(4))) == ""
    assert asked(closing(cmd.OpenCard("concrete-threat"), cmd.Leave())).startswith("gate")


def test_who_else_ended_it_is_not_asked():
    assert asked(play_with(begun(), cmd.Close(), cmd.Choose("ended-by-customer"))).startswith("gate")


# --- the step that sets a limit


def test_a_rung_that_is_spoken_settles_the_step_that_would_set_a_limit():
    limiting = Step("set-limit", "", only=Condition(levels=(3,)), techniques=("set-limits",))
    start = begun()
    assess = replace(start.call.checklist.assess, steps=(limiting, *start.call.checklist.assess.steps))
    state = replace(start, call=replace(start.call, checklist=replace(start.call.checklist, assess=assess)))
    heard = play_with(state, cmd.Hear(3))
    limited = play_with(heard, cmd.NextRung())
    assert limited.call.current == heard.call.current
    assert limited.call.marks["set-limit"].done
    assert play_with(limited, cmd.Done()).call.current != "set-limit"
    assert play_with(limited, cmd.Undo()).call == heard.call
    there = play_with(heard, cmd.GoTo("set-limit"), cmd.NextRung())
    assert (there.call.current, "set-limit" in there.call.marks) == ("set-limit", False)
