"""Whatever lets notes go lets the index forget them too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from deescalate_tui.archive.archive import Archive
from deescalate_tui.cli_progress import Bar
from deescalate_tui.rights import Forget, no_index
from deescalate_tui.workplace import Workplace


@contextmanager
def forgetting(workplace: Workplace) -> Iterator[Forget]:
    """To let the index forget notes whose files go; what is left of them is read anew, and their words are gone.

    Raises FileFault where the words cannot be removed from the index: the files have gone then.
    """
    paths = workplace.paths
    if not Archive.exists(paths):
        yield no_index
        return
    with Archive(paths, shared=workplace.notes_shared, key=lambda: workplace.settings.note_key) as archive:
        yield archive.forget
        with Bar() as bar:
            archive.settle(bar)
