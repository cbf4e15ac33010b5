"""What lies over a session for a moment and is no part of it: the keys, finding, the pacer, the levels, a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deescalate_tui.checklist import LEVELS, Pace
from deescalate_tui.finder import Hit, find
from deescalate_tui.keys import ACTIONS
from deescalate_tui.prompts import Choice, QuestionView, name_view
from deescalate_tui.screens.footer import ALL_LEVELS
from deescalate_tui.screens.overlays import find_page, help_page, steady_page
from deescalate_tui.screens.rows import ARROWS, Page

if TYPE_CHECKING:
    from deescalate_tui.live import LiveSession

HELP, FIND, STEADY, NAME = "help", "find", "steady", "name"
"""Ids of the actions that open them; the levels are opened by a click alone, and need no key."""


class Over:
    """What is open, or nothing; and how far one has got in it."""

    def __init__(self, live: LiveSession) -> None:
        self.name = ""
        self._live = live
        self._picked = 0
        self._query = ""
        self._since_ms = 0

    def open(self, name: str) -> None:
        """Lay it over the session."""
        self.name, self._picked = name, 0
        self._query = self._live.customer if name == NAME else ""
        self._since_ms = self._live.elapsed_ms

    def close(self) -> None:
        """The session is seen again."""
        self.name = ""

    def page(self, width: int, height: int) -> Page | None:
        """How it looks; None where the session is seen."""
        live = self._live
        if self.name == HELP:
            return help_page(live.workplace.keymap, live.messages, self._picked, width, height)
        if self.name == FIND:
            return find_page(self._hits(), self._picked, live.messages, width, height)
        if self.name == STEADY:
            return steady_page(self._pace(), (live.elapsed_ms - self._since_ms) / 1000, live.messages, width, height)
        return None

    def question(self) -> QuestionView | None:
        """What it asks below the session."""
        messages = self._live.messages
        if self.name == NAME:
            return name_view(messages)
        if self.name == ALL_LEVELS:
            keys = self._live.workplace.keymap.keys
            choices = tuple(Choice(keys[f"level{it}"][0], str(it), messages(f"level.{it}")) for it in LEVELS)
            return QuestionView(messages("level.none"), messages("help.back"), "", choices)
        return None

    def line(self) -> tuple[object, str] | None:
        """The line that it has to type in, as `Place.line` wants it."""
        return (self.name, self._query) if self.name in (FIND, NAME) else None

    def typing(self, text: str) -> None:
        """Search as one types."""
        if self.name == FIND and text != self._query:
            self._query, self._picked = text, 0

    def moved(self, key: str) -> bool:
        """Whether it had a use for the key: the arrows go through keys and hits."""
        if key not in ARROWS or self.name not in (HELP, FIND):
            return False
        step = 1 if key == "down" else -1
        if self.name == HELP:
            self._picked = min(max(self._picked + step, 0), len(ACTIONS))
        elif hits := self._hits():
            self._picked = (self._picked + step) % len(hits)
        return True

    def hit(self) -> Hit | None:
        """What is picked of what was found."""
        hits = self._hits()
        return hits[self._picked] if hits else None

    def _hits(self) -> tuple[Hit, ...]:
        return find(self._query, self._live.state, self._live.book)

    def _pace(self) -> Pace | None:
        steps = self._live.state.call.checklist.steps()
        return next((step.pace for _, step in steps if step.pace is not None), None)
