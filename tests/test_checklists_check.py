"""The content as a whole: every file of every root, and the files of a library among each other."""

from pathlib import Path

import pytest
from content_samples import CARDS, LADDER, plain_steps, position, seen, type_text, write, write_all

from deescalate_tui.content.check import check
from deescalate_tui.content.check_texts import lix, readability
from deescalate_tui.content.library import Library
from deescalate_tui.content.texts import Text


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
    write(root, "README.md", "")
    write(root, "schema/checklist.json", "{}")
    write(root, "site.example.yaml", "")
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

    @pytest.mark.parametrize("language", ["de", "nl", "no"])
    def test_the_odd_one_is_told_and_not_the_others(self, root: Path, language: str) -> None:
        assess = [step("assess-0", gate="critical"), *plain_steps("assess", 4)[1:]]
        resolve = [step("another"), *plain_steps("resolve", 4)[1:]]
        path = write(root, f"{language}/rude.yaml", type_text("rude", language, assess=assess, resolve=resolve))
        text = path.read_text("utf-8")
        found = check(Library((root,)))
        assert seen(found) == [
            (f"{path}:{position(text, 'critical')}", "parity-part"),
            (f"{path}:{position(text, '[{id: another')}", "parity-ids"),
        ]
        assert {fault.params["language"] for fault in found} == {"nl" if language == "de" else "de"}

    def test_of_two_languages_the_first_is_the_measure(self, root: Path) -> None:
        for language, number in (("nl", 4), ("no", 5)):
            text = type_text("zealous", language, assess=plain_steps("assess", number))
            write(root, f"{language}/zealous.yaml", text)
        [fault] = check(Library((root,)))
        assert (fault.key, fault.params["language"]) == ("parity-ids", "nl")
        assert str(root / "no/zealous.yaml") in fault.place

    def test_breath(self, root: Path) -> None:
        for language, seconds in (("de", 6), ("nl", 6), ("no", 7)):
            breath = step("breathe", pace=f"{{in: 4, out: {seconds}, times: 3}}", only="{channel: phone}")
            control = [*plain_steps("control", 4), breath]
            write(root, f"{language}/rude.yaml", type_text("rude", language, control=control))
        text = (root / "no/rude.yaml").read_text("utf-8")
        assert faults(root) == [(f"{root / 'no/rude.yaml'}:{position(text, '{in: 4')}", "parity-part")]

    @pytest.mark.parametrize(
        ("phase", "part", "told"),
        [
            ("assess", "say", True),
            ("assess", "write", True),
            ("control", "write", True),
            ("control", "say", False),
            ("aftercare", "say", False),
            ("assess", "tone", False),
            ("assess", "style", False),
            ("assess", "avoid", False),
            ("assess", "why", False),
        ],
    )
    def test_lines_that_one_language_goes_without(self, root: Path, phase: str, part: str, told: bool) -> None:
        value = "[für alle]" if part in ("say", "write") else "für alle"
        others = [*plain_steps(phase, 2), step("last", **({"write": "[eins, zwei]"} if part == "write" else {}))]
        for language in ("de", "nl", "no"):
            first = step("first", **({part: value} if language != "no" else {}))
            write(root, f"{language}/rude.yaml", type_text("rude", language, **{phase: [first, *others]}))
        text = (root / "no/rude.yaml").read_text("utf-8")
        expected = [(f"{root / 'no/rude.yaml'}:{position(text, '{id: first')}", "parity-lines")]
        assert faults(root) == expected * told

    def test_lines_that_only_one_language_has(self, root: Path) -> None:
        more = step("assess-0", write="[nur hier]")
        text, path = self.other(root, assess=[more, *plain_steps("assess", 3)[1:], step("assess-3", write="[a, b]")])
        found = check(Library((root,)))
        assert seen(found) == [(f"{path}:{position(text, '[nur hier]')}", "parity-lines")]
        assert found[0].params == {"name": "assess-0", "part": "write", "language": "de"}

    @pytest.mark.parametrize(("path", "before"), [("ladder", "  - id: end"), ("cards", "    avoid: nicht auflegen")])
    def test_lines_of_rungs_and_cards(self, root: Path, path: str, before: str) -> None:
        sample = {"ladder": LADDER, "cards": CARDS}[path].replace("language: de", "language: no")
        text = sample.replace(before, f"    write: [Das steht nur hier.]\n{before}", 1)
        file = write(root, f"no/{path}.yaml", text)
        assert faults(root) == [(f"{file}:{position(text, '[Das steht')}", "parity-lines")]

    def test_what_a_language_leaves_out_is_told_at_its_step(self, root: Path) -> None:
        gated = [step("assess-0", gate="critical"), *plain_steps("assess", 4)[1:]]
        for language in ("de", "nl"):
            write(root, f"{language}/rude.yaml", type_text("rude", language, assess=gated))
        text = (root / "no/rude.yaml").read_text("utf-8")
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

    def test_the_type_that_calls_it_otherwise_is_told(self, root: Path) -> None:
        text = type_text("direct", "nl").replace("title: assess", "title: andere")
        path = write(root, "nl/direct.yaml", text)
        [fault] = check(Library((root,)))
        assert (fault.place, fault.key) == (f"{path}:{position(text, 'andere')}", "title-differs")
        assert fault.params == {"expected": "assess", "other": "timid"}

    @pytest.mark.parametrize("part", ["say", "write"])
    @pytest.mark.parametrize(("shared", "told"), [(4, False), (5, True)])
    def test_types_share_at_most_a_third_of_their_lines(self, root: Path, part: str, shared: int, told: bool) -> None:
        lines = [f"line {number}" for number in range(5)]
        for language in ("de", "nl", "no"):
            for type_id in ("aggressive", "rude"):
                # Beside the lines to write of the other phases, which are their own, too.
                own = [f"{type_id} {number}" for number in range((6 if part == "say" else 8) - shared)]
                said = [line.upper() if type_id == "rude" else line for line in lines[:shared]] + own
                assess = [step(f"assess-{n}", **{part: f"[{', '.join(said[2 * n : 2 * n + 2])}]"}) for n in range(4)]
                if part == "say":
                    assess[3] = step("assess-3")
                write(root, f"{language}/{type_id}.yaml", type_text(type_id, language, assess=assess))
        found = faults(root)
        assert [key for _, key in found] == ["say-shared"] * 3 * told
        if told:
            text = (root / "de/rude.yaml").read_text("utf-8")
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


