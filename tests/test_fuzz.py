"""Inputs that once did harm do none now, and what the fuzzer begins with is read without a fault of ours."""

import sys
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fuzz import seeds, targets  # noqa: E402 - it lies at the top, beside the package

CRASHERS = sorted(path for path in seeds.CRASHERS.glob("*/*"))


def harmless(name: str, data: bytes) -> None:
    with suppress(*targets.EXPECTED):
        targets.TARGETS[name](data)


@pytest.mark.parametrize("path", CRASHERS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_crasher_does_no_harm_any_more(path: Path):
    harmless(path.parent.name, path.read_bytes())


@pytest.mark.parametrize("name", targets.TARGETS)
def test_what_every_target_begins_with_does_no_harm(name: str):
    for data in seeds.of(name):
        harmless(name, data)


def test_a_target_finds_what_it_looks_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(targets, "parse", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        harmless("note", b"")
