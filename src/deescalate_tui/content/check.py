"""What is wrong with the content as a whole: every file by itself, and the files of a library among each other.

Each rule looks at the drafts and yields faults; a further rule is one more function in `RULES`. A file that is refused
takes part in all of them as far as it is plain what it means, so that everything is told in one run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple, TypeVar

from deescalate_tui.call.checklist import ALONE, PHASES, Card, Checklist, Rung, Step
from deescalate_tui.clean import clean
from deescalate_tui.content import check_paths as paths
from deescalate_tui.content import check_techniques as techniques
from deescalate_tui.content import check_texts as texts
from deescalate_tui.content.check_drafts import Drafts
from deescalate_tui.content.file import BESIDE, CARDS, FOLDERS, LADDER, SUFFIX, TOP, file_called, names_in
from deescalate_tui.content.from_yaml import phase_path
from deescalate_tui.content.library import BUILT_IN_TYPES, Library
from deescalate_tui.errors import ContentFaults, Fault, FileFault, in_order
from deescalate_tui.files import fault_of

SHARED_AT_MOST = 3
"""Two built-in types of a language share at most one say-line in so many."""

T = TypeVar("T")
Rule = Callable[[Drafts], Iterator[Fault]]
Part = Step | Rung | Card


def check(library: Library) -> tuple[Fault, ...]:
    """Everything that is wrong, in all the roots of the library, file by file."""
    drafts = Drafts.of(library)
    return in_order(fault for rule in RULES for fault in rule(drafts))


def _broken(drafts: Drafts) -> Iterator[Fault]:
    """Every file of every root, also where a higher root replaces it."""
    for root in drafts.roots:
        found = [(folder, *names_in(root, folder)) for folder in FOLDERS]
        yield from (fault for _, _, faults in found for fault in faults)
        for file in (*TOP, *(file_called(folder, name) for folder, names, _ in found for name in names)):
            draft = drafts.draft(root, file) if file is not None else None
            yield from draft.faults if draft is not None else ()


def _misplaced(drafts: Drafts) -> Iterator[Fault]:
    """Files and folders that nobody will ever look into."""
    known = (*FOLDERS, *(file.path for file in TOP), *BESIDE)
    for root in drafts.roots:
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


def _missing(drafts: Drafts) -> Iterator[Fault]:
    """Each language has the built-in types, the ladder and the cards; types of one's own may be in one alone."""
    for top in TOP:
        if not any((root / top.path).exists() for root in drafts.roots):
            yield Fault(top.path, "content-missing")
    for language in drafts.languages():
        for name in (*BUILT_IN_TYPES, LADDER, CARDS):
            if name not in drafts.names(language):
                yield Fault(f"{language}/{name}{SUFFIX}", "content-missing")


class Version(NamedTuple):
    """What one language has of something that all of them have, or one type of what all types have."""

    name: str
    place: Callable[..., str]
    value: Any


def _types_alike(drafts: Drafts) -> Iterator[Fault]:
    """A type has the same steps with the same structure in all its languages."""
    by_type: dict[str, list[Checklist]] = {}
    for checklist in paths.all_types(drafts):
        by_type.setdefault(checklist.id, []).append(checklist)
    for type_id, types in by_type.items():
        cooperating = [Version(it.language, partial(drafts.place, it, "cooperating"), it.cooperating) for it in types]
        yield from _parts_alike(cooperating, type_id, "cooperating")
        for name in PHASES:
            path = (*phase_path(name), "steps")
            steps = [Version(it.language, partial(drafts.place, it, *path), it.phase(name).steps) for it in types]
            # What one says to oneself is a matter of taste, and so is whether one says it.
            yield from _alike(steps, ("write",) if name in ALONE else LINES)


def _ladders_alike(drafts: Drafts) -> Iterator[Fault]:
    ladders = _valid(drafts, drafts.ladder)
    yield from _alike([Version(it.language, partial(drafts.place, it, "rungs"), it.rungs) for it in ladders])


def _cards_alike(drafts: Drafts) -> Iterator[Fault]:
    found = _valid(drafts, drafts.cards)
    yield from _alike([Version(it.language, partial(drafts.place, it, "cards"), it.cards) for it in found])


def _valid(drafts: Drafts, read: Callable[[str], T]) -> list[T]:
    """What every language has, where it has a valid one: the rest is told by other rules."""
    found = []
    for language in drafts.languages():
        with suppress(ContentFaults, FileFault):
            found.append(read(language))
    return found


