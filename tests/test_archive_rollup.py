"""The sums of a report follow the notes, whatever is added, corrected, damaged or erased."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from archive_model import a_note, paths_in, put
from msgspec.structs import replace

from deescalate_tui.archive.archive import Archive
from deescalate_tui.notes.note import IncidentNote
from deescalate_tui.paths import Paths


class Quotes:
    """How many quotations there are, by language."""

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.asked = 0

    def share(self, note: IncidentNote) -> tuple[str, bytes]:
        self.asked += 1
        return note.language, str(len(note.quotes)).encode()

    def merge(self, shares: Iterable[bytes]) -> bytes:
        return str(sum(map(int, shares))).encode()


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return paths_in(tmp_path)


def sums(archive: Archive) -> dict[str, tuple[int, int]]:
    return {key: (number, int(data)) for key, number, data in archive.sums()}


def test_the_sums_follow_the_notes(paths: Paths):
    notes = [a_note(number) for number in range(4)]
    files = [put(paths, note) for note in notes]
    put(paths, a_note(9, "nl"))
    quotes = Quotes()
    with Archive(paths, shared=False, contributor=quotes) as archive:
        archive.refresh()
        assert sums(archive) == {"de": (4, 4), "nl": (1, 1)}
        archive.refresh()
        assert quotes.asked == 5
        put(paths, a_note(5))
        put(paths, replace(notes[0], revision=2, quotes=notes[0].quotes * 3))
        archive.refresh()
        assert sums(archive) == {"de": (5, 7), "nl": (1, 1)}
        archive.forget(notes[1].id)
        assert "de" not in sums(archive)  # rather none than one that still holds what was erased
        files[1].unlink()
        archive.refresh()
        assert sums(archive) == {"de": (4, 6), "nl": (1, 1)}


def test_a_new_version_makes_all_sums_anew(paths: Paths):
    put(paths, a_note(1))
    with Archive(paths, shared=False, contributor=Quotes()) as archive:
        archive.refresh()
    again = Quotes("2")
    with Archive(paths, shared=False, contributor=again) as archive:
        archive.refresh()
        assert again.asked == 1
        assert sums(archive) == {"de": (1, 1)}


def test_a_note_whose_body_is_damaged_has_no_share_and_is_told(paths: Paths):
    path = put(paths, a_note(1))
    put(paths, a_note(2))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("<!-- quotes 1 -->", "<!-- quotes 7 -->"), encoding="utf-8")
    with Archive(paths, shared=False, contributor=Quotes()) as archive:
        archive.refresh()
        assert sums(archive) == {"de": (1, 1)}
        assert [fault.key for fault in archive.faults()] == ["note-count"]
        path.write_text(text, encoding="utf-8")
        archive.refresh(thorough=True)
        assert sums(archive) == {"de": (2, 2)}
        assert not list(archive.faults())


def test_all_sums_are_gone_with_the_last_note(paths: Paths):
    path = put(paths, a_note(1))
    with Archive(paths, shared=False, contributor=Quotes()) as archive:
        archive.refresh()
        path.unlink()
        archive.refresh()
        assert sums(archive) == {}
