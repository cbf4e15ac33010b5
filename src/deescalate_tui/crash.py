"""The report of a crash: which kinds of error, at which places of the code. Nothing that was typed, no values."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from deescalate_tui import __version__
from deescalate_tui.errors import FileFault
from deescalate_tui.files import create_exclusive, private_folder

MOST_ERRORS = 10
MOST_PLACES = 40
"""Of one error, half from either end: an endless recursion has a thousand."""


def report_of(error: BaseException) -> str:
    """The error and those that led to it, as types and code positions, the innermost place last.

    Messages and values stay out: they may hold what a customer said.
    """
    lines = [f"deescalate-tui {__version__}, Python {sys.version.split()[0]}, {sys.platform}"]
    for place, part in enumerate(_all(error)):
        if place == MOST_ERRORS:
            lines += ["", "..."]
            break
        lines += ["", f"{type(part).__module__}.{type(part).__qualname__}", *_places(part)]
    return "\n".join(lines) + "\n"


def keep(error: BaseException, folder: Path) -> Path | None:
    """Put the report of a crash into the folder; None where the disk refuses: a crash is not the time for that."""
    path = folder / f"crash-{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f}Z.txt"
    with suppress(FileFault):
        private_folder(folder)
        create_exclusive(path, report_of(error).encode())
        return path
    return None


def _all(error: BaseException) -> Iterator[BaseException]:
    """The error, the parts of a group, and what each was raised from or during."""
    waiting, seen = [error], set[int]()
    while waiting:
        part = waiting.pop(0)
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        waiting += part.exceptions if isinstance(part, BaseExceptionGroup) else ()
        waiting += [earlier for earlier in (part.__cause__, part.__context__) if earlier is not None]


def _places(error: BaseException) -> list[str]:
    places = [
        f"  {frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_qualname}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    half = MOST_PLACES // 2
    return places if len(places) <= MOST_PLACES else [*places[:half], "  ...", *places[-half:]]
