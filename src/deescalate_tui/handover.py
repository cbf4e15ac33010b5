"""The hand-over line on its way to the ticket: to the clipboard, and to a file.

No program learns whether the terminal took what was sent to the clipboard, so the file is always there too, as long
as the note is on the screen: it is for one reader, and not to be forgotten.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from deescalate_tui.errors import FileFault
from deescalate_tui.files import DISK, Ops, private_folder, remove_temps, replace_file

NAME = "handover.txt"
_SCREEN_PIECE = 76
"""Characters. GNU screen prints as text what is longer than its buffer."""


def keep(folder: Path, text: str, ops: Ops = DISK) -> Path:
    """Put the line into its file, which only the owner reads, in place of an earlier one. Raises FileFault."""
    private_folder(folder, ops)
    path = folder / NAME
    replace_file(path, f"{text}\n".encode(), ops=ops)
    return path


def remove(folder: Path, ops: Ops = DISK) -> None:
    """Remove the file, and what a program that was killed left of it. What cannot be removed now is tried again."""
    path = folder / NAME
    with suppress(FileFault):
        remove_temps(path, ops)
    with suppress(OSError):
        ops.unlink(path)


def clipboard(text: str, environ: Mapping[str, str]) -> str:
    """What asks the terminal to put the text on the clipboard: OSC 52, wrapped for tmux or GNU screen to pass it on."""
    code = f"\x1b]52;c;{b2a_base64(text.encode(), newline=False).decode()}\x07"
    if environ.get("TMUX"):
        # tmux takes the first where `set-clipboard` is on, and passes on the second where `allow-passthrough` is.
        return code + "\x1bPtmux;" + code.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environ.get("STY"):
        pieces = (code[at : at + _SCREEN_PIECE] for at in range(0, len(code), _SCREEN_PIECE))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return code
