"""Notes encrypted to public keys: what is sealed, who reads it, and every way in which that can fail, said plainly."""

import subprocess
import sys
from pathlib import Path

import pyrage
import pytest

from deescalate_tui.errors import FileFault
from deescalate_tui.notes.folder import read_note
from deescalate_tui.notes.sealed import SEALED, fingerprints, held_length, obstacle, seal, summed
from deescalate_tui.paths import locate
from deescalate_tui.settings.fields import Settings, load
from deescalate_tui.settings.kinds import NO_KEY

TEXT = '---\nticket: "T-1"\n---\n\nFür Ærlig ‘quoted’ words\n'
SSH_PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHLWSFtnuLUUrQxCkWTHIXn9q9oVwnHKXXXbW7C5pUfR team lead"


class Team:
    """A team's key: the file of its lead, and what the desktops know."""

    def __init__(self, folder: Path, name: str = "key.txt") -> None:
        key = pyrage.x25519.Identity.generate()
        self.public = str(key.to_public())
        self.file = folder / name
        self.file.write_text(f"# created: 2026-11-22\n# public key: {self.public}\n{key}\n")
        self.file.chmod(0o600)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def sealed_note(folder: Path, *to: str, text: str = TEXT) -> Path:
    path = folder / f"note.md{SEALED}"
    path.write_bytes(seal(text, to))
    return path


def refused(path: Path, key: object = "") -> FileFault:
    with pytest.raises(FileFault) as caught:
        read_note(path, str(key))
    return caught.value


# --- reading


def test_whoever_holds_the_key_reads_the_note_and_nobody_else(tmp_path: Path, team: Team):
    path = sealed_note(tmp_path, team.public)
    assert b"quoted" not in path.read_bytes()
    assert b"T-1" not in path.read_bytes()
    assert read_note(path, str(team.file)) == TEXT


def test_a_plain_note_is_read_with_a_key_and_without(tmp_path: Path, team: Team):
    path = tmp_path / "note.md"
    path.write_text(TEXT, encoding="utf-8")
    assert read_note(path) == read_note(path, str(team.file)) == TEXT


def test_every_one_of_several_keys_opens_it(tmp_path: Path, team: Team):
    other = Team(tmp_path, "other.txt")
    path = sealed_note(tmp_path, team.public, other.public)
    assert read_note(path, str(team.file)) == read_note(path, str(other.file)) == TEXT


def test_a_key_file_holds_the_old_keys_too(tmp_path: Path, team: Team):
    """So a key is changed: the new one is added to the file, and old notes can be read until they expire."""
    path = sealed_note(tmp_path, team.public)
    newer = Team(tmp_path, "newer.txt")
    newer.file.write_text(newer.file.read_text("utf-8") + team.file.read_text("utf-8"))
    assert read_note(path, str(newer.file)) == TEXT


def test_without_a_key_a_sealed_note_says_so(tmp_path: Path, team: Team):
    path = sealed_note(tmp_path, team.public)
    fault = refused(path)
    assert (fault.place, fault.key) == (str(path), "note-sealed")


def test_the_wrong_key_is_named_with_the_note(tmp_path: Path, team: Team):
    path, other = sealed_note(tmp_path, team.public), Team(tmp_path, "other.txt")
    fault = refused(path, other.file)
    assert (fault.place, fault.key, fault.params["file"]) == (str(path), "note-key-wrong", other.file)


def test_a_key_file_that_is_missing_is_named(tmp_path: Path, team: Team):
    fault = refused(sealed_note(tmp_path, team.public), tmp_path / "gone.txt")
    assert (fault.place, fault.key) == (str(tmp_path / "gone.txt"), "missing")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"# a comment alone\n",
        b"AGE-SECRET-KEY-1WRONG\n",
        b"age-encryption.org/v1\n-> scrypt bUjMg9rWuvVYPKmqfCgpaQ 18\nx\n",
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nxx\n-----END OPENSSH PRIVATE KEY-----\n",
        b"\xff\xfe\x00",
    ],
)
def test_a_key_file_without_a_key_that_can_be_used_is_named(tmp_path: Path, team: Team, text: bytes):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(text)
    fault = refused(sealed_note(tmp_path, team.public), bad)
    assert (fault.place, fault.key) == (str(bad), "note-key-unusable")


@pytest.mark.parametrize("kept", [0, 40, -9])
def test_a_sealed_note_that_was_cut_short_is_named(tmp_path: Path, team: Team, kept: int):
    path = sealed_note(tmp_path, team.public)
    path.write_bytes(path.read_bytes()[:kept])
    assert refused(path, team.file).key == "note-key-wrong"


