"""What is wrong with the content as a whole: every file by itself, and the files of a library among each other.

Each rule looks at the library and yields faults; a further rule is one more function in `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import combinations, product
from pathlib import Path
from typing import Any, TypeVar

from deescalate_tui import checklists_paths as paths
from deescalate_tui import checklists_techniques as techniques
from deescalate_tui import checklists_texts as texts
from deescalate_tui.checklist import PHASES, Card, Checklist, Rung, Step
from deescalate_tui.checklist_yaml import phase_path
from deescalate_tui.clean import clean
from deescalate_tui.content_file import BESIDE, CARDS, FOLDERS, LADDER, SUFFIX, TOP, ContentFile, file_called, names_in
from deescalate_tui.errors import ContentFaults, Fault, FileFault
from deescalate_tui.files import fault_of
from deescalate_tui.library import BUILT_IN_TYPES, Library

SHARED_AT_MOST = 3
"""Two built-in types of a language share at most one say-line in so many."""

T = TypeVar("T")
Rule = Callable[[Library], Iterator[Fault]]
Part = Step | Rung | Card


def check(library: Library) -> tuple[Fault, ...]:
    """Everything that is wrong, in all the roots of the library."""
    return tuple(fault for rule in RULES for fault in rule(library))


def _broken(library: Library) -> Iterator[Fault]:
    """Every file of every root, also where a higher root replaces it."""
    for root in library.roots:
        for top in TOP:
            yield from _refused(top, root)
        for folder in FOLDERS:
            names, faults = names_in(root, folder)
            yield from faults
            for name in names:
                file = file_called(folder, name)
                if file is not None:
                    yield from _refused(file, root)


def _refused(file: ContentFile[Any], root: Path) -> tuple[Fault, ...]:
    try:
        file.load(root)
    except ContentFaults as error:
        return error.faults
    return ()


def _misplaced(library: Library) -> Iterator[Fault]:
    """Files and folders that nobody will ever look into."""
    known = (*FOLDERS, *(file.path for file in TOP), *BESIDE)
    for root in library.roots:
        try:
            entries = sorted(root.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            yield fault_of(root, error)
            continue
        for path in entries:
            if path.name.startswith(".") or path.name in known:
                continue
            if path.is_dir() or path.suffix in (SUFFIX, ".yml"):
                yield Fault(clean(str(path)), "file-misplaced", allowed=", ".join(FOLDERS))


def _missing(library: Library) -> Iterator[Fault]:
    """Each language has the built-in types, the ladder and the cards; types of one's own may be in one alone."""
    for top in TOP:
        if not any((root / top.path).exists() for root in library.roots):
            yield Fault(top.path, "content-missing")
    for language in library.languages():
        for name in (*BUILT_IN_TYPES, LADDER, CARDS):
            if name not in library.names(language):
                yield Fault(f"{language}/{name}{SUFFIX}", "content-missing")


def _types_alike(library: Library) -> Iterator[Fault]:
    """A type has the same steps with the same structure in all its languages."""
    first_of: dict[str, Checklist] = {}
    for other in paths.all_types(library):
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
    """Two built-in types of a language do not say the same. A type of one's own may lean on another."""
    for language in library.languages():
        built_in = [checklist for checklist in library.types(language) if checklist.id in BUILT_IN_TYPES]
        for first, other in combinations(built_in, 2):
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


RULES: tuple[Rule, ...] = (
    _broken,
    _misplaced,
    _missing,
    _types_alike,
    _ladders_alike,
    _cards_alike,
    _titles,
    _say_lines,
    paths.main_path,
    paths.longest_path,
    paths.unreachable,
    paths.dead_ends,
    paths.without_help,
    techniques.named,
    techniques.covered,
    texts.quotes,
    texts.exclamations,
    texts.words,
)
