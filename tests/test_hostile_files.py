"""Files that are broken, huge, endless or gone, at the start or in mid-call: they are named, and the rest works."""

from __future__ import annotations

import io
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from evil import assert_harmless
from note_samples import german
from stage import Stage, opened, warm

from deescalate_tui import catalogues
from deescalate_tui.call import commands as cmd
from deescalate_tui.call.questions import is_choice, letters
from deescalate_tui.cli.main import main
from deescalate_tui.doctor import doctor
from deescalate_tui.errors import Exit
from deescalate_tui.ids import uuid7
from deescalate_tui.journal.journal import line_of
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import note_from, note_name
from deescalate_tui.notes.parse import parse
from deescalate_tui.opening import Opening
from deescalate_tui.tui.reader import NotePlace
from deescalate_tui.workplace import Workplace

if sys.platform == "win32":
    pytest.skip("FIFOs, links and devices as POSIX has them", allow_module_level=True)

WORDS = catalogues.load("de")
NOTE = note_from(german())
NAME = f"notes/{note_name(NOTE)}"
SESSION = uuid7(1_795_352_700_000)
LONGEST_S = 20
"""Nothing hangs: a busy machine has so long for all that one test does."""
SPARSE = 100_000_000


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """Whoever waits for a FIFO or reads without end is woken."""

    def late(*_: object) -> None:
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LONGEST_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(autouse=True)
def warmed(home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Content is read already, and `doctor` leaves it to `checklists check`: both cost half a second each time."""
    warm(home, tmp_path_factory.getbasetemp() / "content")
    monkeypatch.setattr(doctor, "check", lambda library: ())


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(SPARSE)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def garbage(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def newer(path: Path) -> None:
    """From a version that is to come, each kind of file in its own way."""
    note = render(NOTE, catalogues.load("de")).replace("schema: 1", "schema: 99")
    path.write_text(
        note if path.suffix == ".md" else '{"format": 99, "schema": 99, "note": "x", "erased": "2026-11-22"}'
    )


KINDS: dict[str, Callable[[Path], object]] = {
    "huge": sparse,
    "endless": device,
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a link to itself": loop,
    "garbage": garbage,
    "empty": Path.touch,
    "newer": newer,
}
SOME = ("endless", "a pipe", "a folder", "garbage", "newer")
TOLD_BY = {
    "config/settings.yaml": "settings",
    "config/site.yaml": "settings",
    "config/checklists/de/aggressive.yaml": "checklists check",
    "config/checklists/de/cards.yaml": "checklists check",
    "config/checklists/de/ladder.yaml": "checklists check",
    "config/checklists/countries/de.yaml": "checklists check",
    "config/checklists/techniques.yaml": "checklists check",
    "site/settings.yaml": "settings",
    "site/site.yaml": "settings",
    "site/checklists/de/aggressive.yaml": "checklists check",
    NAME: "notes list",
    "notes/2026/10/2026-10-01T000000Z_11111111.hold": "notes purge --yes",
    "notes/2026/10/2026-10-01T000000Z_22222222.erased": "notes purge --yes",
    f"sessions/{SESSION}.journal": "doctor",
}
"""Which command names a file that cannot be used."""
SILENT = ("state/content.msgpack", "state/alias", "state/handover.txt", f"sessions/{SESSION}.lock")
"""What is made anew without a word."""
FOLDERS = ("config", "config/checklists", "config/checklists/de", "state", "site", "sessions", "notes", "notes/2026")
LINKED = ("state", "sessions", "notes", "notes/2026")
SAYS_NOTHING = {("config/settings.yaml", "empty"), ("site/settings.yaml", "empty")}
"""A settings file without a line is a good one."""


@pytest.fixture
def place(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of the program, with a site folder."""
    folder = home / "deescalate"
    monkeypatch.setenv("DEESCALATE_SITE", str(folder / "site"))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    return folder


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., str]:
    """Runs a command without a terminal: all that it prints, which is harmless, and no crash."""

    def call(line: str, typed: str = "") -> str:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        status = main(line.split())
        out, err = capsysbinary.readouterr()
        assert status != Exit.CRASH, (line, err)
        assert_harmless(out + err)
        return (out + err).decode()

    return call


def put(path: Path, kind: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    KINDS[kind](path)


def whole_call(called: Callable[..., str]) -> None:
    """A call works from the first key to its note, which lies in its folder or, where that refuses, is printed."""
    close = "x\na\na\n" * 30  # closes, and answers whatever is asked
    printed = called("guide aggressive --plain --lang de --country DE", f"q Jetzt reicht es\n{close}")
    assert "„Jetzt reicht es“" in printed
    assert "closed\n```" in printed


@pytest.mark.parametrize("kind", KINDS)
def test_files_that_cannot_be_used_are_named_and_the_rest_works(kind: str, place: Path, called: Callable[..., str]):
    """All of them at once."""
    for file in TOLD_BY:
        put(place / file, kind)
    told = {line: called(line) for line in dict.fromkeys(TOLD_BY.values())}
    for file, line in TOLD_BY.items():
        if (file, kind) not in SAYS_NOTHING:
            assert str(place / file) in told[line] or SESSION in told[line], file
    whole_call(called)


@pytest.mark.parametrize("kind", SOME)
def test_what_the_program_keeps_for_itself_is_made_anew(kind: str, place: Path, called: Callable[..., str]):
    for file in SILENT:
        put(place / file, kind)
    whole_call(called)
    called("doctor")


@pytest.mark.parametrize(("kind", "folder"), [*product(["garbage"], FOLDERS), *product(["a link to itself"], LINKED)])
def test_something_else_in_the_place_of_a_folder(folder: str, kind: str, place: Path, called: Callable[..., str]):
    put(place / folder, kind)
    whole_call(called)
    for line in ("doctor", "notes purge --yes", "privacy"):
        called(line)


def test_a_file_that_repeats_itself(place: Path, called: Callable[..., str]):
    """Aliases: a few bytes that would be billions."""
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    for file in ("config/settings.yaml", "config/site.yaml", "config/checklists/de/aggressive.yaml"):
        path = place / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines))
        assert f"{path.name}:1:5" in called(TOLD_BY[file])
    whole_call(called)


