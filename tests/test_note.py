"""The note as a function of the state: what is counted, what is kept, and what an unusual session leaves."""

from datetime import date

import pytest
from msgspec.structs import replace
from note_samples import SAMPLES, STARTED_AT, checklist, german, norwegian, started, state_of

from deescalate_tui.call import events as ev
from deescalate_tui.call.fields import FIELDS
from deescalate_tui.catalogues import load
from deescalate_tui.errors import UsageFault
from deescalate_tui.notes.correction import ticked
from deescalate_tui.notes.front import ChecklistRef, LevelRange, Promise, StepCount
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import (
    Answer,
    Given,
    Happened,
    Heard,
    Held,
    Opened,
    Said,
    Walked,
    note_from,
    note_name,
)
from deescalate_tui.notes.parse import parse


def note_of(*events: ev.AnyEvent, **facts: object):
    """The note of a German call in which these events happened, ten seconds apart."""
    first = started("de", **facts)
    return note_from(state_of((i * 10, event) for i, event in enumerate((first, *events))))


def test_the_start_and_the_end_are_local_times_with_the_offset_of_the_start():
    note = note_from(german())
    assert note.started == "2026-11-22T14:05:12+01:00"
    assert note.ended == "2026-11-22T14:15:52+01:00"
    assert note.duration_s == 640


def test_the_name_holds_the_start_in_utc_and_the_end_of_the_id_and_nothing_else():
    assert note_name(note_from(german())) == "2026/11/2026-11-22T130512Z_64656465.md"
    assert note_name(note_of(id="../../0F/../AB-C!")) == "2026/11/2026-11-22T130512Z_0fabc.md"


def test_levels_are_given_as_first_highest_and_last():
    note = note_from(german())
    assert note.level == LevelRange(1, 3, 1)
    assert note.levels == (Heard(52, 1), Heard(130, 3), Heard(215, 2), Heard(402, 1))


def test_where_no_level_was_heard_there_is_none():
    assert note_of().level == LevelRange(None, None, None)


def test_steps_are_counted_on_the_path_and_aftercare_once_it_has_begun():
    before = note_of(ev.StepDone("breathe"), ev.StepSkipped("low-voice"))
    assert before.steps == StepCount(done=1, skipped=1, not_reached=8)
    begun = note_of(ev.StepDone("breathe"), ev.StepSkipped("low-voice"), ev.AftercareBegun())
    assert begun.steps == StepCount(done=1, skipped=1, not_reached=10)


def test_steps_come_phase_by_phase_and_in_the_order_of_time():
    note = note_of(ev.StepDone("ask-trigger"), ev.StepDone("let-finish"), ev.StepSkipped("breathe"))
    assert [(step.phase, step.id, step.at, step.state) for step in note.walked] == [
        ("control", "breathe", 30, "skipped"),
        ("assess", "ask-trigger", 10, "done"),
        ("assess", "let-finish", 20, "done"),
    ]


def test_a_critical_step_left_open_is_told_with_its_reason():
    note = note_of(ev.StepSkipped("next-step"), ev.GateOverridden("next-step", "Kein Termin"))
    title = "Nächsten Schritt mit Termin zusagen"
    assert note.walked == (Walked("resolve", "next-step", title, 20, "open", "Kein Termin"),)


def test_a_step_that_was_done_after_all_is_done():
    note = note_of(ev.GateOverridden("next-step", "Kein Termin"), ev.StepDone("next-step"))
    assert [(step.state, step.reason) for step in note.walked] == [("done", "")]


def test_steps_of_an_earlier_type_keep_their_headline_and_count():
    other = checklist("de", "rude", 2)
    note = note_of(ev.StepDone("breathe"), ev.ChecklistTaken(replace(other, control=other.aftercare)))
    assert note.walked[0].title == "Tief in den Bauch atmen, ruhig bleiben"
    assert note.steps.done == 1
    assert (note.customer_type, note.types) == ("rude", ("aggressive", "rude"))
    assert note.checklists == (
        ChecklistRef("aggressive", "de", 1, f"{1:064x}"),
        ChecklistRef("rude", "de", 2, f"{2:064x}"),
    )


def test_another_language_is_no_other_type():
    note = note_of(ev.StepDone("breathe"), ev.ChecklistTaken(checklist("no")))
    assert note.types == ("aggressive",)
    assert note.language == "no"
    assert note.walked[0].title == "Pust rolig ned i magen"
    assert len(note.checklists) == 2


