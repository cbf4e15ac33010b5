"""`countries confirm`: who checked a safety number, and when; all other numbers stay as they were."""

import os
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from content_samples import COUNTRY
from msgspec.structs import replace

from deescalate_tui.call.checklist import Country
from deescalate_tui.cli.main import main
from deescalate_tui.clock import Clock
from deescalate_tui.content.confirm import Check, confirmed, country_text
from deescalate_tui.content.from_yaml import parse_country
from deescalate_tui.content.library import Library, builtin_root
from deescalate_tui.doctor.doctor import judge_country
from deescalate_tui.errors import Exit, UsageFault
from deescalate_tui.workplace import Workplace

NORWAY = parse_country(COUNTRY.encode(), "no.yaml")
BUILT_IN = Library.open().countries()
CHECK = Check("ambulance", "113", "Kari", "2026-11-22")
posix = pytest.mark.skipif(os.name != "posix", reason="modes as POSIX has them")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    folder.chmod(0o755)
    monkeypatch.setenv("DEESCALATE_SITE", str(folder))
    return folder


def norway() -> Country:
    found = Workplace.open(os.environ, {}).library.country("NO")
    assert found is not None
    return found


class TestConfirmed:
    def test_the_number_says_who_and_when(self) -> None:
        number, other = confirmed(NORWAY, CHECK).numbers
        assert (number.number, number.verified, number.confirmed_by) == ("113", "2026-11-22", "Kari")
        assert number.source == NORWAY.numbers[0].source
        assert other == NORWAY.numbers[1]

    def test_the_country_is_a_revision_on(self) -> None:
        assert confirmed(NORWAY, CHECK).revision == NORWAY.revision + 1

    @pytest.mark.parametrize("written", ["22400040", "22 40 00 40", "22-40-00-40"])
    def test_spaces_make_no_other_number(self, written: str) -> None:
        found = confirmed(NORWAY, replace(CHECK, kind="crisis", number=written)).numbers[1]
        assert (found.number, found.name, found.confirmed_by) == ("22 40 00 40", "Kirkens SOS", "Kari")

    def test_another_number_is_refused_unless_it_is_said_which_it_replaces(self) -> None:
        with pytest.raises(UsageFault) as caught:
            confirmed(NORWAY, replace(CHECK, number="114"))
        assert caught.value.key == "confirm-other"
        assert caught.value.params == {"found": "114", "known": "113", "country": "NO", "kind": "ambulance"}
        new = confirmed(NORWAY, replace(CHECK, number="114", instead_of="113"))
        assert [number.number for number in new.numbers] == ["114", "22 40 00 40"]
        assert new.numbers[0].source == "Kari"

    def test_what_is_replaced_has_to_be_there(self) -> None:
        with pytest.raises(UsageFault) as caught:
            confirmed(NORWAY, replace(CHECK, number="114", instead_of="115"))
        assert caught.value.params["found"] == "115"

    def test_a_kind_that_was_missing_is_added(self) -> None:
        new = confirmed(NORWAY, replace(CHECK, kind="fire", number="110"))
        assert [number.kind for number in new.numbers] == ["ambulance", "crisis", "fire"]

    def test_no_other_kind_is_known(self) -> None:
        with pytest.raises(UsageFault) as caught:
            confirmed(NORWAY, replace(CHECK, kind="taxi"))
        assert caught.value.key == "value-unknown"


@pytest.mark.parametrize(
    "country", [NORWAY, *BUILT_IN, confirmed(NORWAY, replace(CHECK, by='Kari "K." Ø: #1'))], ids=str
)
def test_a_country_is_written_as_it_is_read(country: Country) -> None:
    read = parse_country(country_text(country).encode(), "f")
    assert replace(read, sha256="") == replace(country, sha256="")


