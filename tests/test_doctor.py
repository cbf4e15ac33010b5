"""The doctor: what is judged wrong, and what probing finds on a real disk."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from samples import NOW

from deescalate_tui import catalogues, i18n
from deescalate_tui.call.checklist import Country, Recording, SafetyNumber
from deescalate_tui.call.keys import keymap
from deescalate_tui.content.library import Library
from deescalate_tui.doctor import doctor
from deescalate_tui.doctor.doctor import examine
from deescalate_tui.doctor.finding import Finding, status
from deescalate_tui.doctor.probe import (
    Folder,
    Sessions,
    Terminal,
    file_system,
    installed,
    probe_folder,
    probe_sessions,
    probe_terminal,
    uncached,
)
from deescalate_tui.doctor.settings import judge_settings
from deescalate_tui.errors import Exit, Fault, FileFault
from deescalate_tui.files import private_folder
from deescalate_tui.i18n import UI_LANGUAGES
from deescalate_tui.ids import uuid7
from deescalate_tui.journal.journal import Journal
from deescalate_tui.journal.unfinished import Unfinished
from deescalate_tui.paths import locate
from deescalate_tui.screens.footer import key_names
from deescalate_tui.settings.fields import Settings, load

POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
TODAY = date(2026, 11, 22)
SCREEN = Terminal(True, "xterm-256color", "truecolor", False, 80, 24, "utf-8")
NOTES = Folder("notes", "/notes", free=10**12, file_system="ext4")
SESSIONS = Folder("sessions", "/sessions", free=10**12, file_system="ext4")


def keys(findings: Iterable[Finding], *, ok: bool | None = None) -> list[str]:
    return [finding.key for finding in findings if ok is None or finding.ok == ok]


def changed(value: object, **fields: object) -> object:
    return type(value)(**{name: getattr(value, name) for name in value.__struct_fields__} | fields)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, []),
        ({"encoding": "UTF8"}, []),
        ({"encoding": "ISO-8859-1"}, ["doctor.encoding-other"]),
        ({"encoding": ""}, ["doctor.encoding-other"]),
        ({"encoding": "no such thing"}, ["doctor.encoding-other"]),
        ({"columns": 60, "lines": 20}, []),
        ({"columns": 59}, ["doctor.terminal-small"]),
        ({"lines": 19}, ["doctor.terminal-small"]),
        ({"screen": False, "columns": 0, "lines": 0}, []),
        ({"term": "dumb", "columns": 20}, []),
        ({"no_color": True, "term": "vt100", "colorterm": ""}, []),
    ],
)
def test_the_terminal(fields: dict[str, object], wrong: list[str]) -> None:
    assert keys(doctor.judge_terminal(changed(SCREEN, **fields)), ok=False) == wrong


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "doctor.colour"),
        ({"colorterm": ""}, "doctor.colour"),
        ({"colorterm": "24bit", "term": "xterm"}, "doctor.colour"),
        ({"colorterm": "", "term": "linux"}, "doctor.colour-few"),
        ({"no_color": True}, "doctor.colour-off"),
        ({"screen": False}, "doctor.terminal-plain"),
        ({"term": "dumb"}, "doctor.terminal-plain"),
    ],
)
def test_what_the_terminal_can(fields: dict[str, object], said: str) -> None:
    assert said in keys(doctor.judge_terminal(changed(SCREEN, **fields)), ok=True)


def test_this_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    found = probe_terminal({"TERM": "xterm", "COLORTERM": "truecolor", "NO_COLOR": "1"})
    assert (found.term, found.colorterm, found.no_color) == ("xterm", "truecolor", True)
    monkeypatch.setattr("sys.__stdin__", None)
    monkeypatch.setattr("sys.__stderr__", None)
    monkeypatch.setattr("sys.__stdout__", None)
    assert probe_terminal({}) == Terminal(False, "", "", False, 0, 0, "")


@pytest.mark.parametrize(
    ("version", "ok"), [("8.2.8", True), ("8.10", True), ("8.2.7", False), ("9.0.0", False), ("9", False), ("", False)]
)
def test_the_version_of_textual(version: str, ok: bool) -> None:
    first, compiled = doctor.judge_program("3.11.7", version, ())
    assert first.ok == ok
    assert compiled.ok


def test_the_doctor_and_the_package_want_the_same_textual() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first, end = (".".join(map(str, limit)) for limit in doctor.TEXTUAL)
    assert f"textual>={first},<{end}" in project["dependencies"]


def test_packages() -> None:
    assert re.fullmatch(r"\d+\.\d+.*", installed("msgspec"))
    assert installed("no-such-package-anywhere") == ""


def test_a_package_without_bytecode_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("sys.pycache_prefix", None)
    package = tmp_path / "slow_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    assert uncached("slow_package", "no_such_package") == ("slow_package",)
    assert keys(doctor.judge_program("3.11.7", "8.2.8", ("slow_package",)), ok=False) == ["doctor.not-compiled"]
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    __import__("slow_package")
    assert uncached("slow_package") == ()
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path / "elsewhere"))
    assert uncached("slow_package") == ("slow_package",)


@pytest.mark.parametrize(
    ("folder", "wrong"),
    [
        (NOTES, []),
        (SESSIONS, []),
        (changed(NOTES, mode=0o750), ["doctor.folder-open"]),
        (changed(NOTES, mode=0o701), ["doctor.folder-open"]),
        (changed(NOTES, open_files=2), ["doctor.files-open"]),
        (changed(NOTES, open_folders=1), ["doctor.inner-open"]),
        (changed(NOTES, free=99_999_999), ["doctor.disk-full"]),
        (changed(NOTES, free=None), []),
        (changed(NOTES, file_system="nfs4"), []),
        (changed(NOTES, shared=True, mode=0o2770), []),
        (changed(NOTES, shared=True, mode=0o2775), ["doctor.shared-open"]),
        (changed(NOTES, shared=True, mode=0o770, group_kept=False), ["doctor.shared-group"]),
        (changed(NOTES, fault=FileFault("/notes", "read-only")), ["fault.read-only"]),
        (changed(NOTES, fault=FileFault("/notes", "missing")), ["fault.missing"]),
        (changed(NOTES, shared=True, fault=FileFault("/notes", "missing")), ["doctor.shared-missing"]),
        (changed(SESSIONS, name="config", mode=0o755), []),
        (changed(SESSIONS, name="config", mode=0o775), ["doctor.config-open"]),
        (changed(SESSIONS, name="config", mode=0o757), ["doctor.config-open"]),
        (changed(SESSIONS, name="state", free=0), []),
        *(
            (changed(SESSIONS, file_system=remote), ["doctor.disk-remote"])
            for remote in ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone", "fuse.gvfsd-fuse")
        ),
        *(
            (changed(SESSIONS, file_system=local), [])
            for local in ("xfs", "btrfs", "tmpfs", "overlay", "fuse.mergerfs")
        ),
    ],
)
def test_folders(folder: Folder, wrong: list[str]) -> None:
    findings = list(doctor.judge_folder(folder))
    assert keys(findings, ok=False) == wrong
    if not wrong:
        assert f"doctor.folder-{folder.name}" in keys(findings)


def test_where_the_disk_is_unknown_it_is_said() -> None:
    unknown = changed(SESSIONS, file_system="")
    assert keys(doctor.judge_folder(unknown)) == ["doctor.folder-sessions", "doctor.disk-unknown"]
    assert keys(doctor.judge_folder(changed(NOTES, file_system=""))) == ["doctor.folder-notes"]


MOUNTS = r"""rootfs / rootfs rw 0 0
/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/kim xfs rw 0 0
//server/team /mnt/team\040drive cifs rw 0 0
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib", "ext4"),
        ("/home/alex/sessions", "nfs4"),
        ("/home/kim/sessions", "xfs"),
        ("/home/kimberly", "nfs4"),
        ("/mnt/team drive/notes", "cifs"),
        ("/", "ext4"),
        ("\\\\server\\share\\sessions", "smb"),
        ("C:\\Users\\kim", ""),
    ],
)
def test_file_systems(path: str, kind: str) -> None:
    assert file_system(path, MOUNTS) == kind
    assert file_system("/home/kim", "") == ""


