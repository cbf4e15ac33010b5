"""The small grammar of a note's body, each rule with its inverse: reading gives back what was written.

- Typed words stand alone on a quoted line; `escaped` keeps Markdown from reading anything into them.
- A list or a block that programs read comes right after a marker, a comment that Markdown hides: the name of the
  section and the ids of its lines in order, or how many lines there are.
- Times are clock times of the place; `+1` after one means the day after the start. The timeline counts from the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from deescalate_tui.clean import hostile

DAY = 24 * 60 * 60
CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[+][0-9]{1,6})?"
"""A clock time, as a regular expression without groups."""

_MARKUP = re.compile(
    r"""
      [\\`\[]                        # escapes, code, links
    | [*~](?![ ]) | (?<![ ])[*~]     # emphasis: free only between spaces
    | _(?![^\W_]) | (?<![^\W_])_     # and this inside a word
    | <(?=[A-Za-z/!?])               # HTML
    | &(?=\#?[0-9A-Za-z]+;)          # character references
    | ^(?:[#>]|[-+](?=[ -]|$))       # headings, quotes, lists, rules
    | ^[0-9]{1,9}(?=[.)](?:[ ]|$))   # numbered lists
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)|&#([0-9]{1,7});")
_MARKER = re.compile(r"<!-- ([a-z]+)((?: [^\s>]+)*) -->")
_TIME = re.compile(r"(?:([0-9]{1,6}):)?([0-5][0-9]):([0-5][0-9])")
_ID = re.compile(r"[A-Za-z0-9._/-]+")
_EMPTY = "%"


def escaped(text: str) -> str:
    """Words as Markdown that shows just them, on one line, whatever they hold. Ordinary sentences stay as they are."""
    text = _MARKUP.sub(_backslash, text)
    for code in {10} | {code for _, code in hostile(text)}:
        text = text.replace(chr(code), f"&#{code};")
    if text[:1].isspace():
        text = f"&#{ord(text[0])};{text[1:]}"
    return f"{text[:-1]}&#{ord(text[-1])};" if text[-1:].isspace() else text


def _backslash(found: re.Match[str]) -> str:
    """Before the character; after a number, where the dot is what makes a list of it."""
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def unescaped(text: str) -> str:
    """The words that `escaped` made this of."""
    return _ESCAPE.sub(_character, text) if "\\" in text or "&" in text else text


def _character(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    code = int(found[2])
    return found[0] if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


def token(text: str) -> str:
    """An id as one word that cannot end a comment or a code block; an ordinary id is its own token."""
    return text if _ID.fullmatch(text) else quote(text, safe="/") or _EMPTY


def untoken(text: str) -> str:
    """The id of a token."""
    return unquote(text) if text != _EMPTY else ""


def marker(name: str, ids: Iterable[str]) -> str:
    """The comment above the lines of a section."""
    return f"<!-- {' '.join((name, *ids))} -->"


def read_marker(line: str) -> tuple[str, list[str]] | None:
    """The name and the words of a marker, or None where the line is none."""
    found = _MARKER.fullmatch(line)
    return (found[1], found[2].split()) if found else None


def clock(midnight: int, at: int) -> str:
    """The clock time `at` seconds after a start that lay `midnight` seconds after the day began."""
    days, second = divmod(midnight + at, DAY)
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" + (f"+{days}" if days else "")


def read_clock(midnight: int, text: str) -> int:
    """The seconds since the start. Raises ValueError for a time before it."""
    time, _, days = text.partition("+")
    hours, minutes, seconds = time.split(":")
    at = int(days or 0) * DAY + int(hours) * 3600 + int(minutes) * 60 + int(seconds) - midnight
    if at < 0:
        raise ValueError(text)
    return at


def read_offset(text: str) -> int:
    """The seconds of a time that `dates.format_duration` wrote. Raises ValueError where it is none."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])
