"""Keeping what `quick` answers with. Only who has the whole program loaded can make it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from deescalate_tui import catalogues, kept
from deescalate_tui.errors import UsageFault
from deescalate_tui.paths import NOTES, SETTINGS_FILE, locate

if TYPE_CHECKING:
    from deescalate_tui.archive.archive import Archive
    from deescalate_tui.i18n import Messages

SAID = ("note.type.", "outcome.", "column.", "cli.no-notes", "cli.nothing-found", "cli.notes-shown")
"""How the sentences begin that a list may say."""


def keep_help(text: str, width: int, messages: Messages) -> None:
    """Keep the help of the program for a terminal of this width."""
    kept.keep(dict(os.environ), kept.HELP, [text], _watched(messages), str(width))


def keep_notes(archive: Archive, messages: Messages) -> None:
    """Keep what a list of this archive needs beside the index, unless that has been done."""
    environ = dict(os.environ)
    if kept.read(environ, kept.NOTES) is not None:
        return
    from deescalate_tui.archive import folding, schema  # late: help needs no archive

    shared = "shared" if environ.get(NOTES, "").strip() else ""
    where = [str(archive.notes), shared, str(archive.index), str([schema.APPLICATION, schema.VERSION])]
    made = [str(module.__file__) for module in (schema, folding)]
    said = [part for pair in sorted(messages.those(SAID).items()) for part in pair]
    kept.keep(environ, kept.NOTES, [messages.language, *where, *said], [*_watched(messages), *made])


def _watched(messages: Messages) -> list[str]:
    """The files that say how the program speaks here, and in which language."""
    here = Path(__file__).parent
    program = [Path(catalogues.__file__), here / "locales" / f"{messages.language}.json", here / "cli" / "parser.py"]
    try:
        paths = locate(os.environ)
    except UsageFault:  # the next command says it
        return [str(path) for path in program]
    settings = [folder / SETTINGS_FILE for folder in (paths.config, paths.site) if folder]
    return [str(path) for path in (*program, *settings)]
