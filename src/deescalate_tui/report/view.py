"""The report in words: headings, rows and notes, which terminal and page then draw. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

import msgspec

from deescalate_tui.clean import clean
from deescalate_tui.dates import format_date, format_duration
from deescalate_tui.i18n import Messages
from deescalate_tui.report.course import FALL, RISE
from deescalate_tui.report.figures import Beside, Compared, Listed, Report
from deescalate_tui.report.suppress import ANY, LEAST_AGENTS, LEAST_SESSIONS, Table
from deescalate_tui.report.tally import ALL, NONE
from deescalate_tui.report.weeks import monday

BLANK = "–"
"""For what is too small to be shown, and for what there is nothing of."""

COURSES = ("down", "same", "up", "unheard", "hidden")


class Row(msgspec.Struct, frozen=True):
    """A line: what it is about, the length of its bar, and its figures in words."""

    label: str
    value: int
    cells: tuple[str, ...]


class Chart(msgspec.Struct, frozen=True):
    """A heading with bars; `columns` names the figures beside them."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


class Page(msgspec.Struct, frozen=True):
    """The whole report."""

    title: str
    facts: tuple[str, ...]
    """What it is about, and how many sessions."""
    weeks: Chart
    charts: tuple[Chart, ...]
    notes: tuple[str, ...]
    """What was left out, and why."""


class Names(msgspec.Struct, frozen=True):
    """What the content calls things; the id where it does not know them."""

    step: Callable[[str, str], str]
    """By checklist (`type/language/revision`) and step."""
    card: Callable[[str], str]


def page(report: Report, messages: Messages, names: Names) -> Page:
    """All that there is to show; charts without a row are left out."""
    view = _View(report, messages, names)
    charts = [view.table(name) for name in ("type", "language", "country", "channel", "outcome", "answered")]
    charts += [view.course(), *(view.table(name) for name in ("levels", RISE, FALL))]
    charts += [view.beside(RISE), view.beside(FALL)]
    charts += [view.table(name) for name in ("threat", "limits", "promised", "promise")]
    charts += [view.listed("cards", report.cards, names.card), view.listed("terms", report.terms, _word)]
    charts.append(view.durations())
    return Page(
        messages("report.title"),
        tuple(view.facts()),
        view.weeks(),
        tuple(chart for chart in charts if chart.rows or chart.notes),
        tuple(view.notes()),
    )


