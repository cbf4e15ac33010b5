"""Finding a card, a step or a sentence by typing a few letters. Pure."""

from __future__ import annotations

import unicodedata

import msgspec

from deescalate_tui.questions import Book
from deescalate_tui.session import SessionState

_SPELT_OUT = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "ð": "d", "ł": "l"})


class Hit(msgspec.Struct, frozen=True):
    """Something that can be opened: `kind` is `card` or `step`."""

    kind: str
    id: str
    text: str
    rank: int


def folded(text: str) -> str:
    """The text as it is compared: lower case, without accents, so that `uber` and `über` meet."""
    plain = unicodedata.normalize("NFD", text.casefold().translate(_SPELT_OUT))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def find(query: str, state: SessionState, book: Book) -> tuple[Hit, ...]:
    """What holds every word of the query, best first: titles before sentences, cards before steps.

    An empty query lists all cards and the steps of the path.
    """
    words = [_respelt(folded(word)) for word in query.split()]
    hits: list[Hit] = []
    for card in book.cards.cards if book.cards is not None else ():
        rank = _rank(words, card.id.replace("-", " "), card.title, " ".join((card.cue, *card.do, *card.say)))
        if rank is not None:
            hits.append(Hit("card", card.id, card.title, rank))
    for _, step in state.call.path():
        rank = _rank(words, step.id.replace("-", " "), step.do, " ".join((*step.say, step.tone, step.avoid, step.why)))
        if rank is not None:
            hits.append(Hit("step", step.id, step.do, rank))
    return tuple(sorted(hits, key=lambda hit: hit.rank))


def _respelt(word: str) -> tuple[str, str]:
    """A word as typed, and with ae, oe, ue read as the umlauts they stand for."""
    return word, word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _rank(words: list[tuple[str, str]], english: str, title: str, body: str) -> int | None:
    """0 where the title begins with the words, then title, then anywhere; None where a word is missing."""
    names, everything = folded(f"{title} {english}"), folded(f"{title} {english} {body}")
    if not all(any(form in everything for form in forms) for forms in words):
        return None
    if not all(any(form in names for form in forms) for forms in words):
        return 2
    return 0 if all(any(names.startswith(form) for form in forms) for forms in words[:1]) else 1
