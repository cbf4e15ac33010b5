"""Everything that can be set, declared once: the fields of `Settings`.

From a declaration come the check of the files, the variable, the option, the listing and the README's rows.
Order: built-in < the system's language < site < user < variable < option; what the site locks, nothing later changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec
from msgspec.structs import replace

from deescalate_tui.call.checklist import CHANNELS, LANGUAGES
from deescalate_tui.clean import clean
from deescalate_tui.content import yaml_strict
from deescalate_tui.content.cache import ContentCache
from deescalate_tui.content.yaml_strict import Faults, Scalar
from deescalate_tui.deliver.settings import DELIVER
from deescalate_tui.errors import ContentFaults, Fault, FileFault, UsageFault
from deescalate_tui.files import DISK, AlreadyThere, Ops, create_exclusive, private_folder, read_limited, replace_file
from deescalate_tui.i18n import UI_LANGUAGES, language_of
from deescalate_tui.paths import SETTINGS_FILE, Paths, full_path
from deescalate_tui.settings import file as settings_file
from deescalate_tui.settings.file import Layer, Said, written
from deescalate_tui.settings.kinds import (
    ALIAS,
    COMMAND,
    FOLDER,
    KEY_FILE,
    KEYS,
    PUBLIC_KEYS,
    Kind,
    choice,
    language_code,
    number,
)

ORIGINS = ("built-in", "system", "site", "user", "variable", "flag")
"""Where a value can come from, lowest first; the message is `setting.origin.<name>`."""
BUILT_IN, SYSTEM, SITE, USER, VARIABLE, FLAG = ORIGINS
COUNTRIES = ("DE", "AT", "CH", "NL", "BE", "NO")
FOLLOW = "follow"
ALIAS_FILE = "alias"

_ALIAS_SIGNS = "bcdfghjkmnpqrstvwxz23456789"
"""Nothing that looks like another sign, and no vowels: chance shall not write words."""


class Origin(msgspec.Struct, frozen=True):
    """Where a value in force comes from."""

    layer: str
    place: str = ""
    """`path:line`, the variable or the option; empty for a built-in value."""
    locked: bool = False


class Settings(msgspec.Struct, frozen=True):
    """The values in force. The message `setting.<name>` says what each is for."""

    language: Annotated[str, choice(*LANGUAGES, flag="--lang", fold=language_code)] = "de"
    ui_language: Annotated[str, choice(FOLLOW, *UI_LANGUAGES, fold=language_code)] = FOLLOW
    country: Annotated[str, choice(*COUNTRIES, flag="--country", fold=str.upper, empty=True)] = ""
    channel: Annotated[str, choice(*CHANNELS, flag="--channel")] = "phone"
    agent: Annotated[str, ALIAS] = ""
    retention_days: Annotated[int, number(1, 3650)] = 90
    correct_keeps: Annotated[str, choice("on", "off")] = "on"
    unfinished_days: Annotated[int, number(1, 3650)] = 14
    unfinished_then: Annotated[str, choice("offer", "note", "remove")] = "offer"
    limit_rungs: Annotated[int, number(1, 3)] = 3
    theme: Annotated[str, choice("dark", "light", "contrast", "colorblind", "ansi")] = "dark"
    compact: Annotated[str, choice("off", "on")] = "off"
    masking: Annotated[str, choice("off", "on")] = "on"
    mouse: Annotated[str, choice("off", "on")] = "on"
    shift_line: Annotated[str, choice("off", "on")] = "off"
    second_place: Annotated[str, FOLDER] = ""
    encrypt_notes_to: Annotated[tuple[str, ...], PUBLIC_KEYS] = ()
    note_key: Annotated[str, KEY_FILE] = ""
    help_command: Annotated[tuple[str, ...], COMMAND] = ()
    close_command: Annotated[tuple[str, ...], COMMAND] = ()
    deliver: Annotated[Mapping[str, str], DELIVER] = {}
    keys: Annotated[Mapping[str, tuple[str, ...]], KEYS] = {}
    origins: Mapping[str, Origin] = {}
    faults: tuple[Fault, ...] = ()
    """What is wrong with files and variables; the good values hold nevertheless."""
    attempts: tuple[Fault, ...] = ()
    """Where something would change what the site has locked."""

    def origin(self, name: str) -> Origin:
        """Where the value of a setting comes from."""
        return self.origins.get(name, Origin(BUILT_IN))


class Setting(msgspec.Struct, frozen=True):
    """The declaration of one setting."""

    name: str
    kind: Kind
    default: Any

    @property
    def variable(self) -> str:
        return f"DEESCALATE_{self.name.upper()}"

    @property
    def description(self) -> str:
        """The key of the message that says what it is for."""
        return f"setting.{self.name}"

    def value(self, text: str, place: str) -> Any:
        """The value that a variable, an option or a person wrote. Raises UsageFault, at `place`."""
        text, faults = clean(text).strip(), Faults(place)
        try:
            node = yaml_strict.read(text.encode(), place) if self.kind.nested else Scalar(text, (1, 1), plain=True)
            found = self.kind.shape(node, faults)
            if faults:
                raise faults.error()
        except ContentFaults as error:
            first = error.faults[0]
            raise UsageFault(place, first.key, **first.params) from error
        return found


def _declared() -> dict[str, Setting]:
    hints = get_type_hints(Settings, include_extras=True)
    kinds = {name: hint.__metadata__[0] for name, hint in hints.items() if hasattr(hint, "__metadata__")}
    defaults = Settings()
    return {name: Setting(name, kind, getattr(defaults, name)) for name, kind in kinds.items()}


SETTINGS: Mapping[str, Setting] = _declared()
"""Every setting by its name, in the order of the listing."""
_SHAPES = {name: setting.kind.shape for name, setting in SETTINGS.items()}
FILE = settings_file.shape_of(_SHAPES)
"""A whole settings file, the site's with what it locks."""


