"""The session on the screen: keys become commands, the state becomes a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from deescalate_tui.call import commands as cmd
from deescalate_tui.call.checklist import LEVELS
from deescalate_tui.call.questions import draft_of, is_choice, letters
from deescalate_tui.clean import clean
from deescalate_tui.dates import format_duration
from deescalate_tui.i18n import Messages
from deescalate_tui.journal.journal import Saved, Status
from deescalate_tui.screens.card import card_page
from deescalate_tui.screens.footer import ALL_LEVELS, Hint, session_hints
from deescalate_tui.screens.overlays import sign_page
from deescalate_tui.screens.presenter import session_view
from deescalate_tui.screens.prompts import Notice, QuestionView, question_view, sign_view
from deescalate_tui.screens.rows import ARROWS, Does, Page, Row, cut, span, wrap
from deescalate_tui.screens.session import ANY_KEY_BACK, Scene, session_page
from deescalate_tui.tui.over import FIND, NAME, STEADY, Over, shown_card

if TYPE_CHECKING:
    from deescalate_tui.live import LiveSession
    from deescalate_tui.own_program import ProgramRun, Told
    from deescalate_tui.tui.app import Guide

RETRY_S = 3
MOVES_ON = (cmd.Done, cmd.Confirm, cmd.Skip, cmd.GoTo, cmd.Undo)
BESIDE_A_SIGN = ("quote", "note", "promise", "request", "ticket", "limit", *(f"level{level}" for level in LEVELS))
"""Keys that do what they always do also where a sign is up: it is lowered by them."""
HEARD = tuple(f"level{level}" for level in LEVELS)
"""Ids of the actions that say a level."""


class SessionPlace:
    """A live session, and what lies over it for a moment."""

    def __init__(self, app: Guide, live: LiveSession) -> None:
        self.live = live
        self._app = app
        self._hints: dict[str, tuple[Hint, ...]] = {}
        self._notice: Notice | None = live.greeting
        self._picked = -1
        self._over = Over(live)
        self._compact = live.workplace.settings.compact == "on"
        self._saved = Saved(Status.SAVED)
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
        if card := shown_card(self.live):
            scene = replace(card, question=self._question(), notice=self._notice)
            return card_page(scene, messages, width, height)
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
        self.disk_changed()
        if self._saved.status is Status.NOT_SAVED and self._ticks % RETRY_S == 0:
            self.live.journal.retry()
        covered = self._over.name or self.live.state.card or (self._notice is not None and self._notice.say)
        self._notice = _news_of_help(self.live, covered=bool(covered)) or self._notice
        self.live.look_back()

    def moves(self) -> bool:
        """The pacer moves until its last breath."""
        return self._over.name == STEADY

    def disk_changed(self) -> None:
        """The disk began to refuse, or took everything again: shown at once."""
        before, self._saved = self._saved.elsewhere, self.live.saved
        if self._saved.elsewhere not in (None, before):
            self._notice = Notice(self.live.messages("notice.second-place", path=self._saved.elsewhere))

    def _do(self, command: cmd.Command) -> None:
        said = self._notice if self._notice is not None and self._notice.say else None
        told = self.live.do(command)
        over = isinstance(command, MOVES_ON) or self.live.state.call.aftercare
        self._told(told or (None if over else said))

    def _told(self, notice: Notice | None) -> None:
        """A command was carried out. A sentence that is to be said stays in sight until the call moves on."""
        self._notice, self._picked = notice, -1
        if self.live.state.closed:
            self._app.show_note(self.live)

    def _name(self, key: str) -> str:
        """The id of the action that a key does, or empty."""
        return getattr(self.live.workplace.keymap.action(key), "id", "")

    def _uncover(self, key: str) -> None:
        """Any key leads back; some of them do at once what they always do."""
        free = HEARD if self._over.name == ALL_LEVELS else BESIDE_A_SIGN if self.live.state.sign else ()
        at_once = ("emergency", "leave", *free)
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
            self._picked = _reached(self._picked, key, len(values))
        elif key == "enter" and self._picked >= 0 and values:
            self._do(cmd.Choose(values[self._picked]))
        elif key in ("escape", "ctrl+c") or self._name(key) in ("emergency", "leave", "unmask"):
            self._session_key(key)
        elif key != "space" and values:
            action = self.live.workplace.keymap.action(key)
            if action is not None and action.command is not None:
                self._do(action.command)

    def _find_key(self, key: str) -> None:
        """A key for which the line that lies over the session has no use."""
        if key == "escape":
            self._over.close()
        elif self._name(key) in ("emergency", "leave"):
            self._uncover(key)

    def _open_hit(self) -> None:
        hit = self._over.take()
        if hit is None:
            self._notice = Notice(self.live.messages("notice.not-found"))
        else:
            self._do(hit.opens)

    def _question(self) -> QuestionView | None:
        return self._over.question() or question_view(self.live.state, self.live.book, self.live.messages)

    def _scene(self, width: int, height: int) -> Scene:
        live = self.live
        state, messages = live.state, live.messages
        return Scene(
            view=session_view(state, live.book, messages),
            clock=format_duration(live.elapsed_ms),
            saved=_safety(self._saved, messages),
            unsaved=self._saved.status is Status.NOT_SAVED,
            hints=self._hints_in(messages),
            question=self._question(),
            picked=self._picked if self._over.name != ALL_LEVELS else ANY_KEY_BACK,
            notice=self._notice or (_standing(live.earlier, width, height) if state.question is None else None),
            compact=self._compact,
        )

    def _hints_in(self, messages: Messages) -> tuple[Hint, ...]:
        """The keys for the footer, put together once a language."""
        if messages.language not in self._hints:
            self._hints[messages.language] = session_hints(self.live.workplace.keymap, messages)
        return self._hints[messages.language]


def _safety(saved: Saved, messages: Messages) -> str:
    """How safe the session is, and that it is so in the second place only."""
    return messages("save.second" if saved.elsewhere else f"save.{saved.status.value}")


def _news_of_help(live: LiveSession, *, covered: bool) -> Notice | None:
    """A help command that fails after the sign was lowered is told where it is seen and covers no sentence."""
    run, raised = live.help_run, live.state.sign
    told = run.news() if run is not None and (raised or not covered) else None
    if told is None or not told.failed or raised:
        return None
    return Notice(_told_text(told, live.messages))


def _told_text(told: Told, messages: Messages) -> str:
    # Late: running programs takes 9 ms to import, and few calls do.
    from deescalate_tui.help_command import told_text

    return told_text(told, messages)


def _alarm(run: ProgramRun | None, messages: Messages) -> Row:
    """How the help command fares, where one is set."""
    if run is None:
        return ()
    told = run.told
    return (span(_told_text(told, messages), "danger" if told.failed else "dim"),)


def _standing(text: str, width: int, height: int) -> Notice | None:
    """What is known of the ticket, in the rows that are kept for a notice: it covers none, and moves nothing."""
    rows = 2 if height >= 14 else 1 if height >= 8 else 0
    if not text or not rows:
        return None
    lines = wrap(text, width - 2)
    return Notice(" ".join((*lines[: rows - 1], cut(" ".join(lines[rows - 1 :]), width - 2))))


def _reached(picked: int, key: str, count: int) -> int:
    """The choice that an arrow leads to; before the first one, none is picked."""
    return (max(picked, -1 if key == "down" else 0) + (1 if key == "down" else -1)) % count
