"""The report as frozen values: what `--json` gives, and what terminal and page are drawn from. Pure.

Every number comes from `suppress`: sums over groups that are large enough, in tables whose small rows are hidden.
"""

from __future__ import annotations

import msgspec

from deescalate_tui.report.suppress import Filter, Table
from deescalate_tui.report.weeks import shifted, weeks

SCHEMA = 1
DUE = ("kept", "past", "now", "later", "-")
"""A promise was kept; or is open, and due as seen from the day of the report: before its week, in it, after it, on no
day."""


class Period(msgspec.Struct, frozen=True):
    """Whole ISO weeks, the first and the last included, such as `2026-W47`."""

    first: str
    last: str

    @property
    def weeks(self) -> tuple[str, ...]:
        """Every week."""
        return weeks(self.first, self.last)

    @property
    def before(self) -> Period:
        """As many weeks just before."""
        number = len(self.weeks)
        return Period(shifted(self.first, -number), shifted(self.last, -number))


class Compared(msgspec.Struct, frozen=True):
    """A table, and the same of the period before."""

    now: Table
    before: Table


class Week(msgspec.Struct, frozen=True):
    """Sessions of a week; 0 also where they were too few."""

    week: str
    sessions: int


class Listed(msgspec.Struct, frozen=True):
    """A line of a list in which a session may stand more than once or not at all."""

    id: str
    sessions: int
    before: int | None = None
    """Sessions of the period before; None where they were too few."""


class Beside(msgspec.Struct, frozen=True):
    """Changes of level that followed a step, with the sessions that its checklist guided."""

    checklist: str
    """`type/language/revision`."""
    step: str
    times: int
    sessions: int
    guided: int


class Duration(msgspec.Struct, frozen=True):
    """The median of what sessions took, in seconds, estimated from classes of durations."""

    phase: str
    """`all` for the whole session."""
    median_s: int
    before_s: int | None = None


class Report(msgspec.Struct, frozen=True):
    """All figures of a period. Nothing in it is about fewer than 5 sessions or 3 agents."""

    schema: int
    made: str
    """ISO date."""
    period: Period
    before: Period
    filters: Filter
    sessions: int
    sessions_before: int
    weeks: tuple[Week, ...]
    """Of both periods."""
    tables: dict[str, Compared]
    """By name: `type`, `language`, `country`, `channel`, `outcome`, `answered`, `levels` (start>end),
    `threat`, `limits`, `promised`; `promise` by when it is due (see `DUE`), `rise` and `fall` by the phase of the step
    that went before, where a session may be in more than one row."""
    steps: dict[str, tuple[Beside, ...]]
    """`rise` and `fall`: the steps that went before, the most frequent first."""
    terms: tuple[Listed, ...]
    """The words of requests, `language:word`."""
    cards: tuple[Listed, ...]
    durations: tuple[Duration, ...]
    too_small: bool
    """Something was left out because its group was too small."""
    expiring: tuple[str, ...]
    """Weeks left out because their notes have begun to expire."""
