"""Random walks: a hundred thousand commands through the core, three thousand keys through the real screens.

Each seed is a walk of its own, and what fails in one fails in it again. `WALKS=20 pytest tests/test_walks.py` goes
twenty times as far.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path
from random import Random

import pytest
from rich.cells import cell_len
from stage import COUNTRIES, Stage, opened
from test_long_calls import Jumpy, left, written

from deescalate_tui import live
from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import CHANNELS, LANGUAGES, LEVELS
from deescalate_tui.call.fold import replay
from deescalate_tui.call.keys import ACTIONS
from deescalate_tui.call.questions import KINDS, OPENED_BY_KEY, is_choice, values
from deescalate_tui.call.session import UNDO_DEPTH, SessionState
from deescalate_tui.clean import hostile
from deescalate_tui.journal.journal import scan
from deescalate_tui.notes.parse import parse
from deescalate_tui.opening import Opening
from deescalate_tui.screens.rows import Cell, Page
from deescalate_tui.tui.reader import NotePlace
from deescalate_tui.tui.session import SessionPlace
from deescalate_tui.workplace import Workplace

WALKS = int(os.environ.get("WALKS", "1"))
COMMANDS, CORES = 25_000, 4
KEYS = 1_000
"""A language."""
TYPES = ("direct", "timid", "aggressive", "rude")
APART = "format: 1\nkind: site\ncompany: Nordlicht\nlimits: {shouting: 3, insult: 2, harassment: 1}\n"
"""A site that counts limits by the kind of behaviour."""
TYPED = (
    *(
        "Zweimal abgebucht",
        "morgen um 14:00",
        "27.11.",
        "over 2 uur",
        "neste fredag",
        "4711",
        "",
        " ",
        "null",
        "~",
        "–",
    ),
    *("\x1b[2J\x1b]0;title\x07", "\x9b31m", "\x00", "a\r\nb", "a\tb", "a\u2028b", "\ud800x", "\ufeffx", "\uffff"),
    *("\u202egnp.exe\u202c", "\u2067אב\u2069", "\u061cعربي", "\u200b\u200d", "\U000e0041"),
    *(
        "界世" * 9,
        "\U0001f469\u200d\U0001f467",
        "e\u0301\u0302" * 20,
        "\u0301a",
        "\U0001f1e9\U0001f1ea",
        "Ⅷ½",
        "x" * 600,
    ),
    *(
        "<!-- timeline 1 -->",
        "```",
        "---",
        "- [x] 00:00:00 a",
        "> q",
        "  > q",
        "# h",
        "&#10;",
        "\\",
        "\\n",
        "{request}",
    ),
)
"""What people type, and what would break out of a line, a terminal or a note."""
RARE = {ev.Named, ev.EndedEarly, ev.PromiseChanged, ev.Unmasked}
"""No command names the customer; the others are not in every walk."""


# --- the core


class Memory:
    """A journal that only remembers."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def append(self, record: bytes) -> None:
        self.lines.append(record)


def wandering(watch: Jumpy, pick: Random) -> None:
    """Time goes on; now and then the clock on the wall is set."""
    watch.seconds += pick.choice((0, 0, 1, 7, 90))
    if pick.random() < 0.005:
        watch.set_s += pick.choice((-3600, -600, 600, 86_400))


def typing(pick: Random) -> str:
    return "".join(pick.choices(TYPED, k=pick.choice((1, 1, 2))))


def fitting(session: live.LiveSession, pick: Random, closes: float) -> cmd.Command:
    """An answer to the open question, or something that goes on; `closes` is how often an outcome is given."""
    state = session.state
    if state.question is None:
        goes_on = (cmd.Done(), cmd.Done(), cmd.Confirm(), cmd.Skip(), cmd.Hear(pick.choice(LEVELS)), cmd.NextRung())
        return pick.choice((*goes_on, cmd.Undo(), cmd.Open(pick.choice(OPENED_BY_KEY)), cmd.Close()))
    if not is_choice(state):
        return pick.choice((cmd.Submit(typing(pick)), cmd.Submit(typing(pick)), cmd.Write(typing(pick)), cmd.Leave()))
    if state.question.kind == "outcome" and pick.random() >= closes:
        return cmd.Leave()
    return cmd.Choose(pick.choice(values(state, session.book)))


