"""YAML as data only: a tree of texts, lists and mappings that knows where each of them stands.

Built from parse events, so that no value is ever guessed: `no` stays a text, `0123` keeps its zero.
Anchors, aliases, tags, doubled keys, deep nesting and more than one document are refused, as are
characters that could steer a terminal or hide.
"""

from __future__ import annotations

import unicodedata
from typing import Any, NoReturn

import msgspec

from deescalate_tui.clean import clean, defused, hostile
from deescalate_tui.errors import ContentFaults, Fault

MAX_BYTES = 256 * 1024
MAX_DEPTH = 8
MAX_NODES = 20_000
MAX_FAULTS = 100
SHOWN = 40
"""Characters of the file that a fault repeats."""

Mark = tuple[int, int]
"""Line and column, both from 1."""


class Scalar(msgspec.Struct, frozen=True):
    """A text. `plain` tells that it stood there without quotation marks."""

    text: str
    mark: Mark
    plain: bool


class Listing(msgspec.Struct, frozen=True):
    """A list of nodes."""

    items: tuple[Node, ...]
    mark: Mark


class Mapping(msgspec.Struct, frozen=True):
    """Keys in the order of the file, each once, and the value of each."""

    keys: tuple[Scalar, ...]
    values: dict[str, Node]
    mark: Mark


Node = Scalar | Listing | Mapping


class Faults:
    """Collects what is wrong with one file, and gives it in the order of the file."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._found: list[tuple[Mark, Fault]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, mark: Mark, key: str, **params: object) -> None:
        """Notes a fault. A file that is all wrong says so a hundred times, no more."""
        if len(self._found) < MAX_FAULTS:
            self._found.append((mark, Fault(f"{self._place}:{mark[0]}:{mark[1]}", key, **params)))

    def stop(self, mark: Mark, key: str, **params: object) -> NoReturn:
        """Notes a fault after which the rest of the file has no meaning, and raises all of them."""
        self.add(mark, key, **params)
        raise self.error()

    def error(self, value: object = None) -> ContentFaults:
        """All of them, to be raised; `value` is what the file means all the same."""
        return ContentFaults(tuple(fault for _, fault in sorted(self._found, key=lambda found: found[0])), value)


def read(data: bytes, place: str) -> Node:
    """The tree of a file's bytes; `place` names the file in the faults. Raises ContentFaults."""
    faults = Faults(place)
    node = scan(data, faults)
    if faults:
        raise faults.error()
    return node


def scan(data: bytes, faults: Faults) -> Node:
    """The tree of a file's bytes, as far as it has a meaning; what is wrong goes into `faults`.

    Raises ContentFaults where reading cannot go on.
    """
    text = _decode(data, faults)
    for index, code in hostile(text)[:MAX_FAULTS]:
        _character(_mark(text, index), code, faults)
    return _parsed(defused(text, " "), faults)


def _mark(text: str, index: int) -> Mark:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _character(mark: Mark, code: int, faults: Faults) -> None:
    if code == 0:
        faults.stop(mark, "yaml-binary")
    elif code == 9:
        faults.add(mark, "yaml-tab")
    else:
        faults.add(mark, "yaml-character", code=f"U+{code:04X}")


def _decode(data: bytes, faults: Faults) -> str:
    """The text of the file, in NFC and with LF line ends.

    A signature at its start, as Windows editors write it, is no text.
    """
    if len(data) > MAX_BYTES:
        faults.stop((1, 1), "yaml-too-big", most=MAX_BYTES // 1024)
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        faults.stop(_mark(before, len(before)), "yaml-not-utf8")
    if not text.strip():
        faults.stop((1, 1), "yaml-empty")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


_SYNTAX = (
    ("found unexpected end of stream", "yaml-quote"),
    ("mapping values are not allowed", "yaml-colon"),
    ("sequence entries are not allowed", "yaml-dash"),
    ("cannot start any token", "yaml-start"),
    ("an anchor", "yaml-start"),
    ("an alias", "yaml-start"),
    ("' or '", "yaml-bracket"),
    ("quoted scalar", "yaml-escape"),
    ("parsing a block", "yaml-indent"),
    ("expected ':'", "yaml-no-colon"),
)
"""Parts of the parsers' messages (libyaml's and PyYAML's own) and what they mean for a writer."""


def _parsed(text: str, faults: Faults) -> Node:
    # Late, because it takes 10 ms and more: the lead's commands never read YAML.
    import yaml

    builder = _Builder(faults)
    take = {
        yaml.ScalarEvent: builder.scalar,
        yaml.MappingStartEvent: builder.mapping,
        yaml.SequenceStartEvent: builder.listing,
        yaml.MappingEndEvent: builder.end,
        yaml.SequenceEndEvent: builder.end,
        yaml.AliasEvent: builder.alias,
        yaml.DocumentStartEvent: builder.document,
    }
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader):
            if type(event) in take:
                take[type(event)](event)
    except yaml.MarkedYAMLError as error:
        message = f"{error.context} {error.problem}"
        key = next((key for part, key in _SYNTAX if part in message), "yaml-syntax")
        opened = error.context_mark if key in ("yaml-quote", "yaml-bracket") else None
        faults.stop(_mark_of(opened or error.problem_mark), key)
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML's own parser lets an escape of a number that is no character fail as chr() does.
        faults.stop((1, 1), "yaml-escape")
    return builder.tree()


