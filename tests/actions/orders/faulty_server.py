"""A shop's system that misbehaves in every way a server can, on a real port.

Each behaviour is given the connection and the request, and answers as it likes. `SECRET_WORDS` are
the server's own words, which must reach neither a shopper nor a log.
"""

import contextlib
import gzip
import json
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any, Final

SECRET_WORDS: Final = "ORA-00942 at db7.internal"
TRICKLE_S: Final = 0.02
GIVE_UP_S: Final = 40.0
# What would be 200 MB unpacked.
BOMB: Final = gzip.compress(b" " * 1024 * 1024) * 200


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass
class Call:
    """A connection to answer on; `ended` is set when the test is over."""

    connection: socket.socket
    received: Received
    ended: threading.Event

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def trickle(self, data: bytes) -> None:
        """Send byte by byte until the client or the test has had enough."""
        ends_at = time.monotonic() + GIVE_UP_S
        for position in range(len(data)):
            if self.ended.wait(TRICKLE_S) or time.monotonic() > ends_at:
                return
            self.send(data[position : position + 1])


Behave = Callable[[Call], None]


@dataclass
class Faulty:
    """The running server: how it behaves, and what it was asked."""

    address: str
    behave: Behave
    received: list[Received] = field(default_factory=list)
    connections: int = 0


@contextmanager
def faulty_server(behave: Behave, *, tls: ssl.SSLContext | None = None) -> Iterator[Faulty]:
    """Run a server that answers every request with this behaviour."""
    ended = threading.Event()
    scheme = "https" if tls else "http"

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            server.connections += 1
            with contextlib.suppress(OSError), _opened(self.request, tls) as connection:
                while (received := _receive(connection)) is not None:
                    server.received.append(received)
                    server.behave(Call(connection, received, ended))

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as listener:
        server = Faulty(f"{scheme}://127.0.0.1:{listener.server_address[1]}", behave)
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            ended.set()
            listener.shutdown()
            thread.join()


def _opened(connection: socket.socket, tls: ssl.SSLContext | None) -> socket.socket:
    return tls.wrap_socket(connection, server_side=True) if tls else connection


def _receive(connection: socket.socket) -> Received | None:
    """Read one request; None once the client is gone."""
    stream = connection.makefile("rb")
    line = stream.readline().decode().split()
    if len(line) != 3:
        return None
    headers = {}
    while (header := stream.readline().decode().strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    return Received(line[0], line[1], headers, body)


def answer(
    status: int,
    body: bytes | str = b"",
    *,
    kind: str = "application/json",
    length: int | None = None,
    **headers: str,
) -> bytes:
    """Build the bytes of an answer."""
    content = body.encode() if isinstance(body, str) else body
    named = {
        "Content-Type": kind,
        "Content-Length": str(len(content) if length is None else length),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} {SECRET_WORDS}\r\n{head}\r\n".encode() + content


def says(status: int, body: bytes | str = b"", **how: Any) -> Behave:
    """Answer always the same."""
    data = answer(status, body, **how)
    return lambda call: call.send(data)


def says_json(status: int, document: object, **how: Any) -> Behave:
    return says(status, json.dumps(document), **how)


def never_answers(call: Call) -> None:
    call.ended.wait(GIVE_UP_S)


def trickles_headers(call: Call) -> None:
    call.trickle(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: abcdefghijklmnopqrstuvwxyz\r\n" * 90)


def trickles_body(call: Call) -> None:
    call.send(answer(200, b"", length=100_000))
    call.trickle(b" " * 100_000)


def trickles_chunks(call: Call) -> None:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    call.send(head)
    call.trickle(b"1\r\n \r\n" * 10_000)


def sends_endless_body(call: Call) -> None:
    call.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
    while not call.ended.is_set():
        call.send(b" " * 65_536)


def sends_endless_headers(call: Call) -> None:
    call.send(b"HTTP/1.1 200 OK\r\n")
    while not call.ended.is_set():
        call.send(b"X-Filler: " + b"a" * 60_000 + b"\r\n")


def closes_at_once(call: Call) -> None:
    call.connection.shutdown(socket.SHUT_RDWR)


def closes_in_the_middle(call: Call) -> None:
    call.send(answer(200, b'{"orders": [', length=5000))
    call.connection.shutdown(socket.SHUT_RDWR)


def speaks_no_http(call: Call) -> None:
    call.send(f"-ERR {SECRET_WORDS}\r\n\r\n".encode())
    call.connection.shutdown(socket.SHUT_RDWR)


class LosingAnswers:
    """Stands before a real server: does what is asked, and loses the next `count` answers."""

    def __init__(self, address: str) -> None:
        self._server = address.removeprefix("http://")
        self.count = 0

    def __call__(self, call: Call) -> None:
        received = call.received
        with closing(HTTPConnection(self._server, timeout=GIVE_UP_S)) as connection:
            connection.request(
                received.method, received.target, received.body, dict(received.headers)
            )
            response = connection.getresponse()
            body = response.read()
        if self.count > 0 and received.method != "GET":
            self.count -= 1
            closes_at_once(call)
            return
        kind = response.headers.get("Content-Type", "")
        call.send(answer(response.status, body, kind=kind))


_HTML: Final = f"<html><h1>{SECRET_WORDS}</h1></html>"
_DEEP: Final = '{"orders": ' + "[" * 100_000 + "]" * 100_000 + "}"

FAULTS: Final[Mapping[str, Behave]] = {
    "never answers": never_answers,
    "trickles headers": trickles_headers,
    "trickles a body": trickles_body,
    "trickles chunks": trickles_chunks,
    "closes at once": closes_at_once,
    "closes in the middle": closes_in_the_middle,
    "speaks no HTTP": speaks_no_http,
    "endless body": sends_endless_body,
    "endless headers": sends_endless_headers,
    "huge body": says(200, b" " * (1024 * 1024 + 1)),
    "gzip bomb": says(200, BOMB, Content_Encoding="gzip"),
    "500 with HTML": says(500, _HTML, kind="text/html"),
    "500 with a problem": says_json(500, {"type": "about:blank", "detail": SECRET_WORDS}),
    "502 with HTML": says(502, _HTML, kind="text/html"),
    "503 with a long wait": says(503, _HTML, kind="text/html", Retry_After="3600"),
    "401": says_json(401, {"type": "urn:problem:unauthorized", "detail": SECRET_WORDS}),
    "404 of a wrong address": says(404, _HTML, kind="text/html"),
    "404 with another problem": says_json(404, {"type": "about:blank", "title": SECRET_WORDS}),
    "422 with a problem": says_json(422, {"type": "urn:problem:invalid-input"}),
    "429 without a wait": says_json(429, {"type": "urn:problem:too-many-seller-messages"}),
    "200 with HTML": says(200, _HTML, kind="text/html"),
    "JSON as text": says(200, "{}", kind="text/plain"),
    "broken JSON": says(200, '{"orders": [' + SECRET_WORDS),
    "JSON that is no object": says_json(200, [SECRET_WORDS]),
    "deep JSON": says(200, _DEEP),
    "not UTF-8": says(200, b'{"orders": "\xff\xfe"}'),
    "an empty object": says_json(200, {}),
    "fields of wrong types": says_json(
        200, {"orders": SECRET_WORDS, "number": 1, "messages": 2, "products": {}}
    ),
    "nothing": says(200, b""),
    "204": says(204, b""),
    "an unknown refusal": says_json(409, {"type": "urn:problem:on-strike", "detail": SECRET_WORDS}),
}