def test_a_folder_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "new" / "sessions"
    found = probe_folder("sessions", path)
    assert found.fault is None
    assert list(path.iterdir()) == []
    assert found.free is not None
    assert found.free > 0
    assert keys(doctor.judge_folder(found), ok=False) in ([], ["doctor.disk-full"])


@POSIX
def test_permissions_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.mkdir(0o755)
    path.chmod(0o755)
    (path / "2026").mkdir()
    for name, mode in (("a.md", 0o644), ("2026/b.md", 0o640), ("2026/c.md", 0o600)):
        (path / name).touch()
        (path / name).chmod(mode)
    found = probe_folder("notes", path)
    assert (found.mode, found.open_files) == (0o755, 2)
    shared = probe_folder("notes", path, shared=True)
    assert (shared.mode, shared.open_files) == (0o755, 1)


@POSIX
@pytest.mark.parametrize(
    ("name", "shared", "folder", "file", "wrong"),
    [
        ("notes", False, 0o700, 0o600, []),
        ("notes", False, 0o710, 0o600, ["doctor.inner-open"]),
        ("notes", False, 0o700, 0o604, ["doctor.files-open"]),
        ("state", False, 0o750, 0o640, ["doctor.inner-open", "doctor.files-open"]),
        ("notes", True, 0o2770, 0o660, []),
        ("notes", True, 0o2775, 0o664, ["doctor.shared-inner-open"]),
        ("config", False, 0o755, 0o644, []),
        ("config", False, 0o775, 0o644, ["doctor.config-inner-open"]),
        ("config", False, 0o755, 0o666, ["doctor.config-inner-open"]),
    ],
)
def test_permissions_inside_a_folder(
    tmp_path: Path, name: str, shared: bool, folder: int, file: int, wrong: list[str]
) -> None:
    path = tmp_path / name
    inner = path / "2026"
    inner.mkdir(parents=True)
    (inner / "a.md").touch()
    (inner / "b.md").symlink_to("/etc/passwd")  # what a link points to is not ours
    (inner / "a.md").chmod(file)
    inner.chmod(folder)
    path.chmod(0o2700 if shared else 0o700)
    found = keys(doctor.judge_folder(probe_folder(name, path, shared=shared)), ok=False)
    assert [key for key in found if key != "doctor.disk-full"] == wrong


