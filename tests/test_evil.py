"""What does harm where it is more than text, through every field, every argument and every file, to every output."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from argparse import _SubParsersAction
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import cycle, product
from pathlib import Path
from typing import Any

import evil
import msgspec
import pytest
import yaml
from content_samples import CARDS, COUNTRY, LADDER, TYPE
from evil import ALL_IN_ONE, EVIL, FEW, assert_harmless, seen
from msgspec.structs import replace
from note_samples import SAMPLES
from stage import Stage, opened, warm
from test_note_markdown import everywhere, structure

from deescalate_tui import catalogues, handover
from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.call.keys import ACTIONS
from deescalate_tui.call.questions import is_choice, letters
from deescalate_tui.call.session import OUTCOMES
from deescalate_tui.cli import call_json as cli_json
from deescalate_tui.cli.main import main
from deescalate_tui.cli.parser import Parser, parser
from deescalate_tui.content.file import file_called
from deescalate_tui.content.site_profile import parse_site
from deescalate_tui.doctor import doctor
from deescalate_tui.errors import ContentFaults, Exit
from deescalate_tui.files import Ops
from deescalate_tui.help_command import VARIABLES, environment
from deescalate_tui.i18n import UI_LANGUAGES
from deescalate_tui.notes.folder import handover_of
from deescalate_tui.notes.front import Front
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import IncidentNote, note_from, note_name
from deescalate_tui.notes.parse import parse
from deescalate_tui.opening import Opening
from deescalate_tui.plain.line import takes_text
from deescalate_tui.plain.session import Talk
from deescalate_tui.tui.reader import NotePlace
from deescalate_tui.workplace import Workplace

MESSAGES = {language: catalogues.load(language) for language in UI_LANGUAGES}
STAY = {"leave", "undo", "close"}
"""Actions that end or take back what a test has just put in."""


class QuickOps(Ops):
    """A disk that is sure of itself: here nothing is about power cuts."""

    def fsync(self, fd: int) -> None:
        pass

    def fsync_dir(self, folder: Path) -> None:
        pass


@pytest.fixture(autouse=True)
def warmed(home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Content is read already, and `doctor` leaves it to `checklists check`: both cost half a second each time."""
    warm(home, tmp_path_factory.getbasetemp() / "content")
    monkeypatch.setattr(doctor, "check", lambda library: ())


def name(text: str) -> str:
    return f"{EVIL.index(text) if text in EVIL else len(text)}-{text[:12]!r}"


# --- the corpus


