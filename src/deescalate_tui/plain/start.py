"""Before a session in plain mode: the country (once), then who is on the line, or what to go on with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from deescalate_tui.call.checklist import CHANNELS
from deescalate_tui.clean import clean
from deescalate_tui.errors import Fault, UsageFault
from deescalate_tui.i18n import Messages, language_of
from deescalate_tui.journal.waiting import Waiting
from deescalate_tui.offer import (
    closed_text,
    kins,
    shift_text,
    ticket_text,
    tidied_texts,
    unfinished,
    waiting_text,
    warnings,
)
from deescalate_tui.opening import Opening
from deescalate_tui.plain.page import option_lines
from deescalate_tui.workplace import Workplace

Write = Callable[[str], None]


def choose(workplace: Workplace, opening: Opening, lines: Iterator[str], write: Write) -> Opening | None:
    """What the agent wants to begin or go on with; None where the agent leaves.

    Raises UsageFault (`no-type-given`) where the input ends before that.
    """
    start = _Start(workplace, opening, write)
    start.show()
    for line in lines:
        start.take(clean(line).strip())
        if start.done:
            return start.opening if start.opening.type_id or start.opening.resume else None
        start.show()
    raise UsageFault("", "no-type-given")


class _Start:
    """The list of types and unfinished sessions, with the keys of the start screen."""

    def __init__(self, workplace: Workplace, opening: Opening, write: Write) -> None:
        self.opening = opening
        self.done = False
        self._work = workplace
        self._write = write
        self._said = [*tidied_texts(workplace, self._words)]
        self._look()
        self._asks_country = not workplace.settings.country and not self._waiting  # what was broken off comes first

    @property
    def _words(self) -> Messages:
        return self._work.messages(self.opening.language)

    def _look(self) -> None:
        """What waits: by what goes on with it where that is possible, and all of it."""
        self._all = unfinished(self._work, self.opening.ticket)
        free = (entry for entry in self._all if entry.title and not entry.in_use)
        self._waiting = {("r" if place == 1 else f"r{place}"): entry for place, entry in enumerate(free, 1)}

    def show(self) -> None:
        """What can be chosen, after what was said about the last line."""
        lines, self._said = self._said, []
        lines += self._country_lines() if self._asks_country else self._type_lines()
        self._write("".join(f"{line}\n" for line in lines))

    def take(self, line: str) -> None:
        """A line: a country where that is asked, else a type, a session or a change of language, channel, country."""
        if line.casefold() in ("leave", "ctrl+q", "f10"):
            self.done = True
        elif self._asks_country:
            self._take_country(line)
        else:
            self._take_type(line)

    def _country_lines(self) -> list[str]:
        countries = enumerate(self._work.library.countries(), 1)
        options = ((str(place), f"{country.name} ({country.id})") for place, country in countries)
        words = self._words
        return [words("start.country-ask"), *option_lines(options, words), words("plain.country-later")]

    def _type_lines(self) -> list[str]:
        words, work = self._words, self._work
        country = work.settings.country or words("start.country-none")
        facts = [words(f"language.{self.opening.language}"), words(f"channel.{self.opening.channel}"), country]
        ticket = self.opening.ticket
        title = "start.title" if self.opening.channel == CHANNELS[0] else "start.title-email"
        lines = [" · ".join([words("view.ticket", ticket=ticket), *facts] if ticket else facts)]
        lines += filter(None, [shift_text(work, words)])
        if self._all:
            keys = {entry.id: key for key, entry in self._waiting.items()}
            texts = [(keys.get(it.id, ""), waiting_text(it, words, work.settings.unfinished_days)) for it in self._all]
            lines += [words("start.unfinished"), *(f"  {text}" for key, text in texts if not key)]
            lines += option_lines(((key, text) for key, text in texts if key), words)
        told = [ticket_text(self._all, ticket, words), *warnings(work, words)]
        return [*lines, *filter(None, told), words(title), *self._kin_lines(), words("plain.start-keys")]

    def _kin_lines(self) -> list[str]:
        """The types under what one hears of their kind, each with what one hears of it."""
        words = self._words
        lines = []
        for kin in kins(self._work.library.types(self.opening.language), words):
            types = ((str(offer.number), offer.checklist) for offer in kin.offers)
            heard = ((number, f"{it.title}: {' · '.join(it.recognise)}") for number, it in types)
            lines += [f"{kin.title}: {kin.cue}", *option_lines(heard, words)]
        return lines or [words("start.no-types")]

    def _take_country(self, line: str) -> None:
        countries = self._work.library.countries()
        known = {str(place): country.id for place, country in enumerate(countries, 1)}
        known |= {name.casefold(): country.id for country in countries for name in (country.id, country.name)}
        code = known.get(line.casefold())
        self._asks_country = bool(line) and code is None and line.casefold() not in ("esc", "escape")
        if self._asks_country:
            self._said.append(self._words("plain.no-option", text=line))
        elif code is not None:
            try:
                self._work.set_country(code)
            except Fault as fault:
                self._said.append(self._words.fault(fault))

    def _take_type(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        types = enumerate(self._work.library.types(self.opening.language), 1)
        known = {name.casefold(): it.id for place, it in types for name in (str(place), it.id, it.title)}
        if line.casefold() in known:
            self.opening, self.done = replace(self.opening, type_id=known[line.casefold()]), True
        elif line.lower() in self._waiting:
            self.opening, self.done = replace(self.opening, resume=self._waiting[line.lower()].id), True
        elif (waiting := self._closed_by(word, rest)) is not None:
            self._close(waiting)
        elif word == "o":
            self._asks_country = True
            if rest:
                self._take_country(rest)
        elif word == "l" and language_of(rest) in self._work.library.languages():
            self.opening = replace(self.opening, language=language_of(rest) or "")
        elif word == "c" and rest in CHANNELS:
            self.opening = replace(self.opening, channel=rest)
        else:
            self._said.append(self._words("plain.no-option", text=line))

    def _closed_by(self, word: str, rest: str) -> Waiting | None:
        """The session that a line closes: the one it names, as in `x r2`, or the first that is overdue."""
        action = self._work.keymap.action(word)
        if action is None or action.id != "close":
            return None
        days = self._work.settings.unfinished_days
        overdue = next((entry for entry in self._waiting.values() if entry.days >= days), None)
        return self._waiting.get(rest.lower()) if rest else overdue

    def _close(self, waiting: Waiting) -> None:
        words = self._words
        try:
            self._said.append(closed_text(self._work.close_waiting(waiting.id), words))
        except Fault as fault:
            self._said.append(words.fault(fault))
        self._look()
