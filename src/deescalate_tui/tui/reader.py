"""The note after closing, on the screen to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from rich.cells import cell_len

from deescalate_tui import handover
from deescalate_tui.errors import FileFault
from deescalate_tui.offer import saved_text
from deescalate_tui.screens.footer import DOT, LINE_KEYS, key_names
from deescalate_tui.screens.overlays import Reader, reader_page, reader_room
from deescalate_tui.screens.rows import Does, Page, wrap
from deescalate_tui.tui.place import Still
from deescalate_tui.workplace import CLOSE_S

if TYPE_CHECKING:
    from deescalate_tui.finish import Finished
    from deescalate_tui.live import LiveSession
    from deescalate_tui.tui.app import Guide


class NotePlace(Still):
    """The finished note with its path and the line for the ticket; where the disk refused it, the reason."""

    def __init__(self, app: Guide, live: LiveSession) -> None:
        self._app = app
        self._live = live
        self._room = 1
        self._finished: Finished = live.finish()
        self._copied = ""
        self._top: int | None = None
        """Line shown first; None until the first picture, which begins below the front matter: that is for programs."""

    def page(self, width: int, height: int) -> Page:
        """The note, from the line scrolled to."""
        messages, finished = self._live.messages, self._finished
        lines = tuple(part for line in _for_people(finished.text) for part in _broken(line, width - 2))
        head: tuple[str, ...] = (saved_text(finished, messages),)
        if finished.fault is not None:
            reason = messages.fault(finished.fault)
            head = (messages("note.not-saved", reason=reason), self._live.unnoted)
        copied = tuple(line for line in (self._failed(), self._copied) if line)
        offer = messages("note.copy", text=finished.handover)
        reader = Reader(messages("note.title"), (*head, *copied), lines, offer=offer)
        self._room = reader_room(reader, width, height)
        top = lines.index("---", 1) + 1 if self._top is None and "---" in lines[1:] else self._top or 0
        self._top = max(0, min(top, len(lines) - self._room))
        foot = f"{messages('note.scroll')}{DOT}{messages('note.end')}"
        leave = self._live.workplace.keymap.names(key_names(messages))["key_leave"]
        return reader_page(replace(reader, top=self._top), foot, width, height, keys={**LINE_KEYS, leave: "ctrl+q"})

    def _failed(self) -> str:
        """That the command for the finished note has failed, where there is one; the note itself is there."""
        if self._live.close_run is None:
            return ""
        # Late: few sites have such a command.
        from deescalate_tui.close_command import failure

        return failure(self._live.close_run, self._live.messages)

    def key(self, key: str) -> None:
        """Scroll, copy the line for the ticket, go to a new session, or leave."""
        page = max(self._room - 1, 1)
        steps = {"down": 1, "j": 1, "up": -1, "k": -1, "space": page, "pagedown": page, "pageup": -page}
        if key in steps:
            self._top = max(0, (self._top or 0) + steps[key])
        elif key in ("y", "ctrl+c"):
            self._copy()
        elif key == "enter":
            handover.remove(self._live.workplace.paths.state)
            if self._finished.fault is not None:
                self._live.journal.close(CLOSE_S)  # so that the start screen can offer it again
            self._app.show_start()
        elif key in ("ctrl+q", "f10", "escape"):
            self._app.leave()

    def _copy(self) -> None:
        """The line for the ticket, to the clipboard and into its file."""
        messages, text = self._live.messages, self._finished.handover
        self._app.copy_to_clipboard(text)
        try:
            path = handover.keep(self._live.workplace.paths.state, text)
        except FileFault as fault:
            self._copied = messages("note.copied-only", reason=messages.fault(fault))
        else:
            self._copied = messages("note.copied", path=path)

    def click(self, does: Does) -> None:
        """Here, keys do everything."""

    def tick(self) -> None:
        """Try again to save a note that the disk refused."""
        if self._finished.fault is not None:
            self._finished = self._live.finish()


def _for_people(text: str) -> list[str]:
    """The lines of a note without the comments that only programs read."""
    return [line for line in text.splitlines() if not line.startswith("<!--")]


def _broken(line: str, width: int) -> list[str]:
    """The line as it is where it fits, so that indents stay; else in pieces."""
    return [line] if cell_len(line) <= width else wrap(line, width)
