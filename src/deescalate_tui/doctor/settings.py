"""Whether the settings can be followed on this machine: their files and programs, the keys, the secret of `deliver`."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from deescalate_tui.call.keys import keymap
from deescalate_tui.deliver.sending import secret_of, template_of
from deescalate_tui.doctor.finding import Finding, bad, faulty, good, status
from deescalate_tui.doctor.probe import is_open
from deescalate_tui.errors import Exit, Fault, FileFault
from deescalate_tui.files import read_limited
from deescalate_tui.notes.sealed import fingerprints, identities, obstacle
from deescalate_tui.own_program import program_file
from deescalate_tui.paths import full_path
from deescalate_tui.settings.fields import Settings

MAX_CERTIFICATES = 1_000_000


def judge_settings(settings: Settings, profile: Iterable[Fault], environ: Mapping[str, str]) -> list[Finding]:
    """Faults of files and variables, attempts to change what the site locks, keys that cannot be had, its profile;
    whether what the settings name is there. That all is well is said of all of it."""
    found = [
        *faulty("settings", (*settings.faults, *settings.attempts, *keymap(settings.keys).faults, *profile)),
        *judge_command("help_command", settings.help_command, environ),
        *judge_command("close_command", settings.close_command, environ),
        *judge_seal(settings),
        *judge_deliver(settings, environ),
    ]
    return [good("settings", "settings"), *found] if status(found) is Exit.OK else found


def judge_command(setting: str, command: Sequence[str], environ: Mapping[str, str]) -> Iterator[Finding]:
    """Whether the program that a setting names is there. It is not run."""
    if command and program_file(command[0], environ) is None:
        yield bad("settings", "command-missing", program=command[0], setting=setting)
    elif command:
        yield good("settings", "command", program=command[0], setting=setting)


def judge_seal(settings: Settings) -> Iterator[Finding]:
    """Whether notes can be encrypted and read as the settings want it, and who can read the private key."""
    fault, keys = obstacle(settings), settings.encrypt_notes_to
    if fault is not None:
        yield from faulty("settings", [fault])
    elif keys:
        yield good("settings", "sealed", len(keys), keys=", ".join(fingerprints(keys)))
    path = full_path(settings.note_key)
    if path is not None:
        try:
            identities(path)
        except FileFault as unusable:
            yield from faulty("settings", [unusable])
        else:
            yield good("settings", "note-key", path=path)
        if is_open(path):
            yield bad("settings", "note-key-open", path=path, quoted=shlex.quote(str(path)))


def judge_deliver(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """Whether template, secret and certificates of `deliver` can be had. Nothing is sent, no connection opened."""
    deliver, faults = settings.deliver, []
    if not deliver:
        return []
    looks: tuple[Callable[[], object], ...] = (
        lambda: template_of(deliver["template"]),
        lambda: secret_of(deliver, environ),
        lambda: _certificates(deliver),
    )
    for look in looks:
        try:
            look()
        except Fault as fault:
            faults.append(fault)
    return faulty("settings", faults) or [good("settings", "deliver", url=deliver["url"])]


def _certificates(deliver: Mapping[str, str]) -> None:
    """Raises FileFault where the file of a private authority cannot be read, or holds no certificate."""
    path = full_path(deliver.get("ca_file", ""))
    if path is not None and b"-----BEGIN CERTIFICATE-----" not in read_limited(path.resolve(), MAX_CERTIFICATES):
        raise FileFault(str(path), "deliver-certificates")
