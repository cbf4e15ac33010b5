"""Calls of many hours, a machine that slept, a clock that was set: the note's times stay right and in order."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from stage import BEGAN, COUNTRIES, Stage, Watch, opened

from deescalate_tui import catalogues
from deescalate_tui.call import events as ev
from deescalate_tui.call.fold import replay
from deescalate_tui.call.session import UNDO_DEPTH, SessionState
from deescalate_tui.clock import Clock
from deescalate_tui.dates import parse_due
from deescalate_tui.journal.journal import scan
from deescalate_tui.notes.markdown import render
from deescalate_tui.notes.note import Held, IncidentNote, note_from
from deescalate_tui.notes.parse import parse
from deescalate_tui.opening import Opening

COUNT_SLEEP = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC_RAW"}
"""Elsewhere it is the clock of `time.monotonic` that does."""
BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
"""When summer time begins and ends."""
IN_TWO_HOURS = {"de": "in 2 Stunden", "nl": "over 2 uur", "no": "om 2 timer"}
CALL = Opening("aggressive", "de", "phone")


class Jumpy(Watch):
    """A watch that measures well, and shows a time of day that somebody sets, in a place that may be left."""

    def __init__(self, began: datetime = BEGAN, zone: tzinfo | None = None) -> None:
        super().__init__()
        self.began = began
        self.zone = zone or began.tzinfo
        self.set_s = 0
        """By how much it was set, in seconds."""

    def now(self) -> datetime:
        return (self.began + timedelta(seconds=self.seconds + self.set_s)).astimezone(self.zone)


def written(state: SessionState) -> tuple[IncidentNote, str]:
    """The note of a session and its file, which reads back; its timeline is in order, within the call."""
    note = note_from(state)
    text = render(note, catalogues.load(note.language))
    assert parse(text) == note
    times = [entry.at for entry in note.timeline]
    assert times == sorted(times)
    assert times[-1] <= note.duration_s
    return note, text


def left(stage: Stage) -> str:
    """The session is let go as by the end of the program; its id."""
    stage.put_down()
    return stage.state.id


def clock_of(stage: Stage) -> str:
    """What the first row ends with."""
    return stage.text().splitlines()[0].split()[-1]


# --- the clock itself


@pytest.mark.skipif(sys.platform not in COUNT_SLEEP, reason="the clock of time.monotonic counts sleep here")
def test_what_is_measured_goes_on_while_the_machine_sleeps(monkeypatch: pytest.MonkeyPatch):
    slept = getattr(time, COUNT_SLEEP[sys.platform])
    monkeypatch.setattr(time, "clock_gettime_ns", {slept: 2_400_000_000_000}.__getitem__)
    assert Clock().mono_ms() == 2_400_000


def test_what_is_measured_goes_on_when_the_clock_is_set(monkeypatch: pytest.MonkeyPatch):
    clock = Clock()
    before = clock.mono_ms()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert clock.wall_ms() == 0
    assert 0 <= clock.mono_ms() - before < 60_000


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[tzinfo]:
    """The system's own zone, with Central European rules."""
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone cannot be set here")
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    zone = Clock().now().tzinfo
    assert zone is not None
    yield zone
    monkeypatch.undo()
    time.tzset()


def test_the_time_now_is_local_and_aware(in_berlin: tzinfo):
    now = Clock().now()
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)
    assert now.utcoffset() == datetime.now().astimezone().utcoffset()
    assert now.tzname() in ("CET", "CEST")
    assert now.dst() is None


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_the_system_zone_knows_summer_time(in_berlin: tzinfo, change: datetime):
    for minutes in range(-180, 181, 15):
        moment = change + timedelta(minutes=minutes)
        here, there = moment.astimezone(in_berlin), moment.astimezone(BERLIN)
        assert (here.isoformat(), here.fold) == (there.isoformat(), there.fold)
        assert here.astimezone(UTC) == moment


