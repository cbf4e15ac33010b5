"""`deliver`: send finished notes to the ticket system, as internal notes; what waits and what was refused is shown.

It is the one command that opens a connection, and only where the setting `deliver` names a server.
"""

from __future__ import annotations

import os
import random
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, date, datetime

import msgspec

from deescalate_tui.clean import clean
from deescalate_tui.dates import format_clock
from deescalate_tui.deliver.delivery import DEAD, SENT, WAITING, Record, is_pausing, paused_until
from deescalate_tui.deliver.outbox import Entry, Outbox
from deescalate_tui.deliver.sending import Sender, send_due
from deescalate_tui.errors import Exit, UsageFault
from deescalate_tui.i18n import Messages
from deescalate_tui.ids import short_id
from deescalate_tui.settings.fields import misread
from deescalate_tui.streams import put, put_json, tell
from deescalate_tui.workplace import Workplace

ALL = "all"
DUE, NEVER = "due", "not-sent"


class Row(msgspec.Struct, frozen=True):
    """A note as the list shows it; a ticket stands in it only as the note has it."""

    state: str
    id: str
    ticket: str
    tries: int
    next_at: str
    """ISO 8601, UTC; empty where nothing will be tried."""
    reason: str
    detail: str


def deliver(found: Namespace, messages: Messages) -> int:
    """Send what is due; 1 where something waits or was refused. `--list` sends nothing."""
    workplace = Workplace.open(os.environ, {})
    setting = workplace.settings.deliver
    if not setting:
        faults = list(workplace.settings.faults)
        if not (faults and misread(workplace.paths, os.environ, workplace.settings, "deliver")):
            faults.append(UsageFault("deliver", "deliver-off"))
        tell(*(clean(messages.fault(fault)) for fault in faults[:-1]))
        raise faults[-1]
    # Late: nothing else of the program can open a connection, and this only here.
    from deescalate_tui.deliver.connection import Line

    sender = Sender(setting, os.environ, Line(setting))
    key = workplace.settings.note_key
    outbox = Outbox(workplace.paths.notes, shared=workplace.notes_shared, key=key)
    if not outbox.is_there():
        return _shown([], found, messages)
    if "list" in found:
        later = setting["since"] > workplace.clock.now().astimezone(UTC).date().isoformat()
        tell(*([messages("deliver.later", day=setting["since"])] if later else []))
        return _shown(_rows(outbox, sender, setting, workplace), found, messages)
    lock = outbox.claim()
    try:
        if found.retry:
            _retry(outbox, clean(found.retry).strip().lower())
        return _run(outbox, sender, setting, workplace, found, messages)
    finally:
        lock.release()


def _run(
    outbox: Outbox,
    sender: Sender,
    setting: Mapping[str, str],
    workplace: Workplace,
    found: Namespace,
    messages: Messages,
) -> int:
    """Send what is due, unless the server has asked for a pause."""
    now = _now(workplace)
    records = outbox.records()
    until = paused_until(records, now)
    if until:
        moment = datetime.fromtimestamp(until, UTC).astimezone(workplace.clock.now().tzinfo)
        tell(messages("deliver.paused", time=format_clock(moment, messages.language)))
    today = workplace.clock.now().date()
    entries = [] if until else list(outbox.entries(setting["since"], records))
    due = [it for it in entries if _is_due(it, now) and not sender.why_not(it, today)]
    done = send_due(sender, outbox, due, lambda: _now(workplace), random.random)
    sent = sum(record.state == SENT for _, record in done)
    rows = [_row(entry, record, "") for entry, record in done if record.state == SENT]
    tell(*([messages.count("deliver.sent", sent)] if due else []))
    return _shown([*rows, *_rows(outbox, sender, setting, workplace)], found, messages)


def _rows(outbox: Outbox, sender: Sender, setting: Mapping[str, str], workplace: Workplace) -> list[Row]:
    """Everything that is not sent."""
    today: date = workplace.clock.now().date()
    entries = outbox.entries(setting["since"], outbox.records())
    return [_row(it, it.record, sender.why_not(it, today)) for it in entries]


def _row(entry: Entry, record: Record | None, why: str) -> Row:
    note = entry.note
    id_ = note.id if note is not None else record.note if record is not None else entry.name
    ticket = note.ticket if note is not None else ""
    if why:
        detail = entry.fault.key if entry.fault is not None else ""
        return Row(NEVER, id_, ticket, 0, "", why, detail)
    if record is None:
        return Row(DUE, id_, ticket, 0, "", "", "")
    next_at = datetime.fromtimestamp(record.next_at, UTC).isoformat() if record.next_at else ""
    return Row(record.state, id_, ticket, record.tries, next_at, record.reason, record.detail)


def _shown(rows: list[Row], found: Namespace, messages: Messages) -> int:
    """The rows on standard output; 1 where one of them needs a person, or another try."""
    if "json" in found:
        put_json([{name: _safe(getattr(row, name)) for name in row.__struct_fields__} for row in rows])
    else:
        put("".join(f"{_line(row, messages)}\n" for row in rows))
    bad = any(row.state in (DEAD, WAITING) or row.reason == "unreadable" for row in rows)
    return Exit.FINDINGS if bad else Exit.OK


def _safe(value: str | int) -> str | int:
    return clean(value) if isinstance(value, str) else value


def _line(row: Row, messages: Messages) -> str:
    parts = [messages(f"deliver.state.{row.state}"), short_id(row.id), clean(row.ticket)]
    if row.reason:
        parts.append(messages(f"deliver.reason.{row.reason}", detail=clean(row.detail)))
    return "\t".join(parts)


def _is_due(entry: Entry, now: int) -> bool:
    record = entry.record
    return record is None or (record.state == WAITING and not is_pausing(record, now))


def _retry(outbox: Outbox, wanted: str) -> None:
    """What waits or was refused is due at once. Raises UsageFault where there is no such note."""
    chosen = {
        name: record
        for name, record in outbox.records().items()
        if record.state != SENT and (wanted == ALL or record.note == wanted or short_id(record.note) == wanted)
    }
    if not chosen and wanted != ALL:
        raise UsageFault("--retry", "deliver-unknown", found=wanted)
    for name, record in chosen.items():
        outbox.put(name, msgspec.structs.replace(record, state=WAITING, next_at=0, everyone=False))


def _now(workplace: Workplace) -> int:
    return workplace.clock.wall_ms() // 1000
