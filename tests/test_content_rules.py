"""Each rule of the content formats, broken alone in a good file, is told alone, with its place and its key."""

import pytest
from content_samples import CARDS, COUNTRY, LADDER, TYPE, position, seen

from deescalate_tui.content.from_yaml import parse_cards, parse_checklist, parse_country, parse_ladder
from deescalate_tui.errors import ContentFaults

PARSERS = {TYPE: parse_checklist, LADDER: parse_ladder, CARDS: parse_cards, COUNTRY: parse_country}

LONG = "x" * 300
HEAR = "Ich höre Ihnen zu."
SAY = f"\n          - {HEAR}\n          - Ich habe {{request}} vor mir."
W20 = " ".join(["ja"] * 20)
WRITE = "        avoid: nicht unterbrechen\n"
"""Where the sample has room for lines to write; `_write` puts them there."""
KEYS = "x" * 60 + " {key_type} {key_emergency}"
"""With keys of two characters, it has 66."""


def _write(*lines: str) -> str:
    return "        write:\n" + "".join(f"          - {line}\n" for line in lines) + WRITE


# What is written instead of what, where the fault stands (a part of the changed text), its key.
TYPE_RULES = {
    "unknown key": ("title: Aggressiv", "titel: x\ntitle: Aggressiv", "titel: x", "key-unknown-near"),
    "unknown key, nothing near": ("title: Aggressiv", "zzz: x\ntitle: Aggressiv", "zzz", "key-unknown"),
    "unknown key of a step": ("tone: langsam", "tones: x\n        tone: langsam", "tones", "key-unknown-near"),
    "missing key": ("revision: 3\n", "", "format", "key-missing"),

    "missing headline": ("        do: Klar nein sagen\n", "", "id: say-no", "key-missing"),
    "missing id of a step": ("      - id: regroup\n        do", "      - do", "do: Noch", "key-missing"),
    "missing phase": (TYPE[TYPE.index("  control:") : TYPE.index("  assess:")], "", "assess:", "key-missing"),
    "missing aftercare": (TYPE[TYPE.index("aftercare:") :], "", "format", "key-missing"),
    "doubled key": ("revision: 3", "revision: 3\nrevision: 4", "revision: 4", "yaml-doubled"),
    "newer format": ("format: 1", "format: 2\nnew: x", "2", "format-newer"),
    "format 0": ("format: 1", "format: 0", "0", "value-whole"),
    "format as text": ("format: 1", 'format: "1"', '"1"', "value-whole"),
    "revision 0": ("revision: 3", "revision: 0", "0", "value-whole"),
    "revision with a point": ("revision: 3", "revision: 3.0", "3.0", "value-whole"),
    "language": ("language: de", "language: nb", "nb", "value-unknown"),
    "id": ("id: aggressive", "id: Aggressive", "Aggressive", "value-id"),
    "id of a step": ("id: breathe", "id: breathe deeply", "breathe deeply", "value-id"),
    "long id": ("id: breathe", f"id: {LONG}", LONG, "value-id"),
    "no date": ("2026-11-22", "22.11.2026", "22.11", "value-date"),
    "date not in the calendar": ("2026-11-22", "2026-02-30", "2026-02-30", "value-date"),
    "boolean of YAML 1.1": ("cooperating: false", "cooperating: no", "no\n", "value-flag"),
    "boolean in quotation marks": ("cooperating: false", 'cooperating: "false"', '"false"', "value-flag"),
    "boolean in capitals": ("cooperating: false", "cooperating: False", "False", "value-flag"),
    "list instead of text": ("title: Aggressiv", "title: [a]", "[a]", "shape-text"),
    "text instead of list": ("reminders:\n  - tief atmen\n  - kurz antworten", "reminders: x", "x\n", "shape-list"),
    "text instead of mapping": ("pace: {in: 4, out: 6.5, times: 3}", "pace: slow", "slow", "shape-mapping"),
    "empty text": ("do: Ausreden lassen", "do:", "\n        say", "text-empty"),
    "several lines": ("Laut und fordernd, ruhig und klar führen", '"a\\nb"', '"a\\nb"', "text-lines"),
    "title": ("title: Aggressiv", "title: Siebzehn Zeichen!", "Siebzehn", "text-long"),
    "summary": ("summary: Laut", f"summary: {'x' * 50} Laut", "x" * 50, "text-long"),
    "cue": ("spricht laut", "x" * 61, "x" * 61, "text-long"),
    "one cue": ("  - spricht laut\n", "", "- fällt", "list-length"),
    "five cues": ("  - spricht laut", "  - a\n  - b\n  - c\n  - d", "- a", "list-length"),
    "doubled cue": ("- fällt ins Wort", "- spricht laut", "spricht laut\nreminders", "list-doubled"),
    "reminder": ("tief atmen", "x" * 41, "x" * 41, "text-long"),
    "one reminder": ("  - tief atmen\n", "", "- kurz", "list-length"),
    "four reminders": ("  - tief atmen", "  - a\n  - b\n  - tief atmen", "- a", "list-length"),
    "doubled reminder": ("- kurz antworten", "- tief atmen", "tief atmen\nphases", "list-doubled"),
    "phase title": ("title: Ruhe", "title: Siebzehn Zeichen!", "Siebzehn", "text-long"),
    "headline of 49 characters": ("Ausreden lassen", "x" * 49, "x" * 49, "text-long"),
    "headline of nine words": ("Ausreden lassen", "a b c d e f g h i", "a b c", "text-words"),
    "headline with a full stop": ("do: Ausreden lassen", "do: Ausreden lassen.", "Ausreden", "text-full-stop"),
    "headline with a placeholder": ("Ausreden lassen", '"{customer} hören"', '"{customer}', "text-placeholder"),
    "say-line of 21 words": ("Ich höre Ihnen zu.", f"{W20} ja", W20, "text-words"),
    "say-line too long for a screen": ("Ich höre Ihnen zu.", "x" * 201, "x" * 201, "text-long"),
    "say-line in quotation marks": ("Ich höre Ihnen zu.", "„Ich höre Ihnen zu.“", "„Ich", "say-quoted"),
    "unknown placeholder": ("{request}", "{ticket}", "Ich habe {ticket}", "say-placeholder"),
    "stray brace": ("{request}", "{request", "Ich habe {", "say-brace"),
    "no variant without a placeholder": ("          - Ich höre Ihnen zu.\n", "", "- Ich habe", "say-variant"),
    "four variants": ("- Ich höre", "- a\n          - b\n          - Ich höre", "- a", "list-length"),
    "same variant twice": ("Ich habe {request} vor mir.", HEAR, f"{HEAR}\n        avoid", "list-doubled"),
    "line to write of 21 words": (WRITE, _write(f"{W20} ja"), W20, "text-words"),
    "line to write too long for a screen": (WRITE, _write("x" * 201), "x" * 201, "text-long"),
    "line to write in quotation marks": (WRITE, _write("„Guten Tag.“"), "„Guten", "say-quoted"),
    "line to write with an unknown placeholder": (WRITE, _write("Zu {ticket}.", "a"), "Zu {ticket}", "say-placeholder"),
    "line to write that names a key": (WRITE, _write("Taste {key_type}", "a"), "Taste", "say-placeholder"),
    "line to write with a stray brace": (WRITE, _write("Zu request}.", "a"), "Zu request", "say-brace"),
    "nothing to write without a placeholder": (WRITE, _write("Zu {request}."), "- Zu", "say-variant"),
    "four lines to write": (WRITE, _write("a", "b", "c", "d"), "- a", "list-length"),
    "no lines to write": (WRITE, f"        write: []\n{WRITE}", "[]", "list-length"),
    "same line to write twice": (WRITE, _write("Guten Tag", "Guten Tag"), "Guten Tag\n        avoid", "list-doubled"),
    "say as text": (f"say:{SAY}", "say: Ja", "Ja\n", "shape-list"),
    "tone": ("langsam, die Schultern sinken", "x" * 71, "x" * 71, "text-long"),
    "avoid": ("nicht unterbrechen", "x" * 71, "x" * 71, "text-long"),
    "style": ("tone: langsam, die Schultern sinken", f"style: {'x' * 71}", "x" * 71, "text-long"),
    "tone with keys, as it is shown": ("langsam, die Schultern sinken", f"xxxxx{KEYS}", f"xxxxx{KEYS}", "text-long"),
    "tone with the placeholder of a line": ("langsam, die", "zu {customer}, die", "zu {", "say-placeholder"),
    "avoid with a key that there is not": ("nicht unter", "nie {key_any} unter", "nie {", "say-placeholder"),
    "why with a stray brace": ("Ein langer", "Ein { langer", "Ein {", "say-brace"),
    "why": ("Ein langer Atem senkt den Puls.", "x" * 91, "x" * 91, "text-long"),
    "breath out not longer": ("out: 6.5", "out: 4", "{in: 4", "pace-out"),
    "breath in words": ("in: 4,", "in: vier,", "vier", "value-number"),
    "breath too long": ("out: 6.5", "out: 60", "60", "value-number"),
    "breath without times": (", times: 3}", "}", "{in: 4", "key-missing"),
    "breath half a time": ("times: 3", "times: 0.5", "0.5", "value-whole"),
    "level 5": ("level: [0, 1]", "level: [0, 5]", "5]", "value-whole"),
    "level twice": ("level: [0, 1]", "level: [0, 0]", "0]", "list-doubled"),
    "no level": ("level: [0, 1]", "level: []", "[]", "list-length"),
    "channel": ("channel: email", "channel: chat", "chat", "value-unknown"),
    "only is empty": ("only: {channel: email}", "only: {}", "{}", "only-empty"),
    "only with an expression": ("only: {channel: email}", "only: level > 2", "level > 2", "shape-mapping"),
    "only with an unknown field": ("only: {channel: email}", "only: {mood: bad}", "mood", "key-unknown"),
    "only with a text field": ("possible: [partly, no]", "request: [no]", "request: [no]", "key-unknown"),
    "only with an unknown answer": ("possible: [partly, no]", "possible: [maybe]", "maybe", "value-unknown"),
    "only with what nobody asked": ("possible: [partly, no]", "satisfaction: partly", "satisfaction", "only-not-asked"),
    "only with the answer of the same step": (
        "        gate: critical\n",
        "        gate: critical\n        only: {possible: yes}\n",
        "possible: yes}",
        "only-not-asked",
    ),
    "gate": ("gate: critical", "gate: hard", "hard", "value-unknown"),
    "unknown field": ("field: request", "field: name", "name,", "value-unknown"),
    "kind of a field": ("kind: text", "kind: date", "date}", "value-unknown"),
    "label": ("Worum geht es?", "x" * 41, "x" * 41, "text-long"),
    "label with a placeholder": ("Worum geht es?", '"{request}?"', '"{request}', "text-placeholder"),
    "label of an option": ("partly: zum Teil", f"partly: {'x' * 41}", "x" * 41, "text-long"),
    "seven questions": (
        "          - {field: request, label: Worum geht es?, kind: text}",
        "\n".join(
            f"          - {{field: {field}, label: x, kind: text}}"
            for field in ("request", "cause", "expected", "summary", "responsible", "route", "document")
        ),
        "- {field: request",
        "list-length",
    ),
    "question of the program": ("field: request", "field: threat_kind", "threat_kind", "value-unknown"),
    "no label": ("label: Worum geht es?, ", "", "{field: request", "key-missing"),
    "options of a text": ("kind: text}", "kind: text, options: {a: b}}", "options: {a: b}", "key-unknown"),
    "missing option": (", partly: zum Teil}", "}", "{no: nein", "key-missing"),
    "unknown option": ("no: nein, ", "no: nein, never: nie, ", "never", "key-unknown"),
    "field twice in a step": (
        "          - {field: request, label: Worum geht es?, kind: text}",
        "          - {field: request, label: A, kind: text}\n          - {field: request, label: B, kind: text}",
        "{field: request, label: B",
        "list-doubled",
    ),
    "four techniques": ("[breathe, stay-calm]", "[a, b, c, d]", "[a,", "list-length"),
    "technique twice": ("[breathe, stay-calm]", "[a, a]", "a]", "list-doubled"),
    "technique": ("[breathe, stay-calm]", "[Stay Calm]", "Stay Calm", "value-id"),
    "third critical step": (
        "  resolve:\n",
        "      - {id: second, do: Zwei, gate: critical}\n      - {id: third, do: Drei, gate: critical}\n  resolve:\n",
        "critical}\n  resolve",
        "step-critical",
    ),
    "step id twice": ("id: wrap-up", "id: regroup", "regroup\n        do: Ab", "step-doubled"),
    "no steps": ("  steps:\n    - id: learn\n      do: Eine Lehre notieren\n", "  steps: []\n", "[]", "list-length"),
}  # fmt: skip

