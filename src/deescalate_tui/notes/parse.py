"""Reads a note back. The language it was written in does not matter: see `notes.grammar` for what counts.

Whatever is not as `notes.markdown` writes it, where it matters, is a Fault with its line: a damaged note is
never read as a smaller one. Headings and sentences may be changed by hand, the rest by a correction.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from deescalate_tui.call.checklist import PHASES
from deescalate_tui.clean import hostile
from deescalate_tui.errors import Fault
from deescalate_tui.notes.front import at, parse_front, read_front
from deescalate_tui.notes.grammar import CLOCK, read_clock, read_marker, read_offset, unescaped, untoken
from deescalate_tui.notes.note import (
    DONE,
    OPEN,
    SKIPPED,
    Answer,
    Called,
    Given,
    Happened,
    Heard,
    Held,
    IncidentNote,
    Opened,
    Said,
    Walked,
)

__all__ = ["parse", "parse_front"]

_STEP = re.compile(rf"\[([x!-])\] ({CLOCK}) (.*)")
_LEVEL = re.compile(rf"({CLOCK}) +(-?[0-9]{{1,9}})  .*")
_HOLD = re.compile(rf"({CLOCK})(?:–({CLOCK}))? .*")
_TIMED = re.compile(rf"({CLOCK})(?: (.*))?")
_STATES = {"x": DONE, "-": SKIPPED, "!": OPEN}


class _Line(msgspec.Struct):
    """A line of a list or block, the id that its marker gives it, and the quoted line below it."""

    number: int
    text: str
    id: str = ""
    typed: str | None = None


class _Section(msgspec.Struct):
    """What follows a marker."""

    name: str
    tokens: list[str]
    number: int
    lines: list[_Line]


def parse(text: str, place: str = "") -> IncidentNote:
    """The note in the text of a file; `place` is the file's name for the Fault that any other text raises."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    for index, code in hostile(text):
        raise Fault(at(place, text.count("\n", 0, index) + 1), "note-character", code=f"U+{code:04X}")
    values, end = read_front(text, place)
    sections = _sections(text, end, place)
    if not sections or sections[-1].name != "timeline" or not text.endswith("\n```\n"):
        raise Fault(at(place, text.count("\n")), "note-cut")
    body = _body(sections, datetime.fromisoformat(values["started"]), place)
    promised = len(body.pop("commitments", ()))
    if promised != len(values["commitments"]):
        raise Fault(at(place, 1), "note-count", expected=promised, found=len(values["commitments"]))
    return IncidentNote(**(values | {field: tuple(found) for field, found in body.items()}))


def _body(sections: list[_Section], started: datetime, place: str) -> dict[str, list[Any]]:
    """What the sections say, by the field of the note."""
    midnight = (started.hour * 60 + started.minute) * 60 + started.second
    body: dict[str, list[Any]] = {}
    for section in sections:
        field, read = _READ[section.name]
        for line in section.lines:
            try:
                body.setdefault(field, []).append(read(line, midnight, section.name))
            except ValueError:
                raise Fault(at(place, line.number), "note-line") from None
    return body


def _sections(text: str, start: int, place: str) -> list[_Section]:
    """The marked sections. What looks like a part of one and stands in none is a fault."""
    sections: list[_Section] = []
    section: _Section | None = None
    fenced = False
    for number, line in enumerate(text[start:].split("\n"), text.count("\n", 0, start) + 1):
        if fenced and section is not None:
            fenced = line != "```"
            if fenced:
                section.lines.append(_Line(number, line))
        elif line.startswith("<!--"):
            section = _open(line, at(place, number), number)
            sections.append(section)
        elif line.startswith("#"):
            section = None
        elif line.startswith(("- ", "  ", "```")):
            fenced = _take(section, line, number, place)
    known: set[str] = set()
    for section in sections:
        if section.name in known:
            raise Fault(at(place, section.number), "note-line")
        if section.name != "answers":  # which every phase has of its own
            known.add(section.name)
        _name_lines(section, place)
    return sections


def _open(line: str, place: str, number: int) -> _Section:
    found = read_marker(line)
    if found is None or found[0] not in _READ:
        raise Fault(place, "note-line")
    return _Section(*found, number, [])


