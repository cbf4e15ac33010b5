"""What the tests of the archive stand on: paths of its own, and notes put into the folder."""

import random
from functools import cache
from pathlib import Path

from msgspec.structs import replace
from note_samples import SAMPLES

from deescalate_tui import catalogues
from deescalate_tui.ids import uuid7
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import IncidentNote, note_from, note_name
from deescalate_tui.paths import Paths


def paths_in(home: Path) -> Paths:
    return Paths(home / "config", home / "notes", home / "sessions", home / "state", None)


def put(paths: Paths, note: IncidentNote, name: str = "") -> Path:
    """The note as a file, under its own name or another."""
    path = paths.notes / (name or note_name(note))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(note, catalogues.load(note.language)), encoding="utf-8", newline="\n")
    return path


@cache
def sample(language: str) -> IncidentNote:
    return note_from(SAMPLES[language]())


def a_note(number: int, language: str = "de", **facts: object) -> IncidentNote:
    """A note of its own: `number` gives its id and the minute of its start."""
    note = sample(language)
    chance = random.Random(number)
    day = f"2026-{number // 40_000 % 9 + 1:02}-{number // 1440 % 28 + 1:02}"
    started = f"{day}T{number // 60 % 24:02}:{number % 60:02}:12+01:00"
    return replace(note, id=uuid7(1_795_000_000_000 + number, chance.randbytes), started=started, **facts)
