"""Sending finished notes to a ticket system: once each, whatever the server or the disk does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from delivering import SECRET, WORDS, Run, delivers, notes, put, servers, states, switch_on, watches
from stage import BEGAN
from ticket_server import Reply, TicketSystem, ticket_system

from deescalate_tui.cli import main as cli
from deescalate_tui.deliver.delivery import FIRST_S
from deescalate_tui.deliver.outbox import FOLDER, Outbox
from deescalate_tui.errors import Exit, FileFault

server = pytest.fixture(name="server")(servers)
watch = pytest.fixture(name="watch")(watches)
deliver = pytest.fixture(name="deliver")(delivers)


# --- once each


def test_a_note_is_sent_once_with_its_key(server: TicketSystem, deliver: Run):
    id_ = put()
    status, rows, said = deliver()
    assert (status, states(rows)) == (Exit.OK, ["sent"])
    assert WORDS.count("deliver.sent", 1) in said
    (asked,) = server.requests
    assert (asked.method, asked.path, asked.key) == ("PUT", "/api/v2/tickets/4711.json", f"{id_}:1")
    assert asked.headers["User-Agent"].startswith("deescalate-tui/")
    assert deliver(later=4000)[:2] == (Exit.OK, [])
    assert len(server.requests) == 1


def test_500_and_then_success(server: TicketSystem, deliver: Run):
    id_ = put()
    server.replies = [Reply(500), Reply(200)]
    status, rows, _ = deliver()
    assert (status, states(rows), rows[0]["detail"], rows[0]["tries"]) == (Exit.FINDINGS, ["waiting"], "500", 1)
    assert deliver(later=FIRST_S - 1)[0] == Exit.FINDINGS
    assert len(server.requests) == 1
    assert states(deliver(later=1)[1]) == ["sent"]
    assert [it.key for it in server.requests] == [f"{id_}:1"] * 2


@pytest.mark.parametrize("date", [False, True])
def test_429_holds_up_every_note_as_long_as_the_server_says(server: TicketSystem, deliver: Run, date: bool):
    put()
    put()
    when = (BEGAN + timedelta(seconds=600)).astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    server.replies = [Reply(429, {}, {"Retry-After": when if date else "600"}), Reply()]
    assert states(deliver()[1]) == ["waiting", "due"]
    _, rows, said = deliver(later=599)
    assert states(rows) == ["waiting", "due"]
    assert WORDS("deliver.paused", time="14:15") in said
    assert len(server.requests) == 1
    assert states(deliver(later=1)[1]) == ["sent", "sent"]


@pytest.mark.parametrize("status", [400, 410, 413, 422])
def test_what_is_said_of_the_note_itself_is_a_dead_letter_that_is_shown_and_can_be_tried_again(
    server: TicketSystem, deliver: Run, status: int
):
    id_ = put()
    other = put("4712")
    server.replies = [Reply(status), Reply()]
    found, rows, _ = deliver()
    assert (found, states(rows), rows[1]["id"]) == (Exit.FINDINGS, ["sent", "dead"], id_)
    assert deliver(later=100_000)[0] == Exit.FINDINGS
    assert len(server.requests) == 2
    assert deliver("--list")[:2] == (Exit.FINDINGS, rows[1:])
    assert deliver("--retry", other)[0] == Exit.USAGE
    assert states(deliver("--retry", id_[-8:])[1]) == ["sent"]
    assert server.requests[-1].key == server.requests[0].key == f"{id_}:1"


def test_a_connection_that_breaks_before_the_answer_is_tried_again_with_the_same_key(
    server: TicketSystem, deliver: Run
):
    put()
    put("4712")
    server.replies = [Reply(breaks="before"), Reply()]
    status, rows, _ = deliver()
    assert (status, states(rows), rows[0]["reason"]) == (Exit.FINDINGS, ["waiting", "due"], "cut")
    assert states(deliver(later=FIRST_S)[1]) == ["sent", "sent"]
    assert server.requests[0].key == server.requests[1].key


def test_a_connection_that_breaks_after_the_status_leaves_no_second_article(server: TicketSystem, deliver: Run):
    put()
    server.replies = [Reply(201, breaks="after")]
    assert states(deliver()[1]) == ["sent"]
    assert deliver(later=4000)[1] == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(server: TicketSystem, deliver: Run, status: int):
    put()
    with ticket_system() as elsewhere:
        server.replies = [Reply(status, {}, {"Location": f"{elsewhere.url}/steal"})]
        found, rows, _ = deliver()
        assert (found, states(rows), rows[0]["reason"]) == (Exit.FINDINGS, ["waiting"], "moved")
        assert elsewhere.requests == []


def test_a_refused_login_spoils_no_note(server: TicketSystem, deliver: Run):
    put()
    put("4712")
    server.replies = [Reply(401)]
    _, rows, said = deliver()
    assert [(row["state"], row["reason"]) for row in rows] == [("waiting", "login"), ("due", "")]
    assert SECRET not in json.dumps(rows) + said
    server.replies = [Reply()]
    assert states(deliver("--retry", "all")[1]) == ["sent", "sent"]


@pytest.mark.parametrize(("status", "reason"), [(403, "denied"), (404, "not-found"), (405, "not-found")])
def test_what_is_wrong_with_right_or_address_spoils_no_note_and_holds_up_no_other(
    server: TicketSystem, deliver: Run, status: int, reason: str
):
    put()
    put("4712")
    server.replies = [Reply(status), Reply()]
    _, rows, _ = deliver()
    assert [(row["state"], row["reason"], row["detail"]) for row in rows[1:]] == [("waiting", reason, str(status))]
    assert states(rows)[0] == "sent"
    assert states(deliver(later=FIRST_S)[1]) == ["sent"]


def test_killed_between_sending_and_recording_it_is_sent_again_with_the_same_key(
    server: TicketSystem, monkeypatch: pytest.MonkeyPatch
):
    id_ = put()
    switch_on(monkeypatch, server.url)
    if os.name != "posix":
        pytest.skip("another signal there")
    command = [sys.executable, "-m", "deescalate_tui", "deliver", "--json"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    server.replies = [Reply(meanwhile=lambda: (os.kill(child.pid, signal.SIGKILL), child.wait(30))), Reply()]
    child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL
    again = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert states(json.loads(again.stdout)) == ["sent"]
    assert [it.key for it in server.requests] == [f"{id_}:1"] * 2
    assert json.loads(subprocess.run(command, capture_output=True, check=False, timeout=60).stdout) == []
    assert len(server.requests) == 2


def test_where_no_record_can_be_written_nothing_is_sent(
    server: TicketSystem, deliver: Run, monkeypatch: pytest.MonkeyPatch
):
    put()

    def full(*_: object) -> None:
        raise FileFault("record", "disk-full", error="ENOSPC")

    with monkeypatch.context() as disk:
        disk.setattr(Outbox, "put", full)
        assert deliver()[0] == Exit.DISK
    assert server.requests == []
    assert states(deliver()[1]) == ["sent"]


def test_nobody_sends_beside_another_one(server: TicketSystem, deliver: Run):
    put()
    inner: list[tuple[int, list[dict[str, Any]], str]] = []
    command = [sys.executable, "-m", "deescalate_tui", "deliver"]

    def meanwhile() -> None:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)
        inner.append((done.returncode, [], done.stderr))

    server.replies = [Reply(meanwhile=meanwhile)]
    assert states(deliver()[1]) == ["sent"]
    assert inner[0][0] == Exit.DISK
    assert str(os.getpid()) in inner[0][2]
    assert len(server.requests) == 1


# --- which notes


def test_what_is_not_sent_is_listed_with_its_reason(server: TicketSystem, deliver: Run):
    put("")
    put("Müller")
    put("4711/../../admin")
    put("47 11")
    put(expires="2026-11-21")
    (notes() / "2026" / "11" / "2026-11-22T140000Z_abcdef01.md").write_text("no note", encoding="utf-8")
    status, rows, _ = deliver()
    assert status == Exit.FINDINGS
    assert {row["state"] for row in rows} == {"not-sent"}
    assert sorted(row["reason"] for row in rows) == [
        "expired",
        "no-ticket",
        "ticket-form",
        "ticket-form",
        "ticket-form",
        "unreadable",
    ]
    assert server.requests == []
    text = "".join(WORDS(f"deliver.reason.{row['reason']}") for row in rows)
    assert "deliver.reason" not in text


def test_only_what_began_since_the_day_is_sent(server: TicketSystem, deliver: Run, monkeypatch: pytest.MonkeyPatch):
    put()
    switch_on(monkeypatch, server.url, since="2026-11-23")
    assert deliver()[1] == []
    assert server.requests == []


def test_a_number_sign_is_no_part_of_a_ticket(server: TicketSystem, deliver: Run):
    put(" #4711 ")
    deliver()
    assert server.requests[0].path == "/api/v2/tickets/4711.json"


def test_an_erased_note_is_not_sent_even_if_a_copy_comes_back(server: TicketSystem, deliver: Run):
    put()
    (path,) = notes().glob("*/*/*.md")
    data = path.read_bytes()
    assert cli.run(["notes", "erase", "--ticket", "4711", "--yes", "--json"], WORDS) == Exit.OK
    path.write_bytes(data)
    assert deliver()[1] == []
    assert server.requests == []


def test_a_note_that_is_erased_while_others_are_sent_is_not_sent(server: TicketSystem, deliver: Run):
    put()
    put("4712")
    erase = [sys.executable, "-m", "deescalate_tui", "notes", "erase", "--ticket", "4712", "--yes"]
    server.replies = [Reply(meanwhile=lambda: subprocess.run(erase, check=True, capture_output=True, timeout=60))]
    assert states(deliver()[1]) == ["sent"]
    assert len(server.requests) == 1


def test_a_clock_that_was_wrong_for_a_while_holds_nothing_up(server: TicketSystem, deliver: Run):
    put()
    server.replies = [Reply(503, {}, {"Retry-After": "86400"}), Reply()]
    assert states(deliver(later=1_000_000)[1]) == ["waiting"]
    assert states(deliver(later=-900_000)[1]) == ["sent"]


def test_erasing_says_that_what_was_sent_has_to_be_erased_there(
    deliver: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    put()
    deliver()
    cli.run(["notes", "erase", "--ticket", "4711", "--yes"], WORDS)
    assert WORDS("rights.delivered") in capsys.readouterr().err
    assert "4711" not in "".join(path.read_text("utf-8") for path in (notes() / FOLDER).glob("*.json"))


def test_a_correction_is_sent_under_its_own_key(server: TicketSystem, deliver: Run):
    id_ = put()
    deliver()
    assert cli.run(["notes", "correct", id_, "--field", "request=Anders"], WORDS) == Exit.OK
    (row,) = deliver()[1]
    assert row["state"] == "sent"
    assert server.requests[-1].key == f"{id_}:2"
    assert "Anders" in str(server.requests[-1].body)


def test_a_ticket_that_is_put_in_later_lets_it_go(server: TicketSystem, deliver: Run):
    id_ = put("")
    assert deliver()[1][0]["reason"] == "no-ticket"
    cli.run(["notes", "correct", id_, "--field", "ticket=4711"], WORDS)
    assert states(deliver()[1]) == ["sent"]
    assert len(server.requests) == 1


def test_on_a_team_drive_who_comes_second_sends_nothing_again(
    server: TicketSystem, deliver: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    put()
    drive = tmp_path / "drive"
    notes().rename(drive)
    drive.chmod(0o770)
    monkeypatch.setenv("DEESCALATE_NOTES", str(drive))
    assert states(deliver()[1]) == ["sent"]
    monkeypatch.setenv("DEESCALATE_HOME", str(tmp_path / "another desk"))
    assert deliver()[1] == []
    assert len(server.requests) == 1
    if os.name == "posix":
        (record,) = (drive / FOLDER).glob("*.json")
        assert (record.stat().st_mode & 0o777, (drive / FOLDER).stat().st_mode & 0o777) == (0o660, 0o770)
    monkeypatch.setenv("DEESCALATE_NOTES", str(tmp_path / "away"))
    assert deliver()[0] == Exit.DISK
    assert not (tmp_path / "away").exists()
