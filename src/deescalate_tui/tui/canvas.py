"""One widget that draws a whole page, row by row, and repaints only the rows that changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from deescalate_tui.screens.rows import BLANK, Page, Row, merged, text_of, width_of
from deescalate_tui.tui.themes import Palette

if TYPE_CHECKING:
    from deescalate_tui.tui.thrift import Inked


class Canvas(Widget, inherit_css=False):
    """Rows of styled text over the whole screen. Text is data here: nothing in it is markup."""

    DEFAULT_CSS = "Canvas { width: 100%; height: 100%; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.send: Callable[[Inked], None] | None = None
        """To the terminal, past the compositor: it has nothing to compose here, and takes half of a key's time."""
        self._palette = palette
        self._rows: tuple[Row, ...] = ()
        self._painted = False

    def show(self, page: Page) -> None:
        """Draw the page; only what differs from the last one goes to the terminal."""
        old, self._rows = self._rows, page.rows
        width, height = self.size
        if not self._painted or len(old) != len(self._rows):
            self.refresh()
            return
        changed = [y for y, row in enumerate(self._rows) if row != old[y] and y < height]
        if not changed:
            return
        if self.send is None:
            self.refresh(*(Region(0, y, width, 1) for y in changed))
        else:
            self.send({y: self._inked(self._rows[y], width) for y in changed})

    def render_line(self, y: int) -> Strip:
        """One row, filled to the width of the screen."""
        styles = self._palette.styles
        row = self._rows[y] if y < len(self._rows) else BLANK
        strip = Strip([Segment(text, styles[style]) for text, style in merged(row)])
        return strip.adjust_cell_length(self.size.width, styles[""])

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows as they are now: a cache would not know of those that went past the compositor.

        No filter of Textual's either: the palette has the terminal's colours, and none under NO_COLOR.
        """
        self._painted = True
        return [self.render_line(y).crop(crop.x, crop.right) for y in crop.line_range]

    def _inked(self, row: Row, width: int) -> list[tuple[str, str]]:
        codes = self._palette.codes
        return [*((text, codes[style]) for text, style in row), (" " * (width - width_of(row)), codes[""])]

    @property
    def text(self) -> str:
        """What is on the screen, bare."""
        return text_of(self._rows)
