"""`privacy`: in plain words, what is stored, where, who can read it, and how long; with the settings in force."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator

import msgspec

from deescalate_tui.clean import clean
from deescalate_tui.cli.rights import opened
from deescalate_tui.deliver.settings import HANDOVER
from deescalate_tui.errors import Exit
from deescalate_tui.i18n import Messages
from deescalate_tui.notes.sealed import fingerprints, no_seal_text
from deescalate_tui.privacy import Notes, Stored, counted, places
from deescalate_tui.settings.fields import Settings
from deescalate_tui.streams import pieces, put, put_json

RIGHTS = ("access", "correct", "erase", "hold", "purge")


def show_privacy(found: Namespace, messages: Messages) -> int:
    """Everything an agent, a customer or a works council asks."""
    workplace = opened()
    stored, notes = places(workplace), counted(workplace, workplace.clock.now().date())
    settings = workplace.settings
    lines = list(_lines(stored, notes, settings, messages))
    if "json" in found:
        put_json(
            {
                "places": [msgspec.structs.asdict(it) | {"path": clean(it.path)} for it in stored],
                "notes": notes,
                "retention_days": settings.retention_days,
                "unfinished_days": settings.unfinished_days,
                "unfinished_then": settings.unfinished_then,
                "correct_keeps": settings.correct_keeps,
                "encrypted_to": fingerprints(settings.encrypt_notes_to),
                "masking": settings.masking,
                "help_command": bool(settings.help_command),
                "close_command": bool(settings.close_command),
                "deliver": settings.deliver.get("url", ""),
                "text": [line.strip() for line in lines if line],
            }
        )
    else:
        put("".join(f"{row}\n" for line in lines for row in pieces(line, sys.stdout)))
    return Exit.OK


def _lines(stored: tuple[Stored, ...], notes: Notes | None, settings: Settings, messages: Messages) -> Iterator[str]:
    for it in stored:
        yield messages(f"privacy.what.{it.name}")
        yield f"  {messages('privacy.where', path=clean(it.path))}"
        yield f"  {messages(f'privacy.who.{it.readers}', group=clean(it.group))}"
        yield f"  {_how_long(it.name, settings, messages)}"
        if it.name == "notes":
            yield f"  {_number(notes, messages)}"
            yield f"  {messages(f'privacy.correct-keeps.{settings.correct_keeps}')}"
            yield f"  {messages('privacy.tombstone')}"
            for line in _sealed(settings, messages):
                yield f"  {line}"
        yield ""
    yield messages("privacy.not")
    yield messages(f"privacy.masking.{settings.masking}")
    told = [
        *([messages("privacy.help-command")] if settings.help_command else []),
        *([messages("privacy.close-command")] if settings.close_command else []),
    ]
    if settings.deliver:
        content = settings.deliver.get("content", HANDOVER)
        told.append(messages(f"privacy.deliver.{content}", url=clean(settings.deliver["url"])))
    yield from told
    yield messages("privacy.offline-else" if told else "privacy.offline")
    yield messages("privacy.copies")
    yield ""
    yield messages("privacy.rights")
    for right in RIGHTS:
        yield f"  {messages(f'privacy.right.{right}')}"


def _how_long(name: str, settings: Settings, messages: Messages) -> str:
    if name == "notes":
        origin = settings.origin("retention_days")
        return messages.count(
            "privacy.how-long.notes",
            settings.retention_days,
            origin=messages(f"setting.origin.{origin.layer}", place=clean(origin.place)),
        )
    if name == "sessions":
        then = messages(f"privacy.then.{settings.unfinished_then}")
        return messages.count("privacy.how-long.sessions", settings.unfinished_days, then=then)
    return messages(f"privacy.how-long.{name}")


def _sealed(settings: Settings, messages: Messages) -> Iterator[str]:
    """Whether notes are encrypted, to which keys, and what is known of them without one."""
    keys = fingerprints(settings.encrypt_notes_to)
    if not keys:
        yield messages("privacy.plain")
        return
    yield messages.count("privacy.sealed", len(keys), keys=clean(", ".join(keys)))
    yield messages("privacy.sealed-name", days=settings.retention_days)
    not_here = no_seal_text(settings, messages)
    if not_here:
        yield clean(not_here)


def _number(notes: Notes | None, messages: Messages) -> str:
    if notes is None:
        return messages("privacy.number-unknown")
    return messages.count("privacy.number", notes.number, due=notes.due, held=notes.held)
