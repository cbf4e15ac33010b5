"""The Textual app: one canvas and the place that is shown. Keys go to the place or its line, the page to the canvas."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import constants, events
from textual.app import ComposeResult
from textual.driver import Driver
from textual.timer import Timer

from deescalate_tui import handover
from deescalate_tui.call import entry
from deescalate_tui.errors import Exit
from deescalate_tui.journal.journal import Saved, Status
from deescalate_tui.live import LiveSession
from deescalate_tui.opening import Opening
from deescalate_tui.screens.colours import fitting
from deescalate_tui.screens.line import Line, pointed, pressed, typed, with_line
from deescalate_tui.screens.rows import Cell, Does
from deescalate_tui.tui.canvas import Canvas
from deescalate_tui.tui.place import Place
from deescalate_tui.tui.pointer import Pointer
from deescalate_tui.tui.quiet import QuietApp
from deescalate_tui.tui.session import SessionPlace
from deescalate_tui.tui.themes import Palette
from deescalate_tui.workplace import Workplace

if TYPE_CHECKING:
    from deescalate_tui.tui.leaves import Preview

PAUSE_S = 0.6
"""So long after the last letter typing has paused, and the draft is kept."""
FRAME_S = 0.1
"""Between two pictures of the breath pacer."""
ENTER = frozenset({"enter", "ctrl+j"})
"""The second one is an enter that was typed before the screen was up."""
SIGNALS = {"SIGTERM": Exit.TERMINATED, "SIGHUP": Exit.HANGUP, "SIGINT": Exit.INTERRUPTED}


class Guide(QuietApp):
    """Draws the place it is at, after every key and once a second for the clock."""

    def __init__(self, workplace: Workplace, opening: Opening, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class)
        self.workplace = workplace
        self.opening = opening
        self._palette = Palette(fitting(workplace.settings.theme, self.console.color_system, os.environ))
        self.canvas = Canvas(self._palette)
        self._pointer = Pointer()
        self._line: Line | None = None
        self._opened: object = None
        self._place: Place | None = None
        self._pause: Timer | None = None
        self._frames: Timer | None = None
        self._clock: Timer | None = None
        self._trouble = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def compose(self) -> ComposeResult:
        """A canvas to draw on."""
        yield self.canvas

    async def on_mount(self) -> None:
        """Begin where the command line wants to."""
        self.canvas.styles.background = self.screen.styles.background = self._palette.background
        self._loop = loop = asyncio.get_running_loop()
        self.watch_over(loop)
        for name, status in SIGNALS.items():
            if hasattr(signal, name) and sys.platform != "win32":
                loop.add_signal_handler(getattr(signal, name), self.leave, status)
        opening = self.opening
        if opening.resume:
            self.resume(opening.resume)
        elif opening.type_id:
            self.begin(opening.type_id, opening.language, opening.channel)
        else:
            self.show_start()
        self._clock = self.set_interval(1, self._tick)
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """After the first picture: what it did not need, and the collector, which was off until now."""
        self.workplace.cache.keep()
        Thread(target=entry.prepare, name="masking").start()
        gc.freeze()
        gc.enable()

    def begin(self, type_id: str, language: str, channel: str) -> None:
        """Start a session. Raises UsageFault or ContentFaults where the checklist cannot be used."""
        live = self.workplace.start(
            type_id, language, channel, ticket=self.opening.ticket, on_saved=self._saved_from_thread
        )
        self._go(SessionPlace(self, live))

    def resume(self, session_id: str) -> None:
        """Go on with a session. Raises UsageFault or FileFault."""
        live = self.workplace.resume(session_id, on_saved=self._saved_from_thread)
        self._go(_note_place(self, live) if live.state.closed else SessionPlace(self, live))

    def show_note(self, live: LiveSession) -> None:
        """The session is closed: write and show its note. The next one is for another ticket."""
        self.opening = replace(self.opening, ticket="", wanted="")
        self._go(_note_place(self, live))

    def show_start(self) -> None:
        """Back to the start screen."""
        self._go(_start_place(self))

    def leave(self, status: int = Exit.OK) -> None:
        """End the program; an unfinished session stays, with what is typed in the line."""
        self._keep_draft()
        super().leave(status)

    async def on_event(self, event: events.Event) -> None:
        """Keys and pasted text are answered here and now: sent round the widgets, they would overtake one another."""
        if isinstance(event, events.Key):
            self._press(event.key, event.character or "" if event.is_printable else "")
        elif isinstance(event, events.Paste):
            if self._line is not None:
                self._edit(typed(self._line, event.text))
        elif isinstance(event, events.MouseEvent):
            for does in self._pointer.does(event):
                self._do(does)
        else:
            if isinstance(event, events.AppFocus):
                self._pointer.wait(event.time)
            await super().on_event(event)

    def _do(self, does: Does) -> None:
        """What was clicked, by the way of the keys."""
        if isinstance(does, str):
            self._press(does, "")
        elif isinstance(does, Cell):
            if self._line is not None:
                self._edit(pointed(self._line, does.x, self.size.width))
        elif self._place is not None:
            self._answered(partial(self._place.click, does))

    def _press(self, key: str, character: str) -> None:
        """A key: for the open line where that has a use for it, else for the place."""
        key = "enter" if key in ENTER else key
        if self._line is not None and key == "enter":
            self._submit(self._line.text)
            return
        edited = None
        if self._line is not None:
            edited = typed(self._line, character) if character else pressed(self._line, key)
        if edited is not None:
            self._edit(edited)
        elif self._place is not None:
            self._answered(partial(self._place.key, character if character and key != "space" else key))

    def _answered(self, answer: Callable[[], None]) -> None:
        """Let the place answer, and show what came of it."""
        if self._clock is not None:
            self._clock.reset()  # the key draws the clock as well: a key is one picture, not two
        self._keep_draft()
        answer()
        self._draw()

    def on_resize(self) -> None:
        """Another size, another picture."""
        self.call_after_refresh(self._draw)

    def _edit(self, line: Line) -> None:
        """A change in the open line."""
        self._line = line
        if self._place is not None:
            self._place.typing(line.text)
        self._forget_pause()
        self._pause = self.set_timer(PAUSE_S, self._keep_draft)
        self._draw()

    def _submit(self, text: str) -> None:
        """Enter in the open line."""
        self._forget_pause()
        self._line = self._opened = None
        if self._place is not None:
            self._place.submit(text)
        self._draw()

    def _keep_draft(self) -> None:
        self._forget_pause()
        if self._place is not None and self._line is not None:
            self._place.paused(self._line.text)

    def _forget_pause(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None

    def _go(self, place: Place) -> None:
        self._place = place
        self._draw()

    def _tick(self) -> None:
        if self._place is not None:
            self._place.tick()
            self._draw()

    def _draw(self) -> None:
        if self._place is None:
            return
        self._set_line(self._place.line())
        width, height = self.size
        if self.canvas.is_attached and width and height:
            page = self._place.page(width, height)
            self.canvas.show(with_line(page, self._line, width) if self._line is not None else page)
            self._pointer.painted(page, monotonic())
        self._set_frames(self._place.moves())

    def _set_line(self, wanted: tuple[object, str] | None) -> None:
        """Open another line, or none, as the place wants it."""
        if wanted is None:
            self._line = self._opened = None
        elif wanted[0] != self._opened:
            self._opened, text = wanted
            self._line = Line(text, len(text))

    def _set_frames(self, moving: bool) -> None:
        if moving and self._frames is None:
            self._frames = self.set_interval(FRAME_S, self._draw)
        elif not moving and self._frames is not None:
            self._frames.stop()
            self._frames = None

    def _saved_from_thread(self, saved: Saved) -> None:
        """The journal's thread tells what the disk does; only trouble, and its end, is shown at once."""
        trouble = saved.status is Status.NOT_SAVED
        if self._loop is not None and (trouble or self._trouble):
            self._trouble = trouble
            self._loop.call_soon_threadsafe(self._disk_changed)

    def _disk_changed(self) -> None:
        if isinstance(self._place, SessionPlace):
            self._place.disk_changed()
            self._draw()


