"""What the findings suggest to change in the YAML, as a diff to review. Pure.

A step that is mostly skipped goes behind the next one, one that is never reached goes before the one it follows: in all
languages alike, as the checklists must be. Wording is a matter for people: those steps only get a remark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import unified_diff

from deescalate_tui.report.checkup import UNREACHED, Finding
from deescalate_tui.report.course import SKIPPED

Files = Mapping[tuple[str, str], str]
"""The text of a checklist by type and language."""
_STEP = re.compile(r"^( *)- id: *([a-z0-9-]+) *(?:#.*)?$")


def proposal(
    found: Iterable[Finding], files: Files, remark: Callable[[Finding], str], is_valid: Callable[[str], bool]
) -> str:
    """A unified diff of the files; empty where there is nothing to say. What would not be valid is not proposed."""
    new = dict(files)
    moved: set[tuple[str, str]] = set()
    for finding in found:
        type_, language, _ = (*finding.checklist.split("/"), "", "")[:3]
        if (type_, language) not in files:
            continue
        if finding.kind in (SKIPPED, UNREACHED) and (type_, finding.step) not in moved:
            places = [place for place in files if place[0] == type_]
            shifted = {it: _shifted(new[it], finding.step, later=finding.kind == SKIPPED) for it in places}
            if all(text and is_valid(text) for text in shifted.values()):
                new.update(shifted)
                moved.add((type_, finding.step))
        noted = _noted(new[type_, language], finding.step, remark(finding))
        if is_valid(noted):
            new[type_, language] = noted
    return "".join(_diff(f"checklists/{place[1]}/{place[0]}.yaml", files[place], new[place]) for place in files)


def _diff(name: str, old: str, new: str) -> str:
    lines = unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _blocks(lines: list[str]) -> list[tuple[int, int, int, str]]:
    """Each step that is written in lines of its own: indentation, first line, the line after it, id."""
    found = []
    for at, line in enumerate(lines):
        head = _STEP.match(line)
        if head is None:
            continue
        indent = len(head[1])
        end = next((to for to in range(at + 1, len(lines)) if _ends(lines[to], indent)), len(lines))
        found.append((indent, at, end, head[2]))
    return found


def _ends(line: str, indent: int) -> bool:
    return bool(line.strip()) and len(line) - len(line.lstrip(" ")) <= indent


def _shifted(text: str, step: str, *, later: bool) -> str:
    """The text with the step behind the next one, or before the one it follows; empty where there is none."""
    lines = text.splitlines()
    blocks = _blocks(lines)
    at = next((place for place, block in enumerate(blocks) if block[3] == step), None)
    if at is None:
        return ""
    first, second = (at, at + 1) if later else (at - 1, at)
    if first < 0 or second >= len(blocks):
        return ""
    (indent, start, middle, _), (other, beside, end, _) = blocks[first], blocks[second]
    if other != indent or middle != beside:  # another phase, or something stands in between
        return ""
    return "\n".join([*lines[:start], *lines[beside:end], *lines[start:middle], *lines[end:], ""])


def _noted(text: str, step: str, words: str) -> str:
    """The text with a remark above the step."""
    lines = text.splitlines()
    for indent, at, _, name in _blocks(lines):
        if name == step:
            lines.insert(at, f"{' ' * indent}# {words}")
            break
    return "\n".join([*lines, ""])
