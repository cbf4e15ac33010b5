"""The JSON Schema of a note, as `notes export --format jsonl` writes it, made from the very types that hold it."""

from __future__ import annotations

import msgspec

from deescalate_tui.content.schema import described
from deescalate_tui.content.yaml_strict import Faults, Node
from deescalate_tui.notes.note import IncidentNote


def _note(node: Node, faults: Faults) -> IncidentNote | None:
    """No file that people write holds a whole note: there is only its schema."""
    del node, faults
    return None


NOTE = described(_note, **msgspec.json.schema(IncidentNote))