LADDER_RULES = {
    "kind": ("kind: ladder", "kind: cards", "cards", "value-unknown"),
    "no kind": ("kind: ladder\n", "", "format", "key-missing"),
    "unknown rung": ("id: ask", "id: beg", "beg", "value-unknown"),
    "rung twice": ("id: end", "id: consequence", "id: consequence\n    do: Ank", "list-doubled"),
    "no rungs": (LADDER[LADDER.index("rungs") :], "rungs: []\n", "[]", "list-length"),
    "rung without words": ("    say: [Ich beende das Gespräch jetzt.]\n", "", "id: end", "key-missing"),
    "hardest rung first": (
        LADDER[LADDER.index("  - id: ask") : LADDER.index("  - id: end")],
        LADDER[LADDER.index("  - id: consequence") : LADDER.index("  - id: end")]
        + LADDER[LADDER.index("  - id: ask") : LADDER.index("  - id: consequence")],
        "- id: consequence",
        "rung-order",
    ),
    "headline": ("Um einen anderen Ton bitten", "x" * 49, "x" * 49, "text-long"),
    "line to write": (
        "    say: [Sonst beende ich das Gespräch.]",
        f"    say: [Ja.]\n    write: [{W20} ja]",
        W20,
        "text-words",
    ),
    "newer format": ("format: 1", "format: 7", "7", "format-newer"),
}

