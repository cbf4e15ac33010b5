"""What the app shows at a time - start, session, note - and what such a place must be able to do."""

from __future__ import annotations

from typing import Protocol

from deescalate_tui.screens.rows import Does, Page


class Place(Protocol):
    """A screen's worth of the program. It answers keys by changing itself; the app draws it again."""

    def page(self, width: int, height: int) -> Page:
        """How it looks now."""

    def key(self, key: str) -> None:
        """A key that no open line took: a character, or a name such as `space`."""

    def click(self, does: Does) -> None:
        """A click on what no key does: an entry of the list, a command."""

    def line(self) -> tuple[object, str] | None:
        """The open input line: what tells it from another one, and the text it begins with. None: no line is open."""

    def typing(self, text: str) -> None:
        """The text of the line changed."""

    def paused(self, text: str) -> None:
        """Typing paused: the moment to keep a draft."""

    def submit(self, text: str) -> None:
        """The line was finished."""

    def tick(self) -> None:
        """A second has passed."""

    def moves(self) -> bool:
        """Whether it is animated now, because the agent started something."""
