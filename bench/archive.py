"""The archive: an index of many notes, beside a loop that only reads and parses them, and searches in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

import figures
from deescalate_tui.archive import scan
from deescalate_tui.archive.archive import Archive
from deescalate_tui.notes.folder import read_note
from deescalate_tui.notes.parse import parse
from deescalate_tui.paths import Paths
from figures import Row
from measures import PASS, PROGRAM, Plan, Record, home, in_turn

HERE = Path(__file__).parent
TODAY = date(2026, 11, 22)
WORDS = ("Rechnung", "factuur", "størrelse", "gøte*", "bajete")
COMMON = ("nicht", "ist", "og", "de")
PREFIXES = ("re*", "be*", "st*", "rec*", "ni*", "gr*", "mo*", "kasa*")
ROUNDS = 15


def archive(plan: Plan, record: Record) -> None:
    """Make so many notes, and measure what is done with them."""
    with home() as environ:
        root = Path(environ["DEESCALATE_HOME"])
        notes = root / "many"
        subprocess.run([sys.executable, HERE / "notes.py", str(plan.notes), notes], check=True, stdout=sys.stderr)
        paths = Paths(root / "config", notes, root / "sessions", root / "state", None)
        with Archive(paths, shared=True) as it:
            _index(it, notes, record)
            _search(it, record)
            _save(it, notes, record)
        _search_anew({**environ, "DEESCALATE_NOTES": str(notes)}, notes, plan, record)


def _index(it: Archive, notes: Path, record: Record) -> None:
    paths = sorted(notes.rglob("*.md"))
    number = len(paths)
    before = _timed(partial(_plain_loop, paths[::2]))
    full = _timed(it.refresh)
    loop = before + _timed(partial(_plain_loop, paths[1::2]))
    row = Row(f"index of {number} notes made", "notes a second", number / full, 0, 0, 1, goal="≥ 8000, ≤ 3 ×")
    record(row._replace(reference="a loop that parses", ratio=full / loop))
    again = [_timed(partial(it.refresh, thorough=True)) / number * 1e6 for _ in range(5)]
    record(figures.row(f"each of {number} notes looked at again", "µs a note", again, "≤ 10"))


def _plain_loop(paths: list[Path]) -> None:
    """Reading and parsing, and nothing else."""
    for path in paths:
        parse(read_note(path))


def _search(it: Archive, record: Record) -> None:
    """Searches in one process, warm."""
    for name, texts, ranked, goal in (
        ("newest 50 with a word", WORDS + COMMON, False, "≤ 5 ms"),
        ("newest 50 with two words", ("Rechnung Mahnung", "nicht wieder"), False, "≤ 5 ms"),
        ("newest 50 as one types, from two letters", PREFIXES, False, "≤ 16.7 ms"),
        ("best 50 with a word", COMMON + WORDS[:3], True, "≤ 100 ms"),
    ):
        times = [_timed(partial(_found, it, text, ranked)) * 1000 for _ in range(ROUNDS) for text in texts]
        record(Row(f"{name}, p95", "ms", figures.share(times, 0.95), 0, 0, 1, goal=goal))


def _found(it: Archive, text: str, ranked: bool) -> None:
    list(it.search(it.select(text, today=TODAY), 50, ranked=ranked))


def _save(it: Archive, notes: Path, record: Record) -> None:
    """A note more, taken into the index on its own."""
    path = max(notes.rglob("*.md"), key=lambda it: it.name)
    text = read_note(path)
    note_id = parse(text).id
    times = []
    for number in range(200):
        new = path.with_name(f"{path.stem[:-8]}{number:08x}.md")
        new.write_text(text.replace(note_id, f"{note_id[:-8]}{number:08x}"), encoding="utf-8")
        times.append(_timed(partial(it.take, new)) * 1000)
        new.unlink()
    it.refresh()
    record(figures.row("a note saved into it", "ms", times))
    record(Row("a note saved into it, p99", "ms", figures.share(times, 0.99), 0, 0, 1, goal="≤ 10 ms"))


def _search_anew(environ: Mapping[str, str], notes: Path, plan: Plan, record: Record) -> None:
    """A search in a process of its own."""
    ways: dict[str, tuple[str | Path, ...]] = {
        "pass": PASS,
        "search": (*PROGRAM, "notes", "search", "Rechnung", "--limit", "50"),
    }
    if rg := shutil.which("rg"):
        ways["rg"] = (rg, "-l", "Rechnung", notes)

    def run(name: str) -> dict[str, float]:
        call = partial(subprocess.run, ways[name], env=environ, stdin=subprocess.DEVNULL, capture_output=True)
        return {name: _timed(partial(call, check=False)) * 1000}

    def changed() -> dict[str, float]:
        os.utime(month)
        return {"changed": run("search")["search"]}

    month = max(notes.glob("*/*"))
    time.sleep(2 * scan.RACY_NS / 1e9)  # before, a folder may change without showing it
    turns = {name: partial(run, name) for name in ways}
    found = in_turn(plan.commands, turns)
    times = found["search"]
    record(figures.paired("`notes search Rechnung --limit 50`", "ms", times, "python -c pass", found["pass"], "≤ 2"))
    if rg:
        record(figures.paired("the same beside ripgrep", "ms", times, "rg -l", found["rg"]))
    found = in_turn(plan.commands, {"pass": turns["pass"], "changed": changed})
    name = "the same, something new in the folder"
    record(figures.paired(name, "ms", found["changed"], "python -c pass", found["pass"]))


def _timed(work: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