def test_the_check_finds_what_is_in_the_corpus():
    for text in (*evil.STEERING, *evil.HIDDEN):
        with pytest.raises((AssertionError, UnicodeDecodeError)):
            assert_harmless(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(UnicodeDecodeError):
        assert_harmless(b"\x9b31m")
    with pytest.raises(AssertionError):
        evil.assert_harmless_screen(b"\x1b[31mx\x1b]0;Titel\x07", ["Titel"])
    with pytest.raises(AssertionError):
        evil.assert_no_formula(["x", "=1+1"])


@pytest.mark.parametrize("text", EVIL, ids=name)
def test_in_a_note_it_is_words_and_nothing_else(text: str):
    """As it is typed: cleaned. The file reads back equal, and Markdown makes nothing else of it."""
    language = LANGUAGES[EVIL.index(text) % len(LANGUAGES)]
    note = everywhere(seen(text) or "leer")
    rendered = render(note, MESSAGES[language])
    assert_harmless(rendered.encode())
    assert parse(rendered) == note
    assert structure(rendered) == ordinary(language)
    yaml.safe_load(rendered.split("\n---\n")[0])


@cache
def ordinary(language: str) -> list[tuple[str, list[str]]]:
    """What Markdown makes of a note in which a word was typed."""
    return structure(render(everywhere("Wort"), MESSAGES[language]))


# --- a session: every field there is, on the screen and as lines


def answers(talk: Talk, texts: Iterator[str]) -> Iterator[str]:
    """Lines that put the texts wherever a line is taken, and close the session."""
    live = talk.live
    for action in ACTIONS:
        if takes_text(action) and action.id not in STAY and action.id != "emergency":
            yield f"{action.keys[0]} {next(texts)}"
            yield from until_answered(talk, texts)
            yield "esc"
    yield "3"
    for _ in range(200):
        if live.state.question is None:
            yield "x" if not live.state.call.current or live.state.call.closing else ""
        yield from until_answered(talk, texts)


def until_answered(talk: Talk, texts: Iterator[str]) -> Iterator[str]:
    for _ in range(9):
        state = talk.live.state
        if state.question is None or state.closed:
            return
        if is_choice(state):
            yield next(iter(letters(state, talk.live.book)))
        else:
            yield state.question.tried or next(texts)  # what is no date is taken when it is said again


SESSIONS = 8


@pytest.mark.parametrize("place", range(-1, SESSIONS))
def test_typed_as_lines(place: int, home: Path):
    texts = (ALL_IN_ONE,) if place < 0 else EVIL[place::SESSIONS]
    work = opened()
    work.ops = QuickOps()
    printed: list[str] = []
    talk = Talk(work.start("aggressive", "de", "phone"), iter(()), printed.append)
    talk._lines = answers(talk, cycle(texts))
    assert talk.run() == Exit.OK
    assert_harmless("".join(printed).encode())
    state = talk.live.state
    assert state.closed
    (path,) = work.paths.notes.rglob("*.md")
    assert_harmless(path.read_bytes())
    note = parse(path.read_text(encoding="utf-8"))
    assert note == note_from(state)
    assert "\n" not in handover_of(state)
    assert_harmless(handover_of(state).encode())
    typed = {seen(text)[:100] for text in texts}
    assert note.quotes
    assert {it.text[:100] for it in (*note.quotes, *note.remarks)} <= typed


@pytest.mark.parametrize("text", FEW, ids=name)
@pytest.mark.parametrize("size", [(80, 24), (40, 10)])
def test_typed_on_the_screen(text: str, size: tuple[int, int], home: Path):
    work = opened()
    work.ops = QuickOps()
    stage = Stage(work, Opening("aggressive", "de", "phone", ticket=seen(text)))
    for action in ACTIONS:
        if action.id in STAY:
            continue
        stage.press(action.keys[0])
        drawn(stage, size)
        for _ in range(9):
            if stage.place.line() is None:
                break
            stage.press(f"={text}")
            drawn(stage, size)
            stage.press(f"={text}\r")
            drawn(stage, size)
        stage.press("escape", "escape")
    stage.walk(40, text)
    stage.press("x")
    for _ in range(60):
        if isinstance(stage.place, NotePlace):
            break
        drawn(stage, size)
        if stage.state.question is None:
            stage.press("x")
        elif is_choice(stage.state):
            stage.press(next(iter(letters(stage.state, stage.live.book))))
        else:
            stage.type(text)
    assert isinstance(stage.place, NotePlace)
    drawn(stage, size)
    stage.press("y")
    assert_harmless("".join(stage.copied).encode())
    for path in (work.paths.state / handover.NAME, *work.paths.notes.rglob("*.md")):
        assert_harmless(path.read_bytes())


def drawn(stage: Stage, size: tuple[int, int]) -> None:
    """Every piece of the page is harmless, and on one row."""
    for row in stage.page(*size).rows:
        for text, _ in row:
            assert "\n" not in text
            assert_harmless(text.encode())


@pytest.mark.parametrize("text", EVIL, ids=name)
def test_what_the_help_command_learns(text: str):
    for variable in VARIABLES:
        assert_harmless(environment("listen", text, 3, "id")[variable].encode())


# --- arguments, of every command there is


def commands(owner: Parser, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Parser]]:
    """Every command of the command line, with its parser."""
    subs = [action for action in owner._actions if isinstance(action, _SubParsersAction)]
    if not subs:
        yield words, owner
    for sub in subs:
        for word, below in sub.choices.items():
            yield from commands(below, (*words, word))


ALL_COMMANDS = tuple(commands(parser(MESSAGES["en"])))


def passed(text: str) -> str:
    """What a system can pass as an argument or in a variable: no NUL, and of lone surrogates those of odd bytes."""
    return "".join(
        sign for sign in text if sign != "\0" and not "\ud800" <= sign < "\udc80" and not "\udcff" < sign < "\ue000"
    )


ARGUMENTS = tuple(map(passed, (ALL_IN_ONE, *FEW[3:])))
Called = Callable[..., tuple[int, bytes, bytes]]


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Called:
    """Runs a command without a terminal: its exit status, standard output and standard error."""
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)  # an option may name a file to write

    def call(*arguments: str) -> tuple[int, bytes, bytes]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        status = main(arguments)
        return (status, *capsysbinary.readouterr())

    return call


def harmless_call(called: Called, *arguments: str) -> tuple[int, bytes]:
    status, out, err = called(*arguments)
    assert status != Exit.CRASH, (arguments, err)
    assert b"Traceback" not in err
    for output in (out, err):
        if not output.startswith(b"PK"):  # a bundle
            assert_harmless(output)
    return status, out


@pytest.mark.parametrize("words", [words for words, _ in ALL_COMMANDS], ids=" ".join)
def test_every_argument_of_every_command(words: tuple[str, ...], called: Called, home: Path):
    owner = dict(ALL_COMMANDS)[words]
    options = [it.option_strings[0] for it in owner._actions if it.option_strings and it.nargs != 0]
    flags = [it.option_strings[0] for it in owner._actions if it.option_strings and it.nargs == 0]
    for text in ARGUMENTS:
        harmless_call(called, *words, text)
        harmless_call(called, *words, "--", text, text, text)
        harmless_call(called, *words, f"--{text}")
        for option in options:
            harmless_call(called, *words, option, text)
            harmless_call(called, *words, *(flag for flag in flags if flag in ("--json", "--yes")), f"{option}={text}")


