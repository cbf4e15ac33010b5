"""The setting `deliver`: where finished notes are sent, and how. A secret is never in it, only where one is kept."""

from __future__ import annotations

import re
from typing import Any

from deescalate_tui.content import schema
from deescalate_tui.content.yaml_strict import Faults, Mapping, Node
from deescalate_tui.paths import full_path
from deescalate_tui.settings.kinds import MAX_ARGUMENT, Kind

TEMPLATES = ("zammad", "zendesk", "znuny")
HANDOVER, NOTE = CONTENTS = ("handover", "note")
TICKET = "[0-9]{1,20}"
"""What a ticket looks like where the setting says nothing of it."""
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
_LOOPBACK = r"(?:localhost|127\.0\.0\.1|\[::1\])"
URL = rf"(?:https://{_HOST}|http://{_LOOPBACK})(?::[0-9]{{1,5}})?(?:/[A-Za-z0-9._~/-]*)?"
"""No account, no query, no fragment; without encryption only to this machine."""
PROXY = rf"http://({_HOST}|\[[0-9a-fA-F:]+\]):([0-9]{{1,5}})"
VARIABLE = "[A-Za-z_][A-Za-z0-9_]*"


def _template(node: Node, faults: Faults) -> str | None:
    found = schema.text(MAX_ARGUMENT)(node, faults)
    if found and found not in TEMPLATES and not (found.endswith(".json") and full_path(found)):
        faults.add(node.mark, "setting-template", found=found, allowed=", ".join(TEMPLATES))
        return None
    return found


def _file(node: Node, faults: Faults) -> str | None:
    found = schema.text(MAX_ARGUMENT)(node, faults)
    if found and full_path(found) is None:
        faults.add(node.mark, "setting-folder", found=found)
        return None
    return found


def _pattern(node: Node, faults: Faults) -> str | None:
    found = schema.text(MAX_ARGUMENT)(node, faults)
    try:
        re.compile(found or "")
    except re.error:
        faults.add(node.mark, "setting-pattern", found=found)
        return None
    return found


def _matching(pattern: str, key: str) -> schema.Shape[str]:
    """As `schema.matching`, but compiled only where it is needed: most starts have nothing to deliver."""

    def shape(node: Node, faults: Faults) -> str | None:
        found = _TEXT(node, faults)
        if found and not re.fullmatch(pattern, found):
            faults.add(node.mark, key, found=found)
            return None
        return found

    return schema.described(shape, type="string", pattern=f"^(?:{pattern})$")


_TEXT = schema.text(MAX_ARGUMENT)
_RECORD: schema.Shape[dict[str, str]] = schema.record(
    dict,
    {
        "template": schema.described(_template, type="string"),
        "url": _matching(URL, "setting-url"),
        "since": schema.day,
    },
    {
        "secret_file": schema.described(_file, type="string"),
        "secret_variable": _matching(VARIABLE, "setting-variable"),
        "user": _TEXT,
        "ticket": schema.described(_pattern, type="string", format="regex"),
        "content": schema.one_of(*CONTENTS),
        "ca_file": schema.described(_file, type="string"),
        "proxy": _matching(PROXY, "setting-proxy"),
    },
)


def _deliver(node: Node, faults: Faults) -> dict[str, str] | None:
    """Whole or not at all; an empty mapping is off."""
    if isinstance(node, Mapping) and not node.values:
        return {}
    found = _RECORD(node, faults)
    if found is not None and ("secret_file" in found) == ("secret_variable" in found):
        faults.add(node.mark, "setting-secret")
        return None
    return found


def _schema() -> dict[str, Any]:
    empty = {"type": "object", "maxProperties": 0}
    return {"anyOf": [schema.json_of(_RECORD), empty]}


DELIVER = Kind(schema.described(_deliver, **_schema()), nested=True)
