"""What is fuzzed: for each parser a function of bytes that ends well, in one of the project's errors, or found a fault.

Where it is cheap, a law is checked too: what was read is written and read again, and is the same.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import yaml
from msgspec.structs import replace

from deescalate_tui import catalogues
from deescalate_tui.call.keys import BY_ID, keymap
from deescalate_tui.clean import clean, hostile
from deescalate_tui.cli.call_json import call_of
from deescalate_tui.content import yaml_strict
from deescalate_tui.content.cache import ContentCache
from deescalate_tui.content.file import checklist_file
from deescalate_tui.content.from_yaml import parse_cards, parse_checklist, parse_country, parse_ladder
from deescalate_tui.content.site_profile import parse_site
from deescalate_tui.content.techniques import parse_techniques
from deescalate_tui.content.voice import parse_voice
from deescalate_tui.dates import format_due, parse_due
from deescalate_tui.errors import ContentFaults, Fault, FileFault, UsageFault
from deescalate_tui.journal.journal import line_of, scan
from deescalate_tui.locks import FileLock
from deescalate_tui.notes.correction import changes_of
from deescalate_tui.notes.files import Tombstone, read_mark
from deescalate_tui.notes.grammar import escaped, unescaped
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import IncidentNote
from deescalate_tui.notes.parse import parse, parse_front
from deescalate_tui.notes.retention import Hold
from deescalate_tui.settings import file as settings_file
from deescalate_tui.settings.fields import _SHAPES, SETTINGS
from fuzz.sessions import journal, plain

Target = Callable[[bytes], object]
EXPECTED = (Fault, ContentFaults)
"""All that may come out of a target."""
MEMORY = Path("/dev/shm")
NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
ENGLISH = catalogues.load("en")


def folder() -> Path:
    """A folder of this run alone, in memory where there is such a place."""
    return Path(tempfile.mkdtemp(prefix="deescalate-fuzz-", dir=MEMORY if MEMORY.is_dir() else None))


def content(parser: Callable[[bytes, str], object]) -> Target:
    """A content file: refused with places, or a value."""

    def run(data: bytes) -> None:
        faults: tuple[Fault, ...] | None = None
        try:
            parser(data, "fuzz.yaml")
        except ContentFaults as error:
            faults = error.faults
        assert faults != ()
        for fault in faults or ():
            assert not hostile(ENGLISH.fault(fault)), fault

    return run


def python_yaml(data: bytes) -> None:
    """YAML where there is no libyaml."""
    with mock.patch.object(yaml, "__with_libyaml__", new=False):
        yaml_strict.read(data, "fuzz.yaml")


def settings(data: bytes) -> None:
    """A settings file; and what is changed in it by the program is all that changes."""
    path = _HOME / "settings.yaml"
    path.write_bytes(data)
    before = settings_file.read("user", path, _SHAPES)
    for fault in before.faults:
        assert not hostile(ENGLISH.fault(fault)), fault
    with suppress(UsageFault):
        settings_file.store(path, "channel", "email", _SHAPES)
        after = settings_file.read("user", path, _SHAPES)
        assert {**_values(before), "channel": "email"} == _values(after)


def _values(layer: settings_file.Layer) -> dict[str, object]:
    return {name: said.value for name, said in layer.said.items()}


def value(data: bytes) -> None:
    """A setting as a variable or an option gives it: its name, a line feed, the text."""
    name, _, text = data.decode("utf-8", "surrogateescape").partition("\n")
    names = list(SETTINGS)
    SETTINGS[name if name in SETTINGS else names[len(name) % len(names)]].value(text, "variable")


def lines(data: bytes) -> None:
    """The bytes of a journal: what is good is found again, and any beginning gives a beginning."""
    found = scan(data)
    assert b"".join(map(line_of, found.records)) == data[: found.good_end]
    half = scan(data[: len(data) // 2])
    assert found.records[: len(half.records)] == half.records


def note(data: bytes) -> None:
    """A note: what can be read says the same when it is written again, phase by phase in its order."""
    found = parse(data.decode("utf-8", "replace"), "fuzz.md")
    again = render(found, ENGLISH)
    assert _in_any_order(parse(again)) == _in_any_order(found)
    assert not hostile(again.replace("\n", ""))


def _in_any_order(note: IncidentNote) -> IncidentNote:
    return replace(note, walked=tuple(sorted(note.walked, key=repr)), answers=tuple(sorted(note.answers, key=repr)))


def front(data: bytes) -> None:
    """The front matter alone."""
    parse_front(data.decode("utf-8", "replace"), "fuzz.md")


def mark(data: bytes) -> None:
    """A hold or a tombstone."""
    path = _HOME / "mark"
    path.write_bytes(data)
    for kind in (Hold, Tombstone):
        with suppress(FileFault):
            read_mark(path, kind)


def call(data: bytes) -> None:
    """The call that another program describes; cleaned as `guide` does it."""
    for text in call_of(data).values():
        assert not hostile(clean(text))


def typed(data: bytes) -> None:
    """Cleaning keeps its promises, and done twice is done once; bytes that are no UTF-8 come as lone surrogates."""
    text = data.decode("utf-8", "surrogateescape")
    once = clean(text)
    assert clean(once) == once
    assert not hostile(once)
    kept = clean(text, lines=True)
    assert clean(kept, lines=True) == kept
    assert not hostile(kept.replace("\t", ""))


def due(data: bytes) -> None:
    """When something is due: understood to the last word, and what was understood is understood again."""
    text = data.decode("utf-8", "replace")
    for language in ("de", "nl", "no", "en"):
        found = parse_due(text, language, NOW)
        shown = format_due(found, language)
        assert bool(shown) == bool(found)
        assert not found or datetime.fromisoformat(found)
        format_due(text, language)


def words(data: bytes) -> None:
    """What is typed, in a note: on one line, and taken back whole."""
    text = data.decode("utf-8", "replace")
    line = escaped(text)
    assert unescaped(line) == text
    assert not hostile(line)
    unescaped(text)


def keys(data: bytes) -> None:
    """Remapped keys: none does two things, and every action keeps one."""
    remapped = SETTINGS["keys"].value(data.decode("utf-8", "replace"), "keys")
    found = keymap(remapped)
    assert set(found.keys) == set(BY_ID)
    assert all(found.keys[name] for name in BY_ID)
    assert all(key in found.keys[name] for key, name in found.actions.items())


def cache(data: bytes) -> None:
    """The cache of parsed content: anything in it is a value of the kind asked for, or nothing."""
    path = _HOME / "content.msgpack"
    path.write_bytes(data)
    kind = checklist_file("de", "aggressive").kind
    found = ContentCache(path).get("place", b"bytes", kind)
    assert found is None or isinstance(found, kind)
    with mock.patch("deescalate_tui.content.cache._key", return_value="key"):
        held = ContentCache(path)
        found = held.get("place", b"bytes", kind)
        assert found is None or isinstance(found, kind)
        held.put("place", b"bytes", 1)
        held.keep()


def lock(data: bytes) -> None:
    """The lock file of a program that holds it, whatever stands in it."""
    path = _HOME / "held.lock"
    held = FileLock(path, "session-in-use")
    try:
        path.write_bytes(data)
        with mock.patch("deescalate_tui.locks._PAUSE_S", 0):
            FileLock(path, "session-in-use").release()
    finally:
        held.release()


def changes(data: bytes) -> None:
    """`notes correct --field`."""
    for text in changes_of(data.decode("utf-8", "surrogateescape").split("\0")).values():
        assert not hostile(text)
        json.dumps(text).encode()


_HOME = folder()
TARGETS: dict[str, Target] = {
    "yaml": content(yaml_strict.read),
    "yaml-python": python_yaml,
    "checklist": content(parse_checklist),
    "cards": content(parse_cards),
    "ladder": content(parse_ladder),
    "country": content(parse_country),
    "site": content(parse_site),
    "techniques": content(parse_techniques),
    "voice": content(parse_voice),
    "settings": settings,
    "value": value,
    "keys": keys,
    "journal-lines": lines,
    "journal": journal(_HOME / "journal"),
    "plain": plain(_HOME / "plain"),
    "note": note,
    "front": front,
    "mark": mark,
    "json": call,
    "clean": typed,
    "dates": due,
    "words": words,
    "cache": cache,
    "lock": lock,
    "changes": changes,
}
