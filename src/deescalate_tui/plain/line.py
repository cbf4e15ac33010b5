"""What a typed line means: a command with the text after it, or one of the options that are offered. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deescalate_tui.call import commands as cmd
from deescalate_tui.call.keys import BY_ID, Action, Keymap
from deescalate_tui.screens.prompts import Choice

ESCAPE = ("esc", "escape")
_ALWAYS = ("emergency", "help", "leave", "unmask")


def command_of(line: str, keymap: Keymap, names: Mapping[str, str]) -> tuple[Action | None, str]:
    """The action that a line asks for, by key, by the name of a key or by its own id, and the text after it.

    `names` gives the keys that have a name in the language, such as `leertaste`. An empty line is the key enter.
    """
    word, _, rest = (line or "enter").partition(" ")
    for name in (word, names.get(word.casefold(), word.lower())):
        action = keymap.action(name) or BY_ID.get(name)
        if action is not None:
            return action, rest.strip()
    if not line[0].isalnum():  # a sign needs no space after it
        return keymap.action(line[0]), line[1:].strip()
    return None, ""


def takes_text(action: Action) -> bool:
    """Whether text may follow the key: it answers the question that the key opens."""
    return action.id in ("find", "name") or isinstance(action.command, cmd.Open | cmd.Close)


def passes(action: Action | None, line: str, rest: str, keymap: Keymap) -> bool:
    """Whether a line is a command although a question is open: the emergency, help or leaving, by a key that
    cannot be meant as an answer."""
    if action is None or action.id not in _ALWAYS or len(rest) > 1:
        return False
    key = line.removesuffix(rest).strip()
    return key in keymap.keys[action.id] and not (len(key) == 1 and key.isalnum())


def option_of(text: str, options: Sequence[Choice]) -> str | None:
    """The value that a letter, a value or a label names, in small or capital letters."""
    wanted = text.casefold()
    for choice in options:
        if wanted == choice.letter:
            return choice.value
    for choice in options:
        if wanted in (choice.value.casefold(), choice.label.casefold()):
            return choice.value
    return None
