"""Plain mode: whole calls in three languages, every key of the design as a line, and every way a session can end."""

import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from deescalate_tui import __version__, catalogues, live, workplace
from deescalate_tui.call.keys import ACTIONS
from deescalate_tui.clock import Clock
from deescalate_tui.errors import Exit, FileFault, UsageFault
from deescalate_tui.notes.parse import parse
from deescalate_tui.opening import Opening
from deescalate_tui.plain import session as plain_module
from deescalate_tui.plain.lines import LONGEST, Lines, Signalled
from deescalate_tui.plain.session import Talk, run_plain
from deescalate_tui.workplace import Workplace

STARTED = datetime(2026, 11, 22, 14, 5, tzinfo=timezone(timedelta(hours=1)))
GERMAN = catalogues.load("de")
SESSION_ID = "01a20170-0000-7000-8000-0000deadbeef"

CALLS = {
    "de": """
        q Ich war immer guter Kunde; jetzt reicht es!
        a Zweimal abgebucht
        i T-4711
        2

        space

        leer
        h
        h
        3
        w
        n ringt um Fassung

        j
        enter
        s
        u
        r
        ! t

        g zuhören

        vertrag gilt seit Mai
        /drohung
        a

        t unhöflich
        t aggressive
        l no
        l de
        c email
        c phone
        1
        p Rückruf durch die Leitung; morgen 14:00
        x
        a
        e

        übermorgen 10:00
        teilweise
        s
        s

        Früher die Leitung holen
        x
    """,
    "nl": """
        q Dit is toch belachelijk
        a Pakket niet bezorgd
        3
        w
        w
        4
        j
        esc
        !
        v

        /weer

        g b


        Ik weet waar je werkt
        collega
        mij
        teamleider

        p Terugbellen
        vrijdag
        x
        e
        nee
        ja
        nog niet
        x
    """,
    "no": """
        q Nå er det nok!
        a Regningen er feil
        2



        s
        ?
        i 99
        p ringe tilbake;
        x resolved
        ja
        c
        esc
        x
        a
        a
        leave
        har ikke rukket det
        a
        enter
        x
    """,
}


class Watch(Clock):
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0

    def now(self) -> datetime:
        return STARTED + timedelta(seconds=self.seconds)

    def wall_ms(self) -> int:
        return int(self.now().timestamp() * 1000)

    def mono_ms(self) -> int:
        return self.seconds * 1000


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def work(watch: Watch) -> Workplace:
    return opened(watch)


def opened(clock: Clock, **flags: str) -> Workplace:
    return Workplace.open(os.environ, {"country": "DE", "agent": "agent-test", **flags}, clock)


def talked(work: Workplace, *lines: str, type_id: str = "aggressive", language: str = "de") -> tuple[Talk, str]:
    """The talk after these lines, and what was printed."""
    printed: list[str] = []
    talk = Talk(work.start(type_id, language, "phone"), iter(lines), printed.append)
    talk.run()
    return talk, "".join(printed)


def answers(work: Workplace, *lines: str) -> list[str]:
    """What is printed after each of the lines."""
    printed: list[str] = [""]

    def read() -> Iterator[str]:
        for line in lines:
            printed.append("")
            yield line

    def write(text: str) -> None:
        printed[-1] += text

    Talk(work.start("aggressive", "de", "phone"), read(), write).run()
    return printed[1:]


@pytest.mark.parametrize("language", CALLS)
def test_a_whole_call(
    language: str, home: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch, golden: Callable[[str, str], None]
):
    monkeypatch.setattr(workplace, "uuid7", lambda now_ms: SESSION_ID)
    work = opened(watch, country=language, language=language)
    printed: list[str] = []

    def read() -> Iterator[str]:
        for line in CALLS[language].splitlines()[1:-1]:
            watch.seconds += 7
            printed.append(f"> {line.strip()}\n")
            yield line

    status = run_plain(work, Opening("aggressive", language, "phone", "T-1"), read(), printed.append)
    assert status == Exit.OK
    text = "".join(printed).replace(str(home), "HOME").replace(__version__, "VERSION")
    golden(f"plain-{language}.txt", re.sub("[0-9a-f]{64}", "SHA256", text))