@POSIX
def test_a_shared_folder_whose_group_is_lost_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "team"
    path.mkdir()
    path.chmod(0o770)
    before = os.umask(0o077)
    try:
        assert not probe_folder("notes", path, shared=True).group_kept
        os.umask(0o027)
        assert probe_folder("notes", path, shared=True).group_kept
    finally:
        os.umask(before)


def test_a_shared_folder_is_never_made(tmp_path: Path) -> None:
    found = probe_folder("notes", tmp_path / "drive" / "notes", shared=True)
    assert keys(doctor.judge_folder(found)) == ["doctor.shared-missing"]
    assert list(tmp_path.iterdir()) == [tmp_path / "home"]


def test_a_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    for shared in (False, True):
        found = probe_folder("state", tmp_path / "state", shared=shared)
        assert found.fault is not None
        assert (found.fault.place, found.fault.key) == (str(tmp_path / "state"), "not-a-folder")


def country(*verified: str) -> Country:
    numbers = (SafetyNumber("emergency", str(index), "", "a source", day) for index, day in enumerate(verified))
    return Country("NL", "Nederland", 1, tuple(numbers))


@pytest.mark.parametrize(
    ("code", "found", "wrong"),
    [
        ("", None, ["doctor.country-none"]),
        ("NL", None, ["doctor.country-unknown"]),
        ("NL", country("2026-11-22", "2026-05-26"), []),
        ("NL", country("2026-11-22", "2026-05-25"), ["doctor.numbers-old"]),
        ("NL", country("", "2026-11-22", ""), ["doctor.numbers-unconfirmed"]),
        ("NL", country("", "2020-01-01"), ["doctor.numbers-unconfirmed", "doctor.numbers-old"]),
    ],
)
def test_safety_numbers(code: str, found: Country | None, wrong: list[str]) -> None:
    findings = list(doctor.judge_country(code, found, TODAY))
    assert keys(findings, ok=False) == wrong
    assert keys(findings, ok=True) == ([] if wrong else ["doctor.numbers"])


@pytest.mark.parametrize(
    ("verified", "wrong"),
    [("", "doctor.recording-unconfirmed"), ("2026-05-25", "doctor.recording-old"), ("2026-05-26", "")],
)
def test_what_the_law_says_of_recording_is_no_number(verified: str, wrong: str) -> None:
    found = replace(country("2026-11-22"), recording=Recording("participant", "a source", verified))
    findings = list(doctor.judge_country("NL", found, TODAY))
    assert keys(findings, ok=False) == [wrong] * bool(wrong)
    assert keys(findings, ok=True) == ["doctor.numbers"]
    for words in map(catalogues.load, UI_LANGUAGES):
        assert "countries confirm NL recording" in findings[-1].text(words) or not wrong


