"""Notes as a table of text, for spreadsheets and whatever else reads one. Formulas are defused, which alters cells."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

from deescalate_tui.export.job import Job
from deescalate_tui.export.record import Sink
from deescalate_tui.export.table import HEADS, is_plain, uncalculated


def write(job: Job, out: Sink, folder: Path) -> None:
    """With semicolons and a byte order mark, as Excel takes it in these countries; else with commas and without."""
    del folder
    text = io.StringIO(newline="")
    sign = "," if job.comma else ";"
    table = csv.writer(text, delimiter=sign, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    between = f'"{sign}"'
    out.write(b"" if job.comma else codecs.BOM_UTF8)
    table.writerow(HEADS)
    for page in job.rows():
        for row in page:
            if is_plain(row):  # a third of the time of a csv.writer, and there are hundreds of thousands
                text.write(f'"{between.join(map(str, row))}"\r\n')
            else:
                table.writerow(uncalculated(row))
        out.write(text.getvalue().encode())
        text.seek(0)
        text.truncate()
    out.write(text.getvalue().encode())
