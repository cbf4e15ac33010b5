"""The text of a journal in memory. Pure."""

from __future__ import annotations

import zlib

CHUNK = 16_384
"""Bytes that are packed together."""


class JournalText:
    """A text that grows at its end, and whose beginning can be packed: a session of a whole shift has megabytes."""

    def __init__(self, text: bytes = b"") -> None:
        self._packed: list[bytes] = []
        self._begin = 0
        """Where the part begins that is not packed."""
        self._tail = bytearray(text)

    def __len__(self) -> int:
        return self._begin + len(self._tail)

    def __iadd__(self, line: bytes) -> JournalText:
        self._tail += line
        return self

    def __bytes__(self) -> bytes:
        return b"".join((*map(zlib.decompress, self._packed), self._tail))

    def since(self, start: int) -> bytes:
        """What stands from there on, in bytes from the beginning."""
        return bytes(self._tail[start - self._begin :]) if start >= self._begin else bytes(self)[start:]

    def pack(self, end: int) -> None:
        """Pack one more chunk, where there is one before `end`."""
        if self._begin + CHUNK <= end:
            self._packed.append(zlib.compress(self._tail[:CHUNK], 1))
            del self._tail[:CHUNK]
            self._begin += CHUNK
