"""`notes purge`, `hold`, `access` and `erase`: what is due goes, what is asked for is given or erased.

All of it shows first what would be done, and asks; without a terminal to ask at, `--yes` must be given.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from deescalate_tui.call.entry import argument
from deescalate_tui.clean import clean
from deescalate_tui.cli.content import described
from deescalate_tui.cli.forget import forgetting
from deescalate_tui.cli.notes import named
from deescalate_tui.dates import format_date, format_moment
from deescalate_tui.errors import Exit, Fault, FileFault, UsageFault
from deescalate_tui.files import create_exclusive
from deescalate_tui.i18n import Messages
from deescalate_tui.ids import short_id
from deescalate_tui.notes.access import bundle
from deescalate_tui.notes.files import HOLD, SCHEMA, mark_path, put_mark, read_kept
from deescalate_tui.notes.front import Front
from deescalate_tui.notes.note import note_from
from deescalate_tui.notes.retention import Case, Due, Hold
from deescalate_tui.notes.rights import (
    ASKED_BY,
    RETENTION,
    Found,
    Left,
    end_hold,
    erase,
    erase_session,
    expired,
    of_ticket,
    shelf_of,
)
from deescalate_tui.streams import is_terminal, put_bytes, put_json, put_table, tell
from deescalate_tui.workplace import Workplace

YES = ("y", "yes", "j", "ja")
MAX_REASON = 200


def purge(found: Namespace, messages: Messages) -> int:
    """Erase what has expired; 1 where files could not be judged."""
    workplace = opened()
    today = workplace.clock.now().date()
    before = day_of(found.before, "--before") if found.before else today
    if before > today:
        raise UsageFault("--before", "purge-future", found=before)
    there = expired(workplace, today, before)
    return _carry_out(found, workplace, there, RETENTION, messages)


def erase_ticket(found: Namespace, messages: Messages) -> int:
    """Erase everything about a ticket; 1 where there is nothing, or something had to stay."""
    ticket = _ticket(found)
    by = clean(found.by).strip().lower() or ASKED_BY[0]
    if by not in ASKED_BY:
        raise UsageFault("--by", "value-unknown", found=by, allowed=", ".join(ASKED_BY))
    workplace = opened()
    there = of_ticket(workplace, workplace.clock.now().date(), ticket)
    status = _carry_out(found, workplace, there, by, messages)
    if there.plan.due or there.sessions:
        tell(messages("rights.elsewhere"))
        tell(*([messages("rights.delivered")] if workplace.settings.deliver else []))
    return max(status, Exit.FINDINGS) if there.plan.held or not (there.plan.due or there.sessions) else status


def access(found: Namespace, messages: Messages) -> int:
    """Everything about a ticket as a ZIP file; 1 where there is nothing, or something cannot be read."""
    ticket = _ticket(found)
    if not found.to and (sys.stdout is None or is_terminal(sys.stdout)):
        raise UsageFault("--to", "access-to", help="deescalate notes access --ticket REF --to case.zip")
    workplace = opened()
    now = workplace.clock.now()
    there = of_ticket(workplace, now.date(), ticket)
    number = len(there.plan.due) + len(there.plan.held) + len(there.sessions)
    _tell_faults(there.faults, messages)
    if not number:
        tell(*([] if there.unread else [messages("rights.none-of", ticket=ticket)]))
        return Exit.FINDINGS
    data = bundle(workplace, there, ticket, now, messages)
    if found.to:
        create_exclusive(Path(found.to), data)
    else:
        put_bytes(data)
    tell(messages.count("access.packed", number))
    return Exit.FINDINGS if there.faults else Exit.OK


def hold(found: Namespace, messages: Messages) -> int:
    """Place a legal hold or end it; without a note or a ticket, list what is held."""
    workplace = opened()
    today = workplace.clock.now().date()
    cases = shelf_of(workplace).cases
    if not found.note and not found.ticket:
        rows = [_held(case, messages) for case in cases if case.held(today)]
        put_table(rows) if rows else tell(messages("hold.none"))
        return Exit.OK
    if found.note:
        path = named(found.note, messages).absolute()
        kept = read_kept(path.parent, path, workplace.settings.note_key)
        if kept.fault is not None:
            raise kept.fault
        fronts = [kept.front] if kept.front else []
    else:
        there = of_ticket(workplace, today, _ticket(found))
        fronts = [case.newest.front for case in _all(there) if case.newest.front]
        fronts += [note_from(left.state) for left in there.sessions]
    if not fronts:
        tell(messages("rights.none-of", ticket=clean(found.ticket)))
        return Exit.FINDINGS
    _place(found, workplace, fronts, today, messages)
    return Exit.OK


COMMANDS: Mapping[str, Callable[[Namespace, Messages], int]] = {
    "purge": purge,
    "erase": erase_ticket,
    "access": access,
    "hold": hold,
}


def opened() -> Workplace:
    """The workplace of whoever asks."""
    return Workplace.open(os.environ, {})


def agreed(question: str) -> bool:
    """Whether the person at the terminal says yes."""
    tell(question)
    return sys.stdin.readline().strip().casefold() in YES


def day_of(text: str, option: str) -> date:
    """The day that an option names. Raises UsageFault."""
    try:
        return date.fromisoformat(clean(text).strip())
    except ValueError as error:
        raise UsageFault(option, "value-date") from error


def _ticket(found: Namespace) -> str:
    ticket = clean(found.ticket).strip()
    if not ticket:
        raise UsageFault("--ticket", "rights-ticket", help=f"{found.parser.prog} --help")
    return ticket


def _carry_out(found: Namespace, workplace: Workplace, there: Found, by: str, messages: Messages) -> int:
    """Show what is due, ask, and do it."""
    number = len(there.plan.due) + len(there.sessions)
    _show(found, there, messages)
    status = Exit.FINDINGS if there.faults else Exit.OK
    if not number:
        with forgetting(workplace):  # an erasure that was interrupted is finished: its files may have gone already
            tell(*([] if there.unread else [messages("rights.nothing-due")]))
        return status
    if "yes" not in found:
        if not is_terminal(sys.stdin):
            raise UsageFault("--yes", "rights-yes")
        if not agreed(messages.count("rights.ask", number)):
            tell(messages("rights.left"))
            return status
    faults = _erase_all(workplace, there, by)
    _tell_faults(faults, messages)
    tell(messages.count("rights.erased", number - len(faults)), messages("rights.copies"))
    return Exit.DISK if faults else status


def _erase_all(workplace: Workplace, there: Found, by: str) -> list[Fault]:
    """One fault for each that could not be erased; the others are, from the index too."""
    today = workplace.clock.now().date()
    faults: list[Fault] = []
    todo: tuple[Left | Due, ...] = (*there.sessions, *there.plan.due)
    with forgetting(workplace) as forget:
        for item in todo:
            try:
                if isinstance(item, Left):
                    erase_session(workplace, item, by, today)
                else:
                    erase(workplace, item, by, today, forget)
            except (FileFault, UsageFault) as fault:
                faults.append(fault)
    return faults


def _show(found: Namespace, there: Found, messages: Messages) -> None:
    if "json" in found:
        put_json(
            {
                "due": [_facts(due) for due in there.plan.due],
                "sessions": [{"id": left.id, "ticket": left.state.call.ticket} for left in there.sessions],
                "held": [{"id": case.id, "until": case.hold.until if case.hold else None} for case in there.plan.held],
                "faults": described(there.faults, messages),
            }
        )
        return
    rows = [row for due in there.plan.due for row in _rows(due, messages)]
    for left in there.sessions:
        front = note_from(left.state)
        rows.append((*_named(front, messages), front.ticket, messages("rights.session")))
    rows += [_held(case, messages) for case in there.plan.held]
    if rows:
        put_table(rows)
    _tell_faults(there.faults, messages)


def _facts(due: Due) -> dict[str, object]:
    front = due.case.newest.front
    return {
        "id": due.case.id,
        "files": [clean(it.name) for it in due.files],
        "ticket": due.case.newest.ticket,
        "started": front.started if front else None,
        "expires": front.expires if front else None,
        "reason": due.reason,
    }


def _rows(due: Due, messages: Messages) -> Iterable[tuple[str, ...]]:
    """A line for the note, and one for each file of it that could not be read: nothing goes without being named."""
    front = due.case.newest.front
    if front is not None:
        day = format_date(date.fromisoformat(front.expires), messages.language)
        yield (*_named(front, messages), front.ticket, messages(f"rights.reason.{due.reason}", day=day))
    for it in due.files:
        if it.begun is not None:
            yield (
                format_date(it.begun, messages.language),
                clean(it.name),
                "",
                messages(f"rights.reason.{due.reason}"),
            )
        elif it.fault is not None:
            yield ("", clean(it.name), it.ticket, messages("rights.damaged"))


def _named(front: Front, messages: Messages) -> tuple[str, str]:
    return format_moment(datetime.fromisoformat(front.started), messages.language), short_id(front.id)


def _held(case: Case, messages: Messages) -> tuple[str, ...]:
    front = case.newest.front
    who = (*_named(front, messages), front.ticket) if front else ("", clean(case.newest.name), case.newest.ticket)
    if case.hold is None:
        return (*who, messages("hold.damaged"))
    day = format_date(date.fromisoformat(case.hold.until), messages.language)
    return (*who, messages("hold.until", day=day, reason=clean(case.hold.reason)))


def _all(there: Found) -> Iterable[Case]:
    return (*(due.case for due in there.plan.due), *there.plan.held)


def _place(found: Namespace, workplace: Workplace, fronts: list[Front], today: date, messages: Messages) -> None:
    if "end" in found:
        for front in fronts:
            end_hold(workplace, front)
        tell(messages.count("hold.ended", len(fronts)))
        return
    reason = clean(found.reason, MAX_REASON).strip()
    if not reason or not found.until:
        raise UsageFault("--reason" if not reason else "--until", "hold-missing", help=f"{found.parser.prog} --help")
    until = day_of(found.until, "--until")
    if until < today:
        raise UsageFault("--until", "hold-past", found=until)
    kinds: dict[str, None] = {}
    notes = workplace.paths.notes
    for front in fronts:
        typed = argument(reason, front.language, workplace.settings.country, workplace.masks(front.language))
        kinds |= dict.fromkeys(typed.kinds)
        mark = Hold(SCHEMA, front.id, typed.masked, today.isoformat(), until.isoformat())
        put_mark(mark_path(notes, front, HOLD), mark, shared=workplace.notes_shared)
    if kinds:
        tell(messages("hold.masked", kinds=", ".join(messages(f"mask.{kind}") for kind in kinds)))
    tell(messages.count("hold.placed", len(fronts), day=format_date(until, messages.language)))


def _tell_faults(faults: Iterable[Fault], messages: Messages) -> None:
    tell(*(clean(messages.fault(fault)) for fault in faults))
