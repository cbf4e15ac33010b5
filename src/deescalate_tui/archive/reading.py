"""One file of the notes folder: what it says of itself, as much as the index needs. The body is read by `note_parse`.

This is the one place where the bytes of a note become text.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import msgspec

from deescalate_tui.clean import clean
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.files import read_limited
from deescalate_tui.note_front import Front, at, read_front
from deescalate_tui.note_grammar import unescaped
from deescalate_tui.notes_folder import MAX_NOTE

_TYPED = re.compile(r"^(?:  )?> (.*)$", re.MULTILINE)
"""Typed words stand on quoted lines, and nothing else does."""
_END = "\n```\n"
"""Of the timeline, which comes last: a file that does not end so has not arrived whole."""


class Read(msgspec.Struct, frozen=True):
    """A note as the index takes it."""

    sha: bytes
    front: Front
    words: str
    """What was typed, a line each, the request first."""


def content(path: Path) -> tuple[bytes, str]:
    """The SHA-256 of the file and its text. Raises FileFault."""
    data = read_limited(path, MAX_NOTE)
    return hashlib.sha256(data).digest(), data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")


def read(path: Path) -> Read:
    """What the index takes from a file. Raises Fault where that is no note, or none that is whole."""
    place = clean(str(path))
    try:
        sha, text = content(path)
    except FileFault as fault:
        raise FileFault(place, fault.key, **fault.params) from fault
    values, end = read_front(text, place)
    if not text.endswith(_END):
        raise Fault(at(place, text.count("\n")), "note-cut")
    front = Front(**values)
    return Read(sha, front, _words(front, text[end:]))


def _words(front: Front, body: str) -> str:
    typed = map(unescaped, _TYPED.findall(body))
    lines = (front.request, front.ticket, *(promise.what for promise in front.commitments), front.escalated_to, *typed)
    return "\n".join(dict.fromkeys(line for line in lines if line))
