"""What is wrong with the place the program runs in, and the remedy. `doctor.probe` looks; pure functions here judge."""

from __future__ import annotations

import codecs
import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from deescalate_tui.call.checklist import Country
from deescalate_tui.content.check import check
from deescalate_tui.content.library import Library
from deescalate_tui.content.site_profile import load_profile
from deescalate_tui.doctor.finding import Finding, bad, faulty, good
from deescalate_tui.doctor.probe import (
    Folder,
    Sessions,
    Terminal,
    installed,
    probe_folder,
    probe_second,
    probe_sessions,
    probe_terminal,
    uncached,
)
from deescalate_tui.doctor.settings import judge_settings
from deescalate_tui.paths import NOTES, SITE, Paths
from deescalate_tui.screens.prompts import STALE_DAYS
from deescalate_tui.settings.fields import Settings

TOPICS = ("terminal", "program", "folders", "settings", "checklists", "numbers", "sessions")
TEXTUAL = ((8, 2, 8), (9,))
"""The first version that will do, and the first that may not."""
SMALLEST = (60, 20)
LEAST_FREE = 100_000_000
"""Bytes; a day of calls takes a hundredth of it."""
REMOTE = re.compile(
    r"(nfs|smb|cifs|afs|ceph|lustre|davfs|fuse\.(sshfs|rclone|davfs|gluster|s3fs|gvfs)|gluster|ncpfs).*"
)
"""File systems of other computers, as Linux calls them."""


def examine(
    paths: Paths, settings: Settings, library: Library, environ: Mapping[str, str], now: datetime
) -> tuple[Finding, ...]:
    """Everything that was looked at, topic by topic in the order of `TOPICS`. `now` is local."""
    shared = bool(environ.get(NOTES, "").strip())
    folders = [
        probe_folder("config", Path(os.path.realpath(paths.config))),
        probe_folder("notes", paths.notes, shared=shared),
        probe_folder("sessions", paths.sessions),
        probe_folder("state", paths.state),
        *(probe_folder("second", path) for path in probe_second(settings.second_place)),
    ]
    site = environ.get(SITE, "").strip()
    return (
        *judge_terminal(probe_terminal(environ)),
        *judge_program(sys.version.split()[0], installed("textual"), uncached("deescalate_tui", "textual")),
        *(finding for folder in folders for finding in judge_folder(folder)),
        *([bad("folders", "site-missing", path=site)] if site and paths.site and not paths.site.is_dir() else []),
        *judge_settings(settings, load_profile(paths).faults, environ),
        *(faulty("checklists", check(library)) or [good("checklists", "checklists")]),
        *judge_country(settings.country, library.country(settings.country), now.date()),
        *judge_sessions(probe_sessions(paths.sessions), settings.unfinished_days, now.timestamp()),
    )


def judge_terminal(terminal: Terminal) -> Iterator[Finding]:
    """Plain mode is no fault: it is the way without a screen."""
    topic, size = "terminal", {"columns": terminal.columns, "lines": terminal.lines}
    if not terminal.screen or terminal.term == "dumb":
        yield good(topic, "terminal-plain")
    elif terminal.columns < SMALLEST[0] or terminal.lines < SMALLEST[1]:
        yield bad(topic, "terminal-small", **size, least_columns=SMALLEST[0], least_lines=SMALLEST[1])
    else:
        yield good(topic, "terminal-size", **size)
    try:
        utf8 = codecs.lookup(terminal.encoding).name == "utf-8"
    except LookupError:
        utf8 = False
    yield good(topic, "encoding") if utf8 else bad(topic, "encoding-other", encoding=terminal.encoding or "?")
    if terminal.no_color:
        yield good(topic, "colour-off")
    elif _has_many_colours(terminal):
        yield good(topic, "colour")
    else:
        yield good(topic, "colour-few", term=terminal.term or "?")


def _has_many_colours(terminal: Terminal) -> bool:
    """As the screen finds out. On Windows all have them, and no TERM says so."""
    if os.name == "nt" and not terminal.term:
        return True
    return terminal.colorterm in ("truecolor", "24bit") or terminal.term.rpartition("-")[2] in ("256color", "kitty")


def judge_program(python: str, textual: str, not_compiled: Sequence[str]) -> Iterator[Finding]:
    """Versions, and packages that every start compiles anew because nothing may be kept."""
    version = tuple(int(part) for part in re.findall("[0-9]+", textual)[:3])
    if TEXTUAL[0] <= version < TEXTUAL[1]:
        yield good("program", "versions", python=python, textual=textual)
    else:
        first, end = (".".join(map(str, limit)) for limit in TEXTUAL)
        yield bad("program", "textual", found=textual or "–", first=first, end=end)
    if not_compiled:
        yield bad("program", "not-compiled", packages=", ".join(not_compiled))
    else:
        yield good("program", "compiled")