def test_what_is_no_command(called: Called, home: Path):
    for text in ARGUMENTS:
        harmless_call(called, text)
        harmless_call(called, "notes", text)


@pytest.mark.parametrize("text", [ALL_IN_ONE, *FEW[3:]], ids=name)
def test_variables_and_folders(text: str, called: Called, monkeypatch: pytest.MonkeyPatch, home: Path):
    """What the environment says of settings and folders is echoed in faults, listings and findings."""
    value = passed(text)
    for variable in ("DEESCALATE_LANGUAGE", "DEESCALATE_KEYS", "DEESCALATE_AGENT", "DEESCALATE_SECOND_PLACE"):
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("DEESCALATE_NOTES", str(home / value.replace("/", "_")[:80]))
    for words in (("settings",), ("doctor",), ("privacy", "--json"), ("notes", "list"), ("guide", "rude", "--plain")):
        harmless_call(called, *words)


@pytest.mark.parametrize("text", FEW, ids=name)
def test_the_call_that_another_program_describes(text: str, monkeypatch: pytest.MonkeyPatch):
    data = json.dumps(dict.fromkeys(cli_json.KEYS, text)).encode()
    if len(data) < cli_json.LIMIT:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        monkeypatch.setattr(cli_json, "open_terminal", lambda: None)
        for value in cli_json.take_call("-").values():
            assert_harmless(value.encode())
            assert "\n" not in value


# --- files of others: notes with anything in every text, through every command over notes


def spoilt(value: Any, text: str) -> Any:
    """The same value with the text in the place of every text in it that is no date."""
    if isinstance(value, str):
        return text
    if isinstance(value, msgspec.Struct):
        fields = (it for it in value.__struct_fields__ if it != "kept")
        return replace(value, **{it: spoilt(getattr(value, it), text) for it in fields})
    if isinstance(value, tuple):
        return tuple(spoilt(item, text) for item in value)
    return value


def hostile_note(text: str) -> IncidentNote:
    """A note that no program of ours wrote: in front matter every text is what somebody put there."""
    note = note_from(SAMPLES["de"]())
    kept = {"id", "started", "ended", "expires", "follow_up_done", "language", "channel"}
    changed = {it: spoilt(getattr(note, it), text) for it in Front.__struct_fields__ if it not in kept}
    return replace(note, **changed)


def put_note(work: Workplace, note: IncidentNote) -> Path:
    path = work.paths.notes / note_name(note)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(note, MESSAGES["de"]), encoding="utf-8")
    return path


NOTE_TEXTS = [ALL_IN_ONE.encode("utf-8", "ignore").decode(), evil.STEERING[4], evil.MARKUP[1], "x" * 20_000]


@pytest.mark.parametrize("text", NOTE_TEXTS, ids=name)
@pytest.mark.parametrize("words", [words for words, _ in ALL_COMMANDS if words[0] == "notes"], ids=" ".join)
def test_a_hostile_note_through_every_command(words: tuple[str, ...], text: str, called: Called, home: Path):
    work = opened()
    note = hostile_note(text)
    path = put_note(work, note)
    owner = dict(ALL_COMMANDS)[words]
    options = [option for it in owner._actions for option in it.option_strings]
    given = [*words, *(["--json"] if "--json" in options else [])]
    for arguments in (words, (*words, str(path)), (*words, note.id[-8:]), tuple(given)):
        harmless_call(called, *arguments)
    if "--ticket" in options:
        harmless_call(called, *given, "--ticket", text)
        harmless_call(called, *words, "--ticket", text, *(["--yes"] if "--yes" in options else []))


@pytest.mark.parametrize("text", NOTE_TEXTS, ids=name)
def test_a_listed_note_says_what_it_says(text: str, called: Called, home: Path):
    """For programs nothing is lost: harmless bytes, the same text."""
    note = hostile_note(text)
    put_note(opened(), note)
    _, out = harmless_call(called, "notes", "list", "--json")
    assert json.loads(out)["notes"][0]["ticket"].encode("utf-16", "surrogatepass") == text.encode("utf-16")
    _, out = harmless_call(called, "notes", "list")
    assert len(out.decode().splitlines()) == 1


