import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.errors import ConfigurationError
from bot.process import Stop, free_port, listen, serve_app

PATIENCE_S = 20


def app_that(started: Callable[[], None]) -> Starlette:
    """An app that says hello, and calls `started` when it does not serve yet but soon will."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        started()
        yield

    async def hello(_: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    return Starlette(routes=[Route("/", hello)], lifespan=lifespan)


def serve_in_thread(app: Starlette, port: int, stop: Stop) -> threading.Thread:
    arguments = {"host": "127.0.0.1", "port": port, "parent_pid": None, "stop": stop}
    thread = threading.Thread(target=serve_app, args=(app,), kwargs=arguments, daemon=True)
    thread.start()
    return thread


def test_a_busy_port_is_named_with_the_fix() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError, match=rf"127\.0\.0\.1:{port} .*--port"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "2001:db8::1"])
def test_a_host_that_is_not_ours_is_named(host: str) -> None:
    with pytest.raises(ConfigurationError, match=f"cannot listen on {host}:8080"):
        listen(host, 8080)


def test_a_port_of_a_server_that_ended_is_free_again() -> None:
    port = free_port()
    for _ in range(2):
        with listen("127.0.0.1", port) as listener:
            listener.listen()
            with socket.create_connection(("127.0.0.1", port)):
                listener.setblocking(True)
                listener.accept()[0].close()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_both_kinds_of_addresses_can_be_listened_on(host: str) -> None:
    with listen(host, 0) as listener:
        assert listener.getsockname()[0] == host


def test_an_app_is_served_until_it_is_stopped() -> None:
    port, stop, started = free_port(), Stop(), threading.Event()
    thread = serve_in_thread(app_that(started.set), port, stop)
    assert started.wait(PATIENCE_S)
    transport = httpx.HTTPTransport(retries=5)
    with httpx.Client(transport=transport) as client:
        answer = client.get(f"http://127.0.0.1:{port}/")
    stop()
    thread.join(PATIENCE_S)
    assert (answer.text, "server" in answer.headers) == ("hello", False)
    assert not thread.is_alive()


def test_an_app_that_stops_while_it_starts_is_not_served() -> None:
    stop = Stop()
    thread = serve_in_thread(app_that(stop), free_port(), stop)
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_stopping_before_and_twice_does_no_harm() -> None:
    stop = Stop()
    stop()
    stop()
    thread = serve_in_thread(app_that(lambda: None), free_port(), stop)
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
