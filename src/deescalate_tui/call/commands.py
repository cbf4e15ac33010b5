"""What an agent can want: one command a key, the same for the screen and for plain mode; and what comes of it."""

from __future__ import annotations

import msgspec

from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import Checklist


class Command(msgspec.Struct, frozen=True):
    """A wish; `decisions.decide` says what comes of it."""


class Done(Command, frozen=True):
    """The current step is done, go to the next; a step that asks something asks first."""


class Confirm(Command, frozen=True):
    """The same; where another step is looked at, make that one current."""


class Skip(Command, frozen=True):
    pass


class Undo(Command, frozen=True):
    pass


class Look(Command, frozen=True):
    """Look `by` steps further (negative: back)."""

    by: int


class GoTo(Command, frozen=True):
    """Make this step current."""

    step: str


class Hear(Command, frozen=True):
    """The level heard now, 0 to 4."""

    level: int


class NextRung(Command, frozen=True):
    """The next rung of the limit ladder was spoken."""

    behaviour: str = ""


class Open(Command, frozen=True):
    """Open a line or a choice: one of `questions.KINDS`."""

    kind: str


class Write(Command, frozen=True):
    """The text in the open line so far: it is kept as a draft."""

    text: str


class Submit(Command, frozen=True):
    """The open line is finished."""

    text: str


class Choose(Command, frozen=True):
    """An answer of the open choice. For another type or language, with the checklist that it means."""

    value: str
    checklist: Checklist | None = None


class Leave(Command, frozen=True):
    """Back from a line, a choice, a card or a sign."""


class Unmask(Command, frozen=True):
    """What was masked in the text just entered is kept as it was typed. Which text that was, only memory knows."""

    kinds: str = ""
    masked: str = ""
    text: str = ""


class ToggleHold(Command, frozen=True):
    pass


class OpenCard(Command, frozen=True):
    card: str


class Close(Command, frozen=True):
    """Close the session: asks what is still to be answered, then leads through aftercare to the note."""


class Abandon(Command, frozen=True):
    """Close at once as `aborted`: for a session that was left behind."""


class Resume(Command, frozen=True):
    """The program goes on with this session."""


class Typed(msgspec.Struct, frozen=True):
    """A text that entered: as it was typed, as it may be kept, and which kinds of finding were masked in it."""

    text: str
    masked: str
    kinds: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True):
    """The events to record, in order, and the catalogue key of a line that says why nothing else came of it."""

    events: tuple[ev.AnyEvent, ...] = ()
    notice: str = ""
    typed: Typed | None = None
    """The text that entered with the command. As it was typed, it is for memory alone."""


NOTHING = Decision()
