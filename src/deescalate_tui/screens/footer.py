"""The keys along the bottom: as many as fit, the least important left out first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from string import ascii_lowercase

import msgspec
from rich.cells import cell_len

from deescalate_tui.call.keys import ACTIONS, Keymap
from deescalate_tui.i18n import Messages
from deescalate_tui.screens.rows import Row, Span, clip, link, span

ALL_LEVELS = "levels"
"""What the hint for all levels presses: it shows them."""
LINE_KEYS = {"enter": "enter", "esc": "escape"}
"""Keys as hints name them, whatever the language."""
DOT = " · "
ALWAYS = ("emergency",)
"""What can be done, and has to be offered, while a line is open."""


class Hint(msgspec.Struct, frozen=True):
    """A key and what it does, in a word or two."""

    key: str
    label: str
    rank: int
    press: str = ""
    """What a click on it presses, if it can be clicked."""
    typing: str = ""
    """The key that does it even while letters are text, if there is one."""


def session_hints(keymap: Keymap, messages: Messages) -> tuple[Hint, ...]:
    """The keys of the session in the order of their declaration; the five levels are one hint."""
    names = keymap.names(key_names(messages))
    hints = []
    for action in ACTIONS:
        if action.id == "level0":
            levels = f"{names['key_level0']}–{names['key_level4']}"
            hints.append(Hint(levels, messages("key.level"), action.rank, ALL_LEVELS))
        elif not action.id.startswith("level"):
            key, label = names[f"key_{action.id}"], messages(f"key.{action.id}")
            keys = keymap.keys[action.id]
            typing = next((each for each in keys if len(each) > 1), "") if action.id in ALWAYS else ""
            hints.append(Hint(key, label, action.rank, keys[0], typing))
    return tuple(hints)


def key_names(messages: Messages) -> dict[str, str]:
    """Words or signs for keys that have no letter of their own; the others as they stand on the keyboard."""
    named = {name: messages(f"keyname.{name}") for name in ("space", "enter", "up", "down", "escape")}
    control = {f"ctrl+{letter}": f"{messages('keyname.ctrl')}+{letter.upper()}" for letter in ascii_lowercase}
    return {**named, **control, **{f"f{number}": f"F{number}" for number in range(1, 25)}}


@lru_cache(maxsize=32)
def footer(hints: tuple[Hint, ...], width: int) -> Row:
    """One row. The order stays; what has the highest rank goes first."""
    kept = list(hints)
    total = sum(map(_cells, kept)) - 1
    while len(kept) > 1 and total > width:
        dropped = max(kept, key=lambda hint: hint.rank)
        kept.remove(dropped)
        total -= _cells(dropped)
    spans: list[Span] = []
    for hint in kept:
        key, label = (link(style, hint.press) if hint.press else style for style in ("key", "dim"))
        spans += [span("  " if spans else " "), span(hint.key, key), span(f" {hint.label}", label)]
    return clip(tuple(spans), width)


def hinted(text: str, style: str, keys: Mapping[str, str] = LINE_KEYS) -> Row:
    """Hints with dots between them; what names one of the keys can be clicked."""
    spans: list[Span] = []
    for part in text.split(DOT):
        words = part.casefold().replace(":", " ").split()
        pressed = next((key for name, key in keys.items() if name.casefold() in words), "")
        spans += [span(DOT, style)] if spans else []
        spans.append(span(part, link(style, pressed) if pressed else style))
    return tuple(spans)


def while_open(text: str, hints: Sequence[Hint]) -> Row:
    """What is said of the keys of a question; after it, what else is a key although letters are text."""
    always = [hint for hint in hints if hint.typing]
    words = DOT.join((text, *(f"{hint.typing.upper()} {hint.label}" for hint in always)))
    return hinted(words, "dim", {**LINE_KEYS, **{hint.typing: hint.typing for hint in always}})


def _cells(hint: Hint) -> int:
    """A hint with the blanks before and within it; the first one has one less."""
    return cell_len(hint.key) + cell_len(hint.label) + 3