def anything(session: live.LiveSession, pick: Random) -> cmd.Command:
    """A command, whether it fits or not."""
    steps = [step.id for _, step in session.state.call.checklist.steps()]
    cards = [card.id for card in session.book.cards.cards] if session.book.cards is not None else []
    return pick.choice(
        (
            *(cmd.Open(pick.choice(OPENED_BY_KEY)), cmd.Open(pick.choice(KINDS)), cmd.Look(pick.randint(-3, 3))),
            *(cmd.GoTo(pick.choice(steps)), cmd.NextRung(), cmd.ToggleHold(), cmd.OpenCard(pick.choice(cards))),
            *(cmd.Leave(), cmd.Resume(), cmd.Close(), cmd.Hear(4), cmd.Choose(typing(pick)), cmd.Submit(typing(pick))),
            *(cmd.Submit("ola@nordmann.no"), cmd.Unmask()),
        )
    )


def begun(work: Workplace, journal: Memory, kind: tuple[str, str, str], pick: Random) -> live.LiveSession:
    type_id, language, channel = kind
    started = ev.Started(
        id="0194cf2e-1111-7abc-8def-0123456789ab",
        checklist=work.library.checklist(type_id, language),
        channel=channel,
        agent="agent-test",
        app_version="1.0.0",
        country=pick.choice((*COUNTRIES.values(), "")),
        offset_min=pick.choice((60, 120, -210)),
    )
    return live.start(work, journal, started, work.clock)


def checked(records: list[ev.Record], state: SessionState) -> None:
    """The journal gives the state back, nothing of it is lost, and the note reads back."""
    assert replay(records) == state
    assert [record.seq for record in records] == list(range(len(records)))
    known = {record.ms for record in records}
    assert known >= {entry.ms for entry in state.log}
    logged, tags = [entry.event for entry in state.log], iter(str(r.event.__struct_config__.tag) for r in records)
    assert all(entry in tags for entry in logged)  # each is found after the one before it
    assert len(state.past) <= UNDO_DEPTH
    note, _ = written(state)
    assert [happened.event for happened in note.timeline] == logged


@pytest.mark.parametrize("seed", range(WALKS * CORES))
def test_commands_through_the_core(seed: int, tmp_path: Path):
    pick, watch = Random(seed), Jumpy()
    if seed % 2:
        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "site.yaml").write_text(APART, encoding="utf-8")
    work = opened(tmp_path, watch)
    seen: set[type] = set()
    kinds, given = cycle(product(TYPES, LANGUAGES, CHANNELS)), 0
    while given < COMMANDS:
        journal = Memory()
        session = begun(work, journal, next(kinds), pick)
        closes = pick.choice((0.0, 0.5, 0.9, 0.9))
        for _ in range(pick.choice((30, 150, 600))):
            wandering(watch, pick)
            fit = pick.random() < 0.8
            session.do(fitting(session, pick, closes) if fit else anything(session, pick))
            given += 1
            if session.state.closed:
                break
        if pick.random() < 0.5:
            session.do(cmd.Abandon())
        records = [ev.decode(line) for line in journal.lines]
        assert [ev.encode(record) for record in records] == journal.lines
        checked(records, session.state)
        seen |= {type(record.event) for record in records}
    assert {*ev.Event.__subclasses__()} - seen <= RARE


# --- the screens

OTHERS = ("escape", "ctrl+c", "tab", "f5", "backspace", "home", "pageup", "pagedown", "left", *"royzé界")
PRESSED = (*(key for action in ACTIONS for key in action.keys), *("space",) * 8, *("enter",) * 5, *OTHERS, *"abcdefg")


