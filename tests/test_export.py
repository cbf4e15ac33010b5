"""Exports: nothing of the alias, nothing that steers or calculates, nothing half done, and a manifest that is true."""

import csv
import gc
import io
import json
import os
import re
import signal
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from archive_model import a_note, paths_in, put, sample
from evil import EVIL, assert_harmless, assert_no_formula
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from note_samples import SAMPLES

from deescalate_tui import catalogues
from deescalate_tui.archive.archive import Archive
from deescalate_tui.clean import defused
from deescalate_tui.clock import Clock
from deescalate_tui.content.schema_files import schema_of
from deescalate_tui.errors import Exit
from deescalate_tui.export import bundle, csv_table, jsonl
from deescalate_tui.export.job import Job
from deescalate_tui.export.record import MOST_TOLD, Record
from deescalate_tui.export.table import HEADS
from deescalate_tui.ids import short_id
from deescalate_tui.locks import FileLock
from deescalate_tui.notes.front import Front, Promise
from deescalate_tui.notes.note import Answer, IncidentNote, Said, Walked, note_name
from deescalate_tui.notes.parse import parse

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals, limits and links as POSIX has them")
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
SECRET = "Kreiselpumpenwort"
FORMS = {"md": "zip", "csv": "csv", "jsonl": "jsonl", "xlsx": "xlsx", "html": "html"}
PARTED = ("x,=1+1", "x;=1+1", 'x",=1+1', "x;'=1+1", " =1+1", '"=1+1', "＝1+1")
"""Formulas where other signs part the cells."""
Called = Callable[..., tuple[int, bytes, str]]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clock, "now", lambda self: NOW)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def place() -> Path:
    return Path(os.environ["DEESCALATE_HOME"])


@pytest.fixture
def three(place: Path) -> dict[str, IncidentNote]:
    notes = {note.id: note for note in map(sample, SAMPLES)}
    for note in notes.values():
        put(paths_in(place), note)
    return notes


@pytest.fixture
def called(capsysbinary: pytest.CaptureFixture[bytes]) -> Called:
    """Runs `notes export`: exit status, standard output and standard error."""
    from deescalate_tui.cli.main import main

    def call(*arguments: str) -> tuple[int, bytes, str]:
        status = main(("notes", "export", *arguments))
        out, err = capsysbinary.readouterr()
        assert b"Traceback" not in err
        return status, out, err.decode()

    return call


def texts(path: Path) -> dict[str, bytes]:
    """All that an export holds, unpacked, and its manifest."""
    beside = path.with_name(f"{path.name}.manifest.json")
    found = {"": beside.read_bytes()} if beside.exists() else {}
    if path.suffix in (".zip", ".xlsx"):
        with zipfile.ZipFile(path) as packed:
            assert packed.testzip() is None
            return found | {name: packed.read(name) for name in packed.namelist()}
    return found | {path.name: path.read_bytes()}


def cells_of(text: str, sign: str) -> list[list[str]]:
    csv.field_size_limit(10_000_000)
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=sign))


def sheet(path: Path, number: int = 1) -> list[list[str]]:
    """The cells of a workbook that hold something."""
    tree = ElementTree.fromstring(texts(path)[f"xl/worksheets/sheet{number}.xml"])
    assert not [it for it in tree.iter() if it.tag.endswith("}f") or it.tag.endswith("}hyperlink")]
    rows = [it for it in tree.iter() if it.tag.endswith("}row")]
    return [["".join(cell.itertext()) for cell in row] for row in rows]


class Page(HTMLParser):
    """The cells of a page; any other tag than those of a table's page is a finding."""

    KNOWN = frozenset(
        ("html", "head", "meta", "title", "style", "body", "h1", "p", "table", "thead", "tbody", "tr", "th", "td")
    )

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.KNOWN
        assert {name for name, _ in attrs} <= {"lang", "charset", "http-equiv", "content", "name", "scope", "class"}
        assert dict(attrs).get("class", "whole") in ("whole", "threat")
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


