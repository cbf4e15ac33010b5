"""What goes to a ticket system: internal notes and nothing else, over a connection that is safe, when it is time."""

from __future__ import annotations

import gc
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import msgspec
import pytest
from delivering import SECRET, WORDS, Run, delivers, notes, put, servers, states, switch_on, watches
from note_samples import german
from stage import Watch, opened
from ticket_server import TLS, Reply, TicketSystem, ticket_system

from deescalate_tui.cli import main as cli
from deescalate_tui.deliver import sending
from deescalate_tui.deliver.connection import Line
from deescalate_tui.deliver.delivery import (
    FIRST_S,
    MOST_S,
    SLOW_S,
    Answer,
    Record,
    Verdict,
    judge,
    paused_until,
    recorded,
)
from deescalate_tui.deliver.outbox import FOLDER
from deescalate_tui.deliver.sending import NoAnswer, template_of
from deescalate_tui.deliver.settings import TEMPLATES
from deescalate_tui.deliver.template import Request, read, request_of
from deescalate_tui.doctor.settings import judge_deliver
from deescalate_tui.errors import Exit, Fault, FileFault, UsageFault
from deescalate_tui.notes.front import Promise

FOUND = Reply(200, {"tickets": [7], "assets": {"Ticket": {"7": {"id": 7, "number": "4711"}, "8": {"id": 8}}}})
HOSTILE = 'x", "public": true, "y": "{secret} {found} %s \\ \n\x7f\u2028 </script> 4711'

server = pytest.fixture(name="server")(servers)
watch = pytest.fixture(name="watch")(watches)
deliver = pytest.fixture(name="deliver")(delivers)


# --- what is sent


def internal(template: str, body: Any) -> bool:
    """Whether the system keeps it from the customer, by what its own documentation says."""
    if template == "zammad":
        return body["internal"] is True and body["type"] == "note" and body["sender"] == "Agent"
    if template == "zendesk":
        return body == {"ticket": {"comment": {"body": body["ticket"]["comment"]["body"], "public": False}}}
    article = body["Article"]
    return (
        article["IsVisibleForCustomer"] == 0 and article["CommunicationChannel"] == "Internal" and "To" not in article
    )


