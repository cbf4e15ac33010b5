"""The start screen in the first moment: drawn and turned by hand, while the screen itself is still being loaded.

The main thread loads; another one reads keys and turns the pages of the book. Whatever was typed is then given to the
screen, which does with it what it always does: the pictures only show beforehand what comes of it. The first key that
turns no page ends the turning; it and all that follow wait for the screen.
"""

from __future__ import annotations

# Not `signal`: that is `_signal` with names for the numbers, and loads `enum` for them, a tenth of the first picture.
import _signal as signal  # type: ignore[import-not-found]
import os
import select
import sys
import termios
from contextlib import suppress
from functools import partial
from threading import Lock, Thread
from types import FrameType

from deescalate_tui.book import Book

ENTER, LEAVE = b"\x1b[?1049h\x1b[?25l", b"\x1b[?1049l\x1b[?25h"
"""To the other screen, without a cursor, and back."""
TAIL_S = 0.03
"""So long the rest of a key may take to come that was sent as several bytes."""
TURN_S = 0.0005
"""So soon the loading thread gives way to a key; Python's own rule is ten times that."""
ENDINGS = {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130}
IN, OUT = 0, 2
"""The screen is drawn on standard error, as Textual does it."""


class Instant:
    """A window on which the first picture can be shown. `restore` leaves it as it was, whatever happened."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.modes: list[object] | None = None
        """Of the terminal before; None until something is shown."""
        self.seen = b""
        """The picture that is on the screen."""
        self.pulled = False
        """Somebody has changed the size since, perhaps back again: what is on the screen is not known any more."""
        self._book = Book([b""], [], [[]])
        self._typed = b""
        self._turning = False
        self._lock = Lock()
        self._wake: tuple[int, int] | None = None
        self._reader = Thread(target=self._read, name="instant", daemon=True)
        self._interval = sys.getswitchinterval()

    def begins_with(self, picture: bytes) -> bool:
        """Whether this is the picture that was shown first."""
        return self._book.pictures[0] == picture

    def show(self, book: Book) -> None:
        """Show the book where the keys that were typed so far have led to, and go on turning its pages."""
        with self._lock, suppress(OSError):  # a window that was closed sends a signal as well
            self._book = book
            if self.modes is None:
                self._open()
            self._turn()

    def stop(self) -> bytes:
        """Turn no more pages; all that was typed until now. The terminal stays as it is, for the screen to go on."""
        if self._wake is None:
            return self._typed
        os.write(self._wake[1], b".")
        self._reader.join()
        for end in self._wake:
            os.close(end)
        self._wake = None
        sys.setswitchinterval(self._interval)
        while self._is_half() and select.select([IN], [], [], TAIL_S)[0] and (more := os.read(IN, 1)):
            self._typed += more
        return self._typed

    def given(self) -> None:
        """The screen answers for the terminal from now on."""
        self.modes = None

    def restore(self) -> None:
        """Give the terminal back as it was, unless the screen has taken it over."""
        with suppress(OSError):
            self.stop()
        self._give_back()

    def _give_back(self) -> None:
        if self.modes is None:
            return
        with suppress(OSError):
            os.write(OUT, LEAVE)
        with suppress(termios.error):
            termios.tcsetattr(IN, termios.TCSANOW, self.modes)  # type: ignore[arg-type]
        self.given()

    def _open(self) -> None:
        self.modes = list(termios.tcgetattr(IN))
        for name, status in ENDINGS.items():
            signal.signal(getattr(signal, name), partial(self._end, status))
        signal.signal(signal.SIGWINCH, self._pull)
        iflag, oflag, cflag, lflag, ispeed, ospeed, chars = termios.tcgetattr(IN)
        # As Textual sets them: a key arrives at once, as it is, and nothing but the picture is shown.
        iflag &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
        lflag &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        termios.tcsetattr(IN, termios.TCSANOW, [iflag, oflag, cflag, lflag, ispeed, ospeed, chars])
        self._wake = os.pipe()
        self._turning = True
        sys.setswitchinterval(TURN_S)
        self._reader.start()

    def _pull(self, _: int, __: FrameType | None) -> None:
        self.pulled = True

    def _end(self, status: int, _: int, __: FrameType | None) -> None:
        """A signal ends the program at once while it is being loaded: nothing is open yet, and an exception does harm.

        msgspec, whose import it may break off, goes on without a part of itself, and crashes.
        """
        if self._wake is None:
            raise SystemExit(status)
        self._lock.acquire(timeout=TAIL_S)  # for good: no picture comes after the end
        self._give_back()
        os._exit(status)

    def _read(self) -> None:
        assert self._wake is not None
        ear = self._wake[0]
        with suppress(OSError):
            while self._turning and ear not in (ready := select.select([IN, ear], [], [])[0]):
                typed = os.read(IN, 1024) if ready else b""
                with self._lock:
                    self._typed += typed
                    self._turn()
                    self._turning = bool(typed) and self._turning

    def _turn(self) -> None:
        """Show where the keys lead to."""
        at, done = self._book.read(self._typed)
        self._turning = self._turning and self._book.awaits(self._typed[done:])
        picture = self._book.pictures[at]
        if picture != self.seen and not self.pulled and os.get_terminal_size(OUT) == self.size:
            _write(picture if self.seen else ENTER + picture)
            self.seen = picture

    def _is_half(self) -> bool:
        """Whether what was typed last is the beginning of a key, or of a letter in UTF-8."""
        last = self._typed[self._typed.rfind(b"\x1b") :] if b"\x1b" in self._typed else b"."
        begun = last[:1] == b"\x1b" and last[1:2] in (b"", b"[", b"O")
        return (begun and not any(0x40 <= byte < 0x7F for byte in last[2:])) or _breaks_off(self._typed[-4:])


def _breaks_off(tail: bytes) -> bool:
    """Whether UTF-8 breaks off here."""
    try:
        tail.lstrip(bytes(range(0x80, 0xC0))).decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(OUT, data) :]
