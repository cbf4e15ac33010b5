"""The content as a whole: every file of every root, and the files of a library among each other."""

from pathlib import Path

import pytest
from content_samples import CARDS, LADDER, plain_steps, position, seen, type_text, write, write_all

from deescalate_tui.checklists_check import check
from deescalate_tui.library import Library


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_all(tmp_path / "root")


def faults(*roots: Path) -> list[tuple[str, str]]:
    return seen(check(Library(roots)))


def step(name: str, **parts: str) -> str:
    return "{" + ", ".join([f"id: {name}", "do: Etwas tun", *(f"{key}: {value}" for key, value in parts.items())]) + "}"


POSSIBLE = "[{field: possible, label: x, kind: choice, options: {yes: y, partly: p, no: n}}]"


def test_a_complete_library_has_no_faults(root: Path) -> None:
    assert faults(root) == []


def test_the_built_in_content_has_no_faults() -> None:
    assert [(fault.place, fault.key, fault.params) for fault in check(Library.open())] == []


def test_every_file_of_every_root_is_looked_at(root: Path, tmp_path: Path) -> None:
    below = write(root, "nl/rude.yaml", type_text("rude", "nl").replace("revision: 1", "revision: x"))
    upper = tmp_path / "upper"
    write(upper, "nl/rude.yaml", type_text("rude", "nl"))
    above = write(upper, "countries/no.yaml", "")
    assert faults(root, upper) == [(f"{below}:4:11", "value-whole"), (f"{above}:1:1", "yaml-empty")]


def test_a_name_that_is_never_read_is_told_once(root: Path) -> None:
    path = write(root, "de/My Type.yaml", "")
    assert faults(root) == [(str(path), "file-name")]


@pytest.mark.parametrize("name", ["sv/rude.yaml", "rude.yaml", "rude.yml"])
def test_what_lies_where_nobody_looks_is_told(root: Path, name: str) -> None:
    write(root, name, "")
    write(root, "techniques.yaml", "")
    write(root, "README.md", "")
    assert faults(root) == [(str(root / name.split("/")[0]), "file-misplaced")]


@pytest.mark.parametrize("name", ["direct", "rude", "ladder", "cards"])
def test_a_language_has_everything_that_is_built_in(root: Path, name: str) -> None:
    (root / "nl" / f"{name}.yaml").unlink()
    assert faults(root) == [(f"nl/{name}.yaml", "content-missing")]


def test_a_type_of_ones_own_may_be_in_one_language(root: Path, tmp_path: Path) -> None:
    write(tmp_path / "upper", "no/zealous.yaml", type_text("zealous", "no"))
    assert faults(root, tmp_path / "upper") == []


