"""A ticket system that a test plays: on this machine, answer by answer, and it remembers what it was asked."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec

TLS = Path(__file__).parent / "tls"


class Asked(msgspec.Struct, frozen=True):
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any

    @property
    def key(self) -> str:
        return self.headers.get("Idempotency-Key", "")


class Reply(msgspec.Struct, frozen=True):
    """What to answer. `breaks` cuts the connection: before the status, or after it in the middle of the body."""

    status: int = 201
    body: Any = {}
    headers: dict[str, str] = {}
    breaks: str = ""
    meanwhile: Callable[[], object] | None = None
    """What happens once the request is there, before the answer."""


class TicketSystem:
    """Its answers are given in turn, the last one for ever; `requests` holds what was asked."""

    def __init__(self, server: ThreadingHTTPServer, scheme: str) -> None:
        self.url = f"{scheme}://localhost:{server.server_port}"
        self.requests: list[Asked] = []
        self.replies: list[Reply] = [Reply()]

    @property
    def handed(self) -> list[Asked]:
        """The requests that hand something over."""
        return [it for it in self.requests if it.method != "GET"]

    def next_reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def ticket_system(*, tls: bool = False) -> Iterator[TicketSystem]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(data) if data else None
            system.requests.append(Asked(self.command, self.path, dict(self.headers), body))
            reply = system.next_reply()
            if reply.meanwhile is not None:
                reply.meanwhile()
            if reply.breaks == "before":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            text = json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text) + (10 if reply.breaks else 0)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_PATCH = answer

        def log_message(self, *_: object) -> None:
            """Tests print what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    system = TicketSystem(server, "https" if tls else "http")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield system
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