def _take(section: _Section | None, line: str, number: int, place: str) -> bool:
    """Put a line where it belongs; True where it opens a block."""
    if section is None or (line.startswith("  ") and not _takes_typed(section, line)):
        raise Fault(at(place, number), "note-line")
    if line.startswith("- "):
        section.lines.append(_Line(number, line[2:]))
    elif line.startswith("  "):
        section.lines[-1].typed = line[4:]
    return line.startswith("```")


def _takes_typed(section: _Section, line: str) -> bool:
    return f"{line} ".startswith("  > ") and bool(section.lines) and section.lines[-1].typed is None


def _name_lines(section: _Section, place: str) -> None:
    """Give each line its id; where the marker only counts them, check the number."""
    count, tokens = len(section.lines), section.tokens
    if section.name in _COUNTED:
        if tokens != [str(count)]:
            raise Fault(at(place, section.number), "note-count", expected=" ".join(tokens), found=count)
        return
    if len(tokens) != count:
        raise Fault(at(place, section.number), "note-count", expected=len(tokens), found=count)
    for line, token in zip(section.lines, tokens, strict=True):
        line.id = token


def _match(pattern: re.Pattern[str], line: _Line) -> re.Match[str]:
    found = pattern.fullmatch(line.text)
    if found is None:
        raise ValueError(line.text)
    return found


def _typed(line: _Line) -> str:
    if line.typed is None:
        raise ValueError(line.text)
    return line.typed


def _step(line: _Line, midnight: int, phase: str) -> Walked:
    box, time, title = _match(_STEP, line).groups()
    if box != "x":
        title, separator, _ = title.rpartition(" *")
        if not separator:
            raise ValueError(line.text)
    reason = _typed(line) if box == "!" else ""
    return Walked(
        phase, untoken(line.id), unescaped(title), read_clock(midnight, time), _STATES[box], unescaped(reason)
    )


def _answer(line: _Line, _midnight: int, _name: str) -> Answer:
    field, is_choice, value = line.id.partition("=")
    return Answer(untoken(field), untoken(value) if is_choice else unescaped(_typed(line)))


def _level(line: _Line, midnight: int, _name: str) -> Heard:
    time, level = _match(_LEVEL, line).groups()
    return Heard(read_clock(midnight, time), int(level))


def _limit(line: _Line, midnight: int, _name: str) -> Given:
    rung, id_, behaviour = (line.id if line.id.count(":") > 1 else f"{line.id}:").split(":")
    time = _match(_TIMED, line)[1]
    return Given(read_clock(midnight, time), int(rung), untoken(id_), untoken(behaviour))


def _said(line: _Line, midnight: int, name: str) -> Said:
    words = _typed(line)[1:-1] if name == "quotes" else _typed(line)
    return Said(read_clock(midnight, _match(_TIMED, line)[1]), unescaped(words))


def _hold(line: _Line, midnight: int, _name: str) -> Held:
    start, end = _match(_HOLD, line).groups()
    return Held(read_clock(midnight, start), None if end is None else read_clock(midnight, end))


def _card(line: _Line, midnight: int, _name: str) -> Opened:
    time, title = _match(_TIMED, line).groups()
    return Opened(read_clock(midnight, time), untoken(line.id), unescaped(title or ""))


def _help(line: _Line, midnight: int, _name: str) -> Called:
    return Called(read_clock(midnight, _match(_TIMED, line)[1]), untoken(line.id))


def _event(line: _Line, _midnight: int, _name: str) -> Happened:
    time, event, ref = (line.text if line.text.count(" ") > 1 else f"{line.text} ").split(" ")
    return Happened(read_offset(time), untoken(event), untoken(ref))


def _commitment(line: _Line, _midnight: int, _name: str) -> str:
    """Only how many there are is of use: what was promised stands in the front matter."""
    return line.text


_READ: dict[str, tuple[str, Callable[[_Line, int, str], Any]]] = {
    **dict.fromkeys(PHASES, ("walked", _step)),
    "answers": ("answers", _answer),
    "levels": ("levels", _level),
    "limits": ("limits", _limit),
    "quotes": ("quotes", _said),
    "remarks": ("remarks", _said),
    "holds": ("holds", _hold),
    "cards": ("cards", _card),
    "helps": ("helps", _help),
    "commitments": ("commitments", _commitment),
    "timeline": ("timeline", _event),
}
"""By the name of a section: where its lines go in the note, and how one is read."""
_COUNTED = frozenset({"levels", "quotes", "remarks", "holds", "commitments", "timeline"})
