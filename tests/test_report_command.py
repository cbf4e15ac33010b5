"""`deescalate report`: from notes in a folder to text, page and JSON; what must never get onto them."""

import base64
import errno
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from note_samples import EVIL, SAMPLES
from rich.cells import cell_len

from deescalate_tui import catalogues
from deescalate_tui.cli import archive as cli_archive
from deescalate_tui.cli import report as cli_report
from deescalate_tui.cli.main import main
from deescalate_tui.content.from_yaml import parse_checklist
from deescalate_tui.content.library import builtin_root
from deescalate_tui.errors import UsageFault
from deescalate_tui.files import DISK
from deescalate_tui.i18n import UI_LANGUAGES
from deescalate_tui.notes.front import ChecklistRef
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import Happened, IncidentNote, Walked, note_from, note_name
from deescalate_tui.report import html as pages
from deescalate_tui.report import terminal
from deescalate_tui.report.chart import Chart, Page, Row
from deescalate_tui.report.checkup import Finding, checkup
from deescalate_tui.report.figures import Compared, Period, Report
from deescalate_tui.report.making import report
from deescalate_tui.report.proposal import proposal
from deescalate_tui.report.suppress import Filter, Table
from deescalate_tui.report.suppress import Row as SuppressedRow
from deescalate_tui.report.tally import MANY, Cell, Tally, cell_of, tally
from deescalate_tui.report.view import BLANK, Names, page

TODAY = date(2026, 11, 23)
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer", "h1", "h2", "p"),
    *("ol", "ul", "li", "span", "svg", "rect", "details", "summary", "table", "thead", "tbody", "tr", "th", "td"),
}
PERIOD = Period("2026-W44", "2026-W47")
NAMES = Names(lambda _, step: step, lambda card: card)
DOCS = Path(__file__).parent.parent / "docs"


