"""Every text of a content file that a person reads or says, with the way to it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from deescalate_tui.checklist import PHASES, Cards, Checklist, Ladder, Step
from deescalate_tui.checklist_yaml import phase_path

Path = tuple[str | int, ...]
ALONE = ("control", "aftercare")
"""Phases whose lines an agent says to nobody else."""


class Text(msgspec.Struct, frozen=True):
    """One text."""

    path: Path
    """The keys and positions that lead to it."""
    text: str
    spoken: bool = False
    """It is said or written to a customer."""


def texts_of(value: Checklist | Ladder | Cards) -> Iterator[Text]:
    """The texts in the order of their file."""
    if isinstance(value, Checklist):
        yield from _of_checklist(value)
    elif isinstance(value, Ladder):
        for index, rung in enumerate(value.rungs):
            yield Text(("rungs", index, "do"), rung.do)
            yield from _list(("rungs", index, "say"), rung.say, spoken=True)
    else:
        for index, card in enumerate(value.cards):
            path = ("cards", index)
            yield Text((*path, "title"), card.title)
            yield Text((*path, "cue"), card.cue)
            yield from _list((*path, "do"), card.do)
            yield from _list((*path, "say"), card.say, spoken=True)
            yield Text((*path, "avoid"), card.avoid)


def step_texts(step: Step, path: Path = (), *, spoken: bool = True) -> Iterator[Text]:
    """The texts of one step, which stands at `path`."""
    yield Text((*path, "do"), step.do)
    yield from _list((*path, "say"), step.say, spoken=spoken)
    for name, text in (("tone", step.tone), ("avoid", step.avoid), ("why", step.why)):
        if text:
            yield Text((*path, name), text)
    for number, ask in enumerate(step.ask):
        yield Text((*path, "ask", number, "label"), ask.label)
        for option in ask.options:
            yield Text((*path, "ask", number, "options", option.value), option.label)


def _of_checklist(checklist: Checklist) -> Iterator[Text]:
    yield Text(("title",), checklist.title)
    yield Text(("summary",), checklist.summary)
    yield from _list(("recognise",), checklist.recognise)
    yield from _list(("reminders",), checklist.reminders)
    for name in PHASES:
        phase = checklist.phase(name)
        yield Text((*phase_path(name), "title"), phase.title)
        for index, step in enumerate(phase.steps):
            yield from step_texts(step, (*phase_path(name), "steps", index), spoken=name not in ALONE)


def _list(path: Path, lines: tuple[str, ...], *, spoken: bool = False) -> Iterator[Text]:
    for index, line in enumerate(lines):
        yield Text((*path, index), line, spoken)
