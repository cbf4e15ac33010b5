"""Where typed text enters the session: what is personal in it is masked here, before anything keeps it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from deescalate_tui import commands as cmd
from deescalate_tui.commands import Decision, Typed
from deescalate_tui.questions import Book, is_choice
from deescalate_tui.session import SessionState

# `masking` is imported late, with the first text: its rules take 20 ms, and the first screen does not need them.


def entered(state: SessionState, text: str, book: Book) -> Typed:
    """A finished line."""
    question = state.question
    if not book.masks or not text or question is None or is_choice(state):
        return Typed(text, text)
    from deescalate_tui.masking import mask

    language = state.call.checklist.language
    masked = mask(text, book.masks, language, state.country, ticket=question.kind == "ticket")
    return Typed(text, masked.text, masked.kinds)


def draft(state: SessionState, text: str, book: Book) -> str:
    """A line that is still being typed: a number that may go on is left out as well."""
    question = state.question
    if not book.masks or not text or question is None or is_choice(state):
        return text
    from deescalate_tui.masking import mask_draft

    language = state.call.checklist.language
    return mask_draft(text, book.masks, language, state.country, ticket=question.kind == "ticket")


def entered_ticket(ticket: str, language: str, country: str, masks: Mapping[str, str]) -> Typed:
    """A ticket that came with the command line."""
    if not masks or not (any(map(str.isdigit, ticket)) or "@" in ticket):
        return Typed(ticket, ticket)
    from deescalate_tui.masking import mask

    masked = mask(ticket, masks, language, country, ticket=True)
    return Typed(ticket, masked.text, masked.kinds)


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
