"""Where checklists, cards, ladders and countries come from: the built-in ones, then the site's, then the user's.

File by file, a later root adds to the earlier ones or replaces them. What does not validate is refused, and the
last good one in line is used instead. Nothing is read before it is asked for, and nothing twice.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from deescalate_tui.call.checklist import LANGUAGES, Cards, Checklist, Country, Ladder
from deescalate_tui.content.cache import ContentCache
from deescalate_tui.content.file import (
    CARDS,
    COUNTRIES,
    LADDER,
    TECHNIQUES,
    VOICE,
    Content,
    ContentFile,
    cards_file,
    checklist_file,
    country_file,
    is_country_code,
    ladder_file,
    names_in,
    read_bytes,
)
from deescalate_tui.content.from_yaml import Locator, locator, tree
from deescalate_tui.content.techniques import Techniques
from deescalate_tui.content.voice import Voice
from deescalate_tui.errors import ContentFaults, Fault, FileFault, UsageFault

V = TypeVar("V", bound=Content)
BUILT_IN_TYPES = ("direct", "timid", "aggressive", "rude")
"""In the order of the start screen."""


def builtin_root() -> Path:
    """The folder of the content that ships: in the package or, in a source tree, at its top."""
    # Not importlib.resources: it takes 15 ms to import, and this package is never run from a zip.
    package = Path(__file__).parent.parent
    top = package.parent.parent
    shipped = package / "checklists"
    if not shipped.is_dir() and (top / "pyproject.toml").is_file():
        return top / "checklists"
    return shipped


class Library:
    """The content of several roots as one. Not for use by several threads at once."""

    def __init__(self, roots: tuple[Path, ...], cache: ContentCache | None = None) -> None:
        self._cache = cache
        self.roots = roots
        """Lowest first."""
        self._found: dict[str, tuple[Any, tuple[Fault, ...]]] = {}
        self._names: dict[str, tuple[tuple[str, ...], tuple[Fault, ...]]] = {}
        self._origins: dict[str, tuple[Path, str]] = {}

    @classmethod
    def open(cls, roots: tuple[Path, ...] = (), cache: ContentCache | None = None) -> Library:
        """The built-in content, and above it these roots (the site's, the user's), which need not exist."""
        return cls((builtin_root(), *roots), cache)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Why files were refused, of all that was asked for until now."""
        return tuple(chain.from_iterable(faults for _, faults in chain(self._names.values(), self._found.values())))

    def languages(self) -> tuple[str, ...]:
        """The languages that have a customer type."""
        return tuple(language for language in LANGUAGES if self._type_ids(language))

    def types(self, language: str) -> tuple[Checklist, ...]:
        """The valid customer types of a language: the built-in four, then others by id."""
        found = []
        for type_id in self._type_ids(language):
            try:
                found.append(self.checklist(type_id, language))
            except ContentFaults:
                continue  # told by `faults`
        return tuple(found)

    def checklist(self, type_id: str, language: str) -> Checklist:
        """The customer type. Raises UsageFault where there is none, ContentFaults where none of its files is valid."""
        known = self._type_ids(language)
        found = self._find(checklist_file(language, type_id)) if type_id in known else None
        if found is None:
            raise UsageFault(f"{language}/{type_id}", "checklist-unknown", name=type_id, allowed=", ".join(known))
        return found

    def ladder(self, language: str) -> Ladder:
        """The limit ladder. Raises FileFault where there is none, ContentFaults where none is valid."""
        return self._needed(ladder_file(language))

    def cards(self, language: str) -> Cards:
        """The cards. Raises FileFault where there are none, ContentFaults where none are valid."""
        return self._needed(cards_file(language))

    def techniques(self) -> Techniques:
        """What is taught. Raises FileFault where there is nothing, ContentFaults where nothing is valid."""
        return self._needed(TECHNIQUES)

    def voice(self) -> Voice:
        """What is never said. Raises FileFault where there is nothing, ContentFaults where nothing is valid."""
        return self._needed(VOICE)

    def country(self, code: str) -> Country | None:
        """The country, by its code in any case; None where no valid file knows it."""
        if not is_country_code(code):
            return None
        try:
            return self._find(country_file(code))
        except ContentFaults:
            return None  # told by `faults`

    def countries(self) -> tuple[Country, ...]:
        """The valid countries, by their codes."""
        return tuple(country for code in self.names(COUNTRIES) if (country := self.country(code)) is not None)

    def names(self, folder: str) -> tuple[str, ...]:
        """The names, without suffix, of the files that any root has in a folder, valid or not."""
        if folder not in self._names:
            found = [names_in(root, folder) for root in self.roots]
            names = sorted({name for names, _ in found for name in names})
            self._names[folder] = (tuple(names), tuple(fault for _, faults in found for fault in faults))
        return self._names[folder][0]

    def places(self, value: Content) -> Locator:
        """What tells `path:line:column`, in the file a value of this library came from, of keys and positions."""
        root, relative = self._origins[value.sha256]
        return locator(tree(read_bytes(root, relative) or b""), str(root / relative))

    def place(self, value: Content, *path: str | int) -> str:
        """The same, for a single path."""
        return self.places(value)(*path)

    def _type_ids(self, language: str) -> tuple[str, ...]:
        if language not in LANGUAGES:
            return ()
        ids = [name for name in self.names(language) if name not in (LADDER, CARDS)]
        return (
            *(name for name in BUILT_IN_TYPES if name in ids),
            *(name for name in ids if name not in BUILT_IN_TYPES),
        )

    def _needed(self, file: ContentFile[V]) -> V:
        found = self._find(file)
        if found is None:
            raise FileFault(file.path, "content-missing")
        return found

    def _find(self, file: ContentFile[V]) -> V | None:
        """The value of the highest root whose file is valid. Raises ContentFaults where all of them are refused."""
        if file.path not in self._found:
            self._found[file.path] = self._look(file)
        found: tuple[V | None, tuple[Fault, ...]] = self._found[file.path]
        value, faults = found
        if value is None and faults:
            raise ContentFaults(faults)
        return value

    def _look(self, file: ContentFile[V]) -> tuple[V | None, tuple[Fault, ...]]:
        faults: list[Fault] = []
        for root in reversed(self.roots):
            try:
                value = file.load(root, self._cache)
            except ContentFaults as error:
                faults += error.faults
            else:
                if value is not None:
                    self._origins[value.sha256] = (root, file.path)
                    return value, tuple(faults)
        return None, tuple(faults)
