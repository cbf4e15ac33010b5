"""Writing content files: into the agent's own folder of checklists, or into the one of the site."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from deescalate_tui.errors import UsageFault
from deescalate_tui.files import as_fault, create_exclusive, private_folder, replace_file
from deescalate_tui.paths import CHECKLISTS, SITE, Paths


def content_root(paths: Paths, *, site: bool) -> Path:
    """Where content of one's own lies, or the site's. Raises UsageFault where there is no site folder."""
    if not site:
        return paths.config / CHECKLISTS
    if paths.site is None or not paths.site.is_dir():
        raise UsageFault("--site", "site-none", variable=SITE)
    return paths.site / CHECKLISTS


def save_content(root: Path, relative: str, data: bytes, *, shared: bool, new: bool = False) -> Path:
    """Put a file below the root, on stable storage; where it lies then. `new` changes nothing that is there.

    What is shared can be read by all who can read the folder it comes into. Raises AlreadyThere where `new` finds
    something else, FileFault where the disk refuses.
    """
    # Many people keep their settings in a folder elsewhere, and a link to it here.
    path = Path(os.path.realpath(root)) / relative
    missing = [folder for folder in path.parents if not folder.exists()]
    private_folder(path.parent)
    (create_exclusive if new else replace_file)(path, data)
    if shared and os.name == "posix":
        with as_fault(path):
            above = missing[-1].parent if missing else path.parent
            access = stat.S_IMODE(above.stat().st_mode)
            for folder in missing:
                folder.chmod(access)
            path.chmod(access & 0o666)
    return path
