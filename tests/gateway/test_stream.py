import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, update

from bot.db.engine import writing
from bot.db.schema import sessions
from bot.gateway.clock import utc_now
from bot.gateway.stream import Listener, Position, stream_events
from tests.gateway.conftest import Start
from tests.gateway.fake_brain import FakeBrain
from tests.gateway.running import Gateway, Shopper, serve, until


class Ear:
    """Reads server-sent events from a real connection."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()
        self.last_id = ""

    async def hear(self) -> tuple[str, Any]:
        name, data = "", ""
        async with asyncio.timeout(20):
            async for line in self._lines:
                field, _, value = line.partition(": ")
                match field:
                    case "event":
                        name = value
                    case "data":
                        data = value
                    case "id":
                        self.last_id = value
                    case "" if name:
                        return name, json.loads(data)
        raise EOFError

    async def hear_messages(self, count: int) -> list[int]:
        found: list[int] = []
        while len(found) < count:
            name, data = await self.hear()
            if name == "message":
                found.append(data["seq"])
        return found


@asynccontextmanager
async def listen(url: str, shopper: Shopper, **headers: str) -> AsyncIterator[Ear]:
    async with (
        httpx.AsyncClient(base_url=url, timeout=30) as client,
        client.stream(
            "GET", "/api/v1/conversation/events", headers={**shopper.headers, **headers}
        ) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Ear(response)


@asynccontextmanager
async def serving(gateway: Gateway) -> AsyncIterator[str]:
    """The running gateway on a port; its background work runs already."""

    async def without_lifespan(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await gateway.app(scope, receive, send)
            return
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})

    async with serve(without_lifespan) as url:
        yield url


async def test_messages_arrive_as_they_are_stored(start: Start) -> None:
    async with start() as gateway, serving(gateway) as url:
        shopper = await gateway.open()
        async with listen(url, shopper) as ear:
            await shopper.send(text="hello", wait_s=None)
            assert await ear.hear_messages(2) == [1, 2]


async def test_last_event_id_resumes_without_gap_or_repeat(start: Start) -> None:
    async with start() as gateway, serving(gateway) as url:
        shopper = await gateway.open()
        await shopper.ask("one")
        async with listen(url, shopper) as ear:
            assert await ear.hear_messages(2) == [1, 2]
            last_id = ear.last_id
        await shopper.ask("two")
        await shopper.ask("three")
        async with listen(url, shopper, **{"Last-Event-ID": last_id}) as ear:
            assert await ear.hear_messages(4) == [3, 4, 5, 6]


async def test_resumed_stream_tells_the_state_only_when_it_changed(start: Start) -> None:
    async with start() as gateway, serving(gateway) as url:
        shopper = await gateway.open()
        await shopper.ask("one")
        async with listen(url, shopper) as ear:
            heard = [(await ear.hear())[0] for _ in range(4)]
            last_id = ear.last_id
        assert heard == ["message", "message", "state", "read"]
        await shopper.post("read", {"seq": 2})
        async with listen(url, shopper, **{"Last-Event-ID": last_id}) as ear:
            assert await ear.hear() == ("state", {"state": "bot"})
            assert await ear.hear() == ("read", {"shopper": 2, "shop": 0})


async def test_bot_is_seen_typing_while_a_turn_runs(
    gateway: Gateway, shopper: Shopper, brain: FakeBrain
) -> None:
    brain.open.clear()
    async with serving(gateway) as url, listen(url, shopper) as ear:
        await ear.hear()  # state
        await ear.hear()  # read
        await shopper.send(text="hello", wait_s=None)
        heard = [await ear.hear(), await ear.hear()]
        brain.open.set()
    assert ("typing", {"sender": "bot", "typing": True}) in heard


async def test_shopper_typing_in_one_tab_is_told_to_the_other(
    gateway: Gateway, shopper: Shopper
) -> None:
    async with serving(gateway) as url, listen(url, shopper) as ear:
        await ear.hear()
        await ear.hear()
        assert (await shopper.post("typing", {"typing": True})).status_code == 204
        assert await ear.hear() == ("typing", {"sender": "shopper", "typing": True})


async def test_closed_conversation_ends_the_stream_and_stops_the_browser(
    gateway: Gateway, shopper: Shopper
) -> None:
    async with serving(gateway) as url:
        async with listen(url, shopper) as ear:
            await ear.hear()
            await ear.hear()
            await shopper.post("close", {})
            assert await ear.hear() == ("state", {"state": "closed"})
            await ear.hear()
            with pytest.raises(EOFError):
                await ear.hear()
            last_id = ear.last_id
        response = await shopper.get("events", **{"Last-Event-ID": last_id})
    assert response.status_code == 204


async def test_other_gateway_tells_its_streams_within_a_moment_without_redis(start: Start) -> None:
    async with start() as first, start() as second, serving(second) as url:
        shopper = await first.open()
        async with listen(url, shopper) as ear:
            await shopper.ask("hello")
            assert await ear.hear_messages(2) == [1, 2]


async def test_redis_carries_typing_to_other_gateways(start: Start, redis_url: str) -> None:
    async with (
        start(BOT_REDIS_URL=redis_url) as first,
        start(BOT_REDIS_URL=redis_url) as second,
        serving(second) as url,
    ):
        shopper = await first.open()
        async with listen(url, shopper) as ear:
            await ear.hear()
            await ear.hear()
            telling = asyncio.create_task(_type_until_cancelled(shopper))
            assert await ear.hear() == ("typing", {"sender": "shopper", "typing": True})
            telling.cancel()


async def _type_until_cancelled(shopper: Shopper) -> None:
    # A hint may be lost while the other gateway still subscribes.
    while True:
        await shopper.post("typing", {"typing": True})
        await asyncio.sleep(0.05)


async def test_redis_that_is_away_stops_no_message(start: Start) -> None:
    async with (
        start(BOT_REDIS_URL="redis://127.0.0.1:1/0") as gateway,
        serving(gateway) as url,
    ):
        shopper = await gateway.open()
        async with listen(url, shopper) as ear:
            await shopper.ask("hello")
            assert await ear.hear_messages(2) == [1, 2]
        metrics = (await gateway.client.get("/metrics")).text
    assert "bot_limit_store_failures_total 0.0" not in metrics


async def test_conversation_has_only_so_many_streams(gateway: Gateway, shopper: Shopper) -> None:
    conversation_id = shopper.session["conversation_id"]
    subscriptions = [gateway.services.events.subscribe(conversation_id) for _ in range(10)]
    for subscription in subscriptions:
        subscription.__enter__()
    response = await shopper.get("events")
    for subscription in subscriptions:
        subscription.__exit__(None, None, None)
    assert response.status_code == 429
    assert response.headers["retry-after"] == "5"


async def test_network_address_has_only_so_many_streams(start: Start) -> None:
    async with start(BOT_MAX_STREAMS_PER_ADDRESS="1") as gateway, serving(gateway) as url:
        first, second = await gateway.open(), await gateway.open()
        async with listen(url, first) as ear:
            await ear.hear()
            response = await second.get("events")
        await until(lambda: gateway.services.metrics.streams._value.get() == 0)
        async with listen(url, second) as ear:
            await ear.hear()
    assert response.status_code == 429
    assert response.json()["type"] == "urn:problem:too-many-streams"


async def test_stream_ends_with_its_session(start: Start, engine: Engine) -> None:
    async with start() as gateway, serving(gateway) as url:
        shopper, other = await gateway.open(), await gateway.open()
        async with listen(url, shopper) as ear, listen(url, other) as other_ear:
            await ear.hear()
            await ear.hear()
            await other_ear.hear()
            await other_ear.hear()
            with writing(engine) as connection:
                mine = sessions.c.conversation_id == shopper.session["conversation_id"]
                connection.execute(update(sessions).where(mine).values(revoked_at=utc_now()))
            gateway.services.events.changed(shopper.session["conversation_id"])
            with pytest.raises(EOFError):
                await ear.hear()
            await other.ask("hello")
            assert await other_ear.hear_messages(2) == [1, 2]


async def test_silent_stream_notices_that_its_session_has_expired(
    gateway: Gateway, shopper: Shopper
) -> None:
    services = gateway.services
    bearer = services.tokens.verify(shopper.session["token"])
    now = utc_now()
    events = stream_events(
        services.database,
        services.events,
        services.metrics,
        Listener(bearer, "address", Position(0, -1)),
        clock=lambda: now,
        session_check_s=0.01,
    )
    names = [(await anext(events)).event for _ in range(2)]
    now += timedelta(days=1)
    assert names == ["state", "read"]
    assert [event async for event in events] == []


@pytest.mark.parametrize(
    ("event_id", "position"),
    [
        ("12-3", Position(12, 3)),
        ("12", Position(12, -1)),
        ("", None),
        (None, None),
        ("12-", None),
        ("-1-1", None),
        ("99999999999999999999", None),
    ],
)
def test_only_positions_of_ours_are_resumed_from(
    event_id: str | None, position: Position | None
) -> None:
    assert Position.parse(event_id) == position
