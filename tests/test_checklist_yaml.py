"""Content files become the values they describe, or all their faults at once."""

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest
from content_samples import CARDS, COUNTRY, LADDER, TYPE, position, seen
from hypothesis import given
from hypothesis import strategies as st

from deescalate_tui.call.checklist import ALWAYS, CRITICAL, Ask, Condition, Option, Pace, SafetyNumber
from deescalate_tui.call.fields import ASKED, FIELDS
from deescalate_tui.content.from_yaml import locate, parse_cards, parse_checklist, parse_country, parse_ladder
from deescalate_tui.content.library import builtin_root
from deescalate_tui.errors import ContentFaults, Fault


def faults_of(parse: Callable[[bytes, str], object], text: str) -> tuple[Fault, ...]:
    with pytest.raises(ContentFaults) as caught:
        parse(text.encode(), "f")
    return caught.value.faults


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def test_a_customer_type_has_what_its_file_says() -> None:
    checklist = parse_checklist(TYPE.encode(), "f")
    assert (checklist.id, checklist.language, checklist.revision, checklist.reviewed) == (
        "aggressive",
        "de",
        3,
        "2026-11-22",
    )
    assert checklist.cooperating is False
    assert checklist.recognise == ("spricht laut", "fällt ins Wort")
    assert checklist.sha256 == sha256(TYPE.encode()).hexdigest()
    assert [step.id for _, step in checklist.steps()] == [
        *("breathe", "regroup", "let-finish", "check-possible", "say-no", "wrap-up", "learn")
    ]
    breathe, regroup = checklist.control.steps
    assert breathe.pace == Pace(4, 6.5, 3)
    assert breathe.only == Condition(channels=("phone",))
    assert breathe.techniques == ("breathe", "stay-calm")
    assert breathe.tone == "langsam, die Schultern sinken"
    assert regroup.say == ()
    let_finish, check_possible = checklist.assess.steps
    assert let_finish.say == ("Ich höre Ihnen zu.", "Ich habe {request} vor mir.")
    assert let_finish.ask == (Ask("request", "Worum geht es?", "text"),)
    assert let_finish.only == ALWAYS
    assert check_possible.gate == CRITICAL
    assert checklist.resolve.steps[0].only == Condition(levels=(0, 1), answers=(("possible", ("partly", "no")),))


def test_the_options_of_a_choice_come_in_the_order_of_the_registry() -> None:
    [ask] = parse_checklist(TYPE.encode(), "f").assess.steps[1].ask
    assert ask.options == (Option("yes", "ja"), Option("partly", "zum Teil"), Option("no", "nein"))


def test_a_ladder_has_what_its_file_says() -> None:
    ladder = parse_ladder(LADDER.encode(), "f")
    assert [rung.id for rung in ladder.rungs] == ["ask", "consequence", "end"]
    assert ladder.rungs[0].say == ("Bitte ohne Beleidigungen.", "Ich helfe gern.")
    assert ladder.sha256


def test_cards_have_what_their_file_says() -> None:
    cards = parse_cards(CARDS.encode(), "f")
    assert [card.id for card in cards.emergency()] == ["danger"]
    danger, crying = cards.cards
    assert (danger.letter, danger.end, danger.escalate, danger.numbers) == ("d", "keep", "must", ("emergency",))
    assert (crying.letter, crying.numbers) == ("", ())


def test_a_country_has_what_its_file_says() -> None:
    country = parse_country(COUNTRY.encode(), "f")
    assert (country.id, country.name) == ("NO", "Norge")
    assert country.numbers == (
        SafetyNumber("ambulance", "113", "", "a page (2021-11)", ""),
        SafetyNumber("crisis", "22 40 00 40", "Kirkens SOS", "from memory", "2026-11-01"),
    )


def test_what_stands_in_for_a_number_that_a_country_does_not_have() -> None:
    country = parse_country(COUNTRY.encode(), "f")
    ambulance, crisis = country.numbers
    assert country.of_kinds(("emergency", "suicide")) == (ambulance, crisis)
    assert country.of_kinds(("emergency", "ambulance")) == (ambulance,)
    assert country.of_kinds(("police",)) == ()


def test_all_faults_of_a_file_come_at_once_in_its_order() -> None:
    broken = changed(TYPE, "title: Aggressiv", "titel: Aggressiv")
    broken = changed(broken, "cooperating: false", "cooperating: off")
    broken = changed(broken, "id: regroup", "id: breathe")
    broken = changed(broken, "field: request", "field: request, field: cause")
    broken = changed(broken, "possible: [partly, no]", "satisfaction: [partly, maybe]")
    assert [fault.key for fault in faults_of(parse_checklist, broken)] == [
        "key-unknown-near",
        "value-flag",
        "step-doubled",
        "yaml-doubled",
        "only-not-asked",
        "value-unknown",
    ]


def test_a_fault_says_what_was_found_and_what_to_write() -> None:
    [fault] = faults_of(parse_checklist, changed(TYPE, "gate: critical", "gate: hard"))
    assert fault.params == {"found": "hard", "allowed": "standard, critical"}
    [fault] = faults_of(parse_checklist, changed(TYPE, "why: Ein", "whi: Ein"))
    assert fault.params == {"name": "whi", "near": "why"}
    [fault] = faults_of(parse_checklist, changed(TYPE, "Ausreden lassen", "x" * 50))
    assert fault.params == {"found": 50, "most": 48}


def test_a_newer_format_is_told_alone() -> None:
    newer = changed(TYPE, "format: 1", "format: 12").replace("steps:", "moments:")
    [fault] = faults_of(parse_checklist, newer)
    assert (fault.place, fault.key, fault.params) == ("f:1:9", "format-newer", {"found": "12", "known": 1})


