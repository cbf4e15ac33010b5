"""The session screen: request and level pinned on top, one step in focus at a fixed place, the keys below."""

from __future__ import annotations

import msgspec

from deescalate_tui.i18n import Messages
from deescalate_tui.presenter import DONE, OPEN, Focus, SessionView, StepRow, quoted
from deescalate_tui.prompts import Choice, Notice, QuestionView
from deescalate_tui.screens.footer import Hint, footer
from deescalate_tui.screens.rows import (
    BLANK,
    Page,
    Row,
    Span,
    between,
    clip,
    cut,
    filled,
    joined,
    span,
    wrap,
)

MARKS = {DONE: "✓", "skipped": "–", OPEN: "○"}
CURRENT, NEXT, CRITICAL = "▶", "→", "◆"
SPOKEN, SILENT = "▌", "┆"
NARROW = 36
"""Cells. What is not saved is then said before anything else."""


class Scene(msgspec.Struct, frozen=True):
    """The session as it stands this moment: what the state says, and what is laid over it."""

    view: SessionView
    clock: str
    saved: str
    unsaved: bool
    hints: tuple[Hint, ...]
    question: QuestionView | None = None
    picked: int = 0
    """Which choice the arrows have reached."""
    notice: Notice | None = None


def session_page(scene: Scene, messages: Messages, width: int, height: int) -> Page:
    """The whole screen. What matters least goes first where there is little room."""
    top = _top(scene, messages, width, height)
    bottom, entry_row = _bottom(scene, width, height - 2)
    room = height - len(top) - len(bottom)
    middle = filled(_middle(scene.view, width, room), width, max(room, 0))
    rows = filled((*top, *middle, *bottom), width, height)
    return Page(rows, None if entry_row is None else len(top) + len(middle) + entry_row)


def _top(scene: Scene, messages: Messages, width: int, height: int) -> list[Row]:
    view = scene.view
    title = joined([span(f" {view.title}", "strong"), *(span(fact) for fact in view.facts)], " · ")
    request = (
        (span(f" {view.request_label}  ", "dim"), span(view.request, "accent"))
        if view.request
        else (span(f" {view.request_hint}", "dim"),)
    )
    heard = "danger" if view.level.endswith(messages("level.4")) else "strong"
    level = joined([span(f" {view.level}", heard), *([span(view.curve)] if view.curve else [])], "  ")
    status = (*level, *(piece for count in view.counts for piece in (span("   "), span(count))))
    if height < 14:
        return [_headed(status[:1], scene, width), clip(request, width)]
    rows = [_headed(title, scene, width), clip(request, width), clip(status, width)]
    if height >= 22:
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
    pieces: list[Span] = []
    for tab in view.phases:
        whole = tab.settled == tab.total
        count = "✓" if whole and tab.total else f"{tab.settled}/{tab.total}"
        label = f"{CURRENT} {tab.title} {count}" if tab.active else f"{tab.title} {count}"
        pieces.append(span(label, "accent" if tab.active else "dim"))
    return clip((span(" "), *joined(pieces, "    ")), width)


def _middle(view: SessionView, width: int, room: int) -> list[Row]:
    """Steps before, the focus at a fixed row, steps after."""
    order = [row.id for row in view.steps]
    place = order.index(view.focus.id) if view.focus is not None and view.focus.id in order else len(order)
    above = 2 if room >= 12 else 1 if room >= 7 else 0
    before = [_step(row, width) for row in view.steps[max(0, place - above) : place]]
    rows = [*([BLANK] * (above - len(before))), *before]
    if room >= 12:
        rows.append(BLANK)
    if view.focus is None:
        return [*rows, BLANK, *((span(f"   {line}", "strong"),) for line in wrap(view.finished, width - 6))]
    after = _after(view.steps, place, above, 3 if room >= 16 else 2 if room >= 10 else 1)
    reserved = len(after) + (1 if after and room >= 12 else 0)
    rows += _focus(view.focus, view.steps[place], view.language, width, max(room - len(rows) - reserved, 1))
    if after and room - len(rows) > len(after):
        rows.append(BLANK)
    return [*rows, *(_step(row, width) for row in after)][: max(room, 0)]


