"""What an export costs: `python bench/export.py FOLDER`, where FOLDER holds notes that bench/notes.py made.

Each format stands beside a raw csv.writer over the same rows, measured in the same run, by turns. Memory is that of a
process of its own. The index lies in a temporary folder (or in --state, where it may lie already).
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from deescalate_tui import catalogues
from deescalate_tui.archive import cells, search
from deescalate_tui.archive.archive import Archive, quiet
from deescalate_tui.clock import Clock
from deescalate_tui.export import bundle, csv_table, html_page, jsonl, xlsx
from deescalate_tui.export.job import Job
from deescalate_tui.export.record import Record
from deescalate_tui.paths import Paths

WAYS: dict[str, tuple[Callable[..., None], dict[str, bool], str]] = {
    "csv": (csv_table.write, {}, "1.3 x"),
    "jsonl --brief": (jsonl.write, {"brief": True}, "1 x"),
    "html": (html_page.write, {}, "-"),
    "xlsx": (xlsx.write, {}, "-"),
    "jsonl (reads every file)": (jsonl.write, {}, "-"),
    "md (reads and renders every file)": (bundle.write, {}, "-"),
}
SLOW = 3
"""The last ones run once, on a sample."""
SAMPLE = 5_000


class Part:
    """The newest notes of an archive."""

    def __init__(self, archive: Archive, most: int) -> None:
        self._archive, self._most, self.whole = archive, most, archive.whole

    def count(self, _: object) -> int:
        return self._most

    def pages(self, selected: search.Selection, columns: str):  # type: ignore[no-untyped-def]
        left = self._most
        for page in self._archive.pages(selected, columns):
            yield page[:left]
            left -= len(page)
            if left <= 0:
                return


def raw(archive: Archive, path: Path) -> None:
    """A csv.writer over the same rows, with nothing done to them."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        for page in search.pages(archive._connection, archive.select(""), f"n.id, {cells.table(words=True)}"):
            writer.writerows(page)


def ours(archive: Archive | Part, selected: search.Selection, path: Path, name: str) -> None:
    """One of the ways, with its record and the manifest."""
    write, options, _ = WAYS[name]
    record = Record()
    job = Job(
        archive=archive,  # type: ignore[arg-type]
        selected=selected,
        messages=catalogues.load("de"),
        record=record,
        made=Clock().now(),
        progress=quiet,
        asked={},
        **options,
    )
    with path.open("wb") as file:
        write(job, file, path.parent)
    with path.with_suffix(".json").open("wb") as file:
        record.write(file, job.about("csv"))
    record.close()


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def times(archive: Archive, folder: Path, rounds: int) -> None:
    """The seconds of each way, and how many times those of the raw writer."""
    selected, number = archive.select(""), archive.count()
    quick = list(WAYS)[:-SLOW]
    took: dict[str, list[float]] = {name: [] for name in ("raw csv.writer", *quick)}
    for _ in range(rounds):
        took["raw csv.writer"].append(timed(lambda: raw(archive, folder / "raw")))
        for name in quick:
            took[name].append(timed(lambda name=name: ours(archive, selected, folder / "out", name)))  # type: ignore[misc]
    base = statistics.median(took["raw csv.writer"]) / number
    part = Part(archive, min(SAMPLE, number))
    for name in list(WAYS)[-SLOW:]:
        sample = timed(lambda name=name: ours(part, selected, folder / "out", name))  # type: ignore[misc]
        took[name] = [sample / part.count(None) * number]
    for name, found in took.items():
        each = statistics.median(found) / number
        ratios = [one / other for one, other in zip(found, took["raw csv.writer"], strict=False)]
        goal = WAYS[name][2] if name in WAYS else "-"
        print(
            f"{name:36} {each * 1e6:8.1f} us/note {statistics.median(ratios) if len(found) > 1 else each / base:8.2f} x"
            f"   goal {goal}",
            flush=True,
        )


def memory(home: Path, notes: Path, folder: Path) -> None:
    """The peak of a process of its own, as Linux tells it: what getrusage says of a child begins at its parent's."""
    code = (
        "import sys; from deescalate_tui.cli.main import main; status = main(sys.argv[1:]);"
        "print(status, *(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    environ = {**os.environ, "DEESCALATE_HOME": str(home), "DEESCALATE_NOTES": str(notes)}
    for ending, more in (("csv", ()), ("jsonl", ("--brief",)), ("xlsx", ()), ("jsonl", ()), ("zip", ())):
        target = str(folder / f"memory.{ending}")
        command = [sys.executable, "-c", code, "notes", "export", "--force", "--to", target, *more]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
        status, most = done.stdout.split()[-2:]
        print(
            f"{' '.join((ending, *more)):36} {int(most) // 1024:>8} MiB at most (status {status})   goal 150",
            flush=True,
        )


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--state", type=Path, help="home of the index: kept, and used again")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", action="store_true", help="also export all of it in processes of their own")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        home, notes = asked.state or folder, asked.folder.absolute()
        with Archive(Paths(home / "config", notes, home / "sessions", home / "state", None), shared=True) as archive:
            archive.refresh()
            print(f"{archive.count()} notes")
            times(archive, folder, asked.rounds)
        if asked.memory:
            memory(home, notes, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
