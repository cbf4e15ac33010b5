"""The company's own facts: `site.yaml` in the site's folder or, for one agent alone, in the config folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from deescalate_tui.call.checklist import FORMAT, RUNGS
from deescalate_tui.call.session import BEHAVIOURS
from deescalate_tui.content.cache import ContentCache
from deescalate_tui.content.file import ContentFile
from deescalate_tui.content.from_yaml import parsed
from deescalate_tui.content.schema import listed, one_of, record, text, whole
from deescalate_tui.errors import ContentFaults, Fault
from deescalate_tui.paths import Paths

SITE_FILE = "site.yaml"


class Contact(msgspec.Struct, frozen=True):
    """A person or a service, and how to get hold of it."""

    name: str
    contact: str = ""


class Rank(msgspec.Struct, frozen=True):
    """A level of the escalation ladder."""

    level: str
    """What it is called: team lead, complaints desk."""
    contact: str
    takes: str = ""
    """What goes there."""


class Site(msgspec.Struct, frozen=True):
    """What a company says of itself. Nothing has to be said: every text reads well without."""

    company: str = ""
    team: str = ""
    leads: tuple[Contact, ...] = ()
    """The first is the one that say-lines name."""
    escalation: tuple[Rank, ...] = ()
    """Nearest first."""
    grants: tuple[str, ...] = ()
    """What an agent may give without asking."""
    policies: tuple[str, ...] = ()
    aftercare: tuple[Contact, ...] = ()
    """Who is there for an agent after a hard call."""
    limits: Mapping[str, int] = {}
    """Rungs of the limit ladder by kind of behaviour; empty: all behaviour is counted together."""
    sha256: str = ""

    def facts(self) -> dict[str, str]:
        """What fills the placeholders of say-lines; empty where it is not known."""
        return {"company": self.company, "lead": self.leads[0].name if self.leads else ""}

    def beside_steps(self) -> dict[str, tuple[str, ...]]:
        """What an agent wants to have at hand at a step, by the technique that the step teaches."""
        return {
            "get-support": self.ways_up(),
            "simple-remedy-first": self.grants,
            "give-specific-reasons": self.policies,
            "take-a-break": tuple(_joined(contact.name, contact.contact) for contact in self.aftercare),
        }

    def ways_up(self) -> tuple[str, ...]:
        """Whom to bring in, nearest first: the escalation ladder, or else the leads."""
        ranks = tuple(_joined(rank.level, rank.contact, rank.takes) for rank in self.escalation)
        return ranks or tuple(_joined(lead.name, lead.contact) for lead in self.leads)


class Profile(msgspec.Struct, frozen=True):
    """The profile in force, and where it was found."""

    site: Site = Site()
    place: str = ""
    """The file; empty where there is none."""
    faults: tuple[Fault, ...] = ()
    """Why a file was refused; the one below it is used instead."""


def _joined(name: str, contact: str, takes: str = "") -> str:
    return " ".join((name, contact, *([f"({takes})"] if takes else []))).strip()


def parse_site(data: bytes, place: str) -> Site:
    """The file's value. Raises ContentFaults."""
    return parsed(data, place, SITE)


def load_profile(paths: Paths, cache: ContentCache | None = None) -> Profile:
    """The agent's own profile if there is one, else the site's, else one that says nothing."""
    faults: list[Fault] = []
    for folder in (paths.config, paths.site):
        try:
            site = _FILE.load(folder, cache) if folder is not None else None
        except ContentFaults as error:
            faults += error.faults
        else:
            if site is not None:
                return Profile(site, str(Path(folder or "") / SITE_FILE), tuple(faults))
    return Profile(faults=tuple(faults))


def profile_faults(paths: Paths) -> tuple[Fault, ...]:
    """What is wrong with every profile, also with one that another replaces."""
    faults: list[Fault] = []
    for folder in filter(None, (paths.config, paths.site)):
        try:
            _FILE.load(folder)
        except ContentFaults as error:
            faults += error.faults
    return tuple(faults)


_NAME = text(60)
_LINE = text(120)
_CONTACTS = listed(record(Contact, {"name": _NAME}, {"contact": _LINE}), 1, 20)
SITE = record(
    Site,
    {},
    {
        "company": _NAME,
        "team": _NAME,
        "leads": _CONTACTS,
        "escalation": listed(record(Rank, {"level": _NAME, "contact": _LINE}, {"takes": _LINE}), 1, 10),
        "grants": listed(_LINE, 1, 30, str),
        "policies": listed(_LINE, 1, 30, str),
        "aftercare": _CONTACTS,
        "limits": record(dict, {}, dict.fromkeys(BEHAVIOURS, whole(1, len(RUNGS)))),
    },
    fixed={"format": whole(FORMAT, FORMAT), "kind": one_of("site")},
)
_FILE: ContentFile[Site] = ContentFile(SITE_FILE, Site, parse_site, {})