CARD_RULES = {
    "title": ("title: Gefahr", f"title: {'x' * 31}", "x" * 31, "text-long"),
    "cue": ("Ein Kind schreit.", "x" * 71, "x" * 71, "text-long"),
    "two lines to do": ("Ort erfragen, ", "", "[In der", "list-length"),
    "long line to do": ("Ort erfragen", "x" * 61, "x" * 61, "text-long"),
    "five lines to do": ("Ort erfragen", "a, b, Ort erfragen", "[a", "list-length"),
    "line to do with keys, as it is shown": ("Ort erfragen", f'"{KEYS}"', f'"{KEYS}', "text-long"),
    "line to do with a key that there is not": ("Ort erfragen", '"{key_any}"', '"{key_any}', "say-placeholder"),
    "cue with a placeholder": ("Ein Kind schreit.", '"{key_type}"', '"{key_type}', "text-placeholder"),
    "three lines to write": (
        "    avoid: nicht auflegen",
        "    write: [a, b, c]\n    avoid: nicht auflegen",
        "[a,",
        "list-length",
    ),
    "three lines to say": ("[Wo sind Sie gerade?]", "[A?, B?, C?]", "[A?", "list-length"),
    "words": ("Wo sind Sie gerade?", f"{W20} ja", W20, "text-words"),
    "avoid": ("nicht auflegen", "x" * 71, "x" * 71, "text-long"),
    "end": ("end: keep", "end: hold", "hold", "value-unknown"),
    "escalate": ("escalate: must", "escalate: yes", "yes", "value-unknown"),
    "number": ("[emergency]", "[112]", "112", "value-unknown"),
    "letter": ("letter: d", "letter: dd", "dd", "value-letter"),
    "letter twice": ("id: crying", "id: crying\n    letter: d", "id: crying", "list-doubled"),
    "id twice": ("id: crying", "id: danger", "id: danger\n    title", "list-doubled"),
    "no avoid": ("    avoid: nicht auflegen\n", "", "id: danger", "key-missing"),
}

