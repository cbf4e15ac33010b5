"""The techniques that the checklists teach, and where each comes from: `checklists/techniques.yaml`."""

from __future__ import annotations

import re

import msgspec

from deescalate_tui.call.checklist import CHANNELS, FORMAT, PHASES
from deescalate_tui.content.from_yaml import parsed
from deescalate_tui.content.schema import REVISION, listed, matching, one_of, one_or_more, record, slug, text, whole

OUTSIDE = ("lead", "practice")
"""Phases of techniques that belong in no call: for the team lead's report, for a rehearsal."""


class Technique(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the sources teach."""

    id: str
    phase: str
    """One of `checklist.PHASES` or of `OUTSIDE`."""
    types: tuple[str, ...]
    """The customer types whose checklists must teach it."""
    sources: tuple[str, ...]
    """Document and item, as the head of the file explains them."""
    channel: tuple[str, ...] = ()
    """The channels on which it must be taught; empty for all of them."""
    asks: str = ""
    """What a step that teaches it lets the agent capture for the note; may be empty."""
    teaches: str


class Techniques(msgspec.Struct, frozen=True):
    """All of them, in the order of a call."""

    revision: int
    techniques: tuple[Technique, ...]
    sha256: str = ""

    def find(self, technique_id: str) -> Technique | None:
        """The technique with this id, or None."""
        return next((technique for technique in self.techniques if technique.id == technique_id), None)


def parse_techniques(data: bytes, place: str) -> Techniques:
    """The file's value. Raises ContentFaults."""
    return parsed(data, place, TECHNIQUES)


def _id(technique: Technique) -> str:
    return technique.id


_TECHNIQUE = record(
    Technique,
    {
        "id": slug,
        "phase": one_of(*PHASES, *OUTSIDE),
        "types": listed(slug, 0, 20, str),
        "sources": listed(matching(re.compile("[A-Z]([1-9][0-9]?([.][0-9][a-z]?)?|W)?"), "value-source"), 1, 12, str),
        "teaches": text(500),
    },
    {"channel": one_or_more(one_of(*CHANNELS), len(CHANNELS)), "asks": text(120)},
    instead={"sources": (), "teaches": "", "asks": ""},
)
TECHNIQUES = record(
    Techniques,
    {"revision": REVISION, "techniques": listed(_TECHNIQUE, 1, 200, _id)},
    fixed={"format": whole(FORMAT, FORMAT), "kind": one_of("techniques")},
    instead={"revision": 0},
)
