"""A Textual app without what Textual says by itself: its words are English, its reports show what was typed."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from rich.console import RenderableType
from textual.app import App
from textual.driver import Driver
from textual.screen import Screen

from deescalate_tui import handover
from deescalate_tui.errors import Exit


class BareScreen(Screen[None], inherit_css=False):
    """A screen without a style sheet: Textual's own takes as long to read as to draw what it is for."""

    DEFAULT_CSS = "BareScreen { overflow: hidden; }"


class QuietApp(App[int], inherit_css=False):
    """Ends with a status, whatever happens."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, driver_class: type[Driver] | None) -> None:
        super().__init__(driver_class, ansi_color=True)
        # As `run_test` can do without them: two widgets less to make and to style before the first picture.
        self._disable_tooltips = self._disable_notifications = True
        self.crash: Exception | None = None
        """What went wrong inside, for the caller to raise."""

    def get_default_screen(self) -> BareScreen:
        """The only screen."""
        return BareScreen()

    def get_css_variables(self) -> dict[str, str]:
        """None: no style sheet here names a colour of Textual's themes."""
        return {}

    def leave(self, status: int = Exit.OK) -> None:
        """End the program."""
        self.exit(status)

    def copy_to_clipboard(self, text: str) -> None:
        """Ask the terminal to take the text: as Textual does, and through tmux and screen as well."""
        if self._driver is not None:
            self._driver.write(handover.clipboard(text, os.environ))

    def watch_over(self, loop: asyncio.AbstractEventLoop) -> None:
        """What fails in a callback of the loop ends the program as well; asyncio would print it and go on."""
        loop.set_exception_handler(self._failed_outside)

    def _failed_outside(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            if self.is_running:
                self._handle_exception(error)
            else:
                self.crash = self.crash or error

    def panic(self, *renderables: RenderableType) -> None:
        """End without the report. Where nothing of ours failed, the keyboard did: the window is as good as closed."""
        del renderables
        if self._exception is not None:
            self._fatal_error()
        else:
            self.leave(Exit.HANGUP)

    def _fatal_error(self) -> None:
        """End without Textual's report, which would print what was typed."""
        self.crash = self._exception
        self._close_messages_no_wait()