COUNTRY_RULES = {
    "code": ("id: NO", "id: no", "no\n", "value-country"),
    "kind": ("kind: country", "kind: land", "land", "value-unknown"),
    "kind of number": ("kind: ambulance", "kind: taxi", "taxi", "value-unknown"),
    "number in words": ('"113"', "one one three", "one one", "value-phone"),
    "one digit": ('"113"', "1", "1\n    source", "value-phone"),
    "no source": ("    source: a page (2021-11)\n", "", "kind: ambulance", "key-missing"),
    "not said whether verified": ("    verified: null\n", "", "kind: ambulance", "key-missing"),
    "verified": ("verified: null", "verified: yes", "yes", "value-date"),
    "null in quotation marks": ("verified: null", 'verified: "null"', '"null"', "value-date"),
    "no numbers": (COUNTRY[COUNTRY.index("numbers") :], "numbers: []\n", "[]", "list-length"),
}

ALL_RULES = [
    pytest.param(text, *rule, id=f"{kind}-{name}")
    for kind, text, rules in (
        ("type", TYPE, TYPE_RULES),
        ("ladder", LADDER, LADDER_RULES),
        ("cards", CARDS, CARD_RULES),
        ("country", COUNTRY, COUNTRY_RULES),
    )
    for name, rule in rules.items()
]


