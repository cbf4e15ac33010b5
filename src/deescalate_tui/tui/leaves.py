"""The book of the start screen: made from the very page that the screen draws, and kept for the next start."""

from __future__ import annotations

import os
from contextlib import suppress
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

from deescalate_tui import book_file, catalogues
from deescalate_tui.book import Book
from deescalate_tui.content.site_profile import SITE_FILE
from deescalate_tui.errors import FileFault
from deescalate_tui.files import private_folder, replace_file
from deescalate_tui.opening import Opening
from deescalate_tui.paths import SETTINGS_FILE
from deescalate_tui.screens.colours import colours, fitting, inked
from deescalate_tui.tui.place import EmptyDesk
from deescalate_tui.tui.start import StartPlace
from deescalate_tui.workplace import Workplace

if TYPE_CHECKING:
    from deescalate_tui.instant import Instant

MOST_PICTURES = 24
NAMED = {"up": (b"\x1b[A", b"\x1bOA"), "down": (b"\x1b[B", b"\x1bOB")}
"""What a terminal sends for keys that are no letters."""
HOME = b"\x1b[1;1H"
"""Where the cursor rests."""


class Preview:
    """The start as it is shown before the app is there: as it was when it was last drawn, or at least as it is now."""

    def __init__(self, workplace: Workplace, opening: Opening, window: Instant) -> None:
        self.window = window
        self.place = StartPlace(EmptyDesk(workplace, opening))
        self._lasting = self.place.is_lasting()
        self._fresh: Book | None = None
        self._mark = b""
        if not window.begins_with(picture(self.place, window.size)):
            self._fresh = book_of(self.place, window.size)
            self._mark = mark_of(workplace, window.size)  # now: what the keys change is not in these pictures
            window.show(self._fresh)

    def typed(self) -> str:
        """What was typed until now; from here on the app reads the keys itself."""
        return self.window.stop().decode(errors="replace")

    def keep(self) -> None:
        """Store a book that was made anew for starts under the same circumstances, where there can be such."""
        if self._fresh is not None and self._lasting:
            keep(self.place.desk.workplace, self._fresh, self._mark)


def picture(place: StartPlace, size: tuple[int, int]) -> bytes:
    """What is drawn of the place, as a terminal takes it."""
    environ = os.environ
    theme = fitting(place.desk.workplace.settings.theme, colours(environ), environ)
    return inked(place.page(*size).rows, theme, size[0]).encode(errors="replace") + HOME


def book_of(place: StartPlace, size: tuple[int, int]) -> Book:
    """The pictures of the place that up and down lead to; the place itself stays where it is."""
    keys = {code: key for name in NAMED for key in place.desk.workplace.keymap.keys[name] for code in _codes(key)}
    places, pictures, turns = [place], [picture(place, size)], list[list[int]]()
    while len(turns) < len(places):
        row = []
        for key in keys.values():
            there = copy(places[len(turns)])
            there.key(key)
            seen = picture(there, size)
            if seen not in pictures and len(pictures) < MOST_PICTURES:
                places.append(there)
                pictures.append(seen)
            row.append(pictures.index(seen) if seen in pictures else len(turns))
        turns.append(row)
    return Book(pictures, list(keys), turns)


def mark_of(workplace: Workplace, size: tuple[int, int]) -> bytes:
    """The circumstances as they are now."""
    return book_file.circumstances(dict(os.environ), size, [str(path) for path in _watched(workplace)])


def keep(workplace: Workplace, book: Book, mark: bytes) -> None:
    """Store the book for starts under the same circumstances. Where the disk refuses, the next start is slower."""
    place = workplace.paths.state / book_file.NAME
    if book_file.place(dict(os.environ)) != str(place) or workplace.second is not None:
        return
    with suppress(FileFault):
        private_folder(place.parent)
        replace_file(place, book.to_bytes(mark))


def _watched(workplace: Workplace) -> list[Path]:
    """The files and folders that the start screen says anything about."""
    paths = workplace.paths
    settings = [folder / name for folder in (paths.config, paths.site) if folder for name in (SETTINGS_FILE, SITE_FILE)]
    content = [path for root in workplace.library.roots for path in (root, *sorted(root.rglob("*")))]
    return [*(Path(catalogues.__file__).parent / "locales").iterdir(), *settings, *content]


def _codes(key: str) -> tuple[bytes, ...]:
    """What a terminal sends for a key; nothing where that is not certain."""
    return NAMED.get(key, (key.encode(),) if len(key) == 1 and key.isprintable() and key != " " else ())