class TestCommand:
    def test_the_number_is_confirmed_from_now_on(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["countries", "confirm", "no", "ambulance", "113", "--by", "Kari"]) == Exit.OK
        path = home / "deescalate" / "config" / "checklists" / "countries" / "no.yaml"
        assert capsys.readouterr().out == f"{path}\n"
        assert path.read_text("utf-8").startswith("# yaml-language-server: $schema=../schema/country.json\n")
        assert (path.parent.parent / "schema/country.json").is_file()
        today = Clock().now().date().isoformat()
        assert [(it.verified, it.confirmed_by) for it in norway().numbers[:2]] == [(today, "Kari"), ("", "")]
        assert main(["checklists", "check"]) == Exit.OK

    def test_the_list_says_who_and_when(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["countries", "confirm", "NL", "emergency", "112", "--by", "Noor", "--date", "2026-01-02"])
        capsys.readouterr()
        main(["countries", "list"])
        [line] = [line for line in capsys.readouterr().out.splitlines() if "Noor" in line]
        assert "112" in line
        assert "2026" in line

    def test_the_doctor_has_no_more_to_say(self) -> None:
        shipped = norway()
        for number in shipped.numbers:
            assert main(["countries", "confirm", "NO", number.kind, number.number, "--by", "Kari"]) == Exit.OK
        today = Clock().now().date()
        assert shipped.recording is not None
        assert not all(finding.ok for finding in judge_country("NO", norway(), today))
        assert main(["countries", "confirm", "NO", "recording", "participant", "--by", "Kari"]) == Exit.OK
        assert all(finding.ok for finding in judge_country("NO", norway(), today))
        assert norway().revision == shipped.revision + len(shipped.numbers) + 1

    def test_the_line_on_recording_is_confirmed_like_a_number(self, capsys: pytest.CaptureFixture[str]) -> None:
        shipped = norway()
        assert main(["countries", "confirm", "NO", "recording", "participant", "--by", "Kari"]) == Exit.OK
        law = norway().recording
        assert shipped.recording is not None
        assert law is not None
        assert (law.consent, law.source, law.confirmed_by) == ("participant", shipped.recording.source, "Kari")
        assert law.verified
        assert main(["countries", "confirm", "NO", "recording", "everyone", "--by", "Ola"]) == Exit.OK
        law = norway().recording
        assert law is not None
        assert (law.consent, law.source) == ("everyone", "Ola")
        assert norway().numbers == shipped.numbers
        assert main(["countries", "confirm", "NO", "recording", "nobody", "--by", "Ola"]) == Exit.USAGE
        assert "everyone, participant" in capsys.readouterr().err

    def test_one_confirmation_keeps_the_one_before(self) -> None:
        for kind, number in (("ambulance", "113"), ("police", "112")):
            main(["countries", "confirm", "NO", kind, number, "--by", kind])
        assert [it.confirmed_by for it in norway().numbers if it.verified] == ["ambulance", "police"]

    def test_a_day_that_has_not_come_is_refused(self) -> None:
        tomorrow = (Clock().now().date() + timedelta(days=1)).isoformat()
        command = ["countries", "confirm", "NO", "ambulance", "113", "--by", "Kari", "--date"]
        assert main([*command, tomorrow]) == Exit.USAGE
        assert norway().numbers[0].verified == ""
        assert main([*command, date(2026, 1, 2).isoformat()]) == Exit.OK
        assert norway().numbers[0].verified == "2026-01-02"

    def test_what_ships_is_left_alone(self) -> None:
        before = (builtin_root() / "countries/no.yaml").read_bytes()
        main(["countries", "confirm", "NO", "ambulance", "113", "--by", "Kari"])
        assert (builtin_root() / "countries/no.yaml").read_bytes() == before

    def test_a_name_that_the_file_could_not_hold(self) -> None:
        assert main(["countries", "confirm", "NO", "ambulance", "113", "--by", "K{a}ri"]) == Exit.FINDINGS
        assert main(["countries", "confirm", "NO", "ambulance", "113", "--by", "x" * 61]) == Exit.USAGE
        assert norway().numbers[0].verified == ""


class TestSite:
    @posix
    def test_everybody_can_read_it(self, site: Path) -> None:
        assert main(["countries", "confirm", "NO", "ambulance", "113", "--by", "Kari", "--site"]) == Exit.OK
        path = site / "checklists" / "countries" / "no.yaml"
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755
        assert norway().numbers[0].confirmed_by == "Kari"

    def test_what_one_agent_changed_does_not_become_the_sites(self, site: Path) -> None:
        main(["countries", "confirm", "NO", "ambulance", "119", "--by", "me", "--instead-of", "113"])
        assert main(["countries", "confirm", "NO", "police", "112", "--by", "Kari", "--site"]) == Exit.OK
        found = parse_country((site / "checklists/countries/no.yaml").read_bytes(), "f")
        assert found.numbers[0].number == "113"
        assert [it.kind for it in found.numbers if it.confirmed_by == "Kari"] == ["police"]
