"""Events in the journal: one compact line each, read back as they were; nothing else is taken for one."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest
from samples import CHECKLISTS, started

from deescalate_tui.call import events as ev

ONE_OF_EACH = (
    started().event,
    ev.Resumed(),
    ev.ChecklistTaken(CHECKLISTS["direct", "nl"]),
    ev.ChannelChanged("email"),
    ev.StepDone("breathe"),
    ev.StepSkipped("breathe"),
    ev.WentTo("learn"),
    ev.Looked("learn"),
    ev.Undone(),
    ev.LevelHeard(4),
    ev.ThreatHeard("concrete"),
    ev.LimitGiven(2, "consequence", "insult"),
    ev.Asked("field", "ask-trigger", 1),
    ev.Drafted("Mein Packet"),
    ev.Left(),
    ev.FieldAnswered("cause", "zu spät"),
    ev.QuoteHeard("„Saftladen“\n👿"),
    ev.NoteWritten("ruft an"),
    ev.Promised("Rückruf", "2026-11-27", "next-step"),
    ev.PromiseChanged(0, "Rückruf", "2026-11-30"),
    ev.RequestPinned("Geld zurück"),
    ev.TicketSet("T-1"),
    ev.Named(),
    ev.Unmasked("iban", "[IBAN …4711]", "words"),
    ev.HoldBegun(),
    ev.HoldEnded(),
    ev.CardOpened("suicide", "Suizid"),
    ev.CardClosed(),
    ev.HelpCalled("listen"),
    ev.HelpLowered(),
    ev.Ended("resolved"),
    ev.EndedEarly(),
    ev.RequestAnswered("partly"),
    ev.GateOverridden("next-step", "aufgelegt"),
    ev.PromisesConfirmed(),
    ev.AftercareBegun(),
    ev.Closed(),
)


def test_these_are_all_events_that_a_record_can_hold():
    assert {type(event) for event in ONE_OF_EACH} == set(get_args(ev.AnyEvent)) == set(ev.Event.__subclasses__())


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=lambda event: type(event).__name__)
def test_a_record_is_one_line_and_comes_back_as_it_was(event: ev.AnyEvent):
    record = ev.Record(7, 1_795_352_700_000, 61_000, event)
    line = ev.encode(record)
    assert b"\n" not in line
    assert ev.decode(line) == record


def test_the_journal_format_is_short_and_stays_as_it_is():
    record = ev.Record(3, 1_795_352_700_000, 12_500, ev.Asked("field", "ask-trigger"))
    assert ev.encode(record) == (
        b'{"seq":3,"at":1795352700000,"ms":12500,"event":{"t":"asked","kind":"field","step":"ask-trigger"}}'
    )


def test_the_names_of_the_events_in_the_journal_are_unique():
    tags = [event.__struct_config__.tag for event in ONE_OF_EACH]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b'{"seq":1,"at":0,"ms":0}',
        b'{"seq":1,"at":0,"ms":0,"event":{}}',
        b'{"seq":1,"at":0,"ms":0,"event":{"t":"unheard-of"}}',
        b'{"seq":1,"at":0,"ms":0,"event":{"t":"level"}}',
        b'{"seq":1,"at":0,"ms":0,"event":{"t":"level","level":"3"}}',
        b'{"seq":"1","at":0,"ms":0,"event":{"t":"undone"}}',
        b'{"seq":1,"at":0,"ms":0,"event":{"t":"note","text":"\\ud800"}}',
    ],
)
def test_a_line_that_holds_no_record_is_refused(line: bytes):
    with pytest.raises(msgspec.DecodeError):
        ev.decode(line)


def test_what_a_newer_version_may_add_to_an_event_is_passed_over():
    line = b'{"seq":1,"at":0,"ms":0,"event":{"t":"level","level":3,"by":"ear"},"more":true}'
    assert ev.decode(line).event == ev.LevelHeard(3)
