"""The archive as commands open it: brought up to date first, and what that could not do is said."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from deescalate_tui.archive.archive import Archive
from deescalate_tui.archive.asked import days, known, language_of, level_range
from deescalate_tui.archive.refresh import Refreshed
from deescalate_tui.archive.rows import Filters
from deescalate_tui.call.checklist import CHANNELS
from deescalate_tui.call.session import OUTCOMES
from deescalate_tui.clean import clean
from deescalate_tui.cli.progress import Bar
from deescalate_tui.cli.rows import shown_limit
from deescalate_tui.clock import Clock
from deescalate_tui.errors import Exit, Fault, UsageFault
from deescalate_tui.i18n import Messages
from deescalate_tui.streams import tell

if TYPE_CHECKING:
    from deescalate_tui.archive.rollup import Contributor

MOST_TOLD = 20
"""So many damaged files are named one by one."""

T = TypeVar("T")


@contextmanager
def opened(messages: Messages, contributor: Contributor | None = None) -> Iterator[tuple[Archive, Refreshed]]:
    """The archive, up to date as far as that can be had; where not, standard error says why. Raises FileFault."""
    with Archive.open(os.environ, contributor) as archive:
        with Bar() as bar:
            refreshed = archive.refresh(bar)
        if refreshed.busy:
            tell(messages("archive.busy"))
        if refreshed.fault is not None:
            tell(clean(messages.fault(refreshed.fault)))
            if archive.count(most=1):
                tell(messages("archive.behind"))
        yield archive, refreshed


def findings(faults: Iterable[Fault]) -> Exit:
    """1 where a file is damaged. Sealed notes are no fault where no key is named: desktops do not read them."""
    return Exit.FINDINGS if any(fault.key != "notes-sealed" for fault in faults) else Exit.OK


def status_of(refreshed: Refreshed, otherwise: Exit) -> int:
    """The exit status: a folder that could not be read comes before anything else."""
    return refreshed.fault.status if refreshed.fault is not None else otherwise


def none_readable(archive: Archive) -> bool:
    """Whether there are notes, and none of them can be read here. Raises FileFault."""
    return not archive.count(most=1) and next(archive.faults(), None) is not None


def tell_faults(faults: list[Fault], messages: Messages) -> None:
    """Each file that does not count, with its reason; of many the first ones, and how many more there are."""
    tell(*(clean(messages.fault(fault)) for fault in faults[:MOST_TOLD]))
    if len(faults) > MOST_TOLD:
        tell(messages.count("archive.more-faults", len(faults) - MOST_TOLD))


def today() -> date:
    """The day it is here."""
    return Clock().now().date()


def filters_of(found: Namespace) -> Filters:
    """What the options ask for. Raises UsageFault."""
    day = today()
    due = day if "due" in found else None
    return Filters(
        since=_read(found, "since", lambda text: days(text, day)[0]),
        until=_read(found, "until", lambda text: days(text, day)[1]),
        types=tuple(text.lower() for text in several(found.type)),
        languages=each(found, "lang", language_of),
        countries=tuple(text.upper() for text in several(found.country)),
        channels=each(found, "channel", lambda text: known(text, CHANNELS)),
        outcomes=each(found, "outcome", lambda text: known(text, OUTCOMES)),
        levels=_read(found, "level", level_range),
        threat=True if "threat" in found else None,
        ticket=clean(found.ticket).strip(),
        due=date.fromordinal(day.toordinal() - 1) if "overdue" in found else due,
    )


def _read(found: Namespace, name: str, read: Callable[[str], T]) -> T | None:
    """The value of an option, None where it is not given. Raises UsageFault, which names the option."""
    text = clean(getattr(found, name)).strip()
    try:
        return read(text) if text else None
    except UsageFault as fault:
        raise UsageFault(f"--{name}", fault.key, **fault.params) from fault


def each(found: Namespace, name: str, read: Callable[[str], str]) -> tuple[str, ...]:
    """The values of an option, each read. Raises UsageFault, which names the option."""
    return _read(found, name, lambda text: tuple(read(part) for part in several(text))) or ()


def several(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(part for it in clean(text).split(",") if (part := it.strip()))


def limit_of(found: Namespace) -> int | None:
    """How many are wanted; None for all, which is what a program gets that does not say. Raises UsageFault."""
    text = found.limit.strip()
    limit = shown_limit(text, json="json" in found)
    if limit is not None and limit < 0:
        raise UsageFault("--limit", "value-number", found=text)
    return limit
