"""The formats of the content files, as shapes: every key, every limit, every allowed value.

A customer type, the limit ladder and the cards of a language, the safety numbers of a country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from deescalate_tui.call.checklist import (
    CALL_PHASES,
    CHANNELS,
    CONSENTS,
    CRITICAL,
    FORMAT,
    LANGUAGES,
    LEVELS,
    NUMBER_KINDS,
    RUNGS,
    STANDARD,
    Ask,
    Card,
    Cards,
    Checklist,
    Condition,
    Country,
    Ladder,
    Option,
    Pace,
    Phase,
    Recording,
    Rung,
    SafetyNumber,
    Step,
)
from deescalate_tui.call.fields import ASKED, CHOICE, DATE, TEXT, Field
from deescalate_tui.content.lines import headline, keyed, line, says
from deescalate_tui.content.nodes import said, under
from deescalate_tui.content.schema import (
    REVISION,
    Problem,
    Shape,
    also,
    day,
    decimal,
    described,
    flag,
    json_of,
    listed,
    matching,
    one_of,
    one_or_more,
    or_null,
    record,
    slug,
    titled,
    whole,
)
from deescalate_tui.content.yaml_strict import Faults, Node

END = ("keep", "never", "may", "may-now")
ESCALATE = ("must", "may", "no")


def _longer_out(pace: Pace) -> Iterator[Problem]:
    if pace.exhale <= pace.inhale:
        yield "pace-out", {"inhale": f"{pace.inhale:g}", "exhale": f"{pace.exhale:g}"}


def _not_empty(only: Condition) -> Iterator[Problem]:
    if only == Condition():
        yield "only-empty", {}


def _mildest_first(rungs: tuple[Rung, ...]) -> Iterator[Problem]:
    if [rung.id for rung in rungs] != sorted((rung.id for rung in rungs), key=RUNGS.index):
        yield "rung-order", {"allowed": ", ".join(RUNGS)}


def _id(item: Step | Rung | Card) -> str:
    return item.id


def _letter(card: Card) -> str:
    return card.letter


def _field(ask: Ask) -> str:
    return ask.field


def _pace(**seconds: Any) -> Pace:
    return Pace(seconds["in"], seconds["out"], seconds["times"])


def _condition(level: tuple[int, ...] = (), channel: tuple[str, ...] = (), **answers: tuple[str, ...]) -> Condition:
    return Condition(level, channel, tuple(answers.items()))


def _options(**labels: str) -> tuple[Option, ...]:
    return tuple(Option(value, label) for value, label in labels.items())


def _checklist(phases: dict[str, Any], **values: Any) -> Checklist:
    return Checklist(**phases, **values)


def _safety_number(name: str = "", **values: Any) -> SafetyNumber:
    return SafetyNumber(name=name, **values)


def _recording(**values: Any) -> Recording:
    return Recording(**values)


def _asks(*fields: Field) -> Shape[Ask]:
    """How a step asks for one of these: with their kind and, for a choice, a label for just its options."""
    kinds = {field.kind for field in fields}
    required: dict[str, Shape[Any]] = {
        "field": one_of(*(field.id for field in fields)),
        "label": line(40),
        "kind": one_of(*kinds),
    }
    if kinds == {CHOICE}:
        options = fields[0].options
        required["options"] = record(_options, dict.fromkeys(options, line(40)), instead=dict.fromkeys(options, ""))
    return record(Ask, required, instead={"label": "", "kind": ""})


_TEXTS, _DATES = ([field for field in ASKED if field.kind == kind] for kind in (TEXT, DATE))
_ASKS = {
    **dict.fromkeys((field.id for field in _TEXTS), _asks(*_TEXTS)),
    **dict.fromkeys((field.id for field in _DATES), _asks(*_DATES)),
    **{field.id: _asks(field) for field in ASKED if field.kind == CHOICE},
}
_ASKS_UNKNOWN = record(
    Ask,
    {"field": one_of(*(field.id for field in ASKED)), "label": line(40), "kind": one_of(TEXT, CHOICE, DATE)},
    {"options": lambda _node, _faults: ()},
)


def _ask(node: Node, faults: Faults) -> Ask | None:
    return _ASKS.get(said(under(node, "field")), _ASKS_UNKNOWN)(node, faults)


described(_ask, oneOf=[json_of(shape) for shape in dict.fromkeys(_ASKS.values())])

_HEADLINE = headline()
_LANGUAGE = one_of(*LANGUAGES)
_ONLY = record(
    _condition,
    {},
    {
        "level": one_or_more(whole(min(LEVELS), max(LEVELS)), len(LEVELS)),
        "channel": one_or_more(one_of(*CHANNELS), len(CHANNELS)),
        **{
            field.id: one_or_more(one_of(*field.options), len(field.options)) for field in ASKED if field.kind == CHOICE
        },
    },
)
_STEP = record(
    Step,
    {"id": slug, "do": _HEADLINE},
    {
        "say": says(1, 3),
        "write": says(1, 3),
        "tone": keyed(70),
        "style": keyed(70),
        "avoid": keyed(70),
        "why": keyed(90),
        "pace": also(
            record(_pace, {"in": decimal(1, 20), "out": decimal(1, 20), "times": whole(1, 20)}),
            _longer_out,
        ),
        "ask": listed(_ask, 1, 6, _field),
        "only": also(_ONLY, _not_empty, minProperties=1),
        "gate": one_of(STANDARD, CRITICAL),
        "techniques": listed(slug, 1, 3, str),
    },
    instead={"do": "", "say": (), "tone": "", "style": "", "avoid": "", "why": ""},
)
_STEPS = listed(titled("step", _STEP), 1, 20)
_PHASE = titled("phase", record(Phase, {"title": line(16), "steps": _STEPS}, instead={"title": ""}))
_HEAD = {"language": "", "revision": 0, "reviewed": ""}
"""What no other rule asks for, or what the name of the file says as well."""
CHECKLIST = record(
    _checklist,
    {
        "id": slug,
        "language": _LANGUAGE,
        "revision": REVISION,
        "reviewed": day,
        "title": line(16),
        "summary": line(64),
        "cooperating": flag,
        "recognise": listed(line(60), 2, 4, str),
        "reminders": listed(line(40), 2, 3, str),
        "phases": record(dict, dict.fromkeys(CALL_PHASES, _PHASE)),
        "aftercare": _PHASE,
    },
    fixed={"format": whole(FORMAT, FORMAT)},
    instead={**_HEAD, "id": "", "title": "", "summary": "", "recognise": (), "reminders": ()},
)

_RUNG = record(
    Rung,
    {"id": one_of(*RUNGS), "do": _HEADLINE, "say": says(1, 3)},
    {"write": says(1, 3)},
    instead={"do": "", "say": ()},
)
LADDER = record(
    Ladder,
    {
        "language": _LANGUAGE,
        "revision": REVISION,
        "reviewed": day,
        "rungs": also(listed(_RUNG, 1, len(RUNGS), _id), _mildest_first),
    },
    fixed={"format": whole(FORMAT, FORMAT), "kind": one_of("ladder")},
    instead=_HEAD,
)

_CARD = record(
    Card,
    {
        "id": slug,
        "title": line(30),
        "cue": line(70),
        "do": listed(keyed(60), 3, 4, str),
        "say": says(1, 2),
        "avoid": line(70),
        "end": one_of(*END),
        "escalate": one_of(*ESCALATE),
    },
    {
        "also": listed(line(30), 1, 12, str.casefold),
        "letter": matching(re.compile("[a-z]"), "value-letter"),
        "numbers": listed(one_of(*NUMBER_KINDS), 1, len(NUMBER_KINDS), str),
        "recording": flag,
        "do_email": listed(keyed(60), 3, 4, str),
        "write": says(1, 2),
    },
    instead={"title": "", "cue": "", "do": (), "say": (), "avoid": ""},
)
CARDS = record(
    Cards,
    {
        "language": _LANGUAGE,
        "revision": REVISION,
        "reviewed": day,
        "cards": listed(_CARD, 1, 60, _id, _letter),
    },
    fixed={"format": whole(FORMAT, FORMAT), "kind": one_of("cards")},
    instead=_HEAD,
)

_NUMBER = record(
    _safety_number,
    {
        "kind": one_of(*NUMBER_KINDS),
        "number": matching(re.compile(r"\+?[0-9]([ -]?[0-9]){1,17}"), "value-phone"),
        "source": line(120),
        "verified": or_null(day),
    },
    {"name": line(60), "confirmed_by": line(60)},
)
_RECORDING = record(
    _recording,
    {"consent": one_of(*CONSENTS), "source": line(120), "verified": or_null(day)},
    {"confirmed_by": line(60)},
)
COUNTRY = record(
    Country,
    {
        "id": matching(re.compile("[A-Z]{2}"), "value-country"),
        "name": line(40),
        "revision": REVISION,
        "numbers": listed(_NUMBER, 1, 30),
    },
    {"recording": _RECORDING},
    fixed={"format": whole(FORMAT, FORMAT), "kind": one_of("country")},
    instead={"id": "", "name": "", "revision": 0},
)
