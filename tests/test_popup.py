"""Calls that a telephone system opens, in real windows: by arguments, by JSON, next to a call that goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no pty", allow_module_level=True)

from terminal import Terminal, terminals

from deescalate_tui import catalogues
from deescalate_tui.content.library import Library
from deescalate_tui.errors import Exit

WORDS = catalogues.load("de")
READY = WORDS("key.emergency")
TITLES = {type_id: Library.open().checklist(type_id, "de").title for type_id in ("aggressive", "timid", "rude")}
CTRL_Q = "\x11"
Open = Callable[..., Terminal]

window = pytest.fixture(name="window")(terminals)


def journals(home: Path) -> dict[str, str]:
    """The text of each journal, by its id."""
    found = (home / "deescalate" / "sessions").glob("*.journal")
    return {path.stem: path.read_text(encoding="utf-8") for path in found}


def guide(type_id: str, ticket: str) -> tuple[str, ...]:
    return ("guide", type_id, "--lang", "de", "--ticket", ticket)


def test_a_second_pop_up_disturbs_no_call(window: Open, home: Path):
    one = window(*guide("aggressive", "4711")).see(TITLES["aggressive"], "Ticket 4711", READY)
    one.type("3qIhr habt mich").see("› Ihr habt mich")
    one.until(lambda: "Ihr habt mich" in str(journals(home)))  # typing has paused
    before, drawn = one.seen_without_clock(), journals(home)
    two = window(*guide("timid", "4712")).see(TITLES["timid"], "Ticket 4712", READY)
    two.type("1nzweites Gespräch\r").see(WORDS("level.1"))
    one.settle()
    assert one.seen_without_clock() == before
    assert {name: journals(home)[name] for name in drawn} == drawn
    one.type(" angelogen\r").see("angelogen").settle()
    first, second = sorted(journals(home).items())
    assert ("angelogen" in first[1], "zweites" in first[1]) == (True, False)
    assert ("angelogen" in second[1], "zweites" in second[1]) == (False, True)
    for it in (two, one):
        assert it.type(CTRL_Q).end() == Exit.OK


def test_a_second_pop_up_for_the_same_ticket_says_where_it_is_open(window: Open, home: Path):
    one = window(*guide("aggressive", "T-9")).see(READY).type("2").see(WORDS("level.2")).settle()
    before = one.seen_without_clock()
    two = window(*guide("rude", "t-9"), size=(100, 24))
    two.see(WORDS("start.same-ticket-open", ticket="t-9"), f" ▸ 4  {TITLES['rude']}")
    assert len(journals(home)) == 1
    two.type("4").see(READY, "Ticket t-9")
    assert len(journals(home)) == 2
    one.settle()
    assert one.seen_without_clock() == before


def test_a_pop_up_for_a_call_that_was_cut_off_offers_to_go_on(window: Open, home: Path):
    one = window(*guide("aggressive", "4711")).see(READY).type("3").see(WORDS("level.3"), WORDS("save.saved"))
    one.send(9).end()
    (session,) = journals(home)
    two = window(*guide("rude", "4711"))
    two.see(WORDS("start.same-ticket", ticket="4711"), f"▸ r  {TITLES['aggressive']} · Ticket 4711 ·")
    assert list(journals(home)) == [session]
    two.type("\r").see(READY, TITLES["aggressive"], WORDS("level.3"))
    assert list(journals(home)) == [session]
    assert two.type(CTRL_Q).end() == Exit.OK


def test_three_keys_from_the_start_to_a_sentence(window: Open):
    it = window().see(WORDS("start.title"), WORDS("start.cooperating"), WORDS("start.difficult"))
    it.type("3 ").see("┆ ")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_call_by_json_has_the_screen_and_the_keyboard(mark: bytes, window: Open, home: Path, tmp_path: Path):
    call = tmp_path / "call.json"
    call.write_bytes(mark + '{"type": "timid", "lang": "de", "ticket": "T-ø 7", "agent": "amsel"}'.encode())
    it = window("guide", "--json", "-", stdin=str(call)).see(TITLES["timid"], "Ticket T-ø 7", READY)
    it.type("1qBitte nicht böse sein\r").see(WORDS("level.1"))
    it.until(lambda: '"words":"Bitte nicht böse sein"' in str(journals(home)))
    (written,) = journals(home).values()
    assert '"ticket":"T-ø 7"' in written
    assert it.type(CTRL_Q).end() == Exit.OK
    assert it.is_restored()


def test_json_without_a_type_leads_to_the_start_with_its_ticket(window: Open, home: Path, tmp_path: Path):
    call = tmp_path / "call.json"
    call.write_text('{"ticket": "4711", "lang": "de"}', encoding="utf-8")
    it = window("guide", "--json", "-", stdin=str(call)).see(WORDS("start.title"), "Ticket 4711 ·")
    it.type("4").see(TITLES["rude"], "Ticket 4711", READY)
    assert len(journals(home)) == 1


BAD = {
    '{"type": "timid"': "fault.json-syntax",
    "[]": "fault.json-object",
    '{"caller": "+49 30 1234567"}': "fault.json-key",
    '{"ticket": 4711}': "fault.json-text",
    '{"type": "nobody", "lang": "de"}': "fault.checklist-unknown",
    '{"lang": "xx"}': "fault.value-unknown",
}


@pytest.mark.parametrize("text", BAD)
def test_json_that_is_wrong_is_told_before_any_screen(text: str, window: Open, home: Path, tmp_path: Path):
    call = tmp_path / "call.json"
    call.write_text(text, encoding="utf-8")
    it = window("guide", "--json", "-", stdin=str(call), size=(200, 24))
    assert it.end() == Exit.USAGE
    assert b"\x1b[" not in it.raw
    said = WORDS(BAD[text]).split("{")[0].strip()
    assert said
    assert said[:20] in it.raw.decode()
    assert "Traceback" not in it.raw.decode()
    assert "1234567" not in it.raw.decode()
    assert not journals(home)
