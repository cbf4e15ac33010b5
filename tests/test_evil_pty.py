"""What does harm where it is more than text, pasted into a real terminal and given to a real program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no pty", allow_module_level=True)

from evil import MARKUP, STEERING, assert_harmless, assert_harmless_screen
from terminal import Terminal, terminals

from deescalate_tui import catalogues
from deescalate_tui.errors import Exit
from deescalate_tui.notes.parse import parse

window = pytest.fixture(name="window")(terminals)
MARK = "Messbecher"
READY = catalogues.load("de")("key.emergency")
PASTED = " ".join(text.replace("\x1b", "\x1b\x1b", 1) if place == 0 else text for place, text in enumerate(STEERING))
PASTE = "\x1b[200~{}\x1b[201~"


def test_pasted_into_a_line_it_is_text(window: Callable[..., Terminal], home: Path):
    it = window("guide", "aggressive", "--lang", "de", "--country", "DE", "--ticket", f"\x9b31m{STEERING[2]}{MARK}")
    it.see(READY)
    for key in "qna":
        it.type(key).settle()
        it.type(PASTE.format(f"{MARK}{key} {PASTED} {' '.join(MARKUP)}")).settle()
        it.type("\r").settle()
    it.type("\x11")
    assert it.end() == Exit.OK
    assert_harmless_screen(it.raw, [MARK, "Titel", "evil.example"])
    (journal,) = (home / "deescalate" / "sessions").glob("*.journal")
    written = journal.read_bytes()
    assert all(f"{MARK}{key}".encode() in written for key in "qna")
    assert_harmless(written)


def test_bytes_as_an_argument_and_on_standard_input(home: Path):
    """A ticket and lines that are no UTF-8: raw C1, broken sequences."""
    raw = b"\x9b31m\x1b]0;x\x07 \xff\xfe " + MARK.encode()
    done = subprocess.run(
        [sys.executable, "-m", "deescalate_tui", "guide", "rude", "--plain", "--country", "NO", "--ticket", raw],
        env={**os.environ, "LC_ALL": "de_DE.UTF-8"},
        input=b"q " + raw + b"\nn " + raw + b"\n\xff\xfe\n" + b"x\na\na\n" * 30,
        capture_output=True,
        check=False,
    )
    assert done.returncode == Exit.OK, done.stderr
    assert_harmless(done.stdout + done.stderr)
    (path,) = (home / "deescalate" / "notes").rglob("*.md")
    assert_harmless(path.read_bytes())
    note = parse(path.read_text(encoding="utf-8"))
    assert all(MARK in text for text in (note.ticket, note.quotes[0].text, note.remarks[0].text, done.stdout.decode()))
