"""Makes the pictures of the README from the real program: `python tools/dev.py pictures`, or this file in the venv."""

import asyncio
import os
import re
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deescalate_tui.clock import Clock
from deescalate_tui.opening import Opening
from deescalate_tui.tui.app import Guide
from deescalate_tui.workplace import Workplace

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
BEGAN = datetime(2026, 11, 22, 10, 4, tzinfo=UTC)

TO_THE_REQUEST = ("space", "space", "space", "space", "space")
CALL = (*TO_THE_REQUEST, "=Zweimal abgebucht, möchte das Geld heute zurück", "enter", "1", "space", "2", "3", "w")
PICTURES: dict[str, tuple[Opening, Sequence[str]]] = {
    "start": (Opening(language="de"), ()),
    "session": (Opening("aggressive", "de", "phone", ticket="4711"), CALL),
    "card": (Opening("rude", "nl", "phone"), ("!", "t")),
    "close": (Opening("direct", "no", "phone"), ("a", "=Vil flytte avtalen", "enter", "x")),
}


class StillClock(Clock):
    """A clock that a picture can rely on: it moves a little with every look."""

    def __init__(self) -> None:
        self._looks = 0

    def now(self) -> datetime:
        """The same day for ever."""
        return BEGAN

    def wall_ms(self) -> int:
        """As `now`."""
        return int((BEGAN + timedelta(milliseconds=self.mono_ms())).timestamp() * 1000)

    def mono_ms(self) -> int:
        """Two seconds later with every look."""
        self._looks += 1
        return self._looks * 1000


async def picture(opening: Opening, keys: Sequence[str]) -> str:
    """The screen as SVG after these keys; `=text` is typed."""
    with tempfile.TemporaryDirectory() as home:
        config = Path(home, "config")
        config.mkdir()
        (config / "settings.yaml").write_text("country: DE\n", encoding="utf-8")
        workplace = Workplace.open({"DEESCALATE_HOME": home}, {}, StillClock())
        app = Guide(workplace, opening)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            for key in keys:
                await pilot.press(*(key[1:] if key.startswith("=") else [key]))
                await pilot.pause()
            await pilot.pause()
            svg = app.export_screenshot(title="deescalate")
        svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)
        # The picture must not load fonts from anywhere.
        return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def main() -> None:
    """Write all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    # In colour, wherever they are made.
    os.environ["COLORTERM"] = "truecolor"
    os.environ.pop("NO_COLOR", None)
    for name, (opening, keys) in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(asyncio.run(picture(opening, keys)), encoding="utf-8")
        print(FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
