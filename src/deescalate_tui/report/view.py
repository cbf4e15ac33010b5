"""The report in words: headings, rows and notes, which terminal and page then draw. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

import msgspec

from deescalate_tui.clean import clean
from deescalate_tui.dates import format_date, format_duration
from deescalate_tui.i18n import Messages
from deescalate_tui.report.chart import Chart, Page, Row
from deescalate_tui.report.course import FALL, RISE
from deescalate_tui.report.figures import Beside, Compared, Listed, Period, Report
from deescalate_tui.report.suppress import ANY, LEAST_AGENTS, LEAST_SESSIONS, Table
from deescalate_tui.report.tally import ALL, NONE
from deescalate_tui.report.weeks import monday

BLANK = "–"
"""For what is too small to be shown, and for what there is nothing of."""

COURSES = ("down", "same", "up", "unheard", "hidden")


class Names(msgspec.Struct, frozen=True):
    """What the content calls things; the id where it does not know them."""

    step: Callable[[str, str], str]
    """By checklist (`type/language/revision`) and step."""
    card: Callable[[str], str]


def page(report: Report, messages: Messages, names: Names) -> Page:
    """All that there is to show; charts whose rows would say nothing are left out and named in the notes."""
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
        tuple(chart for chart in charts if chart.rows),
        tuple(view.notes([chart.title for chart in charts if chart.hidden])),
    )


class _View:
    def __init__(self, report: Report, messages: Messages, names: Names) -> None:
        self._report = report
        self._messages = messages
        self._names = names
        start = report.period.first
        self._counted = [it.week for it in report.weeks if it.week >= start and it.sessions]
        """The weeks of the period that are in the figures."""

    def facts(self) -> Iterator[str]:
        report, messages = self._report, self._messages
        counted = Period(self._counted[0], self._counted[-1]) if self._counted else report.period
        yield messages(
            "report.period",
            first=counted.first,
            last=counted.last,
            since=self._day(counted.first, 0),
            until=self._day(counted.last, 6),
        )
        yield from self._left_out()
        key = "report.compared" if report.sessions_before else "report.compared-none"
        yield messages(key, first=report.before.first, last=report.before.last)
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

    def _left_out(self) -> Iterator[str]:
        """The weeks that were asked for and do not count, and why."""
        report, messages = self._report, self._messages
        asked = report.period.weeks
        expiring = len(set(asked) & set(report.expiring))
        empty = len(asked) - len(self._counted) - expiring
        why = [messages("report.asked.expiring", number=expiring)] if expiring else []
        why += [messages("report.asked.empty", number=empty)] if empty else []
        if why and self._counted:
            number = expiring + empty
            yield messages("report.asked", first=asked[0], last=asked[-1], number=number, why=", ".join(why))

    def notes(self, hidden: Sequence[str]) -> Iterator[str]:
        """What holds for the whole report; `hidden` are the titles of what was left out of it."""
        report, messages = self._report, self._messages
        yield messages("report.rule", sessions=LEAST_SESSIONS, agents=LEAST_AGENTS)
        if report.too_small:
            yield messages("report.left-out")
        if hidden:
            yield messages("report.hidden-tables", tables="; ".join(title.rstrip(" …") for title in hidden))
        if report.sessions:
            yield messages("report.blank")
        if report.expiring:
            yield messages("report.expiring", weeks=", ".join(_runs(report.expiring)))
        yield messages("report.company")

    def weeks(self) -> Chart:
        """From the first week that counts to the last."""
        messages, start = self._messages, self._report.period.first
        rows = [
            Row(it.week, it.sessions, (str(it.sessions) if it.sessions else BLANK,), before=it.week < start)
            for it in self._report.weeks
        ]
        counted = [at for at, row in enumerate(rows) if row.value]
        shown = tuple(rows[counted[0] : counted[-1] + 1]) if counted else ()
        sides = (("□", [it.label for it in shown if it.before]), ("■", [it.label for it in shown if not it.before]))
        note = "   ".join(f"{sign} {weeks[0]} – {weeks[-1]}" for sign, weeks in sides if weeks)
        return Chart("weeks", messages("report.weeks"), (messages("report.head.sessions"),), shown, (note,))

    def table(self, name: str) -> Chart:
        compared = self._report.tables[name]
        turns = name in (RISE, FALL)
        rows = tuple(self._changes(name, compared) if turns else self._sessions(name, compared))
        key = "report.head.changes" if turns else "report.head.sessions"
        columns = tuple(self._messages(head) for head in (key, "report.head.share", "report.head.before"))
        title = self._messages(f"report.{name}")
        if _says_nothing(compared.now):
            return Chart(name, title, columns, (), hidden=bool(compared.now.sessions or compared.now.hidden))
        return Chart(name, title, columns, rows, tuple(self._hidden(name, compared.now)))

    def _hidden(self, name: str, table: Table) -> Iterator[str]:
        if table.hidden:
            yield self._messages("report.hidden-rows", rows=", ".join(self._label(name, id_) for id_ in table.hidden))

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
        known = before is not None and self._report.sessions_before
        return Row(clean(label), value, (str(value), self._share(value, total), str(before) if known else BLANK))

    def course(self) -> Chart:
        """Whether levels came down, of what the table of levels shows: sums of its rows tell nothing that it hides."""
        compared = self._report.tables["levels"]
        now, before = _courses(compared.now), _courses(compared.before)
        none = None if compared.before.hidden else 0
        rows = [
            self._row(self._messages(f"report.course.{way}"), now[way], compared.now.sessions, before.get(way, none))
            for way in COURSES
            if now.get(way) and not _says_nothing(compared.now)
        ]
        columns = tuple(self._messages(f"report.head.{head}") for head in ("sessions", "share", "before"))
        return Chart("course", self._messages("report.course"), columns, tuple(rows))

    def beside(self, turn: str) -> Chart:
        """The steps that changes of level followed."""
        messages = self._messages
        heads = {
            "changes": messages("report.head.changes"),
            "sessions": messages("report.head.sessions"),
            "guided": messages("report.head.guided"),
        }
        rows = tuple(
            Row(
                clean(self._names.step(it.checklist, it.step)),
                it.times,
                (str(it.times), str(it.sessions), str(it.guided)),
                tail=clean(f" ({self._guide(it)})"),
            )
            for it in self._report.steps[turn]
        )
        first = turn == next((it for it in (RISE, FALL) if self._report.steps[it]), "")
        notes = (messages("report.steps-note", **heads),) if first else ()
        return Chart(f"steps-{turn}", messages(f"report.steps-{turn}"), tuple(heads.values()), rows, notes)

    def _guide(self, it: Beside) -> str:
        """The checklist of a step, as the note below its chart explains it."""
        type_, language, revision = (*it.checklist.split("/"), "", "")[:3]
        return f"{self._label('type', type_)} {language} {revision}".strip()

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


def _says_nothing(table: Table) -> bool:
    """Whether all of a table is in one row of what is too small."""
    return all(row.id == ANY or not row.sessions for row in table.rows)


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
