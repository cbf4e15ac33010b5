"""Names of sessions: UUIDv7 (RFC 9562), which sort by the time they were made and say nothing about who made them."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Callable

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def uuid7(now_ms: int, randomness: Callable[[int], bytes] = os.urandom) -> str:
    """A new id: 48 bits of `now_ms` (milliseconds since 1970, UTC), then 74 random bits.

    `randomness(n)` gives n random bytes. Raises ValueError where the time does not fit into 48 bits.
    """
    if not 0 <= now_ms < 1 << 48:
        raise ValueError(f"{now_ms} ms does not fit into a UUIDv7")
    chance = int.from_bytes(randomness(10)) & ((1 << 74) - 1)
    value = now_ms << 80 | 0x7 << 76 | (chance >> 62) << 64 | 0b10 << 62 | chance & ((1 << 62) - 1)
    return str(uuid.UUID(int=value))


def is_uuid7(text: str) -> bool:
    """Whether `text` is a UUIDv7 as `uuid7` writes it: lower case, with hyphens."""
    return _UUID7.fullmatch(text) is not None


def short_id(session_id: str) -> str:
    """The last 8 hex digits of an id: all of them random, enough to tell a day's sessions apart."""
    return session_id[-8:]
