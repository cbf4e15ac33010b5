"""The start: who is on the line, by what one hears; what waits; the ticket of a pop-up; a line for the day's shift."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from stage import Stage, Watch, opened
from test_tui import shown

from deescalate_tui import catalogues
from deescalate_tui.call.checklist import CHANNELS, LANGUAGES
from deescalate_tui.cli.main import main
from deescalate_tui.errors import Exit, UsageFault
from deescalate_tui.i18n import UI_LANGUAGES
from deescalate_tui.offer import LOCALES, SHIFT_LINES, kins, unfinished, waiting_text
from deescalate_tui.opening import Opening
from deescalate_tui.plain.session import run_plain
from deescalate_tui.plain.start import choose
from deescalate_tui.tui.start import StartPlace
from deescalate_tui.workplace import Workplace

ROOT = Path(__file__).parent.parent
SIZES = ((80, 24), (60, 20), (40, 12))
GERMAN = catalogues.load("de")


def own_types(home: Path) -> None:
    """Two types more in each language, one of each kind."""
    for language in LANGUAGES:
        folder = home / "deescalate" / "config" / "checklists" / language
        folder.mkdir(parents=True)
        for name, base in (("angler", "timid"), ("zealot", "rude")):
            text = (ROOT / "checklists" / language / f"{base}.yaml").read_text(encoding="utf-8")
            title = text.split("\ntitle: ")[1].split("\n")[0]
            text = text.replace(f"id: {base}", f"id: {name}", 1).replace(f"title: {title}", f"title: {name.title()}", 1)
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def left(work: Workplace, ticket: str = "", type_id: str = "timid") -> str:
    """An unfinished session that nobody leads."""
    live = work.start(type_id, "de", "phone", ticket=ticket)
    live.journal.close()
    work.leading = None
    return live.state.id


def start(work: Workplace | None = None, ticket: str = "", wanted: str = "", language: str = "de") -> Stage:
    stage = Stage(work or opened(), Opening(language=language, channel="phone", ticket=ticket, wanted=wanted))
    assert isinstance(stage.place, StartPlace)
    return stage


def lines(work: Workplace, *typed: str, ticket: str = "", wanted: str = "") -> tuple[Opening | None, str]:
    """The start in plain mode: what was chosen, and what was printed."""
    printed: list[str] = []
    opening = Opening(language="de", channel="phone", ticket=ticket, wanted=wanted)
    return choose(work, opening, iter(typed), printed.append), "".join(printed)


# --- by what one hears


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_two_headings_and_a_digit(language: str, size: tuple[int, int], own: bool, home: Path):
    if own:
        own_types(home)
    work = opened(language=language)
    left(work)
    rows = start(work, language=language).text(*size).splitlines()
    words, types = work.messages(language), work.library.types(language)
    assert len(types) == (6 if own else 4)
    heading = ""
    seen = []
    for row in rows:
        first = row.strip().split("  ")[0]
        heading = first if first in (words("start.cooperating"), words("start.difficult")) else heading
        number = row[3:4]
        if heading and number.isdigit() and row[4:6] == "  ":
            assert types[int(number) - 1].title == row[6:].split("  ")[0]
            assert types[int(number) - 1].cooperating is (heading == words("start.cooperating"))
            seen.append(int(number))
    assert sorted(seen) == list(range(1, len(types) + 1))
    cues = [words(f"start.{name}.cue").split(", ")[0] for name in ("cooperating", "difficult")]
    assert [cue for cue in cues if cue not in "\n".join(rows)] == []


def test_a_digit_means_the_same_type_whatever_a_site_adds(home: Path):
    own_types(home)
    for number, type_id in enumerate(("direct", "timid", "aggressive", "rude", "angler", "zealot"), 1):
        assert start().press(str(number)).state.call.checklist.id == type_id
        assert lines(opened(), str(number))[0] == Opening(type_id, "de", "phone")


def test_the_arrows_go_through_the_types_as_they_stand(home: Path):
    own_types(home)
    stage, found = start(), []
    for _ in range(6):
        row = next(row for row in stage.text().splitlines() if row.startswith(" ▸ "))
        found.append(row[3])
        stage.press("down")
    assert found == ["1", "2", "5", "3", "4", "6"]
    assert stage.press("down", "down", "enter").state.call.checklist.id == "angler"


def bare(stage: Stage, size: tuple[int, int]) -> list[str]:
    """The rows up to the last type, without the pointer."""
    rows = [row.replace("▸", " ") for row in stage.text(*size).splitlines()]
    return rows[: max(place for place, row in enumerate(rows) if row[3:4].isdigit()) + 1]


@pytest.mark.parametrize("size", [(120, 40), *SIZES, (30, 9)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_moves_while_one_looks_at_the_types(language: str, size: tuple[int, int]):
    stage = start(language=language)
    first = bare(stage, size)
    for _ in range(4):
        assert bare(stage.press("down"), size) == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picked_type_shows_all_that_one_hears(language: str):
    work = opened(language=language)
    stage = start(work, language=language)
    for checklist in sorted(work.library.types(language), key=lambda it: not it.cooperating):
        for size in SIZES[:2]:
            text = " ".join(stage.text(*size).split())
            assert [cue for cue in (*checklist.recognise, checklist.summary) if cue not in text] == []
        stage.press("down")


def test_a_site_may_have_one_kind_only():
    difficult = [checklist for checklist in opened().library.types("de") if not checklist.cooperating]
    (kin,) = kins(difficult, GERMAN)
    assert (kin.title, [offer.number for offer in kin.offers]) == (GERMAN("start.difficult"), [1, 2])


def test_the_question_is_for_what_is_read_where_the_channel_is_e_mail():
    stage = start()
    assert GERMAN("start.title") in stage.text()
    assert GERMAN("start.title-email") in stage.press("c").text()
    assert GERMAN("start.title-email") in lines(opened(), "c email", "leave")[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", "1234")
@pytest.mark.parametrize("channel", CHANNELS)
def test_three_keys_lead_to_a_sentence_to_say(language: str, number: str, channel: str):
    stage = Stage(opened(language=language), Opening(language=language, channel=channel)).press(number)
    for _ in range(2):
        if not any(mark in stage.text() for mark in "▌┆"):
            stage.press("space")
    assert any(mark in stage.text() for mark in "▌┆")


@pytest.mark.parametrize("size", [*SIZES, (30, 12)])
@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
def test_the_question_for_the_country_is_whole(language: str, size: tuple[int, int]):
    work = opened(country="", ui_language=language)
    text = Stage(work, Opening(language="de", channel="phone")).text(*size)
    words = work.messages(language)
    assert words("start.country-ask") in " ".join(text.split())
    assert [it.name for it in work.library.countries() if it.name not in text] == []
    assert size[0] < 60 or words("start.later") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_foot_keeps_the_keys_that_matter_most(language: str):
    stage, words = start(language=language), opened().messages(language)
    for width in range(28, 120):
        assert words("key.help") in stage.text(width, 24).splitlines()[-1]
        assert words("start.begin") in stage.text(width, 24).splitlines()[-1]


def asks(language: str = "de") -> Stage:
    """The start that asks for the country."""
    return Stage(opened(country=""), Opening(language=language, channel="phone"))


def pointed(stage: Stage) -> str:
    """The row that is picked; empty where none is."""
    return next((row for row in stage.text().splitlines() if row.startswith(" ▸ ")), "")


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"LANG": "de_AT.UTF-8"}, "AT"),
        ({"LANG": "de_AT.UTF-8", "LC_MESSAGES": "de_CH", "LC_ALL": ""}, "CH"),
        ({"LANG": "de_AT.UTF-8", "LC_ALL": "nb_NO.UTF-8@x"}, "NO"),
        ({"LANG": "nl-BE"}, "BE"),
        ({"LC_ALL": "C.UTF-8", "LANG": "nl_NL"}, "NL"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "de_DE.UTF-8"}, ""),
        ({"LANG": "de"}, ""),
        ({"LANG": "C"}, ""),
        ({"LANG": "de_AUT"}, ""),
        ({}, ""),
    ],
)
def test_the_cursor_stands_on_the_country_of_the_system(
    variables: dict[str, str], code: str, monkeypatch: pytest.MonkeyPatch
):
    for name in LOCALES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    stage = asks()
    assert stage.workplace.settings.country == ""
    name = next((it.name for it in stage.workplace.library.countries() if it.id == code), "")
    assert pointed(stage)[6:].strip() == name
    assert stage.press("enter").workplace.settings.country == code
    assert (GERMAN("start.country-ask") in stage.text()) is not bool(code)


def test_where_no_country_is_picked_enter_does_nothing_until_one_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    for size in (*SIZES, (30, 9)):
        assert GERMAN("start.begin") not in asks().text(*size)
    stage = asks().press("enter", "space", "l")
    assert stage.workplace.settings.country == ""
    countries = stage.workplace.library.countries()
    for place, keys in ((0, ["down", "enter"]), (-1, ["up", "space"]), (1, ["2"])):
        stage.workplace.settings = replace(stage.workplace.settings, country="")
        stage.show_start()
        assert stage.press(*keys).workplace.settings.country == countries[place].id
        assert GERMAN("start.title") in stage.text()


def test_who_changes_the_country_begins_at_the_present_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LC_ALL", "nb_NO.UTF-8")
    stage = Stage(opened(country="CH"), Opening(language="de", channel="phone")).press("o")
    assert stage.press("enter").workplace.settings.country == "CH"


# --- what waits


def test_what_was_broken_off_comes_before_the_question_for_the_country():
    work = opened(country="")
    mine = left(work)
    assert GERMAN("start.country-ask") not in start(work).text()
    assert start(work).press("r").state.id == mine
    stage = start(work).press("3")
    assert GERMAN("start.country-ask") in stage.text()
    place = 1 + [country.id for country in work.library.countries()].index("NL")
    begun = stage.press(str(place)).state
    assert (begun.country, begun.call.checklist.id) == ("NL", "aggressive")
    work.settings = replace(work.settings, country="")
    assert start(work).press("4", "escape").state.call.checklist.id == "rude"


def test_the_cursor_stands_on_the_newest_session_that_can_be_gone_on_with():
    watch = Watch()
    work = opened(watch=watch)
    mine = left(work)
    watch.seconds += 60
    other = opened(watch=watch).start("rude", "de", "phone")
    watch.seconds += 60
    damaged = work.paths.sessions / f"{left(work)}.journal"
    damaged.write_bytes(b"\x00")
    assert pointed(start(work)).startswith(" ▸ r  Zurückhaltend")
    assert start(work).press("3").state.call.checklist.id == "aggressive"
    assert start(work).press("enter").state.id == mine
    other.journal.close()


def test_a_call_with_a_ticket_does_not_begin_on_the_session_of_another():
    work = opened()
    left(work, "99")
    assert pointed(start(work, "4711", "rude")).startswith(" ▸ 4  ")
    assert pointed(start(work, "4711")).startswith(" ▸ 1  ")
    assert pointed(start(work, "99", "rude")).startswith(" ▸ r  ")


def test_faults_of_the_profile_are_counted(home: Path):
    folder = home / "deescalate" / "config"
    folder.mkdir(parents=True)
    folder.joinpath("site.yaml").write_text("format: 1\nkind: site\nnosuch: 1\n", encoding="utf-8")
    told = GERMAN.count("start.faults", 1)
    assert told in start().text()
    assert told in lines(opened(), "leave")[1]


def test_an_unfinished_session_tells_its_ticket_as_it_was_last_set():
    work = opened()
    session = left(work, "17")
    assert "Ticket 17 ·" in start(work).text()
    Stage(work, Opening(resume=session)).press("i", "=18\r").put_down()
    assert [entry.ticket for entry in work.waiting()] == ["18"]
    Stage(work, Opening(resume=session)).press("u").put_down()
    assert [entry.ticket for entry in work.waiting()] == ["17"]


def test_r_goes_on_with_the_first_that_is_free():
    watch = Watch()
    work = opened(watch=watch)
    first = left(work)
    watch.seconds += 60
    opened(watch=watch).start("rude", "de", "phone")
    rows = start(work).text().splitlines()
    assert "      " + GERMAN("start.in-use", title="Unhöflich", moment="22.11.2026 14:06") in rows
    assert " ▸ r  " + GERMAN("start.unfinished-row", title="Zurückhaltend", moment="22.11.2026 14:05") in rows
    assert start(work).press("r").state.id == first


def test_an_entry_that_is_cut_is_shown_whole_while_it_is_picked():
    work = opened()
    live = work.start("timid", "de", "phone", ticket="a long one, 1234567890")
    live.journal.close()
    (entry,) = unfinished(work, "")
    whole = waiting_text(entry, work.messages("de"))
    stage = start(work)
    assert whole in " ".join(stage.text(60, 20).split())
    assert whole not in " ".join(stage.press("down").text(60, 20).split())
    stage.press("up")
    assert stage.text().count(whole) == 1


# --- the ticket of a pop-up


def called(monkeypatch: pytest.MonkeyPatch, *arguments: str, terminal: bool = True) -> Opening:
    """What the command line opens."""
    opened_with: list[Opening] = []

    def take(work: Workplace, opening: Opening, *_: object, **__: object) -> int:
        opened_with.append(opening)
        return Exit.OK

    monkeypatch.setattr("deescalate_tui.cli.main._open", take)
    monkeypatch.setattr("deescalate_tui.cli.main.is_terminal", lambda _: terminal)
    assert main(arguments) == Exit.OK
    return opened_with[0]


GUIDE = ("guide", "rude", "--lang", "de", "--country", "DE", "--ticket")


def test_a_pop_up_begins_at_once(monkeypatch: pytest.MonkeyPatch):
    left(opened(), "12")
    left(opened(), "")
    assert called(monkeypatch, *GUIDE, "1") == Opening("rude", "de", "phone", "1")


@pytest.mark.parametrize("ticket", ["T-ä7", "t-Ä7", " T-ä7 "])
def test_a_pop_up_for_a_ticket_with_an_unfinished_session_asks_first(ticket: str, monkeypatch: pytest.MonkeyPatch):
    left(opened(), "T-ä7")
    assert called(monkeypatch, *GUIDE, ticket) == Opening("", "de", "phone", ticket.strip(), wanted="rude")


def test_without_somebody_to_ask_it_begins_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    session = left(opened(), "7")
    assert called(monkeypatch, *GUIDE, "7", terminal=False).type_id == "rude"
    told = capsys.readouterr()
    assert f"deescalate resume {session}" in told.err
    assert not told.out


def test_the_session_of_the_ticket_is_offered_first():
    watch = Watch()
    work = opened(watch=watch)
    mine = left(work, "4711", "aggressive")
    watch.seconds += 60
    left(work, "99")
    stage = start(work, "4711", "rude")
    told = GERMAN("start.same-ticket", ticket="4711")
    assert told in stage.text()
    assert " ▸ r  Aggressiv · Ticket 4711 ·" in stage.text()
    assert stage.press("enter").state.id == mine
    stage.put_down()
    assert start(work, "4711").press("r").state.id == mine


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
@pytest.mark.parametrize("size", SIZES)
def test_the_line_about_the_ticket_is_whole(language: str, size: tuple[int, int]):
    work = opened(ui_language=language)
    left(work, "4711")
    text = start(work, "4711", "rude").text(*size)
    assert catalogues.load(language)("start.same-ticket", ticket="4711") in " ".join(text.split())
    assert all(title in text for title in ("Direkt", "Zurückhaltend", "Aggressiv", "Unhöflich"))


def test_a_new_session_replaces_nothing():
    work = opened()
    mine = left(work, "4711")
    journal = work.paths.sessions / f"{mine}.journal"
    before = journal.read_bytes()
    stage = start(work, "4711", "rude").press("4")
    assert (stage.state.call.checklist.id, stage.state.call.ticket) == ("rude", "4711")
    assert stage.state.id != mine
    assert journal.read_bytes() == before


def test_the_ticket_is_open_in_another_window():
    work = opened()
    other = work.start("timid", "de", "phone", ticket="4711")
    stage = start(opened(), "4711", "rude")
    assert GERMAN("start.same-ticket-open", ticket="4711") in " ".join(stage.text().split())
    assert " ▸ 4  Unhöflich" in stage.text()
    assert stage.press("enter").state.call.checklist.id == "rude"
    assert other.state.call.checklist.id == "timid"


def test_another_ticket_is_not_spoken_of():
    work = opened()
    left(work, "4711")
    for ticket in ("471", "47111", "", " "):
        assert "r macht weiter" not in start(work, ticket).text()


async def test_the_next_call_has_another_ticket():
    async with shown(Opening("rude", "de", "phone", "4711")) as app:
        await app.press("x", "g")
        await app.until(lambda: "4711" in app.text)
        await app.press("enter", "1")
        assert app.state.call.checklist.id == "direct"
        assert app.state.call.ticket == ""


# --- a line for the shift


def days(work: Workplace, number: int) -> Iterator[str]:
    """The start screen on so many days."""
    assert isinstance(work.clock, Watch)
    for _ in range(number):
        yield start(work).text()
        work.clock.seconds += 86_400


def test_no_line_for_the_shift_unless_it_is_wanted():
    texts = [GERMAN(f"shift.{number}") for number in range(1, SHIFT_LINES + 1)]
    for text in (*days(opened(), SHIFT_LINES), *days(opened(shift_line="off"), 1)):
        assert not any(line in text for line in texts)


def test_a_line_for_the_shift_another_one_each_day(tmp_path: Path):
    texts = {GERMAN(f"shift.{number}") for number in range(1, SHIFT_LINES + 1)}
    work = opened(shift_line="on")
    told = [{line for line in texts if line in text} for text in days(work, SHIFT_LINES)]
    assert all(len(lines) == 1 for lines in told)
    assert set[str]().union(*told) == texts
    assert start(work).text() == start(work).text()
    assert all(line in lines(opened(shift_line="on"), "leave")[1] for line in told[0])


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_the_lines_for_the_shift_fit_a_row_and_shout_nothing(language: str):
    words = catalogues.load(language)
    for number in range(1, SHIFT_LINES + 1):
        line = words(f"shift.{number}")
        assert len(line) <= 78
        assert line.endswith("?")
        assert "!" not in line


def test_the_line_for_the_shift_takes_no_room_from_the_types():
    stage, quiet = start(opened(shift_line="on")), start(opened())
    for width, height in ((40, 12), (60, 18), (80, 14)):
        assert stage.text(width, height) == quiet.text(width, height)
    rows = stage.text().splitlines()
    assert rows[-2].strip()
    assert rows[-3] == ""


# --- plain mode


def test_plain_mode_says_what_one_hears_too():
    _, text = lines(opened(), "leave")
    for checklist in opened().library.types("de"):
        assert all(cue in text for cue in checklist.recognise)
    kinds = [f"{GERMAN(f'start.{name}')}: {GERMAN(f'start.{name}.cue')}" for name in ("cooperating", "difficult")]
    places = [text.index(part) for part in (kinds[0], "1) Direkt", "2) Zurück", kinds[1], "3) Aggr", "4) Unh")]
    assert places == sorted(places)


def test_plain_mode_offers_the_session_of_the_ticket():
    watch = Watch()
    work = opened(watch=watch)
    mine = left(work, "4711")
    watch.seconds += 60
    left(work, "99")
    chosen, text = lines(work, "r", ticket="4711", wanted="rude")
    assert chosen is not None
    assert chosen.resume == mine
    assert GERMAN("start.same-ticket", ticket="4711") in text
    assert "Ticket 4711 · Deutsch" in text
    chosen, _ = lines(work, "4", ticket="4711", wanted="rude")
    assert chosen == Opening("rude", "de", "phone", "4711", wanted="rude")


def test_plain_mode_tells_of_a_session_in_another_window():
    work = opened()
    work.start("rude", "de", "phone", ticket="4711")
    chosen, text = lines(opened(), "r", "leave", ticket="4711", wanted="timid")
    assert chosen is None
    assert GERMAN("start.same-ticket-open", ticket="4711") in text
    assert GERMAN("plain.no-option", text="r") in text


def test_plain_mode_closes_what_is_overdue():
    watch = Watch()
    work = opened(watch=watch, unfinished_days="1")
    left(work, "1")
    assert lines(work, "x", "leave")[1].count(GERMAN("plain.no-option", text="x")) == 1
    journal = next(work.paths.sessions.glob("*.journal"))
    watch.seconds = int(journal.stat().st_mtime - watch.wall_ms() / 1000) + 2 * 86_400
    _, text = lines(work, "x", "leave")
    assert GERMAN("start.closed-old", path="").strip() in text
    assert not work.waiting()
    assert len(list(work.paths.notes.rglob("*.md"))) == 1


def test_plain_mode_closes_the_one_that_is_named():
    watch = Watch()
    work = opened(watch=watch)
    first = left(work)
    watch.seconds += 60
    left(work)
    lines(work, "x r3", "x r", "leave")
    assert [entry.id for entry in work.waiting()] == [first]


def test_a_whole_call_by_lines_from_the_start():
    work = opened()
    printed: list[str] = []
    assert run_plain(work, Opening(language="de", channel="phone"), iter(["3", "leave"]), printed.append) == Exit.OK
    assert "Aggressiv" in printed[1]
    with pytest.raises(UsageFault):
        run_plain(work, Opening(language="de", channel="phone"), iter([]), printed.append)
