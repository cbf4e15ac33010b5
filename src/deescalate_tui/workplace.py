"""One agent's workplace: folders, settings, content, keys - and the sessions that begin, wait and go on there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from deescalate_tui import __version__, catalogues, handover, live
from deescalate_tui.call import commands as cmd
from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import Option
from deescalate_tui.call.entry import argument
from deescalate_tui.call.fold import replay
from deescalate_tui.call.keys import Keymap, keymap
from deescalate_tui.call.questions import Book
from deescalate_tui.call.session import SessionState
from deescalate_tui.clock import Clock
from deescalate_tui.content.cache import ContentCache
from deescalate_tui.content.library import Library
from deescalate_tui.content.site_profile import Profile, load_profile
from deescalate_tui.errors import ContentFaults, Fault, FileFault, UsageFault
from deescalate_tui.files import DISK, Ops, private_folder, read_limited
from deescalate_tui.i18n import Messages
from deescalate_tui.ids import uuid7
from deescalate_tui.journal.journal import MAX_JOURNAL, Journal, OnChange, scan
from deescalate_tui.journal.records import Reader, decode_all
from deescalate_tui.journal.unfinished import Unfinished
from deescalate_tui.journal.waiting import Waiting, seen
from deescalate_tui.live import LiveSession
from deescalate_tui.notes.earlier import same_ticket
from deescalate_tui.paths import CHECKLISTS, NOTES, Paths, locate
from deescalate_tui.screens.footer import key_names
from deescalate_tui.second_place import bring_home, in_both, places, second_place
from deescalate_tui.settings.fields import Settings, agent_alias, load, store

if TYPE_CHECKING:
    from deescalate_tui.finish import Finished

T = TypeVar("T")
CLOSE_S = 2.0
"""So long a journal that is let go may take to reach the disk."""


class Workplace:
    """Everything the front ends ask for. Made once a run."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        cache: ContentCache,
        *,
        notes_shared: bool,
        clock: Clock,
        ops: Ops = DISK,
    ) -> None:
        self.paths = paths
        self.cache = cache
        self.settings = settings
        self.notes_shared = notes_shared
        self.second = second_place(settings.second_place)
        self.clock = clock
        self.ops = ops
        """What sessions and their notes do to the disk."""
        roots = (*((paths.site / CHECKLISTS,) if paths.site else ()), paths.config / CHECKLISTS)
        self.library = Library.open(roots, cache)
        self.keymap: Keymap = keymap(settings.keys)
        self.leading: LiveSession | None = None
        """The session that is led now: what a crash or a signal has to name."""
        self.closed: list[Finished] = []
        """What the sessions left that were led to their end."""
        self._messages: dict[str, Messages] = {}

    @classmethod
    def open(
        cls, environ: Mapping[str, str], flags: Mapping[str, str], clock: Clock | None = None, ops: Ops = DISK
    ) -> Workplace:
        """The workplace that the environment and the command line name. Raises UsageFault."""
        paths = locate(environ)
        cache = ContentCache.below(paths.state)
        settings = load(paths, environ, flags, cache)
        shared = bool(environ.get(NOTES, "").strip())
        return cls(paths, settings, cache, notes_shared=shared, clock=clock or Clock(), ops=ops)

    @cached_property
    def profile(self) -> Profile:
        """What the site says of itself."""
        return load_profile(self.paths, self.cache)

    def messages(self, language: str) -> Messages:
        """The catalogue for a screen whose session speaks `language`, with the names of the keys in use."""
        wanted = language if self.settings.ui_language == "follow" else self.settings.ui_language
        if wanted not in self._messages:
            texts = catalogues.load(wanted)
            self._messages[wanted] = texts.naming(self.keymap.names(key_names(texts)))
        return self._messages[wanted]

    def book(self, language: str, country: str) -> Book:
        """What lies beside the checklists of a language; what is missing or refused is None, never an error."""
        words = self.messages(language)
        return Book(
            language=language,
            ladder=_or_none(lambda: self.library.ladder(language)),
            cards=_or_none(lambda: self.library.cards(language)),
            country=self.library.country(country) if country else None,
            types=tuple(Option(checklist.id, checklist.title) for checklist in self.library.types(language)),
            languages=tuple(Option(code, words(f"language.{code}")) for code in self.library.languages()),
            limit_rungs=self.settings.limit_rungs,
            limits=self.profile.site.limits,
            facts={**self.profile.site.facts(), "agent": self.settings.agent},
            site=self.profile.site.beside_steps(),
            masks=self.masks(language),
        )

    def masks(self, language: str) -> dict[str, str]:
        """What is masked in typed text, in the words of the call, which may not be those of the screen."""
        return catalogues.masks(language) if self.settings.masking == "on" else {}

    def start(
        self, type_id: str, language: str, channel: str, *, ticket: str = "", on_saved: OnChange | None = None
    ) -> LiveSession:
        """Begin a session. Raises UsageFault or ContentFaults where the checklist cannot be used."""
        checklist = self.library.checklist(type_id, language)
        typed = argument(ticket, language, self.settings.country, self.masks(language), ticket=True)
        handover.remove(self.paths.state, self.ops)
        session_id = uuid7(self.clock.wall_ms())
        offset = self.clock.now().utcoffset()
        started = ev.Started(
            id=session_id,
            checklist=checklist,
            channel=channel,
            agent=agent_alias(self.paths, self.settings, self.ops),
            app_version=__version__,
            country=self.settings.country,
            ticket=typed.masked,
            offset_min=int(offset.total_seconds()) // 60 if offset else 0,
            retention_days=self.settings.retention_days,
        )
        second = self.second.sessions if self.second else None
        journal = Journal.create(self._sessions(), session_id, self.ops, on_saved, second)
        self.leading = live.start(self, journal, started, self.clock, typed)
        return self.leading

    def resume(self, session_id: str, on_saved: OnChange | None = None) -> LiveSession:
        """Go on with an unfinished session. Raises UsageFault where there is none, FileFault where it cannot be had."""
        handover.remove(self.paths.state, self.ops)
        self.leading = self._reopen(session_id, on_saved, led=True)
        return self.leading

    def _reopen(self, session_id: str, on_saved: OnChange | None = None, *, led: bool = False) -> LiveSession:
        """A session from its journal. Where nobody leads it again, its time ends with what happened in it last."""
        waiting = self._journals()
        found = next((entry for entry in waiting if entry.session_id == session_id), None)
        if found is None:
            known = ", ".join(entry.session_id for entry in waiting) or "–"
            raise UsageFault(session_id, "no-session", found=session_id, known=known)
        reader = Reader()
        journal, _ = Journal.open(
            found.path, self.ops, on_saved, places(found.path.name, self.paths.sessions, self.second), reader
        )
        records = reader.session
        if not records:
            journal.close()
            raise FileFault(str(found.path), "session-damaged")
        state = replay(records)
        away = max(0, self.clock.wall_ms() - records[-1].at) if led else 0
        session = LiveSession(self, journal, state, records[-1].seq + 1, self.clock, away_ms=away)
        if led and not state.closed:
            session.do(cmd.Resume())
        return session

    def waiting(self) -> tuple[Waiting, ...]:
        """The unfinished sessions, the latest first. Unreadable ones are listed with an empty title."""
        return tuple(seen(entry, self.clock.wall_ms()) for entry in self._journals())

    def begun(self, ticket: str) -> tuple[Waiting, ...]:
        """The unfinished sessions of a ticket, the latest first, those in another window too."""
        return tuple(it for it in self.waiting() if it.title and not it.closed and same_ticket(it.ticket, ticket))

    def read_waiting(self, session_id: str) -> SessionState | None:
        """What an unfinished session says so far; None where it cannot be read. Nothing is opened or changed."""
        for entry in self._journals():
            if entry.session_id == session_id:
                with suppress(FileFault):
                    records = decode_all(scan(read_limited(entry.path, MAX_JOURNAL)).records)
                    return replay(records) if records else None
        return None

    def close_waiting(self, session_id: str) -> Finished:
        """Close a session that was left behind, as aborted, and write its note. Raises as `resume`."""
        session = self._reopen(session_id)
        session.do(cmd.Abandon())
        return _finished(session)

    def remove_waiting(self, session_id: str) -> None:
        """Remove a session that was left behind, unread. Raises as `resume`."""
        self.claim_waiting(session_id).remove()

    def claim_waiting(self, session_id: str) -> Journal:
        """The journal of an unfinished session: nobody goes on with it before it is closed. Raises as `resume`."""
        return self._reopen(session_id).journal

    def tidy(self) -> tuple[Finished, ...]:
        """Finish what a crash left between closing and note, and treat long-left sessions as the settings say.

        The notes written. What the disk refuses stays for the next time.
        """
        finished = []
        if self.second is not None:
            to = self.settings.encrypt_notes_to
            bring_home(self.second, self.paths.notes, shared=self.notes_shared, to=to, ops=self.ops)
        for entry in self.waiting():
            overdue = entry.days >= self.settings.unfinished_days
            if entry.in_use or not entry.title:
                continue
            try:
                if entry.closed:
                    finished.append(_finished(self._reopen(entry.id)))
                elif overdue and self.settings.unfinished_then == "note":
                    finished.append(self.close_waiting(entry.id))
                elif overdue and self.settings.unfinished_then == "remove":
                    self.remove_waiting(entry.id)
            except Fault:
                continue
        return tuple(finished)

    def set_country(self, code: str) -> None:
        """Use the country from now on, and remember it in the user's settings. Raises Fault where it is not stored."""
        if not self.settings.origin("country").locked:
            self.settings = replace(self.settings, country=code)
        store(self.paths, "country", code)

    def _sessions(self) -> Path:
        """The folder of journals. Where it cannot be made, the session goes on and says that it is not saved."""
        with suppress(FileFault):
            private_folder(self.paths.sessions, self.ops)
        return self.paths.sessions

    def _journals(self) -> tuple[Unfinished, ...]:
        try:
            return tuple(entry for entry in in_both(self.paths.sessions, self.second) if entry.fault is None)
        except FileFault:
            return ()


def _finished(session: LiveSession) -> Finished:
    """The note of a session that nobody leads; where the disk refuses it, the journal is let go for the next try."""
    finished = session.finish()
    if finished.fault is not None:
        session.journal.close(CLOSE_S)
    return finished


def _or_none(get: Callable[[], T]) -> T | None:
    try:
        return get()
    except (Fault, ContentFaults):
        return None