LINES = ("say", "write")
"""The parts whose words differ, though no language goes without them."""
_STRUCTURE: dict[type[Part], tuple[str, ...]] = {
    Step: ("pace", "ask", "only", "gate", "techniques"),
    Rung: (),
    Card: ("letter", "end", "escalate", "numbers", "recording"),
}
"""The parts that no language changes."""


def _alike(versions: Sequence[Version], lines: Iterable[str] = LINES) -> Iterator[Fault]:
    """The same ids in the same order, and in each the same structure; lines where the others have some."""
    ids = [it._replace(value=", ".join(part.id for part in it.value)) for it in versions]
    for odd, usual in _odd(ids):
        yield Fault(odd.place(), "parity-ids", found=odd.value, expected=usual.value, language=usual.name)
    like = [it for it, own in zip(versions, ids, strict=True) if own.value == _usual(ids).value]
    for index, part in enumerate(like[0].value if like else ()):
        for name in _STRUCTURE[type(part)]:
            yield from _parts_alike(_each(like, index, name, _structure), part.id, name)
        for name in lines:
            for odd, usual in _odd(_each(like, index, name, lambda item, name: bool(getattr(item, name)))):
                yield Fault(odd.place(), "parity-lines", name=part.id, part=name, language=usual.name)


def _each(versions: Sequence[Version], index: int, name: str, get: Callable[[Part, str], object]) -> list[Version]:
    """One part of one item, in every version."""
    return [Version(it.name, partial(it.place, index, name), get(it.value[index], name)) for it in versions]


def _parts_alike(versions: Sequence[Version], name: str, part: str) -> Iterator[Fault]:
    for odd, usual in _odd(versions):
        yield Fault(odd.place(), "parity-part", name=name, part=part, language=usual.name)


def _odd(versions: Sequence[Version]) -> Iterator[tuple[Version, Version]]:
    """Those that are not like most of the others, each with the first of these."""
    return ((it, _usual(versions)) for it in versions if it.value != _usual(versions).value)


def _usual(versions: Sequence[Version]) -> Version:
    """The first of those whose value most of them have; where no value is more usual, the first of all."""
    values = [it.value for it in versions]
    return max(versions, key=lambda it: values.count(it.value))


def _structure(item: Part, part: str) -> object:
    value = getattr(item, part)
    return [ask.field for ask in value] if part == "ask" else value


def _titles(drafts: Drafts) -> Iterator[Fault]:
    """A phase is called the same in all types of a language."""
    for language in drafts.languages():
        for name in PHASES:
            path = (*phase_path(name), "title")
            titles = [
                Version(it.id, partial(drafts.place, it, *path), it.phase(name).title)
                for it in drafts.types(language)
                if it.phase(name).title
            ]
            for odd, usual in _odd(titles):
                yield Fault(odd.place(), "title-differs", expected=usual.value, other=usual.name)


def _say_lines(drafts: Drafts) -> Iterator[Fault]:
    """Two built-in types of a language do not say the same. A type of one's own may lean on another."""
    for language in drafts.languages():
        built_in = [checklist for checklist in drafts.types(language) if checklist.id in BUILT_IN_TYPES]
        for first, other in combinations(built_in, 2):
            said, lines = _lines(first), _lines(other)
            shared = [line for line in lines if line in said]
            most = min(len(said), len(lines)) // SHARED_AT_MOST
            if len(shared) > most:
                place = drafts.place(other, *lines[shared[0]])
                yield Fault(place, "say-shared", other=first.id, found=len(shared), most=most)


def _lines(checklist: Checklist) -> dict[str, tuple[str | int, ...]]:
    """Every line to say or to write, without regard to capitals and spaces, and the path to it."""
    return {
        " ".join(line.casefold().split()): (*phase_path(name), "steps", index, key, number)
        for name in PHASES
        for index, step in enumerate(checklist.phase(name).steps)
        for key, lines in (("say", step.say), ("write", step.write))
        for number, line in enumerate(lines)
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
    paths.without_lines_to_write,
    paths.breaths_in_writing,
    paths.apologies,
    paths.without_help,
    techniques.named,
    techniques.covered,
    texts.quotes,
    texts.exclamations,
    texts.words,
    texts.phone_words,
)
