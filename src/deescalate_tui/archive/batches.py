"""Changes of the index that are whole or not there: all of a block, or parts of a long one that each stand alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

FIRST, BATCH = 100, 2_000
"""Changes a transaction: of the first, so that there is something to see, and each time twice as many, at most."""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of its block or nothing."""
    with Batches(connection):
        yield


class Batches:
    """A transaction that is brought to the disk now and then, so that whatever ends it takes little with it."""

    def __init__(self, connection: sqlite3.Connection, flush: Callable[[], None] = lambda: None) -> None:
        """`flush` is called before each end."""
        self._connection = connection
        self._flush = flush
        self._size = self.left = FIRST
        """How many changes this transaction takes; how many of them are left."""

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._flush()
            self._connection.execute("ROLLBACK" if kind else "COMMIT")
        except sqlite3.Error:
            with suppress(sqlite3.Error):  # where the disk is full SQLite has done so already
                self._connection.execute("ROLLBACK")
            if kind is None:
                raise

    def step(self) -> None:
        """After each change that is whole in itself."""
        self.left -= 1
        if not self.left:
            self._size = self.left = min(2 * self._size, BATCH)
            self._flush()
            self._connection.execute("COMMIT")
            self._connection.execute("BEGIN IMMEDIATE")
