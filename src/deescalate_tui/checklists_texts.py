"""How the texts of the content are written: their signs, the words nobody should hear, how hard they are to read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from deescalate_tui.checklist import Cards, Checklist, Ladder
from deescalate_tui.errors import ContentFaults, Fault, FileFault
from deescalate_tui.library import Library
from deescalate_tui.texts import Text, texts_of

QUOTED = {"de": "„[^„“]*“|‚[^‚‘]*‘", "nl": "‘[^‘]*’", "no": "«[^«»]*»"}
"""A passage between the quotation marks of each language."""
MARKS = {"de": "„…“", "nl": "‘…’", "no": "«…»"}
LONG_WORD = 7
"""Letters from which on the index counts a word as long."""

_QUOTES = frozenset("\"'`´„“”‚‘’«»‹›")
_APOSTROPHE = "’"
_WITHIN = re.compile(r"(?<=\w)’(?=\w)|’(?=[stnkm]\b)")
"""Apostrophes that no quotation mark could be: foto’s, ’s avonds."""
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.?!:…]+(?=[\s“’»]|$)")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")

Texts = Checklist | Cards | Ladder


def quotes(library: Library) -> Iterator[Fault]:
    """Quotation marks are those of the language, in pairs; an apostrophe is a real one."""
    for value in written(library):
        for text in texts_of(value):
            left = re.sub(QUOTED[value.language], "", _WITHIN.sub("", text.text))
            if wrong := [sign for sign in left if sign in _QUOTES and sign != _APOSTROPHE]:
                place = library.place(value, *text.path)
                yield Fault(place, "text-quotes", found=wrong[0], expected=MARKS[value.language])


def exclamations(library: Library) -> Iterator[Fault]:
    """Nobody is shouted at, neither customer nor agent."""
    for value in written(library):
        for text in texts_of(value):
            if "!" in text.text:
                yield Fault(library.place(value, *text.path), "text-exclamation")


def words(library: Library) -> Iterator[Fault]:
    """Nothing that is never said to a customer, and nothing that is translated rather than spoken."""
    try:
        voice = library.voice()
    except (ContentFaults, FileFault):
        return  # told by other rules
    for language in library.languages():
        avoided = voice.avoided(language)
        never, foreign = _either(avoided.customer), _either(avoided.foreign)
        for value in _written_in(library, language):
            for text in texts_of(value):
                for key, pattern in (("word-customer", never if text.spoken else None), ("word-foreign", foreign)):
                    if pattern and (found := pattern.search(_PLACEHOLDER.sub("", text.text))):
                        yield Fault(library.place(value, *text.path), key, found=found[0])


def readability(library: Library) -> dict[str, float]:
    """The LIX of every file in use, by its path: 30 is easy, 50 hard. Words a sentence, and long words in a hundred."""
    return {library.place(value).rsplit(":", 2)[0]: lix(texts_of(value)) for value in written(library)}


def lix(texts: Iterable[Text]) -> float:
    """The index of some texts, each at least one sentence; 0 where there is no word."""
    count = long = sentences = 0
    for text in texts:
        for sentence in _SENTENCE_END.split(_PLACEHOLDER.sub("", text.text)):
            found = _WORD.findall(sentence)
            count += len(found)
            long += sum(len(word) >= LONG_WORD for word in found)
            sentences += bool(found)
    return round(count / sentences + 100 * long / count, 1) if count else 0.0


def written(library: Library) -> Iterator[Texts]:
    """Everything with texts to read: types, cards and ladders of all languages, as far as they are valid."""
    for language in library.languages():
        yield from _written_in(library, language)


def _written_in(library: Library, language: str) -> Iterator[Texts]:
    yield from library.types(language)
    get: Callable[[str], Texts]
    for get in (library.cards, library.ladder):
        try:
            yield get(language)
        except (ContentFaults, FileFault):
            continue  # told by other rules


def _either(entries: tuple[str, ...]) -> re.Pattern[str] | None:
    """Any of the entries as whole words; None where there are none."""
    longest_first = sorted(entries, key=len, reverse=True)
    alternatives = "|".join(re.escape(entry) for entry in longest_first)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE) if entries else None
