"""The thrifty driver: a terminal fed by it shows what one fed by Textual itself shows, for fewer bytes."""

import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from statistics import median
from typing import Any
from weakref import WeakKeyDictionary

import pytest

if sys.platform == "win32":
    pytest.skip("Windows keeps Textual's own driver", allow_module_level=True)

from emulator import Emulator
from hypothesis import example, given
from hypothesis import strategies as st
from terminal import Terminal, terminals
from textual import events
from textual.geometry import Size

from deescalate_tui.tui.thrift import SYNC_END, SYNC_START, Thrift, written
from deescalate_tui.tui.thrifty import ThriftyDriver, erases

STOCK = {"TEXTUAL_DRIVER": "textual.drivers.linux_driver:LinuxDriver"}
LANGUAGES = {"de": "de_DE.UTF-8", "nl": "nl_NL.UTF-8", "no": "nb_NO.UTF-8"}
TYPES = ("aggressive", "rude", "timid", "direct")
PACKET = 1200
"""Bytes that a step may cost, also where a phase begins: with what ssh adds, one packet."""
ORDINARY = 600
"""Bytes that most steps cost at 80x24."""

window = pytest.fixture(name="window")(terminals)


class Pair:
    """Two terminals, one fed as Textual writes and one by the thrift between."""

    def __init__(self, width: int, height: int, erasing: bool = True) -> None:
        self.plain = Emulator(width, height, erasing)
        self.spared = Emulator(width, height, erasing)
        self.thrift = Thrift(width, height, erasing)
        self.held = False

    def write(self, data: str) -> str:
        self.plain.feed(data)
        out = self.thrift.feed(data)
        self.spared.feed(out)
        self.held = data == SYNC_START or (self.held and data != SYNC_END)
        if not self.held:
            assert self.spared.state() == self.plain.state(), (data, out)
        return out

    def resize(self, width: int, height: int) -> None:
        self.plain.resize(height, width)
        self.spared.resize(height, width)
        self.thrift.forget(width, height)


LETTERS = "abcXYZ  ..,äüØß○▸–·„“✓"
DOUBTFUL = "漢😀⚠\u0301\u00ad\u00a0ﬁ\ue0a0א"
CODES = ("1", "7", "22", "27", "4", "24", "38;5;252", "38;5;110", "48;5;234", "48;5;16", "39", "49", "31", "44", "97")
CODES_TOO = (*CODES, "", "0", "2", "3", "9", "5", "25", "48;2;1;2;3", "38;2;9;8", "38;5;999", "38", "1;;4", "21", "107")
OTHERS = (
    *(
        "\x1b[K",
        "\x1b[2K",
        "\x1b[1K",
        "\x1b[J",
        "\x1b[2J",
        "\x1b[3X",
        "\x1b[2A",
        "\x1b[3C",
        "\x1b[2D",
        "\x1bM",
        "\x1bD",
    ),
    *("\x1b[L", "\x1b[M", "\x1b[2P", "\x1b[2@", "\t", "\x08", "\x1b7", "\x1b8", "\x1bc", "\x1b[?1049h", "\x07", "\x00"),
    *("\x1b[?25l", "\x1b[?25h", "\x1b[?2004h", "\x1b[?7l", "\x1b[?7h", "\x1b]0;x\x07", "\x1b]8;;x\x1b\\", "\x9b2A"),
)
Parts = list[tuple[str, str]]
Stretch = tuple[int, int, Parts, bool]


def picture(width: int, rows: list[Stretch], cursor: int = 1) -> str:
    """What Textual sends for stretches of rows: each from a column on, to the right edge or not."""
    lines = []
    for y, x, parts, whole in rows:
        room, line = width - x, f"\x1b[{y + 1};{x + 1}H"
        for codes, text in [*parts, ("38;5;252;48;5;234", " " * width)] if whole else parts:
            line += f"\x1b[{codes}m{text[:room]}\x1b[0m" if room else ""
            room -= len(text[:room])
        lines.append(line)
    return "\n".join(lines) + f"\x1b[1;{cursor}H"


