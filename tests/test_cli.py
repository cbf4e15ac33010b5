"""The command line: every command, every error, every exit status; and nothing English or secret where none may be."""

import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.cells import cell_len

from deescalate_tui import __version__, catalogues
from deescalate_tui.call import commands as cmd
from deescalate_tui.cli import commands as cli_commands
from deescalate_tui.cli import main as cli
from deescalate_tui.cli.language import ui_language
from deescalate_tui.cli.main import main, run
from deescalate_tui.content.library import builtin_root
from deescalate_tui.crash import report_of
from deescalate_tui.errors import ContentFaults, Exit, Fault, FileFault, UsageFault
from deescalate_tui.i18n import Messages
from deescalate_tui.plain import shown as plain_shown
from deescalate_tui.streams import pieces
from deescalate_tui.workplace import Workplace

CALL = "q Nie wieder!\n3\nw\na Kein Strom\np Rückruf; morgen 14:00\nx follow-up\nyes\nleave\nkeine Zeit\nx\n"
PYTHON = [sys.executable, "-m", "deescalate_tui"]
unix = pytest.mark.skipif(sys.platform == "win32", reason="as Unix does it")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line speaks English here, whatever the developer's system speaks."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    """Puts text on standard input."""

    def put(text: str | bytes) -> None:
        data = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))

    put("")
    return put


