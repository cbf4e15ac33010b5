"""The session screen: request and level pinned on top, one step in focus at a fixed place, the keys below."""

from __future__ import annotations

import msgspec

from deescalate_tui.call.checklist import AFTERCARE, CALL_PHASES
from deescalate_tui.call.commands import GoTo, Look, Open
from deescalate_tui.i18n import Messages
from deescalate_tui.screens.bottom import bottom, keys_of
from deescalate_tui.screens.footer import ALL_LEVELS, Hint, footer
from deescalate_tui.screens.panel import panel
from deescalate_tui.screens.presenter import OPEN, Focus, SessionView, StepRow
from deescalate_tui.screens.prompts import Notice, QuestionView
from deescalate_tui.screens.rows import (
    ANY_KEY,
    ARROWS,
    BLANK,
    CURRENT,
    SILENT,
    SPOKEN,
    Page,
    Row,
    Span,
    beside,
    between,
    clip,
    filled,
    joined,
    link,
    span,
    unlinked,
    wrap,
)
from deescalate_tui.screens.steps import head, step_rows

SAID = 3
"""Rows for what to say, filled or not, where that leaves room for the details: their labels then stay in place."""
LOOK = (Look(-1), Look(1))
WIDE, TALL, PANEL = 110, 22, 44
"""Cells and rows from which on there is a panel beside the step, and how wide it gets at most."""
ROOMY = 60, 16
"""Cells and rows below which there is no list: of a row or two, one would be the headline once more."""
NARROW = 36
"""Cells. What is not saved is then said before anything else."""


ANY_KEY_BACK = -2


class Scene(msgspec.Struct, frozen=True):
    """The session as it stands this moment: what the state says, and what is laid over it."""

    view: SessionView
    clock: str
    saved: str
    unsaved: bool
    hints: tuple[Hint, ...]
    question: QuestionView | None = None
    picked: int = 0
    """Which choice the arrows have reached; -1: none yet; `ANY_KEY_BACK`: they reach none, and any key leads back."""
    notice: Notice | None = None
    compact: bool = False
    """Headlines only."""


def session_page(scene: Scene, messages: Messages, width: int, height: int) -> Page:
    """The whole screen. What matters least goes first where there is little room; a wide one has a panel beside it."""
    wide = width >= WIDE and height >= TALL
    top = _top(scene, messages, width, height, reminders=not wide)
    foot = footer(scene.hints, width) if scene.question is None else keys_of(scene.question, scene.hints, width)
    if wide:
        below, over, entry_row = _beside_panel(scene, messages, foot, width, height - len(top))
        rows, over = (*top, *below), len(top) + over
    else:
        below, entry_row = bottom(scene.question, scene.picked, scene.notice, foot, width, height - 2)
        room = max(height - len(top) - len(below), 0)
        usual = height - len(top) - len(bottom(None, 0, None, foot, width, height - 2)[0])
        middle = filled(_middle(scene, width, room, list_rows(usual, width, height)), width, room)
        rows, over = filled((*top, *middle, *below), width, height), len(top) + len(middle)
    if scene.question is None:
        return Page(rows, wheel=LOOK)
    if scene.picked == ANY_KEY_BACK:
        return Page(rows, around=ANY_KEY)
    wheel = ARROWS if scene.question.choices else None
    return Page(rows, None if entry_row is None else over + entry_row, quiet=over, wheel=wheel)


