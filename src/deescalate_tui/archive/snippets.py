"""The place in a note where the words of a search stand, with them marked. Pure."""

from __future__ import annotations

from deescalate_tui.archive.folding import fold, spans

TYPE_CHECKING = False  # see `i18n`
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deescalate_tui.archive.terms import Term

Piece = tuple[str, bool]
"""A piece of a line, and whether it is what was looked for."""
WIDTH = 90
"""Characters, at most."""
_BEFORE = 25
"""Of them before the hit."""
_CUT = "…"


def snippet(text: str, wanted: Sequence[Term], width: int = WIDTH) -> tuple[Piece, ...]:
    """As much as fits of the line with the most of the terms; the first one where none has any."""
    line, found = _best_line(text, wanted)
    start = max(0, min(found[0][0] - _BEFORE if found else 0, len(line) - width))
    if start:  # not in the middle of a word
        space = line.find(" ", start, found[0][0])
        start = space + 1 if space >= 0 else start
    end = min(len(line), start + width)
    if end < len(line):
        space = line.rfind(" ", start, end)
        last = max((stop for _, stop in found if stop <= end), default=start)
        end = space if space >= last else end
    return tuple(_parts(line, found, start, end))


def _best_line(text: str, wanted: Sequence[Term]) -> tuple[str, list[tuple[int, int]]]:
    """The line to show, with its hits. Letters are quickly found; only then it is asked whether they are the words."""
    lines = text.split("\n")
    firsts = [parts[0] for parts, _ in wanted]
    scores = [sum(first in plain for first in firsts) for plain in fold(text).split("\n")]
    for place in sorted((place for place, score in enumerate(scores) if score), key=lambda it: (-scores[it], it)):
        if found := marked(lines[place], wanted):
            return lines[place], found
    return lines[0], []


def marked(text: str, wanted: Iterable[Term]) -> list[tuple[int, int]]:
    """Where the terms stand: start and end of each, in order, none within another."""
    places = spans(text)
    folded = [it[2] for it in places]
    found: set[tuple[int, int]] = set()
    for parts, prefix in wanted:
        *before, last = parts
        for index in range(len(before), len(folded)):
            word = folded[index]
            first = index - len(before)
            if (word == last or (prefix and word.startswith(last))) and folded[first:index] == before:
                found.add((places[first][0], places[index][1]))
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _parts(line: str, found: Iterable[tuple[int, int]], start: int, end: int) -> Iterable[Piece]:
    place = start
    head = _CUT if start else ""
    for begin, stop in found:
        if begin < start or stop > end:
            continue
        if head or begin > place:
            yield head + line[place:begin], False
        yield line[begin:stop], True
        head, place = "", stop
    tail = line[place:end] + (_CUT if end < len(line) else "")
    if head or tail:
        yield head + tail, False
