"""The colours of the styles. Form and words carry the meaning; colour only helps the eye.

Numbers alone: Rich and Textual have objects for them, and the first picture is drawn before those are there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deescalate_tui.screens.rows import Row, merged, width_of

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
THEMES: Mapping[str, tuple[int | None, Mapping[str, str]]] = {
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


def colours(environ: Mapping[str, str]) -> str | None:
    """What colours the terminal has, by its variables: Rich's names, and Rich's rules; None: none at all."""
    term = environ.get("TERM", "").strip().lower()
    if term in ("dumb", "unknown"):
        return None
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return "truecolor"
    return "256" if term.rpartition("-")[2] in ("256color", "kitty") else "standard"


def codes(theme: str) -> dict[str, str]:
    """The numbers of the SGR sequence for each style of a theme, as Rich would write them."""
    ground, styles = THEMES[theme]
    back = [] if ground is None else ["48", "5", str(ground)]
    return {name: ";".join([*map(_code, words.split()), *back]) for name, words in styles.items()}


def inked(rows: Sequence[Row], theme: str, width: int) -> str:
    """The bytes that draw rows of `width` cells from the top of the screen; all cells of them are written."""
    styles = codes(theme)
    drawn = []
    for y, row in enumerate(rows):
        drawn.append(f"\x1b[{y + 1};1H")
        for text, style in (*merged(row), (" " * (width - width_of(row)), "")):
            drawn.append(f"\x1b[{styles[style]}m{text}\x1b[0m" if styles[style] else text)
    return "".join(drawn)


def _code(word: str) -> str:
    return _NAMED.get(word, f"38;5;{word.removeprefix('color(').removesuffix(')')}")


_NAMED = {"bold": "1", "reverse": "7", "bright_red": "91"}
