"""Gives the wheel its shared files: completion for shells, and the manual page."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))


class SharedFiles(BuildHookInterface[Any]):
    """Called by hatchling, for wheels."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files where the build finds them. An editable install is for developers, who need none."""
        if version == "editable":
            return
        import shells  # late: an editable install does without it

        self._folder = tempfile.TemporaryDirectory()
        for name, text in shells.files().items():
            path = Path(self._folder.name, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            build_data["shared_data"][str(path)] = f"share/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove them again."""
        del build_data, artifact_path
        if version != "editable":
            self._folder.cleanup()
