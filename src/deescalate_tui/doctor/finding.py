"""What the doctor has to say of one thing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from deescalate_tui.errors import Exit, Fault
from deescalate_tui.i18n import Messages


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at: a message or, where there is one, a fault."""

    topic: str
    ok: bool
    key: str
    params: Mapping[str, object] = {}
    number: int | None = None
    """Of how many things the message speaks."""
    fault: Fault | None = None

    def text(self, messages: Messages) -> str:
        """What was found and, where it is not ok, what to do."""
        if self.fault:
            return messages.fault(self.fault)
        if self.number is None:
            return messages(self.key, **self.params)
        return messages.count(self.key, self.number, **self.params)


def good(topic: str, key: str, number: int | None = None, **params: object) -> Finding:
    """All is well."""
    return Finding(topic, True, f"doctor.{key}", params, number)


def bad(topic: str, key: str, number: int | None = None, **params: object) -> Finding:
    """Something is wrong; the message says what to do."""
    return Finding(topic, False, f"doctor.{key}", params, number)


def faulty(topic: str, faults: Iterable[Fault]) -> list[Finding]:
    """The same, found by others."""
    return [Finding(topic, False, f"fault.{fault.key}", fault=fault) for fault in faults]


def status(findings: Iterable[Finding]) -> Exit:
    """The exit status that the findings are worth."""
    return Exit.OK if all(finding.ok for finding in findings) else Exit.FINDINGS