@pytest.fixture
def called(typed, capsys: pytest.CaptureFixture[str]):
    """Runs a command: its exit status, standard output and standard error."""

    def call(*arguments: str, stdin: str | bytes = "") -> tuple[int, str, str]:
        typed(stdin)
        status = main(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return call


@pytest.fixture
def note(called) -> Path:
    """A note of a whole call."""
    status, _, err = called("guide", "aggressive", "--lang", "de", "--country", "DE", "--plain", stdin=CALL)
    assert (status, err) == (Exit.OK, "")
    (path,) = Path(os.environ["DEESCALATE_HOME"]).rglob("*.md")
    return path


def put_beside(note: Path, text: str, name: str = "2020-01-01T000000Z_00000000.md") -> Path:
    """Another note: a file of the same id would be a copy."""
    path = note.with_name(name)
    path.write_text(re.sub(r'(?<=\nid: ").{8}', "00000000", text), encoding="utf-8")
    return path


# Help, version, wrong usage


def test_the_version(called):
    assert called("--version") == (Exit.OK, f"deescalate {__version__}\n", "")


@pytest.mark.parametrize(
    "command",
    [
        "",
        "guide",
        "resume",
        "checklists",
        "checklists list",
        "checklists show",
        "checklists check",
        "checklists new",
        "checklists schema",
        "countries",
        "countries list",
        "countries confirm",
        "settings",
        "doctor",
        "notes",
        "notes list",
        "notes export",
        "notes show",
        *(f"notes {name}" for name in ("purge", "hold", "access", "erase", "correct")),
        "privacy",
    ],
)
def test_every_command_has_help_in_the_words_of_the_catalogue_alone(command: str, capsys: pytest.CaptureFixture[str]):
    assert run([*command.split(), "--help"], Marked()) == Exit.OK
    out = capsys.readouterr().out
    words = re.sub(r"<[^>]*>", "", " ".join(out.split()))
    for known in (
        "language",
        "overdue",
        *("without-text", "md|csv|jsonl|xlsx|html", "format", "brief", "comma", "force", "export"),
        "deescalate",
        *command.split(),
        "plain",
        "help",
        "version",
        "json",
        "lang",
        "channel",
        "country",
    ):
        words = words.replace(known, "")
    for known in (
        "ticket",
        "agent",
        "phone",
        "email",
        *(name for name in (*cli.OWN, *cli_commands.COMMANDS) if name),
        "list",
        "show",
        "check",
        *(
            "new",
            "schema",
            "confirm",
            "techniques",
            "title",
            "cooperating",
            "difficult",
            "site",
            "date",
            "instead",
            "of",
        ),
        *("search", "open", "verify", "reindex", "since", "type", "outcome", "level", "threat", "due"),
        *("limit", "best"),
        *("purge", "hold", "access", "erase", "correct", "before", "yes", "reason", "until", "end", "zip"),
        *("customer", "employee", "authority", "by", "field", "to", "print", "path", "md"),
    ):
        words = words.replace(known, "")
    assert not re.findall(r"[a-z]{3,}", words)
    assert out.startswith("<cli.usage>")


class Marked(Messages):
    """A catalogue whose sentences are their keys in brackets."""

    def __init__(self) -> None:
        super().__init__("en", {})

    def __call__(self, key: str, **params: object) -> str:
        assert catalogues.load("en").has(key), key
        return f"<{key}>"


def test_help_speaks_the_language_of_the_system(called, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LANG", "nb_NO.UTF-8")
    assert catalogues.load("no")("cli.description") in " ".join(called("--help")[1].split())


WRONG = {
    "nosuch": "cli-command",
    "--nosuch": "cli-unknown",
    "checklists": "cli-command-missing",
    "checklists nosuch": "cli-command",
    "checklists show": "cli-type-missing",
    "checklists show aggressive --lang xx": "value-unknown",
    "checklists show nosuch": "checklist-unknown",
    "checklists show nosuch --techniques": "checklist-unknown",
    "checklists new": "cli-type-missing",
    "checklists new Un_real": "value-id",
    "checklists new direct": "new-exists",
    "checklists new cards": "new-exists",
    "checklists new own --cooperating --difficult": "new-both",
    "checklists new own --title 12345678901234567": "text-long",
    "checklists new a-very-long-type-id": "text-long",
    "checklists new own --site": "site-none",
    "checklists schema nosuch": "value-unknown",
    "countries": "cli-command-missing",
    "countries confirm": "unknown-country",
    "countries confirm XX": "unknown-country",
    "countries confirm NO": "confirm-what",
    "countries confirm NO ambulance 113": "confirm-who",
    "countries confirm NO ambulance 114 --by Kari": "confirm-other",
    "countries confirm NO ambulance 113 --by Kari --instead-of 115": "confirm-other",
    "countries confirm NO taxi 113 --by Kari": "value-unknown",
    "countries confirm NO ambulance one --by Kari": "value-phone",
    "countries confirm NO ambulance 113 --by Kari --date yesterday": "value-date",
    "countries confirm NO ambulance 113 --by Kari --date 2999-01-01": "confirm-future",
    "countries confirm NO ambulance 113 --by Kari --site": "site-none",
    "notes": "cli-command-missing",
    "notes show": "cli-note-missing",
    "notes show 12345678": "cli-note-unknown",
    "notes purge --before soon": "value-date",
    "notes purge --before 2999-01-01": "purge-future",
    "notes hold 12345678 --reason Klage --until 2999-01-01": "cli-note-unknown",
    "notes access": "rights-ticket",
    "notes erase": "rights-ticket",
    "notes erase --ticket 4711 --by somebody": "value-unknown",
    "notes correct": "correct-what",
    "notes correct 12345678": "cli-note-unknown",
    "guide aggressive extra": "cli-unknown",
    "guide --lang": "cli-option",
    "guide --plain=yes": "cli-option",
    "guide aggressive --lang xx": "value-unknown",
    "guide aggressive --channel fax": "value-unknown",
    "guide aggressive --country XX": "value-unknown",
    "guide nosuch --lang de": "checklist-unknown",
    "guide --pla": "cli-unknown",
    "guide --json file.json": "json-source",
    "guide": "no-type-given",
    "": "no-type-given",
    "--plain": "no-type-given",
    "resume": "nothing-unfinished",
    "resume 12345678": "no-session",
    "settings --lang de": "cli-unknown",
    "doctor extra": "cli-unknown",
}


@pytest.mark.parametrize(("command", "key"), WRONG.items())
def test_wrong_usage(called, typed, command: str, key: str):
    typed("")
    with pytest.raises(UsageFault) as caught:
        run(command.split(), catalogues.load("en"))
    assert caught.value.key == key
    status, out, err = called(*command.split())
    assert status == Exit.USAGE
    assert err.splitlines()[-1] == catalogues.load("en").fault(caught.value)
    assert "usage:" not in out + err


def test_argparse_has_no_word_of_its_own_for_what_is_wrong():
    for command in WRONG:
        with pytest.raises(Fault) as caught:
            run([*command.split(), "--nosuch"], catalogues.load("en"))
        assert caught.value.key != "cli-usage"


HOSTILE = [
    "\x1b]0;owned\x07",
    "\u202egnp.exe",
    "\x9b31mred",
    "a\nb\rc",
    "\udcff\udcfe",
    "x" * 100_000,
    "-\x1b[2J",
    "\u200b",
]


@pytest.mark.parametrize("evil", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(
    "command",
    [
        "{}",
        "checklists {}",
        "checklists show {}",
        "checklists show aggressive --lang {}",
        "checklists show --techniques --lang {}",
        "checklists new {}",
        "checklists new own --title {}",
        "checklists schema {}",
        "countries confirm {}",
        "countries confirm NO {}",
        "countries confirm NO {} 113 --by Kari",
        "countries confirm NO ambulance {} --by Kari",
        "countries confirm NO ambulance 113 --by {}",
        "countries confirm NO ambulance 113 --by Kari --date {}",
        "guide {}",
        "guide aggressive --plain --lang {}",
        "guide aggressive --plain --country {}",
        "guide aggressive --plain --channel {}",
        "guide aggressive --plain --agent {}",
        "guide aggressive --plain --ticket {}",
        "guide --json {}",
        "resume {}",
        "notes show {}",
        "notes show ./{}",
    ],
)
def test_hostile_arguments(called, command: str, evil: str):
    status, out, err = called(*(word.replace("{}", evil) for word in command.split()))
    assert status in (Exit.OK, Exit.FINDINGS, Exit.USAGE, Exit.DISK)
    text = out + err
    assert not re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ud800-\udfff]", text)
    assert len(err) < 5000


@pytest.mark.parametrize("value", ["\x1b]0;owned\x07", "~nobody-known-here", "relative/folder", "/dev/null/below"])
@pytest.mark.parametrize("command", ["settings", "doctor", "notes list", "checklists list", "resume", "--help"])
def test_any_home_will_do_or_is_refused(called, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command, value: str):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEESCALATE_HOME", value)
    status, _, err = called(*command.split())
    assert status in (Exit.OK, Exit.FINDINGS, Exit.USAGE, Exit.DISK)
    assert "\x1b" not in err


# Sessions


def test_a_call_from_a_pipe_to_its_note(note: Path):
    text = note.read_text(encoding="utf-8")
    assert "Kein Strom" in text
    assert stat.S_IMODE(note.stat().st_mode) == 0o600 or sys.platform == "win32"


@pytest.mark.parametrize("language", ["de", "nl", "no", "nb", "NO", "nb_NO"])
def test_the_language_of_the_call(called, language: str):
    status, out, _ = called("guide", "aggressive", "--lang", language, "--plain", stdin="1\nleave\n")
    assert status == Exit.OK
    work = Workplace.open(os.environ, {})
    (waiting,) = work.waiting()
    wanted = {"nb": "no", "NO": "no", "nb_NO": "no"}.get(language, language)
    assert work.resume(waiting.id).state.call.checklist.language == wanted
    assert work.messages(wanted)("plain.welcome") in out


def test_all_options_of_a_call(called):
    options = "--lang nl --channel email --country be --ticket T-7 --agent kees --plain"
    called("guide", "Timid", *options.split(), stdin="1\nleave\n")
    work = Workplace.open(os.environ, {})
    state = work.resume(work.waiting()[0].id).state
    call = state.call
    assert (call.checklist.id, call.checklist.language, call.channel, call.ticket) == ("timid", "nl", "email", "T-7")
    assert (state.country, state.agent) == ("BE", "kees")


def test_what_the_site_has_locked_is_said(called, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    site = tmp_path / "site"
    site.mkdir()
    site.joinpath("settings.yaml").write_text("format: 1\nchannel: phone\nlocked: [channel]\n")
    monkeypatch.setenv("DEESCALATE_SITE", str(site))
    status, _, err = called("guide", "direct", "--channel", "email", "--plain", stdin="leave\n")
    assert status == Exit.OK
    assert err.startswith("--channel: ")
    assert called("settings")[0] == Exit.OK


def test_the_last_session_is_resumed(called):
    called("guide", "direct", "--lang", "de", "--plain", stdin="q Erst\n")
    status, out, _ = called("resume", "--plain", stdin="x aborted\n")
    assert status == Exit.OK
    assert "Erst" in out
    assert called("resume")[0] == Exit.USAGE


def test_one_of_several_sessions_is_named(called):
    for words in ("Erste", "Zweite"):
        called("guide", "direct", "--lang", "de", "--plain", stdin=f"a {words}\n")
    status, out, err = called("resume")
    assert status == Exit.USAGE
    ids = re.findall(r"^[0-9a-f-]{36}", out, re.MULTILINE)
    assert len(ids) == 2
    assert "resume ID" in err
    assert "Erste" in called("resume", ids[1])[1]
    assert "Zweite" in called("resume", ids[0][-8:].upper())[1]
    assert called("resume", ids[0][:2])[0] == Exit.USAGE


def test_a_session_that_is_open_elsewhere(called):
    live = Workplace.open(os.environ, {}).start("direct", "de", "phone")
    status, _, err = called("resume", live.state.id)
    assert status == Exit.DISK
    assert str(os.getpid()) in err
    assert called("resume")[0] == Exit.USAGE
    live.journal.close()


def test_a_note_that_cannot_be_saved_is_printed(called, home: Path):
    notes = home / "deescalate" / "notes"
    notes.parent.mkdir()
    notes.write_text("in the way")
    status, out, err = called("guide", "aggressive", "--lang", "de", "--plain", stdin=CALL)
    assert status == Exit.DISK
    assert "Kein Strom" in out
    assert str(notes) in err


def test_a_home_that_cannot_be_written_to(called, home: Path):
    home.joinpath("deescalate").write_text("in the way")
    status, out, _ = called("guide", "aggressive", "--lang", "de", "--plain", stdin="q Nie wieder!\n")
    assert status == Exit.DISK
    assert catalogues.load("de")("save.not-saved") in out
    assert "Nie wieder!" in out


@unix
@pytest.mark.parametrize(
    ("arguments", "environ"), [(["--plain"], {}), ([], {"TERM": "dumb"}), ([], {"TERM": "xterm-256color"})]
)
def test_plain_mode_where_there_is_no_screen(arguments: list[str], environ: Mapping[str, str]):
    done = subprocess.run(
        [*PYTHON, "guide", "direct", "--lang", "de", *arguments],
        input="leave\n",
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environ},
        check=False,
    )
    assert done.returncode == Exit.OK
    assert catalogues.load("de")("plain.welcome") in done.stdout
    assert done.stderr == ""


# JSON on standard input


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "json-syntax"),
        (b"{", "json-syntax"),
        (b"nonsense", "json-syntax"),
        (b'{"ticket": %s}' % (b"1" * 5000), "json-object"),
        (b"\xff\xfe{}", "json-not-utf8"),
        (b"[]", "json-object"),
        (b'"aggressive"', "json-object"),
        (b"null", "json-object"),
        (b"[" * 30_000 + b"]" * 30_000, "json-object"),  # Python 3.14 reads it, older ones go too deep
        (b'{"typ": "direct"}', "json-key"),
        (b'{"type": 1}', "json-text"),
        (b'{"type": null}', "json-text"),
        (b'{"lang": ["de"]}', "json-text"),
        (b'{"type": "direct", "type": "rude"}', "json-doubled"),
        (b'{"\\u001b[31m": ""}', "json-key"),
        (b" " * 70_000, "json-too-long"),
    ],
    ids=range(16),
)
def test_json_that_cannot_be_used(called, typed, data: bytes, key: str):
    typed(data)
    with pytest.raises(UsageFault) as caught:
        run(["guide", "--json", "-"], catalogues.load("en"))
    assert caught.value.key == key
    status, out, err = called("guide", "--json", "-", stdin=data)
    assert (status, out) == (Exit.USAGE, "")
    assert err.startswith("--json: ")
    assert "\x1b" not in err