def notes(number: int, agents: int = 4, weeks: int = 8, **facts: object) -> Iterator[IncidentNote]:
    """Calls of the last weeks in three languages."""
    samples = [note_from(sample()) for sample in SAMPLES.values()]
    monday = datetime(2026, 11, 16, 9, tzinfo=UTC)
    for at in range(number):
        started = monday - timedelta(weeks=at % weeks) + timedelta(minutes=at)
        yield replace(
            samples[at // weeks % 3],
            **{
                "id": f"01936f2e-7c11-7abc-8def-{at:012x}",
                "agent": f"agent-{at // weeks // 3 % agents}",
                "started": started.isoformat(),
                "ended": (started + timedelta(minutes=9)).isoformat(),
                "expires": (started.date() + timedelta(days=90)).isoformat(),
                "ticket": "",
                **facts,
            },
        )


def made(found: Iterator[IncidentNote], filters: Filter = Filter()) -> Report:  # noqa: B008 - it is frozen
    return report([(cell_of(it), tally(it)) for it in found], PERIOD, filters, TODAY)


def shown(found: Iterator[IncidentNote], language: str = "en") -> Page:
    return page(made(found), catalogues.load(language), NAMES)


@pytest.fixture
def folder(home: Path) -> Path:
    """A notes folder with 240 notes."""
    root = home / "deescalate" / "notes"
    for it in notes(240):
        path = root / note_name(it)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(it, catalogues.load(it.language)), encoding="utf-8", newline="\n")
    return root


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs the command on a Monday morning: status, output, talk."""
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setattr(cli_report, "today", lambda: TODAY)
    monkeypatch.setattr(cli_archive, "today", lambda: TODAY)

    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(["report", *arguments])
        return status, *capsys.readouterr()

    return call


def test_the_report_of_a_folder(folder: Path, called: Callable[..., tuple[int, str, str]], tmp_path: Path):
    status, out, err = called()
    assert (status, err) == (0, "")
    assert "120 calls and e-mails, before that 120." in out
    assert not re.search("agent-[0-9]|amsel|T-4711", out)
    status, out, err = called("--json")
    found = msgspec.json.decode(out, type=Report)
    assert (status, found.sessions, found.period) == (0, 120, PERIOD)
    assert "agent-" not in out
    target = tmp_path / "report.html"
    status, out, err = called("--html", str(target))
    assert (status, out) == (0, "")
    assert str(target) in err
    assert "agent-" not in target.read_text(encoding="utf-8")
    assert called("--html", "-") == (0, target.read_text(encoding="utf-8"), "")


def test_a_second_report_takes_in_what_is_new_and_lets_go_what_is_gone(
    folder: Path, called: Callable[..., tuple[int, str, str]]
):
    before = json.loads(called("--json")[1])["sessions"]
    gone = sorted(folder.glob("2026/11/*.md"))[-6:]
    for path in gone:
        path.unlink()
    assert json.loads(called("--json")[1])["sessions"] == before - len(gone)


def test_a_filter_and_a_span_of_weeks(folder: Path, called: Callable[..., tuple[int, str, str]]):
    whole = json.loads(called("--json")[1])
    part = json.loads(called("--json", "--lang", "de")[1])
    assert 0 < part["sessions"] < whole["sessions"]
    assert part["filters"]["language"] == ["de"]
    week = json.loads(called("--json", "--since", "2026-W46", "--until", "2026-11-18")[1])
    assert week["period"] == {"first": "2026-W46", "last": "2026-W47"}
    assert week["before"] == {"first": "2026-W44", "last": "2026-W45"}


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--since", "someday"], "--since"),
        (["--until", "2026-W60"], "--until"),
        (["--since", "2026-11-23"], "--since"),
        (["--since", "1999-01-01"], "--since"),
        (["--channel", "fax"], "--channel"),
        (["--language", "fr"], "--lang"),
        (["--sinc", "2026-W46"], "--sinc"),
    ],
)
def test_what_cannot_be_asked_is_said(called: Callable[..., tuple[int, str, str]], arguments: list[str], word: str):
    status, out, err = called(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith(word)


def test_without_notes_there_is_nothing_to_show(called: Callable[..., tuple[int, str, str]], tmp_path: Path):
    status, out, err = called()
    assert (status, err) == (1, "")
    assert "nothing in this time" in out
    assert called("--html", str(tmp_path / "r.html"))[0] == 1
    assert "nothing in this time" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert called("--checklists")[0] == 1


def test_two_agents_are_too_few_for_any_figure():
    found = made(notes(240, agents=2))
    assert found.sessions == 0
    assert found.too_small
    assert not any(row.sessions for it in found.tables.values() for row in (*it.now.rows, *it.before.rows))
    assert not found.terms
    assert not found.durations
    assert not any(found.steps.values())


def test_a_page_that_is_there_is_replaced_with_force_only(
    folder: Path, called: Callable[..., tuple[int, str, str]], tmp_path: Path
):
    target = tmp_path / "report.html"
    target.write_text("mine", encoding="utf-8")
    status, out, err = called("--html", str(target))
    assert (status, out, "--force" in err) == (3, "", True)
    assert target.read_text(encoding="utf-8") == "mine"
    assert called("--html", str(target), "--force")[0] == 0
    assert "<title>" in target.read_text(encoding="utf-8")
    assert called("--html", str(tmp_path), "--force")[0] == 3


def test_a_full_disk_leaves_the_page_that_was_there(
    folder: Path, called: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "report.html"
    target.write_text("old", encoding="utf-8")

    def full(fd: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "full")

    called("--json")  # the index is made before the disk is full
    monkeypatch.setattr(DISK, "write", full)
    status, _, err = called("--html", str(target), "--force")
    assert (status, "full" in err) == (3, True)
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["report.html"]


def test_a_week_whose_notes_begin_to_expire_is_left_out():
    found = report([(cell_of(it), tally(it)) for it in notes(240)], PERIOD, Filter(), date(2027, 1, 26))
    assert found.expiring[:2] == ("2026-W40", "2026-W41")
    assert "2026-W44" in found.expiring
    assert "2026-W45" not in found.expiring


class Reader(HTMLParser):
    """Every tag, attribute and text of a page; each tag is closed in its place."""

    VOID = ("meta", "rect")

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_the_page_needs_nothing_else_and_is_allowed_nothing(language: str):
    text = pages.html(shown(notes(240), language), language, "x")
    reader = read(text)
    assert not {"script", "img", "link", "iframe", "object", "form", "input", "a"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name in ("style", "src", "href", "srcset") or name[:2] == "on"]
    assert "url(" not in text
    assert "http" not in text.replace("http-equiv", "")
    policy = next(
        value or "" for name, value in reader.attributes if name == "content" and "default-src" in (value or "")
    )
    style = text[text.index("<style>") + 7 : text.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert reader.tags.count("table") == reader.tags.count("section") - sum(
        not chart.rows for chart in shown(notes(240), language).charts
    )


@pytest.mark.parametrize("evil", EVIL)
def test_what_a_note_says_stays_text(evil: str):
    facts = {
        "request": f"{evil} rechnung",
        "customer_type": evil,
        "country": evil,
        "types": (evil,),
        "checklists": (ChecklistRef(evil, evil, 1, ""),),
        "timeline": (Happened(1, "level", "1"), Happened(2, "done", evil), Happened(3, "level", "2")),
        "walked": (Walked("control", evil, evil, 2, "done"),),
        "outcome": evil,
        "request_answered": evil,
    }
    whole = shown(notes(72, weeks=4, **facts))
    text = pages.html(whole, "en", "x")
    reader = read(text)
    assert "script" not in reader.tags
    assert set(reader.tags) <= TAGS
    lines = terminal.text(whole, 80)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", lines + reader.text.replace("\n", "")
    )


@pytest.mark.parametrize("language", UI_LANGUAGES)
@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_the_text_fits_the_terminal(language: str, width: int):
    lines = terminal.text(shown(notes(240), language), width).splitlines()
    assert max(map(cell_len, lines)) <= min(width, 100)
    assert not [line for line in lines if line != line.rstrip()]
    assert not [line for line in lines if re.search(r"\breport\.[a-z]|\{", line)]


def test_a_long_span_of_weeks_is_a_line_of_sparks():
    period = Period("2026-W01", "2026-W47")
    whole = report([(cell_of(it), tally(it)) for it in notes(240)], period, Filter(), TODAY)
    text = terminal.text(page(whole, catalogues.load("en"), NAMES), 80)
    assert "2026-W20 " not in text
    assert any(set(line.strip()) <= set("▁▂▃▄▅▆▇█") and line.strip() for line in text.splitlines())
    read(pages.html(page(whole, catalogues.load("en"), NAMES), "en", "x"))


def long_page(language: str = "en") -> Page:
    """A year was asked for, and eight weeks of it have notes."""
    period = Period("2026-W01", "2026-W47")
    whole = report([(cell_of(it), tally(it)) for it in notes(240)], period, Filter(), TODAY)
    return page(whole, catalogues.load(language), NAMES)


def test_the_header_names_the_weeks_that_count():
    shown_ = long_page()
    assert shown_.facts[0].startswith("Weeks 2026-W40 to 2026-W47 (")
    assert "2026-W01 to 2026-W47" in shown_.facts[1]
    assert "39 (no notes or too few: 39)" in shown_.facts[1]
    assert "nothing to compare" in shown_.facts[2]
    assert [row.label for row in shown_.weeks.rows] == [f"2026-W{number}" for number in range(40, 48)]
    assert not any(row.before for row in shown_.weeks.rows)
    assert [row.before for row in shown(notes(240)).weeks.rows] == [True] * 4 + [False] * 4


def test_weeks_whose_notes_expire_are_counted_as_left_out():
    found = [*notes(240, weeks=6), *notes(24, weeks=1, expires="2026-11-20")]
    shown_ = page(made(iter(found)), catalogues.load("en"), NAMES)
    assert shown_.facts[0].startswith("Weeks 2026-W44 to 2026-W46 (")
    assert "1 (notes have begun to expire: 1)" in shown_.facts[1]


def test_without_a_period_before_nothing_is_said_to_be_none():
    charts = long_page().charts
    assert not [row for chart in charts for row in chart.rows if "before" in chart.columns and row.cells[-1] != BLANK]


def test_a_line_of_sparks_is_as_wide_as_the_terminal():
    rows = tuple(Row(f"2024-W{at}", 1, ("1",)) for at in range(150))
    shown_ = replace(shown(notes(240)), weeks=Chart("weeks", "Weeks", ("number",), rows))
    sparks = [line for line in terminal.text(shown_, 60).splitlines() if set(line) == {"█"}]
    assert [len(line) for line in sparks] == [60, 60, 30]


def test_a_table_of_nothing_but_small_rows_is_named_and_left_out():
    whole = made(notes(240))
    small = Table("outcome", (), ("solved", "callback"), 60)
    other = Table("country", (SuppressedRow("*", 60, 60),))
    tables = whole.tables | {
        "outcome": Compared(small, small),
        "country": Compared(other, other),
        "levels": Compared(replace(small, id="levels"), small),
    }
    shown_ = page(replace(whole, tables=tables), catalogues.load("en"), NAMES)
    assert not {"outcome", "country", "levels", "course"} & {chart.id for chart in shown_.charts}
    assert [note for note in shown_.notes if note.endswith(": Country; Outcome; Level at the start → at the end.")]


@pytest.mark.parametrize("language", UI_LANGUAGES)
@pytest.mark.parametrize("width", [60, 80])
def test_a_step_keeps_its_checklist(language: str, width: int):
    long_ = Names(lambda _, step: f"Erwartung erfragen und Hilfe anbieten, dann warten: {step}", lambda card: card)
    shown_ = page(made(notes(240)), catalogues.load(language), long_)
    charts = [chart for chart in shown_.charts if chart.id.startswith("steps-")]
    rows = [row for chart in charts for row in chart.rows]
    lines = terminal.text(shown_, width)
    assert rows
    assert all(f"…{row.tail}  " in lines for row in rows)
    assert all(
        f"dann warten: {row.label.rpartition(' ')[2]}{row.tail}<" in pages.html(shown_, "de", "x") for row in rows
    )
    assert [len(chart.notes) for chart in charts] == [1, *(0 for _ in charts[1:])]


def guide(**steps: int) -> dict[str, dict[str, tuple[int, int, int]]]:
    """What a checklist's steps counted: `step__what=number`."""
    counts = {key.replace("__", ":").replace("_", "-"): (number, number, MANY) for key, number in steps.items()}
    return {"aggressive/de/1": counts}


