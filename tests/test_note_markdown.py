"""A note as a file: it reads back as it was, whatever was typed, and nothing typed ever becomes structure."""

import os
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from note_samples import EVIL, PHASES, SAMPLES, german, norwegian, started, state_of

from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.call.fields import CHOICE, FIELDS
from deescalate_tui.catalogues import load
from deescalate_tui.clean import clean
from deescalate_tui.i18n import UI_LANGUAGES, Messages
from deescalate_tui.notes.front import Front
from deescalate_tui.notes.grammar import escaped, unescaped
from deescalate_tui.notes.markdown import handover, render
from deescalate_tui.notes.note import IncidentNote, note_from
from deescalate_tui.notes.parse import parse, parse_front

GOLDEN = Path(__file__).parent / "golden"
MESSAGES = {language: load(language) for language in UI_LANGUAGES}
TYPED = st.one_of(
    st.sampled_from(EVIL),
    st.text(),
    st.text(alphabet="-#>*_~`[]()<>&;\\/!|=+.:\n \"'„“%{}x1"),
    st.lists(st.sampled_from(EVIL), min_size=2, max_size=3).map(" ".join),
)
EVENTS = st.one_of(
    st.builds(ev.RequestPinned, TYPED),
    st.builds(ev.TicketSet, TYPED),
    st.builds(ev.QuoteHeard, TYPED),
    st.builds(ev.NoteWritten, TYPED),
    st.builds(ev.Promised, TYPED, TYPED, st.sampled_from(["", "next-step"])),
    st.builds(ev.FieldAnswered, st.sampled_from([*FIELDS, "vip", "a=b c"]), TYPED),
    st.builds(ev.FieldAnswered, st.sampled_from(list(FIELDS)), st.sampled_from(["yes", "partly", "me", "satisfied"])),
    st.builds(ev.GateOverridden, st.sampled_from(["next-step", "breathe", "gone"]), TYPED),
    st.builds(ev.StepDone, st.sampled_from(["breathe", "let-finish", "offer-options", "learn"]) | TYPED),
    st.builds(ev.StepSkipped, st.sampled_from(["breathe", "set-limit", "next-step"])),
    st.builds(ev.LevelHeard, st.integers(-1, 9)),
    st.builds(ev.LimitGiven, st.integers(0, 9), st.sampled_from(["ask", "end"]) | TYPED, TYPED),
    st.builds(ev.CardOpened, TYPED, TYPED),
    st.builds(ev.HelpCalled, st.sampled_from(["listen", "police"]) | TYPED),
    st.builds(ev.ChannelChanged, st.sampled_from(["phone", "email"])),
    st.builds(ev.Ended, st.sampled_from(["resolved", "transferred"]) | TYPED),
    st.builds(ev.RequestAnswered, st.sampled_from(["yes", "no"]) | TYPED),
    st.sampled_from([ev.HoldBegun(), ev.HoldEnded(), ev.Undone(), ev.AftercareBegun(), ev.Closed(), ev.Resumed()]),
)


@st.composite
def notes(draw: st.DrawFn) -> IncidentNote:
    """The note of any session: what was typed is hostile, and so are the ids that a site can choose."""
    first = started(
        draw(st.sampled_from(LANGUAGES)),
        agent=draw(TYPED),
        country=draw(TYPED),
        ticket=draw(TYPED),
        app_version=draw(TYPED),
        offset_min=draw(st.integers(-2000, 2000)),
        retention_days=draw(st.integers(-9, 10**7)),
    )
    steps = draw(st.lists(st.tuples(st.integers(0, 90_000), EVENTS), max_size=25))
    second, timed = 0, [(0, first)]
    for pause, event in steps:
        second += pause
        timed.append((second, event))
    return note_from(state_of(timed, draw(st.integers(0, 4 * 10**12))))


@given(notes(), st.sampled_from(UI_LANGUAGES))
def test_a_note_reads_back_as_it_was_in_any_language(note: IncidentNote, language: str):
    text = render(note, MESSAGES[language])
    assert parse(text) == note
    assert parse(text.replace("\n", "\r\n")) == note
    assert parse_front(text) == Front(**{name: getattr(note, name) for name in Front.__struct_fields__})


@given(notes())
def test_any_yaml_parser_reads_the_front_matter_as_meant(note: IncidentNote):
    text = render(note, MESSAGES["de"]).split("\n---\n")[0]
    front = msgspec.json.encode(parse_front(f"{text}\n---\n"))
    assert joined(yaml.safe_load(text)) == msgspec.json.decode(front)


