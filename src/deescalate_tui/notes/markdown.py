"""A note as a file: YAML front matter with stable English keys, then Markdown in the language of the catalogue.

Every fact stands in the file once or can be derived from it: the front matter holds the facts of the contract, each
scalar quoted as JSON, which every YAML parser reads as meant. The rest is read back from the body itself, whatever its
language: marked lists and blocks (see `notes.grammar`) hold times, titles, ids and, on quoted lines, what was typed.
All other sentences are for people only, made anew from the same facts. `notes.parse` reads the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from deescalate_tui.call.checklist import CALL_PHASES, LEVELS
from deescalate_tui.call.fields import CHOICE, FIELDS
from deescalate_tui.dates import format_clock, format_due, format_duration, format_moment
from deescalate_tui.i18n import Messages
from deescalate_tui.notes.front import write_front
from deescalate_tui.notes.grammar import clock, escaped, marker, token
from deescalate_tui.notes.note import DONE, OPEN, SKIPPED, Answer, Held, IncidentNote, Said, Walked, phase_of

FENCE = "```"
BOXES = {DONE: "[x]", SKIPPED: "[-]", OPEN: "[!]"}


def render(note: IncidentNote, messages: Messages) -> str:
    """The file of a note; `notes.parse.parse` gives the note back, whatever was typed."""
    sections = (section(note, messages) for section in _SECTIONS)
    body = "\n\n".join("\n".join(lines) for lines in sections if lines)
    return f"{write_front(note)}\n\n{body}\n"


def handover(note: IncidentNote, messages: Messages) -> str:
    """At most three sentences to paste into a ticket: the request, how it went, what comes next. Plain text."""
    language = messages.language
    course = []
    if note.level.peak is not None:
        course.append(messages("note.handover.level", peak=note.level.peak, name=_level(note.level.peak, messages)))
    course.append(messages("note.handover.outcome", outcome=_named(messages, "outcome", note.outcome)))
    if note.escalated_to:
        course.append(messages("note.handover.helper", helper=note.escalated_to.strip().rstrip(".")))
    sentences = ["; ".join(course)]
    if note.request:
        request = messages("quotes", text=note.request.strip().rstrip("."))
        key = "note.handover.request-answered" if note.request_answered else "note.handover.request"
        sentences.insert(0, messages(key, request=request, answer=_answered(note, messages)))
    if note.commitments:
        promises = (_promise(made.what.strip().rstrip("."), made.due, messages) for made in note.commitments)
        sentences.append(messages("note.handover.promised", promises="; ".join(promises)))
    elif note.follow_up:
        sentences.append(messages("note.handover.follow-up", day=format_due(note.follow_up, language)))
    return " ".join(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in sentences)


def _summary(note: IncidentNote, messages: Messages) -> list[str]:
    start, end = datetime.fromisoformat(note.started), datetime.fromisoformat(note.ended)
    format_end = format_clock if start.date() == end.date() else format_moment
    types = (_named(messages, "note.type", type_) for type_ in note.types)
    facts = [
        messages(
            f"note.span.{note.channel}",
            start=format_clock(start, messages.language),
            end=format_end(end, messages.language),
            offset=start.tzinfo,
            duration=format_duration(note.duration_s * 1000),
        ),
        messages("note.handled", types=" → ".join(types)),
    ]
    if note.level.peak is not None:
        name = _level(note.level.peak, messages)
        facts.append(messages("note.peak", peak=note.level.peak, highest=max(LEVELS), name=name))
    facts.append(messages("note.outcome", outcome=_named(messages, "outcome", note.outcome)))
    if note.ticket:
        facts.append(messages("note.ticket", ticket=note.ticket))
    moment = format_moment(start, messages.language)
    return [f"# {escaped(messages(f'note.heading.{note.channel}', moment=moment))}", "", escaped(" ".join(facts))]


def _request(note: IncidentNote, messages: Messages) -> list[str]:
    lines = []
    if note.request:
        lines += ["", f"> {escaped(note.request)}"]
    if note.request_answered:
        lines += ["", messages("note.answered", answer=escaped(_answered(note, messages)))]
    if note.satisfaction:
        words = _named(messages, "note.value.satisfaction", note.satisfaction)
        lines += ["", messages("note.satisfaction", answer=escaped(words))]
    return _section(messages("note.request"), lines)


def _done(note: IncidentNote, messages: Messages) -> list[str]:
    steps = note.steps
    counts = messages("note.counts", done=steps.done, skipped=steps.skipped, not_reached=steps.not_reached)
    lines = ["", counts]
    for phase in CALL_PHASES:
        lines += _phase(note, phase, f"### {messages(f'phase.{phase}')}", messages)
    midnight = _midnight(note)
    if note.cards:
        cards = (f"- {clock(midnight, card.at)} {escaped(card.title)}" for card in note.cards)
        lines += ["", f"### {messages('note.cards')}"]
        lines += _marked("cards", (token(card.id) for card in note.cards), cards)
    if note.holds:
        spans = (_hold(hold, midnight, messages) for hold in note.holds)
        lines += ["", f"### {messages('note.holds')}", *_marked("holds", (str(len(note.holds)),), spans)]
    return _section(messages("note.done"), lines)


def _hold(hold: Held, midnight: int, messages: Messages) -> str:
    start = clock(midnight, hold.start)
    if hold.end is None:
        return f"- {start} {messages('note.hold-open')}"
    return f"- {start}–{clock(midnight, hold.end)} ({format_duration((hold.end - hold.start) * 1000)})"


def _phase(note: IncidentNote, phase: str, heading: str, messages: Messages) -> list[str]:
    """The steps of a phase and what was captured in it; nothing where there is neither."""
    steps = [step for step in note.walked if step.phase == phase]
    answers = [answer for answer in note.answers if phase_of(answer.field) == phase]
    midnight = _midnight(note)
    lines: list[str] = []
    if steps:
        shown = (_step(step, midnight, messages) for step in steps)
        lines += _marked(phase, (token(step.id) for step in steps), shown)
    if answers:
        tokens = (token(a.field) + (f"={token(a.value)}" if _is_choice(a) else "") for a in answers)
        lines += _marked("answers", tokens, (_answer(answer, messages) for answer in answers))
    return ["", heading, *lines] if lines else []


def _step(step: Walked, midnight: int, messages: Messages) -> str:
    line = f"- {BOXES[step.state]} {clock(midnight, step.at)} {escaped(step.title)}"
    if step.state != DONE:
        line += f" *({messages(f'note.{step.state}')})*"
    return line + (_typed(step.reason) if step.state == OPEN else "")


def _answer(answer: Answer, messages: Messages) -> str:
    label = escaped(_named(messages, "field", answer.field))
    if _is_choice(answer):
        return f"- {label}: {messages(f'note.value.{answer.field}.{answer.value}')}"
    return f"- {label}:{_typed(answer.value)}"


def _is_choice(answer: Answer) -> bool:
    field = FIELDS.get(answer.field)
    return field is not None and field.kind == CHOICE and answer.value in field.options


def _levels(note: IncidentNote, messages: Messages) -> list[str]:
    top, midnight = max(LEVELS), _midnight(note)
    times = [clock(midnight, heard.at) for heard in note.levels]
    width = max(map(len, times), default=0)
    rows = []
    for time, heard in zip(times, note.levels, strict=True):
        full = min(max(heard.level, 0), top)
        bar = "■" * full + "□" * (top - full)
        rows.append(f"{time:{width}}  {heard.level}  {bar}  {_level(heard.level, messages)}")
    return _section(messages("note.levels"), _fenced("levels", rows))


def _limits(note: IncidentNote, messages: Messages) -> list[str]:
    midnight, rows = _midnight(note), []
    for limit in note.limits:
        text = messages("note.limit", rung=limit.rung, text=_named(messages, "note.limit", limit.id))
        about = f" ({_named(messages, 'behaviour', limit.behaviour)})" if limit.behaviour else ""
        rows.append(f"- {clock(midnight, limit.at)} {escaped(text + about)}")
    tokens = (":".join((str(limit.rung), token(limit.id), *_more(limit.behaviour))) for limit in note.limits)
    return _section(messages("note.limits"), _marked("limits", tokens, rows))


def _quotes(note: IncidentNote, messages: Messages) -> list[str]:
    def quoted(words: str) -> str:
        return messages("quotes", text=words)

    return _section(messages("note.quotes"), _said("quotes", note.quotes, _midnight(note), quoted))


def _remarks(note: IncidentNote, messages: Messages) -> list[str]:
    return _section(messages("note.remarks"), _said("remarks", note.remarks, _midnight(note), str))


def _said(name: str, said: tuple[Said, ...], midnight: int, shown: Callable[[str], str]) -> list[str]:
    rows = (f"- {clock(midnight, words.at)}{_typed(words.text, shown)}" for words in said)
    return _marked(name, (str(len(said)),), rows) if said else []


def _commitments(note: IncidentNote, messages: Messages) -> list[str]:
    rows = [
        f"- [{'x' if it.kept else ' '}] {escaped(_promise(it.what, it.due, messages))}{_kept(it.kept, messages)}"
        for it in note.commitments
    ]
    lines = _marked("commitments", (str(len(rows)),), rows) if rows else []
    if note.follow_up:
        day = escaped(format_due(note.follow_up, messages.language))
        lines += ["", messages("note.follow-up", day=day) + _kept(note.follow_up_done, messages)]
    return _section(messages("note.commitments"), lines)


def _escalation(note: IncidentNote, messages: Messages) -> list[str]:
    midnight = _midnight(note)
    lines = ["", messages("note.threat")] if note.threat else []
    if note.escalated_to:
        lines += ["", messages("note.escalated"), "", f"> {escaped(note.escalated_to)}"]
    if note.helps:
        rows = (f"- {clock(midnight, h.at)} {escaped(_named(messages, 'note.help', h.kind))}" for h in note.helps)
        lines += _marked("helps", (token(sign.kind) for sign in note.helps), rows)
    return _section(messages("note.escalation"), lines)


def _aftercare(note: IncidentNote, messages: Messages) -> list[str]:
    return _phase(note, "aftercare", f"## {messages('phase.aftercare')}", messages)[1:]


def _handover(note: IncidentNote, messages: Messages) -> list[str]:
    return _section(messages("note.handover"), ["", escaped(handover(note, messages))])


def _timeline(note: IncidentNote, messages: Messages) -> list[str]:
    rows = [
        " ".join((format_duration(entry.at * 1000), token(entry.event), *_more(entry.ref))) for entry in note.timeline
    ]
    return _section(messages("note.timeline"), _fenced("timeline", rows, always=True))


def _section(heading: str, lines: list[str]) -> list[str]:
    """A section with its heading, left out where it is empty."""
    return [f"## {heading}", *lines] if lines else []


def _marked(name: str, tokens: Iterable[str], rows: Iterable[str]) -> list[str]:
    rows = list(rows)
    return ["", marker(name, tokens), *rows] if rows else []


def _fenced(name: str, rows: list[str], *, always: bool = False) -> list[str]:
    return ["", marker(name, (str(len(rows)),)), f"{FENCE}text", *rows, FENCE] if rows or always else []


def _more(id_: str) -> tuple[str, ...]:
    """The token of an id that may be absent."""
    return (token(id_),) if id_ else ()


def _typed(words: str, shown: Callable[[str], str] = str) -> str:
    """What was typed, on the line below: nothing else in a note is quoted there."""
    return f"\n  > {shown(escaped(words))}".rstrip(" ")


def _promise(what: str, due: str, messages: Messages) -> str:
    return messages("note.promise", what=what, due=format_due(due, messages.language)) if due else what


def _kept(day: str, messages: Messages) -> str:
    """When it was ticked off, behind what was; nothing while it is open."""
    return f" – {messages('note.kept', day=format_due(day, messages.language))}" if day else ""


def _answered(note: IncidentNote, messages: Messages) -> str:
    return _named(messages, "answer", note.request_answered)


def _level(level: int, messages: Messages) -> str:
    return _named(messages, "note.level", str(level))


def _named(messages: Messages, kind: str, id_: str) -> str:
    """What the catalogue calls an id; the id itself where a site has made its own."""
    key = f"{kind}.{id_}"
    return messages(key) if messages.has(key) else id_


def _midnight(note: IncidentNote) -> int:
    """The seconds from the start of the day to the start of the session."""
    start = datetime.fromisoformat(note.started)
    return (start.hour * 60 + start.minute) * 60 + start.second


_SECTIONS: tuple[Callable[[IncidentNote, Messages], list[str]], ...] = (
    _summary,
    _request,
    _done,
    _levels,
    _limits,
    _quotes,
    _remarks,
    _commitments,
    _escalation,
    _aftercare,
    _handover,
    _timeline,
)
