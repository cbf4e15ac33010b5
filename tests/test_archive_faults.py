"""Whatever happens to the index or the folder: nothing wrong is shown afterwards, and no note is touched."""

import errno
import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from archive_model import a_note, paths_in, put
from msgspec.structs import replace

from deescalate_tui.archive import schema
from deescalate_tui.archive.archive import Archive
from deescalate_tui.archive.batches import transaction
from deescalate_tui.archive.refresh import Refreshed
from deescalate_tui.locks import FileLock
from deescalate_tui.notes.files import TOMBSTONE, Tombstone, mark_path, put_mark
from deescalate_tui.notes.note import note_name
from deescalate_tui.paths import Paths

TODAY = date(2026, 11, 23)
SECRET = "Zwiebelkuchen"
unix = pytest.mark.skipif(sys.platform == "win32", reason="kills and limits as Unix has them")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return paths_in(tmp_path)


def opened(paths: Paths) -> Archive:
    return Archive(paths, shared=False)


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.md")}


def in_bytes(archive: Archive, word: str) -> list[str]:
    """The files of the index that hold a word, as typed or folded."""
    files = archive.index.parent.glob(f"{archive.index.name}*")
    return [it.name for it in files if any(text.encode() in it.read_bytes() for text in (word, word.lower()))]


def test_what_is_erased_leaves_the_bytes_of_the_index(paths: Paths):
    for number in range(60):
        put(paths, a_note(number))
    gone = a_note(60, request=f"Der {SECRET} fehlt", ticket=f"{SECRET}-1")
    path = put(paths, gone)
    with opened(paths) as archive:
        archive.refresh()
        assert in_bytes(archive, SECRET)
        archive.forget(gone.id)
        path.unlink()
        archive.settle()
        assert in_bytes(archive, SECRET) == []
        assert archive.count() == 60
        archive.refresh()
        assert in_bytes(archive, SECRET) == []


def test_another_machine_forgets_what_is_gone_when_it_looks_next(paths: Paths):
    for number in range(5):
        put(paths, a_note(number))
    path = put(paths, a_note(5, request=f"Der {SECRET} fehlt"))
    with opened(paths) as archive:
        archive.refresh()
        path.unlink()
        assert archive.refresh().removed == 1
        assert in_bytes(archive, SECRET) == []


def test_a_note_with_a_tombstone_does_not_count_wherever_it_comes_from(paths: Paths):
    note = a_note(1)
    put(paths, note)
    put(paths, a_note(2))
    with opened(paths) as archive:
        archive.refresh()
        stone = Tombstone(1, note.id, "2026-11-23", "asked", "customer")
        put_mark(mark_path(paths.notes, note, TOMBSTONE), stone, shared=False)
        archive.refresh()
        assert archive.count() == 1
        assert [fault.key for fault in archive.faults()] == ["archive-erased"]


def test_copies_damaged_foreign_and_misplaced_files_are_told_and_the_rest_counts(paths: Paths):
    note = a_note(1)
    path = put(paths, note)
    put(paths, note, note_name(note).replace(".md", " (conflict).md"))
    path.with_name("2026-01-01T000000Z_00000000.md").write_text("no note", encoding="utf-8")
    path.with_name("half_1.md").write_bytes(path.read_bytes()[:2500])
    (paths.notes / "stray.md").write_text("lost", encoding="utf-8")
    path.with_name(".hidden.md.tmp").write_text("being written", encoding="utf-8")
    path.with_name("thing.txt").write_text("not ours", encoding="utf-8")
    with opened(paths) as archive:
        archive.refresh()
        assert [row.path for row in archive.rows()] == [note_name(note)]
        assert sorted(fault.key for fault in archive.faults()) == [
            "archive-copy", "archive-place", "note-cut", "note-foreign",
        ]  # fmt: skip
        before = sorted(fault.key for fault in archive.faults())
        archive.refresh(thorough=True)
        assert sorted(fault.key for fault in archive.faults()) == before
        path.unlink()  # the copy is all there is now
        archive.refresh()
        assert archive.count() == 1
        assert "archive-copy" not in [fault.key for fault in archive.faults()]


