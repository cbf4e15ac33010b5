"""What is wrong with the content as a whole: every file by itself, and the files of a library among each other.

Each rule looks at the library and yields faults; a further rule is one more function in `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import combinations, product
from typing import TypeVar

from deescalate_tui.checklist import CALL_PHASES, CHANNELS, LEVELS, PHASES, Card, Checklist, Phase, Rung, Step
from deescalate_tui.checklist_yaml import phase_path
from deescalate_tui.clean import clean
from deescalate_tui.content_file import CARDS, FOLDERS, LADDER, SUFFIX, file_called, names_in
from deescalate_tui.errors import ContentFaults, Fault, FileFault
from deescalate_tui.fields import FIELDS
from deescalate_tui.files import fault_of
from deescalate_tui.library import BUILT_IN_TYPES, Library

MAX_AFTERCARE = 5
MAX_PATH = 9
"""Steps that one walk through a phase may show, whatever is heard and answered."""
MAIN_PATH = {True: (2, 5, 12), False: (4, 7, 18)}
"""By `cooperating`: the fewest and most steps of a phase, and the most of a call, where nothing special happens."""
SHARED_AT_MOST = 3
"""Two types of a language share at most one say-line in so many."""
TECHNIQUES_FILE = f"techniques{SUFFIX}"

T = TypeVar("T")
Rule = Callable[[Library], Iterator[Fault]]
Part = Step | Rung | Card


def check(library: Library) -> tuple[Fault, ...]:
    """Everything that is wrong, in all the roots of the library."""
    return tuple(fault for rule in RULES for fault in rule(library))


def _broken(library: Library) -> Iterator[Fault]:
    """Every file of every root, also where a higher root replaces it."""
    for root in library.roots:
        for folder in FOLDERS:
            names, faults = names_in(root, folder)
            yield from faults
            for name in names:
                file = file_called(folder, name)
                try:
                    if file is not None:
                        file.load(root)
                except ContentFaults as error:
                    yield from error.faults


def _misplaced(library: Library) -> Iterator[Fault]:
    """Files and folders that nobody will ever look into."""
    for root in library.roots:
        try:
            paths = sorted(root.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            yield fault_of(root, error)
            continue
        for path in paths:
            if path.name.startswith(".") or path.name in (*FOLDERS, TECHNIQUES_FILE):
                continue
            if path.is_dir() or path.suffix in (SUFFIX, ".yml"):
                yield Fault(clean(str(path)), "file-misplaced", allowed=", ".join(FOLDERS))


def _missing(library: Library) -> Iterator[Fault]:
    """Each language has the built-in types, the ladder and the cards; types of one's own may be in one alone."""
    for language in library.languages():
        for name in (*BUILT_IN_TYPES, LADDER, CARDS):
            if name not in library.names(language):
                yield Fault(f"{language}/{name}{SUFFIX}", "content-missing")


def _types_alike(library: Library) -> Iterator[Fault]:
    """A type has the same steps with the same structure in all its languages."""
    first_of: dict[str, Checklist] = {}
    for other in _all_types(library):
        first = first_of.setdefault(other.id, other)
        place = partial(library.place, other)
        if other.cooperating != first.cooperating:
            yield _unlike(place("cooperating"), other.id, "cooperating", first.language)
        for name in PHASES:
            steps = partial(place, *phase_path(name), "steps")
            yield from _alike(steps, other.phase(name).steps, first.phase(name).steps, first.language)


def _ladders_alike(library: Library) -> Iterator[Fault]:
    ladders = _valid(library, library.ladder)
    for other in ladders[1:]:
        yield from _alike(partial(library.place, other, "rungs"), other.rungs, ladders[0].rungs, ladders[0].language)


def _cards_alike(library: Library) -> Iterator[Fault]:
    found = _valid(library, library.cards)
    for other in found[1:]:
        yield from _alike(partial(library.place, other, "cards"), other.cards, found[0].cards, found[0].language)


def _valid(library: Library, read: Callable[[str], T]) -> list[T]:
    """What every language has, where it has a valid one: the rest is told by other rules."""
    found = []
    for language in library.languages():
        with suppress(ContentFaults, FileFault):
            found.append(read(language))
    return found


