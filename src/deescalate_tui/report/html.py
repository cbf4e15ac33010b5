"""The report as one page that needs nothing else: no script, no network, light and dark, on screen and on paper. Pure.

Every chart is a table whose bars are drawn beside its figures, so that who cannot see them reads the same.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from html import escape

from deescalate_tui.report.chart import Chart, Page

STYLE = """
:root { color-scheme: light dark; --ink: #1d2327; --quiet: #50575e; --paper: #fff; --line: #c3c4c7; --bar: #2f6f9f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --quiet: #b4b9be; --paper: #16191c; --line: #4a4f54; --bar: #7fb6dd; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 68rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; line-height: 1.3; margin: 0 0 .25rem; }
p { margin: .2rem 0; overflow-wrap: anywhere; }
main { columns: 28rem 2; column-gap: 2.5rem; margin-top: 1.75rem; }
section { break-inside: avoid; padding-bottom: 1.75rem; }
.wide { column-span: all; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem 0 .2rem .6rem; text-align: right; vertical-align: top; font-weight: normal; }
thead th { color: var(--quiet); font-size: .85rem; border-bottom: 1px solid var(--line); }
td { white-space: nowrap; }
tbody th { text-align: left; padding-left: 0; width: 42%; overflow-wrap: anywhere; hyphens: auto; }
tbody tr + tr > * { border-top: 1px solid color-mix(in srgb, var(--line) 45%, transparent); }
.bar { width: 26%; }
.bar svg { display: block; width: 100%; height: 1rem; margin-top: .25rem; }
.weeks { display: flex; gap: 2px; list-style: none; margin: 0; padding: 0; text-align: center; font-size: .85rem; }
.weeks li { flex: 1 1 0; min-width: 0; overflow: hidden; }
.weeks svg { display: block; width: 100%; height: 8rem; border-bottom: 1px solid var(--line); }
.weeks span { display: block; }
.many span { display: none; }
rect { fill: var(--bar); }
.before rect { fill: none; stroke: var(--bar); stroke-width: 2; }
details { margin-top: .4rem; }
summary { cursor: pointer; color: var(--quiet); }
footer { margin-top: 2.5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
footer li, .note { color: var(--quiet); }
@media (max-width: 30rem) { .bar { width: 14%; } tbody th { width: 38%; } th, td { padding-left: .35rem; } }
@media print {
  :root { --ink: #000; --quiet: #333; --paper: #fff; --line: #999; --bar: #2f6f9f; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  main { columns: auto; }
  section { padding-bottom: 1rem; }
  h2, thead, summary { break-after: avoid; }
  tr { break-inside: avoid; }
  details { display: none; }
  rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
MOST_NAMED = 16
"""So many weeks have their names and figures beside their columns."""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def html(page: Page, language: str, table: str) -> str:
    """The whole page. `language` is that of its words, `table` what opens the table of the weeks."""
    return "\n".join(_page(page, language, table)) + "\n"


def _page(page: Page, language: str, table: str) -> Iterator[str]:
    title = escape(page.title)
    yield "<!doctype html>"
    yield f'<html lang="{escape({"no": "nb"}.get(language, language))}">'
    yield '<head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY, quote=False)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta name="referrer" content="no-referrer"><title>{title}</title><style>{STYLE}</style></head>'
    yield f"<body><header><h1>{title}</h1>"
    yield from (f"<p>{escape(fact)}</p>" for fact in page.facts)
    yield "</header><main>"
    if page.weeks.rows:
        yield from _weeks(page.weeks, table)
    for chart in page.charts:
        yield f"<section><h2>{escape(chart.title)}</h2>"
        yield from _table(chart) if chart.rows else ()
        yield from (f'<p class="note">{escape(note)}</p>' for note in chart.notes)
        yield "</section>"
    yield "</main><footer><ul>"
    yield from (f"<li>{escape(note)}</li>" for note in page.notes)
    yield "</ul></footer></body></html>"


def _weeks(chart: Chart, table: str) -> Iterator[str]:
    """A column a week; those of the period before are hollow. The table has what is too narrow to be written there."""
    most = max(row.value for row in chart.rows) or 1
    many = " many" if len(chart.rows) > MOST_NAMED else ""
    yield f'<section class="wide"><h2>{escape(chart.title)}</h2><ol class="weeks{many}">'
    for row in chart.rows:
        kind = ' class="before"' if row.before else ""
        height = 100 * row.value / most
        bar = f'<rect x="12%" width="76%" y="{100 - height:.1f}%" height="{height:.1f}%"/>'
        yield f'<li{kind}><span>{escape(row.cells[0])}</span><svg aria-hidden="true">{bar}</svg>'
        yield f"<span>{escape(row.label.partition('-')[2])}</span></li>"
    yield "</ol>"
    yield from (f'<p class="note">{escape(note)}</p>' for note in chart.notes)
    yield f"<details><summary>{escape(table)}</summary>"
    yield from _table(chart)
    yield "</details></section>"


def _table(chart: Chart) -> Iterator[str]:
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in chart.columns)
    most = max((row.value for row in chart.rows), default=0) or 1
    yield f'<table aria-label="{escape(chart.title)}"><thead><tr><td></td><td></td>{heads}</tr></thead><tbody>'
    for row in chart.rows:
        width = 100 * row.value / most
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in row.cells)
        bar = f'<svg aria-hidden="true"><rect width="{width:.1f}%" height="100%"/></svg>'
        yield f'<tr><th scope="row">{escape(row.label + row.tail)}</th><td class="bar">{bar}</td>{cells}</tr>'
    yield "</tbody></table>"
