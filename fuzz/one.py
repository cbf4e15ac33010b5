"""One target under atheris: `python -m fuzz.one TARGET FOLDER SECONDS`. `fuzz` starts it; by hand it is of little use.

What comes out of a target and is none of the project's errors is written down once a place, with the input that made
it, and fuzzing goes on.
"""

from __future__ import annotations

import random
import sys
import time
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["deescalate_tui", "yaml"], enable_loader_override=False):
    import yaml  # noqa: F401 - so that its own parser is watched too

    from fuzz import seeds, targets

SLOW_S = 2.0
"""No input of this size may take longer, watched as it is, and beside other work."""
TIMEOUT_S = 20
MEMORY_MB = 1000
MAX_LENGTH = 16_384

_WORDS = seeds.dictionary()


class Watched:
    """A target, and what it must not do."""

    def __init__(self, name: str, folder: Path) -> None:
        self._target = targets.TARGETS[name]
        self._folder = folder
        self._known: set[str] = set()

    def __call__(self, data: bytes) -> None:
        """Run the target once."""
        start = time.process_time()
        try:
            self._target(data)
        except targets.EXPECTED:
            pass
        except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for
            self._found(error, data)
        if time.process_time() - start > SLOW_S:
            self._keep("slow", f"{time.process_time() - start:.1f} s", data)

    def _found(self, error: Exception, data: bytes) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [it for it in frames if Path(it.filename).is_relative_to(seeds.ROOT / "src")] or frames[1:] or frames
        place = f"{Path(ours[-1].filename).stem}-{ours[-1].lineno}"
        self._keep(f"{type(error).__name__}-{place}", "".join(traceback.format_exception(error)), data)

    def _keep(self, name: str, why: str, data: bytes) -> None:
        if name not in self._known:
            self._known.add(name)
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / name).write_bytes(data)
            (self._folder / f"{name}.txt").write_text(why, "utf-8", "backslashreplace")
            print(f"CRASHER {name}", file=sys.stderr, flush=True)


def mutated(data: bytes, max_size: int, seed: int) -> bytes:
    """Half of the time libFuzzer's own changes; else lines lost, doubled, moved, indented, or words put in."""
    chance = random.Random(seed)
    if chance.random() < 0.5:
        changed: bytes = atheris.Mutate(data, max_size)
        return changed
    lines = data.split(b"\n")
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(lines))
        match chance.randrange(7):
            case 0:
                del lines[at : at + chance.randint(1, 4)]
            case 1:
                lines[at:at] = lines[at : at + chance.randint(1, 4)]
            case 2:
                lines.insert(chance.randrange(len(lines)), lines.pop(at))
            case 3:
                lines[at] = chance.choice((b"  ", b" ", b"- ", b"> ")) + lines[at]
            case 4:
                head, colon, _ = lines[at].partition(b":")
                lines[at] = head + (colon or b": ") + b" " + chance.choice(_WORDS)
            case 5:
                cut = chance.randint(0, len(lines[at]))
                lines[at] = lines[at][:cut] + chance.choice(_WORDS) + lines[at][cut + chance.choice((0, 1, 8)) :]
            case _:
                lines[at] = chance.choice(_WORDS) + lines[at].lstrip(b" -")[chance.choice((0, 0, 1, 4)) :]
        lines = lines or [b""]
    return b"\n".join(lines)[:max_size]


def main(name: str, home: str, seconds: str) -> None:
    """Fuzz until the time is up; libFuzzer ends the process."""
    folder = Path(home) / name
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for place, seed in enumerate(seeds.of(name)):
        (corpus / f"seed-{place:03}").write_bytes(seed)
    options = {
        "max_total_time": seconds,
        "timeout": TIMEOUT_S,
        "rss_limit_mb": MEMORY_MB,
        "max_len": MAX_LENGTH,
        "print_final_stats": 1,
        "artifact_prefix": f"{folder}/",
    }
    atheris.Setup(
        [sys.argv[0], *(f"-{option}={value}" for option, value in options.items()), str(corpus)],
        Watched(name, folder / "found"),
        custom_mutator=mutated,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
