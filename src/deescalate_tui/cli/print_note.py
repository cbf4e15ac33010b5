"""What a call leaves for the program that opened it: `--print` puts each finished note on standard output.

While a call is led with it, standard output is that program's alone: the screen, or plain mode, goes elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from deescalate_tui.clean import clean
from deescalate_tui.errors import UsageFault
from deescalate_tui.streams import put, put_json

if TYPE_CHECKING:
    from deescalate_tui.finish import Finished

PATH, MARKDOWN, JSON = FORMS = ("path", "md", "json")


def form_of(text: str) -> str:
    """The form that the option names; empty where it is not given. Raises UsageFault."""
    form = clean(text).strip().lower()
    if form and form not in FORMS:
        raise UsageFault("--print", "value-unknown", found=form, allowed=", ".join(FORMS))
    return form


def put_notes(form: str, closed: Iterable[Finished]) -> None:
    """The notes of the calls that were closed, in their order; of a call that is not closed, nothing."""
    for finished in closed:
        if form == PATH:
            put(f"{finished.path}\n")
        elif form == MARKDOWN:
            put(finished.text)
        elif form == JSON:
            # Late: few calls are opened by a program that wants to read their note.
            from deescalate_tui.notes.parse import parse

            put_json(parse(finished.text))