SATISFACTION = "[{field: satisfaction, label: x, kind: choice, options: {satisfied: a, partly: b, dissatisfied: c}}]"


class TestPaths:
    def faults(self, root: Path, **phases: list[str]) -> list:
        write(root, "de/rude.yaml", type_text("rude", "de", **phases))
        return [fault for fault in check(Library((root,))) if fault.key.startswith("path")]

    def test_a_step_that_nothing_leads_to(self, root: Path) -> None:
        unreachable = step("both", only="{possible: yes, satisfaction: partly}")
        assess = [
            *plain_steps("assess", 3),
            step("possible", ask=POSSIBLE),
            step("content", only="{possible: no}", ask=SATISFACTION),
            unreachable,
        ]
        [fault] = self.faults(root, assess=assess)
        text = (root / "de/rude.yaml").read_text("utf-8")
        at = position(text, "{possible: yes, satisfaction")
        assert (fault.place, fault.key) == (f"{root / 'de/rude.yaml'}:{at}", "path-unreachable")
        assert fault.params == {"name": "both"}

    @pytest.mark.parametrize(
        "only",
        ["{possible: no, satisfaction: partly}", "{possible: [yes, no], satisfaction: partly, level: 0}", "{level: 4}"],
    )
    def test_a_level_that_changes_in_mid_call_is_no_obstacle(self, root: Path, only: str) -> None:
        assess = [
            *plain_steps("assess", 3),
            step("possible", ask=POSSIBLE, only="{level: [0, 1, 2]}"),
            step("content", only="{possible: no, level: 4}", ask=SATISFACTION),
            step("then", only=only),
        ]
        assert self.faults(root, assess=assess) == []

    def test_a_phase_with_nothing_to_show(self, root: Path) -> None:
        calm = [step(f"calm-{n}", only="{level: [0, 1, 2, 3]}") for n in range(4)]
        faults = self.faults(root, control=calm)
        assert [fault.key for fault in faults] == ["path-dead-end"] * 2
        assert faults[0].params == {"phase": "control", "path": "level: 4, channel: phone"}

    def test_a_phase_that_an_answer_empties(self, root: Path) -> None:
        assess = [*plain_steps("assess", 3), step("possible", ask=POSSIBLE)]
        resolve = [step(f"do-{n}", only="{possible: [yes, no]}") for n in range(4)]
        paths = [fault.params["path"] for fault in self.faults(root, assess=assess, resolve=resolve)]
        assert "level: 0, channel: email" in paths  # where nobody answered
        resolve.append(step("always", techniques="[get-support]"))
        assert self.faults(root, assess=assess, resolve=resolve) == []

    @pytest.mark.parametrize(
        ("only", "path"),
        [
            ("{level: [0, 1, 2, 3]}", "level: 4, channel: {}, possible: no"),
            ("{possible: partly}", "level: 0, channel: {}, possible: no"),
            ("{possible: yes}", "level: 0, channel: {}, possible: no"),
            ("{channel: phone}", "level: 0, channel: email, possible: no"),
            ("{possible: [partly, no]}", ""),
        ],
    )
    def test_a_path_without_a_way_to_escalate(self, root: Path, only: str, path: str) -> None:
        assess = [*plain_steps("assess", 3), step("possible", ask=POSSIBLE)]
        helper = step("get", only=only, ask="[{field: helper, label: x, kind: text}]")
        faults = self.faults(root, assess=assess, resolve=[*plain_steps("resolve", 4), helper])
        expected = list(dict.fromkeys(path.format(channel) for channel in ("phone", "email") if path))
        assert [(fault.key, fault.params["path"]) for fault in faults] == [("path-no-help", it) for it in expected]

    def test_where_nobody_asks_what_is_possible_help_is_always_there(self, root: Path) -> None:
        helper = step("get", only="{level: 4}", ask="[{field: helper, label: x, kind: text}]")
        faults = self.faults(root, resolve=[*plain_steps("resolve", 4), helper])
        assert [fault.params for fault in faults] == [
            {"path": "level: 0, channel: phone"},
            {"path": "level: 0, channel: email"},
        ]


