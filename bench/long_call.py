"""A session of very many events: to replay, to go on with on the screen, to close with its note.

Run as a program it makes such a session in its home, and prints what replaying and closing it takes.
"""

from __future__ import annotations

import os
import sys
import time

from deescalate_tui.call import commands as cmd
from deescalate_tui.workplace import Workplace

LEVELS = (cmd.Hear(1), cmd.Hear(3), cmd.Skip(), cmd.Undo())


def make(events: int) -> Workplace:
    """An unfinished session that nobody leads, with at least so many events."""
    work = Workplace.open(os.environ, {"country": "DE"})
    live = work.start("aggressive", "de", "phone")
    while live._seq < events:
        for command in LEVELS:
            live.do(command)
    live.journal.close()
    work.leading = None
    return work


def main() -> None:
    """Make it; with `close`, replay it and close it too, and print the milliseconds of both."""
    work = make(int(sys.argv[1]))
    (waiting,) = work.waiting()
    if sys.argv[2:] != ["close"]:
        return
    began = time.perf_counter()
    work.read_waiting(waiting.id)
    replayed = time.perf_counter()
    work.close_waiting(waiting.id)
    print((replayed - began) * 1000, (time.perf_counter() - replayed) * 1000)


if __name__ == "__main__":
    main()