def joined(value: object) -> object:
    """The value with each pair of surrogates as one character: JSON escapes write it as two, PyYAML leaves it so."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16")
        case list():
            return [joined(item) for item in value]
        case dict():
            return {key: joined(item) for key, item in value.items()}
    return value


@given(TYPED)
def test_escaping_can_be_taken_back_and_stays_on_one_line(text: str):
    line = escaped(text)
    assert unescaped(line) == text
    assert len(line.splitlines()) <= 1
    assert line == line.strip()


@pytest.mark.parametrize(
    "text",
    [
        "Kunde sagt: 3 * 4 = 12.",
        "Rechnung Nr. 4711, 3 < 4 & 5 > 2, R&D, 50 % Rabatt",
        "-5 °C, +49 170 1234567, a-b, 1.500 € und 2026-11-22",
        "max_mustermann schrieb: „So nicht!“ (Mail vom 3.5.)",
        "Hva nå? «Jeg venter» – 2 uker/14 dager; kr 1 250,–",
    ],
)
def test_ordinary_sentences_stay_as_they_are(text: str):
    assert escaped(text) == text


MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def body_of(text: str) -> str:
    return text.split("\n---\n", 1)[1]


def structure(text: str) -> list[tuple[str, list[str]]]:
    """What Markdown makes of the body: every block, and what stands inside of a line."""
    return [(t.type, [child.type for child in t.children or ()]) for t in MARKDOWN.parse(body_of(text))]


def shown(text: str) -> list[str]:
    return [token.content for block in MARKDOWN.parse(body_of(text)) for token in block.children or ()]


STEP_IDS = {step for steps in PHASES.values() for step in steps}


def everywhere(words: str, step: str = "") -> IncidentNote:
    """A note in which these words were typed wherever something can be typed, and are the headline of a step."""
    timed = [
        started("de", ticket=words),
        ev.RequestPinned(words),
        ev.QuoteHeard(words),
        ev.NoteWritten(words),
        ev.Promised(words, words),
        *(ev.FieldAnswered(field.id, words) for field in FIELDS.values() if field.kind != CHOICE),
        ev.GateOverridden("next-step", words),
        ev.StepDone(step or words),
        ev.CardOpened("card", words),
        ev.LimitGiven(1, "ask", words),
    ]
    return note_from(state_of(enumerate(timed)))


@given(TYPED.filter(lambda text: clean(text) and clean(text) not in STEP_IDS))
def test_nothing_typed_becomes_structure_and_markdown_shows_just_the_words(text: str):
    words = clean(text)
    rendered = render(everywhere(words), MESSAGES["de"])
    assert structure(rendered) == structure(render(everywhere("Wort"), MESSAGES["de"]))
    assert shown(rendered).count(words) >= 12
    assert f"„{words}“" in shown(rendered)


@pytest.mark.parametrize("text", EVIL)
def test_the_evil_strings_one_by_one(text: str):
    note = everywhere(text)
    assert parse(render(note, MESSAGES["nl"])) == note
    harmless = render(everywhere("woord"), MESSAGES["nl"])
    assert structure(render(note, MESSAGES["nl"])) == structure(harmless)


def test_what_was_typed_stands_in_no_line_that_programs_read_as_their_own():
    text = render(everywhere("Geheimnis", "breathe"), MESSAGES["de"])
    timeline = text[text.index("<!-- timeline") :]
    markers = [line for line in text.splitlines() if line.startswith("<!--")]
    assert "Geheimnis" not in timeline
    assert [line for line in markers if "Geheimnis" in line] == ["<!-- limits 1:ask:Geheimnis -->"]


@pytest.mark.parametrize("language", SAMPLES)
def test_the_golden_notes(language: str):
    """After a change that is meant: UPDATE_GOLDEN=1, then read the difference as a team lead would."""
    path = GOLDEN / f"note-{language}.md"
    note = note_from(SAMPLES[language]())
    text = render(note, MESSAGES[language])
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")
    assert parse(text) == note


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_the_catalogue_has_every_word_of_a_note(language: str):
    messages = MESSAGES[language]
    for state in (german(), norwegian(), SAMPLES["nl"]()):
        body = body_of(render(note_from(state), messages))
        sentences = [line for line in body.splitlines() if not line.startswith("<!--")]
        assert not [line for line in sentences if "note." in line or "phase." in line or "field." in line]
    missing = [f"field.{field}" for field in FIELDS] + [
        f"note.value.{field.id}.{value}" for field in FIELDS.values() for value in field.options
    ]
    assert not [key for key in missing if not messages.has(key)]
    assert len(messages("quotes", text="")) == 2, "reading takes one mark from each side of a quotation"


def test_a_day_later_is_marked_at_the_time():
    state = state_of([(0, started("de")), (10 * 3600, ev.QuoteHeard("Na")), (60 * 3600, ev.QuoteHeard("endlich"))])
    text = render(note_from(state), MESSAGES["de"])
    assert "- 00:05:12+1\n" in text
    assert "- 02:05:12+3\n" in text


# The lines to paste into a ticket


TICKET = Messages(
    "en",
    {
        "quotes": "“{text}”",
        "answer.partly": "partly",
        "outcome.follow-up": "still open",
        "outcome.aborted": "aborted",
        "note.level.3": "personal",
        "note.promise": "{what} (due {due})",
        "note.handover.request": "request: {request}",
        "note.handover.request-answered": "request: {request} (answered: {answer})",
        "note.handover.level": "level {peak} ({name})",
        "note.handover.outcome": "outcome: {outcome}",
        "note.handover.helper": "with {helper}",
        "note.handover.promised": "agreed: {promises}",
        "note.handover.follow-up": "next contact: {day}",
    },
)


def test_the_handover_says_request_course_and_next_step_in_three_sentences():
    assert handover(note_from(german()), TICKET) == (
        "Request: “Ersatzrouter kam zum dritten Mal nicht an, Internet seit 9. November weg” (answered: partly). "
        "Level 3 (personal); outcome: still open. "
        "Agreed: Ersatzrouter per Express senden (due Tue 2026-11-24); "
        "Rückruf mit der Sendungsnummer (due Mon 2026-11-23 15:00)."
    )


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (ev.Resumed(), "Outcome: aborted."),
        (ev.FieldAnswered("follow_up", "2026-11-27"), "Outcome: aborted. Next contact: Fri 2026-11-27."),
        (ev.FieldAnswered("helper", "Weber."), "Outcome: aborted; with Weber."),
        (ev.RequestPinned("*wichtig* [1]."), "Request: “*wichtig* [1]”. Outcome: aborted."),
        (ev.Promised("Rückruf. ", "morgen"), "Outcome: aborted. Agreed: Rückruf (due morgen)."),
    ],
)
def test_the_handover_is_plain_text_and_leaves_out_what_there_is_not(event: ev.AnyEvent, expected: str):
    assert handover(note_from(state_of([(0, started("de")), (9, event)])), TICKET) == expected
