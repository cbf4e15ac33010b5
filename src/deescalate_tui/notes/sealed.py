"""Sealed notes: encrypted to public keys in the age format, so that whoever writes one cannot read it back.

pyrage, which does it, comes with the extra `crypto`. It is imported late: most places seal nothing.
"""

from __future__ import annotations

import os
import re
from binascii import Error as NoBase64
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from deescalate_tui.errors import Fault, FileFault
from deescalate_tui.files import read_limited
from deescalate_tui.paths import full_path

if TYPE_CHECKING:
    from deescalate_tui.i18n import Messages
    from deescalate_tui.settings.fields import Settings

SEALED = ".age"
"""What the name of a sealed note ends with, after that of the plain one."""
WRITING, READING = "encrypt_notes_to", "note_key"
"""The settings."""
UNREAD = ("note-sealed", "notes-sealed", "note-key-wrong", "note-key-unusable", "seal-extra")
"""Faults of a note that somebody else may be able to read."""
MAX_KEY = 100_000
"""Bytes of a key file."""
OVERHEAD = 20_000
"""Bytes that sealing adds at most: a header of a few hundred for each key, and 16 for each 64 KiB."""
_FORMAT = b"age-encryption.org/v1\n"
_CHUNK, _TAG, _NONCE = 1 << 16, 16, 16


def sealed_path(path: Path) -> Path:
    """Where the sealed form of a note lies: beside the plain one."""
    return path.with_name(path.name + SEALED)


def begun_on(name: str) -> date | None:
    """The day (UTC) in the name of a sealed note; None for any other name."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)T\d{6}Z_[0-9a-f]{8}(_r\d{1,9})?\.md\.age", PurePath(name).name)
    with suppress(ValueError):
        return date.fromisoformat(found[1]) if found else None
    return None


def is_sealed(name: str) -> bool:
    """Whether a file of this name is sealed."""
    return name.endswith(SEALED)


def seal(text: str, to: Iterable[str]) -> bytes:
    """The text, for the holders of these keys alone. Raises FileFault, `seal-extra` and `seal-key` among its keys."""
    pyrage = _pyrage(WRITING)
    sealed: bytes = pyrage.encrypt(text.encode(), [_recipient(pyrage, key) for key in to])
    return sealed


def obstacle(settings: Settings) -> FileFault | None:
    """Why no note can be sealed here, although the settings want it; None where it can, or they do not."""
    if settings.encrypt_notes_to:
        try:
            seal("", settings.encrypt_notes_to)
        except FileFault as fault:
            return FileFault(settings.origin(WRITING).place, fault.key, **fault.params)
    return None


def no_seal_text(settings: Settings, words: Messages) -> str:
    """That notes cannot be encrypted here, and why, where the settings want it; else empty. It is said before a call:
    that can be led, but its note waits."""
    fault = obstacle(settings)
    return words("notice.no-seal", reason=words.fault(fault)) if fault is not None else ""


def unseal(data: bytes, key: str, place: str) -> bytes:
    """What was sealed. `key` is the file of a private key, as the setting names it; `place` that of `data`.

    Raises FileFault: `note-sealed` without a key, `note-key-unusable` or a fault of its file at the key's place,
    `note-key-wrong` where none of its keys opens this, or it is damaged.
    """
    path = full_path(key)
    if path is None:
        raise FileFault(place, "note-sealed")
    pyrage = _pyrage(place)
    try:
        opened: bytes = pyrage.decrypt(data, list(identities(path)))
    except pyrage.DecryptError as error:
        raise FileFault(place, "note-key-wrong", file=path) from error
    return opened


def identities(path: Path) -> tuple[Any, ...]:
    """The private keys in a file. Raises FileFault where there is none that needs no passphrase."""
    pyrage = _pyrage(READING)
    # A key file may be a link: many people keep keys in a folder of their own.
    data = read_limited(Path(os.path.realpath(path)), MAX_KEY)
    try:
        return _identities(data)
    except (pyrage.IdentityError, UnicodeDecodeError) as error:
        raise FileFault(str(path), "note-key-unusable") from error


def key_mark(key: str) -> str:
    """A text that changes where other notes can be opened than before: by another key or none, or other keys in its
    file."""
    from importlib.util import find_spec  # late: most places seal nothing

    path = full_path(key)
    try:
        seen = path.stat() if path is not None else None
    except OSError:
        return key
    return f"{key} {seen.st_size} {seen.st_mtime_ns} {find_spec('pyrage') is not None}" if seen is not None else ""


def fingerprints(to: Iterable[str]) -> tuple[str, ...]:
    """Public keys as people compare them: an age key whole, of an SSH key its fingerprint as ssh-keygen shows it."""
    return tuple(_fingerprint(key) for key in to)


def held_length(data: bytes) -> int | None:
    """How many bytes are sealed in this file; None where it is no whole one. It takes no key: nobody can tell more."""
    head, _, body = data.partition(b"\n--- ")
    rest = len(body.partition(b"\n")[2]) - _NONCE
    chunks = -(-rest // (_CHUNK + _TAG))
    return rest - _TAG * chunks if head.startswith(_FORMAT) and rest >= _TAG else None


def summed(faults: Iterable[Fault], notes: Path) -> tuple[Fault, ...]:
    """Each fault once; the notes that no key is named for are counted, instead of named one by one."""
    once = {(fault.place, fault.key): fault for fault in faults}.values()
    others = tuple(fault for fault in once if fault.key != "note-sealed")
    sealed = len(once) - len(others)
    return (*([FileFault(str(notes), "notes-sealed", number=sealed)] if sealed else []), *others)


def _fingerprint(key: str) -> str:
    kind, _, rest = key.partition(" ")
    if not kind.startswith("ssh-"):
        return key
    # Late: it loads OpenSSL, which takes 4 ms, and no start needs it.
    from hashlib import sha256

    try:
        digest = sha256(a2b_base64(rest.partition(" ")[0])).digest()
    except (NoBase64, ValueError):
        return key
    return f"{kind} SHA256:{b2a_base64(digest, newline=False).decode().rstrip('=')}"


def _recipient(pyrage: Any, key: str) -> Any:
    kind = pyrage.ssh if key.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(key)
    except pyrage.RecipientError as error:
        raise FileFault(WRITING, "seal-key", found=key) from error


@lru_cache(maxsize=2)
def _identities(data: bytes) -> tuple[Any, ...]:
    """Of thousands of notes each one is opened with them: they are read once. Raises pyrage.IdentityError."""
    pyrage = _pyrage(READING)
    if data.lstrip().startswith(b"-----BEGIN "):
        return (pyrage.ssh.Identity.from_buffer(data),)
    found = tuple(pyrage.x25519.Identity.from_str(line) for line in _lines(data.decode()))
    if not found:
        raise pyrage.IdentityError(READING)
    return found


def _lines(text: str) -> Iterator[str]:
    """Those of a key file that are no comments."""
    yield from re.findall(r"^[ \t]*([^#\s]\S*)", text, re.MULTILINE)


def _pyrage(place: str) -> Any:
    try:
        import pyrage
    except ImportError as error:
        raise FileFault(place, "seal-extra") from error
    return pyrage
