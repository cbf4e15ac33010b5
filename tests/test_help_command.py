"""The command of a call for help, with real children: what it learns, how it fails, and what is said of it."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from stage import Stage, opened

from deescalate_tui import catalogues
from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.call.questions import HELP
from deescalate_tui.clean import hostile
from deescalate_tui.doctor import settings as doctor_settings
from deescalate_tui.errors import Fault
from deescalate_tui.help_command import VARIABLES, environment, told_text
from deescalate_tui.i18n import UI_LANGUAGES
from deescalate_tui.opening import Opening
from deescalate_tui.own_program import (
    DONE,
    PATIENCE_S,
    RUNNING,
    ProgramRun,
    Told,
    _kill,
    _started,
    program_file,
    reference,
    run,
    words_of,
)
from deescalate_tui.paths import locate
from deescalate_tui.plain.session import Talk
from deescalate_tui.screens.letters import _GLYPHS, big
from deescalate_tui.screens.overlays import sign_page
from deescalate_tui.screens.prompts import SignView
from deescalate_tui.screens.rows import span, text_of, width_of
from deescalate_tui.settings.fields import listing, load
from deescalate_tui.workplace import Workplace

POSIX = pytest.mark.skipif(os.name != "posix", reason="sessions, descriptors and pipes with a name, as POSIX has them")
HOSTILE = """4711"; rm -rf / & $(reboot) `reboot` %PATH% | > x < y 'z' \\ ^ ! * ? ~ {a} @b\x1b[31m\u202e\n\r\0"""
SIZES = ((80, 24), (60, 20), (120, 40))
WORDS = [(language, kind) for language in (*LANGUAGES, "en") for kind in HELP]


