"""What our server processes have in common: how they listen, log and end."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time

import uvicorn
from starlette.applications import Starlette

from bot.errors import ConfigurationError

_PARENT_CHECK_S = 0.5


class Stop:
    """Ends `serve_app` from inside the application; calling it earlier or twice does no harm."""

    def __init__(self) -> None:
        self._server: uvicorn.Server | None = None
        self._asked = False

    def __call__(self) -> None:
        self._asked = True
        if self._server is not None:
            self._server.should_exit = True

    def attach(self, server: uvicorn.Server) -> None:
        """Name the server that is to be ended."""
        self._server = server
        server.should_exit = self._asked


def serve_app(
    app: Starlette, *, host: str, port: int, parent_pid: int | None, stop: Stop | None = None
) -> None:
    """Serve an ASGI app until a signal, until `stop` is called, or until the supervisor is gone.

    Raises:
        ConfigurationError: The port is taken or the host is not ours.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for name in ("httpx", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    listener = listen(host, port)
    if parent_pid is not None:
        threading.Thread(target=_end_with, args=(parent_pid,), daemon=True).start()
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",  # websockets is pinned to a version that uvicorn no longer knows
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
        server_header=False,
        # The gateway itself decides whose X-Forwarded-For it believes.
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    if stop is not None:
        stop.attach(server)
    server.run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """Bind a socket, with an error that names the fix.

    Raises:
        ConfigurationError: The port is taken or the host is not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            f"cannot listen on {host}:{port} ({error.strerror}); end what runs there or choose "
            "another with --port"
        ) from error
    listener.setblocking(False)
    return listener


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with(parent_pid: int) -> None:
    # A supervisor that was killed outright can't end its children; they must notice.
    while os.getppid() == parent_pid:
        time.sleep(_PARENT_CHECK_S)
    os.kill(os.getpid(), signal.SIGTERM)