def _beside_panel(
    scene: Scene, messages: Messages, foot: Row, width: int, height: int
) -> tuple[list[Row], int, int | None]:
    """A wide screen below its top: what is asked, or just happened, right under the step, where the eye is.

    With how many rows stand above the question, and the row of the input line after them.
    """
    column = min(width // 3, PANEL)
    own, asked, room = width - column - 3, scene.question, height - 1
    under, entry_row = bottom(asked, scene.picked, scene.notice, foot, own, room // 2)
    if asked is None or under[-1] is foot:
        under = under[:-1]
    else:
        foot = BLANK
    while under and under[0] == BLANK:
        under = under[1:]
    middle = [*_middle(scene, own, max(room - len(under) - 1, 0), 0), BLANK]
    right = list(filled(panel(scene.view, messages, column, room), column, room))
    if asked is not None:
        right = [unlinked(row) for row in right]
    if entry_row is not None:  # the line takes its whole row
        right = [*right[: len(middle) + entry_row], BLANK, *right[len(middle) + entry_row : -1]]
    return [*beside(filled((*middle, *under), own, room), right, own + 1), foot], len(middle), entry_row


def _top(scene: Scene, messages: Messages, width: int, height: int, *, reminders: bool) -> list[Row]:
    view = scene.view
    title = joined([span(f" {view.title}", "strong"), *(span(fact) for fact in view.facts)], " · ")
    dim, accent = (link(style, Open("request")) for style in ("dim", "accent"))
    request = (
        (span(f" {view.request_label}  ", dim), span(view.request, accent))
        if view.request
        else (span(f" {view.request_hint}", dim),)
    )
    heard = "danger" if view.level.endswith(messages("level.4")) else "strong"
    level = joined([span(f" {view.level}", link(heard, ALL_LEVELS)), *([span(view.curve)] if view.curve else [])], "  ")
    status = (*level, *(piece for count in view.counts for piece in (span("   "), span(count))))
    if height < 14:
        return [_headed(status[:1], scene, width), clip(request, width)]
    rows = [_headed(title, scene, width), clip(request, width), clip(status, width)]
    if height >= 22 and reminders:
        rows.append(_reminders(view, width))
    rows += [_phases(view, width)]
    return [*rows, BLANK] if height >= 18 else rows


def _headed(left: Row, scene: Scene, width: int) -> Row:
    """The first row, with what the disk and the clock say at its end."""
    saved = span(scene.saved, "danger" if scene.unsaved else "dim")
    if scene.unsaved and width < NARROW:
        return clip((span(" "), saved, *left), width)
    return between(left, joined([saved, span(scene.clock, "strong")]), width)


def _reminders(view: SessionView, width: int) -> Row:
    """As many whole reminders as fit."""
    kept = ""
    for reminder in view.reminders:
        longer = f"{kept} · {reminder}" if kept else f" {reminder}"
        if len(longer) <= width:
            kept = longer
    return (span(kept, "dim"),)


def _phases(view: SessionView, width: int) -> Row:
    """The phases; a click leads to the first step of one that is still open."""
    first = {row.phase: GoTo(row.id) for row in reversed(view.steps) if row.mark == OPEN}
    pieces: list[Span] = []
    for phase, tab in zip((*CALL_PHASES, AFTERCARE), view.phases, strict=False):
        whole = tab.settled == tab.total
        count = "✓" if whole and tab.total else f"{tab.settled}/{tab.total}"
        label = f"{CURRENT} {tab.title} {count}" if tab.active else f"{tab.title} {count}"
        style = "accent" if tab.active else "dim"
        pieces.append(span(label, link(style, first[phase]) if phase in first else style))
    return clip((span(" "), *joined(pieces, "    ")), width)


def _middle(scene: Scene, width: int, room: int, shown: int) -> list[Row]:
    """The steps of the phase in `shown` rows, below them the one in focus: from step to step only marks move."""
    view = scene.view
    steps = [row for row in view.steps if row.phase == view.phase]
    if view.focus is None:
        finished = [(span(f"   {line}", "strong"),) for line in wrap(view.finished, width - 6)]
        return [*step_rows(steps, min(len(steps), max(room - len(finished) - 1, 0)), width), BLANK, *finished]
    if scene.compact:
        return step_rows(list(view.steps), room, width)
    rows = [*filled(step_rows(steps, shown, width), width, shown), *([BLANK] if shown > 1 else [])]
    current = next((row for row in view.steps if row.id == view.focus.id), None)
    return [*rows, *_focus(view.focus, current, width, max(room - len(rows), 1))][: max(room, 0)]


def list_rows(room: int, width: int, height: int) -> int:
    """So many rows are kept for the list, whatever the phase and the question: what stands below it stays there."""
    if width < ROOMY[0] or height < ROOMY[1]:
        return 0
    return 6 if room >= 15 else 4 if room >= 12 else 3 if room >= 9 else 1 if room >= 6 else 0


def _focus(focus: Focus, row: StepRow | None, width: int, room: int) -> list[Row]:
    """The step itself: its headline, what to say, and as much of tone, avoid and why as there is room for."""
    airy = room >= 8
    lines = [_say(line, focus.inner, width) for line in focus.say]
    details = _details(focus, width)
    rows = [head(focus, row, width)]
    if details and room > SAID + sum(map(len, details)) and sum(map(len, lines[:1])) <= SAID:
        said: list[Row] = []
        for line in lines:
            said += line if not said or len(said) + len(line) < SAID else []
        return [*rows, *said, *([BLANK] * (SAID - len(said))), *(line for detail in details for line in detail)]
    if lines:
        rows += lines[0][: max(room - len(rows), 1)]
    kept: list[Row] = []
    for detail in details:
        if len(rows) + len(kept) + len(detail) + (1 if airy else 0) <= room:
            kept += detail
    extra: list[Row] = []
    for line in lines[1:]:
        if len(rows) + len(extra) + len(line) + len(kept) + (1 if airy and kept else 0) <= room:
            extra += line
    gap = [BLANK] if airy and kept else []
    return [*rows, *extra, *gap, *kept]


def _say(line: str, inner: bool, width: int) -> list[Row]:
    bar, style = (SILENT, "") if inner else (SPOKEN, "say")
    return [(span(f"      {bar} {text}", style),) for text in wrap(line, width - 9)]


def _details(focus: Focus, width: int) -> list[list[Row]]:
    """Each detail as its rows, labels in one column."""
    column = max((len(label) for label, _ in focus.details), default=0) + 2
    blocks = []
    for label, text in focus.details:
        lines = wrap(text, width - column - 8)
        first: Row = (span(f"      {label.ljust(column)}{lines[0]}", "dim"),)
        blocks.append([first, *((span(f"{' ' * (column + 6)}{line}", "dim"),) for line in lines[1:])])
    return blocks
