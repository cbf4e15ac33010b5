"""The archive as other modules use it: open it, bring it up to date, read from it.

    with Archive.open(os.environ) as archive:
        refreshed = archive.refresh(progress)
        for row in archive.rows(Filters(types=("rude",)), limit=50): ...

An Archive belongs to the thread that opened it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Self

from deescalate_tui.archive import refresh as refreshing
from deescalate_tui.archive import rollup, schema
from deescalate_tui.archive import search as searching
from deescalate_tui.archive.faults import all_faults
from deescalate_tui.archive.reading import content
from deescalate_tui.archive.refresh import Progress, Refreshed, transaction
from deescalate_tui.archive.rollup import Contributor
from deescalate_tui.archive.rows import Condition, Filters, Row, first, of_ticket
from deescalate_tui.archive.search import Hit, Selection
from deescalate_tui.archive.writing import Writer
from deescalate_tui.clean import clean
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.locks import FileLock
from deescalate_tui.note import IncidentNote
from deescalate_tui.note_parse import parse
from deescalate_tui.paths import NOTES, Paths, locate

EVERYTHING = Filters()
BUSY = "archive-busy"


def quiet(done: int, total: int) -> None:
    """Progress that nobody watches."""
    del done, total


class Archive:
    """The notes of one folder, with their index."""

    def __init__(self, paths: Paths, *, shared: bool, contributor: Contributor | None = None) -> None:
        """`shared`: the folder may be away, which then is a fault and not the end of all notes. Raises FileFault."""
        self.notes = paths.notes
        self.index = schema.place(paths.state, paths.notes)
        self._shared = shared
        self._contributor = contributor
        self._connection = schema.connect(self.index)

    @classmethod
    def open(cls, environ: Mapping[str, str], contributor: Contributor | None = None) -> Self:
        """The archive that the environment names. Raises UsageFault, FileFault."""
        shared = bool(environ.get(NOTES, "").strip())
        return cls(locate(environ), shared=shared, contributor=contributor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index."""
        self._connection.close()

    def refresh(self, progress: Progress = quiet, *, thorough: bool = False) -> Refreshed:
        """Take in what is new, and let go what is gone; with `thorough` look at every file, else at changed months.

        Never raises for what the disk does: `fault` of the answer says why the archive may be behind, and what is
        there can be read. `busy` says that another program is just at it.
        """
        try:
            lock = FileLock(self.index.with_suffix(".lock"), BUSY)
        except FileFault as fault:
            return Refreshed(busy=fault.key == BUSY, fault=None if fault.key == BUSY else fault)
        try:
            return self._refresh(progress, thorough)
        except FileFault as fault:
            if fault.key != schema.DAMAGED:
                return Refreshed(fault=fault)
            return self._anew(progress)
        finally:
            lock.release()

    def rebuild(self, progress: Progress = quiet) -> Refreshed:
        """Throw the index away and build it anew; who has it open goes on with the new one."""
        with self._guarded():
            schema.empty(self._connection)
        return self.refresh(progress, thorough=True)

    def rows(self, filters: Filters = EVERYTHING, limit: int | None = None) -> Iterator[Row]:
        """The notes for which the filters hold, the newest first. Memory stays flat. Raises FileFault."""
        with self._guarded():
            yield from searching.newest(self._connection, self.select("", filters), limit)

    def search(self, selected: Selection, limit: int | None = None, *, ranked: bool = False) -> Iterator[Hit]:
        """What `select` means, each with the place of the words; the newest first or, `ranked`, what fits best."""
        with self._guarded():
            if ranked:
                rows: Iterator[Row] = iter(searching.best(self._connection, selected, limit or searching.RANKED))
            else:
                rows = searching.newest(self._connection, selected, limit)
            yield from searching.hits(self._connection, selected, rows)

    def select(self, query: str, filters: Filters = EVERYTHING, today: date | None = None) -> Selection:
        """What a query (see `query`) and filters mean together; `today` for days such as `yesterday`.

        Raises UsageFault with the column of what cannot be.
        """
        return searching.select(query, filters, today or date.min)

    def count(self, selected: Selection | None = None, most: int | None = None) -> int:
        """How many notes there are, or are meant; `most` bounds the time that takes. Raises FileFault."""
        with self._guarded():
            return searching.count(self._connection, selected or self.select(""), most)

    def find(self, wanted: str, limit: int = 100) -> list[Row]:
        """The notes of an id, whole or its last eight digits, else of a ticket: the newest first. Raises FileFault."""
        name = clean(wanted).strip()
        by_id = Condition("n.note = ? OR substr(n.note, -8) = ?", (name.lower(), name.lower()))
        ticket = of_ticket(name)
        with self._guarded():
            found = first(self._connection, by_id, limit)
            return found or (first(self._connection, ticket, limit) if ticket else [])

    def path(self, row: Row) -> Path:
        """The file of a note."""
        return self.notes / row.path

    def note(self, row: Row) -> IncidentNote:
        """The whole note, from its file. Raises Fault where that has gone or been damaged since."""
        path = self.path(row)
        return parse(content(path)[1], clean(str(path)))

    def faults(self) -> Iterator[Fault]:
        """Every file that does not count as a note, with its reason. Raises FileFault."""
        with self._guarded():
            yield from all_faults(self._connection)

    def sums(self) -> Iterator[tuple[str, int, bytes]]:
        """What the contributor made of the notes: key, number of notes and sum. Raises FileFault."""
        with self._guarded():
            yield from rollup.sums(self._connection)

    def forget(self, note_id: str) -> None:
        """Remove all the index knows of a note; `scrub` afterwards. Raises FileFault."""
        with self._guarded(), transaction(self._connection):
            Writer(self._connection, self.notes).forget(note_id)

    def scrub(self) -> None:
        """Leave no word of what was removed in the bytes of the index. Raises FileFault."""
        with self._guarded():
            refreshing.scrub(self._connection)

    def _anew(self, progress: Progress) -> Refreshed:
        """The index was damaged and is gone: make another one."""
        self.close()
        try:
            self._connection = schema.connect(self.index)
            return self._refresh(progress, thorough=True)
        except FileFault as fault:
            return Refreshed(fault=fault)

    def _refresh(self, progress: Progress, thorough: bool) -> Refreshed:
        with self._guarded():
            done = refreshing.refresh(self._connection, self.notes, progress, shared=self._shared, thorough=thorough)
            if self._contributor is not None:
                rollup.bring_up(self._connection, self.notes, self._contributor, progress)
            refreshing.scrub(self._connection)
            return done

    def _guarded(self) -> AbstractContextManager[None]:
        return schema.guarded(self.index)
