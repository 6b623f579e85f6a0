"""A store behind HTTP inside a test: an application on a real port, in a thread of its own."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

TOKEN = "the-token-of-the-tests"
STARTS_WITHIN_S = 20


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an application until the block ends; gives its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, ws="none", log_config=None, access_log=False, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            _wait_for(server)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _wait_for(server: uvicorn.Server) -> None:
    ends_at = time.monotonic() + STARTS_WITHIN_S
    while not server.started:
        assert time.monotonic() < ends_at, "the server did not start"
        time.sleep(0.005)
