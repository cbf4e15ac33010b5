"""The content files below a root: how they are named, and how one is read without trusting it.

A root has a folder for each language (`<type>.yaml`, `ladder.yaml`, `cards.yaml`), `countries` (`<code>.yaml`) and,
at its top, `techniques.yaml` and `voice.yaml`. A file must say itself what its name and its folder say.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from deescalate_tui.call.checklist import LANGUAGES, Cards, Checklist, Country, Ladder
from deescalate_tui.clean import clean
from deescalate_tui.content.cache import ContentCache
from deescalate_tui.content.from_yaml import locate, parse_cards, parse_checklist, parse_country, parse_ladder
from deescalate_tui.content.schema import is_slug
from deescalate_tui.content.techniques import Techniques, parse_techniques
from deescalate_tui.content.voice import Voice, parse_voice
from deescalate_tui.content.yaml_strict import MAX_BYTES
from deescalate_tui.errors import ContentFaults, Fault, FileFault, in_order
from deescalate_tui.files import fault_of, read_limited

COUNTRIES, LADDER, CARDS = "countries", "ladder", "cards"
FOLDERS = (*LANGUAGES, COUNTRIES)
SUFFIX = ".yaml"

Content = Checklist | Ladder | Cards | Country | Techniques | Voice
V = TypeVar("V", bound=msgspec.Struct)


class ContentFile(msgspec.Struct, Generic[V], frozen=True):
    """A file that may lie below any root."""

    path: str
    """Relative to the root."""
    kind: type[V]
    parse: Callable[[bytes, str], V]
    says: Mapping[str, str]
    """What its value must be in these attributes, because its name and its folder say so."""

    def load(self, root: Path, cache: ContentCache | None = None) -> V | None:
        """Its value, or None where the root has no such file. Raises ContentFaults."""
        place = str(root / self.path)
        data = read_bytes(root, self.path)
        if data is None:
            return None
        known = cache.get(place, data, self.kind) if cache is not None else None
        if known is not None:
            return known
        value = self.parsed(data, place)
        if cache is not None:
            cache.put(place, data, value)
        return value

    def parsed(self, data: bytes, place: str) -> V:
        """The value of its bytes. Raises ContentFaults, with what the file should be where it has a value at all."""
        faults: tuple[Fault, ...] = ()
        try:
            value: Any = self.parse(data, place)
        except ContentFaults as error:
            if error.value is None:
                raise
            value, faults = error.value, error.faults
        # What is empty has no good value, which is told already.
        wrong = tuple(
            Fault(locate(data, place, name), "file-disagrees", name=name, found=found, wanted=wanted)
            for name, wanted in self.says.items()
            if (found := getattr(value, name)) not in ("", wanted)
        )
        if wrong or faults:
            raise ContentFaults(in_order((*wrong, *faults)), msgspec.structs.replace(value, **self.says))
        made: V = value
        return made


def checklist_file(language: str, type_id: str) -> ContentFile[Checklist]:
    """The file of a customer type."""
    return ContentFile(
        f"{language}/{type_id}{SUFFIX}", Checklist, parse_checklist, {"id": type_id, "language": language}
    )


def ladder_file(language: str) -> ContentFile[Ladder]:
    """The file of a language's limit ladder."""
    return ContentFile(f"{language}/{LADDER}{SUFFIX}", Ladder, parse_ladder, {"language": language})


def cards_file(language: str) -> ContentFile[Cards]:
    """The file of a language's cards."""
    return ContentFile(f"{language}/{CARDS}{SUFFIX}", Cards, parse_cards, {"language": language})


def country_file(code: str) -> ContentFile[Country]:
    """The file of a country's safety numbers."""
    return ContentFile(f"{COUNTRIES}/{code.lower()}{SUFFIX}", Country, parse_country, {"id": code.upper()})


TECHNIQUES: ContentFile[Techniques] = ContentFile(f"techniques{SUFFIX}", Techniques, parse_techniques, {})
VOICE: ContentFile[Voice] = ContentFile(f"voice{SUFFIX}", Voice, parse_voice, {})
TOP = (TECHNIQUES, VOICE)
"""The files at the top of a root."""
BESIDE = ("schema", f"site.example{SUFFIX}")
"""What lies in a root for people and their editors; the program does not read it."""


def is_country_code(text: str) -> bool:
    """Whether the text can be an ISO 3166 code, in small letters or capitals."""
    return re.fullmatch("[A-Za-z]{2}", text) is not None


def file_called(folder: str, name: str) -> ContentFile[Any] | None:
    """The file with this name, without its suffix, in one of `FOLDERS`; None where such a file has no meaning."""
    if folder == COUNTRIES:
        return country_file(name) if is_country_code(name) and name.islower() else None
    if name == LADDER:
        return ladder_file(folder)
    if name == CARDS:
        return cards_file(folder)
    return checklist_file(folder, name) if is_slug(name) else None


def names_in(root: Path, folder: str) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """The names, without suffix, of the content files in one of `FOLDERS`, and what is wrong with other names.

    What is hidden or no YAML file is nobody's business here.
    """
    names, faults = [], []
    try:
        paths = sorted((root / folder).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return (), ()
    except OSError as error:
        return (), (fault_of(root / folder, error),)
    for path in paths:
        if path.name.startswith(".") or path.suffix not in (SUFFIX, ".yml"):
            continue
        if path.suffix == SUFFIX and file_called(folder, path.stem):
            names.append(path.stem)
        else:
            key = "file-name-country" if folder == COUNTRIES else "file-name"
            faults.append(Fault(clean(str(path)), key, found=clean(path.name)))
    return tuple(names), tuple(faults)


def read_bytes(root: Path, relative: str) -> bytes | None:
    """The bytes of a file below the root; None where there is no such file.

    Raises ContentFaults for what is no plain file, too big, unreadable, or outside of the root by way of a link.
    """
    path = root / relative
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ContentFaults((fault_of(path, error),)) from error
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(os.path.realpath(root)):
        raise ContentFaults((Fault(str(path), "file-outside", root=str(root)),))
    try:
        return read_limited(real, MAX_BYTES)
    except FileFault as fault:
        raise ContentFaults((fault,)) from fault
