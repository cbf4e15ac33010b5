"""The formats of the content files, as shapes: every key, every limit, every allowed value.

A customer type, the limit ladder and the cards of a language, the safety numbers of a country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from deescalate_tui.checklist import (
    CALL_PHASES,
    CHANNELS,
    CRITICAL,
    LANGUAGES,
    LEVELS,
    NUMBER_KINDS,
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
    Rung,
    SafetyNumber,
    Step,
)
from deescalate_tui.fields import CHOICE, DATE, FIELDS, TEXT, Field
from deescalate_tui.nodes import said, under
from deescalate_tui.schema import (
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
    text,
    titled,
    whole,
)
from deescalate_tui.yaml_strict import Faults, Node

FORMAT = 1
PLACEHOLDERS = ("request", "customer", "agent", "lead", "company", "callback")
RUNGS = ("ask", "consequence", "end")
END = ("keep", "never", "may", "may-now")
ESCALATE = ("must", "may", "no")


def _no_stop(line: str) -> Iterator[Problem]:
    if line.endswith("."):
        yield "text-full-stop", {}


def _no_braces(line: str) -> Iterator[Problem]:
    if "{" in line or "}" in line:
        yield "text-placeholder", {}


def _known_placeholders(line: str) -> Iterator[Problem]:
    allowed = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    left = line
    for name in re.findall(r"\{([^{}]*)\}", line):
        left = left.replace(f"{{{name}}}", "")
        if name not in PLACEHOLDERS:
            yield "say-placeholder", {"found": f"{{{name}}}", "allowed": allowed}
    if "{" in left or "}" in left:
        yield "say-brace", {"allowed": allowed}


def _unquoted(line: str) -> Iterator[Problem]:
    if len(line) > 1 and line[0] in "\"'„“”‚‘’«»" and line[-1] in "\"'“”‘’«»":
        yield "say-quoted", {}


def _one_without_placeholder(lines: tuple[str, ...]) -> Iterator[Problem]:
    if lines and all("{" in line for line in lines):
        yield "say-variant", {}


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


def _line(most: int, words: int = 0) -> Shape[str]:
    return also(text(most, words), _no_braces, pattern="^[^{}]*$")


def _says(least: int, most: int) -> Shape[tuple[str, ...]]:
    """What can be said: at most 20 words a line; 200 characters keep a line of very long words on the screen."""
    line = also(text(200, words=20), _known_placeholders, _unquoted)
    return also(listed(line, least, most, str), _one_without_placeholder)


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


def _asks(*fields: Field) -> Shape[Ask]:
    """How a step asks for one of these: with their kind and, for a choice, a label for just its options."""
    kinds = {field.kind for field in fields}
    required: dict[str, Shape[Any]] = {
        "field": one_of(*(field.id for field in fields)),
        "label": _line(40),
        "kind": one_of(*kinds),
    }
    if kinds == {CHOICE}:
        required["options"] = record(_options, dict.fromkeys(fields[0].options, _line(40)))
    return record(Ask, required)


_TEXTS, _DATES = ([field for field in FIELDS.values() if field.kind == kind] for kind in (TEXT, DATE))
_ASKS = {
    **dict.fromkeys((field.id for field in _TEXTS), _asks(*_TEXTS)),
    **dict.fromkeys((field.id for field in _DATES), _asks(*_DATES)),
    **{field.id: _asks(field) for field in FIELDS.values() if field.kind == CHOICE},
}
_ASKS_UNKNOWN = record(
    Ask,
    {"field": one_of(*FIELDS), "label": _line(40), "kind": one_of(TEXT, CHOICE, DATE)},
    {"options": lambda _node, _faults: ()},
)


def _ask(node: Node, faults: Faults) -> Ask | None:
    return _ASKS.get(said(under(node, "field")), _ASKS_UNKNOWN)(node, faults)


described(_ask, oneOf=[json_of(shape) for shape in dict.fromkeys(_ASKS.values())])

_HEADLINE = also(_line(48, words=8), _no_stop, pattern="^[^{}]*[^{}.]$")
REVISION = whole(1, 999_999)
_LANGUAGE = one_of(*LANGUAGES)
_ONLY = record(
    _condition,
    {},
    {
        "level": one_or_more(whole(min(LEVELS), max(LEVELS)), len(LEVELS)),
        "channel": one_or_more(one_of(*CHANNELS), len(CHANNELS)),
        **{
            field.id: one_or_more(one_of(*field.options), len(field.options))
            for field in FIELDS.values()
            if field.kind == CHOICE
        },
    },
)
_STEP = record(
    Step,
    {"id": slug, "do": _HEADLINE},
    {
        "say": _says(1, 3),
        "tone": _line(70),
        "avoid": _line(70),
        "why": _line(90),
        "pace": also(
            record(_pace, {"in": decimal(1, 20), "out": decimal(1, 20), "times": whole(1, 20)}),
            _longer_out,
        ),
        "ask": listed(_ask, 1, 6, _field),
        "only": also(_ONLY, _not_empty, minProperties=1),
        "gate": one_of(STANDARD, CRITICAL),
        "techniques": listed(slug, 1, 3, str),
    },
)
_PHASE = titled("phase", record(Phase, {"title": _line(16), "steps": listed(titled("step", _STEP), 1, 20)}))
CHECKLIST = record(
    _checklist,
    {
        "id": slug,
        "language": _LANGUAGE,
        "revision": REVISION,
        "reviewed": day,
        "title": _line(16),
        "summary": _line(64),
        "cooperating": flag,
        "recognise": listed(_line(60), 2, 4, str),
        "reminders": listed(_line(40), 2, 3, str),
        "phases": record(dict, dict.fromkeys(CALL_PHASES, _PHASE)),
        "aftercare": _PHASE,
    },
    fixed={"format": whole(FORMAT, FORMAT)},
)

_RUNG = record(Rung, {"id": one_of(*RUNGS), "do": _HEADLINE, "say": _says(1, 3)})
LADDER = record(
    Ladder,
    {
        "language": _LANGUAGE,
        "revision": REVISION,
        "reviewed": day,
        "rungs": also(listed(_RUNG, 1, len(RUNGS), _id), _mildest_first),
    },
    fixed={"format": whole(FORMAT, FORMAT), "kind": one_of("ladder")},
)

_CARD = record(
    Card,
    {
        "id": slug,
        "title": _line(30),
        "cue": _line(70),
        "do": listed(_line(60), 3, 4, str),
        "say": _says(1, 2),
        "avoid": _line(70),
        "end": one_of(*END),
        "escalate": one_of(*ESCALATE),
    },
    {
        "letter": matching(re.compile("[a-z]"), "value-letter"),
        "numbers": listed(one_of(*NUMBER_KINDS), 1, len(NUMBER_KINDS), str),
    },
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
)

_NUMBER = record(
    _safety_number,
    {
        "kind": one_of(*NUMBER_KINDS),
        "number": matching(re.compile(r"\+?[0-9]([ -]?[0-9]){1,17}"), "value-phone"),
        "source": _line(120),
        "verified": or_null(day),
    },
    {"name": _line(60), "confirmed_by": _line(60)},
)
COUNTRY = record(
    Country,
    {
        "id": matching(re.compile("[A-Z]{2}"), "value-country"),
        "name": _line(40),
        "revision": REVISION,
        "numbers": listed(_NUMBER, 1, 30),
    },
    fixed={"format": whole(FORMAT, FORMAT), "kind": one_of("country")},
)