@pytest.mark.parametrize("form", FORMS)
def test_every_format_has_every_note_no_alias_and_a_true_manifest(
    form: str, called: Called, three: dict[str, IncidentNote], place: Path, tmp_path: Path
):
    path = tmp_path / f"all.{FORMS[form]}"
    status, out, err = called("--to", str(path))
    assert (status, out) == (Exit.OK, b"")
    assert "3 notes exported." in err
    assert "Left out: the agents’ aliases." in err
    found = texts(path)
    assert not any(b"amsel" in data for data in found.values())
    whole = b"".join(found.values())
    assert all(id_[-8 if form == "html" else 0 :].encode() in whole for id_ in three)
    manifest = json.loads(found["manifest.json" if form == "md" else ""])
    assert manifest["notes"] == len(manifest["files"]) == 3
    assert (manifest["format"], manifest["made"]) == (form, "2026-12-01T09:30:00+00:00")
    assert manifest["left_out"] == (["agent"] if form in ("md", "jsonl") else ["agent", "body"])
    for file in manifest["files"]:
        assert sha256((place / "notes" / file["path"]).read_bytes()).hexdigest() == file["sha256"]
        if form == "md":
            assert sha256(found[file["member"]]).hexdigest() == file["member_sha256"]
    if form != "md":
        assert manifest["sha256"] == sha256(path.read_bytes()).hexdigest()
        assert (manifest["file"], manifest["bytes"]) == (path.name, path.stat().st_size)
    assert [it.name for it in tmp_path.iterdir() if it.name.startswith(".")] == []


def test_whole_notes_come_back_but_for_the_alias(called: Called, three: dict[str, IncidentNote], tmp_path: Path):
    called("--to", str(tmp_path / "all.jsonl"))
    called("--to", str(tmp_path / "all.zip"))
    lines = (tmp_path / "all.jsonl").read_bytes().splitlines()
    read = [msgspec.json.decode(line, type=IncidentNote) for line in lines]
    members = {name: data for name, data in texts(tmp_path / "all.zip").items() if name.endswith(".md")}
    parsed = [parse(data.decode()) for data in members.values()]
    assert read == parsed
    assert {note.id: note for note in read} == {id_: replace(note, agent="") for id_, note in three.items()}
    assert list(members) == [note_name(note) for note in read]
    for line in lines:
        Draft202012Validator(schema_of("note")).validate(json.loads(line))
    broken = json.loads(lines[0]) | {"quotes": [{"at": "soon"}]}
    assert list(Draft202012Validator(schema_of("note")).iter_errors(broken))


def test_brief_lines_say_what_the_front_matter_says(
    called: Called, three: dict[str, IncidentNote], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Archive, "whole", lambda self, path: pytest.fail("a file was read"))
    status, out, _ = called("--format", "jsonl", "--brief", "--to", "-")
    assert status == Exit.OK
    for line in out.splitlines():
        facts = json.loads(line)
        front = json.loads(msgspec.json.encode(three[facts["id"]]))
        assert facts == {key: front[key] for key in facts}
        assert {*Front.__struct_fields__} - {*facts} >= {"agent"}
        assert {"level", "steps", "commitments", "request", "expires"} <= {*facts}


def spoken() -> IncidentNote:
    """A note in which every typed text is the secret."""
    note = replace(sample("de"), ticket="T-9", request=SECRET, escalated_to=SECRET, follow_up=f"2026-11-23 {SECRET}")
    return replace(
        note,
        commitments=(Promise(SECRET, SECRET), Promise(SECRET, "2026-11-23T14:00")),
        walked=(*note.walked, Walked("resolve", "promise", "Zusagen", 9, "open", SECRET)),
        answers=(Answer("cause", SECRET), Answer("possible", "yes"), Answer("satisfaction", SECRET)),
        quotes=(Said(1, SECRET),),
        remarks=(Said(2, SECRET),),
    )


@pytest.mark.parametrize("form", [*FORMS, "brief"])
def test_without_text_no_typed_word_is_left_but_the_ticket(form: str, called: Called, place: Path, tmp_path: Path):
    put(paths_in(place), spoken())
    more = ("--format", "jsonl", "--brief") if form == "brief" else ()
    for without in ((), ("--without-text",)):
        path = tmp_path / f"all{len(without)}.{FORMS.get(form, 'jsonl')}"
        status, _, err = called("--to", str(path), *more, *without)
        assert status == Exit.OK
        whole = b"".join(texts(path).values())
        assert (SECRET.encode() in whole) is not without
        assert ("everything typed" in err) is bool(without)
        assert b"T-9" in whole
        assert b"2026-11-23" in whole or form == "html"
    if form == "jsonl":
        note = msgspec.json.decode(path.read_bytes(), type=IncidentNote)
        assert note.answers == (Answer("cause", ""), Answer("possible", "yes"), Answer("satisfaction", ""))
        assert note.commitments == (Promise("", ""), Promise("", "2026-11-23T14:00"))
        assert (note.quotes, note.walked[-1].reason, note.follow_up) == ((Said(1, ""),), "", "")


