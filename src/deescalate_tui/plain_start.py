"""Before a session in plain mode: the country (once), then who is on the line, or what to go on with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone

from msgspec.structs import replace

from deescalate_tui.checklist import CHANNELS
from deescalate_tui.clean import clean
from deescalate_tui.dates import format_moment
from deescalate_tui.errors import Fault, UsageFault
from deescalate_tui.i18n import Messages, language_of
from deescalate_tui.opening import Opening
from deescalate_tui.plain_page import option_lines
from deescalate_tui.workplace import Waiting, Workplace

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
        self._asks_country = not workplace.settings.country
        self._said = [self._words("start.closed-old", path=finished.path) for finished in workplace.tidy()]
        waiting = tuple(entry for entry in workplace.waiting() if entry.title and not entry.in_use)
        self._waiting = {("r" if place == 1 else f"r{place}"): entry for place, entry in enumerate(waiting, 1)}

    @property
    def _words(self) -> Messages:
        return self._work.messages(self.opening.language)

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
        facts = (words(f"language.{self.opening.language}"), words(f"channel.{self.opening.channel}"), country)
        lines = [" · ".join(facts)]
        if self._waiting:
            rows = ((key, waiting_line(entry, words)) for key, entry in self._waiting.items())
            lines += [words("start.unfinished"), *option_lines(rows, words)]
        types = enumerate(work.library.types(self.opening.language), 1)
        options = option_lines(((str(place), f"{found.title}: {found.summary}") for place, found in types), words)
        faults = len(work.library.faults) + len(work.settings.faults) + len(work.keymap.faults)
        told = [words.count("start.faults", faults)] if faults else []
        return [*lines, *told, words("start.title"), *(options or [words("start.no-types")]), words("plain.start-keys")]

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


def waiting_line(entry: Waiting, words: Messages) -> str:
    """An unfinished session in words: which type, since when."""
    zone = timezone(timedelta(minutes=entry.offset_min))
    moment = datetime.fromtimestamp(entry.started_at / 1000, UTC).astimezone(zone)
    key = "start.in-use" if entry.in_use else "start.unfinished-row"
    return words(key, title=entry.title, moment=format_moment(moment, words.language))
