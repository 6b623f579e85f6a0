import uuid

import pytest

from bot.gateway.errors import TooManyRequests
from bot.gateway.limits import LimitRules, Limits
from bot.gateway.metrics import Metrics
from tests.gateway.conftest import Start

RULES = LimitRules(
    sessions_per_address="2/minute",
    messages_per_session="2/minute",
    messages_per_address="3/minute",
    reads_per_session="2/minute",
    reads_per_address="3/minute",
)


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_third_session_from_one_address_is_told_when_to_come_back(start: Start) -> None:
    async with start(BOT_LIMIT_SESSIONS_PER_ADDRESS="2/minute") as gateway:
        for _ in range(2):
            await gateway.open()
        response = await gateway.client.post("/api/v1/sessions", json={})
    assert response.status_code == 429
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert response.headers["content-type"] == "application/problem+json"


async def test_message_over_the_limit_is_not_stored(start: Start) -> None:
    async with start(BOT_LIMIT_MESSAGES_PER_SESSION="1/minute") as gateway:
        shopper = await gateway.open()
        await shopper.ask("one")
        assert (await shopper.send(text="two")).status_code == 429
        assert len(await shopper.texts()) == 2


@pytest.mark.parametrize("path", ["", "messages", "transcript", "events"])
async def test_reading_has_a_limit(start: Start, path: str) -> None:
    async with start(BOT_LIMIT_READS_PER_SESSION="1/minute") as gateway:
        shopper = await gateway.open()
        await shopper.get("messages")
        response = await shopper.get(path)
        assert (await shopper.send(text="hello")).status_code == 200
    assert response.status_code == 429
    assert 1 <= int(response.headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    ("path", "body"), [("typing", {"typing": True}), ("read", {"seq": 1}), ("close", {})]
)
async def test_small_changes_count_as_reading(
    start: Start, path: str, body: dict[str, object]
) -> None:
    async with start(BOT_LIMIT_READS_PER_ADDRESS="1/minute") as gateway:
        await (await gateway.open()).get("messages")
        response = await (await gateway.open()).post(path, body)
    assert response.status_code == 429


async def test_asking_whether_the_bot_is_ready_has_a_limit_of_its_own(start: Start) -> None:
    async with start(BOT_LIMIT_READS_PER_ADDRESS="1/minute") as gateway:
        await (await gateway.open()).get("messages")
        answers = [await gateway.client.get("/readyz") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]


async def test_forwarded_address_counts_only_behind_a_trusted_proxy(start: Start) -> None:
    async with start(
        BOT_LIMIT_SESSIONS_PER_ADDRESS="1/minute", BOT_TRUSTED_PROXIES="127.0.0.1"
    ) as gateway:
        answers = [
            await gateway.client.post(
                "/api/v1/sessions", json={}, headers={"X-Forwarded-For": address}
            )
            for address in ("198.51.100.1", "198.51.100.2", "198.51.100.2")
        ]
    assert [answer.status_code for answer in answers] == [201, 201, 429]


async def test_forwarded_address_of_a_stranger_is_ignored(start: Start) -> None:
    async with start(BOT_LIMIT_SESSIONS_PER_ADDRESS="1/minute") as gateway:
        answers = [
            await gateway.client.post(
                "/api/v1/sessions", json={}, headers={"X-Forwarded-For": address}
            )
            for address in ("198.51.100.1", "198.51.100.2")
        ]
    assert [answer.status_code for answer in answers] == [201, 429]


async def test_window_moves_on() -> None:
    seconds = Seconds()
    limits = Limits(RULES, Metrics(), monotonic_s=seconds)
    await limits.count_session("a")
    seconds.now += 30
    await limits.count_session("a")
    with pytest.raises(TooManyRequests) as refusal:
        await limits.count_session("a")
    seconds.now += 31
    await limits.count_session("a")
    assert refusal.value.retry_after_s == 30


async def test_addresses_are_counted_apart() -> None:
    limits = Limits(RULES, Metrics())
    for address in ("a", "a", "b", "b"):
        await limits.count_session(address)


async def test_sessions_of_one_address_share_its_limit() -> None:
    limits = Limits(RULES, Metrics())
    for session in ("s1", "s2", "s3"):
        await limits.count_message(session, "a")
    with pytest.raises(TooManyRequests):
        await limits.count_message("s4", "a")


async def test_gateways_with_redis_count_together(redis_url: str) -> None:
    first = Limits(RULES, Metrics(), redis_url=redis_url)
    second = Limits(RULES, Metrics(), redis_url=redis_url)
    address = uuid.uuid4().hex
    await first.count_session(address)
    await second.count_session(address)
    with pytest.raises(TooManyRequests) as refusal:
        await first.count_session(address)
    await first.close()
    await second.close()
    assert 1 <= refusal.value.retry_after_s <= 60


async def test_limits_hold_in_this_process_when_redis_is_away() -> None:
    metrics = Metrics()
    limits = Limits(RULES, metrics, redis_url="redis://127.0.0.1:1/0")
    for _ in range(2):
        await limits.count_session("a")
    with pytest.raises(TooManyRequests):
        await limits.count_session("a")
    await limits.close()
    assert b"bot_limit_store_failures_total 3.0" in metrics.render()