def test_on_paper_a_heading_stays_with_its_table():
    everywhere, paper = pages.STYLE.split("@media print")
    assert "section { break-inside: avoid" in everywhere
    assert "columns: auto" in paper  # in columns browsers tear what is to stay together
    assert "break-inside: auto" not in paper


def test_findings_name_steps_that_enough_calls_came_to():
    found = checkup(
        guide(all=100, breathe__done=40, breathe__skipped=60, low_voice__done=90, low_voice__undone=20, learn__done=9),
        {},
    )
    assert [(it.step, it.kind, it.sessions, it.of) for it in found] == [
        ("breathe", "skipped", 60, 100),
        ("low-voice", "undone", 20, 90),
    ]


@pytest.mark.parametrize(
    "steps",
    [
        {"all": 19, "breathe__done": 5, "breathe__skipped": 14},
        {"all": 100, "breathe__done": 2, "breathe__skipped": 98},  # two are too few to be told
        {"all": 100, "breathe__done": 61, "breathe__skipped": 39},
    ],
)
def test_what_is_too_small_or_too_rare_is_no_finding(steps: dict[str, int]):
    assert checkup(guide(**steps), {}) == ()


def test_a_step_of_the_main_path_that_nobody_reaches_is_found_and_a_conditional_one_is_not():
    path = builtin_root() / "de" / "aggressive.yaml"
    checklist = parse_checklist(path.read_bytes(), str(path))
    found = checkup(guide(all=83, let_finish__done=83), {"aggressive/de/1": checklist})
    names = {it.step for it in found if it.kind == "unreached"}
    assert "calm-sentence" in names
    assert not names & {"breathe", "regroup", "take-break"}
    assert {it.sessions for it in found} == {85}


