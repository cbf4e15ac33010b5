"""The mouse: which click is meant, and what the page says that it does."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from textual import events

from deescalate_tui.screens.rows import Does, Page

GLANCE_S = 0.4
"""So long a picture must have stood before a click on it counts. What comes sooner was meant for the picture before, is
the second half of a double click, or only brought the window to the front."""
_PAGES = 16
"""Enough for all pictures within that time, even while the pacer moves."""


class Pointer:
    """What was on the screen, and where the button went down. Times are in seconds, all by the clock of the events."""

    def __init__(self) -> None:
        self._pages: deque[tuple[float, Page]] = deque(maxlen=_PAGES)
        self._down: events.MouseDown | None = None
        self._not_before = 0.0

    def painted(self, page: Page, at_s: float) -> None:
        """The screen shows this page now."""
        self._pages.append((at_s, page))

    def wait(self, at_s: float) -> None:
        """The window came to the front, or something was clicked."""
        self._not_before = at_s + GLANCE_S

    def does(self, event: events.MouseEvent) -> Sequence[Does]:
        """What comes of a movement of the wheel or the left button; it is the release that completes a click."""
        match event:
            case events.MouseScrollUp() | events.MouseScrollDown() if self._pages:
                page = self._pages[-1][1]
                return [page.wheel[isinstance(event, events.MouseScrollDown)]] * page.notch if page.wheel else []
            case events.MouseDown(button=1):
                self._down = event
            case events.MouseUp(button=1) if self._down is not None:
                down, self._down = self._down, None
                does = self._clicked(down, event)
                if does is not None:
                    self.wait(event.time)
                    return [does]
        return []

    def _clicked(self, down: events.MouseDown, up: events.MouseUp) -> Does | None:
        """What lies where the button went down and where it came up; and lay there a glance before."""
        then = self._page_at(down.time - GLANCE_S)
        if then is None or down.time < self._not_before:
            return None
        now = self._pages[-1][1]
        does = now.target(up.x, up.y)
        same = now.rows[1:] == then.rows[1:] or does == now.around  # the clock is in the first row
        return does if same and does == now.target(down.x, down.y) == then.target(up.x, up.y) else None

    def _page_at(self, at_s: float) -> Page | None:
        """The page that was on the screen then, if it is remembered."""
        return next((page for painted_s, page in reversed(self._pages) if painted_s <= at_s), None)
