"""Servers as processes of their own, on free loopback ports, ended when the benchmark ends."""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_START_S = 180.0
_STOP_S = 15.0
_ANSWER_S = 60.0


class ServerFailed(Exception):
    """A server ended, did not get ready in time, or answered with an error."""


class Connection:
    """One keep-alive connection with JSON both ways; the same client for every server."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWER_S)

    def post(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
        """Send a body and return the answer's.

        Raises:
            ServerFailed: The status is not a success.
        """
        given = {"Content-Type": "application/json", **headers}
        self._http.request("POST", path, json.dumps(body).encode(), given)
        response = self._http.getresponse()
        content = response.read()
        if response.status not in (200, 201):
            raise ServerFailed(f"POST {path}: {response.status} {content[:500]!r}")
        return json.loads(content)

    def close(self) -> None:
        """Close the connection; the next request opens a new one."""
        self._http.close()


@contextmanager
def running(
    name: str,
    arguments: Sequence[str],
    *,
    cwd: Path,
    environ: Mapping[str, str],
    log: Path,
    is_ready: Callable[[], bool],
) -> Iterator[int]:
    """Run a server while the block does, which gets its process id; its output goes to `log`.

    Raises:
        ServerFailed: It ended or was not ready in time.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            arguments, cwd=cwd, env=environ, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait_until_ready(name, process, is_ready, log)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answers_ok(port: int, path: str) -> bool:
    """Tell whether a server answers 200 to a GET."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def resident_mb(process_id: int) -> float:
    """Return the memory that a process holds now, in MB of a million bytes; Linux only."""
    status = Path(f"/proc/{process_id}/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


def _wait_until_ready(
    name: str, process: subprocess.Popen[bytes], is_ready: Callable[[], bool], log: Path
) -> None:
    deadline = time.monotonic() + _START_S
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text("utf-8", errors="replace")[-2000:]
            raise ServerFailed(f"{name} did not start: {tail}")
        time.sleep(0.2)