@pytest.mark.parametrize(("text", "old", "new", "at", "key"), ALL_RULES)
def test_a_broken_rule_is_told_with_its_place(text: str, old: str, new: str, at: str, key: str) -> None:
    broken = text.replace(old, new, 1)
    assert broken != text
    with pytest.raises(ContentFaults) as caught:
        PARSERS[text](broken.encode(), "f")
    assert seen(caught.value.faults) == [(f"f:{position(broken, at)}", key)]


# What is written instead of what: the most that each limit allows.
AT_THE_LIMIT = {
    "headline of 48 characters": (TYPE, "Ausreden lassen", "x" * 48),
    "headline of eight words": (TYPE, "Ausreden lassen", "a b c d e f g h"),
    "say-line of 20 words": (TYPE, HEAR, W20),
    "line to write of 20 words": (TYPE, WRITE, _write(W20)),
    "tone": (TYPE, "langsam, die Schultern sinken", "x" * 70),
    "tone with keys, as it is shown": (TYPE, "langsam, die Schultern sinken", f"xxxx{KEYS}"),
    "style": (TYPE, "tone: langsam, die Schultern sinken", f"style: {'x' * 70}"),
    "avoid that names a key": (TYPE, "nicht unterbrechen", "'{key_type} nicht drücken'"),
    "why": (TYPE, "Ein langer Atem senkt den Puls.", "x" * 90),
    "four cues": (TYPE, "  - spricht laut", "  - a\n  - b\n  - spricht laut"),
    "three reminders": (TYPE, "  - tief atmen", "  - a\n  - tief atmen"),
    "three techniques": (TYPE, "[breathe, stay-calm]", "[a, b, c]"),
    "two critical steps": (TYPE, "do: Ausreden lassen", "do: Ausreden lassen\n        gate: critical"),
    "line to do": (CARDS, "Ort erfragen", "x" * 60),
    "line to do with keys, as it is shown": (CARDS, "Ort erfragen", f'"{KEYS[6:]}"'),
    "four lines to do": (CARDS, "Ort erfragen", "a, Ort erfragen"),
    "two lines to write": (CARDS, "    end: keep", "    write: [a, b]\n    end: keep"),
    "three lines on a rung": (LADDER, "Ich helfe gern.", "a, b"),
}


@pytest.mark.parametrize(("text", "old", "new"), AT_THE_LIMIT.values(), ids=AT_THE_LIMIT)
def test_what_just_keeps_a_limit_is_good(text: str, old: str, new: str) -> None:
    changed = text.replace(old, new, 1)
    assert changed != text
    PARSERS[text](changed.encode(), "f")


def test_a_text_counts_as_it_is_shown() -> None:
    broken = TYPE.replace("langsam, die Schultern sinken", f"xxxxx{KEYS}")
    with pytest.raises(ContentFaults) as caught:
        parse_checklist(broken.encode(), "f")
    assert [fault.params for fault in caught.value.faults] == [{"found": 71, "most": 70}]
