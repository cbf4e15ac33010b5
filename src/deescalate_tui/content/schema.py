"""Shapes: what a node of a file must look like, and the value it then is.

A shape looks at one node, tells `Faults` everything that is wrong with it and gives its value, or
None where it has none. Larger shapes are made of smaller ones; `content.from_yaml` makes files of them.
What a shape demands, as far as an editor can check it, it says itself as a JSON Schema: `json_of`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Table
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

from deescalate_tui.clean import clean
from deescalate_tui.content.yaml_strict import SHOWN, Faults, Listing, Mapping, Node, Scalar

T = TypeVar("T")
N = TypeVar("N", int, float)
Shape = Callable[[Node, Faults], T | None]
Shapes = Table[str, Callable[[Node, Faults], Any]]
"""The shapes of a mapping's values, by key."""
Problem = tuple[str, dict[str, object]]
"""A fault key and its params."""
Rule = Callable[[T], Iterator[Problem]]
"""What is wrong with a value that has its shape."""
JsonSchema = dict[str, Any]

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"[0-9]{1,9}")
_DECIMAL = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")


def is_slug(text: str) -> bool:
    """Whether the text can be an id: at most 40 small letters, digits and single hyphens, a letter first."""
    return len(text) <= 40 and _SLUG.fullmatch(text) is not None


def described(shape: Shape[T], **json: Any) -> Shape[T]:
    """The same shape, with a JSON Schema of what it demands."""
    vars(shape)["json"] = json
    return shape


def titled(title: str, shape: Shape[T]) -> Shape[T]:
    """The same shape, with a name by which its JSON Schema is written once and referred to."""
    return described(shape, title=title, **json_of(shape))


def json_of(shape: Callable[..., object]) -> JsonSchema:
    """The JSON Schema of a shape; one that says nothing allows everything."""
    json: JsonSchema = vars(shape).get("json", {})
    return json


def also(shape: Shape[T], *rules: Rule[T], **json: Any) -> Shape[T]:
    """The shape, whose value must keep the rules too; `json` is what an editor can know of them."""

    def ruled(node: Node, faults: Faults) -> T | None:
        value = shape(node, faults)
        if value is not None:
            for rule in rules:
                for key, params in rule(value):
                    faults.add(node.mark, key, **params)
        return value

    return described(ruled, **{**json_of(shape), **json})


def text(most: int, words: int = 0, shown: Callable[[str], str] = str) -> Shape[str]:
    """One line of at most `most` characters and, where given, at most `words` words, both as it is `shown`."""

    def shape(node: Node, faults: Faults) -> str | None:
        value = _stripped(node, faults)
        if value is None:
            return None
        if not value:
            faults.add(node.mark, "text-empty")
        if "\n" in value:
            faults.add(node.mark, "text-lines")
        line = shown(value)
        if len(line) > most:
            faults.add(node.mark, "text-long", found=len(line), most=most)
        if words and len(line.split()) > words:
            faults.add(node.mark, "text-words", found=len(line.split()), most=words)
        return value

    return described(shape, type="string", minLength=1, maxLength=most)


def _stripped(node: Node, faults: Faults) -> str | None:
    if isinstance(node, Scalar):
        return node.text.strip()
    faults.add(node.mark, "shape-text")
    return None


def matching(pattern: re.Pattern[str], key: str) -> Shape[str]:
    """A text that the pattern matches whole; if not, the fault is `key`, with what was `found`."""

    def shape(node: Node, faults: Faults) -> str | None:
        value = _stripped(node, faults)
        if value is None or pattern.fullmatch(value):
            return value
        faults.add(node.mark, key, found=clean(value, SHOWN))
        return None

    return described(shape, type="string", pattern=f"^(?:{pattern.pattern})$")


def slug(node: Node, faults: Faults) -> str | None:
    """An id."""
    value = _stripped(node, faults)
    if value is None or is_slug(value):
        return value
    faults.add(node.mark, "value-id", found=clean(value, SHOWN))
    return None


described(slug, type="string", pattern=f"^{_SLUG.pattern}$", maxLength=40)


def one_of(*allowed: str) -> Shape[str]:
    """One of these texts."""

    def shape(node: Node, faults: Faults) -> str | None:
        value = _stripped(node, faults)
        if value is None or value in allowed:
            return value
        faults.add(node.mark, "value-unknown", found=clean(value, SHOWN), allowed=", ".join(allowed))
        return None

    return described(shape, type="string", enum=list(allowed))


def whole(least: int, most: int) -> Shape[int]:
    """A whole number without quotation marks."""
    return _number(_WHOLE, int, "value-whole", least, most)


def decimal(least: float, most: float) -> Shape[float]:
    """A number with a decimal point or without, not in quotation marks."""
    return _number(_DECIMAL, float, "value-number", least, most)


def _number(pattern: re.Pattern[str], made: Callable[[str], N], key: str, least: N, most: N) -> Shape[N]:
    def shape(node: Node, faults: Faults) -> N | None:
        if isinstance(node, Scalar) and node.plain and pattern.fullmatch(node.text):
            value = made(node.text)
            if least <= value <= most:
                return value
        faults.add(node.mark, key, least=least, most=most)
        return None

    return described(shape, type="integer" if pattern is _WHOLE else "number", minimum=least, maximum=most)


