"""`notes correct`: a new revision of a note, by fields or in an editor; the old one stays or goes as the site says."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from argparse import Namespace
from pathlib import Path, PurePath

from msgspec.structs import replace

from deescalate_tui import catalogues
from deescalate_tui.clean import clean
from deescalate_tui.cli_forget import forgetting
from deescalate_tui.cli_notes import named
from deescalate_tui.cli_rights import agreed, opened
from deescalate_tui.cli_streams import is_terminal, put, tell
from deescalate_tui.correction import OPTION, changes_of, revised
from deescalate_tui.entry import argument
from deescalate_tui.errors import Exit, Fault, FileFault, UsageFault
from deescalate_tui.files import private_folder
from deescalate_tui.i18n import Messages
from deescalate_tui.note import IncidentNote, note_name
from deescalate_tui.note_markdown import render
from deescalate_tui.note_parse import parse
from deescalate_tui.notes_folder import read_note, save_note
from deescalate_tui.retention import REPLACED, purge_plan
from deescalate_tui.rights import EDITED, RETENTION, erase, shelf_of
from deescalate_tui.sealed import is_sealed
from deescalate_tui.workplace import Workplace

EDITORS = ("VISUAL", "EDITOR")


def correct(found: Namespace, messages: Messages) -> int:
    """Correct one note. 1 where it is damaged: such a note cannot be corrected."""
    if not found.note:
        raise UsageFault("PATH|ID", "cli-note-missing", help="deescalate notes list")
    workplace = opened()
    key, to = workplace.settings.note_key, workplace.settings.encrypt_notes_to
    path = named(found.note, messages)
    old = _read(path, key)
    if is_sealed(path.name) and not to:
        raise FileFault(clean(str(path)), "seal-none")
    changes = _masked(changes_of(found.field), old, workplace, messages)
    text = read_note(path, key)
    note = revised(old, replace(old, **changes)) if changes else _edited(workplace.paths.state, text, old, messages)
    target = workplace.paths.notes / note_name(note)
    target = save_note(target, _text(note), note.id, shared=workplace.notes_shared, to=to)
    readable = key or not is_sealed(target.name)
    if readable and _read(target, key) != note:  # somebody else corrected it at the same time, and was first
        raise FileFault(clean(str(target)), "already-there")
    put(f"{target}\n")
    tell(messages("correct.done", revision=note.revision))
    _replace_old(workplace, note, messages)
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


def _replace_old(workplace: Workplace, note: IncidentNote, messages: Messages) -> None:
    """What was wrong goes from the index, and from the folder where the site keeps no old revisions."""
    keeps = workplace.settings.correct_keeps == "on"
    with forgetting(workplace) as forget:
        forget(note.id)
        if keeps:
            tell(messages("correct.kept"))
            return
        today = workplace.clock.now().date()
        shelf = shelf_of(workplace)
        plan = purge_plan([case for case in shelf.cases if case.id == note.id], today, today, keeps_old=False)
        for due in plan.due:
            if due.reason == REPLACED:
                erase(workplace, due, RETENTION, today, forget)
        tell(messages("correct.held" if plan.held else "correct.erased"))


def _read(path: Path, key: str = "") -> IncidentNote:
    return parse(read_note(path, key), clean(str(path)))


def _text(note: IncidentNote) -> str:
    return render(note, catalogues.load(note.language))


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
                return revised(old, _read(copy))
            except Fault as fault:
                tell(clean(messages.fault(fault)))
                if fault.key == "correct-nothing" or not agreed(messages("correct.again")):
                    raise UsageFault(old.id, "correct-left") from fault


def _run(editor: str, copy: Path) -> None:
    words = shlex.split(editor, posix=sys.platform != "win32")
    try:
        status = subprocess.run([*words, str(copy)], check=False).returncode
    except OSError as error:
        raise UsageFault(editor, "correct-no-editor") from error
    if status:
        raise UsageFault(editor, "correct-no-editor")
