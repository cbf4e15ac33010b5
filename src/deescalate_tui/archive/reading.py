"""One file of the notes folder: what it says of itself, as much as the index needs. The body is read by `notes.parse`.

Its bytes come from `notes.folder`, plain or sealed.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from pathlib import Path

import msgspec

from deescalate_tui.archive.key import Key
from deescalate_tui.clean import clean
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.notes.folder import note_bytes
from deescalate_tui.notes.front import RULE, Front, at, front_of
from deescalate_tui.notes.grammar import unescaped
from deescalate_tui.notes.sealed import is_sealed

_TYPED = re.compile(b"> (?:(?<=\n> )|(?<=\n  > ))(.*)")
"""Typed words stand on quoted lines, and nothing else does. Looked for by the sign, of which there are few."""
_RULE = f"\n{RULE}\n".encode()
_END = b"\n```\n"
"""Of the timeline, which comes last: a file that does not end so has not arrived whole."""


class Read(msgspec.Struct, frozen=True):
    """A note as the index takes it."""

    sha: bytes
    front: Front
    words: str
    """What was typed, a line each, the request first."""


def content(path: Path, key: Key) -> tuple[bytes, str]:
    """The SHA-256 of a note and its text; of a sealed one as it was before it was sealed. Raises FileFault."""
    data = _bytes(path, key)
    return hashlib.sha256(data).digest(), _lines(data).decode("utf-8", "replace")


def read(path: Path, key: Key) -> Read:
    """What the index takes from a file. Raises Fault where that is no note, or none that is whole."""
    try:
        data = _bytes(path, key)
        lines = _lines(data)
        front, end = _front(lines)
    except FileFault as fault:
        raise FileFault(clean(fault.place), fault.key, **fault.params) from fault  # the note's place, or its key's
    except Fault as fault:
        raise Fault(f"{clean(str(path))}:{fault.place}", fault.key, **fault.params) from fault
    return Read(hashlib.sha256(data).digest(), front, _words(front, lines, end))


def _bytes(path: Path, key: Key) -> bytes:
    return note_bytes(path, key() if is_sealed(path.name) else "")


def _lines(data: bytes) -> bytes:
    """Without what some editors put before the text and at the end of lines."""
    data = data.removeprefix(codecs.BOM_UTF8)
    return data.replace(b"\r\n", b"\n") if b"\r" in data else data


def _front(lines: bytes) -> tuple[Front, int]:
    """The front matter, and where it ends. Raises Fault, with a line as its place: a name is seldom needed.

    Only so much is made text of: in the rest are signs that make it twice as large, and slow.
    """
    end = lines.find(_RULE, len(RULE)) + len(_RULE)
    front, _ = front_of(lines[:end].decode("utf-8", "replace"), "")
    if not lines.endswith(_END):
        raise Fault(at("", lines.count(b"\n")), "note-cut")
    return front, end


def _words(front: Front, lines: bytes, end: int) -> str:
    typed = map(unescaped, b"\n".join(_TYPED.findall(lines, end - 1)).decode("utf-8", "replace").split("\n"))
    told = (front.request, front.ticket, *(promise.what for promise in front.commitments), front.escalated_to, *typed)
    return "\n".join(dict.fromkeys(line for line in told if line))
