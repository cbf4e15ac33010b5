"""Whatever lets notes go lets the index forget them too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from deescalate_tui.archive.forgetting import forgetting as archive_forgetting
from deescalate_tui.cli.progress import Bar
from deescalate_tui.notes.rights import Forget
from deescalate_tui.workplace import Workplace


@contextmanager
def forgetting(workplace: Workplace) -> Iterator[Forget]:
    """As `archive.forgetting` does it, with a bar."""
    with Bar() as bar, archive_forgetting(workplace, bar) as forget:
        yield forget
