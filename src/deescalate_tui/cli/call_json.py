"""The call as another program describes it: `guide --json -` reads an object from standard input."""

from __future__ import annotations

import json

from deescalate_tui.clean import clean
from deescalate_tui.errors import UsageFault
from deescalate_tui.streams import open_terminal, read_all

PLACE = "--json"
KEYS = ("type", "lang", "channel", "country", "ticket", "agent")
LIMIT = 64_000
"""Bytes."""


def call_of(data: bytes) -> dict[str, str]:
    """The texts of the object, by key. Raises UsageFault for anything that is not exactly such an object."""
    try:
        found = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise UsageFault(PLACE, "json-not-utf8") from error
    except json.JSONDecodeError as error:
        raise UsageFault(PLACE, "json-syntax", line=error.lineno, column=error.colno) from error
    except (RecursionError, ValueError) as error:  # the second one: a number of more digits than Python reads
        raise UsageFault(PLACE, "json-object", known=", ".join(KEYS)) from error
    if not isinstance(found, dict):
        raise UsageFault(PLACE, "json-object", known=", ".join(KEYS))
    for key, value in found.items():
        if key not in KEYS:
            raise UsageFault(PLACE, "json-key", found=key[:40], known=", ".join(KEYS))
        if not isinstance(value, str):
            raise UsageFault(PLACE, "json-text", name=key)
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise UsageFault(PLACE, "json-doubled", name=next(name for name in names if names.count(name) > 1)[:40])
    return found


def take_call(source: str) -> dict[str, str]:
    """What `--json -` says on standard input, which is the terminal afterwards. Raises UsageFault."""
    if source != "-":
        raise UsageFault(PLACE, "json-source")
    call = call_of(read_all(LIMIT))
    open_terminal()
    return {key: clean(value).strip() for key, value in call.items()}
