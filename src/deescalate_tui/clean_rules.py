"""The characters of `clean`, as regular expressions: compiling them takes as long as a whole search among the notes."""

from __future__ import annotations

import re

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
DROPPED = re.compile(f"[\x00-\x08\x0b-\x1f{_INVISIBLE}]")
HOSTILE = re.compile(f"[\x00-\x09\x0b-\x1f\u2028\u2029{_INVISIBLE}]")
STEERING = re.compile(f"[\x00-\x08\x0b-\x1f\u2028\u2029{_INVISIBLE}]")
LINE_END = re.compile("\r\n?|[\u2028\u2029]")
SPACING = re.compile("[\n\t]")
