"""What can happen in a session: frozen facts in the past tense, and the journal record that dates them.

A record is one line of the journal. Its times: `at` is UTC in milliseconds since the epoch, `ms` is
milliseconds since the session began by a clock that never jumps; order and the note's times come from `ms`.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from deescalate_tui.call.checklist import LEVELS, Checklist

DAY_MIN = 24 * 60
LATEST_MS = 10**14
"""In the year 5138: no sum of two such times leaves the calendar."""


class Event(msgspec.Struct, frozen=True, tag_field="t", omit_defaults=True):
    """Something that happened. Subclasses say what; the tag is their name in the journal."""


class Started(Event, frozen=True, tag="started"):
    """The session began."""

    id: str
    checklist: Checklist
    channel: str
    agent: str
    app_version: str
    country: str = ""
    ticket: str = ""
    offset_min: Annotated[int, msgspec.Meta(gt=-DAY_MIN, lt=DAY_MIN)] = 0
    """The local clock's distance from UTC, minutes east."""
    retention_days: int = 90


class Resumed(Event, frozen=True, tag="resumed"):
    """The program was started again and went on with this session."""


class ChecklistTaken(Event, frozen=True, tag="checklist"):
    """From here on this checklist guides: another type or another language."""

    checklist: Checklist


class ChannelChanged(Event, frozen=True, tag="channel"):
    channel: str


class StepDone(Event, frozen=True, tag="done"):
    step: str


class StepSkipped(Event, frozen=True, tag="skipped"):
    step: str


class WentTo(Event, frozen=True, tag="went"):
    """Another step was made the current one."""

    step: str


class Looked(Event, frozen=True, tag="looked"):
    """Another step was looked at; empty means back at the current one."""

    step: str = ""


class Undone(Event, frozen=True, tag="undone"):
    """The last thing that changed the call was taken back."""


class LevelHeard(Event, frozen=True, tag="level"):
    level: Annotated[int, msgspec.Meta(ge=min(LEVELS), le=max(LEVELS))]


class ThreatHeard(Event, frozen=True, tag="threat"):
    """The fork was answered: `kind` is one of `fields.THREATS`. The level is 4 from here on, if it was not."""

    kind: str


class LimitGiven(Event, frozen=True, tag="limit"):
    """A rung of the limit ladder was spoken. `rung` counts from 1 within `behaviour`."""

    rung: int
    id: str
    behaviour: str = ""
    """One of `session.BEHAVIOURS` where the site counts them apart, else empty."""


class Asked(Event, frozen=True, tag="asked"):
    """An input line or a choice was opened: `kind` is one of `questions.KINDS`."""

    kind: str
    step: str = ""
    index: int = 0
    """Which ask of the step."""
    held: str = ""
    """A first half that waits for its second: what was promised, until when is said."""
    tried: str = ""
    """An answer that was not understood as a date; the same words again are taken as they are."""


class Drafted(Event, frozen=True, tag="drafted"):
    """The text in the open input line when typing paused."""

    text: str


class Left(Event, frozen=True, tag="left"):
    """The input line or choice was left without an answer; the draft stays."""


class FieldAnswered(Event, frozen=True, tag="answer"):
    field: str
    value: str


class QuoteHeard(Event, frozen=True, tag="quote"):
    words: str


class NoteWritten(Event, frozen=True, tag="note"):
    text: str


class Promised(Event, frozen=True, tag="promise"):
    """`due` is an ISO date or local date-time where it was understood, else the words typed, or empty."""

    what: str
    due: str = ""
    step: str = ""
    """The step that asked for it; empty where the agent noted it unasked."""


class PromiseChanged(Event, frozen=True, tag="promise-changed"):
    """The commitment number `index`, from 0, was corrected."""

    index: int
    what: str
    due: str = ""


class RequestPinned(Event, frozen=True, tag="request"):
    text: str


class TicketSet(Event, frozen=True, tag="ticket"):
    ticket: str


class Named(Event, frozen=True, tag="named"):
    """The agent gave a name for the say-lines. Not which: a resumed session only knows to ask again."""


class Unmasked(Event, frozen=True, tag="unmasked"):
    """The agent had a reason to keep what was masked: `masked` stands again as `text`, which it was typed as."""

    kinds: str
    """What was masked in it, of `fields.PERSONAL`, parted by commas."""
    masked: str
    text: str


class HoldBegun(Event, frozen=True, tag="hold"):
    pass


class HoldEnded(Event, frozen=True, tag="unhold"):
    pass


class CardOpened(Event, frozen=True, tag="card"):
    card: str
    title: str


class CardClosed(Event, frozen=True, tag="uncard"):
    pass


class HelpCalled(Event, frozen=True, tag="help"):
    """The silent sign was raised. `kind` is one of `questions.HELP`."""

    kind: str


class HelpLowered(Event, frozen=True, tag="unhelp"):
    pass


class Ended(Event, frozen=True, tag="ended"):
    """The talk is over; `outcome` is one of `session.OUTCOMES`."""

    outcome: str


class EndedEarly(Event, frozen=True, tag="early"):
    """The agent ended the call although the limit ladder had rungs left, and was asked."""


class RequestAnswered(Event, frozen=True, tag="answered"):
    """Whether the customer's request was answered: `yes`, `partly` or `no`."""

    answer: str


class GateOverridden(Event, frozen=True, tag="override"):
    """A critical step stays open, for a reason."""

    step: str
    reason: str


class PromisesConfirmed(Event, frozen=True, tag="confirmed"):
    """What was promised was read over at the close and stands; or there is nothing, and that was said."""


class AftercareBegun(Event, frozen=True, tag="aftercare"):
    pass


class Closed(Event, frozen=True, tag="closed"):
    """The session is complete: from here only the note remains to be written."""


AnyEvent = (
    Started
    | Resumed
    | ChecklistTaken
    | ChannelChanged
    | StepDone
    | StepSkipped
    | WentTo
    | Looked
    | Undone
    | LevelHeard
    | ThreatHeard
    | LimitGiven
    | Asked
    | Drafted
    | Left
    | FieldAnswered
    | QuoteHeard
    | NoteWritten
    | Promised
    | PromiseChanged
    | RequestPinned
    | TicketSet
    | Named
    | Unmasked
    | HoldBegun
    | HoldEnded
    | CardOpened
    | CardClosed
    | HelpCalled
    | HelpLowered
    | Ended
    | EndedEarly
    | RequestAnswered
    | GateOverridden
    | PromisesConfirmed
    | AftercareBegun
    | Closed
)


class Record(msgspec.Struct, frozen=True):
    """An event with its place in the session and its times."""

    seq: int
    at: Annotated[int, msgspec.Meta(ge=0, le=LATEST_MS)]
    ms: Annotated[int, msgspec.Meta(ge=-LATEST_MS // 1000, le=LATEST_MS)]
    event: AnyEvent


_encoder = msgspec.json.Encoder()


def encode(record: Record) -> bytes:
    """Compact JSON, one line, no line feed."""
    return _encoder.encode(record)


def decode(line: bytes) -> Record:
    """The record of a line. Raises `msgspec.DecodeError` where it is none."""
    try:
        return msgspec.json.decode(line, type=Record)
    except RecursionError as error:
        raise msgspec.DecodeError("lists in lists without end") from error
