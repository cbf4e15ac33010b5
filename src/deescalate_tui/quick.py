"""The answers that people wait for most often: `--help`, `notes list` and `notes search` for words.

They say what the command line would say, by the same functions where anything is found or shown, but import next to
nothing: neither argparse nor YAML nor msgspec, not even `re`, `typing` or `pathlib`, each of which takes as long as the
answer. Whatever is not plain - other options, fields in the query, a folder with something new in it - is left to the
command line, and nothing is written before that is known.
"""

from __future__ import annotations

import os

from deescalate_tui import kept

TYPE_CHECKING = False  # see `i18n`
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from deescalate_tui.archive.snippets import Piece
    from deescalate_tui.archive.terms import Term

MOST = 500
"""Notes: more are written as they are found."""
HELP = (["--help"], ["-h"])


def answer(arguments: list[str]) -> int | None:
    """The exit status; None where the command line is to answer, and nothing has been written."""
    if arguments in HELP:
        return _help()
    if arguments[:1] == ["notes"] and arguments[1:2] in (["list"], ["search"]):
        return _notes(arguments[2:], is_search=arguments[1] == "search")
    return None


def _help() -> int | None:
    from deescalate_tui.cli.tables import terminal_width
    from deescalate_tui.streams import put  # late: not every command needs it

    texts = kept.read(dict(os.environ), kept.HELP, str(terminal_width()))
    return None if texts is None else _written(lambda: put(texts[0]), 0)


def _notes(words: list[str], *, is_search: bool) -> int | None:
    from deescalate_tui.archive.terms import plain_terms  # late: see `_help`
    from deescalate_tui.cli.rows import shown_limit

    text, wanted = _asked(words)
    terms, limit = plain_terms(text), shown_limit(wanted)
    if terms is None or limit == -1 or (is_search and not terms):
        return None
    texts = kept.read(dict(os.environ), kept.NOTES)
    found = None if texts is None else _find(texts, terms, limit, with_places=is_search)
    return None if texts is None or found is None else _show(texts, found, limit, is_search=is_search)


def _asked(words: list[str]) -> tuple[str, str]:
    """The words that are looked for and the limit; a text that is no query where there are other options."""
    if len(words) > 1 and words[-2] == "--limit":
        words, limit = words[:-2], words[-1].strip()
    else:
        limit = ""
    strange = any(word.startswith("-") for word in (*words, limit))
    return "-" if strange else " ".join(words), limit


class _Found:
    """Notes, as `cli.rows` shows them, and the places of the words; how many there are, where that may be more.

    `all`: every note is meant.
    """

    def __init__(
        self, rows: Sequence[tuple[Any, ...]], places: Sequence[Sequence[Piece]], number: int, *, all_: bool
    ) -> None:
        self.rows, self.places, self.number, self.all = rows, places, number, all_


def _find(texts: list[str], terms: list[Term], limit: int | None, *, with_places: bool) -> _Found | None:
    """The notes that are meant; None where the index is behind, or there are too many to hold."""
    import sqlite3  # late: help needs none of this

    from deescalate_tui.archive import paging
    from deescalate_tui.archive.settled import unchanged
    from deescalate_tui.archive.snippets import snippet
    from deescalate_tui.archive.terms import all_of, any_of
    from deescalate_tui.cli.rows import LISTED, place_width

    _, root, shared, index, version, *_ = texts
    if not os.path.isfile(index):
        return None
    connection = sqlite3.connect(index, isolation_level=None)
    try:
        connection.execute("BEGIN")  # one look at the index as it is: each statement alone would lock it anew
        marks = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        if str(marks) != version or not unchanged(connection, root, shared=bool(shared)):
            return None
        match = all_of(any_of((term,)) for term in terms)
        columns = ", ".join(f"n.{name}" for name in ("id", *LISTED))
        found = paging.pages(connection, columns, match, limit=min(limit or MOST + 1, MOST + 1))
        rows = [row for page in found for row in page]
        if len(rows) > MOST:
            return None
        width = place_width()
        places = [snippet(paging.words_of(connection, row[0]), terms, width) for row in rows if with_places]
        number = paging.count(connection, match) if len(rows) == limit else 0
        return _Found([row[1:] for row in rows], places, number, all_=not terms)
    except sqlite3.Error:
        return None
    finally:
        connection.close()


def _show(texts: list[str], found: _Found, limit: int | None, *, is_search: bool) -> int:
    from deescalate_tui.clean import clean  # late: see `_help`
    from deescalate_tui.cli.rows import put_found, put_list, tell_more
    from deescalate_tui.i18n import Messages
    from deescalate_tui.streams import tell

    language, root, _, _, _, *said = texts
    messages = Messages(language, dict(zip(said[::2], said[1::2], strict=True)))

    def show() -> None:
        if is_search:
            put_found(zip(found.rows, found.places, strict=True), messages)
        else:
            put_list(found.rows, messages)
        if not found.rows:
            empty = messages("cli.no-notes", path=clean(root)) if found.all else messages("cli.nothing-found")
            tell(empty)
        elif len(found.rows) == limit:
            tell_more(limit, found.number, messages)

    return _written(show, 1 if is_search and not found.rows else 0)


def _written(write: Callable[[], None], status: int) -> int:
    """The status, after something was written; or what the command line makes of it where that could not be done."""
    from deescalate_tui.streams import prepare  # late: see `_help`

    prepare()
    try:
        write()
    except BaseException as error:  # noqa: BLE001 - the command line has the last net
        from deescalate_tui.cli.main import ended

        return ended(error)
    return status
