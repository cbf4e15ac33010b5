"""One export: what is meant of an archive, read page by page, and what is to be said of it afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from deescalate_tui import __version__
from deescalate_tui.archive import cells
from deescalate_tui.archive.archive import Archive
from deescalate_tui.archive.refresh import Progress
from deescalate_tui.archive.search import Selection
from deescalate_tui.clean import clean
from deescalate_tui.errors import Fault
from deescalate_tui.export.private import nameless, wordless
from deescalate_tui.export.record import Record, Taken, Unread
from deescalate_tui.export.table import EXPIRES, LEADING, Cells, row_of
from deescalate_tui.i18n import Messages
from deescalate_tui.notes.note import IncidentNote

WHOLE = ("md", "jsonl")
"""Formats that hold whole notes."""
OFTEN = 50
"""Whole notes between two looks at the progress; they take a thousand times as long as rows."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What to export, and how. Each of the three ways to read it gives the newest first, and records what it gave."""

    archive: Archive
    selected: Selection
    messages: Messages
    """Of whoever reads pages and reasons."""
    record: Record
    made: datetime
    """When."""
    words: bool = True
    """With what was typed."""
    brief: bool = False
    """The front matter alone, as far as the index knows it."""
    comma: bool = False
    """A table for programs, not for a spreadsheet in these countries."""
    progress: Progress
    asked: dict[str, object]
    """The query and the filters, as the manifest says them."""

    def rows(self) -> Iterator[list[Cells]]:
        """Pages of rows, as in `table.HEADS`. Raises FileFault."""
        for page in self._pages(cells.table(words=self.words), EXPIRES):
            yield list(map(row_of, page))

    def lines(self) -> Iterator[list[str]]:
        """Pages of JSON objects. Raises FileFault."""
        for page in self._pages(f"{cells.line(words=self.words)}, n.expires", LEADING + 1):
            yield [values[LEADING] for values in page]

    def notes(self) -> Iterator[tuple[Taken, IncidentNote]]:
        """Whole notes, each to be recorded as taken. One that cannot be read is recorded here. Raises FileFault."""
        total = self.archive.count(self.selected)
        done = 0
        for page in self.archive.pages(self.selected, "n.expires"):
            for _, path, _, expires in page:
                done += 1
                if done % OFTEN == 0:
                    self.progress(done, total)
                try:
                    sha, note = self.archive.whole(path)
                except Fault as fault:
                    self.miss(fault)
                    continue
                self._count_expired((expires,))
                note = nameless(note)
                yield Taken(path, sha.hex()), note if self.words else wordless(note)

    def about(self, form: str) -> dict[str, object]:
        """What a manifest of this format says first."""
        return {
            "program": "deescalate-tui",
            "version": __version__,
            "made": self.made.isoformat(timespec="seconds"),
            "format": form,
            **self.asked,
            "left_out": ["agent", *([] if self.words else ["words"]), *(["body"] if self.lacks_body(form) else [])],
        }

    def lacks_body(self, form: str) -> bool:
        """Whether this format holds the front matter alone."""
        return self.brief or form not in WHOLE

    def miss(self, fault: Fault) -> None:
        """Record a file that does not count, with its reason."""
        self.record.miss(Unread(clean(fault.place), fault.key, clean(self.messages.fault(fault))))

    def _pages(self, columns: str, expires: int) -> Iterator[list[tuple[Any, ...]]]:
        total = self.archive.count(self.selected)
        for page in self.archive.pages(self.selected, columns):
            yield page
            self._count_expired(values[expires] for values in page)
            self.record.take(Taken(values[1], values[2].hex()) for values in page)
            self.progress(self.record.notes, total)

    def _count_expired(self, days: Iterable[str]) -> None:
        today = self.made.date().isoformat()
        self.record.expired += sum(day < today for day in days)
