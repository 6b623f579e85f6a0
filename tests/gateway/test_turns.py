import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from bot.db.engine import reading, writing
from bot.db.schema import conversations, messages
from bot.gateway import turn_store
from bot.gateway.brain_client import Answer, BrainAway, BrainFailed, BrainRefused, BrainReply
from bot.gateway.clock import utc_now
from bot.gateway.errors import LeaseLost
from bot.gateway.model import Body, Card, Lease, Sender
from bot.gateway.turn_store import Ending, NewMessage
from tests.gateway.conftest import Start
from tests.gateway.fake_brain import Failing, FakeBrain
from tests.gateway.running import (
    AWAY_TEXT,
    FAILED_TEXT,
    Gateway,
    make_settings,
    run_gateway,
    until,
)


async def kill(gateway: Gateway) -> None:
    """End all work of a gateway in the middle of things, as if its process were gone."""
    turns = gateway.services.turns
    turns._held.clear()
    tasks = list(turns._tasks)
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


def count_pending(engine: Engine) -> int:
    with reading(engine) as connection:
        statement = select(func.count()).where(messages.c.turn_state == "pending")
        return int(connection.execute(statement).scalar_one())


async def test_turn_is_tried_again_while_brains_are_away(start: Start, brain: FakeBrain) -> None:
    brain.behave = Failing(BrainAway("503"), BrainAway("409"))
    async with start(BOT_BRAIN_PATIENCE_S="30") as gateway:
        shopper = await gateway.open()
        await shopper.ask("hello")
        texts = await shopper.texts()
    assert texts == ["shopper: hello", "bot: echo hello"]
    assert len(brain.asked) == 3


async def test_shopper_is_told_once_that_the_answer_is_late(start: Start, brain: FakeBrain) -> None:
    brain.behave = Failing(*[BrainAway("503")] * 4)
    async with start() as gateway:
        shopper = await gateway.open()
        await shopper.send(text="hello", wait_s=None)
        await shopper.send(text="hello?", wait_s=None)
        texts = await shopper.wait_for_texts(5)
    assert texts[2:] == [f"system: {AWAY_TEXT}", "bot: echo hello", "bot: echo hello?"]


async def test_shopper_is_told_when_a_brain_hangs(start: Start, brain: FakeBrain) -> None:
    brain.open.clear()
    async with start() as gateway:
        shopper = await gateway.open()
        await shopper.send(text="hello", wait_s=None)
        texts = await shopper.wait_for_texts(2)
        brain.open.set()
        assert texts[1] == f"system: {AWAY_TEXT}"
        assert (await shopper.wait_for_texts(3))[2] == "bot: echo hello"


@pytest.mark.parametrize("error", [BrainFailed("500"), ValueError("a fault of ours")])
async def test_message_that_breaks_the_brain_is_given_up_and_blocks_nothing(
    start: Start, brain: FakeBrain, error: Exception
) -> None:
    brain.behave = Failing(*[error] * 5)
    # A failure counts only while the lease holds, and a busy machine may outwait a short one.
    async with start(BOT_BRAIN_PATIENCE_S="30", BOT_TURN_LEASE_S="20") as gateway:
        shopper = await gateway.open()
        (reply,) = await shopper.ask("poison")
        (next_reply,) = await shopper.ask("hello")
    assert (reply["sender"], reply["text"]) == ("system", FAILED_TEXT)
    assert next_reply["text"] == "echo hello"


async def test_message_that_the_brain_refuses_is_given_up_at_once(
    start: Start, brain: FakeBrain
) -> None:
    brain.behave = Failing(BrainRefused("422"))
    async with start(BOT_BRAIN_PATIENCE_S="30") as gateway:
        shopper = await gateway.open()
        (reply,) = await shopper.ask("poison")
    assert reply["text"] == FAILED_TEXT
    assert len(brain.asked) == 1


async def test_answer_that_cannot_be_stored_is_given_up(start: Start, brain: FakeBrain) -> None:
    card = Card.model_validate({"type": "order", "number": object()})  # has no JSON
    brain.behave = lambda _turn: Answer(replies=(BrainReply(cards=(card,)),))
    async with start(BOT_BRAIN_PATIENCE_S="30") as gateway:
        shopper = await gateway.open()
        (reply,) = await shopper.ask("hello")
    assert reply["text"] == FAILED_TEXT


async def test_failures_of_a_message_are_counted_across_restarts(
    start: Start, brain: FakeBrain, engine: Engine
) -> None:
    brain.open.clear()
    async with start() as first:
        shopper = await first.open()
        await shopper.send(text="poison", wait_s=None)
        await kill(first)
    with writing(engine) as connection:
        connection.execute(update(messages).values(turn_failures=4))
    brain.behave = Failing(BrainFailed("500"))
    brain.open.set()
    async with start(BOT_BRAIN_PATIENCE_S="30") as second:
        shopper.client = second.client
        texts = await shopper.wait_for_texts(2)
    assert texts[1] == f"system: {FAILED_TEXT}"


async def test_answer_without_words_ends_the_turn(start: Start, brain: FakeBrain) -> None:
    brain.behave = lambda _turn: Answer(replies=())
    async with start() as gateway:
        shopper = await gateway.open()
        assert await shopper.ask("hello") == []


async def test_message_stored_before_a_crash_is_answered_once_by_the_next_gateway(
    start: Start, brain: FakeBrain
) -> None:
    brain.open.clear()
    async with start() as first:
        shopper = await first.open()
        await shopper.send(text="hello", wait_s=None)
        await until(lambda: brain.asked)
        await kill(first)
    brain.open.set()
    async with start() as second:
        shopper.client = second.client
        texts = await shopper.wait_for_texts(2)
        await asyncio.sleep(0)
    assert texts == ["shopper: hello", "bot: echo hello"]
    assert len(brain.ran) == 1


