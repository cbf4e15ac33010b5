"""Whether the checklists teach every technique, and the very lines that do."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import partial
from itertools import product

import msgspec

from deescalate_tui.call.checklist import CHANNELS, PHASES, Checklist, Step
from deescalate_tui.content.check_paths import all_types, walk
from deescalate_tui.content.from_yaml import phase_path
from deescalate_tui.content.library import Library
from deescalate_tui.content.techniques import OUTSIDE, Technique
from deescalate_tui.content.texts import step_texts
from deescalate_tui.errors import ContentFaults, Fault, FileFault


class Line(msgspec.Struct, frozen=True):
    """A line that teaches a technique."""

    file: str
    line: int
    step: str
    part: str
    """The key it stands under: `do`, `say`, `tone`, `avoid`, `why` or `ask`."""
    text: str


class Taught(msgspec.Struct, frozen=True):
    """A technique as one checklist teaches it."""

    technique: str
    language: str
    type: str
    lines: tuple[Line, ...]


def named(library: Library) -> Iterator[Fault]:
    """Steps name techniques that there are, and none that belongs in no call."""
    techniques = {technique.id: technique for technique in _techniques(library)}
    if not techniques:
        return
    for checklist in all_types(library):
        for path, step in _steps(checklist):
            for number, name in enumerate(step.techniques):
                place = partial(library.place, checklist, *path, "techniques", number)
                if name not in techniques:
                    near = ", ".join(get_close_matches(name, techniques, n=1)) or "–"
                    yield Fault(place(), "technique-unknown", name=name, near=near)
                elif (outside := techniques[name].phase) in OUTSIDE:
                    yield Fault(place(), "technique-outside", name=name, phase=outside)


def covered(library: Library) -> Iterator[Fault]:
    """Each technique is taught by the checklists of the types it lists, on its channels, with what it asks."""
    techniques = [technique for technique in _techniques(library) if technique.phase not in OUTSIDE]
    for checklist in all_types(library):
        reached = {channel: walk(checklist, channel).steps for channel in CHANNELS}
        for technique in techniques:
            for key, params in _gaps(technique, checklist, reached) if checklist.id in technique.types else ():
                yield Fault(library.place(checklist, "phases"), key, name=technique.id, **params)


def _gaps(
    technique: Technique, checklist: Checklist, reached: dict[str, frozenset[str]]
) -> Iterator[tuple[str, dict[str, object]]]:
    steps = [step for _, step in checklist.steps() if technique.id in step.techniques]
    if not any(step.id in found for step in steps for found in reached.values()):
        yield "technique-missing", {}
        return
    if technique.asks and not any(step.ask for step in steps):
        yield "technique-asks", {"asks": technique.asks}
    for channel in technique.channel or CHANNELS:
        if not any(step.id in reached[channel] for step in steps):
            yield "technique-channel", {"channel": channel}


def taught(library: Library, techniques: tuple[Technique, ...], checklists: list[Checklist]) -> Iterator[Taught]:
    """For each technique and each of the checklists that teaches it or should: the lines of the steps that name it."""
    places = {checklist.sha256: library.places(checklist) for checklist in checklists}
    for technique, checklist in product(techniques, checklists):
        located = places[checklist.sha256]
        lines = [
            Line(*_file_and_line(located(*text.path)), step.id, _part(text.path, path), text.text)
            for path, step in _steps(checklist)
            if technique.id in step.techniques
            for text in step_texts(step, path)
        ]
        if lines or checklist.id in technique.types:
            yield Taught(technique.id, checklist.language, checklist.id, tuple(lines))


def _steps(checklist: Checklist) -> Iterator[tuple[tuple[str | int, ...], Step]]:
    for name in PHASES:
        for index, step in enumerate(checklist.phase(name).steps):
            yield (*phase_path(name), "steps", index), step


def _part(path: tuple[str | int, ...], step: tuple[str | int, ...]) -> str:
    return str(path[len(step)])


def _file_and_line(place: str) -> tuple[str, int]:
    file, line, _ = place.rsplit(":", 2)
    return file, int(line)


def _techniques(library: Library) -> tuple[Technique, ...]:
    try:
        return library.techniques().techniques
    except (ContentFaults, FileFault):
        return ()  # told by other rules
