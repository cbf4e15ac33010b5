"""A note as a row of cells, and cells made safe for what opens them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec

from deescalate_tui.archive.cells import NAMES
from deescalate_tui.clean import defused
from deescalate_tui.notes.front import Promise, StepCount

Cell = str | int
Cells = tuple[Cell, ...]

_STEPS = ("steps_done", "steps_skipped", "steps_not_reached")
HEADS = tuple(head for name in NAMES for head in (_STEPS if name == "steps" else (name,)))
"""The names of the columns: the keys of a note's front matter, the same in every language."""
_NUMBERS = frozenset({"duration_s", "level_start", "level_peak", "level_end", "warnings", "revision", *_STEPS})
_texts = itemgetter(*(place for place, head in enumerate(HEADS) if head not in _NUMBERS))
_promises = msgspec.json.Decoder(tuple[Promise, ...]).decode

LEADING = 3
"""So many values stand before the cells: key, path and SHA-256."""
_AT = {name: place for place, name in enumerate(NAMES, LEADING)}
EXPIRES = _AT["expires"]
"""Where the day is after which a note has expired."""
_TYPES, _STEP, _THREAT, _PROMISED = (_AT[name] for name in ("types", "steps", "threat", "commitments"))
_NOTHING = "[]"

_SIGNS = ("=", "@", "＝", "＋", "－", "＠", '"', "|+", "|-", "| ", "|'")
_WITHIN = tuple(f"{before}{sign}" for before in ",;'" for sign in "+-")
"""One of the former, or after a comma or a semicolon of the latter, is in each row that holds what `_FORMULA` finds."""
_SIGN = re.compile("[-=+@＝＋－＠]")
_FORMULA = re.compile("""(^[\\s"']*|[,;]["']*)(?=[=+\\-@＝＋－＠])""")
"""What a spreadsheet calculates: at the beginning, or where one that parts cells at other signs sees a beginning."""


def row_of(values: Sequence[Any]) -> Cells:
    """The cells of what `archive.cells.table` gave, after what stands before them."""
    promises = values[_PROMISED]
    return (
        *values[LEADING:_TYPES],
        _types(values[_TYPES]),
        *values[_TYPES + 1 : _STEP],
        *_steps(values[_STEP]),
        "yes" if values[_THREAT] else "no",
        *values[_THREAT + 1 : _PROMISED],
        "" if promises == _NOTHING else " / ".join(_promised(_promises(promises))),
        *values[_PROMISED + 1 :],
    )


@lru_cache(1000)  # they are soon all known
def _types(text: str) -> str:
    return ", ".join(msgspec.json.decode(text, type=tuple[str, ...]))


@lru_cache(1000)
def _steps(text: str) -> tuple[int, int, int]:
    steps = msgspec.json.decode(text, type=StepCount)
    return steps.done, steps.skipped, steps.not_reached


def _promised(promises: Iterable[Promise]) -> Iterable[str]:
    for made in promises:
        yield f"{made.what} ({made.due})".strip() if made.due else made.what


def is_plain(row: Cells) -> bool:
    """Whether nothing in the row steers, hides, is a quotation mark or may be calculated: so it is with most."""
    joined = "|" + "|".join(_texts(row))
    if any(map(joined.__contains__, _SIGNS)):
        return False
    if ("," in joined or ";" in joined) and any(map(joined.__contains__, _WITHIN)):
        return False
    return joined.isprintable()  # what steers or hides is not; of the rest hardly anything is not


def visible(row: Cells) -> Cells:
    """The row with every character that steers or hides replaced."""
    if is_plain(row):
        return row
    return tuple(defused(cell) if isinstance(cell, str) else cell for cell in row)


def uncalculated(row: Cells) -> Cells:
    """The same, each cell on one line, and an apostrophe before whatever a spreadsheet would calculate."""
    return tuple(_uncalculated(defused(cell)) if isinstance(cell, str) else cell for cell in row)


def _uncalculated(text: str) -> str:
    return _FORMULA.sub(r"\1'", text.replace("\n", " ")) if _SIGN.search(text) else text.replace("\n", " ")
