"""A message to a seller reaches the store and the webhook's queue, once, whatever happens."""

import json

import pytest
from sqlalchemy import Engine, delete, select, text

from actions.orders.sql_store import SqlOrderStore
from actions.orders.store import OrderStoreUnavailable
from actions.wiring import Services, configure, current_services
from bot.brain.seller_notices import QueuedSellerNotices
from bot.db.engine import reading, writing
from bot.db.schema import turns, webhook_deliveries
from tests.brain.conftest import ManualClock, StartTalk
from tests.brain.talk import Talk

NUMBER = "8100240003"
MESSAGE = "Please leave it with the <b>neighbour</b> at no. 14"


@pytest.fixture
def queue(order_store: SqlOrderStore, bot_engine: Engine, clock: ManualClock) -> None:
    limiter = current_services().limiter
    notices = QueuedSellerNotices(bot_engine, clock=clock)
    configure(Services(store=order_store, limiter=limiter, notices=notices, clock=clock))


def queued(engine: Engine) -> list[dict[str, object]]:
    with reading(engine) as connection:
        rows = connection.execute(select(webhook_deliveries.c.payload)).scalars()
        return [json.loads(payload) for payload in rows]


async def write(talk: Talk, text: str = MESSAGE) -> str:
    await talk.says(f"contact the seller of {NUMBER}")
    await talk.says(text)
    return await talk.taps("Send it")


async def test_the_seller_is_told_what_was_written_about_which_order(
    queue: None, ana: Talk, bot_engine: Engine, order_store: SqlOrderStore
) -> None:
    said = await write(ana)
    assert "Lumen Electronics" in said
    (message,) = order_store.list_seller_messages(NUMBER, customer_id="C100")
    (event,) = queued(bot_engine)
    assert event["type"] == "seller_message.created"
    assert event["data"] == {
        "order_number": NUMBER,
        "seller": {"id": "S2", "name": "Lumen Electronics"},
        "message": {"id": message.id, "text": MESSAGE, "sent_at": message.sent_at.isoformat()},
        "reply_hours": 12,
    }


async def test_the_payload_says_nothing_about_the_customer(
    queue: None, ana: Talk, bot_engine: Engine
) -> None:
    await write(ana)
    payload = json.dumps(queued(bot_engine))
    assert not any(known in payload for known in ("Ana", "ana@example.com", "Alder", "C100"))


async def test_a_turn_that_is_done_again_after_a_crash_tells_it_once(
    queue: None, ana: Talk, bot_engine: Engine, order_store: SqlOrderStore
) -> None:
    await ana.says(f"contact the seller of {NUMBER}")
    await ana.says(MESSAGE)
    slots = _dialogue(bot_engine)
    await ana.says("yes", message_id="the yes")
    _forget_turn(bot_engine, "the yes", slots)
    await ana.says("yes", message_id="the yes")
    assert len(order_store.list_seller_messages(NUMBER, customer_id="C100")) == 1
    assert len(queued(bot_engine)) == 1


async def test_while_the_queue_cannot_be_written_the_message_is_unconfirmed_and_is_tried_again(
    queue: None, talk: StartTalk, bot_engine: Engine, order_store: SqlOrderStore
) -> None:
    ana = talk("C100")
    await ana.says(f"contact the seller of {NUMBER}")
    await ana.says(MESSAGE)
    _rename(bot_engine, "webhook_deliveries", "gone")
    said = await ana.taps("Send it")
    assert "did not confirm" in said
    _rename(bot_engine, "gone", "webhook_deliveries")
    said = await ana.taps("Try again")
    assert "was sent to Lumen Electronics" in said
    assert len(order_store.list_seller_messages(NUMBER, customer_id="C100")) == 1
    assert len(queued(bot_engine)) == 1


def test_a_database_that_is_away_is_an_outage_of_ours(
    bot_engine: Engine, order_store: SqlOrderStore, clock: ManualClock
) -> None:
    order = order_store.find_order(NUMBER, customer_id="C100")
    message = order_store.send_seller_message(
        NUMBER, customer_id="C100", text="Hello", idempotency_key="k"
    )
    _rename(bot_engine, "webhook_deliveries", "gone")
    with pytest.raises(OrderStoreUnavailable):
        QueuedSellerNotices(bot_engine, clock=clock).message_sent(
            order, message, idempotency_key="k"
        )


def _rename(engine: Engine, table: str, name: str) -> None:
    with writing(engine) as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))


def _dialogue(engine: Engine) -> str:
    with reading(engine) as connection:
        return str(connection.execute(text("SELECT state FROM dialogue_states")).scalar_one())


def _forget_turn(engine: Engine, message_id: str, state: str) -> None:
    """Take back what a brain commits at the end of a turn, as if it had died just before."""
    with writing(engine) as connection:
        connection.execute(delete(turns).where(turns.c.message_id == message_id))
        events = text("DELETE FROM tracker_events WHERE message_id = :id")
        connection.execute(events, {"id": message_id})
        connection.execute(
            text(
                "UPDATE dialogue_states SET state = :state,"
                " last_seq = (SELECT max(seq) FROM tracker_events)"
            ),
            {"state": state},
        )
