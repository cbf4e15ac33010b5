"""Whether the files of the notes folder are what they were when they were first found whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from deescalate_tui.archive.faults import unpacked
from deescalate_tui.archive.key import Key
from deescalate_tui.archive.reading import content
from deescalate_tui.archive.refresh import Progress
from deescalate_tui.clean import clean
from deescalate_tui.errors import Fault
from deescalate_tui.notes.note import note_name
from deescalate_tui.notes.parse import parse
from deescalate_tui.notes.sealed import SEALED

PAGE = 500


def verify(connection: sqlite3.Connection, root: Path, key: Key, progress: Progress) -> Iterator[Fault]:
    """What is wrong with each file, by its path."""
    total = connection.execute("SELECT count(*) FROM files").fetchone()[0]
    last, done = ("", ""), 0
    page = "SELECT folder, name, seal, fault, revision FROM files WHERE (folder, name) > (?, ?) ORDER BY 1, 2 LIMIT ?"
    while rows := connection.execute(page, (*last, PAGE)).fetchall():
        for folder, name, seal, fault, revision in rows:
            if fault is not None:
                yield unpacked(fault)
            elif revision is not None:  # a tombstone has none, and was read already
                yield from _faults(root, f"{folder}/{name}", key, seal)
        last, done = (rows[-1][0], rows[-1][1]), done + len(rows)
        progress(done, total)


def _faults(root: Path, path: str, key: Key, seal: bytes) -> Iterator[Fault]:
    place = clean(str(root / path))
    try:
        sha, text = content(root / path, key)
        note = parse(text, place)
    except Fault as fault:
        yield fault
        return
    if sha != seal:
        yield Fault(place, "verify-changed")
    if note_name(note) != path.removesuffix(SEALED):
        yield Fault(place, "verify-name", expected=note_name(note))