def load(
    paths: Paths, environ: Mapping[str, str], flags: Mapping[str, str], cache: ContentCache | None = None
) -> Settings:
    """The values in force. `flags` holds, by setting, the options that were given; an empty one counts as absent.

    Faults of files and variables stop nothing: see `Settings.faults`. Raises UsageFault only for a flag.
    """
    site = _unclear(_site(paths, cache), _site_file(paths))
    file = paths.config / SETTINGS_FILE
    user = _unclear(settings_file.read(USER, file, _SHAPES, cache=cache), str(file))
    layers = (_system(environ), site, user, _variables(environ), _flags(flags))
    return _merged(layers, site.locked, _site_file(paths))


def misread(paths: Paths, environ: Mapping[str, str], settings: Settings, name: str) -> bool:
    """Whether a setting is said somewhere, and nowhere so that it could be understood."""
    files = (Path(_site_file(paths)), paths.config / SETTINGS_FILE)
    said = environ.get(SETTINGS[name].variable, "").strip() or any(settings_file.mentions(it, name) for it in files)
    return bool(said) and settings.origin(name).layer == BUILT_IN


def store(paths: Paths, name: str, value: str) -> None:
    """Writes one setting into the user's file, where all other lines and comments stay.

    Raises UsageFault for a value that is not allowed, a setting the site locks or a file that a person has to
    change, FileFault where the disk refuses.
    """
    checked = SETTINGS[name].value(value, name)
    site = _site(paths)
    if name in site.locked:
        raise UsageFault(name, "setting-locked", name=name, site=_site_file(paths))
    settings_file.store(paths.config / SETTINGS_FILE, name, checked, _SHAPES)


class Row(msgspec.Struct, frozen=True):
    """A setting as the listing shows it; `value` and `default` as a settings file spells them."""

    setting: Setting
    value: str
    default: str
    origin: Origin


def listing(settings: Settings) -> tuple[Row, ...]:
    """Every setting with its value in force and where that comes from."""
    return tuple(
        Row(setting, written(getattr(settings, name)), written(setting.default), settings.origin(name))
        for name, setting in SETTINGS.items()
    )


