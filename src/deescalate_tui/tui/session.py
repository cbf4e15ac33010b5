"""The session on the screen: keys become commands, the state becomes a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deescalate_tui import commands as cmd
from deescalate_tui.checklist import Pace
from deescalate_tui.clean import clean
from deescalate_tui.dates import format_duration
from deescalate_tui.finder import Hit, find
from deescalate_tui.i18n import Messages
from deescalate_tui.journal import Status
from deescalate_tui.keys import ACTIONS
from deescalate_tui.presenter import session_view
from deescalate_tui.prompts import Notice, card_view, question_view
from deescalate_tui.questions import is_choice, letters
from deescalate_tui.screens.card import card_page
from deescalate_tui.screens.footer import Hint, session_hints
from deescalate_tui.screens.overlays import find_page, help_page, sign_page, steady_page
from deescalate_tui.screens.rows import Page
from deescalate_tui.screens.session import Scene, session_page

if TYPE_CHECKING:
    from deescalate_tui.live import LiveSession
    from deescalate_tui.tui.app import Guide

HELP, FIND, STEADY = "help", "find", "steady"
RETRY_S = 3


class SessionPlace:
    """A live session, and what lies over it for a moment."""

    def __init__(self, app: Guide, live: LiveSession) -> None:
        self.live = live
        self._app = app
        self._hints: dict[str, tuple[Hint, ...]] = {}
        self._notice: Notice | None = None
        self._picked = 0
        self._over = ""
        self._query = ""
        self._since_ms = 0
        self._saved = Status.SAVED
        self._ticks = 0

    def page(self, width: int, height: int) -> Page:
        """The overlay if one is open, else the sign, the card or the session."""
        state, messages = self.live.state, self.live.messages
        if self._over == HELP:
            return help_page(self.live.workplace.keymap, messages, self._picked, width, height)
        if self._over == FIND:
            return find_page(self._hits(), self._picked, messages, width, height)
        if self._over == STEADY:
            seconds = (self.live.elapsed_ms - self._since_ms) / 1000
            return steady_page(self._pace(), seconds, messages, width, height)
        if state.sign:
            return sign_page(state.sign, state.call.ticket, messages, width, height)
        cards = self.live.book.cards
        card = cards.find(state.card) if cards is not None else None
        if card is not None and state.question is None:
            view = card_view(card, self.live.book, messages, self.live.today)
            return card_page(view, state.call.request, self._clock(), messages, self.live.book.language, width, height)
        return session_page(self._scene(), messages, width, height)

    def key(self, key: str) -> None:
        """A key: for the overlay, the open choice, or the session."""
        if self._over == HELP and key in ("up", "down"):
            self._picked = min(max(self._picked + (1 if key == "down" else -1), 0), len(ACTIONS))
        elif self._over == FIND:
            self._find_key(key)
        elif self._over or self.live.state.sign:
            self._uncover(key)
        elif self.live.state.question is not None:
            self._answer_key(key)
        else:
            self._session_key(key)

    def line(self) -> tuple[object, str] | None:
        """A text question or the search box."""
        if self._over == FIND:
            return FIND, self._query
        state = self.live.state
        if self._over or state.question is None or is_choice(state):
            return None
        return state.question, state.drafts.get(state.question.draft_key, "")

    def typing(self, text: str) -> None:
        """Search as one types; a question waits for the pause."""
        if self._over == FIND and text != self._query:
            self._query, self._picked = text, 0

    def paused(self, text: str) -> None:
        """Keep what is typed so far."""
        if not self._over:
            self.live.do(cmd.Write(clean(text)))

    def submit(self, text: str) -> None:
        """Enter in the line."""
        if self._over == FIND:
            self._open_hit()
        else:
            self._do(cmd.Submit(clean(text)))

    def tick(self) -> None:
        """Look how safe the session is; try again what the disk refused."""
        self._ticks += 1
        self._saved = self.live.saved.status
        if self._saved is Status.NOT_SAVED and self._ticks % RETRY_S == 0:
            self.live.journal.retry()

    def moves(self) -> bool:
        """The pacer moves until its last breath."""
        return self._over == STEADY

    def disk_changed(self) -> None:
        """The disk began to refuse, or took everything again: shown at once."""
        self._saved = self.live.saved.status

    def _do(self, command: cmd.Command) -> None:
        self._notice = self.live.do(command)
        self._picked = 0
        if self.live.state.closed:
            self._app.show_note(self.live)

    def _name(self, key: str) -> str:
        """The id of the action that a key does, or empty."""
        action = self.live.workplace.keymap.action(key)
        return action.id if action is not None else ""

    def _uncover(self, key: str) -> None:
        """Any key leads back; two of them do at once what they always do."""
        self._over = ""
        if self._name(key) in ("emergency", "leave"):
            self._session_key(key)
        elif self.live.state.sign:
            self._do(cmd.Leave())

    def _session_key(self, key: str) -> None:
        action = self.live.workplace.keymap.action(key)
        if key == "ctrl+c":
            self._notice = Notice(self.live.messages("notice.ctrl-c"))
        elif key == "escape":
            self._do(cmd.Leave())
        elif action is None:
            return
        elif action.command is not None:
            self._do(action.command)
        elif action.id == "leave":
            self._app.leave()
        else:
            self._over, self._picked, self._query = action.id, 0, ""
            self._since_ms = self.live.elapsed_ms

    def _answer_key(self, key: str) -> None:
        """A key while a question is open: in a line, only what the line itself has no use for."""
        known = letters(self.live.state, self.live.book)
        values = list(known.values())
        if key in known:
            self._do(cmd.Choose(known[key]))
        elif key in ("up", "down") and values:
            self._picked = (self._picked + (1 if key == "down" else -1)) % len(values)
        elif key in ("enter", "space") and values:
            self._do(cmd.Choose(values[self._picked]))
        elif key in ("escape", "ctrl+c") or self._name(key) in ("emergency", "leave"):
            self._session_key(key)

    def _find_key(self, key: str) -> None:
        hits = self._hits()
        if key in ("up", "down") and hits:
            self._picked = (self._picked + (1 if key == "down" else -1)) % len(hits)
        elif key == "escape":
            self._over = ""
        elif self._name(key) in ("emergency", "leave"):
            self._uncover(key)

    def _hits(self) -> tuple[Hit, ...]:
        return find(self._query, self.live.state, self.live.book)

    def _open_hit(self) -> None:
        hits = self._hits()
        self._over = ""
        if not hits:
            self._notice = Notice(self.live.messages("notice.not-found"))
            return
        hit = hits[self._picked]
        self._do(cmd.OpenCard(hit.id) if hit.kind == "card" else cmd.GoTo(hit.id))

    def _scene(self) -> Scene:
        live = self.live
        state, messages = live.state, live.messages
        return Scene(
            view=session_view(state, live.book, messages, {}),
            clock=self._clock(),
            saved=messages(f"save.{self._saved.value}"),
            unsaved=self._saved is Status.NOT_SAVED,
            hints=self._hints_in(messages),
            question=question_view(state, live.book, messages),
            picked=self._picked,
            notice=self._notice,
        )

    def _hints_in(self, messages: Messages) -> tuple[Hint, ...]:
        """The keys for the footer, put together once a language."""
        if messages.language not in self._hints:
            self._hints[messages.language] = session_hints(self.live.workplace.keymap, messages)
        return self._hints[messages.language]

    def _clock(self) -> str:
        return format_duration(self.live.elapsed_ms)

    def _pace(self) -> Pace | None:
        return next((step.pace for _, step in self.live.state.call.checklist.steps() if step.pace is not None), None)