@unix
def test_json_without_a_terminal():
    done = subprocess.run(
        [*PYTHON, "guide", "--json", "-"],
        input=b'{"type": "direct", "lang": "de"}',
        capture_output=True,
        start_new_session=True,
        check=False,
    )
    assert done.returncode == Exit.USAGE
    assert done.stdout == b""
    assert catalogues.load("en")("fault.json-no-terminal").encode() in done.stderr


@unix
def test_json_is_read_and_then_the_terminal():
    ours, theirs = os.openpty()
    take = "import os, sys; os.open(sys.argv[1], os.O_RDWR); os.execv(sys.executable, [sys.executable, *sys.argv[2:]])"
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            take,
            os.ttyname(theirs),
            *PYTHON[1:],
            *["guide", "--plain", "--lang", "de", "--json", "-"],
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert child.stdin is not None
        child.stdin.write('{"type": "timid", "lang": "no", "ticket": "T-ø", "country": "NO"}'.encode())
        child.stdin.close()
        child.stdin = None
        os.write(ours, "q Jeg tør ikke\nleave\n".encode())
        out, err = child.communicate(timeout=20)
    finally:
        os.close(theirs)
        os.close(ours)
    assert (child.returncode, err) == (Exit.OK, b"")
    work = Workplace.open(os.environ, {})
    call = work.resume(work.waiting()[0].id).state.call
    assert (call.checklist.id, call.checklist.language, call.ticket) == ("timid", "de", "T-ø")
    assert call.quotes[0].text == "Jeg tør ikke"
    assert b"T-\xc3\xb8" in out


