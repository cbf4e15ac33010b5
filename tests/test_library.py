"""Content comes from several roots as one; what cannot be used is refused and told, and nothing blocks."""

import os
import sys
from pathlib import Path

import pytest
from content_samples import CARDS, COUNTRY, LADDER, seen, type_text, write, write_all

from deescalate_tui.content import library as library_module
from deescalate_tui.content.file import read_bytes
from deescalate_tui.content.library import BUILT_IN_TYPES, Library, builtin_root
from deescalate_tui.content.yaml_strict import MAX_BYTES
from deescalate_tui.errors import ContentFaults, FileFault, UsageFault

posix = pytest.mark.skipif(sys.platform == "win32", reason="FIFOs, links and modes as POSIX has them")


@pytest.fixture
def lower(tmp_path: Path) -> Path:
    return write_all(tmp_path / "lower")


@pytest.fixture
def upper(tmp_path: Path) -> Path:
    folder = tmp_path / "upper"
    folder.mkdir()
    return folder


@pytest.fixture
def both(lower: Path, upper: Path) -> Library:
    return Library((lower, upper))


class TestFinding:
    def test_the_built_in_types_come_first_and_in_their_order(self, both: Library, upper: Path) -> None:
        for type_id in ("zealous", "anxious"):
            write(upper, f"de/{type_id}.yaml", type_text(type_id, "de"))
        assert [found.id for found in both.types("de")] == [*BUILT_IN_TYPES, "anxious", "zealous"]
        assert [found.id for found in both.types("nl")] == list(BUILT_IN_TYPES)

    def test_languages_are_those_with_a_type(self, tmp_path: Path) -> None:
        write(tmp_path, "no/aggressive.yaml", type_text("aggressive", "no"))
        write(tmp_path, "nl/ladder.yaml", LADDER)
        write(tmp_path, "sv/aggressive.yaml", type_text("aggressive", "sv"))
        assert Library((tmp_path,)).languages() == ("no",)

    def test_a_higher_root_replaces_file_by_file(self, both: Library, upper: Path) -> None:
        write(upper, "de/rude.yaml", type_text("rude", "de").replace("for a test", "of this site"))
        write(upper, "de/ladder.yaml", LADDER.replace("Sagen, was folgt", "Folgen nennen"))
        assert both.checklist("rude", "de").summary == "of this site"
        assert both.checklist("direct", "de").summary == "for a test"
        assert both.ladder("de").rungs[1].do == "Folgen nennen"
        assert both.ladder("nl").rungs[1].do == "Sagen, was folgt"
        assert both.faults == ()

    def test_cards_and_countries(self, both: Library, upper: Path) -> None:
        write(upper, "countries/de.yaml", COUNTRY.replace("id: NO", "id: DE"))
        assert [card.id for card in both.cards("nl").cards] == ["danger", "crying"]
        assert [country.id for country in both.countries()] == ["DE", "NO"]
        for code in ("no", "NO"):
            country = both.country(code)
            assert country is not None
            assert country.name == "Norge"
        assert both.country("FR") is None

    def test_a_file_is_read_once_and_only_when_asked_for(
        self, both: Library, lower: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read: list[str] = []
        monkeypatch.setattr(
            "deescalate_tui.content.file.read_bytes",
            lambda root, path: read.append(path) or read_bytes(root, path),
        )
        for _ in range(2):
            both.languages()
            both.types("de")
            both.country("no")
        below = [path for path in read if (lower / path).exists()]
        assert set(below) == {*(f"de/{type_id}.yaml" for type_id in BUILT_IN_TYPES), "countries/no.yaml"}
        assert len(below) == 2 * len(set(below))  # in each of the two roots

    def test_a_place_in_the_file_that_is_used(self, both: Library, upper: Path) -> None:
        path = write(upper, "de/rude.yaml", "# ours\n" + type_text("rude", "de"))
        assert both.place(both.checklist("rude", "de"), "title") == f"{path}:7:8"

    def test_roots_that_are_not_there(self, lower: Path, tmp_path: Path) -> None:
        file = write(tmp_path, "file", "")
        library = Library((lower, tmp_path / "nowhere", file))
        assert len(library.types("de")) == 4
        assert library.faults == ()


class TestRefusing:
    def test_the_last_good_file_in_line_is_used(self, tmp_path: Path, lower: Path, upper: Path) -> None:
        middle = tmp_path / "middle"
        write(middle, "de/rude.yaml", type_text("rude", "de").replace("for a test", "in the middle"))
        broken = write(upper, "de/rude.yaml", type_text("rude", "de").replace("revision: 1", "revision: x"))
        library = Library((lower, middle, upper))
        assert library.checklist("rude", "de").summary == "in the middle"
        assert seen(library.faults) == [(f"{broken}:4:11", "value-whole")]
        library.types("de")
        assert len(library.faults) == 1

    def test_where_no_file_is_good_all_their_faults_are_raised(self, both: Library, lower: Path, upper: Path) -> None:
        for root in (lower, upper):
            write(root, "de/rude.yaml", "")
        for _ in range(2):
            with pytest.raises(ContentFaults) as caught:
                both.checklist("rude", "de")
            assert seen(caught.value.faults) == [
                (f"{upper / 'de' / 'rude.yaml'}:1:1", "yaml-empty"),
                (f"{lower / 'de' / 'rude.yaml'}:1:1", "yaml-empty"),
            ]
        assert [found.id for found in both.types("de")] == ["direct", "timid", "aggressive"]
        assert both.faults == caught.value.faults

    @pytest.mark.parametrize(
        ("path", "text", "place"),
        [
            ("de/rude.yaml", type_text("direct", "de"), "2:5"),
            ("de/rude.yaml", type_text("rude", "nl"), "3:11"),
            ("de/ladder.yaml", LADDER.replace("language: de", "language: nl"), "3:11"),
            ("de/cards.yaml", CARDS.replace("language: de", "language: no"), "3:11"),
            ("countries/no.yaml", COUNTRY.replace("id: NO", "id: SE"), "3:5"),
        ],
    )
    def test_a_file_says_what_its_name_and_folder_say(
        self, both: Library, upper: Path, path: str, text: str, place: str
    ) -> None:
        written = write(upper, path, text)
        both.types("de"), both.ladder("de"), both.cards("de"), both.countries()
        assert seen(both.faults) == [(f"{written}:{place}", "file-disagrees")]

    @pytest.mark.parametrize(("language", "type_id"), [("de", "nice"), ("sv", "rude"), ("de", "../de/rude"), ("", "")])
    def test_an_unknown_checklist_is_wrong_usage(self, both: Library, language: str, type_id: str) -> None:
        with pytest.raises(UsageFault) as caught:
            both.checklist(type_id, language)
        assert caught.value.key == "checklist-unknown"

    @pytest.mark.parametrize("code", ["", "x", "nor", "../no", "n/", "1a", "ßß"])
    def test_what_is_no_country_code_is_never_looked_for(self, both: Library, upper: Path, code: str) -> None:
        write(upper, "no.yaml", COUNTRY)
        write(upper, "countries/nor.yaml", COUNTRY)
        assert both.country(code) is None
        assert both.faults == ()

    def test_a_country_that_is_refused_is_none(self, both: Library, lower: Path) -> None:
        write(lower, "countries/no.yaml", "x")
        assert both.country("no") is None
        assert [fault.key for fault in both.faults] == ["shape-mapping"]

    def test_a_missing_ladder_is_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileFault) as caught:
            Library((tmp_path,)).ladder("de")
        assert (caught.value.place, caught.value.key) == ("de/ladder.yaml", "content-missing")

    @pytest.mark.parametrize("name", ["Rude.yaml", "my type.yaml", "rude.yml", "ru_de.yaml"])
    def test_a_name_that_would_never_be_read_is_told(self, both: Library, upper: Path, name: str) -> None:
        path = write(upper, f"de/{name}", "x")
        write(upper, "de/.#hidden.yaml", "x")
        write(upper, "de/README.txt", "x")
        both.types("de")
        assert seen(both.faults) == [(str(path), "file-name")]

    @pytest.mark.parametrize("name", ["Norge", "nor", "NO"])
    def test_a_country_is_called_by_its_code(self, both: Library, upper: Path, name: str) -> None:
        path = write(upper, f"countries/{name}.yaml", COUNTRY)
        both.countries()
        assert seen(both.faults) == [(str(path), "file-name-country")]


