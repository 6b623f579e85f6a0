import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, select

from bot.db.engine import writing
from bot.db.schema import conversations
from bot.gateway import turn_store
from bot.gateway.clock import utc_now
from bot.gateway.errors import LeaseLost
from bot.gateway.model import Body, Draft, Lease, Message, Sender, Session, Turn
from bot.gateway.turn_store import Ending, NewMessage
from tests.gateway.running import accept, arrive, until_blocked


@pytest.fixture
def held(engine: Engine, session: Session) -> tuple[Turn, Lease]:
    """A stored message with the lease to answer it."""
    accepted = accept(engine, arrive(session, Draft("m1", text="hello", choice_id=None)))
    assert accepted.turn is not None
    assert accepted.lease is not None
    return accepted.turn, accepted.lease


def tell_delay(engine: Engine, turn: Turn, lease: Lease) -> Sequence[Message]:
    notice = NewMessage("late", Sender.SYSTEM, Body(text="Later."))
    with writing(engine) as connection:
        return turn_store.tell_delay(connection, turn, lease, notice, now=utc_now(), lease_s=60)


async def test_end_of_a_turn_and_the_word_that_it_is_late_never_wait_for_each_other(
    engine: Engine, held: tuple[Turn, Lease]
) -> None:
    with writing(engine) as connection:
        connection.execute(select(conversations).with_for_update())
        telling = asyncio.create_task(asyncio.to_thread(tell_delay, engine, *held))
        await until_blocked(engine)
        turn_store.end_turn(connection, *held, Ending("done", []), now=utc_now(), lease_s=60)
    with pytest.raises(LeaseLost):
        await telling


def test_failure_of_a_runner_without_the_lease_is_not_counted(
    engine: Engine, held: tuple[Turn, Lease]
) -> None:
    turn, lease = held
    stranger = Lease(lease.conversation_id, "stranger")
    with pytest.raises(LeaseLost), writing(engine) as connection:
        turn_store.count_failure(connection, turn, stranger)
    with writing(engine) as connection:
        assert turn_store.count_failure(connection, turn, lease) == 1