# Content


def test_the_checklists_are_listed(called):
    status, out, err = called("checklists", "list")
    assert (status, err) == (Exit.OK, "")
    assert len(out.splitlines()) == 12
    assert len(called("checklists", "list", "--lang", "nb")[1].splitlines()) == 4
    rows = json.loads(called("checklists", "list", "--json")[1])["checklists"]
    assert {row["language"] for row in rows} == {"de", "nl", "no"}
    assert all(Path(row["file"]).is_file() for row in rows)


def test_a_refused_checklist_is_named(called, home: Path):
    folder = home / "deescalate" / "config" / "checklists" / "de"
    folder.mkdir(parents=True)
    folder.joinpath("aggressive.yaml").write_text("format: 1\nid: aggressive\n")
    for command in ("checklists list", "checklists check", "checklists list --json", "checklists check --json"):
        status, out, err = called(*command.split())
        assert status == Exit.FINDINGS, command
        assert "aggressive.yaml:1:1" in out + err, command
    folder.joinpath("own.yaml").write_text("format: 1\n")
    status, _, err = called("checklists", "show", "own", "--lang", "de")
    assert status == Exit.FINDINGS
    assert "own.yaml:1:1" in err


def test_a_checklist_as_a_text(called):
    status, out, err = called("checklists", "show", "aggressive", "--lang", "no")
    assert (status, err) == (Exit.OK, "")
    checklist = Workplace.open(os.environ, {}).library.checklist("aggressive", "no")
    for _, step in checklist.steps():
        assert step.do in out
        assert all(line in out for line in step.say)
    told = json.loads(called("checklists", "show", "aggressive", "--lang", "no", "--json")[1])
    assert told["id"] == "aggressive"


