"""What Textual loads at its start and this program never uses: without it the screen is there a seventh sooner."""

from __future__ import annotations

import sys
from types import ModuleType


class Unused(ModuleType):
    """A module of which any class may be imported, and none does anything."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("_"):
            raise AttributeError(name)
        return type(name, (), {})


def spare() -> None:
    """Before Textual is imported: leave out ssl, and the command palette with the six widgets that it is made of."""
    # asyncio does without ssl, and this program never opens a connection: 7 ms and 4 MiB less.
    sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]
    # The palette is English, and switched off: see `tui.quiet`. 27 ms less.
    sys.modules.setdefault("textual.command", Unused("textual.command"))
