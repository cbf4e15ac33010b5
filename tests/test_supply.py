"""What comes with the program: few packages, locked by hash, with their licences and a bill of materials."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tools"))

import dev  # noqa: E402 - another one
import supply  # noqa: E402 - a tool, no package

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKED = supply.locked(supply.LOCK.read_text(encoding="utf-8"))
PAGE = supply.PAGE.read_text(encoding="utf-8")
MOST = 14
"""Packages that may run beside ours. Another one is a decision."""


def test_there_are_few_packages():
    assert len(LOCKED) <= MOST


@pytest.mark.parametrize("line", PROJECT["dependencies"])
def test_what_the_project_asks_for_is_locked(line: str):
    wanted = Requirement(line)
    version, _ = LOCKED[canonicalize_name(wanted.name)]
    assert wanted.specifier.contains(version)


def test_the_lowest_versions_are_those_that_the_project_asks_for(capsys: pytest.CaptureFixture[str]):
    """CI holds them by these lines."""
    dev.lowest()
    held = {canonicalize_name(it.name): it for it in map(Requirement, capsys.readouterr().out.splitlines())}
    extras = PROJECT["optional-dependencies"]
    asked = [Requirement(line) for line in (*PROJECT["dependencies"], *extras["crypto"], *extras["xlsx"])]
    assert list(held) == [canonicalize_name(it.name) for it in asked]
    for wanted in asked:
        (exact,) = held[canonicalize_name(wanted.name)].specifier
        assert exact.operator == "=="
        assert wanted.specifier.contains(exact.version)


def test_the_lock_holds_what_is_needed_and_nothing_else():
    assert set(LOCKED) == supply.needed().keys() - {supply.OURS}


def test_everything_locked_has_hashes():
    text = supply.LOCK.read_text(encoding="utf-8")
    assert all(version and sums for version, sums in LOCKED.values())
    assert sum(len(sums) for _, sums in LOCKED.values()) == text.count("--hash=")
    assert len(LOCKED) == len(re.findall(r"^[^ #\n-]", text, re.MULTILINE))


def test_the_lock_names_no_index():
    """It holds for any mirror."""
    assert "://" not in supply.LOCK.read_text(encoding="utf-8")


def test_a_lock_is_read_with_markers_and_extras():
    text = "one==1.2 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "a" * 64 + "\n    # via two\ntwo==3\n"
    assert supply.locked(text) == {"one": ("1.2", ["a" * 64]), "two": ("3", [])}


def rows() -> dict[str, str]:
    """The page's licences by package."""
    return dict(re.findall(r"^\| \[?([a-z0-9.-]+)\]?\S* \| ([^|]+) \|", PAGE.partition("|---")[2], re.MULTILINE))


def test_the_licences_are_those_of_the_packages():
    assert rows() == {name: supply.licence(name) for name in LOCKED}


def test_every_licence_lets_everybody_use_the_program():
    assert set(rows().values()) <= {"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "ISC"}


def test_the_page_is_the_one_that_the_tool_writes():
    other = [name for name, (version, _) in LOCKED.items() if metadata.version(name) != version]
    if other:
        pytest.skip(f"other versions than the locked ones are installed: {', '.join(other)}")
    assert supply.page() == PAGE


def test_the_bill_of_materials_is_valid():
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(supply.sbom())) is None


def test_the_bill_of_materials_is_complete():
    bill = supply.sbom()
    ours, others = bill["metadata"]["component"], bill["components"]
    assert (ours["name"], ours["version"]) == (supply.OURS, metadata.version(supply.OURS))
    assert {it["name"]: it["version"] for it in others} == {name: metadata.version(name) for name in LOCKED}
    links = {it["ref"]: it["dependsOn"] for it in bill["dependencies"]}
    assert set(links) == {ours["bom-ref"], *(it["bom-ref"] for it in others)}
    reached = {ours["bom-ref"]}
    for _ in links:
        reached |= {other for ref in reached for other in links[ref]}
    assert reached == set(links)


def test_the_same_set_gives_the_same_bill(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")
    assert supply.sbom() == supply.sbom()
    assert supply.sbom()["metadata"]["timestamp"] == "2026-11-18T11:06:40Z"