def judge_folder(folder: Folder) -> Iterator[Finding]:
    """Whether files can be written, who else can read them, and what disk they lie on."""
    topic, path = "folders", folder.path
    if folder.fault and folder.shared and folder.fault.key == "missing":
        yield bad(topic, "shared-missing", path=path)
    elif folder.fault:
        yield from faulty(topic, [folder.fault])
    else:
        yield from [*_judge_access(folder), *_judge_disk(folder)] or [good(topic, f"folder-{folder.name}", path=path)]
        if folder.name == "sessions" and not folder.file_system:
            yield good(topic, "disk-unknown", path=path)


def _judge_access(folder: Folder) -> Iterator[Finding]:
    inside = folder.open_files + folder.open_folders
    if folder.shared:
        if inside:
            yield _open(folder, "shared-inner-open", inside)
        if folder.mode & 0o007:
            yield _open(folder, "shared-open")
        if not folder.group_kept:
            yield _open(folder, "shared-group")
    elif folder.name == "config":
        # Nothing in it is secret, but who can write there can change the emergency numbers.
        if folder.mode & 0o022:
            yield _open(folder, "config-open")
        if inside:
            yield _open(folder, "config-inner-open", inside)
    else:
        if folder.mode & 0o077:
            yield _open(folder, "folder-open")
        if folder.open_folders:
            yield _open(folder, "inner-open", folder.open_folders)
        if folder.open_files:
            yield _open(folder, "files-open", folder.open_files)


def _open(folder: Folder, key: str, number: int | None = None) -> Finding:
    """The remedy is a command to copy."""
    return bad("folders", key, number, path=folder.path, quoted=shlex.quote(folder.path))


def _judge_disk(folder: Folder) -> Iterator[Finding]:
    topic, path = "folders", folder.path
    if folder.name == "sessions" and REMOTE.fullmatch(folder.file_system):
        yield bad(topic, "disk-remote", path=path, type=folder.file_system)
    if folder.name in ("sessions", "notes") and folder.free is not None and folder.free < LEAST_FREE:
        yield bad(topic, "disk-full", path=path, megabytes=folder.free // 1_000_000)


def judge_country(code: str, country: Country | None, today: date) -> Iterator[Finding]:
    """Whether a country is set, and when its safety numbers were confirmed."""
    if not code:
        yield bad("numbers", "country-none")
    elif country is None:
        yield bad("numbers", "country-unknown", country=code)
    else:
        yield from _judge_numbers(country, today)


def _judge_numbers(country: Country, today: date) -> Iterator[Finding]:
    facts = [(number.number, number.verified) for number in country.numbers]
    unconfirmed = [name for name, verified in facts if not verified]
    old = [name for name, verified in facts if verified and _is_old(verified, today)]
    if unconfirmed:
        yield bad(
            "numbers", "numbers-unconfirmed", len(unconfirmed), numbers=", ".join(unconfirmed), country=country.id
        )
    if old:
        yield bad("numbers", "numbers-old", len(old), numbers=", ".join(old), country=country.id, days=STALE_DAYS)
    if not unconfirmed and not old:
        yield good("numbers", "numbers", country=country.id, days=STALE_DAYS)
    yield from _judge_recording(country, today)


def _judge_recording(country: Country, today: date) -> Iterator[Finding]:
    """What the law says of recording a call: no number, but as easily out of date."""
    verified = country.recording.verified if country.recording is not None else None
    if verified == "":
        yield bad("numbers", "recording-unconfirmed", country=country.id)
    elif verified and _is_old(verified, today):
        yield bad("numbers", "recording-old", country=country.id, days=STALE_DAYS)


def _is_old(verified: str, today: date) -> bool:
    return (today - date.fromisoformat(verified)).days > STALE_DAYS


def judge_sessions(sessions: Sessions, days: int, now_s: float) -> Iterator[Finding]:
    """`days`: how old an unfinished session may grow. `now_s`: seconds since 1970."""
    overdue = [entry for entry in sessions.waiting if not entry.in_use and now_s - entry.modified_s > days * 86_400]
    if sessions.fault:
        yield from faulty("sessions", [sessions.fault])
    elif sessions.waiting:
        yield good("sessions", "sessions", len(sessions.waiting))
    else:
        yield good("sessions", "sessions-none")
    if overdue:
        yield bad("sessions", "sessions-overdue", len(overdue), days=days)
    if sessions.damaged:
        yield bad("sessions", "sessions-damaged", len(sessions.damaged), files=", ".join(sessions.damaged))
