"""The command that a call for help runs: a message to a chat, a buzzer. It learns what is needed, the ticket and the
level, and nothing else that was typed."""

from __future__ import annotations

import os

from deescalate_tui.i18n import Messages
from deescalate_tui.own_program import RUNNING, Told, reference

VARIABLES = ("DEESCALATE_HELP", "DEESCALATE_TICKET", "DEESCALATE_LEVEL", "DEESCALATE_SESSION")


def environment(kind: str, ticket: str, level: int | None, session_id: str) -> dict[str, str]:
    """The program's own environment, and `VARIABLES`. `kind` is one of `questions.HELP`."""
    said = (kind, reference(ticket), "" if level is None else str(level), session_id)
    return {**os.environ, **dict(zip(VARIABLES, said, strict=True))}


def told_text(told: Told, messages: Messages) -> str:
    """How the call for help fares, in one line: where it failed, nobody may have heard it."""
    if told.failed:
        return messages("help-command.failed", reason=told.text(messages))
    return messages("help-command.running" if told == RUNNING else "help-command.sent")