def test_the_checklists_are_in_order(called):
    status, out, err = called("checklists", "check")
    assert (status, out, err) == (Exit.OK, f"{catalogues.load('en')('cli.no-faults')}\n", "")
    told = json.loads(called("checklists", "check", "--json")[1])
    assert told["faults"] == []
    files = [path for language in ("de", "nl", "no") for path in (builtin_root() / language).glob("*.yaml")]
    assert sorted(row["file"] for row in told["readability"]) == sorted(map(str, files))
    assert all(10 < row["lix"] < 45 for row in told["readability"])


def test_the_countries(called):
    status, out, err = called("countries", "list")
    assert (status, err) == (Exit.OK, "")
    assert "NL  Nederland" in out
    countries = json.loads(called("countries", "list", "--json")[1])["countries"]
    assert {country["id"] for country in countries} == {"DE", "AT", "CH", "NL", "BE", "NO"}


# Settings, doctor


def test_the_settings(called, home: Path, monkeypatch: pytest.MonkeyPatch):
    file = home / "deescalate" / "config" / "settings.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("format: 1\ncountry: NL\n")
    monkeypatch.setenv("DEESCALATE_CHANNEL", "email")
    status, out, err = called("settings")
    assert (status, err) == (Exit.OK, "")
    assert re.search(rf"^country +NL +.* {re.escape(str(file))}:2$", out, re.MULTILINE)
    assert re.search(r"^channel +email +.* DEESCALATE_CHANNEL$", out, re.MULTILINE)
    assert "{" not in out.replace("{}", "")
    rows = {row["name"]: row for row in json.loads(called("settings", "--json")[1])["settings"]}
    assert (rows["country"]["value"], rows["country"]["origin"]) == ("NL", "user")
    assert rows["retention_days"]["value"] == 90


def test_wrong_settings_are_named(called, home: Path, monkeypatch: pytest.MonkeyPatch):
    file = home / "deescalate" / "config" / "settings.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("format: 1\ncountry: XX\nkeys: {nosuch: [z], skip: [u]}\n")
    monkeypatch.setenv("DEESCALATE_CHANNEL", "fax")
    status, out, err = called("settings")
    assert status == Exit.FINDINGS
    assert len(out.splitlines()) >= 10
    assert f"{file}:2:" in err
    assert "DEESCALATE_CHANNEL: " in err
    assert "keys.nosuch: " in err
    assert "keys.skip: " in err
    assert len(json.loads(called("settings", "--json")[1])["faults"]) == 4


def test_the_doctor(called):
    status, out, err = called("doctor")
    assert status == Exit.FINDINGS, "no country is set"
    assert catalogues.load("en")("doctor.topic.folders") in out
    assert err.strip()
    findings = json.loads(called("doctor", "--json")[1])
    assert {finding["topic"] for finding in findings} >= {"terminal", "folders", "settings", "numbers"}
    assert not all(finding["ok"] for finding in findings)


# Notes


def test_there_are_no_notes(called, home: Path):
    status, out, err = called("notes", "list")
    assert (status, out) == (Exit.OK, "")
    assert str(home) in err


def test_a_notes_folder_that_is_none(called, home: Path):
    home.joinpath("deescalate").mkdir()
    home.joinpath("deescalate", "notes").write_text("in the way")
    status, out, err = called("notes", "list")
    assert (status, out) == (Exit.DISK, "")
    assert str(home) in err


def test_the_notes_are_listed_the_newest_first(called, note: Path):
    text = note.read_text(encoding="utf-8")
    older = put_beside(note, re.sub(r'started: ".{4}', 'started: "2020', text))
    status, out, err = called("notes", "list")
    assert (status, err) == (Exit.OK, "")
    assert len(out.splitlines()) == 2
    assert catalogues.load("en")("note.type.aggressive") in out
    assert note.stem[-8:] in out
    rows = json.loads(called("notes", "list", "--json")[1])["notes"]
    assert [Path(row["path"]) for row in rows] == [note, older]
    assert (rows[0]["outcome"], rows[0]["level"]) == ("follow-up", 3)
    assert "agent" not in rows[0]


def test_a_note_is_shown_by_path_or_id(called, note: Path):
    text = note.read_text(encoding="utf-8")
    told = json.loads(called("notes", "show", str(note), "--json")[1])
    for name in (str(note), told["id"], note.stem[-8:], note.stem[-8:].upper()):
        assert called("notes", "show", name) == (Exit.OK, text, "")
    assert told["request"] == "Kein Strom"


