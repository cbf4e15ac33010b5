"""`notes correct`: a new revision of a note, by fields or in an editor; the old one stays or goes as the site says."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from argparse import Namespace
from pathlib import Path, PurePath

from msgspec.structs import replace

from deescalate_tui.call.entry import argument
from deescalate_tui.clean import clean
from deescalate_tui.cli.notes import named
from deescalate_tui.cli.progress import Bar
from deescalate_tui.cli.rights import agreed, opened
from deescalate_tui.errors import Exit, Fault, UsageFault
from deescalate_tui.files import private_folder
from deescalate_tui.i18n import Messages
from deescalate_tui.notes.correction import OPTION, changes_of, revised
from deescalate_tui.notes.folder import read_note
from deescalate_tui.notes.note import IncidentNote, note_name
from deescalate_tui.notes.parse import parse
from deescalate_tui.notes.revision import revisable, write_revision
from deescalate_tui.notes.rights import EDITED
from deescalate_tui.own_program import words_of
from deescalate_tui.streams import is_terminal, put, tell
from deescalate_tui.workplace import Workplace

EDITORS = ("VISUAL", "EDITOR")


def correct(found: Namespace, messages: Messages) -> int:
    """Correct one note. 1 where it is damaged: such a note cannot be corrected."""
    if not found.note:
        raise UsageFault("TICKET|ID|PATH", "correct-what", help="deescalate notes list")
    workplace = opened()
    path = named(found.note, messages)
    text, old = revisable(workplace, path)
    changes = _masked(changes_of(found.field), old, workplace, messages)
    note = revised(old, replace(old, **changes)) if changes else _edited(workplace.paths.state, text, old, messages)
    with Bar() as bar:
        written = write_revision(workplace, note, progress=bar)
    put(f"{written.path}\n")
    tell(messages("correct.done", revision=note.revision), messages(f"correct.{written.old}"))
    return Exit.OK


def _masked(changes: dict[str, str], old: IncidentNote, workplace: Workplace, messages: Messages) -> dict[str, str]:
    """The changes as they may be kept. Whoever has a reason for the words as typed writes them in the editor."""
    masks = workplace.masks(old.language)
    typed = {
        name: argument(value, old.language, old.country, masks, ticket=name == "ticket")
        for name, value in changes.items()
    }
    if kinds := dict.fromkeys(kind for it in typed.values() for kind in it.kinds):
        tell(messages("correct.masked", kinds=", ".join(messages(f"mask.{kind}") for kind in kinds)))
    return {name: it.masked for name, it in typed.items()}


def _edited(state: Path, source: str, old: IncidentNote, messages: Messages) -> IncidentNote:
    """What an editor makes of the note. Its copy lies where nobody else reads, and is gone afterwards."""
    editor = next((text for name in EDITORS if (text := os.environ.get(name, "").strip())), "")
    if not editor or not is_terminal(sys.stdin):
        raise UsageFault(OPTION, "correct-editor", help="deescalate notes correct --help")
    private_folder(state)
    with tempfile.TemporaryDirectory(prefix=f"{EDITED}{old.id}-", dir=state) as folder:
        copy = Path(folder) / PurePath(note_name(old)).name
        copy.write_bytes(source.encode())
        while True:
            _run(editor, copy)
            try:
                return revised(old, parse(read_note(copy), clean(str(copy))))
            except Fault as fault:
                tell(clean(messages.fault(fault)))
                if fault.key == "correct-nothing" or not agreed(messages("correct.again")):
                    raise UsageFault(old.id, "correct-left") from fault


def _run(editor: str, copy: Path) -> None:
    try:
        status = subprocess.run([*words_of(editor), str(copy)], check=False).returncode
    except (OSError, ValueError) as error:
        raise UsageFault(editor, "correct-no-editor") from error
    if status:
        raise UsageFault(editor, "correct-no-editor")