@pytest.mark.parametrize("content", ["handover", "note"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_makes_an_internal_note_whatever_stands_in_the_fields(
    server: TicketSystem, deliver: Run, monkeypatch: pytest.MonkeyPatch, template: str, content: str
):
    switch_on(monkeypatch, server.url, template, user="robot", content=content)
    text = HOSTILE.replace("\x7f", "").replace("\u2028", " ")
    put(request=text, escalated_to=text, follow_up=text, commitments=(Promise(text, text),), satisfaction=text)
    server.replies = [FOUND, Reply()] if template == "zammad" else [Reply(200)]
    status, rows, _ = deliver()
    assert (status, states(rows)) == (Exit.OK, ["sent"]), rows
    (asked,) = server.handed
    assert internal(template, asked.body)
    body = json.dumps(asked.body)
    assert "{secret}" in body
    assert (SECRET in body) == (template == "znuny")
    assert asked.headers["Content-Type"] == "application/json"


def test_of_zammad_the_ticket_is_found_by_its_number(
    server: TicketSystem, deliver: Run, monkeypatch: pytest.MonkeyPatch
):
    switch_on(monkeypatch, server.url, "zammad")
    put()
    server.replies = [FOUND, Reply()]
    assert states(deliver()[1]) == ["sent"]
    search, handed = server.requests
    assert (search.method, search.path) == ("GET", "/api/v1/tickets/search?query=4711&limit=50")
    assert handed.body["ticket_id"] == "7"
    assert handed.headers["Authorization"] == search.headers["Authorization"] == f"Token token={SECRET}"


@pytest.mark.parametrize(
    "answer", [[], {}, [{"id": 1, "number": "47110"}], [{"id": 1, "number": "4711"}, {"id": 2, "number": "4711"}], "x"]
)
def test_a_number_that_zammad_does_not_know_goes_into_no_other_ticket(
    server: TicketSystem, deliver: Run, monkeypatch: pytest.MonkeyPatch, answer: Any
):
    switch_on(monkeypatch, server.url, "zammad")
    put()
    server.replies = [Reply(200, answer)]
    _, rows, _ = deliver()
    assert (rows[0]["state"], rows[0]["reason"]) == ("waiting", "no-such-ticket")
    assert server.handed == []


@pytest.mark.parametrize("template", ["zammad", "znuny"])
def test_an_answer_that_breaks_off_says_nothing_of_the_note(
    server: TicketSystem, deliver: Run, monkeypatch: pytest.MonkeyPatch, template: str
):
    switch_on(monkeypatch, server.url, template, user="robot")
    put()
    server.replies = [Reply(200, FOUND.body, breaks="after")]
    _, rows, _ = deliver()
    assert (rows[0]["state"], rows[0]["reason"]) == ("waiting", "cut")


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        ({"ErrorCode": "TicketUpdate.InvalidParameter", "ErrorMessage": "no"}, "dead", "refused"),
        ({"ErrorCode": "TicketUpdate.AccessDenied", "ErrorMessage": "no"}, "waiting", "denied"),
        ({"ErrorCode": "TicketUpdate.AuthFail"}, "waiting", "login"),
        ("odd", "dead", "refused"),
    ],
)
def test_a_no_of_znuny_comes_with_200(
    server: TicketSystem, deliver: Run, monkeypatch: pytest.MonkeyPatch, error: Any, state: str, reason: str
):
    switch_on(monkeypatch, f"{server.url}/znuny/nph-genericinterface.pl/Webservice/deescalate", "znuny", user="robot")
    put()
    server.replies = [Reply(200, {"Error": error}), Reply(200, {"TicketID": 1, "ArticleID": 2})]
    _, rows, _ = deliver()
    assert (rows[0]["state"], rows[0]["reason"]) == (state, reason)
    assert states(deliver("--retry", "all")[1]) == ["sent"]
    (first, _) = server.requests
    assert first.path == "/znuny/nph-genericinterface.pl/Webservice/deescalate/TicketUpdate"
    assert (first.body["TicketNumber"], first.body["UserLogin"], first.body["Password"]) == ("4711", "robot", SECRET)


def test_by_default_only_the_hand_over_line_goes(server: TicketSystem, deliver: Run, monkeypatch: pytest.MonkeyPatch):
    put()
    deliver()
    switch_on(monkeypatch, server.url, content="note")
    put("4712")
    deliver()
    line, note = (it.body["ticket"]["comment"]["body"] for it in server.requests)
    quoted = german().call.quotes[0].text[:12]
    assert quoted not in line
    assert quoted in note
    assert "\n## " in note
    assert german().agent not in line + note
    assert "sha256" not in note
    assert "<!--" not in note


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_ticket_in_a_path_is_percent_encoded(template: str):
    values = dict.fromkeys(
        ("secret", "user", "basic", "found", "text", "subject", "key", "id", "revision", "type", "outcome"), "x"
    )
    values |= {"ticket": "a/../b?c#d%e", "level": "", "channel": "", "language": ""}
    path = request_of(template_of(template), values).path
    assert ".." not in path or "%2F..%2F" in path
    assert path.count("?") == 0
    assert "#" not in path


