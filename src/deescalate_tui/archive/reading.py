"""One file of the notes folder: what it says of itself, as much as the index needs. The body is read by `note_parse`.

Its bytes come from `notes_folder`, plain or sealed.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec

from deescalate_tui.archive.key import Key
from deescalate_tui.clean import clean
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.note_front import Front, at, read_front
from deescalate_tui.note_grammar import unescaped
from deescalate_tui.notes_folder import note_bytes
from deescalate_tui.sealed import is_sealed

_TYPED = re.compile("\n(?:  )?> (.*)")
"""Typed words stand on quoted lines, and nothing else does."""
_END = "\n```\n"
"""Of the timeline, which comes last: a file that does not end so has not arrived whole."""


class Read(msgspec.Struct, frozen=True):
    """A note as the index takes it."""

    sha: bytes
    front: Front
    words: str
    """What was typed, a line each, the request first."""


def content(path: Path, key: Key) -> tuple[bytes, str]:
    """The SHA-256 of a note and its text; of a sealed one as it was before it was sealed. Raises FileFault."""
    data = note_bytes(path, key() if is_sealed(path.name) else "")
    return hashlib.sha256(data).digest(), data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")


def read(path: Path, key: Key) -> Read:
    """What the index takes from a file. Raises Fault where that is no note, or none that is whole."""
    try:
        sha, text = content(path, key)
        values, end = _front(text)
    except FileFault as fault:
        raise FileFault(clean(fault.place), fault.key, **fault.params) from fault  # the note's place, or its key's
    except Fault as fault:
        raise Fault(f"{clean(str(path))}:{fault.place}", fault.key, **fault.params) from fault
    front = Front(**values)
    return Read(sha, front, _words(front, text[end:]))


def _front(text: str) -> tuple[dict[str, Any], int]:
    """The front matter, and where it ends. Raises Fault, with a line as its place: a name is seldom needed."""
    values, end = read_front(text, "")
    if not text.endswith(_END):
        raise Fault(at("", text.count("\n")), "note-cut")
    return values, end


def _words(front: Front, body: str) -> str:
    typed = map(unescaped, _TYPED.findall(f"\n{body}"))
    lines = (front.request, front.ticket, *(promise.what for promise in front.commitments), front.escalated_to, *typed)
    return "\n".join(dict.fromkeys(line for line in lines if line))
