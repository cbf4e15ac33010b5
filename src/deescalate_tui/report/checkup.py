"""What the steps of a checklist tell about it: often skipped, taken back, never reached, followed by a rise. Pure.

It rates the checklist, never who worked with it. Shares are only shown of enough sessions of enough agents, and what
followed a step need not have come of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from deescalate_tui.call.checklist import ALWAYS, CALL_PHASES, CRITICAL, Checklist
from deescalate_tui.report.course import DONE, LEFT_OPEN, RISE, SKIPPED, UNDONE
from deescalate_tui.report.suppress import LEAST_SESSIONS, is_safe, is_safe_of
from deescalate_tui.report.tally import ALL, NOTHING, Counted, Counts, plus

UNREACHED = "unreached"
KINDS = (SKIPPED, UNDONE, UNREACHED, RISE)
LEAST_GUIDED = 20
"""Below so many sessions a checklist is not looked at."""
LEAST_SHARE: Mapping[str, float] = {SKIPPED: 0.4, UNDONE: 0.15, UNREACHED: 0.6, RISE: 0.25}
"""From which share on a step is worth a look: of the sessions that came to it; `unreached` of all that it guided."""


class Finding(msgspec.Struct, frozen=True):
    """A step to look at."""

    checklist: str
    """`type/language/revision`."""
    step: str
    kind: str
    """One of `KINDS`."""
    sessions: int
    """To the nearest 5 for `unreached`, where nobody knows of how many agents they are."""
    of: int
    """Sessions that came to the step, for `unreached` all that the checklist guided."""


def checkup(guides: Mapping[str, Counts], checklists: Mapping[str, Checklist]) -> tuple[Finding, ...]:
    """Every finding, checklist by checklist, the largest share first.

    `checklists` are those in force, by the name they have in `guides`; without one, conditions of its steps and steps
    that nobody reached are unknown, and nothing is said about them.
    """
    found: list[Finding] = []
    for guide, counts in sorted(guides.items()):
        guided = counts.get(ALL, NOTHING)
        if is_safe(guided) and guided[0] >= LEAST_GUIDED:
            mine = [*_steps(guide, counts), *_unreached(guide, counts, guided, checklists.get(guide))]
            found += sorted(mine, key=lambda it: (-it.sessions / it.of, it.step, it.kind))
    return tuple(found)


def _steps(guide: str, counts: Counts) -> Iterator[Finding]:
    for step in sorted({key.rpartition(":")[0] for key in counts if key != ALL}):
        came = plus(counts.get(f"{step}:{DONE}", NOTHING), counts.get(f"{step}:{SKIPPED}", NOTHING))
        for kind in (SKIPPED, UNDONE, RISE):
            count = counts.get(f"{step}:{kind}", NOTHING)
            if came[0] >= LEAST_GUIDED and is_safe_of(count, came) and count[0] >= LEAST_SHARE[kind] * came[0]:
                yield Finding(guide, step, kind, count[0], came[0])


def _unreached(guide: str, counts: Counts, guided: Counted, checklist: Checklist | None) -> Iterator[Finding]:
    """Steps of the main path: a condition may be why nobody came to the others."""
    if checklist is None:
        return
    for phase, step in checklist.steps():
        if phase not in CALL_PHASES or step.only != ALWAYS or step.gate == CRITICAL:
            continue
        came = sum(counts.get(f"{step.id}:{what}", NOTHING)[0] for what in (DONE, SKIPPED, LEFT_OPEN))
        missed = 5 * round((guided[0] - came) / 5)
        if missed >= max(LEAST_SESSIONS, LEAST_SHARE[UNREACHED] * guided[0]):
            yield Finding(guide, step.id, UNREACHED, missed, guided[0])


def by_checklist(found: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The findings of each checklist."""
    grouped: dict[str, list[Finding]] = {}
    for finding in found:
        grouped.setdefault(finding.checklist, []).append(finding)
    return grouped
