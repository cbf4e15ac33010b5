"""What the start offers, on the screen and as lines: what waits unfinished, the types in two groups, a daily line."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import msgspec

from deescalate_tui.call.checklist import Checklist, Country
from deescalate_tui.dates import format_moment
from deescalate_tui.i18n import Messages
from deescalate_tui.journal.waiting import Waiting
from deescalate_tui.notes.earlier import same_ticket
from deescalate_tui.notes.sealed import no_seal_text, obstacle
from deescalate_tui.workplace import Workplace

if TYPE_CHECKING:
    from deescalate_tui.finish import Finished

LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables that name the system's locale, the one that counts most first."""
SHIFT_LINES = 8
"""The messages `shift.1` and so on; each day has the next one."""


class Offer(msgspec.Struct, frozen=True):
    """A type, and the number that begins it: the same whatever types a site adds, and in whichever group it is."""

    number: int
    checklist: Checklist


class Kin(msgspec.Struct, frozen=True):
    """The types of customers who cooperate, or of those who do not."""

    title: str
    cue: str
    """What one hears of all of them, with commas."""
    offers: tuple[Offer, ...]


def kins(types: Iterable[Checklist], words: Messages) -> tuple[Kin, ...]:
    """The two-way cut, which people hear far more surely than the type; a group that has no type is left out."""
    offers = tuple(Offer(number, checklist) for number, checklist in enumerate(types, 1))
    found = []
    for name, cooperating in (("cooperating", True), ("difficult", False)):
        here = tuple(offer for offer in offers if offer.checklist.cooperating is cooperating)
        if here:
            found.append(Kin(words(f"start.{name}"), words(f"start.{name}.cue"), here))
    return tuple(found)


def unfinished(workplace: Workplace, ticket: str) -> tuple[Waiting, ...]:
    """What waits to be gone on with, the latest first; what has the ticket before all else."""
    found = (entry for entry in workplace.waiting() if not entry.closed)
    return tuple(sorted(found, key=lambda entry: not same_ticket(entry.ticket, ticket)))


def waiting_text(entry: Waiting, words: Messages, overdue_days: int = sys.maxsize) -> str:
    """An unfinished session in words: which type and ticket, since when, and that it is overdue after so many days."""
    if not entry.title:
        return words("start.damaged", name=entry.id)
    zone = timezone(timedelta(minutes=entry.offset_min))
    moment = datetime.fromtimestamp(entry.started_at / 1000, UTC).astimezone(zone)
    key = "start.unfinished-old" if entry.days >= overdue_days else "start.unfinished-row"
    key = "start.in-use" if entry.in_use else key
    title = f"{entry.title} · {words('view.ticket', ticket=entry.ticket)}" if entry.ticket else entry.title
    return words(key, title=title, moment=format_moment(moment, words.language), days=entry.days)


def ticket_text(waiting: Iterable[Waiting], ticket: str, words: Messages) -> str:
    """That the ticket of this call has a session already, here or in another window; else empty."""
    found = [entry for entry in waiting if entry.title and same_ticket(entry.ticket, ticket)]
    if not found:
        return ""
    key = "start.same-ticket-open" if all(entry.in_use for entry in found) else "start.same-ticket"
    return words(key, ticket=ticket)


def likely_country(countries: Sequence[Country], known: str, environ: Mapping[str, str]) -> int:
    """Where to put the cursor: the country that is known, else the system's territory; -1 where that is none of them.

    The first locale that names a territory decides (`de_AT.UTF-8`: AT): `C` names none, and its language is no country.
    """
    territories = (re.match(r"[A-Za-z]{2,3}[_-]([A-Za-z]{2})(?![A-Za-z])", environ.get(name, "")) for name in LOCALES)
    code = known or next((found[1].upper() for found in territories if found), "")
    return next((place for place, country in enumerate(countries) if country.id == code), -1)


def warnings(workplace: Workplace, words: Messages) -> tuple[str, ...]:
    """What to know before a call: that notes cannot be encrypted, and that there are faults."""
    return tuple(filter(None, (no_seal_text(workplace.settings, words), _faults_text(workplace, words))))


def _faults_text(workplace: Workplace, words: Messages) -> str:
    """How many faults there are in content, settings, keys and the site's profile; empty where there are none."""
    parts = (workplace.library.faults, workplace.settings.faults, workplace.keymap.faults, workplace.profile.faults)
    faults = sum(map(len, parts))
    return words.count("start.faults", faults) if faults else ""


def tidied_texts(workplace: Workplace, words: Messages) -> tuple[str, ...]:
    """Finish what was left behind; what became of it, each sentence once, without what `warnings` tells."""
    known = obstacle(workplace.settings)
    closed = [it for it in workplace.tidy() if known is None or it.fault is None or it.fault.key != known.key]
    return tuple(dict.fromkeys(closed_text(finished, words) for finished in closed))


def closed_text(finished: Finished, words: Messages) -> str:
    """Where the note of a session that was left behind lies, or why it does not."""
    if finished.elsewhere:
        return saved_text(finished, words)
    if finished.fault is None:
        return words("start.closed-old", path=finished.path)
    return words("note.not-saved", reason=words.fault(finished.fault))


def saved_text(finished: Finished, words: Messages) -> str:
    """Where the note lies; empty where it lies nowhere."""
    if finished.fault is not None:
        return ""
    return words("note.saved-second" if finished.elsewhere else "note.saved", path=finished.path)


def shift_text(workplace: Workplace, words: Messages) -> str:
    """A line for the start of a shift, another one each day, where the settings want it; else empty."""
    if workplace.settings.shift_line != "on":
        return ""
    today: date = workplace.clock.now().date()
    return words(f"shift.{today.timetuple().tm_yday % SHIFT_LINES + 1}")