def test_which_numbers_are_meant() -> None:
    (found,) = doctor.judge_country("NL", country("", "2026-11-22", ""), TODAY)
    assert found.number == 2
    assert found.params["numbers"] == "0, 2"


def unfinished(*, days: float, in_use: bool = False) -> Unfinished:
    return Unfinished(Path("x"), "x", NOW.timestamp() - days * 86_400, in_use)


@pytest.mark.parametrize(
    ("sessions", "wrong", "waiting"),
    [
        (Sessions(), [], 0),
        (Sessions((unfinished(days=13.9), unfinished(days=0))), [], 2),
        (Sessions((unfinished(days=14.1), unfinished(days=0))), ["doctor.sessions-overdue"], 2),
        (Sessions((unfinished(days=99, in_use=True),)), [], 1),
        (Sessions(damaged=("a.damaged",)), ["doctor.sessions-damaged"], 0),
    ],
)
def test_sessions(sessions: Sessions, wrong: list[str], waiting: int) -> None:
    findings = list(doctor.judge_sessions(sessions, 14, NOW.timestamp()))
    assert keys(findings, ok=False) == wrong
    assert (findings[0].key, findings[0].number) == (
        ("doctor.sessions", waiting) if waiting else ("doctor.sessions-none", None)
    )


def test_sessions_that_cannot_be_listed() -> None:
    fault = FileFault("/sessions", "no-permission")
    assert keys(doctor.judge_sessions(Sessions(fault=fault), 14, 0)) == ["fault.no-permission"]


def test_journals_are_read_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    assert probe_sessions(folder) == Sessions()
    private_folder(folder)
    ids = [uuid7(1_795_352_700_000 + number) for number in range(3)]
    for session_id in ids:
        journal = Journal.create(folder, session_id)
        journal.append(b'{"a":1}')
        journal.append(b'{"b":2}')
        assert journal.close()
    torn, broken = (folder / f"{session_id}.journal" for session_id in ids[1:])
    torn.write_bytes(torn.read_bytes()[:-3])
    broken.write_bytes(broken.read_bytes().replace(b'"a"', b'"x"'))
    (folder / "other.damaged").write_bytes(b"kept")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    found = probe_sessions(folder)
    assert {entry.session_id for entry in found.waiting} == {*ids}
    assert found.damaged == (str(folder / "other.damaged"), str(broken))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_settings_with_faults_attempts_and_keys_that_clash() -> None:
    assert keys(judge_settings(Settings(), (), {})) == ["doctor.settings"]
    settings = Settings(
        keys={"skip": ("space",)},
        faults=(Fault("settings.yaml:1:1", "key-unknown", name="x", allowed="y"),),
        attempts=(Fault("--agent", "setting-locked", name="agent", site="s"),),
    )
    findings = judge_settings(settings, (), {})
    assert keys(findings, ok=False) == ["fault.key-unknown", "fault.setting-locked", "fault.key-taken"]


def test_keys_may_be_written_as_they_stand_on_the_keyboard() -> None:
    found = keymap({"note": ("F4", "Ctrl+T", "N"), "leave": ("F10",)})
    assert (found.keys["note"], found.keys["leave"], found.faults) == (("f4", "ctrl+t", "N"), ("f10",), ())
    assert found.names(key_names(catalogues.load("de")))["key_leave"] == "F10"
    assert keymap({"note": ("F2",)}).faults[0].key == "key-taken"


def test_all_is_not_well_where_a_key_or_a_program_is_not_what_the_settings_need() -> None:
    assert keys(judge_settings(Settings(encrypt_notes_to=("age1x",)), (), {})) == ["fault.seal-key"]
    assert keys(judge_settings(Settings(close_command=("/nowhere",)), (), {})) == ["doctor.command-missing"]


def examined(tmp_path: Path, environ: dict[str, str], now: datetime = NOW) -> tuple[Finding, ...]:
    environ = {"DEESCALATE_HOME": str(tmp_path / "here"), **environ}
    paths = locate(environ)
    return examine(paths, load(paths, environ, {}), Library.open((paths.config / "checklists",)), environ, now)


