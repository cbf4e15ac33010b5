"""The colours of the styles. Form and words carry the meaning; colour only helps the eye."""

from __future__ import annotations

from collections.abc import Mapping

from rich.color import Color
from rich.style import Style

from deescalate_tui.screens.rows import STYLES

# Numbers of the 256-colour table: every terminal over ssh knows them, and they are a third of the bytes of RGB.
_DARK = {
    "": "color(252)",
    "dim": "color(246)",
    "strong": "bold color(255)",
    "accent": "color(110)",
    "say": "color(222)",
    "done": "color(246)",
    "warn": "color(179)",
    "danger": "bold color(216)",
    "key": "bold color(246)",
    "current": "bold color(255)",
    "cursor": "reverse color(252)",
}
_LIGHT = {
    "": "color(236)",
    "dim": "color(241)",
    "strong": "bold color(232)",
    "accent": "color(25)",
    "say": "color(58)",
    "done": "color(241)",
    "warn": "color(94)",
    "danger": "bold color(124)",
    "key": "bold color(241)",
    "current": "bold color(232)",
    "cursor": "reverse color(236)",
}
# These two are far apart for eyes without red, green or blue as well: tests/test_themes.py measures it.
_CONTRAST = {
    "": "color(231)",
    "dim": "color(254)",
    "strong": "bold color(231)",
    "accent": "bold color(117)",
    "say": "bold color(222)",
    "done": "color(254)",
    "warn": "bold color(214)",
    "danger": "bold color(203)",
    "key": "bold color(254)",
    "current": "bold reverse color(231)",
    "cursor": "reverse color(231)",
}
_COLORBLIND = _DARK | {
    "accent": "color(75)",
    "warn": "color(214)",
    "danger": "bold color(202)",
}
# Weight and blocks, in whatever colours the terminal has: right on a light ground and on a dark one.
_BARE = {
    "": "",
    "dim": "",
    "strong": "bold",
    "accent": "",
    "say": "bold",
    "done": "",
    "warn": "bold",
    "danger": "bold",
    "key": "bold",
    "current": "bold reverse",
    "cursor": "reverse",
}
# Of the sixteen, bright red alone can be read on every ground. Where there are but eight, bold is left of it.
_ANSI = _BARE | {"danger": "bold bright_red"}

BARE = "bare"
"""What NO_COLOR leaves of any theme."""
_THEMES: Mapping[str, tuple[int | None, Mapping[str, str]]] = {
    "dark": (234, _DARK),
    "light": (255, _LIGHT),
    "contrast": (16, _CONTRAST),
    "colorblind": (234, _COLORBLIND),
    "ansi": (None, _ANSI),
    BARE: (None, _BARE),
}
"""The number of the background, or None for the terminal's own, and the styles on it."""


def fitting(theme: str, colours: str | None, environ: Mapping[str, str]) -> str:
    """The theme to use where `theme` is set, on a terminal whose colours Rich names so. An empty NO_COLOR is none."""
    if environ.get("NO_COLOR"):
        return BARE
    return theme if colours in ("256", "truecolor") else "ansi"


class Palette:
    """The Rich styles of a theme, all on its background."""

    def __init__(self, theme: str) -> None:
        number, styles = _THEMES[theme]
        ground = "" if number is None else f" on color({number})"
        self.styles: Mapping[str, Style] = {name: Style.parse(f"{styles[name]}{ground}") for name in STYLES}
        self.background = "ansi_default" if number is None else Color.parse(f"color({number})").get_truecolor().hex
        """As Textual's style sheets want it."""
