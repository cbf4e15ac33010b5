"""From the bytes of a content file to its frozen value, or to every fault that the file has.

A value that comes out of here keeps every rule that one file alone can break; `library` sees that a
file lies where it belongs, `content.check` compares files.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import msgspec

from deescalate_tui.call.checklist import (
    CALL_PHASES,
    CHANNELS,
    CRITICAL,
    FORMAT,
    PHASES,
    Cards,
    Checklist,
    Country,
    Ladder,
)
from deescalate_tui.call.fields import CHOICE, FIELDS
from deescalate_tui.content.nodes import items, said, under
from deescalate_tui.content.schema import Shape
from deescalate_tui.content.yaml_strict import Faults, Mapping, Node, Scalar, scan
from deescalate_tui.errors import ContentFaults

# The shapes of the files, `content.formats`, are imported late: where the content is in the cache, nothing is parsed.
MAX_CRITICAL = 2
"""Critical steps a phase may have."""

Locator = Callable[..., str]

V = TypeVar("V", bound=msgspec.Struct)


def parse_checklist(data: bytes, place: str) -> Checklist:
    """A customer type. Raises ContentFaults."""
    from deescalate_tui.content.formats import CHECKLIST

    return parsed(data, place, CHECKLIST, _between_steps)


def parse_ladder(data: bytes, place: str) -> Ladder:
    """The limit ladder of a language. Raises ContentFaults."""
    from deescalate_tui.content.formats import LADDER

    return parsed(data, place, LADDER)


def parse_cards(data: bytes, place: str) -> Cards:
    """The cards of a language. Raises ContentFaults."""
    from deescalate_tui.content.formats import CARDS

    return parsed(data, place, CARDS)


def parse_country(data: bytes, place: str) -> Country:
    """The safety numbers of a country. Raises ContentFaults."""
    from deescalate_tui.content.formats import COUNTRY

    return parsed(data, place, COUNTRY)


def tree(data: bytes) -> Node | None:
    """The tree of a file, whatever is wrong with it; None where it has no meaning at all."""
    try:
        return scan(data, Faults(""))
    except ContentFaults:
        return None


def locator(root: Node | None, place: str) -> Locator:
    """What tells `place:line:column` of what keys and positions lead to in a tree, as far as they lead anywhere."""

    def located(*path: str | int) -> str:
        marks = [node.mark for depth in range(len(path) + 1) if (node := under(root, *path[:depth])) is not None]
        line, column = marks[-1] if marks else (1, 1)
        return f"{place}:{line}:{column}"

    return located


def locate(data: bytes, place: str, *path: str | int) -> str:
    """The same, for a single path in the bytes of a file."""
    return locator(tree(data), place)(*path)


def phase_path(phase: str) -> tuple[str, ...]:
    """The keys under which a phase stands in a file."""
    return ("phases", phase) if phase in CALL_PHASES else (phase,)


def parsed(data: bytes, place: str, shape: Shape[V], *rules: Callable[[Node, Faults], None]) -> V:
    """The value of a content file, of a kind that keeps its `sha256`. Raises ContentFaults, with the value if any."""
    faults = Faults(place)
    root = scan(data, faults)
    number = under(root, "format")
    if isinstance(number, Scalar) and re.fullmatch("[1-9][0-9]{0,8}", number.text) and int(number.text) > FORMAT:
        faults.stop(number.mark, "format-newer", found=number.text, known=FORMAT)
    value = shape(root, faults)
    for rule in rules:
        rule(root, faults)
    if value is None or faults:
        raise faults.error(value)
    # Late: a start whose content is cached parses nothing, and this import takes longer than all the rest of it.
    from hashlib import sha256

    return msgspec.structs.replace(value, sha256=sha256(data).hexdigest())


def _between_steps(root: Node, faults: Faults) -> None:
    """What steps demand of each other: own ids, few critical ones, answers given before they are used."""
    ids: set[str] = set()
    asked: dict[str, set[str]] = {}
    for phase in PHASES:
        critical = 0
        for step in items(under(root, *phase_path(phase), "steps")):
            name = under(step, "id")
            if name is not None and said(name) in ids:
                faults.add(name.mark, "step-doubled", name=said(name))
            ids.add(said(name))
            gate = under(step, "gate")
            critical += said(gate) == CRITICAL
            if gate is not None and said(gate) == CRITICAL and critical > MAX_CRITICAL:
                faults.add(gate.mark, "step-critical", most=MAX_CRITICAL)
            _answered_before(step, asked, faults)
            for question in items(under(step, "ask")):
                asked.setdefault(said(under(question, "field")), set()).update(channels_of(step))


def _answered_before(step: Node, asked: dict[str, set[str]], faults: Faults) -> None:
    only = under(step, "only")
    for key in only.keys if isinstance(only, Mapping) else ():
        field = FIELDS.get(key.text)
        if field is not None and field.kind == CHOICE and not asked.get(field.id, set()) & channels_of(step):
            faults.add(key.mark, "only-not-asked", name=field.id)


def channels_of(step: Node) -> set[str]:
    """Where a step can be reached, as far as it says so itself."""
    return {said(channel) for channel in items(under(step, "only", "channel"))} or set(CHANNELS)
