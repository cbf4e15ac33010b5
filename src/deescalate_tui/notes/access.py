"""Everything about one case as a bundle: the notes as they are, unfinished sessions as notes, and in plain words what
is stored and why. `manifest.json` names each file with its size and SHA-256.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime

import msgspec

from deescalate_tui.clean import clean, escaped_json
from deescalate_tui.dates import format_date, format_moment
from deescalate_tui.errors import FileFault
from deescalate_tui.i18n import Messages
from deescalate_tui.notes.folder import note_bytes, note_of
from deescalate_tui.notes.retention import Case, Kept
from deescalate_tui.notes.rights import Found
from deescalate_tui.notes.sealed import SEALED
from deescalate_tui.workplace import Workplace

COVER, MANIFEST = "cover.txt", "manifest.json"


def bundle(workplace: Workplace, found: Found, ticket: str, now: datetime, messages: Messages) -> bytes:
    """A ZIP file. A note that cannot be read is missing from it, which its cover says. `now` is local."""
    files = dict(_files(workplace, found))
    cover = _cover(found, ticket, now, messages, set(files))
    files[COVER] = "".join(f"{line}\n" for line in cover).encode()
    rows = [
        {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()
    ]
    manifest = {"made": now.isoformat(timespec="seconds"), "ticket": ticket, "files": rows}
    text = escaped_json(msgspec.json.format(msgspec.json.encode(manifest), indent=2).decode())
    files[MANIFEST] = f"{text}\n".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def cases_of(found: Found) -> tuple[Case, ...]:
    """The notes of the ticket, held ones too, in the order of time."""
    return tuple(sorted((*(due.case for due in found.plan.due), *found.plan.held), key=lambda case: case.newest.name))


def _files(workplace: Workplace, found: Found) -> Iterator[tuple[str, bytes]]:
    for case in cases_of(found):
        for it in case.files:
            with suppress(FileFault):
                yield _packed(it), note_bytes(workplace.paths.notes / it.name, workplace.settings.note_key)
    for left in found.sessions:
        name, text = note_of(left.state)
        yield f"unfinished/{name}", text.encode()


def _packed(it: Kept) -> str:
    """The name in the bundle, where every note is plain."""
    return f"notes/{it.name.removesuffix(SEALED)}"


def _cover(found: Found, ticket: str, now: datetime, messages: Messages, packed: set[str]) -> Iterator[str]:
    language = messages.language
    yield messages("access.title", ticket=ticket)
    yield messages("access.made", moment=format_moment(now, language))
    yield ""
    yield messages("access.why")
    yield messages("access.what")
    yield ""
    for case in cases_of(found):
        yield from _case(case, language, messages)
        for it in case.files:
            key = "access.file" if _packed(it) in packed else "access.file-missing"
            yield f"  {messages(key, name=clean(_packed(it)))}"
    for left in found.sessions:
        yield messages("access.unfinished")
        yield f"  {messages('access.file', name=f'unfinished/{note_of(left.state)[0]}')}"
    yield ""
    yield messages("access.rights")
    yield messages("access.check")


def _case(case: Case, language: str, messages: Messages) -> Iterator[str]:
    front = case.newest.front
    if front is None:
        yield messages("access.sealed" if case.sealed else "access.damaged")
        return
    moment = format_moment(datetime.fromisoformat(front.started), language)
    yield messages("access.note", moment=moment, day=format_date(date.fromisoformat(front.expires), language))
    if case.hold is not None and date.fromisoformat(case.hold.until) > date.fromisoformat(front.expires):
        yield f"  {messages('access.held', day=format_date(date.fromisoformat(case.hold.until), language))}"
