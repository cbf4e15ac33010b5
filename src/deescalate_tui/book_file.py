"""Where the book of the start screen lies, and the circumstances under which it holds: whatever its pictures show.

Read before anything else is loaded: it imports next to nothing. It answers for the look of a tenth of a second only,
because the screen itself is drawn from the content and the settings as they are.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from zlib import adler32, crc32

from deescalate_tui import __version__

TYPE_CHECKING = False  # see `i18n`
if TYPE_CHECKING:
    from deescalate_tui.book import Book

NAME = "start.pictures"
MAX_BYTES = 1_000_000
SESSION = ".journal"
"""How the name of an unfinished session ends: where there is one, the pictures of another day are no use."""
FOLDERS = ("DEESCALATE_HOME", "DEESCALATE_NOTES", "DEESCALATE_SITE")
"""The variables that name folders; `paths` brings more along."""
_SHOWN = ("DEESCALATE_", "LC_", "LANG", "TERM", "COLORTERM", "NO_COLOR", "HOME", "XDG_")
"""How the variables begin that the picture, or the place of what it shows, may depend on. Only a checksum is kept."""


def place(environ: dict[str, str], name: str = NAME) -> str:
    """Where the book lies, or another file of the state folder; empty where that is not known, and on Windows.

    `paths.locate` says the same, but has to load much for it. Nothing is kept where a folder is named by a relative
    path: it is another one in another working directory.
    """
    if sys.platform == "win32":
        return ""
    folders = [os.path.expanduser(environ.get(variable, "").strip()) for variable in FOLDERS]
    if any(folder and not os.path.isabs(folder) for folder in folders):
        return ""
    if folders[0]:
        return os.path.join(os.path.abspath(folders[0]), "state", name)
    if not sys.platform.startswith("linux"):
        return ""
    state = environ.get("XDG_STATE_HOME", "").strip() or os.path.expanduser("~/.local/state")
    return os.path.join(state, "deescalate", "state", name)


def circumstances(environ: dict[str, str], size: tuple[int, int], watched: list[str]) -> bytes:
    """What a book is marked with: program, window, day, variables, and the state of the files it was made from."""
    today = time.localtime()
    return marked(environ, [f"{size[0]}x{size[1]}", f"{today.tm_year}-{today.tm_yday}"], watched)


def marked(environ: dict[str, str], lines: list[str], watched: list[str]) -> bytes:
    """The program, what `lines` says, the variables, and the state of the files: what changes when any of it does."""
    shown = "".join(f"{name}={environ[name]}\n" for name in sorted(environ) if name.startswith(_SHOWN))
    held = shown.encode(errors="surrogateescape")
    states = (f"{path}\t{_state(path)}" for path in watched)
    text = "\n".join((__version__, *lines, f"{crc32(held)} {adler32(held)}", *states))
    return text.encode(errors="surrogateescape")


def watched_of(mark: bytes) -> list[str]:
    """The files whose state is in a mark."""
    lines = mark.decode(errors="surrogateescape").split("\n")
    return [line.rpartition("\t")[0] for line in lines if "\t" in line]


def read(environ: dict[str, str], size: tuple[int, int]) -> Book | None:
    """The book that holds now, or None."""
    path = place(environ)
    data = own(path) if path else b""
    watched = watched_of(data.partition(b"\0")[0])
    if not watched or _waiting(os.path.join(os.path.dirname(os.path.dirname(path)), "sessions")):
        return None
    from deescalate_tui.book import from_bytes  # late: most of what is kept is no book

    return from_bytes(data, circumstances(environ, size, watched))


def _waiting(folder: str) -> bool:
    """Whether a session is unfinished; a folder that cannot be read may hold one."""
    try:
        return any(name.endswith(SESSION) for name in os.listdir(folder))
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _state(path: str) -> str:
    """What changes with a file or folder."""
    try:
        found = os.stat(path)
    except OSError:
        return "-"
    return f"{found.st_mtime_ns} {found.st_size} {found.st_ino}"


def own(path: str) -> bytes:
    """The bytes of a file that nobody else can write; empty where there is none, or too many of them."""
    if sys.platform == "win32":  # `place` names none there
        return b""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    try:
        found = os.fstat(file)
        mine = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
        return os.read(file, found.st_size) if mine and found.st_size <= MAX_BYTES else b""
    except OSError:
        return b""
    finally:
        os.close(file)
