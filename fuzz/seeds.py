"""What a target begins with: the content that ships, samples and goldens of the tests, crashers mended before."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from deescalate_tui.call import events as ev
from deescalate_tui.journal.journal import line_of

ROOT = Path(__file__).resolve().parent.parent
CHECKLISTS, TESTS = ROOT / "checklists", ROOT / "tests"
LONGEST = 1000
"""Characters of an evil string: longer ones only make the fuzzer slow."""
CRASHERS = TESTS / "crashers"
"""By target: inputs that once did harm."""

sys.path.insert(0, str(TESTS))

import content_samples as content  # noqa: E402 - the samples lie beside the tests
import samples  # noqa: E402
from evil import EVIL  # noqa: E402

_EVENTS: tuple[ev.AnyEvent, ...] = (
    ev.Resumed(),
    ev.ChannelChanged("email"),
    ev.StepDone("breathe"),
    ev.StepSkipped("calm-sentence"),
    ev.WentTo("ask-trigger"),
    ev.Looked("next-step"),
    ev.LevelHeard(3),
    ev.ThreatHeard("vague"),
    ev.LimitGiven(1, "ask", "insult"),
    ev.Asked("quote"),
    ev.Drafted("halb"),
    ev.Left(),
    ev.FieldAnswered("cause", "Grund"),
    ev.QuoteHeard("Worte"),
    ev.NoteWritten("Notiz"),
    ev.Promised("Rückruf", "2026-11-27"),
    ev.PromiseChanged(0, "Brief", "morgen"),
    ev.RequestPinned("Geld zurück"),
    ev.TicketSet("T-1"),
    ev.Named(),
    ev.HoldBegun(),
    ev.HoldEnded(),
    ev.CardOpened("crying", "Weinen"),
    ev.CardClosed(),
    ev.HelpCalled("listen"),
    ev.HelpLowered(),
    ev.Undone(),
    ev.Ended("resolved"),
    ev.EndedEarly(),
    ev.RequestAnswered("yes"),
    ev.GateOverridden("check-possible", "Grund"),
    ev.PromisesConfirmed(),
    ev.AftercareBegun(),
    ev.Closed(),
)
_CALL = b'{"type": "aggressive", "lang": "no", "channel": "phone", "country": "NO", "ticket": "T-1", "agent": "amsel"}'
_SETTINGS = (
    "format: 1\nlanguage: no  # why\nui_language: follow\ncountry: NO\nagent: amsel\nretention_days: 90\n"
    "theme: dark\nsecond_place: /var/tmp\nhelp_command: [notify, 'a b']\nkeys: {done: [space, d], skip: s}\n"
)
_DUE = (
    *("morgen", "übermorgen 10 uhr", "27.11.", "27-11-2026 om 14:00", "i morgen kl. 9", "fredag", "over 2 uur"),
    *("nächsten dienstag um 9:30", "in einer halben stunde", "+3d", "2026-11-27T14:00", "ende der woche", "29.2.2027"),
)
_TALK = (
    "q Ich bin wütend\na Zweimal abgebucht\n3\nw\nn laut\n\n\nu\nh\nh\np Rückruf; morgen\nx\na\nja\n",
    "4\nv\n/vertrag\na\nt rude\nl no\nc email\n? \nm Frau X\n! t\n\ng b\n0\n s\nesc\nx\nleave\n",
)


def of(target: str) -> Iterator[bytes]:
    """The seeds of a target."""
    yield from _SEEDS.get(target, _evil)()
    yield from (path.read_bytes() for path in sorted((CRASHERS / target).glob("*")))


def dictionary() -> tuple[bytes, ...]:
    """Words that change the meaning of something: what `mutated` puts in."""
    keys = {line.split(":")[0].strip(" -") for path in CHECKLISTS.rglob("*.yaml") for line in _lines(path)}
    known = sorted(key for key in keys if key.isidentifier() or "-" in key)[:300]
    tags = [f'"t":"{event.__struct_config__.tag}"' for event in map(type, _EVENTS)]
    signs = ("&a", "*a", "!!str", "|", ">-", "- ", ": ", "{", "[", "---\n", '"\\u0000"', "'", "999999999999999999999")
    return tuple(
        word.encode("utf-8", "surrogatepass") for word in (*known, *tags, *signs, *EVIL) if len(word) <= LONGEST
    )


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def _files(pattern: str, *samples: str) -> Iterator[bytes]:
    yield from (sample.encode() for sample in samples)
    yield from (path.read_bytes() for path in sorted(CHECKLISTS.glob(pattern)))


def _evil() -> Iterator[bytes]:
    yield from (text.encode("utf-8", "surrogatepass") for text in EVIL if len(text) <= LONGEST)


def _notes() -> Iterator[bytes]:
    yield from (path.read_bytes() for path in sorted((TESTS / "golden").glob("note-*.md")))


def _fronts() -> Iterator[bytes]:
    yield from (text.split(b"\n\n")[0] + b"\n" for text in _notes())


def _records() -> Iterator[bytes]:
    first = ev.encode(samples.started())
    each = [ev.encode(ev.Record(i, samples.STARTED_AT + i, i, event)) for i, event in enumerate(_EVENTS, 1)]
    yield b"\n".join((first, *each))
    yield from (b"\n".join((first, record)) for record in each)
    yield b"\n".join((first, *each[6:20]))


def _journals() -> Iterator[bytes]:
    for records in _records():
        yield b"".join(map(line_of, records.split(b"\n")))


def _marks() -> Iterator[bytes]:
    yield b'{"schema": 1, "note": "x", "reason": "suit", "since": "2026-11-22", "until": "2027-11-22"}'
    yield b'{"schema": 1, "note": "x", "erased": "2026-11-22", "reason": "expired", "asked_by": "lead", "files": ["0"]}'


def _caches() -> Iterator[bytes]:
    value = msgspec.msgpack.encode(samples.CHECKLISTS["direct", "de"])
    yield msgspec.msgpack.encode({"key": value})
    yield msgspec.msgpack.encode({"key": b"\x91" * 50})


def _texts(*texts: str) -> Iterator[bytes]:
    yield from (text.encode() for text in texts)
    yield from _evil()


_SEEDS = {
    "yaml": lambda: _files("site.example.yaml", content.TYPE, "a: &x [1, *x]\n", "a: !!str {b: 'c', d: \"\\x41\"}\n"),
    "yaml-python": lambda: _files("site.example.yaml", content.LADDER, "a: [b, {c: d}]\n", "a: |\n  b\n"),
    "checklist": lambda: _files("de/direct.yaml", content.TYPE),
    "cards": lambda: _files("no/ladder.yaml", content.CARDS),
    "ladder": lambda: _files("*/ladder.yaml", content.LADDER),
    "country": lambda: _files("countries/*.yaml"),
    "site": lambda: _files("site.example.yaml"),
    "techniques": lambda: _files("techniques.yaml"),
    "voice": lambda: _files("voice.yaml"),
    "settings": lambda: _texts(_SETTINGS, "# format: 1\n"),
    "value": lambda: _texts("language\nNB", "keys\n{done: [space, d]}", "help_command\n[a, b]", "second_place\n~/x"),
    "keys": lambda: _texts("{done: [space, d], skip: s}", "{leave: [x, ctrl+x]}", "{close: s, skip: x}"),
    "journal-lines": _journals,
    "journal": _records,
    "plain": lambda: _texts(*_TALK),
    "note": _notes,
    "front": _fronts,
    "mark": _marks,
    "json": lambda: iter((_CALL, b'\xef\xbb\xbf{"type": "rude"}', b"[" * 99, b'{"a": 1, "a": 2}')),
    "dates": lambda: _texts(*_DUE),
    "cache": _caches,
    "lock": lambda: iter((b'{"host": "desk", "pid": 4711}', b"", b"[]", b"\xff")),
    "changes": lambda: _texts("ticket=T-1\0request=x", "outcome=resolved", "satisfaction=", "follow-up=2026-11-27"),
}
