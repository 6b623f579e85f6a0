"""The examples of `docs/order-store-http.md`, tried on the reference server in their order."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from actions.orders.demo_shop import DEMO_SHOP_PATH
from actions.orders.fake_store import InMemoryOrderStore
from actions.orders.http_problems import PROBLEMS
from actions.orders.shop_file import read_shop
from bot.store_server.app import create_store_app
from tests.actions.orders.store_serving import TOKEN, served
from tests.actions.orders.worlds import NOW

PAGE: Final = (Path(__file__).parents[2] / "docs" / "order-store-http.md").read_text("utf-8")
BLOCKS: Final = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES: Final = [
    (block, BLOCKS[place + 1][1] if BLOCKS[place + 1][0] == "json" else "")
    for place, (kind, block) in enumerate(BLOCKS)
    if kind == "sh" and block.startswith("curl")
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    store = InMemoryOrderStore(read_shop(DEMO_SHOP_PATH, now=NOW), clock=lambda: NOW)
    with served(create_store_app(store, token=TOKEN)) as address:
        yield address


def send(command: str, address: str) -> httpx.Response:
    """Send what this command of curl would send."""
    line = command.replace("\\\n", " ").replace("$SHOP", address).replace("$TOKEN", TOKEN)
    words = iter(shlex.split(line))
    assert next(words) == "curl"
    method, url, body, headers = "", "", None, {}
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        elif word != "-s":
            url = word
    method = method or ("POST" if body else "GET")
    return httpx.request(method, url, headers=headers, content=body, timeout=20)


def kinds(value: Any) -> Any:
    """Reduce an answer to the names of its fields and the words that programs compare."""
    if isinstance(value, dict):
        return {name: value[name] if name in ("type", "rule") else ... for name in value}
    return value


def test_every_example_is_answered_as_the_page_says(address: str) -> None:
    for command, expected in EXAMPLES:
        response = send(command, address)
        assert response.is_success or "urn:problem" in expected, (command, response.text)
        if expected:
            assert kinds(response.json()) == kinds(json.loads(expected)), command


def test_there_is_an_example_of_every_call(address: str) -> None:
    paths = {send(command, address).request.url.path.removeprefix("/v1") for command, _ in EXAMPLES}
    forms = {re.sub(r"/\d{10}", "/{number}", path) for path in paths}
    assert forms == {
        "/orders/{number}",
        "/guest-order-search",
        "/orders/{number}/cancellation",
        "/orders/{number}/cancel-reason",
        "/orders/{number}/messages",
        "/purchase-facts",
        "/products",
    }


@pytest.mark.parametrize("kind", PROBLEMS)
def test_the_page_tells_what_a_problem_means(kind: str) -> None:
    assert f"`{kind}`" in PAGE
