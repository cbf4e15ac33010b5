"""One widget that draws a whole page, row by row, and repaints only the rows that changed."""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from deescalate_tui.screens.rows import BLANK, Page, Row, differing, merged, text_of
from deescalate_tui.tui.themes import Palette


class Canvas(Widget):
    """Rows of styled text over the whole screen. Text is data here: nothing in it is markup."""

    DEFAULT_CSS = "Canvas { width: 100%; height: 100%; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._rows: tuple[Row, ...] = ()

    def show(self, page: Page) -> None:
        """Draw the page; only the cells that differ from the last one are sent to the terminal."""
        old, self._rows = self._rows, page.rows
        width, height = self.size
        if len(old) != len(self._rows):
            self.refresh()
            return
        changed = [(y, *differing(old[y], row)) for y, row in enumerate(self._rows) if row != old[y] and y < height]
        if changed:
            self.refresh(
                *(Region(first, y, min(last, width) - first, 1) for y, first, last in changed if first < width)
            )

    def render_line(self, y: int) -> Strip:
        """One row, filled to the width of the screen."""
        styles = self._palette.styles
        row = self._rows[y] if y < len(self._rows) else BLANK
        strip = Strip([Segment(text, styles[style]) for text, style in merged(row)])
        return strip.adjust_cell_length(self.size.width, styles[""])

    @property
    def text(self) -> str:
        """What is on the screen, bare."""
        return text_of(self._rows)
