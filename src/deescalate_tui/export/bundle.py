"""Notes as a ZIP file: each a Markdown file that this program reads, and a manifest."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, cast

import msgspec

from deescalate_tui import catalogues
from deescalate_tui.export.job import Job
from deescalate_tui.export.record import Sink, Taken
from deescalate_tui.i18n import UI_LANGUAGES
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import note_name

MANIFEST = "manifest.json"
_MODE = 0o600 << 16


def write(job: Job, out: Sink, folder: Path) -> None:
    """The notes under the names they have in the notes folder, in the language of each."""
    stamp = job.made.timetuple()[:6]
    with zipfile.ZipFile(cast(Any, out), "w", zipfile.ZIP_DEFLATED) as bundle, _Listed(folder) as listed:
        bundle.filelist = cast(Any, listed)
        bundle.NameToInfo = cast(Any, _Unlisted())
        names = _Names()
        for taken, note in job.notes():
            language = note.language if note.language in UI_LANGUAGES else job.messages.language
            data = render(note, catalogues.load(language)).encode()
            name = names.free(note_name(note))
            bundle.writestr(_member(name, stamp), data, zipfile.ZIP_DEFLATED)
            sha = hashlib.sha256(data).hexdigest()
            job.record.take((Taken(taken.path, taken.sha256, name, sha),))
        member = _member(MANIFEST, stamp)
        member.compress_type = zipfile.ZIP_DEFLATED
        with bundle.open(member, "w", force_zip64=True) as file:
            job.record.write(file, job.about("md"))
        bundle.close()  # while the list of its members is there


def _member(name: str, stamp: tuple[int, ...]) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, cast(Any, stamp))
    member.external_attr = _MODE
    return member


class _Names:
    """Names, each once. Notes come in the order of their start, so that those of one second are all it must know."""

    def __init__(self) -> None:
        self._moment = ""
        self._taken: set[str] = set()

    def free(self, name: str) -> str:
        moment = name.partition("_")[0]
        if moment != self._moment:
            self._moment, self._taken = moment, set()
        stem, number = name.removesuffix(".md"), 1
        while name in self._taken:
            number += 1
            name = f"{stem}_{number}.md"
        self._taken.add(name)
        return name


class _Unlisted(dict[str, zipfile.ZipInfo]):
    """In the place of what a ZipFile knows by name, which nobody asks for: it would hold every member in memory."""

    def __setitem__(self, name: str, member: zipfile.ZipInfo) -> None:
        del name, member


class _Listed:
    """In the place of the list of a ZipFile's members, which takes 600 bytes of memory for each: a file without a name.

    What the directory at the end of a ZIP file says of them is read from there.
    """

    _FIELDS = (
        *("filename", "date_time", "compress_type", "create_version", "extract_version", "flag_bits", "external_attr"),
        *("CRC", "compress_size", "file_size", "header_offset"),
    )

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `__exit__`
        self._number = 0

    def __enter__(self) -> _Listed:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._number

    def append(self, member: zipfile.ZipInfo) -> None:
        """What a ZipFile does when a member is whole."""
        self._file.write(msgspec.json.encode([getattr(member, name) for name in self._FIELDS]) + b"\n")
        self._number += 1

    def __iter__(self) -> Iterator[zipfile.ZipInfo]:
        self._file.seek(0)
        for line in self._file:
            values = dict(zip(self._FIELDS, msgspec.json.decode(line), strict=True))
            member = zipfile.ZipInfo(values.pop("filename"), tuple(values.pop("date_time")))
            for name, value in values.items():
                setattr(member, name, value)
            yield member
