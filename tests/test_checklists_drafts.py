"""Everything at once: what else can be told of a file that is refused is told in the same run, and nothing twice."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from content_samples import CARDS, LADDER, plain_steps, position, seen, type_text, write, write_all
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deescalate_tui.cli.main import main
from deescalate_tui.content import check as checklists_check
from deescalate_tui.content import from_yaml as checklist_yaml
from deescalate_tui.content import yaml_strict
from deescalate_tui.content.check import check
from deescalate_tui.content.check_drafts import Drafts
from deescalate_tui.content.library import Library
from deescalate_tui.errors import Exit, Fault, in_order

FILE = "de/rude.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_all(tmp_path / "root")


def told(root: Path, relative: str = FILE) -> list[tuple[str, str]]:
    """The faults of one file: line and column, and which."""
    path = root / relative
    found = check(Library((root,)))
    assert found == in_order(found)
    return [(fault.place.removeprefix(f"{path}:"), fault.key) for fault in found if str(path) in fault.place]


def broken(root: Path, *changes: tuple[str, str], relative: str = FILE) -> str:
    """The file's text after the changes, each of which changes something."""
    text = (root / relative).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    write(root, relative, text)
    return text


def at(text: str, *parts: tuple[str, str]) -> list[tuple[str, str]]:
    """Where the parts stand, each with a key, in the order of the file."""
    found = [(position(text, part), key) for part, key in parts]
    return sorted(found, key=lambda it: [int(number) for number in it[0].split(":")])


UNKNOWN = "[{field: x, label: x, kind: text}]"

# What is wrong with how a file is built, so that nobody can tell where its steps lead; where that is told, and how.
BUILT_WRONG = {
    "a condition misspelt": ("{id: assess-1, ", "{id: assess-1, onyl: {level: 3}, ", "onyl", "key-unknown-near"),
    "a condition unreadable": ("{id: assess-1, ", "{id: assess-1, only: level 3, ", "level 3", "shape-mapping"),
    "a level that is none": ("{id: assess-1, ", "{id: assess-1, only: {level: [0, 5]}, ", "5]", "value-whole"),
    "an unknown question": ("{id: assess-1, ", f"{{id: assess-1, ask: {UNKNOWN}, ", "x, label", "value-unknown"),
    "an id that is none": ("id: assess-1", "id: Ass ess", "Ass ess", "value-id"),
    "no id": ("{id: assess-1, do", "{do", "{do", "key-missing"),
    "a step that is none": ("{id: assess-1, do: Etwas tun}", "assess-1", "assess-1,", "shape-mapping"),
    "lines to write that are none": ("{id: assess-1, ", "{id: assess-1, write: Ja, ", "Ja, ", "shape-list"),
    "not said whether cooperating": ("cooperating: false", "cooperating: no", "no\n", "value-flag"),
    "a gate that is none": ("{id: assess-1, ", "{id: assess-1, gate: hard, ", "hard", "value-unknown"),
}  # fmt: skip

# What is wrong beside, so that it is plain what the file means: texts, and what the file says of itself.
MEANT = {
    "headline too long": ("{id: assess-1, do: Etwas tun", "{id: assess-1, do: " + "x" * 49, "x" * 49, "text-long"),
    "no headline": ("{id: assess-1, do: Etwas tun}", "{id: assess-1}", "{id: assess-1}", "key-missing"),
    "a detail misspelt": ("{id: assess-1, ", "{id: assess-1, whi: Darum, ", "whi", "key-unknown-near"),
    "a key of nobody": ("{id: assess-1, ", "{id: assess-1, zzz: Darum, ", "zzz", "key-unknown"),
    "a detail that is a list": ("{id: assess-1, ", "{id: assess-1, why: [Darum], ", "[Darum]", "shape-text"),
    "four techniques": ("{id: assess-1, ", "{id: assess-1, techniques: [a, b, c, d], ", "[a, b", "list-length"),
    "no date": ("reviewed: 2026-11-22", "reviewed: gestern", "gestern", "value-date"),
    "no revision": ("revision: 1\n", "", "format", "key-missing"),
    "no summary": ("summary: for a test\n", "", "format", "key-missing"),
    "one cue": ("recognise: [one, two]", "recognise: [one]", "[one]", "list-length"),
    "a phase without a title": ("control: {title: control, ", "control: {", "{steps", "key-missing"),
    "another format": ("format: 1", "format: 0", "0\n", "value-whole"),
    "the id of another type": ("id: rude", "id: timid", "timid\n", "file-disagrees"),
    "no id of the type": ("id: rude\n", "", "format", "key-missing"),
    "another language": ("language: de", "language: nl", "nl\n", "file-disagrees"),
    "a language that there is not": ("language: de", "language: sv", "sv\n", "value-unknown"),
    "a doubled key": ("revision: 1\n", "revision: 1\nrevision: 2\n", "revision: 2", "yaml-doubled"),
    "an anchor": ("revision: 1", "revision: &x 1", "&x", "yaml-anchor"),
}  # fmt: skip