def test_without_a_name_the_newest_note_is_shown(called, note: Path):
    note.with_name("2020-01-01T000000Z_00000000.md").write_text("older", encoding="utf-8")
    assert called("notes", "show") == (Exit.OK, note.read_text(encoding="utf-8"), "")


@pytest.mark.parametrize("ticket", ["T-7/ä", "12345678", "a.md", "../7"])
def test_a_note_is_shown_by_its_ticket(called, note: Path, ticket: str):
    text = note.read_text(encoding="utf-8").replace('\nticket: ""\n', f"\nticket: {json.dumps(ticket)}\n", 1)
    assert ticket in text or "ä" in ticket
    note.write_text(text, encoding="utf-8")
    words = catalogues.load("en")
    assert called("notes", "show", f" {ticket.upper()} ") == (
        Exit.OK,
        text,
        words.count("cli.notes-of-ticket", 1) + "\n",
    )
    put_beside(note, re.sub(r'started: ".{4}', 'started: "2020', text))
    assert called("notes", "show", ticket) == (Exit.OK, text, words.count("cli.notes-of-ticket", 2) + "\n")
    assert called("notes", "show", "12345679")[0] == Exit.USAGE


@pytest.mark.parametrize("language", ["de", "nl", "no", "en"])
@pytest.mark.parametrize("ticket", ["INC-2026-0815", "漢字" * 20, ""])
def test_the_list_of_notes_fits_a_terminal(called, note: Path, monkeypatch, language: str, ticket: str):
    text = note.read_text(encoding="utf-8")
    text = text.replace('\nticket: ""\n', f"\nticket: {json.dumps(ticket, ensure_ascii=False)}\n", 1)
    note.write_text(text, encoding="utf-8")
    other = text.replace('type: "aggressive"', 'type: "own-type"', 1).replace('"follow-up"', '"ended-by-customer"', 1)
    put_beside(note, re.sub(r'started: ".{4}', 'started: "2020', other))
    monkeypatch.setenv("DEESCALATE_UI_LANGUAGE", language)
    words = catalogues.load(language)
    whole = [row.split("\t") for row in called("notes", "list")[1].splitlines()]
    assert [row[-1] for row in whole] == [ticket, ticket]
    assert [row[1] for row in whole] == [words("note.type.aggressive"), "own-type"]
    monkeypatch.setattr("deescalate_tui.cli.tables.is_terminal", lambda _: True)
    for width in (80, 60):
        monkeypatch.setenv("COLUMNS", str(width))
        head, *rows = called("notes", "list")[1].splitlines()
        assert head.split()[0] == words("column.started")
        assert [row for row in (head, *rows) if cell_len(row) > width] == []
        assert note.stem[-8:] in rows[0]
        assert rows[0].endswith(ticket) or (rows[0].endswith("…") and len(ticket) > 8)
        assert words("note.type.aggressive") in rows[0]  # how it ended goes before that is cut


