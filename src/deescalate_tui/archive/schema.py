"""The SQLite file of the index: what it holds, and how it is opened. Whatever is not exactly ours is built anew."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deescalate_tui.archive.batches import transaction
from deescalate_tui.archive.folding import VERSION as FOLDING
from deescalate_tui.archive.folding import fold
from deescalate_tui.errors import FileFault
from deescalate_tui.files import as_fault, private_folder

SCHEMA = 3
APPLICATION = 0x64657363
"""`desc`: what SQLite keeps in the head of the file to tell whose it is."""
VERSION = SCHEMA * 1000 + FOLDING
BUSY, DAMAGED = "archive-busy", "archive-damaged"
BUSY_MS = 5_000
"""So long a writer waits for another one; a batch takes a fraction of a second."""

_SETTINGS = (
    "secure_delete = ON",
    "journal_mode = WAL",
    # A power cut may take the last changes along, never a part of one: the folders then show what is to be read again.
    "synchronous = NORMAL",
    # The log is written back after 32 MB of it, and when the last one closes the index: who saves a note does not wait.
    "wal_autocheckpoint = 8000",
    "cache_size = -32000",
)

SCRUB = "INSERT INTO meta VALUES ('scrub', 1) ON CONFLICT DO NOTHING"
"""What a file said is to leave the bytes of the index as well. A correction alone leaves the old file where it is."""

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
-- A month that has not changed since need not be listed again: see `scan`.
CREATE TABLE folders (name TEXT PRIMARY KEY, mtime INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime INTEGER NOT NULL,
    sha BLOB,           -- of the file as it was read last
    seal BLOB,          -- of the file as it was first found whole: notes do not change
    note TEXT,          -- the id of the note
    revision INTEGER,   -- of the note; NULL for a tombstone
    whole INTEGER NOT NULL,
    fault TEXT,         -- JSON
    UNIQUE (folder, name)
);
CREATE INDEX files_note ON files (note) WHERE note IS NOT NULL;
CREATE INDEX files_sealed ON files (folder, name) WHERE name GLOB '*.age';
CREATE INDEX files_fault ON files (folder, name) WHERE fault IS NOT NULL;
-- One row a note, as its newest revision says; ids grow with the time of the start.
CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    file INTEGER NOT NULL,
    note TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    revision INTEGER NOT NULL,
    started TEXT NOT NULL,
    ended TEXT NOT NULL,
    duration_s INTEGER NOT NULL,
    ticket TEXT NOT NULL,
    customer_type TEXT NOT NULL,
    types TEXT NOT NULL,
    language TEXT NOT NULL,
    country TEXT NOT NULL,
    channel TEXT NOT NULL,
    level_start INTEGER,
    level_peak INTEGER,
    level_end INTEGER,
    warnings INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    request TEXT NOT NULL,
    request_answered TEXT NOT NULL,
    steps TEXT NOT NULL,
    threat INTEGER NOT NULL,
    escalated_to TEXT NOT NULL,
    commitments TEXT NOT NULL,
    follow_up TEXT NOT NULL,
    satisfaction TEXT NOT NULL,
    expires TEXT NOT NULL,
    ticket_key TEXT NOT NULL,
    follow_up_done TEXT NOT NULL
);
CREATE INDEX notes_ticket ON notes (ticket_key) WHERE ticket_key <> '';
CREATE INDEX notes_threat ON notes (id) WHERE threat;
CREATE INDEX notes_short ON notes (substr(note, -8));
-- What is promised and open, with next contacts, which are number 0; `due` is empty where it names no day.
CREATE TABLE dues (
    id INTEGER NOT NULL, number INTEGER NOT NULL, due TEXT NOT NULL, PRIMARY KEY (id, number)
) WITHOUT ROWID;
CREATE INDEX dues_due ON dues (due);
CREATE TABLE texts (id INTEGER PRIMARY KEY, words TEXT NOT NULL);
CREATE VIEW folded AS SELECT id, fold(words) AS words FROM texts;
CREATE VIRTUAL TABLE found USING fts5 (
    words, content = 'folded', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3'
);
-- Larger pieces, merged by a refresh: who saves one note never waits until all words are merged.
INSERT INTO found (found, rank) VALUES ('hashsize', 8388608);
INSERT INTO found (found, rank) VALUES ('automerge', 0);
INSERT INTO found (found, rank) VALUES ('crisismerge', 1000);
-- What each note adds to the figures of a report, and their sums: see `rollup`.
CREATE TABLE shares (id INTEGER PRIMARY KEY, key TEXT NOT NULL, data BLOB NOT NULL);
CREATE INDEX shares_key ON shares (key);
CREATE TABLE sums (key TEXT PRIMARY KEY, number INTEGER NOT NULL, data BLOB NOT NULL) WITHOUT ROWID;
"""


