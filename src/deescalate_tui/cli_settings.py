"""`settings` and `doctor`: what is in force, and what is wrong on this machine."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Mapping
from itertools import groupby

from deescalate_tui.clean import clean
from deescalate_tui.cli_content import described
from deescalate_tui.cli_streams import put, put_json, put_table, tell
from deescalate_tui.doctor import Finding, examine, status
from deescalate_tui.errors import Exit
from deescalate_tui.i18n import Messages
from deescalate_tui.settings import Origin, listing
from deescalate_tui.workplace import Workplace


def show_settings(found: Namespace, messages: Messages) -> int:
    """Every setting, its value and where that comes from; 1 where a file or a variable is wrong."""
    workplace = Workplace.open(os.environ, {})
    settings = workplace.settings
    faults = (*settings.faults, *workplace.keymap.faults)
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
        put_json({"settings": rows, "faults": described(faults, messages)})
    else:
        put_table((row.setting.name, row.value, _origin(row.origin, messages)) for row in listing(settings))
    tell(*(clean(messages.fault(fault)) for fault in (*faults, *settings.attempts)))
    return Exit.FINDINGS if faults else Exit.OK


def _origin(origin: Origin, messages: Messages) -> str:
    words = messages(f"setting.origin.{origin.layer}", place=clean(origin.place))
    return f"{words} · {messages('cli.locked')}" if origin.locked else words


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
