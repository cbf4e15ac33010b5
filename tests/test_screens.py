"""Every screen as text, for every language and many sizes: what it looks like, and what holds whatever happens."""

from __future__ import annotations

import os
import random
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from samples import applied
from stage import COUNTRIES, Stage, Watch, opened

from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import CHANNELS, LANGUAGES
from deescalate_tui.call.keys import keymap
from deescalate_tui.clean import hostile
from deescalate_tui.errors import FileFault
from deescalate_tui.opening import Opening
from deescalate_tui.screens.footer import session_hints
from deescalate_tui.screens.line import LIMIT, Line, pressed, typed, with_line
from deescalate_tui.screens.overlays import Reader, reader_page
from deescalate_tui.screens.presenter import level_text, quoted, session_view
from deescalate_tui.screens.rows import BLANK, BLOCKS, Page, Row, clip, merged, span, text_of, width_of
from deescalate_tui.tui.reader import NotePlace
from deescalate_tui.tui.session import SessionPlace

SIZES = {"de": ((80, 24), (120, 40), (60, 20), (40, 12), (20, 5)), "nl": ((80, 24),), "no": ((80, 24),)}
TYPES = ("direct", "timid", "aggressive", "rude")
REQUEST = {
    "de": "Zweimal abgebucht, möchte das Geld heute zurück",
    "nl": "Twee keer afgeschreven, wil het geld vandaag terug",
    "no": "Trukket to ganger, vil ha pengene tilbake i dag",
}
QUOTE = {
    "de": "Ihr habt mich jetzt das dritte Mal angelogen",
    "nl": "Jullie liegen nu al voor de derde keer tegen me",
    "no": "Dere har løyet til meg for tredje gang",
}
WORD = {"de": "geld", "nl": "geld", "no": "penger"}
GOLDEN = Path(__file__).parent / "golden"


def call(home: Path | None, language: str, *keys: str, type_id: str = "aggressive", walked: int = 0) -> Stage:
    """A call 83 seconds after its start, so many steps into its list, after these keys."""
    watch = Watch()
    work = opened(home, watch, country=COUNTRIES[language], language=language)
    stage = Stage(work, Opening(type_id, language, "phone", "4711"))
    watch.seconds = 83
    return stage.walk(walked, REQUEST[language]).press(*keys)


def start(home: Path, language: str) -> Stage:
    """The start screen with one session left lying for an hour and one for twenty days."""
    watch = Watch()
    work = opened(home, watch, country=COUNTRIES[language], language=language)
    for type_id, days in (("rude", 20), ("timid", 0)):
        watch.seconds -= days * 86_400
        live = work.start(type_id, language, "phone")
        live.journal.close()
        os.utime(live.journal.path, (work.clock.wall_ms() / 1000,) * 2)
        watch.seconds += days * 86_400 + 3600
    return Stage(work, Opening(language=language)).press("k")


def country(home: Path, language: str) -> Stage:
    return Stage(opened(home, country="", language=language), Opening(language=language)).press("down")


def walked(home: Path, language: str) -> Stage:
    """Every step done, and the question that every close begins with answered."""
    return call(home, language, walked=30)


