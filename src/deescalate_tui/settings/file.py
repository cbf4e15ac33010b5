"""A settings file: read value by value, so that one bad line spoils no other; and one line of it changed.

Which settings there are, and what their values look like, comes from `settings`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from deescalate_tui.content import schema, yaml_strict
from deescalate_tui.content.cache import ContentCache
from deescalate_tui.content.yaml_strict import MAX_BYTES, Faults, Node, Scalar
from deescalate_tui.errors import ContentFaults, Fault, FileFault, UsageFault
from deescalate_tui.files import private_folder, read_limited, replace_file

FORMAT = 1
LOCKED = "locked"
Shapes = Mapping[str, schema.Shape[Any]]


class Said(msgspec.Struct, frozen=True):
    """A value, and where it stands: `path:line`, a variable or an option."""

    value: Any
    place: str


class Layer(msgspec.Struct, frozen=True):
    """What one source says about settings."""

    name: str
    said: Mapping[str, Said] = {}
    locked: tuple[str, ...] = ()
    """Settings that nothing below may change; only the site's file has any."""
    faults: tuple[Fault, ...] = ()


class _Kept(msgspec.Struct, frozen=True):
    """A layer without faults, as the cache holds it."""

    said: dict[str, tuple[str | int | tuple[str, ...] | dict[str, str | tuple[str, ...]], str]]
    locked: tuple[str, ...]


def read(name: str, path: Path, shapes: Shapes, *, may_lock: bool = False, cache: ContentCache | None = None) -> Layer:
    """The settings of a file; one that is missing says nothing. What is wrong with it is told in `faults`."""
    try:
        data = _bytes(path)
    except FileFault as fault:
        # Named by the file that is meant, not by what a link leads to.
        named = FileFault(str(path), fault.key, **fault.params)
        return Layer(name, faults=() if fault.key == "missing" else (named,))
    place = f"{name}:{path}"
    known = cache.get(place, data, _Kept) if cache is not None else None
    if known is not None:
        return Layer(name, {key: Said(*said) for key, said in known.said.items()}, known.locked)
    layer = _parse(name, data, str(path), shapes, may_lock)
    if cache is not None and not layer.faults:
        cache.put(place, data, _Kept({key: (said.value, said.place) for key, said in layer.said.items()}, layer.locked))
    return layer


def mentions(path: Path, name: str) -> int:
    """How often the file seems to set this, however broken it is otherwise."""
    try:
        return len(re.findall(rb"^[ \t]*%s[ \t]*:" % name.encode(), _bytes(path), re.MULTILINE))
    except FileFault:
        return 0


def store(path: Path, name: str, value: object, shapes: Shapes) -> None:
    """Changes or adds one setting; every other line and comment stays.

    Raises FileFault where the disk refuses, UsageFault (`settings-by-hand`) where the file cannot be changed safely.
    """
    try:
        old = _bytes(path)
    except FileFault as fault:
        if fault.key != "missing":
            raise
        old = b""
    new = _changed(old, name, value)
    before, after = (_parse("", data, str(path), shapes, may_lock=False) for data in (old, new))
    others = {key: said.value for key, said in before.said.items() if key != name}
    # The file is changed as text: only if it then says what it should is it written.
    if {key: said.value for key, said in after.said.items()} != {**others, name: value}:
        raise UsageFault(str(path), "settings-by-hand", line=f"{name}: {written(value)}")
    real = _real(path)
    private_folder(real.parent)
    replace_file(real, new)


def written(value: object) -> str:
    """A value as a settings file spells it."""
    if isinstance(value, str) and value and re.fullmatch(r"[\w-]+", value):
        return value
    return msgspec.json.encode(value).decode()


def _real(path: Path) -> Path:
    """Settings may be links: many people keep them in a folder of their own."""
    return Path(os.path.realpath(path))


def _bytes(path: Path) -> bytes:
    return read_limited(_real(path), MAX_BYTES)


def _parse(name: str, data: bytes, place: str, shapes: Shapes, may_lock: bool) -> Layer:
    faults = Faults(place)
    try:
        # A file in which every line is still a comment says nothing, and that is no fault.
        root = yaml_strict.scan(data, faults) if re.search(rb"^[ \t]*[^#\s]", data, re.MULTILINE) else None
    except ContentFaults as error:
        return Layer(name, faults=error.faults)
    if root is None:
        return Layer(name)
    known: dict[str, schema.Shape[Any]] = {key: _placed(shape, place) for key, shape in shapes.items()}
    if may_lock:
        known[LOCKED] = _locked(shapes)
    found = _each({"format": schema.whole(FORMAT, FORMAT), **known}, root, faults)
    said = {key: value for key, value in found.items() if key in shapes}
    return Layer(name, said, found.get(LOCKED, ()), faults.error().faults if faults else ())


def shape_of(shapes: Shapes) -> schema.Shape[dict[str, Any]]:
    """A whole file, for an editor to check; `read` takes it value by value."""
    return schema.record(dict, {}, {"format": schema.whole(FORMAT, FORMAT), **shapes, LOCKED: _locked(shapes)})


def _locked(shapes: Shapes) -> schema.Shape[tuple[str, ...]]:
    return schema.listed(schema.one_of(*shapes), 0, len(shapes), str, partial=True)


def _each(known: Shapes, root: Node, faults: Faults) -> dict[str, Any]:
    """The good values of a mapping, whatever is wrong with the others."""
    found: dict[str, Any] = {}

    def kept(key: str, shape: schema.Shape[Any]) -> schema.Shape[None]:
        def keep(node: Node, faults: Faults) -> None:
            value = shape(node, faults)
            if value is not None:
                found[key] = value

        return keep

    schema.record(dict, {}, {key: kept(key, shape) for key, shape in known.items()})(root, faults)
    return found


def _placed(shape: schema.Shape[Any], place: str) -> schema.Shape[Said]:
    """The shape's value with its place. A key without a value says nothing."""

    def placed(node: Node, faults: Faults) -> Said | None:
        if isinstance(node, Scalar) and node.plain and not node.text:
            return None
        value = shape(node, faults)
        return None if value is None else Said(value, f"{place}:{node.mark[0]}")

    return placed


def _changed(data: bytes, name: str, value: object) -> bytes:
    """The file with one setting changed or added; its own line ends, and the comment behind a value, stay."""
    text = data.decode("utf-8-sig", "replace")
    end = "\r\n" if "\r\n" in text else "\n"
    quoted = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|\{.*\}|\[.*\]|[^\s\"'{\[#](?:[^#\r\n]|(?<=\S)\#)*?|"
    line = re.compile(rf"^(?P<key>{name}[ ]*:)[ ]*(?:{quoted})(?P<comment>[ ]+\#[^\r\n]*|[ ]*)(?=\r?$)", re.MULTILINE)
    if line.search(text):
        return line.sub(lambda old: f"{old['key']} {written(value)}{old['comment'].rstrip()}", text, count=1).encode()
    if text and not text.endswith("\n"):
        text += end
    return f"{text}{name}: {written(value)}{end}".encode()
