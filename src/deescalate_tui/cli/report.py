"""`report`: what the notes say in sum, as text, as a page or for programs; and what they say about the checklists."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import Namespace
from datetime import date
from pathlib import Path

from deescalate_tui.archive.asked import days, known, language_of
from deescalate_tui.call.checklist import CHANNELS, LANGUAGES, Checklist
from deescalate_tui.clean import clean
from deescalate_tui.cli.archive import each, opened, several, status_of, today
from deescalate_tui.content.from_yaml import parse_checklist
from deescalate_tui.content.library import Library
from deescalate_tui.errors import ContentFaults, Exit, Fault, UsageFault
from deescalate_tui.export.work import check_free
from deescalate_tui.files import create_exclusive, read_limited, replace_file
from deescalate_tui.i18n import Messages
from deescalate_tui.report import terminal
from deescalate_tui.report.checkup import Finding, by_checklist, checkup
from deescalate_tui.report.figures import Period, Report
from deescalate_tui.report.html import html
from deescalate_tui.report.making import guides_of, report, usual_period
from deescalate_tui.report.proposal import proposal
from deescalate_tui.report.shares import Shares, read_cell, span
from deescalate_tui.report.suppress import Filter
from deescalate_tui.report.tally import Counts
from deescalate_tui.report.view import Names, page
from deescalate_tui.report.weeks import last_whole, monday, shifted, week_of
from deescalate_tui.streams import is_terminal, put, put_bytes, put_json, tell
from deescalate_tui.workplace import Workplace

MAX_CHECKLIST = 1_000_000
MOST_WEEKS = 520
_PIPE_WIDTH = 80


def show_report(found: Namespace, messages: Messages) -> int:
    """The figures of a period, or what they say about the checklists; 1 where there is nothing to show."""
    day = today()
    period, filters = asked_period(clean(found.since), clean(found.until), day), asked_filter(found)
    if found.html not in ("", "-"):
        check_free(Path(found.html).absolute(), force="force" in found)
    with opened(messages, Shares()) as (archive, refreshed):
        sums = archive.sums(*span(period.before.first, period.last))
        cells = [read_cell(key, data) for key, _, data in sums]
    library = Workplace.open(os.environ, {}).library
    if "checklists" in found:
        return status_of(refreshed, _show_checkup(found, guides_of(cells, period, filters, day), library, messages))
    made = report(cells, period, filters, day)
    if "json" in found:
        put_json(made)
    else:
        _show(made, found, library, messages)
    return status_of(refreshed, Exit.OK if made.sessions else Exit.FINDINGS)


def _show(made: Report, found: Namespace, library: Library, messages: Messages) -> None:
    shown = page(made, messages, _names(library, messages.language))
    if not found.html:
        width = shutil.get_terminal_size().columns if is_terminal(sys.stdout) else _PIPE_WIDTH
        put(terminal.text(shown, width))
        return
    data = html(shown, messages.language, messages("report.as-table")).encode()
    if found.html == "-":
        put_bytes(data)
        return
    target = Path(found.html).absolute()
    (replace_file if "force" in found else create_exclusive)(target, data)
    tell(messages("report.written", path=clean(str(target))))


def asked_period(since: str, until: str, day: date) -> Period:
    """Whole weeks that are over: those in which the days lie. Raises UsageFault."""
    usual = usual_period(day)
    last = min(_weeks("--until", until, day)[1], last_whole(day)) if until else usual.last
    first = _weeks("--since", since, day)[0] if since else shifted(last, 1 - len(usual.weeks))
    if first > last_whole(day):
        raise UsageFault("--since", "report-not-over", week=first, last=last_whole(day))
    if first > last:
        raise UsageFault("--since", "report-reversed", first=first, last=last)
    if (monday(last) - monday(first)).days > 7 * MOST_WEEKS:
        raise UsageFault("--since", "report-too-long", most=MOST_WEEKS)
    return Period(first, last)


def _weeks(option: str, text: str, day: date) -> tuple[str, str]:
    """The first and the last week of the days that are named. Raises UsageFault."""
    try:
        first, last = days(text, day)
        return week_of(first), week_of(last)
    except UsageFault as fault:
        raise UsageFault(option, fault.key, **fault.params) from None


def asked_filter(found: Namespace) -> Filter:
    """What the report is about. Raises UsageFault."""
    return Filter(
        type=tuple(text.lower() for text in several(found.type)),
        language=each(found, "lang", language_of),
        country=tuple(text.upper() for text in several(found.country)),
        channel=each(found, "channel", lambda text: known(text, CHANNELS)),
    )


def _names(library: Library, ui_language: str) -> Names:
    """Steps in the language of their checklist, cards in that of the reader, else in any."""
    known: dict[str, dict[str, str]] = {}

    def step(guide: str, id_: str) -> str:
        if guide not in known:
            checklist = _checklist(library, guide)
            known[guide] = {it.id: it.do for _, it in checklist.steps()} if checklist is not None else {}
        return known[guide].get(id_, id_)

    languages = [ui_language, *LANGUAGES] if ui_language in LANGUAGES else LANGUAGES
    titles: dict[str, str] = {}
    for language in reversed(languages):
        try:
            titles |= {card.id: card.title for card in library.cards(language).cards}
        except (Fault, ContentFaults):
            continue  # `doctor` tells; the report has the id
    return Names(step, lambda id_: titles.get(id_, id_))


def _checklist(library: Library, guide: str) -> Checklist | None:
    """The checklist in force of a type and language, whatever its revision."""
    type_, language, _ = (*guide.split("/"), "", "")[:3]
    try:
        return library.checklist(type_, language)
    except (Fault, ContentFaults):
        return None


def _show_checkup(found: Namespace, guides: dict[str, Counts], library: Library, messages: Messages) -> Exit:
    in_force = {
        guide: checklist
        for guide in guides
        if (checklist := _checklist(library, guide)) is not None and guide.endswith(f"/{checklist.revision}")
    }
    findings = checkup(guides, in_force)
    current = [finding for finding in findings if finding.checklist in in_force]
    types = {finding.checklist.split("/")[0] for finding in current}
    diff = proposal(current, _files(library, types), lambda it: f"{it.step}: {finding_text(it, messages)}", is_valid)
    if "json" in found:
        put_json({"findings": findings, "diff": diff})
    else:
        step = _names(library, messages.language).step
        for guide, mine in by_checklist(findings).items():
            put(f"{clean(guide)}\n")
            put("".join(f"  {clean(step(guide, it.step))}: {finding_text(it, messages)}\n" for it in mine) + "\n")
        if diff:
            put(f"{messages('report.proposal')}\n\n{diff}")
        tell(messages("report.checklists-note"))
    if not findings:
        tell(messages("report.no-findings"))
    return Exit.OK if findings else Exit.FINDINGS


def finding_text(it: Finding, messages: Messages) -> str:
    """What was found at a step."""
    share = messages("report.percent", number=round(100 * it.sessions / it.of))
    return messages(f"report.finding.{it.kind}", number=it.sessions, of=it.of, share=share)


def _files(library: Library, types: set[str]) -> dict[tuple[str, str], str]:
    """The text of each checklist of these types."""
    texts: dict[tuple[str, str], str] = {}
    for language in library.languages():
        for it in library.types(language):
            if it.id in types:
                path = Path(library.place(it).rsplit(":", 2)[0])
                texts[it.id, language] = read_limited(path, MAX_CHECKLIST).decode("utf-8")
    return texts


def is_valid(text: str) -> bool:
    """Whether a text is a checklist."""
    try:
        parse_checklist(text.encode(), "")
    except ContentFaults:
        return False
    return True