@unix
def test_links_are_not_followed(paths: Paths, tmp_path: Path):
    path = put(paths, a_note(1))
    away = tmp_path / "away.md"
    away.write_bytes(put(paths, a_note(2)).read_bytes())
    path.with_name("link.md").symlink_to(away)
    (paths.notes / "2027").symlink_to(path.parent.parent)
    with opened(paths) as archive:
        archive.refresh()
        assert archive.count() == 2
        assert [fault.key for fault in archive.faults()] == ["symlink", "symlink"]


def test_a_note_changed_by_hand_is_told_until_it_is_accepted(paths: Paths):
    note = a_note(1, request="Ein Router fehlt")
    path = put(paths, note)
    with opened(paths) as archive:
        archive.refresh()
        assert list(archive.verify()) == []
        path.write_bytes(path.read_bytes().replace(b"Ein Router fehlt", b"Kein Router da"))
        for _ in range(2):
            archive.refresh(thorough=True)
            assert [fault.key for fault in archive.verify()] == ["verify-changed"]
        archive.rebuild()
        assert list(archive.verify()) == []
        path.rename(path.with_name("other_name.md"))
        archive.refresh()
        assert [fault.key for fault in archive.verify()] == ["verify-name"]


@pytest.mark.parametrize("what", ["noise", "empty", "foreign", "newer", "torn"])
def test_an_index_that_is_not_ours_is_built_anew(paths: Paths, what: str):
    for number in range(120):
        put(paths, a_note(number))
    before = hashes(paths.notes)
    with opened(paths) as archive:
        archive.refresh()
        index = archive.index
    if what == "noise":
        index.write_bytes(os.urandom(50_000))
    elif what == "empty":
        index.write_bytes(b"")
    elif what == "torn":
        data = bytearray(index.read_bytes())
        for place in range(8192, len(data), 8192):
            data[place : place + 4096] = os.urandom(4096)
        index.write_bytes(data)
    else:
        index.unlink()
        with sqlite3.connect(index) as other:
            other.execute("CREATE TABLE notes (x)" if what == "foreign" else "PRAGMA user_version = 99000")
        other.close()
    with opened(paths) as archive:
        refreshed = archive.refresh(thorough=True)
        assert refreshed.fault is None
        if what == "torn":  # nobody can look at every page: `reindex` is for this
            archive.rebuild()
        assert archive.count(archive.select("Ersatzrouter", today=TODAY)) == 120
    assert hashes(paths.notes) == before


@unix
@pytest.mark.parametrize("do", [lambda it: it.refresh(thorough=True), Archive.rebuild])
def test_a_damaged_index_is_removed_once_it_is_let_go(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, do: Callable[[Archive], Refreshed]
):
    """Windows removes no file that is open."""
    made, let_go, remove, held = schema._open, Archive.close, Path.unlink, set[Path]()

    def opening(path: Path) -> sqlite3.Connection:
        held.add(path)
        return made(path)

    def closing(archive: Archive) -> None:
        let_go(archive)
        held.clear()

    def unlink(path: Path) -> None:
        if path in held:
            raise PermissionError(errno.EACCES, "open")
        remove(path)

    monkeypatch.setattr(schema, "_open", opening)
    monkeypatch.setattr(Archive, "close", closing)
    monkeypatch.setattr(Path, "unlink", unlink)
    put(paths, a_note(1))
    with opened(paths) as archive:
        archive.refresh()
        for path in archive.index.parent.glob(f"{archive.index.name}*"):
            path.write_bytes(b"nothing of SQLite" * 4096)
        assert do(archive) == Refreshed(taken=1)
        assert archive.count() == 1


def test_while_another_program_is_at_it_what_is_there_is_shown(paths: Paths):
    put(paths, a_note(1))
    with opened(paths) as archive:
        archive.refresh()
        put(paths, a_note(2))
        lock = FileLock(archive.index.with_suffix(".lock"), "archive-busy")
        assert archive.refresh().busy
        assert archive.count() == 1
        lock.release()
        assert archive.refresh().taken == 1


def test_a_reader_sees_all_of_a_batch_or_nothing(paths: Paths):
    put(paths, a_note(1))
    with opened(paths) as one, opened(paths) as other:
        one.refresh()
        with transaction(one._connection):
            one._connection.execute("DELETE FROM notes")
            assert other.count() == 1
            assert one.count() == 0
        assert other.count() == 0