class TestParity:
    def other(self, root: Path, **phases: list[str]) -> tuple[str, Path]:
        text = type_text("rude", "no", **phases)
        return text, write(root, "no/rude.yaml", text)

    @pytest.mark.parametrize("phase", ["control", "assess", "resolve", "aftercare"])
    def test_ids(self, root: Path, phase: str) -> None:
        text, path = self.other(root, **{phase: plain_steps("x", 4)})
        at = text.index("[", text.index(f"{phase}, steps: "))
        line = text.count("\n", 0, at) + 1
        column = at - text.rfind("\n", 0, at)
        assert faults(root) == [(f"{path}:{line}:{column}", "parity-ids")]

    def test_order(self, root: Path) -> None:
        _, _ = self.other(root, control=plain_steps("control", 4)[::-1])
        assert [key for _, key in faults(root)] == ["parity-ids"]

    @pytest.mark.parametrize(
        ("part", "value"),
        [
            ("pace", "{in: 4, out: 6, times: 3}"),
            ("ask", "[{field: request, label: x, kind: text}]"),
            ("only", "{level: [0, 1]}"),
            ("gate", "critical"),
            ("techniques", "[mantra]"),
        ],
    )
    def test_structure(self, root: Path, part: str, value: str) -> None:
        text, path = self.other(root, assess=[step("assess-0", **{part: value}), *plain_steps("assess", 4)[1:]])
        [fault] = check(Library((root,)))
        assert (fault.place, fault.key) == (f"{path}:{position(text, value)}", "parity-part")
        assert fault.params == {"name": "assess-0", "part": part, "language": "de"}

    def test_what_a_language_leaves_out_is_told_at_its_step(self, root: Path) -> None:
        gated = [step("assess-0", gate="critical"), *plain_steps("assess", 4)[1:]]
        for language in ("de", "nl"):
            write(root, f"{language}/rude.yaml", type_text("rude", language, assess=gated))
        text = (root / "no/rude.yaml").read_text()
        assert faults(root) == [(f"{root / 'no/rude.yaml'}:{position(text, '{id: assess-0')}", "parity-part")]

    def test_words_may_differ(self, root: Path) -> None:
        label = "[{field: request, label: %s, kind: text}]"
        for language in ("de", "nl", "no"):
            own = step("assess-0", ask=label % language, say=f"[{language}]", why=language)
            write(
                root, f"{language}/rude.yaml", type_text("rude", language, assess=[own, *plain_steps("assess", 4)[1:]])
            )
        assert faults(root) == []

    def test_the_two_way_question_has_one_answer(self, root: Path) -> None:
        text = type_text("rude", "no").replace("cooperating: false", "cooperating: true")
        path = write(root, "no/rude.yaml", text)
        assert (f"{path}:{position(text, 'true')}", "parity-part") in faults(root)

    def test_rungs(self, root: Path) -> None:
        text = LADDER[: LADDER.index("  - id: end")].replace("language: de", "language: no")
        path = write(root, "no/ladder.yaml", text)
        assert faults(root) == [(f"{path}:7:3", "parity-ids")]

    @pytest.mark.parametrize(
        ("old", "new", "key"),
        [
            ("id: crying", "id: tears", "parity-ids"),
            ("letter: d", "letter: g", "parity-part"),
            ("end: never", "end: may", "parity-part"),
            ("escalate: may", "escalate: no", "parity-part"),
            ("numbers: [emergency]", "numbers: [police]", "parity-part"),
        ],
    )
    def test_cards(self, root: Path, old: str, new: str, key: str) -> None:
        write(root, "no/cards.yaml", CARDS.replace("language: de", "language: no").replace(old, new))
        [fault] = check(Library((root,)))
        assert fault.key == key


class TestWithinALanguage:
    def test_a_phase_has_one_title(self, root: Path) -> None:
        text = type_text("rude", "nl").replace("title: assess", "title: andere")
        path = write(root, "nl/rude.yaml", text)
        assert faults(root) == [(f"{path}:{position(text, 'andere')}", "title-differs")]

    @pytest.mark.parametrize(("shared", "told"), [(2, False), (3, True)])
    def test_types_share_at_most_a_third_of_their_lines(self, root: Path, shared: int, told: bool) -> None:
        lines = [f"line {number}" for number in range(3)]
        for language in ("de", "nl", "no"):
            for type_id in ("aggressive", "rude"):
                own = [f"{type_id} {number}" for number in range(6 - shared)]
                said = [line.upper() if type_id == "rude" else line for line in lines[:shared]] + own
                assess = [step(f"assess-{n}", say=f"[{', '.join(said[2 * n : 2 * n + 2])}]") for n in range(3)]
                assess.append(step("assess-3"))
                write(root, f"{language}/{type_id}.yaml", type_text(type_id, language, assess=assess))
        found = faults(root)
        assert [key for _, key in found] == ["say-shared"] * 3 * told
        if told:
            text = (root / "de/rude.yaml").read_text()
            assert found[0][0] == f"{root / 'de/rude.yaml'}:{position(text, 'LINE 0')}"


def only_in_de(root: Path, type_id: str, **phases: list[str]) -> list[tuple[str, str]]:
    """The faults that this type has besides not being like its other languages."""
    write(root, f"de/{type_id}.yaml", type_text(type_id, "de", **phases))
    return [(place, key) for place, key in faults(root) if not key.startswith("parity")]


