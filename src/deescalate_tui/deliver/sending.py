"""A note on its way to the ticket system: what is sent of it, and what came of that."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from deescalate_tui import catalogues
from deescalate_tui.clean import clean
from deescalate_tui.dates import format_moment
from deescalate_tui.deliver.delivery import SENT, WAITING, Answer, Record, Verdict, judge, recorded
from deescalate_tui.deliver.outbox import Entry, Outbox, is_expired
from deescalate_tui.deliver.settings import HANDOVER, NOTE, TEMPLATES, TICKET
from deescalate_tui.deliver.template import Request, Template, found_in, read, request_of, search_of
from deescalate_tui.errors import FileFault, UsageFault
from deescalate_tui.files import read_limited
from deescalate_tui.notes.front import RULE
from deescalate_tui.notes.markdown import handover
from deescalate_tui.notes.note import IncidentNote
from deescalate_tui.paths import full_path

MAX_SECRET, MAX_TEMPLATE = 4_000, 100_000
MAX_TEXT = 60_000
"""Characters: what the strictest of the three systems takes in one comment."""
MAX_TICKET = 100
OTHERS = 0o007


class NoAnswer(Exception):
    """Whether the request arrived is not known. `deliver.reason.<kind>` says what happened."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail


class Carrier(Protocol):
    """What carries a request to its answer. Raises NoAnswer."""

    def send(self, request: Request) -> Answer: ...


class Sender:
    """Sends notes as one setting says."""

    def __init__(self, deliver: Mapping[str, str], environ: Mapping[str, str], line: Carrier) -> None:
        """Raises UsageFault or FileFault where template or secret cannot be had."""
        self._template = template_of(deliver["template"])
        self._secret = secret_of(deliver, environ)
        self._user = deliver.get("user", "")
        self._content = deliver.get("content", HANDOVER)
        self._pattern = re.compile(deliver.get("ticket", TICKET), re.ASCII)
        self._line = line

    def why_not(self, entry: Entry, today: date) -> str:
        """Why a note is not sent at all, as the rest of `deliver.reason.<...>`; empty where it can be."""
        note = entry.note
        if note is None:
            return "unreadable"
        if is_expired(note, today):
            return "expired"
        ticket = ticket_of(note)
        return "" if self._pattern.fullmatch(ticket) else "ticket-form" if ticket else "no-ticket"

    def send(self, note: IncidentNote, text: str) -> Verdict:
        """What came of sending a note. Raises Fault where the request cannot be made."""
        try:
            return self._send(self._template, self._values(note, text))
        except NoAnswer as error:
            return Verdict(WAITING, error.kind, error.detail, everyone=True)

    def _send(self, template: Template, values: dict[str, str]) -> Verdict:
        if template.find is not None:
            answer = self._line.send(search_of(template, template.find, values))
            verdict = judge(answer, template)
            if verdict.state != SENT:
                return verdict
            if not answer.whole:
                return Verdict(WAITING, "cut", str(answer.status), everyone=True)
            values["found"] = found_in(answer.body, template.find, values["ticket"])
            if not values["found"]:
                return Verdict(WAITING, "no-such-ticket")
        return judge(self._line.send(request_of(template, values)), template)

    def _values(self, note: IncidentNote, text: str) -> dict[str, str]:
        words, key = catalogues.load(note.language), f"{note.id}:{note.revision}"
        said = handover(note, words) if self._content != NOTE else _body(text)
        moment = format_moment(datetime.fromisoformat(note.started), note.language)
        return {
            "secret": self._secret,
            "user": self._user,
            "basic": b64encode(f"{self._user}:{self._secret}".encode()).decode("ascii"),
            "ticket": ticket_of(note),
            "found": "",
            "text": f"{said.strip()[:MAX_TEXT]}\n\ndeescalate-tui {key}",
            "subject": words(f"note.heading.{note.channel}", moment=moment),
            "key": key,
            "id": note.id,
            "revision": str(note.revision),
            "type": note.customer_type,
            "outcome": note.outcome,
            "level": "" if note.level.peak is None else str(note.level.peak),
            "channel": note.channel,
            "language": note.language,
        }


def send_due(
    sender: Sender, outbox: Outbox, due: list[Entry], now_s: Callable[[], int], chance: Callable[[], float]
) -> list[tuple[Entry, Record]]:
    """Send note after note, and keep what came of each at once; ends early where the server says so or is away.

    Each has a record before it is sent: where none can be written, as on a full disk, it would be sent anew each time.
    """
    done = []
    for entry in due:
        note = entry.note
        assert note is not None, "only what can be read is due"
        if not entry.path.exists():  # erased while the server took its time over others
            continue
        outbox.put(entry.name, entry.record or Record(note.id, note.revision, WAITING, now_s()))
        verdict = sender.send(note, entry.text)
        record = recorded(entry.record, note.id, note.revision, verdict, now_s(), chance())
        outbox.put(entry.name, record)
        done.append((entry, record))
        if verdict.everyone:
            break
    return done


def ticket_of(note: IncidentNote) -> str:
    """The ticket as systems write it: many people put a # before it."""
    return clean(note.ticket, MAX_TICKET).strip().lstrip("#").strip()


def template_of(name: str) -> Template:
    """A template that ships, or one of the site's own. Raises FileFault or Fault."""
    shipped = Path(__file__).parent / "templates" / f"{name}.json"
    path = shipped if name in TEMPLATES else full_path(name)
    if path is None:
        raise UsageFault("deliver", "setting-template", found=name, allowed=", ".join(TEMPLATES))
    return read(read_limited(path.resolve(), MAX_TEMPLATE), clean(str(path)))


def secret_of(deliver: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """The secret, from where the setting says it is kept. Raises UsageFault or FileFault; neither shows it."""
    variable = deliver.get("secret_variable", "")
    if variable:
        secret = environ.get(variable, "").strip()
        place = variable
    else:
        path = full_path(deliver["secret_file"])
        if path is None:
            raise UsageFault("deliver", "setting-folder", found=deliver["secret_file"])
        real = path.resolve()
        place = clean(str(path))
        try:
            held = read_limited(real, MAX_SECRET)
        except FileFault as fault:
            if fault.key != "no-permission":
                raise
            raise FileFault(place, "secret-shut") from fault
        secret = held.decode("utf-8", "replace").removeprefix("\ufeff").strip()
        if os.name == "posix" and real.stat().st_mode & OTHERS:
            raise FileFault(place, "secret-open")
    if not secret:
        raise UsageFault(place, "secret-missing")
    return secret


def _body(text: str) -> str:
    """The note without its front matter, which holds the agent's alias, and without comments for programs."""
    text = text.replace("\r\n", "\n")
    _, _, body = text.partition(f"\n{RULE}\n")
    return "\n".join(line for line in body.splitlines() if not line.startswith("<!--"))
