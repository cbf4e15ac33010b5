"""What the archive keeps of each note for reports, and under which key. Pure: see `archive.rollup`."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import msgspec

from deescalate_tui.notes.note import IncidentNote
from deescalate_tui.report.tally import ALL, Cell, Counts, Tally, cell_of, merge, tally

MANY_SESSIONS = 50
"""Of so many, a word that stands in one request alone points at no cause."""
_key = msgspec.json.Decoder(tuple[str, str, str, str, str]).decode


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    """A tally as it is stored. Most words stand in one request alone: those cost next to nothing to pass over."""

    counts: Counts
    terms: Counts
    """Words of more than one session."""
    words: str
    """The others, a line each."""
    marks: bytes
    """Their agents, 32 bits each."""
    guides: dict[str, Counts]
    keep_days: int


_write = msgspec.msgpack.Encoder().encode
_read = msgspec.msgpack.Decoder(_Stored).decode


def encode(one: Tally) -> bytes:
    """The bytes of a tally."""
    alone = {word: count[2] for word, count in one.terms.items() if count[0] == 1}
    often = {word: count for word, count in one.terms.items() if count[0] > 1}
    marks = array("I", alone.values()).tobytes()
    return _write(_Stored(one.counts, often, "\n".join(alone), marks, one.guides, one.keep_days))


def decode(data: bytes, *, sparse: bool = False) -> Tally:
    """The tally of such bytes; `sparse` leaves the words of one session out where there are many sessions."""
    stored = _read(data)
    terms = stored.terms
    if stored.words and not (sparse and stored.counts[ALL][0] >= MANY_SESSIONS):
        marks = array("I", stored.marks)
        terms = terms | {word: (1, 1, mark) for word, mark in zip(stored.words.split("\n"), marks, strict=True)}
    return Tally(stored.counts, terms, stored.guides, stored.keep_days)


class Shares:
    """The tally of each note, summed by cell."""

    version = "1"

    def share(self, note: IncidentNote) -> tuple[str, bytes]:
        """The cell of a note and its tally."""
        cell = msgspec.json.encode(msgspec.structs.astuple(cell_of(note))).decode()
        return cell, encode(tally(note))

    def merge(self, shares: Iterable[bytes]) -> bytes:
        """The sum of tallies."""
        return encode(merge(map(decode, shares)))


def span(first: str, last: str) -> tuple[str, str]:
    """Between which keys the cells of these weeks lie."""
    return f'["{first}"', f'["{last}"~'


def read_cell(key: str, data: bytes) -> tuple[Cell, Tally]:
    """A cell of the archive with its sum."""
    return Cell(*_key(key)), decode(data, sparse=True)
