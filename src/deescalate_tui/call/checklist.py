"""What a checklist, a card, the limit ladder and a country profile are: frozen values, already valid.

`content.from_yaml` makes them from files. Levels, phases and channels are the words of the design.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Annotated

import msgspec

CALL_PHASES = ("control", "assess", "resolve")
AFTERCARE = "aftercare"
PHASES = (*CALL_PHASES, AFTERCARE)
ALONE = (CALL_PHASES[0], AFTERCARE)
"""Phases whose say-lines an agent says to nobody else."""
FORMAT = 1
"""Of the content files."""
LANGUAGES = ("de", "nl", "no")
Language = Annotated[str, msgspec.Meta(pattern=rf"\A(?:{'|'.join(LANGUAGES)})\Z")]
"""What is read back from a journal can only be one of them: files are looked for by it."""
CHANNELS = PHONE, EMAIL = "phone", "email"
LEVELS = (0, 1, 2, 3, 4)
RUNGS = ("ask", "consequence", "end")
NUMBER_KINDS = ("emergency", "police", "ambulance", "fire", "doctor", "suicide", "crisis")
CONSENTS = ("everyone", "participant")
"""Who has to agree that a call is recorded: all who speak, or one of them, who then records it."""
STANDARD, CRITICAL = "standard", "critical"


class Pace(msgspec.Struct, frozen=True):
    """A breath: seconds in, seconds out (out is longer than in), how many times."""

    inhale: float
    exhale: float
    times: int


class Option(msgspec.Struct, frozen=True):
    """One answer of a choice: the value that is stored and the words that are shown."""

    value: str
    label: str


class Ask(msgspec.Struct, frozen=True):
    """A question to the agent; its answer is kept under `field` (see `fields.FIELDS`)."""

    field: str
    label: str
    kind: str
    options: tuple[Option, ...] = ()


class Condition(msgspec.Struct, frozen=True):
    """When a step belongs to the path: every part that is not empty must hold."""

    levels: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()
    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def holds(self, level: int | None, channel: str, answers: Mapping[str, str]) -> bool:
        """Whether the step is offered. A level nobody has set yet counts as 0."""
        if self.levels and (level or 0) not in self.levels:
            return False
        if self.channels and channel not in self.channels:
            return False
        # Most ask for no answer, and each event asks this of every step.
        return not self.answers or all(answers.get(field) in allowed for field, allowed in self.answers)


ALWAYS = Condition()


class Step(msgspec.Struct, frozen=True):
    """One observable thing to reach, with what to do, say and avoid, and why."""

    id: str
    do: str
    say: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    """What to write in an e-mail; where there is none, `say` serves there too."""
    tone: str = ""
    """How to sound on the telephone."""
    style: str = ""
    """How to write in an e-mail."""
    avoid: str = ""
    why: str = ""
    pace: Pace | None = None
    ask: tuple[Ask, ...] = ()
    only: Condition = ALWAYS
    gate: str = STANDARD
    techniques: tuple[str, ...] = ()

    def details(self, channel: str = "") -> Iterator[tuple[str, str]]:
        """What is told beside headline and lines, by its key: all of it, or what is shown on a channel."""
        elsewhere = {PHONE: "style", EMAIL: "tone"}.get(channel, "")
        for name in ("tone", "style", "avoid", "why"):
            text: str = getattr(self, name)
            if text and name != elsewhere:
                yield name, text


class Phase(msgspec.Struct, frozen=True):
    """A titled list of steps."""

    title: str
    steps: tuple[Step, ...]


class Checklist(msgspec.Struct, frozen=True):
    """A customer type in one language: one file."""

    id: str
    language: Language
    revision: int
    reviewed: str
    title: str
    summary: str
    cooperating: bool
    recognise: tuple[str, ...]
    reminders: tuple[str, ...]
    control: Phase
    assess: Phase
    resolve: Phase
    aftercare: Phase
    sha256: str = ""
    """Of the file's bytes: names the revision without doubt."""

    def phase(self, name: str) -> Phase:
        """The phase called `name`, one of `PHASES`."""
        phase: Phase = getattr(self, name)
        return phase

    def steps(self) -> Iterator[tuple[str, Step]]:
        """Every step with the name of its phase, in walking order."""
        for name in PHASES:
            for step in self.phase(name).steps:
                yield name, step

    def find(self, step_id: str) -> tuple[str, Step] | None:
        """The phase name and the step with this id, or None."""
        for name in PHASES:
            for step in self.phase(name).steps:
                if step.id == step_id:
                    return name, step
        return None


