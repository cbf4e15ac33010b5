"""Words as they are compared: `grosse`, `größe` and `GROESSE` are one, and so are `bjorn`, `bjoern` and `bjørn`. Pure.

Both what is indexed and what is looked for goes through `fold`. The fold of a word's beginning is the beginning of
its fold, so that a prefix finds what it is a prefix of.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

VERSION = 1
"""An index that was folded otherwise is built anew."""

_FOREIGN = re.compile("[^\x00-\x7f]+")
_WORD = re.compile(r"[^\W_]+")
_PAIRS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))
"""How umlauts, ø and å are written where a keyboard has none."""
_LETTERS = str.maketrans({"ø": "o", "æ": "a", "œ": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"})


def fold(text: str) -> str:
    """The text in small letters without marks, as it is indexed."""
    text = text.lower() if text.isascii() else _FOREIGN.sub(_plain, text.casefold())
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text


def words(text: str) -> list[str]:
    """The folded words of a text, as the index divides it."""
    return _WORD.findall(fold(text))


def spans(text: str) -> list[tuple[int, int, str]]:
    """Where the words of a text stand (start and end), each with its fold."""
    return [(found.start(), found.end(), fold(found[0])) for found in _WORD.finditer(text)]


def _plain(found: re.Match[str]) -> str:
    return _without_marks(found[0])


@lru_cache(4096)
def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
