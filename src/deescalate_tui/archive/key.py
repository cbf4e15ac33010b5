"""The key that opens sealed notes, named late: settings need YAML, and most folders hold no sealed note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from deescalate_tui.paths import locate

Key = Callable[[], str]
"""Gives the file of the key, as the setting `note_key` names it; asked where a sealed note is met."""


def no_key() -> str:
    """Where sealed notes stay shut."""
    return ""


def named_key(environ: Mapping[str, str]) -> Key:
    """The key that the settings name."""

    @cache
    def key() -> str:
        from deescalate_tui.settings.fields import load

        return load(locate(environ), environ, {}).note_key

    return key