_STRUCTURE: dict[type[Part], tuple[str, ...]] = {
    Step: ("pace", "ask", "only", "gate", "techniques"),
    Rung: (),
    Card: ("letter", "end", "escalate", "numbers"),
}
"""The parts that no language changes."""


def _alike(
    place: Callable[..., str], found: Sequence[Part], expected: Sequence[Part], language: str
) -> Iterator[Fault]:
    """The same ids in the same order, and the same structure, as in the first language."""
    ids, wanted = [item.id for item in found], [item.id for item in expected]
    if ids != wanted:
        yield Fault(place(), "parity-ids", found=", ".join(ids), expected=", ".join(wanted), language=language)
        return
    for index, (item, same) in enumerate(zip(found, expected, strict=True)):
        for part in _STRUCTURE[type(item)]:
            if _structure(item, part) != _structure(same, part):
                yield _unlike(place(index, part), item.id, part, language)


def _structure(item: Part, part: str) -> object:
    value = getattr(item, part)
    return [ask.field for ask in value] if part == "ask" else value


def _unlike(place: str, name: str, part: str, language: str) -> Fault:
    return Fault(place, "parity-part", name=name, part=part, language=language)


def _titles(library: Library) -> Iterator[Fault]:
    """A phase is called the same in all types of a language."""
    for language in library.languages():
        types = library.types(language)
        for other, name in product(types[1:], PHASES):
            title = types[0].phase(name).title
            if other.phase(name).title != title:
                place = library.place(other, *phase_path(name), "title")
                yield Fault(place, "title-differs", expected=title, other=types[0].id)


def _say_lines(library: Library) -> Iterator[Fault]:
    """Two types of a language do not say the same."""
    for language in library.languages():
        for first, other in combinations(library.types(language), 2):
            said, lines = _lines(first), _lines(other)
            shared = [line for line in lines if line in said]
            most = min(len(said), len(lines)) // SHARED_AT_MOST
            if len(shared) > most:
                place = library.place(other, *lines[shared[0]])
                yield Fault(place, "say-shared", other=first.id, found=len(shared), most=most)


def _lines(checklist: Checklist) -> dict[str, tuple[str | int, ...]]:
    """Every say-line, without regard to capitals and spaces, and the path to it."""
    return {
        " ".join(line.casefold().split()): (*phase_path(name), "steps", index, "say", number)
        for name in PHASES
        for index, step in enumerate(checklist.phase(name).steps)
        for number, line in enumerate(step.say)
    }


def _main_path(library: Library) -> Iterator[Fault]:
    """Where nothing special happens, a phase and a call are neither too short nor too long."""
    for checklist, channel in product(_all_types(library), CHANNELS):
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


def _longest_path(library: Library) -> Iterator[Fault]:
    """No phase ever shows more steps than can be kept in mind."""
    for checklist, name in product(_all_types(library), PHASES):
        paths = product(LEVELS, CHANNELS, _answers(checklist.phase(name)))
        level, channel, answers = max(paths, key=lambda path: _shown(checklist, name, *path))
        found = _shown(checklist, name, level, channel, answers)
        if found > MAX_PATH:
            only = {"level": level, "channel": channel, **answers}
            path = ", ".join(f"{part}: {value}" for part, value in only.items())
            place = library.place(checklist, *phase_path(name), "steps")
            yield Fault(place, "count-path", phase=name, path=path, found=found, most=MAX_PATH)


def _all_types(library: Library) -> list[Checklist]:
    return [checklist for language in library.languages() for checklist in library.types(language)]


def _shown(checklist: Checklist, phase: str, level: int | None, channel: str, answers: dict[str, str]) -> int:
    return sum(step.only.holds(level, channel, answers) for step in checklist.phase(phase).steps)


def _answers(phase: Phase) -> list[dict[str, str]]:
    """Every combination of answers that makes a difference in the phase."""
    fields = sorted({field for step in phase.steps for field, _ in step.only.answers})
    combinations = product(*(("", *FIELDS[field].options) for field in fields))
    return [{field: value for field, value in zip(fields, values, strict=True) if value} for values in combinations]


RULES: tuple[Rule, ...] = (
    _broken,
    _misplaced,
    _missing,
    _types_alike,
    _ladders_alike,
    _cards_alike,
    _titles,
    _say_lines,
    _main_path,
    _longest_path,
)
