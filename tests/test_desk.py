"""The team lead's desk: how it looks in each language, what its keys do, and that nothing of it can go wrong aloud."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk_stage import PROMISES, DeskStage, close_all, note, workplace
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_archive import put
from test_screens import check

from deescalate_tui import catalogues
from deescalate_tui.archive.schema import place
from deescalate_tui.desk import refreshed
from deescalate_tui.i18n import UI_LANGUAGES
from deescalate_tui.notes.front import Promise
from deescalate_tui.notes.note import IncidentNote
from deescalate_tui.notes.parse import parse
from deescalate_tui.screens.desk import WIDE
from deescalate_tui.screens.note_text import note_rows
from deescalate_tui.screens.rows import text_of

GOLDEN = Path(__file__).parent / "golden"
SIZES = {"de": ((80, 24), (60, 20), (130, 30)), "nl": ((80, 24),), "no": ((80, 24),), "en": ((60, 20),)}
WORDS = catalogues.load("de")
SHORT = note("de", 1).id[-8:]
"""Of the note whose promises are ticked off."""


def samples() -> tuple[IncidentNote, ...]:
    return (
        note("de", 1, commitments=PROMISES, follow_up="2026-11-22"),
        note("nl", 2),
        note("no", 3),
        replace(note("de", 4), started="2026-11-21T09:00:00+01:00", customer_type="sarkastisch", ticket=""),
    )


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    close_all()


@pytest.fixture
def stage(tmp_path: Path) -> DeskStage:
    return DeskStage(workplace(tmp_path / "here", *samples()))


def newest(stage: DeskStage, short: str) -> IncidentNote:
    paths = stage.workplace.paths.notes.rglob(f"*{short}*.md")
    return max((parse(path.read_text(encoding="utf-8")) for path in paths), key=lambda it: it.revision)


def listed(stage: DeskStage, words: str) -> int:
    return sum(words in line for line in stage.text().split("─")[0].split("\n"))


SCENES: dict[str, tuple[str, ...]] = {
    "notes": (),
    "the second, newest first": ("s", "down"),
    "filter": ("/", "=router"),
    "a filter that cannot be": ("/", '="router'),
    "nothing found": ("/", "=qqq\r"),
    "due": ("2", "down"),
    "ticked off": ("2", "down", "space"),
    "unread": ("3",),
    "help": ("?",),
    "reading": ("enter", "down"),
}


@pytest.mark.parametrize("language", SIZES)
def test_how_the_desk_looks(language: str, tmp_path: Path, golden: Callable[[str, str], None]):
    texts = dict.fromkeys(SIZES[language], "")
    for number, (name, keys) in enumerate(SCENES.items()):
        work = workplace(tmp_path / str(number), *samples())
        (work.paths.notes / "2026" / "11" / "2026-11-01T000000Z_00000009.md").write_text("hallo")
        stage = DeskStage(work, language).press(*keys)
        for width, height in SIZES[language]:
            page = stage.page(width, height)
            check(page, width, height)
            texts[width, height] += f"== {name}\n{text_of(page.rows)}\n"
    for (width, height), text in texts.items():
        golden(f"screens/desk-{language}-{width}x{height}.txt", text)


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_it_fits_any_window_and_is_empty_where_nothing_is(language: str, tmp_path: Path):
    for stage in (
        DeskStage(workplace(tmp_path / "none"), language),
        DeskStage(workplace(tmp_path, *samples()), language),
    ):
        for keys in SCENES.values():
            stage.press(*keys)
            for width, height in ((1, 1), (7, 3), (20, 5), (40, 15), (59, 16), (WIDE, 24), (WIDE - 1, 60), (240, 70)):
                page = stage.page(width, height)
                check(page, width, height)
            stage.press("escape", "escape", "escape", "1")


def test_threats_come_first_or_the_newest(stage: DeskStage):
    assert " ! " in stage.picked()
    assert WORDS("note.type.direct") not in stage.press("s").picked() or " ! " not in stage.picked()
    order = [line[5:15] for line in stage.text().split("\n")[3:7]]
    assert order == sorted(order, key=lambda day: day[6:] + day[3:5] + day[:2], reverse=True)


def test_the_filter_holds_as_one_types_and_escape_takes_it_away(stage: DeskStage):
    assert "4 Einträge" in stage.text()
    assert "2 Einträge" in stage.press("/", "=ersatzrou").text()
    assert "1 Eintrag\n" in stage.press("=ersatzrou -werkdagen ticket:t-4711").text()
    stage.press("=ersatzrou type:")
    assert "fehlt der Wert" in stage.text()
    assert "1 Eintrag\n" in stage.text()  # what could be understood still holds
    stage.press("=ersatzrou\r")
    assert "Filter: ersatzrou" in stage.text()
    assert "2 Einträge" in stage.text()
    assert "4 Einträge" in stage.press("escape").text()


@pytest.mark.parametrize(
    "query", ['"', "type:", "OR", "-", "*", ":", "due:nie", "x" * 500, "\\", "'; DROP TABLE notes", "a OR", "level:9"]
)
def test_no_filter_ends_the_desk(stage: DeskStage, query: str):
    check(stage.press("/", f"={query}").page(), 80, 24)
    assert "4 Einträge" in stage.press("=", "escape").text()


def test_the_alias_is_nowhere(tmp_path: Path):
    stage = DeskStage(workplace(tmp_path, *(replace(it, agent="amselgrund") for it in samples())))
    for keys in SCENES.values():
        stage.press(*keys)
        for size in ((80, 24), (200, 120)):
            assert "amselgrund" not in stage.text(*size)
        stage.press("escape", "escape", "1")


def test_a_promise_is_ticked_off_and_stays_in_its_place_until_the_list_is_read_anew(stage: DeskStage):
    stage.press("2")
    assert "Ersatzrouter" in stage.picked()
    assert "Abgehakt: Ersatzrouter" in stage.press("space").text()
    assert stage.picked().startswith(" ▸ ✓")
    assert newest(stage, SHORT).commitments[0].kept == "2026-11-22"
    assert "Wieder offen" in stage.press("u").text()
    assert newest(stage, SHORT).commitments[0].kept == ""
    assert "✓" not in stage.picked()
    stage.press("space", "space")  # the same key twice takes it back
    assert newest(stage, SHORT).revision == 5
    stage.press("space", "down", "space")
    assert listed(stage, "Ersatzrouter") == 2
    assert listed(stage.press("r"), "Ersatzrouter") == 1
    assert newest(stage, SHORT).commitments[0].kept
    for _ in range(2):
        stage.press("u")
    assert listed(stage, "Ersatzrouter") == 2
    assert "nichts abgehakt" in stage.press("u").text()


def test_the_number_of_what_is_due_follows(stage: DeskStage):
    assert f"2 {WORDS('desk.due')} 2" in stage.text()  # Friday's promise, and today's next contact
    assert f"2 {WORDS('desk.due')} 1" in stage.press("2", "space").text()


def test_a_tick_that_cannot_be_written_is_said(stage: DeskStage):
    stage.press("2")
    for path in stage.workplace.paths.notes.rglob("*.md"):
        path.write_text("damaged")
    text = stage.press("space").text()
    assert "Abgehakt" not in text
    assert stage.place._lists.wrong


def test_it_opens_at_once_and_says_that_it_reads(tmp_path: Path):
    stage = DeskStage(workplace(tmp_path, *samples()), late=True)
    text = stage.text()
    assert WORDS("desk.refreshing") in text
    assert WORDS("desk.first") in text
    assert "4 Einträge" in stage.work().text()


def test_what_is_picked_stays_picked_when_new_notes_arrive(stage: DeskStage):
    picked = stage.press("s", "down", "down").picked()
    row = stage.text().split("\n").index(picked)
    for number in range(3):
        put(stage.workplace.paths, replace(note("nl", 90 + number), started=f"2026-11-25T10:0{number}:00+01:00"))
    assert stage.press("r").picked() == picked
    assert "7 Einträge" in stage.text()
    assert stage.text().split("\n").index(picked) in (row, row + 3)


def test_the_preview_of_a_promise_begins_with_the_promise(tmp_path: Path):
    what = "Ersatzrouter per Express senden, danach anrufen und nach der Verbindung fragen, auch im Keller"
    stage = DeskStage(workplace(tmp_path, note("de", 1, commitments=(Promise(what, "2026-11-20"),), follow_up="")))
    for size in ((60, 20), (80, 24), (130, 30)):
        shown = " ".join(stage.press("2").text(*size).replace("│", " ").split())
        told = "Termin: Fr 20.11.2026 · überfällig: 2 Tage · Ticket: T-4711" if size[0] == 80 else "Ticket: T-4711"
        assert told in shown, size
        assert shown.index("Termin:") < shown.index("Gesprächsnotiz"), size
        if size[0] < 100:
            assert what in shown


def test_a_ticket_is_whole_where_words_give_way(tmp_path: Path):
    stage = DeskStage(workplace(tmp_path, note("de", 1, commitments=PROMISES, ticket="T-3528190-22")))
    for width in (60, 80, 116, 130):
        for view in ("1", "2"):
            assert "T-3528190-22 " in stage.press(view).text(width, 24).split("\n")[3]
    assert "14:05" in stage.press("1").text(130, 30).split("\n")[3]


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_a_type_is_whole_beside_a_note_and_above_one(tmp_path: Path, language: str):
    stage = DeskStage(workplace(tmp_path, note("nl", 1, customer_type="timid")), language)
    name = catalogues.load(language)("note.type.timid")
    for width in (60, 80, 116, 120, 130):
        assert f" {name} " in stage.text(width, 40).split("\n")[3], width


def test_a_narrow_list_of_promises_keeps_ticket_and_words(tmp_path: Path):
    promises = (Promise("zurückrufen", "2026-11-20"), Promise("Geld anweisen", "2026-11-24T14:05"))
    stage = DeskStage(workplace(tmp_path, note("de", 1, commitments=promises, follow_up="", ticket="T-352819")))
    late, early = stage.press("2").text(40, 12).split("\n")[3:5]
    assert late == " ▸ 2 Tage     T-352819  zurückrufen"
    assert early == "   24.11.2026 T-352819  Geld anweisen"
    assert stage.text(60, 20).split("\n")[4].startswith("              24.11.2026 T-352819      Geld anweisen")
    assert "24.11.2026 14:05 T-352819" in stage.text(80, 24).split("\n")[4]


def test_the_number_of_unreadable_files_is_there_at_once(tmp_path: Path):
    work = workplace(tmp_path, *samples())
    (work.paths.notes / "2026" / "11" / "2026-11-01T000000Z_00000009.md").write_text("hallo")
    refreshed(work, lambda *_: None)
    text = DeskStage(work, late=True).text()
    assert f"3 {WORDS('desk.unread')} 1" in text
    assert f"2 {WORDS('desk.due')} 2" in text


def test_where_no_file_can_be_read_it_is_not_said_that_there_is_no_note(tmp_path: Path):
    work = workplace(tmp_path, *samples())
    for path in work.paths.notes.rglob("*.md"):
        path.write_text("hallo")
    for view in ("1", "2"):
        assert WORDS("cli.none-readable") in DeskStage(work).press(view).text()


def test_a_note_is_read_whole_and_the_next_one_from_there(stage: DeskStage):
    first = stage.press("enter").text()
    assert WORDS("desk.reading")[:10] in first
    assert stage.press("right").text() != first
    assert stage.press("left").text() == first
    end = stage.press("end").text()
    assert "00:00 started" not in end  # the timeline is for programs
    assert stage.press("home").text() == first
    assert "▸" in stage.press("escape").text()


def test_a_note_that_is_gone_is_said_where_it_would_stand(stage: DeskStage):
    for path in stage.workplace.paths.notes.rglob("*.md"):
        path.unlink()
    assert WORDS("fault.missing") in " ".join(stage.text(100, 40).split())
    assert "0 Einträge" in stage.press("r").text()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be overwritten there")
def test_an_index_that_is_damaged_is_said_and_made_anew(stage: DeskStage):
    index = place(stage.workplace.paths.state, stage.workplace.paths.notes)
    for path in index.parent.glob(f"{index.name}*"):
        path.write_bytes(b"nothing of SQLite" * 4096)
    stage.late = True
    text = " ".join(stage.press("/").text(200, 40).split())
    assert WORDS("desk.rebuilding") in text
    assert "Befehl" not in text
    assert "2 Einträge" in stage.press("=router\r").work().text()


def test_a_folder_that_cannot_be_read_is_a_line(tmp_path: Path):
    work = workplace(tmp_path, *samples())
    stage = DeskStage(work)
    month = work.paths.notes / "2026"
    month.rename(tmp_path / "away")
    month.write_text("no folder")
    check(stage.press("r").page(), 80, 24)
    work.paths.notes.rename(tmp_path / "gone")
    work.paths.notes.write_text("no folder")
    assert WORDS("fault.not-a-folder")[:20] in " ".join(stage.press("r").text().split())


def test_keys_that_do_nothing_here_do_nothing(stage: DeskStage):
    before = stage.text()
    for key in ("q", "x", "space", "u", "9", "f5", "left", "ctrl+z"):
        assert stage.press(key).text() == before
    assert "Strg+Q" in stage.press("ctrl+c").text()
    assert not stage.left
    assert stage.press("ctrl+q").left


def test_a_click_picks_an_entry_and_a_second_one_opens_it(stage: DeskStage):
    stage.click(10, 5)
    assert stage.text().split("\n")[5] == stage.picked()
    assert "▸" not in stage.click(10, 5).text()
    assert "2026-11" not in stage.press("escape").click(20, 0).text()


# --- the text of a note


@pytest.mark.parametrize("language", ["de", "nl", "no"])
def test_a_note_as_people_read_it(language: str):
    text = (GOLDEN / f"note-{language}.md").read_text(encoding="utf-8")
    shown = text_of(note_rows(text, 79))
    for mark in ("---", "<!--", "```", "##", "- [", "*(", "\\"):
        assert mark not in shown, mark
    parsed = parse(text)
    assert parsed.agent not in shown
    for said in parsed.quotes:
        assert said.text in " ".join(shown.replace("▌", "").split())
    assert "started" not in shown


@given(st.text(max_size=400), st.integers(1, 120))
def test_any_text_is_shown_as_text(text: str, width: int):
    for row in note_rows(text, width):
        shown = "".join(piece for piece, _ in row)
        assert all(char.isprintable() or char in "\xa0 " or ord(char) > 0x7F for char in shown)
        assert "\x1b" not in shown


# --- the list grows under the cursor


def arrive(stage: DeskStage, *days: int) -> None:
    """Notes with promises that come before all others in the list of what is due."""
    for day in days:
        made = note("nl", 900 + day, commitments=(Promise(f"früher {day}", f"2026-10-{day:02}"),), follow_up="")
        put(stage.workplace.paths, replace(made, started=f"2026-10-{day:02}T10:00:00+02:00"))


def grown(stage: DeskStage, *days: int) -> None:
    """They are in the index, and the list is read anew; nothing is drawn."""
    arrive(stage, *days)
    refreshed(stage.workplace, lambda *_: None)
    stage.place._lists.reload()


@pytest.mark.parametrize("keys", [("2",), ("2", "down"), ("2", "end")])
def test_the_same_promise_stays_picked_while_the_list_grows(stage: DeskStage, keys: tuple[str, ...]):
    picked = stage.press(*keys).picked()
    for day in range(1, 25):
        grown(stage, day)
        assert stage.picked() == picked


def test_a_list_that_grew_between_drawing_and_key_ticks_what_was_seen(stage: DeskStage):
    assert "Ersatzrouter" in stage.press("2").picked()
    grown(stage, 1, 2)
    assert "Abgehakt: Ersatzrouter" in stage.press("space").text()
    assert newest(stage, SHORT).commitments[0].kept


def test_what_was_never_drawn_is_not_ticked(stage: DeskStage):
    stage.press("2").text()
    grown(stage, 1, 2)
    stage.place.key("up")
    text = stage.press("space").text()  # another note stands there than the screen showed
    assert WORDS("desk.moved")[:30] in text
    assert "früher 2" in stage.picked()
    assert all(it.revision == 1 for it in archived(stage))
    assert "Abgehakt: früher 2" in stage.press("space").text()


def test_where_the_picked_promise_is_gone_the_nearest_is_picked_and_not_ticked(stage: DeskStage):
    grown(stage, 1, 2, 3)
    assert "früher 2" in stage.press("2", "down").picked()
    for path in stage.workplace.paths.notes.rglob("*2026-10-02*.md"):
        path.unlink()
    refreshed(stage.workplace, lambda *_: None)
    stage.place._lists.reload()
    assert "früher 3" in stage.picked()
    assert WORDS("desk.moved")[:30] in stage.press("space").text()
    assert "Abgehakt: früher 3" in stage.press("space").text()


def test_the_note_that_is_read_stays_while_others_arrive_before_it(stage: DeskStage):
    text = stage.press("s", "enter").text()
    for number in range(3):
        put(stage.workplace.paths, replace(note("nl", 90 + number), started=f"2026-11-25T10:0{number}:00+01:00"))
    refreshed(stage.workplace, lambda *_: None)
    stage.place._lists.reload()
    assert stage.text() == text


def archived(stage: DeskStage) -> list[IncidentNote]:
    return [parse(path.read_text(encoding="utf-8")) for path in stage.workplace.paths.notes.rglob("*.md")]


def test_promises_of_expired_notes_are_a_number_and_overdue_is_a_filter(tmp_path: Path):
    old = note("nl", 7, commitments=(Promise("alt", "2025-01-02"),), follow_up="", expires="2026-11-21")
    stage = DeskStage(workplace(tmp_path, note("de", 1, commitments=PROMISES, follow_up=""), old))
    text = stage.press("2").text()
    assert "3 Einträge · 1 abgelaufen" in text
    assert f"{WORDS('desk.due')} 1 " in text
    assert "Ersatzrouter" in stage.press("/", "=due:overdue\r").picked()
    assert "1 Eintrag " in stage.text()
    assert "alt" in stage.press("escape", "/", "=expired:yes\r").picked()
