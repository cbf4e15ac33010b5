"""The proposal of `report --checklists`, applied as docs/report.md says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deescalate_tui.cli import report as cli_report
from deescalate_tui.cli.main import main
from deescalate_tui.content.library import builtin_root
from deescalate_tui.report.checkup import Finding
from deescalate_tui.report.proposal import proposal

ROOT = Path(__file__).parent.parent
posix = pytest.mark.skipif(sys.platform == "win32" or shutil.which("patch") is None, reason="a shell and patch")


def steps() -> list[str]:
    """The lines of the page between the two commands of ours."""
    page = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
    block = re.search("```sh\n(.*?)```", page, re.DOTALL)
    assert block is not None
    first, *lines, last = block[1].splitlines()
    assert (first, last) == ("deescalate report --checklists > proposal.diff", "deescalate checklists check")
    return lines


@posix
def test_the_steps_of_the_page_work_and_check_finds_what_is_broken(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    config = tmp_path / "config"
    monkeypatch.setenv("DEESCALATE_HOME", str(tmp_path))
    monkeypatch.setenv("CONFIG", str(config))
    (tmp_path / "checklists").symlink_to(builtin_root())
    languages = ("de", "nl", "no")
    files = {("rude", it): (builtin_root() / it / "rude.yaml").read_text(encoding="utf-8") for it in languages}
    finding = Finding("rude/de/1", "let-finish", "skipped", 60, 100)
    diff = proposal([finding], files, lambda it: it.step, cli_report.is_valid)
    (tmp_path / "proposal.diff").write_text(f"rude/de/1\n\n{diff}", encoding="utf-8", newline="\n")
    subprocess.run(["sh", "-e"], input="\n".join(steps()).encode(), cwd=tmp_path, check=True, capture_output=True)
    own = config / "checklists" / "de" / "rude.yaml"
    assert "# let-finish" in own.read_text(encoding="utf-8")
    main(["checklists", "list"])
    assert str(own) in capsys.readouterr().out
    assert main(["checklists", "check"]) == 0, capsys.readouterr().out
    own.write_text(own.read_text(encoding="utf-8").replace("phases:", "phase:"), encoding="utf-8")
    capsys.readouterr()
    assert main(["checklists", "check"]) == 1
    assert str(own) in capsys.readouterr().out
