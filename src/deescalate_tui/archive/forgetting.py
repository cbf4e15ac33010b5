"""Letting the index forget notes whose files go, so that their words leave its bytes too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from deescalate_tui.archive.archive import Archive, quiet
from deescalate_tui.archive.refresh import Progress
from deescalate_tui.notes.rights import Forget, no_index
from deescalate_tui.workplace import Workplace


def archive_of(workplace: Workplace) -> Archive:
    """The archive of a workplace. Raises FileFault."""
    return Archive(workplace.paths, shared=workplace.notes_shared, key=lambda: workplace.settings.note_key)


@contextmanager
def forgetting(workplace: Workplace, progress: Progress = quiet) -> Iterator[Forget]:
    """To be told which notes go; what is left of them is read anew at the end, and their words are gone.

    Raises FileFault where the words cannot be removed from the index: the files have gone then.
    """
    if not Archive.exists(workplace.paths):
        yield no_index
        return
    with archive_of(workplace) as archive:
        yield archive.forget
        archive.settle(progress)
