"""What an export was made of: how many notes, from which files, which files do not count, and what was left out.

The lists are as long as the export, so they lie on the disk, without a name there: no paths, hashes and reasons of a
killed program remain.
"""

from __future__ import annotations

from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

import msgspec

from deescalate_tui.clean import escaped_json

SCHEMA = 1
"""Of the manifest."""
MOST_TOLD = 20
"""So many of the files that do not count are named one by one where the export is told of."""
_IN_MEMORY = 1_000_000
"""Bytes of each list."""
_CHUNK = 1 << 16
_encode = msgspec.json.Encoder().encode


class Sink(Protocol):
    """What bytes can be written to."""

    def write(self, data: bytes, /) -> object: ...


class Taken(msgspec.Struct, frozen=True, omit_defaults=True):
    """A note that was exported."""

    path: str
    """Of its file, below the notes folder."""
    sha256: str
    """Of the file, in which the alias stands."""
    member: str = ""
    """Its name in a bundle."""
    member_sha256: str = ""


class Unread(msgspec.Struct, frozen=True):
    """A file that does not count."""

    place: str
    key: str
    reason: str
    """In words."""


class Record:
    """Counts and lists of one export. To be closed."""

    def __init__(self) -> None:
        self.notes = 0
        self.expired = 0
        """Of those, past their day."""
        self.unread = 0
        """Files that do not count."""
        self.cut = 0
        """Cells that hold only the beginning of their text."""
        self.reasons: list[str] = []
        """Why the first of the files do not count."""
        self._taken: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._unread: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115

    def close(self) -> None:
        """Let go of the lists."""
        self._taken.close()
        self._unread.close()

    def take(self, taken: Iterable[Taken]) -> None:
        """Notes that were exported."""
        entries = [_encode(it) for it in taken]
        if entries:
            self._taken.write((b",\n" if self.notes else b"\n") + b",\n".join(entries))
            self.notes += len(entries)

    def miss(self, unread: Unread) -> None:
        """A file that was not."""
        self._unread.write((b",\n" if self.unread else b"\n") + _encode(unread))
        self.unread += 1
        if self.unread <= MOST_TOLD:
            self.reasons.append(unread.reason)

    def write(self, out: Sink, head: dict[str, object]) -> None:
        """The manifest as JSON: the head, the counts and the lists, one entry a line."""
        counts = {"notes": self.notes, "expired": self.expired, "unread": self.unread, "cut_cells": self.cut}
        start = escaped_json(_encode({"manifest": SCHEMA, **head, **counts}).decode())
        out.write(start[:-1].encode())
        for name, spool in (("files_unread", self._unread), ("files", self._taken)):
            out.write(f',\n"{name}": ['.encode())
            spool.seek(0)
            while chunk := spool.readlines(_CHUNK):
                out.write("\n".join(map(harmless, b"".join(chunk).decode().split("\n"))).encode())
            spool.seek(0, 2)
            out.write(b"]")
        out.write(b"}\n")


def harmless(line: str) -> str:
    """A line of JSON with whatever steers or hides as an escape. Most have nothing of that kind, which is soon seen."""
    usual = "\x7f" not in line if line.isascii() else line.isprintable()
    return line if usual else escaped_json(line)
