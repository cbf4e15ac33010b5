"""Which characters may enter: what is typed is cleaned, what stands in a file is refused.

Control characters steer a terminal, bidi controls and invisible characters make a text read
otherwise than it is stored. Every entrance of text uses these rules; nothing here touches a disk.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

LIMIT = 4_000
"""Characters kept of one typed text where the caller sets no limit of its own."""

_INVISIBLE = (
    "\x7f-\x9f"  # DEL and C1
    "\u00ad"  # soft hyphen
    "\u061c"  # Arabic letter mark, a bidi control
    "\u180e"  # Mongolian vowel separator
    "\u200b-\u200f"  # zero-width characters and marks
    "\u202a-\u202e"  # bidi embeddings and overrides
    "\u2060-\u2069"  # word joiner, invisible operators, bidi isolates
    "\ud800-\udfff"  # lone surrogates, which no UTF-8 file can hold
    "\ufeff"  # byte order mark
    "\ufff0-\ufffb"  # marks of annotations
    "\ufffe\uffff"  # no characters at all
    "\U000e0000-\U000e0fff"  # tag characters and their like, variants of letters among them
)
_DROPPED = "\x00-\x08\x0b-\x1f"
_HOSTILE = "\x00-\x09\x0b-\x1f\u2028\u2029"
_STEERING = "\x00-\x08\x0b-\x1f\u2028\u2029"
_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
_SPACING = re.compile("[\n\t]")


@cache
def _any_of(signs: str) -> re.Pattern[str]:
    """One of these signs or of the invisible ones. Compiled late: it takes 2 ms, and a start needs none of them."""
    return re.compile(f"[{signs}{_INVISIBLE}]")


def clean(text: str, limit: int = LIMIT, *, lines: bool = False) -> str:
    """What is kept of a text that was typed, pasted or given as an argument.

    Line ends and tabs become spaces, unless `lines` keeps them. The rest is in NFC, visible, and
    at most `limit` characters; cleaning it again changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text[:limit]
    text = _LINE_END.sub("\n", text)
    if not lines:
        text = _SPACING.sub(" ", text)
    return unicodedata.normalize("NFC", _any_of(_DROPPED).sub("", text))[:limit]


def hostile(text: str) -> list[tuple[int, int]]:
    """The index and code point of every character that a content file must not hold.

    Only the line feed is allowed among the control characters: a tab is not.
    """
    return [(found.start(), ord(found.group())) for found in _any_of(_HOSTILE).finditer(text)]


def steerless(text: str, instead: str = "\ufffd") -> str:
    """The text as it may be printed: what would steer a terminal is replaced; our own tabs and line feeds stay."""
    return _any_of(_STEERING).sub(instead, text)


def escaped_json(text: str) -> str:
    """JSON in which every hostile character of its texts stands as an escape: it says the same, and steers nothing."""
    for code in {code for _, code in hostile(text)}:
        units = chr(code).encode("utf-16-be", "surrogatepass").hex()
        text = text.replace(chr(code), "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4)))
    return text


def defused(text: str, instead: str = "\ufffd") -> str:
    """The text with each hostile character replaced, so that it can be read on or shown; as long as before."""
    return _any_of(_HOSTILE).sub(instead, text)
