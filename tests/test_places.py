"""What the keys do on the start screen, in a session and at its note - without a terminal and without Textual."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from stage import Stage, Watch, opened

from deescalate_tui.call.keys import ACTIONS
from deescalate_tui.errors import Exit, FileFault
from deescalate_tui.opening import Opening
from deescalate_tui.screens.line import Line, typed
from deescalate_tui.tui.reader import NotePlace
from deescalate_tui.tui.session import SessionPlace
from deescalate_tui.tui.start import StartPlace
from deescalate_tui.workplace import Workplace

ROOT = Path(__file__).parent.parent
CALL = Opening("aggressive", "de", "phone")
LEAVING = [key for action in ACTIONS if action.id == "leave" for key in action.keys]


def call(work: Workplace | None = None) -> Stage:
    return Stage(work or opened(), CALL)


def asked(stage: Stage) -> str:
    return stage.state.question.kind if stage.state.question is not None else ""


def settings(home: Path, text: str) -> None:
    """The user's settings file."""
    config = home / "deescalate" / "config"
    config.mkdir(parents=True)
    (config / "settings.yaml").write_text(text, encoding="utf-8")


def left_behind(work: Workplace, days: int = 0, type_id: str = "rude") -> str:
    """A session that nobody leads any more, untouched for so many days."""
    assert isinstance(work.clock, Watch)
    work.clock.seconds -= days * 86_400
    live = work.start(type_id, "de", "phone")
    live.journal.close()
    os.utime(live.journal.path, (work.clock.wall_ms() / 1000,) * 2)
    work.clock.seconds += days * 86_400
    work.leading = None
    return live.state.id


# --- in a session


@pytest.mark.parametrize("covered", [("?",), ("r",), ("g", "a"), ("/",)])
def test_the_emergency_cards_are_one_key_away_from_anywhere(covered: tuple[str, ...]):
    stage = call().press(*covered, "f2")
    assert asked(stage) == "emergency"
    assert stage.live.messages("ask.emergency") in stage.text()


@pytest.mark.parametrize("covered", [(), ("?",), ("r",), ("g", "a"), ("/",), ("q",), ("t",), ("!", "t"), ("x", "g")])
@pytest.mark.parametrize("key", LEAVING)
def test_leaving_is_possible_from_anywhere(covered: tuple[str, ...], key: str):
    assert call().press(*covered, key).left == Exit.OK


@pytest.mark.parametrize("covered", [("?",), ("r",), ("g", "a")])
@pytest.mark.parametrize("key", ["z", "x", "enter", "escape", "f5", "ctrl+c"])
def test_any_key_leads_back_and_does_nothing_else(covered: tuple[str, ...], key: str):
    stage = call()
    before = stage.text()
    assert stage.press(*covered).text() != before
    assert stage.press(key).text() == before


def test_help_is_paged_where_it_does_not_fit():
    stage = call().press("?")
    tops = [stage.text(50, 12), *(stage.press("down").text(50, 12) for _ in range(40))]
    assert len(set(tops)) == 34 > len(ACTIONS)
    assert ("↓" in tops[0], "↑" in tops[0].splitlines()[0]) == (True, False)
    assert ("↓" in tops[-1].splitlines()[0], "↑" in tops[-1].splitlines()[0]) == (False, True)
    assert stage.live.messages("legend.inner") in tops[-1]
    assert stage.press(*["up"] * 50).text(50, 12) == tops[0]


def test_finding():
    stage = call().press("/", "down", "down", "=suizid")
    assert "▸" in stage.text().splitlines()[3]
    assert stage.press("=suizid\r").state.card == "suicide"
    stage.press("/", "=zusammenfassen\r")
    assert (stage.state.call.current, stage.state.card) == ("summarise", "")
    stage.press("/", "=qqq\r")
    assert stage.live.messages("notice.not-found") in stage.text()


def test_the_arrows_go_round_in_a_choice_and_a_search():
    assert call().press("c", "up", "enter").state.call.channel == "email"
    assert call().press("c", "down", "down", "space").state.call.channel == "phone"
    assert "▸" in call().press("/", "up").text(80, 100).rstrip().splitlines()[-1]


def test_a_letter_of_a_choice_is_never_another_key(home: Path):
    settings(home, "keys: {emergency: [e], quote: [a], skip: [f4]}\n")
    stage = call().press("x", "e")
    assert stage.state.call.outcome == "ended-by-agent"
    assert call().press("c", "b").state.call.channel == "email"
    assert "e" in call().text().splitlines()[-1]


def test_other_keys_hold_everywhere(home: Path):
    settings(home, "keys: {leave: [f4], language: [z], channel: [y], close: [e], help: [f9], down: [n], note: [b]}\n")
    work = opened()
    left_behind(work)
    stage = Stage(work, Opening(language="de", channel="phone")).press("z", "y")
    words = stage.workplace.messages("nl")
    assert words("language.nl") in stage.text()
    assert words("channel.email") in stage.text()
    assert words("help.title") in stage.press("f9").text()
    stage.press("n", "n", "a", "j", "k", "e", "e")
    assert not work.waiting()
    assert stage.press("f4").left == Exit.OK
    assert asked(call(work).press("z")) == "language"


