"""Makes the pictures of README and docs from the real program, this file run by the Python of .venv; names choose some.

python tools/pictures.py [NAME ...]
"""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from textual.events import Paste

from deescalate_tui import catalogues
from deescalate_tui.clock import Clock
from deescalate_tui.ids import uuid7
from deescalate_tui.notes.front import LevelRange, Promise
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import note_name
from deescalate_tui.notes.parse import parse
from deescalate_tui.opening import Opening
from deescalate_tui.tui.app import Guide
from deescalate_tui.tui.desk_app import DeskApp
from deescalate_tui.workplace import Workplace

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
BEGAN = datetime(2026, 11, 23, 10, 4, tzinfo=timezone(timedelta(hours=1)))
KEY_MS = 6000
"""What a key takes by the clock of a picture."""
HOME = "/home/kim"
"""What a picture shows of the folder that it was made in."""
TYPED = "="
"""Before a text that is typed; everything else is a key by its name."""


class Call(msgspec.Struct, frozen=True):
    """One call, and the pictures taken in it."""

    opening: Opening
    country: str
    shots: Mapping[str, Sequence[str]]
    """By picture, the keys since the one before."""
    settings: Mapping[str, str] = {}
    desk: Mapping[str, Sequence[str]] = {}
    """Pictures of the lead's desk once the call is closed, with OTHERS beside its note."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every picture, in the order in which they are taken."""
        return (*self.shots, *self.desk)


class Other(msgspec.Struct, frozen=True):
    """A note of a colleague: what the desk shows of it."""

    started: str
    customer_type: str
    peak: int
    ticket: str
    request: str
    what: str = ""
    """What is promised."""
    due: str = ""


OTHERS = (
    Other(
        "2026-11-23T09:12", "rude", 3, "4702", "Dritter Anruf wegen der Gutschrift", "Gutschrift senden", "2026-11-23"
    ),
    Other("2026-11-23T08:31", "timid", 0, "4698", "Versteht die letzte Rechnung nicht"),
    Other(
        "2026-11-20T16:40", "aggressive", 4, "4655", "Seit zwei Wochen kein Internet", "Techniker senden", "2026-11-20"
    ),
    Other("2026-11-20T14:05", "direct", 1, "4690", "Lieferung ohne Netzteil", "Netzteil nachsenden", "2026-11-25"),
    Other("2026-11-19T11:27", "timid", 1, "4681", "Kündigung nicht angekommen", "Kündigung bestätigen"),
    Other("2026-11-18T10:50", "rude", 2, "4673", "Techniker kam nicht zum Termin"),
    Other("2026-11-17T15:16", "aggressive", 3, "4660", "Mahnung trotz Zahlung", "Mahnung zurücknehmen", "2026-11-20"),
)


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
        {"desk": (), "desk-due": ("2",)},
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


class Desk(DeskApp):
    """The desk with what it leaves to threads done at once, and shown in the next turn of the loop."""

    def index(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """A job on the index and the notes."""
        found = job()
        self.post(lambda: done(found))

    read = index


async def pictures(call: Call, last: str) -> dict[str, str]:
    """The pictures of a call up to the last that is asked for, as SVG, by name."""
    with tempfile.TemporaryDirectory() as home:
        config = Path(home, "config")
        config.mkdir()
        lines = {"country": f'"{call.country}"', **call.settings}
        text = "".join(f"{name}: {value}\n" for name, value in lines.items())
        (config / "settings.yaml").write_text(text, encoding="utf-8")
        work = Workplace.open({"DEESCALATE_HOME": home}, {}, clock := StillClock())
        taken = await shots(Guide(work, call.opening), clock, call.shots, last)
        if last in call.desk:
            put_others(work.paths.notes)
            words = catalogues.load(call.settings["ui_language"])
            taken |= await shots(Desk(work, words), clock, call.desk, last)
        return {name: tidy(svg, home) for name, svg in taken.items()}


async def shots(app: Guide, clock: StillClock, wanted: Mapping[str, Sequence[str]], last: str) -> dict[str, str]:
    """What the screen shows after the keys of each picture, up to the last that is asked for."""
    taken = {}
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for name, keys in wanted.items():
            for key in keys:
                clock.passed_ms += KEY_MS
                if key.startswith(TYPED):
                    # Pasted: typed sign by sign it looks the same and takes seconds.
                    app.post_message(Paste(key[1:]))
                    await pilot.pause()
                else:
                    await pilot.press(key)
            await pilot.pause()
            taken[name] = app.export_screenshot(title="deescalate")
            if name == last:
                break
    return taken


def put_others(notes: Path) -> None:
    """The notes of OTHERS beside the one that is there, and made of it."""
    (path,) = notes.rglob("*.md")
    note = parse(path.read_text(encoding="utf-8"))
    for place, it in enumerate(OTHERS):
        started = datetime.fromisoformat(it.started).replace(tzinfo=BEGAN.tzinfo)
        made = msgspec.structs.replace(
            note,
            id=uuid7(int(started.timestamp() * 1000), Random(place).randbytes),
            started=started.isoformat(),
            ended=(started + timedelta(seconds=note.duration_s)).isoformat(),
            customer_type=it.customer_type,
            types=(it.customer_type,),
            level=LevelRange(0, it.peak, 0),
            threat=it.peak == 4,
            ticket=it.ticket,
            request=it.request,
            commitments=(Promise(it.what, it.due),) if it.what else (),
        )
        path = notes / note_name(made)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(made, catalogues.load(made.language)), encoding="utf-8", newline="\n")


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
        wanted = [name for name in call.names if not names or name in names]
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