LAST = "{id: aftercare-0, do: Etwas tun}"
MANY_STEPS = ", ".join(f"{{id: more-{n}, do: Etwas tun}}" for n in range(5))


@pytest.mark.parametrize(("old", "new", "part", "key"), (BUILT_WRONG | MEANT).values(), ids=BUILT_WRONG | MEANT)
class TestAFileThatIsRefused:
    def test_its_texts_are_looked_at(self, root: Path, old: str, new: str, part: str, key: str) -> None:
        texts = '{id: aftercare-0, do: "Halt!", avoid: "mit “ihm”", why: Am Hörer, say: [Das canceln wir.]}'
        text = broken(root, (old, new), (LAST, texts))
        expected = at(
            text,
            (part, key),
            ('"Halt!"', "text-exclamation"),
            ('"mit “ihm”"', "text-quotes"),
            ("Am Hörer", "word-phone"),
            ("Das canceln", "word-foreign"),
        )
        found = [it for it in told(root) if not it[1].startswith(("parity", "technique"))]
        assert found == expected

    def test_nothing_is_told_twice(self, root: Path, old: str, new: str, part: str, key: str) -> None:
        text = broken(root, (old, new))
        others = [it for it in told(root) if it != (position(text, part), key)]
        # Where the other languages do not ask for techniques, that this one does is another fault.
        assert [it for it in others if not (key == "list-length" and it[1].startswith(("parity", "technique")))] == []
        assert {fault.place.rpartition("/")[2].split(":")[0] for fault in check(Library((root,)))} == {"rude.yaml"}


@pytest.mark.parametrize(("old", "new", "part", "key"), MEANT.values(), ids=MEANT)
def test_where_it_is_plain_what_a_file_means_its_paths_are_walked(
    root: Path, old: str, new: str, part: str, key: str
) -> None:
    more = f"resolve-0, do: Etwas tun, techniques: [manta]}}, {MANY_STEPS}, "
    text = broken(root, (old, new), ("resolve-0, do: Etwas tun}, ", more))
    keys = [it for it in told(root) if it[1] != "technique-unknown" or it[0] == position(text, "manta]")]
    assert (position(text, part), key) in keys
    assert (position(text, "manta]"), "technique-unknown") in keys
    assert [it for it in keys if it[1] == "parity-ids"] == [(position(text, "[{id: resolve-0"), "parity-ids")]
    steps = position(text, "[{id: resolve-0")
    assert [it for it in keys if it[1] == "count-phase"] == [(steps, "count-phase")] * 2


def test_several_files_are_told_in_one_run_each_in_its_order(root: Path) -> None:
    expected = []
    for language, type_id in (("de", "direct"), ("nl", "rude"), ("no", "timid")):
        relative = f"{language}/{type_id}.yaml"
        changes = ("revision: 1", "revision: x"), ("language: ", "langage: "), (LAST, LAST.replace("Etwas", "Jetzt!"))
        text = broken(root, *changes, relative=relative)
        parts = ("langage", "key-unknown-near"), ("x\n", "value-whole")
        places = at(text, *parts, ("Jetzt! tun", "text-exclamation"))
        expected += [(f"{root / relative}:{place}", key) for place, key in places]
    for language, name, sample in (("de", "cards", CARDS), ("no", "ladder", LADDER)):
        text = sample.replace("language: de", f"language: {language}").replace("revision: 1", "revision: x")
        text = text.replace("Leise", "LEISE!").replace("Ich helfe gern.", "Ich helfe gern!")
        path = write(root, f"{language}/{name}.yaml", text)
        mark = "LEISE!" if name == "cards" else "Ich helfe gern!"
        expected += [
            (f"{path}:{place}", key) for place, key in at(text, ("x\n", "value-whole"), (mark, "text-exclamation"))
        ]
    text = (root / "voice.yaml").read_text("utf-8").replace("revision: 1", "revision: x")
    expected.append((f"{write(root, 'voice.yaml', text)}:{position(text, 'x')}", "value-whole"))
    found = check(Library((root,)))
    assert seen(found) == seen(in_order(Fault(place, key) for place, key in expected))


