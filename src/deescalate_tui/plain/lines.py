"""The lines of standard input. A signal ends the waiting for the next one, never the work on the last."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Self

LONGEST = 100_000
"""Characters of one line; the rest of it is passed over."""
SIGNALS = ("SIGHUP", "SIGINT", "SIGTERM")


class Signalled(Exception):
    """Instead of a line came a signal; `status` is the exit status that it asks for."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


class Lines(Iterator[str]):
    """Standard input, line by line, with the signals that end a program turned into `Signalled`.

    For the main thread, in a `with` statement; `prompt` is called before each line.
    """

    def __init__(self, prompt: Callable[[], None] = lambda: None) -> None:
        self._prompt = prompt
        self._received = 0
        self._waiting = False
        self._before: dict[int, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        for name in SIGNALS:
            if (number := getattr(signal, name, None)) is not None:
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def __next__(self) -> str:
        """The next line. Raises StopIteration at the end of the input, Signalled on a signal."""
        self._prompt()
        self._waiting = True
        try:
            if self._received:
                raise Signalled(self._received)
            line = self._read()
        finally:
            self._waiting = False
        if not line:
            raise StopIteration
        return line.removesuffix("\n")

    def _read(self) -> str:
        if sys.stdin is None:
            return ""
        line = part = sys.stdin.readline(LONGEST)
        while part and not part.endswith("\n"):
            part = sys.stdin.readline(LONGEST)
        return line

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        self._received = self._received or number
        if self._waiting:
            raise Signalled(self._received)
