"""A bar on standard error for what takes longer than a second, where somebody looks."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from deescalate_tui.streams import is_terminal

PATIENCE_S = 1.0
"""Before that, nobody wonders."""
EVERY_S = 0.1
WIDTH = 30


class Bar:
    """Called with how much is done, and of how much; gone when its block ends."""

    def __init__(self) -> None:
        self._next = time.monotonic() + PATIENCE_S if is_terminal(sys.stderr) else float("inf")
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._drawn:
            self._write("\r\x1b[K")

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next, self._drawn = now + EVERY_S, True
            full = WIDTH * done // max(total, 1)
            self._write(f"\r[{'=' * full}{' ' * (WIDTH - full)}] {done}/{total}\x1b[K")

    @staticmethod
    def _write(text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:  # nobody looks any more
            return
