"""Masked words stand again as they were typed. Pure."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec.structs import replace

from deescalate_tui.call import events as ev
from deescalate_tui.call.session import UNDO_DEPTH, Before, Call, LogEntry, SessionState
from deescalate_tui.call.walk import on_path

T = TypeVar("T", bound=msgspec.Struct)


def unmask(state: SessionState, event: ev.Unmasked) -> SessionState:
    """The state with the words in place of their mask; what is asked stays open. One thing to undo."""
    if not event.masked:
        return state
    call, question, past = on_path(_unmasked(state.call, event)), state.question, state.past
    if question is not None and question.held == event.masked:
        question = replace(question, held=event.text)
    if call != state.call and not state.call.closing:
        change = LogEntry(state.ms, "unmasked", event.kinds)
        past = (*past, Before(state.call, change))[-UNDO_DEPTH:]
    return replace(state, call=call, question=question, past=past)


def _unmasked(call: Call, event: ev.Unmasked) -> Call:
    """Wherever one text can stand twice, as a promise and the answer to its step, both change; of a list, the last."""

    def whole(text: str) -> str:
        return event.text if text == event.masked else text

    def last(items: tuple[T, ...], *names: str) -> tuple[T, ...]:
        for place in range(len(items) - 1, -1, -1):
            words = {name: getattr(items[place], name) for name in names}
            if event.masked in words.values():
                changed = replace(items[place], **{name: whole(text) for name, text in words.items()})
                return (*items[:place], changed, *items[place + 1 :])
        return items

    return replace(
        call,
        ticket=whole(call.ticket),
        request=whole(call.request),
        answers={field: whole(value) for field, value in call.answers.items()},
        quotes=last(call.quotes, "text"),
        remarks=last(call.remarks, "text"),
        commitments=last(call.commitments, "what", "due"),
        overrides=last(call.overrides, "reason"),
    )