@pytest.mark.parametrize(("change", "due"), [(SPRING, "2026-03-29T04:30"), (AUTUMN, "2026-10-25T03:30")])
def test_hours_from_now_are_counted_across_the_change_of_summer_time(in_berlin: tzinfo, change: datetime, due: str):
    now = (change - timedelta(minutes=30)).astimezone(in_berlin)
    assert parse_due("in 2 Stunden", "de", now) == due


# --- a call in which time does odd things


def test_a_machine_that_slept_in_mid_call():
    watch = Jumpy()
    stage = Stage(opened(watch=watch), CALL)
    watch.seconds = 60
    stage.press("h")
    watch.seconds += 40 * 60
    assert clock_of(stage) == "41:00"
    stage.press("h", "2")
    note, text = written(stage.state)
    assert note.holds == (Held(60, 2460),)
    assert (note.levels[0].at, note.duration_s, note.ended) == (2460, 2460, "2026-11-22T14:46:00+01:00")
    assert "- 14:06:00–14:46:00 (40:00)" in text


def test_a_breath_pacer_that_slept_has_ended():
    watch = Jumpy()
    stage = Stage(opened(watch=watch), CALL).press("r")
    watch.seconds = 40 * 60
    assert stage.text().count("█") == 1


@pytest.mark.parametrize("set_s", [-600, 3600, -86_400 * 400, 86_400 * 365 * 40])
def test_a_clock_that_is_set_in_mid_call_changes_nothing(set_s: int):
    notes = []
    for by in (0, set_s):
        watch = Jumpy()
        stage = Stage(opened(watch=watch), CALL)
        for key in ("1", "2", "h", "3", "h", "w", "4"):
            watch.seconds += 30
            watch.set_s += by if key == "h" else 0
            stage.press(key)
        assert clock_of(stage) == "03:30"
        notes.append(replace(written(stage.state)[0], id=""))
        stage.put_down()
    assert notes[0] == notes[1]


@pytest.mark.parametrize(
    ("set_s", "clock"),
    [(0, "15:00"), (-600, "10:00"), (-86_400, "10:00"), (3600, "1:15:00"), (350_400 * 3600, "350400:15:00")],
)
def test_between_two_runs_the_clock_on_the_wall_counts_but_never_back(set_s: int, clock: str):
    watch = Jumpy()
    work = opened(watch=watch)
    stage = Stage(work, CALL)
    watch.seconds = 600
    session = left(stage.press("2", "h"))
    watch.seconds += 300
    watch.set_s = set_s
    stage = Stage(work, Opening(resume=session))
    assert clock_of(stage) == clock
    before = stage.live.elapsed_ms // 1000
    watch.seconds += 1
    note, _ = written(stage.press("h", "1").state)
    assert note.holds[0].end == note.levels[-1].at == note.duration_s == before + 1


def test_after_a_restart_of_the_machine_what_is_measured_may_begin_anew():
    watch = Jumpy()
    session = left(Stage(opened(watch=watch), CALL).press("2"))
    later = Jumpy(BEGAN + timedelta(minutes=5))
    assert clock_of(Stage(opened(watch=later), Opening(resume=session)).press("1")) == "05:00"