# --- in mid-call


def closed(stage: Stage) -> NotePlace:
    """Close the call; the screen shows its note."""
    stage.press("escape", "x")
    for _ in range(60):
        if isinstance(stage.place, NotePlace):
            return stage.place
        if stage.state.question is None:
            stage.press("x")
        elif is_choice(stage.state):
            stage.press(next(iter(letters(stage.state, stage.live.book))))
        else:
            stage.type("...")
    raise AssertionError(stage.text())


def begun(work: Workplace | None = None) -> Stage:
    stage = Stage(work or opened(), Opening("aggressive", "de", "phone"))
    return stage.press("q", "=Jetzt reicht es\r", "3")


@pytest.mark.parametrize("change", ["removed", *SOME])
def test_content_that_changes_in_mid_call(change: str, place: Path):
    """A session keeps the checklist it began with; what else is asked for is there, or is said not to be."""
    for folder in (place / "config" / "checklists", place / "site" / "checklists"):
        shutil.copytree(Path(__file__).parent.parent / "checklists" / "de", folder / "de")
    (place / "config" / "settings.yaml").write_text("agent: amsel\n")
    (place / "site" / "site.yaml").write_text("format: 1\nkind: site\ncompany: X\n")
    stage = begun()
    before = stage.state.call.checklist
    for path in [*(place / "config").rglob("*.yaml"), *(place / "site").rglob("*.yaml")]:
        path.unlink()
        if change != "removed":
            KINDS[change](path)
    for key in (
        "space",
        "space",
        "escape",
        "t",
        "escape",
        "l",
        "a",
        "!",
        "escape",
        "w",
        "c",
        "b",
        "4",
        "escape",
        "/",
        "=weg",
    ):
        stage.press(key)
        assert_harmless(stage.text().encode())
    assert stage.state.call.checklist.id == before.id
    closed(stage)
    (path,) = (place / "notes").rglob("*.md")
    assert parse(path.read_text("utf-8")).quotes[0].text == "Jetzt reicht es"


@pytest.mark.parametrize("change", ["cut", "cut in the middle", "removed", "replaced", "a folder removed"])
def test_a_journal_that_is_changed_in_mid_call_is_whole_again(change: str, place: Path):
    stage = begun()
    live = stage.live
    path = live.journal.path
    assert live.journal.sync()
    match change:
        case "cut":
            os.truncate(path, 0)
        case "cut in the middle":
            os.truncate(path, path.stat().st_size - 10)
        case "removed":
            path.unlink()
        case "replaced":
            path.unlink()
            garbage(path)
        case _:
            shutil.rmtree(path.parent)
    stage.press("n", "=Danach\r")
    assert live.journal.sync()
    state = live.state
    stage.put_down()
    again = opened().resume(state.id)
    assert again.state.call.quotes == state.call.quotes
    assert again.state.call.remarks == state.call.remarks
    again.journal.close()


@pytest.mark.parametrize("kind", ["a link to itself", "garbage", "a pipe"])
def test_a_notes_folder_that_is_replaced_in_mid_call(kind: str, place: Path):
    """The note is on the screen to copy, the session stays, and once the folder is back the note is saved."""
    stage = begun()
    shutil.rmtree(place / "notes", ignore_errors=True)
    put(place / "notes", kind)
    live = stage.live
    note = closed(stage)
    assert WORDS("note.not-saved-keep") in " ".join(stage.text(120, 40).split())
    finished = live.finish()
    assert finished.fault is not None
    assert str(place / "notes") in finished.fault.place
    assert "Jetzt reicht es" in finished.text
    (place / "notes").unlink()
    note.tick()
    assert [parse(path.read_text("utf-8")).id for path in (place / "notes").rglob("*.md")] == [live.state.id]


def test_what_a_newer_version_wrote_is_kept_aside(place: Path):
    """The session goes on with what can be read; what comes later is read again, and nothing is thrown away."""
    work = opened()
    live = begun(work).live
    line = line_of(b'{"seq":9,"at":1795352700000,"ms":1,"event":{"t":"hologram","text":"von morgen"}}')
    assert live.journal.close()
    with live.journal.path.open("ab") as file:
        file.write(line)
    stage = Stage(work, Opening(resume=live.state.id)).press("n", "=Danach\r")
    stage.put_down()
    assert live.journal.path.with_suffix(".damaged").read_bytes() == line
    again = work.resume(live.state.id)
    assert [it.text for it in (*again.state.call.quotes, *again.state.call.remarks)] == ["Jetzt reicht es", "Danach"]
    again.journal.close()


def test_a_journal_in_the_place_of_another(place: Path):
    """A file that is no session of ours stays where it is, and the next call begins all the same."""
    work = opened()
    path = work.paths.sessions / f"{SESSION}.journal"
    path.parent.mkdir(parents=True)
    garbage(path)
    assert [entry.title for entry in work.waiting()] == [""]
    stage = begun(work)
    stage.live.do(cmd.Hear(2))
    closed(stage)
    assert path.read_bytes() == bytes(range(256)) * 40
