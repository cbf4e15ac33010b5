"""Valid content files, already parsed: reading YAML costs a tenth of a start, reading these costs nothing.

A value is found by the very bytes of its file and the version of the program, so a changed file is parsed anew.
A cache that is missing, damaged or cannot be written is no fault: it only saves time.
"""

from __future__ import annotations

import zlib
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from deescalate_tui import __version__
from deescalate_tui.errors import FileFault
from deescalate_tui.files import private_folder, read_limited, replace_file

MAX_CACHE = 8_000_000
MAX_VALUES = 200
_DAMAGED = (ValueError, RecursionError)
"""What decoding may raise: text that is no UTF-8 and lists without end too."""
V = TypeVar("V")


class ContentCache:
    """Parsed values by path and content. Read when first asked, written by `keep`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, bytes] | None = None
        self._grown = False

    @classmethod
    def below(cls, state: Path) -> ContentCache:
        """The cache in the state folder."""
        return cls(state / "content.msgpack")

    def get(self, place: str, data: bytes, kind: type[V]) -> V | None:
        """The value that these bytes at this place had when they were last parsed, or None."""
        held = self._held().get(_key(place, data))
        if held is None:
            return None
        with suppress(*_DAMAGED):
            return msgspec.msgpack.decode(held, type=kind)
        return None

    def put(self, place: str, data: bytes, value: object) -> None:
        """Remember a valid value."""
        values = self._held()
        if len(values) >= MAX_VALUES:
            values.clear()
        values[_key(place, data)] = msgspec.msgpack.encode(value)
        self._grown = True

    def keep(self) -> None:
        """Write what is new, for the next start."""
        if not self._grown or self._values is None:
            return
        self._grown = False
        with suppress(FileFault):
            private_folder(self._path.parent)
            replace_file(self._path, msgspec.msgpack.encode(self._values))

    def _held(self) -> dict[str, bytes]:
        if self._values is None:
            self._values = {}
            with suppress(FileFault, *_DAMAGED):
                self._values = msgspec.msgpack.decode(read_limited(self._path, MAX_CACHE), type=dict[str, bytes])
        return self._values


def _key(place: str, data: bytes) -> str:
    # Checksums, not a cryptographic hash, which costs 5 ms to import: who can write here can change the files as well.
    return f"{__version__}:{place}:{len(data)}:{zlib.crc32(data):08x}{zlib.adler32(data):08x}"