def files() -> dict[tuple[str, str], str]:
    root = builtin_root()
    return {
        ("aggressive", language): (root / language / "aggressive.yaml").read_text(encoding="utf-8")
        for language in ("de", "nl", "no")
    }


def test_the_proposal_is_a_diff_that_applies_and_keeps_the_checklists_valid(tmp_path: Path):
    found = [
        Finding("aggressive/de/1", "calm-sentence", "skipped", 60, 100),
        Finding("aggressive/nl/1", "ask-trigger", "rise", 30, 90),
    ]
    diff = proposal(found, files(), lambda it: f"{it.step}: {it.sessions}/{it.of}", cli_report.is_valid)
    assert {line[6:] for line in diff.splitlines() if line.startswith("+++ ")} == {
        f"checklists/{language}/aggressive.yaml" for language in ("de", "nl", "no")
    }
    assert "+      # calm-sentence: 60/100" in diff
    assert "+      # ask-trigger: 30/90" in diff
    if shutil.which("patch") is None:
        pytest.skip("there is no patch here")
    for (_, language), text in files().items():
        path = tmp_path / "checklists" / language / "aggressive.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    subprocess.run(["patch", "-p1"], input=diff.encode(), cwd=tmp_path, check=True, capture_output=True)
    orders = []
    for language in ("de", "nl", "no"):
        path = tmp_path / "checklists" / language / "aggressive.yaml"
        orders.append([step.id for _, step in parse_checklist(path.read_bytes(), str(path)).steps()])
    assert orders[0] == orders[1] == orders[2]
    assert orders[0].index("calm-sentence") > orders[0].index("low-voice")


