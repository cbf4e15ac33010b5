"""Every text of a content file that a person reads or says, with the way to it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from deescalate_tui.call.checklist import ALONE, Step
from deescalate_tui.content.yaml_strict import Listing, Mapping, Mark, Node

Path = tuple[str | int, ...]
_OF_FILES = ("format", "kind", "id", "language", "revision", "reviewed", "cooperating")
_OF_STEPS = ("field", "only", "gate", "techniques", "pace")
_OF_CARDS = ("letter", "end", "escalate", "numbers", "recording")
_TYPED = ("also",)
NAMES = frozenset((*_OF_FILES, *_OF_STEPS, *_OF_CARDS, *_TYPED))
"""Keys that hold names and numbers, or words that are typed and never shown. Every other key holds text, so a new one,
or a misspelt one, is not forgotten."""


class Text(msgspec.Struct, frozen=True):
    """One text."""

    path: Path
    """The keys and positions that lead to it."""
    text: str
    spoken: bool = False
    """It is said or written to a customer."""
    mark: Mark = (1, 1)
    """Where it stands."""


def texts_in(node: Node, path: Path = ()) -> Iterator[Text]:
    """The texts of a file as it stands, in its order, whatever else is wrong with it."""
    if isinstance(node, Mapping):
        for key in node.keys:
            if key.text not in NAMES:
                yield from texts_in(node.values[key.text], (*path, key.text))
    elif isinstance(node, Listing):
        for index, item in enumerate(node.items):
            yield from texts_in(item, (*path, index))
    else:
        yield Text(path, node.text, _spoken(path), node.mark)


def _spoken(path: Path) -> bool:
    return "write" in path or ("say" in path and not any(phase in path for phase in ALONE))


def step_texts(step: Step, path: Path = ()) -> Iterator[Text]:
    """The texts of one step, which stands at `path`."""
    yield Text((*path, "do"), step.do)
    for name, lines in (("say", step.say), ("write", step.write)):
        yield from (Text((*path, name, index), line) for index, line in enumerate(lines))
    for name, text in step.details():
        yield Text((*path, name), text)
    for number, ask in enumerate(step.ask):
        yield Text((*path, "ask", number, "label"), ask.label)
        for option in ask.options:
            yield Text((*path, "ask", number, "options", option.value), option.label)
