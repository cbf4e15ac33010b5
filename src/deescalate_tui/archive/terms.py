"""The words that are looked for, in the language of the index. Pure, and quick to import: see `quick`."""

from __future__ import annotations

from deescalate_tui.archive.folding import words

TYPE_CHECKING = False  # see `i18n`
if TYPE_CHECKING:
    from collections.abc import Iterable

Term = tuple[tuple[str, ...], bool]
"""Words in a row, folded; and whether the last one may be the beginning of one."""
OR = ("OR", "|")
LONGEST = 1_000
"""Characters of a query: nobody types more."""


def plain_terms(text: str) -> list[Term] | None:
    """The terms of a query that holds nothing but words, all of which are wanted; None where `query` must read it."""
    found: list[Term] = []
    if len(text) > LONGEST:
        return None
    for token in text.split():
        word, prefix = (token[:-1], True) if token.endswith("*") else (token, False)
        parts = tuple(words(word)) if word.isalnum() and token not in OR else ()
        if not parts:
            return None
        found.append((parts, prefix))
    return found


def any_of(terms: Iterable[Term]) -> str:
    """FTS5's words for: one of these. Words hold letters and digits alone, so quotation marks keep them apart."""
    return f"({' OR '.join(_quoted(*term) for term in terms)})"


def all_of(parts: Iterable[str]) -> str:
    """FTS5's words for: each of these."""
    return " AND ".join(parts)


def _quoted(parts: tuple[str, ...], prefix: bool) -> str:
    return f'"{" ".join(parts)}"{"*" if prefix else ""}'
