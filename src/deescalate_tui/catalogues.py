"""The catalogues that ship: `locales/<language>.json`, one flat mapping from ids to sentences."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from deescalate_tui.i18n import Messages


@cache
def load(language: str) -> Messages:
    """The catalogue of one of `i18n.UI_LANGUAGES`, read once: a call can be closed though its program lies nowhere."""
    # Not importlib.resources: it takes 15 ms to import, and this package is never run from a zip.
    text = (Path(__file__).parent / "locales" / f"{language}.json").read_text(encoding="utf-8")
    return Messages(language, json.loads(text))


def masks(language: str) -> dict[str, str]:
    """The word for each kind of personal data that is masked in a text of this language."""
    # Late: it brings msgspec along, which doubles the time of `--help`.
    from deescalate_tui.call.fields import PERSONAL

    return {kind: load(language)(f"mask.{kind}") for kind in PERSONAL}