def test_keys_on_a_card(home: Path):
    stage = call().press("!", "s", "q", "=Ich kann nicht mehr\r")
    assert stage.state.card == "suicide"
    assert stage.press("4", "escape").state.call.level == 4
    assert stage.press("j").state.looking == ""
    assert stage.press("space").state.card == ""
    assert stage.state.call.current == "threat"


def test_a_language_without_this_type_is_refused_in_words(home: Path):
    folder = home / "deescalate" / "config" / "checklists" / "de"
    folder.mkdir(parents=True)
    rude = (ROOT / "checklists" / "de" / "rude.yaml").read_text(encoding="utf-8")
    (folder / "own.yaml").write_text(rude.replace("id: rude", "id: own", 1), encoding="utf-8")
    stage = Stage(opened(), Opening("own", "de", "phone")).press("l", "b")
    assert stage.live.messages("notice.no-checklist") in stage.text()
    assert stage.press("escape").state.call.checklist.language == "de"


# --- the start


@pytest.mark.parametrize("key", [*"056789", "²", "½", "٣", "\x00", "f5", "pagedown", "tab", "z"])
def test_keys_that_mean_nothing_at_the_start(key: str):
    stage = Stage(opened())
    before = stage.text()
    assert isinstance(stage.press(key).place, StartPlace)
    assert stage.text() == before


@pytest.mark.parametrize(
    ("keys", "type_id"), [(("3",), "aggressive"), (("down", "enter"), "timid"), (("k", "space"), "rude")]
)
def test_picking_a_type(keys: tuple[str, ...], type_id: str):
    stage = Stage(opened(), Opening(language="nl", channel="email")).press(*keys)
    call = stage.state.call
    assert (call.checklist.id, call.checklist.language, call.channel) == (type_id, "nl", "email")


def test_the_country_is_asked_once(home: Path):
    stage = Stage(opened(country=""))
    assert stage.workplace.messages("de")("start.country-ask")[:40] in stage.text()
    stage.press("4")
    assert opened(country="").settings.country == stage.workplace.settings.country == "DE"
    assert isinstance(Stage(opened(country="")).press("3").place, SessionPlace)


def test_a_country_that_cannot_be_stored_is_used_all_the_same(home: Path):
    home.joinpath("deescalate").mkdir()
    home.joinpath("deescalate", "config").write_bytes(b"a file where the folder should be")
    stage = Stage(opened(country="")).press("4")
    assert str(home) in stage.text().replace("\n ", "")
    assert stage.workplace.settings.country == "DE"
    card = stage.press("1", "!", "s").text()
    assert "112" in card


def test_what_is_unfinished_can_be_gone_on_with():
    work = opened()
    older, newer = left_behind(work, days=1), left_behind(work, type_id="timid")
    assert Stage(work).press("r").state.id == newer
    assert Stage(work).press("enter").state.id == older


def test_what_was_left_long_ago_can_be_closed():
    work = opened()
    left_behind(work, days=20)
    stage = Stage(work)
    assert (
        work.messages("de")("start.unfinished-old", title="", moment="", days=20).split("·")[2].strip() in stage.text()
    )
    stage.press("x")
    (note,) = work.paths.notes.rglob("*.md")
    assert note.name in stage.text().replace("\n ", "")
    assert not work.waiting()
    assert work.leading is None


def test_what_was_left_lately_is_closed_by_the_second_key_in_a_row():
    work = opened()
    left_behind(work)
    asks = work.messages("de")("start.close-again")
    stage = Stage(work).press("x")
    assert asks in stage.text()
    assert work.waiting()
    assert asks not in stage.press("down").press("up").text()
    assert asks in stage.press("x").text()
    assert work.waiting()
    stage.press("x")
    assert not work.waiting()
    assert len(list(work.paths.notes.rglob("*.md"))) == 1


def test_a_note_that_the_disk_refuses_is_not_called_written(home: Path):
    work = opened()
    left_behind(work)
    work.paths.notes.write_bytes(b"a file where the folder should be")
    stage = Stage(work).press("x").press("x")
    assert work.messages("de")("note.not-saved", reason="").strip() in stage.text()
    work.paths.notes.unlink()
    assert ".md" in Stage(work).text().replace("\n ", "")
    assert len(list(work.paths.notes.rglob("*.md"))) == 1
    assert not list(work.paths.sessions.iterdir())


@pytest.mark.parametrize(("then", "notes", "left"), [("offer", 0, 1), ("note", 1, 0), ("remove", 0, 0)])
def test_what_becomes_of_old_sessions(home: Path, then: str, notes: int, left: int):
    settings(home, f"unfinished_then: {then}\n")
    work = opened()
    left_behind(work, days=20)
    Stage(work)
    assert len(list(work.paths.notes.rglob("*.md"))) == notes
    assert len(work.waiting()) == left
    assert work.leading is None


