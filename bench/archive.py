"""How fast the archive is: `python bench/archive.py FOLDER`, where FOLDER holds notes that bench/notes.py made.

Every figure stands beside its reference, measured in the same run. The index lies in a temporary folder (or in --state,
where it may lie already). Nothing in FOLDER is changed, but for a note that is saved and removed again,
and the time of a month.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from deescalate_tui.archive import scan
from deescalate_tui.archive.archive import Archive
from deescalate_tui.note_parse import parse
from deescalate_tui.notes_folder import read_note
from deescalate_tui.paths import Paths
from measures import PROGRAM, PYTHON

TODAY = date(2026, 11, 22)
WORDS = ("Rechnung", "factuur", "størrelse", "gøte*", "bajete", "Rechnung Mahnung", "nicht wieder", '"ist seit"')
COMMON = ("nicht", "ist", "og", "de")
PREFIXES = ("re", "be", "st", "rec", "ni", "gr", "mo", "kasa")
ROUNDS = 15


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def told(what: str, figure: str, goal: str) -> None:
    """One line of the report."""
    print(f"{what:46} {figure:>34}   goal {goal}", flush=True)


def plain_loop(paths: list[Path]) -> None:
    """Reading and parsing, and nothing else."""
    for path in paths:
        parse(read_note(path))


def indexing(archive: Archive, notes: Path) -> None:
    """A full index, and a second look without changes."""
    paths = sorted(notes.rglob("*.md"))
    sample = paths[:: max(1, len(paths) // 20_000)]
    if archive.count() < len(paths):
        loop = timed(lambda: plain_loop(sample[::2])) / max(1, len(sample[::2]))
        full = timed(archive.refresh) / len(paths)
        loop = statistics.mean((loop, timed(lambda: plain_loop(sample[1::2])) / max(1, len(sample[1::2]))))
        told("full index", f"{1 / full:,.0f} notes/s ({full / loop:.2f} x plain loop)", "8,000/s, 3 x")
    again = statistics.median(timed(lambda: archive.refresh(thorough=True)) for _ in range(3)) / len(paths)
    told("second look at every file", f"{again * 1e6:.1f} us/note", "10 us/note")
    told("look before each command", f"{statistics.median(timed(archive.refresh) for _ in range(9)) * 1e3:.1f} ms", "-")


def searching(archive: Archive) -> None:
    """Warm searches in one process."""

    def asked(texts: tuple[str, ...], what: str, goal: str, *, ranked: bool = False) -> None:
        times = sorted(
            timed(lambda text=text: list(archive.search(archive.select(text, today=TODAY), 50, ranked=ranked)))  # type: ignore[misc]
            for _ in range(ROUNDS)
            for text in texts
        )
        p95 = times[int(len(times) * 0.95)]
        told(what, f"p50 {times[len(times) // 2] * 1e3:.2f}, p95 {p95 * 1e3:.2f} ms", goal)

    asked(WORDS[:5] + COMMON, "newest 50, a word", "p95 5 ms")
    asked(WORDS[5:7], "newest 50, two words", "p95 5 ms")
    asked(WORDS[7:], "newest 50, a phrase", "-")
    asked(tuple(f"{text}*" for text in PREFIXES), "as you type, from two letters", "p95 16.7 ms")
    asked(COMMON + WORDS[:3], "best 50, a word", "p95 100 ms", ranked=True)
    asked(("outcome:escalated level:3-4", "type:rude since:30d", "threat:yes"), "fields alone", "-")
    total = archive.count()
    rows = timed(lambda: sum(1 for _ in archive.rows(limit=100_000)))
    told("list, streamed", f"{rows / min(total, 100_000) * 1e6:.1f} us/row", "-")


def saving(archive: Archive, notes: Path) -> None:
    """A note more, taken into the index on its own."""
    path = max(notes.rglob("*.md"), key=lambda it: it.name)
    text = read_note(path)
    note = parse(text)
    times = []
    for number in range(100):
        new = path.with_name(f"{path.stem[:-8]}{number:08x}.md")
        new.write_text(text.replace(note.id, f"{note.id[:-8]}{number:08x}"), encoding="utf-8")
        try:
            times.append(timed(lambda new=new: archive.take(new)))  # type: ignore[misc]
        finally:
            new.unlink()
    archive.refresh()
    times.sort()
    told("a note saved into it", f"p50 {times[50] * 1e3:.2f}, p99 {times[98] * 1e3:.2f} ms", "p99 10 ms")


def fresh(notes: Path, state: Path) -> None:
    """A search in a process of its own, beside a Python that does nothing and beside ripgrep."""
    environ = {**os.environ, "DEESCALATE_HOME": str(state.parent), "DEESCALATE_NOTES": str(notes)}
    run = partial(subprocess.run, env=environ, capture_output=True, check=False)
    search = (*PROGRAM, "notes", "search", "Rechnung", "--limit", "50")
    ways: dict[str, tuple[str, ...]] = {"pass": (PYTHON, "-c", "pass"), "search": search}
    if rg := shutil.which("rg"):
        ways["rg"] = (rg, "-l", "Rechnung", str(notes))
    time.sleep(2 * scan.RACY_NS / 1e9)  # before, a folder may change without showing it
    run(search)
    median = rounds({name: partial(run, command) for name, command in ways.items()})
    ratio = median["search"] / median["pass"]
    told("search in a fresh process", f"{median['search'] * 1e3:.0f} ms, {ratio:.2f} x pass", "2 x pass")
    if rg:
        ratio = median["search"] / median["rg"]
        told("the same beside rg", f"{ratio:.3f} x rg ({median['rg'] * 1e3:.0f} ms)", "0.1 x rg")
    month = max(notes.glob("*/*"))

    def changed() -> None:
        os.utime(month)
        run(search)

    median = rounds({"pass": partial(run, ways["pass"]), "changed": changed})
    ratio = median["changed"] / median["pass"]
    told("the same, something new in the folder", f"{median['changed'] * 1e3:.0f} ms, {ratio:.2f} x pass", "-")


def rounds(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median of each, in seconds, taken in turn."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            times[name].append(timed(way))
    return {name: statistics.median(found) for name, found in times.items()}


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--state", type=Path, help="home of the index: kept, and used again")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = asked.state or Path(temporary)
        notes = asked.folder.absolute()
        paths = Paths(home / "config", notes, home / "sessions", home / "state", None)
        with Archive(paths, shared=True) as archive:
            indexing(archive, notes)
            searching(archive)
            saving(archive, notes)
            number = archive.count()
        told("size of the index", f"{archive.index.stat().st_size / max(number, 1):,.0f} bytes/note", "-")
        fresh(notes, paths.state)
    return 0


if __name__ == "__main__":
    sys.exit(main())
