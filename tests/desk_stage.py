"""The desk without a terminal: a stand-in for the app that does everything at once, with a real folder of notes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from note_samples import SAMPLES
from stage import Watch
from test_archive import put

from deescalate_tui import catalogues
from deescalate_tui.notes.front import Promise
from deescalate_tui.notes.note import IncidentNote, note_from
from deescalate_tui.screens.line import Line, typed, with_line
from deescalate_tui.screens.rows import Cell, Page, text_of
from deescalate_tui.tui.desk import DeskPlace
from deescalate_tui.workplace import Workplace

PROMISES = (
    Promise("Ersatzrouter per Express senden", "2026-11-20"),
    Promise("Rückruf mit der Sendungsnummer", "2026-11-23T15:00"),
    Promise("Gutschrift prüfen", "sobald möglich"),
)


def note(language: str, number: int = 0, **changes: object) -> IncidentNote:
    """A sample note with an id of its own."""
    found = note_from(SAMPLES[language]())
    return replace(found, id=f"{found.id[:-4]}{number:04x}", **changes)


def workplace(home: Path, *notes: IncidentNote) -> Workplace:
    """The workplace of a lead whose folder holds these notes."""
    made = Workplace.open({"DEESCALATE_HOME": str(home)}, {"country": "DE"}, Watch())
    for each in notes:
        put(made.paths, each)
    return made


OPEN: list[DeskStage] = []
"""The desks of this test: Python 3.13 and newer tell of a database that nobody closes."""


def close_all() -> None:
    """At the end of a test."""
    while OPEN:
        OPEN.pop().place.close()


class DeskStage:
    """What the desk sees of the app. With `late`, jobs wait until `work` is called."""

    def __init__(self, work: Workplace, language: str = "de", *, late: bool = False) -> None:
        self.workplace = work
        self.left = False
        self.late = late
        self.jobs: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
        self.half = ""
        self.place = DeskPlace(self, catalogues.load(language))
        OPEN.append(self)

    def leave(self) -> None:
        self.left = True

    def post(self, do: Callable[[], None], /) -> None:
        do()

    def index(self, job: Callable[[], Any], done: Callable[[Any], None], /) -> None:
        if self.late:
            self.jobs.append((job, done))
        else:
            done(job())

    def read(self, job: Callable[[], Any], done: Callable[[Any], None], /) -> None:
        done(job())

    def work(self) -> DeskStage:
        """Do what waits."""
        while self.jobs:
            job, done = self.jobs.pop(0)
            done(job())
        return self

    def press(self, *keys: str) -> DeskStage:
        """Press keys; `=words` types words into the open filter, `=words\\r` finishes it too."""
        for key in keys:
            if key.startswith("="):
                self.half = key[1:].rstrip("\r")
                self.place.typing(self.half)
                if key.endswith("\r"):
                    self.place.submit(self.half)
            else:
                self.place.key(key)
            self.page()  # as the app draws it
        return self

    def click(self, x: int, y: int) -> DeskStage:
        does = self.page().target(x, y)
        if isinstance(does, str):
            self.press(does)
        elif does is not None and not isinstance(does, Cell):
            self.place.click(does)
        return self

    def page(self, width: int = 80, height: int = 24) -> Page:
        """The page as the app shows it; its note is read by the time it is shown."""
        self.place.page(width, height)
        wanted = self.place.line()
        page = self.place.page(width, height)
        return page if wanted is None else with_line(page, typed(Line(), self.half), width)

    def text(self, width: int = 80, height: int = 24) -> str:
        return text_of(self.page(width, height).rows)

    def picked(self) -> str:
        """The row of the list that is picked."""
        return next((line for line in self.text().split("\n")[3:] if line.startswith(" ▸")), "")
