"""The content as it is written, good or not: what `check` looks at.

A file that is refused in a call still has texts, and often a meaning: whoever mends it is told all at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from deescalate_tui.content.file import Content, ContentFile, V, file_called, read_bytes
from deescalate_tui.content.from_yaml import Locator, locator, tree
from deescalate_tui.content.library import Library
from deescalate_tui.content.texts import Text, texts_in
from deescalate_tui.content.yaml_strict import Node
from deescalate_tui.errors import ContentFaults, Fault


class Draft(msgspec.Struct, frozen=True):
    """A file of one root."""

    place: str
    file: ContentFile[Any]
    root: Node | None
    """Its tree; None where it is no YAML at all."""
    value: Content | None
    """What it means, whatever is wrong with it; None where that is not plain."""
    faults: tuple[Fault, ...]
    """Why it is refused."""

    @property
    def language(self) -> str:
        """The folder it lies in."""
        return self.file.path.partition("/")[0]

    def texts(self) -> Iterator[Text]:
        """Its texts, in the order of the file."""
        return texts_in(self.root) if self.root is not None else iter(())


class Drafts(Library):
    """A library in which a file that is refused counts as well, where it is plain what it means."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        super().__init__(roots)
        self._drafts: dict[tuple[Path, str], Draft | None] = {}
        self._sources: dict[int, Draft] = {}

    @classmethod
    def of(cls, library: Library) -> Drafts:
        """The drafts in the roots of a library; those it has already read, where it is one of drafts."""
        return library if isinstance(library, Drafts) else cls(library.roots)

    def draft(self, root: Path, file: ContentFile[V]) -> Draft | None:
        """The file of a root, or None where the root has none."""
        if (root, file.path) not in self._drafts:
            self._drafts[root, file.path] = _drafted(root, file)
        return self._drafts[root, file.path]

    def written(self) -> Iterator[Draft]:
        """All that people read, in every language: the file that counts, and those above it that say nothing plain."""
        for language in self.languages():
            files = (file_called(language, name) for name in self.names(language))
            for file in (file for file in files if file is not None):
                for root in reversed(self.roots):
                    draft = self.draft(root, file)
                    if draft is not None:
                        yield draft
                        if draft.value is not None:
                            break

    def places(self, value: Content) -> Locator:
        """What tells `path:line:column`, in the file a value of these drafts came from, of keys and positions."""
        draft = self._sources[id(value)]
        return locator(draft.root, draft.place)

    def _look(self, file: ContentFile[V]) -> tuple[V | None, tuple[Fault, ...]]:
        faults: list[Fault] = []
        for root in reversed(self.roots):
            draft = self.draft(root, file)
            if draft is None:
                continue
            faults += draft.faults
            if isinstance(draft.value, file.kind):
                # By identity, which holds as long as the draft: two files may have the same bytes.
                self._sources[id(draft.value)] = draft
                return draft.value, tuple(faults)
        return None, tuple(faults)


def _drafted(root: Path, file: ContentFile[Any]) -> Draft | None:
    place = str(root / file.path)
    try:
        data = read_bytes(root, file.path)
    except ContentFaults as error:
        return Draft(place, file, None, None, error.faults)
    if data is None:
        return None
    try:
        return Draft(place, file, tree(data), file.parsed(data, place), ())
    except ContentFaults as error:
        value = error.value if isinstance(error.value, file.kind) else None
        return Draft(place, file, tree(data), value, error.faults)