def _mark_of(mark: Any) -> Mark:
    """The same place, counted from 1."""
    return mark.line + 1, mark.column + 1


class _Open:
    """A list or mapping whose end has not come yet. A mapping's items are key, value, key, value."""

    def __init__(self, mark: Mark, is_mapping: bool) -> None:
        self.mark = mark
        self.is_mapping = is_mapping
        self.items: list[Node] = []


class _Builder:
    """Makes a tree of the parse events of a file."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._file = _Open((1, 1), is_mapping=False)
        self._stack = [self._file]
        self._nodes = 0
        self._documents = 0

    def tree(self) -> Node:
        """The one document of the file."""
        if not self._file.items:
            self._faults.stop((1, 1), "yaml-empty")
        return self._file.items[0]

    def document(self, event: Any) -> None:
        """The start of a document."""
        self._documents += 1
        if self._documents > 1:
            self._faults.stop(_mark_of(event.start_mark), "yaml-documents")

    def scalar(self, event: Any) -> None:
        """A text."""
        mark = self._node(event)
        text: str = event.value
        if event.style == '"':  # only there does an escape like \x1b make a character that the file does not hold
            for _, code in hostile(text)[:MAX_FAULTS]:
                _character(mark, code, self._faults)
            text = unicodedata.normalize("NFC", defused(text))
        self._stack[-1].items.append(Scalar(text, mark, plain=not event.style))

    def mapping(self, event: Any) -> None:
        """The start of a mapping."""
        self._open(_Open(self._node(event), is_mapping=True))

    def listing(self, event: Any) -> None:
        """The start of a list."""
        self._open(_Open(self._node(event), is_mapping=False))

    def end(self, _event: Any) -> None:
        """The end of the innermost mapping or list."""
        done = self._stack.pop()
        node = self._mapping(done) if done.is_mapping else Listing(tuple(done.items), done.mark)
        self._stack[-1].items.append(node)

    def alias(self, event: Any) -> None:
        """A repetition of an anchor, which would let a small file become a huge one."""
        self._faults.stop(_mark_of(event.start_mark), "yaml-alias", name=clean(event.anchor, SHOWN))

    def _node(self, event: Any) -> Mark:
        """Counts a node, and gives its place."""
        mark = _mark_of(event.start_mark)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._faults.stop(mark, "yaml-too-many", most=MAX_NODES)
        if event.anchor is not None:
            self._faults.add(mark, "yaml-anchor", name=clean(event.anchor, SHOWN))
        if event.tag is not None:
            self._faults.add(mark, "yaml-tag", name=clean(event.tag, SHOWN))
        return mark

    def _open(self, opened: _Open) -> None:
        around = self._stack[-1]
        if around.is_mapping and len(around.items) % 2 == 0:
            self._faults.stop(opened.mark, "yaml-key")
        if len(self._stack) > MAX_DEPTH:
            self._faults.stop(opened.mark, "yaml-depth", most=MAX_DEPTH)
        self._stack.append(opened)

    def _mapping(self, done: _Open) -> Mapping:
        first: dict[str, Scalar] = {}
        values: dict[str, Node] = {}
        keys = (key for key in done.items[::2] if isinstance(key, Scalar))
        for key, value in zip(keys, done.items[1::2], strict=True):
            if key.text in first:
                line, _ = first[key.text].mark
                self._faults.add(key.mark, "yaml-doubled", name=clean(key.text, SHOWN), line=line)
            else:
                first[key.text] = key
                values[key.text] = value
        return Mapping(tuple(first.values()), values, done.mark)
