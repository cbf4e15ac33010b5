"""Files are written whole or not at all, links are never followed, and what goes wrong is a fault with a key."""

import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deescalate_tui.errors import FileFault
from deescalate_tui.files import (
    AlreadyThere,
    Ops,
    create_exclusive,
    fault_of,
    private_folder,
    read_limited,
    remove_temps,
    replace_file,
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes, FIFOs and links as POSIX has them")
Publish = Callable[..., None]
BOTH = pytest.mark.parametrize("publish", [create_exclusive, replace_file])


class Recording(Ops):
    """Notes each call; fails those named in `broken`; writes at most `at_once` bytes."""

    def __init__(self, at_once: int = 1 << 30, **broken: int) -> None:
        self.calls: list[str] = []
        self.at_once = at_once
        self.broken = broken

    def _note(self, name: str) -> None:
        self.calls.append(name)
        if name in self.broken:
            raise OSError(self.broken[name], os.strerror(self.broken[name]))

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        self._note("open")
        return super().open(path, flags, mode)

    def write(self, fd: int, data: bytes | memoryview) -> int:
        self._note("write")
        return super().write(fd, data[: self.at_once])

    def fsync(self, fd: int) -> None:
        self._note("fsync")
        super().fsync(fd)

    def fsync_dir(self, folder: Path) -> None:
        self._note("fsync_dir")
        super().fsync_dir(folder)

    def link(self, source: Path, target: Path) -> None:
        self._note("link")
        super().link(source, target)

    def replace(self, source: Path, target: Path) -> None:
        self._note("replace")
        super().replace(source, target)

    def unlink(self, path: Path) -> None:
        self._note("unlink")
        super().unlink(path)

    def mkdir(self, folder: Path) -> None:
        self._note("mkdir")
        super().mkdir(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- folders


@posix
def test_a_private_folder_is_for_its_owner_alone_on_every_level_made(folder: Path) -> None:
    folder.chmod(0o755)
    private_folder(folder / "one" / "two")
    private_folder(folder / "one" / "two")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "one", folder / "one" / "two")]
    assert modes == [0o755, 0o700, 0o700]


def test_a_new_folder_is_on_stable_storage_level_by_level(folder: Path) -> None:
    ops = Recording()
    private_folder(folder / "one" / "two", ops)
    assert ops.calls == ["mkdir", "fsync_dir", "mkdir", "fsync_dir"]


@posix
def test_a_link_is_no_private_folder(folder: Path) -> None:
    (folder / "real").mkdir()
    (folder / "link").symlink_to(folder / "real")
    with pytest.raises(FileFault) as caught:
        private_folder(folder / "link")
    assert (caught.value.key, caught.value.place) == ("symlink", str(folder / "link"))


@pytest.mark.parametrize("below", ["file", "file/folder", "file/folder/deeper"])
def test_a_file_in_the_way_of_a_folder_is_told(folder: Path, below: str) -> None:
    (folder / "file").write_bytes(b"mine")
    with pytest.raises(FileFault) as caught:
        private_folder(folder / below)
    assert caught.value.key == "not-a-folder"
    assert (folder / "file").read_bytes() == b"mine"


# --- writing


@BOTH
def test_what_is_written_is_there_private_and_alone(folder: Path, publish: Publish) -> None:
    publish(folder / "note.md", b"text")
    assert (folder / "note.md").read_bytes() == b"text"
    assert names(folder) == ["note.md"]
    if sys.platform != "win32":
        assert stat.S_IMODE((folder / "note.md").stat().st_mode) == 0o600


@BOTH
def test_the_bytes_are_safe_before_the_name_and_the_name_before_the_return(folder: Path, publish: Publish) -> None:
    ops = Recording(at_once=3)
    publish(folder / "note.md", b"12345678", ops=ops)
    named = "link" if publish is create_exclusive else "replace"
    assert ops.calls == ["open", "write", "write", "write", "fsync", named, "unlink", "fsync_dir"]
    assert (folder / "note.md").read_bytes() == b"12345678"


def test_the_same_bytes_again_are_as_good_as_written(folder: Path) -> None:
    ops = Recording()
    create_exclusive(folder / "note.md", b"text")
    create_exclusive(folder / "note.md", b"text", ops=ops)
    assert ops.calls[-1] == "fsync_dir"
    assert names(folder) == ["note.md"]


@pytest.mark.parametrize("there", [b"", b"tex", b"texts", b"else"])
def test_other_bytes_are_never_overwritten(folder: Path, there: bytes) -> None:
    (folder / "note.md").write_bytes(there)
    with pytest.raises(AlreadyThere) as caught:
        create_exclusive(folder / "note.md", b"text")
    assert caught.value.key == "already-there"
    assert (folder / "note.md").read_bytes() == there
    assert names(folder) == ["note.md"]


@posix
@pytest.mark.parametrize("target", ["other.md", "nowhere.md"])
def test_a_link_in_the_place_is_neither_followed_nor_overwritten(folder: Path, target: str) -> None:
    (folder / "other.md").write_bytes(b"text")
    (folder / "note.md").symlink_to(folder / target)
    with pytest.raises(AlreadyThere):
        create_exclusive(folder / "note.md", b"text")
    assert names(folder) == ["note.md", "other.md"]


