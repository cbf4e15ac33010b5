"""The start: which country (once), then who is on the line."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec.structs import replace

from deescalate_tui.call.checklist import CHANNELS, Checklist
from deescalate_tui.call.keys import Keymap
from deescalate_tui.errors import ContentFaults, Fault
from deescalate_tui.i18n import Messages
from deescalate_tui.journal.waiting import Waiting
from deescalate_tui.offer import (
    Kin,
    closed_text,
    kins,
    likely_country,
    shift_text,
    ticket_text,
    tidied_texts,
    unfinished,
    waiting_text,
    warnings,
)
from deescalate_tui.screens.footer import Hint, key_names
from deescalate_tui.screens.overlays import help_page
from deescalate_tui.screens.rows import Does, Page
from deescalate_tui.screens.start import Entry, Group, StartView, start_page
from deescalate_tui.tui.place import Desk, Still
from deescalate_tui.workplace import Workplace

RANKS = ("begin", "help", "later", "language", "leave", "channel", "country")
"""The keys along the bottom; the last leaves a narrow screen first."""


class StartPlace(Still):
    """Pick a type, a language, a channel; or go on with what is unfinished."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        """Where what is picked is opened."""
        self._work = desk.workplace
        self._language = desk.opening.language or self._work.settings.language
        self._channel = desk.opening.channel or self._work.settings.channel
        self._said: list[str] = []
        self._armed = ""
        """The id of the session that one more key closes."""
        self._help = -1
        """The first line of the help that is shown; -1: the help is closed."""
        self._said += tidied_texts(self._work, self._words)
        self._waiting = unfinished(self._work, desk.opening.ticket)
        # What was broken off comes first; the country is asked for before another call begins.
        self._asks_country = not self._work.settings.country and not self._waiting
        self._asked = self._asks_country
        self._then = -1  # the place that was picked before the question; -1: none
        self._picked = self._likely() if self._asks_country else self._first()

    def is_lasting(self) -> bool:
        """Whether it says nothing that holds for this start alone."""
        return not self._said and not self._waiting

    @property
    def _words(self) -> Messages:
        return self._work.messages(self._language)

    @property
    def _kins(self) -> tuple[Kin, ...]:
        return kins(self._work.library.types(self._language), self._words)

    @property
    def _types(self) -> dict[int, Checklist]:
        """The types in the order in which they are shown, by the numbers that begin them."""
        return {offer.number: offer.checklist for kin in self._kins for offer in kin.offers}

    def _first(self) -> int:
        """What is picked to begin with: what `r` goes on with (for a call with a ticket only its own), else a type."""
        opening, free = self.desk.opening, _resumed(self._waiting)
        mine = self._waiting[free : free + 1] if free >= 0 else ()
        if mine and (not opening.ticket or ticket_text(mine, opening.ticket, self._words)):
            return free
        ids = [checklist.id for checklist in self._types.values()]
        return len(self._waiting) + (ids.index(opening.wanted) if opening.wanted in ids else 0)

    def _likely(self) -> int:
        """The country that is set, else the one of the system's locale: wrong emergency numbers are no accident."""
        return likely_country(self._work.library.countries(), self._work.settings.country, os.environ)

    def page(self, width: int, height: int) -> Page:
        """The question for the country, or the list; over them the help."""
        if self._help >= 0:
            return help_page(self._work.keymap, self._words, self._help, width, height)
        view = _country_view(self._work, self._words, self._picked) if self._asks_country else self._list_view()
        up, down = (self._work.keymap.keys[name][0] for name in ("up", "down"))
        return replace(start_page(view, self._words, width, height), wheel=(up, down))

    def key(self, key: str) -> None:
        """Move, pick, change language, channel or country, leave."""
        action = self._work.keymap.action(key)
        name = action.id if action is not None else ""
        if self._armed and name != "close":
            self._armed, self._said = "", []
        if self._help >= 0:
            self._help_key(key, name)
        elif name in ("up", "down"):
            place = self._picked + 1 if name == "down" else max(self._picked, 0) - 1
            self._picked = place % max(self._count(), 1)
        elif key in ("enter", "space"):
            self._take(self._picked)
        elif len(key) == 1 and key in "123456789":
            self._take_digit(int(key))
        elif name == "leave":
            self.desk.leave()
        elif name == "help":
            self._help = 0
        elif name == "language":
            self._take_next_language()
        elif name == "channel":
            self._channel = CHANNELS[(CHANNELS.index(self._channel) + 1) % len(CHANNELS)]
        elif not self._asks_country:
            self._other_key(key, name)
        elif key == "escape":
            self._to_list()

    def click(self, does: Does) -> None:
        """An entry of the list that was clicked."""
        if isinstance(does, int):
            self._take(does)

    def _help_key(self, key: str, name: str) -> None:
        """Up and down move the help, any other key closes it; leaving is possible everywhere."""
        self._help = max(self._help + {"up": -1, "down": 1}[key], 0) if key in ("up", "down") else -1
        if name == "leave":
            self.desk.leave()

    def _take_next_language(self) -> None:
        languages = self._work.library.languages() or (self._language,)
        place = languages.index(self._language) + 1 if self._language in languages else 0
        self._language = languages[place % len(languages)]
        self._picked = min(self._picked, max(self._count() - 1, 0))

    def _other_key(self, key: str, name: str) -> None:
        if key == "o":
            self._ask_country()
        elif key == "r" and self._waiting:
            self._take(max(_resumed(self._waiting), 0))
        elif name == "close" and self._picked < len(self._waiting):
            self._close(self._waiting[self._picked])

    def _count(self) -> int:
        return len(self._work.library.countries()) if self._asks_country else len(self._waiting) + len(self._types)

    def _take_digit(self, number: int) -> None:
        numbers = list(self._types)
        if self._asks_country:
            self._take(number - 1)
        elif number in numbers:
            self._take(len(self._waiting) + numbers.index(number))

    def _take(self, place: int) -> None:
        if not 0 <= place < self._count():
            return
        if self._asks_country:
            self._set_country(self._work.library.countries()[place].id)
            return
        if place >= len(self._waiting) and not (self._asked or self._work.settings.country):
            self._then = place
            self._ask_country()
            return
        try:
            if place < len(self._waiting):
                self.desk.resume(self._waiting[place].id)
            else:
                found = list(self._types.values())[place - len(self._waiting)]
                self.desk.begin(found.id, self._language, self._channel)
        except ContentFaults as error:
            self._said = [self._words.fault(fault) for fault in error.faults[:1]]
        except Fault as fault:
            self._said = [self._words.fault(fault)]

    def _ask_country(self) -> None:
        self._asks_country = self._asked = True
        self._picked = self._likely()

    def _to_list(self) -> None:
        """From the question for the country on to what was picked before it, or to the list."""
        self._asks_country, self._picked = False, self._first()
        then, self._then = self._then, -1
        if then >= 0:
            self._take(then)

    def _set_country(self, code: str) -> None:
        try:
            self._work.set_country(code)
        except Fault as fault:
            self._said = [self._words.fault(fault)]
        self._to_list()

    def _close(self, waiting: Waiting) -> None:
        """One that is overdue is closed at once, as its row says; any other by the second key in a row."""
        if waiting.days < self._work.settings.unfinished_days and self._armed != waiting.id:
            self._armed, self._said = waiting.id, [self._words("start.close-again")]
            return
        try:
            self._said = [closed_text(self._work.close_waiting(waiting.id), self._words)]
        except Fault as fault:
            self._said = [self._words.fault(fault)]
        self._waiting = unfinished(self._work, self.desk.opening.ticket)
        self._picked = min(self._picked, max(self._count() - 1, 0))

    def _list_view(self) -> StartView:
        words, ticket = self._words, self.desk.opening.ticket
        country = self._work.settings.country or words("start.country-none")
        facts = [words(f"language.{self._language}"), words(f"channel.{self._channel}"), country]
        told = [ticket_text(self._waiting, ticket, words), *self._said, *warnings(self._work, words)]
        return StartView(
            title=words("start.title" if self._channel == CHANNELS[0] else "start.title-email"),
            groups=tuple(_group(kin) for kin in self._kins),
            picked=self._picked,
            hints=_hints(self._work.keymap, words, "begin", "language", "channel", "country", "help", "leave"),
            facts=(words("view.ticket", ticket=ticket), *facts) if ticket else tuple(facts),
            unfinished=tuple(self._waiting_entry(place, entry) for place, entry in enumerate(self._waiting)),
            said=tuple(filter(None, told)),
            shift=shift_text(self._work, words),
        )

    def _waiting_entry(self, place: int, waiting: Waiting) -> Entry:
        text = waiting_text(waiting, self._words, self._work.settings.unfinished_days)
        return Entry("r" if place == _resumed(self._waiting) else " ", text)


