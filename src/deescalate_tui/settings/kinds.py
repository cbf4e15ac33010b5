"""What the values of a setting can look like: the kinds that `settings` declares its fields with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from deescalate_tui.content import schema, yaml_strict
from deescalate_tui.content.yaml_strict import Faults, Listing, Node, Scalar
from deescalate_tui.i18n import language_of
from deescalate_tui.paths import full_path

MAX_ALIAS = 40
MAX_ARGUMENTS = 40
MAX_ARGUMENT = 1000
MAX_PUBLIC_KEYS = 20


class Kind(msgspec.Struct, frozen=True):
    """What the values of a setting look like."""

    shape: schema.Shape[Any]
    allowed: str = ""
    """The values in a form that every language reads; empty where only the description can say it."""
    flag: str = ""
    """The option that sets it for one run."""
    nested: bool = False
    """A variable holds it as YAML in one line: `{done: [space, d]}`."""
    unclear: Any = None
    """What holds where something is said that cannot be understood; None leaves it unsaid."""
    from_here: bool = False
    """A variable may name a file from the current folder on: its shell completes such names."""


def choice(*values: str, flag: str = "", fold: Callable[[str], str] = str.lower, empty: bool = False) -> Kind:
    """One of the values, after `fold`; where `empty`, also the empty text."""
    allowed = schema.one_of(*values)

    def shape(node: Node, faults: Faults) -> str | None:
        if not isinstance(node, Scalar):
            return allowed(node, faults)
        if empty and not node.text.strip():
            return ""
        return allowed(msgspec.structs.replace(node, text=fold(node.text.strip())), faults)

    allowed_values = [*values, *([""] if empty else [])]
    return Kind(schema.described(shape, type="string", enum=allowed_values), ", ".join(values), flag)


def language_code(text: str) -> str:
    """`nb`, `NO` and `nb_NO.UTF-8` are all `no`."""
    return language_of(text) or text.lower()


def number(least: int, most: int) -> Kind:
    """A whole number."""
    return Kind(schema.whole(least, most), f"{least}–{most}")


def _alias(node: Node, faults: Faults) -> str | None:
    if isinstance(node, Scalar) and not node.text.strip():
        return ""
    return schema.text(MAX_ALIAS)(node, faults)


def _keys(node: Node, faults: Faults) -> dict[str, tuple[str, ...]] | None:
    """Actions with their keys. Which actions and keys there are is for `keys` to judge."""
    if not isinstance(node, yaml_strict.Mapping):
        faults.add(node.mark, "setting-keys")
        return None
    one = schema.one_or_more(schema.text(20), 8)
    found = {action: one(value, faults) for action, value in node.values.items()}
    return None if None in found.values() else {action: keys for action, keys in found.items() if keys}


def _place(key: str) -> Kind:
    """A place that is the same wherever the program is started: absolute once `~` and variables are filled in."""

    def shape(node: Node, faults: Faults) -> str | None:
        if isinstance(node, Scalar) and not node.text.strip():
            return ""
        found = schema.text(MAX_ARGUMENT)(node, faults)
        if found and full_path(found) is None:
            faults.add(node.mark, key, found=found)
            return None
        return found

    return Kind(schema.described(shape, type="string", maxLength=MAX_ARGUMENT))


def _public_keys(node: Node, faults: Faults) -> tuple[str, ...]:
    """Keys to encrypt to; whether each is one, only the library that encrypts can say.

    What cannot be understood is a key that nothing can be encrypted to: were it none, notes would be plain.
    """
    if isinstance(node, Scalar) and not node.text.strip():
        return ()
    wrong = Faults("")
    found = () if isinstance(node, Listing) and not node.items else _PUBLIC_KEYS(node, wrong)
    if found is not None and not wrong:
        return found
    _PUBLIC_KEYS(node, faults)
    return (NO_KEY,)


NO_KEY = "?"
_PUBLIC_KEYS = schema.one_or_more(schema.text(MAX_ARGUMENT), MAX_PUBLIC_KEYS)
_ARGUMENTS = schema.listed(schema.text(MAX_ARGUMENT), 0, MAX_ARGUMENTS)


def _command(node: Node, faults: Faults) -> tuple[str, ...] | None:
    """A program and its arguments, each by itself: no shell takes a sentence apart. Empty is none."""
    if not isinstance(node, Listing):
        faults.add(node.mark, "setting-command")
        return None
    # Whole or not at all: a command that lacks one argument is another command.
    wrong = Faults("")
    found = _ARGUMENTS(node, wrong)
    if not wrong:
        return found
    _ARGUMENTS(node, faults)
    return None


ALIAS = Kind(schema.described(_alias, type="string", maxLength=MAX_ALIAS), flag="--agent")
KEYS = Kind(
    schema.described(_keys, type="object", additionalProperties=schema.json_of(schema.one_or_more(schema.text(20), 8))),
    nested=True,
)
FOLDER, KEY_FILE = _place("setting-folder"), msgspec.structs.replace(_place("setting-file"), from_here=True)
COMMAND = Kind(schema.described(_command, **schema.json_of(_ARGUMENTS)), nested=True)
PUBLIC_KEYS = Kind(schema.described(_public_keys, **schema.json_of(_PUBLIC_KEYS)), nested=True, unclear=(NO_KEY,))