texts = st.text(LETTERS, min_size=1, max_size=12)
styles = st.lists(st.sampled_from(CODES), min_size=1, max_size=3).map(";".join)
stretches = st.tuples(
    st.integers(0, 6), st.integers(0, 12), st.lists(st.tuples(styles, texts), max_size=4), st.booleans()
)
frames = st.builds(picture, st.just(24), st.lists(stretches, max_size=4), st.integers(1, 24))
wild = st.lists(
    st.one_of(
        *(texts, frames, st.sampled_from(OTHERS), st.sampled_from("\r\n")),
        st.builds("\x1b[{};{}H".format, st.integers(0, 9), st.integers(0, 26)),
        st.text(LETTERS + DOUBTFUL, min_size=1, max_size=8),
        st.lists(st.sampled_from(CODES_TOO), max_size=3).map(lambda codes: f"\x1b[{';'.join(codes)}m"),
        st.sampled_from(["\x1b[H", "\x1b[5H", "\x1b[;3H", "\x1b[99;99H"]),
    ),
    max_size=8,
).map("".join)
sizes = st.tuples(st.integers(1, 26), st.integers(1, 9))


@example([picture(24, [(0, 0, [], True)]), picture(24, [(1, 2, [], True), (1, 0, [("1", "X")], False)])], False)
@example([picture(24, [(0, 0, [], True)], 1), picture(24, [(0, 0, [], True)], 2), "\u0301"], False)
@given(
    st.lists(st.one_of(frames, frames, wild, st.sampled_from([SYNC_START, SYNC_END]), sizes), max_size=12),
    st.booleans(),
)
def test_any_stream_shows_the_same(steps: list[str | tuple[int, int]], erasing: bool) -> None:
    pair = Pair(24, 8, erasing)
    for step in steps:
        if isinstance(step, str):
            pair.write(step)
        elif not pair.held:  # else Textual's bytes and these would meet terminals of different sizes
            pair.resize(*step)


@given(st.lists(st.text().filter(lambda data: data != SYNC_START)), sizes)
def test_nothing_that_is_not_understood_is_lost(steps: list[str], size: tuple[int, int]) -> None:
    thrift = Thrift(*size, erases=True)
    for data in steps:
        assert thrift.feed(data) == data or "\x1b" in data, "no place and no colours are known here"


@given(st.lists(frames, min_size=1, max_size=6))
def test_the_same_picture_costs_nothing(pictures: list[str]) -> None:
    pair = Pair(24, 8)
    pair.write("\x1b[m")
    for data in pictures:
        pair.write(data)
        assert pair.write(data) == ""


@given(
    st.lists(
        st.dictionaries(st.integers(0, 7), st.lists(st.tuples(texts, styles), max_size=4), max_size=4), max_size=6
    ),
    st.sampled_from(["", SYNC_START, "ab漢"]),
    st.booleans(),
)
def test_rows_are_painted_as_they_would_be_fed(pictures: list[Any], before: str, erasing: bool) -> None:
    plain, spared = Emulator(60, 6, erasing), Emulator(60, 6, erasing)
    thrift = Thrift(60, 6, erasing)
    for screen, out in ((plain, "\x1b[m" + before), (spared, thrift.feed("\x1b[m") + thrift.feed(before))):
        screen.feed(out)
    for each in pictures:
        whole = {y: [*row, (" " * (60 - sum(len(text) for text, _ in row)), "44")] for y, row in each.items() if y < 6}
        plain.feed(written(whole))
        spared.feed(thrift.paint(whole))
        if before != SYNC_START:
            assert spared.state() == plain.state()
    plain.feed(SYNC_END)
    spared.feed(thrift.feed(SYNC_END))
    assert not pictures or spared.state() == plain.state()


def test_what_is_sent() -> None:
    thrift, look = Thrift(20, 3, erases=True), "38;5;252;48;5;234"
    thrift.feed("\x1b[m" + picture(20, [(0, 0, [(look, "one two")], True)]))
    assert thrift.feed(picture(20, [(0, 0, [(look, "one six")], True)])) == f"\x1b[4C\x1b[{look}msix\x1b[m\r"
    assert thrift.feed(picture(20, [(0, 0, [(look, "one")], True)])) == "\x1b[4C\x1b[48;5;234m   \x1b[m\r"
    assert thrift.feed(picture(20, [(0, 0, [], True)])) == "\x1b[48;5;234m   \x1b[m\r"
    thrift.feed(picture(20, [(0, 0, [(look, "one two three")], True)]))
    assert thrift.feed(picture(20, [(0, 0, [], True)])) == "\x1b[48;5;234m\x1b[K\x1b[m"


