"""What a line of the content may look like: its length, its placeholders, the signs around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from deescalate_tui.call.keys import ACTIONS
from deescalate_tui.content.schema import Problem, Shape, also, described, listed, text

PLACEHOLDERS = ("request", "customer", "agent", "lead", "company", "callback")
KEY_PLACEHOLDERS = tuple(f"key_{action.id}" for action in ACTIONS)
KEY = "F2"
"""What a placeholder of a key counts as, where the length of a text is limited: about what is shown instead."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def line(most: int, words: int = 0) -> Shape[str]:
    """A text to the agent, without placeholders."""
    return also(text(most, words), _no_braces, pattern="^[^{}]*$")


def keyed(most: int) -> Shape[str]:
    """A text to the agent that may name keys: `{key_type}` is shown as the key in use, and counts as such."""
    shape = also(text(most, shown=_with_keys), _placeholders(*KEY_PLACEHOLDERS))
    # An editor counts a placeholder as one character: it never marks what is allowed.
    keys = "|".join(action.id for action in ACTIONS)
    return described(shape, type="string", pattern=rf"^([^{{}}]|\{{key_({keys})\}}){{1,{most}}}$")


def headline() -> Shape[str]:
    """What to do, at most eight words, without a full stop."""
    return also(line(48, words=8), _no_stop, pattern="^[^{}]*[^{}.]$")


def says(least: int, most: int) -> Shape[tuple[str, ...]]:
    """What can be said: at most 20 words a line; 200 characters keep a line of very long words on the screen."""
    said = also(text(200, words=20), _placeholders(*PLACEHOLDERS), _unquoted)
    return also(listed(said, least, most, str), _one_without_placeholder)


def _with_keys(value: str) -> str:
    return _PLACEHOLDER.sub(lambda found: KEY if found[1] in KEY_PLACEHOLDERS else found[0], value)


def _no_stop(value: str) -> Iterator[Problem]:
    if value.endswith("."):
        yield "text-full-stop", {}


def _no_braces(value: str) -> Iterator[Problem]:
    if "{" in value or "}" in value:
        yield "text-placeholder", {}


def _placeholders(*names: str) -> Callable[[str], Iterator[Problem]]:
    """Only these placeholders, and no brace beside them."""
    allowed = ", ".join(f"{{{name}}}" for name in names)

    def problems(value: str) -> Iterator[Problem]:
        left = value
        for name in _PLACEHOLDER.findall(value):
            left = left.replace(f"{{{name}}}", "")
            if name not in names:
                yield "say-placeholder", {"found": f"{{{name}}}", "allowed": allowed}
        if "{" in left or "}" in left:
            yield "say-brace", {"allowed": allowed}

    return problems


def _unquoted(value: str) -> Iterator[Problem]:
    if len(value) > 1 and value[0] in "\"'„“”‚‘’«»" and value[-1] in "\"'“”‘’«»":
        yield "say-quoted", {}


def _one_without_placeholder(lines: tuple[str, ...]) -> Iterator[Problem]:
    if lines and all("{" in said for said in lines):
        yield "say-variant", {}
