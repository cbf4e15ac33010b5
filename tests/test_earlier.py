"""What the notes folder knows of a ticket: counted, worded, and never in the way of a call."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from note_samples import german
from stage import BEGAN, Stage, Watch, opened
from test_tui import shown

from deescalate_tui import catalogues
from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.call.questions import OUTCOMES
from deescalate_tui.errors import Exit
from deescalate_tui.ids import uuid7
from deescalate_tui.notes import earlier
from deescalate_tui.notes import folder as notes_folder
from deescalate_tui.notes.earlier import Search, earlier_text, look, same_ticket
from deescalate_tui.notes.front import Front, LevelRange, Promise, write_front
from deescalate_tui.notes.note import note_from, note_name
from deescalate_tui.opening import Opening
from deescalate_tui.plain.session import run_plain
from deescalate_tui.screens.rows import width_of

CALL = Opening("aggressive", "de", "phone", "4711")
PROMISES = (Promise("Brief", ""), Promise("Rückruf", "2026-11-24T15:00"), Promise("Ersatz senden", "2026-11-23"))
KNOWN = "Frühere Notizen: 2 · zuletzt 20.11.2026: noch offen, wir melden uns · bis Stufe 3 · "
PROMISED = "Zugesagt: Ersatz senden (Mo 23.11.2026) +2"


def put(notes: Path, ticket: str = "4711", days: float = 1, **changes: object) -> Path:
    """A note of a call so many days ago."""
    began = BEGAN - timedelta(days=days)
    front = replace(
        note_from(german()),
        **{"id": uuid7(int(began.timestamp() * 1000)), "started": began.isoformat(), "ticket": ticket, **changes},
    )
    path = notes / note_name(front)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{write_front(front)}\n\n# Notiz\n", encoding="utf-8")
    return path


@pytest.fixture
def notes(home: Path) -> Path:
    return opened().paths.notes


def two(notes: Path) -> None:
    """Two notes of the ticket, and others."""
    put(notes, days=40, outcome="escalated")
    put(notes, days=2, commitments=PROMISES, level=LevelRange(1, 3, 1))
    put(notes, "4712", days=1)
    put(notes, "", days=3)


def found(notes: Path, ticket: str = "4711") -> tuple[int, str, bool] | None:
    it = look(notes, ticket, Watch())
    return None if it is None else (it.number, it.last.outcome, it.whole)


# --- looking


def test_line_ends_and_mark_of_a_windows_editor_do_not_matter(notes: Path):
    path = put(notes)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    assert found(notes) == (1, "follow-up", True)


def test_a_note_that_was_broken_off_does_not_hide_how_it_really_ended(notes: Path):
    put(notes, days=0.5, outcome="aborted")
    assert found(notes) == (1, "aborted", True)
    two(notes)
    put(notes, days=0.1, outcome="aborted")
    assert found(notes) == (4, "follow-up", True)


def test_how_many_there_are_and_the_last_of_them(notes: Path):
    two(notes)
    assert found(notes) == (2, "follow-up", True)
    put(notes, days=0.1, outcome="resolved")
    put(notes, days=400, outcome="transferred")
    assert found(notes) == (4, "resolved", True)
    assert found(notes, "47") is None


@pytest.mark.parametrize(("one", "other"), [("T-Ä1", "t-ä1"), (" 4711", "4711\t"), ("STRASSE", "straße")])
def test_the_same_ticket(one: str, other: str, notes: Path):
    assert same_ticket(one, other)
    put(notes, one)
    assert found(notes, other) is not None


@pytest.mark.parametrize(("one", "other"), [("4711", "471"), ("", ""), (" ", ""), ("4711", "47 11"), (".*", "4711")])
def test_another_ticket(one: str, other: str, notes: Path):
    assert not same_ticket(one, other)
    put(notes, one)
    assert found(notes, other) is None


@pytest.mark.parametrize("ticket", ['a"b', "a\\b", "a\nb: c", "ø{}[]", "a\u2028b", "漢字", 'x"\noutcome: "resolved'])
def test_a_ticket_of_any_signs(ticket: str, notes: Path):
    put(notes, ticket)
    assert found(notes, ticket) == (1, "follow-up", True)


def test_no_folder_and_files_that_are_no_notes(notes: Path):
    assert found(notes) is None
    good = put(notes)
    for name, data in {
        "2026-11-22T130000Z_00000001.md": b"",
        "2026-11-22T130000Z_00000002.md": b"\xff\xfe\x00",
        "2026-11-22T130000Z_00000003.md": b'---\nticket: "4711"\n---\n',
        "2026-11-22T130000Z_00000004.md": b'---\nticket: "4711\\ud800"\n---\n',
        "2026-11-22T130000Z_00000005.md": b'---\nticket: "4711"\n' + b"x" * earlier.LIMIT,
        "2026-11-22T130000Z_00000006.md": good.read_bytes().replace(b"schema: 1", b"schema: 2"),
        "letter.md": good.read_bytes(),
    }.items():
        (good.parent / name).write_bytes(data)
    (good.parent / "2026-11-22T130000Z_00000007.md").mkdir()
    (notes / "2025" / "99x").mkdir(parents=True)
    (notes / "2024").write_bytes(b"")
    assert found(notes) == (1, "follow-up", True)


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
def test_links_are_not_followed_and_pipes_not_waited_for(notes: Path, tmp_path: Path):
    outside = put(tmp_path / "elsewhere")
    good = put(notes, days=2)
    (good.parent / "2026-11-22T130000Z_00000001.md").symlink_to(outside)
    os.mkfifo(good.parent / "2026-11-22T130000Z_00000002.md")
    assert found(notes) == (1, "follow-up", True)


def test_what_has_expired_is_not_told(notes: Path):
    put(notes, expires="2026-11-21")
    assert found(notes) is None
    put(notes, expires="2026-11-22", days=3)
    assert found(notes) == (1, "follow-up", True)


def test_a_corrected_note_counts_once_as_it_was_corrected(notes: Path):
    path = put(notes, id=uuid7(1), outcome="resolved", revision=2)
    other = path.with_name(path.name.replace(".md", ".1.md"))
    other.write_text(
        path.read_text(encoding="utf-8").replace("resolved", "aborted").replace("revision: 2", "revision: 1")
    )
    assert found(notes) == (1, "resolved", True)


def test_only_the_newest_are_looked_at(notes: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(earlier, "MOST", 3)
    for days in (1, 2, 400, 500):
        put(notes, days=days, outcome="resolved" if days == 1 else "aborted")
    assert found(notes) == (3, "resolved", False)
    put(notes, "another", days=0.5)
    put(notes, "another", days=0.4)
    put(notes, "another", days=0.3)
    assert found(notes) is None


def test_a_folder_that_is_too_slow_is_given_up(notes: Path, monkeypatch: pytest.MonkeyPatch):
    watch = Watch()
    for days in range(1, 6):
        put(notes, days=days)

    def slow(path: Path, key: str, limit: int) -> str:
        watch.seconds += earlier.LONGEST_S // 2 + 1
        return path.read_text(encoding="utf-8")

    monkeypatch.setattr(notes_folder, "read_note", slow)
    it = look(notes, "4711", watch)
    assert it is not None
    assert (it.number, it.whole) == (2, False)


# --- in words


def last(**changes: object) -> Front:
    return replace(note_from(german()), level=LevelRange(1, 3, 1), **changes)


def test_in_words():
    words = catalogues.load("de")
    assert earlier_text(earlier.Earlier(2, True, last(commitments=PROMISES)), words) == (
        KNOWN.replace("20.11.", "22.11.") + PROMISED
    )
    bare = replace(last(commitments=(), outcome="resolved"), level=LevelRange(None, None, None))
    text = earlier_text(earlier.Earlier(7, False, bare), words)
    assert text == "Frühere Notizen: mindestens 7 · zuletzt 22.11.2026: gelöst"


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_without_promises_it_fits_the_rows_of_a_notice(language: str, outcome: str):
    text = earlier_text(earlier.Earlier(123, False, last(outcome=outcome, commitments=())), catalogues.load(language))
    assert len(text) <= 2 * 70


# --- in a call


def begun() -> Stage:
    """A call whose beginning is saved: so the screen says the same at every look."""
    stage = Stage(opened(), CALL)
    assert stage.live.journal.sync(20)
    return stage


def known(stage: Stage) -> str:
    """The screen once the search has ended."""
    stage.place.tick()
    assert stage.live._search is not None
    stage.live._search.wait(10)
    return stage.text()


def rows(text: str) -> str:
    return " ".join(text.split())


def test_a_call_tells_what_is_known_of_its_ticket(notes: Path):
    two(notes)
    stage = begun()
    before = stage.text().splitlines()
    after = known(stage).splitlines()
    assert rows("\n".join(after[-3:-1])) == KNOWN + PROMISED
    assert (before[:-3], before[-1]) == (after[:-3], after[-1])
    assert before[-3:-1] == ["", ""]


@pytest.mark.parametrize("size", [(100, 40), (80, 24), (60, 20), (40, 14), (40, 12), (30, 8), (20, 5), (10, 3)])
def test_it_moves_nothing_at_any_size(size: tuple[int, int], notes: Path):
    two(notes)
    stage = begun()
    before = stage.page(*size).rows
    known(stage)
    after = stage.page(*size).rows
    kept = 2 if size[1] >= 14 else 1 if size[1] >= 8 else 0
    assert before[: -1 - kept] == after[: -1 - kept]
    assert before[-1] == after[-1]
    assert (before != after) is (kept > 0)
    assert all(width_of(row) <= size[0] for row in after)


def test_it_stands_back_for_everything_else(notes: Path):
    two(notes)
    stage = begun()
    known(stage)
    limit = stage.press("w").text()
    assert "Frühere Notizen" not in limit
    assert stage.live.book.rungs()[0].say[0] in rows(limit.replace("▌", ""))
    assert "Frühere Notizen" in stage.press("s").text()
    question = stage.press("q").text()
    assert "Frühere Notizen" not in question
    assert stage.live.messages("ask.hint-line") in question
    assert "Frühere Notizen" not in stage.press("escape", "!").text()
    assert "Frühere Notizen" in stage.press("escape").text()


def test_a_notice_is_not_covered_by_what_arrives_late(notes: Path):
    two(notes)
    stage = begun().press("3")
    notice = stage.text().splitlines()[-3:-1]
    assert notice != ["", ""]
    assert known(stage).splitlines()[-3:-1] == notice


def test_another_ticket_in_the_call(notes: Path):
    two(notes)
    put(notes, "88", outcome="resolved")
    stage = Stage(opened(), Opening("aggressive", "de", "phone"))
    stage.place.tick()
    assert stage.live._search is None
    assert rows(known(stage.press("i", "= 4711 \r"))).count(KNOWN) == 1
    stage.press("i", "=88\r")
    assert "Frühere Notizen" not in stage.text()
    assert "Frühere Notizen: 1 · zuletzt 21.11.2026: gelöst" in known(stage)
    stage.press("u", "s")
    assert "Frühere Notizen: 2" in known(stage)


def test_a_ticket_that_is_new(notes: Path):
    two(notes)
    stage = Stage(opened(), Opening("aggressive", "de", "phone", "new"))
    stage.live.journal.sync(5)
    before = stage.text()
    assert known(stage) == before


def test_it_is_told_in_the_language_of_the_call(notes: Path):
    two(notes)
    stage = begun()
    known(stage)
    assert "Eerdere notities: 2" in stage.press("l", "b", "s").text()


def test_a_session_that_is_gone_on_with_tells_it_too(notes: Path):
    two(notes)
    stage = begun()
    stage.put_down()
    assert "Frühere Notizen: 2" in known(Stage(opened(), Opening(resume=stage.state.id)))


# --- never in the way


@pytest.fixture
def stuck(notes: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """A notes folder on a drive that does not answer until it is let go."""
    two(notes)
    go, read = Event(), notes_folder.read_note

    def wait(path: Path, key: str, limit: int) -> str:
        assert go.wait(60)
        return read(path, key, limit)

    monkeypatch.setattr(notes_folder, "read_note", wait)
    yield go.set
    go.set()


async def test_a_folder_that_does_not_answer_freezes_nothing(stuck: Callable[[], None]):
    async with shown(CALL) as app:
        await app.press("3")
        app.app._tick()
        await app.press("space", "w", "s", "n", "=laut", "enter")
        assert app.state.call.level == 3
        assert app.state.call.remarks[0].text == "laut"
        await app.press("s")
        assert "Frühere Notizen" not in app.text
        stuck()
        await app.until(lambda: "Frühere Notizen: 2" in app.text)


def test_the_start_does_not_look(notes: Path, monkeypatch: pytest.MonkeyPatch):
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("deescalate_tui.live.Search", never)
    stage = begun()
    assert stage.press("3", "space").text()


def test_the_search_is_in_a_thread_that_ends_with_the_program(stuck: Callable[[], None]):
    search = Search(opened().paths.notes, "4711", Watch())
    search.wait(0.01)
    assert search.found is None
    assert search._thread.daemon
    stuck()
    search.wait(10)
    assert search.found is not None


# --- plain mode


def said(*typed: str, ticket: str = "4711") -> list[str]:
    """What plain mode prints at first, and after each line."""
    printed: list[str] = []
    opening = Opening("aggressive", "de", "phone", ticket)
    assert run_plain(opened(), opening, iter(typed), printed.append) == Exit.OK
    return printed


def test_plain_mode_tells_it_once_before_the_first_step(notes: Path):
    two(notes)
    first, *others = said("s", "s", "leave")
    assert f"{KNOWN}{PROMISED}\n" in first
    assert first.index(KNOWN) < first.index("Schritt 1")
    assert not any("Frühere Notizen" in text for text in others)


def test_plain_mode_tells_it_of_a_ticket_of_the_call(notes: Path):
    two(notes)
    printed = said("i 4711", "s", "leave", ticket="")
    assert [KNOWN in text for text in printed[:3]] == [False, True, False]


def test_plain_mode_does_not_wait_for_a_slow_folder(stuck: Callable[[], None]):
    def typed() -> Iterator[str]:
        yield "s"
        stuck()
        while not any("Frühere Notizen: 2" in text for text in printed):
            yield "3"
            yield "2"
        yield "leave"

    printed: list[str] = []
    assert run_plain(opened(), CALL, typed(), printed.append) == Exit.OK
    assert not any("Frühere Notizen" in text for text in printed[:2])