def test_words_are_looked_for_although_their_list_is_refused(root: Path) -> None:
    broken(root, ("kind: voice", "kind: voices"), ("foreign: [sir]", "foreign: sir"), relative="voice.yaml")
    text = broken(root, (LAST, LAST.replace("Etwas tun", "Etwas canceln")))
    assert told(root) == [(position(text, "Etwas canceln"), "word-foreign")]
    assert [key for _, key in told(root, "voice.yaml")] == ["value-unknown", "shape-list"]


def test_techniques_are_looked_for_although_their_list_is_refused(root: Path) -> None:
    broken(root, ("sources: [D10]", "sources: [d]"), relative="techniques.yaml")
    text = broken(root, (LAST, LAST.replace("}", ", techniques: [manta]}")))
    assert (position(text, "manta"), "technique-unknown") in told(root)


def test_a_text_below_a_misspelt_key_is_a_text(root: Path) -> None:
    text = broken(root, (LAST, LAST.replace("do:", "doo: Halt!, do:")))
    assert told(root) == at(text, ("doo", "key-unknown-near"), ("Halt!", "text-exclamation"))


def test_wrong_quotation_marks_around_a_line_are_told_once(root: Path) -> None:
    text = broken(root, (LAST, LAST.replace("}", ", say: ['\"Ja.\"']}")))
    assert told(root) == at(text, ("'\"Ja", "say-quoted"))


def test_what_nobody_asked_is_told_once(root: Path) -> None:
    text = broken(root, ("{id: resolve-0, ", "{id: resolve-0, only: {possible: no}, "))
    found = [it for it in told(root) if not it[1].startswith(("parity", "count"))]
    assert found == at(text, ("possible: no", "only-not-asked"))


def test_a_phase_with_nothing_to_show_need_not_be_told_to_have_nothing_to_write(root: Path) -> None:
    control = [step.replace("}", ", only: {channel: phone}}") for step in plain_steps("control", 4)]
    write(root, FILE, type_text("rude", "de", control=control))
    assert "path-dead-end" in {key for _, key in told(root)}
    assert "count-write" not in {key for _, key in told(root)}


def test_a_copy_of_another_language_is_told_in_its_own_file(root: Path) -> None:
    (root / "nl/rude.yaml").write_bytes((root / FILE).read_bytes())
    broken(root, ("Etwas tun", "Halt!"), relative="nl/rude.yaml")
    assert [key for _, key in told(root, "nl/rude.yaml")] == ["file-disagrees", "text-exclamation"]
    (root / "nl/rude.yaml").write_text((root / FILE).read_text("utf-8").replace(LAST, MANY_STEPS))
    (root / FILE).write_bytes((root / "nl/rude.yaml").read_bytes())
    assert [key for _, key in told(root, "nl/rude.yaml")] == ["file-disagrees"]
    assert told(root) == []


class TestRoots:
    def test_the_file_that_will_count_is_looked_at(self, root: Path, tmp_path: Path) -> None:
        text = type_text("rude", "de", assess=plain_steps("assess", 9)).replace("revision: 1", "revision: x")
        above = write(tmp_path / "upper", FILE, text)
        found = check(Library((root, tmp_path / "upper")))
        assert {"value-whole", "count-phase", "parity-ids"} <= {fault.key for fault in found}
        assert any(fault.key == "count-phase" and str(above) in fault.place for fault in found)

    def test_where_nobody_knows_what_it_means_the_one_below_counts_too(self, root: Path, tmp_path: Path) -> None:
        text = type_text("rude", "de").replace("{id: assess-0, do: Etwas tun}", "{id: A b, do: Halt!}")
        above = write(tmp_path / "upper", FILE, text)
        below = broken(root, ("Etwas tun", "Jetzt!"))
        found = seen(check(Library((root, tmp_path / "upper"))))
        assert found == seen(
            in_order(
                Fault(place, key)
                for place, key in (
                    (f"{root / FILE}:{position(below, 'Jetzt!')}", "text-exclamation"),
                    (f"{above}:{position(text, 'A b')}", "value-id"),
                    (f"{above}:{position(text, 'Halt!')}", "text-exclamation"),
                )
            )
        )

    def test_a_call_never_sees_a_draft(self, root: Path) -> None:
        broken(root, ("revision: 1", "revision: x"))
        assert Drafts((root,)).checklist("rude", "de").id == "rude"
        assert [found.id for found in Library((root,)).types("de")] == ["direct", "timid", "aggressive"]