@pytest.fixture(scope="module")
def evil_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Notes with each of the strings that do harm in every place that is typed into."""
    home = tmp_path_factory.mktemp("evil")
    for number, text in enumerate((*EVIL, *PARTED)):
        text = text.encode("utf-8", "replace").decode()[:40_000]
        typed = {"request": text, "ticket": text, "escalated_to": text, "follow_up": text, "customer_type": text}
        typed |= {"channel": text, "outcome": text, "satisfaction": text, "types": (text,)}
        said = {"quotes": (Said(1, text),), "remarks": (Said(2, text),), "commitments": (Promise(text, text),)}
        put(paths_in(home), a_note(number, answers=(Answer("cause", text),), **typed, **said))
    return home


@pytest.fixture
def evil(evil_home: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many of them there are."""
    monkeypatch.setenv("DEESCALATE_HOME", str(evil_home))
    return len((*EVIL, *PARTED))


@pytest.mark.parametrize("more", [(), ("--comma",)])
def test_no_cell_of_a_table_is_calculated(more: tuple[str, ...], called: Called, evil: int, tmp_path: Path):
    path = tmp_path / "all.csv"
    assert called("--to", str(path), *more)[0] == Exit.OK
    text = path.read_bytes().decode()
    assert text.startswith('"id",' if more else '\ufeff"id";')
    assert_harmless(text.removeprefix("\ufeff").replace("\r\n", "\n").encode())
    rows = cells_of(text, "," if more else ";")
    assert tuple(rows[0]) == HEADS
    assert {len(row) for row in rows} == {len(HEADS)}
    assert len(rows) == evil + 1
    for sign in (",", ";", "\t"):  # whatever the program that opens it takes for the sign
        for row in cells_of(text, sign):
            assert_no_formula(row)
            assert not [cell for cell in row if cell.startswith(("＝", "＋", "－", "＠"))]


def test_lines_of_json_harm_nobody_and_lose_nothing(called: Called, evil: int, evil_home: Path, tmp_path: Path):
    for more in ((), ("--brief",)):
        path = tmp_path / f"all{len(more)}.jsonl"
        assert called("--to", str(path), *more)[0] == Exit.OK
        assert_harmless(path.read_bytes())
        assert_harmless(path.with_name(f"{path.name}.manifest.json").read_bytes())
        read = {line["id"]: line for line in map(json.loads, path.read_bytes().decode().splitlines())}
        assert len(read) == evil
        for file in (evil_home / "notes").rglob("*.md"):
            note = parse(file.read_text(encoding="utf-8"))
            line = msgspec.json.decode(msgspec.json.encode(replace(note, agent="")))
            assert read[note.id] == {key: line[key] for key in read[note.id]}


def test_a_workbook_holds_text_and_says_what_it_cut(called: Called, evil: int, evil_home: Path, tmp_path: Path):
    path = tmp_path / "all.xlsx"
    status, _, err = called("--to", str(path))
    assert status == Exit.OK
    rows = sheet(path)
    assert len(rows) == evil + 1
    notes = {it.id: it for it in (parse(p.read_text(encoding="utf-8")) for p in (evil_home / "notes").rglob("*.md"))}
    for name, data in texts(path).items():
        if name.endswith(".xml"):
            assert_harmless(data.replace(b"\r\n", b"\n"))
    for row in rows[1:]:
        request = defused(notes[row[0]].request)
        cut = request if len(request) <= 32_767 else f"{request[:32_766]}…"
        # A cell in which nothing stands is not written; `_x…_` is how a workbook writes what looks like an escape.
        assert not request or cut in [re.sub("_x005F_", "_", cell) for cell in row]
    manifest = json.loads(texts(path)[""])
    assert manifest["cut_cells"] > 0
    assert f"{manifest['cut_cells']} cells hold only the beginning" in err