class TestEmail:
    """The path of an e-mail has lines to write, no breath and one apology."""

    def faults(self, root: Path, **phases: list[str]) -> list[tuple[str, str, str]]:
        path = write(root, "de/rude.yaml", type_text("rude", "de", **phases))
        return [
            (fault.place.removeprefix(f"{path}:"), fault.key, str(fault.params.get("path", "")))
            for fault in check(Library((root,)))
            if not fault.key.startswith("parity")
        ]

    @pytest.mark.parametrize(
        ("steps", "path"),
        [
            ([step("few", write="[eins]")], "level: 0, channel: email"),
            ([step("enough", write="[eins, zwei]")], ""),
            ([step("one", write="[eins]"), step("two", write="[zwei]")], ""),
            ([step("phone", write="[eins, zwei]", only="{channel: phone}")], "level: 0, channel: email"),
            ([step("email", write="[eins, zwei]", only="{channel: email}")], ""),
            ([step("hot", write="[eins, zwei]", only="{level: [1, 2, 3, 4]}")], "level: 0, channel: email"),
            ([step("calm", write="[eins, zwei]", only="{level: [0, 1, 2, 3]}")], "level: 4, channel: email"),
            ([step("said", say="[eins, zwei]", write="[eins]")], "level: 0, channel: email"),
        ],
    )
    @pytest.mark.parametrize("phase", ["control", "assess", "resolve"])
    def test_a_phase_has_two_lines_to_write_on_every_path(
        self, root: Path, phase: str, steps: list[str], path: str
    ) -> None:
        found = self.faults(root, **{phase: [*steps, *plain_steps(phase, 5 - len(steps))]})
        assert [(key, where) for _, key, where in found] == ([("count-write", path)] if path else [])

    def test_which_lines_an_answer_takes_away(self, root: Path) -> None:
        assess = [*plain_steps("assess", 3), step("possible", ask=POSSIBLE)]
        lines = step("lines", write="[eins, zwei]", only="{possible: [yes, partly]}")
        found = self.faults(root, assess=assess, resolve=[lines, *plain_steps("resolve", 4)])
        assert [(key, where) for _, key, where in found] == [("count-write", "level: 0, channel: email")]

    @pytest.mark.parametrize(("only", "told"), [("{channel: phone}", False), ("{level: [0, 1]}", True), ("", True)])
    def test_a_breath_is_for_the_telephone(self, root: Path, only: str, told: bool) -> None:
        pace = "{in: 4, out: 6, times: 3}"
        breath = step("breathe", pace=pace, **({"only": only} if only else {}))
        found = self.faults(root, control=[breath, *plain_steps("control", 4)])
        at = position((root / "de/rude.yaml").read_text("utf-8"), pace)
        assert [(place, key) for place, key, _ in found] == [(at, "path-pace")] * told

    @pytest.mark.parametrize(
        ("first", "second", "path"),
        [
            ("", "", "level: 0, channel: phone"),
            ("{level: [0, 1]}", "{level: [1, 2]}", "level: 1, channel: phone"),
            ("{channel: email}", "{level: 3}", "level: 3, channel: email"),
            ("{level: [0, 1]}", "{level: [2, 3]}", ""),
            ("{channel: email}", "{channel: phone}", ""),
        ],
    )
    def test_nobody_apologises_twice(self, root: Path, first: str, second: str, path: str) -> None:
        write(
            root,
            "techniques.yaml",
            (root / "techniques.yaml").read_text("utf-8").replace("id: mantra", "id: apologise"),
        )
        conditions = [{"only": only} if only else {} for only in (first, second)]
        sorry, again = (step(f"sorry-{n}", techniques="[apologise]", **conditions[n]) for n in range(2))
        found = self.faults(
            root, assess=[sorry, *plain_steps("assess", 4)], resolve=[again, *plain_steps("resolve", 4)]
        )
        text = (root / "de/rude.yaml").read_text("utf-8")
        at = position(text, again).split(":")
        at = [at[0], str(int(at[1]) + again.index("[apologise]"))]
        assert found == ([(":".join(at), "count-apology", path)] if path else [])