def _after(steps: tuple[StepRow, ...], place: int, above: int, most: int) -> list[StepRow]:
    """What follows the step in focus; the one that is offered next is always in sight."""
    after = list(steps[place + 1 :][:most])
    upcoming = next((row for row in steps if row.upcoming), None)
    if upcoming is None or upcoming in steps[max(0, place - above) : place + 1 + most]:
        return after
    return [upcoming, *after][:most]


def _step(row: StepRow, width: int) -> Row:
    mark = CURRENT if row.current else NEXT if row.upcoming and row.mark == OPEN else MARKS[row.mark]
    gate = f" {CRITICAL}" if row.critical and row.mark == OPEN else ""
    style = "strong" if row.current else "" if row.mark == OPEN else "dim"
    return (span(f"   {mark}  ", style), span(cut(row.text, width - 9) + gate, style))


def _focus(focus: Focus, row: StepRow, language: str, width: int, room: int) -> list[Row]:
    """The step itself: its headline, what to say, and as much of tone, avoid and why as there is room for."""
    mark = CURRENT if row.current else MARKS[row.mark]
    gate = f" {CRITICAL}" if row.critical and row.mark == OPEN else ""
    head: Row = (span(f" {mark} ", "current"), span(f" {cut(focus.do, width - 7)}{gate}", "current"))
    airy = room >= 7
    lines = [_say(line, focus.inner, language, width) for line in focus.say]
    details = _details(focus, width)
    rows = [head, *([BLANK] if airy else [])]
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
    gap = [BLANK] if airy and kept and lines else []
    return [*rows, *extra, *gap, *kept]


def _say(line: str, inner: bool, language: str, width: int) -> list[Row]:
    bar = SILENT if inner else SPOKEN
    texts = wrap(quoted(line, language), width - 9)
    return [(span(f"      {bar} ", "say"), span(text, "say")) for text in texts]


def _details(focus: Focus, width: int) -> list[list[Row]]:
    """Each detail as its rows, labels in one column."""
    column = max((len(label) for label, _ in focus.details), default=0) + 2
    blocks = []
    for label, text in focus.details:
        lines = wrap(text, width - column - 8)
        first: Row = (span(f"      {label.ljust(column)}{lines[0]}", "dim"),)
        blocks.append([first, *((span(f"{' ' * (column + 6)}{line}", "dim"),) for line in lines[1:])])
    return blocks


def _bottom(scene: Scene, width: int, room: int) -> tuple[list[Row], int | None]:
    """Question, or notice, above the footer; with the row of the input line, if one is open."""
    question = scene.question
    if question is None:
        return [*_notice(scene.notice, scene.view.language, width, room), footer(scene.hints, width)], None
    label: Row = (span(f" {cut(question.label, width - 2)}", "strong"),)
    notice = scene.notice
    hint: Row = (span(f" {cut(notice.text if notice else question.hint, width - 2)}", "accent" if notice else "dim"),)
    if not question.choices:
        return [label, BLANK, hint], 1
    shown = max(room - 2, 1)
    first = max(0, min(scene.picked - shown + 2, len(question.choices) - shown))
    rows = [_choice(choice, place == scene.picked) for place, choice in enumerate(question.choices)]
    return [label, *rows[first : first + shown], hint], None


def _choice(choice: Choice, picked: bool) -> Row:
    pointer = CURRENT if picked else " "
    label = span(f"  {choice.label}", "strong" if picked else "")
    return (span(f" {pointer} ", "accent"), span(choice.letter, "key"), label)


def _notice(notice: Notice | None, language: str, width: int, room: int) -> list[Row]:
    """Two rows that are always there, so that nothing moves when a line appears."""
    rows: list[Row] = []
    if notice is not None:
        rows = [(span(f" {line}", "accent"),) for line in wrap(notice.text, width - 2)]
        for line in notice.say:
            texts = wrap(quoted(line, language), width - 6)
            rows += [(span(f"   {SPOKEN} ", "say"), span(text, "say")) for text in texts]
    wanted = 2 if room >= 12 else 1 if room >= 6 or rows else 0
    return [*([BLANK] * (wanted - len(rows))), *rows[: max(room - 1, 1)]]
