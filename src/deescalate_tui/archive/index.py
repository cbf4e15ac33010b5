"""An index that is open, to read from: what `archive` does that changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deescalate_tui.archive import dues as promised
from deescalate_tui.archive import schema
from deescalate_tui.archive import search as searching
from deescalate_tui.archive.dues import Due
from deescalate_tui.archive.faults import all_faults, shut
from deescalate_tui.archive.key import Key
from deescalate_tui.archive.rows import Filters, Row
from deescalate_tui.archive.search import Hit, Selection
from deescalate_tui.archive.snippets import WIDTH
from deescalate_tui.clean import clean
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.ids import is_uuid7
from deescalate_tui.notes.sealed import summed
from deescalate_tui.paths import Paths

if TYPE_CHECKING:
    from deescalate_tui.notes.note import IncidentNote

EVERYTHING = Filters()
HIGHEST = "\U0010ffff"
"""Above every key of a sum."""


class Index:
    """What is known of the notes of one folder."""

    def __init__(self, paths: Paths, key: Key) -> None:
        """`key` opens sealed notes. Raises FileFault."""
        self.notes = paths.notes
        self.index = schema.place(paths.state, paths.notes)
        self._key = key
        self._connection = schema.connect(self.index)

    def rows(self, filters: Filters = EVERYTHING, limit: int | None = None) -> Iterator[Row]:
        """The notes for which the filters hold, the newest first. Memory stays flat. Raises FileFault."""
        with self._guarded():
            yield from searching.newest(self._connection, self.select("", filters), limit)

    def search(
        self, selected: Selection, limit: int | None = None, *, ranked: bool = False, width: int = WIDTH
    ) -> Iterator[Hit]:
        """What `select` means, each with the place of the words; the newest first or, `ranked`, what fits best.

        `width` is how many characters of the place there is room for.
        """
        with self._guarded():
            if ranked:
                rows: Iterator[Row] = iter(searching.best(self._connection, selected, limit or searching.RANKED))
            else:
                rows = searching.newest(self._connection, selected, limit)
            yield from searching.hits(self._connection, selected, rows, width)

    def select(
        self, query: str, filters: Filters = EVERYTHING, today: date | None = None, *, typing: bool = False
    ) -> Selection:
        """What a query (see `query`) and filters mean together; `today` for days such as `yesterday`.

        While `typing`, a word may be the beginning of one. Raises UsageFault with the column of what cannot be.
        """
        return searching.select(query, filters, today or date.min, typing=typing)

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
        # Late: a list reads no note.
        from deescalate_tui.archive.reading import content
        from deescalate_tui.notes.parse import parse

        place = self.notes / path
        sha, text = content(place, self._key)
        return sha, parse(text, clean(str(place)))

    def pages(self, selected: Selection, columns: str) -> Iterator[list[tuple[Any, ...]]]:
        """What is meant as bare values (see `cells`), the newest first, many notes at a time. Raises FileFault.

        Before the columns that are asked for come three: key, path and SHA-256 of the file.
        """
        proof = "n.id, n.path, (SELECT sha FROM files WHERE id = n.file)"
        with self._guarded():
            yield from searching.pages(self._connection, selected, f"{proof}, {columns}")

    def text(self, row: Row) -> str:
        """The text of a note's file. From any thread. Raises FileFault."""
        from deescalate_tui.archive.reading import content  # late: see `note`

        return content(self.path(row), self._key)[1]

    def dues(self, selected: Selection, limit: int | None = None) -> Iterator[Due]:
        """What is open in the notes that are meant, by date. Raises FileFault."""
        with self._guarded():
            yield from promised.dues(self._connection, selected, limit)

    def count_dues(self, selected: Selection) -> int:
        """How many there are. Raises FileFault."""
        with self._guarded():
            return promised.count(self._connection, selected)

    def faults(self) -> Iterator[Fault]:
        """Every file that does not count as a note, with its reason; sealed ones without a key as one.

        Raises FileFault.
        """
        with self._guarded():
            if number := shut(self._connection):
                yield FileFault(clean(str(self.notes)), "notes-sealed", number=number)
            yield from summed(all_faults(self._connection), self.notes)

    def known(self, column: str) -> tuple[str, ...]:
        """The values that the notes have in a column, `customer_type` or `country`. Raises FileFault."""
        with self._guarded():
            found = self._connection.execute(f"SELECT DISTINCT {column} FROM notes WHERE {column} <> '' ORDER BY 1")
            return tuple(value for (value,) in found)

    def unread(self) -> int:
        """How many files do not count as a note. Raises FileFault."""
        with self._guarded():
            return int(self._connection.execute("SELECT count(*) FROM files WHERE fault IS NOT NULL").fetchone()[0])

    def sums(self, first: str = "", last: str = HIGHEST) -> Iterator[tuple[str, int, bytes]]:
        """What the contributor made of the notes: key, number of notes and sum, between two keys. Raises FileFault."""
        from deescalate_tui.archive import rollup  # late: see `note`

        with self._guarded():
            yield from rollup.sums(self._connection, (first, last))

    def _guarded(self) -> AbstractContextManager[None]:
        return schema.guarded(self.index)