class TestTexts:
    """Every text of every kind of file is looked at, and a fault stands where the text does."""

    def told(self, root: Path, language: str, path: str, old: str, new: str) -> list[tuple[str, str]]:
        text = (root / language / path).read_text("utf-8").replace(old, new, 1)
        assert new in text
        write(root, f"{language}/{path}", text)
        return [
            (place.removeprefix(f"{root / language / path}:"), key)
            for place, key in faults(root)
            if not key.startswith(("parity", "title"))
        ]

    @pytest.mark.parametrize(
        ("path", "old"),
        [
            ("rude.yaml", "for a test"),
            ("rude.yaml", "[one, two]"),
            ("rude.yaml", "Etwas tun"),
            ("cards.yaml", "Ein Kind schreit."),
            ("cards.yaml", "Wo sind Sie gerade?"),
            ("cards.yaml", "nicht auflegen"),
            ("ladder.yaml", "Um einen anderen Ton bitten"),
            ("ladder.yaml", "Ich helfe gern."),
        ],
    )
    def test_an_exclamation_mark(self, root: Path, path: str, old: str) -> None:
        new = old.replace("one", "eins!") if old.startswith("[") else f'"{old.rstrip(".?")}!"'
        found = self.told(root, "de", path, old, new)
        assert [key for _, key in found] == ["text-exclamation"]
        text = (root / "de" / path).read_text("utf-8")
        assert found[0][0] == position(text, new.removeprefix("["))

    @pytest.mark.parametrize("part", ["say", "tone", "avoid", "why"])
    def test_every_part_of_a_step(self, root: Path, part: str) -> None:
        value = '["Halt!"]' if part == "say" else '"Halt!"'
        new = f"{{id: control-0, do: Etwas tun, {part}: {value}}}"
        found = self.told(root, "de", "rude.yaml", "{id: control-0, do: Etwas tun}", new)
        assert found == [(position((root / "de/rude.yaml").read_text("utf-8"), '"Halt!"'), "text-exclamation")]

    @pytest.mark.parametrize("old", ["label: x", "yes: y"])
    def test_the_words_of_a_question(self, root: Path, old: str) -> None:
        assess = [step("possible", ask=POSSIBLE), *plain_steps("assess", 3)]
        write(root, "de/rude.yaml", type_text("rude", "de", assess=assess))
        new = f'{old.split(":")[0]}: "Ja!"'
        found = self.told(root, "de", "rude.yaml", old, new)
        assert found == [(position((root / "de/rude.yaml").read_text("utf-8"), '"Ja!"'), "text-exclamation")]

    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("de", "Er sagt „nein“ und ‚doch‘."),
            ("nl", "Hij zegt ‘nee’."),
            ("nl", "’s Avonds foto’s van ’t huis"),
            ("nl", "Zeg ‘de foto’s zijn er’."),
            ("no", "Si «nei» til ham"),
        ],
    )
    def test_marks_that_belong(self, root: Path, language: str, text: str) -> None:
        assert self.told(root, language, "rude.yaml", "for a test", text) == []

    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("de", 'Er sagt "nein".'),
            ("de", "Er sagt “nein”."),
            ("de", "Er sagt «nein»."),
            ("de", "Er sagt „nein."),
            ("de", "Er sagt nein“."),
            ("de", "Wie geht's"),
            ("nl", "Hij zegt “nee”."),
            ("nl", "Hij zegt 'nee'."),
            ("nl", "Hij zegt ‘nee."),
            ("no", "Si „nei“."),
            ("no", "Si »nei«."),
            ("no", 'Si "nei".'),
        ],
    )
    def test_marks_that_do_not(self, root: Path, language: str, text: str) -> None:
        new = '"' + text.replace('"', '\\"') + '"'
        found = self.told(root, language, "rude.yaml", "for a test", new)
        assert found == [(position((root / language / "rude.yaml").read_text("utf-8"), new), "text-quotes")]

    @pytest.mark.parametrize(
        ("language", "line", "key"),
        [
            ("de", "Sie müssen warten.", "word-customer"),
            ("de", "SIE MÜSSEN warten.", "word-customer"),
            ("de", "Das ist leider so.", "word-customer"),
            ("de", "Das war ein leiderprobtes Gerät.", ""),
            ("de", "Das werde ich canceln.", "word-foreign"),
            ("nl", "Goedemorgen, meneer.", "word-foreign"),
            ("nl", "Nu moet ik het weten.", ""),
            ("no", "Ja, sir.", "word-foreign"),
            ("no", "Sirkelen er rund.", ""),
        ],
    )
    def test_words_said_to_a_customer(self, root: Path, language: str, line: str, key: str) -> None:
        new = f'{{id: assess-0, do: Etwas tun, say: ["{line}"]}}'
        found = self.told(root, language, "rude.yaml", "{id: assess-0, do: Etwas tun}", new)
        at = position((root / language / "rude.yaml").read_text("utf-8"), f'"{line}"')
        assert found == ([(at, key)] if key else [])

    @pytest.mark.parametrize("phase", ["control", "aftercare"])
    def test_to_oneself_one_may_say_so(self, root: Path, phase: str) -> None:
        new = f"{{id: {phase}-0, do: Etwas tun, say: [Das ist leider so.]}}"
        assert self.told(root, "de", "rude.yaml", f"{{id: {phase}-0, do: Etwas tun}}", new) == []

    @pytest.mark.parametrize(("word", "key"), [("Sie müssen …", ""), ("etwas canceln", "word-foreign")])
    def test_what_is_told_to_the_agent_may_name_them_but_not_be_translated(
        self, root: Path, word: str, key: str
    ) -> None:
        new = f"{{id: assess-0, do: Etwas tun, avoid: „{word}“}}"
        found = self.told(root, "de", "rude.yaml", "{id: assess-0, do: Etwas tun}", new)
        assert [it for _, it in found] == ([key] if key else [])

    @pytest.mark.parametrize(
        ("step", "told"),
        [
            ("do: Den Hörer nehmen", True),
            ("do: Etwas tun, avoid: den Hörer nehmen", True),
            ("do: Etwas tun, why: Der HÖRER hilft", True),
            ("do: Etwas tun, style: wie am Hörer", True),
            ("do: Etwas tun, say: [Am Hörer], write: [Im Brief]", False),
            ("do: Etwas tun, say: [Am Hörer]", True),
            ("do: Etwas tun, write: [Am Hörer]", True),
            ("do: Etwas tun, tone: wie am Hörer", False),
            ("do: Etwas tun, ask: [{field: cause, label: Am Hörer, kind: text}]", True),
            ("do: Den Hörer nehmen, only: {channel: phone}", False),
            ("do: Den Hörer nehmen, only: {channel: [phone, email]}", True),
            ("do: Die Zuhörer nehmen", False),
        ],
    )
    def test_an_e_mail_is_not_heard(self, root: Path, step: str, told: bool) -> None:
        new = f"{{id: assess-0, {step}}}"
        found = self.told(root, "de", "rude.yaml", "{id: assess-0, do: Etwas tun}", new)
        word = [it for it in ("Den Hörer", "den Hörer", "Der HÖRER", "wie am Hörer", "Am Hörer") if it in step]
        text = (root / "de/rude.yaml").read_text("utf-8")
        at = text.index(word[-1], text.index(new)) if told else 0
        assert [it for it in found if it[1] != "count-phase"] == [
            (f"{text.count(chr(10), 0, at) + 1}:{at - text.rfind(chr(10), 0, at)}", "word-phone")
        ] * told

    def test_a_step_that_waits_for_what_only_the_telephone_asks_is_not_in_an_e_mail(self, root: Path) -> None:
        asking = step("possible", ask=POSSIBLE, only="{channel: phone}")
        heard = "{id: heard, do: Den Hörer nehmen, only: {possible: no}}"
        write(root, "de/rude.yaml", type_text("rude", "de", assess=[asking, heard, *plain_steps("assess", 4)]))
        assert "word-phone" not in {key for _, key in faults(root)}

    def test_what_is_always_in_sight_is_so_in_an_e_mail(self, root: Path) -> None:
        found = self.told(root, "de", "rude.yaml", "reminders: [one, two]", "reminders: [Hörer, two]")
        assert [key for _, key in found] == ["word-phone"]
        assert self.told(root, "de", "rude.yaml", "reminders: [Hörer, two]", "reminders: [one, two]") == []
        assert self.told(root, "de", "rude.yaml", "recognise: [one, two]", "recognise: [Hörer, two]") == []

    @pytest.mark.parametrize("path", ["ladder", "cards"])
    def test_of_cards_and_rungs_only_what_is_written(self, root: Path, path: str) -> None:
        file = root / "de" / f"{path}.yaml"
        old = {"ladder": "Ich helfe gern.", "cards": "Wo sind Sie gerade?"}[path]
        assert self.told(root, "de", f"{path}.yaml", old, "Nehmen Sie den Hörer.") == []
        end = "  - id: crying" if path == "cards" else "  - id: consequence"
        found = self.told(root, "de", f"{path}.yaml", end, f"    write: [Der Hörer.]\n{end}")
        assert found == [(position(file.read_text("utf-8"), "Der Hörer."), "word-phone")]

    def test_a_placeholder_is_no_word(self, root: Path) -> None:
        write(root, "voice.yaml", (root / "voice.yaml").read_text("utf-8").replace("canceln", "request"))
        new = "{id: assess-0, do: Etwas tun, say: ['Kurz: {request}.', Kurz.]}"
        assert self.told(root, "de", "rude.yaml", "{id: assess-0, do: Etwas tun}", new) == []

    def test_the_list_of_words_is_read_strictly(self, root: Path) -> None:
        path = write(
            root, "voice.yaml", (root / "voice.yaml").read_text("utf-8").replace("foreign: [sir]", "foren: [sir]")
        )
        assert (f"{path}:{position(path.read_text('utf-8'), 'foren')}", "key-unknown-near") in faults(root)
        path.unlink()
        assert faults(root) == [("voice.yaml", "content-missing")]


