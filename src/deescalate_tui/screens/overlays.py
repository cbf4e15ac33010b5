"""What lies over the session for a moment: all keys, finding, steadying oneself, the silent sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from deescalate_tui.checklist import Pace
from deescalate_tui.finder import Hit
from deescalate_tui.i18n import Messages
from deescalate_tui.keys import ACTIONS, Keymap
from deescalate_tui.prompts import SignView
from deescalate_tui.screens.footer import LINE_KEYS, hinted, key_names
from deescalate_tui.screens.letters import big
from deescalate_tui.screens.rows import (
    ANY_KEY,
    ARROWS,
    BLANK,
    CURRENT,
    Page,
    Row,
    between,
    clip,
    cut,
    filled,
    link,
    span,
    wrap,
)

DEFAULT_PACE = Pace(4, 6, 3)
SCROLL = 3
"""Lines of a text for one notch of the wheel."""


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
    return Page((*filled(rows, width, height - 1), clip(foot, width)), around=ANY_KEY, wheel=ARROWS)


def _keys(action_id: str, keymap: Keymap, messages: Messages) -> str:
    named = key_names(messages)
    return " ".join(named.get(key, key) for key in keymap.keys[action_id])


def find_page(hits: Sequence[Hit], picked: int, messages: Messages, width: int, height: int) -> Page:
    """The box and what was found, best first; the one that `enter` opens is shown whole."""
    rows: list[Row] = [
        between((span(f" {messages('find.title')}", "strong"),), hinted(messages("find.hint"), "dim"), width),
        BLANK,
        BLANK,
    ]
    if not hits:
        rows.append((span(f"   {messages('find.none')}", "dim"),))
        return Page(filled(rows, width, height), entry=1)
    whole, room = _whole_hit(hits[picked], messages, width), height - len(rows)
    first = min(max(0, picked + len(whole) - room), picked)
    for place, hit in list(enumerate(hits))[first : first + max(room, 0)]:
        plain, dim = link("", hit.opens), link("dim", hit.opens)
        kind = span(f"{messages(f'find.{hit.kind}'):<8} ", dim)
        rows += whole if place == picked else [(span("   ", plain), kind, span(cut(hit.text, width - 14), plain))]
    return Page(filled(rows, width, height), entry=1, wheel=ARROWS)


def _whole_hit(hit: Hit, messages: Messages, width: int) -> list[Row]:
    """The picked hit in as many lines as it takes; below a sentence, what it opens."""
    line, *rest = wrap(hit.text, width - 14)
    accent, dim, strong = (link(style, hit.opens) for style in ("accent", "dim", "strong"))
    kind = span(f"{messages(f'find.{hit.kind}'):<8} ", dim)
    rows: list[Row] = [(span(f" {CURRENT} ", accent), kind, span(line, strong))]
    rows += [(span(" " * 12), span(line, strong)) for line in rest]
    if hit.source:
        rows.append((span(" " * 12), span(f"→ {hit.source}", dim)))
    return rows


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
    foot = clip((span(f" {messages('steady.back')}", "dim"),), width)
    return Page((*filled(rows, width, height - 1), foot), around=ANY_KEY)


def sign_page(sign: SignView, alarm: Row, messages: Messages, width: int, height: int) -> Page:
    """The silent sign, in letters that are read from across the room; below it, in `alarm`, how the help command fares.

    However small the window, what failed is said.
    """
    foot = clip((span(f" {messages('sign.lower')}", "dim"),), width)
    below = [(span(f" {line}", "strong"),) for text in sign.lines for line in wrap(text, width - 2)]
    below += [(span(f" {line}", style),) for text, style in alarm for line in wrap(text, width - 2)]
    below = below[-max(height - 2, 0) :] if height > 2 else []
    room = height - 1 - len(below)
    lines = big(sign.word, width, room - bool(below))
    left, over = max((width - len(lines[0])) // 2, 0), max((room - len(lines)) // 2, 0)
    letters: list[Row] = [(span(" " * left), span(line, "danger")) for line in lines]
    rows = (*filled([BLANK] * over + letters, width, room), *filled(below, width, len(below)), foot)
    return Page(rows, around=ANY_KEY)


class Reader(msgspec.Struct, frozen=True):
    """A text to page through: the note after closing."""

    title: str
    head: tuple[str, ...]
    """Sentences about it."""
    lines: tuple[str, ...]
    top: int = 0
    offer: str = ""
    """The last sentence, which can be clicked for `y`."""


def reader_page(reader: Reader, foot: str, width: int, height: int, *, keys: Mapping[str, str] = LINE_KEYS) -> Page:
    """The text with some lines about it above; the position is kept by the caller. `keys` are those the foot names."""
    above = _above(reader, width, height)
    shown = reader.lines[reader.top : reader.top + height - len(above) - 1]
    rows = [*above, *((span(f" {line}"),) for line in shown)]
    last = clip((span(" "), *hinted(foot, "dim", keys)), width)
    return Page((*filled(rows, width, height - 1), last), wheel=ARROWS, notch=SCROLL)


def reader_room(reader: Reader, width: int, height: int) -> int:
    """How many lines of the text are shown at a time."""
    return max(height - len(_above(reader, width, height)) - 1, 1)


def _above(reader: Reader, width: int, height: int) -> list[Row]:
    """What is said about the text; in a low window the text has half of it."""
    rows: list[Row] = [(span(f" {reader.title}", "strong"),)]
    rows += [(span(f" {line}", "accent"),) for text in reader.head for line in wrap(text, width - 2)]
    rows += [(span(f" {line}", link("accent", "y")),) for line in wrap(reader.offer, width - 2) if line]
    return [*rows, BLANK][: height // 2]
