"""The colours of the styles, as Rich and Textual want them."""

from __future__ import annotations

from collections.abc import Mapping

from rich.color import Color
from rich.style import Style

from deescalate_tui.screens.colours import THEMES, codes
from deescalate_tui.screens.rows import STYLES


class Palette:
    """The Rich styles of a theme, all on its background."""

    def __init__(self, theme: str) -> None:
        number, styles = THEMES[theme]
        ground = "" if number is None else f" on color({number})"
        self.styles: Mapping[str, Style] = {name: Style.parse(f"{styles[name]}{ground}") for name in STYLES}
        self.codes: Mapping[str, str] = codes(theme)
        """The same as a terminal takes them."""
        self.background = "ansi_default" if number is None else Color.parse(f"color({number})").get_truecolor().hex
        """As Textual's style sheets want it."""
