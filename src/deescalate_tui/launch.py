"""The command `deescalate`: the first picture, where it is a window that is opened; then the command line.

Only what that picture needs is imported before it: an agent sees the start screen in the time of a glance.
"""

from __future__ import annotations

import gc
import os
import sys

from deescalate_tui import __version__

TYPE_CHECKING = False  # see `i18n`
if TYPE_CHECKING:
    from collections.abc import Callable

SWITCH = "DEESCALATE_INSTANT"
"""The variable that, set to `off`, leaves the first picture to the screen itself."""
ODD = ("TEXTUAL_DRIVER", "TEXTUAL_COLOR_SYSTEM", "COLUMNS", "LINES")
"""Variables by which the screen may look otherwise than this window says."""
leave: Callable[[int], object] = os._exit
"""Ends the program after a quick answer: all is written, and to take Python apart takes as long as half a search."""
QUICK = (["--help"], ["-h"], ["notes"])
"""How the commands begin that can mostly be answered without the command line."""
NARROWEST, LOWEST = 20, 6
INTERRUPTED = 130
"""As in `errors`, which brings more along."""


def main() -> int:
    """Run the command line; the exit status."""
    try:
        return _main()
    except KeyboardInterrupt:  # while the command line, which says the same, is being loaded
        return INTERRUPTED


def _main() -> int:
    gc.disable()  # A start is a tenth quicker without the collector; the screen switches it on after its first picture.
    if sys.argv[1:] == ["--version"] and _said_version():
        return 0
    if sys.argv[1:2] in QUICK and sys.platform != "win32":
        from deescalate_tui.quick import answer  # late: an agent's start needs none of it

        status = answer(sys.argv[1:])
        if status is not None:
            leave(status)
            return status
    if sys.argv[1:] or not _is_common(os.environ):
        from deescalate_tui.cli.main import main as run

        return run()
    # Late, and before everything else: no other command needs it, and Windows has no termios.
    from deescalate_tui.book_file import read
    from deescalate_tui.instant import OUT, Instant

    size = os.get_terminal_size(OUT)
    window = Instant(size)
    try:
        if book := read(dict(os.environ), size):
            window.show(book)
        from deescalate_tui.cli.main import main as run

        return run(window=window)
    finally:
        window.restore()


def _said_version() -> bool:
    """Whether it could be written. Where not, the command line knows how to say why."""
    line = f"deescalate {__version__}\n".encode()
    try:
        return os.write(1, line) == len(line)
    except OSError:
        return False


def _is_common(environ: os._Environ[str]) -> bool:
    """Whether this is a window as most are: in the foreground, of a known kind, not tiny, with nothing set by hand."""
    if sys.platform == "win32" or environ.get(SWITCH) == "off" or any(environ.get(name) for name in ODD):
        return False
    if environ.get("TERM", "") in ("", "dumb", "unknown"):
        return False
    try:
        columns, lines = os.get_terminal_size(2)
        return os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp() and columns >= NARROWEST and lines >= LOWEST
    except OSError:
        return False