SCENES: dict[str, Callable[[Path, str], Stage]] = {
    "start": start,
    "country": country,
    "first step": call,
    "in the middle": lambda home, it: call(home, it, "1", "2", "3", "w", walked=6),
    "another step": lambda home, it: call(home, it, "s", "j", "j"),
    "on hold": lambda home, it: call(home, it, "h", type_id="rude"),
    "a line": lambda home, it: call(home, it, "q", f"={QUOTE[it]}", walked=6),
    "a line of a step": lambda home, it: call(home, it, "space", type_id="direct", walked=2),
    "a date": lambda home, it: call(home, it, "p", "=...\r", type_id="timid"),
    "a choice": lambda home, it: call(home, it, "t", "down"),
    "the outcome": lambda home, it: call(home, it, "x", "down", walked=5),
    "a gate": lambda home, it: call(home, it, "x", "b", "a", walked=5),
    "a reason": lambda home, it: call(home, it, "x", "b", "a", "b", "=\r", walked=5),
    "all steps done": lambda home, it: call(home, it, walked=20),
    "aftercare": lambda home, it: call(home, it, "3", "1", "x", "a", "a", "a", walked=20),
    "the fork": lambda home, it: call(home, it, "4"),
    "threat": lambda home, it: call(home, it, "4", "t", "space", walked=3),
    "a line over a card": lambda home, it: call(home, it, "4", "v", "q", f"={QUOTE[it]}"),
    "headlines only": lambda home, it: call(home, it, "v", walked=6),
    "e-mail": lambda home, it: call(home, it, "c", "b", walked=6),
    "emergency": lambda home, it: call(home, it, "!", type_id="direct"),
    "a card": lambda home, it: call(home, it, "!", "s", walked=5),
    "find": lambda home, it: call(home, it, "/", f"={WORD[it]}"),
    "nothing found": lambda home, it: call(home, it, "/", "=qqq"),
    "help": lambda home, it: call(home, it, "?"),
    "steady": lambda home, it: call(home, it, "r"),
    "sign": lambda home, it: call(home, it, "g", "b"),
}


def notes(language: str, width: int, height: int) -> Iterator[tuple[str, Page]]:
    """The note after a call: saved, and refused by the disk."""
    messages = opened(country="DE").messages(language)
    lines = tuple((GOLDEN / f"note-{language}.md").read_text(encoding="utf-8").splitlines())
    fault = messages.fault(FileFault("/mnt/team", "disk-full"))
    heads = {
        "note": (messages("note.saved", path="/home/anna/notes/2026/11/2026-11-22T130512Z_6789abcd.md"),),
        "note not saved": (messages("note.not-saved", reason=fault), messages("note.not-saved-keep")),
    }
    for name, head in heads.items():
        yield name, reader_page(Reader(messages("note.title"), head, lines, 3), messages("note.end"), width, height)


@pytest.mark.parametrize("language", SIZES)
def test_how_the_screens_look(language: str, tmp_path: Path, golden: Callable[[str, str], None]):
    stages = {name: make(tmp_path / name, language) for name, make in SCENES.items()}
    for width, height in SIZES[language]:
        pages = [(name, stage.page(width, height)) for name, stage in stages.items()]
        texts = [f"== {name}\n{text_of(page.rows)}\n" for name, page in (*pages, *notes(language, width, height))]
        golden(f"screens/{language}-{width}x{height}.txt", "".join(texts))


# --- what holds of every screen


def check(page: Page, width: int, height: int) -> None:
    """As many rows as there are, none wider, and nothing in them that steers a terminal."""
    assert len(page.rows) == height
    for row in page.rows:
        text = "".join(piece for piece, _ in row)
        assert width_of(row) <= width, text
        assert not hostile(text)
        assert "\n" not in text


HOSTILE = (
    "[/b]",
    "[red]",
    "\x1b[31m",
    "\u202eabc\u2066",
    "{request}",
    "％漢字🙂é\u0301",
    "x" * 5_000,
    "",
    "a\nb",
    "⚠️ ☠️",
)
KEYS = (
    *keymap().actions,
    *("space", "enter") * 5,
    *"abcdefgvs",
    *("escape", "tab", "ctrl+c", "pagedown", "pageup", "f5", "o", "²", "½", "9"),
    *(f"={text}\r" for text in HOSTILE),
    *(f"={text}" for text in HOSTILE),
)


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


def finish(stage: Stage) -> None:
    """Leave nothing behind that another start would offer."""
    for waiting in stage.workplace.waiting():
        if not waiting.in_use:
            stage.workplace.remove_waiting(waiting.id)
    if isinstance(stage.place, SessionPlace):
        stage.live.journal.remove()


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32),
    keys=st.integers(0, 60),
    sizes=st.lists(st.tuples(st.integers(1, 200), st.integers(1, 60)), min_size=1, max_size=4),
    language=st.sampled_from(LANGUAGES),
    type_id=st.sampled_from(("", *TYPES)),
    place=st.sampled_from(("", "DE", "NO")),
)
def test_whatever_is_pressed_at_whatever_size(
    shared_home: Path,
    seed: int,
    keys: int,
    sizes: list[tuple[int, int]],
    language: str,
    type_id: str,
    place: str,
):
    chance = random.Random(seed)
    work = opened(shared_home, country=place, language=language)
    stage = Stage(work, Opening(type_id, language, chance.choice(CHANNELS)))
    for _ in range(keys):
        stage.press(chance.choice(KEYS))
        stage.place.tick()
        for width, height in sizes:
            check(stage.page(width, height), width, height)
    finish(stage)


