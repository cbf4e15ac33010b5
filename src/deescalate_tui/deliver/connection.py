"""One request over HTTP: the only module that opens a connection, and only `deescalate deliver` imports it.

No redirect is followed, no proxy is taken from the environment, TLS is always verified, and there is an end to waiting.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic

from deescalate_tui import __version__
from deescalate_tui.deliver.delivery import Answer
from deescalate_tui.deliver.sending import NoAnswer
from deescalate_tui.deliver.settings import PROXY
from deescalate_tui.deliver.template import Request
from deescalate_tui.errors import FileFault
from deescalate_tui.files import read_limited
from deescalate_tui.paths import full_path

STEP_S = 10.0
"""So long a server may say nothing."""
LIMIT_S = 30.0
"""So long one request may take in all."""
MAX_ANSWER = 1_000_000
"""Bytes; of a longer answer only the status counts."""
MAX_CERTIFICATES = 1_000_000
_ADDRESS = re.compile(r"(https?)://(\[[^]]+\]|[^/:]+)(?::([0-9]+))?(.*)")

_HAPPENED: Mapping[str, tuple[type[Exception], ...]] = {
    "certificate": (ssl.SSLCertVerificationError,),
    "cut": (ssl.SSLEOFError, ConnectionResetError, BrokenPipeError, http.client.IncompleteRead),
    "tls": (ssl.SSLError,),
    "no-host": (socket.gaierror, UnicodeError),
    "no-connection": (ConnectionRefusedError,),
    "timeout": (TimeoutError,),
    "no-http": (http.client.HTTPException,),
}
"""What an error of a connection means; the first that fits. Who hangs up without a word is a `ConnectionResetError`."""


class Line:
    """The way to the server that a setting names. Raises FileFault where its certificates cannot be read."""

    def __init__(self, deliver: Mapping[str, str], step_s: float = STEP_S, limit_s: float = LIMIT_S) -> None:
        found = _ADDRESS.fullmatch(deliver["url"])
        assert found is not None, "the setting was checked"
        self._host, self._base = found[2].strip("[]"), found[4].rstrip("/")
        self._port = int(found[3]) if found[3] else None
        self._proxy = re.fullmatch(PROXY, deliver.get("proxy", ""))
        self._tls = _context(deliver.get("ca_file", "")) if found[1] == "https" else None
        self._step_s, self._limit_s = step_s, limit_s

    def send(self, request: Request) -> Answer:
        """The answer to a request. Raises NoAnswer."""
        connection, end = self._connection(), monotonic() + self._limit_s
        watch = threading.Timer(self._limit_s, _cut, [connection])
        watch.daemon = True
        watch.start()
        headers = {"User-Agent": f"deescalate-tui/{__version__}", "Accept": "application/json", **request.headers}
        try:
            connection.connect()
            if not watch.is_alive():  # there was nothing yet that it could have cut
                raise TimeoutError
            connection.request(request.method, self._base + request.path, request.body or None, headers)
            with connection.getresponse() as response:  # one that is not read to its end keeps the socket open
                return _answer(response)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            failed = NoAnswer(_what_happened(error) if monotonic() < end else "timeout", type(error).__name__)
        finally:
            watch.cancel()
            connection.close()
        raise failed  # not above: an error would hold on to the answer that Python before 3.11.5 leaves open

    def _connection(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=self._step_s)
        if self._proxy is None:
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._step_s, context=self._tls)
        proxy, port = self._proxy[1].strip("[]"), int(self._proxy[2])
        connection = http.client.HTTPSConnection(proxy, port, timeout=self._step_s, context=self._tls)
        connection.set_tunnel(self._host, self._port or 443)
        return connection


def _what_happened(error: Exception) -> str:
    """The end of the key of the message that says it."""
    if isinstance(error, OSError) and str(error).startswith("Tunnel connection failed"):
        return "proxy"
    return next((kind for kind, errors in _HAPPENED.items() if isinstance(error, errors)), "network")


def _answer(response: http.client.HTTPResponse) -> Answer:
    """The status counts even where the body breaks off: what was done is not to be done twice."""
    whole, body = True, b""
    try:
        body = response.read(MAX_ANSWER)
        whole = not response.length or len(body) == MAX_ANSWER  # Python says nothing of a body that ends too soon
    except (OSError, http.client.HTTPException):
        whole = False
    return Answer(response.status, body, response.getheader("Retry-After") or "", whole)


def _context(ca_file: str) -> ssl.SSLContext:
    """The certificates of the system, or only those of a file."""
    path = full_path(ca_file) if ca_file else None
    if path is None:
        return ssl.create_default_context()
    text = read_limited(Path(path).resolve(), MAX_CERTIFICATES).decode("ascii", "replace")
    try:
        return ssl.create_default_context(cadata=text)
    except (ssl.SSLError, ValueError) as error:
        raise FileFault(str(path), "deliver-certificates") from error


def _cut(connection: http.client.HTTPConnection) -> None:
    """A server that sends a byte now and then would hold us for ever."""
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
