"""The app of a start screen that is shown already, and at which somebody may have typed."""

from __future__ import annotations

from textual import events
from textual._xterm_parser import XTermParser
from textual.driver import Driver

from deescalate_tui.tui.app import Guide
from deescalate_tui.tui.leaves import Preview


class TakenOver(Guide):
    """Does with each key that was typed until now what it does with every other one."""

    def __init__(self, preview: Preview, driver_class: type[Driver] | None = None) -> None:
        desk = preview.place.desk
        super().__init__(desk.workplace, desk.opening, driver_class)
        self.window = preview.window
        """The driver goes on from what is shown there."""
        self._preview: Preview | None = preview

    def show_start(self) -> None:
        """The start, as it stands already and as the keys have left it; later on, another one."""
        preview, self._preview = self._preview, None
        if preview is None:
            super().show_start()
            return
        preview.place.desk = self
        self._go(preview.place)
        parser, typed = XTermParser(), preview.typed()
        # The end is told too: only then a last escape is a key of its own.
        for message in (*parser.feed(typed), *(parser.feed("") if typed else ())):
            if isinstance(message, events.Key):
                self._press(message.key, message.character or "" if message.is_printable else "")
        self.window.given()
        self.call_after_refresh(preview.keep)
