"""The session on the screen: keys become commands, the state becomes a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deescalate_tui import commands as cmd
from deescalate_tui.checklist import LEVELS, Card
from deescalate_tui.clean import clean
from deescalate_tui.dates import format_duration
from deescalate_tui.i18n import Messages
from deescalate_tui.journal import Status
from deescalate_tui.presenter import session_view
from deescalate_tui.prompts import Notice, QuestionView, card_view, question_view, sign_view
from deescalate_tui.questions import draft_of, is_choice, letters
from deescalate_tui.screens.card import CardScene, card_page
from deescalate_tui.screens.footer import ALL_LEVELS, Hint, session_hints
from deescalate_tui.screens.overlays import sign_page
from deescalate_tui.screens.rows import ARROWS, Does, Page, Row, cut, span, wrap
from deescalate_tui.screens.session import Scene, session_page
from deescalate_tui.tui.over import FIND, NAME, STEADY, Over

if TYPE_CHECKING:
    from deescalate_tui.help_command import HelpRun
    from deescalate_tui.live import LiveSession
    from deescalate_tui.tui.app import Guide

RETRY_S = 3
HEARD = tuple(f"level{level}" for level in LEVELS)
"""Ids of the actions that say a level."""


class SessionPlace:
    """A live session, and what lies over it for a moment."""

    def __init__(self, app: Guide, live: LiveSession) -> None:
        self.live = live
        self._app = app
        self._hints: dict[str, tuple[Hint, ...]] = {}
        self._notice: Notice | None = live.greeting
        self._picked = 0
        self._over = Over(live)
        self._compact = live.workplace.settings.compact == "on"
        self._saved = Status.SAVED
        self._ticks = 0

    def page(self, width: int, height: int) -> Page:
        """The overlay if one is open, else the sign, the card or the session."""
        state, messages = self.live.state, self.live.messages
        over = self._over.page(width, height)
        if over is not None:
            return over
        if state.sign:
            sign = sign_view(state, self.live.book, messages, self.live.today)
            return sign_page(sign, _alarm(self.live.help_run, messages), messages, width, height)
        cards = self.live.book.cards
        card = cards.find(state.card) if cards is not None else None
        if card is not None and not is_choice(state):
            return card_page(self._card_scene(card), messages, width, height)
        return session_page(self._scene(width, height), messages, width, height)

    def key(self, key: str) -> None:
        """A key: for the overlay, the open choice, or the session."""
        if self._name(key) != "unmask":
            self.live.another_key()
        if self._over.moved(key):
            return
        if self._over.line():
            self._find_key(key)
        elif self._over.name or self.live.state.sign:
            self._uncover(key)
        elif self.live.state.question is not None:
            self._answer_key(key)
        else:
            self._session_key(key)

    def click(self, does: Does) -> None:
        """A step or a hit that was clicked. Where nothing comes of it, what is to be said now stays."""
        before = self.live.state
        if isinstance(does, cmd.Command):
            self._over.close()
            notice = self.live.do(does)
            if notice is not None or self.live.state is not before:
                self._told(notice)

    def line(self) -> tuple[object, str] | None:
        """A text question or the search box."""
        state = self.live.state
        if self._over.name or state.question is None or is_choice(state):
            return self._over.line()
        return state.question, draft_of(state)

    def typing(self, text: str) -> None:
        """Search as one types; a question waits for the pause."""
        self.live.another_key()
        self._over.typing(text)

    def paused(self, text: str) -> None:
        """Keep what is typed so far."""
        if not self._over.name:
            self.live.do(cmd.Write(clean(text)))

    def submit(self, text: str) -> None:
        """Enter in the line."""
        if self._over.name == FIND:
            self._open_hit()
        elif self._over.name == NAME:
            self._over.close()
            self._notice = self.live.name_customer(clean(text).strip())
        else:
            self._do(cmd.Submit(clean(text)))

    def tick(self) -> None:
        """Look how safe the session is; try again what the disk refused."""
        self._ticks += 1
        self._saved = self.live.saved.status
        if self._saved is Status.NOT_SAVED and self._ticks % RETRY_S == 0:
            self.live.journal.retry()
        covered = self._over.name or self.live.state.card or (self._notice is not None and self._notice.say)
        self._notice = _news_of_help(self.live, covered=bool(covered)) or self._notice
        self.live.look_back()

    def moves(self) -> bool:
        """The pacer moves until its last breath."""
        return self._over.name == STEADY

    def disk_changed(self) -> None:
        """The disk began to refuse, or took everything again: shown at once."""
        self._saved = self.live.saved.status

    def _do(self, command: cmd.Command) -> None:
        self._told(self.live.do(command))

    def _told(self, notice: Notice | None) -> None:
        """A command was carried out."""
        self._notice, self._picked = notice, 0
        if self.live.state.closed:
            self._app.show_note(self.live)

    def _name(self, key: str) -> str:
        """The id of the action that a key does, or empty."""
        action = self.live.workplace.keymap.action(key)
        return action.id if action is not None else ""

    def _uncover(self, key: str) -> None:
        """Any key leads back; some of them do at once what they always do."""
        at_once = ("emergency", "leave", *(HEARD if self._over.name == ALL_LEVELS else ()))
        self._over.close()
        if self._name(key) in at_once:
            self._session_key(key)
        elif self.live.state.sign:
            self._do(cmd.Leave())

    def _session_key(self, key: str) -> None:
        action = self.live.workplace.keymap.action(key)
        if key == "ctrl+c":
            self._notice = Notice(self.live.messages("notice.ctrl-c"))
        elif key == "escape":
            self._do(cmd.Leave())
        elif key == ALL_LEVELS:
            self._over.open(key)
        elif action is None:
            return
        elif action.command is not None:
            self._do(action.command)
        elif action.id == "leave":
            self._app.leave()
        elif action.id == "compact":
            self._compact = not self._compact
        else:
            self._over.open(action.id)

    def _answer_key(self, key: str) -> None:
        """A key while a question is open: in a line, only what the line itself has no use for."""
        known = letters(self.live.state, self.live.book)
        values = list(known.values())
        if key in known:
            self._do(cmd.Choose(known[key]))
        elif key in ARROWS and values:
            self._picked = (self._picked + (1 if key == "down" else -1)) % len(values)
        elif key in ("enter", "space") and values:
            self._do(cmd.Choose(values[self._picked]))
        elif key in ("escape", "ctrl+c") or self._name(key) in ("emergency", "leave", "unmask"):
            self._session_key(key)

    def _find_key(self, key: str) -> None:
        """A key for which the line that lies over the session has no use."""
        if key == "escape":
            self._over.close()
        elif self._name(key) in ("emergency", "leave"):
            self._uncover(key)

    def _open_hit(self) -> None:
        hit = self._over.hit()
        self._over.close()
        if hit is None:
            self._notice = Notice(self.live.messages("notice.not-found"))
        else:
            self._do(hit.opens)

    def _card_scene(self, card: Card) -> CardScene:
        live = self.live
        state, book = live.state, live.book
        view = card_view(card, state.call.channel, book, live.messages, live.today)
        return CardScene(view, state.call.request, self._clock(), self._question(), self._notice)

    def _question(self) -> QuestionView | None:
        return self._over.question() or question_view(self.live.state, self.live.book, self.live.messages)

    def _scene(self, width: int, height: int) -> Scene:
        live = self.live
        state, messages = live.state, live.messages
        return Scene(
            view=session_view(state, live.book, messages),
            clock=self._clock(),
            saved=messages(f"save.{self._saved.value}"),
            unsaved=self._saved is Status.NOT_SAVED,
            hints=self._hints_in(messages),
            question=self._question(),
            picked=self._picked if self._over.name != ALL_LEVELS else -1,
            notice=self._notice or (_standing(live.earlier, width, height) if state.question is None else None),
            compact=self._compact,
        )

    def _hints_in(self, messages: Messages) -> tuple[Hint, ...]:
        """The keys for the footer, put together once a language."""
        if messages.language not in self._hints:
            self._hints[messages.language] = session_hints(self.live.workplace.keymap, messages)
        return self._hints[messages.language]

    def _clock(self) -> str:
        return format_duration(self.live.elapsed_ms)


def _news_of_help(live: LiveSession, *, covered: bool) -> Notice | None:
    """A help command that fails after the sign was lowered is told where it is seen and covers no sentence."""
    run, raised = live.help_run, live.state.sign
    told = run.news() if run is not None and (raised or not covered) else None
    return Notice(told.text(live.messages)) if told is not None and told.failed and not raised else None


def _alarm(run: HelpRun | None, messages: Messages) -> Row:
    """How the help command fares, where one is set."""
    if run is None:
        return ()
    told = run.told
    return (span(told.text(messages), "danger" if told.failed else "dim"),)


def _standing(text: str, width: int, height: int) -> Notice | None:
    """What is known of the ticket, in the rows that are kept for a notice: it covers none, and moves nothing."""
    rows = 2 if height >= 14 else 1 if height >= 8 else 0
    if not text or not rows:
        return None
    lines = wrap(text, width - 2)
    return Notice(" ".join((*lines[: rows - 1], cut(" ".join(lines[rows - 1 :]), width - 2))))
