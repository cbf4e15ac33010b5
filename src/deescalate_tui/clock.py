"""The time, from the one place that looks at a clock. Tests pass another."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta, tzinfo


class Clock:
    """Wall time for naming moments, a time that never jumps for measuring between them.

    How long something took is never read off the wall clock within a run: nobody can tell a clock that was set from
    a machine that slept. Only what lay between two runs, the end of one and a resume, has no other measure.
    """

    def now(self) -> datetime:
        """Local and aware; hours added to it in UTC come back by the offset of their own day."""
        return datetime.now(_HERE)

    def wall_ms(self) -> int:
        """UTC milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def mono_ms(self) -> int:
        """Milliseconds from some moment on; goes on while the machine sleeps, whatever becomes of the wall clock."""
        # Of the clocks behind time.monotonic, only that of Windows counts sleep.
        if sys.platform == "linux":
            ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        elif sys.platform == "darwin":
            ns = time.clock_gettime_ns(time.CLOCK_MONOTONIC_RAW)
        else:
            ns = time.monotonic_ns()
        return ns // 1_000_000


class _Here(tzinfo):
    """The system's own time zone, with the changes of summer time that a fixed offset does not know."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return moment.replace(tzinfo=None).astimezone().utcoffset() if moment is not None else None

    def dst(self, _: datetime | None) -> None:
        """Not told apart: the offset has it."""

    def tzname(self, moment: datetime | None) -> str | None:
        return moment.replace(tzinfo=None).astimezone().tzname() if moment is not None else None

    def fromutc(self, moment: datetime) -> datetime:
        seconds = moment.replace(tzinfo=UTC).timestamp()
        return datetime.fromtimestamp(seconds).replace(tzinfo=self)  # noqa: DTZ006 - in the system's zone, as meant


_HERE = _Here()
