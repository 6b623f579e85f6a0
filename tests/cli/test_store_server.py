"""`bot demo store-server` in a process of its own, and the bot's commands against it."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.process import free_port
from tests.cli.conftest import RunBot
from tests.trained_model import ROOT

STARTS_WITHIN_S = 60


@dataclass(frozen=True)
class StoreServer:
    address: str
    token: str


@pytest.fixture
def server(tmp_path: Path, project: Path) -> Iterator[StoreServer]:
    """The reference server as a maintainer starts it, with its state in the test's folder."""
    command = [sys.executable, "-m", "bot", "demo", "store-server", "--port", str(free_port())]
    environ = {"BOT_STATE_DIR": str(tmp_path / "state"), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environ, cwd=project, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = ""
        while "curl" not in said and (line := process.stdout.readline()):
            said += line
        found = re.search(r"ORDER_STORE_URL=(\S+) ORDER_STORE_TOKEN=(\S+) bot serve", said)
        assert found, said
        server = StoreServer(*found.groups())
        _wait_for(server)
        yield server
        process.send_signal(signal.SIGTERM)
        process.wait(STARTS_WITHIN_S)


def _wait_for(server: StoreServer) -> None:
    transport = httpx.HTTPTransport(retries=8)  # with pauses that double, 64 s in all
    with httpx.Client(transport=transport, timeout=STARTS_WITHIN_S) as client:
        assert client.get(f"{server.address}/v1/products").status_code == 401


def test_the_demo_is_served_and_the_demos_bot_knows_the_token(
    bot: RunBot, server: StoreServer
) -> None:
    orders = httpx.get(
        f"{server.address}/v1/orders",
        params={"customer_id": "C100"},
        headers={"Authorization": f"Bearer {server.token}"},
        timeout=STARTS_WITHIN_S,
    ).json()["orders"]
    assert len(orders) == 5
    settings = {"ORDER_STORE_URL": server.address}
    assert bot("catalogue", "--demo", "--check", **settings).lines == [
        "data/catalogue.yml: up to date"
    ]
    refused = bot("catalogue", "--demo", "--check", **settings, ORDER_STORE_TOKEN="wrong")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "the products cannot be read" in refused.err


def test_a_system_that_is_away_is_one_line(bot: RunBot) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    outcome = bot("catalogue", "--demo", ORDER_STORE_URL=address)
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert outcome.err.startswith("bot: ORDER_STORE_URL: the products cannot be read")


def test_it_does_not_stand_before_another_system(bot: RunBot) -> None:
    outcome = bot("demo", "store-server", ORDER_STORE_URL="https://shop.example.com")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "leave it out here" in outcome.err


def test_a_busy_port_is_one_line(bot: RunBot, server: StoreServer) -> None:
    port = server.address.rpartition(":")[2]
    outcome = bot("demo", "store-server", "--port", port)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert f"cannot listen on 127.0.0.1:{port}" in outcome.err