class Rung(msgspec.Struct, frozen=True):
    """One rung of the limit ladder: what to do and the very sentence."""

    id: str
    do: str
    say: tuple[str, ...]
    write: tuple[str, ...] = ()
    """The sentence in an e-mail; where there is none, `say` serves there too."""


class Ladder(msgspec.Struct, frozen=True):
    """The limit ladder of a language, mildest rung first."""

    language: str
    revision: int
    reviewed: str
    rungs: tuple[Rung, ...]
    sha256: str = ""


class Card(msgspec.Struct, frozen=True):
    """A situation that can come up at any moment, on one screen."""

    id: str
    title: str
    cue: str
    do: tuple[str, ...]
    say: tuple[str, ...]
    avoid: str
    end: str
    """`keep` the line, `never` end for this, `may` end after the ladder, `may-now` end at once."""
    escalate: str
    """`must`, `may` or `no`."""
    letter: str = ""
    """The fixed letter of an emergency card; empty for any other."""
    numbers: tuple[str, ...] = ()
    """Kinds of country number it shows, of `NUMBER_KINDS`."""
    recording: bool = False
    """It shows what the country's law says of recording a call."""
    do_email: tuple[str, ...] = ()
    """What to do where nobody is on the line; where there is none, `do` serves there too."""
    write: tuple[str, ...] = ()
    """What to write in an e-mail; where there is none, `say` serves there too."""
    also: tuple[str, ...] = ()
    """What people type who look for it: other words for it, what the customer says. It is never shown."""


def is_written(item: Step | Rung | Card, channel: str) -> bool:
    """Whether its lines are to be written on this channel, not said."""
    return channel == EMAIL and bool(item.write)


def lines_for(item: Step | Rung | Card, channel: str) -> tuple[str, ...]:
    """What to say, or on `email` what to write."""
    return item.write if is_written(item, channel) else item.say


def steps_for(card: Card, channel: str) -> tuple[str, ...]:
    """What to do, or on `email` what to do where nobody is on the line."""
    return card.do_email if channel == EMAIL and card.do_email else card.do


class Cards(msgspec.Struct, frozen=True):
    """The cards of a language."""

    language: str
    revision: int
    reviewed: str
    cards: tuple[Card, ...]
    sha256: str = ""

    def find(self, card_id: str) -> Card | None:
        """The card with this id, or None."""
        return next((card for card in self.cards if card.id == card_id), None)

    def emergency(self) -> tuple[Card, ...]:
        """The emergency cards, in file order."""
        return tuple(card for card in self.cards if card.letter)


class SafetyNumber(msgspec.Struct, frozen=True):
    """A number to call, how it is known, and whether a site has confirmed it."""

    kind: str
    number: str
    name: str
    """What the line calls itself (a proper name), or empty for a public service."""
    source: str
    verified: str = ""
    """The date (YYYY-MM-DD) it was confirmed, or empty: show it as unconfirmed."""
    confirmed_by: str = ""
    """Who says so."""


class Recording(msgspec.Struct, frozen=True):
    """What a country's law says of recording a call, how it is known, and whether a site has confirmed it."""

    consent: str
    """Whose it takes: of `CONSENTS`."""
    source: str
    verified: str = ""
    """The date (YYYY-MM-DD) it was confirmed, or empty: show it as unconfirmed."""
    confirmed_by: str = ""


class Country(msgspec.Struct, frozen=True):
    """The safety numbers of one country. A language never implies one."""

    id: str
    """ISO 3166 code in capitals."""
    name: str
    """What people there call it."""
    revision: int
    numbers: tuple[SafetyNumber, ...]
    recording: Recording | None = None
    """None where nobody knows: then nothing is said."""
    sha256: str = ""

    def of_kinds(self, kinds: tuple[str, ...]) -> tuple[SafetyNumber, ...]:
        """The numbers of these kinds, in the order of `kinds`, each once.

        Where a country has no number of a kind, what stands in for it there is given: Norway has no one emergency
        number, the Netherlands have one for all, most countries have a crisis line and no suicide line.
        """
        found: dict[SafetyNumber, None] = {}
        for kind in kinds:
            others = (self._own(other) for other in _STANDS_IN.get(kind, ()))
            found.update(dict.fromkeys(self._own(kind) or chain.from_iterable(others)))
        return tuple(found)

    def _own(self, kind: str) -> list[SafetyNumber]:
        return [number for number in self.numbers if number.kind == kind]


_STANDS_IN = {
    "emergency": ("ambulance", "police", "fire"),
    "police": ("emergency",),
    "ambulance": ("emergency",),
    "suicide": ("crisis",),
}
