"""A session while it is led: commands in, journal first, then the new state. Screen and plain mode both stand on it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import Checklist
from deescalate_tui.call.decisions import decide
from deescalate_tui.call.entry import is_masked, kept_typed
from deescalate_tui.call.fold import apply, begin
from deescalate_tui.call.questions import Book
from deescalate_tui.call.session import SessionState
from deescalate_tui.clock import Clock
from deescalate_tui.errors import ContentFaults, Fault, FileFault
from deescalate_tui.i18n import Messages
from deescalate_tui.journal.journal import Journal, Saved, Status
from deescalate_tui.notes.earlier import Search, earlier_text
from deescalate_tui.notes.sealed import obstacle
from deescalate_tui.screens.entry_notice import entry_notice
from deescalate_tui.screens.prompts import Notice, change_notice

if TYPE_CHECKING:
    from deescalate_tui.finish import Finished
    from deescalate_tui.own_program import ProgramRun
    from deescalate_tui.workplace import Workplace


NOTHING = frozenset({"started", "resumed"})
"""What the log of a session holds in which nothing was recorded."""


class LiveSession:
    """One session with its journal. `state` is always what the journal says."""

    def __init__(
        self, workplace: Workplace, journal: Journal, state: SessionState, seq: int, clock: Clock, away_ms: int = 0
    ) -> None:
        """`seq` is the number of the next record; `away_ms` how long nobody led the session before now."""
        self.workplace = workplace
        self.journal = journal
        self.state = state
        self.noted = False
        """Its note is safely there: nothing is left to keep."""
        self.removed = False
        """It was left with nothing recorded in it, and its journal is gone."""
        self.help_run: ProgramRun | None = None
        """The command of the last call for help, if one is set."""
        self.close_run: ProgramRun | None = None
        """The command that is told of the finished note, if one is set."""
        self._clock = clock
        self._seq = seq
        self._zero = clock.mono_ms() - state.ms - away_ms
        self._search: Search | None = None
        self._typed: cmd.Typed | None = None
        """The last text of which something was masked, until the next key."""
        self.customer = ""
        """A name for the say-lines. It lives here alone, and goes with the session."""
        self.book: Book = workplace.book(state.call.checklist.language, state.country)

    @property
    def messages(self) -> Messages:
        """The catalogue of the screen: the session's language unless the settings say another."""
        return self.workplace.messages(self.state.call.checklist.language)

    @property
    def elapsed_ms(self) -> int:
        """Time since the start, by a clock that never jumps."""
        return max(self._clock.mono_ms() - self._zero, self.state.ms)

    @property
    def today(self) -> date:
        """The local day, for how old a safety number is."""
        return self._clock.now().date()

    @property
    def saved(self) -> Saved:
        """How safe the session is now."""
        return self.journal.saved

    @property
    def unnoted(self) -> str:
        """What to say where the disk refuses the note: whether the session is on it at least."""
        return self.messages("plain.lost" if self.saved.status is Status.NOT_SAVED else "note.not-saved-keep")

    def look_back(self, wait_s: float = 0) -> None:
        """Begin to look for earlier notes, once a ticket, not for a masked one; wait no longer than `wait_s`."""
        ticket = self.state.call.ticket
        named = ticket and not is_masked(ticket, self.book.masks)
        if named and (self._search is None or self._search.ticket != ticket):
            self._search = Search(self.workplace.paths.notes, ticket, self._clock, self.workplace.settings.note_key)
            self._search.wait(wait_s)

    @property
    def earlier(self) -> str:
        """What is known of the ticket's earlier notes, in one line; empty where there are none, or none yet."""
        search = self._search
        if search is None or search.found is None or search.ticket != self.state.call.ticket:
            return ""
        return earlier_text(search.found, self.messages)

    def do(self, command: cmd.Command) -> Notice | None:
        """Carry out a command: every event is in the journal before the state changes. Says what changed."""
        before = self.state
        decision = decide(before, self._whole(command), self._clock.now(), self.book)
        for event in decision.events:
            self._record(event)
            if isinstance(event, ev.HelpCalled):
                self._run_help(event.kind)
        checklist = self.state.call.checklist
        if checklist.language != self.book.language:
            self.book = self._naming(self.workplace.book(checklist.language, self.state.country))
        self._typed = kept_typed(before, command, decision, self._typed)
        if decision.notice:
            return Notice(self.messages(decision.notice))
        changed = change_notice(before, self.state, self.book, self.messages)
        return entry_notice(decision.typed, self.state, changed, self.workplace.keymap, self.book, self.messages)

    def another_key(self) -> None:
        """A key was pressed that does something else: what was masked can no longer be had back."""
        self._typed = None

    def name_customer(self, name: str) -> Notice:
        """Say-lines use the name from now on; without one they do without. It is in no file, not even the journal."""
        self.customer = name
        self.book = self._naming(self.book)
        if name and not self.state.named:
            self._record(ev.Named())
        return Notice(self.messages("notice.named" if name else "notice.unnamed"))

    def ticket_typed(self, typed: cmd.Typed | None) -> None:
        """The ticket came with the command line: what was masked in it can be had back by the first key."""
        self._typed = typed if typed is not None and typed.kinds else None

    @property
    def greeting(self) -> Notice | None:
        """What to say first: that the note could not be encrypted; what was masked in the ticket; or that a resumed
        session had a name and has none now."""
        if obstacle(self.workplace.settings) is not None:
            return Notice(self.messages("notice.no-seal-call"))
        if self._typed is not None:
            return entry_notice(self._typed, self.state, None, self.workplace.keymap, self.book, self.messages)
        return Notice(self.messages("notice.name-again")) if self.state.named and not self.customer else None

    def _naming(self, book: Book) -> Book:
        return replace(book, facts={**book.facts, "customer": self.customer})

    def finish(self) -> Finished:
        """Write the note of a closed session; only when it is safely there, the journal goes.

        May be called again after a failure, and after a crash in the middle: there is one note in the end.
        A journal that cannot be removed is no failure: the next start finishes it once more.
        """
        # Late: what a note needs is of no use before the end of a call.
        from deescalate_tui.finish import publish, tell_of

        finished = publish(self.workplace, self.state)
        if finished.fault is None:
            self.noted = True
            self.close_run = tell_of(finished, self.workplace, self.state)  # a crash before the journal goes repeats it
            with suppress(FileFault):
                self.journal.remove()
            if self is self.workplace.leading:
                self.workplace.closed.append(finished)
        return finished

    @property
    def blank(self) -> bool:
        """Nothing is recorded in it: all that happened is that it was begun, gone on with and looked at."""
        state = self.state
        return not any(state.drafts.values()) and not state.named and all(entry.event in NOTHING for entry in state.log)

    def leave(self, timeout_s: float) -> str:
        """Let go of the session, for good where it is blank. Empty where the disk has all of it; else the note so far.

        May be called again, as by a signal in the middle of it.
        """
        if self.blank and self.journal.sync(timeout_s):  # a thread that still waits for the disk would hold us up
            with suppress(FileFault, ValueError):
                self.journal.remove()
            self.removed = not self.journal.path.exists()
        if self.noted or self.journal.close(timeout_s):
            return ""
        # Late: see `finish`.
        from deescalate_tui.notes.folder import note_of

        return note_of(self.state)[1]

    def _record(self, event: ev.AnyEvent) -> None:
        record = ev.Record(self._seq, self._clock.wall_ms(), self.elapsed_ms, event)
        self.journal.append(ev.encode(record))
        self.state = apply(self.state, record)
        self._seq += 1

    def _run_help(self, kind: str) -> None:
        """Run the site's command for a call for help. What comes of it is shown, and no part of the session."""
        command, call = self.workplace.settings.help_command, self.state.call
        if command:
            # Late: running programs takes 9 ms to import, and few calls do.
            from deescalate_tui.help_command import environment
            from deescalate_tui.own_program import ProgramRun

            self.help_run = ProgramRun(command, environment(kind, call.ticket, call.level, self.state.id))

    def _whole(self, command: cmd.Command) -> cmd.Command:
        """With what a key cannot know: the checklist of another type or language, and what was masked."""
        question = self.state.question
        if isinstance(command, cmd.Unmask) and self._typed is not None:
            return cmd.Unmask(",".join(self._typed.kinds), self._typed.masked, self._typed.text)
        if not isinstance(command, cmd.Choose) or question is None or question.kind not in ("type", "language"):
            return command
        present = self.state.call.checklist
        type_id, language = (
            (command.value, present.language) if question.kind == "type" else (present.id, command.value)
        )
        return replace(command, checklist=self._load(type_id, language))

    def _load(self, type_id: str, language: str) -> Checklist | None:
        try:
            return self.workplace.library.checklist(type_id, language)
        except (Fault, ContentFaults):
            return None


def start(
    workplace: Workplace, journal: Journal, started: ev.Started, clock: Clock, typed: cmd.Typed | None = None
) -> LiveSession:
    """Begin a session whose journal was just created; `typed` is its ticket, with what was masked in it."""
    record = ev.Record(0, clock.wall_ms(), 0, started)
    journal.append(ev.encode(record))
    session = LiveSession(workplace, journal, begin(record), 1, clock)
    session.ticket_typed(typed)
    return session
