"""What the app shows at a time - start, session, note - and what such a place must be able to do."""

from __future__ import annotations

from typing import Protocol

from deescalate_tui.errors import Exit
from deescalate_tui.opening import Opening
from deescalate_tui.screens.rows import Does, Page
from deescalate_tui.workplace import Workplace


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


class Still:
    """A place without a line, where nothing changes by itself."""

    def line(self) -> tuple[object, str] | None:
        """Nothing is typed here."""
        return None

    def typing(self, text: str) -> None:
        """Nothing is typed here."""

    def paused(self, text: str) -> None:
        """Nothing is typed here."""

    def submit(self, text: str) -> None:
        """Nothing is typed here."""

    def tick(self) -> None:
        """Nothing changes by itself."""

    def moves(self) -> bool:
        """It stands still."""
        return False


class Desk(Protocol):
    """What the start needs of the app: it opens sessions, and ends."""

    workplace: Workplace
    opening: Opening

    def begin(self, type_id: str, language: str, channel: str) -> None:
        """Start a session. Raises UsageFault or ContentFaults."""

    def resume(self, session_id: str) -> None:
        """Go on with a session. Raises UsageFault or FileFault."""

    def leave(self, status: int = Exit.OK) -> None:
        """End the program."""


class EmptyDesk:
    """Before the app is there: the start can be looked at, and nothing be opened."""

    def __init__(self, workplace: Workplace, opening: Opening) -> None:
        self.workplace = workplace
        self.opening = opening

    def begin(self, type_id: str, language: str, channel: str) -> None:
        """The app will."""

    def resume(self, session_id: str) -> None:
        """The app will."""

    def leave(self, status: int = Exit.OK) -> None:
        """The app will."""
