"""Erasing for good: a note with all its revisions, or an unfinished session, from every file of ours.

Whatever moment the program dies at, nothing is wrong: the tombstone is there first, and what a case is found by - the
newest revision of its note, the journal itself - goes last, so that the same command finishes the work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from deescalate_tui import handover
from deescalate_tui.call.session import SessionState
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.files import DISK, Ops, as_fault, read_limited, remove_temps
from deescalate_tui.journal.journal import MAX_JOURNAL, SUFFIX, Journal
from deescalate_tui.notes import files as note_files
from deescalate_tui.notes.earlier import same_ticket
from deescalate_tui.notes.files import HOLD, SCHEMA, TOMBSTONE, Tombstone, mark_beside, mark_path, put_mark, read_mark
from deescalate_tui.notes.folder import MAX_NOTE
from deescalate_tui.notes.front import Front
from deescalate_tui.notes.note import note_from
from deescalate_tui.notes.retention import ASKED, REPLACED, Due, Hold, Plan, erase_plan, purge_plan
from deescalate_tui.notes.sealed import UNREAD, summed
from deescalate_tui.paths import Paths
from deescalate_tui.workplace import CLOSE_S, Workplace

ASKED_BY = ("customer", "employee", "authority", "site")
"""Who can ask for a note to be erased."""
RETENTION = "retention"
"""Who asks where a note has expired."""
EDITED = "correct-"
"""Begins the name of a folder in the state folder where a note is being corrected."""

Forget = Callable[[str], None]
"""Told the id of a note before its files go, to forget all it knows of it: an index, for one. It may be told twice.
What is left in the folder then (a newer revision) may be read anew. What it raises stops the erasing of that note."""


def no_index(note_id: str) -> None:
    """Where nothing but the files knows of notes."""
    del note_id


class Left(msgspec.Struct, frozen=True):
    """An unfinished session."""

    id: str
    state: SessionState


class Found(msgspec.Struct, frozen=True):
    """What there is to do, and what cannot be judged."""

    plan: Plan
    sessions: tuple[Left, ...] = ()
    """Those of the ticket."""
    faults: tuple[Fault, ...] = ()
    """Everything that could not be read, with its reason."""

    @property
    def unread(self) -> bool:
        """There are notes that somebody with their key could read: nobody here can say that there is nothing."""
        return any(fault.key in UNREAD for fault in self.faults)

    @property
    def ids(self) -> tuple[str, ...]:
        """Of the notes that are due."""
        return tuple(due.case.id for due in self.plan.due)


def expired(workplace: Workplace, today: date, before: date) -> Found:
    """What has expired. Raises FileFault where the notes folder cannot be read."""
    settings = workplace.settings
    shelf = shelf_of(workplace)
    keeps_old, days = settings.correct_keeps == "on", settings.retention_days
    plan = purge_plan(shelf.cases, today, before, keeps_old=keeps_old, sealed_days=days)
    reasons = (fault for fault in _reasons(plan) if fault.key != "note-sealed")  # their names say enough
    return Found(plan, faults=(*summed(reasons, workplace.paths.notes), *shelf.faults))


def shelf_of(workplace: Workplace) -> note_files.Shelf:
    """All that the notes folder holds, sealed notes opened where there is a key. Raises FileFault."""
    return note_files.look(workplace.paths.notes, shared=workplace.notes_shared, key=workplace.settings.note_key)


def of_ticket(workplace: Workplace, today: date, ticket: str) -> Found:
    """What there is of a ticket: notes and unfinished sessions. Raises FileFault as `expired`."""
    shelf = shelf_of(workplace)
    plan = erase_plan(shelf.cases, today, partial(same_ticket, ticket))
    sessions: list[Left] = []
    faults: list[Fault] = []
    for entry in workplace.waiting():
        if not entry.title:
            faults.append(FileFault(str(workplace.paths.sessions / f"{entry.id}{SUFFIX}"), "session-damaged"))
        elif same_ticket(entry.ticket, ticket):
            state = workplace.read_waiting(entry.id)
            sessions += [Left(entry.id, state)] if state is not None else []
    known = {*(due.case.id for due in plan.due), *(left.id for left in sessions)}
    faults += _aside(workplace.paths, known, ticket)
    reasons = summed(_reasons(plan), workplace.paths.notes)
    return Found(plan, tuple(sessions), (*reasons, *shelf.faults, *faults))


def erase(workplace: Workplace, due: Due, by: str, today: date, forget: Forget = no_index, ops: Ops = DISK) -> None:
    """Erase a note. Raises FileFault: `note-held` where a hold was placed in the meantime; else try again."""
    paths, front = workplace.paths, due.case.newest.front
    files = [paths.notes / it.name for it in due.files]
    if front is None:
        for it in due.files:
            _check_hold(mark_beside(paths.notes, it.name, HOLD), today)
            _remove(mark_beside(paths.notes, it.name, HOLD), ops)
    else:
        _check_hold(mark_path(paths.notes, front, HOLD), today)
        if due.reason == REPLACED:
            forget(front.id)
        else:
            with _claimed(workplace, front.id) as journal:
                _tombstone(workplace, front, files, due.reason, by, today, ops)
                forget(front.id)
                _forget_session(paths.sessions, front.id, journal, ops)
            _drop_edited(paths.state, front.id, ops)
            _remove(mark_path(paths.notes, front, HOLD), ops)
    handover.remove(paths.state)
    for path in files:
        _remove(path, ops)


def erase_session(workplace: Workplace, left: Left, by: str, today: date, ops: Ops = DISK) -> None:
    """Erase an unfinished session. Raises FileFault: `session-in-use` where it is open in a window."""
    front = note_from(left.state)
    path = workplace.paths.sessions / f"{left.id}{SUFFIX}"
    _check_hold(mark_path(workplace.paths.notes, front, HOLD), today)
    with _claimed(workplace, left.id) as journal:
        _tombstone(workplace, front, [path], ASKED, by, today, ops)
        handover.remove(workplace.paths.state)
        _forget_session(workplace.paths.sessions, left.id, journal, ops)


def end_hold(workplace: Workplace, front: Front) -> None:
    """Let a note go when its day comes. Raises FileFault."""
    _remove(mark_path(workplace.paths.notes, front, HOLD), DISK)


def _drop_edited(state: Path, note_id: str, ops: Ops) -> None:
    """Remove what a program left that was killed while the note was corrected."""
    with as_fault(state), suppress(FileNotFoundError):
        for folder in sorted(state.glob(f"{EDITED}{note_id}-*")):
            if folder.is_dir() and not folder.is_symlink():
                for path in folder.iterdir():
                    ops.unlink(path)
                folder.rmdir()


def _check_hold(path: Path, today: date) -> None:
    """A hold may have been placed since the list was shown."""
    hold: Hold | None = read_mark(path, Hold)
    if hold is not None and date.fromisoformat(hold.until) >= today:
        raise FileFault(str(path), "note-held", id=hold.note, until=date.fromisoformat(hold.until))


def _tombstone(
    workplace: Workplace, front: Front, files: list[Path], reason: str, by: str, today: date, ops: Ops
) -> None:
    notes = workplace.paths.notes
    path = mark_path(notes, front, TOMBSTONE)
    try:
        known: Tombstone | None = read_mark(path, Tombstone)
    except FileFault:
        known = None
    stone = known or Tombstone(SCHEMA, front.id, today.isoformat(), reason, by)
    sums = dict.fromkeys((*stone.files, *_sums(files)))
    if known is None or len(sums) > len(known.files):
        put_mark(path, replace(stone, files=tuple(sums)), shared=workplace.notes_shared, ops=ops)


def _sums(files: list[Path]) -> Iterator[str]:
    for path in files:
        with suppress(FileFault):
            yield hashlib.sha256(read_limited(path, max(MAX_NOTE, MAX_JOURNAL))).hexdigest()


@contextmanager
def _claimed(workplace: Workplace, session_id: str) -> Iterator[Journal | None]:
    """The journal of a note's session, where there is one: nobody may go on with it from now on."""
    journal = None
    if (workplace.paths.sessions / f"{session_id}{SUFFIX}").exists():
        try:
            journal = workplace.claim_waiting(session_id)
        except FileFault as fault:
            if fault.key != "session-damaged":
                raise
    try:
        yield journal
    finally:
        if journal is not None:
            journal.close(CLOSE_S)


