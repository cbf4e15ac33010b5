"""A customer type of one's own, begun from a built-in one: complete and valid from the first moment. Pure."""

from __future__ import annotations

import re
import textwrap

import msgspec

from deescalate_tui.content.confirm import quoted
from deescalate_tui.content.schema_files import editor_line
from deescalate_tui.i18n import Messages

BASE = {True: "timid", False: "aggressive"}
"""By `cooperating`: the built-in type whose texts a new one begins with."""
MAX_TITLE = 16
COMMENT_WIDTH = 100


class NewType(msgspec.Struct, frozen=True):
    """What a new type is to be."""

    id: str
    title: str
    cooperating: bool
    date: str
    """YYYY-MM-DD."""

    @property
    def base(self) -> str:
        """The id of the type it begins with."""
        return BASE[self.cooperating]


def title_of(type_id: str) -> str:
    """A title where none is given: the id as a word."""
    return type_id.replace("-", " ").capitalize()


def scaffolded(source: str, new: NewType, base_title: str, messages: Messages) -> str:
    """The file of the new type, from the text of a built-in one; `messages` speak the language of the file."""
    keys = {
        "id": new.id,
        "revision": "1",
        "reviewed": new.date,
        "title": quoted(new.title),
        "summary": quoted(messages("new.summary", title=base_title)),
    }
    body = re.sub(r"\A(#.*\n)*", "", source)
    for key, value in keys.items():
        before, after = re.split(f"^{key}: .*$", body, maxsplit=1, flags=re.MULTILINE)
        body = f"{before}{key}: {value}{after}"
    head = textwrap.wrap(messages("new.head", id=new.id, title=base_title), COMMENT_WIDTH)
    return "".join(f"{line}\n" for line in (editor_line("checklist"), *(f"# {line}" for line in head))) + body