class TestReadability:
    @pytest.mark.parametrize(
        ("texts", "index"),
        [
            ([], 0.0),
            (["…"], 0.0),
            (["Ja"], 1.0),
            (["Ich komme gleich. Sie warten."], 2.5),
            (["Verständnis haben"], 52.0),
            (["Ja", "Nein"], 1.0),
            (["Kurz: {request}. Gut?"], 1.0),
        ],
    )
    def test_words_a_sentence_and_long_words_in_a_hundred(self, texts: list[str], index: float) -> None:
        assert lix(Text((), text) for text in texts) == index

    def test_of_every_file_in_use(self, root: Path, tmp_path: Path) -> None:
        own = write(
            tmp_path / "upper", "de/rude.yaml", type_text("rude", "de").replace("for a test", "Unverständlichkeit")
        )
        found = readability(Library((root, tmp_path / "upper")))
        assert len(found) == 3 * 6
        assert found[str(own)] > found[str(root / "nl/rude.yaml")]


def test_a_type_of_ones_own_may_lean_on_another(root: Path) -> None:
    lines = [f"[line {2 * n}, line {2 * n + 1}]" for n in range(3)]
    assess = [*(step(f"assess-{n}", say=said) for n, said in enumerate(lines)), step("assess-3")]
    for language in ("de", "nl", "no"):
        for type_id in ("aggressive", "zealous"):
            write(root, f"{language}/{type_id}.yaml", type_text(type_id, language, assess=assess))
    assert faults(root) == []
