"""Notes as lines of JSON: whole ones, from which a note can be made again, or what the index knows of each."""

from __future__ import annotations

from pathlib import Path

import msgspec

from deescalate_tui.export.job import Job
from deescalate_tui.export.record import Sink, harmless

_encode = msgspec.json.Encoder().encode


def write(job: Job, out: Sink, folder: Path) -> None:
    """One note a line, as the schema `note` says; `brief` ones have the keys of the front matter alone."""
    del folder
    if job.brief:
        for page in job.lines():
            out.write("".join(f"{harmless(line)}\n" for line in page).encode())
        return
    for taken, note in job.notes():
        out.write(f"{harmless(_encode(note).decode())}\n".encode())
        job.record.take((taken,))