REVISION = whole(1, 999_999)
"""Of a content file."""


def flag(node: Node, faults: Faults) -> bool | None:
    """`true` or `false` without quotation marks; nothing else is a yes or no."""
    if isinstance(node, Scalar) and node.plain and node.text in ("true", "false"):
        return node.text == "true"
    faults.add(node.mark, "value-flag")
    return None


described(flag, type="boolean")


def day(node: Node, faults: Faults) -> str | None:
    """A date of the calendar, YYYY-MM-DD."""
    if isinstance(node, Scalar) and _DATE.fullmatch(node.text):
        try:
            return date.fromisoformat(node.text).isoformat()
        except ValueError:
            pass
    faults.add(node.mark, "value-date")
    return None


described(day, type="string", pattern=f"^{_DATE.pattern}$")


def or_null(shape: Shape[str]) -> Shape[str]:
    """The shape, or `null` for what is not known, which is the empty text."""

    def shape_or_null(node: Node, faults: Faults) -> str | None:
        if isinstance(node, Scalar) and node.plain and node.text == "null":
            return ""
        return shape(node, faults)

    return described(shape_or_null, anyOf=[json_of(shape), {"type": "null"}])


def listed(
    shape: Shape[T], least: int, most: int, *distinct: Callable[[T], str], partial: bool = False
) -> Shape[tuple[T, ...]]:
    """A list. Each `distinct` gives a name that only one item may have; the empty name counts for nothing.

    Where an item has no value the list has none, but for a `partial` one, which goes on without it.
    """

    def shape_of_list(node: Node, faults: Faults) -> tuple[T, ...] | None:
        if not isinstance(node, Listing):
            faults.add(node.mark, "shape-list")
            return None
        if not least <= len(node.items) <= most:
            faults.add(node.mark, "list-length", found=len(node.items), least=least, most=most)
        made = [(item.mark, value) for item in node.items if (value := shape(item, faults)) is not None]
        for name_of in distinct:
            seen = {""}
            for mark, value in made:
                name = name_of(value)
                if name and name in seen:
                    faults.add(mark, "list-doubled", name=clean(name, SHOWN))
                seen.add(name)
        values = tuple(value for _, value in made)
        return values if len(values) >= least and (partial or len(values) == len(node.items)) else None

    unique = {"uniqueItems": True} if str in distinct else {}
    return described(shape_of_list, type="array", items=json_of(shape), minItems=least, maxItems=most, **unique)


def one_or_more(shape: Shape[T], most: int) -> Shape[tuple[T, ...]]:
    """A single value, or a list of different ones."""
    several = listed(shape, 1, most, str)

    def shape_of_either(node: Node, faults: Faults) -> tuple[T, ...] | None:
        if isinstance(node, Listing):
            return several(node, faults)
        value = shape(node, faults)
        return None if value is None else (value,)

    return described(shape_of_either, anyOf=[json_of(shape), json_of(several)])


def record(
    build: Callable[..., T],
    required: Shapes,
    optional: Shapes | None = None,
    fixed: Shapes | None = None,
    instead: Table[str, object] = MappingProxyType({}),
) -> Shape[T]:
    """A mapping with just these keys. Their values, read in the order given here, go to `build` by name.

    `fixed` keys are required too, but only tell what the mapping is: `build` does not get them.
    `instead` holds what stands in for a value that is missing or wrong, where nothing hangs on it: that is told as
    ever, but what the rest means is known all the same.
    """
    fixed = fixed or {}
    needed = {**fixed, **required}
    shapes = {**needed, **(optional or {})}
    harmless = {"", *fixed, *instead} if instead else set()

    def shape(node: Node, faults: Faults) -> T | None:
        if not isinstance(node, Mapping):
            faults.add(node.mark, "shape-mapping", allowed=", ".join(shapes))
            return None
        meant = {_unknown(key, list(shapes), faults) for key in node.keys if key.text not in shapes}
        values: dict[str, Any] = {}
        for name, part in shapes.items():
            at = node.values.get(name)
            if at is None and name in needed and name not in meant:
                faults.add(node.mark, "key-missing", name=name)
            value = None if at is None else part(at, faults)
            if name not in fixed and (name in needed or at is not None):
                values[name] = instead.get(name) if value is None else value
        return build(**values) if meant <= harmless and None not in values.values() else None

    properties = {name: json_of(part) for name, part in shapes.items()}
    return described(shape, type="object", properties=properties, required=list(needed), additionalProperties=False)


def _unknown(key: Scalar, known: list[str], faults: Faults) -> str:
    """Tells that the key is not known; the known one it is likely to mean, or the empty text."""
    # Late, because it takes 3 ms that a file without faults need not pay.
    from difflib import get_close_matches

    name = clean(key.text, SHOWN)
    near = get_close_matches(name, known, n=1)
    if near:
        faults.add(key.mark, "key-unknown-near", name=name, near=near[0])
        return near[0]
    faults.add(key.mark, "key-unknown", name=name, allowed=", ".join(known))
    return ""
