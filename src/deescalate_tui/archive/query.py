"""The language of a search. Pure.

`word` `"a phrase"` `begin*` `-without` `one OR other` `field:value` `field:one,other`. All of it must hold; OR joins
its two neighbours. Words are compared folded, so marks and capitals do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from deescalate_tui.archive.folding import words
from deescalate_tui.archive.terms import LONGEST, OR, Term, all_of, any_of
from deescalate_tui.errors import UsageFault

PLACE = "QUERY"
FIELDS = (
    *(
        "channel",
        "country",
        "due",
        "expired",
        "language",
        "level",
        "outcome",
        "since",
        "threat",
        "ticket",
        "type",
        "until",
    ),
)
ALSO = {"lang": "language"}
"""A field by the name of its option."""
_TOKEN = re.compile(
    r"""
      (?P<no>-)?                              # without
      (?:(?P<field>[A-Za-z_]+):)?             # in a field
      (?: "(?P<phrase>[^"]*)(?P<end>"?) | (?P<word>[^\s"]+) | )
      (?P<more>\*)?
    """,
    re.VERBOSE,
)


class Words(msgspec.Struct, frozen=True):
    """One of these terms, or none of them."""

    terms: tuple[Term, ...]
    without: bool = False


class Field(msgspec.Struct, frozen=True):
    """A field has one of these values, or none of them; `column` is where that was asked for, from 1."""

    name: str
    values: tuple[str, ...]
    column: int
    without: bool = False


class Query(msgspec.Struct, frozen=True):
    """What was asked for: all of it must hold."""

    words: tuple[Words, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that a hit may hold: to be marked."""
        return tuple(term for words in self.words if not words.without for term in words.terms)


def parse(text: str) -> Query:
    """What a text asks for. Raises UsageFault with the column of what cannot be."""
    if len(text) > LONGEST:
        raise fault(LONGEST, "query-long", limit=LONGEST)
    parts: list[Words | Field] = []
    joined = 0
    for column, token in _tokens(text):
        if token[0] in OR:
            if not parts or joined:
                raise fault(column, "query-or")
            joined = column
            continue
        part = _part(token, column)
        if joined:
            parts[-1] = _either(parts[-1], part, joined)
        else:
            parts.append(part)
        joined = 0
    if joined:
        raise fault(joined, "query-or")
    return Query(
        tuple(part for part in parts if isinstance(part, Words)),
        tuple(part for part in parts if isinstance(part, Field)),
    )


def beginnings(query: Query) -> Query:
    """The same with each wanted word as the beginning of one, as is meant while one types. Words in a row stay."""

    def begun(term: Term) -> Term:
        return (term[0], True) if len(term[0]) == 1 else term

    wanted = (it if it.without else Words(tuple(map(begun, it.terms))) for it in query.words)
    return Query(tuple(wanted), query.fields)


def fault(column: int, key: str, **params: object) -> UsageFault:
    """What is wrong with a query, and where."""
    return UsageFault(f"{PLACE}:{column}", key, **params)


def _tokens(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        found = _TOKEN.match(text, place)
        if found is None or found.end() == place:
            raise fault(place + 1, "query-nothing", found=text[place:][:40])
        yield place + 1, found
        place = found.end()


def _part(token: re.Match[str], column: int) -> Words | Field:
    if token["phrase"] is not None and not token["end"]:
        raise fault(token.start("phrase"), "query-quote")  # the place before it, counted from 1
    value = token["phrase"] if token["phrase"] is not None else (token["word"] or "")
    without = token["no"] is not None
    if token["field"] is not None:
        return _field(token, value, column, without)
    prefix = token["more"] is not None or (token["phrase"] is None and value.endswith("*"))
    found = tuple(words(value))
    if not found:
        raise fault(column, "query-nothing", found=token[0][:40])
    return Words(((found, prefix),), without)


def _field(token: re.Match[str], value: str, column: int, without: bool) -> Field:
    name = token["field"].lower()
    name = ALSO.get(name, name)
    if name not in FIELDS:
        raise fault(column, "query-field", found=name, known=", ".join(FIELDS))
    values = (value,) if token["phrase"] is not None else tuple(filter(None, value.split(",")))
    if not any(it.strip() for it in values):
        raise fault(column, "query-value", name=name)
    return Field(name, values, column, without)


def _either(one: Words | Field, other: Words | Field, column: int) -> Words | Field:
    """Two neighbours of an OR: words, or values of the same field. Without either is said by two `-`."""
    if not (one.without or other.without):
        if isinstance(one, Words) and isinstance(other, Words):
            return Words((*one.terms, *other.terms))
        if isinstance(one, Field) and isinstance(other, Field) and one.name == other.name:
            return Field(one.name, (*one.values, *other.values), one.column)
    raise fault(column, "query-mixed")


def match_of(query: Query) -> str:
    """The words of a query in the language of FTS5; empty where only fields are asked for, or words not wanted."""
    wanted = [any_of(part.terms) for part in query.words if not part.without]
    unwanted = [any_of(part.terms) for part in query.words if part.without]
    if not wanted:
        return ""
    return all_of(wanted) + (f" NOT ({' OR '.join(unwanted)})" if unwanted else "")


def unwanted_of(query: Query) -> str:
    """The words of a query that must not be there, where there is none that must."""
    if any(not part.without for part in query.words):
        return ""
    return " OR ".join(any_of(part.terms) for part in query.words)