def test_a_page_shows_text_and_nothing_else(called: Called, evil: int, tmp_path: Path):
    path = tmp_path / "all.html"
    assert called("--to", str(path))[0] == Exit.OK
    text = path.read_bytes().decode()
    assert_harmless(text.encode())
    page = Page(text)
    assert len(page.cells) == 10 * (evil + 1)
    assert "<script>alert(1)</script><img src=x onerror=alert(1)>" in page.cells
    assert "default-src 'none'" in text


def test_the_page_marks_threats_and_writes_days_in_one_way(
    called: Called, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    calm = replace(sample("nl"), threat=False)
    words = ("2026-W48", "20261127", "2026-02-31", "bald")
    promises = tuple(Promise(f"{at}.", due) for at, due in enumerate(("2026-11-27", "2026-11-27T14:30", *words)))
    facts = {"threat": True, "follow_up": "2026-11-30", "commitments": promises, "ticket": "T-116128"}
    for note in (calm, replace(sample("de"), **facts)):
        put(paths_in(place), note)
    path = tmp_path / "all.html"
    assert called("--to", str(path))[0] == Exit.OK
    text = path.read_text(encoding="utf-8")
    rows = re.findall("<tr.*?</tr>", text)
    marked = next(row for row in rows if '<td class="whole">T-116128</td>' in row)
    plain = next(row for row in rows if short_id(calm.id) in row)
    assert marked.startswith('<tr class="threat"><th scope="row">22.11.2026 ')
    assert re.search("<td>[0-9] !</td>", marked)
    assert plain.startswith("<tr><th")
    assert " !<" not in plain
    assert "<td>30.11.2026</td>" in marked
    assert "0. (27.11.2026) / 1. (27.11.2026 14:30) / 2. (2026-W48) / 3. (20261127) / 4. (2026-02-31)" in marked
    assert "<p>! Drohung" in text


def test_a_bundle_of_evil_notes_is_read_again(called: Called, evil: int, evil_home: Path, tmp_path: Path):
    path = tmp_path / "all.zip"
    assert called("--to", str(path))[0] == Exit.OK
    found = texts(path)
    notes = [parse(data.decode()) for name, data in found.items() if name.endswith(".md")]
    files = [parse(p.read_text(encoding="utf-8")) for p in (evil_home / "notes").rglob("*.md")]
    assert sorted(notes, key=lambda it: it.id) == sorted((replace(it, agent="") for it in files), key=lambda it: it.id)
    for name, data in found.items():
        assert re.fullmatch(r"[0-9]{4}/[0-9]{2}/[0-9TZ-]+_[0-9a-f]{8}\.md|manifest\.json", name)
        assert_harmless(data)


def test_files_that_do_not_count_are_named_and_counted(
    called: Called, three: dict[str, IncidentNote], place: Path, tmp_path: Path
):
    paths = [place / "notes" / note_name(note) for note in three.values()]
    paths[0].write_bytes(paths[0].read_bytes()[:500])
    body = paths[1].read_text(encoding="utf-8")
    paths[1].write_text(body.replace("- [x]", "- [?]", 1), encoding="utf-8")
    for form, notes in {"jsonl": 1, "zip": 1, "csv": 2}.items():
        path = tmp_path / f"all.{form}"
        status, _, err = called("--to", str(path))
        assert status == Exit.FINDINGS
        manifest = json.loads(texts(path)["manifest.json" if form == "zip" else ""])
        assert (manifest["notes"], manifest["unread"]) == (notes, 3 - notes)
        named = {it["place"].rpartition(":")[0]: it["key"] for it in manifest["files_unread"]}
        assert named[str(paths[0])] in ("note-foreign", "note-cut")
        assert form == "csv" or named[str(paths[1])] == "note-line"
        assert all(it["reason"] in err.splitlines() for it in manifest["files_unread"])


def test_what_is_asked_for_is_exported_and_said(called: Called, three: dict[str, IncidentNote], tmp_path: Path):
    path = tmp_path / "some.csv"
    asked = ("ersatzrouter", "--language", "de", "--since", "2026-11-01")
    assert called(*asked, "--to", str(path))[0] == Exit.OK
    assert len(cells_of(path.read_text(encoding="utf-8"), ";")) == 2
    manifest = json.loads(texts(path)[""])
    assert manifest["query"] == "ersatzrouter"
    assert manifest["filters"] == {"languages": ["de"], "since": "2026-11-01"}
    assert (manifest["expired"], manifest["up_to_date"]) == (0, True)
    status, out, err = called("--type", "unheard-of", "--format", "csv", "--to", "-")
    assert (status, len(cells_of(out.decode(), ";"))) == (Exit.OK, 1)
    assert "0 notes exported." in err


def test_notes_past_their_day_are_counted(called: Called, place: Path, tmp_path: Path):
    for number, day in enumerate(("2026-11-30", "2026-12-01")):
        put(paths_in(place), a_note(number, expires=day))
    for form in ("csv", "zip"):
        assert "One of them is past its day" in called("--to", str(tmp_path / f"all.{form}"))[2]


def test_nothing_that_is_there_is_replaced_unasked(called: Called, three: dict[str, IncidentNote], tmp_path: Path):
    path = tmp_path / "all.csv"
    for taken in (path, tmp_path / "all.csv.manifest.json"):
        taken.write_text("mine", encoding="utf-8")
        status, _, err = called("--to", str(path))
        assert (status, "--force" in err) == (Exit.DISK, True)
        assert taken.read_text(encoding="utf-8") == "mine"
        assert sorted(it.name for it in tmp_path.iterdir() if it.name.startswith((".", "all"))) == [taken.name]
        assert called("--to", str(path), "--force")[0] == Exit.OK
        assert len(cells_of(path.read_text(encoding="utf-8"), ";")) == 4
        path.unlink()
        path.with_name("all.csv.manifest.json").unlink()
    path.mkdir()
    assert called("--to", str(path), "--force")[0] == Exit.DISK


@posix
def test_a_link_is_not_followed(called: Called, three: dict[str, IncidentNote], tmp_path: Path):
    mine = tmp_path / "mine"
    mine.write_text("mine", encoding="utf-8")
    (tmp_path / "all.csv").symlink_to(mine)
    assert called("--to", str(tmp_path / "all.csv"), "--force")[0] == Exit.DISK
    assert mine.read_text(encoding="utf-8") == "mine"


@posix
def test_a_killed_export_leaves_no_half_file_and_the_next_one_removes_what_it_left(
    called: Called, three: dict[str, IncidentNote], tmp_path: Path
):
    code = (
        "import os, signal, sys\nfrom deescalate_tui.cli import export as cli_export, main as cli\n"
        "cli_export.put = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
        "cli.main(['notes', 'export', '--to', sys.argv[1]])"
    )
    for ending in ("zip", "xlsx"):
        path = tmp_path / f"all.{ending}"
        killed = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
        assert killed.returncode == -signal.SIGKILL
        assert not path.exists()
        (left,) = tmp_path.glob(f".{path.name}.*.tmp")
        assert left.stat().st_mode & 0o077 == 0
        (left / "lock").touch()
        lock = FileLock(left / "lock", "export-busy")  # as if it lived
        assert called("--to", str(path))[0] == Exit.OK
        assert left.exists()
        lock.release()
        assert called("--to", str(path), "--force")[0] == Exit.OK
        assert not list(tmp_path.glob(".*.tmp"))


@posix
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # XlsxWriter's file of rows stays open
@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_leaves_nothing(
    form: str, called: Called, evil: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    count = Archive.count
    path = tmp_path / f"all.{FORMS[form]}"
    called("--to", str(tmp_path / "before.csv"))  # the index is there

    def full(self: Archive, *arguments: object) -> int:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        return count(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Archive, "count", full)
    try:
        status, _, err = called("--to", str(path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        gc.collect()  # now, and not in another test
    assert status == Exit.DISK
    assert str(path) in err
    assert not [it.name for it in tmp_path.iterdir() if "all." in it.name]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "notes.txt"), "--format"),
        (("--format", "pdf", "--to", "-"), "pdf"),
        (("--format", "xlsx", "--to", "-"), "--to FILE"),
        (("--to", "a.csv", "--brief"), "jsonl"),
        (("--to", "a.html", "--comma"), "csv"),
        (("--to", "a.csv", "--level", "9"), "0-4"),
    ],
)
def test_what_cannot_be_is_said(arguments: tuple[str, ...], said: str, called: Called, tmp_path: Path):
    status, out, err = called(*arguments)
    assert (status, out) == (Exit.USAGE, b"")
    assert said in err