def agent_alias(paths: Paths, settings: Settings, ops: Ops = DISK) -> str:
    """The agent's alias: the one that is set, else a random one, made once and kept in the state folder.

    Where the disk refuses, an alias for this run only: no call waits for it.
    """
    if settings.agent:
        return settings.agent
    path = paths.state / ALIAS_FILE
    with suppress(FileFault):
        if kept := _kept_alias(path):
            return kept
    import secrets  # late: it is needed once on a machine, and takes 5 ms

    fresh = "agent-" + "".join(secrets.choice(_ALIAS_SIGNS) for _ in range(6))
    with suppress(FileFault):
        private_folder(paths.state, ops)
        try:
            create_exclusive(path, f"{fresh}\n".encode(), ops=ops)
        except AlreadyThere:
            kept = _kept_alias(path)
            if kept:
                return kept
            replace_file(path, f"{fresh}\n".encode(), ops=ops)
    return fresh


def _kept_alias(path: Path) -> str:
    """The alias in the file, or empty where that holds none."""
    text = read_limited(path, 1000).decode("utf-8", "replace").strip()
    return text if re.fullmatch(r"[\w-]{1,40}", text) else ""


def _site_file(paths: Paths) -> str:
    return str(paths.site / SETTINGS_FILE) if paths.site else ""


def _site(paths: Paths, cache: ContentCache | None = None) -> Layer:
    if not paths.site:
        return Layer(SITE)
    return settings_file.read(SITE, paths.site / SETTINGS_FILE, _SHAPES, may_lock=True, cache=cache)


def _unclear(layer: Layer, file: str) -> Layer:
    """A fault in a file can hide a setting that must not be taken for unset: it is there, and nobody knows how."""
    if not layer.faults:
        return layer
    kinds = {name: setting.kind for name, setting in SETTINGS.items() if setting.kind.unclear is not None}
    hidden = [name for name in kinds if settings_file.mentions(Path(file), name) > (name in layer.said)]
    return replace(layer, said={**layer.said, **{name: Said(kinds[name].unclear, file) for name in hidden}})


def _system(environ: Mapping[str, str]) -> Layer:
    """The language of the system, where it is one of ours."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        code = language_of(environ.get(variable, ""))
        if code in LANGUAGES:
            return Layer(SYSTEM, {"language": Said(code, variable)})
    return Layer(SYSTEM)


def _variables(environ: Mapping[str, str]) -> Layer:
    said, faults = {}, []
    for name, setting in SETTINGS.items():
        text = environ.get(setting.variable, "").strip()
        if setting.kind.from_here and text and not text.startswith("~") and full_path(text) is None:
            text = str(Path(text).absolute())
        try:
            if text:
                said[name] = Said(setting.value(text, setting.variable), setting.variable)
        except UsageFault as fault:
            faults.append(fault)
            if setting.kind.unclear is not None:
                said[name] = Said(setting.kind.unclear, setting.variable)
    return Layer(VARIABLE, said, faults=tuple(faults))


def _flags(flags: Mapping[str, str]) -> Layer:
    given = {name: (text, SETTINGS[name].kind.flag or name) for name, text in flags.items() if text}
    return Layer(FLAG, {name: Said(SETTINGS[name].value(text, flag), flag) for name, (text, flag) in given.items()})


def _merged(layers: Iterable[Layer], locked: tuple[str, ...], site_file: str) -> Settings:
    """The last layer to speak is right, unless the site has locked the setting."""
    values: dict[str, Any] = {}
    origins = {name: Origin(BUILT_IN, locked=True) for name in locked}
    faults: list[Fault] = []
    attempts: list[Fault] = []
    for layer in layers:
        faults += layer.faults
        for name, said in layer.said.items():
            if name not in locked or layer.name in (SYSTEM, SITE):
                values[name], origins[name] = said.value, Origin(layer.name, said.place, locked=name in locked)
            elif said.value != values.get(name, SETTINGS[name].default):
                attempts.append(Fault(said.place, "setting-locked", name=name, site=site_file))
    return Settings(**values, origins=origins, faults=tuple(faults), attempts=tuple(attempts))