@posix
def test_replacing_a_link_leaves_its_target_alone(folder: Path) -> None:
    (folder / "other.md").write_bytes(b"old")
    (folder / "note.md").symlink_to(folder / "other.md")
    replace_file(folder / "note.md", b"new")
    assert not (folder / "note.md").is_symlink()
    assert (folder / "other.md").read_bytes() == b"old"


NO_LINKS = pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK])


@NO_LINKS
def test_where_links_are_not_to_be_had_the_name_is_reserved_first(folder: Path, number: int) -> None:
    ops = Recording(link=number)
    create_exclusive(folder / "note.md", b"text", ops=ops)
    assert ops.calls == ["open", "write", "fsync", "link", "open", "replace", "unlink", "fsync_dir"]
    assert names(folder) == ["note.md"]
    assert (folder / "note.md").read_bytes() == b"text"
    create_exclusive(folder / "note.md", b"text", ops=ops)
    with pytest.raises(AlreadyThere):
        create_exclusive(folder / "note.md", b"else", ops=ops)
    assert (folder / "note.md").read_bytes() == b"text"


@NO_LINKS
def test_a_reservation_that_a_power_cut_left_is_filled(folder: Path, number: int) -> None:
    (folder / "note.md").touch()
    create_exclusive(folder / "note.md", b"text", ops=Recording(link=number))
    assert (folder / "note.md").read_bytes() == b"text"


def test_a_mode_leaves_the_access_to_the_folder(folder: Path) -> None:
    before = os.umask(0o002)
    try:
        create_exclusive(folder / "note.md", b"text", mode=0o666)
    finally:
        os.umask(before)
    if sys.platform != "win32":
        assert stat.S_IMODE((folder / "note.md").stat().st_mode) == 0o664


ERRORS = pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EDQUOT, "disk-full"),
        (errno.EIO, "disk-error"),
        (errno.EACCES, "no-permission"),
        (errno.EROFS, "read-only"),
    ],
)


@ERRORS
@pytest.mark.parametrize("broken", ["open", "write", "fsync", "link"])
def test_a_failure_creates_nothing(folder: Path, broken: str, number: int, key: str) -> None:
    with pytest.raises(FileFault) as caught:
        create_exclusive(folder / "note.md", b"text", ops=Recording(**{broken: number}))
    assert (caught.value.key, caught.value.place) == (key, str(folder / "note.md"))
    assert names(folder) == []


@ERRORS
@pytest.mark.parametrize("broken", ["open", "write", "fsync", "replace"])
def test_a_failure_replaces_nothing(folder: Path, broken: str, number: int, key: str) -> None:
    (folder / "note.md").write_bytes(b"old")
    with pytest.raises(FileFault) as caught:
        replace_file(folder / "note.md", b"new", ops=Recording(**{broken: number}))
    assert caught.value.key == key
    assert names(folder) == ["note.md"]
    assert (folder / "note.md").read_bytes() == b"old"


@BOTH
def test_a_name_that_may_not_survive_is_no_success(folder: Path, publish: Publish) -> None:
    with pytest.raises(FileFault):
        publish(folder / "note.md", b"text", ops=Recording(fsync_dir=errno.EIO))
    publish(folder / "note.md", b"text")


@BOTH
def test_a_temporary_that_cannot_be_removed_does_not_undo_the_success(folder: Path, publish: Publish) -> None:
    publish(folder / "note.md", b"text", ops=Recording(unlink=errno.EIO))
    assert (folder / "note.md").read_bytes() == b"text"
    remove_temps(folder / "note.md")
    assert names(folder) == ["note.md"]


def test_only_the_temporaries_of_one_file_are_removed(folder: Path) -> None:
    kept = [".note.md", ".note.md.swp", ".other.md.0a.tmp", "note.md", "note.md.0a.tmp"]
    for name in [*kept, ".note.md.0a.tmp", ".note.md.ff.tmp"]:
        (folder / name).touch()
    remove_temps(folder / "note.md")
    assert names(folder) == kept


# --- reading


def test_reading_up_to_the_limit_and_no_further(folder: Path) -> None:
    (folder / "note.md").write_bytes(b"12345678")
    assert read_limited(folder / "note.md", 8) == b"12345678"
    with pytest.raises(FileFault) as caught:
        read_limited(folder / "note.md", 7)
    assert (caught.value.key, caught.value.params) == ("too-large", {"limit": 7})


@posix
@pytest.mark.parametrize(
    ("name", "key"), [("link", "symlink"), ("fifo", "not-a-file"), ("folder", "not-a-file"), ("nothing", "missing")]
)
def test_only_a_regular_file_is_read(folder: Path, name: str, key: str) -> None:
    (folder / "file").write_bytes(b"text")
    (folder / "link").symlink_to(folder / "file")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "fifo")
    with pytest.raises(FileFault) as caught:
        read_limited(folder / name, 100)
    assert caught.value.key == key


def test_an_error_without_a_number_is_still_told() -> None:
    fault = fault_of(Path("somewhere"), OSError("odd"))
    assert (fault.key, fault.params) == ("disk-error", {"error": "EIO"})