@pytest.mark.parametrize(
    ("platform", "line", "words"),
    [
        ("linux", r"""'/opt/an editor/vi' -c "set tw=0" a\ b""", ["/opt/an editor/vi", "-c", "set tw=0", "a b"]),
        ("win32", r'"C:\Program Files\vi.exe" -n "a b"', [r"C:\Program Files\vi.exe", "-n", "a b"]),
        ("win32", r"C:\Windows\notepad.exe", [r"C:\Windows\notepad.exe"]),
    ],
)
def test_the_words_of_a_line(platform: str, line: str, words: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", platform)
    assert words_of(line) == words


def script(tmp_path: Path, text: str) -> list[str]:
    """A command that runs this Python."""
    path = tmp_path / "script with blanks.py"
    path.write_text(text, encoding="utf-8")
    return [sys.executable, str(path)]


def telling(tmp_path: Path) -> tuple[list[str], Path]:
    """A command that writes down its environment and what it shares with the program; and the file it writes."""
    told = tmp_path / "told.json"
    text = """
import json, os, sys
def same(number):
    try:
        return os.path.samestat(os.fstat(number), os.stat(sys.argv[2]))
    except OSError:
        return False
shared = [number for number in range(3, 200) if same(number)]
session = os.getsid(0) if os.name == "posix" else 0
said = {"environ": dict(os.environ), "input": sys.stdin.read(), "shared": shared, "session": session}
print("this goes nowhere"); print("nor this", file=sys.stderr)
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(said, file)
"""
    return [*script(tmp_path, text), str(told), str(tmp_path / "shared")], told


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command that tells everything is set; the file in which it tells."""
    words, told = telling(tmp_path)
    monkeypatch.setenv("DEESCALATE_HELP_COMMAND", json.dumps(words))
    return told


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> str:
    """The program that is set is nowhere."""
    monkeypatch.setenv("DEESCALATE_HELP_COMMAND", "[no-such-buzzer, --loud]")
    return "no-such-buzzer"


def call(work: Workplace | None = None, ticket: str = "T-1") -> Stage:
    return Stage(work or opened(), Opening("aggressive", "de", "phone", ticket))


def ended(stage: Stage) -> Told:
    """How the command of this call ended."""
    found = stage.live.help_run
    assert found is not None
    assert found._ended.wait(60)
    return found.told


def children() -> Iterator[int]:
    """Children that nobody reaped."""
    try:
        yield os.waitpid(-1, os.WNOHANG)[0]
    except ChildProcessError:
        return


# --- what it learns


@pytest.mark.parametrize(("keys", "level"), [((), ""), (("0",), "0"), (("3",), "3")])
def test_what_is_needed_ticket_and_level_are_in_its_environment(command: Path, keys: tuple[str, ...], level: str):
    stage = call().press(*keys, "g", "b")
    assert ended(stage) == DONE
    environ = json.loads(command.read_text(encoding="utf-8"))["environ"]
    assert [environ[name] for name in VARIABLES] == ["take-over", "T-1", level, stage.state.id]
    assert environ["PATH"] == os.environ["PATH"]


def test_nothing_else_that_was_typed(command: Path):
    stage = call(ticket=HOSTILE).press("a", "=Geheim eins\r", "q", "=Geheim zwei\r", "n", "=Geheim drei\r")
    stage.press("p", "=Geheim vier\r", "=\r", "n", "=Geheim fünf")
    stage.place.paused("Geheim fünf")
    assert ended(stage.press("escape", "g", "a")) == DONE
    said = json.loads(command.read_text(encoding="utf-8"))["environ"]
    assert "Geheim" not in str(said)
    assert said["DEESCALATE_TICKET"] == reference(HOSTILE) != ""


@given(st.text() | st.text(HOSTILE))
def test_no_ticket_can_be_taken_for_anything_else(ticket: str):
    found = reference(ticket)
    assert re.fullmatch(r"|[\w#][\w ./:#+-]{0,99}", found)
    assert not hostile(found)
    assert reference(found) == found
    assert set(environment("police", ticket, 4, "id")) >= set(VARIABLES)


@pytest.mark.parametrize("ticket", ["4711", "#4711", "INC0012345", "2026/11-22.3", "SAK 12:4+1", "Ærø-7"])
def test_a_ticket_as_tickets_are_stays_as_it_is(ticket: str):
    assert reference(ticket) == ticket


@POSIX
def test_it_has_no_part_of_the_terminal_and_no_open_file(command: Path, tmp_path: Path):
    shared = tmp_path / "shared"
    number = os.open(shared, os.O_CREAT | os.O_RDWR)
    os.set_inheritable(number, True)
    assert ended(call().press("g", "a")) == DONE
    os.close(number)
    said = json.loads(command.read_text(encoding="utf-8"))
    assert (said["input"], said["shared"]) == ("", [])
    assert said["session"] not in (0, os.getsid(0))


def test_what_it_prints_goes_nowhere(command: Path, capfd: pytest.CaptureFixture[str]):
    assert ended(call().press("g", "c")) == DONE
    assert capfd.readouterr() == ("", "")


def test_no_shell_reads_it(tmp_path: Path):
    words, told = telling(tmp_path)
    for argument in ("$(touch spoilt)", "; touch spoilt", "`touch spoilt`", "&& touch spoilt", "> spoilt", "%PATH%"):
        assert run([*words, argument], os.environ, 60) == DONE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "script with blanks.py", "told.json"]
    assert told.exists()
    assert not Path("spoilt").exists()


# --- how it fails


@pytest.mark.parametrize(
    ("text", "status"), [("raise SystemExit(3)", 3), ("import sys; sys.exit('words')", 1), ("", 0)]
)
def test_its_status(tmp_path: Path, text: str, status: int):
    told = run(script(tmp_path, text), os.environ, 60)
    assert told == (Told("program.status", {"status": status}) if status else DONE)
    assert told.failed == bool(status)


def test_a_program_that_is_not_there(tmp_path: Path):
    for program in ("no-such-buzzer", str(tmp_path / "none"), str(tmp_path), "", ".", "a\nb"):
        assert run([program], os.environ, 60) == Told("program.missing", {"program": program})


@POSIX
def test_a_program_that_cannot_be_run(tmp_path: Path):
    path = tmp_path / "buzzer"
    path.write_bytes(b"#!/no/such/interpreter\n")
    assert run([str(path)], os.environ, 60) == Told("program.missing", {"program": str(path)})
    path.chmod(0o755)
    assert run([str(path)], os.environ, 60) == Told("program.refused", {"error": "ENOENT"})
    path.write_bytes(b"\x00\x01")
    assert run([str(path)], os.environ, 60) == Told("program.refused", {"error": "ENOEXEC"})
    assert run([sys.executable, "\ud800"], os.environ, 60).key == "program.refused"
    assert run([sys.executable, "\0"], os.environ, 60).key == "program.refused"


def test_one_that_hangs_is_killed_and_reaped(tmp_path: Path):
    hanging = script(tmp_path, "import threading; threading.Event().wait()")
    assert run(hanging, os.environ, 0.05) == Told("program.late", {"seconds": "0.05"})
    if os.name == "posix":
        assert list(children()) == []


@POSIX
def test_with_it_dies_what_it_started(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    text = """
import os, signal, sys
pipe = os.open(sys.argv[1], os.O_WRONLY)
for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(name, signal.SIG_IGN)
if os.fork():
    os.write(pipe, b"ready")
signal.pause()
"""
    child = _started([*script(tmp_path, text), str(pipe)], os.environ)
    with pipe.open("rb") as reader:
        assert reader.read(5) == b"ready"
        _kill(child)
        assert reader.read() == b""  # the end: neither of the two holds it any more
    assert list(children()) == []


@POSIX
def test_nothing_is_left_of_one_that_ends_by_itself(tmp_path: Path):
    for text in ("", "raise SystemExit(1)"):
        run(script(tmp_path, text), os.environ, 60)
        assert list(children()) == []


def test_the_end_is_news_once(tmp_path: Path):
    go = tmp_path / "go"
    text = f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.01)"
    found = ProgramRun(script(tmp_path, text), os.environ, 60)
    assert [found.news(), found.news(60), found.news()] == [RUNNING, None, None]
    go.touch()
    assert found._ended.wait(60)
    assert [found.news(), found.news(60)] == [DONE, None]
    assert ProgramRun(["no-such-buzzer"], os.environ).news(60) == Told("program.missing", {"program": "no-such-buzzer"})


def test_where_not_even_a_thread_can_be_had(monkeypatch: pytest.MonkeyPatch, missing: str):
    def refuse(thread: object) -> None:
        raise RuntimeError("can't start new thread")

    stage = call()
    monkeypatch.setattr("threading.Thread.start", refuse)
    assert ended(stage.press("g", "a")) == Told("program.refused", {"error": "EAGAIN"})


# --- the session


def test_without_a_command_nothing_is_run_or_said():
    stage = call().press("g", "a")
    assert stage.live.help_run is None
    assert catalogues.load("de")("help-command.sent") not in stage.text()


def test_the_session_and_its_journal_know_nothing_of_it(home: Path, monkeypatch: pytest.MonkeyPatch):
    def played() -> tuple[object, int]:
        stage = call().press("g", "a", "z", "2", "g", "c", "z")
        if stage.live.help_run is not None:
            assert ended(stage).failed
        stage.place.tick()
        stage.live.journal.sync()
        stage.put_down()
        return replace(stage.state, id=""), len(stage.live.journal.path.read_bytes().splitlines())

    without = played()
    for words in ("[no-such-buzzer]", json.dumps([sys.executable, "-c", "raise SystemExit(9)"])):
        monkeypatch.setenv("DEESCALATE_HELP_COMMAND", words)
        assert played() == without


def test_each_call_runs_it_and_resuming_does_not(command: Path):
    stage = call().press("g", "a")
    first = stage.live.help_run
    assert ended(stage) == DONE
    assert stage.press("z").live.help_run is first
    command.unlink()
    assert ended(stage.press("g", "c")) == DONE
    assert stage.live.help_run is not first
    assert json.loads(command.read_text(encoding="utf-8"))["environ"]["DEESCALATE_HELP"] == "police"
    stage.put_down()
    assert Stage(opened(), Opening(resume=stage.state.id)).live.help_run is None


# --- what is shown


def test_the_sign_says_how_it_went(command: Path):
    stage = call().press("g", "a")
    words = stage.live.messages
    assert words("help-command.running") in stage.text() or words("help-command.sent") in stage.text()
    ended(stage)
    stage.place.tick()
    assert words("help-command.sent") in stage.text()
    assert words("help-command.sent") not in stage.press("z").text()
    stage.place.tick()
    assert words("help-command.sent") not in stage.text()


def test_a_failure_that_the_sign_has_shown_is_not_said_again(missing: str):
    stage = call().press("g", "a")
    failed = ended(stage).text(stage.live.messages)
    stage.place.tick()
    assert failed in stage.text()
    stage.press("z").place.tick()
    assert failed not in stage.text()


def test_a_failure_after_the_sign_was_lowered_is_said_where_it_is_seen(missing: str):
    stage = call().press("g", "a", "z")
    failed = ended(stage).text(stage.live.messages)
    for covering, uncovering in ((("?",), "z"), (("!", "s"), "space"), (("w",), "u")):
        stage.press(*covering)
        before = stage.text()
        stage.place.tick()
        assert stage.text() == before
        stage.press(uncovering)
    assert failed not in stage.text()
    stage.place.tick()
    assert failed in stage.text()
    stage.press("1").place.tick()
    assert failed not in stage.text()


def plain(*lines: str) -> list[str]:
    """What plain mode prints after each line."""
    printed: list[str] = []
    talk = Talk(opened().start("aggressive", "de", "phone", ticket="T-1"), iter(lines), printed.append)
    talk.run()
    return printed


def test_plain_mode_says_it_too(command: Path):
    words = catalogues.load("de")
    printed = plain("g police", "g listen", "1")
    text = "".join(printed)
    said = words("help-command.sent")
    assert f"{words('help-command.running')}\n" in printed or f"{said}\n" in printed
    assert text.index(words("plain.sign-back")) < text.index(said if said in text else words("help-command.running"))


def test_plain_mode_says_a_failure_once(missing: str):
    words = catalogues.load("de")
    failed = told_text(Told("program.missing", {"program": missing}), words)
    assert plain("g listen", "1", "2").count(f"{failed}\n") == 1
    assert f"{failed}\n" not in plain("1")


def test_plain_mode_says_later_what_was_not_known_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    go, words = tmp_path / "go", catalogues.load("de")
    text = f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.01)\nraise SystemExit(4)"
    monkeypatch.setenv("DEESCALATE_HELP_COMMAND", json.dumps(script(tmp_path, text)))
    monkeypatch.setattr("deescalate_tui.plain.session.HELP_S", 0)
    printed: list[str] = []
    live = opened().start("aggressive", "de", "phone")

    def lines() -> Iterator[str]:
        yield "g listen"
        assert printed[-1] == f"{words('help-command.running')}\n"
        yield "1"
        assert printed[-1] != f"{words('help-command.running')}\n"
        go.touch()
        assert live.help_run is not None
        assert live.help_run._ended.wait(60)
        yield "2"
        assert printed[-1] == f"{told_text(Told('program.status', {'status': 4}), words)}\n"

    Talk(live, lines(), printed.append).run()


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_everything_it_says_is_in_the_catalogue(language: str):
    words = catalogues.load(language)
    failures = [
        Told("program.missing", {"program": "/opt/a buzzer"}),
        Told("program.refused", {"error": "EACCES"}),
        Told("program.status", {"status": -9}),
        Told("program.late", {"seconds": f"{PATIENCE_S:g}"}),
    ]
    for told in failures:
        assert words(told.key, **told.params) in told_text(told, words)
        assert len(told_text(told, words)) < 100
        assert told.failed
    assert not any(told.failed for told in (RUNNING, DONE))
    assert "{" not in "".join(told_text(told, words) for told in (*failures, RUNNING, DONE))
    assert "notify-send" in words.fault(Fault("here", "setting-command"))


# --- the sign


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(("language", "kind"), WORDS)
def test_the_sign_is_read_from_afar(language: str, kind: str, width: int, height: int):
    rows = big(catalogues.load(language)(f"sign.{kind}"), width, height - 4)
    assert len({len(row) for row in rows}) == 1
    assert cell_len(rows[0]) <= width
    assert 5 <= len(rows) <= height - 4
    words = len(catalogues.load(language)(f"sign.{kind}").split())
    # It fills the window: half a dot more for each letter would not go in, or not into its height.
    assert len(rows[0]) > width * 0.7 or len(rows) > (height - 4) * 0.7 / words


def test_a_larger_window_never_has_smaller_letters():
    for language, kind in WORDS:
        word = catalogues.load(language)(f"sign.{kind}")
        blocks = ["".join(big(word, width, width // 4)).count("█") for width in range(40, 220, 4)]
        assert blocks == sorted(blocks)


def test_every_letter_of_a_sign_has_a_form():
    assert {len(set(map(len, glyph.split("|")))) for glyph in _GLYPHS.values()} == {1}
    assert {len(glyph.split("|")) for glyph in _GLYPHS.values()} == {5}
    used = {letter for language, kind in WORDS for letter in catalogues.load(language)(f"sign.{kind}")}
    assert used - {" "} <= set(_GLYPHS)


@given(st.text(), st.integers(-2, 200), st.integers(-2, 80))
def test_any_word_at_any_size(word: str, width: int, height: int):
    rows = big(word, width, height)
    assert rows == [" ".join(word.upper().split())] or (len(rows) <= height and len(rows[0]) <= width)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("country", "number"),
    [("DE", "110"), ("AT", "133"), ("CH", "117"), ("NL", "112"), ("BE", "101"), ("NO", "112"), ("", "")],
)
def test_for_the_police_the_number_of_the_country_stands_below(language: str, country: str, number: str):
    stage = Stage(opened(country=country), Opening("rude", language, "phone"))
    words = stage.live.messages
    text = stage.press("g", "c").text()
    assert re.findall(r": (\d+) · ", text) == [number] * bool(number)
    assert bool(number) == (words("number.unconfirmed") in text)
    assert "".join(plain("g police")).count(words("number.unconfirmed")) == (language == "de")
    assert not re.search(r"\d", stage.press("z", "g", "a").text())


@pytest.mark.parametrize(("width", "height"), [*SIZES, (40, 12), (20, 5), (20, 3), (3, 3), (1, 1)])
def test_however_small_the_window_the_failure_is_on_it(width: int, height: int):
    words = catalogues.load("de")
    failed = told_text(Told("program.status", {"status": 3}), words)
    view = SignView(words("sign.police"), ("Ticket 4711", "Polizei: 110"))
    page = sign_page(view, (span(failed, "danger"),), words, width, height)
    assert len(page.rows) == height
    assert all(width_of(row) <= width for row in page.rows)
    flat = " ".join(text_of(page.rows).split())
    if width >= 20:
        assert failed.rsplit(": ", 1)[1] in flat
    if width >= 60:
        assert [part for part in (*view.lines, failed, words("sign.lower")) if part not in flat] == []


# --- settings and doctor


def test_the_setting(tmp_path: Path):
    paths = locate({"DEESCALATE_HOME": str(tmp_path / "here"), "DEESCALATE_SITE": str(tmp_path / "site")})
    paths.config.mkdir(parents=True)
    (tmp_path / "site").mkdir()
    mine = paths.config / "settings.yaml"
    mine.write_text('help_command: [notify-send, "Help me"]\n', encoding="utf-8")
    assert load(paths, {}, {}).help_command == ("notify-send", "Help me")
    (row,) = (row for row in listing(load(paths, {}, {})) if row.setting.name == "help_command")
    assert (row.value, row.default) == ('["notify-send","Help me"]', "[]")
    variable = {"DEESCALATE_HELP_COMMAND": "[buzz]"}
    assert load(paths, variable, {}).help_command == ("buzz",)
    (tmp_path / "site" / "settings.yaml").write_text("help_command: []\nlocked: [help_command]\n", encoding="utf-8")
    found = load(paths, variable, {})
    assert found.help_command == ()
    assert [fault.key for fault in found.attempts] == ["setting-locked"] * 2


@pytest.mark.parametrize(
    "text", ["notify-send Help", "[a, {b: c}]", "[a, '']", "{a: b}", "[[a]]", f"[a, {'b' * 1001}]"]
)
def test_half_a_command_is_none(tmp_path: Path, text: str):
    paths = locate({"DEESCALATE_HOME": str(tmp_path)})
    paths.config.mkdir(parents=True)
    (paths.config / "settings.yaml").write_text(f"help_command: {text}\n", encoding="utf-8")
    found = load(paths, {}, {})
    assert found.help_command == ()
    assert len(found.faults) == 1


def test_the_doctor_looks_for_the_program(tmp_path: Path):
    def judged(*command: str) -> list[tuple[str, bool]]:
        return [
            (finding.key, finding.ok) for finding in doctor_settings.judge_command("help_command", command, os.environ)
        ]

    assert judged() == []
    assert judged(sys.executable, "-c", "1") == [("doctor.command", True)]
    assert judged("no-such-buzzer") == [("doctor.command-missing", False)]
    assert program_file("python", {"PATH": ""}) is None