def test_the_german_call_leads_to_its_note(watch: Watch):
    work = opened(watch)
    run_plain(work, Opening("aggressive", "de", "phone"), iter(CALLS["de"].splitlines()[1:-1]), lambda text: None)
    (path,) = work.paths.notes.rglob("*.md")
    note = parse(path.read_text(encoding="utf-8"))
    assert (note.outcome, note.request_answered, note.warnings) == ("resolved", "partly", 1)
    assert note.types == ("aggressive", "rude", "aggressive")
    assert note.commitments[0].due == "2026-11-24T10:00"
    assert not work.waiting()


EVERY_KEY = {
    "space": "done",
    "enter": "done",
    "": "done",
    "s": "skipped",
    "0": "level",
    "1": "level",
    "2": "level",
    "3": "level",
    "4": "level",
    "w": "limit",
    "q Unverschämt": "quote",
    "n ruft wieder an": "note",
    "p Rückruf; morgen": "promise",
    "a Geld zurück": "request",
    "i 4711": "ticket",
    "h": "hold",
    "g listen": "help",
    "! s": "card",
    "f2 s": "card",
    "! t": "threat",
    "/ konkrete drohung": "card",
    "f3 konkrete drohung": "card",
    "t rude": "checklist",
    "l nb": "checklist",
    "c email": "channel",
    "x resolved": "ended",
    "SPACE": "done",
    "skip": "skipped",
    "level3": "level",
    "quote Unverschämt": "quote",
    "!s": "card",
    "p Rückruf;": "promise",
}


@pytest.mark.parametrize(("line", "event"), EVERY_KEY.items())
def test_a_key_as_a_line(work: Workplace, line: str, event: str):
    talk, _ = talked(work, line)
    assert [entry.event for entry in talk.live.state.log][1:2] == [event]


def test_a_key_by_its_name_in_the_language(work: Workplace):
    talk, _ = talked(work, work.messages("de")("keyname.space").capitalize())
    assert "breathe" in talk.live.state.call.marks


@pytest.mark.parametrize(("line", "key"), [("r", "steady.sentence"), ("?", "key.skip.long"), ("f1", "key.skip.long")])
def test_keys_that_only_show_something(work: Workplace, line: str, key: str):
    talk, printed = talked(work, line)
    assert work.messages("de")(key) in printed
    assert len(talk.live.state.log) == 1


@pytest.mark.parametrize("lines", [("j",), ("down",), ("j", "j", "k"), ("j", "j", "up")])
def test_looking_is_no_step(work: Workplace, lines: tuple[str, ...]):
    talk, _ = talked(work, *lines)
    assert talk.live.state.looking == "calm-sentence"
    assert talk.live.state.call.current == "breathe"


def test_enter_makes_the_step_current_that_is_looked_at(work: Workplace):
    talk, _ = talked(work, "j", "j", "enter")
    assert talk.live.state.call.current == "low-voice"
    assert not talk.live.state.call.marks


def test_undo(work: Workplace):
    talk, printed = talked(work, "s", "u", "u")
    assert not talk.live.state.call.marks
    assert work.messages("de")("notice.nothing-to-undo") in printed


@pytest.mark.parametrize("line", ["ctrl+q", "f10", "leave", "LEAVE"])
def test_leaving_keeps_the_session(work: Workplace, line: str):
    talk, printed = talked(work, "2", line, "3")
    assert talk.live.state.call.level == 2
    assert talk.live.state.id in printed.splitlines()[-1]
    assert [entry.id for entry in work.waiting()] == [talk.live.state.id]


def test_no_action_is_forgotten(work: Workplace):
    known = {
        work.keymap.actions.get(line.partition(" ")[0])
        for line in (*EVERY_KEY, "r", "m", "o", "v", "?", "j", "k", "u", "leave")
    }
    ids = {action.id for action in ACTIONS if action.id != "leave"}
    assert ids <= known