class TestHostileFolders:
    def refused(self, both: Library) -> list[tuple[str, str]]:
        """The library goes on with the good file below, and tells of the other."""
        assert both.checklist("rude", "de").summary == "for a test"
        return seen(both.faults)

    def test_a_directory(self, both: Library, upper: Path) -> None:
        (upper / "de" / "rude.yaml").mkdir(parents=True)
        [(place, _)] = self.refused(both)
        assert place == str(upper / "de" / "rude.yaml")

    def test_a_file_too_big(self, both: Library, upper: Path) -> None:
        path = write(upper, "de/rude.yaml", "#" * (MAX_BYTES + 1))
        assert self.refused(both) == [(str(path), "too-large")]

    @posix
    def test_a_pipe_is_not_waited_for(self, both: Library, upper: Path) -> None:
        (upper / "de").mkdir()
        os.mkfifo(upper / "de" / "rude.yaml")
        assert self.refused(both) == [(str(upper / "de" / "rude.yaml"), "not-a-file")]

    @posix
    def test_a_link_out_of_the_folder(self, both: Library, upper: Path, tmp_path: Path) -> None:
        secret = write(tmp_path, "secret.yaml", type_text("rude", "de").replace("for a test", "secret"))
        (upper / "de").mkdir()
        (upper / "de" / "rude.yaml").symlink_to(secret)
        assert self.refused(both) == [(str(upper / "de" / "rude.yaml"), "file-outside")]

    @posix
    def test_a_folder_that_is_a_link_out(self, both: Library, upper: Path, tmp_path: Path) -> None:
        write(tmp_path, "other/rude.yaml", type_text("rude", "de"))
        (upper / "de").symlink_to(tmp_path / "other")
        assert self.refused(both) == [(str(upper / "de" / "rude.yaml"), "file-outside")]

    @posix
    def test_a_link_inside_of_the_folder_is_followed(self, both: Library, upper: Path) -> None:
        target = write(upper, "shared/rude.yaml", type_text("rude", "de").replace("for a test", "shared"))
        (upper / "de").mkdir()
        (upper / "de" / "rude.yaml").symlink_to(target)
        assert both.checklist("rude", "de").summary == "shared"
        assert both.faults == ()

    @posix
    @pytest.mark.parametrize("target", ["rude.yaml", "nowhere.yaml"])
    def test_a_link_that_leads_nowhere(self, both: Library, upper: Path, target: str) -> None:
        (upper / "de").mkdir()
        (upper / "de" / "rude.yaml").symlink_to(upper / "de" / target)
        [(place, _)] = self.refused(both)
        assert place.startswith(str(upper / "de"))

    @posix
    def test_a_root_may_be_a_link(self, lower: Path, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(lower)
        assert len(Library((tmp_path / "link",)).types("de")) == 4

    def test_what_may_not_be_read(self, both: Library, upper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = write(upper, "de/rude.yaml", type_text("rude", "de"))
        allowed = os.open

        def refuse(target: object, *arguments: object, **options: object) -> int:
            if os.fspath(target) == os.fspath(path):  # type: ignore[arg-type]
                raise PermissionError(13, "no")
            return allowed(target, *arguments, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(os, "open", refuse)
        assert self.refused(both) == [(str(path), "no-permission")]

    def test_a_folder_that_may_not_be_listed(self, both: Library, upper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        listed = Path.iterdir

        def refuse(path: Path) -> object:
            if path == upper / "de":
                raise PermissionError(13, "no")
            return listed(path)

        monkeypatch.setattr(Path, "iterdir", refuse)
        assert self.refused(both) == [(str(upper / "de"), "no-permission")]


class TestBuiltIn:
    def test_in_a_source_tree_it_lies_at_the_top(self) -> None:
        assert (builtin_root() / "countries" / "nl.yaml").is_file()

    def test_installed_it_lies_in_the_package(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        package = tmp_path / "src" / "deescalate_tui"
        (package / "checklists").mkdir(parents=True)
        write(tmp_path, "pyproject.toml", "")
        monkeypatch.setattr(library_module, "__file__", str(package / "content" / "library.py"))
        assert builtin_root() == package / "checklists"
        (package / "checklists").rmdir()
        assert builtin_root() == tmp_path / "checklists"

    def test_everything_that_ships_is_valid(self) -> None:
        library = Library.open()
        assert library.languages() == ("de", "nl", "no")
        for language in library.languages():
            assert [found.id for found in library.types(language)] == list(BUILT_IN_TYPES)
            assert [rung.id for rung in library.ladder(language).rungs] == ["ask", "consequence", "end"]
            assert len(library.cards(language).emergency()) == 4
        assert [country.id for country in library.countries()] == ["AT", "BE", "CH", "DE", "NL", "NO"]
        assert library.faults == ()

    def test_roots_lie_above_it(self, upper: Path) -> None:
        write(upper, "de/zealous.yaml", type_text("zealous", "de"))
        assert [found.id for found in Library.open((upper,)).types("de")] == [*BUILT_IN_TYPES, "zealous"]

    def test_no_number_ships_as_confirmed(self) -> None:
        numbers = [number for country in Library.open().countries() for number in country.numbers]
        assert len(numbers) == 25
        assert {number.verified for number in numbers} == {""}
        assert all(number.source for number in numbers)

    @pytest.mark.parametrize("code", ["AT", "BE", "CH", "DE", "NL", "NO"])
    def test_each_country_has_a_number_for_every_kind_a_card_names(self, code: str) -> None:
        country = Library.open().country(code)
        assert country is not None
        kinds = {kind for card in Library.open().cards("de").cards for kind in card.numbers}
        assert {"emergency", "suicide"} <= kinds
        for kind in kinds - {"police"}:
            assert country.of_kinds((kind,)), kind
