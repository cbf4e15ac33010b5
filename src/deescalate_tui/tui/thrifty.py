"""Textual's driver for POSIX terminals, made to send only what the terminal does not show: a key is one packet."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from threading import Lock
from types import FrameType
from typing import TYPE_CHECKING, Any

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from deescalate_tui.tui.thrift import Inked, Thrift, written

if TYPE_CHECKING:
    from textual.app import App

    from deescalate_tui.instant import Instant

OTHER_SCREEN = "\x1b[?1049h"
_ERASERS = re.compile(
    r"(xterm(-(16color|256color|direct|kitty|ghostty))?"
    r"|(alacritty|foot|gnome|konsole|linux|mintty|putty|rxvt|st|tmux|vte)(-.*)?|iterm2|ms-terminal|nsterm.*)"
)
"""Terminals that erase in the background that is set: those of which terminfo says so, and tmux since 2.4 of 2017."""


def erases(term: str) -> bool:
    """Whether a terminal erases in the background that is set, by its name in TERM."""
    return _ERASERS.fullmatch(term) is not None


class ThriftyDriver(LinuxDriver):
    """The stock driver, with a model of the terminal between Textual and the thread that writes."""

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None):
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._turn = Lock()
        self._lost = False
        """The terminal may show something else than the model: asked, and forgotten, at the next write."""
        self._passed_over = ""
        """What has been sent already: a second time it would clear the screen."""
        width, height = self._get_terminal_size()
        self._thrift = Thrift(width, height, erases(os.environ.get("TERM", "")))

    def write(self, data: str) -> None:
        """Send what `data` changes."""
        if not data or data != self._passed_over:
            self._send(self._thrift.feed, data, lambda: data)

    def paint(self, rows: Inked) -> None:
        """Send what is other in these rows: past Textual, which would take half of a key's time."""
        self._send(self._thrift.paint, rows, lambda: written(rows))

    def _send(self, spare: Callable[[Any], str], what: Any, whole: Callable[[], str]) -> None:
        writer = self._writer_thread
        assert writer is not None, "Driver must be in application mode"
        # The input thread and signal handlers write too, rarely: never wait for the turn, they may hold it up.
        if not self._turn.acquire(blocking=False):
            self._lost = True
            writer.write(whole())
            return
        try:
            if self._lost:
                self._lost = False
                self._thrift.forget(*self._get_terminal_size())
            if text := spare(what):
                writer.write(text)
        finally:
            self._turn.release()

    def start_application_mode(self) -> None:
        """Start, with known colours, and watch for changes of size."""
        self._lost = True
        window: Instant | None = getattr(self._app, "window", None)
        if window is not None:
            window.stop()
            self._passed_over = OTHER_SCREEN if window.modes is not None else ""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._passed_over = ""
        if self._writer_thread is None:
            return
        self.write("\x1b[m")
        if window is not None and window.modes is not None:
            self._go_on_from(window)
        canvas = getattr(self._app, "canvas", None)
        if canvas is not None:
            canvas.send = self.paint
        resized = signal.getsignal(signal.SIGWINCH)

        def on_resize(number: int, frame: FrameType | None) -> None:
            self._lost = True
            if callable(resized):
                resized(number, frame)

        signal.signal(signal.SIGWINCH, on_resize)

    def _go_on_from(self, window: Instant) -> None:
        """The picture that is shown already is the first that the model knows; what was before it is for the end."""
        self.attrs_before = window.modes
        with self._turn:
            if not window.pulled and window.size == self._get_terminal_size():
                self._thrift.shown(window.seen.decode())

    def process_message(self, message: Message) -> None:
        """A terminal that tells its size itself does so here."""
        if isinstance(message, events.Resize):
            self._lost = True
        super().process_message(message)
