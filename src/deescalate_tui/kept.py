"""What the program keeps to answer at once next time: help, and all that a list of notes needs but the notes.

As with the book of the start screen (see `book_file`), it holds as long as nothing has changed that it was made from.
It lies in the agent's own state folder and only saves time: where it is missing or odd, everything is worked out anew.
"""

from __future__ import annotations

from deescalate_tui.book_file import marked, own, place, watched_of

HELP, NOTES = "help.kept", "notes.kept"
_PART = "\0"


def read(environ: dict[str, str], name: str, shape: str = "") -> list[str] | None:
    """The texts that were kept under this name and hold now for this `shape`, such as a width; else None."""
    data = own(path) if (path := place(environ, name)) else b""
    mark, _, texts = data.partition(b"\0")
    if not texts or mark != marked(environ, [shape, __file__], watched_of(mark)):
        return None
    try:
        return texts.decode().split(_PART)
    except UnicodeDecodeError:
        return None


def keep(environ: dict[str, str], name: str, texts: list[str], watched: list[str], shape: str = "") -> None:
    """Keep texts until one of the watched files changes. Where there is no state folder yet, none is made."""
    # Late: done once, and then no more.
    from contextlib import suppress
    from pathlib import Path

    from deescalate_tui.errors import FileFault
    from deescalate_tui.files import replace_file

    path = place(environ, name)
    if path and Path(path).parent.is_dir() and not any(_PART in text for text in texts):
        data = marked(environ, [shape, __file__], watched) + b"\0" + _PART.join(texts).encode(errors="replace")
        with suppress(FileFault):
            replace_file(Path(path), data)
