"""The demo as `bot serve --demo` runs it: what the bot does to an order is on the shop's pages."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.crash.served_bot import ServedBot, make_project, serve_demo

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

NUMBER = "8100240002"


@pytest.fixture(scope="module")
def bot(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    folder = tmp_path_factory.mktemp("shop")
    project = folder / "project"
    project.mkdir()
    with serve_demo(make_project(project, trained_model), folder / "state") as bot:
        yield bot


def read_status(bot: ServedBot) -> str:
    identity = httpx.post(f"{bot.url}/demo/identity", json={"customer": "C100"}).json()["identity"]
    headers = {"Authorization": f"Bearer {identity}"}
    order = httpx.get(f"{bot.url}/demo/orders/{NUMBER}", headers=headers).json()
    return str(order["status"])


def test_order_that_the_bot_cancels_is_cancelled_in_my_orders(bot: ServedBot) -> None:
    assert httpx.get(f"{bot.url}/orders/{NUMBER}").status_code == 200
    assert read_status(bot) == "awaiting_shipping"
    bot.sign_in("C100")
    bot.send(f"Cancel order {NUMBER}")
    bot.wait_for_bot_messages(1)
    assert read_status(bot) == "awaiting_shipping"
    bot.send("yes")
    bot.wait_for_bot_messages(2)
    assert read_status(bot) == "cancelled"