def flat(text: str) -> str:
    """The words of a screen in one line, whatever the rows they are on."""
    return " ".join(text.replace("▌", " ").replace("┆", " ").split())


def steps_of(stage: Stage) -> Iterator[str]:
    """Every step the checklist has, at each level made the current one in a call where it is offered."""
    first, seen = stage.state, set[tuple[str, int]]()
    for channel in CHANNELS:
        for level in (0, 3, 4):
            for possible in ("yes", "partly", "no"):
                heard = (ev.ChannelChanged(channel), ev.RequestPinned(REQUEST[stage.opening.language]))
                call = applied(first, *heard, ev.LevelHeard(level), ev.FieldAnswered("possible", possible))
                for state in (call, applied(call, ev.Ended("resolved"), ev.AftercareBegun())):
                    for _, step in state.call.path():
                        if (step.id, level) not in seen:
                            seen.add((step.id, level))
                            stage.live.state = applied(state, ev.WentTo(step.id))
                            yield step.id


@pytest.mark.parametrize("type_id", TYPES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_fits_a_screen_of_80_by_24(language: str, type_id: str):
    stage = Stage(opened(country=COUNTRIES[language]), Opening(type_id, language, "phone"))
    messages, keys = stage.live.messages, stage.workplace.keymap
    hints = {hint.label: f"{hint.key} {hint.label}" for hint in session_hints(keys, messages)}
    seen = set()
    for step_id in steps_of(stage):
        seen.add(step_id)
        focus = session_view(stage.state, stage.live.book, messages).focus
        assert focus is not None
        spoken = focus.say[:1]
        for keys_then in ((), ("w",), ("w",), ("q",)):
            text = stage.press(*keys_then).text()
            expected = [focus.do, *spoken, REQUEST[language], level_text(stage.state.call.level, messages)]
            if keys_then != ("q",):
                assert all(hints[messages(f"key.{name}")] in text.splitlines()[-1] for name in ("emergency", "help"))
            assert [words for words in expected if words not in flat(text)] == [], text
    assert seen == {step.id for _, step in stage.state.call.checklist.steps()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_is_whole_on_a_screen_of_80_by_24_and_ends_well_on_60_by_20(language: str):
    for place in ("", "DE", "AT", "CH", "NL", "BE", "NO"):
        stage = Stage(opened(country=place), Opening("rude", language, "phone"))
        cards = stage.live.book.cards
        assert cards is not None
        for card in cards.cards:
            stage.live.state = applied(stage.state, ev.CardOpened(card.id, card.title))
            rules = [
                stage.live.messages(f"card.end.{card.end}.phone"),
                stage.live.messages(f"card.escalate.{card.escalate}"),
            ]
            do = [stage.live.messages.keyed(text) for text in card.do]
            words = [card.title, card.cue, *do, *(quoted(line, language) for line in card.say), card.avoid, *rules]
            text = stage.text()
            assert [part for part in words if part not in flat(text)] == [], text
            small = stage.text(60, 20)
            assert [part for part in (*do, *rules) if part not in flat(small)] == [], small


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
def test_the_footer_leaves_out_the_least_important_first(language: str):
    work = opened(ui_language=language)
    stage = Stage(work, Opening("rude", "de", "phone"))
    for width in range(24, 200):
        foot = stage.text(width, 24).splitlines()[-1]
        keys = ["!", "?", "s"][: 1 + (width >= 40) + (width >= 60)]
        assert len(foot) <= width
        assert [key for key in keys if f" {key} " not in foot] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)])
