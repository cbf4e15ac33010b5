"""What is personal in typed text is masked before anything keeps it, and what only looks like it is left alone."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stage import Stage, opened

from deescalate_tui import catalogues
from deescalate_tui.call import commands as cmd
from deescalate_tui.call.fields import PERSONAL
from deescalate_tui.journal.journal import scan
from deescalate_tui.masking.find import find, mask, mask_draft
from deescalate_tui.masking.special import special
from deescalate_tui.opening import Opening
from deescalate_tui.plain.session import Talk

NAMES = {kind: catalogues.load("de")(f"mask.{kind}") for kind in PERSONAL}
LANGUAGES = ("de", "nl", "no")
IBAN = "DE89 3704 0044 0532 0130 00"

FOUND = [
    ("de", "Kunde nennt DE89 3704 0044 0532 0130 00 und will Geld", "iban", "DE89 3704 0044 0532 0130 00"),
    ("de", "auf de89370400440532013000.", "iban", "de89370400440532013000"),
    ("de", "IBAN DE89 3704 0044 0532 0130 01 war falsch", "iban", "DE89 3704 0044 0532 0130 01"),
    ("nl", "rekening NL91ABNA0417164300 is leeg", "iban", "NL91ABNA0417164300"),
    ("no", "konto NO93 8601 1117 947", "iban", "NO93 8601 1117 947"),
    ("de", "Karte 4111 1111 1111 1111 abgelehnt", "card", "4111 1111 1111 1111"),
    ("nl", "creditcard 5500-0055-5555-5559", "card", "5500-0055-5555-5559"),
    ("no", "378282246310005 ble avvist", "card", "378282246310005"),
    ("nl", "BSN 123456782 genoemd", "bsn", "123456782"),
    ("nl", "111222333 is haar BSN", "bsn", "111222333"),
    ("nl", "bsn is 1112.22.333", "bsn", "1112.22.333"),
    ("no", "fødselsnummer 01010750160", "birth", "01010750160"),
    ("no", "han sa 010107 50160", "birth", "010107 50160"),
    ("no", "D-nummer 41010750170 oppgitt", "birth", "41010750170"),
    ("no", "fnr01010750160 oppgitt", "birth", "01010750160"),
    ("de", "zahlt vom kontoDE89370400440532013000", "iban", "DE89370400440532013000"),
    ("nl", "belastingdienst vraagt naar 123456782", "bsn", "123456782"),
    ("nl", "bsn 12 nee wacht 123456782", "bsn", "123456782"),
    ("de", "Visa 41111 11111 111111", "card", "41111 11111 111111"),
    ("de", "anna punkt berger at gmx punkt at", "email", "anna punkt berger at gmx punkt at"),
    ("de", "opa[at]web.de sagt er", "email", "opa[at]web.de"),
    ("no", "kari @ online.no", "email", "kari @ online.no"),
    ("de", "e-mailkurt@sunrise.ch", "email", "kurt@sunrise.ch"),
    ("nl", "06 5 0 7 3 1 9 6 4 gedicteerd", "phone", "06 5 0 7 3 1 9 6 4"),
    ("nl", "316 28391746 zonder plus", "phone", "316 28391746"),
    ("de", "0 30 / 12 34 56 78", "phone", "0 30 / 12 34 56 78"),
    ("de", "handy015228817386", "phone", "015228817386"),
    ("no", "tlf er 47 933 62 655", "phone", "47 933 62 655"),
    ("de", "Steuer-ID 86095742719", "tax", "86095742719"),
    ("de", "er nannte 86 095 742 719", "tax", "86 095 742 719"),
    ("de", "Mail an anna.meier@web.de", "email", "anna.meier@web.de"),
    ("nl", "jan (at) kpn.nl", "email", "jan (at) kpn.nl"),
    ("no", "ola krøllalfa online.no", "email", "ola krøllalfa online.no"),
    ("de", "Kunde ruft 0171 2345678 an", "phone", "0171 2345678"),
    ("nl", "klant belde met 0612345678", "phone", "0612345678"),
    ("de", "bitte 0171/1234567 zurückrufen", "phone", "0171/1234567"),
    ("de", "+49 (0)171 123 45 67 ab 18 Uhr", "phone", "+49 (0)171 123 45 67"),
    ("de", "Bestellung 4711, mobil 0171 1234567", "phone", "0171 1234567"),
    ("de", "Rückruf unter 4711234", "phone", "4711234"),
    ("nl", "06-12345678 terugbellen", "phone", "06-12345678"),
    ("nl", "0201234567 is zijn telefoonnummer", "phone", "0201234567"),
    ("no", "ring 91234567", "phone", "91234567"),
    ("no", "912 34 567 etter kl. 16", "phone", "912 34 567"),
    ("no", "fasttelefon 22 12 34 56", "phone", "22 12 34 56"),
]
NOT_FOUND = [
    ("de", "Bestellung 4500123456 vom 24.12.2025 um 14:30"),
    ("de", "Rechnung 0171234567 über 1.250.000,50 Euro"),
    ("de", "Kundennr. 0712345678, Betrag 450000 Euro"),
    ("de", "DE12 3456 7890 1234 5678 90 steht auf dem Gerät"),
    ("de", "zwischen 08.00 und 17.00 Uhr, am 2025-11-22 14:05"),
    ("de", "Sendungsnummer 00340434161094000000"),
    ("de", "Bestellnummer 4111111111111111"),
    ("de", "4111 1111 1111 1112"),
    ("de", "rief an wegen 12345678"),
    ("de", "Notruf 112"),
    ("de", "Gläubiger-ID AT61ZZZ01234567890 kd"),
    ("de", "rg 089-2024-5518 bezahlt"),
    ("nl", "06-11 06-12 06-01 drie termijnen"),
    ("no", "fakturanr 01010750160 kreditert"),
    ("nl", "zaak 111222333"),
    ("nl", "123456782"),
    ("nl", "ordernummer 0612345678, factuur 2025-0612345"),
    ("nl", "€ 12.345.678,00 op 12-03-2025 om 10.30 uur"),
    ("no", "ordre 91234567, saldo 12 345 678 kr"),
    ("no", "ringte om ordre 91234567 kl. 08.00-16.00"),
    ("no", "KID 12345678903 og org.nr 987 654 321"),
    ("no", "01010750161"),
]


def masked(text: str, language: str = "de") -> str:
    return mask(text, NAMES, language).text


@pytest.mark.parametrize(("language", "text", "kind", "exact"), FOUND)
def test_what_is_personal_is_found(language: str, text: str, kind: str, exact: str):
    spans = find(text, language)
    assert [(span.kind, text[span.start : span.end]) for span in spans] == [(kind, exact)]


@pytest.mark.parametrize(("language", "text"), NOT_FOUND)
def test_what_only_looks_like_it_is_left_alone(language: str, text: str):
    assert find(text, language) == ()


def test_the_mask_names_the_kind_and_keeps_little():
    text = f"{IBAN}, 4111 1111 1111 1111, Tel. 0171 1234567, a.b@c.de, BSN 123456782"
    assert masked(text) == "[IBAN …3000], [Karte …1111], Tel. [Telefon …67], [E-Mail], BSN [BSN]"


def test_a_ticket_may_look_like_a_telephone_number_but_like_nothing_else():
    assert find("0171 1234567", "de", ticket=True) == ()
    assert [span.kind for span in find(f"a@b.de {IBAN} 4111 1111 1111 1111", "de", ticket=True)] == [
        "email",
        "iban",
        "card",
    ]


@given(st.lists(st.sampled_from([text for _, text, *_ in (*FOUND, *NOT_FOUND)]) | st.text(max_size=8), max_size=4))
def test_masking_twice_is_as_masking_once(texts: list[str]):
    for language in LANGUAGES:
        once = masked(" ".join(texts), language)
        assert masked(once, language) == once


@pytest.mark.parametrize(("language", "text", "kind", "exact"), FOUND)
def test_no_draft_of_a_personal_text_holds_more_than_its_beginning(language: str, text: str, kind: str, exact: str):
    begin = text.index(exact)
    for end in range(begin + 1, begin + len(exact)):
        kept = mask_draft(text[:end], NAMES, language).removeprefix(text[:begin])
        assert sum(sign.isdigit() for sign in kept) <= 4, (text[:end], kept)


@pytest.mark.parametrize(
    "text",
    [
        f"Kunde nennt {IBAN} und " + "noch ein paar Worte " * 40,
        "1234 5678 9012 3456 " * 50,
        "1 2 3 4 5 6 7 8 9 0 " * 50,
        *(sign * 4000 for sign in "1a[("),
        *(sign * 1000 for sign in ("a@", "a.b.", "a-", "+49 ", "DE89 ", "a punkt ")),
    ],
)
def test_no_text_holds_up_the_key_that_ends_it(text: str):
    masked("x")
    begun = time.process_time()
    mask_draft(text, NAMES, "de")
    masked(text)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("text", ["war um 20 Uhr da", "es 20 Uhr", "de 20 euro", "Bestellung 12345"])
def test_a_draft_that_holds_no_number_stays_whole(text: str):
    assert mask_draft(text, NAMES, "nl") == text


def test_special_categories_are_seen_in_three_languages_and_everyday_words_are_not():
    assert special("Kundin war im Krankenhaus, Schwangerschaft", "de") == ("health",)
    assert special("klant zegt: jullie discrimineren omdat ik moslim ben en lid van de vakbond", "nl") == (
        "religion",
        "union",
    )
    assert special("Kunde sagt, er sei vorbestraft", "de") == ("crime",)
    assert special("zij heeft een strafblad", "nl") == ("crime",)
    assert special("sønnen sitter i fengsel", "no") == ("crime",)
    assert special("kunden er ufør og har samisk bakgrunn", "no") == ("health", "origin")
    for text, language in [
        ("Ich glaube, er wählt die falsche Nummer", "de"),
        ("ik geloof het niet", "nl"),
        ("hun velger samme", "no"),
    ]:
        assert special(text, language) == ()


# --- in a session


def begun(language: str = "de") -> Stage:
    return Stage(opened(), Opening(type_id="direct", language=language, ticket="4711"))


def journal(stage: Stage) -> tuple[bytes, ...]:
    path = stage.live.journal.path
    stage.put_down()
    return scan(path.read_bytes()).records


@pytest.mark.parametrize("key", ["q", "n", "a", "p", "i"])
def test_the_journal_never_holds_the_number(key: str):
    stage = begun().press(key, f"=Konto {IBAN}\r")
    stage.press("=morgen\r") if key == "p" else None
    assert "[IBAN …3000]" in repr(stage.state.call)
    assert all(b"0532" not in record for record in journal(stage))


def test_a_draft_is_masked_too():
    stage = begun().press("q", f"=Konto {IBAN}")
    stage.place.paused(f"Konto {IBAN}")  # type: ignore[attr-defined]
    stage.place.paused("Konto DE89 3704 0044 0532")  # type: ignore[attr-defined]
    assert stage.state.drafts == {"quote": "Konto […]"}
    assert all(b"0532" not in record for record in journal(stage))


def test_a_ticket_of_the_command_line_is_masked_and_told():
    stage = Stage(opened(), Opening(type_id="direct", language="de", ticket="a.b@web.de"))
    assert stage.state.call.ticket == "[E-Mail]"
    assert "Verdeckt: E-Mail (o behält den Klartext)" in stage.text()
    assert stage.press("o").state.call.ticket == "a.b@web.de"


def test_one_key_right_after_takes_the_mask_back_and_is_recorded():
    stage = begun().press("q", f"=Konto {IBAN}\r")
    assert "Verdeckt: IBAN (o behält den Klartext)" in stage.text()
    before = stage.state.call
    assert stage.live.messages("notice.unmasked") in stage.press("o").text()
    assert [quote.text for quote in stage.state.call.quotes] == [f"Konto {IBAN}"]
    assert list(stage.state.log)[-1].event == "unmasked"
    assert list(stage.state.log)[-1].ref == "iban"
    assert stage.press("u").state.call == before
    assert any(b'"t":"unmasked","kinds":"iban"' in record for record in journal(stage))


@pytest.mark.parametrize("keys", [("j",), ("?", "?"), ("q", "=x\r"), ("2",), ("v",)])
def test_after_any_other_key_it_is_too_late(keys: tuple[str, ...]):
    stage = begun().press("n", f"=Konto {IBAN}\r", *keys, "o")
    assert stage.live.messages("notice.nothing-masked") in stage.text()
    assert all(b"0532" not in record for record in journal(stage))


def test_a_promise_can_be_had_back_while_its_date_is_asked():
    stage = begun().press("p", f"=Geld auf {IBAN}\r")
    assert "F6 behält den Klartext" in stage.text()
    stage.press("f6", "=morgen\r")
    assert stage.state.call.commitments[0].what == f"Geld auf {IBAN}"


def test_plain_mode_masks_and_takes_back():
    stage = begun()
    printed: list[str] = []
    Talk(
        stage.live,
        iter([f"q Konto {IBAN}", "o", f"p Geld auf {IBAN}; morgen", "o", f"n {IBAN}", "?", "o"]),
        printed.append,
    ).run()
    call, text = stage.state.call, "".join(printed)
    assert call.quotes[0].text == f"Konto {IBAN}"
    assert call.commitments[0].what == f"Geld auf {IBAN}"
    assert call.remarks[0].text == "[IBAN …3000]"
    assert "Verdeckt: IBAN (o behält den Klartext)" in text
    assert stage.live.messages("notice.nothing-masked") in text


def test_the_mask_speaks_the_language_of_the_call_and_the_notice_that_of_the_screen(home: Path):
    stage = Stage(opened(ui_language="en"), Opening(type_id="direct", language="nl"))
    stage.press("n", "=bel 06-12345678\r")
    assert stage.state.call.remarks[0].text == "bel [telefoon …78]"
    assert "Masked: telephone (o takes it back)" in stage.text()


def test_a_hint_never_blocks():
    stage = begun().press("n", "=Kunde ist schwer krank\r")
    assert "Heikel: Gesundheit" in stage.text()
    assert stage.state.call.remarks[0].text == "Kunde ist schwer krank"


def test_the_site_can_switch_it_off():
    stage = Stage(opened(masking="off"), Opening(type_id="direct", language="de", ticket="a@b.de"))
    stage.press("n", f"=krank {IBAN}\r")
    assert (stage.state.call.ticket, stage.state.call.remarks[0].text) == ("a@b.de", f"krank {IBAN}")
    assert "Heikel" not in stage.text()
    assert "Verdeckt" not in stage.text()


def test_a_resumed_session_has_the_same_words():
    stage = begun().press("q", f"=Konto {IBAN}\r", "o", "n", f"={IBAN}\r")
    call, session = stage.state.call, stage.state.id
    stage.put_down()
    assert Stage(opened(), Opening(resume=session)).state.call == call


def test_without_a_mask_the_command_does_nothing():
    live = begun().live
    assert live.do(cmd.Unmask()) is not None


def test_a_masked_ticket_is_that_of_many_and_looks_up_no_earlier_notes():
    stage = Stage(opened(), Opening(type_id="direct", language="de", ticket="a.b@web.de"))
    stage.live.look_back(wait_s=5)
    assert stage.live._search is None
    stage.press("o").live.look_back(wait_s=5)
    assert stage.live._search is not None


def test_the_rules_are_loaded_late_and_without_ssl():
    """As the screen runs, in a process of its own where nothing loaded them before."""
    code = (
        "import sys; sys.modules['ssl'] = None\n"
        "from deescalate_tui.call import entry\n"
        "from deescalate_tui.tui.app import Guide\n"
        "rules = {'deescalate_tui.masking.find', 'deescalate_tui.masking.special'}\n"
        "assert not rules & set(sys.modules)\n"
        "entry.prepare()\n"
        "assert rules <= set(sys.modules)\n"
        "from deescalate_tui.masking.find import mask\n"
        f"print(mask({IBAN!r}, {{'iban': 'IBAN'}}, 'de').text == '[IBAN …3000]')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert done.stdout.strip() == "True", done.stderr
