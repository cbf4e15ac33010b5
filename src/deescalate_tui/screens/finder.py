"""Finding a card, a step or a sentence by typing a few letters, some of them wrong. Pure.

Everything there is to find is respelt once; then a query is looked for as text, and letter by letter among the words
that come near it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter

import msgspec

from deescalate_tui.call import commands as cmd
from deescalate_tui.call.checklist import Card, Cards, Step, lines_for
from deescalate_tui.call.questions import Book
from deescalate_tui.call.session import SessionState
from deescalate_tui.screens.english_names import ALSO
from deescalate_tui.screens.presenter import fill, quoted

CARD, STEP, SAY = "card", "step", "say"
START, WORD, INSIDE, NAME, TYPO, PHRASE, TEXT, TEXT_TYPO, NOWHERE = range(9)
"""How well a query fits, best first: the title begins with it, or a word of the title does, or has it inside; it is
one of its other names; one of these but for a typo; the texts have it in one piece, or word by word, or so but for
typos."""
SAY_LETTERS = 3
"""A query of so many letters finds sentences."""
INSIDE_LETTERS = 4
"""A word of so many letters is found inside others: `leitung` in Teamleitung."""
TYPO_LETTERS = 4
"""A word may have one letter wrong for every so many, but no more than two."""

_WORD = re.compile(r"\w+")
_ACCENT = re.compile("[\u0300-\u036f]")
_MARK = "|"
"""Stands before each text. No query holds it: none is found across two texts."""
_PLAIN = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "å": "a", "ø": "o", "æ": "ae", "œ": "oe"})
_SPELT_OUT = _PLAIN | str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


class Hit(msgspec.Struct, frozen=True):
    """Something that can be opened."""

    kind: str
    """`card`, `step` or `say`: a sentence of one of them."""
    text: str
    """Its title, or the sentence in quotation marks."""
    opens: cmd.Command
    source: str = ""
    """The title of what a sentence opens."""


class Entry(msgspec.Struct, frozen=True):
    """A hit with all that finds it, respelt. A sentence has the names of what it opens."""

    hit: Hit
    title: str
    also: str
    """Its other names: in English, and those of the language."""
    texts: str
    names: frozenset[str]
    """The words of the title and of the other names."""
    words: frozenset[str]
    """Those of the texts."""


class Index(msgspec.Struct, frozen=True):
    """All there is to find, and each word of it once."""

    entries: tuple[Entry, ...]
    names: frozenset[str]
    words: frozenset[str]


class Sought(msgspec.Struct, frozen=True):
    """A word of the query, and the words that it may be a typo for."""

    word: str
    names: frozenset[str]
    words: frozenset[str] = frozenset()


def find(query: str, state: SessionState, book: Book) -> tuple[Hit, ...]:
    """What has every word of the query, or its beginning, best first; where they fit alike, in the order of the index.

    Typos in texts, and wild ones, count only where nothing else is found. An empty query lists all cards and the steps
    of the path.
    """
    call = state.call
    steps = tuple(step for _, step in call.path())
    facts = {**book.facts, "request": call.request}
    index = _index(book.cards, steps, call.channel, book.language, tuple(facts.items()))
    phrase = _respelt(query, _PLAIN)
    if not phrase:
        return tuple(entry.hit for entry in index.entries if entry.hit.kind != SAY)
    words = dict.fromkeys(phrase.split())
    close = [Sought(word, _near_words(word, index.names)) for word in words]
    found = _search(phrase, close, index.entries)
    if found:
        return found
    wild = [
        Sought(word, _near_words(word, index.names, wild=True), _near_words(word, index.words, wild=True))
        for word in words
    ]
    return _search(phrase, wild, index.entries)


@lru_cache(maxsize=4)
def _index(
    cards: Cards | None, steps: tuple[Step, ...], channel: str, language: str, facts: tuple[tuple[str, str], ...]
) -> Index:
    """Emergency cards, the other cards, steps, then the sentences of all these."""
    things: list[Card | Step] = list(steps)
    if cards is not None:
        things = [*cards.emergency(), *(card for card in cards.cards if not card.letter), *steps]
    own, said = [], []
    for thing in things:
        hit = _hit(thing)
        title, also = _text(hit.text), _also(thing)
        own.append(_entry(hit, title, also, _texts(thing, channel)))
        for line in fill(lines_for(thing, channel), dict(facts)):
            sentence = Hit(SAY, quoted(line, language), hit.opens, hit.text)
            said.append(_entry(sentence, title, also, (line,)))
    entries = (*own, *said)
    names = frozenset[str]().union(*(entry.names for entry in entries))
    return Index(entries, names, frozenset[str]().union(*(entry.words for entry in entries)))


def _hit(thing: Card | Step) -> Hit:
    if isinstance(thing, Card):
        return Hit(CARD, thing.title, cmd.OpenCard(thing.id))
    return Hit(STEP, thing.do, cmd.GoTo(thing.id))


def _also(thing: Card | Step) -> str:
    """What a card or step is called beside its title."""
    own = thing.also if isinstance(thing, Card) else ()
    return "".join(_text(name) for name in (f"{thing.id} {ALSO.get(thing.id, '')}", *own))


def _texts(thing: Card | Step, channel: str) -> tuple[str, ...]:
    """The texts of a card or step beside its title and its sentences."""
    if isinstance(thing, Card):
        return (thing.cue, *thing.do, thing.avoid)
    return tuple(text for _, text in thing.details(channel))


def _entry(hit: Hit, title: str, also: str, texts: Iterable[str]) -> Entry:
    body = "".join(_text(text) for text in texts)
    return Entry(hit, title, also, body, frozenset((title + also).split()), frozenset(body.split()))


@lru_cache(maxsize=2048)
def _text(text: str) -> str:
    """A text in all the ways in which it may be typed, each after a mark: `über` is also ueber, and `e-mail` email."""
    spellings = {_respelt(text, _PLAIN): None}
    if not text.isascii():
        spellings[_respelt(text, _SPELT_OUT)] = None
    if "-" in text:
        spellings[_respelt(text.replace("-", ""), _PLAIN)] = None
    return "".join(f"{_MARK} {spelling} " for spelling in spellings)


def _respelt(text: str, table: dict[int, str]) -> str:
    """The words of a text in small letters without accents, one blank between them."""
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(table)
        text = _ACCENT.sub("", unicodedata.normalize("NFD", text))
    return " ".join(_WORD.findall(text))


def _search(phrase: str, sought: Iterable[Sought], entries: Iterable[Entry]) -> tuple[Hit, ...]:
    ranked = [(_rank(phrase, sought, entry), entry.hit) for entry in entries]
    ranked.sort(key=itemgetter(0))
    return tuple(hit for rank, hit in ranked if rank < NOWHERE)


def _rank(phrase: str, sought: Iterable[Sought], entry: Entry) -> int:
    """How well an entry fits: as its worst word does. A sentence counts only where the names do not fit alone."""
    if entry.hit.kind == SAY:
        if len(phrase) < SAY_LETTERS:
            return NOWHERE
    elif f"{_MARK} {phrase}" in entry.title:
        return START
    rank = START
    for one in sought:
        rank = max(rank, _rank_of(one, entry))
        if rank == NOWHERE:
            return NOWHERE
    if rank > TYPO:
        return PHRASE if f" {phrase}" in entry.texts else rank
    return NOWHERE if entry.hit.kind == SAY else rank


def _rank_of(one: Sought, entry: Entry) -> int:
    """How well one word fits."""
    start, inside = f" {one.word}", len(one.word) >= INSIDE_LETTERS
    if start in entry.title:
        return WORD
    if inside and one.word in entry.title:
        return INSIDE
    if start in entry.also:
        return NAME
    if not one.names.isdisjoint(entry.names):
        return TYPO
    if start in entry.texts or (inside and one.word in entry.texts):
        return TEXT
    return NOWHERE if one.words.isdisjoint(entry.words) else TEXT_TYPO


@lru_cache(maxsize=128)
def _near_words(typed: str, words: frozenset[str], *, wild: bool = False) -> frozenset[str]:
    """Those of the words that begin with what is typed but for typos.

    Unless `wild`, few letters must be the whole word, and the last one must be right: typing on will tell.
    """
    edits = min(len(typed) // TYPO_LETTERS, 2)
    if not edits:
        return frozenset()
    letters, least = set(typed), len(typed) - edits
    most = len(typed) + 1 if len(typed) == TYPO_LETTERS and not wild else 99
    likely = [word for word in words if least <= len(word) <= most and len(letters.difference(word)) <= edits]
    near = {word for word in likely if _near(typed, word, edits)}
    if wild:
        near.update(word for word in likely if _near(typed[:-1], word, edits - 1))
    return frozenset(near)


def _near(typed: str, word: str, edits: int) -> bool:
    """Whether a word begins with what is typed, but for so many letters that are wrong, missing, too many or swapped.

    The last letter typed may be wrong only at the end of the word.
    """
    same = 0
    while typed[same : same + 1] == word[same : same + 1] != "":
        same += 1
    typed, word = typed[same:], word[same:]
    if not typed or not edits:
        return not typed
    if _near(typed, word[1:], edits - 1):
        return True
    if typed[:2] == word[1::-1] and _near(typed[2:], word[2:], edits - 1):
        return True
    if len(typed) == 1 < len(word):
        return False
    return _near(typed[1:], word[1:], edits - 1) or _near(typed[1:], word, edits - 1)