def sizes(pick: Random) -> Iterator[tuple[int, int]]:
    """The window as it is dragged about: any size, and often one that people have."""
    while True:
        yield pick.choice(((80, 24), (60, 20), (pick.randint(1, 200), pick.randint(1, 60)), (pick.randint(1, 30), 7)))


def fits(page: Page, width: int, height: int) -> None:
    """As many rows as the window has, none wider than it, nothing in them that steers a terminal."""
    assert len(page.rows) == height
    for row in page.rows:
        text = "".join(text for text, _ in row)
        assert cell_len(text) <= width
        assert not hostile(text)


def stroke(stage: Stage, pick: Random) -> str:
    """A key, or words for the open line."""
    if stage.place.line() is None or pick.random() < 0.3:
        return pick.choice(PRESSED)
    return f"={typing(pick)}" + pick.choice(("", "\r", "\r"))


def click(stage: Stage, page: Page, width: int, pick: Random) -> None:
    """The wheel, or a click on something that a click does something to."""
    cells = ((pick.randrange(width), pick.randrange(len(page.rows))) for _ in range(20))
    does = next((found for cell in cells if (found := page.target(*cell)) is not None), None)
    if page.wheel is not None and pick.random() < 0.3:
        does = pick.choice(page.wheel)
    if does == "enter" and stage.place.line() is not None:
        stage.press(f"={stage.half}\r")
    elif isinstance(does, str):
        stage.press(does)
    elif does is not None and not isinstance(does, Cell):
        stage.place.click(does)


def recorded(stage: Stage) -> list[ev.Record]:
    return [ev.decode(line) for line in scan(stage.live.journal.path.read_bytes()).records]


def again(stage: Stage, pick: Random) -> Stage:
    """The program was left, and is started anew: with the session that was led, or from the start screen."""
    if not isinstance(stage.place, SessionPlace):
        return Stage(stage.workplace, Opening(language=pick.choice(LANGUAGES)))
    session = left(stage)
    checked(recorded(stage), stage.state)
    return Stage(stage.workplace, Opening(resume=session))


def close(stage: Stage) -> Stage:
    """The keys that lead to a note from wherever one is."""
    if not isinstance(stage.place, SessionPlace):
        stage = Stage(stage.workplace, Opening("rude", "de", "phone"))
    while stage.state.sign or stage.state.question or stage.state.card:
        stage.press("escape")
    stage.press("escape", "x")
    if isinstance(stage.place, SessionPlace):
        stage.press("g")  # aborted, which asks only whether that is meant
    if isinstance(stage.place, SessionPlace):
        stage.press("a")
    assert isinstance(stage.place, NotePlace)
    fits(stage.page(80, 24), 80, 24)
    return stage


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(WALKS))
def test_keys_through_the_screens(seed: int, language: str, tmp_path: Path):
    pick, watch = Random(f"{language} {seed}"), Jumpy()
    work = opened(tmp_path, watch, country=COUNTRIES[language], language=language)
    stage, window = Stage(work, Opening(language=language)), sizes(pick)
    places = set()
    for _ in range(KEYS):
        wandering(watch, pick)
        stage.press(stroke(stage, pick))
        if pick.random() < 0.2:
            stage.place.tick()
        if pick.random() < 0.2 and stage.half:
            stage.place.paused(stage.half)
        width, height = next(window)
        page = stage.page(width, height)
        fits(page, width, height)
        if stage.place.line() is not None and height > 3:  # in three rows there is no room for what is typed
            assert page.entry in range(height)
        if pick.random() < 0.1:
            click(stage, page, width, pick)
        places.add(type(stage.place))
        if stage.left is not None:
            stage = again(stage, pick)
    assert len(places) == 3
    notes = close(stage).workplace.paths.notes.rglob("*.md")
    assert [parse(path.read_text(encoding="utf-8")) for path in notes]
