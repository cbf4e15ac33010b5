"""What becomes of a note on its way: sent, to be tried again (and when), or refused for good. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from deescalate_tui.deliver.template import Template, refusal_in

SENT, WAITING, DEAD = "sent", "waiting", "dead"
FIRST_S, MOST_S = 30, 900
"""The pause after the first failure; each further one doubles it, up to the second."""
SLOW, SLOW_S = frozenset(("denied", "not-found", "no-such-ticket")), 14_400
"""What a person has to put right, at the server, in the setting or in the note: there the pause grows up to this."""
LONGEST_S = 86_400
"""No server makes a note wait longer than that."""
MAX_CODE = 80
HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"


class Answer(msgspec.Struct, frozen=True):
    """What a server said."""

    status: int
    body: bytes = b""
    retry_after: str = ""
    whole: bool = True
    """False where the connection broke in the middle of the body."""


class Verdict(msgspec.Struct, frozen=True):
    """What an answer means."""

    state: str
    reason: str = ""
    """The message is `deliver.reason.<reason>`."""
    detail: str = ""
    everyone: bool = False
    """The reason concerns every note: no other one is sent until then."""
    retry_after: str = ""


class Record(msgspec.Struct, frozen=True):
    """What is kept of a note: no text, no ticket."""

    note: str
    """Its id."""
    revision: int
    state: str
    at: int
    """Seconds since 1970, of the last attempt."""
    tries: int = 0
    next_at: int = 0
    reason: str = ""
    detail: str = ""
    everyone: bool = False


def judge(answer: Answer, template: Template) -> Verdict:
    """408, 429, 5xx, and what may be put right elsewhere, is tried again; any other 4xx is final."""
    status = answer.status
    if 200 <= status < 300:
        return _accepted(answer, template)
    detail = str(status)
    if 300 <= status < 400:
        return Verdict(WAITING, "moved", detail, everyone=True)
    if status in (401, 407):
        return Verdict(WAITING, "login", detail, everyone=True)
    if status == 403:
        return Verdict(WAITING, "denied", detail)
    if status in (404, 405):
        return Verdict(WAITING, "not-found", detail)
    if status in (429, 503):
        return Verdict(WAITING, "busy", detail, everyone=True, retry_after=answer.retry_after)
    if 400 <= status < 500 and status != 408:
        return Verdict(DEAD, "status", detail)
    return Verdict(WAITING, "status", detail, retry_after=answer.retry_after)


def _accepted(answer: Answer, template: Template) -> Verdict:
    if template.error is None:
        return Verdict(SENT)
    if not answer.whole:
        return Verdict(WAITING, "cut", str(answer.status), everyone=True)
    code = refusal_in(answer.body, template.error)
    if code is None:
        return Verdict(SENT)
    if code in template.error.login:
        return Verdict(WAITING, "login", code, everyone=True)
    if code in template.error.access:
        return Verdict(WAITING, "denied", code)
    return Verdict(DEAD, "refused", code[:MAX_CODE])


def recorded(before: Record | None, note: str, revision: int, verdict: Verdict, now: int, chance: float) -> Record:
    """What to keep after an attempt; `chance` (0 to 1) spreads the next ones of many machines."""
    tries = (before.tries if before is not None else 0) + 1
    most = SLOW_S if verdict.reason in SLOW else MOST_S
    pause = max(_pause(tries, most, chance), _asked(verdict.retry_after, now)) if verdict.state == WAITING else 0
    next_at = now + pause if pause else 0
    said = (verdict.reason, verdict.detail, verdict.everyone)
    return Record(note, revision, verdict.state, now, tries, next_at, *said)


def paused_until(records: Mapping[str, Record], now: int) -> int:
    """Until when nothing is sent at all, in seconds since 1970; 0 where something may be."""
    return max((it.next_at for it in records.values() if it.everyone and is_pausing(it, now)), default=0)


def is_pausing(record: Record, now: int) -> bool:
    """Whether it is not yet to be tried again. A pause longer than any comes of a clock that was wrong, and is none."""
    return record.state == WAITING and now < record.next_at <= now + LONGEST_S


def _pause(tries: int, most: int, chance: float) -> int:
    longest = min(most, FIRST_S << min(tries - 1, 10))
    return round(longest * (0.5 + chance / 2))


def _asked(retry_after: str, now: int) -> int:
    """The seconds that a server asks for, as a number or as a date."""
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return min(int(text[:9]), LONGEST_S)
    try:
        moment = datetime.strptime(text, HTTP_DATE).replace(tzinfo=UTC)
    except ValueError:
        return 0
    return max(0, min(int(moment.timestamp()) - now, LONGEST_S))
