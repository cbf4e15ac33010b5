"""What the command line asks the front end to open."""

from __future__ import annotations

import msgspec


class Opening(msgspec.Struct, frozen=True):
    """How to begin. Empty fields are for the agent, or the settings, to fill."""

    type_id: str = ""
    language: str = ""
    channel: str = ""
    ticket: str = ""
    wanted: str = ""
    """A type that is not begun at once, because the ticket has a session already: the agent says which."""
    resume: str = ""
    """Id of the unfinished session to go on with."""
