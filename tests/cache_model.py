"""A file system that keeps only what was brought to stable storage: what a power cut leaves, without one.

The calls go to the real disk and into a log. Played again up to any call, the log gives the state of the disk at that
moment: for each file the bytes and for each folder the names that are surely there, and those that may be.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from faults import Faulty, Plan

Choice = Callable[[object, object], object]
"""What of something is there after the cut: of what is surely there, and what was in the cache."""


class Node:
    """A file or folder: how the program sees it, and what of it is on stable storage."""

    def __init__(self, names: dict[str, Node] | None = None) -> None:
        self.names = names
        self.sure_names: dict[str, Node] = {}
        self.data = bytearray()
        self.sure_data = b""
        self.doubted = False
        """An fsync of it failed: the system takes its lost pages for written ones, and no later one brings them."""


class Recorder(Faulty):
    """The real disk and a log of what was done to it; `said` adds what the agent was told."""

    def __init__(self, plan: Plan | None = None) -> None:
        super().__init__(plan)
        self.log: list[tuple[Any, ...]] = []

    def said(self, saved: int, noted: bool = False) -> None:
        """So many records were said to be saved, or the note was."""
        self.log.append(("said", saved, noted))

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        fd = super().open(path, flags, mode)
        self.log.append(("open", path, flags, fd))
        return fd

    def write(self, fd: int, data: bytes | memoryview) -> int:
        taken = super().write(fd, data)
        self.log.append(("write", fd, bytes(data[:taken])))
        return taken

    def truncate(self, fd: int, size: int) -> None:
        super().truncate(fd, size)
        self.log.append(("truncate", fd, size))

    def fsync(self, fd: int) -> None:
        try:
            super().fsync(fd)
        except OSError:
            self.log.append(("fsync failed", fd))
            raise
        self.log.append(("fsync", fd))

    def fsync_dir(self, folder: Path) -> None:
        super().fsync_dir(folder)
        self.log.append(("fsync_dir", folder))

    def mkdir(self, folder: Path) -> None:
        super().mkdir(folder)
        self.log.append(("mkdir", folder))

    def link(self, source: Path, target: Path) -> None:
        super().link(source, target)
        self.log.append(("link", source, target))

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        self.log.append(("replace", source, target))

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        self.log.append(("unlink", path))


class Disk:
    """The disk as it is after the calls played so far."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._root = Node({})
        self._open: dict[int, Node] = {}
        self.saved = 0
        self.noted = False

    def play(self, entry: tuple[Any, ...]) -> None:
        """Do what one entry of a log says."""
        match entry:
            case ("said", saved, noted):
                self.saved, self.noted = max(self.saved, saved), self.noted or noted
            case ("open", path, flags, fd):
                self._open[fd] = self._opened(path, flags)
            case ("write", fd, data):
                self._open[fd].data += data
            case ("truncate", fd, size):
                del self._open[fd].data[size:]
            case ("fsync", fd):
                node = self._open[fd]
                if not node.doubted:
                    node.sure_data = bytes(node.data)
            case ("fsync failed", fd):
                self._open[fd].doubted = True
            case ("fsync_dir", folder):
                if folder.is_relative_to(self._home):
                    self._at(folder).sure_names = dict(self._folder(folder))
            case _:
                self._name(*entry)

    def _name(self, what: str, path: Path, target: Path | None = None) -> None:
        names = self._folder(path.parent)
        if what == "mkdir":
            names[path.name] = Node({})
        elif target is not None:
            self._folder(target.parent)[target.name] = names[path.name]
        if what in ("replace", "unlink"):
            del names[path.name]

    def _opened(self, path: Path, flags: int) -> Node:
        names = self._folder(path.parent)
        return names.setdefault(path.name, Node()) if flags & os.O_CREAT else names[path.name]

    def _folder(self, path: Path) -> dict[str, Node]:
        names = self._at(path).names
        assert names is not None
        return names

    def _at(self, path: Path) -> Node:
        node = self._root
        for name in path.relative_to(self._home).parts:
            assert node.names is not None
            node = node.names[name]
        return node

    def left(self, choice: Choice) -> dict[str, bytes | None]:
        """What is there after a cut at this moment: files with their bytes, folders with None."""
        return dict(_left(self._root, "", choice))


def _left(node: Node, path: str, choice: Choice) -> Iterator[tuple[str, bytes | None]]:
    assert node.names is not None
    for name in sorted({*node.names, *node.sure_names}):
        child = choice(node.sure_names.get(name), node.names.get(name))
        if not isinstance(child, Node):
            continue
        if child.names is not None:
            yield f"{path}{name}", None
            yield from _left(child, f"{path}{name}/", choice)
        else:
            data = choice(child.sure_data, bytes(child.data))
            assert isinstance(data, bytes)
            yield f"{path}{name}", data


# --- what a cut can leave


def surely(sure: object, cached: object) -> object:
    """Only what was brought to stable storage."""
    return sure


def names_first(sure: object, cached: object) -> object:
    """All names, and of their files only what was brought to stable storage: empty files with good names."""
    return sure if isinstance(cached, bytes) else cached


def data_first(sure: object, cached: object) -> object:
    """All bytes, and only those names that were brought to stable storage."""
    return cached if isinstance(cached, bytes) else sure


def by_chance(seed: int) -> Choice:
    """Some of the names; of the bytes that were only in the cache a part, or zeros in their place."""
    random = Random(seed)

    def choice(sure: object, cached: object) -> object:
        if not (isinstance(sure, bytes) and isinstance(cached, bytes)):
            return random.choice((sure, cached))
        if not cached.startswith(sure):
            return random.choice((sure, cached))
        more = cached[len(sure) :]
        part = more[: random.randint(0, len(more))]
        return sure + random.choice((part, b"\0" * len(part)))

    return choice


CUTS: dict[str, Choice] = {
    "surely": surely,
    "names first": names_first,
    "data first": data_first,
    **{f"chance {seed}": by_chance(seed) for seed in range(3)},
}


def lay_out(left: dict[str, bytes | None], home: Path) -> None:
    """The disk as the next program finds it."""
    home.mkdir()
    for name, data in left.items():
        path = home / name
        if data is None:
            path.mkdir(mode=0o700)
        else:
            path.write_bytes(data)
