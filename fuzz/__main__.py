"""Fuzz the targets one after the other: `python -m fuzz [SECONDS] [TARGET ...]`, each its share of the time.

What was found, and the inputs that reached new code, lie in .fuzz at the top; the next run goes on from there.
The status is 1 where anything was found.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".fuzz"
SECONDS = 300
WEIGHTS = {"plain": 8, "journal": 6, "checklist": 3, "cards": 3, "note": 3, "settings": 3, "yaml": 2, "site": 2}
"""Shares of the time; the others have one."""
GRACE_S = 60
"""So much longer than its share a target may take: one input may be in the works."""


def share(name: str, seconds: int) -> tuple[int, int, float]:
    """Fuzz one target for so long, again where it died: executions, branches reached, seconds taken."""
    runs = reached = 0
    start = time.monotonic()
    while (left := seconds - int(time.monotonic() - start)) > 0:
        command = (sys.executable, "-m", "fuzz.one", name, str(HOME), str(left))
        with (HOME / f"{name}.log").open("ab") as log:
            died = subprocess.run(
                command, cwd=ROOT, env=environment(), check=False, stdout=log, stderr=log, timeout=left + GRACE_S
            ).returncode
        text = (HOME / f"{name}.log").read_bytes().decode("utf-8", "replace").rpartition("Seed: ")[2]
        runs += max((int(found) for found in re.findall(r"^#(\d+)\t", text, re.MULTILINE)), default=0)
        reached = max((reached, *(int(found) for found in re.findall(r"\bcov: (\d+)", text))))
        if not died:
            break
        time.sleep(1)
    return runs, reached, time.monotonic() - start


def environment() -> dict[str, str]:
    """Where the program's own modules lie, whichever are installed."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}


def found(name: str) -> list[str]:
    """What was found with a target, now and before: faults by their place, and what libFuzzer itself stopped."""
    ours = [path.stem for path in (HOME / name / "found").glob("*.txt")]
    return sorted([*ours, *(path.name[:14] for path in (HOME / name).glob("*-*") if path.is_file())])


def main(arguments: list[str]) -> int:
    """Fuzz, and print a line for each target."""
    seconds = int(arguments.pop(0)) if arguments and arguments[0].isdecimal() else SECONDS
    names = arguments or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        sys.exit(f"fuzz: no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    HOME.mkdir(exist_ok=True)
    total = crashers = 0
    print(f"{'target':14} {'executions':>11} {'branches':>9} {'seconds':>8}  found", flush=True)
    shares = sum(WEIGHTS.get(name, 1) for name in names)
    for name in names:
        runs, reached, took = share(name, max(1, seconds * WEIGHTS.get(name, 1) // shares))
        faults = found(name)
        total, crashers = total + runs, crashers + len(faults)
        print(f"{name:14} {runs:11,} {reached:9,} {took:8.0f}  {' '.join(faults) or '-'}", flush=True)
    print(f"{len(names)} targets, {total:,} executions, {crashers} faults found", flush=True)
    return 1 if crashers else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
