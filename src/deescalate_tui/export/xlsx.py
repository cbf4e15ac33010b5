"""Notes as a workbook. What was typed is text there, never a formula, a link or a number."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from deescalate_tui.errors import UsageFault
from deescalate_tui.export.job import Job
from deescalate_tui.export.record import Sink
from deescalate_tui.export.table import HEADS, Cell, Cells, visible

MOST_ROWS = 1_048_576
"""Of a sheet, the heads included."""
MOST_SIGNS = 32_767
"""Of a cell."""
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(job: Job, out: Sink, folder: Path) -> None:
    """Where there are more notes than a sheet has rows, further sheets follow.

    `folder` holds the rows until the workbook is put together. Raises UsageFault where XlsxWriter is not installed.
    """
    try:
        # Late: it is an extra, and takes 50 ms.
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import FileCreateError
    except ImportError as error:
        raise _lacking() from error
    book = Workbook(out, {**_OPTIONS, "tmpdir": str(folder)})
    bold = book.add_format({"bold": True})
    sheet, row = None, MOST_ROWS
    for page in job.rows():
        for cells in page:
            if row == MOST_ROWS:
                sheet, row = _sheet(book, bold), 1
            _put(sheet, row, _fitting(visible(cells), job))
            row += 1
    if sheet is None:
        _sheet(book, bold)
    try:
        book.close()
    except FileCreateError as error:
        # It wraps what the disk said.
        raise error.args[0] from error


def _lacking() -> UsageFault:
    """What brings XlsxWriter into the environment that runs this program, however it came there."""
    if getattr(sys, "frozen", False):  # one folder, which nothing can be installed into
        return UsageFault("xlsx", "export-xlsx-built")
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable or "python"
    install = f"{python} -m pip install XlsxWriter"
    return UsageFault("xlsx", "export-xlsx", install=install, pipx="pipx inject deescalate-tui XlsxWriter")


def _sheet(book: Any, bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, MOST_ROWS - 1, len(HEADS) - 1)
    for place, head in enumerate(HEADS):
        sheet.write_string(0, place, head, bold)
    return sheet


def _put(sheet: Any, row: int, cells: Cells) -> None:
    for place, cell in enumerate(cells):
        if isinstance(cell, int):
            sheet.write_number(row, place, cell)
        elif cell:
            sheet.write_string(row, place, cell)


def _fitting(cells: Cells, job: Job) -> Cells:
    """The cells, each as long as one can be; those that were cut end with an ellipsis, and are counted."""

    def fitting(cell: Cell) -> Cell:
        if not isinstance(cell, str) or len(cell) <= MOST_SIGNS // 2:
            return cell
        # Excel counts what is beyond the first plane twice.
        units = cell.encode("utf-16-le")
        if len(units) <= MOST_SIGNS * 2:
            return cell
        job.record.cut += 1
        return units[: (MOST_SIGNS - 1) * 2].decode("utf-16-le", "ignore") + "…"

    return tuple(map(fitting, cells))
