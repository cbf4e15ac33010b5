"""The team lead's desk: a list of notes, of what is due or of what cannot be read, and the note that is picked.

Where everything stands depends on the size of the window alone. A wide one has the note beside the list, others below.
"""

from __future__ import annotations

import msgspec
from rich.cells import cell_len

from deescalate_tui.i18n import Messages
from deescalate_tui.screens.footer import Hint, footer, key_names
from deescalate_tui.screens.note_text import note_rows
from deescalate_tui.screens.overlays import SCROLL, help_room, more
from deescalate_tui.screens.rows import (
    ANY_KEY,
    ARROWS,
    BLANK,
    CURRENT,
    Page,
    Row,
    Span,
    beside,
    between,
    clip,
    cut,
    filled,
    link,
    span,
    wrap,
)

NOTES, DUE, UNREAD = VIEWS = ("notes", "due", "unread")
WIDE = 116
"""Cells from which on the note stands beside the list."""
ROOMY, FAIR = 64, 56
"""Cells from which on a list has all its columns; and from which on they are wide enough."""
_AROUND = 4
"""Rows that are always there: the views, the filter, a message, the keys."""
_LEAST = 12
"""Rows that a list and a note below it take together at least."""


class DeskKey(msgspec.Struct, frozen=True):
    """A key of the desk; its word is `desk.key.<id>`, its sentence `desk.help.<id>`."""

    id: str
    keys: tuple[str, ...]
    rank: int
    """How early it leaves a footer that is too narrow: the highest goes first."""
    views: tuple[str, ...] = VIEWS


KEYS = (
    DeskKey("move", ("up", "down"), 10),
    DeskKey("filter", ("/", "f3"), 1, (NOTES, DUE)),
    DeskKey("tick", ("space",), 2, (DUE,)),
    DeskKey("untick", ("u",), 6, (DUE,)),
    DeskKey("open", ("enter",), 4, (NOTES, DUE)),
    DeskKey("view", ("1", "2", "3"), 5),
    DeskKey("sort", ("s",), 8, (NOTES,)),
    DeskKey("refresh", ("r",), 9),
    DeskKey("help", ("?", "f1"), 3),
    DeskKey("leave", ("ctrl+q", "f10"), 7),
)
"""Every key but those that go up and down by pages."""
MARKED = (("!", "threat"), ("–", "no-level"))


class Listed(msgspec.Struct, frozen=True):
    """An entry of a list: its cells, as the columns of its view have them, and the style of its first cell."""

    cells: tuple[str, ...]
    style: str = ""


class Layout(msgspec.Struct, frozen=True):
    """How many rows list and note have, and how wide each is."""

    rows: int
    width: int
    note_rows: int
    note_width: int

    @property
    def beside(self) -> bool:
        """The note stands beside the list."""
        return self.note_width != self.width


class DeskView(msgspec.Struct, frozen=True):
    """Everything the desk shows."""

    view: str
    counts: dict[str, str]
    """Beside the name of a view: how many it has, where that is known."""
    state: str
    """What the index does, or how many entries there are."""
    filter: str
    filtering: bool
    """The filter is being typed."""
    rows: tuple[Listed, ...]
    """Those there is room for."""
    first: int
    """The place of the first of them in the list."""
    picked: int
    """In the list; -1: nothing is."""
    empty: str = ""
    """Said where the list has no entry."""
    text: str = ""
    """The note, as its file has it."""
    promise: tuple[str, ...] = ()
    """What is said of the promise that is picked, above the note: its words first."""
    told: str = ""
    """Said in its place."""
    said: str = ""
    """What has just happened, or went wrong."""
    wrong: bool = False


def layout(width: int, height: int) -> Layout:
    """Where list and note stand in a window of this size."""
    room = max(height - _AROUND, 1)
    if width >= WIDE:
        left = width // 2
        return Layout(room, left, room, width - left - 2)
    rows = room * 9 // 20 if room >= _LEAST else room
    return Layout(rows, width, max(room - rows - 1, 0), width)