@pytest.mark.parametrize("text", NOTE_TEXTS, ids=name)
def test_an_earlier_note_of_the_ticket_on_the_screen(text: str, home: Path):
    work = opened()
    note = replace(hostile_note(text), ticket="T-1", outcome=OUTCOMES[0], expires="2099-01-01")
    put_note(work, note)
    stage = Stage(work, Opening("aggressive", "de", "phone", ticket="T-1"))
    stage.live.look_back(5)
    assert stage.live.earlier
    drawn(stage, (120, 40))
    printed: list[str] = []
    Talk(stage.live, iter(["", "leave"]), printed.append).run()
    assert_harmless("".join(printed).encode())


def test_a_bundle_of_hostile_notes(called: Called, home: Path):
    work = opened()
    path = put_note(work, replace(hostile_note(NOTE_TEXTS[0]), ticket="T-1"))
    if sys.platform != "win32":
        path.rename(path.with_name(f"2026-11-22T130512Z_x\x1b]0;y\x07\n{path.name[-11:]}"))
    target = home / "case.zip"
    harmless_call(called, "notes", "access", "--ticket", "T-1", "--to", str(target))
    with zipfile.ZipFile(target) as archive:
        for part in ("cover.txt", "manifest.json"):
            assert_harmless(archive.read(part))
        assert len(archive.namelist()) == 3


# --- content and settings with anything in every text


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each text of a file begins and ends, keys too."""
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        if isinstance(event, yaml.ScalarEvent):
            yield event.start_mark.index, event.end_mark.index


SITE = "format: 1\nkind: site\ncompany: X\nteam: Y\nleads:\n  - {name: A, contact: B}\ngrants: [C]\npolicies: [D]\n"
SETTINGS_TEXT = "language: de\nagent: x\ntheme: dark\nhelp_command: [a, b]\nkeys: {done: [space]}\nsecond_place: /x\n"
CONTENT = {
    "checklists/de/aggressive.yaml": TYPE,
    "checklists/de/ladder.yaml": LADDER,
    "checklists/de/cards.yaml": CARDS,
    "checklists/countries/no.yaml": COUNTRY,
    "site.yaml": SITE,
    "settings.yaml": SETTINGS_TEXT,
}
SHOWN: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "": (("checklists", "list"), ("checklists", "show", "aggressive", "--lang", "de"), ("countries", "list")),
    "site.yaml": (("settings",),),
    "settings.yaml": (("settings",),),
}
CONTENT_TEXTS = (*evil.MARKUP[:4], evil.MARKUP[-2], evil.STEERING[2], evil.HIDDEN[2], evil.PATHS[0], "x" * 5000)


PARSERS: Mapping[str, Callable[[bytes, str], object]] = {
    "site.yaml": parse_site,
    **{
        file: found.parse
        for file in CONTENT
        if file.startswith("checklists") and (found := file_called(*Path(file).with_suffix("").parts[1:])) is not None
    },
}
MOST = 2
"""So many spoilt files are used, of those that are accepted and of those that are refused: each costs a start."""


def spoilt_files(file: str) -> Iterator[str]:
    """Each text of the file in turn is one of the corpus, as an escape or as it is."""
    good = CONTENT[file]
    for place, (start, end) in enumerate(spans(good)):
        text = CONTENT_TEXTS[place % len(CONTENT_TEXTS)]
        yield f"{good[:start]}{json.dumps(text, ensure_ascii=bool(place % 2))}{good[end:]}"


@pytest.mark.parametrize("file", PARSERS)
def test_a_hostile_text_in_a_file_is_refused_in_harmless_words(file: str):
    for text in spoilt_files(file):
        try:
            PARSERS[file](text.encode(), file)
        except ContentFaults as error:
            for fault, words in product(error.faults, MESSAGES.values()):
                assert_harmless(words.fault(fault).encode())


@pytest.mark.parametrize("file", CONTENT)
def test_a_hostile_text_in_a_file_that_is_used(file: str, called: Called, home: Path):
    """On the screen and in what the commands say of it, it is words."""
    path = opened().paths.config / file
    path.parent.mkdir(parents=True, exist_ok=True)
    used = {True: 0, False: 0}
    for text in spoilt_files(file):
        path.write_text(text, encoding="utf-8")
        accepted = is_accepted(file, text)
        used[accepted] += 1
        if used[accepted] > MOST:
            continue
        for words in SHOWN.get(file, SHOWN[""]):
            harmless_call(called, *words)
        work = opened()
        work.ops = QuickOps()
        drawn(Stage(work), (80, 24))
        stage = Stage(work, Opening("aggressive", "de", "phone"))
        for key in ("space", "space", "4", "escape", "!", "d", "escape", "w"):
            drawn(stage.press(key), (80, 24))
        stage.put_down()
    assert all(used.values())


def is_accepted(file: str, text: str) -> bool:
    if file not in PARSERS:
        return not opened().settings.faults
    try:
        PARSERS[file](text.encode(), file)
    except ContentFaults:
        return False
    return True