@pytest.mark.parametrize("erasing", [True, False])
def test_a_wide_gap_is_leapt_over(erasing: bool) -> None:
    pair, look = Pair(60, 3, erasing), "38;5;252;48;5;234"
    pair.write("\x1b[m" + picture(60, [(0, 0, [(look, f"▸{'x' * 40}end")], False)]))
    sent = pair.write(picture(60, [(0, 0, [(look, f"▹{' ' * 40}and")], False)]))
    assert ("\x1b[40X\x1b[40C" in sent) == erasing
    assert ("\x1b[40X" in pair.write(picture(60, [(1, 0, [("4", f"a{' ' * 40}b")], False)]))) is False


@pytest.mark.parametrize("letter", ["漢", "😀", "e\u0301", "\u200d", "⚠\ufe0f", "\ue0a0", "א"])
def test_letters_of_doubtful_width_go_as_they_came(letter: str) -> None:
    thrift, data = Thrift(20, 3, erases=True), picture(20, [(1, 2, [("1", f"ab{letter}c")], False)])
    thrift.feed("\x1b[m")
    assert thrift.feed(data) == thrift.feed(data) == data
    after = picture(20, [(1, 2, [("1", "abcdefg")], False)])
    assert "abcdefg" in thrift.feed(after)
    assert thrift.feed(after) == ""


def test_a_synchronized_update_goes_out_whole_or_not_at_all() -> None:
    thrift, data = Thrift(200, 3, erases=True), picture(200, [(0, 0, [("1", "abc" * 50)], False)])
    assert [thrift.feed(each) for each in ("\x1b[m", SYNC_START, data)] == ["\x1b[m", "", ""]
    assert thrift.feed("\x1b[?2004l").endswith(f"{SYNC_END}\x1b[?2004l"), "what is no paint does not wait"
    assert thrift.feed(SYNC_END) == ""
    assert [thrift.feed(each) for each in (SYNC_START, data, SYNC_END)] == ["", "", ""]


@pytest.mark.parametrize("term", ["xterm-256color", "xterm-kitty", "tmux-256color", "linux", "st", "rxvt-unicode"])
def test_which_terminals_erase_in_colour(term: str) -> None:
    assert erases(term)


@pytest.mark.parametrize("term", ["screen", "screen.xterm-256color", "xterm-color", "vt220", "stone", ""])
def test_which_terminals_may_not(term: str) -> None:
    assert not erases(term)


class Sent(list[str]):
    """Stands for the thread that writes."""

    def write(self, data: str) -> None:
        self.append(data)


async def test_the_driver_writes_once_and_in_full_when_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(ThriftyDriver, "_get_terminal_size", lambda _: (200, 3))
    driver: Any = ThriftyDriver(type("App", (), {"_post_message": None})())
    driver._writer_thread = sent = Sent()
    driver.send_message = lambda _: None
    data = picture(200, [(0, 0, [("1", "abc" * 50)], True)])
    for each in ("\x1b[m", SYNC_START, data, SYNC_END, SYNC_START, data, SYNC_END):
        driver.write(each)
    first, full = sent
    assert first == "\x1b[m"
    driver.process_message(events.Resize(Size(200, 3), Size(200, 3)))
    driver.write(data)
    assert sent.pop() == full.removeprefix(SYNC_START).removesuffix(SYNC_END)
    with driver._turn:
        driver.write("\x1b[?2048h")  # the input thread, while the screen is drawn
    driver.write(data)
    assert sent[2:] == ["\x1b[?2048h", full.removeprefix(SYNC_START).removesuffix(SYNC_END)]


TAKEN: WeakKeyDictionary[Terminal, int] = WeakKeyDictionary()
"""How much of what a program wrote has been answered with."""