def desk_page(view: DeskView, messages: Messages, width: int, height: int) -> Page:
    """The whole screen."""
    where = layout(width, height)
    rows = filled(_list(view, where), where.width, where.rows)
    note = filled(_note(view, where), where.note_width, where.note_rows)
    if where.beside:
        middle = beside(rows, note, where.width + 2)
    else:
        rule: tuple[Row, ...] = ((span("─" * width, "dim"),),) if note else ()
        middle = (*rows, *rule, *note)
    foot = footer(hints(messages, view.view), width)
    if view.filtering:
        foot = clip((span(f" {messages('desk.typing')}", "dim"),), width)
    page = (_head(view, messages, width), _filter(view, messages, width), *_said(view, width), *middle)
    return Page((*filled(page, width, height - 1), foot), entry=1 if view.filtering else None, wheel=ARROWS)


def hints(messages: Messages, view: str) -> tuple[Hint, ...]:
    """The keys along the bottom of a view."""
    return tuple(
        Hint(_shown(key, messages), messages(f"desk.key.{key.id}"), key.rank, key.keys[0])
        for key in KEYS
        if view in key.views and key.id != "move"
    )


def reader_page(title: str, text: str, top: int, messages: Messages, width: int, height: int) -> Page:
    """A note over the whole screen, from a row on."""
    rows, room = note_rows(text, width - 1), reader_room(height)
    hidden = max(len(rows) - room, 0)
    head = between((span(f" {title}", "strong"),), tuple(more(min(top, hidden), hidden, messages, width)), width)
    foot = clip((span(f" {messages('desk.reading')}", "dim"),), width)
    shown = rows[min(top, hidden) : min(top, hidden) + room]
    return Page((*filled((head, BLANK, *shown), width, height - 1), foot), wheel=ARROWS, notch=SCROLL)


def reader_room(height: int) -> int:
    """How many rows of a note are shown at a time."""
    return max(height - 3, 1)


def reader_hidden(text: str, width: int, height: int) -> int:
    """How many rows of a note there is no room for: so far it can be scrolled."""
    return max(len(note_rows(text, width - 1)) - reader_room(height), 0)


def help_page(messages: Messages, top: int, width: int, height: int) -> Page:
    """All keys in sentences, what the marks mean, and how a filter is written."""
    lines, room = _help(messages, width), help_room(height)
    hidden = max(len(lines) - room, 0)
    top = min(top, hidden)
    title = between((span(f" {messages('desk.help')}", "strong"),), tuple(more(top, hidden, messages, width)), width)
    foot = (span(f" {messages('desk.back')}", "dim"),)
    rows = filled([title, BLANK, *lines[top : top + room]], width, height - 1)
    return Page((*rows, clip(foot, width)), around=ANY_KEY, wheel=ARROWS)


def help_hidden(messages: Messages, width: int, height: int) -> int:
    """How many lines of the help there is no room for."""
    return max(len(_help(messages, width)) - help_room(height), 0)


def _help(messages: Messages, width: int) -> list[Row]:
    entries = [(_shown(key, messages), messages(f"desk.help.{key.id}")) for key in KEYS]
    entries += [(mark, messages(f"desk.mark.{name}")) for mark, name in MARKED]
    lead = max(cell_len(key) for key, _ in entries) + 2
    lines: list[Row] = []
    for key, text in entries:
        first, *rest = wrap(text, width - lead - 2)
        lines.append((span(f" {key}{' ' * (lead - cell_len(key))}", "key"), span(first)))
        lines += [(span(" " * (lead + 1)), span(line)) for line in rest]
    return [*lines, BLANK, *((span(f" {line}", "dim"),) for line in wrap(messages("desk.help.query"), width - 2))]


def _shown(key: DeskKey, messages: Messages) -> str:
    """A key as people know it; of several that belong together the first and the last."""
    names = key_names(messages)
    named = [names.get(each, each) for each in key.keys]
    if key.id == "view":
        return f"{named[0]}–{named[-1]}"
    return " ".join(named) if key.id == "move" else named[0]


