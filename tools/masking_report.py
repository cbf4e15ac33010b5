"""Recall and precision of the masking rules on labelled lines that others wrote: `tests/masking/<language>.tsv`.

A line holds the text, its kinds parted by commas (or nothing), and the exact findings parted by ` | `, in the order of
the kinds. The rules may be tuned on one half of the lines only, the open one; the other is looked at with `--final`.
Which half a line belongs to is drawn by the hash of its file.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from deescalate_tui.fields import PERSONAL
from deescalate_tui.masking import find

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "masking"
COUNTRIES = {"de": "DE", "nl": "NL", "no": "NO"}
SAME = {"fnr": "birth", "fodselsnummer": "birth", "fødselsnummer": "birth", "dnr": "birth", "dnumber": "birth",
        "d-number": "birth", "d-nummer": "birth", "idnr": "tax", "taxid": "tax", "tax-id": "tax", "steuerid": "tax",
        "mail": "email", "e-mail": "email", "tel": "phone", "creditcard": "card"}  # fmt: skip
"""Names for kinds that a labelling hand may use."""


class Labelled(NamedTuple):
    """A line of the sample: its number in the file, the text, and each kind with the exact words."""

    number: int
    text: str
    findings: tuple[tuple[str, str], ...]


class Tally(Counter[tuple[str, str]]):
    """`(kind, what)` to a count; what is `right`, `missed` or `wrong`; `inexact` is right with other borders."""

    def recall(self, kind: str) -> float:
        """The share of what is there that was found; NaN where nothing is."""
        there = self[kind, "right"] + self[kind, "missed"]
        return self[kind, "right"] / there if there else float("nan")

    def precision(self, kind: str) -> float:
        """The share of what was found that is there; NaN where nothing was found."""
        found = self[kind, "right"] + self[kind, "wrong"]
        return self[kind, "right"] / found if found else float("nan")


def read(path: Path) -> list[Labelled]:
    """The labelled lines of a file. Raises ValueError for a line whose labels do not fit its text."""
    lines = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            if not row or row[0].startswith("#") or row[0] == "text":
                continue
            text, kinds, exact = (*row, "", "")[:3]
            named = [SAME.get(kind.strip().lower(), kind.strip().lower()) for kind in kinds.split(",") if kind.strip()]
            words = [each.strip() for each in exact.split(" | ") if each.strip()]
            if len(named) == 1 < len(words):
                named *= len(words)
            if len(named) != len(words) or set(named) - set(PERSONAL) or any(each not in text for each in words):
                raise ValueError(f"{path.name}:{number}: kinds {named} do not fit {words}")
            lines.append(Labelled(number, text, tuple(zip(named, words, strict=True))))
    return lines


def half(path: Path, lines: list[Labelled], final: bool) -> list[Labelled]:
    """The open half, or the one that is held back."""
    drawn = random.Random(hashlib.sha256(path.read_bytes()).hexdigest()).sample(lines, len(lines) // 2)
    held = {line.number for line in drawn}
    return [line for line in lines if (line.number in held) is final]


def judge(line: Labelled, language: str, tally: Tally) -> list[str]:
    """Count a line; what is wrong with it, in words."""
    spans = [(span.kind, line.text[span.start : span.end]) for span in find(line.text, language, COUNTRIES[language])]
    told = []
    for kind, words in line.findings:
        match = next((it for it in spans if it[0] == kind and (words in it[1] or it[1] in words)), None)
        if match is None:
            tally[kind, "missed"] += 1
            told.append(f"missed {kind} {words!r}")
            continue
        spans.remove(match)
        tally[kind, "right"] += 1
        tally[kind, "inexact"] += match[1] != words
    for kind, words in spans:
        tally[kind, "wrong"] += 1
        told.append(f"wrong {kind} {words!r}")
    return told


def main() -> int:
    """Print a table a language; 1 where there is no sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--final", action="store_true", help="the half that is held back")
    parser.add_argument("--errors", action="store_true", help="name the lines of the open half that are wrong")
    options = parser.parse_args()
    files = sorted(FOLDER.glob("*.tsv"))
    for path in files:
        tally, lines = Tally(), half(path, read(path), options.final)
        for line in lines:
            told = judge(line, path.stem, tally)
            if told and options.errors and not options.final:
                print(f"{path.name}:{line.number}: {'; '.join(told)} in {line.text!r}")
        for kind in PERSONAL:
            tally.update({("all", what): tally[kind, what] for what in ("right", "missed", "wrong", "inexact")})
        print(
            f"{path.stem}: {len(lines)} lines, {sum(not line.findings for line in lines)} of them with nothing to find"
        )
        for kind in (*PERSONAL, "all"):
            counts = "  ".join(f"{what} {tally[kind, what]:>3}" for what in ("right", "missed", "wrong", "inexact"))
            print(f"  {kind:<6} recall {tally.recall(kind):6.1%}  precision {tally.precision(kind):6.1%}  {counts}")
    return 0 if files else 1


if __name__ == "__main__":
    sys.exit(main())
