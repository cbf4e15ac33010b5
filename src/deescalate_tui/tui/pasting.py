"""What the terminal sends, read so that nothing in a pasted text is a key."""

from __future__ import annotations

from collections.abc import Iterable

from textual._xterm_parser import XTermParser
from textual.message import Message

START, END = "\x1b[200~", "\x1b[201~"
"""What a terminal sends before a pasted text and after it."""
ESCAPE = "\x1b"


class PastingParser(XTermParser):
    """Textual takes what follows an escape for keys, also in a paste: here an escape in a paste is dropped."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasting = False
        self._held = ""
        """Perhaps the beginning of `END`: what it is shows with the next characters."""
        self._tail = ""
        """The last characters outside of a paste: perhaps the beginning of `START`, which nobody waits for."""

    def feed(self, data: str) -> Iterable[Message]:
        """The events that the characters are; no characters mean the end."""
        kept = self._kept(data)
        return super().feed(kept) if kept or not data else ()

    def _kept(self, data: str) -> str:
        data, self._held = self._held + data, ""
        kept = []
        while data:
            piece, data = self._pasted(data) if self._pasting else self._typed(data)
            kept.append(piece)
        return "".join(kept)

    def _typed(self, data: str) -> tuple[str, str]:
        """What is typed up to a paste, with its mark; and the rest."""
        before, mark, _ = (self._tail + data).partition(START)
        length = len(before) + len(mark) - len(self._tail)
        self._pasting = bool(mark)
        self._tail = "" if mark else before[1 - len(START) :]
        return data[:length], data[length:]

    def _pasted(self, data: str) -> tuple[str, str]:
        """What is pasted up to the end of the paste, with its mark; and the rest."""
        text, mark, rest = data.partition(END)
        self._pasting = not mark
        if not mark:
            length = next((size for size in range(len(END) - 1, 0, -1) if text.endswith(END[:size])), 0)
            text, self._held = text[: len(text) - length], text[len(text) - length :]
        return text.replace(ESCAPE, "") + mark, rest
