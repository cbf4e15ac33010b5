"""What a journal reads, keeps and tells, with a disk that works or is slow."""

import errno
import json
import os
import stat
import sys
import threading
import zlib
from pathlib import Path
from queue import SimpleQueue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate_tui.errors import FileFault
from deescalate_tui.files import Ops
from deescalate_tui.ids import uuid7
from deescalate_tui.journal.journal import MAX_RECORD, Journal, Saved, Scan, Status, line_of, scan
from deescalate_tui.journal.unfinished import unfinished
from deescalate_tui.locks import FileLock, is_locked

posix = pytest.mark.skipif(sys.platform == "win32", reason="links and FIFOs as POSIX has them")

ID = uuid7(1_800_000_000_000)
LATER_ID = uuid7(1_800_000_000_001)
WAIT_S = 20
"""Only a hang takes this long."""

RECORDS = st.lists(
    st.dictionaries(st.text(max_size=5), st.text(max_size=8), max_size=2).map(
        lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    ),
    max_size=6,
)


def text_of(records: list[bytes]) -> bytes:
    return b"".join(map(line_of, records))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the sessions are."""
    return tmp_path / "sessions"


@pytest.fixture
def path(folder: Path) -> Path:
    """Where the journal of `ID` is; the folder is made."""
    folder.mkdir()
    return folder / f"{ID}.journal"


def names(folder: Path) -> list[str]:
    return sorted(path.name.replace(ID, "ID") for path in folder.iterdir())


# --- lines


def test_a_line_is_crc_space_record() -> None:
    # The check value that every catalogue of CRC-32 names.
    assert line_of(b"123456789") == b"cbf43926 123456789\n"
    assert scan(b"cbf43926 123456789\n") == Scan((b"123456789",), 19)


@given(RECORDS, st.data())
def test_any_beginning_of_a_journal_reads_to_a_beginning_of_its_records(
    records: list[bytes], data: st.DataObject
) -> None:
    text = text_of(records)
    end = data.draw(st.integers(0, len(text)))
    found = scan(text[:end])
    whole = text[:end].count(b"\n")
    assert found == Scan(tuple(records[:whole]), len(text_of(records[:whole])))


@given(RECORDS.filter(bool), st.data())
def test_a_flipped_byte_is_never_read_as_another_record(records: list[bytes], data: st.DataObject) -> None:
    text = bytearray(text_of(records))
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] ^= data.draw(st.integers(1, 255))
    hit = bytes(text_of(records)[:place]).count(b"\n")
    found = scan(bytes(text))
    assert found.records == tuple(records[:hit])
    assert found.good_end + len(b"".join(found.damaged)) == len(text)


@given(RECORDS, st.binary(max_size=40))
def test_whatever_follows_the_records_is_kept_or_was_never_finished(records: list[bytes], tail: bytes) -> None:
    text = text_of(records)
    found = scan(text + tail)
    assert found.records[: len(records)] == tuple(records)
    rest = (text + tail)[found.good_end :]
    assert b"".join(found.damaged) in (rest, b"")
    if b"\n" in rest or b"\0" in rest:
        assert found.damaged


GOOD = line_of(b'{"n":1}')
NEXT = line_of(b'{"n":2}')


@pytest.mark.parametrize(
    "bad",
    [
        b"\0" * 100,
        b"\n",
        b"not a line\n",
        NEXT[:-1] + b"\r\n",
        NEXT.replace(b" ", b"  ", 1),
        NEXT[:8].upper() + NEXT[8:],
        b'00000000 {"n":2}\n',
        b"a5e33cb8 \xff\n",
        b"00000000 \n",
        NEXT[:-1] + b"X",
        NEXT[:-1] + b"\0",
        b"%08x " % 0 + b"x" * (MAX_RECORD + 1),
    ],
)
@pytest.mark.parametrize("after", [b"", NEXT])
def test_what_is_damage(bad: bytes, after: bytes) -> None:
    found = scan(GOOD + bad + after)
    assert (found.records, found.good_end) == ((b'{"n":1}',), len(GOOD))
    assert b"".join(found.damaged) == bad + after


def test_a_record_that_is_no_utf8_is_damage_although_its_sum_is_right() -> None:
    line = b"%08x \xff\n" % zlib.crc32(b"\xff")
    assert scan(GOOD + line).damaged == (line,)


@pytest.mark.parametrize("record", [b"", b"a\nb", b"a\rb", b"a\0b", b"a\tb", b"\xff", b"x" * (MAX_RECORD + 1)])
def test_what_would_not_read_is_not_written(folder: Path, record: bytes) -> None:
    journal = Journal.create(folder, ID)
    with pytest.raises(ValueError, match="a record is"):
        journal.append(record)
    assert journal.close(WAIT_S)
    assert journal.path.read_bytes() == b""


def test_the_longest_record_reads() -> None:
    record = b"x" * MAX_RECORD
    assert scan(line_of(record)).records == (record,)


# --- a session


def test_a_record_is_in_the_file_when_append_returns(folder: Path) -> None:
    journal = Journal.create(folder, ID)
    text = b""
    for number in range(5):
        record = b'{"n":%d}' % number
        text += line_of(record)
        assert journal.append(record) == len(text)
        assert journal.path.read_bytes() == text
    assert journal.sync(WAIT_S)
    assert journal.saved == Saved(Status.SAVED, len(text))
    assert journal.close(WAIT_S)


def test_a_closed_journal_opens_again_and_goes_on(folder: Path) -> None:
    journal = Journal.create(folder, ID)
    journal.append(b'{"n":1}')
    assert journal.close(WAIT_S)
    assert names(folder) == ["ID.journal"]
    again, found = Journal.open(journal.path)
    assert found == Scan((b'{"n":1}',), len(GOOD))
    again.append(b'{"n":2}')
    assert again.close(WAIT_S)
    assert journal.path.read_bytes() == GOOD + NEXT


@posix
def test_only_the_owner_may_read_it(folder: Path) -> None:
    journal = Journal.create(folder, ID)
    modes = {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == {"": 0o700, ".journal": 0o600, ".lock": 0o600}
    assert journal.close(WAIT_S)


def test_a_closed_journal_takes_nothing_more(folder: Path) -> None:
    journal = Journal.create(folder, ID)
    assert journal.close(WAIT_S)
    assert journal.close(WAIT_S)
    for late in (lambda: journal.append(b"{}"), journal.retry, journal.remove):
        with pytest.raises(ValueError, match="closed"):
            late()
    assert journal.sync(0)


def test_a_removed_journal_leaves_nothing(folder: Path) -> None:
    journal = Journal.create(folder, ID)
    journal.append(b"{}")
    journal.remove()
    assert names(folder) == []


def test_a_session_does_not_begin_twice(folder: Path) -> None:
    journal = Journal.create(folder, ID)
    journal.append(b'{"n":1}')
    with pytest.raises(FileFault) as caught:
        Journal.create(folder, ID)
    assert caught.value.key == "session-in-use"
    assert journal.close(WAIT_S)
    with pytest.raises(FileFault) as caught:
        Journal.create(folder, ID)
    assert caught.value.key == "already-there"
    assert journal.path.read_bytes() == GOOD
    assert names(folder) == ["ID.journal"]


# --- opening what was left


def test_an_unfinished_last_line_is_cut_off(path: Path) -> None:
    path.write_bytes(GOOD + NEXT[:-1])
    journal, found = Journal.open(path)
    assert found == Scan((b'{"n":1}',), len(GOOD))
    assert path.read_bytes() == GOOD
    assert names(path.parent) == ["ID.journal", "ID.lock"]
    assert journal.close(WAIT_S)


def test_damage_is_kept_aside_and_added_to_what_lies_there(path: Path) -> None:
    for bad in (b"\0" * 9, b"garbage\n" + NEXT, b"garbage\n" + NEXT):
        with path.open("ab") as file:
            file.write((b"" if path.stat().st_size else GOOD) + bad)
        journal, found = Journal.open(path)
        assert b"".join(found.damaged) == bad
        assert path.read_bytes() == GOOD
        assert journal.close(WAIT_S)
    assert path.with_suffix(".damaged").read_bytes() == b"\0" * 9 + b"garbage\n" + NEXT


def test_a_journal_without_one_whole_record_stays_as_it_is(path: Path) -> None:
    path.write_bytes(b"\0" * 100)
    with pytest.raises(FileFault) as caught:
        Journal.open(path)
    assert caught.value.key == "session-damaged"
    assert path.read_bytes() == b"\0" * 100
    assert names(path.parent) == ["ID.journal"]


def test_an_empty_journal_opens(path: Path) -> None:
    path.touch()
    journal, found = Journal.open(path)
    assert found == Scan((), 0)
    assert journal.close(WAIT_S)


def test_what_interrupted_writes_left_goes_when_the_lock_is_held(path: Path) -> None:
    left = [path.parent / f".{ID}.{name}.0a.tmp" for name in ("journal", "damaged")]
    others = path.parent / f".{LATER_ID}.journal.0a.tmp"
    for temp in (*left, others):
        temp.touch()
    path.write_bytes(GOOD)
    lock = FileLock(path.with_suffix(".lock"), "busy")
    with pytest.raises(FileFault):
        Journal.open(path)
    assert all(temp.exists() for temp in left)
    lock.release()
    journal, _ = Journal.open(path)
    assert not any(temp.exists() for temp in left)
    assert others.exists()
    assert journal.close(WAIT_S)


@posix
@pytest.mark.parametrize(("kind", "key"), [("link", "symlink"), ("fifo", "not-a-file"), ("nothing", "missing")])
def test_only_a_regular_file_is_a_journal(path: Path, kind: str, key: str) -> None:
    real = path.with_name("real")
    real.write_bytes(GOOD)
    if kind == "link":
        path.symlink_to(real)
    elif kind == "fifo":
        os.mkfifo(path)
    before = names(path.parent)
    with pytest.raises(FileFault) as caught:
        Journal.open(path)
    assert caught.value.key == key
    assert names(path.parent) == before


# --- the thread


class Gated(Ops):
    """An fsync that says when it began, and ends when it may."""

    def __init__(self) -> None:
        self.began = threading.Semaphore(0)
        self.may_end = threading.Event()
        self.fsyncs = 0

    def fsync(self, fd: int) -> None:
        self.fsyncs += 1
        self.began.release()
        assert self.may_end.wait(WAIT_S)
        super().fsync(fd)


def test_a_slow_disk_keeps_nobody_waiting_and_one_fsync_serves_many(folder: Path) -> None:
    ops = Gated()
    journal = Journal.create(folder, ID, ops)
    first = journal.append(b'{"n":1}')
    assert ops.began.acquire(timeout=WAIT_S)
    end = max(journal.append(b'{"n":2}') for _ in range(99))
    assert journal.path.read_bytes() == GOOD + NEXT * 99
    assert journal.saved == Saved(Status.SAVING, 0, 100)
    assert not journal.sync(0)
    assert not journal.close(0)
    ops.may_end.set()
    assert journal.sync(WAIT_S)
    assert journal.saved == Saved(Status.SAVED, end)
    assert ops.fsyncs == 2
    assert first < end
    assert journal.close(WAIT_S)


def test_every_change_of_status_is_told_by_the_thread(folder: Path) -> None:
    heard: SimpleQueue[tuple[Status, bool]] = SimpleQueue()
    journal = Journal.create(
        folder, ID, on_change=lambda saved: heard.put((saved.status, threading.current_thread().name == "journal"))
    )
    assert journal.sync(WAIT_S)
    for _ in range(2):
        journal.append(b"{}")
        assert heard.get(timeout=WAIT_S) == (Status.SAVING, True)
        assert heard.get(timeout=WAIT_S) == (Status.SAVED, True)
    assert journal.close(WAIT_S)
    assert heard.empty()


def test_a_screen_that_has_gone_does_not_stop_the_thread(folder: Path) -> None:
    def gone(_: Saved) -> None:
        raise RuntimeError("Event loop is closed")

    journal = Journal.create(folder, ID, on_change=gone)
    for _ in range(3):
        journal.append(b"{}")
        assert journal.sync(WAIT_S)
    assert journal.close(WAIT_S)


def test_what_was_read_is_brought_to_stable_storage_too(path: Path) -> None:
    path.write_bytes(GOOD)
    ops = Gated()
    journal, _ = Journal.open(path, ops)
    assert journal.saved == Saved(Status.SAVING, 0, 1)
    assert ops.began.acquire(timeout=WAIT_S)
    ops.may_end.set()
    assert journal.close(WAIT_S)


class DeadFsync(Gated):
    """The first fsync fails, and the next, that of the new file, ends when it may."""

    def fsync(self, fd: int) -> None:
        if not self.fsyncs:
            self.fsyncs = 1
            raise OSError(errno.EIO, "lost")
        super().fsync(fd)


def test_after_a_failed_fsync_the_text_goes_to_a_new_file_and_nobody_waits(folder: Path) -> None:
    ops = DeadFsync()
    journal = Journal.create(folder, ID, ops)
    journal.append(b'{"n":1}')
    before = journal.path.stat().st_ino
    assert ops.began.acquire(timeout=WAIT_S)
    assert journal.saved.status is Status.NOT_SAVED
    assert journal.saved.fault is not None
    assert journal.saved.fault.key == "disk-error"
    journal.append(b'{"n":2}')
    assert journal.path.read_bytes() == GOOD + NEXT
    ops.may_end.set()
    assert journal.sync(WAIT_S)
    assert journal.saved == Saved(Status.SAVED, len(GOOD + NEXT))
    assert journal.path.read_bytes() == GOOD + NEXT
    assert journal.path.stat().st_ino != before
    assert journal.close(WAIT_S)
    assert names(folder) == ["ID.journal"]


# --- locks


def test_a_lock_tells_who_holds_it(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "x.lock", "busy")
    assert is_locked(tmp_path / "x.lock")
    with pytest.raises(FileFault) as caught:
        FileLock(tmp_path / "x.lock", "busy")
    assert caught.value.key == "busy"
    assert caught.value.params["pid"] == os.getpid()
    assert caught.value.params["host"] not in ("", "?")
    lock.release()
    assert not is_locked(tmp_path / "x.lock")
    FileLock(tmp_path / "x.lock", "busy").release()


def test_a_lock_that_tells_nothing_still_holds(tmp_path: Path) -> None:
    class Full(Ops):
        def write(self, fd: int, data: bytes | memoryview) -> int:
            raise OSError(errno.ENOSPC, "full")

    lock = FileLock(tmp_path / "x.lock", "busy", Full())
    with pytest.raises(FileFault) as caught:
        FileLock(tmp_path / "x.lock", "busy")
    assert caught.value.params == {"host": "?", "pid": "?"}
    lock.release()


@posix
def test_a_lock_on_a_name_that_was_taken_away_is_none(tmp_path: Path) -> None:
    class HolderLeaves(Ops):
        """Between opening and locking the holder removes the file."""

        left = 1

        def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
            fd = super().open(path, flags, mode)
            if self.left:
                self.left -= 1
                path.unlink()
            return fd

    lock = FileLock(tmp_path / "x.lock", "busy", HolderLeaves())
    assert is_locked(tmp_path / "x.lock")
    lock.release()


@posix
def test_a_file_system_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(fd: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    (tmp_path / "x.lock").touch()
    monkeypatch.setattr("fcntl.flock", flock)
    assert not is_locked(tmp_path / "x.lock")
    with pytest.raises(FileFault) as caught:
        FileLock(tmp_path / "x.lock", "busy")
    assert caught.value.key == "not-supported"


# --- what lies there


def test_a_folder_that_is_missing_or_empty_holds_nothing(folder: Path) -> None:
    assert unfinished(folder) == ()
    folder.mkdir()
    assert unfinished(folder) == ()


def test_a_folder_that_cannot_be_listed_is_told(folder: Path) -> None:
    folder.touch()
    with pytest.raises(FileFault) as caught:
        unfinished(folder)
    assert caught.value.key == "not-a-folder"


def test_unfinished_sessions_come_latest_first_whatever_is_in_them(path: Path) -> None:
    path.write_bytes(b"\0garbage")
    os.utime(path, (1000, 1000))
    journal = Journal.create(path.parent, LATER_ID)
    before = names(path.parent)
    found = unfinished(path.parent)
    assert [(item.session_id, item.in_use, item.fault) for item in found] == [(LATER_ID, True, None), (ID, False, None)]
    assert (found[1].path, found[1].modified_s) == (path, 1000)
    assert names(path.parent) == before
    assert journal.close(WAIT_S)


def test_foreign_names_are_passed_over(path: Path) -> None:
    for name in (
        "notes.txt",
        "x.journal",
        f"{ID}.lock",
        f".{ID}.journal.0a.tmp",
        f"{ID}.damaged",
        f"{ID.upper()}.journal",
    ):
        (path.parent / name).touch()
    assert unfinished(path.parent) == ()


@posix
@pytest.mark.parametrize(("kind", "key"), [("link", "symlink"), ("folder", "not-a-file"), ("fifo", "not-a-file")])
def test_what_cannot_be_a_journal_is_told_and_left_alone(path: Path, kind: str, key: str) -> None:
    if kind == "link":
        path.symlink_to("nowhere")
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    (found,) = unfinished(path.parent)
    assert found.fault is not None
    assert (found.fault.key, found.fault.place, found.in_use) == (key, str(path), False)
