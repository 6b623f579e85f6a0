"""The description at `/openapi.json`, held against a running gateway."""

import asyncio
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.db.engine import open_engine
from bot.db.upgrade import upgrade
from bot.gateway.app import create_app
from tests.gateway.fake_brain import FakeBrain
from tests.gateway.running import Gateway, make_settings, serve

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
MANY = "1000000/minute"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A gateway on a port, in a thread of its own: the generated tests are synchronous."""
    state_dir = tmp_path_factory.mktemp("gateway")
    addresses: list[str] = []
    ready, done = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(state_dir, addresses, ready, done)))
    thread.start()
    assert ready.wait(30)
    yield addresses[0]
    done.set()
    thread.join()


async def _serve(
    state_dir: Path, addresses: list[str], ready: threading.Event, done: threading.Event
) -> None:
    settings = make_settings(
        state_dir,
        BOT_LIMIT_SESSIONS_PER_ADDRESS=MANY,
        BOT_LIMIT_MESSAGES_PER_SESSION=MANY,
        BOT_LIMIT_MESSAGES_PER_ADDRESS=MANY,
    )
    engine = open_engine(settings.database_url)
    upgrade(engine)
    async with serve(create_app(settings, engine=engine, brain=FakeBrain())) as address:
        addresses.append(address)
        ready.set()
        await asyncio.to_thread(done.wait)
    engine.dispose()


@pytest.fixture(scope="module")
def described(url: str) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{url}/openapi.json")


# An event stream has no end, so it has tests of its own.
OPERATIONS = [
    ("POST", "/api/v1/sessions"),
    ("POST", "/api/v1/conversation/restart"),
    ("POST", "/api/v1/conversation/messages"),
    ("GET", "/api/v1/conversation/messages"),
    ("GET", "/api/v1/conversation"),
    ("POST", "/api/v1/conversation/typing"),
    ("POST", "/api/v1/conversation/read"),
    ("POST", "/api/v1/conversation/feedback"),
    ("POST", "/api/v1/conversation/rating"),
    ("POST", "/api/v1/conversation/close"),
    ("GET", "/api/v1/conversation/transcript"),
    ("GET", "/api/v1/help"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_gateway_answers_as_described(
    described: schemathesis.BaseSchema, url: str, method: str, path: str
) -> None:
    @given(case=described[path][method].as_strategy())
    @settings(
        max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    def check(case: schemathesis.Case[Any]) -> None:
        session = httpx.post(f"{url}/api/v1/sessions", json={}).json()
        headers = {"Authorization": f"Bearer {session['token']}"}
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=60)

    check()


async def test_no_call_was_forgotten(gateway: Gateway) -> None:
    paths = (await gateway.client.get("/openapi.json")).json()["paths"]
    calls = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert calls == {*OPERATIONS, ("GET", "/api/v1/conversation/events")}


async def test_every_call_and_its_problems_are_described(gateway: Gateway) -> None:
    description = (await gateway.client.get("/openapi.json")).json()
    send = description["paths"]["/api/v1/conversation/messages"]["post"]
    assert set(send["responses"]) >= {"200", "202", "401", "404", "409", "413", "415", "422", "429"}
    assert "application/problem+json" in send["responses"]["422"]["content"]
    assert "HTTPValidationError" not in description["components"]["schemas"]


async def test_description_refers_to_nothing_that_it_lacks(gateway: Gateway) -> None:
    response = await gateway.client.get("/openapi.json")
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', response.text))
    assert named <= set(response.json()["components"]["schemas"])


async def test_no_page_of_ours_loads_scripts_from_elsewhere(gateway: Gateway) -> None:
    assert (await gateway.client.get("/docs")).status_code == 404
