"""`settings` and `doctor`: what is in force, and what is wrong on this machine."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from deescalate_tui.clean import clean
from deescalate_tui.cli.content import described
from deescalate_tui.content.site_profile import Contact, Profile, Rank, Site
from deescalate_tui.doctor.doctor import examine
from deescalate_tui.doctor.finding import Finding, status
from deescalate_tui.errors import Exit
from deescalate_tui.i18n import Messages
from deescalate_tui.settings.fields import Origin, listing
from deescalate_tui.streams import put, put_json, put_table, tell
from deescalate_tui.workplace import Workplace


def show_settings(found: Namespace, messages: Messages) -> int:
    """Every setting, its value and where that comes from, and the site's profile; 1 where something is wrong."""
    workplace = Workplace.open(os.environ, {})
    settings = workplace.settings
    profile = workplace.profile
    faults = (*settings.faults, *workplace.keymap.faults, *profile.faults)
    if "json" in found:
        rows = [
            {
                "name": row.setting.name,
                "value": getattr(settings, row.setting.name),
                "default": row.setting.default,
                "origin": row.origin.layer,
                "place": clean(row.origin.place),
                "locked": row.origin.locked,
            }
            for row in listing(settings)
        ]
        site = {"file": clean(profile.place), **_said(profile.site)}
        put_json({"settings": rows, "site": site, "faults": described(faults, messages)})
    else:
        put_table((row.setting.name, row.value, _origin(row.origin, messages)) for row in listing(settings))
        put("".join(f"{line}\n" for line in _profile(profile, messages)))
    tell(*(clean(messages.fault(fault)) for fault in (*faults, *settings.attempts)))
    return Exit.FINDINGS if faults else Exit.OK


def _origin(origin: Origin, messages: Messages) -> str:
    words = messages(f"setting.origin.{origin.layer}", place=clean(origin.place))
    return f"{words} · {messages('cli.locked')}" if origin.locked else words


def _profile(profile: Profile, messages: Messages) -> Iterator[str]:
    """The site's profile, as far as it says anything; first, what of it is not used."""
    yield ""
    yield from (messages("site.faulty", reason=clean(messages.fault(fault))) for fault in profile.faults)
    if not profile.place:
        yield from () if profile.faults else (messages("site.none"),)
        return
    yield messages("site.from", path=clean(profile.place))
    for name, value in _said(profile.site).items():
        lines = [value] if isinstance(value, str) else [_entry(it, messages) for it in _each(value)]
        yield from (f"  {messages(f'site.{name}')}: {line}" for line in lines)


def _said(site: Site) -> dict[str, Any]:
    """What the profile says, by key; nothing of what it leaves out."""
    said = {name: getattr(site, name) for name in site.__struct_fields__ if name != "sha256"}
    return {name: value for name, value in said.items() if value}


def _each(value: Any) -> Iterable[str | Contact | Rank | tuple[str, int]]:
    return value.items() if isinstance(value, Mapping) else value


def _entry(it: str | Contact | Rank | tuple[str, int], messages: Messages) -> str:
    if isinstance(it, str):
        return it
    if isinstance(it, tuple):
        return f"{messages(f'behaviour.{it[0]}')} {it[1]}"
    parts = (it.name, it.contact) if isinstance(it, Contact) else (it.level, it.contact, it.takes)
    return " · ".join(part for part in parts if part)


def show_findings(found: Namespace, messages: Messages) -> int:
    """What was looked at, topic by topic; 1 where anything needs attention."""
    workplace = Workplace.open(os.environ, {})
    findings = examine(workplace.paths, workplace.settings, workplace.library, os.environ, workplace.clock.now())
    faults = sum(not finding.ok for finding in findings)
    if "json" in found:
        put_json([{"topic": it.topic, "ok": it.ok, "text": clean(it.text(messages))} for it in findings])
    else:
        for topic, group in groupby(findings, key=lambda finding: finding.topic):
            put(f"{messages(f'doctor.topic.{topic}')}\n")
            put("".join(f"  {_mark(it, messages)}  {clean(it.text(messages))}\n" for it in group))
        tell(messages.count("doctor.summary", faults) if faults else messages("doctor.summary.none"))
    return status(findings)


def _mark(finding: Finding, messages: Messages) -> str:
    return messages("doctor.mark.ok" if finding.ok else "doctor.mark.fault")


COMMANDS: Mapping[str, Callable[[Namespace, Messages], int]] = {"settings": show_settings, "doctor": show_findings}