def test_no_file_is_parsed_more_than_twice(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for its meaning and once for its places, however many faults there are."""
    broken(root, *[("Etwas tun", "Halt!")] * 10)
    parsed: list[bytes] = []
    scan = yaml_strict.scan

    def counted(data: bytes, faults: yaml_strict.Faults) -> yaml_strict.Node:
        parsed.append(data)
        return scan(data, faults)

    monkeypatch.setattr(checklist_yaml, "scan", counted)
    assert len(check(Library((root,)))) == 10
    assert len(parsed) == 2 * len(list(root.rglob("*.yaml")))


VALUES = st.sampled_from(
    ["x", "no", "[]", "{}", "[x]", "{x: y}", "'!'", "null", "1", "{id: x}", "[{id: x}]", "[[x]]", "{level: [9]}", '",']
)


@given(st.sampled_from([FILE, "nl/cards.yaml", "no/ladder.yaml", "voice.yaml", "techniques.yaml"]), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_whatever_is_written_gives_faults_and_no_error(root: Path, relative: str, data: st.DataObject) -> None:
    good = (root / relative).read_text("utf-8")
    values = [found.span(1) for found in re.finditer(r": ([^\n,{}\[\]]+|\[[^\]]*\]|\{[^}]*\})", good)]
    start, end = data.draw(st.sampled_from(values))
    try:
        write(root, relative, good[:start] + data.draw(VALUES) + good[end:])
        found = [(fault.place, fault.key, str(fault.params)) for fault in check(Library((root,)))]
        assert len(set(found)) == len(found)
    finally:
        write(root, relative, good)


def test_the_command_tells_it_all_for_people_and_for_programs(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = home / "deescalate" / "config" / "checklists"
    text = (
        type_text("zealous", "de").replace("revision: 1", "revision: x").replace(LAST, LAST.replace("Etwas", "Halt!"))
    )
    path = write(own, "de/zealous.yaml", text)
    wanted = [(position(text, "x"), "value-whole"), (position(text, "Halt!"), "text-exclamation")]
    assert main(["checklists", "check", "--json"]) == Exit.FINDINGS
    result = json.loads(capsys.readouterr().out)
    ours = [it for it in result["faults"] if str(path) in it["place"] and it["fault"] in dict(wanted).values()]
    assert [(it["place"], it["fault"]) for it in ours] == [(f"{path}:{place}", key) for place, key in wanted]
    assert str(path) in {it["file"] for it in result["readability"]}
    assert main(["checklists", "check"]) == Exit.FINDINGS
    assert capsys.readouterr().out.splitlines() == [it["text"] for it in result["faults"]]


MODULES = (
    *("yaml_strict", "schema", "lines", "formats", "from_yaml", "file", "library"),
    *("check", "check_paths", "check_techniques", "check_texts", "techniques", "voice"),
)
"""Where the rules of the content are."""


def fault_keys() -> set[str]:
    """Every fault that these modules can tell, by the catalogue."""
    package = Path(checklists_check.__file__).parent
    catalogue = json.loads((package.parent / "locales/en.json").read_text("utf-8"))
    return {
        node.value
        for module in MODULES
        for node in ast.walk(ast.parse((package / f"{module}.py").read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and f"fault.{node.value}" in catalogue
    }


@pytest.mark.parametrize("key", sorted(fault_keys()))
def test_every_fault_of_the_content_is_made_in_some_test(key: str) -> None:
    tests = Path(__file__).parent.glob("test_*.py")
    assert any(f'"{key}"' in path.read_text("utf-8") for path in tests)
