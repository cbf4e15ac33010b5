"""`checklists show --techniques`: for each technique, the very lines that teach it, for a reader to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from deescalate_tui.call.checklist import Checklist
from deescalate_tui.clean import clean
from deescalate_tui.content.check_techniques import Line, Taught, taught
from deescalate_tui.content.library import Library
from deescalate_tui.content.techniques import OUTSIDE, Technique
from deescalate_tui.errors import Exit
from deescalate_tui.i18n import Messages
from deescalate_tui.screens.presenter import quoted
from deescalate_tui.streams import put, put_json


def show_techniques(library: Library, checklists: list[Checklist], messages: Messages, *, json: bool) -> int:
    """Print them; 1 where a checklist that should teach a technique has no line for it."""
    techniques = tuple(it for it in library.techniques().techniques if it.phase not in OUTSIDE)
    found = list(taught(library, techniques, checklists))
    by_id = {technique.id: technique for technique in techniques}
    if json:
        put_json([_for_programs(it, by_id[it.technique]) for it in found])
    else:
        put("\n".join(_text(found, by_id, messages)) + "\n")
    return Exit.OK if all(it.lines for it in found) else Exit.FINDINGS


def _for_programs(it: Taught, technique: Technique) -> dict[str, object]:
    return {
        "technique": it.technique,
        "phase": technique.phase,
        "sources": technique.sources,
        "teaches": technique.teaches,
        "asks": technique.asks,
        "language": it.language,
        "type": it.type,
        "lines": [{"file": clean(line.file), **_rest(line)} for line in it.lines],
    }


def _rest(line: Line) -> dict[str, object]:
    return {"line": line.line, "step": line.step, "part": line.part, "text": line.text}


def _text(found: Iterable[Taught], techniques: dict[str, Technique], messages: Messages) -> Iterator[str]:
    for technique_id, group in groupby(found, key=lambda it: it.technique):
        technique = techniques[technique_id]
        yield f"{technique.id} ({', '.join(technique.sources)}): {technique.teaches}"
        for it in group:
            yield f"  {it.language}/{it.type}"
            yield from (_line(line, it.language) for line in it.lines)
            if not it.lines:
                yield f"    {messages('cli.no-line')}"
        yield ""


def _line(line: Line, language: str) -> str:
    text = quoted(line.text, language) if line.part == "say" else line.text
    return f"    {line.part}: {text}  [{clean(line.file)}:{line.line}]"
