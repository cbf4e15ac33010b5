"""Where everything lies: the five folders, found from the environment. Nothing here makes or opens one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from deescalate_tui.errors import UsageFault

APP = "deescalate"
HOME, NOTES, SITE = "DEESCALATE_HOME", "DEESCALATE_NOTES", "DEESCALATE_SITE"
SETTINGS_FILE = "settings.yaml"
CHECKLISTS = "checklists"
"""The folder of content in the config folder and in the site's."""


class Paths(NamedTuple):
    """The folders of one agent, and the one the site shares. All absolute; none need exist.

    A tuple, because the command line asks for them before anything else, and msgspec doubles the time of `--help`.
    """

    config: Path
    """The agent's `settings.yaml` and own checklists."""
    notes: Path
    """Finished notes; may be a team drive."""
    sessions: Path
    """Journals of unfinished sessions; belongs on a local disk."""
    state: Path
    """What the program remembers for itself, such as the random alias."""
    site: Path | None
    """What the site gives to everybody, or None where there is no such folder."""


def locate(environ: Mapping[str, str]) -> Paths:
    """The folders that the environment names; an empty variable counts as absent.

    `DEESCALATE_HOME` is complete in itself: under it a site folder holds only where `DEESCALATE_SITE`
    names one. Raises UsageFault where a variable starts with a `~` that leads nowhere, or is relative to a folder that
    is gone.
    """
    home = _folder(environ, HOME)
    paths = _below(home) if home else _of_platform()
    notes, site = _folder(environ, NOTES), _folder(environ, SITE)
    return paths._replace(notes=notes or paths.notes, site=site or paths.site)


def full_path(text: str) -> Path | None:
    """The file or folder that a setting names, `~` and variables filled in; None where that is no full path."""
    try:
        path = Path(os.path.expandvars(text)).expanduser()
    except RuntimeError:  # a home that nobody has
        return None
    return path if path.is_absolute() else None


def _below(home: Path) -> Paths:
    return Paths(home / "config", home / "notes", home / "sessions", home / "state", site=None)


def _of_platform() -> Paths:
    # Late, because it takes 10 ms and DEESCALATE_HOME needs none of it.
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(APP, appauthor=False)
    state = dirs.user_state_path
    # On Windows anybody may make a folder in ProgramData, and so plant emergency numbers for the others.
    site = None if sys.platform == "win32" else dirs.site_config_path
    return Paths(dirs.user_config_path, dirs.user_data_path / "notes", state / "sessions", state / "state", site)


def _folder(environ: Mapping[str, str], variable: str) -> Path | None:
    value = environ.get(variable, "").strip()
    if not value:
        return None
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError as error:
        raise UsageFault(variable, "path-home", value=value) from error
    except OSError as error:
        raise UsageFault(variable, "path-relative", value=value) from error
