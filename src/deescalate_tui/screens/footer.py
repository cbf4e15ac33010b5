"""The keys along the bottom: as many as fit, the least important left out first."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from deescalate_tui.i18n import Messages
from deescalate_tui.keys import ACTIONS, Keymap
from deescalate_tui.screens.rows import Row, Span, clip, span, width_of


class Hint(msgspec.Struct, frozen=True):
    """A key and what it does, in a word or two."""

    key: str
    label: str
    rank: int


def session_hints(keymap: Keymap, messages: Messages) -> tuple[Hint, ...]:
    """The keys of the session in the order of their declaration; the five levels are one hint."""
    names = keymap.names(key_names(messages))
    hints = []
    for action in ACTIONS:
        if action.id == "level0":
            hints.append(Hint(f"{names['key_level0']}–{names['key_level4']}", messages("key.level"), action.rank))
        elif not action.id.startswith("level"):
            hints.append(Hint(names[f"key_{action.id}"], messages(f"key.{action.id}"), action.rank))
    return tuple(hints)


def key_names(messages: Messages) -> dict[str, str]:
    """Words or signs for keys that have no letter."""
    named = ("space", "enter", "up", "down", "escape")
    return {name: messages(f"keyname.{name}") for name in named}


def footer(hints: Sequence[Hint], width: int) -> Row:
    """One row. The order stays; what has the highest rank goes first."""
    kept = list(hints)
    while kept:
        row = _row(kept)
        if width_of(row) <= width:
            return row
        if len(kept) == 1:
            return clip(row, width)
        kept.remove(max(kept, key=lambda hint: hint.rank))
    return ()


def _row(hints: Sequence[Hint]) -> Row:
    spans: list[Span] = []
    for hint in hints:
        spans += [span("  " if spans else " "), span(hint.key, "key"), span(f" {hint.label}", "dim")]
    return tuple(spans)
