"""What no checklist says, language by language: `checklists/voice.yaml`."""

from __future__ import annotations

import msgspec

from deescalate_tui.call.checklist import FORMAT, LANGUAGES
from deescalate_tui.content.from_yaml import parsed
from deescalate_tui.content.schema import REVISION, listed, one_of, record, text, whole


class Avoided(msgspec.Struct, frozen=True):
    """Words and turns of phrase of one language, found whole and without regard to capitals."""

    customer: tuple[str, ...]
    """Never said to a customer; what the agent is told may name them."""
    foreign: tuple[str, ...]
    """Translated rather than spoken: nowhere."""
    phone: tuple[str, ...]
    """What nobody does in writing: not on the path of an e-mail."""


class Voice(msgspec.Struct, frozen=True):
    """The avoided words of every language."""

    revision: int
    de: Avoided
    nl: Avoided
    no: Avoided
    sha256: str = ""

    def avoided(self, language: str) -> Avoided:
        """Those of one of `checklist.LANGUAGES`."""
        found: Avoided = getattr(self, language)
        return found


def parse_voice(data: bytes, place: str) -> Voice:
    """The file's value. Raises ContentFaults."""
    return parsed(data, place, VOICE)


_KINDS = ("customer", "foreign", "phone")
_WORDS = listed(text(60), 0, 200, str.casefold)
_AVOIDED = record(Avoided, dict.fromkeys(_KINDS, _WORDS), instead=dict.fromkeys(_KINDS, ()))
VOICE = record(
    Voice,
    {"revision": REVISION, **dict.fromkeys(LANGUAGES, _AVOIDED)},
    fixed={"format": whole(FORMAT, FORMAT), "kind": one_of("voice")},
    instead={"revision": 0},
)
