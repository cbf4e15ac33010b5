"""The formats of our files as JSON Schemas (2020-12), so that an editor completes and checks them.

Made from the very shapes that read the files; `checklists/schema/` holds them as files, and a test keeps those true.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from deescalate_tui.content.formats import CARDS, CHECKLIST, COUNTRY, LADDER
from deescalate_tui.content.schema import json_of
from deescalate_tui.content.techniques import TECHNIQUES
from deescalate_tui.content.voice import VOICE

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = "schema"


def _settings() -> Callable[..., object]:
    # Late: settings need none of the content formats, nor these them.
    from deescalate_tui.settings.fields import FILE

    return FILE


def _site() -> Callable[..., object]:
    from deescalate_tui.content.site_profile import SITE

    return SITE


def _note() -> Callable[..., object]:
    from deescalate_tui.notes.note_schema import NOTE

    return NOTE


SHAPES: Mapping[str, Callable[[], Callable[..., object]]] = {
    "checklist": lambda: CHECKLIST,
    "cards": lambda: CARDS,
    "ladder": lambda: LADDER,
    "country": lambda: COUNTRY,
    "site": _site,
    "settings": _settings,
    "techniques": lambda: TECHNIQUES,
    "voice": lambda: VOICE,
    "note": _note,
}
"""Every format by its name."""


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema of one of `SHAPES`."""
    parts: dict[str, Any] = {}
    whole = _referring(json_of(SHAPES[name]()), parts)
    return {"$schema": DIALECT, "title": f"deescalate: {name}", **whole, **({"$defs": parts} if parts else {})}


def _referring(schema: Any, parts: dict[str, Any]) -> Any:
    """The schema with what has a title put among the `parts` and referred to there."""
    if isinstance(schema, list):
        return [_referring(item, parts) for item in schema]
    if not isinstance(schema, dict):
        return schema
    referring = {key: _referring(value, parts) for key, value in schema.items()}
    title = schema.get("title")
    if not isinstance(title, str):
        return referring
    parts[title] = referring
    return {"$ref": f"#/$defs/{title}"}


def schema_text(name: str) -> str:
    """The same as the text of a file."""
    return json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"


def schema_path(name: str) -> str:
    """Where the file lies below a root of content."""
    return f"{FOLDER}/{name}.json"


def editor_line(name: str, depth: int = 1) -> str:
    """The comment on top of a file, `depth` folders below its root, by which an editor finds the schema."""
    return f"# yaml-language-server: $schema={'../' * depth}{schema_path(name)}"
