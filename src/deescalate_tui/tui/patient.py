"""The driver that the screen runs on: thrifty with what it sends, patient with what it reads."""

from __future__ import annotations

from textual._xterm_parser import XTermParser

from deescalate_tui.tui.thrifty import ThriftyDriver


class PatientDriver(ThriftyDriver):
    """A byte that is no UTF-8 - a terminal in another encoding, a torn paste - ends no call."""

    def run_input_thread(self) -> None:
        """Read keys; what cannot be decoded becomes a replacement character, what came with it is kept."""
        while not self.exit_event.is_set():
            try:
                super().run_input_thread()
            except UnicodeDecodeError as error:
                for event in XTermParser().feed(error.object.decode(errors="replace")):
                    self.process_message(event)
