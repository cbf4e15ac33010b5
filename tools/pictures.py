"""Makes the pictures of README and docs from the real program, this file run by the Python of .venv; names choose some.

python tools/pictures.py [NAME ...]
"""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec

from deescalate_tui.clock import Clock
from deescalate_tui.opening import Opening
from deescalate_tui.tui.app import Guide
from deescalate_tui.workplace import Workplace

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
BEGAN = datetime(2026, 11, 23, 10, 4, tzinfo=timezone(timedelta(hours=1)))
KEY_MS = 6000
"""What a key takes by the clock of a picture."""
HOME = "/home/kim"
"""What a picture shows of the folder that it was made in."""
TYPED = "="
"""Before a text that is typed sign by sign; everything else is a key by its name."""


class Call(msgspec.Struct, frozen=True):
    """One call, and the pictures taken in it."""

    opening: Opening
    country: str
    shots: Mapping[str, Sequence[str]]
    """By picture, the keys since the one before."""
    settings: Mapping[str, str] = {}


TO_THE_REQUEST = ("space",) * 5
TO_THE_LIMIT = ("1", "space", "2", "3", "w")
CALLS = (
    Call(
        Opening("aggressive", "de", "phone", ticket="4711"),
        "DE",
        {
            "session-de": (
                *TO_THE_REQUEST,
                "=Zweimal abgebucht, möchte das Geld heute zurück",
                "enter",
                *TO_THE_LIMIT,
            )
        },
    ),
    Call(
        Opening("aggressive", "nl", "phone", ticket="4711"),
        "NL",
        {"session-nl": (*TO_THE_REQUEST, "=Twee keer afgeschreven, wil vandaag geld terug", "enter", *TO_THE_LIMIT)},
    ),
    Call(
        Opening("aggressive", "no", "phone", ticket="4711"),
        "NO",
        {"session-no": (*TO_THE_REQUEST, "=Trukket to ganger, vil ha pengene i dag", "enter", *TO_THE_LIMIT)},
    ),
    Call(
        Opening(language="de", ticket="4711"),
        "DE",
        {
            "tour-start": ("down", "down"),
            "tour-control": ("enter", "space"),
            "tour-request": (*("space",) * 4, "=Zweimal abgebucht, möchte das Geld heute zurück"),
            "tour-limit": ("enter", *TO_THE_LIMIT),
            "tour-threat": ("q", "=Sie werden schon noch sehen!", "enter", "4"),
            "tour-card": ("v",),
            "tour-solve": (
                *("space", "2"),
                *("space", "=Zwei Abbuchungen am 3. November", "enter"),
                *("s", "space", "=Einmal bestellt, zweimal bezahlt", "enter", "space"),
                *("space", "a", "s", "space", "=Zweite Abbuchung heute zurück", "enter"),
            ),
            "tour-promise": ("s", "s", "space", "=Rückruf, wenn das Geld unterwegs ist", "enter", "=morgen 14:00"),
            "tour-outcome": ("enter", "space", "a", "enter", "x"),
            "tour-answer": ("b",),
            "tour-aftercare": ("b",),
            "tour-note": ("x",),
        },
        {"ui_language": "en", "agent": "Kim-7"},
    ),
)


class StillClock(Clock):
    """A clock that a picture can rely on: only keys move it."""

    passed_ms = 0

    def now(self) -> datetime:
        """The same day for ever."""
        return BEGAN

    def wall_ms(self) -> int:
        """As `now`."""
        return int(BEGAN.timestamp() * 1000) + self.passed_ms

    def mono_ms(self) -> int:
        """As many seconds as the keys took."""
        return self.passed_ms


async def pictures(call: Call, last: str) -> dict[str, str]:
    """The pictures of a call up to the last that is asked for, as SVG, by name."""
    with tempfile.TemporaryDirectory() as home:
        config = Path(home, "config")
        config.mkdir()
        lines = {"country": f'"{call.country}"', **call.settings}
        text = "".join(f"{name}: {value}\n" for name, value in lines.items())
        (config / "settings.yaml").write_text(text, encoding="utf-8")
        clock = StillClock()
        app = Guide(Workplace.open({"DEESCALATE_HOME": home}, {}, clock), call.opening)
        taken = {}
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            for name, keys in call.shots.items():
                for key in keys:
                    clock.passed_ms += KEY_MS
                    await pilot.press(*(key[1:] if key.startswith(TYPED) else [key]))
                    await pilot.pause()
                await pilot.pause()
                taken[name] = tidy(app.export_screenshot(title="deescalate"), home)
                if name == last:
                    break
        return taken


def tidy(svg: str, home: str) -> str:
    """An SVG that keeps its spaces, loads no fonts from anywhere and is the same wherever and whenever it is made."""
    room = "&#160;" * (len(home) - len(HOME))
    svg = re.sub(rf"{re.escape(home)}([^<]*)", rf"{HOME}\1{room}", svg)
    svg = re.sub(r"_[0-9a-f]{8}\.md", "_0c546b93.md", svg)
    svg = re.sub(r"terminal-\d+", "screen", svg)
    svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def made(names: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """These pictures, or all: name and SVG."""
    # In colour, wherever they are made.
    os.environ["COLORTERM"] = "truecolor"
    os.environ.pop("NO_COLOR", None)
    for call in CALLS:
        wanted = [name for name in call.shots if not names or name in names]
        if wanted:
            taken = asyncio.run(pictures(call, wanted[-1]))
            yield from ((name, taken[name]) for name in wanted)


def main() -> None:
    """Write the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, svg in made(sys.argv[1:]):
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
