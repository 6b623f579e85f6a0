"""Our bot as `bot serve --demo` runs it: a gateway and a brain, with scratch databases."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import jwt

from bot.cli.demo import load_shop
from bot.cli.project import open_bot_database
from bot.cli.serve import plan_children
from bot.process import free_port
from bot.settings import Settings, load_settings
from tests.benchmarks.messages import CUSTOMER_ID, CUSTOMER_NAME, BenchMessage
from tests.benchmarks.processes import Connection, answers_ok, running

_MANY = "1000000/minute"
# The limits are there to stop just what a benchmark does.
SETTINGS = {
    "BOT_LIMIT_SESSIONS_PER_ADDRESS": _MANY,
    "BOT_LIMIT_MESSAGES_PER_SESSION": _MANY,
    "BOT_LIMIT_MESSAGES_PER_ADDRESS": _MANY,
}
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class OurBot:
    """Where the running bot is, and its settings."""

    gateway_port: int
    brain_port: int
    settings: Settings
    brain_process: int


class GatewayShopper:
    """A signed-in shopper at the gateway; each conversation is one session."""

    def __init__(self, bot: OurBot) -> None:
        self._settings = bot.settings
        self._connection = Connection(bot.gateway_port)
        self._headers: dict[str, str] = {}

    def begin_conversation(self) -> None:
        """Open a session, on a connection of its own: servers drop idle ones."""
        self._connection.close()
        opened = self._connection.post(
            "/api/v1/sessions",
            {"identity": self._identity(), "time_zone": "Europe/Berlin"},
            {},
        )
        self._headers = {"Authorization": f"Bearer {opened['token']}", "Prefer": "wait=10"}

    def say(self, message: BenchMessage) -> tuple[float, list[dict[str, Any]]]:
        """Return the seconds from the message to the replies, and the replies."""
        body = {"client_id": f"bench-{next(_NUMBERS)}", "text": message.text}
        begun = time.perf_counter()
        answer = self._connection.post("/api/v1/conversation/messages", body, self._headers)
        return time.perf_counter() - begun, answer["replies"]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _identity(self) -> str:
        assert self._settings.identity_secret is not None
        expires = datetime.now(UTC) + timedelta(minutes=30)
        claims = {"sub": CUSTOMER_ID, "name": CUSTOMER_NAME, "exp": expires}
        secret = self._settings.identity_secret.get_secret_value()
        return jwt.encode(claims, secret, algorithm="HS256")


class BrainShopper:
    """The same shopper at the brain, as the gateway would speak for them."""

    def __init__(self, bot: OurBot) -> None:
        self._connection = Connection(bot.brain_port)
        token = bot.settings.brain_token.get_secret_value()
        self._headers = {"Authorization": f"Bearer {token}"}
        self._conversation = ""

    def begin_conversation(self) -> None:
        """Choose a conversation id that no other has, and open a new connection."""
        self._connection.close()
        self._conversation = f"bench-conversation-{next(_NUMBERS)}"

    def say(self, message: BenchMessage) -> tuple[float, list[dict[str, Any]]]:
        """Return the seconds from the turn to its replies, and the replies."""
        body = {
            "conversation_id": self._conversation,
            "message_id": f"bench-message-{next(_NUMBERS)}",
            "text": message.text,
            "choice": None,
            "shopper": shopper_context(),
        }
        begun = time.perf_counter()
        answer = self._connection.post("/turns", body, self._headers)
        return time.perf_counter() - begun, answer["replies"]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def shopper_context() -> dict[str, str]:
    """What the gateway tells about the shopper once their session is verified."""
    return {
        "session_id": "bench-session",
        "customer_id": CUSTOMER_ID,
        "customer_name": CUSTOMER_NAME,
        "address_key": "bench",
        "time_zone": "Europe/Berlin",
        "locale": "en",
    }


@contextmanager
def serve_our_bot(
    root: Path, scratch: Path, environ: Mapping[str, str], model: Path
) -> Iterator[OurBot]:
    """Run gateway and brain with a model while the block does.

    Args:
        root: The project's folder, from which the model names its encoder.
        scratch: Where the databases and logs go.
        environ: What the processes get, beside the settings.
        model: The model's file.
    """
    given = {**environ, **SETTINGS, "BOT_STATE_DIR": str(scratch / "state")}
    settings = load_settings(given, demo=True)
    open_bot_database(settings).dispose()
    load_shop(settings, reset=False)
    port = free_port()
    gateway, brain = plan_children(demo=True, host="127.0.0.1", port=port, brains=1)
    brain_port = int(brain.arguments[brain.arguments.index("--port") + 1])
    with ExitStack() as stack:
        brain_process, _ = (
            stack.enter_context(
                running(
                    child.name,
                    arguments,
                    cwd=root,
                    environ=given,
                    log=scratch / f"{child.name}.log",
                    is_ready=partial(answers_ok, *ready),
                )
            )
            for child, arguments, ready in (
                (brain, [*brain.arguments, "--model", str(model)], (brain_port, "/health")),
                (gateway, list(gateway.arguments), (port, "/readyz")),
            )
        )
        yield OurBot(port, brain_port, settings, brain_process)
