"""The site's own facts: read strictly, shown by `settings`, spoken in say-lines; without them nothing is missing."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from content_samples import SITE, position, seen, type_text, write
from msgspec.structs import replace
from samples import BOOK

from deescalate_tui import catalogues
from deescalate_tui.call.checklist import Card
from deescalate_tui.cli.main import main
from deescalate_tui.content.library import builtin_root
from deescalate_tui.content.site_profile import Contact, Rank, Site, load_profile, parse_site
from deescalate_tui.errors import ContentFaults, Exit
from deescalate_tui.paths import locate
from deescalate_tui.screens.presenter import session_view
from deescalate_tui.screens.prompts import card_view
from deescalate_tui.workplace import Workplace

EXAMPLE = builtin_root() / "site.example.yaml"
LINES = [
    "Ich hole {lead} dazu.",
    "Bei {company} geht das.",
    "Ich hole jemanden dazu.",
]


@pytest.fixture
def config(home: Path) -> Path:
    return home / "deescalate" / "config"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEESCALATE_SITE", str(tmp_path / "site"))
    return tmp_path / "site"


def test_what_it_says() -> None:
    found = parse_site(SITE.encode(), "f")
    assert replace(found, sha256="") == Site(
        company="Nordlicht",
        leads=(Contact("Kim", "extension 12"),),
        escalation=(Rank("Team lead", "extension 12", "refunds"),),
        grants=("Refund up to 50 euros",),
        policies=("No cash",),
        aftercare=(Contact("Noor"),),
        limits={"insult": 2, "harassment": 1},
    )
    assert found.facts() == {"company": "Nordlicht", "lead": "Kim"}


def test_it_need_not_say_anything() -> None:
    assert parse_site(b"format: 1\nkind: site\n", "f").facts() == {"company": "", "lead": ""}


@pytest.mark.parametrize(
    ("old", "new", "at", "key"),
    [
        ("kind: site", "kind: cards", "cards", "value-unknown"),
        ("company: Nordlicht", f"company: {'x' * 61}", "xxx", "text-long"),
        ("company: Nordlicht", "zzz: Nordlicht", "zzz", "key-unknown"),
        ("name: Kim", "nam: Kim", "nam: Kim", "key-unknown-near"),
        ("leads:\n  - {name: Kim, contact: extension 12}", "leads: Kim", "Kim", "shape-list"),
        ("level: Team lead, ", "", "{contact: extension 12, takes", "key-missing"),
        ("grants: [Refund up to 50 euros]", "grants: []", "[]", "list-length"),
        ("grants: [Refund up to 50 euros]", "grants: [a, a]", "a]", "list-doubled"),
    ],
)
def test_a_broken_rule_is_told_with_its_place(old: str, new: str, at: str, key: str) -> None:
    broken = SITE.replace(old, new, 1)
    with pytest.raises(ContentFaults) as caught:
        parse_site(broken.encode(), "f")
    assert (f"f:{position(broken, at)}", key) in seen(caught.value.faults)


def test_the_example_is_a_good_one() -> None:
    found = parse_site(EXAMPLE.read_bytes(), "f")
    assert all(getattr(found, name) for name in found.__struct_fields__)


class TestFinding:
    def test_nothing(self) -> None:
        assert load_profile(locate(os.environ)).site == Site()

    def test_the_sites_and_above_it_the_agents_own(self, config: Path, site: Path) -> None:
        write(site, "site.yaml", SITE)
        profile = load_profile(locate(os.environ))
        assert (profile.site.company, profile.place) == ("Nordlicht", str(site / "site.yaml"))
        write(config, "site.yaml", SITE.replace("Nordlicht", "Mein Büro"))
        profile = load_profile(locate(os.environ))
        assert (profile.site.company, profile.place) == ("Mein Büro", str(config / "site.yaml"))

    def test_a_broken_one_is_told_and_the_one_below_it_used(self, config: Path, site: Path) -> None:
        write(site, "site.yaml", SITE)
        path = write(config, "site.yaml", SITE.replace("format: 1", "format: 0"))
        profile = load_profile(locate(os.environ))
        assert profile.site.company == "Nordlicht"
        assert seen(profile.faults) == [(f"{path}:1:9", "value-whole")]


class TestSpoken:
    def lines(self, **facts: str) -> tuple[str, ...]:
        card = Card("a", "b", "c", ("d",), tuple(LINES), "e", "may", "no")
        return card_view(card, "phone", replace(BOOK, facts=facts), catalogues.load("de"), date(2026, 11, 22)).say

    def test_on_a_card(self) -> None:
        assert self.lines(company="Nordlicht", lead="Kim") == (
            "„Ich hole Kim dazu.“",
            "„Bei Nordlicht geht das.“",
            f"„{LINES[2]}“",
        )

    def test_without_them_the_other_line_is_left(self) -> None:
        assert self.lines() == (f"„{LINES[2]}“",)
        assert self.lines(company="", lead="Kim") == ("„Ich hole Kim dazu.“", f"„{LINES[2]}“")

    @pytest.mark.parametrize(("profile", "count"), [(SITE, 3), ("format: 1\nkind: site\n", 1), ("", 1)])
    def test_in_a_session_on_screen_and_as_lines(self, config: Path, profile: str, count: int) -> None:
        said = ", ".join(f'"{line}"' for line in LINES)
        control = [f"{{id: first, do: Etwas tun, say: [{said}]}}", *(f"{{id: s-{n}, do: Tun}}" for n in range(3))]
        write(config, "checklists/de/zealous.yaml", type_text("zealous", "de", control=control))
        if profile:
            write(config, "site.yaml", profile)
        live = Workplace.open(os.environ, {}).start("zealous", "de", "phone")
        try:
            focus = session_view(live.state, live.book, live.messages).focus
        finally:
            live.journal.close()
        assert focus is not None
        assert len(focus.say) == count
        assert focus.say[-1] == LINES[2]
        assert not any("{" in line for line in focus.say)


class TestCommands:
    def test_settings_show_it(self, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = write(config, "site.yaml", SITE)
        assert main(["settings"]) == Exit.OK
        out = capsys.readouterr().out
        assert all(text in out for text in (str(path), "Nordlicht", "Kim · extension 12", "refunds", "No cash", "Noor"))
        assert main(["settings", "--json"]) == Exit.OK
        told = json.loads(capsys.readouterr().out)["site"]
        assert told["file"] == str(path)
        assert told["escalation"] == [{"level": "Team lead", "contact": "extension 12", "takes": "refunds"}]

    def test_settings_say_that_there_is_none(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["settings"]) == Exit.OK
        assert "site.yaml" in capsys.readouterr().out
        assert main(["settings", "--json"]) == Exit.OK
        assert json.loads(capsys.readouterr().out)["site"] == {"file": ""}

    @pytest.mark.parametrize("command", ["settings", "doctor"])
    def test_what_is_wrong_with_it_is_told(
        self, config: Path, capsys: pytest.CaptureFixture[str], command: str
    ) -> None:
        path = write(config, "site.yaml", SITE.replace("policies: [No cash]", "policy: [No cash]"))
        assert main([command]) == Exit.FINDINGS
        told = capsys.readouterr()
        assert f"{path}:{position(path.read_text('utf-8'), 'policy')}" in told.out + told.err

    def test_a_broken_one_is_not_called_missing(self, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
        words = catalogues.load("en")
        path = write(config, "site.yaml", SITE.replace("policies: [No cash]", "policy: [No cash]"))
        assert main(["settings"]) == Exit.FINDINGS
        out = capsys.readouterr().out
        assert words("site.none") not in out
        assert words("site.faulty", reason=f"{path}:") in out

    def test_check_looks_at_every_one(
        self, config: Path, site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(config, "site.yaml", SITE)
        monkeypatch.setenv("DEESCALATE_SITE", str(site))
        path = write(site, "site.yaml", SITE.replace("policies: [No cash]", "policy: [No cash]"))
        assert main(["checklists", "check"]) == Exit.FINDINGS
        assert f"{path}:{position(path.read_text('utf-8'), 'policy')}" in capsys.readouterr().out
