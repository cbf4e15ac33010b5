"""The start screen as a book of pictures: what is on each, and which key leads from it to which other one.

It is drawn from before anything else is loaded, so this module knows bytes only, and imports nothing.
"""

from __future__ import annotations

_PART, _LINE = b"\0", b"\n"
"""What parts a stored book. No picture, no key and no path holds a zero byte, no path that is stored a line end."""


class Book:
    """Pictures, the first of them the one to begin with; keys; and for each picture where each key leads."""

    __slots__ = ("keys", "pictures", "turns")

    def __init__(self, pictures: list[bytes], keys: list[bytes], turns: list[list[int]]) -> None:
        self.pictures, self.keys, self.turns = pictures, keys, turns

    def read(self, typed: bytes) -> tuple[int, int]:
        """The picture that these keys lead to from the first one, and how many bytes were keys that lead anywhere."""
        at = done = 0
        while key := next((key for key in self.keys if typed.startswith(key, done)), b""):
            at, done = self.turns[at][self.keys.index(key)], done + len(key)
        return at, done

    def awaits(self, rest: bytes) -> bool:
        """Whether the bytes may yet become a key that leads anywhere."""
        return any(key.startswith(rest) for key in self.keys)

    def to_bytes(self, mark: bytes) -> bytes:
        """The book as it is stored; the mark says under which circumstances it holds."""
        turns = _LINE.join(b" ".join(b"%d" % place for place in row) for row in self.turns)
        return _PART.join((mark, b" ".join(self.keys), turns, *self.pictures))


def from_bytes(data: bytes, mark: bytes) -> Book | None:
    """A stored book; None where it is none, or holds under other circumstances."""
    found, _, rest = data.partition(_PART)
    parts = rest.split(_PART)
    if found != mark or len(parts) < 3:
        return None
    keys, pictures = parts[0].split(b" "), parts[2:]
    try:
        turns = [[int(place) for place in row.split(b" ")] for row in parts[1].split(_LINE)]
    except ValueError:
        return None
    whole = len(turns) == len(pictures) and all(len(row) == len(keys) for row in turns)
    inside = all(0 <= place < len(pictures) for row in turns for place in row)
    return Book(pictures, keys, turns) if whole and inside and all(keys) else None
