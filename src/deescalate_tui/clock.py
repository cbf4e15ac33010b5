"""The time, from the one place that looks at a clock. Tests pass another."""

from __future__ import annotations

import time
from datetime import datetime


class Clock:
    """Wall time for naming moments, a time that never jumps for measuring between them."""

    def now(self) -> datetime:
        """Local and aware."""
        return datetime.now().astimezone()

    def wall_ms(self) -> int:
        """UTC milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def mono_ms(self) -> int:
        """Milliseconds from some moment on; goes on during changes of the wall clock."""
        return time.monotonic_ns() // 1_000_000