def test_a_template_of_the_site(server: TicketSystem, deliver: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    own = tmp_path / "own.json"
    own.write_text('{"method": "POST", "path": "/in", "headers": {}, "body": ["{id}", "{level}"]}', encoding="utf-8")
    switch_on(monkeypatch, server.url, str(own))
    id_ = put()
    assert states(deliver()[1]) == ["sent"]
    assert server.requests[0].body[0] == id_
    for text in (
        "",
        "[]",
        '{"method": "POST"}',
        own.read_text("utf-8").replace("{id}", "{name}"),
        own.read_text("utf-8")[:-1],
    ):
        own.write_text(text, encoding="utf-8")
        assert deliver()[0] == Exit.USAGE
    for start in (
        '{"method": "GET", "path": "/"',
        '{"method": "PUT", "path": "x"',
        '{"method": "PUT", "path": "/", "more": 1',
    ):
        with pytest.raises(Fault):
            read(f'{start}, "headers": {{}}, "body": 1}}'.encode(), "here")
    for name in ("", "X: a", "X a", "X\\r\\nY", "Ü"):
        with pytest.raises(Fault):
            read(f'{{"method": "PUT", "path": "/", "headers": {{"{name}": ""}}, "body": 1}}'.encode(), "here")


# --- the connection


def test_a_certificate_nobody_vouches_for_gets_nothing(deliver: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    put()
    with ticket_system(tls=True) as system:
        switch_on(monkeypatch, system.url)
        _, rows, _ = deliver()
        assert (rows[0]["state"], rows[0]["reason"]) == ("waiting", "certificate")
        assert system.requests == []
        switch_on(monkeypatch, system.url, ca_file=str(TLS / "certificate.pem"))
        assert states(deliver("--retry", "all")[1]) == ["sent"]
        empty = tmp_path / "empty.pem"
        empty.write_text("no certificate", encoding="utf-8")
        switch_on(monkeypatch, system.url, ca_file=str(empty))
        assert deliver()[0] == Exit.DISK


def test_no_proxy_is_taken_from_the_environment(server: TicketSystem, deliver: Run, monkeypatch: pytest.MonkeyPatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    put()
    assert states(deliver()[1]) == ["sent"]


def test_the_proxy_of_the_setting_is_asked_for_a_tunnel():
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        heard: list[bytes] = []

        def refuse() -> None:
            connection, _ = proxy.accept()
            with connection:
                heard.append(connection.recv(1000))
                connection.sendall(b"HTTP/1.1 407 No\r\n\r\n")

        thread = Thread(target=refuse, daemon=True)
        thread.start()
        line = Line({"url": "https://tickets.example/x", "proxy": f"http://127.0.0.1:{proxy.getsockname()[1]}"})
        with pytest.raises(NoAnswer) as error:
            line.send(Request("GET", "/", {}))
        thread.join(10)
    assert error.value.kind == "proxy"
    assert heard[0].startswith(b"CONNECT tickets.example:443 ")
    gc.collect()  # a connection that was left open would say so here


def test_a_server_that_says_nothing_or_drips_has_an_end():
    done = Event()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = {"url": f"http://127.0.0.1:{silent.getsockname()[1]}"}

        def drip() -> None:
            connection, _ = silent.accept()
            with connection:
                while not done.wait(0.02):
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return

        with pytest.raises(NoAnswer) as error:
            Line(url, step_s=0.1).send(Request("GET", "/", {}))
        assert error.value.kind == "timeout"
        silent.accept()[0].close()
        thread = Thread(target=drip, daemon=True)
        thread.start()
        with pytest.raises(NoAnswer) as error:
            Line(url, limit_s=0.2).send(Request("GET", "/", {}))
        assert error.value.kind == "timeout"
        done.set()
        thread.join(10)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://127.0.0.1:9", "no-connection"),
        ("https://no-such-host.invalid", "no-host"),
        (f"https://{'a' * 70}.example", "no-host"),
    ],
)
def test_where_there_is_no_server_it_is_said_what_happened(url: str, kind: str):
    with pytest.raises(NoAnswer) as error:
        Line({"url": url}).send(Request("GET", "/", {}))
    assert error.value.kind == kind


@pytest.mark.parametrize(
    ("scheme", "said", "kind"),
    [
        ("http", b"220 mail.example ESMTP\r\n", "no-http"),
        ("http", b"", "cut"),
        ("https", b"HTTP/1.1 400 No\r\n", "tls"),
    ],
)
def test_a_server_that_says_something_else_is_no_web_server(scheme: str, said: bytes, kind: str):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(5000)
                connection.sendall(said)

        thread = Thread(target=answer, daemon=True)
        thread.start()
        with pytest.raises(NoAnswer) as error:
            Line({"url": f"{scheme}://localhost:{server.getsockname()[1]}"}).send(Request("GET", "/", {}))
        thread.join(10)
    assert error.value.kind == kind


def test_a_way_that_takes_too_long_is_none(server: TicketSystem, monkeypatch: pytest.MonkeyPatch):
    connect = socket.create_connection

    def slowly(*arguments: Any) -> socket.socket:
        sleep(0.2)
        return connect(*arguments)

    monkeypatch.setattr(socket, "create_connection", slowly)
    with pytest.raises(NoAnswer):
        Line({"url": server.url}, limit_s=0.05).send(Request("GET", "/", {}))
    assert server.requests == []


# --- the setting and the secret


def test_what_is_wrong_elsewhere_leaves_it_off(deliver: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DEESCALATE_THEME", "mauve")
    monkeypatch.delenv("DEESCALATE_DELIVER")
    assert deliver()[2] == WORDS.fault(UsageFault("deliver", "deliver-off"))


def test_the_doctor_looks_for_template_secret_and_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def found() -> list[str]:
        return [it.key for it in judge_deliver(opened().settings, os.environ)]

    assert found() == []
    switch_on(monkeypatch, "https://tickets.example")
    assert found() == ["doctor.deliver"]
    monkeypatch.delenv("TICKET_SECRET")
    assert found() == ["fault.secret-missing"]
    file, own = tmp_path / "token", tmp_path / "own.json"
    file.write_text(SECRET, encoding="utf-8")
    file.chmod(0o644)
    own.write_text("[]", encoding="utf-8")
    setting = {"template": str(own), "url": "https://tickets.example", "since": "2026-11-01", "secret_file": str(file)}
    monkeypatch.setenv("DEESCALATE_DELIVER", json.dumps({**setting, "ca_file": str(tmp_path / "gone.pem")}))
    open_ = ["fault.secret-open"] if os.name == "posix" else []
    assert found() == ["fault.template-form", *open_, "fault.missing"]
    monkeypatch.setenv("DEESCALATE_DELIVER", json.dumps({**setting, "template": "zammad", "ca_file": str(own)}))
    file.chmod(0o600)
    assert found() == ["fault.deliver-certificates"]


def test_it_is_off_by_default(watch: Watch, capsys: pytest.CaptureFixture[str]):
    put()
    with pytest.raises(UsageFault, match="deliver-off"):
        cli.run(["deliver"], WORDS)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://tickets.example"},
        {"url": "https://user:pw@tickets.example"},
        {"url": "https://tickets.example/?a=b"},
        {"url": "https://tickets.example/#a"},
        {"url": "ftp://localhost"},
        {"url": "http://localhost.evil.example"},
        {"template": "jira"},
        {"template": "own.json"},
        {"secret_file": "/etc/token"},
        {"ticket": "[0-9"},
        {"content": "all"},
        {"since": "soon"},
        {"proxy": "https://proxy.example"},
        {"secret": "s3cret"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_sent(
    server: TicketSystem, deliver: Run, monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
):
    put()
    switch_on(monkeypatch, **{"url": server.url, **change})
    assert opened().settings.deliver == {}
    (fault,) = opened().settings.faults
    assert deliver() == (Exit.USAGE, [], WORDS.fault(fault))
    assert server.requests == []


def test_the_site_decides_and_locks_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    site = tmp_path / "site"
    site.mkdir()
    (site / "settings.yaml").write_text("deliver: {}\nlocked: [deliver]\n", encoding="utf-8")
    monkeypatch.setenv("DEESCALATE_SITE", str(site))
    switch_on(monkeypatch, "https://tickets.example")
    assert opened().settings.deliver == {}
    assert [fault.key for fault in opened().settings.attempts] == ["setting-locked"]


def test_the_secret_is_read_from_its_file_and_is_nowhere_else(
    server: TicketSystem, deliver: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "token"
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    file.chmod(0o600)
    setting = {"template": "zammad", "url": server.url, "since": "2026-11-01", "secret_file": str(file)}
    monkeypatch.setenv("DEESCALATE_DELIVER", json.dumps(setting))
    put()
    server.replies = [FOUND, Reply()]
    assert states(deliver()[1]) == ["sent"]
    assert SECRET in server.requests[0].headers["Authorization"]
    home = Path(os.environ["DEESCALATE_HOME"])
    assert not [path for path in home.rglob("*") if path.is_file() and SECRET in path.read_text("utf-8", "replace")]
    file.write_text("  \n", encoding="utf-8")
    assert deliver()[0] == Exit.USAGE
    file.write_text("two\nlines", encoding="utf-8")
    put()
    assert deliver()[0] == Exit.USAGE
    if os.name == "posix":
        file.chmod(0o644)
        assert "chmod" in deliver()[2]


def test_a_secret_of_another_account_has_a_remedy_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def shut(path: Path, limit: int) -> bytes:
        raise FileFault(str(path), "no-permission")

    monkeypatch.setattr(sending, "read_limited", shut)
    with pytest.raises(FileFault) as caught:
        sending.secret_of({"secret_file": str(tmp_path / "token")}, {})
    assert caught.value.key == "secret-shut"
    assert "DEESCALATE_HOME" not in WORDS.fault(caught.value)


def test_a_first_day_ahead_is_said_by_the_list(deliver: Run, server: TicketSystem, monkeypatch: pytest.MonkeyPatch):
    put()
    switch_on(monkeypatch, server.url, since="2026-11-23", user="robot@example.org/token")
    assert deliver("--list") == (Exit.OK, [], WORDS("deliver.later", day="2026-11-23") + "\n")
    switch_on(monkeypatch, server.url, since="2026-11-22", user="robot@example.org/token")
    assert (states(deliver("--list")[1]), deliver("--list")[2]) == (["due"], "")


# --- when it is tried again


def test_the_pause_doubles_up_to_a_quarter_of_an_hour_with_chance_in_it():
    record, pauses = None, []
    for _ in range(12):
        record = recorded(record, "id", 1, Verdict("waiting", "network"), 1000, 1.0)
        pauses.append(record.next_at - 1000)
    assert pauses[:4] == [30, 60, 120, 240]
    assert set(pauses[6:]) == {MOST_S}
    for reason in ("denied", "not-found", "no-such-ticket"):
        assert recorded(record, "id", 1, Verdict("waiting", reason), 1000, 1.0).next_at - 1000 == SLOW_S
    least = recorded(None, "id", 1, Verdict("waiting", "network"), 1000, 0.0)
    assert least.next_at - 1000 == FIRST_S // 2


@pytest.mark.parametrize(
    ("asked", "pause"),
    [("5", 30), ("600", 600), ("999999999999", 86_400), ("-1", 30), ("soon", 30), ("٣", 30), ("", 30)],
)
def test_what_the_server_asks_for_counts_where_it_is_longer(asked: str, pause: int):
    verdict = judge(Answer(429, retry_after=asked), template_of("zendesk"))
    assert recorded(None, "id", 1, verdict, 1000, 1.0).next_at == 1000 + pause


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_which_status_is_tried_again(status: int):
    assert (judge(Answer(status), template_of("zendesk")).state == "waiting") == (status != 425)


def test_a_damaged_record_knows_nothing(server: TicketSystem, deliver: Run):
    put()
    deliver()
    (record,) = (notes() / FOLDER).glob("*.json")
    record.write_bytes(b"\xff{")
    assert states(deliver()[1]) == ["sent"]
    assert server.requests[0].key == server.requests[1].key
    kept = msgspec.json.decode(record.read_bytes(), type=Record)
    assert paused_until({"x": kept}, int(datetime.now(UTC).timestamp())) == 0
