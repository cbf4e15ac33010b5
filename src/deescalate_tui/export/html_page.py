"""Notes as one page for people: a table that any browser shows, without a script and without the network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime
from html import escape
from pathlib import Path

from deescalate_tui.dates import format_due, format_moment
from deescalate_tui.export.job import Job
from deescalate_tui.export.record import Sink
from deescalate_tui.export.table import HEADS, Cells, visible
from deescalate_tui.i18n import Messages
from deescalate_tui.ids import short_id

_STYLE = """
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif }
body { margin: 1.5rem }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top }
td:nth-child(5), td:nth-child(7) { overflow-wrap: anywhere; min-width: 9rem }
thead th { position: sticky; top: 0; background: Canvas }
th[scope=row] { white-space: nowrap; font-weight: normal }
@media print { body { margin: 0; font-size: 9pt } thead th { position: static } tr { break-inside: avoid } }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
_AT = {head: place for place, head in enumerate(HEADS)}


def write(job: Job, out: Sink, folder: Path) -> None:
    """What a lead reads of each note, in the words of the job."""
    del folder
    words = job.messages
    out.write(_head(words).encode())
    for page in job.rows():
        out.write("".join(_row(visible(cells), words) for cells in page).encode())
    told = [words.count("export.page-notes", job.record.notes, moment=format_moment(job.made, words.language))]
    told.append(words("export.left-out" if job.words else "export.left-out-words"))
    out.write(f"</tbody></table>\n{''.join(f'<p>{escape(text)}</p>' for text in told)}\n</body></html>\n".encode())


def _head(words: Messages) -> str:
    title = escape(words("export.page-title"))
    heads = "".join(f'<th scope="col">{escape(words(key))}</th>' for key in _COLUMNS)
    return (
        f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n"
        f"<table><thead><tr>{heads}</tr></thead><tbody>\n"
    )


def _row(cells: Cells, words: Messages) -> str:
    first, *rest = (escape(show(cells, words)) for show in _COLUMNS.values())
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>\n'


def _text(head: str) -> Callable[[Cells, Messages], str]:
    """The cell as it is."""
    place = _AT[head]
    return lambda cells, _: str(cells[place])


def _named(head: str, kind: str) -> Callable[[Cells, Messages], str]:
    """What the catalogue calls the id in a cell; the id itself where a site has made its own."""
    place = _AT[head]

    def show(cells: Cells, words: Messages) -> str:
        key = f"{kind}.{cells[place]}"
        return words(key) if words.has(key) else str(cells[place])

    return show


def _started(cells: Cells, words: Messages) -> str:
    return format_moment(datetime.fromisoformat(str(cells[_AT["started"]])), words.language)


def _followed(cells: Cells, words: Messages) -> str:
    due = cells[_AT["follow_up"]]
    return format_due(str(due), words.language) if due else ""


_COLUMNS: dict[str, Callable[[Cells, Messages], str]] = {
    "column.started": _started,
    "column.type": _named("customer_type", "note.type"),
    "column.level": _text("level_peak"),
    "column.outcome": _named("outcome", "outcome"),
    "column.request": _text("request"),
    "column.answered": _named("request_answered", "answer"),
    "column.promised": _text("commitments"),
    "column.follow-up": _followed,
    "column.ticket": _text("ticket"),
    "column.id": lambda cells, _: short_id(str(cells[_AT["id"]])),
}
"""Its head, and how each cell is shown."""