@pytest.mark.parametrize("language", COUNTRIES)
@pytest.mark.parametrize(
    ("change", "offset", "ended", "shown"),
    [(SPRING, "UTC+01:00", "02:30:00+01:00", "02:30:00"), (AUTUMN, "UTC+02:00", "03:30:00+02:00", "03:30:00")],
)
def test_a_call_over_the_change_of_summer_time_keeps_the_offset_of_its_start_and_names_it_once(
    language: str, change: datetime, offset: str, ended: str, shown: str
):
    watch = Jumpy(change - timedelta(minutes=30), BERLIN)
    stage = Stage(opened(watch=watch), Opening("rude", language, "phone"))
    for _ in range(4):
        watch.seconds += 15 * 60
        stage.press(str(watch.seconds // 900 % 3))
    note, text = written(stage.state)
    assert datetime.fromisoformat(note.started) == change - timedelta(minutes=30)
    assert datetime.fromisoformat(note.ended) == change + timedelta(minutes=30)
    assert note.ended.endswith(ended)
    assert text.count("UTC") == text.count(offset) == 1
    times = [line.split()[0] for line in text.partition("<!-- levels 4 -->")[2].splitlines()[2:6]]
    assert times == sorted(times)
    assert times[-1] == shown
    stage.press("p", "=...\r", f"={IN_TWO_HOURS[language]}\r")
    due = (watch.now().astimezone(UTC) + timedelta(hours=2)).astimezone(BERLIN)
    assert stage.state.call.commitments[0].due == f"{due:%Y-%m-%dT%H:%M}"


def test_a_call_that_goes_on_the_next_day_in_another_time_zone():
    watch = Jumpy()
    work = opened(watch=watch)
    session = left(Stage(work, CALL).press("3"))
    watch.seconds = 20 * 3600
    watch.zone = ZoneInfo("Asia/Tokyo")
    stage = Stage(work, Opening(resume=session)).press("1", "p", "=...\r", "=heute 21:00\r", "q", "=Na also\r")
    assert clock_of(stage) == "20:00:00"
    note, text = written(stage.state)
    assert (note.started, note.ended) == ("2026-11-22T14:05:00+01:00", "2026-11-23T10:05:00+01:00")
    assert "von 14:05 bis 23.11.2026 10:05 Uhr (UTC+01:00), Dauer 20:00:00" in text
    assert "- 10:05:00+1\n  > „Na also“" in text
    assert note.commitments[0].due == "2026-11-23T21:00"  # where the agent is now


# --- ten thousand events in nine hours

KEYS = ("q", "n", "p", "a", "0", "1", "2", "3", "u", "h", "w", "space", "s", "j", "t", "!", "g", "c")
EVENTS, HOURS = 10_000, 9


def led(watch: Watch, home: Path | None = None) -> Stage:
    """A session of so many events, which fill so many hours."""
    stage, pick = Stage(opened(home, watch), Opening("rude", "de", "phone")), Random(1)
    while stage.state.seq < EVENTS:
        watch.seconds = stage.state.seq * HOURS * 3600 // EVENTS
        if stage.state.question is None:
            stage.press(pick.choice(KEYS))
        elif stage.place.line() is not None:
            stage.press("=Das war so nicht ausgemacht\r")
        else:
            stage.press("escape" if stage.state.question.kind == "outcome" else pick.choice(["a", "b", "escape"]))
    return stage.press("escape", "escape")


def test_ten_thousand_events_in_nine_hours():
    watch = Watch()
    stage = led(watch)
    began = time.perf_counter()
    note, text = written(stage.state)
    assert time.perf_counter() - began < 3  # a twentieth of a second, on a machine that has nothing else to do
    assert note.duration_s > HOURS * 3600 - 60
    assert len(note.timeline) > EVENTS / 4
    assert len(note.quotes) > 100
    assert len(text) < 1_000_000
    assert len(stage.state.past) == UNDO_DEPTH
    stage.press("1", *["u"] * (UNDO_DEPTH + 10))
    assert stage.live.messages("notice.nothing-to-undo") in stage.text()


def test_a_session_of_ten_thousand_events_is_listed_and_gone_on_with_at_once():
    watch = Watch()
    stage = led(watch)
    state = stage.state
    stage.put_down()
    assert replay(map(ev.decode, scan(stage.live.journal.path.read_bytes()).records)) == state
    began = time.perf_counter()
    (waiting,) = stage.workplace.waiting()
    again = Stage(stage.workplace, Opening(resume=waiting.id))
    assert time.perf_counter() - began < 3  # a tenth of a second
    assert again.state.call == state.call
    assert clock_of(again).startswith("8:59:")


def test_a_session_that_was_left_behind_ended_when_it_was_left():
    watch = Jumpy()
    work = opened(watch=watch)
    watch.seconds = 600
    session = left(Stage(work, CALL).press("2"))
    watch.seconds += 20 * 86_400
    note = parse(work.close_waiting(session).text)
    assert (note.ended, note.duration_s, note.outcome) == ("2026-11-22T14:15:00+01:00", 0, "aborted")