def _head(view: DeskView, messages: Messages, width: int) -> Row:
    """The views, the picked one marked, and at the right what the index does."""
    spans: list[Span] = []
    for place, name in enumerate(VIEWS, 1):
        style = link("strong" if name == view.view else "dim", str(place))
        count = f" {view.counts[name]}" if view.counts.get(name) else ""
        mark = CURRENT if name == view.view else " "
        spans += [span(f" {mark}", "accent"), span(f"{place} {messages(f'desk.{name}')}{count}", style)]
    state = (span(cut(view.state, max(width - sum(cell_len(text) for text, _ in spans) - 4, 0)), "dim"),)
    return between(tuple(spans), (*state, span(" ")), width) if view.state else tuple(spans)


def _filter(view: DeskView, messages: Messages, width: int) -> Row:
    if view.filtering or view.view == UNREAD:
        return BLANK
    if view.filter:
        return clip((span(f" {messages('desk.filter')} ", "dim"), span(view.filter, link("accent", "/"))), width)
    return clip((span(f" {messages('desk.no-filter')}", link("dim", "/")),), width)


def _said(view: DeskView, width: int) -> list[Row]:
    """One row, for which there is always room; what is wrong is said whole."""
    if not view.wrong:
        return [(span(f" {cut(view.said, width - 2)}", "accent"),)]
    return [(span(f" {line}", "warn"),) for line in wrap(view.said, width - 2)[:4]]


def _list(view: DeskView, where: Layout) -> list[Row]:
    if not view.rows:
        return [(span(f"   {line}", "dim"),) for line in wrap(view.empty, where.width - 4)]
    widths = _widths(view.view, where)
    return [_entry(it, view.first + at, widths, view.picked) for at, it in enumerate(view.rows)]


def _widths(view: str, where: Layout) -> tuple[int, ...]:
    """How wide each column is; the last one has what is left, 0 is not shown."""
    width = where.width
    roomy, fair = width >= ROOMY, width >= FAIR
    clock, ticket = 5 if roomy else 0, 13 if fair else 9
    fixed = {
        NOTES: (1, 10, clock, 13 if fair else 8, 1, ticket),
        DUE: (10, 10 if fair else 0, clock, ticket),
        UNREAD: (36 if roomy else 24,),
    }[view]
    return (*fixed, max(width - 3 - sum(it + 1 for it in fixed if it), 1))


def _entry(it: Listed, place: int, widths: tuple[int, ...], picked: int) -> Row:
    """One row; a click picks it."""
    style = link("strong" if place == picked else "", place)
    spans = [span(f" {CURRENT if place == picked else ' '} ", link("accent", place))]
    cells, rooms = it.cells, list(widths)
    if not rooms[1]:  # the day in place of how late, where it is not late
        cells = (cells[0] or cells[1], *cells[1:])
    if cells[2:3] == ("",) and rooms[2]:  # words that name no day have the room of the time
        rooms[1:3] = [rooms[1] + 1 + rooms[2], 0]
    for column, (text, width) in enumerate(zip(cells, rooms, strict=True)):
        if width:
            cell = cut(text, width)
            gap = " " * (width - cell_len(cell) + (column + 1 < len(widths)))
            spans.append(span(cell + gap, link(it.style, place) if column == 0 and it.style else style))
    return tuple(spans)


def _note(view: DeskView, where: Layout) -> list[Row]:
    if view.told:
        return [(span(f" {line}"),) for line in wrap(view.told, where.note_width - 2)]
    rows = (*_promise(view.promise, where.note_width), *note_rows(view.text, where.note_width - 1))
    # Below a list there is no row to lose.
    return list(rows) if where.beside else [row for row in rows if row]


def _promise(told: tuple[str, ...], width: int) -> list[Row]:
    """The words of a promise whole, and what is said of it."""
    styles = ["strong", *[""] * len(told)]
    rows: list[Row] = [
        (span(f" {line}", style),) for text, style in zip(told, styles, strict=False) for line in wrap(text, width - 2)
    ]
    return [*rows, BLANK] if rows else []
