"""What lies over the session for a moment: all keys, finding, steadying oneself, the silent sign."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from deescalate_tui.checklist import Pace
from deescalate_tui.finder import Hit
from deescalate_tui.i18n import Messages
from deescalate_tui.keys import ACTIONS, Keymap
from deescalate_tui.screens.footer import key_names
from deescalate_tui.screens.letters import big
from deescalate_tui.screens.rows import BLANK, Page, Row, between, clip, cut, filled, span, wrap

DEFAULT_PACE = Pace(4, 6, 3)


def help_page(keymap: Keymap, messages: Messages, top: int, width: int, height: int) -> Page:
    """All keys with what they do, from the one declaration: sentences where there is room, else words in two columns.

    `top` is the first line shown, where even those do not fit.
    """
    pairs = [(_keys(action.id, keymap, messages), action.id) for action in ACTIONS]
    columns = 1 if height >= len(pairs) + 5 or width < 56 else 2
    per_column = -(-len(pairs) // columns)
    cell = (width - 1) // columns
    lines: list[Row] = []
    for line in range(per_column):
        row: list[tuple[str, str]] = []
        for keys, name in pairs[line::per_column]:
            text = messages(f"key.{name}.long" if columns == 1 and width >= 72 else f"key.{name}")
            row += [span(f" {keys:<11} ", "key"), span(cut(text, cell - 14).ljust(cell - 13))]
        lines.append(tuple(row))
    room = height - 4
    shown = lines[max(0, min(top, len(lines) - room)) :][: max(room, 1)]
    line_help = (span(f" {messages('help.line')}", "dim"),)
    rows: list[Row] = [(span(f" {messages('help.title')}", "strong"),), BLANK, *shown, line_help]
    foot = (span(f" {messages('help.back')}", "dim"),)
    return Page((*filled(rows, width, height - 1), clip(foot, width)))


def _keys(action_id: str, keymap: Keymap, messages: Messages) -> str:
    named = key_names(messages)
    return " ".join(named.get(key, key) for key in keymap.keys[action_id])


def find_page(hits: Sequence[Hit], picked: int, messages: Messages, width: int, height: int) -> Page:
    """The box and what was found, best first."""
    rows: list[Row] = [
        between((span(f" {messages('find.title')}", "strong"),), (span(messages("find.hint"), "dim"),), width),
        BLANK,
        BLANK,
    ]
    room = height - len(rows)
    first = max(0, picked - room + 1)
    for place, hit in list(enumerate(hits))[first : first + room]:
        pointer, style = ("▶", "strong") if place == picked else (" ", "")
        kind = messages(f"find.{hit.kind}")
        rows.append(
            (span(f" {pointer} ", "accent"), span(f"{kind:<8} ", "dim"), span(cut(hit.text, width - 14), style))
        )
    if not hits:
        rows.append((span(f"   {messages('find.none')}", "dim"),))
    return Page(filled(rows, width, height), entry=1)


def steady_page(pace: Pace | None, elapsed_s: float, messages: Messages, width: int, height: int) -> Page:
    """A bar that grows with the breath in and shrinks, more slowly, with the breath out; then it rests."""
    pace = pace or DEFAULT_PACE
    beat = pace.inhale + pace.exhale
    breath, within = divmod(elapsed_s, beat)
    if breath >= pace.times:
        share, word = 0.0, ""
    elif within < pace.inhale:
        share, word = within / pace.inhale, messages("steady.in")
    else:
        share, word = 1 - (within - pace.inhale) / pace.exhale, messages("steady.out")
    widest = max(min(width - 12, 48), 4)
    bar = "█" * max(1, round(share * widest))
    rows: list[Row] = [
        (span(f" {messages('steady.title')}", "strong"),),
        *([BLANK] * max((height - 12) // 2, 0)),
        (span("     "), span(bar, "accent")),
        (span("     "), span(word, "strong")),
        BLANK,
    ]
    for key in ("steady.sentence", "steady.place", "steady.name"):
        rows += [(span(f"     {line}"),) for line in wrap(messages(key), width - 7)]
    return Page((*filled(rows, width, height - 1), clip((span(f" {messages('steady.back')}", "dim"),), width)))


def sign_page(kind: str, ticket: str, messages: Messages, width: int, height: int) -> Page:
    """The silent sign, in letters that are read from across the room."""
    lines = big(messages(f"sign.{kind}"), width - 2, height - 4)
    over = max((height - len(lines) - 2) // 2, 1)
    rows: list[Row] = [*([BLANK] * over), *((span(f" {line}", "danger"),) for line in lines), BLANK]
    if ticket:
        rows.append((span(f" {messages('view.ticket', ticket=ticket)}", "strong"),))
    return Page((*filled(rows, width, height - 1), clip((span(f" {messages('sign.lower')}", "dim"),), width)))


class Reader(msgspec.Struct, frozen=True):
    """A text to page through: the note after closing."""

    title: str
    head: tuple[str, ...]
    """Sentences about it."""
    lines: tuple[str, ...]
    top: int = 0


def reader_page(reader: Reader, foot: str, width: int, height: int) -> Page:
    """The text with some lines about it above; the position is kept by the caller."""
    above = _above(reader, width, height)
    shown = reader.lines[reader.top : reader.top + height - len(above) - 1]
    rows = [*above, *((span(f" {line}"),) for line in shown)]
    return Page((*filled(rows, width, height - 1), clip((span(f" {foot}", "dim"),), width)))


def reader_room(reader: Reader, width: int, height: int) -> int:
    """How many lines of the text are shown at a time."""
    return max(height - len(_above(reader, width, height)) - 1, 1)


def _above(reader: Reader, width: int, height: int) -> list[Row]:
    """What is said about the text; in a low window the text has half of it."""
    rows: list[Row] = [(span(f" {reader.title}", "strong"),)]
    rows += [(span(f" {line}", "accent"),) for text in reader.head for line in wrap(text, width - 2)]
    return [*rows, BLANK][: height // 2]
