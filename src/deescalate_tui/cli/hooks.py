"""Where Python itself reports an error, nothing is printed: its own reports show values, and so what was typed."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from deescalate_tui.errors import Exit

if TYPE_CHECKING:
    from sys import UnraisableHookArgs


@contextmanager
def no_values_printed() -> Iterator[None]:
    """Errors in threads, in finalisers and beyond the last net are reported to the state folder alone.

    Hooks of a host (a test runner) come back afterwards. Python's own do not: a thread may outlive the command.
    """
    before = threading.excepthook, sys.unraisablehook, sys.excepthook
    own = threading.__excepthook__, sys.__unraisablehook__, sys.__excepthook__
    threading.excepthook, sys.unraisablehook, sys.excepthook = _in_thread, _in_finaliser, _beyond_the_net
    try:
        yield
    finally:
        if before[0] is not own[0]:
            threading.excepthook = before[0]
        if before[1] is not own[1]:
            sys.unraisablehook = before[1]
        if before[2] is not own[2]:
            sys.excepthook = before[2]


def report(error: BaseException) -> Path | None:
    """Keep the report of an error; None where there is no place for it, or where reporting fails as well."""
    with suppress(Exception):  # of this failure Python would print all
        # Late: no run should need it.
        from deescalate_tui import crash, paths

        return crash.keep(error, paths.locate(os.environ).state)
    return None


def _in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        report(args.exc_value)


def _in_finaliser(args: UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        report(args.exc_value)


def _beyond_the_net(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    """The net itself has failed, or the error is one that no net catches."""
    report(error)
    raise SystemExit(Exit.INTERRUPTED if issubclass(kind, KeyboardInterrupt) else Exit.CRASH)