def test_a_workbook_needs_its_extra(called: Called, three: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    status, _, err = called("--to", str(tmp_path / "all.xlsx"))
    assert (status, sys.executable in err, "pipx inject deescalate-tui XlsxWriter" in err) == (Exit.USAGE, True, True)
    assert not list(tmp_path.glob("*all*"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)  # as PyInstaller does it
    status, _, err = called("--to", str(tmp_path / "all.xlsx"))
    assert (status, sys.executable in err, "csv" in err) == (Exit.USAGE, False, True)


def test_of_many_files_that_do_not_count_the_first_are_named(called: Called, place: Path, tmp_path: Path):
    folder = place / "notes" / "2026" / "11"
    folder.mkdir(parents=True)
    for number in range(MOST_TOLD + 2):
        (folder / f"2026-11-22T0904{number:02}Z_0c546b93.md").write_text("no note", encoding="utf-8")
    status, _, err = called("--to", str(tmp_path / "all.csv"))
    assert (status, err.count(str(folder))) == (Exit.FINDINGS, MOST_TOLD)
    assert catalogues.load("en").count("archive.more-faults", 2) in err.splitlines()


def test_sealed_notes_without_a_key_are_named_with_what_to_do(called: Called, place: Path, tmp_path: Path):
    folder = place / "notes" / "2026" / "11"
    folder.mkdir(parents=True)
    (folder / "2026-11-22T090400Z_0c546b93.md.age").write_bytes(b"age-encryption.org/v1\n")
    status, _, err = called("--to", str(tmp_path / "all.csv"))
    assert (status, "note_key" in err) == (Exit.FINDINGS, True)


@posix
def test_a_reader_that_has_seen_enough_is_no_fault(evil: int):
    command = [sys.executable, "-m", "deescalate_tui", "notes", "export", "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read(10)
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == Exit.OK


class Endless:
    """An archive of so many notes, all alike but for what tells them apart."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._note = sample("de")

    def count(self, _: object) -> int:
        return self.number

    def pages(self, _: object, columns: str):
        note, steps = self._note, b'{"done":1,"skipped":0,"not_reached":2}'.decode()
        cells = (
            note.id,
            *["x"] * 5,
            "[]",
            *["x"] * 3,
            *[1] * 4,
            "x",
            note.request,
            "yes",
            steps,
            0,
            "",
            "[]",
            "",
            "",
            "",
            1,
        )
        for start in range(0, self.number, 500):
            more = ("2027-01-01",) if columns.count(",") == 0 else (*cells, "2027-01-01")
            yield [(key, f"{key}.md", bytes(32), *more) for key in range(start, min(start + 500, self.number))]

    def whole(self, path: str) -> tuple[bytes, IncidentNote]:
        return b"\0" * 32, a_note(int(path.removesuffix(".md")))


@pytest.mark.parametrize(
    ("write", "number"), [(csv_table.write, 2_000), (jsonl.write, 500), (bundle.write, 500)], ids=("csv", "jsonl", "md")
)
def test_memory_does_not_grow_with_the_number_of_notes(
    write: Callable[..., None], number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bundle, "render", lambda note, words: note.id * 50)
    monkeypatch.setattr("deescalate_tui.export.record._IN_MEMORY", 1)

    def peak(notes: int) -> int:
        record = Record()
        job = Job(
            archive=Endless(notes), selected=None, messages=catalogues.load("en"), record=record, made=NOW,  # type: ignore[arg-type]
            progress=lambda done, total: None, asked={},
        )  # fmt: skip
        with (tmp_path / f"out{notes}").open("wb") as out:
            tracemalloc.start()
            write(job, out, tmp_path)
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert record.notes == notes
        record.close()
        return most

    peak(number)
    # Three tries: what other tests left behind may be counted. A member of a ZIP file alone would take 600 bytes.
    assert any(peak(number * 5) - peak(number) < number * 4 * 100 for _ in range(3))


def test_notes_of_one_name_are_kept_apart():
    names = bundle._Names()
    first, other = "2026/01/2026-01-01T000000Z_00000000.md", "2026/01/2026-01-01T000001Z_00000000.md"
    assert [names.free(it) for it in (first, first, other, other)] == [
        first, "2026/01/2026-01-01T000000Z_00000000_2.md", other, "2026/01/2026-01-01T000001Z_00000000_2.md",
    ]  # fmt: skip
