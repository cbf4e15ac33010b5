"""The start: which country (once), then who is on the line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from deescalate_tui.checklist import CHANNELS, Checklist
from deescalate_tui.dates import format_moment
from deescalate_tui.errors import ContentFaults, Fault
from deescalate_tui.i18n import Messages
from deescalate_tui.live import Finished
from deescalate_tui.screens.overlays import help_page
from deescalate_tui.screens.rows import Page
from deescalate_tui.screens.start import Entry, StartView, start_page
from deescalate_tui.workplace import Waiting

if TYPE_CHECKING:
    from deescalate_tui.tui.app import Guide


class StartPlace:
    """Pick a type, a language, a channel; or go on with what is unfinished."""

    def __init__(self, app: Guide) -> None:
        self._app = app
        self._work = app.workplace
        self._language = app.opening.language or self._work.settings.language
        self._channel = app.opening.channel or self._work.settings.channel
        self._said: list[str] = []
        self._help = -1
        """The first line of the help that is shown; -1: the help is closed."""
        self._asks_country = not self._work.settings.country
        self._tidy()
        self._waiting = tuple(entry for entry in self._work.waiting() if not entry.closed)
        self._picked = 0 if self._asks_country else len(self._waiting)

    @property
    def _words(self) -> Messages:
        return self._work.messages(self._language)

    @property
    def _types(self) -> tuple[Checklist, ...]:
        return self._work.library.types(self._language)

    def page(self, width: int, height: int) -> Page:
        """The question for the country, or the list; over them the help."""
        if self._help >= 0:
            return help_page(self._work.keymap, self._words, self._help, width, height)
        view = self._country_view() if self._asks_country else self._list_view()
        return start_page(view, self._words, width, height)

    def key(self, key: str) -> None:
        """Move, pick, change language, channel or country, leave."""
        action = self._work.keymap.action(key)
        name = action.id if action is not None else ""
        if self._help >= 0:
            self._help_key(key, name)
        elif name in ("up", "down"):
            self._picked = (self._picked + (1 if name == "down" else -1)) % max(self._count(), 1)
        elif key in ("enter", "space"):
            self._take(self._picked)
        elif len(key) == 1 and key in "123456789":
            self._take_digit(int(key) - 1)
        elif name == "leave":
            self._app.leave()
        elif name == "help":
            self._help = 0
        elif name == "language":
            self._take_next_language()
        elif name == "channel":
            self._channel = CHANNELS[(CHANNELS.index(self._channel) + 1) % len(CHANNELS)]
        elif not self._asks_country:
            self._other_key(key, name)
        elif key == "escape":
            self._asks_country, self._picked = False, len(self._waiting)

    def line(self) -> None:
        """Nothing is typed here."""

    def typing(self, text: str) -> None:
        """Nothing is typed here."""

    def paused(self, text: str) -> None:
        """Nothing is typed here."""

    def submit(self, text: str) -> None:
        """Nothing is typed here."""

    def tick(self) -> None:
        """Nothing changes by itself."""

    def moves(self) -> bool:
        """It stands still."""
        return False

    def _help_key(self, key: str, name: str) -> None:
        """Up and down move the help, any other key closes it; leaving is possible everywhere."""
        self._help = max(self._help + {"up": -1, "down": 1}[key], 0) if key in ("up", "down") else -1
        if name == "leave":
            self._app.leave()

    def _take_next_language(self) -> None:
        languages = self._work.library.languages() or (self._language,)
        place = languages.index(self._language) + 1 if self._language in languages else 0
        self._language = languages[place % len(languages)]
        self._picked = min(self._picked, max(self._count() - 1, 0))

    def _other_key(self, key: str, name: str) -> None:
        if key == "o":
            self._asks_country, self._picked = True, 0
        elif key == "r" and self._waiting:
            self._take(0)
        elif name == "close" and self._picked < len(self._waiting):
            self._close(self._waiting[self._picked])

    def _count(self) -> int:
        if self._asks_country:
            return len(self._work.library.countries())
        return len(self._waiting) + len(self._types)

    def _take_digit(self, place: int) -> None:
        place += 0 if self._asks_country else len(self._waiting)
        if place < self._count():
            self._take(place)

    def _take(self, place: int) -> None:
        if place >= self._count():
            return
        if self._asks_country:
            self._set_country(self._work.library.countries()[place].id)
            return
        try:
            if place < len(self._waiting):
                self._app.resume(self._waiting[place].id)
            else:
                self._app.begin(self._types[place - len(self._waiting)].id, self._language, self._channel)
        except ContentFaults as error:
            self._said = [self._words.fault(fault) for fault in error.faults[:1]]
        except Fault as fault:
            self._said = [self._words.fault(fault)]

    def _set_country(self, code: str) -> None:
        self._asks_country = False
        self._picked = len(self._waiting)
        try:
            self._work.set_country(code)
        except Fault as fault:
            self._said = [self._words.fault(fault)]

    def _close(self, waiting: Waiting) -> None:
        try:
            finished = self._work.close_waiting(waiting.id)
            self._said = [self._closed(finished)]
        except Fault as fault:
            self._said = [self._words.fault(fault)]
        self._waiting = tuple(entry for entry in self._work.waiting() if not entry.closed)
        self._picked = min(self._picked, max(self._count() - 1, 0))

    def _tidy(self) -> None:
        for finished in self._work.tidy():
            self._said.append(self._closed(finished))

    def _closed(self, finished: Finished) -> str:
        """Where the note lies, or why it does not."""
        if finished.fault is None:
            return self._words("start.closed-old", path=finished.path)
        return self._words("note.not-saved", reason=self._words.fault(finished.fault))

    def _country_view(self) -> StartView:
        countries = self._work.library.countries()
        entries = tuple(Entry(str(place), country.name) for place, country in enumerate(countries, 1))
        return StartView((), (), entries, self._picked, title=self._words("start.country-ask"))

    def _list_view(self) -> StartView:
        words = self._words
        country = self._work.settings.country or words("start.country-none")
        facts = (words(f"language.{self._language}"), words(f"channel.{self._channel}"), country)
        waiting = tuple(self._waiting_entry(place, entry) for place, entry in enumerate(self._waiting))
        types = tuple(
            Entry(str(place), checklist.title, checklist.summary, checklist.recognise)
            for place, checklist in enumerate(self._types, 1)
        )
        faults = len(self._work.library.faults) + len(self._work.settings.faults) + len(self._work.keymap.faults)
        said = [*self._said, *([words.count("start.faults", faults)] if faults else [])]
        return StartView(facts, waiting, types, self._picked, tuple(said), words("start.title"))

    def _waiting_entry(self, place: int, waiting: Waiting) -> Entry:
        words = self._words
        began = datetime.fromtimestamp(waiting.started_at / 1000, UTC)
        local = began.astimezone(timezone(timedelta(minutes=waiting.offset_min)))
        moment = format_moment(local, words.language)
        key = "start.unfinished-row"
        if not waiting.title:
            return Entry(" ", words("start.damaged", name=waiting.id))
        if waiting.in_use:
            key = "start.in-use"
        elif waiting.days >= self._work.settings.unfinished_days:
            key = "start.unfinished-old"
        text = words(key, title=waiting.title, moment=moment, days=waiting.days)
        return Entry("r" if place == 0 else " ", text)
