"""What is said of a text that entered: what was masked, how to have it back, a hint on special categories. Pure."""

from __future__ import annotations

from deescalate_tui.call.commands import Typed
from deescalate_tui.call.keys import Keymap
from deescalate_tui.call.questions import Book
from deescalate_tui.call.session import SessionState
from deescalate_tui.i18n import Messages
from deescalate_tui.screens.footer import key_names
from deescalate_tui.screens.prompts import Notice


def entry_notice(
    typed: Typed | None, after: SessionState, changed: Notice | None, keys: Keymap, book: Book, messages: Messages
) -> Notice | None:
    """The masked kinds with the key that takes them back, the hint, and then what changed, in one line."""
    if typed is None or not typed.text or not book.masks:
        return changed
    said = [_masked(typed, after, keys, messages)] if typed.kinds and not after.closed else []
    said += _special(typed.text, after, messages)
    if not said:
        return changed
    return Notice(" · ".join((*said, *((changed.text,) if changed is not None else ()))))


def _masked(typed: Typed, after: SessionState, keys: Keymap, messages: Messages) -> str:
    """In a line letters are text, and in a choice they pick: there the last key is named, which is none."""
    in_line = after.question is not None
    key = keys.keys["unmask"][-1 if in_line else 0]
    kinds = ", ".join(messages(f"mask.{kind}") for kind in typed.kinds)
    return messages("notice.masked", kinds=kinds, pressed=key_names(messages).get(key, key))


def _special(text: str, after: SessionState, messages: Messages) -> list[str]:
    # Late: see `entry`.
    from deescalate_tui.masking.special import special

    found = special(text, after.call.checklist.language)
    kinds = ", ".join(messages(f"special.{kind}") for kind in found)
    return [messages("notice.special", kinds=kinds)] if kinds else []
