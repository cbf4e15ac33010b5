"""Every key of a session, declared once: footer, help, plain mode and README all read this.

A key is written as the character it types (`s`, `!`, `?`) or by name (`space`, `enter`, `up`, `f2`, `ctrl+q`).
In the settings a name may have capitals, as it stands on the keyboard: `F2`, `Ctrl+Q`.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from deescalate_tui.call import commands as cmd
from deescalate_tui.errors import Fault


class Action(msgspec.Struct, frozen=True):
    """Something a key does. Its short label is the message `key.<id>`, its sentence `key.<id>.long`."""

    id: str
    keys: tuple[str, ...]
    rank: int
    """How early it leaves a footer that is too narrow: the highest goes first."""
    command: cmd.Command | None = None
    """What the core is told; None: the front end itself shows something or ends."""


ACTIONS: tuple[Action, ...] = (
    Action("done", ("space",), 1, cmd.Done()),
    Action("confirm", ("enter",), 20, cmd.Confirm()),
    Action("skip", ("s",), 5, cmd.Skip()),
    Action("undo", ("u",), 4, cmd.Undo()),
    Action("up", ("up", "k"), 21, cmd.Look(-1)),
    Action("down", ("down", "j"), 21, cmd.Look(1)),
    Action("level0", ("0",), 6, cmd.Hear(0)),
    Action("level1", ("1",), 6, cmd.Hear(1)),
    Action("level2", ("2",), 6, cmd.Hear(2)),
    Action("level3", ("3",), 6, cmd.Hear(3)),
    Action("level4", ("4",), 6, cmd.Hear(4)),
    Action("limit", ("w",), 7, cmd.NextRung()),
    Action("quote", ("q",), 9, cmd.Open("quote")),
    Action("note", ("n",), 11, cmd.Open("note")),
    Action("promise", ("p",), 12, cmd.Open("promise")),
    Action("request", ("a",), 13, cmd.Open("request")),
    Action("ticket", ("i",), 17, cmd.Open("ticket")),
    Action("hold", ("h",), 15, cmd.ToggleHold()),
    Action("steady", ("r",), 8, None),
    Action("help_sign", ("g",), 14, cmd.Open("help")),
    Action("emergency", ("!", "f2"), 2, cmd.Open("emergency")),
    Action("find", ("/", "f3"), 18, None),
    Action("type", ("t",), 16, cmd.Open("type")),
    Action("language", ("l",), 19, cmd.Open("language")),
    Action("channel", ("c",), 22, cmd.Open("channel")),
    Action("close", ("x",), 10, cmd.Close()),
    Action("name", ("m",), 24, None),
    Action("unmask", ("o", "f6"), 26, cmd.Unmask()),
    Action("compact", ("v",), 25, None),
    Action("help", ("?", "f1"), 3, None),
    Action("leave", ("ctrl+q", "f10"), 23, None),
)

BY_ID = {action.id: action for action in ACTIONS}


class Keymap(msgspec.Struct, frozen=True):
    """Which key does what, after the settings had their say."""

    actions: Mapping[str, str]
    """Key to action id."""
    keys: Mapping[str, tuple[str, ...]]
    """Action id to its keys, the one to show first."""
    faults: tuple[Fault, ...] = ()

    def names(self, named: Mapping[str, str]) -> dict[str, str]:
        """`key_<action>` to the key as it is shown; `named` gives words for keys such as `space`."""
        return {f"key_{name}": named.get(keys[0], keys[0]) for name, keys in self.keys.items()}

    def action(self, key: str) -> Action | None:
        """What a key does in a session, or None."""
        found = self.actions.get(key)
        return BY_ID[found] if found is not None else None


def keymap(remapped: Mapping[str, tuple[str, ...]] | None = None) -> Keymap:
    """The keys in use. A remapping that names no action, or takes a key of another action, is left out and reported."""
    wanted = {action.id: action.keys for action in ACTIONS}
    faults: list[Fault] = []
    for name, written in (remapped or {}).items():
        keys = tuple(key.lower() if len(key) > 1 else key for key in written)
        if name not in wanted:
            faults.append(Fault(f"keys.{name}", "unknown-action", known=", ".join(BY_ID)))
            continue
        owners = {key: other for other, held in wanted.items() if other != name for key in held}
        clash = next((key for key in keys if key in owners), None)
        if clash is not None:
            faults.append(Fault(f"keys.{name}", "key-taken", pressed=clash, action=owners[clash]))
        elif keys:
            wanted[name] = keys
    actions = {key: name for name, keys in wanted.items() for key in keys}
    return Keymap(actions, wanted, tuple(faults))