def test_a_shared_drive_that_is_away_is_a_fault_and_not_the_end_of_all_notes(paths: Paths):
    put(paths, a_note(1))
    with Archive(paths, shared=True) as archive:
        archive.refresh()
        away = paths.notes.rename(paths.notes.with_name("away"))
        refreshed = archive.refresh()
        assert refreshed.fault is not None
        assert refreshed.fault.key == "missing"
        assert archive.count() == 1
        away.rename(paths.notes)
        assert archive.refresh().fault is None


REFRESH = """
import sys
from pathlib import Path
from deescalate_tui.archive import batches
from deescalate_tui.archive.archive import Archive
from archive_model import paths_in
batches.BATCH = 20
with Archive(paths_in(Path(sys.argv[1])), shared=False) as archive:
    print("begun", flush=True)
    done = archive.refresh()
    print(done.fault.key if done.fault else "whole", flush=True)
"""


def started(home: Path, limit: int | None = None) -> "subprocess.Popen[str]":
    def limited() -> None:
        import resource  # Windows has none

        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    tests = str(Path(__file__).parent)
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join((tests, *sys.path))}
    return subprocess.Popen(
        [sys.executable, "-c", REFRESH, str(home)], stdout=subprocess.PIPE, text=True, env=environ, preexec_fn=limited
    )


def sound(paths: Paths, number: int) -> None:
    """The index is whole, and shows what is in the folder and nothing else."""
    with opened(paths) as archive:
        there = {path.relative_to(paths.notes).as_posix() for path in paths.notes.rglob("*.md")}
        shown = [row.path for row in archive.rows()]
        assert set(shown) <= there
        assert len(shown) == len(set(shown)) == archive.count(archive.select("Ersatzrouter", today=TODAY))
        assert archive._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        archive._connection.execute("INSERT INTO found (found) VALUES ('integrity-check')")
        assert archive.refresh().fault is None
        assert archive.count() == archive.count(archive.select("Ersatzrouter", today=TODAY)) == number
        archive._connection.execute("INSERT INTO found (found) VALUES ('integrity-check')")


@unix
def test_killed_at_any_moment_nothing_wrong_is_shown(paths: Paths, tmp_path: Path):
    number = 250
    for note in range(number):
        put(paths, a_note(note))
    before = hashes(paths.notes)
    for wait_s in (0.0, 0.02, 0.05, 0.1):
        with started(tmp_path) as running:
            assert running.stdout is not None
            running.stdout.readline()
            time.sleep(wait_s)
            running.kill()
        with opened(paths) as archive:
            assert archive.count() == archive.count(archive.select("Ersatzrouter", today=TODAY)) <= number
    sound(paths, number)
    assert hashes(paths.notes) == before


@unix
@pytest.mark.parametrize("limit", [80_000, 200_000, 500_000])
def test_a_full_disk_is_said_and_nothing_wrong_is_shown(paths: Paths, tmp_path: Path, limit: int):
    number = 250
    for note in range(number):
        put(paths, a_note(note))
    before = hashes(paths.notes)
    with opened(paths):
        pass
    with started(tmp_path, limit) as running:
        out, _ = running.communicate()
    assert out.split()[-1] in ("disk-full", "disk-error")
    sound(paths, number)
    assert hashes(paths.notes) == before


def test_interrupted_by_hand_what_was_taken_in_stays(paths: Paths, monkeypatch: pytest.MonkeyPatch):
    for name in ("FIRST", "BATCH"):
        monkeypatch.setattr(f"deescalate_tui.archive.batches.{name}", 10)
    for number in range(50):
        put(paths, a_note(number))

    def stop(done: int, total: int) -> None:
        assert total == 50
        if done == 35:
            raise KeyboardInterrupt

    with opened(paths) as archive:
        with pytest.raises(KeyboardInterrupt):
            archive.refresh(stop)
        assert archive.count() == 30
        assert archive.refresh().taken == 20
    sound(paths, 50)


def test_a_corrected_note_is_found_by_its_new_words_alone(paths: Paths):
    note = a_note(1, request="Ein Router fehlt")
    put(paths, note)
    put(paths, replace(note, revision=2, request="Ein Modem fehlt"))
    with opened(paths) as archive:
        archive.refresh()
        assert archive.count(archive.select('"Router fehlt"')) == 0
        assert archive.count(archive.select("Modem")) == 1
        assert archive.file_of(note.id) == paths.notes / note_name(replace(note, revision=2))
