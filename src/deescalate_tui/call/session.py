"""The state of a session, as frozen values. Only `fold` makes a new one, from an event.

`SessionState` is everything the screen shows; `Call` is the part that undo takes back.
"""

from __future__ import annotations

import msgspec

from deescalate_tui.call.checklist import AFTERCARE, CALL_PHASES, Checklist, Step
from deescalate_tui.call.trail import Trail

OUTCOMES = (
    "resolved",
    "follow-up",
    "escalated",
    "transferred",
    "ended-by-agent",
    "ended-by-customer",
    "aborted",
)
ANSWERS = ("yes", "partly", "no")
BEHAVIOURS = ("shouting", "swearing", "insult", "harassment", "threat")
"""What a limit can be set to, where the site counts them apart; `harassment` is discriminatory or sexual."""
UNDO_DEPTH = 200
LIMIT_TECHNIQUE = "set-limits"
CORRECTIONS = ("change", "change_due", "follow_up")
"""Questions that correct what was promised."""


class Mark(msgspec.Struct, frozen=True):
    """What became of a step."""

    done: bool
    """False: it was skipped."""
    phase: str
    ms: int


class Dated(msgspec.Struct, frozen=True):
    """Words with the time they belong to."""

    text: str
    ms: int


class Guidance(msgspec.Struct, frozen=True):
    """A checklist that guided the call, from `ms` on."""

    id: str
    language: str
    revision: int
    sha256: str
    title: str
    ms: int


class Level(msgspec.Struct, frozen=True, gc=False):
    """A level as it was heard."""

    level: int
    ms: int


class Limit(msgspec.Struct, frozen=True):
    """A rung of the ladder that was spoken."""

    rung: int
    id: str
    behaviour: str
    ms: int


class Commitment(msgspec.Struct, frozen=True):
    """Something promised; `due` as in `events.Promised`."""

    what: str
    due: str
    ms: int


class Hold(msgspec.Struct, frozen=True):
    """Time on hold; `end` is None while it lasts."""

    start: int
    end: int | None = None


class Opened(msgspec.Struct, frozen=True):
    """A card that was opened."""

    id: str
    title: str
    ms: int


class Override(msgspec.Struct, frozen=True):
    """A critical step left open, and why."""

    step: str
    reason: str
    ms: int


class Question(msgspec.Struct, frozen=True):
    """The open input line or choice (see `events.Asked`), with the time of the key that opened it."""

    kind: str
    step: str
    index: int
    held: str
    ms: int
    tried: str = ""

    @property
    def draft_key(self) -> str:
        """Under which name an unfinished text is kept."""
        return f"{self.kind}:{self.step}:{self.index}" if self.step or self.index else self.kind


class LogEntry(msgspec.Struct, frozen=True, gc=False):
    """One line of the timeline: no typed text, only what happened and to which step or card.

    A session has thousands: `gc=False` spares a fifth of their memory.
    """

    ms: int
    event: str
    ref: str = ""


class Call(msgspec.Struct, frozen=True):
    """All that undo restores. The mappings are never changed in place."""

    checklist: Checklist
    guidance: tuple[Guidance, ...]
    channel: str
    ticket: str = ""
    current: str = ""
    """Id of the step to do now; empty once the path is walked."""
    marks: dict[str, Mark] = {}
    answers: dict[str, str] = {}
    levels: Trail[Level] = msgspec.field(default_factory=Trail)
    limits: tuple[Limit, ...] = ()
    quotes: tuple[Dated, ...] = ()
    remarks: tuple[Dated, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    request: str = ""
    holds: tuple[Hold, ...] = ()
    outcome: str = ""
    answered: str = ""
    overrides: tuple[Override, ...] = ()
    confirmed: bool = False
    """What was promised was read over at the close."""
    early: bool = False
    """Ended by the agent before the last rung of the ladder."""
    aftercare: bool = False
    """The customer has gone; the steps of `aftercare` are offered."""

    @property
    def level(self) -> int | None:
        """The level heard last, None before the first."""
        heard = self.levels.last
        return heard.level if heard is not None else None

    @property
    def peak(self) -> int | None:
        """The highest level heard."""
        return max((heard.level for heard in self.levels), default=None)

    @property
    def on_hold(self) -> bool:
        return bool(self.holds) and self.holds[-1].end is None

    @property
    def closing(self) -> bool:
        """The outcome is known, and the close still asks: undo takes all of it back as one thing."""
        return bool(self.outcome) and not self.aftercare

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases that are walked now; aftercare only once the customer has gone."""
        return (AFTERCARE,) if self.aftercare else CALL_PHASES

    def phase_path(self, phase: str) -> tuple[Step, ...]:
        """The steps of a phase that are offered now, in order: their condition holds, or they are marked already.

        Afterwards it is the highest level that counts, not the one heard last.
        """
        level = self._level_in(phase)
        return tuple(step for step in self.checklist.phase(phase).steps if self._shows(step, level))

    def path(self) -> tuple[tuple[str, Step], ...]:
        """All steps offered now with their phase."""
        return tuple((phase, step) for phase in self.phases for step in self.phase_path(phase))

    def has(self, phase: str, step: Step) -> bool:
        """Whether a step of a phase is on the path, once that phase is walked."""
        return self._shows(step, self._level_in(phase))

    def _level_in(self, phase: str) -> int | None:
        return self.peak if phase == AFTERCARE else self.level

    def _shows(self, step: Step, level: int | None) -> bool:
        return step.id in self.marks or step.only.holds(level, self.channel, self.answers)

    def offers(self, step_id: str) -> bool:
        """Whether the step is on the path, without making that."""
        found = self.checklist.find(step_id)
        return found is not None and found[0] in self.phases and self.has(*found)

    @property
    def phase(self) -> str:
        """The phase of the current step; where the path is walked, the last one."""
        found = self.checklist.find(self.current)
        return found[0] if found else self.phases[-1]


class Before(msgspec.Struct, frozen=True):
    """The call as it was before one change, and which change that was."""

    call: Call
    change: LogEntry
    step: str = ""
    """The step whose question the change answered: where that completes the step, both are one thing to undo."""


class SessionState(msgspec.Struct, frozen=True):
    """What the screen shows: `replay(records)` gives it back exactly."""

    id: str
    started_at: int
    """UTC milliseconds since the epoch."""
    offset_min: int
    agent: str
    country: str
    app_version: str
    retention_days: int
    call: Call
    past: tuple[Before, ...] = ()
    """Earlier states of the call, newest last: what undo goes back to (the last `UNDO_DEPTH`)."""
    looking: str = ""
    """Id of a step that is looked at without being the current one."""
    question: Question | None = None
    drafts: dict[str, str] = {}
    cards: tuple[Opened, ...] = ()
    helps: tuple[Dated, ...] = ()
    card: str = ""
    """Id of the open card."""
    sign: str = ""
    """Kind of help the full-screen sign asks for."""
    log: Trail[LogEntry] = msgspec.field(default_factory=Trail)
    seq: int = 0
    ms: int = 0
    named: bool = False
    """A name for the say-lines was given; it is not known here."""
    closed: bool = False

    @property
    def focus(self) -> str:
        """The step whose text is shown: the one looked at, else the current one."""
        return self.looking or self.call.current