def test_the_last_row_names_no_key_that_is_text(language: str, size: tuple[int, int]):
    stage = call(None, language, "q")
    messages = stage.live.messages
    foot = stage.text(*size).splitlines()[-1]
    assert foot == f" {messages('ask.hint-line')} · F2 {messages('key.emergency')}"
    assert messages("key.skip") not in foot
    assert messages("key.skip") in stage.press("escape").text(*size).splitlines()[-1]


def test_words_to_say_are_announced_only_where_they_stand():
    stage = call(None, "no", "w")
    announced = "Grense 1 av 3, si nå:\n   ▌ «Jeg vil gjerne hjelpe deg."
    assert announced in stage.text(80, 24)
    assert "Grense 1 av 3, si nå:" not in stage.press("g").text(80, 24)
    assert announced in stage.press("escape").text(80, 24)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_one_says_to_oneself_looks_like_nothing_spoken(language: str):
    stage = call(None, language, walked=1)
    focus = session_view(stage.state, stage.live.book, stage.live.messages).focus
    assert focus is not None
    assert focus.inner
    inner = [row for row in stage.page(80, 24).rows if "┆" in text_of((row,))]
    assert flat(text_of(inner)) == " ".join(focus.say)
    assert not set("„“‘’«»") & set(text_of(inner))
    assert "say" not in {style for row in inner for _, style in row}
    spoken = [row for row in stage.walk(6, "W").page(80, 24).rows if "▌" in text_of((row,))]
    assert {style for row in spoken for _, style in row} == {"say"}
    assert {"de": "„", "nl": "‘", "no": "«"}[language] in text_of(spoken)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_labels_of_the_details_stay_in_their_rows(language: str):
    """Where there is room for three rows to say something and for the details."""
    stage = Stage(opened(country=COUNTRIES[language]), Opening("aggressive", language, "phone"))
    places = set()
    for _ in steps_of(stage):
        focus = session_view(stage.state, stage.live.book, stage.live.messages).focus
        rows = stage.text().splitlines()
        assert focus is not None
        shown = [label for label, _ in focus.details if any(row.startswith(f"      {label} ") for row in rows)]
        if len(shown) == len(focus.details) > 0:
            places.add(next(y for y, row in enumerate(rows) if row.startswith(f"      {shown[0]} ")))
    assert len(places) <= 2, places


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "height"), [(60, 20), (40, 12), (30, 8)])
def test_a_card_can_be_read_whole_in_a_small_window(language: str, width: int, height: int):
    stage = Stage(opened(country=COUNTRIES[language]), Opening("rude", language, "phone"))
    cards, messages = stage.live.book.cards, stage.live.messages
    assert cards is not None
    for card in cards.cards:
        stage.live.state = applied(stage.state, ev.CardOpened(card.id, card.title))
        pages = [stage.text(width, height)]
        while (page := stage.press("down").text(width, height)) != pages[-1]:
            assert "↓" in pages[-1]
            pages.append(page)
        assert "↓" not in pages[-1]
        assert len(pages) == 1 or "↑" in pages[-1]
        body = [page.splitlines()[1:-1] for page in pages]
        whole = flat(" ".join([*body[0], *(page[-1] for page in body[1:])]))
        rules = [messages(f"card.end.{card.end}.phone"), messages(f"card.escalate.{card.escalate}")]
        kept = [*map(messages.keyed, card.do), *(quoted(line, language) for line in card.say[:1]), *rules]
        assert [words for words in kept if words not in whole] == [], whole
        assert stage.press("up", *["pageup"] * 9).text(width, height) == pages[0]


def test_what_a_card_does_without_first():
    stage = Stage(opened(country="DE"), Opening("rude", "de", "phone"))
    cards = stage.live.book.cards
    assert cards is not None
    card = cards.find("suicide")
    assert card is not None
    stage.live.state = applied(stage.state, ev.CardOpened(card.id, card.title))
    marks = [card.cue, card.avoid, quoted(card.say[1], "de")]
    shown = [[words in flat(stage.text(78, height)) for words in marks] for height in range(26, 8, -1)]
    assert shown[0] == [True] * 3
    assert shown[-1] == [False] * 3
    assert all(sorted(each) == each for each in shown)


