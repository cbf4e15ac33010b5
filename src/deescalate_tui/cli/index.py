"""`notes verify` and `notes reindex`: whether the notes are as they were written, and the index made anew."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Mapping

from deescalate_tui.archive.archive import Archive
from deescalate_tui.clean import clean
from deescalate_tui.cli.archive import findings
from deescalate_tui.cli.content import described
from deescalate_tui.cli.progress import Bar
from deescalate_tui.i18n import Messages
from deescalate_tui.notes.sealed import summed
from deescalate_tui.streams import put, put_json, tell


def verify(found: Namespace, messages: Messages) -> int:
    """Read every note whole and compare it with what was there when it was first seen; 1 where one is not right."""
    with Archive.open(os.environ) as archive:
        with Bar() as bar:
            refreshed = archive.refresh(bar, thorough=True)
            if refreshed.fault is not None:
                raise refreshed.fault
            faults = summed(archive.verify(bar), archive.notes)
        number = archive.count()
    if "json" in found:
        put_json({"notes": number, "faults": described(faults, messages)})
    else:
        put("".join(f"{clean(messages.fault(fault))}\n" for fault in faults))
    status = findings(faults)
    tell(messages.count("verify.read", number), *([messages.count("verify.faults", len(faults))] if status else []))
    return status


def reindex(found: Namespace, messages: Messages) -> int:
    """Throw the index away and build it anew from the files; 1 where a file is damaged."""
    del found
    with Archive.open(os.environ) as archive:
        with Bar() as bar:
            refreshed = archive.rebuild(bar)
        if refreshed.fault is not None:
            raise refreshed.fault
        faults, unread = list(archive.faults()), archive.unread()
        tell(messages.count("verify.indexed", archive.count()))
        if unread:
            tell(messages.count("archive.unread", unread))
    return findings(faults)


COMMANDS: Mapping[str, Callable[[Namespace, Messages], int]] = {"verify": verify, "reindex": reindex}
