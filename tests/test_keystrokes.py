"""How many keys a call costs, beside the words typed: the figures that the screen is built for."""

from __future__ import annotations

from pathlib import Path

import pytest
from stage import COUNTRIES, Stage, opened

from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.call.questions import is_choice
from deescalate_tui.opening import Opening
from deescalate_tui.tui.reader import NotePlace

MOST_TO_THE_FIRST_LINE = 3
MOST_IN_A_CALL = 45


class Counted:
    """A call whose keys are counted; words typed into a line count as the one key that finishes them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.keys = 0

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        self.stage.press(*keys)

    def type(self, words: str) -> None:
        self.press(f"={words}\r")

    def finish_step(self) -> None:
        """`space`, and whatever the step asks."""
        self.press("space")
        while isinstance(self.stage.place, NotePlace) is False and self.stage.state.question is not None:
            question = self.stage.state.question
            if is_choice(self.stage.state):
                self.press("a")
            else:
                self.type("27.11." if question.kind in ("promise_due", "field") else "Doppelte Abbuchung vom Mai")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_aggressive_call(language: str, home: Path):
    stage = Stage(opened(country=COUNTRIES[language]), Opening("aggressive", language, "phone"))
    call = Counted(stage)
    levels, quoted = iter("1320"), False
    while stage.state.call.current:
        phase = stage.state.call.phase
        if phase == "assess" and stage.state.call.request and not quoted:
            call.press(next(levels), next(levels), "w", "q")
            call.type("Ihr seid doch alle gleich")
            call.press(next(levels), next(levels))
            quoted = True
        call.finish_step()
    marks = stage.state.call.marks
    assert all(step.id in marks for _, step in stage.state.call.path())
    assert (len(stage.state.call.limits), len(stage.state.call.quotes)) == (1, 1)
    assert [made.due for made in stage.state.call.commitments] == ["2026-11-27"]
    call.press("x", "a", "a")
    assert stage.state.call.answered == "yes"
    assert stage.state.call.confirmed
    assert stage.state.call.aftercare
    while not isinstance(stage.place, NotePlace):
        call.finish_step()
    assert len(list(stage.workplace.paths.notes.rglob("*.md"))) == 1
    assert call.keys <= MOST_IN_A_CALL


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("digit", range(1, 5))
def test_from_the_start_to_the_first_line_to_say(language: str, digit: int):
    """The first line may be one that an agent says to themselves: the first phase is about the agent."""
    stage = Stage(opened(country=COUNTRIES[language]), Opening(language=language))
    call = Counted(stage)
    call.press(str(digit))
    while not any(mark in stage.text() for mark in "▌┆"):
        call.press("space")
    assert call.keys <= MOST_TO_THE_FIRST_LINE
