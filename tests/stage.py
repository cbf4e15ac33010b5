"""The screens without a terminal and without Textual: a stand-in for the app, with the real places and sessions."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from rich.cells import cell_len

from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.call.questions import is_choice, letters
from deescalate_tui.call.session import SessionState
from deescalate_tui.clock import Clock
from deescalate_tui.errors import Exit
from deescalate_tui.live import LiveSession
from deescalate_tui.opening import Opening
from deescalate_tui.screens.line import Line, typed, with_line
from deescalate_tui.screens.rows import Cell, Page, text_of
from deescalate_tui.tui.place import Place
from deescalate_tui.tui.reader import NotePlace
from deescalate_tui.tui.session import SessionPlace
from deescalate_tui.tui.start import StartPlace
from deescalate_tui.workplace import Workplace

BEGAN = datetime(2026, 11, 22, 14, 5, tzinfo=timezone(timedelta(hours=1)))
CACHE = "content.msgpack"
COUNTRIES = {"de": "DE", "nl": "NL", "no": "NO"}


class Watch(Clock):
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0

    def now(self) -> datetime:
        return BEGAN + timedelta(seconds=self.seconds)

    def wall_ms(self) -> int:
        return int(self.now().timestamp() * 1000)

    def mono_ms(self) -> int:
        return self.seconds * 1000


def opened(home: Path | None = None, watch: Clock | None = None, **flags: str) -> Workplace:
    """The workplace of the test's own home, or another one; in Germany unless the test says another country."""
    environ = {"DEESCALATE_HOME": str(home)} if home else os.environ
    return Workplace.open(environ, {"country": "DE", "agent": "agent-test", **flags}, watch or Watch())


@cache
def parsed_content(state: Path) -> bytes:
    """The cache of all content that ships, made once in this folder: to begin with it saves a test half a second."""
    work = opened(state)
    for language in LANGUAGES:
        work.book(language, COUNTRIES[language])
    work.cache.keep()
    return (work.paths.state / CACHE).read_bytes()


def warm(home: Path, folder: Path) -> None:
    """Give the home of a test what parsing the content gave in another folder."""
    path = home / "deescalate" / "state" / CACHE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(parsed_content(folder))


def spot(page: Page, words: str) -> tuple[int, int]:
    """The cell where these words begin, as far down as they stand."""
    rows = text_of(page.rows).split("\n")
    y = max(y for y, row in enumerate(rows) if words in row)
    return cell_len(rows[y].partition(words)[0]), y


class Stage:
    """What a place sees of the app: it can go elsewhere, or end."""

    def __init__(self, workplace: Workplace, opening: Opening | None = None) -> None:
        self.workplace = workplace
        self.opening = opening or Opening()
        self.place: Place
        self.half = ""
        """What is typed in the line."""
        self.left: int | None = None
        self.copied: list[str] = []
        if self.opening.resume:
            self.resume(self.opening.resume)
        elif self.opening.type_id:
            self.begin(self.opening.type_id, self.opening.language, self.opening.channel)
        else:
            self.show_start()

    @property
    def live(self) -> LiveSession:
        """The session that is led."""
        assert isinstance(self.place, SessionPlace)
        return self.place.live

    @property
    def state(self) -> SessionState:
        return self.live.state

    def begin(self, type_id: str, language: str, channel: str) -> None:
        self.place = SessionPlace(
            self, self.workplace.start(type_id, language, channel or "phone", ticket=self.opening.ticket)
        )

    def resume(self, session_id: str) -> None:
        live = self.workplace.resume(session_id)
        self.place = NotePlace(self, live) if live.state.closed else SessionPlace(self, live)

    def show_note(self, live: LiveSession) -> None:
        self.place = NotePlace(self, live)

    def show_start(self) -> None:
        self.place = StartPlace(self)

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)

    def leave(self, status: int = Exit.OK) -> None:
        self.left = status

    def press(self, *keys: str) -> Stage:
        """Press keys; `=words` types words into the open line, `=words\\r` finishes it too."""
        for key in keys:
            if key.startswith("="):
                self.half = key[1:].rstrip("\r")
                self.place.typing(self.half)
                if key.endswith("\r"):
                    self.half, words = "", self.half
                    self.place.submit(words)
            else:
                self.half = ""
                self.place.key(key)
        return self

    def click(self, *words: str, width: int = 80, height: int = 24) -> Stage:
        """Click on each of these words, where they stand furthest down: what the page says comes of it, if anything."""
        for each in words:
            page = self.page(width, height)
            does = page.target(*spot(page, each))
            if isinstance(does, str):
                opened = self.place.line()
                self.press(f"={self.half or opened[1]}\r" if opened is not None and does == "enter" else does)
            elif does is not None and not isinstance(does, Cell):
                self.place.click(does)
        return self

    def walk(self, steps: int, answer: str = "...") -> Stage:
        """Finish so many steps, or all that are left, whatever they ask."""
        for _ in range(steps):
            self.press(*["space"] * bool(self.state.call.current))
            while self.state.question is not None:
                if is_choice(self.state):
                    self.press(next(iter(letters(self.state, self.live.book))))
                else:
                    self.type(answer)
        return self

    def type(self, words: str) -> None:
        """Words, and enter until they are taken: what is no date is asked again."""
        asked = self.state.question
        self.press(f"={words}\r")
        if self.state.question is not None and asked is not None and self.state.question.tried == words:
            self.press(f"={words}\r")

    def page(self, width: int, height: int) -> Page:
        """The page as the app shows it."""
        wanted = self.place.line()
        page = self.place.page(width, height)
        return page if wanted is None else with_line(page, typed(Line(), self.half or wanted[1]), width)

    def text(self, width: int = 80, height: int = 24) -> str:
        return text_of(self.page(width, height).rows)

    def put_down(self) -> None:
        """Let go of the session as the end of the program would."""
        self.live.journal.close()
