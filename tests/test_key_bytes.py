"""How many bytes a key sends: counted in memory, the same on every machine."""

from statistics import median

import pytest
from stage import COUNTRIES, Stage, opened
from textual.geometry import Region, Size

from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.call.questions import is_choice, letters
from deescalate_tui.opening import Opening
from deescalate_tui.tui.canvas import Canvas
from deescalate_tui.tui.reader import NotePlace
from deescalate_tui.tui.themes import Palette
from deescalate_tui.tui.thrift import Thrift

MOVES = "jk12j3su"
"""As in bench/measures.py."""
MOST = {(80, 24): (435, 800), (200, 60): (435, 1050)}
"""Bytes at the median, and at most, of these keys: a packet holds 1,400 or so."""
IN_A_CALL = {(80, 24): (400, 1010), (200, 60): (480, 1300)}
"""The same of all keys of whole calls."""


class Screen(Canvas):
    """A canvas beyond all windows, which counts what it sends."""

    size = Size(0, 0)

    def __init__(self, width: int, height: int) -> None:
        super().__init__(Palette("dark"))
        self.size = Size(width, height)
        self.sent: list[int] = []
        thrift = Thrift(width, height, erases=True)
        thrift.feed("\x1b[m")
        self.send = lambda rows: self.sent.append(len(thrift.paint(rows).encode()))
        self.render_lines(Region(0, 0, width, height))  # as the compositor does at first
        self._rows = ((("?", ""),),) * height


def keyed(stage: Stage, screen: Screen, *keys: str) -> None:
    for key in keys:
        stage.press(key)
        screen.show(stage.page(*screen.size))


@pytest.mark.parametrize("size", MOST)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_sends_few_bytes(language: str, size: tuple[int, int]) -> None:
    stage = Stage(opened(country=COUNTRIES[language]), Opening("aggressive", language, "phone"))
    screen = Screen(*size)
    keyed(stage, screen, *MOVES)
    screen.sent.clear()
    keyed(stage, screen, *MOVES)
    assert median(screen.sent) <= MOST[size][0]
    assert max(screen.sent) <= MOST[size][1]


@pytest.mark.parametrize("size", IN_A_CALL)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_sends_few_bytes(language: str, size: tuple[int, int]) -> None:
    whole: list[int] = []
    for kind in ("aggressive", "rude", "timid", "direct"):
        stage = Stage(opened(country=COUNTRIES[language]), Opening(kind, language, "phone"))
        screen = Screen(*size)
        screen.show(stage.page(*size))
        screen.sent.clear()
        while not isinstance(stage.place, NotePlace) and stage.state.call.current:
            keyed(stage, screen, "space")
            while not isinstance(stage.place, NotePlace) and stage.state.question is not None:
                choices = list(letters(stage.state, stage.live.book)) if is_choice(stage.state) else []
                keyed(stage, screen, choices[0] if choices else "=27.11.\r")
        whole += screen.sent
    assert len(whole) > 100
    assert median(whole) <= IN_A_CALL[size][0]
    assert max(whole) <= IN_A_CALL[size][1]