class _View:
    def __init__(self, report: Report, messages: Messages, names: Names) -> None:
        self._report = report
        self._messages = messages
        self._names = names

    def facts(self) -> Iterator[str]:
        report, messages = self._report, self._messages
        yield messages(
            "report.period",
            first=report.period.first,
            last=report.period.last,
            since=self._day(report.period.first, 0),
            until=self._day(report.period.last, 6),
        )
        yield messages("report.compared", first=report.before.first, last=report.before.last)
        asked = [
            f"{messages(f'report.{name}')}: {clean(', '.join(self._label(name, value) for value in values))}"
            for name, values in msgspec.structs.asdict(report.filters).items()
            if values
        ]
        if asked:
            yield messages("report.filters", filters=", ".join(asked))
        if not report.sessions:
            yield messages("report.nothing")
        else:
            yield messages.count("report.sessions", report.sessions, before=report.sessions_before or BLANK)

    def notes(self) -> Iterator[str]:
        report, messages = self._report, self._messages
        yield messages("report.rule", sessions=LEAST_SESSIONS, agents=LEAST_AGENTS)
        if report.too_small:
            yield messages("report.left-out")
        if report.expiring:
            yield messages("report.expiring", weeks=", ".join(_runs(report.expiring)))
        yield messages("report.company")

    def weeks(self) -> Chart:
        messages = self._messages
        rows = tuple(
            Row(it.week, it.sessions, (str(it.sessions) if it.sessions else BLANK,)) for it in self._report.weeks
        )
        shown = rows if any(row.value for row in rows) else ()
        before, now = self._report.before, self._report.period
        note = f"□ {before.first} – {before.last}   ■ {now.first} – {now.last}"
        return Chart("weeks", messages("report.weeks"), (messages("report.head.sessions"),), shown, (note,))

    def table(self, name: str) -> Chart:
        compared = self._report.tables[name]
        turns = name in (RISE, FALL)
        rows = tuple(self._changes(name, compared) if turns else self._sessions(name, compared))
        key = "report.head.changes" if turns else "report.head.sessions"
        columns = tuple(self._messages(head) for head in (key, "report.head.share", "report.head.before"))
        return Chart(name, self._messages(f"report.{name}"), columns, rows, tuple(self._hidden(name, compared.now)))

    def _hidden(self, name: str, table: Table) -> Iterator[str]:
        if table.hidden and table.hidden_sessions:
            yield self._messages("report.hidden-rows", rows=", ".join(self._label(name, id_) for id_ in table.hidden))
        elif table.hidden:
            yield self._messages("report.all-hidden")

    def _sessions(self, name: str, compared: Compared) -> Iterator[Row]:
        now, before = compared.now, {row.id: row.sessions for row in compared.before.rows}
        for row in now.rows:
            if row.sessions or before.get(row.id):
                yield self._row(self._label(name, row.id), row.sessions, now.sessions, before.get(row.id))
        if now.hidden_sessions:
            label = self._messages("report.hidden")
            yield self._row(label, now.hidden_sessions, now.sessions, None)

    def _changes(self, name: str, compared: Compared) -> Iterator[Row]:
        """Each change of level counts, not the session in which it was heard."""
        total = 0 if compared.now.hidden else sum(row.times for row in compared.now.rows)
        before = {row.id: row.times for row in compared.before.rows}
        for row in compared.now.rows:
            if row.times or before.get(row.id):
                yield self._row(self._label(name, row.id), row.times, total, before.get(row.id))

    def _row(self, label: str, value: int, total: int, before: int | None) -> Row:
        return Row(
            clean(label), value, (str(value), self._share(value, total), BLANK if before is None else str(before))
        )

    def course(self) -> Chart:
        """Whether levels came down, of what the table of levels shows: sums of its rows tell nothing that it hides."""
        compared = self._report.tables["levels"]
        now, before = _courses(compared.now), _courses(compared.before)
        rows = [
            self._row(self._messages(f"report.course.{way}"), now[way], compared.now.sessions, before.get(way, 0))
            for way in COURSES
            if now.get(way)
        ]
        columns = tuple(self._messages(f"report.head.{head}") for head in ("sessions", "share", "before"))
        return Chart("course", self._messages("report.course"), columns, tuple(rows))

    def beside(self, turn: str) -> Chart:
        """The steps that changes of level followed."""
        messages = self._messages
        columns = (messages("report.head.changes"), messages("report.head.sessions"), messages("report.head.guided"))
        rows = tuple(
            Row(clean(self._step(it)), it.times, (str(it.times), str(it.sessions), str(it.guided)))
            for it in self._report.steps[turn]
        )
        return Chart(f"steps-{turn}", messages(f"report.steps-{turn}"), columns, rows)

    def _step(self, it: Beside) -> str:
        type_, language, revision = (*it.checklist.split("/"), "", "")[:3]
        title = self._names.step(it.checklist, it.step)
        checklist = f"{self._label('type', type_)} {language} {revision}".strip()
        return f"{title} ({checklist})"

    def listed(self, name: str, lines: Sequence[Listed], label: Callable[[str], str]) -> Chart:
        """A list that could go on."""
        messages, total = self._messages, self._report.sessions
        columns = tuple(messages(f"report.head.{head}") for head in ("sessions", "share", "before"))
        rows = tuple(self._row(label(it.id), it.sessions, total, it.before) for it in lines)
        return Chart(name, messages(f"report.{name}"), columns, rows)

    def durations(self) -> Chart:
        messages = self._messages
        rows = tuple(
            Row(
                messages("report.whole") if it.phase == ALL else messages(f"phase.{it.phase}"),
                it.median_s,
                (
                    format_duration(it.median_s * 1000),
                    BLANK if it.before_s is None else format_duration(it.before_s * 1000),
                ),
            )
            for it in self._report.durations
        )
        columns = (messages("report.head.median"), messages("report.head.before"))
        return Chart("durations", messages("report.durations"), columns, rows)

    def _share(self, value: int, total: int) -> str:
        return self._messages("report.percent", number=round(100 * value / total)) if total else BLANK

    def _day(self, week: str, days: int) -> str:
        return format_date(monday(week) + timedelta(days=days), self._messages.language)

    def _label(self, name: str, id_: str) -> str:
        """What a row is called."""
        messages = self._messages
        if id_ == ANY:
            return messages("report.any")
        if id_ == NONE and name in (RISE, FALL):
            return messages("report.no-step")
        if id_ == NONE and name == "levels":
            return messages("report.no-level")
        if id_ == NONE and name == "answered":
            return messages("report.unsaid")
        if name == "levels":
            return id_.replace(">", " → ")
        key = {"type": "note.type", "answered": "answer", RISE: "phase", FALL: "phase", "promised": "report.yes"}.get(
            name, name if name in ("language", "channel", "outcome") else f"report.{name}"
        )
        return messages(f"{key}.{id_}") if messages.has(f"{key}.{id_}") else id_ or messages("report.unsaid")


def _courses(levels: Table) -> dict[str, int]:
    """Sessions by the way from their first level to their last."""
    found: dict[str, int] = {}
    for row in levels.rows:
        start, _, end = row.id.partition(">")
        way = "unheard" if not end else "down" if end < start else "up" if end > start else "same"
        found[way] = found.get(way, 0) + row.sessions
    return {**found, "hidden": levels.hidden_sessions}


def _word(id_: str) -> str:
    language, _, word = id_.partition(":")
    return f"{word} ({language})"


def _runs(weeks: Iterable[str]) -> list[str]:
    """Weeks, those that follow one another as a span."""
    runs: list[list[str]] = []
    for week in weeks:
        if runs and (monday(week) - monday(runs[-1][-1])).days == 7:
            runs[-1].append(week)
        else:
            runs.append([week])
    return [run[0] if len(run) == 1 else f"{run[0]} – {run[-1]}" for run in runs]