def test_talk_is_broken_between_words_on_a_terminal_alone(called, monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    sentence = catalogues.load("en").fault(UsageFault("deliver", "deliver-off"))
    path = "/a/folder/whose/name/is/longer/than/a/line"
    assert called("deliver")[2] == f"{sentence}\n"
    monkeypatch.setattr("deescalate_tui.streams.is_terminal", lambda _: True)
    lines = called("deliver")[2].splitlines()
    assert len(lines) > 1
    assert " ".join(lines) == sentence
    assert all(len(line) <= 30 for line in lines)
    assert pieces(f"see {path} there", sys.stderr) == ["see", path, "there"]
    assert pieces("two lines\nof " + "a" * 40, sys.stderr) == ["two lines\nof " + "a" * 40]


def test_a_session_with_nothing_in_it_is_not_kept(called):
    words = catalogues.load("de")
    for typed in ("leave\n", "ctrl+q\n", "?\nleave\n", ""):
        out = called("guide", "direct", "--lang", "de", "--ticket", "7", "--plain", stdin=typed)[1]
        assert out.endswith(words("leave.nothing") + "\n")
        assert not list(Path(os.environ["DEESCALATE_HOME"], "sessions").iterdir())
    for typed in ("space", "1", "q Nein", "n Notiz", "i 8", "! s", "w", "h", "m Frau Berg", "c email", "l nl"):
        work = Workplace.open(os.environ, {})
        before = len(work.waiting())
        out = called("guide", "direct", "--lang", "de", "--plain", stdin=f"{typed}\nleave\n")[1]
        assert len(work.waiting()) == before + 1, typed
        assert work.waiting()[0].id in out


def test_a_session_that_is_gone_on_with_and_still_empty_goes(called):
    live = Workplace.open(os.environ, {}).start("direct", "de", "phone")
    live.journal.close()
    assert "deescalate resume" not in called("resume", "--plain", stdin="leave\n")[1]
    assert called("resume")[0] == Exit.USAGE


def test_half_a_sentence_is_kept_and_leaving_twice_is_no_fault():
    work = Workplace.open(os.environ, {})
    live = work.start("direct", "de", "phone")
    live.do(cmd.Open("quote"))
    live.do(cmd.Write("Das ist"))
    assert (live.leave(5), live.removed, len(work.waiting())) == ("", False, 1)
    live = work.start("direct", "de", "phone")
    assert [live.leave(5), live.leave(5), live.removed, len(work.waiting())] == ["", "", True, 1]


def test_a_damaged_note_is_named_with_its_reason(called, note: Path):
    text = note.read_text(encoding="utf-8")
    cut = note.with_name("2020-01-01T000000Z_00000000.md")
    cut.write_text(text[: len(text) // 2], encoding="utf-8")
    status, out, err = called("notes", "list")
    assert status == Exit.FINDINGS
    assert len(out.splitlines()) == 1
    assert err.startswith(f"{cut}:")
    status, out, err = called("notes", "show", str(cut))
    assert status == Exit.FINDINGS
    assert out.startswith("---")
    assert str(cut) in err
    assert called("notes", "show", str(cut), "--json")[0] != Exit.OK
    assert len(json.loads(called("notes", "list", "--json")[1])["faults"]) == 1


def test_a_note_cannot_steer_the_terminal(called, note: Path):
    note.write_bytes(note.read_bytes().replace(b"Kein Strom", b"\x1b]0;x\x07\xff\xe2\x80\xae"))
    status, out, _ = called("notes", "show", str(note))
    assert status == Exit.FINDINGS
    assert "\x1b" not in out
    assert "\u202e" not in out


@pytest.mark.parametrize("name", ["./nosuch.md", "/", "/dev/null"])
def test_a_note_that_cannot_be_read(called, name: str):
    status, out, err = called("notes", "show", name)
    assert (status, out) == (Exit.DISK, "")
    assert err.strip()


# Streams


@unix
@pytest.mark.parametrize("command", ["checklists show aggressive", "--help", "countries list --json"])
def test_a_reader_that_has_gone(command: str):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*PYTHON, *command.split()], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (Exit.OK, b"")


@unix
def test_a_session_goes_on_when_its_reader_has_gone():
    reading, writing = os.pipe()
    os.close(reading)
    command = [*PYTHON, "guide", "aggressive", "--lang", "de", "--plain"]
    done = subprocess.run(command, input=CALL.encode(), stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (Exit.OK, b"")
    assert len(list(Path(os.environ["DEESCALATE_HOME"]).rglob("*.md"))) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_under_standard_output():
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*PYTHON, "--help"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == Exit.DISK
    assert done.stderr.startswith(b"stdout: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_what_cannot_be_written_at_the_end_does_not_change_the_status():
    code = (
        "import sys; from deescalate_tui.cli import main as cli\n"
        "cli._answer = lambda *_: sys.stdout.write('x'); cli.main([])"
    )
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-c", code], stdout=full, env=buffered, check=False)
    assert done.returncode == Exit.OK


@unix
def test_streams_that_are_closed():
    shell = f"exec '{sys.executable}' -m deescalate_tui guide direct --plain <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", shell], check=False).returncode == Exit.OK


def test_output_is_utf8_whatever_the_system_says():
    done = subprocess.run(
        [*PYTHON, "checklists", "show", "aggressive", "--lang", "de"],
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""},
        check=True,
    )
    assert "„" in done.stdout.decode("utf-8")


# Errors and crashes have one owner


def broken(error: BaseException):
    """A command that fails, with a secret in its variables."""

    def command(found: object, messages: object) -> int:
        words = "Geheimnis"
        assert words
        raise error

    return command


def test_a_crash_says_nothing_that_was_typed(called, home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cli_commands, "COMMANDS", {**cli_commands.COMMANDS, "doctor": broken(ValueError("Geheimnis"))})
    status, out, err = called("doctor")
    assert (status, out) == (Exit.CRASH, "")
    assert "Geheimnis" not in err
    (report,) = (home / "deescalate" / "state").glob("crash-*.txt")
    assert str(report) in err
    text = report.read_text(encoding="utf-8")
    assert "builtins.ValueError" in text
    assert re.search(r"deescalate_tui\.cli\.main:\d+ run", text)
    assert "Geheimnis" not in text
    assert stat.S_IMODE(report.stat().st_mode) == 0o600 or sys.platform == "win32"


def test_a_crash_in_a_session_keeps_it(called, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patched:
        patched.setattr(plain_shown, "question_view", lambda *args: 1 / 0)
        status, _, err = called("guide", "direct", "--lang", "de", "--plain", stdin="q Geheimnis\nq\nn x\n")
    assert status == Exit.CRASH
    assert "Geheimnis" not in err
    assert "deescalate resume" in err
    work = Workplace.open(os.environ, {})
    assert work.resume(work.waiting()[0].id).state.call.quotes[0].text == "Geheimnis"


def test_a_crash_without_a_place_for_its_report(called, home: Path, monkeypatch: pytest.MonkeyPatch):
    home.joinpath("deescalate").write_text("in the way")
    monkeypatch.setattr(cli_commands, "COMMANDS", {"doctor": broken(ExceptionGroup("x", [ValueError(), KeyError()]))})
    assert called("doctor")[0] == Exit.CRASH


def test_the_report_of_an_endless_recursion_is_short():
    def again(words: str) -> None:
        again(words)

    with pytest.raises(RecursionError) as caught:
        again("Geheimnis")
    text = report_of(caught.value)
    assert "builtins.RecursionError" in text
    assert len(text.splitlines()) < 60


def test_the_report_names_what_led_to_an_error():
    def fail() -> None:
        try:
            {}["Geheimnis"]
        except KeyError as error:
            raise ExceptionGroup("Geheimnis", [ValueError("Geheimnis"), OSError("Geheimnis")]) from error

    with pytest.raises(ExceptionGroup) as caught:
        fail()
    text = report_of(caught.value)
    for name in ("ExceptionGroup", "ValueError", "OSError", "KeyError"):
        assert f"builtins.{name}" in text
    assert "Geheimnis" not in text


def test_a_thread_that_dies_says_nothing_that_was_typed(called, home: Path, monkeypatch: pytest.MonkeyPatch):
    def command(found: object, messages: object) -> int:
        thread = threading.Thread(target=lambda: int("Geheimnis"))
        thread.start()
        thread.join()
        return Exit.OK

    monkeypatch.setattr(cli_commands, "COMMANDS", {"doctor": command})
    assert called("doctor") == (Exit.OK, "", "")
    (report,) = (home / "deescalate" / "state").glob("crash-*.txt")
    assert "Geheimnis" not in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (KeyboardInterrupt(), Exit.INTERRUPTED),
        (UsageFault("place", "missing"), Exit.USAGE),
        (FileFault("place", "missing"), Exit.DISK),
        (ContentFaults((Fault("place", "missing"), Fault("other", "missing"))), Exit.FINDINGS),
    ],
)
def test_the_exit_status_of_an_error(called, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: Exit):
    monkeypatch.setattr(cli_commands, "COMMANDS", {"doctor": broken(error)})
    found, out, err = called("doctor")
    assert (found, out) == (status, "")
    assert len(err.splitlines()) == len(getattr(error, "faults", [1])) - isinstance(error, KeyboardInterrupt)


