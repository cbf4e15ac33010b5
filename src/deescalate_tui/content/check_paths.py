"""Every way through a checklist, explored: how long it gets, what it never shows, and whether help is on it.

A path is a channel, a level and what was answered by then. The level may change from step to step; the channel may
too, but what an e-mail asked is not known on the telephone, so each channel has to lead through by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import msgspec

from deescalate_tui.call.checklist import CALL_PHASES, CHANNELS, EMAIL, LEVELS, PHASES, Checklist, Phase, Step
from deescalate_tui.call.fields import FIELDS
from deescalate_tui.content.from_yaml import phase_path
from deescalate_tui.content.library import Library
from deescalate_tui.errors import Fault

MAX_AFTERCARE = 5
LINES_TO_WRITE = 2
"""Lines to write that each phase of an e-mail has at least."""
APOLOGY = "apologise"
"""The technique that a session has room for once."""
MAX_PATH = 9
"""Steps that one walk through a phase may show, whatever is heard and answered."""
MAIN_PATH = {True: (2, 5, 12), False: (4, 7, 18)}
"""By `cooperating`: the fewest and most steps of a phase, and the most of a call, where nothing special happens."""
HELP_TECHNIQUE, HELP_FIELD = "get-support", "helper"
POSSIBLE, FULLY = "possible", "yes"
"""The question whether the demand can be met, and the answer that needs nobody else."""

Answers = frozenset[tuple[str, str]]


class Walk(msgspec.Struct, frozen=True):
    """What one can get to on a channel."""

    steps: frozenset[str]
    answers: frozenset[Answers]
    """Every set of answers that makes a difference; a question may be left unanswered."""


def walk(checklist: Checklist, channel: str) -> Walk:
    """Every step that some level and some answers lead to, and every set of answers one can end with."""
    counting = {field for _, step in checklist.steps() for field, _ in step.only.answers} | {POSSIBLE}
    steps: set[str] = set()
    known: set[Answers] = {frozenset()}
    for _, step in checklist.steps():
        leading = {answers for answers in known if _at_some_level(step, channel, answers)}
        if leading:
            steps.add(step.id)
            known |= _answered(step, leading, counting)
    return Walk(frozenset(steps), frozenset(known))


def _at_some_level(step: Step, channel: str, answers: Answers) -> bool:
    return any(step.only.holds(level, channel, dict(answers)) for level in LEVELS)


def _answered(step: Step, leading: set[Answers], counting: set[str]) -> set[Answers]:
    found = set(leading)
    for ask in step.ask:
        if ask.field in counting:
            open_yet = {answers for answers in found if ask.field not in dict(answers)}
            found |= {answers | {(ask.field, option.value)} for answers in open_yet for option in ask.options}
    return found


def main_path(library: Library) -> Iterator[Fault]:
    """Where nothing special happens, a phase and a call are neither too short nor too long."""
    for checklist, channel in product(all_types(library), CHANNELS):
        least, most, whole = MAIN_PATH[checklist.cooperating]
        limits = {**dict.fromkeys(CALL_PHASES, (least, most)), "aftercare": (0, MAX_AFTERCARE)}
        counts = {name: _shown(checklist, name, None, channel, {}) for name in PHASES}
        for name, (low, high) in limits.items():
            if not low <= counts[name] <= high:
                params = {"phase": name, "channel": channel, "found": counts[name], "least": low, "most": high}
                yield Fault(library.place(checklist, *phase_path(name), "steps"), "count-phase", **params)
        total = sum(counts[name] for name in CALL_PHASES)
        if total > whole:
            yield Fault(library.place(checklist, "phases"), "count-call", channel=channel, found=total, most=whole)


def longest_path(library: Library) -> Iterator[Fault]:
    """No phase ever shows more steps than can be kept in mind."""
    for checklist, name in product(all_types(library), PHASES):
        paths = product(LEVELS, CHANNELS, _all_answers(checklist.phase(name)))
        level, channel, answers = max(paths, key=lambda path: _shown(checklist, name, *path))
        found = _shown(checklist, name, level, channel, answers)
        if found > MAX_PATH:
            place = library.place(checklist, *phase_path(name), "steps")
            path = _path(level, channel, answers)
            yield Fault(place, "count-path", phase=name, path=path, found=found, most=MAX_PATH)


def unreachable(library: Library) -> Iterator[Fault]:
    """A step that nothing one hears or answers leads to."""
    for checklist in all_types(library):
        reached = frozenset().union(*(walk(checklist, channel).steps for channel in CHANNELS))
        before: list[Step] = []
        for name in PHASES:
            for index, step in enumerate(checklist.phase(name).steps):
                if step.id not in reached and _is_asked(step, before):
                    place = library.place(checklist, *phase_path(name), "steps", index, "only")
                    yield Fault(place, "path-unreachable", name=step.id)
                before.append(step)


def _is_asked(step: Step, before: list[Step]) -> bool:
    """Whether what the step waits for is asked before it, on a channel of its own: if not, its file tells so itself."""
    asked = {ask.field for other in before if _channels(other) & _channels(step) for ask in other.ask}
    return asked.issuperset(field for field, _ in step.only.answers)


def _channels(step: Step) -> set[str]:
    return set(step.only.channels or CHANNELS)


def dead_ends(library: Library) -> Iterator[Fault]:
    """A phase of the call that, on some path, has nothing to show."""
    for checklist, channel in product(all_types(library), CHANNELS):
        paths = _paths(checklist, channel)
        for name in CALL_PHASES:
            for level, _, answers in paths:
                if not _shown(checklist, name, level, channel, answers):
                    place = library.place(checklist, *phase_path(name), "steps")
                    yield Fault(place, "path-dead-end", phase=name, path=_path(level, channel, answers))
                    break


def without_lines_to_write(library: Library) -> Iterator[Fault]:
    """A phase that, on some path of an e-mail, gives too little to write."""
    for checklist in all_types(library):
        paths = _paths(checklist, EMAIL)
        for name in CALL_PHASES:
            for level, channel, answers in paths:
                steps = [step for step in checklist.phase(name).steps if step.only.holds(level, channel, answers)]
                found = sum(len(step.write) for step in steps)
                if steps and found < LINES_TO_WRITE:
                    place = library.place(checklist, *phase_path(name), "steps")
                    path = _path(level, channel, answers)
                    yield Fault(place, "count-write", phase=name, path=path, found=found, least=LINES_TO_WRITE)
                    break


def breaths_in_writing(library: Library) -> Iterator[Fault]:
    """A breath to hear out, where nobody speaks."""
    for checklist in all_types(library):
        reached = walk(checklist, EMAIL).steps
        for name in CALL_PHASES:
            for index, step in enumerate(checklist.phase(name).steps):
                if step.pace is not None and step.id in reached:
                    yield Fault(library.place(checklist, *phase_path(name), "steps", index, "pace"), "path-pace")


def apologies(library: Library) -> Iterator[Fault]:
    """A path with more than one apology: the second takes back what the first has given."""
    for checklist in all_types(library):
        for level, channel, answers in _paths(checklist, *CHANNELS):
            found = [
                (name, index)
                for name in PHASES
                for index, step in enumerate(checklist.phase(name).steps)
                if APOLOGY in step.techniques and step.only.holds(level, channel, answers)
            ]
            if len(found) > 1:
                name, index = found[1]
                place = library.place(checklist, *phase_path(name), "steps", index, "techniques")
                yield Fault(place, "count-apology", path=_path(level, channel, answers), technique=APOLOGY)
                break


def without_help(library: Library) -> Iterator[Fault]:
    """Where the demand cannot be met in full, or nobody asks whether it can, a step brings somebody in.

    The silent sign is always there; this is the step that makes the agent think of it, and notes who came.
    """
    for checklist, channel in product(all_types(library), CHANNELS):
        found = walk(checklist, channel)
        asked = any(POSSIBLE in dict(answers) for answers in found.answers)
        for level, answers in product(LEVELS, _sorted(found)):
            # A question that was skipped can still be gone back to: the path goes on from its answers.
            settled = answers.get(POSSIBLE) == FULLY or (asked and POSSIBLE not in answers)
            if not settled and not _brings_help(checklist, level, channel, answers):
                place = library.place(checklist, "phases")
                yield Fault(place, "path-no-help", path=_path(level, channel, answers))
                break


def _brings_help(checklist: Checklist, level: int, channel: str, answers: Mapping[str, str]) -> bool:
    steps = [step for name, step in checklist.steps() if name in CALL_PHASES]
    return any(
        HELP_TECHNIQUE in step.techniques or any(ask.field == HELP_FIELD for ask in step.ask)
        for step in steps
        if step.only.holds(level, channel, answers)
    )


def all_types(library: Library) -> list[Checklist]:
    """Every valid customer type in every language."""
    return [checklist for language in library.languages() for checklist in library.types(language)]


def _paths(checklist: Checklist, *channels: str) -> list[tuple[int, str, dict[str, str]]]:
    """Every level with every set of answers, channel by channel, the simplest first."""
    found = [(channel, _sorted(walk(checklist, channel))) for channel in channels]
    return [(level, channel, answers) for channel, sets in found for level, answers in product(LEVELS, sets)]


def _sorted(found: Walk) -> list[dict[str, str]]:
    """The sets of answers, the smallest first: a fault names no more than what it takes."""
    return sorted(
        (dict(sorted(answers)) for answers in found.answers), key=lambda answers: (len(answers), str(answers))
    )


def _path(level: int, channel: str, answers: Mapping[str, str]) -> str:
    only = {"level": level, "channel": channel, **answers}
    return ", ".join(f"{part}: {value}" for part, value in only.items())


def _shown(checklist: Checklist, phase: str, level: int | None, channel: str, answers: Mapping[str, str]) -> int:
    return sum(step.only.holds(level, channel, answers) for step in checklist.phase(phase).steps)


def _all_answers(phase: Phase) -> list[dict[str, str]]:
    """Every combination of answers that makes a difference in the phase."""
    fields = sorted({field for step in phase.steps for field, _ in step.only.answers})
    combinations = product(*(("", *FIELDS[field].options) for field in fields))
    return [{field: value for field, value in zip(fields, values, strict=True) if value} for values in combinations]