def _forget_session(folder: Path, session_id: str, journal: Journal | None, ops: Ops) -> None:
    """What was kept of a session beside its journal, then that."""
    _remove(folder / f"{session_id}.damaged", ops)
    if journal is not None:
        journal.remove()
    else:
        _remove(folder / f"{session_id}{SUFFIX}", ops)


def _remove(path: Path, ops: Ops) -> None:
    """The file, what interrupted writes left beside it, and on stable storage too. One that is gone is as good."""
    with as_fault(path):
        if path.parent.is_dir():
            remove_temps(path, ops)
            with suppress(FileNotFoundError):
                ops.unlink(path)
            ops.fsync_dir(path.parent)


def _reasons(plan: Plan) -> tuple[Fault, ...]:
    return tuple(it.fault for it in plan.unjudged if it.fault is not None)


def _aside(paths: Paths, known: set[str], ticket: str) -> Iterator[Fault]:
    """What was kept of damaged sessions and names the ticket, where no session or note says whose it is."""
    with as_fault(paths.sessions), suppress(FileNotFoundError):
        for path in sorted(paths.sessions.glob("*.damaged")):
            with suppress(FileFault):
                text = read_limited(path, MAX_JOURNAL).decode("utf-8", "replace")
                if path.stem not in known and ticket.casefold() in text.casefold():
                    yield FileFault(str(path), "session-damaged")
