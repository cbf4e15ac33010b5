"""The techniques: read strictly, taught by every checklist they list, and shown with the lines that teach them."""

import json
import os
from pathlib import Path

import pytest
from content_samples import TECHNIQUES, position, seen, type_text, write, write_all

from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.cli.main import main
from deescalate_tui.content.check import check
from deescalate_tui.content.check_paths import all_types
from deescalate_tui.content.check_techniques import taught
from deescalate_tui.content.library import BUILT_IN_TYPES, Library
from deescalate_tui.content.techniques import OUTSIDE, Technique, parse_techniques
from deescalate_tui.errors import ContentFaults, Exit

BUILT_IN = Library.open()
PAIRS = [
    pytest.param(technique, language, type_id, id=f"{technique.id}-{language}-{type_id}")
    for technique in BUILT_IN.techniques().techniques
    for language in LANGUAGES
    for type_id in technique.types
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_all(tmp_path / "root")


@pytest.mark.parametrize(("technique", "language", "type_id"), PAIRS)
def test_every_technique_is_taught_in_every_language_to_every_type(
    technique: Technique, language: str, type_id: str
) -> None:
    [found] = taught(BUILT_IN, (technique,), [BUILT_IN.checklist(type_id, language)])
    assert {line.part for line in found.lines} >= {"do"}
    if technique.asks:
        assert "ask" in {line.part for line in found.lines}


def test_what_there_is_to_teach() -> None:
    techniques = BUILT_IN.techniques().techniques
    assert len(techniques) == 47
    assert {type_id for technique in techniques for type_id in technique.types} == set(BUILT_IN_TYPES)
    assert all(bool(technique.types) == (technique.phase not in OUTSIDE) for technique in techniques)
    assert BUILT_IN.techniques().find("breathe") == techniques[1]
    assert BUILT_IN.techniques().find("nosuch") is None


@pytest.mark.parametrize(
    ("old", "new", "at", "key"),
    [
        ("phase: control", "phase: sale", "sale", "value-unknown"),
        ("types: []", "types: [Very Rude]", "Very Rude", "value-id"),
        ("sources: [C1.2a]", "sources: [chapter one]", "chapter one", "value-source"),
        ("sources: [C1.2a]", "sources: []", "[]\n    teaches", "list-length"),
        ("channel: phone", "channel: letter", "letter", "value-unknown"),
        ("id: train", "id: mantra", "id: mantra\n    phase: practice", "list-doubled"),
        ("    teaches: Rehearse.\n", "", "id: train", "key-missing"),
        ("kind: techniques", "kind: cards", "cards", "value-unknown"),
        ("types: []", "typs: []", "typs", "key-unknown-near"),
    ],
)
def test_a_broken_rule_is_told_with_its_place(old: str, new: str, at: str, key: str) -> None:
    broken = TECHNIQUES.replace(old, new, 1)
    with pytest.raises(ContentFaults) as caught:
        parse_techniques(broken.encode(), "t")
    assert (f"t:{position(broken, at)}", key) in seen(caught.value.faults)


class TestCheck:
    def faults(self, root: Path, **phases: list[str]) -> list[tuple[str, str]]:
        for language in LANGUAGES:
            write(root, f"{language}/rude.yaml", type_text("rude", language, **phases))
        return seen(check(Library((root,))))

    def control(self, *first: str) -> list[str]:
        return [*first, *(f"{{id: control-{n}, do: Etwas tun}}" for n in range(4 - len(first)))]

    def wanted(self, root: Path, **parts: str) -> None:
        """Rude has to be taught the mantra."""
        text = TECHNIQUES.replace("    types: []", "    types: [rude]", 1)
        added = "".join(f"    {key}: {value}\n" for key, value in parts.items())
        write(root, "techniques.yaml", text.replace("    sources: [C1.2a]\n", f"    sources: [C1.2a]\n{added}"))

    def test_an_unknown_technique(self, root: Path) -> None:
        found = self.faults(root, control=self.control("{id: calm, do: Etwas tun, techniques: [mantra, manta]}"))
        assert [key for _, key in found] == ["technique-unknown"] * 3
        path = root / "de/rude.yaml"
        assert found[0][0] == f"{path}:{position(path.read_text('utf-8'), 'manta]')}"

    def test_an_unknown_technique_is_told_with_the_nearest(self, root: Path) -> None:
        self.faults(root, control=self.control("{id: calm, do: Etwas tun, techniques: [manta]}"))
        assert check(Library((root,)))[0].params == {"name": "manta", "near": "mantra"}

    def test_a_technique_that_belongs_in_no_call(self, root: Path) -> None:
        found = self.faults(root, control=self.control("{id: calm, do: Etwas tun, techniques: [train]}"))
        assert [key for _, key in found] == ["technique-outside"] * 3

    def test_one_that_nobody_teaches(self, root: Path) -> None:
        self.wanted(root)
        found = self.faults(root)
        assert [key for _, key in found] == ["technique-missing"] * 3
        path = root / "de/rude.yaml"
        assert found[0][0] == f"{path}:{position(path.read_text('utf-8'), 'control: ')}"
        assert self.faults(root, control=self.control("{id: calm, do: Etwas tun, techniques: [mantra]}")) == []

    def test_one_that_only_an_unreachable_step_teaches(self, root: Path) -> None:
        self.wanted(root)
        ask = "[{field: possible, label: x, kind: choice, options: {yes: y, partly: p, no: n}}]"
        inner = "[{field: satisfaction, label: x, kind: choice, options: {satisfied: a, partly: b, dissatisfied: c}}]"
        control = [
            f"{{id: possible, do: Etwas tun, ask: {ask}}}",
            f"{{id: content, do: Etwas tun, only: {{possible: no}}, ask: {inner}}}",
            "{id: calm, do: Etwas tun, only: {possible: yes, satisfaction: partly}, techniques: [mantra]}",
            *self.control(),
        ]
        keys = {key for _, key in self.faults(root, control=control)}
        assert keys == {"path-unreachable", "technique-missing"}

    def test_what_it_asks_is_asked(self, root: Path) -> None:
        self.wanted(root, asks="the sentence")
        found = self.faults(root, control=self.control("{id: calm, do: Etwas tun, techniques: [mantra]}"))
        assert [key for _, key in found] == ["technique-asks"] * 3
        asking = "{id: calm, do: A, techniques: [mantra], ask: [{field: cause, label: x, kind: text}]}"
        assert self.faults(root, control=self.control(asking)) == []

    @pytest.mark.parametrize(
        ("bound", "taught_on", "missing"),
        [
            ("phone", "phone", []),
            ("phone", "email", ["phone"]),
            ("", "phone", ["email"]),
            ("", "email", ["phone"]),
            ("", "[phone, email]", []),
        ],
    )
    def test_it_is_taught_on_its_channels(self, root: Path, bound: str, taught_on: str, missing: list[str]) -> None:
        self.wanted(root, **({"channel": bound} if bound else {}))
        step = f"{{id: calm, do: Etwas tun, techniques: [mantra], only: {{channel: {taught_on}}}}}"
        control = [step, *(f"{{id: control-{n}, do: Etwas tun}}" for n in range(4))]
        self.faults(root, control=control)
        told = [fault.params for fault in check(Library((root,))) if fault.key == "technique-channel"]
        assert told == [{"name": "mantra", "channel": channel} for channel in missing] * 3

    def test_a_type_of_ones_own_need_not_teach_everything(self, root: Path) -> None:
        write(root, "de/zealous.yaml", type_text("zealous", "de"))
        assert seen(check(Library((root,)))) == []

    def test_the_file_is_needed_and_read_in_every_root(self, root: Path, tmp_path: Path) -> None:
        above = write(tmp_path / "upper", "techniques.yaml", "format: 1\n")
        assert (f"{above}:1:1", "key-missing") in seen(check(Library((root, tmp_path / "upper"))))
        (root / "techniques.yaml").unlink()
        assert seen(check(Library((root,)))) == [("techniques.yaml", "content-missing")]


class TestShow:
    def test_the_very_lines_with_their_places(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["checklists", "show", "--techniques", "--json"]) == Exit.OK
        told = json.loads(capsys.readouterr().out)
        assert len(told) >= len(PAIRS)
        for entry in told:
            for line in entry["lines"]:
                there = Path(line["file"]).read_text(encoding="utf-8").splitlines()[line["line"] - 1]
                assert line["text"].replace('"', "")[:30] in there.replace("\\", ""), line

    def test_one_type_in_one_language(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["checklists", "show", "timid", "--techniques", "--lang", "nb"]) == Exit.OK
        out = capsys.readouterr().out
        checklist = BUILT_IN.checklist("timid", "no")
        assert out.count("  no/timid\n") == len({name for _, step in checklist.steps() for name in step.techniques})
        assert all(step.do in out for _, step in checklist.steps())
        assert f"[{BUILT_IN.place(checklist, 'phases', 'control', 'steps', 0, 'do').rsplit(':', 1)[0]}]" in out

    def test_a_gap_is_a_finding(self, capsys: pytest.CaptureFixture[str]) -> None:
        folder = Path(os.environ["DEESCALATE_HOME"]) / "config" / "checklists"
        write(folder, "no/timid.yaml", type_text("timid", "no"))
        assert main(["checklists", "show", "timid", "--techniques", "--lang", "no"]) == Exit.FINDINGS

    def test_all_types_are_looked_at(self) -> None:
        assert len(all_types(BUILT_IN)) == len(LANGUAGES) * len(BUILT_IN_TYPES)
