"""The archive as other modules use it: open it, bring it up to date, read from it.

    with Archive.open(os.environ) as archive:
        refreshed = archive.refresh(progress)
        for row in archive.rows(Filters(types=("rude",)), limit=50): ...

An Archive belongs to the thread that opened it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from deescalate_tui.archive import refresh as refreshing
from deescalate_tui.archive import scan, schema
from deescalate_tui.archive.batches import Batches, transaction
from deescalate_tui.archive.index import Index
from deescalate_tui.archive.key import Key, named_key, no_key
from deescalate_tui.archive.refresh import Progress, Refreshed
from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.locks import FileLock
from deescalate_tui.paths import NOTES, Paths, locate

if TYPE_CHECKING:
    from deescalate_tui.archive.rollup import Contributor

SETTLE_S = 30.0
"""So long an erasure waits for another program to be done with the index."""
PAUSE_S = 0.1


def quiet(done: int, total: int) -> None:
    """Progress that nobody watches."""
    del done, total


class Archive(Index):
    """The notes of one folder, with their index."""

    def __init__(
        self, paths: Paths, *, shared: bool, contributor: Contributor | None = None, key: Key = no_key
    ) -> None:
        """`shared`: the folder may be away, which then is a fault and not the end of all notes.

        `key` opens sealed notes. Raises FileFault.
        """
        super().__init__(paths, key)
        self._shared = shared
        self._contributor = contributor

    @classmethod
    def open(cls, environ: Mapping[str, str], contributor: Contributor | None = None) -> Self:
        """The archive that the environment names. Raises UsageFault, FileFault."""
        shared = bool(environ.get(NOTES, "").strip())
        return cls(locate(environ), shared=shared, contributor=contributor, key=named_key(environ))

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
        from deescalate_tui.archive.writing import Writer  # late: see `refresh`

        now = scan.stat_of(path)
        folder = path.parent.relative_to(self.notes).as_posix()
        if now is not None:
            with self._guarded():
                writer = Writer(self._connection, self.notes, self._key)
                with Batches(self._connection, writer.flush):
                    self._connection.execute("INSERT OR IGNORE INTO folders VALUES (?, ?)", (folder, scan.NEVER))
                    writer.take(folder, path.name, now)

    def rebuild(self, progress: Progress = quiet) -> Refreshed:
        """Throw the index away and build it anew; who has it open goes on with the new one."""
        try:
            with self._guarded():
                schema.empty(self._connection)
        except FileFault as fault:
            if fault.key != schema.DAMAGED:
                raise
            self.renew()
        return self.refresh(progress, thorough=True)

    def verify(self, progress: Progress = quiet) -> Iterator[Fault]:
        """Every file that is not as it should be: damaged, changed since it was first seen, under another's name.

        Reads all of them whole; refresh before, with `thorough`. Raises FileFault.
        """
        from deescalate_tui.archive import verify as verifying  # late: see `note`

        with self._guarded():
            yield from verifying.verify(self._connection, self.notes, self._key, progress)

    def forget(self, note_id: str) -> None:
        """Remove all the index knows of a note; `settle` once its files have gone. Raises FileFault."""
        from deescalate_tui.archive.writing import Writer  # late: see `refresh`

        with self._guarded(), transaction(self._connection):
            Writer(self._connection, self.notes, self._key).forget(note_id)

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

    def renew(self) -> None:
        """Begin anew with an index that was found damaged. Raises FileFault."""
        self.close()
        schema.discard(self.index)  # Windows removes no file that is open: `guarded` could not
        self._connection = schema.connect(self.index)

    def _anew(self, progress: Progress) -> Refreshed:
        """The index was damaged: make another one."""
        try:
            self.renew()
            return self._refresh(progress, thorough=True)
        except FileFault as fault:
            return Refreshed(fault=fault)

    def _refresh(self, progress: Progress, thorough: bool) -> Refreshed:
        with self._guarded():
            done = refreshing.refresh(
                self._connection, self.notes, self._key, progress, shared=self._shared, thorough=thorough
            )
            if self._contributor is not None:
                from deescalate_tui.archive import rollup  # late: see `note`

                rollup.bring_up(self._connection, self.notes, self._key, self._contributor, progress)
            refreshing.scrub(self._connection)
            return done