class TestCounts:
    @pytest.mark.parametrize(
        ("type_id", "number", "told"),
        [
            *[("rude", 3, True), ("rude", 4, False), ("rude", 7, False), ("rude", 8, True)],
            *[("timid", 1, True), ("timid", 2, False), ("timid", 5, False), ("timid", 6, True)],
            *[("zealous", 3, True), ("zealous", 7, False)],
        ],
    )
    def test_steps_of_a_phase(self, root: Path, type_id: str, number: int, told: bool) -> None:
        found = only_in_de(root, type_id, assess=plain_steps("assess", number))
        assert [key for _, key in found] == ["count-phase", "count-phase"] * told  # by telephone and in e-mail

    def test_a_type_of_ones_own_counts_as_cooperating_as_it_is(self, root: Path) -> None:
        text = type_text("zealous", "de", assess=plain_steps("assess", 2)).replace(
            "cooperating: false", "cooperating: true"
        )
        write(root, "de/zealous.yaml", text)
        assert faults(root) == []

    def test_steps_of_one_channel_count_there(self, root: Path) -> None:
        assess = [*plain_steps("assess", 4), *(step(f"mail-{n}", only="{channel: email}") for n in range(4))]
        [fault] = [fault for fault in self.faults(root, assess) if fault.key == "count-phase"]
        assert fault.params == {"phase": "assess", "channel": "email", "found": 8, "least": 4, "most": 7}

    def faults(self, root: Path, assess: list[str]) -> list:
        write(root, "de/rude.yaml", type_text("rude", "de", assess=assess))
        return [fault for fault in check(Library((root,))) if not fault.key.startswith("parity")]

    def test_steps_of_a_higher_level_do_not_count(self, root: Path) -> None:
        assess = [*plain_steps("assess", 7), step("limit", only="{level: 3}"), step("threat", only="{level: 4}")]
        assert only_in_de(root, "rude", assess=assess) == []

    def test_steps_of_the_lowest_level_count(self, root: Path) -> None:
        assess = [*plain_steps("assess", 7), step("name-feeling", only="{level: [0, 1]}")]
        assert [key for _, key in only_in_de(root, "rude", assess=assess)] == ["count-phase"] * 2

    @pytest.mark.parametrize(
        ("type_id", "numbers", "told"),
        [
            ("rude", (6, 6, 6), False),
            ("rude", (6, 6, 7), True),
            ("timid", (4, 4, 4), False),
            ("timid", (3, 5, 5), True),
        ],
    )
    def test_steps_of_a_call(self, root: Path, type_id: str, numbers: tuple[int, int, int], told: bool) -> None:
        phases = dict(zip(("control", "assess", "resolve"), numbers, strict=True))
        found = only_in_de(root, type_id, **{name: plain_steps(name, number) for name, number in phases.items()})
        place = f"{root / 'de' / type_id}.yaml:12:3"
        assert found == [(place, "count-call"), (place, "count-call")] * told

    @pytest.mark.parametrize(("number", "told"), [(5, False), (6, True)])
    def test_steps_of_aftercare(self, root: Path, number: int, told: bool) -> None:
        found = only_in_de(root, "rude", aftercare=plain_steps("aftercare", number))
        assert [key for _, key in found] == ["count-phase", "count-phase"] * told

    @pytest.mark.parametrize(("number", "told"), [(1, False), (2, True)])
    def test_no_path_is_longer_than_nine(self, root: Path, number: int, told: bool) -> None:
        assess = [
            *plain_steps("assess", 5),
            step("possible", ask=POSSIBLE),
            step("limit", only="{level: [3]}"),
            step("mail", only="{channel: email}"),
            *(step(f"no-{n}", only="{possible: [partly, no]}") for n in range(number)),
            step("yes", only="{possible: yes}"),
        ]
        found = self.faults(root, assess)
        assert [fault.key for fault in found] == ["count-path"] * told
        if told:
            assert found[0].params == {
                "phase": "assess",
                "path": "level: 3, channel: email, possible: partly",
                "found": 10,
                "most": 9,
            }

    def test_the_path_names_only_what_makes_it_long(self, root: Path) -> None:
        assess = [
            step("possible", ask=POSSIBLE),
            *plain_steps("assess", 9),
            step("no", only="{level: 4, possible: no}"),
        ]
        longest = [fault.params for fault in self.faults(root, assess) if fault.key == "count-path"]
        assert longest == [
            {"phase": "assess", "path": "level: 4, channel: phone, possible: no", "found": 11, "most": 9}
        ]
        assess[-1] = step("no", only="{level: 4, possible: no, channel: email}")
        assess += [step("calm", only="{level: 0}"), step("still-calm", only="{level: 0}")]
        longest = [fault.params for fault in self.faults(root, assess) if fault.key == "count-path"]
        assert longest == [{"phase": "assess", "path": "level: 0, channel: phone", "found": 12, "most": 9}]