def test_damaged_and_used_sessions_are_listed_and_left_alone():
    work = opened()
    damaged = work.paths.sessions / f"{left_behind(work)}.journal"
    damaged.write_bytes(b"no journal at all\n")
    used = opened().start("rude", "de", "phone")
    stage = Stage(work)
    words = work.messages("de")
    assert words("start.damaged", name=damaged.stem)[:40] in stage.text()
    assert words("start.in-use", title="", moment="").split("·")[2].strip() in stage.text()
    for key in ("up", "x", "enter", "up", "x", "enter", "r"):
        assert isinstance(stage.press(key).place, StartPlace)
    assert damaged.read_bytes() == b"no journal at all\n"
    used.journal.close()


def test_faulty_files_are_counted_and_a_type_of_them_says_why(home: Path):
    folder = home / "deescalate" / "config" / "checklists" / "de"
    folder.mkdir(parents=True)
    folder.joinpath("own.yaml").write_text("format: 1\nid: [\n", encoding="utf-8")
    stage = Stage(opened())
    assert stage.workplace.messages("de").count("start.faults", 1) in stage.text()


# --- the note


def test_a_note_is_saved_as_soon_as_the_disk_takes_it(home: Path):
    work = opened()
    stage = call(work)
    work.paths.notes.write_bytes(b"a file where the folder should be")
    stage.press("q", "=Frechheit\r", "x", "g")
    assert work.messages("de")("note.not-saved-keep")[:40] in stage.text()
    stage.place.tick()
    work.paths.notes.unlink()
    stage.place.tick()
    assert work.messages("de")("note.saved", path="").strip() in stage.text()
    assert not list(work.paths.sessions.iterdir())


def test_no_session_is_promised_where_the_disk_has_neither_note_nor_session(home: Path):
    (home / "deescalate").write_bytes(b"a file where the folder should be")
    stage = call()
    stage.live.journal.sync()
    stage.press("q", "=Frechheit\r", "x", "g")
    words, text = stage.workplace.messages("de"), " ".join(stage.text().split())
    assert words("plain.lost") in text
    assert words("note.not-saved-keep")[:40] not in text


def test_a_journal_that_cannot_be_removed_does_not_make_the_note_unsaved(monkeypatch: pytest.MonkeyPatch):
    work = opened()
    stage = call(work)
    journal = stage.live.journal

    def refuse() -> None:
        raise FileFault(str(journal.path), "disk-error", error="EIO")

    monkeypatch.setattr(journal, "remove", refuse)
    stage.press("x", "g")
    assert isinstance(stage.place, NotePlace)
    assert work.messages("de")("note.saved", path="").strip() in stage.text()
    stage.place.tick()
    journal.close()
    Stage(opened())
    assert len(list(work.paths.notes.rglob("*.md"))) == 1
    assert not list(work.paths.sessions.glob("*.journal"))


def test_after_the_note_the_next_call(home: Path):
    stage = call().press("x", "g", "enter")
    assert isinstance(stage.place, StartPlace)
    assert isinstance(stage.press("1").place, SessionPlace)
    assert call().press("x", "g", "escape").left == Exit.OK


def test_space_and_enter_pick_nothing_that_was_not_reached():
    for key in ("t", "g", "!", "x"):
        stage = call()
        before = stage.state.call
        stage.press(key, "space", "enter", "space")
        assert stage.state.question is not None, key
        assert (stage.state.call, stage.state.card, stage.state.sign) == (before, "", ""), key
    stage = call().press("t", "down", "enter")
    assert stage.state.call.checklist.id == "direct"


def test_a_mispressed_level_is_corrected_by_the_next_key():
    assert call().press("4", "1").state.call.level == 1
    assert call().press("2", "4", "u").state.call.level == 2
    assert asked(call().press("4", "q")) == "quote"


def test_what_is_noted_while_the_sign_is_up_is_noted():
    stage = call().press("g", "a", "n", "=hört mit\r")
    assert stage.state.sign == ""
    assert [note.text for note in stage.state.call.remarks] == ["hört mit"]


def test_the_sentence_of_a_limit_stays_until_the_call_moves_on():
    stage = call().press("w")
    said = stage.live.book.rungs()[0].say[0]
    assert said in stage.text()
    assert said in stage.press("j", "k").text()
    assert said in stage.press("n", "escape").text()
    assert said not in stage.press("space").text()


def test_a_space_too_many_is_not_typed():
    line = typed(Line(), " ")
    assert line == Line()
    assert typed(Line("a", 1), " ").text == "a "


def test_what_stands_is_what_a_line_begins_with():
    stage = call().press("a", "=Geld zurück\r", "i", "=4711\r")
    assert "› Geld zurück" in stage.press("a").text()
    assert "› 4711" in stage.press("escape", "i").text()
    stage.press("=\r")
    assert stage.state.call.ticket == "4711"