def test_everything_said_given_and_opened_has_its_time():
    note = note_of(
        ev.QuoteHeard("Frechheit"),
        ev.NoteWritten("ruft mobil an"),
        ev.LimitGiven(1, "ask", "insult"),
        ev.HoldBegun(),
        ev.HoldEnded(),
        ev.CardOpened("vague-threat", "Unklare Drohung"),
        ev.HelpCalled("listen"),
        ev.HoldBegun(),
    )
    assert note.quotes == (Said(10, "Frechheit"),)
    assert note.remarks == (Said(20, "ruft mobil an"),)
    assert note.limits == (Given(30, 1, "ask", "insult"),)
    assert note.warnings == 1
    assert note.holds == (Held(40, 50), Held(80, None))
    assert note.cards == (Opened(60, "vague-threat", "Unklare Drohung"),)
    assert [(sign.at, sign.kind) for sign in note.helps] == [(70, "listen")]


def test_answers_are_in_the_order_of_the_phases_and_each_is_said_once():
    fields = [field for field in FIELDS if not field.startswith("promise") and field != "request"]
    note = note_of(
        ev.RequestPinned("Router"),
        *(ev.FieldAnswered(field, field) for field in reversed(fields)),
        ev.Promised("Rückruf", "morgen", "next-step"),
    )
    own = {"helper": note.escalated_to, "follow_up": note.follow_up, "satisfaction": note.satisfaction}
    assert own == {field: field for field in own}
    assert note.answers == tuple(Answer(field, field) for field in fields if field not in own)
    assert note.commitments == (Promise("Rückruf", "morgen"),)


@pytest.mark.parametrize(
    "event",
    [ev.FieldAnswered("promise", "Rückruf"), ev.FieldAnswered("promise_due", "morgen"), ev.FieldAnswered("vip", "ja")],
)
def test_no_answer_falls_out_of_the_note(event: ev.FieldAnswered):
    assert note_of(event).answers == (Answer(event.field, event.value),)


def test_a_request_given_as_an_answer_is_the_request_unless_another_is_pinned():
    assert note_of(ev.FieldAnswered("request", "Router")).request == "Router"
    both = note_of(ev.FieldAnswered("request", "Router"), ev.RequestPinned("Kabel"))
    assert (both.request, both.answers) == ("Kabel", (Answer("request", "Router"),))


@pytest.mark.parametrize(
    ("event", "threat"),
    [(ev.LevelHeard(4), True), (ev.LevelHeard(3), False), (ev.FieldAnswered("threat_told", "Teamleitung"), True)],
)
def test_a_threat_is_a_level_four_or_a_threat_written_down(event: ev.AnyEvent, threat: bool):
    assert note_of(event).threat is threat


def test_what_was_taken_back_is_not_in_the_note_but_in_the_timeline():
    note = note_from(norwegian())
    assert [(limit.at, limit.rung) for limit in note.limits] == [(150, 1), (171, 2), (190, 3)]
    assert Happened(174, "undone", "limit") in note.timeline


@pytest.mark.parametrize("language", SAMPLES)
def test_the_timeline_holds_nothing_that_was_typed(language: str):
    state = SAMPLES[language]()
    typed = {state.call.request, *state.call.answers.values(), *(quote.text for quote in state.call.quotes)}
    typed -= {"yes", "partly", "no", "me"}
    assert typed.isdisjoint(entry.ref for entry in note_from(state).timeline)


def test_a_session_left_behind_is_aborted():
    note = note_of(ev.StepDone("breathe"), ev.Asked("quote"), ev.Drafted("halb"))
    assert note.outcome == "aborted"
    assert note.duration_s == 30


def test_the_note_expires_so_many_days_after_the_local_start():
    assert note_of(retention_days=90).expires == "2027-02-20"
    assert note_of(retention_days=1, offset_min=11 * 60).expires == "2026-11-24"
    assert note_of(retention_days=10**9).expires == date.max.isoformat()
    assert note_of(retention_days=-5).expires == "2026-11-22"


def test_an_offset_that_no_clock_has_does_no_harm():
    assert note_of(offset_min=10**9).started.endswith("+23:59")
    assert note_of(offset_min=-(10**9)).started.endswith("-23:59")


def test_the_same_state_gives_the_same_note():
    assert note_from(german()) == note_from(german())
    assert note_from(german()).started != note_from(state_of(((0, started("de")),), STARTED_AT + 1000)).started


def test_a_promise_is_ticked_off_and_opened_again():
    note = note_from(german())
    done = ticked(note, 1, date(2026, 11, 24))
    assert (done.revision, done.commitments[0].kept) == (2, "2026-11-24")
    text = render(done, load("de"))
    assert "- [x]" in text
    assert "erledigt am Di 24.11.2026" in text
    assert parse(text) == done
    again = ticked(done, 1, None)
    assert (again.revision, again.commitments) == (3, note.commitments)
    for number, day in ((1, None), (3, date(2026, 11, 24)), (0, None), (-1, None)):
        with pytest.raises(UsageFault):
            ticked(note, number, day)


def test_the_next_contact_is_ticked_off():
    done = ticked(replace(note_from(german()), follow_up="2026-11-25"), 0, date(2026, 11, 24))
    assert done.follow_up_done == "2026-11-24"
    assert parse(render(done, load("nl"))) == done
