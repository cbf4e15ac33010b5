"""How fast the program is, beside a bare Textual app and `python -c pass` in the same rounds.

    make bench                     everything; five minutes, on a machine that does nothing else
    make bench ARGS=--quick        few rounds: to see that it runs, not to quote
    make bench ARGS="--only starts --json figures.json"

The table goes to standard output, with `--write PAGE` also between the marks of a page. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import figures
from archive import archive
from figures import Row
from measures import FULL, MEASUREMENTS, QUICK

HERE = Path(__file__).parent
ALL = {**MEASUREMENTS, "archive": archive}


def main() -> int:
    """Measure what is asked for; always 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few rounds")
    parser.add_argument("--only", nargs="+", choices=ALL, metavar="NAME", help=", ".join(ALL))
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures for programs")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table between the marks of this page")
    asked = parser.parse_args()
    if not sys.platform.startswith("linux"):
        sys.exit("bench: only on Linux: processor time and memory are read from /proc")
    compileall.compile_dir(HERE.parent / "src", quiet=1)
    rows: list[Row] = []
    for name, measure in ALL.items():
        if not asked.only or name in asked.only:
            print(f"bench: {name} ...", file=sys.stderr, flush=True)
            measure(QUICK if asked.quick else FULL, rows.append)
    text = figures.table(rows, about())
    if rows:
        print(text, end="", flush=True)
    if asked.json:
        asked.json.write_text(figures.as_json(rows, about()), encoding="utf-8")
    if asked.write and rows:
        figures.write_between(asked.write, text)
    return 0


def about() -> dict[str, str]:
    """What it was measured on."""
    kinds = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if "model name" in line
    ]
    load = ", ".join(f"{it:.1f}" for it in os.getloadavg())
    return {
        "Measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "on": f"{len(kinds)} × {kinds[0] if kinds else platform.machine()}, Linux {platform.release()}, load {load}",
        "Python": platform.python_version(),
        "Textual": version("textual"),
        "Rich": version("rich"),
        "msgspec": version("msgspec"),
    }


if __name__ == "__main__":
    sys.exit(main())
