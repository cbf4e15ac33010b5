"""The themes: that they can be read, told apart by every kind of eyes, and do without colour at all."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

import pytest
from rich.cells import cell_len
from rich.color import Color
from stage import opened

from deescalate_tui import catalogues
from deescalate_tui.doctor.doctor import judge_terminal
from deescalate_tui.doctor.probe import Terminal
from deescalate_tui.errors import Exit
from deescalate_tui.opening import Opening
from deescalate_tui.screens.colours import BARE, fitting
from deescalate_tui.screens.rows import CURRENT, SPOKEN, STYLES
from deescalate_tui.screens.steps import CRITICAL, MARKS, NEXT
from deescalate_tui.settings.fields import SETTINGS
from deescalate_tui.tui.app import Guide
from deescalate_tui.tui.ink import doubt
from deescalate_tui.tui.themes import Palette

THEMES = SETTINGS["theme"].kind.allowed.split(", ")
OWN_GROUND = ["dark", "light", "contrast", "colorblind"]
"""Those with a background of their own, so that what they show is known."""

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

EYES: Mapping[str, Matrix] = {
    "all three": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What is left of linear RGB without one kind of cones: Machado, Oliveira and Fernandes, A Physiologically-based Model
for Simulation of Color Vision Deficiency, 2009, doi:10.1109/TVCG.2009.113, at severity 1.0."""

CLEARLY_APART = 10
"""By CIEDE2000, where 1 can just be seen side by side and 100 are black and white."""

GROUNDS: Mapping[str, tuple[str, str]] = {
    "xterm": ("#000000", "#ff0000"),
    "xterm, reversed": ("#ffffff", "#ff0000"),
    "Linux console, PuTTY": ("#000000", "#ff5555"),
    "Windows console": ("#0c0c0c", "#e74856"),
    "Terminal.app": ("#ffffff", "#fc391f"),
    "Terminal.app Pro": ("#000000", "#fc391f"),
    "VS Code": ("#1e1e1e", "#f14c4c"),
    "GNOME": ("#ffffff", "#ef2929"),
    "Ubuntu": ("#300a24", "#ef2929"),
    "Solarized dark": ("#002b36", "#cb4b16"),
    "Solarized light": ("#fdf6e3", "#cb4b16"),
}
"""The background and the bright red of terminals as they come."""


def linear(colour: str) -> Triple:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    first, second, third = (it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in (red, green, blue))
    return first, second, third


