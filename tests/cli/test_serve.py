import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.serve import plan_children
from tests.cli.conftest import PASSWORD, SECRET, RunBot

UNREACHABLE = f"postgresql://bot:{PASSWORD}@127.0.0.1:1/bot"


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_without_a_live_model_it_says_how_to_make_one(bot: RunBot) -> None:
    outcome = bot("serve", "--demo")
    assert outcome.code == 2
    assert outcome.err == (
        "bot: models/live/model.tar.gz: no live model; train one with: bot train\n"
    )


def test_without_secrets_it_says_how_to_make_them(bot: RunBot, live_model: Path) -> None:
    outcome = bot("serve")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "BOT_SECRET_KEY is not set: make one with" in outcome.err


def test_a_busy_port_is_one_line(bot: RunBot, live_model: Path, busy_port: int) -> None:
    outcome = bot("serve", "--demo", "--port", str(busy_port))
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert f"cannot listen on 127.0.0.1:{busy_port}" in outcome.err


@pytest.mark.parametrize("setting", ["BOT_DATABASE_URL", "ORDER_STORE_URL"])
def test_a_database_that_is_away_is_one_line(bot: RunBot, live_model: Path, setting: str) -> None:
    outcome = bot("serve", "--demo", "--port", "18080", **{setting: UNREACHABLE})
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert setting in outcome.err
    assert PASSWORD not in outcome.err + outcome.out


def test_a_shops_own_system_without_a_token_is_one_line(bot: RunBot, live_model: Path) -> None:
    shop = {"BOT_SECRET_KEY": SECRET, "ORDER_STORE_URL": "https://shop.example.com"}
    outcome = bot("serve", "--port", "18080", **shop)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "ORDER_STORE_TOKEN" in outcome.err


def test_the_gateway_knows_where_its_brains_listen() -> None:
    gateway, *brains = plan_children(demo=True, host="127.0.0.1", port=8080, brains=3)
    ports = [
        arguments[arguments.index("--port") + 1]
        for arguments in (list(brain.arguments) for brain in brains)
    ]
    urls = [argument for argument in gateway.arguments if argument.startswith("http://")]
    assert urls == [f"http://127.0.0.1:{port}" for port in ports]
    assert len(set(ports)) == 3
