"""What the screen and plain mode say, as plain strings: a function of the state, the texts and the language. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

import msgspec

from deescalate_tui.checklist import CALL_PHASES, CRITICAL, Step
from deescalate_tui.fold import next_step
from deescalate_tui.i18n import Messages
from deescalate_tui.questions import Book
from deescalate_tui.session import SessionState

DONE, SKIPPED, OPEN = "done", "skipped", "open"
CURVE = "▁▃▅▇█"
CURVE_LENGTH = 12


class PhaseTab(msgspec.Struct, frozen=True):
    """A phase in the bar: how many of its steps are settled, and whether it is the one in view."""

    title: str
    settled: int
    total: int
    active: bool


class StepRow(msgspec.Struct, frozen=True):
    """A step as one line of the list."""

    id: str
    text: str
    mark: str
    """`done`, `skipped` or `open`."""
    current: bool
    looked: bool
    critical: bool
    upcoming: bool
    """It is offered once the current step is done."""


class Focus(msgspec.Struct, frozen=True):
    """The one step whose text is shown."""

    id: str
    do: str
    say: tuple[str, ...]
    """Ready to speak, without quotation marks."""
    inner: bool
    """The lines are for oneself, not for the customer."""
    details: tuple[tuple[str, str], ...]
    """Label and text: tone, what to avoid, why."""


class SessionView(msgspec.Struct, frozen=True):
    """Everything the session screen shows, in words."""

    title: str
    facts: tuple[str, ...]
    """Beside the title: channel, ticket, hold."""
    request_label: str
    request: str
    """Empty where nothing is pinned yet."""
    request_hint: str
    level: str
    curve: str
    counts: tuple[str, ...]
    """Limits given, promises made."""
    phases: tuple[PhaseTab, ...]
    steps: tuple[StepRow, ...]
    focus: Focus | None
    """None once the path is walked: `finished` then says what to do."""
    finished: str
    reminders: tuple[str, ...]
    language: str
    """What the customer is spoken to in."""


def session_view(state: SessionState, book: Book, messages: Messages, facts: Mapping[str, str]) -> SessionView:
    """The session screen. `facts` fill placeholders of say-lines beside the request and what the book knows."""
    call = state.call
    shown = call.checklist.find(state.focus)
    limits = len(call.limits)
    return SessionView(
        title=call.checklist.title,
        facts=_facts(state, messages),
        request_label=messages("view.request"),
        request=call.request,
        request_hint=messages("view.request-hint"),
        level=level_text(call.level, messages),
        curve="".join(CURVE[heard.level] for heard in call.levels[-CURVE_LENGTH:]),
        counts=(
            messages("view.limits", given=limits, rungs=len(book.rungs())),
            messages("view.promises", number=len(call.commitments)),
        ),
        phases=_phases(state, shown[0] if shown else call.phase),
        steps=_steps(state),
        focus=_focus(shown[0], shown[1], messages, {**book.facts, **facts, "request": call.request}) if shown else None,
        finished="" if shown else messages("view.finished-aftercare" if call.aftercare else "view.finished"),
        reminders=call.checklist.reminders,
        language=call.checklist.language,
    )


def level_text(level: int | None, messages: Messages) -> str:
    """The level with the cue one hears it by; before the first, how to say one."""
    return messages("level.none") if level is None else messages(f"level.{level}")


def _facts(state: SessionState, messages: Messages) -> tuple[str, ...]:
    call = state.call
    facts = [messages(f"channel.{call.channel}")]
    if call.ticket:
        facts.append(messages("view.ticket", ticket=call.ticket))
    if call.on_hold:
        facts.append(messages("view.on-hold"))
    return tuple(facts)


def _phases(state: SessionState, active: str) -> tuple[PhaseTab, ...]:
    call = state.call
    names = (*CALL_PHASES, "aftercare") if call.aftercare else CALL_PHASES
    tabs = []
    for name in names:
        path = call.phase_path(name)
        settled = sum(step.id in call.marks for step in path)
        tabs.append(PhaseTab(call.checklist.phase(name).title, settled, len(path), name == active))
    return tuple(tabs)


def _steps(state: SessionState) -> tuple[StepRow, ...]:
    call = state.call
    upcoming = next_step(call, call.current) if call.current else ""
    rows = []
    for _, step in call.path():
        mark = call.marks.get(step.id)
        rows.append(
            StepRow(
                id=step.id,
                text=step.do,
                mark=OPEN if mark is None else DONE if mark.done else SKIPPED,
                current=step.id == call.current,
                looked=step.id == state.looking,
                critical=step.gate == CRITICAL,
                upcoming=step.id == upcoming,
            )
        )
    return tuple(rows)


def _focus(phase: str, step: Step, messages: Messages, facts: Mapping[str, str]) -> Focus:
    details = [("tone", step.tone), ("avoid", step.avoid), ("why", step.why)]
    return Focus(
        id=step.id,
        do=step.do,
        say=fill(step.say, facts),
        inner=phase in ("control", "aftercare"),
        details=tuple((messages(f"view.{name}"), text) for name, text in details if text),
    )


def fill(lines: tuple[str, ...], facts: Mapping[str, str]) -> tuple[str, ...]:
    """The say-lines whose placeholders are all known, filled; the others are left out."""
    filled = []
    for line in lines:
        names = [name for _, name, _, _ in Formatter().parse(line) if name]
        if all(facts.get(name) for name in names):
            filled.append(line.format_map(dict(facts)) if names else line)
    return tuple(filled)


QUOTES = {"de": ("„", "“"), "nl": ("‘", "’"), "no": ("«", "»"), "en": ("“", "”")}


def quoted(text: str, language: str) -> str:
    """The text in the quotation marks of the language it is spoken in."""
    opening, closing = QUOTES[language]
    return f"{opening}{text}{closing}"