def _start_place(app: Guide) -> Place:
    # Late: a call that is begun from the command line does without.
    from deescalate_tui.tui.start import StartPlace

    return StartPlace(app)


def _note_place(app: Guide, live: LiveSession) -> Place:
    # Late: no call begins with its note.
    from deescalate_tui.tui.reader import NotePlace

    return NotePlace(app, live)


def driver() -> type[Driver] | None:
    """Windows keeps Textual's own, and so does who names one in the environment."""
    if sys.platform == "win32" or constants.DRIVER:
        return None
    from deescalate_tui.tui.patient import PatientDriver

    return PatientDriver


def run(workplace: Workplace, opening: Opening, preview: Preview | None = None) -> int:
    """Show the screen until the agent leaves; the exit status. Raises what went wrong inside."""
    if preview is not None:
        # Late: it stands on this module.
        from deescalate_tui.tui.taken_over import TakenOver

        app: Guide = TakenOver(preview, driver())
    else:
        app = Guide(workplace, opening, driver())
    try:
        return shown(app)
    finally:
        handover.remove(workplace.paths.state)


def shown(app: Guide) -> int:
    """Run an app to its end; the exit status. Raises what went wrong inside."""
    status = app.run(mouse=app.workplace.settings.mouse == "on")
    if app.crash is not None:
        raise app.crash
    return int(status if status is not None else Exit.INTERRUPTED)