def test_a_phase_may_have_two_critical_steps() -> None:
    two = changed(TYPE, "do: Ausreden lassen", "do: Ausreden lassen\n        gate: critical")
    assert [step.gate for step in parse_checklist(two.encode(), "f").assess.steps] == [CRITICAL, CRITICAL]
    third = "      - {id: third, do: Dritter, gate: critical}\n  resolve:"
    [fault] = faults_of(parse_checklist, changed(two, "  resolve:", third))
    assert (fault.key, fault.params) == ("step-critical", {"most": 2})


def test_a_step_on_a_channel_where_nobody_asked_is_never_reached() -> None:
    asked_by_phone = changed(TYPE, "gate: critical\n", "gate: critical\n        only: {channel: phone}\n")
    parse_checklist(asked_by_phone.encode(), "f")
    broken = changed(asked_by_phone, "level: [0, 1]", "channel: email")
    assert seen(faults_of(parse_checklist, broken)) == [(f"f:{position(broken, 'possible: [')}", "only-not-asked")]


def test_a_missing_phase_is_told() -> None:
    broken = changed(TYPE, "  assess:\n", "  asses:\n")
    keys = [fault.key for fault in faults_of(parse_checklist, broken)]
    assert keys == ["key-unknown-near", "only-not-asked"]


def test_rungs_go_from_mild_to_hard() -> None:
    broken = LADDER.replace("id: ask", "id: x").replace("id: end", "id: ask").replace("id: x", "id: end")
    assert seen(faults_of(parse_ladder, broken)) == [("f:7:3", "rung-order")]


def test_a_ladder_may_have_fewer_rungs() -> None:
    end = LADDER.index("  - id: end")
    assert [rung.id for rung in parse_ladder(LADDER[:end].encode(), "f").rungs] == ["ask", "consequence"]


def test_a_single_value_of_a_condition_needs_no_list() -> None:
    single = changed(TYPE, "possible: [partly, no], level: [0, 1]", "possible: no, level: 3, channel: phone")
    only = parse_checklist(single.encode(), "f").resolve.steps[0].only
    assert only == Condition((3,), ("phone",), (("possible", ("no",)),))


@pytest.mark.parametrize("name", [field.id for field in ASKED])
def test_every_field_can_be_asked_as_the_registry_has_it(name: str) -> None:
    field = FIELDS[name]
    options = ", ".join(f"{value}: label" for value in field.options)
    asked = f"{{field: {name}, label: x, kind: {field.kind}" + (f", options: {{{options}}}}}" if options else "}")
    text = changed(TYPE, "{field: follow_up, label: Wann wieder?, kind: date}", asked)
    [ask] = parse_checklist(text.encode(), "f").resolve.steps[1].ask
    assert (ask.field, ask.kind) == (field.id, field.kind)
    assert tuple(option.value for option in ask.options) == field.options


@pytest.mark.parametrize("line", ["Der Preis heißt „Basis“.", "«Nei» sier vi ikke", "It's fine", "‘n Beetje"])
def test_a_say_line_may_quote_something(line: str) -> None:
    text = changed(TYPE, "- Ich höre Ihnen zu.", f'- "{line}"')
    assert parse_checklist(text.encode(), "f").assess.steps[0].say[0] == line


def test_a_folded_text_is_one_line() -> None:
    text = changed(TYPE, "do: Ausreden lassen", "do: >\n          Ausreden\n          lassen")
    assert parse_checklist(text.encode(), "f").assess.steps[0].do == "Ausreden lassen"


def test_a_place_is_found_as_far_as_the_path_leads() -> None:
    data = TYPE.encode()
    assert locate(data, "f", "phases", "assess", "steps", 1, "gate") == f"f:{position(TYPE, 'critical')}"
    assert locate(data, "f", "phases", "assess", "steps", 1, "pace") == f"f:{position(TYPE, 'id: check-possible')}"
    assert locate(data, "f", "title") == f"f:{position(TYPE, 'Aggressiv')}"
    assert locate(b"a: [", "f", "title") == "f:1:1"


def content_files() -> list[Path]:
    return sorted(builtin_root().glob("*/*.yaml"))


@pytest.mark.parametrize("path", content_files(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_built_in_files_are_valid(path: Path) -> None:
    parse = {"ladder": parse_ladder, "cards": parse_cards}.get(path.stem, parse_checklist)
    if path.parent.name == "countries":
        parse = parse_country
    assert parse(path.read_bytes(), path.name).sha256


@given(st.sampled_from([parse_checklist, parse_ladder, parse_cards, parse_country]), st.binary(max_size=300))
def test_any_bytes_give_a_value_or_faults(parse: Callable[[bytes, str], object], data: bytes) -> None:
    with suppress(ContentFaults):
        parse(data, "f")


VALUES = st.recursive(
    st.sampled_from(["x", "no", "true", "1", "2026-11-22", "aggressive", "{x}", "", "de", "critical", "'1'"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(["id", "do", "in", "field", "steps", "level", "zz"]), inner, max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"
        ),
    ),
    max_leaves=6,
)


@given(st.sampled_from([TYPE, LADDER, CARDS, COUNTRY]), st.data())
def test_any_value_in_any_place_gives_a_value_or_faults(text: str, data: st.DataObject) -> None:
    lines = text.splitlines()
    index = data.draw(st.integers(0, len(lines) - 1))
    before, colon, _ = lines[index].partition(": ")
    lines[index] = f"{before}{colon or ': '}{data.draw(VALUES)}"
    for parse in (parse_checklist, parse_ladder, parse_cards, parse_country):
        with suppress(ContentFaults):
            parse("\n".join(lines).encode(), "f")