def test_the_end_of_the_input_leaves_the_session_unfinished(work: Workplace):
    talk, printed = talked(work, "a Kein Strom", "", "q")
    assert not talk.live.state.closed
    again = work.resume(talk.live.state.id)
    printed_again: list[str] = []
    assert Talk(again, iter(["Seit drei Tagen!", "leave"]), printed_again.append).run() == Exit.OK
    assert again.state.call.quotes[0].text == "Seit drei Tagen!"
    assert "Kein Strom" in printed_again[0]
    assert printed.endswith(f"{work.messages('de')('plain.ended', id=talk.live.state.id)}\n")


def test_a_line_is_the_answer_while_a_question_is_open(work: Workplace):
    talk, _ = talked(work, "q", "s")
    assert [quote.text for quote in talk.live.state.call.quotes] == ["s"]


@pytest.mark.parametrize("line", ["f2", "!", "! t", "f2 t"])
def test_the_emergency_way_is_open_from_a_question(work: Workplace, line: str):
    talk, _ = talked(work, "q", line)
    state = talk.live.state
    assert state.card == "concrete-threat" or (state.question is not None and state.question.kind == "emergency")
    assert not state.call.quotes


def test_words_after_an_exclamation_mark_are_words(work: Workplace):
    talk, _ = talked(work, "q", "! so ein Saftladen")
    assert talk.live.state.call.quotes[0].text == "! so ein Saftladen"


@pytest.mark.parametrize("line", ["b", "email", "E-MAIL", "c email"])
def test_an_option_by_letter_value_or_words(work: Workplace, line: str):
    lines = [line] if line.startswith("c ") else ["c", line]
    talk, _ = talked(work, *lines)
    assert talk.live.state.call.channel == "email"


def test_what_is_no_option_is_said_and_asked_again(work: Workplace):
    asked, wrong, right = answers(work, "c", "fax", "b")
    assert "fax" in wrong
    assert asked.strip() in wrong
    assert work.messages("de")("channel.email") in right


def test_escape_goes_back_from_a_card_and_from_another_step(work: Workplace):
    talk, _ = talked(work, "j", "esc", "! t", "esc")
    state = talk.live.state
    assert not state.card
    assert not state.looking


@pytest.mark.parametrize("line", ["esc", "Escape", ""])
def test_a_choice_is_left(work: Workplace, line: str):
    talk, _ = talked(work, "t", line)
    assert talk.live.state.question is None
    assert talk.live.state.call.checklist.id == "aggressive"


def test_an_empty_line_leaves_a_question_of_a_step_empty(work: Workplace):
    talk, _ = talked(work, "j", "j", "j", "j", "enter", "", "")
    assert "let-finish" in talk.live.state.call.marks
    assert not talk.live.state.call.request


def test_several_findings_are_picked_by_letter(work: Workplace):
    found, opened_card = answers(work, "/ drohung", "b")
    assert "b)" in found
    assert found.partition("b) ")[2].partition(": ")[2].splitlines()[0] in opened_card


def test_a_finding_that_nobody_picks_is_in_nobodys_way(work: Workplace):
    talk, _ = talked(work, "/ drohung", "s")
    assert "breathe" in talk.live.state.call.marks


def test_nothing_found(work: Workplace):
    assert work.messages("de")("find.none") in answers(work, "/ xyzzy")[0]


def test_the_sign_is_lowered_by_any_line_and_the_line_still_counts(work: Workplace):
    talk, _ = talked(work, "g b", "3")
    assert not talk.live.state.sign
    assert talk.live.state.call.level == 3


def test_only_what_changed_is_printed(work: Workplace):
    quoted, same, limited = answers(work, "q Nie wieder", "j k", "w")
    assert "Nie wieder" in quoted
    assert len(quoted.splitlines()) == 1
    assert "j k" in same
    assert limited.splitlines()[1].endswith("“")
    assert "1/3" in limited


def test_what_changes_nothing_says_so(work: Workplace):
    (answer,) = answers(work, "k")[:1]
    assert answer.splitlines()[0] == work.messages("de")("plain.same")


@pytest.mark.parametrize("line", ["wie bitte", "s jetzt", "3 oder 4", "y", "äh", "%", "level9"])
def test_what_is_no_command_changes_nothing(work: Workplace, line: str):
    talk, printed = talked(work, line)
    assert work.messages("de")("plain.unknown", text=line) in printed
    assert len(talk.live.state.log) == 1


