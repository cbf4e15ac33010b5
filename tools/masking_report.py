"""Recall and precision of the masking rules on labelled lines that others wrote: `tests/masking/<language>.tsv`.

A line is `pos` or `neg`, a tab and a text in which ⟦kind:words⟧ stands around everything that has to be masked. The
rules may be tuned on one half of the lines, the open one; the other is for judging them when they are final. Which
half a line belongs to is drawn by the hash of its text.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from deescalate_tui.call.fields import PERSONAL
from deescalate_tui.masking.find import Span, find

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "masking"
KINDS = {"fnr": "birth"}
"""What the samples call otherwise than the program."""
LABEL = re.compile(r"⟦(\w+):([^⟦⟧]+)⟧")
ALL = "all"


class Labelled(NamedTuple):
    """A line of the sample: its number in the file, the text, and what has to be masked in it."""

    number: int
    text: str
    labels: tuple[Span, ...]

    @property
    def held_back(self) -> bool:
        """Whether it is of the half that the rules were not tuned on."""
        return bool(hashlib.sha256(self.text.encode()).digest()[0] % 2)


class Judged(NamedTuple):
    """What came of a line: labels that were found, those that were missed, and what was masked without a label."""

    found: tuple[Span, ...]
    missed: tuple[Span, ...]
    right: tuple[Span, ...]
    wrong: tuple[Span, ...]


class Tally:
    """Labels and maskings by kind."""

    def __init__(self, judged: Iterable[Judged]) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        for line in judged:
            for name in Judged._fields:
                for span in getattr(line, name):
                    self._counts[name, span.kind] += 1
                    self._counts[name, ALL] += 1

    def count(self, what: str, kind: str = ALL) -> int:
        """How many of a field of `Judged`."""
        return self._counts[what, kind]

    def recall(self, kind: str = ALL) -> float:
        """The share of the labels that is masked from end to end; NaN where there are none."""
        return _share(self.count("found", kind), self.count("missed", kind))

    def precision(self, kind: str = ALL) -> float:
        """The share of what is masked that has a label; NaN where nothing is masked."""
        return _share(self.count("right", kind), self.count("wrong", kind))


def read(path: Path) -> list[Labelled]:
    """The labelled lines of a file. Raises ValueError for a line that is none."""
    lines = []
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        sign, _, marked = row.partition("\t")
        text, labels = "", []
        end = 0
        for label in LABEL.finditer(marked):
            text += marked[end : label.start()]
            labels.append(Span(len(text), len(text) + len(label[2]), KINDS.get(label[1], label[1])))
            text, end = text + label[2], label.end()
        text += marked[end:]
        known = all(span.kind in PERSONAL for span in labels)
        if sign != ("pos" if labels else "neg") or not known or re.search("[⟦⟧]", text):
            raise ValueError(f"{path.name}:{number}: {row!r}")
        lines.append(Labelled(number, text, tuple(labels)))
    return lines


def judge(line: Labelled, language: str) -> Judged:
    """Compare the findings with the labels. Only letters, digits and what joins them in an address count."""
    spans = find(line.text, language)
    masked = _signs(line.text, spans)
    labelled = _signs(line.text, line.labels)
    found = tuple(it for it in line.labels if _signs(line.text, (it,)) <= masked)
    right = tuple(it for it in spans if _signs(line.text, (it,)) <= labelled)
    return Judged(
        found,
        tuple(it for it in line.labels if it not in found),
        right,
        tuple(it for it in spans if it not in right),
    )


def rows(language: str, lines: list[Labelled]) -> list[tuple[str, ...]]:
    """A row for each kind there is: labels, recall, maskings, precision."""
    tally = Tally(judge(line, language) for line in lines)
    made: list[tuple[str, ...]] = []
    for kind in (*PERSONAL, ALL):
        labels = tally.count("found", kind) + tally.count("missed", kind)
        maskings = tally.count("right", kind) + tally.count("wrong", kind)
        if labels or maskings:
            shares = (
                f"{share:.1%}" if share == share else "–" for share in (tally.recall(kind), tally.precision(kind))
            )
            recall, precision = shares
            made.append((language, kind, str(labels), recall, str(maskings), precision))
    return made


def _signs(text: str, spans: Iterable[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end) if text[at].isalnum() or text[at] == "@"}


def _share(part: int, rest: int) -> float:
    return part / (part + rest) if part + rest else float("nan")


def main() -> int:
    """Print a table as Markdown; 1 where there is no sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--held-back", action="store_true", help="the half on which nothing was tuned, beside the open one"
    )
    parser.add_argument("--errors", action="store_true", help="name the lines of the open half that are wrong")
    options = parser.parse_args()
    sample = {path.stem: read(path) for path in sorted(FOLDER.glob("*.tsv"))}
    for held_back in (False, True) if options.held_back else (False,):
        print(f"\n{'held-back' if held_back else 'open'} half\n")
        print("| language | kind | labels | recall | maskings | precision |\n|---|---|---:|---:|---:|---:|")
        for language, lines in sample.items():
            half = [line for line in lines if line.held_back is held_back]
            print(*(f"| {' | '.join(row)} |" for row in rows(language, half)), sep="\n")
    if options.errors:
        for language, lines in sample.items():
            for line in (it for it in lines if not it.held_back):
                told = judge(line, language)
                for what in ("missed", "wrong"):
                    for span in getattr(told, what):
                        print(
                            f"{language} {what:6} {span.kind:5} {line.text[span.start : span.end]!r} in {line.text!r}"
                        )
    return 0 if sample else 1


if __name__ == "__main__":
    sys.exit(main())
