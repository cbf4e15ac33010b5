"""What every test stands on: a home of its own, no animations, and `async def` tests without a plug-in."""

import asyncio
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

# Textual reads it once, when it is imported.
os.environ["TEXTUAL_ANIMATIONS"] = "none"

settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")


GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --update-golden` writes the golden files anew: read the difference before keeping it."""
    parser.addoption("--update-golden", action="store_true", help="write the files in tests/golden anew")


def pytest_configure(config: pytest.Config) -> None:
    """The variable means the same, and reaches tests that ask for it."""
    if config.getoption("--update-golden"):
        os.environ["UPDATE_GOLDEN"] = "1"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many faults the disk had, where tests of it ran."""
    faults = sys.modules.get("faults")
    if faults is not None and faults.TALLY:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(faults.TALLY.items()))
        terminalreporter.write_line(f"fault points: {faults.TALLY.total()} ({kinds}), {len(faults.LOSSES)} losses")


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with a file in tests/golden."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8"), f"{name} has changed; if it should: pytest --update-golden"

    return compare


@pytest.fixture(autouse=True)
def nothing_left_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let go of the journals that a test leaves open: each holds files and a thread, and there are many tests."""
    from deescalate_tui.journal.journal import Journal  # late: the variable above comes first

    opened: list[Journal] = []
    begin = Journal.__init__

    def noted(self: Journal, *arguments: object) -> None:
        begin(self, *arguments)  # type: ignore[arg-type]
        opened.append(self)

    monkeypatch.setattr(Journal, "__init__", noted)
    yield
    for journal in opened:
        with suppress(Exception):  # a test may have broken it
            journal.close(0.2)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, and nothing of the developer's own settings."""
    for name in os.environ:
        if name.startswith("DEESCALATE_"):
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(folder / kind.lower()))
    monkeypatch.setenv("DEESCALATE_HOME", str(folder / "deescalate"))
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an `async def` test in an event loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True
