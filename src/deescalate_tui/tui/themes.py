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
    "key": "bold color(110)",
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
    "key": "bold color(25)",
    "current": "bold color(232)",
    "cursor": "reverse color(236)",
}
_CONTRAST = {
    "": "color(231)",
    "dim": "color(254)",
    "strong": "bold color(231)",
    "accent": "bold color(117)",
    "say": "bold color(227)",
    "done": "color(254)",
    "warn": "bold color(214)",
    "danger": "bold reverse color(214)",
    "key": "bold color(117)",
    "current": "bold reverse color(231)",
    "cursor": "reverse color(231)",
}
_COLOURS = {"dark": (234, _DARK), "light": (255, _LIGHT), "contrast": (16, _CONTRAST)}


class Palette:
    """The Rich styles of a theme, all on its background."""

    def __init__(self, theme: str) -> None:
        number, foregrounds = _COLOURS[theme]
        self.background = Color.parse(f"color({number})")
        self.styles: Mapping[str, Style] = {
            name: Style.parse(f"{foregrounds[name]} on color({number})") for name in STYLES
        }

    def rgb(self, style: str | None = None) -> str:
        """The colour of a style's letters, or of the background, as Textual's style sheets want it."""
        colour = self.styles[style].color if style is not None else self.background
        return (colour or self.background).get_truecolor().hex
