"""Styles and cells of a terminal: what an SGR sequence does, how many places a letter takes. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category, east_asian_width

from rich.cells import cell_len

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27", "9": "29"}
SEEN = frozenset("479")
"""Underlined, reversed and struck out: a blank shows these."""


class Style:
    """Flags and colours, as the codes that set them. Made by `styled`, so that the same style is the same object."""

    __slots__ = ("back", "flags", "fore")

    def __init__(self, flags: frozenset[str], fore: str, back: str) -> None:
        self.flags, self.fore, self.back = flags, fore, back


@lru_cache(maxsize=1024)
def styled(flags: frozenset[str], fore: str, back: str) -> Style:
    """A style by its parts."""
    return Style(flags, fore, back)


PLAIN = styled(frozenset(), "", "")


class Cell(NamedTuple):
    """What one place of the screen shows. A blank has only the style that can be seen on it."""

    char: str
    style: Style
    loose: bool
    """Some terminals give it two places, so that the rest of its row stands further right."""


UNKNOWN = Cell("\0", PLAIN, False)
"""Nobody knows what is shown."""


@lru_cache(maxsize=1024)
def half(cell: Cell) -> Cell:
    """The second place of a letter that takes two."""
    return Cell("", cell.style, False)


@lru_cache(maxsize=1024)
def restyled(style: Style | None, codes: str) -> Style | None:
    """The style after an SGR sequence. None is one of which nothing is known."""
    known = style is not None
    base = style or PLAIN
    flags, fore, back = base.flags, base.fore, base.back
    left = codes.split(";")[::-1]
    while left:
        code = left.pop()
        if code in ("", "0"):
            known, flags, fore, back = True, frozenset(), "", ""
        elif code in _OFF:
            flags |= {code}
        elif code in _OFF.values():
            flags -= {flag for flag, off in _OFF.items() if off == code}
        elif code in ("38", "48"):
            wanted = {"5": 2, "2": 4}.get(left[-1] if left else "", 0)
            numbers = [left.pop() for _ in range(min(wanted, len(left)))]
            if not wanted or len(numbers) < wanted or not all(number and int(number) < 256 for number in numbers):
                return None
            colour = ";".join((code, *numbers))
            fore, back = (colour, back) if code == "38" else (fore, colour)
        elif re.fullmatch("3[0-79]|9[0-7]", code):
            fore = "" if code == "39" else code
        elif re.fullmatch("4[0-79]|10[0-7]", code):
            back = "" if code == "49" else code
        else:
            return None
    return styled(flags, fore, back) if known else None


@lru_cache(maxsize=1024)
def change(old: Style | None, new: Style) -> str:
    """The shortest SGR sequence from one style to another."""
    if old is new:
        return ""
    whole = ";".join(filter(None, ("0", *sorted(new.flags), new.fore, new.back))) if new is not PLAIN else ""
    if old is None:
        return f"\x1b[{whole}m"
    off = {_OFF[flag] for flag in old.flags - new.flags}
    parts = [*sorted(off), *sorted(flag for flag in new.flags if flag not in old.flags or _OFF[flag] in off)]
    if new.fore != old.fore:
        parts.append(new.fore or "39")
    if new.back != old.back:
        parts.append(new.back or "49")
    return f"\x1b[{min(whole, ';'.join(parts), key=len)}m"


@lru_cache(maxsize=1024)
def blank(style: Style) -> Cell:
    """The blank of a style; styles that look the same on it have the same."""
    seen = style.flags & SEEN
    shown = styled(seen, style.fore if seen else "", style.back)
    return Cell(" ", style, False) if shown is style else blank(shown)


@lru_cache(maxsize=1024)
def under(pen: Style | None, space: Style) -> Style:
    """The style to write a blank in: of the pen, whatever cannot be seen on it."""
    if pen is None or space.flags:
        return space
    return styled(pen.flags - SEEN, pen.fore, space.back)


_NO_EMOJI = "✓✗"
"""Among the signs that some terminals draw as wide pictures, these are none: they have no such picture."""


def doubt(char: str) -> int:
    """0: one place in every terminal. 1: one place, in some terminals two. 2: anything may happen."""
    code = ord(char)
    common = code < 0x530 or 0x1E00 <= code < 0x2C00
    if not common or cell_len(char) != 1 or category(char) in {"Mn", "Me", "Cf", "Cn", "Zl", "Zp"}:
        return 2
    return int(east_asian_width(char) == "A" or (0x2600 <= code < 0x27C0 and char not in _NO_EMOJI))


class Font(dict[str, Cell]):
    """The cells of all letters in one style; UNKNOWN for a letter whose width is in doubt."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self[" "] = blank(style)

    def __missing__(self, char: str) -> Cell:
        places = doubt(char)
        cell = self[char] = Cell(char, self._style, places == 1) if places < 2 else UNKNOWN
        return cell


@lru_cache(maxsize=64)
def font(style: Style) -> Font:
    """The font of a style."""
    return Font(style)