def test_no_list_repeats_the_headline_in_a_small_window():
    stage = call(None, "de")
    assert stage.text(40, 12).count("▸") == 1
    assert stage.text(60, 20).count("▸") == 3  # the phase, the list, the headline


@pytest.mark.parametrize("keys", [("w",), ("q",), ("t",)])
def test_beside_a_panel_the_eye_need_not_travel(keys: tuple[str, ...]):
    """What is asked, or to be said, stands two rows below the step at most."""
    stage = call(None, "de", walked=6)
    before = stage.text(120, 40).splitlines()
    last = max(y for y, row in enumerate(before[:-1]) if row.partition("│")[0].strip())
    after = stage.press(*keys).text(120, 40).splitlines()
    assert after[last + 1].partition("│")[0].strip() == ""
    assert after[last + 2].partition("│")[0].strip() != ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_explains_every_key_and_mark(language: str):
    stage = call(None, language, "?")
    messages = stage.live.messages
    first = stage.text()
    assert messages("key.level0.long") in first.splitlines()[2]
    assert "↓" in first.splitlines()[0]
    assert stage.press("j").text() != first
    assert stage.press("k").text() == first
    pages = [first, *(stage.press("pagedown").text() for _ in range(3))]
    seen = flat(" ".join(pages))
    assert "↓" not in pages[-1].splitlines()[0]
    assert [action for action in keymap().keys if messages(f"key.{action}.long") not in seen] == []
    assert [mark for mark in "✓»▸›▹◊▌┆" if f"\n {mark} " not in "\n".join(pages)] == []
    assert stage.press(*["pageup"] * 3).text() == first


def test_what_is_not_saved_is_said_at_every_usable_size(home: Path):
    (home / "deescalate").write_bytes(b"a file where the folder should be")
    stage = call(home / "deescalate", "de")
    stage.live.journal.sync()
    stage.place.tick()
    words = stage.live.messages("save.not-saved")
    for width in (20, 40, 80, 200):
        for height in (5, 12, 24, 60):
            assert words in stage.text(width, height)


def test_what_is_picked_is_always_in_sight(tmp_path: Path):
    stage = start(tmp_path, "de")
    for _ in range(6):
        for height in range(2, 30):
            assert "▸" in stage.text(80, height)
        stage.press("down")


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize(("width", "height"), [(80, 24), (60, 20), (40, 12), (20, 5)])
def test_a_note_can_be_read_to_its_last_line(home: Path, width: int, height: int, refused: bool):
    if refused:
        home.joinpath("notes").write_bytes(b"a file where the folder should be")
    stage = call(home, "de", "x", "g")
    assert isinstance(stage.place, NotePlace)
    last = stage.place._finished.text.splitlines()[-1]
    pages = [stage.text(width, height)]
    while (page := stage.press("space").text(width, height)) != pages[-1]:
        pages.append(page)
    assert last[-8:] in pages[-1]
    assert stage.press(*["down"] * 3).text(width, height) == pages[-1]
    assert "---" in stage.press(*["pageup"] * 500).text(width, height)
    assert stage.press(*["space"] * 500).text(width, height) == pages[-1]


# --- the input line


KEYS_OF_LINE = ("left", "right", "home", "end", "ctrl+left", "ctrl+right", "backspace", "delete", "ctrl+w", "ctrl+u")


