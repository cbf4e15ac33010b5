"""Whether anything in the notes folder has changed since it was looked through: one look at each month.

Quick to import: see `quick`. What to do where something has, `scan` and `refresh` know.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # see `i18n`
if TYPE_CHECKING:
    import sqlite3

TOMBSTONE = ".erased"
"""As in `notes.files`, which brings much along."""
_ENDINGS = (".md", ".md.age", TOMBSTONE)
_OPEN_ENDED = """
SELECT EXISTS (SELECT 1 FROM files WHERE fault IS NOT NULL)
OR EXISTS (SELECT 1 FROM files WHERE name GLOB '*.age') OR EXISTS (SELECT 1 FROM meta WHERE key = 'scrub')
"""
"""What each refresh looks at anew, whatever the folders say."""


def unchanged(connection: sqlite3.Connection, root: str, *, shared: bool) -> bool:
    """Whether a refresh would have nothing to do and nothing to say. Raises sqlite3.Error.

    `shared`: a folder that is away is no folder without notes.
    """
    if connection.execute(_OPEN_ENDED).fetchone()[0]:
        return False
    known = dict(connection.execute("SELECT name, mtime FROM folders"))
    try:
        return _months(root) == known
    except FileNotFoundError:
        return not (shared or known)
    except OSError:
        return False


def is_note_name(name: str) -> bool:
    """Whether a name is that of a note or a tombstone; hidden ones are what a program is just writing."""
    return name.endswith(_ENDINGS) and not name.startswith((".", "~"))


def is_year(name: str) -> bool:
    """Whether a folder with this name holds months."""
    return len(name) == 4 and _is_number(name)


def is_month(name: str) -> bool:
    """Whether a folder of a year with this name holds notes."""
    return len(name) == 2 and _is_number(name)


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal()


def _months(root: str) -> dict[str, int] | None:
    """When each month last changed (ns); None where something lies where no note can be. Raises OSError."""
    found: dict[str, int] = {}
    with os.scandir(root) as years:
        for year in years:
            if is_year(year.name) and year.is_dir(follow_symlinks=False):
                with os.scandir(year.path) as months:
                    for month in months:
                        if is_month(month.name) and month.is_dir(follow_symlinks=False):
                            found[f"{year.name}/{month.name}"] = month.stat(follow_symlinks=False).st_mtime_ns
                        elif is_month(month.name) or is_note_name(month.name):
                            return None
            elif is_year(year.name) or is_note_name(year.name):
                return None
    return found
