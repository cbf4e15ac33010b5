"""What plain mode has printed already, so that each line is heard once: only what changed follows a command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from deescalate_tui.call.questions import is_date
from deescalate_tui.call.session import Question
from deescalate_tui.dates import examples
from deescalate_tui.journal.journal import Status
from deescalate_tui.live import LiveSession
from deescalate_tui.plain.page import card_lines, question_lines, sign_lines, step_lines
from deescalate_tui.screens.presenter import SessionView, session_view
from deescalate_tui.screens.prompts import question_view, sign_view

LOOK_BACK_S = 0.3
"""So long the first lines wait for what the notes folder knows of the ticket."""


class Shown:
    """What the agent knows by now."""

    def __init__(self, *, compact: bool) -> None:
        self._compact = compact
        self._request: str | None = None
        self._pieces: tuple[str, ...] = ()
        self._question: Question | None = None
        self._front: object = None
        self._trouble = False
        self._elsewhere: Path | None = None
        self._earlier = ""

    def ask_again(self) -> None:
        """The open question is to be printed once more."""
        self._question = None

    def toggle(self) -> str:
        """Headlines only, or everything again: `on` or `off`."""
        self._compact = not self._compact
        return "on" if self._compact else "off"

    def news(self, live: LiveSession, said: Sequence[str]) -> list[str]:
        """The lines that are new since the last time; `said` are lines that are printed before them."""
        view = session_view(live.state, live.book, live.messages)
        status = self._status(live, view, said)
        return [*self._safety(live), *status, *self._looked_back(live), *self._in_front(live, view)]

    def _safety(self, live: LiveSession) -> list[str]:
        """That the disk refuses, or takes everything again."""
        saved = live.saved
        trouble = saved.status is Status.NOT_SAVED
        if saved.elsewhere not in (None, self._elsewhere):
            self._trouble, self._elsewhere = trouble, saved.elsewhere
            return [live.messages("notice.second-place", path=saved.elsewhere)]
        if trouble == self._trouble:
            return []
        self._trouble = trouble
        if not trouble:
            return [live.messages("notice.saved-again")]
        reason = [live.messages.fault(saved.fault)] if saved.fault is not None else []
        return [": ".join((live.messages("save.not-saved"), *reason))]

    def _status(self, live: LiveSession, view: SessionView, said: Sequence[str]) -> list[str]:
        """Request, level, counts and facts, as far as they changed and no other line says so."""
        lines = []
        if view.request != self._request:
            self._request = view.request
            known_as = live.messages("plain.request", request=view.request)
            lines.append(known_as if view.request else live.messages("plain.no-request"))
        pieces = (*view.facts, view.level, *view.counts)
        known, self._pieces = self._pieces, pieces
        told = "\n".join(said).casefold()
        changed = [piece for piece in pieces if piece not in known and piece.casefold() not in told]
        return [*lines, " · ".join(changed)] if changed else lines

    def _looked_back(self, live: LiveSession) -> list[str]:
        """What is known of the ticket's earlier notes; from a slow folder that comes with a later command."""
        live.look_back(LOOK_BACK_S)
        known, self._earlier = self._earlier, live.earlier
        return [self._earlier] if self._earlier not in ("", known) else []

    def _in_front(self, live: LiveSession, view: SessionView) -> list[str]:
        """The sign, the open question, the card or the step, if it is another one than before."""
        state, messages = live.state, live.messages
        if state.question is not None and not state.sign:
            return self._asked(live, state.question)
        self._question = None
        card = live.book.cards.find(state.card) if live.book.cards is not None else None
        step = state.call.checklist.find(state.focus)
        row = next((row for row in view.steps if row.id == state.focus), None)
        front = (state.sign, card, view.focus, view.finished, row)
        if front == self._front:
            return []
        self._front = front
        if state.sign:
            return sign_lines(sign_view(state, live.book, messages, live.today), messages)
        if card is not None:
            return card_lines(card, live.state.call.channel, live.book, messages, live.today)
        lines = step_lines(view, step[1] if step else None, messages)
        return lines[:1] if self._compact else lines

    def _asked(self, live: LiveSession, question: Question) -> list[str]:
        view = question_view(live.state, live.book, live.messages)
        if view is None or question == self._question:
            return []
        self._question = question
        dates = examples(live.state.call.checklist.language) if is_date(live.state) else ""
        return question_lines(view, dates, live.messages)