def answer(it: Terminal, keys: str = "") -> list[str]:
    """What comes for keys, as it comes; first what came since the last answer: a busy machine may be late."""
    before = TAKEN.get(it, 0)
    while it._read(0):
        pass
    chunks = []
    with suppress(UnicodeDecodeError):
        chunks = [it.raw[before:].decode()]
        before = len(it.raw)
    if keys:
        it.type(keys)
    late = len(chunks)
    while it._read(0.04 if len(chunks) > late else 5):
        with suppress(UnicodeDecodeError):  # the rest of a letter is on its way
            chunks.append(it.raw[before:].decode())
            before = len(it.raw)
    TAKEN[it] = before
    return chunks


def opened(
    window: Callable[..., Terminal], kind: str, language: str, size: tuple[int, int], **environ: str
) -> Terminal:
    it = window(
        *("guide", kind, "--lang", language, "--channel", "phone"),
        size=size,
        environ={"LC_ALL": LANGUAGES[language], **environ},
    )
    it.until(lambda: "▸".encode() in it.raw)  # the picture, and not only what comes before it
    answer(it)
    return it


KEYS = (
    " ",
    " ",
    "s",
    "3",
    "u",
    "w",
    "?",
    "?",
    "aWasser läuft aus\r",
    " ",
    "qSo nicht 😀!",
    "\x15ärgerlich\r",
    "t2",
    " ",
    "!",
)


def timeless(rows: list[list[Any]]) -> list[list[Any]]:
    """What is seen but for the row with the clock, and for times: one program began after the other."""
    seen = []
    for row in rows[1:]:
        found = re.finditer(r"\d\d:\d\d", "".join(cell[0] for cell in row))
        times = {at for it in found for at in range(*it.span())}
        seen.append([("", *cell[1:]) if at in times else cell for at, cell in enumerate(row)])
    return seen


@pytest.mark.parametrize(("language", "size"), [("de", (80, 24)), ("nl", (60, 20)), ("no", (120, 40))])
def test_a_real_session_shows_the_same(language: str, size: tuple[int, int], window: Callable[..., Terminal]) -> None:
    """Textual's bytes through the thrift, and the same keys in the program as it is; but for the row with the clock."""
    stock, own = (opened(window, "aggressive", language, size, **environ) for environ in (STOCK, {}))
    pair, screen = Pair(*size), Emulator(*size)
    pair.write(stock.raw.decode())
    screen.feed(own.raw.decode())
    for keys in (*KEYS[:7], (70, 22), *KEYS[7:], size, " ", " "):
        if isinstance(keys, str):
            answers = answer(stock, keys), answer(own, keys)
        else:
            answers = answer(stock.resize(*keys)), answer(own.resize(*keys))
            pair.resize(*keys)
            screen.resize(keys[1], keys[0])
        for _ in range(8):
            pair.write("".join(answers[0]))
            screen.feed("".join(answers[1]))
            if timeless(screen.seen()) == timeless(pair.plain.seen()):
                break
            answers = answer(stock), answer(own)
        assert timeless(screen.seen()) == timeless(pair.plain.seen()), keys


def walk(it: Terminal, screen: Emulator) -> Iterator[str]:
    """Finish step after step, with a word wherever one is asked for: the bytes for each key that ends one."""
    for _ in range(60):
        phases = next(row for row in screen.display[:7] if "▸" in row)
        if not re.search(r"\d/\d", phases):
            return
        keys = "a" if any(re.match(r" [▸ ] a  ", row) for row in screen.display) else " "
        entry = next((row for row in screen.display if row.startswith(" ›")), "")
        if entry:
            if entry.strip() == "›":  # else it is no date, and enter takes it as it is
                screen.feed("".join(answer(it, "W")))
            keys = "\r"
        chunks = answer(it, keys)
        screen.feed("".join(chunks))
        yield max(chunks, key=len)  # the clock may strike before or after


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_is_one_packet(language: str, window: Callable[..., Terminal]) -> None:
    whole: list[int] = []
    for it in [opened(window, kind, language, (80, 24)) for kind in TYPES]:
        screen = Emulator(80, 24)
        screen.feed(it.raw.decode())
        costs = [len(data.encode()) for data in walk(it, screen)]
        assert len(costs) > 15
        assert max(costs) <= PACKET
        whole += costs
    assert median(whole) <= ORDINARY
