"""Work that takes its time, in a thread of its own: keys are answered meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any

Post = Callable[[Callable[[], None]], None]
"""Has something done where the screen lives. Safe to call from any thread."""


class Aside:
    """A thread that does one thing after the other. It does not keep the program from ending."""

    def __init__(self, name: str, post: Post) -> None:
        self._post = post
        self._jobs: SimpleQueue[tuple[Callable[[], Any], Callable[[Any], None]]] = SimpleQueue()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def do(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Do the job in the thread, then give what came of it to `done`, where the screen lives."""
        if not self._thread.is_alive():
            self._thread.start()
        self._jobs.put((job, done))

    def _run(self) -> None:
        while True:
            job, done = self._jobs.get()
            try:
                result = job()
            except Exception as error:  # noqa: BLE001 - raised again where the screen lives: it ends the program
                self._post(_raising(error))
            else:
                self._post(_giving(done, result))


def _raising(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def _giving(done: Callable[[Any], None], result: Any) -> Callable[[], None]:
    return lambda: done(result)
