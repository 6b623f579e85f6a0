"""The shop's webhook: signed, tried again until it answers, and told each thing once."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.db.database import Database
from bot.db.engine import reading, writing
from bot.db.schema import webhook_deliveries
from bot.db.webhook_deliveries import (
    Event,
    claim_due,
    list_unsettled,
    note_event,
    retry_all,
)
from bot.gateway.cleanup import Cleanup
from bot.gateway.clock import utc_now
from bot.gateway.metrics import Metrics
from bot.gateway.webhooks import JITTER, LEASE, RETRY_AFTER_S, Webhooks
from tests.gateway.conftest import Start
from tests.gateway.running import serve, until

KEY = b"a webhook's key of thirty-two by"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
PAYLOAD = '{"type": "seller_message.created", "data": {"text": "Grüße 👟"}}'


class Receiver:
    """The shop's side: keeps what it is sent, and answers as told."""

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.delay_s = 0.0
        self.url = ""

    async def answer(self, request: Request) -> Response:
        self.received.append((dict(request.headers), await request.body()))
        await asyncio.sleep(self.delay_s)
        status = self.statuses.pop(0) if self.statuses else 204
        if status in (301, 307):
            return RedirectResponse(self.url, status)
        return Response("the shop's own words", status) if status != 204 else Response(None, 204)


class Clock:
    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with serve(
        Starlette(routes=[Route("/hook", receiver.answer, methods=["POST"])])
    ) as address:
        receiver.url = f"{address}/hook"
        yield receiver


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(engine: Engine) -> Iterator[Database]:
    database = Database(engine)
    yield database
    database.close()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def webhooks(database: Database, receiver: Receiver, clock: Clock, metrics: Metrics) -> Webhooks:
    return Webhooks(
        database,
        url=receiver.url,
        secret=SecretStr(SECRET),
        clock=clock,
        metrics=metrics,
        answer_within_s=0.5,
    )


def note(engine: Engine, clock: Clock, event_id: str = "msg_1") -> None:
    with writing(engine) as connection:
        note_event(connection, Event(event_id, "seller_message.created", PAYLOAD), now=clock.now)


async def send_due(webhooks: Webhooks) -> int:
    async with httpx.AsyncClient() as client:
        return await webhooks.send_due(client)


def attempts(metrics: Metrics, result: str) -> float:
    return metrics.registry.get_sample_value("bot_webhook_attempts_total", {"result": result}) or 0


async def test_it_is_sent_once_with_a_signature_that_anybody_with_the_secret_can_check(
    webhooks: Webhooks, receiver: Receiver, engine: Engine, clock: Clock, metrics: Metrics
) -> None:
    note(engine, clock)
    assert (await send_due(webhooks), await send_due(webhooks)) == (1, 0)
    ((headers, body),) = receiver.received
    assert body.decode() == PAYLOAD
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == "msg_1"
    assert headers["webhook-timestamp"] == str(int(clock.now.timestamp()))
    signed = f"msg_1.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(KEY, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert attempts(metrics, "delivered") == 1


async def test_what_was_delivered_is_not_kept(
    webhooks: Webhooks, engine: Engine, clock: Clock
) -> None:
    note(engine, clock)
    await send_due(webhooks)
    with reading(engine) as connection:
        assert connection.execute(select(webhook_deliveries.c.payload)).scalar_one() == ""
        assert list_unsettled(connection, limit=9) == []


async def test_noted_again_it_is_still_one_also_after_it_was_delivered(
    webhooks: Webhooks, receiver: Receiver, engine: Engine, clock: Clock
) -> None:
    for _ in range(2):
        note(engine, clock)
        note(engine, clock)
        await send_due(webhooks)
    assert len(receiver.received) == 1


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503, 301, 307])
async def test_anything_but_success_is_tried_again_and_no_redirect_is_followed(
    webhooks: Webhooks, receiver: Receiver, engine: Engine, clock: Clock, status: int
) -> None:
    note(engine, clock)
    receiver.statuses = [status]
    await send_due(webhooks)
    with reading(engine) as connection:
        (waiting,) = list_unsettled(connection, limit=9)
    assert (waiting.attempts, waiting.last_problem) == (1, f"HTTP {status}")
    clock.now += timedelta(seconds=RETRY_AFTER_S[0] - 0.1)
    assert await send_due(webhooks) == 0
    clock.now += timedelta(seconds=RETRY_AFTER_S[0] * JITTER + 0.2)
    assert await send_due(webhooks) == 1
    assert len(receiver.received) == 2
    assert len({headers["webhook-id"] for headers, _ in receiver.received}) == 1


