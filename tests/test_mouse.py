"""What the mouse does: what the pages say lies where, and which click is meant - without a terminal."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from stage import Stage, Watch, opened, spot
from textual import events

from deescalate_tui import catalogues
from deescalate_tui.call import commands as cmd
from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.call.keys import ACTIONS, Action, keymap
from deescalate_tui.errors import Exit
from deescalate_tui.opening import Opening
from deescalate_tui.screens.footer import DOT, LINE_KEYS, hinted
from deescalate_tui.screens.line import LEAD, Line, pointed, with_line
from deescalate_tui.screens.rows import BLANK, Cell, Does, Link, Page, link, span, text_of
from deescalate_tui.tui.app import Guide
from deescalate_tui.tui.pointer import GLANCE_S, Pointer
from deescalate_tui.tui.reader import NotePlace
from deescalate_tui.tui.session import SessionPlace

CALL = Opening("aggressive", "de", "phone")
WORDS = catalogues.load("de")


def call(**flags: str) -> Stage:
    return Stage(opened(**flags), CALL)


def asked(stage: Stage) -> str:
    return stage.state.question.kind if stage.state.question is not None else ""


def do_of(stage: Stage, place: int) -> str:
    """The headline of a step of the path."""
    return stage.state.call.path()[place][1].do


# --- in a session


def test_a_click_on_a_step_goes_there_and_on_its_headline_stays():
    stage = call()
    third = stage.state.call.path()[2][1]
    stage.click(third.do)
    assert stage.state.call.current == third.id
    before = stage.live.state
    assert stage.click(third.do).live.state == before
    assert stage.press("u").state.call.current != third.id


def test_a_click_on_the_headline_of_a_step_that_is_looked_at_goes_there():
    stage = call().press("j", "j")
    looked = stage.state.looking
    assert looked
    assert stage.click(do_of(stage, 2)).state.call.current == looked


def test_all_steps_of_the_phase_can_be_clicked_beside_a_wide_screen():
    stage = call()
    for _, step in stage.state.call.path()[:4]:
        page = stage.page(120, 40)
        rows = text_of(page.rows).split("\n")
        beside = next((x, y) for y, row in enumerate(rows) if (x := row.find(step.do[:20])) > 70)
        assert page.target(*beside) == cmd.GoTo(step.id)


def test_the_phases_lead_to_their_first_open_step():
    stage = call().walk(1)
    call_ = stage.state.call
    last = call_.phase_path("resolve")[0].id
    stage.click(call_.checklist.resolve.title)
    assert stage.state.call.current == last
    stage.click(call_.checklist.control.title)
    assert stage.state.call.current == call_.phase_path("control")[1].id


def test_a_phase_without_an_open_step_leads_nowhere():
    stage = call().walk(4)
    assert stage.page(80, 24).target(*spot(stage.page(80, 24), stage.state.call.checklist.control.title)) is None


@pytest.mark.parametrize("action", [action for action in ACTIONS if not action.id.startswith("level")])
def test_a_hint_does_what_its_key_does(action: Action):
    hint, key = f" {WORDS(f'key.{action.id}')}", action.keys[0]
    pressed, clicked = (call().press("space", "j") for _ in range(2))
    page = clicked.page(400, 24)
    assert page.target(*spot(page, hint)) == key
    pressed.press(key)
    clicked.click(hint, width=400)
    assert (clicked.text(), clicked.left) == (pressed.text(), pressed.left)


def test_hints_press_the_keys_of_the_settings(home: Path):
    config = home / "deescalate" / "config"
    config.mkdir(parents=True)
    (config / "settings.yaml").write_text("keys: {skip: [f4], up: [e], down: [z], level2: [f7]}\n", encoding="utf-8")
    stage = call().click(WORDS("key.skip"))
    assert [mark.done for mark in stage.state.call.marks.values()] == [False]
    stage.click(WORDS("key.level"), WORDS("level.2"))
    assert stage.state.call.level == 2
    start = Stage(opened(country="DE"), Opening(language="de"))
    assert start.page(80, 24).wheel == ("e", "z")


@pytest.mark.parametrize("words", ["level.none", "key.level"])
def test_the_levels_can_be_clicked(words: str):
    stage = call().click(WORDS(words))
    assert all(WORDS(f"level.{level}") in stage.text() for level in range(5))
    assert stage.click(WORDS("level.3")).state.call.level == 3
    assert WORDS("level.1") not in stage.text()
    assert stage.click(WORDS("key.level")).press("1").state.call.level == 1


def test_the_levels_cover_nothing():
    stage = call()
    before = stage.text()
    assert stage.click(WORDS("key.level")).text() != before
    assert stage.click(WORDS("help.back")).text() == before
    assert stage.click(WORDS("key.level"), do_of(stage, 1)).state.call.current == stage.state.call.path()[1][1].id
    assert asked(stage.click(WORDS("key.level")).press("!")) == "emergency"


def test_what_is_to_be_said_stays_where_nothing_comes_of_a_click():
    stage = call().press("w")
    said = stage.text().splitlines()[-3:]
    stage.click(do_of(stage, 0)[:20])
    assert stage.text().splitlines()[-3:] == said


def test_the_request_can_be_clicked():
    stage = call()
    assert asked(stage.click(stage.live.messages("view.request-hint"))) == "request"
    stage = call().press("a", "=Zweimal abgebucht\r").click("Zweimal abgebucht")
    assert asked(stage) == "request"


@pytest.mark.parametrize("keys", [("q",), ("x",), ("t",)])
def test_over_an_open_question_nothing_can_be_clicked(keys: tuple[str, ...]):
    stage = call().press(*keys)
    page = stage.page(80, 24)
    assert {page.target(x, y) for x in range(80) for y in range(13)} == {None}


def test_choices_are_picked():
    stage = call().press("c").click(WORDS("channel.email"))
    assert stage.state.call.channel == "email"
    title = stage.workplace.library.checklist("rude", "de").title
    assert stage.press("t").click(title).state.call.checklist.id == "rude"
    assert isinstance(stage.press("x").click(WORDS("outcome.aborted")).place, NotePlace)


def test_the_hints_of_a_question_can_be_clicked():
    stage = call().press("q", "=Ihr lügt").click("Enter")
    assert stage.state.call.quotes[0].text == "Ihr lügt"
    assert asked(stage.press("q").click("Esc")) == ""
    assert asked(stage.press("c").click("Esc")) == ""
    assert call().press("c", "down", "down").click("Enter").state.call.channel == "email"


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
def test_hints_of_all_languages_lead_where_they_say(language: str):
    words = catalogues.load(language)
    hints = [words(key) for key in words._texts if key.startswith("ask.hint-") or key == "find.hint"]
    assert len(hints) >= 7
    for hint in hints:
        for part, style in hinted(hint, "dim")[::2]:
            named = [key for name, key in LINE_KEYS.items() if name in part.casefold()]
            assert [style.does] * bool(named) == named if isinstance(style, Link) else not named, part
        assert "".join(text for text, _ in hinted(hint, "dim")) == hint
    (enter, leave) = words("note.end", key_leave="?").split(DOT)
    assert "enter" in enter.casefold()
    assert leave


def test_a_card_leads_back_and_to_the_others():
    stage = call().press("!", "s")
    assert asked(stage.click(WORDS("card.other", key_emergency="!"))) == "emergency"
    cards = stage.live.book.cards
    assert cards is not None
    first, *_ = cards.emergency()
    assert stage.click(first.title).state.card == first.id
    assert stage.click(WORDS("card.back")).state.card == ""


def test_a_hit_opens():
    stage = call().press("/", "=suizid")
    cards = stage.live.book.cards
    assert cards is not None
    found = cards.find("suicide")
    assert found is not None
    assert stage.click(found.title).state.card == "suicide"
    stage = call()
    stage.press("/").click(do_of(stage, 6)[:20], height=60)
    assert stage.state.call.current == stage.state.call.path()[6][1].id
    assert stage.place.line() is None
    assert asked(call().press("/").click("Esc")) == ""


@pytest.mark.parametrize("covered", [("?",), ("r",), ("g", "a")])
@pytest.mark.parametrize("cell", [(0, 0), (79, 23), (40, 11)])
def test_a_click_anywhere_uncovers(covered: tuple[str, ...], cell: tuple[int, int]):
    stage = call()
    before = stage.text()
    does = stage.press(*covered).page(80, 24).target(*cell)
    assert isinstance(does, str)
    assert stage.press(does).text() == before


def test_nothing_lies_where_nothing_is_written():
    page = call().page(80, 24)
    assert page.target(79, 12) is None
    assert page.target(10, 24) is None
    assert page.target(10, -1) is None
    assert page.target(200, 3) is None
    assert page.target(0, 0) is None


# --- start and note


def left_behind() -> Stage:
    """The start screen with one session left lying."""
    watch = Watch()
    work = opened(None, watch)
    live = work.start("rude", "de", "phone")
    live.journal.close()
    os.utime(live.journal.path, (work.clock.wall_ms() / 1000,) * 2)
    work.leading = None
    return Stage(work, Opening(language="de"))


def test_a_type_begins():
    stage = Stage(opened(), Opening(language="de"))
    title = stage.workplace.library.checklist("timid", "de").title
    assert stage.click(f"  {title}").state.call.checklist.id == "timid"


def test_an_unfinished_session_goes_on():
    stage = left_behind()
    stage.click("22.11.2026")
    assert isinstance(stage.place, SessionPlace)
    assert stage.state.call.checklist.id == "rude"


def test_the_country_and_the_hints_of_the_start():
    stage = Stage(opened(country=""), Opening(language="de"))
    stage.click("  Nor")
    assert stage.workplace.settings.country == "NO"
    stage.click(WORDS("key.channel"))
    assert WORDS("start.title-email") in stage.text()
    stage.click(WORDS("start.country"), WORDS("start.later"), width=120)
    assert WORDS("start.title-email") in stage.text()
    assert WORDS("help.title") in stage.click(WORDS("key.help")).text()
    assert WORDS("help.title") not in stage.click(WORDS("help.title")).text()
    stage.click(WORDS("key.language"))
    assert catalogues.load("nl")("start.title-email") in stage.text()
    assert stage.click(catalogues.load("nl")("key.leave")).left == Exit.OK


def test_the_note_is_copied_and_left():
    stage = call().press("x", "g")
    assert isinstance(stage.place, NotePlace)
    stage.click("(y ")
    assert len(stage.copied) == 1
    assert stage.page(80, 24).notch > 1
    stage.click(WORDS("note.end", key_leave="")[:8])
    assert WORDS("start.title") in stage.text()
    stage = call().press("x", "g")
    assert stage.click(WORDS("note.scroll")).left is None
    assert stage.click(WORDS("key.leave")).left == Exit.OK


WHEELS: dict[str, tuple[Does, Does] | None] = {
    "": (cmd.Look(-1), cmd.Look(1)),
    "q": None,
    "c": ("up", "down"),
    "/": ("up", "down"),
    "?": ("up", "down"),
    "r": None,
    "ga": None,
    "!s": None,
    "xg": ("up", "down"),
}


@pytest.mark.parametrize("keys", WHEELS)
def test_what_the_wheel_does(keys: str):
    assert call().press(*keys).page(80, 24).wheel == WHEELS[keys]


# --- whatever is clicked


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), size=st.sampled_from([(80, 24), (120, 40), (40, 12), (20, 5), (1, 1)]))
def test_whatever_is_clicked(tmp_path_factory: pytest.TempPathFactory, seed: int, size: tuple[int, int]):
    chance = random.Random(seed)
    stage = Stage(opened(tmp_path_factory.mktemp("home")), Opening(language="de"))
    for _ in range(30):
        page = stage.page(*size)
        assert len(page.rows) == size[1]
        cells = [(x, y) for y in range(size[1]) for x in range(size[0]) if page.target(x, y) is not None]
        does = page.target(*chance.choice(cells)) if cells else None
        if isinstance(does, str):
            stage.press(does)
        elif does is not None and not isinstance(does, Cell):
            stage.place.click(does)
        stage.press(*([chance.choice([*keymap().actions, "escape", "=x\r"])] if chance.random() < 0.3 else []))
    if isinstance(stage.place, SessionPlace):
        stage.put_down()


def test_a_link_is_its_style():
    row = (span("a", link("dim", "x")), span("b", "dim"))
    assert row == (("a", "dim"), ("b", "dim"))
    assert {"dim": 1}[row[0][1]] == 1


# --- the input line


@pytest.mark.parametrize(
    ("text", "cursor", "x", "expected"),
    [
        ("eins zwei", 9, 3, "|eins zwei"),
        ("eins zwei", 9, 5, "ei|ns zwei"),
        ("eins zwei", 0, 40, "eins zwei|"),
        ("eins zwei", 4, 0, "|eins zwei"),
        ("a漢b", 3, 4, "a|漢b"),
        ("a漢b", 3, 5, "a|漢b"),
        ("a漢b", 3, 6, "a漢|b"),
        ("e\u0323\u0301x", 0, 4, "e\u0323\u0301|x"),
        ("", 0, 7, "|"),
    ],
)
def test_the_cursor_goes_where_it_is_clicked(text: str, cursor: int, x: int, expected: str):
    line = pointed(Line(text, cursor), x, 60)
    assert f"{line.text[: line.cursor]}|{line.text[line.cursor :]}" == expected


@given(st.text("abc 漢\u0323", max_size=60), st.integers(0, 60), st.integers(3, 39))
def test_the_letter_that_is_clicked_is_under_the_cursor(text: str, cursor: int, x: int):
    line = Line(text, min(cursor, len(text)))
    drawn = with_line(Page((BLANK,), 0), line, 40).rows[0]
    shown = "".join(piece for piece, _ in drawn)[len(LEAD) :]
    at, letter = cell_len(LEAD), ""
    for each in shown:
        letter = each if cell_len(each) else letter
        at += cell_len(each)
        if at > x:
            break
    moved = pointed(line, x, 40)
    assert moved.text == text
    assert moved.cursor == len(text) or moved.text[moved.cursor] == letter or not cell_len(moved.text[moved.cursor])


# --- which click is meant


def mouse(kind: type[events.MouseEvent], x: int = 1, y: int = 1, at_s: float = 0, button: int = 1) -> events.MouseEvent:
    """A message of the driver."""
    event = kind(None, x, y, 0, 0, button, shift=False, meta=False, ctrl=False)
    event.time = at_s
    return event


def page(does: Does | None = "space", *, clock: str = "", row: str = "hier", around: Does | None = None) -> Page:
    style = link("dim", does) if does is not None else "dim"
    return Page(((span(clock),), (span(row, style),), (span("anderswo"),)), around=around, wheel=("up", "down"))


class Clicked:
    """A pointer on a page that has stood since the beginning, and what came of it."""

    def __init__(self, shown: Page | None = None) -> None:
        self.pointer = Pointer()
        self.pointer.painted(shown or page(), 0)

    def click(self, at_s: float, x: int = 1, y: int = 1, *, up: tuple[int, int] | None = None) -> list[Does]:
        """Down, and up after a tenth of a second."""
        down = self.pointer.does(mouse(events.MouseDown, x, y, at_s))
        assert list(down) == []
        return list(self.pointer.does(mouse(events.MouseUp, *(up or (x, y)), at_s + 0.1)))


def test_a_click_is_down_and_up_on_the_same_thing():
    assert Clicked().click(1) == ["space"]
    assert Clicked().click(1, up=(3, 1)) == ["space"]
    assert Clicked().click(1, up=(1, 2)) == []
    assert Clicked().click(1, 1, 2, up=(1, 1)) == []
    assert Clicked().click(1, 1, 2) == []


def test_only_one_thing_comes_of_a_click():
    it = Clicked()
    assert it.click(1) == ["space"]
    assert list(it.pointer.does(mouse(events.MouseUp, at_s=1.2))) == []
    assert it.click(1.3) == []
    assert it.click(1.1 + GLANCE_S) == ["space"]


@pytest.mark.parametrize("kind", [events.MouseDown, events.MouseUp, events.MouseMove, events.MouseScrollLeft])
def test_other_buttons_and_movements_do_nothing(kind: type[events.MouseEvent]):
    it = Clicked()
    for button in (0, 2, 3):
        assert list(it.pointer.does(mouse(events.MouseDown, at_s=1, button=button))) == []
        assert list(it.pointer.does(mouse(kind, at_s=1, button=button))) == []
        assert list(it.pointer.does(mouse(events.MouseUp, at_s=2, button=button))) == []


NEW: dict[str, Page] = {
    "another key": page("x"),
    "the same key of another question": page(row="dort"),
    "nothing": page(None),
    "a page that any key leaves": page(None, around="click"),
}


@pytest.mark.parametrize("new", NEW)
@pytest.mark.parametrize("painted_s", [0.7, 0.95, 1.05])
def test_a_click_never_means_what_was_painted_after_it_or_just_before(new: str, painted_s: float):
    it = Clicked()
    it.pointer.painted(NEW[new], painted_s)
    assert it.click(1) == []


def test_what_was_seen_for_long_enough_counts_although_the_clock_moved():
    it = Clicked(page(clock="00:01"))
    for second in range(1, 40):
        it.pointer.painted(page(clock=f"00:{second:02}"), second)
    it.pointer.painted(page(clock="00:40"), 39.99)
    assert it.click(40) == ["space"]
    it = Clicked()
    for tenth in range(1, 40):
        it.pointer.painted(page(None, row=f"{tenth}", around="click"), tenth / 10)
    assert it.click(4) == ["click"]


def test_a_click_on_a_page_that_nobody_remembers_does_nothing():
    assert list(Pointer().does(mouse(events.MouseScrollDown))) == []
    it = Clicked()
    for hundredth in range(50):
        it.pointer.painted(page(), 1 + hundredth / 1000)
    assert it.click(1.1) == []


@pytest.mark.parametrize("front_s", [0.9, 1.05])
def test_a_click_that_brings_the_window_to_the_front_does_nothing_else(front_s: float):
    it = Clicked()
    assert list(it.pointer.does(mouse(events.MouseDown, at_s=1))) == []
    it.pointer.wait(front_s)
    assert list(it.pointer.does(mouse(events.MouseUp, at_s=1.1))) == []
    assert it.click(2) == ["space"]


def test_the_wheel_does_what_the_page_says():
    it = Clicked(Page((BLANK,), wheel=("up", "down"), notch=3))
    assert list(it.pointer.does(mouse(events.MouseScrollUp, button=0))) == ["up"] * 3
    assert list(it.pointer.does(mouse(events.MouseScrollDown, button=0))) == ["down"] * 3
    assert list(Clicked(Page((BLANK,))).pointer.does(mouse(events.MouseScrollDown, button=0))) == []


# --- in the app


async def test_in_the_app_clicks_go_the_way_of_keys(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("deescalate_tui.tui.pointer.GLANCE_S", 0)
    app = Guide(opened(), CALL)
    async with app.run_test(size=(80, 24)) as pilot:

        async def click(words: str, more: int = 0) -> None:
            await pilot.pause()
            rows = app.canvas.text.split("\n")
            y = max(y for y, row in enumerate(rows) if words in row)
            for kind in (events.MouseDown, events.MouseUp):
                app.post_message(mouse(kind, rows[y].index(words) + more, y, app._pointer._pages[-1][0] + 1))
            await pilot.pause()

        place = app._place
        assert isinstance(place, SessionPlace)
        await click(place.live.messages("view.request-hint"))
        assert place.live.state.question is not None
        await pilot.press(*"Geldzurück")
        await click("Geldzurück", 4)
        await pilot.press("space")
        await click("Enter")
        assert place.live.state.call.request == "Geld zurück"
        await pilot.press("q", *"halb")
        await click("Esc")
        assert place.live.state.question is None
        assert place.live.state.drafts == {"quote": "halb"}
        for kind in (events.MouseScrollDown, events.MouseScrollDown, events.MouseScrollUp):
            app.post_message(mouse(kind, 5, 5, button=0))
        await pilot.pause()
        assert place.live.state.looking == place.live.state.call.path()[1][1].id
        app.post_message(events.AppFocus())
        await pilot.press("escape")
        assert not place.live.state.looking
    place.live.journal.close(2)