async def test_crash_between_answer_and_storing_repeats_nothing(
    start: Start, brain: FakeBrain, engine: Engine
) -> None:
    async with start() as first:
        shopper = await first.open()
        await shopper.ask("hello")
    with writing(engine) as connection:
        # As the database was before the answer was stored.
        connection.execute(messages.delete().where(messages.c.sender == "bot"))
        connection.execute(update(messages).values(turn_state="pending"))
        connection.execute(update(conversations).values(last_seq=1))
    async with start() as second:
        shopper.client = second.client
        texts = await shopper.wait_for_texts(2)
    assert texts == ["shopper: hello", "bot: echo hello"]
    assert len(brain.ran) == 1


async def test_gateway_that_stops_leaves_its_turns_to_others_at_once(
    start: Start, brain: FakeBrain, engine: Engine
) -> None:
    async with start(BOT_TURN_LEASE_S="600") as first, start() as second:
        shopper = await first.open()
        brain.open.clear()
        await shopper.send(text="hello", wait_s=None)
        await until(lambda: brain.asked)
        held = list(first.services.turns._held)
        await kill(first)
        with writing(engine) as connection:
            turn_store.expire_leases(connection, held, now=utc_now())
        brain.open.set()
        shopper.client = second.client
        assert await shopper.wait_for_texts(2) == ["shopper: hello", "bot: echo hello"]


async def test_two_gateways_on_one_database_answer_every_message_once_and_in_order(
    start: Start, brain: FakeBrain
) -> None:
    async with start() as first, start() as second:
        shopper = await first.open()
        for n in range(10):
            shopper.client = (first, second)[n % 2].client
            await shopper.send(text=f"text {n}", wait_s=None)
        texts = await shopper.wait_for_texts(20)
    answers = [text for text in texts if text.startswith("bot")]
    assert answers == [f"bot: echo text {n}" for n in range(10)]
    assert len(brain.ran) == 10


async def test_waiting_caller_hears_what_another_gateway_answered(
    start: Start, brain: FakeBrain
) -> None:
    brain.open.clear()
    async with start() as first, start() as second:
        shopper = await first.open()
        await shopper.send(client_id="same", text="hello", wait_s=None)
        shopper.client = second.client
        again = asyncio.create_task(shopper.send(client_id="same", text="hello"))
        await until(lambda: second.services.turns._waiting)
        brain.open.set()
        assert (await again).json()["replies"][0]["text"] == "echo hello"


async def test_runner_that_lost_its_lease_stores_nothing(start: Start, engine: Engine) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        await shopper.ask("hello")
    with reading(engine) as connection:
        row = connection.execute(select(messages).where(messages.c.seq == 1)).one()
    turn = turn_store._read_turn(row)
    late = Ending("done", [NewMessage("late", Sender.BOT, Body(text="late"))])
    with pytest.raises(LeaseLost), writing(engine) as connection:
        turn_store.end_turn(
            connection,
            turn,
            Lease(turn.conversation_id, "nobody"),
            late,
            now=utc_now(),
            lease_s=5,
        )
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(messages)).scalar_one() == 2


async def test_lease_of_a_long_turn_is_kept(start: Start, brain: FakeBrain) -> None:
    brain.open.clear()
    async with start(BOT_BRAIN_PATIENCE_S="30") as first, start() as second:
        shopper = await first.open()
        await shopper.send(text="hello", wait_s=None)
        await asyncio.sleep(2)  # several leases of 0.6 s
        brain.open.set()
        await shopper.wait_for_texts(2)
        assert second.services.metrics.take_overs._value.get() == 0
    assert len(brain.asked) == 1


async def test_expired_lease_is_taken_over_and_free_ones_are_not_confused(engine: Engine) -> None:
    now = utc_now()
    with writing(engine) as connection:
        connection.execute(
            conversations.insert(),
            {"id": "c", "created_at": now, "lease_owner": "gone", "lease_until": now},
        )
        taken = turn_store.take_over(
            connection, Lease("c", "me"), now=now + timedelta(seconds=1), lease_s=5
        )
        row = connection.execute(select(conversations)).one()
    assert taken is None
    assert row.lease_owner is None  # nothing was waiting, so it was given back


async def test_message_of_a_closing_conversation_is_still_answered(
    start: Start, brain: FakeBrain, engine: Engine
) -> None:
    brain.open.clear()
    async with start() as gateway:
        shopper = await gateway.open()
        await shopper.send(text="cancel my order", wait_s=None)
        await shopper.post("close", {})
        brain.open.set()
        await until(lambda: count_pending(engine) == 0)
        assert (await shopper.texts())[-1] == "bot: echo cancel my order"


async def test_turn_goes_on_after_the_database_was_away(
    sqlite_engine: Engine, tmp_path: Path, brain: FakeBrain
) -> None:
    brain.open.clear()
    async with run_gateway(make_settings(tmp_path), sqlite_engine, brain) as gateway:
        shopper = await gateway.open()
        await shopper.send(text="hello", wait_s=None)
        await until(lambda: brain.asked)
        with writing(sqlite_engine) as connection:
            connection.exec_driver_sql("ALTER TABLE conversations RENAME TO hidden")
        brain.open.set()
        await until(lambda: not gateway.services.turns._held)
        with writing(sqlite_engine) as connection:
            connection.exec_driver_sql("ALTER TABLE hidden RENAME TO conversations")
        texts = await shopper.wait_for_texts(2)
    assert texts == ["shopper: hello", "bot: echo hello"]
    assert len(brain.ran) == 1
