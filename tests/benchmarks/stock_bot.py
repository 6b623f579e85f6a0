"""Stock Rasa as its manual runs it: `rasa run` with the REST channel and `rasa run actions`."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bot.cli.demo import load_shop
from bot.process import free_port
from bot.settings import load_settings
from tests.benchmarks.messages import BenchMessage
from tests.benchmarks.our_bot import shopper_context
from tests.benchmarks.processes import Connection, answers_ok, running
from tests.benchmarks.stock_project import StockProject, Variant

_NUMBERS = itertools.count(1)
_RUN_ACTIONS = (sys.executable, "-m", "rasa", "run", "actions", "--actions", "actions")


class StockShopper:
    """A shopper at Rasa's REST channel.

    The channel believes whatever metadata a message brings, so it is told that this is the
    customer: it does the same work for them, without the verification that ours does as well.
    """

    def __init__(self, port: int) -> None:
        self._connection = Connection(port)
        self._sender = ""

    def begin_conversation(self) -> None:
        """Choose a sender id that no other conversation has, and open a new connection."""
        self._connection.close()
        self._sender = f"bench-{next(_NUMBERS)}"

    def say(self, message: BenchMessage) -> tuple[float, list[dict[str, Any]]]:
        """Return the seconds from the message to the replies, and the replies in our shape."""
        metadata = {**shopper_context(), "message_id": f"{self._sender}-{next(_NUMBERS)}"}
        body = {"sender": self._sender, "message": message.text, "metadata": metadata}
        begun = time.perf_counter()
        answer = self._connection.post("/webhooks/rest/webhook", body, {})
        return time.perf_counter() - begun, [reply.get("custom") or {} for reply in answer]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def serve_stock_bots(
    scratch: Path, environ: Mapping[str, str], projects: Mapping[Variant, StockProject]
) -> Iterator[dict[Variant, int]]:
    """Run each variant's server and one action server while the block does; gives their ports."""
    settings = load_settings({**environ, "BOT_STATE_DIR": str(scratch / "stock-state")}, demo=True)
    load_shop(settings, reset=False)
    given = {**environ, "ORDER_STORE_URL": settings.order_store_url}
    actions_port = free_port()
    ports: dict[Variant, int] = {}
    with ExitStack() as stack:
        stack.enter_context(
            running(
                "rasa run actions",
                [*_RUN_ACTIONS, "--port", str(actions_port)],
                cwd=scratch,
                environ=given,
                log=scratch / "stock-actions.log",
                is_ready=lambda: answers_ok(actions_port, "/health"),
            )
        )
        endpoints = scratch / "endpoints.yml"
        endpoints.write_text(
            f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n", "utf-8"
        )
        for variant, project in projects.items():
            ports[variant] = free_port()
            stack.enter_context(_serve(project, ports[variant], endpoints, scratch, given))
        yield ports


def _serve(
    project: StockProject, port: int, endpoints: Path, scratch: Path, environ: Mapping[str, str]
) -> AbstractContextManager[int]:
    command = [sys.executable, "-m", "rasa", "run", "--model", str(project.model)]
    command += ["--interface", "127.0.0.1", "--port", str(port)]
    command += ["--endpoints", str(endpoints), "--credentials", "credentials.yml"]
    return running(
        f"rasa run ({project.variant})",
        command,
        cwd=project.directory,
        environ=environ,
        log=scratch / f"stock-{project.variant}.log",
        is_ready=lambda: answers_ok(port, "/"),
    )
