"""What can go wrong, said so that a person can mend it; and the exit statuses of the program."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Exit(IntEnum):
    """Exit statuses (a contract with scripts)."""

    OK = 0
    FINDINGS = 1
    """A check found faults, a search found nothing."""
    USAGE = 2
    DISK = 3
    """A file or the disk failed."""
    CRASH = 70
    """A fault of ours."""
    HANGUP = 129
    INTERRUPTED = 130
    TERMINATED = 143


class Fault(Exception):
    """A problem: its place, and the catalogue key of the sentence that says what was found and what to do.

    `place` is a path, `path:line:column`, an option or a setting. The sentence is the message
    `fault.<key>`, filled with `params`; only the rim, which knows the language, puts it into words.
    """

    status = Exit.USAGE

    def __init__(self, place: str, key: str, **params: object) -> None:
        super().__init__(place, key, params)
        self.place = place
        self.key = key
        self.params = params


class UsageFault(Fault):
    """The command line, a setting or a variable says something that cannot be."""


class FileFault(Fault):
    """A file or folder could not be read or written."""

    status = Exit.DISK


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """By file, line and column."""
    return tuple(sorted(faults, key=_file_line_column))


def _file_line_column(fault: Fault) -> tuple[str, int, int]:
    file, line, column = (*fault.place.rsplit(":", 2), "", "")[:3]
    return (file, int(line), int(column)) if line.isdecimal() and column.isdecimal() else (fault.place, 0, 0)


class ContentFaults(Exception):
    """Every fault found in one content file, in the order of the file."""

    status = Exit.FINDINGS

    def __init__(self, faults: tuple[Fault, ...], value: object = None) -> None:
        super().__init__(faults)
        self.faults = faults
        self.value = value
        """What the file means in spite of them, where that is plain: for who mends it, never for a call."""
