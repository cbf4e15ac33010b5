"""Why a file does not count as a note, kept in the index beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from deescalate_tui.errors import Fault, FileFault

_encode = msgspec.json.Encoder(enc_hook=str).encode
_decode = msgspec.json.Decoder(tuple[str, str, dict[str, Any], bool]).decode


_SHUT = """name GLOB '*.age' AND ifnull(fault, '') GLOB '*,"note-sealed",*'"""
"""In JSON no text within quotation marks looks like this: those in it are escaped."""


def packed(fault: Fault) -> str:
    """A fault as it is kept: place, key, parameters, and whether the file itself could not be read."""
    return _encode((fault.place, fault.key, fault.params, isinstance(fault, FileFault))).decode()


def unpacked(text: str) -> Fault:
    """The fault of `packed`."""
    place, key, params, of_file = _decode(text)
    return (FileFault if of_file else Fault)(place, key, **params)


def all_faults(connection: sqlite3.Connection) -> Iterator[Fault]:
    """Every file that does not count, by its place, but those that only a key would open."""
    sql = f"SELECT fault FROM files WHERE fault IS NOT NULL AND NOT ({_SHUT}) ORDER BY folder, name"
    for (text,) in connection.execute(sql):
        yield unpacked(text)


def shut(connection: sqlite3.Connection) -> int:
    """How many notes are sealed, with no key named for them."""
    return int(connection.execute(f"SELECT count(*) FROM files WHERE {_SHUT}").fetchone()[0])