def place(state: Path, notes: Path) -> Path:
    """Where the index of a notes folder lies: each folder has its own."""
    digest = hashlib.sha256(os.fsencode(notes.absolute())).hexdigest()
    return state / f"archive-{digest[:16]}.db"


def connect(path: Path) -> sqlite3.Connection:
    """The index, made or built anew where it is not ours. Raises FileFault."""
    private_folder(path.parent)
    with guarded(path):
        _make(path)
        connection = _open(path)
        try:
            if _is_ours(connection):
                return connection
            empty = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        except sqlite3.DatabaseError as error:
            connection.close()
            if not _is_damaged(error):
                raise
            empty = False
        if not empty:
            connection.close()
            discard(path)
            _make(path)
            connection = _open(path)
        create(connection)
        return connection


def create(connection: sqlite3.Connection) -> None:
    """Make the tables; where somebody else has just made them, that is as good."""
    with transaction(connection):
        if not _is_ours(connection):
            _run(connection, _TABLES)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")


def empty(connection: sqlite3.Connection) -> None:
    """Throw away all that the index holds, for everybody who has it open."""
    with transaction(connection):
        connection.execute("PRAGMA user_version = 0")
        kinds = "SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT GLOB '*_*'"
        for kind, name in connection.execute(kinds).fetchall():
            connection.execute(f"DROP {kind} {name}")
    connection.execute("VACUUM")
    create(connection)


def discard(path: Path) -> None:
    """Remove the index. Raises FileFault."""
    for ending in ("-wal", "-shm", ""):
        with as_fault(path), suppress(FileNotFoundError):
            path.with_name(path.name + ending).unlink()


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turns what SQLite says of the index into a FileFault; a damaged index is removed, to be built anew."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        key = _KEYS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if key is None:
            raise
        if _is_damaged(error):
            with suppress(FileFault):  # it is damaged all the same
                discard(path)
        raise FileFault(str(path), key, error=getattr(error, "sqlite_errorname", "")) from error


_KEYS = {
    sqlite3.SQLITE_FULL: "disk-full",
    sqlite3.SQLITE_IOERR: "disk-error",
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_CANTOPEN: "no-permission",
    sqlite3.SQLITE_PERM: "no-permission",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}


def _is_damaged(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _make(path: Path) -> None:
    """An empty file for the owner alone; SQLite gives the same access to the files beside it."""
    with as_fault(path), suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None)
    connection.create_function("fold", 1, fold, deterministic=True)
    for setting in _SETTINGS:
        with suppress(sqlite3.DatabaseError):  # another one is just making it, or it is none: see `connect`
            connection.execute(f"PRAGMA {setting}").fetchone()
    return connection


def _is_ours(connection: sqlite3.Connection) -> bool:
    marks = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    return marks == [APPLICATION, VERSION]


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Not executescript, which would commit first."""
    lines = (line.partition("--")[0] for line in script.splitlines())
    for statement in "\n".join(lines).split(";"):
        if statement.strip():
            connection.execute(statement)