async def test_a_server_that_does_not_answer_is_left_after_a_while(
    webhooks: Webhooks, receiver: Receiver, engine: Engine, clock: Clock
) -> None:
    note(engine, clock)
    receiver.delay_s = 30.0
    await send_due(webhooks)
    with reading(engine) as connection:
        (waiting,) = list_unsettled(connection, limit=9)
    assert waiting.last_problem in ("TimeoutError", "ReadTimeout")
    receiver.delay_s = 0.0


async def test_a_server_that_is_away_is_tried_again(
    database: Database, engine: Engine, clock: Clock, metrics: Metrics
) -> None:
    webhooks = Webhooks(
        database,
        url="http://127.0.0.1:9/hook",
        secret=SecretStr(SECRET),
        clock=clock,
        metrics=metrics,
    )
    note(engine, clock)
    await send_due(webhooks)
    with reading(engine) as connection:
        (waiting,) = list_unsettled(connection, limit=9)
    assert waiting.last_problem == "ConnectError"


async def test_after_the_last_try_it_is_given_up_and_can_be_tried_anew(
    webhooks: Webhooks, receiver: Receiver, engine: Engine, clock: Clock, metrics: Metrics
) -> None:
    note(engine, clock)
    receiver.statuses = [500] * (len(RETRY_AFTER_S) + 1)
    tried = 0
    for _ in range(20):
        tried += await send_due(webhooks)
        clock.now += timedelta(days=2)
    assert tried == len(RETRY_AFTER_S) + 1
    assert attempts(metrics, "given_up") == 1
    with reading(engine) as connection:
        (left,) = list_unsettled(connection, limit=9)
    assert left.due_at is None
    with writing(engine) as connection:
        assert retry_all(connection, now=clock.now) == 1
    assert await send_due(webhooks) == 1
    assert receiver.received[-1][1].decode() == PAYLOAD
    assert attempts(metrics, "delivered") == 1


async def test_an_address_that_is_gone_for_good_is_not_tried_again(
    webhooks: Webhooks, receiver: Receiver, engine: Engine, clock: Clock, metrics: Metrics
) -> None:
    note(engine, clock)
    receiver.statuses = [410]
    await send_due(webhooks)
    assert attempts(metrics, "given_up") == 1


async def test_two_gateways_send_it_once(
    webhooks: Webhooks, receiver: Receiver, engine: Engine, clock: Clock
) -> None:
    for number in range(6):
        note(engine, clock, f"msg_{number}")
    await asyncio.gather(*(send_due(webhooks) for _ in range(4)))
    assert sorted(headers["webhook-id"] for headers, _ in receiver.received) == [
        f"msg_{number}" for number in range(6)
    ]


async def test_what_a_gateway_claimed_before_it_died_is_sent_by_another(
    webhooks: Webhooks, receiver: Receiver, engine: Engine, clock: Clock
) -> None:
    note(engine, clock)
    with writing(engine) as connection:
        assert len(claim_due(connection, now=clock.now, lease=LEASE, limit=9)) == 1
    assert await send_due(webhooks) == 0
    clock.now += LEASE
    assert await send_due(webhooks) == 1
    assert len(receiver.received) == 1


async def test_what_was_settled_long_ago_is_deleted_and_what_waits_is_not(
    webhooks: Webhooks, database: Database, engine: Engine, clock: Clock
) -> None:
    note(engine, clock)
    await send_due(webhooks)
    clock.now += timedelta(days=31)
    note(engine, clock, "msg_2")
    await Cleanup(database, clock).clear_up()
    with reading(engine) as connection:
        assert connection.execute(select(webhook_deliveries.c.id)).scalars().all() == ["msg_2"]


async def test_a_gateway_with_a_webhook_sends_by_itself(
    start: Start, receiver: Receiver, engine: Engine, clock: Clock
) -> None:
    note(engine, clock)
    async with start(SELLER_WEBHOOK_URL=receiver.url, SELLER_WEBHOOK_SECRET=SECRET):
        await until(lambda: receiver.received)
