"""The team lead's desk: how it looks now, and what the keys do."""

from __future__ import annotations

from typing import Any

from deescalate_tui.archive.dues import Due
from deescalate_tui.archive.search import Hit
from deescalate_tui.clean import clean
from deescalate_tui.desk_rows import due_entry, note_entry, note_title, promise_told, unread_entry
from deescalate_tui.i18n import Messages
from deescalate_tui.screens.desk import (
    DUE,
    KEYS,
    NOTES,
    UNREAD,
    VIEWS,
    DeskView,
    Listed,
    desk_page,
    help_hidden,
    help_page,
    layout,
    reader_hidden,
    reader_page,
    reader_room,
)
from deescalate_tui.screens.overlays import help_room
from deescalate_tui.screens.rows import Does, Page
from deescalate_tui.tui.desk_lists import Lists
from deescalate_tui.tui.desk_work import Host, Work

CLOSED = -1
"""Nothing lies over the lists."""


class DeskPlace:
    """Lists, the note that is picked, and what lies over them: the note whole, the help."""

    def __init__(self, app: Host, words: Messages) -> None:
        """Raises FileFault where there can be no index."""
        self._app = app
        self._words = words
        self._lists = Lists(app.workplace, words)
        self._work = Work(app, self._lists, words)
        self._filtering = False
        self._help = self._reading = CLOSED
        """The first row shown of what lies over the lists."""
        self._size = (80, 24)
        self._lists.recount()
        self._work.refresh()

    def page(self, width: int, height: int) -> Page:
        """The lists with the note, or what lies over them."""
        self._size, self._lists.room = (width, height), layout(width, height).rows
        if self._lists.damaged:
            self._lists.damaged = False
            self._work.refresh()
        if self._help != CLOSED:
            return help_page(self._words, self._help, width, height)
        row = self._lists.row()
        if self._reading != CLOSED and row is not None:
            text = "".join(self._work.text(row))
            return reader_page(note_title(row, self._words), text, self._reading, self._words, width, height)
        return desk_page(self._view(), self._words, width, height)

    def _view(self) -> DeskView:
        lists, row, picked = self._lists, self._lists.row(), self._lists.current()
        text, told = self._work.text(row) if row is not None else ("", "")
        first, entries = lists.shown()
        if lists.view == UNREAD and (fault := lists.current()) is not None:
            told = ": ".join(self._entry(fault).cells)
        said, wrong = lists.told()
        return DeskView(
            view=lists.view,
            counts=lists.counts,
            state=self._work.busy or lists.number(),
            filter=lists.desk.query,
            filtering=self._filtering,
            rows=tuple(map(self._entry, entries)),
            first=first,
            picked=lists.picked[lists.view],
            empty=self._empty(),
            text=text,
            promise=promise_told(picked, lists.desk.today, self._words) if isinstance(picked, Due) else (),
            told=clean(told),
            said=said,
            wrong=wrong,
        )

    def _entry(self, it: Any) -> Listed:
        if isinstance(it, Hit):
            return note_entry(it, self._words)
        if isinstance(it, Due):
            done = (it.row.id, it.number) in self._lists.ticked
            return due_entry(it, self._lists.desk.today, self._words, done=done)
        return unread_entry(it, self._lists.desk.archive.notes, self._words)

    def _empty(self) -> str:
        """What a list says that has no entry."""
        if self._lists.view == UNREAD:
            return self._words("desk.all-read")
        if self._lists.desk.query:
            return self._words("cli.nothing-found")
        if self._work.busy:
            return self._words("desk.first")
        if self._lists.counts.get(UNREAD):  # there may well be some
            return self._words("cli.nothing-found" if self._lists.listing(NOTES).number else "cli.none-readable")
        return self._words("due.none" if self._lists.view == DUE else "desk.no-notes")

    def key(self, key: str) -> None:
        """Whatever an open filter has no use for."""
        name = next((it.id for it in KEYS if key in it.keys), "")
        lists, hidden = self._lists, help_hidden(self._words, *self._size)
        if name == "leave":
            self._app.leave()
        elif self._help != CLOSED:
            self._help = _scrolled(key, self._help, help_room(self._size[1]), hidden)
        elif self._reading != CLOSED:
            self._read_key(key, name)
        elif step := _step(key, lists.room):
            lists.move(step)
        elif self._filtering:
            self._filtering = False
        elif key == "escape" and lists.desk.query:
            lists.ask("")
        elif key == "tab":
            lists.look(VIEWS[(VIEWS.index(lists.view) + 1) % len(VIEWS)])
        else:
            self._act(key, name)

    def _act(self, key: str, name: str) -> None:
        lists = self._lists
        lists.say(self._words("desk.ctrl-c") if key == "ctrl+c" else "")
        if not any(it.id == name and lists.view in it.views for it in KEYS):
            return
        match name:
            case "view":
                lists.look(VIEWS[int(key) - 1])
            case "help":
                self._help = 0
            case "refresh":
                self._work.refresh()
            case "filter":
                self._filtering = True
            case "sort":
                lists.sort()
                lists.say(self._words("desk.threats-first" if lists.desk.threats_first else "desk.newest-first"))
            case "open":
                self._read(0)
            case "tick":
                if lists.sure():
                    self._work.tick(lists.current())
            case "untick":
                self._work.untick()

    def _read(self, top: int) -> None:
        """Lay the note over the lists, from a row on; or take it away."""
        self._lists.move(0)
        self._reading = top if self._lists.row() is not None else CLOSED

    def _read_key(self, key: str, name: str) -> None:
        lists, row, room = self._lists, self._lists.row(), reader_room(self._size[1])
        hidden = reader_hidden("".join(self._work.text(row)), *self._size) if row is not None else 0
        if key in ("left", "right"):
            lists.move(1 if key == "right" else -1)
            self._read(0)
        elif name == "help":
            self._help = 0
        else:
            self._read(_scrolled("pagedown" if key == "space" else key, self._reading, room, hidden))

    def click(self, does: Does) -> None:
        """An entry: it is picked, and once more, opened."""
        if isinstance(does, int):
            if does == self._lists.picked[self._lists.view]:
                self._read(0)
            self._lists.go(does)

    def line(self) -> tuple[object, str] | None:
        """The filter, while it is typed."""
        return ("filter", self._lists.desk.query) if self._filtering else None

    def typing(self, text: str) -> None:
        """Filter as one types."""
        if text != self._lists.desk.query:
            self._lists.ask(text)

    def paused(self, text: str) -> None:
        """A filter is no draft: nothing keeps it."""

    def submit(self, text: str) -> None:
        """The filter is as it should be."""
        self.typing(text)
        self._filtering = False

    def tick(self) -> None:
        """Nothing changes by itself."""

    def moves(self) -> bool:
        """It stands still."""
        return False

    def close(self) -> None:
        """Let go of the index."""
        self._lists.desk.archive.close()


def _step(key: str, page: int) -> int:
    """How many rows or entries a key goes; 0: it goes none."""
    ends = {"home": -(1 << 40), "end": 1 << 40}
    return {"up": -1, "k": -1, "down": 1, "j": 1, "pageup": -page, "pagedown": page, **ends}.get(key, 0)


def _scrolled(key: str, top: int, page: int, hidden: int) -> int:
    """Where the rows begin after a key; one that does not scroll closes what lies over the lists."""
    step = _step(key, page)
    return min(max(top + step, 0), hidden) if step else CLOSED
