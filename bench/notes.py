"""Synthetic notes, as many as wanted: `python bench/notes.py 10000 FOLDER [--seed 1]`.

Calls in three languages are led through the checklists that ship and rendered as every note is. Of each such call many
notes are made: other words, dates, tickets and aliases are put in its place holders, which takes microseconds. The same
seed gives the same notes. Who needs them in memory asks for `texts`.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

try:
    from deescalate_tui import catalogues
    from deescalate_tui.call import events as ev
    from deescalate_tui.call.checklist import Step
    from deescalate_tui.call.fold import apply, begin
    from deescalate_tui.call.session import SessionState
    from deescalate_tui.content.library import Library
    from deescalate_tui.dates import format_date, format_due
    from deescalate_tui.ids import short_id, uuid7
    from deescalate_tui.notes.markdown import render
    from deescalate_tui.notes.note import note_from
except ImportError as error:
    sys.exit(f"bench: {error}: use the Python that has the program, such as .venv/bin/python, or `make bench`")

CALLS = 90
"""Different courses of a call in each language."""
DAYS = 1_100
AGENTS = 60
LAST_DAY = date(2026, 11, 22)
TYPES = ("direct", "timid", "aggressive", "rude")
OUTCOMES = (
    ("resolved",) * 9
    + ("follow-up",) * 5
    + ("escalated",) * 2
    + ("transferred", "ended-by-agent", "ended-by-customer", "aborted")
)
COUNTRIES = {"de": ("DE", "DE", "DE", "AT", "CH"), "nl": ("NL", "NL", "BE"), "no": ("NO",)}
WORDS = {
    "de": [
        "Rechnung",
        "Mahnung",
        "Rückruf",
        "Lieferung",
        "Router",
        "Gutschrift",
        "Vertrag",
        "Kündigung",
        "Störung",
        "Techniker",
        "Termin",
        "Größe",
        "Straße",
        "Abbuchung",
        "Passwort",
        "Zähler",
        "Umzug",
        "Paket",
        "Garantie",
        "Adresse",
        "Tarif",
        "Anschluss",
        "Werkstatt",
        "Bestellung",
    ],
    "nl": [
        "factuur",
        "aanmaning",
        "terugbelverzoek",
        "levering",
        "router",
        "creditnota",
        "contract",
        "opzegging",
        "storing",
        "monteur",
        "afspraak",
        "maat",
        "incasso",
        "wachtwoord",
        "meter",
        "verhuizing",
        "pakket",
        "garantie",
        "adres",
        "tarief",
        "aansluiting",
        "bestelling",
        "klacht",
        "énige",
    ],
    "no": [
        "faktura",
        "purring",
        "tilbakeringing",
        "levering",
        "ruter",
        "kreditnota",
        "avtale",
        "oppsigelse",
        "feil",
        "montør",
        "time",
        "størrelse",
        "trekk",
        "passord",
        "måler",
        "flytting",
        "pakke",
        "garanti",
        "adresse",
        "pris",
        "tilknytning",
        "bestilling",
        "klage",
        "bjørn",
    ],
}
LINKING = {
    "de": [
        "ist",
        "seit",
        "wieder",
        "nicht",
        "und",
        "das",
        "die",
        "der",
        "mit",
        "dem",
        "für",
        "zum",
        "dritten",
        "Mal",
        "noch",
    ],
    "nl": [
        "is",
        "sinds",
        "weer",
        "niet",
        "en",
        "dat",
        "de",
        "het",
        "met",
        "voor",
        "al",
        "voor",
        "de",
        "derde",
        "keer",
        "nog",
    ],
    "no": ["er", "siden", "igjen", "ikke", "og", "det", "den", "som", "med", "til", "for", "tredje", "gang", "ennå"],
}
SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "da",
    "de",
    "di",
    "du",
    "fe",
    "fi",
    "ga",
    "ge",
    "ha",
    "hö",
    "ka",
    "ke",
    "ki",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "nø",
    "pa",
    "pe",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "sü",
    "ta",
    "te",
    "ti",
    "to",
    "va",
    "ve",
    "vi",
    "zå",
]
RARE = 20_000
"""So many made-up words, of which each is half as frequent as the one at half its place."""
_FIRST = date(2024, 3, 4)
"""A Monday, the day of the calls from which notes are made."""
_HOLES = re.compile(r"(Qw[a-j]q|Qidq|Qtkq|Qagq)")


def texts(number: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """So many notes: the path below the notes folder and the text of each, from the oldest to the newest."""
    random = Random(seed)
    library = Library.open()
    calls = [_Call(language, library, Random(seed * 1000 + i)) for language in WORDS for i in range(CALLS)]
    words = {language: _words(language, random) for language in WORDS}
    for place in range(number):
        day = LAST_DAY - timedelta(days=DAYS - 1 - place * DAYS // max(number, 1))
        call = random.choice(calls)
        yield call.note(day, words[call.language], random)


def write(folder: Path, number: int, seed: int = 1, told: Callable[[int], None] = lambda _: None) -> None:
    """Put so many notes into a folder, without waiting for the disk."""
    for place, (name, text) in enumerate(texts(number, seed)):
        path = folder / name
        try:
            path.write_text(text, encoding="utf-8", newline="\n")
        except FileNotFoundError:
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        if place % 10_000 == 0:
            told(place)


class _Call:
    """One course of a call, as pieces of its note between the holes."""

    def __init__(self, language: str, library: Library, random: Random) -> None:
        self.language = language
        state = _led(library, language, random)
        note = note_from(state)
        self._ms = state.started_at % 86_400_000
        self._name = f"T{note.started[11:19].replace(':', '')}Z"
        self._pieces = re.split(self._dates() + "|" + _HOLES.pattern, render(note, catalogues.load(language)))

    def note(self, day: date, words: Callable[[], str], random: Random) -> tuple[str, str]:
        """A note of this call, on that day."""
        id_ = uuid7((day - date(1970, 1, 1)).days * 86_400_000 + self._ms, random.randbytes)
        new = {hole: words() for hole in {piece for piece in self._pieces if piece and piece.startswith("Qw")}}
        new["Qidq"] = id_
        new["Qtkq"] = f"T-{random.randrange(1, 400_000)}"
        new["Qagq"] = f"agent-{random.randrange(AGENTS)}"
        for days in (0, 2, 5, 9, 90):
            for shape in self._shapes():
                new[shape(_FIRST + timedelta(days=days))] = shape(day + timedelta(days=days))
        text = "".join(new.get(piece, piece) for piece in self._pieces if piece)
        return f"{day:%Y/%m/%Y-%m-%d}{self._name}_{short_id(id_)}.md", text

    def _shapes(self) -> tuple[Callable[[date], str], ...]:
        """How a note writes a day, the longest first."""
        language = self.language
        return (
            lambda day: format_due(day.isoformat(), language),
            lambda day: day.isoformat(),
            lambda day: format_date(day, language),
        )

    def _dates(self) -> str:
        days = [_FIRST + timedelta(days=days) for days in (0, 2, 5, 9, 90)]
        return "(" + "|".join(re.escape(shape(day)) for shape in self._shapes() for day in days) + ")"


def _led(library: Library, language: str, random: Random) -> SessionState:
    """A call that is led through its checklist, as calls go: it gets louder, turns, and ends."""
    checklist = library.checklist(random.choice(TYPES), language)
    start = 1_709_535_600_000 + random.randrange(9 * 3600) * 1000
    started = ev.Started(
        id="Qidq",
        checklist=checklist,
        channel="phone" if random.random() < 0.8 else "email",
        agent="Qagq",
        app_version="1.0.0",
        country=random.choice(COUNTRIES[language]),
        ticket="Qtkq",
        offset_min=0,
        retention_days=90,
    )
    lead = _Lead(begin(ev.Record(0, start, 0, started)), random, start)
    lead.to_the_end()
    return lead.state


class _Lead:
    """Leads one call."""

    def __init__(self, state: SessionState, random: Random, start: int) -> None:
        self.state = state
        self._random = random
        self._start = start
        self._ms = self._seq = 0
        self._level = random.choice((0, 1, 1, 2, 3))
        self._holes = (f"Qw{letter}q" for letter in "abcdefghij")

    def to_the_end(self) -> None:
        """From the first step to the closing."""
        random = self._random
        self._do(ev.LevelHeard(self._level), ev.RequestPinned(next(self._holes)))
        while not self.state.call.aftercare and (step := self._current()) is not None:
            self._step(step)
            if random.random() < 0.03:
                break
        if random.random() < 0.5 and (hole := next(self._holes, "")):
            self._do(ev.Promised(hole, (_FIRST + timedelta(days=random.choice((2, 5)))).isoformat()))
        if random.random() < 0.3:
            self._do(ev.FieldAnswered("follow_up", (_FIRST + timedelta(days=9)).isoformat()))
        outcome = random.choice(OUTCOMES)
        self._do(ev.Ended(outcome), ev.RequestAnswered(random.choice(("yes", "yes", "partly", "no"))))
        self._do(ev.AftercareBegun(), ev.Closed())

    def _step(self, step: Step) -> None:
        random = self._random
        if random.random() < 0.35:
            self._level = max(0, min(4, self._level + random.choice((-1, -1, 1, 1, -2))))
            self._level = 3 if self._level == 4 and random.random() < 0.8 else self._level
            self._do(ev.LevelHeard(self._level))
        if self._level == 3 and random.random() < 0.5:
            rung = len(self.state.call.limits) + 1
            if rung <= 3:
                self._do(ev.LimitGiven(rung, ("ask", "consequence", "end")[rung - 1]))
        for ask in step.ask:
            if ask.kind == "text" and random.random() < 0.4 and (hole := next(self._holes, "")):
                self._do(ev.FieldAnswered(ask.field, hole))
        if random.random() < 0.12 and (hole := next(self._holes, "")):
            self._do(ev.QuoteHeard(hole))
        self._do(ev.StepSkipped(step.id) if random.random() < 0.12 else ev.StepDone(step.id))

    def _current(self) -> Step | None:
        found = self.state.call.checklist.find(self.state.call.current)
        return found[1] if found is not None and found[0] != "aftercare" else None

    def _do(self, *events: ev.AnyEvent) -> None:
        for event in events:
            self._seq += 1
            self._ms += self._random.randrange(4_000, 45_000)
            self.state = apply(self.state, ev.Record(self._seq, self._start + self._ms, self._ms, event))


def _words(language: str, random: Random) -> Callable[[], str]:
    """Makes sentences: words of the trade, linking words, and rarer ones the longer the tail of the language is."""
    made = ["".join(random.choices(SYLLABLES, k=random.randrange(2, 5))) for _ in range(RARE)]
    known = [*LINKING[language] * 3, *WORDS[language], *made]
    weights = list(accumulate(1 / (place + 3) for place in range(len(known))))

    def sentence() -> str:
        return " ".join(random.choices(known, cum_weights=weights, k=random.randrange(5, 16)))

    return sentence


def main() -> int:
    """Write notes into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.umask(0o077)  # for their owner alone, as all notes are
    write(asked.folder, asked.number, asked.seed, lambda done: print(f"{done}\r", end="", file=sys.stderr))
    return 0


if __name__ == "__main__":
    sys.exit(main())
