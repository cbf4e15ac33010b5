"""What the screen and plain mode say, as plain strings: a function of the state, the texts and the language. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from string import Formatter

import msgspec

from deescalate_tui.call.checklist import ALONE, CALL_PHASES, CRITICAL, Card, Rung, Step, is_written, lines_for
from deescalate_tui.call.questions import Book
from deescalate_tui.call.session import SessionState
from deescalate_tui.call.spoken import spoken_due
from deescalate_tui.call.walk import next_step
from deescalate_tui.dates import format_due, format_duration
from deescalate_tui.i18n import Messages

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
    phase: str


class Focus(msgspec.Struct, frozen=True):
    """The one step whose text is shown."""

    id: str
    do: str
    say: tuple[str, ...]
    """Filled in; what is spoken aloud stands in the quotation marks of its language, nothing else does."""
    inner: bool
    """The lines are for oneself, not for the customer."""
    written: bool
    """The lines are to be written, not said."""
    details: tuple[tuple[str, str], ...]
    """Label and text: tone, what to avoid, why."""


class Captured(msgspec.Struct, frozen=True):
    """Something taken down, with the time since the start."""

    at: str
    text: str


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
    phase: str
    """The one in view, by its id."""
    reminders: tuple[str, ...]
    captured: tuple[Captured, ...]
    """What was said, promised and noted, in the order in which it was."""
    language: str
    """What the customer is spoken to in."""


def session_view(state: SessionState, book: Book, messages: Messages) -> SessionView:
    """The session screen. Say-lines know the request and the facts of the book."""
    call = state.call
    shown = call.checklist.find(state.focus)
    phase = shown[0] if shown else call.phase
    return SessionView(
        title=call.checklist.title,
        facts=_facts(state, messages),
        request_label=messages("view.request"),
        request=call.request,
        request_hint=messages("view.request-hint"),
        level=level_text(call.level, messages),
        curve="".join(CURVE[heard.level] for heard in call.levels[-CURVE_LENGTH:]),
        counts=(
            _limits(state, book, messages),
            messages("view.promises", number=len(call.commitments)),
        ),
        phases=_phases(state, phase),
        steps=_steps(state),
        focus=_focus(*shown, call.channel, book, messages, _facts_of(state, book)) if shown else None,
        finished="" if shown else messages("view.finished-aftercare" if call.aftercare else "view.finished"),
        phase=phase,
        reminders=call.checklist.reminders,
        captured=_captured(state, messages),
        language=call.checklist.language,
    )


def _facts_of(state: SessionState, book: Book) -> dict[str, str]:
    """What fills the placeholders of say-lines; what is not known is empty, and its lines are left out."""
    call = state.call
    due = call.commitments[-1].due if call.commitments else ""
    return {**book.facts, "request": call.request.rstrip(" .!?…"), "callback": spoken_due(due, call.checklist.language)}


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


def _limits(state: SessionState, book: Book, messages: Messages) -> str:
    """How many rungs were spoken; of the behaviour that the last one was about, where they are counted apart."""
    limits = state.call.limits
    behaviour = limits[-1].behaviour if limits else ""
    given, rungs = sum(limit.behaviour == behaviour for limit in limits), len(book.rungs(behaviour))
    if not behaviour:
        return messages("view.limits", given=given, rungs=rungs)
    return messages("view.limits-of", behaviour=messages(f"behaviour.{behaviour}"), given=given, rungs=rungs)


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
    for phase, step in call.path():
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
                phase=phase,
            )
        )
    return tuple(rows)


def _captured(state: SessionState, messages: Messages) -> tuple[Captured, ...]:
    call, language = state.call, messages.language
    found = [(quote.ms, quoted(quote.text, call.checklist.language)) for quote in call.quotes]
    found += [(remark.ms, remark.text) for remark in call.remarks]
    for made in call.commitments:
        due = f" · {format_due(made.due, language)}" if made.due else ""
        found.append((made.ms, f"{messages('event.promise')}: {made.what}{due}"))
    return tuple(Captured(format_duration(ms), text) for ms, text in sorted(found, key=itemgetter(0)))


def _focus(phase: str, step: Step, channel: str, book: Book, messages: Messages, facts: Mapping[str, str]) -> Focus:
    written = is_written(step, channel)
    inner = phase in ALONE and not written
    site = ((technique, " · ".join(book.site.get(technique, ()))) for technique in step.techniques)
    details = (*site, *step.details(channel))
    return Focus(
        id=step.id,
        do=step.do,
        say=lines(step, channel, facts, book.language, aloud=not inner),
        inner=inner,
        written=written,
        details=tuple((messages(f"view.{name}"), messages.keyed(text)) for name, text in details if text),
    )


def fill(lines: tuple[str, ...], facts: Mapping[str, str]) -> tuple[str, ...]:
    """The say-lines whose placeholders are all known, filled; the others are left out."""
    filled = []
    for line in lines:
        names = [name for _, name, _, _ in Formatter().parse(line) if name]
        if all(facts.get(name) for name in names):
            filled.append(line.format_map(dict(facts)) if names else line)
    return tuple(filled)


def lines(
    item: Step | Rung | Card, channel: str, facts: Mapping[str, str], language: str, *, aloud: bool = True
) -> tuple[str, ...]:
    """What to say or to write, filled in; what is spoken aloud in quotation marks."""
    filled = fill(lines_for(item, channel), facts)
    return filled if not aloud or is_written(item, channel) else tuple(quoted(line, language) for line in filled)


QUOTES = {"de": ("„", "“"), "nl": ("‘", "’"), "no": ("«", "»"), "en": ("“", "”")}


def quoted(text: str, language: str) -> str:
    """The text in the quotation marks of the language it is spoken in."""
    opening, closing = QUOTES[language]
    return f"{opening}{text}{closing}"