def test_the_signals_are_as_before(note: Path):
    assert signal.getsignal(signal.SIGTERM) in (signal.SIG_DFL, signal.SIG_IGN)
    # Ignored where a shell started the tests in the background.
    assert signal.getsignal(signal.SIGINT) in (signal.default_int_handler, signal.SIG_IGN)


# Languages and imports


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "nn_NO"}, "no"),
        ({"LANG": "de_DE", "LC_ALL": "nl_BE.UTF-8"}, "nl"),
        ({"LANG": "de_DE", "DEESCALATE_UI_LANGUAGE": "nb"}, "no"),
        ({"LANG": "de_DE", "DEESCALATE_UI_LANGUAGE": "follow"}, "de"),
        ({"LANG": "C", "DEESCALATE_LANGUAGE": "nl"}, "nl"),
        ({"LANG": "fr_FR", "DEESCALATE_HOME": "~nobody-known-here"}, "en"),
    ],
)
def test_the_language_of_the_command_line(environ: Mapping[str, str], language: str, home: Path):
    assert ui_language({"DEESCALATE_HOME": str(home), **environ}) == language


def test_the_settings_say_the_language(home: Path):
    config = home / "config"
    config.mkdir()
    config.joinpath("settings.yaml").write_text("format: 1\nui_language: no\n")
    assert ui_language({"DEESCALATE_HOME": str(home), "LANG": "de_DE"}) == "no"


@pytest.mark.parametrize("command", [["--version"], ["--help"], ["guide", "--help"]])
def test_help_and_version_load_little(command: list[str]):
    code = (
        "import sys; from deescalate_tui.cli.main import main; main(sys.argv[1:]);"
        "print({'textual', 'rich', 'yaml', 'platformdirs'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, encoding="utf-8", check=True)
    assert done.stderr == "set()\n"


@pytest.mark.parametrize(
    "command", ["checklists list", "countries list", "notes list", "settings", "guide direct --plain"]
)
def test_no_command_but_the_screen_loads_textual(command: str):
    code = "import sys; sys.modules['textual'] = None; from deescalate_tui.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, *command.split()],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == Exit.OK
