"""The archive as other modules use it: open it, bring it up to date, read from it.

    with Archive.open(os.environ) as archive:
        refreshed = archive.refresh(progress)
        for row in archive.rows(Filters(types=("rude",)), limit=50): ...

An Archive belongs to the thread that opened it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any, Self

from deescalate_tui.archive import refresh as refreshing
from deescalate_tui.archive import rollup, scan, schema
from deescalate_tui.archive import search as searching
from deescalate_tui.archive import verify as verifying
from deescalate_tui.archive.faults import all_faults
from deescalate_tui.archive.reading import content
from deescalate_tui.archive.refresh import Batches, Progress, Refreshed, transaction
from deescalate_tui.archive.rollup import Contributor
from deescalate_tui.archive.rows import Filters, Row
from deescalate_tui.archive.search import Hit, Selection
from deescalate_tui.archive.writing import Writer
from deescalate_tui.clean import clean
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.ids import is_uuid7
from deescalate_tui.locks import FileLock
from deescalate_tui.note import IncidentNote
from deescalate_tui.note_parse import parse
from deescalate_tui.paths import NOTES, Paths, locate

EVERYTHING = Filters()
SETTLE_S = 30.0
"""So long an erasure waits for another program to be done with the index."""
PAUSE_S = 0.1


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

    @staticmethod
    def exists(paths: Paths) -> bool:
        """Whether there is an index of these notes already."""
        return schema.place(paths.state, paths.notes).exists()

    def refresh(self, progress: Progress = quiet, *, thorough: bool = False, wait_s: float = 0) -> Refreshed:
        """Take in what is new, and let go what is gone; with `thorough` look at every file, else at changed months.

        Never raises for what the disk does: `fault` of the answer says why the archive may be behind, and what is
        there can be read. `busy` says that another program is just at it, and was so for `wait_s`.
        """
        try:
            lock = self._lock(time.monotonic() + wait_s)
        except FileFault as fault:
            return Refreshed(busy=True) if fault.key == schema.BUSY else Refreshed(fault=fault)
        try:
            return self._refresh(progress, thorough)
        except FileFault as fault:
            if fault.key != schema.DAMAGED:
                return Refreshed(fault=fault)
            return self._anew(progress)
        finally:
            lock.release()

    def take(self, path: Path) -> None:
        """Take in one file that was just written, without a look at the others. Raises FileFault."""
        now = scan.stat_of(path)
        name = path.relative_to(self.notes)
        if now is not None:
            with self._guarded():
                writer = Writer(self._connection, self.notes)
                with Batches(self._connection, writer.flush):
                    writer.take(name.parent.as_posix(), name.name, now)

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

    def file_of(self, wanted: str) -> Path | None:
        """The file of an id, whole or its last eight digits: of a note the newest revision, else a damaged one.

        None where it is no id, or none that is known. Raises FileFault.
        """
        name = clean(wanted).strip().lower()
        if not (is_uuid7(name) or re.fullmatch("[0-9a-f]{8}", name)):
            return None
        with self._guarded():
            found = searching.file_of(self._connection, name)
        return self.notes / found if found is not None else None

    def path(self, row: Row) -> Path:
        """The file of a note."""
        return self.notes / row.path

    def note(self, row: Row) -> IncidentNote:
        """The whole note, from its file. Raises Fault where that has gone or been damaged since."""
        return self.whole(row.path)[1]

    def whole(self, path: str) -> tuple[bytes, IncidentNote]:
        """The same of a path as rows name it, with the SHA-256 of the file."""
        place = self.notes / path
        sha, text = content(place)
        return sha, parse(text, clean(str(place)))

    def pages(self, selected: Selection, columns: str) -> Iterator[list[tuple[Any, ...]]]:
        """What is meant as bare values (see `cells`), the newest first, many notes at a time. Raises FileFault.

        Before the columns that are asked for come three: key, path and SHA-256 of the file.
        """
        proof = "n.id, n.path, (SELECT sha FROM files WHERE id = n.file)"
        with self._guarded():
            yield from searching.pages(self._connection, selected, f"{proof}, {columns}")

    def faults(self) -> Iterator[Fault]:
        """Every file that does not count as a note, with its reason. Raises FileFault."""
        with self._guarded():
            yield from all_faults(self._connection)

    def verify(self, progress: Progress = quiet) -> Iterator[Fault]:
        """Every file that is not as it should be: damaged, changed since it was first seen, under another's name.

        Reads all of them whole; refresh before, with `thorough`. Raises FileFault.
        """
        with self._guarded():
            yield from verifying.verify(self._connection, self.notes, progress)

    def sums(self) -> Iterator[tuple[str, int, bytes]]:
        """What the contributor made of the notes: key, number of notes and sum. Raises FileFault."""
        with self._guarded():
            yield from rollup.sums(self._connection)

    def forget(self, note_id: str) -> None:
        """Remove all the index knows of a note; `settle` once its files have gone. Raises FileFault."""
        with self._guarded(), transaction(self._connection):
            Writer(self._connection, self.notes).forget(note_id)

    def settle(self, progress: Progress = quiet) -> None:
        """After `forget`: leave no word of what was removed in the bytes of the index.

        Raises FileFault (`archive-words`) where that could not be done yet: the next refresh tries again.
        """
        done = self.refresh(progress, wait_s=SETTLE_S)
        with self._guarded():
            if done.busy or done.fault is not None or refreshing.holds_removed(self._connection):
                raise FileFault(str(self.index), "archive-words", help="deescalate notes reindex")

    def _lock(self, until: float) -> FileLock:
        while True:
            try:
                return FileLock(self.index.with_suffix(".lock"), schema.BUSY)
            except FileFault as fault:
                if fault.key != schema.BUSY or time.monotonic() >= until:
                    raise
                time.sleep(PAUSE_S)

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
