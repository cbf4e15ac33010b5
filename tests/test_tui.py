"""The screen in Textual: what only the running app can show. The places themselves are tested without it."""

from __future__ import annotations

import asyncio
import html
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.cells import cell_len
from stage import COUNTRIES, Watch, opened
from textual import events
from textual.pilot import Pilot

from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.call.session import SessionState
from deescalate_tui.errors import Exit
from deescalate_tui.journal.journal import Journal
from deescalate_tui.notes.parse import parse
from deescalate_tui.opening import Opening
from deescalate_tui.settings.fields import SETTINGS
from deescalate_tui.tui import session
from deescalate_tui.tui.app import Guide
from deescalate_tui.tui.canvas import Canvas
from deescalate_tui.tui.session import SessionPlace

CALL = Opening("aggressive", "de", "phone")


CELL = 12.2
"""How wide a character is in Textual's picture of a screen."""


class Shown:
    """A running app: keys go in at its front door, and what is shown is read back."""

    def __init__(self, app: Guide, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> Shown:
        """Send keys all at once, as an impatient typist does; `=words` are letters."""
        for key in keys:
            letters = list(key[1:]) if key.startswith("=") else [key]
            for name in letters:
                typed = name if len(name) == 1 else {"space": " "}.get(name)
                self.app.post_message(events.Key("space" if name == " " else name, typed))
        return await self.answered()

    async def paste(self, text: str) -> Shown:
        self.app.post_message(events.Paste(text))
        return await self.answered()

    async def answered(self) -> Shown:
        """Wait until the app has answered what was sent; quicker than the pilot, which waits for an idle machine."""
        done = asyncio.Event()
        self.app.call_later(done.set)
        await done.wait()
        return self

    async def resize(self, width: int, height: int) -> None:
        await self.pilot.resize_terminal(width, height)
        canvas = self.app.query_one(Canvas)
        await self.until(lambda: canvas.size == (width, height) and len(canvas.text.split("\n")) == height)

    async def until(self, is_so: Callable[[], object]) -> None:
        """Wait for something that takes its time."""
        for _ in range(1000):
            if is_so():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(self.text)

    @property
    def text(self) -> str:
        """What Textual has drawn, whichever of its widgets did."""
        rows: dict[float, dict[int, str]] = defaultdict(dict)
        for x, y, text in re.findall(
            r'<text class="[^"]*-r\d+" x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>', self._picture
        ):
            rows[float(y)][round(float(x) / CELL)] = html.unescape(text).replace("\xa0", " ")
        return "\n".join(_joined(row).rstrip() for _, row in sorted(rows.items()))

    @property
    def _picture(self) -> str:
        return self.app.export_screenshot(simplify=True).replace("\n", "")

    @property
    def state(self) -> SessionState:
        assert isinstance(self.app._place, SessionPlace)
        return self.app._place.live.state


def _joined(row: dict[int, str]) -> str:
    """The pieces of a row, each at its column."""
    text = ""
    for column in sorted(row):
        text += " " * (column - cell_len(text)) + row[column]
    return text


@asynccontextmanager
async def shown(
    opening: Opening = CALL, size: tuple[int, int] = (80, 24), home: Path | None = None, **flags: str
) -> AsyncIterator[Shown]:
    """The app while it runs. In the end its session is let go, as the end of the program would."""
    app = Guide(opened(home, **flags), opening)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Shown(app, pilot)
    if app.workplace.leading is not None:
        app.workplace.leading.journal.close(2)


async def test_a_whole_call():
    async with shown(Opening(language="de", channel="phone")) as it:
        words = it.app.workplace.messages("de")
        assert words("start.title") in it.text
        await it.press("3", "space", "space", "space", "space")
        assert it.state.call.phase == "assess"
        await it.press("space", "=Zweimal abgebucht", "escape", "j", "k", "space")
        assert "› Zweimal abgebucht" in it.text
        await it.press("=, alles weg", "enter", "2", "3", "w")
        assert "Zweimal abgebucht, alles weg" in it.text
        assert words("notice.limit.phone", rung=1, rungs=3) in it.text
        await it.press("t", "2", "t", "down", "down", "down", "enter")
        assert [each.id for each in it.state.call.guidance] == ["aggressive", "timid", "aggressive"]
        await it.press("/", "=suizid", "enter")
        assert it.state.card == "suicide"
        await it.press("space", "?")
        assert words("help.title") in it.text
        await it.press("x", "r")
        assert words("steady.sentence") in it.text
        await it.press("x", "g", "b")
        assert it.state.sign == "take-over"
        await it.press("z", "x", "c", "a")
        assert it.state.question is not None
        assert it.state.question.kind == "gate"
        await it.press("b", "enter", "=keine Zeit", "enter")
        assert it.state.call.aftercare
        await it.press("s", "s", "s", "s", "x")
        (path,) = it.app.workplace.paths.notes.rglob("*.md")
        assert words("note.title") in it.text
        note = parse(path.read_text(encoding="utf-8"))
        assert (note.request, note.outcome, note.warnings) == ("Zweimal abgebucht, alles weg", "escalated", 1)
        await it.press("enter")
        assert words("start.title") in it.text
        await it.press("ctrl+q")
    assert it.app.return_value == Exit.OK
    assert not list(it.app.workplace.paths.sessions.glob("*.journal"))


HOSTILE = [
    "[/b]",
    "[red]rot[/red]",
    "[@click=app.quit]x[/]",
    "{request} {0} %s",
    "$text \\[ ]",
    "'; DROP TABLE",
    "［漢字］🙂",
]
LINES = {"q": "quote", "n": "note", "a": "request", "i": "ticket", "p": "promise", "/": "find"}


@pytest.mark.parametrize("key", LINES)
async def test_whatever_is_typed_is_text(key: str):
    async with shown() as it:
        for text in HOSTILE:
            await it.press(key, "ctrl+u", f"={text}")
            assert f"› {text}" in it.text
            await it.press("enter", "enter") if key == "p" else await it.press("enter" if key != "/" else "escape")
            assert key in "n/" or text in it.text
        await it.press(key)
        await it.paste("\x1b[31m\x1b]0;x\x07\u202e\r\nzwei\tdrei\x00" + "x" * 5_000)
        assert "› " in it.text
        await it.press("home", "enter", "escape")
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", it.text)
    assert it.app.return_value is None


async def test_keys_that_come_all_at_once_arrive_in_order():
    async with shown() as it:
        await it.press(
            "q", "=Sofort!", "enter", "n", "=zwei", "enter", "3", "w", "p", "=Rückruf", "enter", "=morgen", "enter"
        )
        call = it.state.call
        assert ([each.text for each in (*call.quotes, *call.remarks)], call.level) == (["Sofort!", "zwei"], 3)
        assert [each.what for each in call.commitments] == ["Rückruf"]


async def test_no_key_but_its_own_takes_the_line_away():
    async with shown() as it:
        await it.press(
            "q", "=eins", "tab", "shift+tab", "up", "down", "pageup", "f1", "f5", "ctrl+p", "ctrl+c", "= zwei"
        )
        assert "› eins zwei" in it.text
        await it.press("f2")
        assert it.state.question is not None
        assert it.state.question.kind == "emergency"
        await it.press("escape", "q", "enter")
        assert it.state.call.quotes[0].text == "eins zwei"


async def test_a_draft_is_kept_when_typing_pauses():
    async with shown() as it:
        await it.press("q", "=Ihr habt")
        assert not it.state.drafts
        await it.until(lambda: it.state.drafts)
        assert it.state.drafts == {"quote": "Ihr habt"}


@pytest.mark.parametrize("key", ["", "q"])
async def test_ctrl_c_only_says_so(key: str):
    async with shown() as it:
        await it.press(*key, "ctrl+c")
        notice = it.app.workplace.messages("de")("notice.ctrl-c")
        assert notice in it.text
        assert it.app.is_running
        assert "ctrl" not in notice.casefold()  # a German keyboard has no such key


async def test_the_language_can_change_in_mid_call():
    async with shown() as it:
        for language in ("nl", "no", "de"):
            await it.press("l", "abc"[LANGUAGES.index(language)])
            words = it.app.workplace.messages(language)
            assert it.state.call.checklist.language == language
            assert words("view.request-hint") in it.text
            assert words("key.emergency") in it.text.splitlines()[-1]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_is_shown_but_what_we_wrote(language: str):
    """No toast, tooltip, palette or key panel of Textual, whose words are English."""
    async with shown(Opening(language=language), country=COUNTRIES[language], language=language) as it:
        for keys in (
            (),
            ("1",),
            ("ctrl+c",),
            ("ctrl+p",),
            ("ctrl+backslash",),
            ("f1",),
            ("a",),
            ("q", "=x"),
            ("escape",),
        ):
            await it.press(*keys)
            (canvas,) = it.app.screen.query("*")
            assert isinstance(canvas, Canvas)
            assert it.text == canvas.text
            assert len(it.app.screen_stack) == 1


SIZES = [(1, 1), (1, 24), (80, 1), (2, 2), (11, 3), (20, 5), (40, 12), (80, 24), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
async def test_it_starts_at_any_size(size: tuple[int, int]):
    async with shown(Opening(), size) as it:
        await it.press("3", "q", "=Hallo", "enter", "?", "x", "!", "t")
        assert it.state.call.quotes[0].text == "Hallo"
        assert it.state.card == "concrete-threat"


async def test_it_follows_the_window():
    async with shown() as it:
        for keys in (
            (),
            ("q", "=漢字 und mehr"),
            ("escape", "?"),
            ("x", "/"),
            ("escape", "r"),
            ("x", "g", "a"),
            ("x", "x"),
        ):
            await it.press(*keys)
            for width, height in SIZES:
                await it.resize(width, height)
                assert width < 20 or it.text.rstrip() == it.app.query_one(Canvas).text.rstrip()
        await it.resize(80, 24)
        assert it.app.workplace.messages("de")("ask.outcome") in it.text


async def test_where_no_session_can_be_saved_it_says_so_and_goes_on(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session, "RETRY_S", 1)
    place = home / "deescalate"
    place.write_bytes(b"a file where the folder should be")
    async with shown() as it:
        words = it.app.workplace.messages("de")
        await it.until(lambda: words("save.not-saved") in it.text)
        await it.press("q", "=Trotzdem", "enter", "3")
        assert it.state.call.quotes[0].text == "Trotzdem"
        place.unlink()
        await it.until(lambda: words("save.saved") in it.text)
    assert Journal.open(next(place.rglob("*.journal")))[1].records


async def test_a_note_that_cannot_be_saved_is_shown_whole_until_it_can(home: Path):
    notes = home / "deescalate" / "notes"
    notes.parent.mkdir()
    notes.write_bytes(b"a file where the folder should be")
    async with shown(size=(80, 60)) as it:
        await it.press("q", "=Eine Frechheit", "enter", "x", "g")
        assert str(notes) in re.sub(r"\s", "", it.text)
        assert "Eine Frechheit" in it.text
        assert list(it.app.workplace.paths.sessions.glob("*.journal"))
        await it.press("enter")
        assert it.app.workplace.messages("de")("start.title") in it.text
        notes.unlink()
        await it.press("1", "x", "g")
        assert "Eine Frechheit" not in it.text
        await it.press("enter")
    texts = [path.read_text(encoding="utf-8") for path in notes.rglob("*.md")]
    assert sorted("Eine Frechheit" in text for text in texts) == [False, True]


async def test_the_next_start_offers_what_is_unfinished():
    async with shown() as it:
        await it.press("space", "q", "=halb", "ctrl+q")
    assert it.app.return_value == Exit.OK
    async with shown(Opening()) as it:
        assert it.app.workplace.messages("de")("start.unfinished") in it.text
        await it.press("r")
        assert "› halb" in it.text
        assert "breathe" in it.state.call.marks


async def test_the_start_screen_has_help_and_every_language():
    async with shown(Opening(), country="") as it:
        for language in ("nl", "no", "de"):
            await it.press("l")
            words = it.app.workplace.messages(language)
            assert words("start.country-ask")[:60] in it.text
        await it.press("?")
        assert words("help.title") in it.text
        await it.press("x", "²", "escape")
        assert words("start.title") in it.text
        assert not it.app.workplace.settings.country


@pytest.mark.parametrize("theme", SETTINGS["theme"].kind.allowed.split(", "))
@pytest.mark.parametrize("no_color", ["", "1"])
async def test_every_theme_shows_every_word(theme: str, no_color: str, home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("DEESCALATE_THEME", theme)
    async with shown(size=(100, 30)) as it:
        await it.press("1", "w", "q", "=Text", "!", "escape", "4")
        assert it.app.workplace.messages("de")("level.4") in it.text
        await it.press("q", "=Text")
        fills = {bytes.fromhex(fill) for fill in re.findall(r"-r\d+ {[^}]*fill: #(\w{6})", it._picture)}
        assert any(max(fill) - min(fill) > 8 for fill in fills) != bool(no_color)
        assert "text-decoration" not in it._picture


async def test_only_the_pacer_moves():
    watch = Watch()
    app = Guide(opened(None, watch), CALL)
    async with app.run_test(size=(80, 24)) as pilot:
        it = Shown(app, pilot)
        before = it.text
        await asyncio.sleep(0.3)
        assert it.text == before
        await it.press("r")
        bar = it.text.count("█")
        watch.seconds += 3
        await it.until(lambda: it.text.count("█") > bar)
        watch.seconds += 60
        await it.until(lambda: it.text.count("█") <= bar)
    app.workplace.leading.journal.close(2)
