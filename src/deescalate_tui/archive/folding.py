"""Words as they are compared: `grosse`, `größe` and `GROESSE` are one, and so are `bjorn`, `bjoern` and `bjørn`. Pure.

Both what is indexed and what is looked for goes through `fold`. The fold of a word's beginning is the beginning of
its fold, so that a prefix finds what it is a prefix of.
"""

from __future__ import annotations

VERSION = 1
"""An index that was folded otherwise is built anew."""

_PAIRS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))
"""How umlauts, ø and å are written where a keyboard has none."""
_OWN = {"ø": "o", "æ": "a", "œ": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"}
"""Letters whose marks cannot be taken off."""
_LATIN: list[bytes] = []
_OTHER = b"\xff"
_PLAIN: dict[str, str] = {}
"""What each other letter becomes; worked out when it is first met."""


def fold(text: str) -> str:
    """The text in small letters without marks, as it is indexed."""
    text = text.lower() if text.isascii() else _of_latin(text) or _of_any(text)
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text


def _of_latin(text: str) -> str:
    """A text in the letters of western Europe, before the pairs, in a third of the time; empty where others are in it.

    A full index folds all that was ever typed.
    """
    try:
        folded = text.replace("ß", "ss").encode("latin-1").translate(_latin())
    except UnicodeEncodeError:
        return ""
    return "" if _OTHER in folded else folded.decode("latin-1")


def _latin() -> bytes:
    """What becomes of each letter; _OTHER of those that become several or have no place here."""
    if not _LATIN:  # not by `functools`, which takes long to import
        plain = ("\0", *_of_any("\0".join(map(chr, range(1, 256)))).split("\0"))
        _LATIN.append(bytes(ord(letter) if len(letter) == 1 and letter < "\xff" else _OTHER[0] for letter in plain))
    return _LATIN[0]


def _of_any(text: str) -> str:
    text = text.casefold()
    for letter in set(text):
        if letter > "\x7f":
            text = text.replace(letter, _PLAIN.get(letter) or _plain(letter))
    return text


def words(text: str) -> list[str]:
    """The folded words of a text, as the index divides it."""
    return _divided(fold(text)).split()


def spans(text: str) -> list[tuple[int, int, str]]:
    """Where the words of a text stand (start and end), each with its fold."""
    divided = _divided(text)
    parts, folds = divided.split(" "), fold(divided).split(" ")
    if len(parts) != len(folds):  # a letter whose fold is several words
        folds = [fold(part) for part in parts]
    found = []
    place = 0
    for part, folded in zip(parts, folds, strict=True):
        end = place + len(part)
        if part:
            found.append((place, end, folded))
        place = end + 1
    return found


def _divided(text: str) -> str:
    """The text with a space for each character that is in no word. Not by `re`, which takes 5 ms to import."""
    for letter in set(text):
        if not letter.isalnum():
            text = text.replace(letter, " ")
    return text


def _plain(letter: str) -> str:
    import unicodedata  # late: a search for plain words needs none

    parts = _OWN.get(letter) or unicodedata.normalize("NFKD", letter)
    _PLAIN[letter] = "".join(part for part in parts if not unicodedata.combining(part))
    return _PLAIN[letter]
