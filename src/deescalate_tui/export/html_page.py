"""Notes as one page for people: a table that any browser shows, without a script and without the network."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from html import escape
from pathlib import Path

from deescalate_tui.dates import format_date, format_moment
from deescalate_tui.export.job import Job
from deescalate_tui.export.record import Sink
from deescalate_tui.export.table import HEADS, Cells, visible
from deescalate_tui.i18n import Messages
from deescalate_tui.ids import short_id

_STYLE = """
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif }
body { margin: 1.5rem }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #8886; padding: .3rem .5rem; text-align: left; vertical-align: top }
td:nth-child(5), td:nth-child(7), td:nth-child(9) { overflow-wrap: anywhere }
td:nth-child(5), td:nth-child(7) { min-width: 7rem }
thead th { position: sticky; top: 0; background: Canvas }
th[scope=row] { font-weight: normal }
.whole { white-space: nowrap }
.threat > th { box-shadow: inset .25rem 0 #c62828 }
.threat > td:nth-child(3) { font-weight: bold; white-space: nowrap }
@page { size: landscape; margin: 1cm }
@media print {
  :root { font-size: 8pt }
  body { margin: 0 }
  th, td { padding: .25rem .4rem }
  thead th { position: static }
  tr { break-inside: avoid }
}
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
_AT = {head: place for place, head in enumerate(HEADS)}
_DUE = re.compile(r"\(([0-9]{4}-[0-9]{2}-[0-9]{2}[^)]{0,9})\)")
"""By when something was promised, as the cell of promises has it."""
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(?P<clock>T[0-9].*)?")
_LONG = 24
"""From so many characters on a ticket may be broken."""


def write(job: Job, out: Sink, folder: Path) -> None:
    """What a lead reads of each note, in the words of the job."""
    del folder
    words = job.messages
    out.write(_head(words).encode())
    for page in job.rows():
        out.write("".join(_row(visible(cells), words) for cells in page).encode())
    told = [words.count("export.page-notes", job.record.notes, moment=format_moment(job.made, words.language))]
    told.append(words("export.page-threat"))
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
    first, *rest = (_cell(key, show(cells, words)) for key, show in _COLUMNS.items())
    kind = ' class="threat"' if cells[_AT["threat"]] == "yes" else ""
    return f"<tr{kind}>{first}{''.join(rest)}</tr>\n"


def _cell(key: str, text: str) -> str:
    if key == "column.started":
        return f'<th scope="row">{escape(text)}</th>'
    kind = ' class="whole"' if key in _WHOLE and len(text) < _LONG else ""
    return f"<td{kind}>{escape(text)}</td>"


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


def _when(text: str, words: Messages) -> str:
    """Day, or day and time, in the one form of the page; what is neither is the agent's words, and stays."""
    found = _DAY.fullmatch(text)
    try:
        moment = datetime.fromisoformat(text) if found else None
    except ValueError:
        moment = None
    if found is None or moment is None:
        return text
    return format_moment(moment, words.language) if found["clock"] else format_date(moment.date(), words.language)


def _dated(head: str) -> Callable[[Cells, Messages], str]:
    place = _AT[head]
    return lambda cells, words: _when(str(cells[place]), words)


def _level(cells: Cells, words: Messages) -> str:
    """The highest level; a threat has a mark, which stands below the table in words."""
    del words
    mark = " !" if cells[_AT["threat"]] == "yes" else ""
    return f"{cells[_AT['level_peak']]}{mark}".strip()


def _promised(cells: Cells, words: Messages) -> str:
    return _DUE.sub(lambda found: f"({_when(found[1], words)})", str(cells[_AT["commitments"]]))


_COLUMNS: dict[str, Callable[[Cells, Messages], str]] = {
    "column.started": _dated("started"),
    "column.type": _named("customer_type", "note.type"),
    "column.level": _level,
    "column.outcome": _named("outcome", "outcome"),
    "column.request": _text("request"),
    "column.answered": _named("request_answered", "answer"),
    "column.promised": _promised,
    "column.follow-up": _dated("follow_up"),
    "column.ticket": _text("ticket"),
    "column.id": lambda cells, _: short_id(str(cells[_AT["id"]])),
}
"""Its head, and how each cell is shown."""
_WHOLE = ("column.ticket", "column.id")
"""What is read out and compared: on one line."""
