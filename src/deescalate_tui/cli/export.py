"""`notes export`: what is meant of the notes as one file, or on standard output."""

from __future__ import annotations

import gc
import hashlib
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from deescalate_tui.archive.archive import Archive
from deescalate_tui.clean import clean
from deescalate_tui.cli.archive import filters_of, none_readable, opened, status_of
from deescalate_tui.cli.progress import Bar
from deescalate_tui.clock import Clock
from deescalate_tui.errors import Exit, FileFault, UsageFault
from deescalate_tui.export.job import Job
from deescalate_tui.export.record import Record, Sink
from deescalate_tui.export.work import check_free, put, workshop
from deescalate_tui.files import as_fault
from deescalate_tui.i18n import Messages
from deescalate_tui.streams import is_terminal, put_bytes, tell

Write = Callable[[Job, Sink, Path], None]
MODULES: Mapping[str, str] = {
    "md": "bundle",
    "csv": "csv_table",
    "jsonl": "jsonl",
    "xlsx": "xlsx",
    "html": "html_page",
}
"""By format, the module that writes it."""
ENDINGS = {".zip": "md", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx", ".html": "html"}
FILES_ONLY = ("md", "xlsx")
"""What no pipe takes."""
ONLY_OF = {"brief": "jsonl", "comma": "csv"}
"""Options that go with one format."""
HELP = "deescalate notes export --help"


def export(found: Namespace, messages: Messages) -> int:
    """Write the notes that are meant; 1 where a file does not count, which the manifest and standard error say."""
    gc.enable()  # `main` switched it off for a quick start; this takes long enough to leave garbage behind
    form, target = _form(found), _target(found)
    filters, text = filters_of(found), " ".join(found.text)
    if target is None and form in FILES_ONLY:
        raise UsageFault("--to", "export-pipe", form=form, help=HELP)
    if target is not None:
        for path in (target, _beside(target)):
            check_free(path, force="force" in found)
    now = Clock().now()
    with opened(messages) as (archive, refreshed):
        selected = archive.select(text, filters, now.date())
        asked = {"query": clean(text), "filters": _asked(msgspec.to_builtins(filters))}
        with Bar() as bar:
            record = Record()
            try:
                job = Job(
                    archive=archive,
                    selected=selected,
                    messages=messages,
                    record=record,
                    made=now,
                    words="without_text" not in found,
                    brief="brief" in found,
                    comma="comma" in found,
                    progress=bar,
                    asked={**asked, "up_to_date": refreshed.fault is None and not refreshed.busy},
                )
                told = _run(job, archive, form, target, force="force" in found)
            finally:
                record.close()
    tell(*told)
    return status_of(refreshed, Exit.FINDINGS if record.unread else Exit.OK)


def _run(job: Job, archive: Archive, form: str, target: Path | None, *, force: bool) -> list[str]:
    """Export; what to tell of it."""
    for fault in archive.faults():
        job.miss(fault)
    write: Write = import_module(f"deescalate_tui.export.{MODULES[form]}").write
    if target is None:
        out = _Out()
        try:
            with as_fault(Path("stdout")):
                write(job, out, Path())
        except FileFault as fault:
            if fault.params.get("error") != "EPIPE":
                raise
            return []  # who reads has seen enough
        return _told(job, form, job.messages("export.sum", sum=out.sum))
    with workshop(target) as folder:
        made = folder / "made"
        with made.open("w+b") as file:
            write(job, file, folder)
            file.seek(0)
            sum_ = hashlib.file_digest(file, "sha256").hexdigest()
        if form != "md":  # a bundle holds its own
            _manifest(job, form, {"file": target.name, "sha256": sum_, "bytes": made.stat().st_size}, folder)
        put(made, target, force=force)
        if form != "md":
            put(folder / "manifest", _beside(target), force=force)
    return _told(job, form, job.messages("export.file", path=clean(str(target))))


def _manifest(job: Job, form: str, of: dict[str, object], folder: Path) -> None:
    with (folder / "manifest").open("wb") as file:
        job.record.write(file, {**job.about(form), **of})


def _told(job: Job, form: str, last: str) -> list[str]:
    """What was exported and what was not."""
    record, words = job.record, job.messages
    told = [words("cli.none-readable") if none_readable(job.archive) else words.count("export.done", record.notes)]
    told.append(words("export.left-out" if job.words else "export.left-out-words"))
    if job.lacks_body(form):
        told.append(words("export.left-out-body"))
    if record.expired:
        told.append(words.count("export.expired", record.expired))
    if record.cut:
        told.append(words.count("export.cut", record.cut))
    told += record.reasons
    if more := record.unread - len(record.reasons):
        told.append(words.count("archive.more-faults", more))
    return [*told, last]


def _form(found: Namespace) -> str:
    """Which format is meant. Raises UsageFault."""
    given = clean(found.format).strip().lower()
    form = given or ENDINGS.get(Path(found.to).suffix.lower(), "")
    if not given and not form:
        raise UsageFault("--format", "export-format", allowed=", ".join(MODULES), help=HELP)
    if form not in MODULES:
        raise UsageFault("--format", "value-unknown", found=given, allowed=", ".join(MODULES))
    for option, only in ONLY_OF.items():
        if option in found and form != only:
            raise UsageFault(f"--{option}", "export-option", form=only)
    return form


def _target(found: Namespace) -> Path | None:
    """The file that is meant, None for standard output. Raises UsageFault."""
    if found.to and found.to != "-":
        return Path(found.to).absolute()
    if not found.to and (sys.stdout is None or is_terminal(sys.stdout)):
        raise UsageFault("--to", "export-to", help=HELP)
    return None


def _beside(target: Path) -> Path:
    """Where the manifest of a file lies."""
    return target.with_name(f"{target.name}.manifest.json")


def _asked(filters: dict[str, Any]) -> dict[str, Any]:
    """The filters that ask for something."""
    return {name: value for name, value in filters.items() if value not in (None, "", [], ())}


class _Out:
    """Standard output."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self._sum.update(data)
        put_bytes(data)

    @property
    def sum(self) -> str:
        """The SHA-256 of all that was written."""
        return self._sum.hexdigest()
