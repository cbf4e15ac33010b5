"""The driver that the screen runs on: thrifty with what it sends, patient with what the terminal does."""

from __future__ import annotations

import io
import os
import shutil
from codecs import getincrementaldecoder
from contextlib import suppress
from errno import EIO
from selectors import EVENT_READ, SelectSelector
from typing import TYPE_CHECKING, Any, TextIO, cast

from deescalate_tui.streams import TERMINAL
from deescalate_tui.tui.pasting import PastingParser
from deescalate_tui.tui.thrifty import ThriftyDriver

if TYPE_CHECKING:
    from textual.app import App

CHUNK = 4096
"""Bytes read at once."""
WAIT_S = 0.1
"""So long for input, before it is seen whether the program ends."""


class PatientDriver(ThriftyDriver):
    """A byte that is no UTF-8 ends no call, and a window that is closed leaves no program behind."""

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None):
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is None or not self._file.isatty():
            # A program has taken standard error too: what it reads there is talk, no screen.
            self._file = io.TextIOWrapper(io.FileIO(TERMINAL, "w"), encoding="utf-8")
        self._file = cast("Any", _Lasting(self._file))

    def _get_terminal_size(self) -> tuple[int, int]:
        """Of the terminal that is drawn on: Textual asks standard output, which may be a pipe."""
        try:
            own = os.get_terminal_size(self._file.fileno() if self._file is not None else -1)
        except (OSError, ValueError):
            return super()._get_terminal_size()
        found = shutil.get_terminal_size(own if all(own) else (80, 24))
        return found.columns, found.lines

    def _enable_mouse_support(self) -> None:
        """Ask for clicks and the wheel, in cells; not for each movement of the pointer."""
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1006h")

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1006l\x1b[?1000l")

    def _query_in_band_window_resize(self) -> None:
        """Not with a mouse: once sizes are told in band, Textual takes cells for pixels. The signal tells them too."""
        if not self._mouse:
            super()._query_in_band_window_resize()

    def run_input_thread(self) -> None:
        """Read keys; what cannot be decoded becomes a replacement character, what came with it is kept."""
        parser = PastingParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        try:
            with SelectSelector() as selector:
                selector.register(self.fileno, EVENT_READ)
                while not self.exit_event.is_set():
                    text = "".join(decode(self._read()) for _ in selector.select(WAIT_S))
                    for event in (*(parser.feed(text) if text else ()), *parser.tick()):
                        self.process_message(event)
        except OSError:
            raise  # the window is as good as closed
        except Exception as error:  # noqa: BLE001 - it is reported where the program ends; Textual would drop it
            self._app.call_later(self._app._handle_exception, error)

    def _read(self) -> bytes:
        """What was typed. Raises OSError where the terminal has gone: without a signal, an end is all that tells so."""
        typed = os.read(self.fileno, CHUNK)
        if not typed:
            raise OSError(EIO, os.strerror(EIO))
        return typed

    def _sigcont_application(self, *_: Any) -> None:
        """Go on only after a suspension: a closed window sends this signal too, and would start threads without end."""
        if self._must_signal_resume:
            super()._sigcont_application()


class _Lasting:
    """A stream that outlasts its terminal: what is written to a closed window goes nowhere, and is no error."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.fileno = stream.fileno

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()
