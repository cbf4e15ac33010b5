"""The JSON Schemas that ship are those of the program, and hold for every file that ships."""

import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from content_samples import CARDS, COUNTRY, LADDER, SITE, TECHNIQUES, TYPE, VOICE
from jsonschema import Draft202012Validator
from note_samples import german

from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.cli.main import main
from deescalate_tui.content.from_yaml import parse_checklist
from deescalate_tui.content.library import builtin_root
from deescalate_tui.content.schema_files import SHAPES, schema_of, schema_path, schema_text
from deescalate_tui.content.yaml_strict import Listing, Node, Scalar, read
from deescalate_tui.errors import Exit
from deescalate_tui.notes.note import note_from

ROOT = builtin_root()
SAMPLES = {
    "checklist": TYPE,
    "cards": CARDS,
    "ladder": LADDER,
    "country": COUNTRY,
    "techniques": TECHNIQUES,
    "voice": VOICE,
    "site": SITE,
    "settings": "language: nl\nlimit_rungs: 2\nkeys: {skip: v, undo: [z, x]}\nlocked: [theme]\n",
    "note": json.dumps(json.loads(msgspec.json.encode(note_from(german()))), ensure_ascii=False),
}


def shipped() -> dict[Path, str]:
    """Every content file that ships, and the name of its format."""
    found = dict.fromkeys((ROOT / "countries").glob("*.yaml"), "country")
    for language in LANGUAGES:
        for path in (ROOT / language).glob("*.yaml"):
            found[path] = path.stem if path.stem in ("cards", "ladder") else "checklist"
    tops = {"techniques": "techniques", "voice": "voice", "site.example": "site"}
    return found | {ROOT / f"{stem}.yaml": name for stem, name in tops.items()}


def plain(node: Node) -> Any:
    """A tree as an editor sees it, by the core schema of YAML 1.2."""
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    if not isinstance(node, Scalar):
        return {key: plain(value) for key, value in node.values.items()}
    known = {"true": True, "false": False, "null": None, "": None}
    if not node.plain:
        return node.text
    if node.text in known:
        return known[node.text]
    try:
        return float(node.text) if "." in node.text else int(node.text)
    except ValueError:
        return node.text


def wrong(name: str, text: str) -> list[str]:
    return [
        error.message for error in Draft202012Validator(schema_of(name)).iter_errors(plain(read(text.encode(), "f")))
    ]


@pytest.mark.parametrize("name", SHAPES)
def test_the_files_that_ship_are_true(name: str) -> None:
    path = ROOT / schema_path(name)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(schema_text(name), encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == schema_text(name), "if it should change: pytest --update-golden"


def test_no_other_file_ships() -> None:
    assert {path.name for path in (ROOT / "schema").iterdir()} == {f"{name}.json" for name in SHAPES}


@pytest.mark.parametrize("name", SHAPES)
def test_each_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema_of(name))
    assert wrong(name, SAMPLES[name]) == []


@pytest.mark.parametrize(("path", "name"), shipped().items(), ids=lambda it: "-".join(Path(it).parts[-2:]))
def test_every_file_that_ships_has_a_schema_and_keeps_it(path: Path, name: str) -> None:
    text = path.read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve() == (ROOT / schema_path(name)).resolve()
    assert wrong(name, text) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("checklist", "cooperating: false", "cooperating: 'false'"),
        ("checklist", "reviewed: 2026-11-22", "reviewed: 22.11.2026"),
        ("checklist", "title: Aggressiv", "title: Siebzehn Zeichen."),
        ("checklist", "title: Aggressiv", "titel: Aggressiv"),
        ("checklist", "language: de", "language: sv"),
        ("checklist", "tone: langsam", "tone: zu {customer}"),
        ("checklist", "tone: langsam", "tone: mit {key_any}"),
        ("checklist", "tone: langsam, die Schultern sinken", f"tone: {'x' * 71}"),
        ("checklist", "tone: langsam, die Schultern sinken", "tone: ''"),
        ("checklist", "avoid: nicht unterbrechen", "write: [a, b, c, d]"),
        ("cards", "Ort erfragen", '"{key_any}"'),
        ("cards", "Ort erfragen", "x" * 61),
        ("checklist", "do: Ausreden lassen", "do: Ausreden lassen."),
        ("checklist", "do: Ausreden lassen", "do: '{request} lassen'"),
        ("checklist", "level: [0, 1]", "level: [0, 5]"),
        ("checklist", "possible: [partly, no]", "possible: [maybe]"),
        ("checklist", "channel: phone", "channel: fax"),
        ("checklist", "only: {channel: email}", "only: {}"),
        ("checklist", "techniques: [breathe, stay-calm]", "techniques: [a, b, c, d]"),
        ("checklist", "techniques: [breathe, stay-calm]", "techniques: [a, a]"),
        ("checklist", "field: request", "field: name"),
        ("checklist", "kind: text}", "kind: date}"),
        ("checklist", ", partly: zum Teil}", "}"),
        ("checklist", "out: 6.5", "out: 60"),
        ("checklist", "gate: critical", "gate: hard"),
        ("cards", "letter: d", "letter: dd"),
        ("cards", "numbers: [emergency]", "numbers: [taxi]"),
        ("ladder", "id: consequence", "id: threat"),
        ("country", "verified: null", "verified: soon"),
        ("country", 'number: "113"', "number: one"),
        ("techniques", "phase: practice", "phase: sale"),
        ("voice", "customer", "costumer"),
        ("site", "contact: extension 12", "kontakt: x"),
        ("settings", "limit_rungs: 2", "limit_rungs: 4"),
        ("settings", "locked: [theme]", "locked: [colour]"),
        ("settings", "language: nl", "lang: nl"),
    ],
)
def test_an_editor_marks_what_the_program_refuses(name: str, old: str, new: str) -> None:
    broken = SAMPLES[name].replace(old, new, 1)
    assert broken != SAMPLES[name]
    assert wrong(name, broken)


@pytest.mark.parametrize("text", ["x" * 70, "x" * 60 + " {key_type} {key_emergency}", "{key_type}" * 35])
def test_an_editor_lets_a_text_name_keys_as_the_program_does(text: str) -> None:
    named = TYPE.replace("langsam, die Schultern sinken", f'"{text}"')
    assert parse_checklist(named.encode(), "f").control.steps[0].tone == text
    assert wrong("checklist", named) == []


def test_the_command_prints_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checklists", "schema", "cards"]) == Exit.OK
    assert json.loads(capsys.readouterr().out) == schema_of("cards")


def test_without_a_name_it_lists_them_and_where_they_lie(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checklists", "schema"]) == Exit.OK
    rows = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert [name for name, _ in rows] == list(SHAPES)
    assert all(Path(path).is_file() for _, path in rows)
