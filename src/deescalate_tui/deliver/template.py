"""What a ticket system is told, as a template: JSON whose placeholders are filled after it was read. Pure.

A value can therefore never become part of the form: in the body it stays the text of one string, in a path it is
percent-encoded, in a header it is printable ASCII. Nothing in a value is looked at for further placeholders.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from deescalate_tui.errors import Fault

NAMES = frozenset(
    (
        *("secret", "user", "basic", "ticket", "found", "text", "subject", "key", "id", "revision"),
        *("type", "outcome", "level", "channel", "language"),
    )
)
"""The placeholders. `basic` is user and secret as HTTP wants them, `key` the idempotency key."""
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
_PATH = re.compile(r"/[!-~]*")
_HEADER = re.compile("[ -~]*")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class Find(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a system that wants its own id finds a ticket by the number that people use."""

    path: str
    number: str
    """The key of the number, in any object of the answer."""
    take: str
    """The key of the id, in the same object."""


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a system that always answers 200 says no."""

    key: str
    """Of an object at the top of the answer; where it is there, nothing was done."""
    code: str
    """The key of the reason, in that object."""
    login: tuple[str, ...] = ()
    """The reasons that concern not this note but the account."""
    access: tuple[str, ...] = ()
    """Those that say that it may not write to this ticket, or that there is none."""


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One request for each note."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    find: Find | None = None
    error: Refusal | None = None


class Request(msgspec.Struct, frozen=True):
    """A request as it is sent; `path` follows the address of the setting."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


def read(data: bytes, place: str) -> Template:
    """The template of a file. Raises Fault, at `place`, for anything else and for placeholders there are none of."""
    try:
        found = msgspec.json.decode(data, type=Template)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise Fault(place, "template-form") from error
    texts = [found.path, *found.headers.values(), found.find.path if found.find else "/", json.dumps(found.body)]
    unknown = {name for text in texts for name in _PLACEHOLDER.findall(text)} - NAMES
    if unknown:
        raise Fault(place, "template-unknown", found=", ".join(sorted(unknown)), known=", ".join(sorted(NAMES)))
    paths = all(_PATH.fullmatch(text) for text in (texts[0], texts[-2]))
    if found.method not in ("POST", "PUT", "PATCH") or not paths or not all(map(_HEADER_NAME.fullmatch, found.headers)):
        raise Fault(place, "template-form")
    return found


def search_of(template: Template, find: Find, values: Mapping[str, str]) -> Request:
    """The request that finds the ticket."""
    return Request("GET", _path(find.path, values), _headers(template, values))


def request_of(template: Template, values: Mapping[str, str]) -> Request:
    """The request that hands the note over. Raises Fault where a header cannot hold its value."""
    headers = {**_headers(template, values), "Content-Type": "application/json", "Idempotency-Key": values["key"]}
    body = json.dumps(_filled(template.body, values)).encode("ascii")
    return Request(template.method, _path(template.path, values), headers, body)


def found_in(answer: bytes, find: Find, ticket: str) -> str:
    """The id of the one ticket that has exactly this number; empty where there is none, or more than one."""
    try:
        ids = {str(it[find.take]) for it in _objects(json.loads(answer)) if _is(it, find, ticket)}
    except (ValueError, RecursionError):
        return ""
    return ids.pop() if len(ids) == 1 else ""


def refusal_in(answer: bytes, refusal: Refusal) -> str | None:
    """The reason that an answer gives for a no; None where it is a yes."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(found, dict):
        return ""
    error = found.get(refusal.key)
    return None if error is None else str(error.get(refusal.code, "")) if isinstance(error, dict) else ""


def _is(it: dict[str, Any], find: Find, ticket: str) -> bool:
    return str(it.get(find.number)) == ticket and isinstance(it.get(find.take), (int, str))


def _objects(value: Any) -> list[dict[str, Any]]:
    """Every object in a value, however deep."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*([value] if isinstance(value, dict) else []), *(it for each in inner for it in _objects(each))]


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, values) for inner in value]
    return _PLACEHOLDER.sub(lambda name: values[name[1]], value) if isinstance(value, str) else value


def _path(path: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda name: quote(values[name[1]], safe=""), path)


def _headers(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    headers = {name: str(_filled(text, values)) for name, text in template.headers.items()}
    if not all(_HEADER.fullmatch(text) for text in headers.values()):
        raise Fault("deliver", "deliver-header")
    return headers
