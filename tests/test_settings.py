"""Settings: five layers, one declaration each, and a broken file that stops nothing."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from deescalate_tui import catalogues, i18n
from deescalate_tui.errors import Fault, FileFault, UsageFault
from deescalate_tui.paths import Paths, locate
from deescalate_tui.settings.fields import ORIGINS, SETTINGS, Origin, Settings, agent_alias, listing, load, store

POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions and links as POSIX has them")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = locate({"DEESCALATE_HOME": str(tmp_path / "here"), "DEESCALATE_SITE": str(tmp_path / "site")})
    found.config.mkdir(parents=True)
    (tmp_path / "site").mkdir()
    return found


def site(paths: Paths, text: str) -> Path:
    assert paths.site
    return written_to(paths.site, text)


def user(paths: Paths, text: str) -> Path:
    return written_to(paths.config, text)


def written_to(folder: Path, text: str) -> Path:
    path = folder / "settings.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def told(faults: tuple[Fault, ...]) -> list[tuple[str, str]]:
    """Place, without folders, and key of each fault."""
    return [(fault.place.replace("\\", "/").rsplit("/", 1)[-1], fault.key) for fault in faults]


def test_built_in(paths: Paths) -> None:
    assert load(paths, {}, {}) == Settings(
        language="de",
        ui_language="follow",
        country="",
        channel="phone",
        agent="",
        retention_days=90,
        unfinished_days=14,
        unfinished_then="offer",
        limit_rungs=3,
        theme="dark",
        keys={},
    )
    assert load(paths, {}, {}).origin("theme") == Origin("built-in")


def test_without_a_site_folder(tmp_path: Path) -> None:
    assert load(locate({"DEESCALATE_HOME": str(tmp_path)}), {}, {}) == Settings()


def test_each_layer_is_above_the_one_before(paths: Paths) -> None:
    environ: dict[str, str] = {}
    flags: dict[str, str] = {}

    def now() -> tuple[str, Origin]:
        found = load(paths, environ, flags)
        assert found.faults == found.attempts == ()
        return found.language, found.origin("language")

    assert now() == ("de", Origin("built-in"))
    environ["LANG"] = "nl_BE.UTF-8"
    assert now() == ("nl", Origin("system", "LANG"))
    place = site(paths, "# ours\nlanguage: no\n")
    assert now() == ("no", Origin("site", f"{place}:2"))
    place = user(paths, "language: de\n")
    assert now() == ("de", Origin("user", f"{place}:1"))
    environ["DEESCALATE_LANGUAGE"] = "nl"
    assert now() == ("nl", Origin("variable", "DEESCALATE_LANGUAGE"))
    flags["language"] = "no"
    assert now() == ("no", Origin("flag", "--lang"))


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "nb_NO.UTF-8"}, "no"),
        ({"LANG": "nn_NO"}, "no"),
        ({"LANG": "de_AT.UTF-8", "LC_ALL": "nl_NL"}, "nl"),
        ({"LANG": "de_AT.UTF-8", "LC_MESSAGES": "no_NO"}, "no"),
        ({"LANG": "nl_NL", "LC_ALL": "C.UTF-8"}, "nl"),
        ({"LANG": "en_US.UTF-8"}, "de"),
        ({"LANG": "C"}, "de"),
        ({"LANG": ""}, "de"),
    ],
)
def test_the_systems_language(paths: Paths, environ: dict[str, str], language: str) -> None:
    assert load(paths, environ, {}).language == language


def test_what_the_site_locks_stays(paths: Paths) -> None:
    place = site(paths, "retention_days: 30\ntheme: light\nlocked: [retention_days, agent]\n")
    user(paths, "retention_days: 3650\ntheme: dark\n")
    found = load(paths, {"DEESCALATE_RETENTION_DAYS": "365"}, {"agent": "me"})
    assert (found.retention_days, found.agent, found.theme) == (30, "", "dark")
    assert found.origin("retention_days") == Origin("site", f"{place}:1", locked=True)
    assert found.origin("agent") == Origin("built-in", locked=True)
    assert found.faults == ()
    assert told(found.attempts) == [
        ("settings.yaml:1", "setting-locked"),
        ("DEESCALATE_RETENTION_DAYS", "setting-locked"),
        ("--agent", "setting-locked"),
    ]
    assert found.attempts[0].params == {"name": "retention_days", "site": str(place)}


def test_to_say_the_same_as_the_lock_is_no_attempt(paths: Paths) -> None:
    site(paths, "retention_days: 30\nlocked: [retention_days, channel]\n")
    user(paths, "retention_days: 30\nchannel: phone\n")
    assert load(paths, {}, {}).attempts == ()


def test_a_lock_holds_although_its_value_is_wrong(paths: Paths) -> None:
    site(paths, "retention_days: 99999\nlocked: [retention_days, colour]\n")
    user(paths, "retention_days: 10\n")
    found = load(paths, {}, {})
    assert found.retention_days == 90
    assert told(found.faults) == [("settings.yaml:1:17", "value-whole"), ("settings.yaml:2:26", "value-unknown")]
    assert told(found.attempts) == [("settings.yaml:1", "setting-locked")]


def test_only_the_site_locks(paths: Paths) -> None:
    user(paths, "theme: light\nlocked: [theme]\n")
    found = load(paths, {"DEESCALATE_THEME": "contrast"}, {})
    assert found.theme == "contrast"
    assert [key for _, key in told(found.faults)] == ["key-unknown"]


def test_good_values_of_a_file_hold_beside_bad_ones(paths: Paths) -> None:
    user(paths, "theme: blue\ncountry: NL\nfarbe: rot\nretention_days: viele\nchannel: [phone]\nlimit_rungs: 2\n")
    found = load(paths, {}, {})
    assert (found.theme, found.country, found.retention_days, found.limit_rungs) == ("dark", "NL", 90, 2)
    assert told(found.faults) == [
        ("settings.yaml:1:8", "value-unknown"),
        ("settings.yaml:3:1", "key-unknown"),
        ("settings.yaml:4:17", "value-whole"),
        ("settings.yaml:5:10", "shape-text"),
    ]


@pytest.mark.parametrize(
    "text",
    ["theme: [\n", "theme\n", "- theme\n", "theme: dark\ntheme: light\n", "\x00", "theme: &a light\n", "format: 2\n"],
)
def test_a_broken_file_stops_nothing(paths: Paths, text: str) -> None:
    site(paths, "country: AT\n")
    user(paths, text)
    found = load(paths, {"DEESCALATE_CHANNEL": "email"}, {})
    assert (found.country, found.channel) == ("AT", "email")
    assert len(found.faults) == 1


@pytest.mark.parametrize("text", ["", "\n\n", "# theme: light\n\n  # country: DE\n", "theme:\nagent:   # me\n"])
def test_a_file_that_says_nothing_is_no_fault(paths: Paths, text: str) -> None:
    user(paths, text)
    assert load(paths, {}, {}) == Settings()


def test_a_file_that_cannot_be_read_is_a_fault(paths: Paths) -> None:
    (paths.config / "settings.yaml").mkdir()
    assert told(load(paths, {}, {}).faults) == [("settings.yaml", "not-a-file")]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("language", "nb", "no"),
        ("language", "NO", "no"),
        ("language", "de_CH.UTF-8", "de"),
        ("ui_language", "Follow", "follow"),
        ("ui_language", "en", "en"),
        ("country", "nl", "NL"),
        ("country", " CH ", "CH"),
        ("channel", "EMAIL", "email"),
        ("agent", "  team  4 ", "team  4"),
        ("agent", "\x1b[31mred", "[31mred"),
        ("retention_days", "1", 1),
        ("retention_days", "3650", 3650),
        ("unfinished_then", "note", "note"),
        ("limit_rungs", "3", 3),
        ("theme", "contrast", "contrast"),
        ("keys", "{done: [space, d], skip: '#'}", {"done": ("space", "d"), "skip": ("#",)}),
    ],
)
def test_values_of_a_variable_and_an_option(paths: Paths, name: str, text: str, value: object) -> None:
    assert getattr(load(paths, {f"DEESCALATE_{name.upper()}": text}, {}), name) == value
    assert getattr(load(paths, {}, {name: text}), name) == value


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("language", "en", "value-unknown"),
        ("ui_language", "fr", "value-unknown"),
        ("country", "nb", "value-unknown"),
        ("country", "GB", "value-unknown"),
        ("agent", "x" * 41, "text-long"),
        ("retention_days", "0", "value-whole"),
        ("retention_days", "3651", "value-whole"),
        ("retention_days", "-1", "value-whole"),
        ("retention_days", "9.5", "value-whole"),
        ("limit_rungs", "4", "value-whole"),
        ("keys", "space", "setting-keys"),
        ("keys", "{done: {a: b}}", "shape-text"),
        ("keys", "{done: a, done: b}", "yaml-doubled"),
    ],
)
def test_what_is_not_allowed(paths: Paths, name: str, text: str, key: str) -> None:
    variable = SETTINGS[name].variable
    found = load(paths, {variable: text}, {})
    assert getattr(found, name) == SETTINGS[name].default
    assert told(found.faults) == [(variable, key)]
    with pytest.raises(UsageFault) as caught:
        load(paths, {}, {name: text})
    assert caught.value.place == (SETTINGS[name].kind.flag or name)
    assert caught.value.key == key


def test_an_empty_variable_or_option_is_absent(paths: Paths) -> None:
    user(paths, "country: NL\n")
    found = load(paths, {"DEESCALATE_COUNTRY": "  "}, {"country": ""})
    assert found.country == "NL"


def test_the_user_can_empty_what_the_site_sets(paths: Paths) -> None:
    site(paths, "country: NL\n")
    user(paths, 'country: ""\n')
    assert load(paths, {}, {}).country == ""


def test_keys_of_a_file(paths: Paths) -> None:
    user(paths, "keys:\n  done: [space, d]\n  skip: z\n  undo: []\n")
    found = load(paths, {}, {})
    assert found.keys == {}
    assert told(found.faults) == [("settings.yaml:4:9", "list-length")]
    user(paths, "keys:\n  done: [space, d]\n  skip: z\n")
    assert load(paths, {}, {}).keys == {"done": ("space", "d"), "skip": ("z",)}


@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)), text=st.text(max_size=60))
@profile(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_in_a_file_or_a_variable_stops_the_program(paths: Paths, data: bytes, text: str) -> None:
    (paths.config / "settings.yaml").write_bytes(data)
    load(paths, {setting.variable: text for setting in SETTINGS.values()}, {})


def test_every_setting_is_declared_whole(paths: Paths) -> None:
    rows = listing(load(paths, {}, {}))
    assert [row.setting.name for row in rows] == list(SETTINGS)
    assert all(row.value == row.default for row in rows)
    theme = next(row for row in rows if row.setting.name == "theme")
    assert (theme.value, theme.setting.variable, theme.setting.description) == (
        "dark",
        "DEESCALATE_THEME",
        "setting.theme",
    )
    assert theme.setting.kind.allowed == "dark, light, contrast, colorblind, ansi"
    assert SETTINGS["retention_days"].kind.allowed == "1–3650"
    assert {setting.kind.flag for setting in SETTINGS.values()} - {""} == {
        "--lang",
        "--country",
        "--channel",
        "--agent",
    }


def test_the_listing_can_be_written_back(paths: Paths) -> None:
    text = "agent: team 4\ncountry: NO\nkeys: {done: [space, '#']}\nretention_days: 7\n"
    user(paths, text)
    before = load(paths, {}, {})
    user(paths, "".join(f"{row.setting.name}: {row.value}\n" for row in listing(before)))
    assert [row.value for row in listing(load(paths, {}, {}))] == [row.value for row in listing(before)]


# Storing


def test_store_makes_folder_and_file_for_the_owner_alone(tmp_path: Path) -> None:
    paths = locate({"DEESCALATE_HOME": str(tmp_path / "new")})
    store(paths, "country", "de")
    path = paths.config / "settings.yaml"
    assert path.read_bytes() == b"country: DE\n"
    assert load(paths, {}, {}).country == "DE"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(paths.config.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# mine\ntheme: light  # easier\n", "# mine\ntheme: light  # easier\ncountry: AT\n"),
        ("theme: light", "theme: light\ncountry: AT\n"),
        ("country: DE  # Berlin\n\n# below\ntheme: light\n", "country: AT  # Berlin\n\n# below\ntheme: light\n"),
        ("country: XX\ntheme: light\n", "country: AT\ntheme: light\n"),
        ("country:\ntheme: light\n", "country: AT\ntheme: light\n"),
        ("country: # which?\n", "country: AT # which?\n"),
        ("country: 'DE' # a\n", "country: AT # a\n"),
        ('country : "DE"\n', "country : AT\n"),
        ("theme: light\r\ncountry: DE\r\n", "theme: light\r\ncountry: AT\r\n"),
        ("theme: light\r\n", "theme: light\r\ncountry: AT\r\n"),
        ("\ufefftheme: light\n", "theme: light\ncountry: AT\n"),
        ("# country: DE\n", "# country: DE\ncountry: AT\n"),
        ("farbe: rot\n", "farbe: rot\ncountry: AT\n"),
        ("---\ncountry: DE\n", "---\ncountry: AT\n"),
    ],
)
def test_store_keeps_all_other_lines(paths: Paths, before: str, after: str) -> None:
    path = user(paths, before)
    store(paths, "country", "AT")
    assert path.read_bytes().decode() == after
    assert load(paths, {}, {}).country == "AT"


@pytest.mark.parametrize(
    "text",
    [
        "theme: [\n",
        "{theme: light}\n",
        '"country": DE\n',
        "  country: DE\n",
        "agent: x\ncountry: >-\n  DE\n",
        "theme: light\n...\n",
    ],
)
def test_a_file_that_cannot_be_changed_safely_is_left_alone(paths: Paths, text: str) -> None:
    path = user(paths, text)
    with pytest.raises(UsageFault) as caught:
        store(paths, "country", "AT")
    assert (caught.value.place, caught.value.key) == (str(path), "settings-by-hand")
    assert caught.value.params == {"line": "country: AT"}
    assert path.read_bytes().decode() == text


@pytest.mark.parametrize("value", ["", "no", "a b", "#1", 'say "x"', "it's", "ü: 1", "{x}", "- y", "14", "a#b", "\\"])
def test_any_alias_can_be_stored_twice(paths: Paths, value: str) -> None:
    path = user(paths, "theme: light\nagent: old # me\nlimit_rungs: 2\n")
    store(paths, "agent", value)
    store(paths, "agent", value)
    assert load(paths, {}, {}).agent == value
    assert re.fullmatch("theme: light\nagent: .* # me\nlimit_rungs: 2\n", path.read_text(encoding="utf-8"))


def test_store_and_the_keys(paths: Paths) -> None:
    store(paths, "keys", "{done: [space, '{'], skip: 'ä'}")
    store(paths, "keys", "{done: d}")
    assert load(paths, {}, {}).keys == {"done": ("d",)}


def test_store_refuses_what_is_not_allowed_or_locked(paths: Paths) -> None:
    place = site(paths, "country: DE\nlocked: [country]\n")
    with pytest.raises(UsageFault) as caught:
        store(paths, "theme", "blue")
    assert (caught.value.place, caught.value.key) == ("theme", "value-unknown")
    with pytest.raises(UsageFault) as caught:
        store(paths, "country", "NL")
    assert caught.value.params == {"name": "country", "site": str(place)}
    assert not list(paths.config.iterdir())


@POSIX
def test_settings_kept_elsewhere_by_a_link_stay_a_link(paths: Paths, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.yaml"
    real.write_text("theme: light\n")
    (paths.config / "settings.yaml").symlink_to(real)
    assert load(paths, {}, {}).theme == "light"
    store(paths, "country", "NO")
    assert (paths.config / "settings.yaml").is_symlink()
    assert real.read_text("utf-8") == "theme: light\ncountry: NO\n"


def test_store_tells_when_the_disk_refuses(tmp_path: Path) -> None:
    (tmp_path / "here").write_text("a file where the folder should be")
    with pytest.raises(FileFault):
        store(locate({"DEESCALATE_HOME": str(tmp_path / "here")}), "country", "DE")


# The alias


def test_a_random_alias_is_made_once(paths: Paths, tmp_path: Path) -> None:
    alias = agent_alias(paths, Settings())
    assert re.fullmatch(r"agent-[b-df-hj-np-tv-z2-9]{6}", alias)
    assert agent_alias(paths, Settings()) == alias
    assert (paths.state / "alias").read_text("utf-8") == f"{alias}\n"
    if os.name == "posix":
        assert stat.S_IMODE((paths.state / "alias").stat().st_mode) == 0o600
    elsewhere = locate({"DEESCALATE_HOME": str(tmp_path / "there")})
    assert agent_alias(elsewhere, Settings()) != alias


def test_an_alias_that_is_set_needs_no_file(paths: Paths) -> None:
    assert agent_alias(paths, Settings(agent="kim")) == "kim"
    assert not paths.state.exists()


@pytest.mark.parametrize("text", ["", "\n", "two words", "\x1b[2J", "x" * 41])
def test_a_spoilt_alias_is_made_anew(paths: Paths, text: str) -> None:
    paths.state.mkdir()
    (paths.state / "alias").write_text(text)
    alias = agent_alias(paths, Settings())
    assert alias.startswith("agent-")
    assert agent_alias(paths, Settings()) == alias


def test_no_call_waits_for_the_alias(paths: Paths) -> None:
    paths.state.write_text("a file where the folder should be")
    assert agent_alias(paths, Settings()).startswith("agent-")


# What is said about them


@pytest.mark.parametrize("language", i18n.UI_LANGUAGES)
def test_everything_that_is_said_of_settings_is_in_the_catalogue(language: str) -> None:
    messages = catalogues.load(language)
    said = [messages(setting.description) for setting in SETTINGS.values()]
    said += [messages(f"setting.origin.{layer}", place="here") for layer in ORIGINS]
    assert not [text for text in said if text.startswith("setting.")]
    faults = [
        Fault("here", "path-home", value="~x"),
        Fault("here", "setting-locked", name="a", site="b"),
        Fault("here", "settings-by-hand", line="a: b"),
        Fault("here", "setting-keys"),
    ]
    assert not [fault.key for fault in faults if "fault." in messages.fault(fault)]
