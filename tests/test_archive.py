"""The archive: what is in the notes folder is found, once, and nothing else is."""

from datetime import date
from pathlib import Path

import pytest
from archive_model import paths_in, put, sample
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from note_samples import SAMPLES

from deescalate_tui.archive.archive import Archive
from deescalate_tui.archive.folding import fold, words
from deescalate_tui.archive.rows import Filters
from deescalate_tui.notes.note import IncidentNote, note_name
from deescalate_tui.paths import Paths

TODAY = date(2026, 11, 23)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return paths_in(tmp_path)


@pytest.fixture
def three(paths: Paths) -> dict[str, IncidentNote]:
    notes = {language: sample(language) for language in SAMPLES}
    for note in notes.values():
        put(paths, note)
    return notes


def test_every_note_is_a_row_without_its_agent_the_newest_first(paths: Paths, three: dict[str, IncidentNote]):
    with Archive(paths, shared=False) as archive:
        assert archive.refresh().taken == 3
        rows = list(archive.rows())
        assert {row.id for row in rows} == {note.id for note in three.values()}
        assert [row.started for row in rows] == sorted((note.started for note in three.values()), reverse=True)
        for row in rows:
            note = three[row.language]
            same = set(row.__struct_fields__) - {"key", "path"}
            assert {name: getattr(row, name) for name in same} == {name: getattr(note, name) for name in same}
            assert row.path == note_name(note)
            assert archive.note(row) == note
        assert "agent" not in rows[0].__struct_fields__
        assert b"amsel" not in archive.index.read_bytes()


@pytest.mark.parametrize(
    "query", ["ersatzrouter", "ERSATZ*", '"zum dritten Mal"', "fähig OR unfaehig", "outcome:follow-up", "ticket:t-4711"]
)
def test_the_german_note_alone_is_found(paths: Paths, three: dict[str, IncidentNote], query: str):
    with Archive(paths, shared=False) as archive:
        archive.refresh()
        assert [hit.row.language for hit in archive.search(archive.select(query, today=TODAY))] == ["de"]


def test_a_newer_revision_takes_the_place_of_the_older(paths: Paths, three: dict[str, IncidentNote]):
    with Archive(paths, shared=False) as archive:
        archive.refresh()
        path = put(paths, replace(three["de"], revision=2, request="Ein Modem fehlt"))
        archive.refresh()
        assert archive.count() == 3
        assert archive.count(archive.select("Modem")) == 1
        assert archive.count(archive.select('"Ersatzrouter kam"')) == 0
        path.unlink()
        archive.refresh()
        assert archive.count(archive.select("Modem")) == 0
        assert archive.count(archive.select('"Ersatzrouter kam"')) == 1


def test_half_a_note_is_a_fault_until_the_rest_arrives(paths: Paths, three: dict[str, IncidentNote]):
    path = paths.notes / note_name(three["no"])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with Archive(paths, shared=False) as archive:
        archive.refresh()
        assert archive.count() == 2
        assert [fault.key for fault in archive.faults()] == ["note-cut"]
        path.write_bytes(whole)
        archive.refresh()
        assert archive.count() == 3
        assert not list(archive.faults())


def test_filters(paths: Paths, three: dict[str, IncidentNote]):
    with Archive(paths, shared=False) as archive:
        archive.refresh()

        def found(**filters: object) -> set[str]:
            return {row.language for row in archive.rows(Filters(**filters))}

        assert found(types=("rude",)) == {"nl"}
        assert found(levels=(3, 4)) == {"de", "no"}
        assert found(threat=True) == {"no"}
        assert found(due=date(2026, 11, 23)) == {"de"}
        assert found(since=date(2026, 11, 23)) == set()
        assert found(until=date(2026, 11, 21)) == set()
        assert found(since=date(2026, 11, 22), until=date(2026, 11, 22)) == {"de", "nl", "no"}


@pytest.mark.parametrize(
    "together", [("grosse", "größe", "GROESSE", "Große"), ("bjorn", "bjørn", "Bjoern", "BJÖRN"), ("håkon", "Haakon")]
)
def test_what_is_folded_together(together: tuple[str, ...]):
    assert len({fold(word) for word in together}) == 1


@given(st.text(alphabet="aeouäöüßøåæœbgxń", max_size=9), st.integers(0, 9))
def test_the_fold_of_a_beginning_begins_the_fold(word: str, cut: int):
    assert fold(word).startswith(fold(word[:cut]))


@given(st.text())
def test_words_are_what_the_index_holds(text: str):
    assert all(word and not word.isspace() for word in words(text))
