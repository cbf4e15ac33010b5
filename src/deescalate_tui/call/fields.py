"""The closed registry of what a step may ask, and where each answer goes in the note.

A checklist names a field by its id; the label is the checklist's own. A field that is not
listed here is an error of the checklist, so that nothing typed can fall out of the note.
"""

from __future__ import annotations

import msgspec

TEXT, CHOICE, DATE = "text", "choice", "date"
THREAT_KIND = "threat_kind"
"""Answered by the fork of the program, not by a step."""
THREATS = CONCRETE, ABUSE = "concrete", "abuse"
"""What a threat is, as the agent answers the fork: they are met in opposite ways."""


class Field(msgspec.Struct, frozen=True):
    """One thing a step can capture."""

    id: str
    kind: str
    """`text`, `choice` or `date`: how it is asked."""
    phase: str
    """The phase whose section of the note shows it."""
    options: tuple[str, ...] = ()
    """The allowed values of a choice, in order; labels come from the checklist."""


FIELDS: dict[str, Field] = {
    field.id: field
    for field in (
        Field("request", TEXT, "assess"),
        Field("cause", TEXT, "assess"),
        Field("expected", TEXT, "assess"),
        Field("summary", TEXT, "assess"),
        Field(THREAT_KIND, CHOICE, "assess", THREATS),
        Field("threat_words", TEXT, "assess"),
        Field("threat_facts", TEXT, "assess"),
        Field("threat_target", CHOICE, "assess", ("me", "colleague", "company")),
        Field("threat_told", TEXT, "assess"),
        Field("responsible", TEXT, "assess"),
        Field("route", TEXT, "assess"),
        Field("possible", CHOICE, "assess", ("yes", "partly", "no")),
        Field("document", TEXT, "resolve"),
        Field("wanted", TEXT, "resolve"),
        Field("remedy", TEXT, "resolve"),
        Field("options", TEXT, "resolve"),
        Field("helper", TEXT, "resolve"),
        Field("promise", TEXT, "resolve"),
        Field("promise_due", DATE, "resolve"),
        Field("satisfaction", CHOICE, "resolve", ("satisfied", "partly", "dissatisfied")),
        Field("follow_up", DATE, "resolve"),
        Field("lesson", TEXT, "aftercare"),
    )
}
ASKED = tuple(field for field in FIELDS.values() if field.id != THREAT_KIND)
"""What a step may ask."""

PERSONAL = ("email", "iban", "card", "birth", "bsn", "tax", "phone")
"""What is looked for and masked in typed text, the surest first. `birth` is the Norwegian fødselsnummer or D-number."""


def ticket_key(ticket: str) -> str:
    """What two spellings of the same ticket have in common."""
    return ticket.strip().casefold()
