"""Where typed text enters the session: what is personal in it is masked here, before anything keeps it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from deescalate_tui.call import commands as cmd
from deescalate_tui.call.commands import Decision, Typed
from deescalate_tui.call.questions import Book, is_choice
from deescalate_tui.call.session import SessionState

# `masking` and `special` are imported late: their rules take 20 ms, and the first screen does not need them.
_LEAST = 8
"""So many digits has the shortest number that is masked in a ticket; most tickets are shorter, and start faster."""


def entered(state: SessionState, text: str, book: Book) -> Typed:
    """A finished line."""
    question = state.question
    if not book.masks or not text or question is None or is_choice(state):
        return Typed(text, text)
    from deescalate_tui.masking.find import mask

    language = state.call.checklist.language
    masked = mask(text, book.masks, language, state.country, ticket=question.kind == "ticket")
    return Typed(text, masked.text, masked.kinds)


def draft(state: SessionState, text: str, book: Book) -> str:
    """A line that is still being typed: a number that may go on is left out as well."""
    question = state.question
    if not book.masks or not text or question is None or is_choice(state):
        return text
    from deescalate_tui.masking.find import mask_draft

    language = state.call.checklist.language
    return mask_draft(text, book.masks, language, state.country, ticket=question.kind == "ticket")


def argument(text: str, language: str, country: str, masks: Mapping[str, str], *, ticket: bool = False) -> Typed:
    """A text that came with the command line."""
    short = sum(map(str.isdigit, text)) < _LEAST and "@" not in text
    if not masks or (ticket and short):
        return Typed(text, text)
    from deescalate_tui.masking.find import mask

    masked = mask(text, masks, language, country, ticket=ticket)
    return Typed(text, masked.text, masked.kinds)


def is_masked(text: str, masks: Mapping[str, str]) -> bool:
    """Whether something was masked in a text: two that read alike then need not be the same."""
    return any(f"[{word}" in text for word in masks.values())


def prepare() -> None:
    """Load the rules ahead of the first text: they take 20 ms, and no key must wait for them."""
    from deescalate_tui.masking import find as masking  # noqa: F401
    from deescalate_tui.masking import special

    special.compile_all()


def kept_typed(before: SessionState, command: cmd.Command, decision: Decision, kept: Typed | None) -> Typed | None:
    """Which text can still be had back as it was typed: the one just masked, until the next command.

    A draft is no command of the agent's, and the second half of a promise, in one line of plain mode, belongs to the
    first.
    """
    typed = decision.typed
    if typed is not None and typed.kinds and decision.events:
        return typed
    if isinstance(command, cmd.Write):
        return kept
    question = before.question
    halves = kept is not None and question is not None and isinstance(command, cmd.Submit)
    return kept if halves and kept is not None and question is not None and question.held == kept.masked else None
