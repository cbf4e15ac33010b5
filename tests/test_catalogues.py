"""Every sentence in every language: the catalogues agree with one another and with the program that asks them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from string import Formatter

import msgspec
import pytest

import deescalate_tui
from deescalate_tui.call.checklist import CHANNELS, CONSENTS, LEVELS, NUMBER_KINDS, PHASES, RUNGS
from deescalate_tui.call.fields import FIELDS, PERSONAL, THREATS
from deescalate_tui.call.fold import _CALL_CHANGES
from deescalate_tui.call.keys import ACTIONS
from deescalate_tui.call.questions import ANSWERS, EARLY, FIELD, GATE, HELP, KINDS, OUTCOMES
from deescalate_tui.call.session import BEHAVIOURS
from deescalate_tui.cli.deliver import DUE, NEVER
from deescalate_tui.cli.privacy import RIGHTS
from deescalate_tui.content.confirm import RECORDING
from deescalate_tui.content.formats import END, ESCALATE
from deescalate_tui.content.site_profile import Site
from deescalate_tui.deliver.delivery import DEAD, SENT, WAITING
from deescalate_tui.deliver.settings import CONTENTS
from deescalate_tui.doctor.doctor import TOPICS
from deescalate_tui.i18n import UI_LANGUAGES
from deescalate_tui.journal.journal import Status
from deescalate_tui.masking.special import SPECIAL
from deescalate_tui.notes.retention import ASKED, EXPIRED, REPLACED, RETURNED, SEALED
from deescalate_tui.notes.revision import ERASED, HELD, KEPT
from deescalate_tui.offer import SHIFT_LINES
from deescalate_tui.privacy import EVERYBODY, GROUP, NOBODY, OWNER, SYSTEM
from deescalate_tui.report.checkup import KINDS as CHECKUP
from deescalate_tui.report.figures import DUE as PROMISES
from deescalate_tui.report.making import TABLES
from deescalate_tui.report.suppress import Filter
from deescalate_tui.report.tally import MOST_LIMITS
from deescalate_tui.report.view import COURSES
from deescalate_tui.screens.desk import KEYS as DESK_KEYS
from deescalate_tui.screens.desk import MARKED as DESK_MARKS
from deescalate_tui.screens.desk import VIEWS
from deescalate_tui.screens.finder import CARD, SAY, STEP
from deescalate_tui.screens.overlays import MARKED
from deescalate_tui.screens.presenter import DONE, OPEN, SKIPPED
from deescalate_tui.settings import fields as settings

SOURCE = Path(deescalate_tui.__file__).parent
LANGUAGES = [language for language in UI_LANGUAGES if language != "en"]
CHOICES = {f"{field.id}.{option}" for field in FIELDS.values() for option in field.options}
FAMILIES: dict[str, set[str]] = {
    "answer": set(ANSWERS),
    "ask": (set(KINDS) - {FIELD}) | {"answered-promises"},
    "behaviour": set(BEHAVIOURS),
    "card.end": {f"{end}.{channel}" for end, channel in product(END, CHANNELS)},
    "card.escalate": set(ESCALATE),
    "channel": set(CHANNELS),
    "confirm": {"all", "add", "change"},
    "deliver.state": {SENT, WAITING, DEAD, DUE, NEVER},
    "deliver.reason": {
        *("status", "moved", "login", "denied", "not-found", "busy", "refused", "no-such-ticket"),
        *("no-connection", "no-host", "timeout", "certificate", "tls", "cut", "no-http", "proxy", "network"),
        *("no-ticket", "ticket-form", "expired", "unreadable"),
    },
    "desk": set(VIEWS),
    "desk.help": {key.id for key in DESK_KEYS},
    "desk.key": {key.id for key in DESK_KEYS} - {"move"},
    "desk.mark": {name for _, name in DESK_MARKS},
    "doctor.topic": set(TOPICS),
    "doctor": {f"folder-{name}" for name in ("config", "notes", "second", "sessions", "state")},
    "event": {str(event.__struct_config__.tag) for event in _CALL_CHANGES} | {"unmasked"},
    "field": set(FIELDS),
    "find": {CARD, STEP, SAY},
    "abort": set(EARLY),
    "correct": {KEPT, HELD, ERASED},
    "early": set(EARLY),
    "fork": set(THREATS),
    "gate": set(GATE),
    "help": set(HELP),
    "key": {action.id for action in ACTIONS} | {f"{action.id}.long" for action in ACTIONS} | {"level"},
    "keyname": {"space", "enter", "up", "down", "escape", "ctrl"},
    "language": set(UI_LANGUAGES) - {"en"},
    "legend": {name for _, name in MARKED},
    "level": {str(level) for level in LEVELS} | {"none"},
    "mask": set(PERSONAL),
    "note": {SKIPPED, OPEN},
    "note.heading": set(CHANNELS),
    "note.help": set(HELP),
    "note.level": {str(level) for level in LEVELS},
    "note.limit": set(RUNGS),
    "note.span": set(CHANNELS),
    "note.type": {"direct", "timid", "aggressive", "rude"},
    "note.value": CHOICES,
    "number": {*NUMBER_KINDS, RECORDING},
    "outcome": set(OUTCOMES),
    "phase": set(PHASES),
    "privacy.correct-keeps": {"on", "off"},
    "privacy.deliver": set(CONTENTS),
    "privacy.how-long": {"notes.one", "notes.other", "sessions.one", "sessions.other", "state", "config"},
    "privacy.masking": {"on", "off"},
    "privacy.right": set(RIGHTS),
    "privacy.then": {"offer", "note", "remove"},
    "privacy.what": {"notes", "sessions", "state", "config"},
    "privacy.who": {OWNER, GROUP, EVERYBODY, NOBODY, SYSTEM},
    "plain": {DONE, SKIPPED, "compact-on", "compact-off"},
    "recording": {*CONSENTS, "unknown"},
    "report": {*Filter.__struct_fields__, *TABLES, "course", "cards", "terms", "steps-rise", "steps-fall"},
    "report.course": set(COURSES),
    "report.finding": set(CHECKUP),
    "report.limits": {str(number) for number in range(MOST_LIMITS + 1)},
    "report.promise": set(PROMISES),
    "report.threat": {"yes", "no"},
    "report.yes": {"yes", "no"},
    "rights.reason": {EXPIRED, RETURNED, REPLACED, ASKED, SEALED},
    "save": {status.value for status in Status},
    "setting": set(settings.SETTINGS),
    "setting.origin": set(settings.ORIGINS),
    "shift": {str(number) for number in range(1, SHIFT_LINES + 1)},
    "sign": set(HELP),
    "site": set(Site.__struct_fields__) - {"sha256"},
    "special": set(SPECIAL),
    "start": {"begin", "country", "later", "cooperating", "cooperating.cue", "difficult", "difficult.cue"},
    "steady": {"sentence", "place", "name"},
    "notice.limit": set(CHANNELS),
    "view": {"tone", "style", "avoid", "why", *Site().beside_steps()},
}
"""Keys that are put together from an id of the program. Every id has its sentence."""
NAMED = {f"key_{action.id}" for action in ACTIONS}
"""Placeholders that every sentence may use."""


class Use(msgspec.Struct, frozen=True):
    """A place in the source that asks for a sentence."""

    place: str
    key: str
    params: frozenset[str] | None
    """What it fills in; None where that cannot be told."""


@cache
def catalogue(language: str) -> dict[str, str]:
    text = (SOURCE / "locales" / f"{language}.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def trees() -> dict[str, ast.Module]:
    files = SOURCE.rglob("*.py")
    return {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in files}


@cache
def constants() -> set[str]:
    """Every text that stands in the source."""
    nodes = (node for tree in trees().values() for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def texts_in(node: ast.expr) -> list[str]:
    """The text of a literal, or those of a choice between two."""
    if isinstance(node, ast.IfExp):
        return [*texts_in(node.body), *texts_in(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def uses() -> Iterator[Use]:
    """Every call with a literal key: of a catalogue, or of something that makes a fault."""
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            given = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
            params = given if all(keyword.arg for keyword in node.keywords) else None
            name, place = name_of(node.func), f"{file}:{node.lineno}"
            owner = name_of(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            if name.lstrip("_") in ("messages", "words"):
                yield from (Use(place, key, params) for key in texts_in(node.args[0]))
            elif name == "count" and owner.lstrip("_") in ("messages", "words"):
                filled = params | {"number"} if params is not None else None
                yield from (Use(place, f"{key}.other", filled) for key in texts_in(node.args[0]))
            elif (name.endswith("Fault") or (name in ("add", "stop") and owner == "faults")) and len(node.args) > 1:
                yield from (Use(place, f"fault.{key}", params) for key in texts_in(node.args[1]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogues_have_the_same_keys(language: str):
    assert catalogue(language).keys() ^ catalogue("en").keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogues_have_the_same_placeholders(language: str):
    texts = catalogue(language)
    differing = {
        key: (placeholders(english), placeholders(texts[key]))
        for key, english in catalogue("en").items()
        if key in texts and placeholders(english) != placeholders(texts[key])
    }
    assert differing == {}


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_no_sentence_is_empty_or_spaced_out(language: str):
    texts = catalogue(language)
    meant = {"plain.prompt", "plain.choice"}  # an edge of blanks
    assert [key for key, text in texts.items() if not text.strip() or (text != text.strip() and key not in meant)] == []
    assert [key for key, text in texts.items() if "  " in text.strip() or "\n" in text] == []


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_a_catalogue_is_sorted_and_has_every_plural(language: str):
    keys = list(catalogue(language))
    assert keys == sorted(keys)
    assert [key for key in keys if key.endswith(".one") and f"{key[:-4]}.other" not in keys] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_id_has_its_sentence(family: str):
    assert [each for each in FAMILIES[family] if f"{family}.{each}" not in catalogue("en")] == []


def test_every_key_in_the_source_has_its_sentence():
    assert {use.key: use.place for use in uses() if use.key not in catalogue("en")} == {}


def test_every_placeholder_is_filled():
    english = catalogue("en")
    lacking = {
        use.place: (use.key, placeholders(english[use.key]) - use.params - NAMED)
        for use in uses()
        if use.params is not None and use.key in english and placeholders(english[use.key]) - use.params - NAMED
    }
    assert lacking == {}


def test_no_sentence_is_without_use():
    ids = {f"{family}.{each}" for family, members in FAMILIES.items() for each in members}
    parts = ("fault", "doctor", "cli", "cli.argument", "cli.option")
    said = {use.key for use in uses()} | {f"{part}.{text}" for part in parts for text in constants()}
    unused = [
        key
        for key in catalogue("en")
        if key not in ids | said | constants()
        and re.sub(r"\.(one|other|none)$", "", key) not in said | constants()
        and not (key.startswith("cli.") and set(key.split(".")) - {"cli"} <= constants())
    ]
    assert unused == []