def test_a_whole_examination(tmp_path: Path) -> None:
    findings = examined(tmp_path, {"DEESCALATE_SITE": str(tmp_path / "nowhere"), "DEESCALATE_THEME": "blue"})
    topics = [finding.topic for finding in findings]
    assert list(dict.fromkeys(topics)) == list(doctor.TOPICS)
    assert {"doctor.site-missing", "doctor.country-none", "fault.value-unknown"} <= {*keys(findings, ok=False)}
    folders = keys(finding for finding in findings if finding.topic == "folders")
    known = [key for key in folders if key != "doctor.disk-unknown"]  # a root that no mount table names
    assert known[:4] == [f"doctor.folder-{name}" for name in ("config", "notes", "sessions", "state")]
    assert status(findings) is Exit.FINDINGS
    assert {path.name for path in (tmp_path / "here").iterdir()} == {"config", "notes", "sessions", "state"}


def test_a_broken_checklist_of_ones_own_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "here/config/checklists/de"
    folder.mkdir(parents=True)
    (folder / "rude.yaml").write_text("id: rude\n")
    wrong = [finding for finding in examined(tmp_path, {}) if finding.topic == "checklists" and finding.fault]
    assert any(finding.fault and finding.fault.place.startswith(str(folder / "rude.yaml")) for finding in wrong)


def test_the_status_tells_whether_anything_is_wrong() -> None:
    assert status([Finding("program", True, "doctor.compiled")]) is Exit.OK
    assert status([]) is Exit.OK
    assert status([Finding("program", True, "a"), Finding("program", False, "b")]) is Exit.FINDINGS


def everything_it_can_say() -> list[Finding]:
    terminals = [SCREEN, changed(SCREEN, screen=False), changed(SCREEN, columns=1, encoding="", no_color=True)]
    folders = [
        NOTES,
        SESSIONS,
        changed(NOTES, mode=0o777, open_files=1, free=0),
        changed(NOTES, open_files=2, open_folders=1),
        changed(NOTES, open_folders=2),
        changed(NOTES, shared=True, mode=0o777, group_kept=False, open_files=1),
        changed(NOTES, shared=True, open_files=2),
        changed(SESSIONS, name="config", open_files=1),
        changed(SESSIONS, name="config", open_folders=2),
        changed(NOTES, shared=True, fault=FileFault("/notes", "missing")),
        changed(SESSIONS, file_system=""),
        changed(SESSIONS, file_system="nfs"),
        changed(SESSIONS, name="config"),
        changed(SESSIONS, name="config", mode=0o777),
        changed(SESSIONS, name="state"),
    ]
    overdue = unfinished(days=20)
    sessions = [Sessions((overdue,) * count, ("x",) * count) for count in (0, 1, 2)]
    countries = [None, country(), country("", "2020-01-01"), country("", "", "2020-01-01", "2020-01-01")]
    return [
        *(finding for terminal in terminals for finding in doctor.judge_terminal(terminal)),
        *doctor.judge_terminal(changed(SCREEN, colorterm="", term="vt100")),
        *doctor.judge_program("3.11.7", "8.2.8", ()),
        *doctor.judge_program("3.11.7", "7", ("a", "b")),
        *(finding for folder in folders for finding in doctor.judge_folder(folder)),
        *judge_settings(Settings(), (), {}),
        *judge_settings(Settings(attempts=(Fault("x", "setting-locked", name="a", site="b"),)), (), {}),
        *judge_settings(
            Settings(deliver={"template": "znuny", "url": "https://x", "secret_variable": "S"}), (), {"S": "s"}
        ),
        *doctor.judge_country("", None, TODAY),
        *(finding for found in countries for finding in doctor.judge_country("NL", found, TODAY)),
        *(finding for found in sessions for finding in doctor.judge_sessions(found, 14, NOW.timestamp())),
        doctor.good("checklists", "checklists"),
        doctor.bad("folders", "site-missing", path="/site"),
    ]


@pytest.mark.parametrize("language", i18n.UI_LANGUAGES)
def test_everything_it_says_is_in_the_catalogue(language: str) -> None:
    messages = catalogues.load(language)
    for finding in everything_it_can_say():
        said = finding.text(messages)
        assert said != finding.key
        assert not re.search(r"^(doctor|fault)\.|[{}]", said), said
    assert all(messages.has(f"doctor.topic.{topic}") for topic in doctor.TOPICS)


def test_two_weeks_later_nothing_else_is_wrong(tmp_path: Path) -> None:
    before = keys(examined(tmp_path, {}), ok=False)
    assert keys(examined(tmp_path, {}, NOW + timedelta(days=14)), ok=False) == before
