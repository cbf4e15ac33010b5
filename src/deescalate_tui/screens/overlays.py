"""What lies over the session for a moment: all keys, finding, steadying oneself, the silent sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from deescalate_tui.call.checklist import Pace
from deescalate_tui.call.keys import ACTIONS, Keymap
from deescalate_tui.i18n import Messages
from deescalate_tui.screens.footer import LINE_KEYS, hinted, key_names
from deescalate_tui.screens.letters import big
from deescalate_tui.screens.presenter import DONE, SKIPPED
from deescalate_tui.screens.prompts import SignView
from deescalate_tui.screens.rows import (
    ANY_KEY,
    ARROWS,
    BLANK,
    CURRENT,
    DOWN,
    SILENT,
    SPOKEN,
    UP,
    Page,
    Row,
    Span,
    between,
    clip,
    cut,
    filled,
    link,
    span,
    wrap,
)
from deescalate_tui.screens.steps import CRITICAL, LOOKED, MARKS, NEXT

if TYPE_CHECKING:
    from deescalate_tui.screens.finder import Hit

WORDS, SENTENCES = 56, 72
"""Cells from which on the help has two columns of words; and one of sentences."""
MARKED = (
    (MARKS[DONE], "done"),
    (MARKS[SKIPPED], "skipped"),
    (CURRENT, "current"),
    (NEXT, "next"),
    (LOOKED, "looked"),
    (CRITICAL, "critical"),
    (SPOKEN, "aloud"),
    (SILENT, "inner"),
)
"""The marks of the session, by the name of what they mean."""
DEFAULT_PACE = Pace(4, 6, 3)
SCROLL = 3
"""Lines of a text for one notch of the wheel."""


def help_page(keymap: Keymap, messages: Messages, top: int, width: int, height: int) -> Page:
    """All keys with what they do, from the one declaration, the levels first; below them, what the marks mean.

    In sentences where there is room, else in words. `top` is the first line shown, where not all of them fit.
    """
    lines, room = _help_lines(keymap, messages, width), help_room(height)
    hidden = max(len(lines) - room, 0)
    top = max(0, min(top, hidden))
    title = between((span(f" {messages('help.title')}", "strong"),), tuple(more(top, hidden, messages, width)), width)
    foot = (span(f" {messages('help.back')}", "dim"),)
    rows = [title, BLANK, *lines[top : top + room]]
    return Page((*filled(rows, width, height - 1), clip(foot, width)), around=ANY_KEY, wheel=ARROWS)


def help_room(height: int) -> int:
    """How many lines of the help are shown at a time."""
    return max(height - 3, 1)


def help_hidden(keymap: Keymap, messages: Messages, width: int, height: int) -> int:
    """How many lines of the help there is no room for: so far it can be scrolled."""
    return max(len(_help_lines(keymap, messages, width)) - help_room(height), 0)


def more(top: int, hidden: int, messages: Messages, width: int) -> list[Span]:
    """That there is more to see, and which way, in a narrow window without a word; nothing where all is seen."""
    arrows = (UP if top else "") + (DOWN if top < hidden else "")
    words = messages("help.more", arrows=arrows) if width >= WORDS else arrows
    return [span(words, "accent")] if arrows else []


def _help_lines(keymap: Keymap, messages: Messages, width: int) -> list[Row]:
    """Levels, keys, marks. Two columns where there is room for two words, but not for a sentence."""
    heard = [action.id for action in ACTIONS if action.id.startswith("level")]
    names = [*heard, *(action.id for action in ACTIONS if action.id not in heard)]
    marks: list[Row] = [(span(f" {mark:<11} ", "key"), span(messages(f"legend.{name}"))) for mark, name in MARKED]
    lines: list[Row] = []
    if width >= SENTENCES:
        for name in names:
            first, *rest = wrap(messages(f"key.{name}.long"), width - 15)
            lines.append((span(f" {_keys(name, keymap, messages):<11} ", "key"), span(first)))
            lines += [(span(f"{' ' * 13}{line}"),) for line in rest]
        return [*lines, *_line_help(messages, width), BLANK, *marks]
    columns = 2 if width >= WORDS else 1
    per_column, cell = -(-len(names) // columns), (width - 1) // columns
    for line in range(per_column):
        row: list[Span] = []
        for name in names[line::per_column]:
            text = cut(messages(f"key.{name}"), cell - 14).ljust(cell - 13)
            row += [span(f" {_keys(name, keymap, messages):<11} ", "key"), span(text)]
        lines.append(tuple(row))
    return [*lines, *_line_help(messages, width), BLANK, *marks]


def _line_help(messages: Messages, width: int) -> list[Row]:
    return [(span(f" {line}", "dim"),) for line in wrap(messages("help.line"), width - 2)]


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
