"""The outbox: every note since a day that no record says is sent. So a crash can lose none, and an erased note is none.

The records lie beside the notes, in `<notes>/.deliver`: whoever sends from a team drive knows what another one sent.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import msgspec

from deescalate_tui.clean import clean
from deescalate_tui.deliver.delivery import SENT, Record
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.files import DISK, Ops, as_fault, private_folder, read_limited, replace_file
from deescalate_tui.locks import FileLock
from deescalate_tui.notes.files import TOMBSTONE, mark_path
from deescalate_tui.notes.folder import read_note
from deescalate_tui.notes.note import IncidentNote
from deescalate_tui.notes.parse import parse
from deescalate_tui.notes.sealed import SEALED

FOLDER, LOCK = ".deliver", "lock"
MAX_RECORD = 10_000
_NAME = re.compile(r"(([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{6}Z_[0-9a-f]{8})(?:_r([0-9]{1,9}))?\.md(?:\.age)?")


class Entry(msgspec.Struct, frozen=True):
    """The newest revision of a note that was not sent yet."""

    name: str
    """Of its record."""
    path: Path
    record: Record | None
    note: IncidentNote | None = None
    text: str = ""
    fault: Fault | None = None
    """Why it cannot be read."""


class Outbox:
    """The notes of a folder, and what is known of their sending."""

    def __init__(self, notes: Path, *, shared: bool, key: str = "", ops: Ops = DISK) -> None:
        """`key` opens sealed notes, as the setting `note_key` names it."""
        self._notes = notes
        self._folder = notes / FOLDER
        self._shared = shared
        self._key = key
        self._ops = ops

    def claim(self) -> FileLock:
        """Nobody else sends until it is released. Raises FileFault: `deliver-busy` where somebody does."""
        private_folder(self._folder, self._ops)
        self._give_access(self._folder, 0o777)
        return FileLock(self._folder / LOCK, "deliver-busy", self._ops)

    def is_there(self) -> bool:
        """Whether there are any notes. Raises FileFault where a team drive is away."""
        if self._shared:
            with as_fault(self._notes):
                self._notes.stat()
        return self._notes.exists()

    def records(self) -> dict[str, Record]:
        """What is known, by the names of the records; a damaged one knows nothing, and is written anew."""
        found: dict[str, Record] = {}
        with as_fault(self._folder), suppress(FileNotFoundError):
            for path in sorted(self._folder.iterdir()):
                if path.suffix == ".json" and not path.name.startswith("."):
                    with suppress(msgspec.MsgspecError, UnicodeError):
                        found[path.stem] = msgspec.json.decode(read_limited(path, MAX_RECORD), type=Record)
        return found

    def put(self, name: str, record: Record) -> None:
        """Keep what became of a note, on stable storage. Raises FileFault."""
        path = self._folder / f"{name}.json"
        replace_file(path, msgspec.json.encode(record) + b"\n", 0o666 if self._shared else 0o600, self._ops)
        self._give_access(path, 0o666)

    def entries(self, since: str, records: dict[str, Record]) -> Iterator[Entry]:
        """What is not sent of the notes that began on this day (ISO, UTC) or later, the oldest first."""
        for path in self._newest(since):
            record = records.get(_record_name(path))
            if record is None or record.state != SENT:
                entry = _read(path, record, self._key)
                if entry.note is None or not mark_path(self._notes, entry.note, TOMBSTONE).exists():
                    yield entry

    def _newest(self, since: str) -> list[Path]:
        found: dict[str, tuple[int, Path]] = {}
        with as_fault(self._notes), suppress(FileNotFoundError):
            next(self._notes.iterdir(), None)  # glob would take a folder that cannot be read for an empty one
            for path in self._notes.glob("[0-9][0-9][0-9][0-9]/[0-9][0-9]/*.md*"):
                name = _NAME.fullmatch(path.name)
                if name is not None and name[2] >= since:
                    found[name[1]] = max(found.get(name[1], (0, path)), (int(name[3] or 1), path))
        return [found[stem][1] for stem in sorted(found)]

    def _give_access(self, path: Path, mask: int) -> None:
        """On a team drive, the access of the notes folder."""
        if self._shared and os.name == "posix":
            with as_fault(path), suppress(PermissionError):  # another account made it, with that access
                path.chmod(stat.S_IMODE(self._notes.stat().st_mode) & mask)


def _record_name(path: Path) -> str:
    return path.name.removesuffix(SEALED).removesuffix(".md")


def _read(path: Path, record: Record | None, key: str) -> Entry:
    name = _record_name(path)
    try:
        text = read_note(path, key)
        return Entry(name, path, record, parse(text, clean(str(path))), text)
    except Fault as fault:
        return Entry(name, path, record, fault=FileFault(clean(fault.place), fault.key, **fault.params))


def is_expired(note: IncidentNote, today: date) -> bool:
    """Whether it only waits to be removed."""
    return date.fromisoformat(note.expires) < today
