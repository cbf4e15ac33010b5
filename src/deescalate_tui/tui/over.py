"""What lies over a session for a moment and is no part of it: the keys, finding, the pacer, the levels, a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from deescalate_tui.call.checklist import LEVELS, Pace
from deescalate_tui.call.questions import is_choice
from deescalate_tui.dates import format_duration
from deescalate_tui.screens.card import CardScene, card_hidden, card_page
from deescalate_tui.screens.footer import ALL_LEVELS
from deescalate_tui.screens.overlays import find_page, help_hidden, help_page, help_room, steady_page
from deescalate_tui.screens.prompts import Choice, QuestionView, card_view, name_view, question_view
from deescalate_tui.screens.rows import ARROWS, Page

if TYPE_CHECKING:
    from deescalate_tui.live import LiveSession
    from deescalate_tui.screens.finder import Hit

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
        self._size = (80, 24)
        """Of the window, as it was last drawn: what does not fit is scrolled."""
        self._card = ""
        """The card that is scrolled, if one is."""

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
        live, self._size = self._live, (width, height)
        if not self.name and self._card:
            return self._card_page()
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
        """Whether it had a use for the key: the arrows go through keys, hits, and a card that does not fit."""
        by = self._by(key)
        if not self.name:
            return self._card_moved(by)
        if self.name == HELP and by:
            hidden = help_hidden(self._live.workplace.keymap, self._live.messages, *self._size)
            self._picked = min(max(self._picked + by, 0), hidden)
            return True
        if key not in ARROWS or self.name != FIND:
            return False
        step = 1 if key == "down" else -1
        if hits := self._hits():
            self._picked = (self._picked + step) % len(hits)
        return True

    def hit(self) -> Hit | None:
        """What is picked of what was found."""
        hits = self._hits()
        return hits[self._picked] if hits else None

    def take(self) -> Hit | None:
        """The hit that is picked; the search is over."""
        found = self.hit()
        self.close()
        return found

    def _by(self, key: str) -> int:
        """How many lines a key goes; 0: it goes none."""
        keymap, page = self._live.workplace.keymap, help_room(self._size[1])
        action = keymap.action(key)
        steps = {"up": -1, "down": 1, "pageup": -page, "pagedown": page}
        return steps.get(key) or (steps.get(action.id, 0) if action is not None else 0)

    def _card_moved(self, by: int) -> bool:
        """Scroll the card by so many lines; whatever else is pressed shows it from its beginning."""
        scene = shown_card(self._live) if by else None
        hidden = card_hidden(scene, self._live.messages, *self._size) if scene is not None else 0
        top = min(max((self._picked if self._card else 0) + by, 0), hidden)
        self._card = self._live.state.card if top and by else ""
        self._picked = top
        return bool(hidden)

    def _card_page(self) -> Page | None:
        """The card that is scrolled, as long as it is the one that is shown."""
        scene = shown_card(self._live) if self._card == self._live.state.card else None
        if scene is None:
            self._card = ""
            return None
        return card_page(replace(scene, top=self._picked), self._live.messages, *self._size)

    def _hits(self) -> tuple[Hit, ...]:
        # Late: most calls find their way without it, and the first picture always.
        from deescalate_tui.screens.finder import find

        return find(self._query, self._live.state, self._live.book)

    def _pace(self) -> Pace | None:
        steps = self._live.state.call.checklist.steps()
        return next((step.pace for _, step in steps if step.pace is not None), None)


def shown_card(live: LiveSession) -> CardScene | None:
    """The card that lies over the session, if one does: a sign or an open choice comes before it."""
    state, book, messages = live.state, live.book, live.messages
    card = book.cards.find(state.card) if book.cards is not None and state.card else None
    if card is None or state.sign or is_choice(state):
        return None
    view = card_view(card, state.call.channel, book, messages, live.today)
    asked = question_view(state, book, messages)
    return CardScene(view, state.call.request, format_duration(live.elapsed_ms), asked)