def test_what_would_not_be_valid_is_not_proposed():
    found = [
        Finding("aggressive/de/1", "calm-sentence", "skipped", 60, 100),
        Finding("own/de/1", "x", "skipped", 6, 10),
    ]
    assert proposal(found, files(), lambda it: it.step, lambda _: False) == ""


def test_the_checklists_of_a_folder(folder: Path, called: Callable[..., tuple[int, str, str]]):
    status, out, err = called("--checklists")
    assert status == 0
    assert "not about people" in err
    assert "Stimme senken und langsamer sprechen: skipped in 40 of 40 calls (100%)" in out
    assert "+      # low-voice: skipped in 40 of 40 calls (100%)" in out
    assert "agent-" not in out
    status, out, _ = called("--checklists", "--json")
    found = json.loads(out)
    assert {"checklist": "aggressive/de/1", "step": "low-voice", "kind": "skipped", "sessions": 40, "of": 40} in found[
        "findings"
    ]
    assert found["diff"].startswith("--- a/checklists/")


def test_the_schema_that_is_published_is_that_of_the_report():
    known = json.loads((DOCS / "report.schema.json").read_text(encoding="utf-8"))
    assert known == json.loads(msgspec.json.encode(msgspec.json.schema(Report)))


def test_days_name_the_weeks_they_lie_in():
    assert cli_report.asked_period("", "", TODAY) == PERIOD
    assert cli_report.asked_period("2026-11-10", "2026-11-11", TODAY) == Period("2026-W46", "2026-W46")
    assert cli_report.asked_period("2026-w40", "", TODAY) == Period("2026-W40", "2026-W47")
    assert cli_report.asked_period("", "2026-10-31", TODAY) == Period("2026-W41", "2026-W44")
    assert cli_report.asked_period("2026-W47", "2027-12-31", TODAY) == Period("2026-W47", "2026-W47")


@pytest.mark.parametrize(
    ("since", "until", "key", "params"),
    [
        ("2026-11-23", "2026-11-29", "report-not-over", {"week": "2026-W48", "last": "2026-W47"}),
        ("2026-11-23", "", "report-not-over", {"week": "2026-W48", "last": "2026-W47"}),
        ("2026-W40", "2026-W38", "report-reversed", {"first": "2026-W40", "last": "2026-W38"}),
    ],
)
def test_a_span_without_a_whole_week_is_explained(since: str, until: str, key: str, params: dict[str, str]):
    with pytest.raises(UsageFault) as caught:
        cli_report.asked_period(since, until, TODAY)
    assert (caught.value.key, caught.value.params) == (key, params)
    assert cli_report.asked_period(params["last"], "", TODAY)  # what the sentence says to give


def test_cells_are_those_of_the_local_day():
    late = replace(note_from(SAMPLES["nl"]()), started="2026-11-22T23:45:12+01:00")
    assert cell_of(late) == Cell("2026-W47", "nl", "NL", "rude", "email")
    assert isinstance(tally(late), Tally)