def dot(one: Triple, other: Triple) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def contrast(one: str, other: str) -> float:
    """The ratio of two colours by WCAG 2."""
    high, low = sorted((dot((0.2126, 0.7152, 0.0722), linear(each)) for each in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, eyes: Matrix) -> Triple:
    """A colour in CIELAB (D65), as these eyes see it."""
    light = linear(colour)
    red, green, blue = (min(max(dot(row, light), 0), 1) for row in eyes)
    whites = (0.95047, 1.0, 1.08883)
    rows = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    x, y, z = (dot(row, (red, green, blue)) / white for row, white in zip(rows, whites, strict=True))
    x, y, z = (it ** (1 / 3) if it > 216 / 24389 else (24389 / 27 * it + 16) / 116 for it in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(one: Triple, other: Triple) -> float:
    """CIEDE2000 of two colours in CIELAB, by the formula and the names of Sharma, Wu and Dalal, 2005."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    middle = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(middle**7 / (middle**7 + 25**7))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = (math.degrees(math.atan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 and c2 else 0
    hue = h1 + turn / 2 if c1 and c2 else h1 + h2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    t = 1 + sum(size * math.cos(math.radians(times * hue + by)) for size, times, by in waves)
    l_part = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2))
    c_part = (c2 - c1) / (1 + 0.045 * chroma)
    h_part = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * chroma * t)
    bend = math.radians(60 * math.exp(-((((hue % 360) - 275) / 25) ** 2)))
    turned = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * math.sin(bend)
    return math.sqrt(l_part**2 + c_part**2 + h_part**2 + turned * c_part * h_part)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0009), 7.1792),
        ((50.0, 2.5000, 0.0000), (73.0, 25.0, -18.0), 27.1492),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ],
)
def test_the_distance_is_that_of_its_inventors(one: Triple, other: Triple, distance: float):
    assert apart(one, other) == pytest.approx(distance, abs=1e-4)
    assert apart(other, one) == pytest.approx(distance, abs=1e-4)


def letters(theme: str) -> dict[str, str]:
    """The colours of the styles."""
    found = {name: style.color for name, style in Palette(theme).styles.items()}
    return {name: colour.get_truecolor().hex for name, colour in found.items() if colour is not None}


@pytest.mark.parametrize("theme", OWN_GROUND)
def test_every_style_can_be_read(theme: str):
    ground, least = Palette(theme).background, 7 if theme == "contrast" else 4.5
    assert {name: ratio for name, it in letters(theme).items() if (ratio := contrast(it, ground)) < least} == {}
    assert set(letters(theme)) == set(STYLES)


@pytest.mark.parametrize("theme", OWN_GROUND)
def test_colours_that_no_terminal_changes(theme: str):
    """The first 16 of the table are what their owner made of them."""
    colours = [colour for style in Palette(theme).styles.values() for colour in (style.color, style.bgcolor)]
    assert all(colour is not None and (colour.number or 0) >= 16 for colour in colours)


@pytest.mark.parametrize("theme", ["contrast", "colorblind"])
@pytest.mark.parametrize("eyes", EYES)
def test_what_stands_side_by_side_can_be_told_apart(theme: str, eyes: str):
    colours = {name: seen(letters(theme)[name], EYES[eyes]) for name in ("", "accent", "say", "warn", "danger")}
    near = {pair: apart(colours[pair[0]], colours[pair[1]]) for pair in combinations(colours, 2)}
    assert {pair: distance for pair, distance in near.items() if distance < CLEARLY_APART} == {}


def test_red_and_green_would_not_do():
    """The proof can fail."""
    assert apart(*(seen(colour, EYES["no green"]) for colour in ("#d70000", "#5f8700"))) < CLEARLY_APART


@pytest.mark.parametrize("theme", THEMES)
def test_one_accent(theme: str):
    styles = Palette(theme).styles
    assert styles["key"].color == styles["dim"].color
    assert styles["key"].bold
    assert len({style.color for name, style in styles.items() if name not in {"danger", "warn"}}) <= 5


def test_the_terminals_own_colours():
    """Its letters on its ground, but for one style, which is bold and can be read on every ground (3 by WCAG)."""
    styles = Palette("ansi").styles
    assert Palette("ansi").background == Palette(BARE).background == "ansi_default"
    assert all(style.bgcolor is None for style in styles.values())
    assert {name: style.color for name, style in styles.items() if style.color} == {"danger": Color.parse("bright_red")}
    assert styles["danger"].bold
    assert {name: ratio for name, pair in GROUNDS.items() if (ratio := contrast(*pair)) < 3} == {}


def test_no_colour_at_all():
    styles = Palette(BARE).styles
    assert all(style.color is None and style.bgcolor is None for style in styles.values())
    assert styles["current"].reverse
    assert styles["cursor"].reverse
    assert all(styles[name].bold for name in ("strong", "say", "warn", "danger", "key", "current"))


@pytest.mark.parametrize("theme", THEMES)
def test_no_style_that_some_terminals_cannot_show(theme: str):
    """Faint letters vanish on some grounds, and underlined ones are links elsewhere."""
    for style in Palette(theme).styles.values():
        assert not any((style.dim, style.italic, style.underline, style.blink, style.strike, style.conceal))


@pytest.mark.parametrize(
    ("term", "colorterm", "many"),
    [
        ("xterm-256color", "", True),
        ("screen.xterm-256color", "", True),
        ("xterm-kitty", "", True),
        ("xterm", "truecolor", True),
        ("linux", "24bit", True),
        ("xterm", "", False),
        ("linux", "", False),
        ("screen", "yes", False),
        ("vt220", "", False),
        ("", "", False),
    ],
)
def test_few_colours_are_met_with_the_terminals_own(
    term: str, colorterm: str, many: bool, monkeypatch: pytest.MonkeyPatch
):
    for name, value in {"TERM": term, "COLORTERM": colorterm, "DEESCALATE_THEME": "light"}.items():
        monkeypatch.setenv(name, value)
    app = Guide(opened(), Opening("aggressive", "de", "phone"))
    assert app.canvas._palette.styles == Palette("light" if many else "ansi").styles
    terminal = Terminal(True, term, colorterm, False, 80, 24, "utf-8")
    said = [finding.key for finding in judge_terminal(terminal)]
    assert ("doctor.colour" in said, "doctor.colour-few" in said) == (many, not many)


@pytest.mark.parametrize("theme", THEMES)
def test_no_colour_comes_before_every_theme(theme: str):
    for colours in (None, "standard", "256", "truecolor"):
        assert fitting(theme, colours, {"NO_COLOR": "0"}) == BARE
        assert fitting(theme, colours, {"NO_COLOR": ""}) == fitting(theme, colours, {}) != BARE


def test_marks_differ_by_form_and_take_one_cell():
    marks = [*MARKS.values(), CURRENT, NEXT, CRITICAL, SPOKEN]
    assert len(set(marks)) == len(marks)
    for mark in marks:
        assert (len(mark), cell_len(mark)) == (1, 1)
        assert doubt(mark) <= 1


WORDS = catalogues.load("de")
COLOURLESS = {"", "0", "1", "7", "22", "27"}
"""Codes of SGR: back to normal, bold, reversed."""


@pytest.fixture
def window() -> Iterator[Callable[..., object]]:
    """Opens real terminals."""
    if sys.platform == "win32":
        pytest.skip("Windows has no pty")
    from terminal import terminals

    yield from terminals()


def codes(raw: bytes) -> set[str]:
    """What the program sent to set letters."""
    return {code for found in re.findall(rb"\x1b\[([0-9;]*)m", raw) for code in found.decode().split(";")}


@pytest.mark.parametrize(
    ("environ", "allowed"),
    [({"NO_COLOR": "1"}, COLOURLESS), ({"TERM": "vt220", "COLORTERM": ""}, COLOURLESS | {"91", "39"})],
)
def test_every_screen_without_colours(environ: Mapping[str, str], allowed: set[str], window: Callable[..., object]):
    it = window(environ=environ).see(WORDS("start.title"))
    it.type("?").see(WORDS("help.title")).type("\x1b").see(WORDS("start.title"))
    it.type("3").see(WORDS("key.emergency")).type("4").see(WORDS("level.4")).type("\x1b").settle()
    it.type("qWort für Wort\r").see("„Wort für Wort“")
    it.type("!t").see(WORDS("card.back")[:20]).type(" ").settle()
    it.type("/").see(WORDS("find.title")).type("\x1b").settle()
    it.type("r").see(WORDS("steady.title")).type(" ").settle()
    it.type("?").see(WORDS("help.title")).type("\x1b").settle()
    it.type("ga").see(WORDS("sign.lower")[:20])
    it.type("\x11")
    assert it.end() == Exit.OK
    assert codes(it.raw) <= allowed
    assert {"1", "7"} <= codes(it.raw)


def test_an_empty_no_color_asks_for_nothing(window: Callable[..., object]):
    it = window("guide", "rude", environ={"NO_COLOR": ""}).see(WORDS("key.emergency"))
    assert {"38", "48"} <= codes(it.raw)


@pytest.mark.parametrize(
    "environ", [{"NO_COLOR": "1"}, {"DEESCALATE_THEME": "ansi"}, {"DEESCALATE_THEME": "colorblind"}]
)
def test_a_key_is_a_small_packet_in_every_theme(environ: Mapping[str, str], window: Callable[..., object]):
    it = window("guide", "aggressive", environ=environ).see(WORDS("key.emergency")).settle()
    it.type("k").settle()
    before = len(it.raw)
    it.type("j").settle()
    assert 0 < len(it.raw) - before < 1000
