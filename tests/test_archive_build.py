"""What makes a first build quick and shows it early, and what keeps one note from waiting for all of them."""

import sqlite3
import sys
from pathlib import Path

import pytest
from archive_model import a_note, paths_in, put
from msgspec.structs import replace

from deescalate_tui.archive.archive import Archive
from deescalate_tui.archive.batches import FIRST
from deescalate_tui.archive.writing import _NEAR
from deescalate_tui.paths import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return paths_in(tmp_path)


def test_the_first_notes_are_seen_before_all_are_taken_in_the_newest_of_them(paths: Paths):
    for number in range(2 * FIRST + 1):
        put(paths, a_note(number))
    seen = {}
    with Archive(paths, shared=False) as archive, Archive(paths, shared=False) as other:
        archive.refresh(lambda done, _: seen.setdefault(done, [row.started for row in other.rows()]))
        everything = [row.started for row in archive.rows()]
    assert not seen[FIRST - 1]
    assert seen[FIRST] == everything[:FIRST]


def test_many_notes_of_one_second_are_all_found_in_order_with_their_neighbours(paths: Paths):
    # All but the last have the same end of their id as well: in one second there is no room for them.
    number = 3 * _NEAR
    for place in range(number):
        note = a_note(1)
        put(paths, replace(note, id=f"{note.id[:-8]}{place:05x}abc"))
    put(paths, a_note(61, request="Zuletzt"))
    with Archive(paths, shared=False) as archive:
        assert archive.refresh().taken == number + 1
        rows = list(archive.rows())
        assert rows[0].request == "Zuletzt"
        assert len({row.key for row in rows}) == number + 1
        archive.take(paths.notes / rows[5].path)
        assert archive.count() == number + 1


def test_a_note_that_is_saved_does_not_wait_until_the_words_of_all_are_merged(paths: Paths):
    with Archive(paths, shared=False) as archive:
        for number in range(40):
            archive.take(put(paths, a_note(number)))
        assert _parts(archive) == 40
        put(paths, a_note(50))
        archive.refresh()
        assert _parts(archive) < 10


@pytest.mark.skipif(sys.platform == "win32", reason="there it is not taken away while it is open")
def test_an_index_of_an_earlier_form_is_built_anew(paths: Paths):
    put(paths, a_note(1))
    with Archive(paths, shared=False) as archive:
        archive.refresh()
        index = archive.index
    with sqlite3.connect(index) as connection:
        connection.execute("PRAGMA user_version = 2001")
    with Archive(paths, shared=False) as archive:
        assert archive.count() == 0
        assert archive.refresh().taken == 1


def _parts(archive: Archive) -> int:
    """Into how many pieces the words are divided."""
    with sqlite3.connect(archive.index) as connection:
        return int(connection.execute("SELECT count(DISTINCT segid) FROM found_idx").fetchone()[0])