def test_an_ssh_key_opens_what_was_sealed_to_it(tmp_path: Path):
    keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "the lead", "-f", str(tmp_path / "id")]
    try:
        subprocess.run(keygen, check=True)
    except FileNotFoundError:
        pytest.skip("LOUD: no ssh-keygen here, so SSH keys are not tried")
    public = (tmp_path / "id.pub").read_text("utf-8").strip()
    assert read_note(sealed_note(tmp_path, public), str(tmp_path / "id")) == TEXT
    shown = subprocess.run(["ssh-keygen", "-lf", str(tmp_path / "id.pub")], check=True, capture_output=True, text=True)
    assert fingerprints([public]) == (f"ssh-ed25519 {shown.stdout.split()[1]}",)


def test_many_notes_without_a_key_are_one_line():
    faults = [FileFault(f"{number}.md.age", "note-sealed") for number in range(3)]
    faults += [
        FileFault("/key.txt", "missing"),
        FileFault("/key.txt", "missing"),
        FileFault("x.md.age", "note-key-wrong"),
    ]
    found = summed(faults, Path("notes"))
    assert [(fault.place, fault.key) for fault in found] == [
        ("notes", "notes-sealed"),
        ("/key.txt", "missing"),
        ("x.md.age", "note-key-wrong"),
    ]
    assert found[0].params["number"] == 3
    assert summed([], Path("notes")) == ()


# --- sealing


def test_a_key_that_is_none_is_named():
    for key in (NO_KEY, "age1abc", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1ABC"):
        fault = obstacle(Settings(encrypt_notes_to=(key,)))
        assert fault is not None
        assert (fault.key, fault.params["found"]) == ("seal-key", key)


def test_nothing_is_sealed_where_one_of_the_keys_is_none(team: Team):
    with pytest.raises(FileFault):
        seal(TEXT, [team.public, "age1abc"])


def test_without_pyrage_sealing_and_reading_say_what_to_install(tmp_path: Path, team: Team, monkeypatch):
    path = sealed_note(tmp_path, team.public)
    monkeypatch.setitem(sys.modules, "pyrage", None)
    assert refused(path, team.file).key == "seal-extra"
    fault = obstacle(Settings(encrypt_notes_to=(team.public,)))
    assert fault is not None
    assert fault.key == "seal-extra"
    assert obstacle(Settings()) is None  # who seals nothing needs nothing


def test_age_keys_are_shown_whole(team: Team):
    assert fingerprints([team.public]) == (team.public,)
    assert fingerprints([SSH_PUBLIC])[0].startswith("ssh-ed25519 SHA256:")
    assert fingerprints(["ssh-ed25519 é"]) == ("ssh-ed25519 é",)


@pytest.mark.parametrize("length", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_a_whole_sealed_file_is_told_from_any_other(team: Team, length: int):
    text = "x" * length
    data = seal(text, [team.public])
    assert held_length(data) == length
    assert held_length(data[:-1]) != length
    assert held_length(data + b"x") != length
    assert [held_length(bad) for bad in (b"", text.encode(), data[:60], b"x" + data)] == [None] * 4


# --- the setting


def test_what_cannot_be_understood_is_no_way_to_plain_notes(tmp_path: Path):
    """A slip in the setting must not switch it off: it becomes a key that nothing can be sealed to."""
    for value in ("{a: b}", "[]]", "[age1x, {}]", "[age1x, '']", "|\n  a\n  b", "[]\nencrypt_notes_to: age1x"):
        paths = locate({"DEESCALATE_HOME": str(tmp_path)})
        paths.config.mkdir(exist_ok=True)
        (paths.config / "settings.yaml").write_text(f"theme: dark\nencrypt_notes_to: {value}\n")
        settings = load(paths, {}, {})
        assert settings.encrypt_notes_to == (NO_KEY,), value
        assert settings.faults


def test_a_variable_that_cannot_be_understood_is_none_either(tmp_path: Path):
    settings = load(locate({"DEESCALATE_HOME": str(tmp_path)}), {"DEESCALATE_ENCRYPT_NOTES_TO": "[age1x"}, {})
    assert settings.encrypt_notes_to == (NO_KEY,)
    assert settings.faults


def test_a_setting_of_one_key_or_of_several(tmp_path: Path, team: Team):
    paths = locate({"DEESCALATE_HOME": str(tmp_path)})
    for text in (team.public, SSH_PUBLIC):
        assert load(paths, {"DEESCALATE_ENCRYPT_NOTES_TO": text}, {}).encrypt_notes_to == (text,)
    both = load(paths, {"DEESCALATE_ENCRYPT_NOTES_TO": f"[{team.public}, {SSH_PUBLIC}]"}, {})
    assert both.encrypt_notes_to == (team.public, SSH_PUBLIC)
    assert load(paths, {"DEESCALATE_ENCRYPT_NOTES_TO": "[]"}, {}).encrypt_notes_to == ()