def test_remapped_keys(watch: Watch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DEESCALATE_KEYS", "{skip: z}")
    talk, printed = talked(opened(watch), "z", "s")
    assert len(talk.live.state.call.marks) == 1
    assert "s" in printed


def test_what_steers_a_terminal_goes_nowhere(work: Workplace):
    evil = "\x1b]0;x\x07\u202eböse\x9b31m\x00\u200b\ud800"
    talk, printed = talked(work, f"q {evil}", f"a {evil}", evil, f"t {evil}", "esc", "x resolved", "a", "b", evil)
    for text in (printed, talk.live.state.call.request, talk.live.state.call.quotes[0].text):
        assert "böse" in text
        assert not [letter for letter in text if letter in evil and letter not in "böse]0;x31m"]


def test_a_gate_asks_for_a_reason(work: Workplace):
    talk, printed = talked(work, "x resolved", "leave", "", "keine Zeit")
    assert talk.live.state.call.overrides[0].reason == "keine Zeit"
    assert work.messages("de")("notice.reason-needed") in printed


# How it ends


def test_a_note_that_cannot_be_saved_is_printed_and_written_later(work: Workplace):
    work.paths.notes.parent.mkdir(parents=True, exist_ok=True)
    work.paths.notes.write_text("in the way")
    printed: list[str] = []
    talk = Talk(work.start("aggressive", "de", "phone"), iter(["q Nie wieder!", "x aborted"]), printed.append)
    with pytest.raises(FileFault) as caught:
        talk.run()
    assert caught.value.status == Exit.DISK
    assert "Nie wieder!" in printed[-1]
    assert 'outcome: "aborted"' in printed[-1]
    (waiting,) = work.waiting()
    assert waiting.closed
    work.paths.notes.unlink()
    run_plain(work, Opening(resume=waiting.id), iter([]), printed.append)
    (path,) = work.paths.notes.rglob("*.md")
    assert str(path) in printed[-1]
    assert not work.waiting()


def test_a_disk_that_refuses_is_told_once_and_the_text_is_given_back(work: Workplace):
    work.paths.sessions.parent.mkdir(parents=True, exist_ok=True)
    work.paths.sessions.write_text("in the way")
    printed: list[str] = []
    talk = Talk(work.start("aggressive", "de", "phone"), iter(["q Nie wieder!", "2"]), printed.append)
    assert talk.run() == Exit.DISK
    assert "".join(printed[:-1]).count(work.messages("de")("save.not-saved")) == 1
    assert printed[-1].startswith(work.messages("de")("plain.lost"))
    assert "Nie wieder!" in printed[-1]


def test_no_session_is_promised_where_the_disk_has_neither_note_nor_session(work: Workplace):
    for folder in (work.paths.sessions, work.paths.notes):
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.write_text("in the way")
    printed: list[str] = []
    with pytest.raises(FileFault):
        Talk(work.start("aggressive", "de", "phone"), iter(["q Nie wieder!", "x aborted"]), printed.append).run()
    assert printed[-1].startswith(work.messages("de")("plain.lost"))


def test_a_disk_that_recovers_is_told(work: Workplace):
    work.paths.sessions.parent.mkdir(parents=True, exist_ok=True)
    work.paths.sessions.write_text("in the way")
    printed: list[str] = []

    def read() -> Iterator[str]:
        yield "2"
        work.paths.sessions.unlink()
        work.paths.sessions.mkdir(0o700, exist_ok=True)
        yield "3"
        assert talk.live.journal.sync(5)
        yield "1"

    talk = Talk(work.start("aggressive", "de", "phone"), read(), printed.append)
    assert talk.run() == Exit.OK
    assert work.messages("de")("notice.saved-again") in "".join(printed)


def test_a_fault_of_ours_lets_go_of_the_session(work: Workplace, monkeypatch: pytest.MonkeyPatch):
    talk = Talk(work.start("aggressive", "de", "phone"), iter(["2", "3"]), lambda text: None)
    with monkeypatch.context() as broken:
        broken.setattr(live, "decide", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            talk.run()
    assert work.resume(talk.live.state.id).state.call.level is None


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals that one process sends another")
def test_a_signal_keeps_the_session(home: Path, name: str):
    command = [sys.executable, "-m", "deescalate_tui", "guide", "aggressive", "--lang", "de", "--plain"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(b"3\n")
    child.stdin.flush()
    while b"/3" not in child.stdout.readline():
        time.sleep(0)
    child.send_signal(getattr(signal, name))
    out, err = child.communicate(timeout=20)
    assert child.returncode == 128 + getattr(signal, name)
    assert b"deescalate resume" in out
    assert err == b""
    assert list((home / "deescalate" / "sessions").glob("*.journal"))


def test_a_signal_while_a_line_is_worked_on_waits_for_its_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("eins\nzwei\n"))
    with Lines() as lines:
        assert next(lines) == "eins"
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(Signalled) as caught:
            next(lines)
    assert caught.value.status == Exit.TERMINATED


def test_the_rest_of_an_endless_line_is_no_command(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("q " + "x" * (3 * LONGEST) + "\ns\n"))
    with Lines() as lines:
        first, second = lines
    assert len(first) <= LONGEST
    assert second == "s"


# Before it begins


def chosen(work: Workplace, *lines: str) -> tuple[int, str]:
    printed: list[str] = []
    status = run_plain(work, Opening(language="de", channel="phone"), iter(lines), printed.append)
    return status, "".join(printed)


@pytest.mark.parametrize("line", ["3", "aggressive", "Aggressiv"])
def test_a_type_is_chosen_on_the_first_line(work: Workplace, line: str):
    status, printed = chosen(work, line, "4")
    assert status == Exit.OK
    assert work.messages("de")("start.title") in printed
    (waiting,) = work.waiting()
    assert waiting.title == "Aggressiv"


def test_an_unfinished_session_is_offered_first(work: Workplace):
    talk, _ = talked(work, "2")
    _, printed = chosen(work, "r", "3")
    assert printed.index(work.messages("de")("start.unfinished")) < printed.index(work.messages("de")("start.title"))
    assert work.resume(talk.live.state.id).state.call.level == 3


def test_language_and_channel_are_changed_before_the_call(work: Workplace):
    chosen(work, "l no", "c email", "2", "1", "leave")
    (waiting,) = work.waiting()
    call = work.resume(waiting.id).state.call
    assert (call.checklist.id, call.checklist.language, call.channel) == ("timid", "no", "email")


@pytest.mark.parametrize("line", ["4", "DE", "deutschland"])
def test_the_first_start_asks_for_the_country(watch: Watch, line: str):
    work = Workplace.open(os.environ, {}, watch)
    _, printed = chosen(work, "Atlantis", line, "leave")
    assert work.messages("de")("start.country-ask") in printed
    assert "Atlantis" in printed
    assert Workplace.open(os.environ, {}, watch).settings.country == "DE"


def test_the_country_can_wait(watch: Watch):
    work = Workplace.open(os.environ, {}, watch)
    status, printed = chosen(work, "", "o NL", "leave")
    assert status == Exit.OK
    assert work.messages("de")("start.country-none") in printed
    assert work.settings.country == "NL"


def test_what_cannot_be_chosen_is_said(work: Workplace):
    _, printed = chosen(work, "9", "l en", "leave")
    assert work.messages("de")("plain.no-option", text="9") in printed
    assert work.messages("de")("plain.no-option", text="l en") in printed


def test_input_that_ends_before_a_choice_is_a_wrong_use(work: Workplace):
    with pytest.raises(UsageFault) as caught:
        chosen(work)
    assert caught.value.key == "no-type-given"
    assert caught.value.status == Exit.USAGE


def test_a_signal_before_a_choice(work: Workplace):
    def read() -> Iterator[str]:
        raise Signalled(signal.SIGTERM)
        yield ""

    assert run_plain(work, Opening(language="de"), read(), lambda text: None) == Exit.TERMINATED


def test_there_is_no_logic_but_reading_and_printing():
    """What a session is, only the core knows: plain mode names no event and records none."""
    for path in Path(plain_module.__file__).parent.glob("*.py"):
        assert "events" not in path.read_text(encoding="utf-8")