@given(st.lists(st.one_of(st.sampled_from(KEYS_OF_LINE).map(lambda key: [key]), st.text())), st.integers(1, 60))
def test_a_line_whatever_is_done_to_it(doings: list[list[str] | str], width: int):
    line, page = Line(), Page((BLANK, BLANK), 1)
    for doing in doings:
        edited = typed(line, doing) if isinstance(doing, str) else pressed(line, doing[0])
        assert edited is not None
        line = edited
        assert 0 <= line.cursor <= len(line.text) <= LIMIT
        drawn = with_line(page, line, width)
        check(drawn, width, 2)
        assert [style for _, style in drawn.rows[1]].count("cursor") == 1 or width < 8


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        (("=!",), "eins zwei drei!|"),
        (("home", "=0 "), "0 |eins zwei drei"),
        (("ctrl+a", "right", "right", "backspace"), "e|ns zwei drei"),
        (("left", "left", "delete"), "eins zwei dr|i"),
        (("ctrl+left", "ctrl+left"), "eins |zwei drei"),
        (("home", "ctrl+right", "ctrl+right"), "eins zwei| drei"),
        (("ctrl+w", "ctrl+w"), "eins |"),
        (("ctrl+left", "ctrl+u"), "|drei"),
        (("home", "right", "ctrl+k"), "e|"),
        (("end", "right", "delete", "home", "left", "backspace"), "|eins zwei drei"),
        (("ctrl+u", "=e\u0301\u0323", "left"), "|e\u0301\u0323"),
        (("ctrl+u", "=a\u0323\u0302b", "left", "backspace"), "|b"),
    ],
)
def test_keys_in_a_line(keys: tuple[str, ...], result: str):
    line = Line("eins zwei drei", 14)
    for key in keys:
        line = typed(line, key[1:]) if key.startswith("=") else pressed(line, key) or line
    result = unicodedata.normalize("NFC", result)
    assert f"{line.text[: line.cursor]}|{line.text[line.cursor :]}" == result


@pytest.mark.parametrize("key", ["enter", "escape", "up", "down", "tab", "f2", "ctrl+q", "ctrl+c", "pagedown"])
def test_keys_that_a_line_leaves_to_others(key: str):
    assert pressed(Line("eins", 2), key) is None


def test_a_line_takes_no_more_than_its_limit():
    line = typed(Line("a" * (LIMIT - 3), 1), "b" * 5_000)
    assert line == Line("a" + "bbb" + "a" * (LIMIT - 4), 4)


def test_what_is_typed_is_clean():
    assert typed(Line(), "a\x1b[31m\u202eb\r\nc\td").text == "a[31mb c d"


def test_the_cursor_of_a_long_line_stays_in_sight():
    line = Line("".join(f"{number:03}" for number in range(100)), 300)
    for _ in range(300):
        _, (before, _), (under, _), *after = with_line(Page((BLANK,), 0), line, 30).rows[0]
        assert line.text[: line.cursor].endswith(before)
        assert line.text[line.cursor :].startswith(under) or (under == " " and line.cursor == 300)
        assert line.cursor > 294 or len(after[0][0]) >= 5
        line = pressed(line, "left") or line
    assert with_line(Page((BLANK,), 0), line, 30).rows[0][2] == ("0", "cursor")


# --- rows


PIECES = st.lists(st.tuples(st.text("ab 漢\u0323🙂", max_size=4), st.sampled_from(("", "dim", "danger", "cursor"))))


def cells(row: Row, width: int) -> list[tuple[str, str]]:
    """A row cell by cell as the terminal shows it; a blank has a style only where that can be seen."""
    found: list[tuple[str, str]] = []
    for text, style in row:
        for letter in text:
            if not cell_len(letter) and found:
                found[-1] = (found[-1][0] + letter, found[-1][1])
            found += [(letter, style if letter != " " or style in BLOCKS else "")] * cell_len(letter)
    return found + [(" ", "")] * (width - len(found))


@given(PIECES)
def test_merging_changes_nothing_that_can_be_seen(pieces: list[tuple[str, str]]):
    row = tuple(pieces)
    assert cells(merged(row), width_of(row)) == cells(row, width_of(row))


def test_no_span_steers_the_terminal():
    assert span("a\x1b[2Jb\nc\u202e") == ("a\ufffd[2Jb c\ufffd", "")


@pytest.mark.parametrize("width", range(1, 30))
def test_what_is_cut_ends_with_one_ellipsis(width: int):
    row = (span("enter alone: no date"), span(" · "), span("F2 emergency"))
    shown = text_of((clip(row, width),))
    assert shown.count("…") <= 1
    assert cell_len(shown) <= width
