"""A note that was damaged or changed by hand: a Fault with its line, or what it says now; never a smaller note."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from note_samples import EVIL, SAMPLES, german

from deescalate_tui.catalogues import load
from deescalate_tui.errors import Fault
from deescalate_tui.i18n import UI_LANGUAGES
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import IncidentNote, Said, note_from
from deescalate_tui.notes.parse import parse, parse_front

MESSAGES = {language: load(language) for language in UI_LANGUAGES}


def cut_points(text: str) -> list[int]:
    return [*range(0, len(text) - 1, 7), len(text) - 2, len(text) - 1]


def test_a_note_that_was_cut_short_is_never_read_as_a_smaller_one():
    text = render(note_from(german()), MESSAGES["de"])
    for end in cut_points(text):
        with pytest.raises(Fault):
            parse(text[:end])


def read(text: str) -> IncidentNote | Fault:
    try:
        return parse(text, "note.md")
    except Fault as fault:
        return fault


@pytest.mark.parametrize("change", ["lost", "twice"])
@pytest.mark.parametrize("language", SAMPLES)
def test_a_lost_or_doubled_line_is_a_fault_or_was_only_for_people(language: str, change: str):
    note = note_from(SAMPLES[language]())
    lines = render(note, MESSAGES[language]).split("\n")
    for number, line in enumerate(lines):
        again = [line, line] if change == "twice" else []
        found = read("\n".join((*lines[:number], *again, *lines[number + 1 :])))
        said_once = line.startswith('  - {"id"')  # which checklists guided
        assert isinstance(found, Fault) or found == note or said_once, line


def test_a_section_that_stands_twice_is_a_fault():
    text = render(note_from(german()), MESSAGES["de"])
    for name in ("control", "levels", "quotes", "commitments"):
        section = re.search(rf"<!-- {name}.*?(?=\n\n)\n\n", text, re.DOTALL)
        assert section is not None
        found = read(text.replace(section[0], section[0] * 2))
        assert isinstance(found, Fault), name


@given(st.sampled_from(sorted(SAMPLES)), st.randoms(use_true_random=False))
def test_a_damaged_note_is_a_fault_with_its_line_or_still_a_note(language: str, chance: random.Random):
    text = render(note_from(SAMPLES[language]()), MESSAGES[language])
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text))
        end = start + chance.choice((0, 1, 1, 3, 40))
        text = text[:start] + chance.choice(("", "0", "-", '"', "\n", "9" * 30, "[" * 9, *EVIL)) + text[end:]
    found = read(text)
    if isinstance(found, Fault):
        assert found.place.startswith("note.md:")
        assert MESSAGES["no"].has(f"fault.{found.key}")
    else:
        again = parse(render(found, MESSAGES["en"]))
        assert parse(render(again, MESSAGES["de"])) == again


@given(st.sampled_from(sorted(SAMPLES)), st.randoms(use_true_random=False))
def test_front_matter_is_read_alike_at_a_glance_and_line_by_line(language: str, chance: random.Random):
    text = render(note_from(SAMPLES[language]()), MESSAGES[language]).partition("\n# ")[0]
    for _ in range(chance.randint(0, 2)):
        start = chance.randrange(len(text))
        piece = chance.choice(("", "0", '"', "[]", "{}", "\n", "\n  - ", ": ", "null", "2026-11-22", '1,"schema":1'))
        text = text[:start] + piece + text[start + chance.choice((0, 1, 3)) :]
    found = []
    for beginning in ("---\n", "---\nunknown: 1\n"):  # with a key that is passed over it is read line by line
        try:
            found.append(parse_front(beginning + text.removeprefix("---\n")))
        except Fault as fault:
            found.append(fault.key)
    assert found[0] == found[1]


@given(
    st.text() | st.sampled_from(EVIL), st.sampled_from(["", "---\n", "---\nschema: 1\n", "---\nschema: 1\nstarted: "])
)
def test_a_foreign_text_is_a_fault(text: str, beginning: str):
    for reader in (parse, parse_front):
        with pytest.raises(Fault):
            reader(f"{beginning}{text}\n---\n")


@pytest.mark.parametrize(
    ("found", "instead", "below", "key"),
    [
        ("schema: 1", "schema: 2", 0, "note-newer"),
        ("schema: 1", "schema: true", 0, "note-value"),
        ('ticket: "T-4711"', 'agent: "x"', 0, "note-twice"),
        ("warnings: 1", "warnings: one", 0, "note-value"),
        ("warnings: 1", f"warnings: {'[' * 100_000}", 0, "note-value"),
        ("warnings: 1", "warnings:", 0, "note-value"),
        ("warnings: 1", "warnings: 1\n  - 1", 1, "note-value"),
        ('started: "2026-11-22T', 'started: "2026-22-11T', 0, "note-value"),
        ("T14:05:12+01:00", "T14:05:12", 0, "note-value"),
        ('started: "2026-11-22T', 'started: "0001-01-01T', 0, "note-value"),
        ('expires: "2027-02-20"', 'expires: "never"', 0, "note-value"),
        ("- [x] 14:05:26", "- [y] 14:05:26", 0, "note-line"),
        ("- [x] 14:05:26", "- [x] 14:04:26", 0, "note-line"),
        ("- [x] 14:05:26", "[x] 14:05:26", -1, "note-count"),
        ("<!-- control breathe", "<!-- control", 0, "note-count"),
        ("<!-- control", "<!-- controls", 0, "note-line"),
        ("<!-- control", "<!- control", 1, "note-line"),
        (" *(", " (", 0, "note-line"),
        ("  > Zusage", "Zusage", -1, "note-line"),
        ("  > Zusage", "  > Zusage\n  > Zusage", 1, "note-line"),
        ("00:14 done", "00:14 done breathe", 0, "note-line"),
        ("00:14 done", "00:94 done", 0, "note-line"),
        ("# ", "# \x1b", 0, "note-character"),
    ],
)
def test_a_fault_names_the_line_and_what_is_wrong(found: str, instead: str, below: int, key: str):
    text = render(note_from(german()), MESSAGES["de"])
    line = text[: text.index(found)].count("\n") + 1 + below
    fault = read(text.replace(found, instead, 1))
    assert isinstance(fault, Fault)
    assert (fault.place, fault.key) == (f"note.md:{line}", key)


@pytest.mark.parametrize(
    ("found", "instead", "key"),
    [("---\n", "--\n", "note-foreign"), ('ticket: "T-4711"\n', "", "note-missing"), ('  - {"what"', "x", "note-count")],
)
def test_what_has_no_line_of_its_own_is_said_of_the_first(found: str, instead: str, key: str):
    fault = read(render(note_from(german()), MESSAGES["de"]).replace(found, instead, 1))
    assert isinstance(fault, Fault)
    assert (fault.place, fault.key) == ("note.md:1", key)


def test_unknown_keys_are_passed_over_with_all_that_belongs_to_them():
    note = note_from(german())
    text = render(note, MESSAGES["de"])
    more = "tags: [a, b]\nreviewed:\n  by: lead\n  - and more\nschema_url: 'x'\n"
    assert parse(text.replace("warnings:", f"{more}warnings:", 1)) == note


def test_headings_and_sentences_are_for_people_and_may_be_changed_by_hand():
    note = note_from(german())
    text = render(note, MESSAGES["de"])
    changed = re.sub("^(#+) .*|(?<=■).*$", r"\1 anders", text, flags=re.MULTILINE)
    assert changed != text
    assert parse(changed) == note


def test_words_changed_by_hand_are_the_words():
    text = render(note_from(german()), MESSAGES["de"])
    note = parse(text.replace("> Kunde rechnet:", "> Er rechnet:"))
    assert note.remarks == (Said(410, "Er rechnet: 3 * 4 = 12 Tage ohne Netz."),)
