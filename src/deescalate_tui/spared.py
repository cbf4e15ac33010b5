"""What Textual loads at its start and this program never uses: without it the screen is there a seventh sooner."""

from __future__ import annotations

import sys
from types import ModuleType

UNUSED = (
    # The command palette, with the six widgets that it is made of. It is English, and switched off: see `tui.quiet`.
    "textual.command",
    # Notifications and tooltips: switched off as well.
    "textual.widgets._toast",
    "textual.widgets._tooltip",
    # Lines between widgets: there is one widget.
    "textual.canvas",
    # What is shown of an error in a style sheet.
    "textual.suggestions",
    "rich.panel",
    "rich.table",
)
"""Modules of Textual and Rich that are left out: a seventh of all that is done until the first picture."""


class Unused(ModuleType):
    """A module of which any class may be imported, and none does anything."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("_"):
            raise AttributeError(name)
        return type(name, (), {})


def spare() -> None:
    """Before Textual is imported: leave out what is unused."""
    # asyncio does without ssl, and this program never opens a connection: 7 ms and 4 MiB less.
    sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]
    for name in UNUSED:
        sys.modules.setdefault(name, Unused(name))