def _country_view(work: Workplace, words: Messages, picked: int) -> StartView:
    entries = tuple(Entry(str(place), country.name) for place, country in enumerate(work.library.countries(), 1))
    begin = ("begin",) if picked >= 0 else ()
    hints = _hints(work.keymap, words, *begin, "language", "later", "help", "leave")
    return StartView(words("start.country-ask"), (Group(entries),), picked, hints)


def _resumed(waiting: Sequence[Waiting]) -> int:
    """Which unfinished session `r` goes on with: the first that is free and can be read; -1: none is."""
    return next((place for place, entry in enumerate(waiting) if entry.title and not entry.in_use), -1)


def _group(kin: Kin) -> Group:
    """The types as entries; beyond nine only the arrows reach one."""
    entries = (
        Entry(str(number) if number < 10 else " ", it.title, it.summary, it.recognise)
        for number, it in ((offer.number, offer.checklist) for offer in kin.offers)
    )
    return Group(tuple(entries), kin.title, kin.cue)


def _hints(keymap: Keymap, words: Messages, *names: str) -> tuple[Hint, ...]:
    """The keys along the bottom; what a session knows too has its key and word from there."""
    named = key_names(words)
    own = {"begin": "enter", "country": "o", "later": "escape"}
    keys = {name: own[name] if name in own else keymap.keys[name][0] for name in names}
    return tuple(
        Hint(
            named.get(keys[name], keys[name]),
            words(f"start.{name}" if name in own else f"key.{name}"),
            RANKS.index(name),
            keys[name],
        )
        for name in names
    )
