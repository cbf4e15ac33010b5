"""The measurements. Each runs its reference in the same rounds, in random order."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import figures
from figures import Row
from probe import Probe

HERE = Path(__file__).parent
PYTHON = sys.executable
# As the command that pip installs: `-m` would load runpy first.
PROGRAM = (PYTHON, "-c", "import sys; from deescalate_tui.launch import main; sys.exit(main())")
GUIDE = (*PROGRAM, "guide", "aggressive", "--lang", "de", "--country", "DE")
BARE = (PYTHON, HERE / "bare.py")
PASS = (PYTHON, "-c", "pass")
B, P = "bare Textual", "python -c pass"
UP_AND_RUNNING = b"\x1b[?2004h"
"""The full screen is up: it tells the terminal to mark what is pasted."""
START, SESSION, READY = b"Aggressiv", b"Notfall", b"READY"
"""A word of the start screen, of every session, of the yardstick."""
SIZES = ((80, 24), (200, 60))
MOVES = (b"j", b"k", b"1", b"2", b"j", b"3", b"s", b"u")
CHANGES = (b"?", b"z")
Record = Callable[[Row], None]


class Plan(NamedTuple):
    """How much of everything."""

    starts: int
    commands: int
    keys: int
    soak: int
    idle_s: float
    ahead: int
    events: int
    notes: int


FULL = Plan(starts=25, commands=25, keys=400, soak=10_000, idle_s=20, ahead=100, events=10_000, notes=20_000)
QUICK = Plan(starts=3, commands=3, keys=40, soak=500, idle_s=3, ahead=5, events=1_000, notes=500)


def environment(home: Path) -> dict[str, str]:
    """What every program measured gets: a home of its own, a terminal of today, bytecode written."""
    ours = ("DEESCALATE_", "PYTHONDONT", "PYTHONUNBUF", "TEXTUAL", "COLUMNS", "LINES", "NO_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    fixed = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "de_DE.UTF-8", "DEESCALATE_COUNTRY": "DE"}
    return {**kept, **fixed, "DEESCALATE_HOME": str(home), "PYTHONPATH": str(HERE.parent / "src")}


@contextmanager
def home() -> Iterator[dict[str, str]]:
    """The environment of a home that goes afterwards."""
    with TemporaryDirectory(prefix="deescalate-bench-") as folder:
        yield environment(Path(folder))


def warm(environ: Mapping[str, str]) -> None:
    """Start both screens once and leave them, as on any day but the first: what they remember is there then."""
    for command in (GUIDE, PROGRAM):
        with Probe(command, environ) as it:
            it.wait(UP_AND_RUNNING)
            it.settle()
            it.type(b"\x11")
            it.wait(b"\x1b[?1049l")
            it.settle()
            _forget(environ)


def in_turn(rounds: int, what: Mapping[str, Callable[[], dict[str, float]]]) -> dict[str, list[float]]:
    """Measure all of it again and again, each time in another order; the first round only warms up."""
    found: dict[str, list[float]] = {}
    choice = random.Random(7)
    for number in range(rounds + 1):
        for name in choice.sample(list(what), len(what)):
            for key, value in what[name]().items():
                found.setdefault(key, [])
                if number:
                    found[key].append(value)
    return found


def starts(plan: Plan, record: Record) -> None:
    """From the start of the process to the first picture, the first answer and the full screen."""
    with home() as environ:
        warm(environ)

        def bare() -> dict[str, float]:
            with Probe(BARE, environ) as it:
                shown = it.wait(READY)
                it.type(b"j")
                return {"bare": shown, "bare key": it.wait(b"key j 1"), "bare cpu": it.busy_ms()}

        def start() -> dict[str, float]:
            with Probe(PROGRAM, environ) as it:
                shown, sent = it.wait(START), len(it.raw)
                it.type(b"j")
                key = it.wait(b"\xe2\x96\xb8 2", sent)
                return {"first": shown, "key": key, "up": it.wait(UP_AND_RUNNING), "cpu": it.busy_ms()}

        def session() -> dict[str, float]:
            with Probe(GUIDE, environ) as it:
                shown = it.wait(SESSION)
                return {"session": shown, "session cpu": it.busy_ms()} | _forget(environ)

        found = in_turn(plan.starts, {"bare": bare, "start": start, "session": session})
    for name, key, other, goal in (
        ("start screen painted", "first", "bare", "≤ 0.10"),
        ("first key answered at the start screen", "key", "bare key", "≤ 0.15"),
        ("start screen taken over by the full screen", "up", "bare", ""),
        ("session screen ready", "session", "bare", "≤ 0.95"),
        ("session screen ready, processor time", "session cpu", "bare cpu", ""),
    ):
        record(figures.paired(name, "ms", found[key], B, found[other], goal))


def _forget(environ: Mapping[str, str]) -> dict[str, float]:
    """The session that was begun is of no interest, and would be offered at the next start."""
    for path in Path(environ["DEESCALATE_HOME"]).glob("sessions/*"):
        path.unlink()
    return {}


def commands(plan: Plan, record: Record) -> None:
    """Commands without a screen."""
    wanted = {"--version": "≤ 2.5", "--help": "≤ 2.5", "notes list": "≤ 2.5", "checklists check": ""}
    with home() as environ:

        def run(name: str, command: Sequence[str]) -> Callable[[], dict[str, float]]:
            def once() -> dict[str, float]:
                began = time.monotonic()
                subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False)
                return {name: (time.monotonic() - began) * 1000}

            return once

        turns = {name: run(name, (*PROGRAM, *name.split())) for name in wanted}
        found = in_turn(plan.commands, {"pass": run("pass", PASS), **turns})
    for name, goal in wanted.items():
        record(figures.paired(f"`{name}`", "ms", found[name], P, found["pass"], goal))


def keys(plan: Plan, record: Record) -> None:
    """From a key to the last byte that it paints."""
    for size in SIZES:
        where = f"{size[0]}x{size[1]}"
        with home() as environ, Probe(BARE, environ, size) as bare, Probe(GUIDE, environ, size) as ours:
            bare.wait(READY)
            ours.wait(SESSION)
            for it in (bare, ours):
                it.settle(0.5)
            numbers = range(plan.keys)
            pressed = [(bare.press(b"j"), ours.press(MOVES[number % len(MOVES)])) for number in numbers]
            changed = [ours.press(CHANGES[number % len(CHANGES)]) for number in range(plan.keys // 2)]
        mine, others = [it.last_ms for _, it in pressed], [it.last_ms for it, _ in pressed]
        record(figures.paired(f"key to last byte, {where}, p50", "ms", mine, B, others, "≤ 1.2"))
        for part, goal in ((0.95, ""), (0.99, "≤ 8.3 ms")):
            # A busy machine disturbs the yardstick just as often: a tail says something only beside its own.
            value, other = figures.share(mine, part), figures.share(others, part)
            name = f"key to last byte, {where}, p{part * 100:.0f}"
            record(Row(name, "ms", value, 0, 0, 1, B, value / other, goal=goal))
        sizes = [float(it.size) for _, it in pressed]
        record(figures.row(f"bytes a key, {where}", "bytes", sizes, "≤ 600"))
        record(Row(f"bytes a key, {where}, most", "bytes", max(sizes), 0, 0, 1))
        single = sum(it.bursts == 1 for _, it in pressed) / len(pressed)
        record(Row(f"keys answered in one burst, {where}", "%", single * 100, 0, 0, 1, goal="all"))
        settled = figures.share([it.last_ms for it in changed], 0.95)
        record(Row(f"another screen settled, {where}, p95", "ms", settled, 0, 0, 1, goal="≤ 16.7 ms"))


def memory(plan: Plan, record: Record) -> None:
    """What it holds, what it holds after many keys, and what it does while nothing happens."""
    with home() as environ, Probe(BARE, environ) as bare, Probe(GUIDE, environ) as ours:
        bare.wait(READY)
        ours.wait(SESSION)
        for it in (bare, ours):
            it.settle()
        mine = ours.pss_kib() / 1024
        record(figures.paired("memory (PSS)", "MiB", [mine], B, [bare.pss_kib() / 1024], "≤ 1.2"))
        before = bare.busy_ms(), ours.busy_ms(), len(ours.raw), time.monotonic()
        end = time.monotonic() + plan.idle_s
        while time.monotonic() < end:
            bare.settle(0.2)
            ours.settle(0.2)
        seconds = time.monotonic() - before[3]
        idle = (ours.busy_ms() - before[1]) / seconds, (bare.busy_ms() - before[0]) / seconds
        record(figures.paired("idle, with the clock", "ms a second", idle[:1], B, idle[1:], "≤ 5 ms"))
        record(
            Row("idle, with the clock", "bytes a second", (len(ours.raw) - before[2]) / seconds, 0, 0, 1, goal="≤ 60")
        )
        held = ours.private_kib()
        for number in range(plan.soak):
            ours.type(MOVES[number % len(MOVES)])
            if number % 20 == 19:
                ours.settle(0.02)
        ours.settle()
        grown = (ours.private_kib() - held) / 1024
        record(Row(f"growth over {plan.soak} keys", "MiB", grown, 0, 0, 1, goal="≤ 2 MiB"))


def typed_ahead(plan: Plan, record: Record) -> None:
    """Keys typed at any moment of a start: how many had no effect."""
    choice = random.Random(7)
    lost = typed = 0
    with home() as environ:
        warm(environ)
        for number in range(plan.ahead):
            count = choice.randrange(1, 4)
            with Probe(PROGRAM, environ, ahead=b"j" if number % 4 == 0 else b"") as it:
                for _ in range(count):
                    it.settle(choice.uniform(0, 0.15))
                    it.type(b"j")
                it.wait(UP_AND_RUNNING)
                it.settle()
                typed += count + (number % 4 == 0)
                here = next((at for at in range(4) if f"▸ {at + 1}  " in it.screen()), 0)
                lost += ((count + (number % 4 == 0)) - here) % 4
    record(Row(f"keys lost of {typed} typed in {plan.ahead} starts", "keys", lost, 0, 0, 1, goal="0"))


def long_session(plan: Plan, record: Record) -> None:
    """A session with very many events, beside a fresh one."""
    made = (PYTHON, HERE / "long_call.py", str(plan.events))
    rounds = max(plan.starts // 4, 2)
    with home() as fresh, home() as long:
        warm(fresh)
        warm(long)
        subprocess.run(made, env=long, check=True)

        def begin() -> dict[str, float]:
            with Probe(GUIDE, fresh) as it:
                return {"fresh": it.wait(SESSION)} | _forget(fresh)

        def resume() -> dict[str, float]:
            with Probe((*PROGRAM, "resume"), long) as it:
                return {"resumed": it.wait(SESSION)}

        found = in_turn(rounds, {"begin": begin, "resume": resume})
    name = f"{plan.events} events"
    record(figures.paired(f"session of {name} resumed", "ms", found["resumed"], "a fresh one", found["fresh"], "≤ 1.5"))
    times = []
    for _ in range(2):
        with home() as environ:
            done = subprocess.run((*made, "close"), env=environ, check=True, capture_output=True, text=True)
            times.append([float(word) for word in done.stdout.split()])
    record(figures.row(f"session of {name} replayed", "ms", [replayed for replayed, _ in times]))
    record(figures.row(f"session of {name} closed, with its note", "ms", [closed for _, closed in times]))


MEASUREMENTS: Mapping[str, Callable[[Plan, Record], None]] = {
    "starts": starts,
    "commands": commands,
    "keys": keys,
    "memory": memory,
    "ahead": typed_ahead,
    "long": long_session,
}
