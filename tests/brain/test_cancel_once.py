"""A yes that is delivered again, because a brain died or nobody heard of its answer."""

import pytest
from sqlalchemy import Engine, func, select

from actions.orders.sql_schema import order_audit
from bot.brain.contract import FinishedTurn, TurnLogUnavailable
from bot.brain.turn_log import TurnLog
from tests.brain.conftest import StartTalk
from tests.brain.talk import Talk

pytestmark = pytest.mark.model

NUMBER = "8100240002"
ITEM = "Trail Rain Jacket"


def count_cancellations(orders_engine: Engine) -> int:
    cancelled = select(func.count()).where(order_audit.c.order_number == NUMBER)
    with orders_engine.connect() as connection:
        return int(connection.execute(cancelled).scalar_one())


async def test_a_brain_that_dies_between_cancelling_and_answering_answers_after_all(
    ana: Talk, log: TurnLog, orders_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ana.says(f"cancel {NUMBER}")

    def die(*_args: object, **_values: object) -> FinishedTurn:
        raise TurnLogUnavailable("died for a test")

    with monkeypatch.context() as patch:
        patch.setattr(log, "append", die)
        with pytest.raises(TurnLogUnavailable):
            await ana.says("yes", message_id="the yes")
    assert count_cancellations(orders_engine) == 1
    assert f"Order {NUMBER} is cancelled." in await ana.says("yes", message_id="the yes")
    assert count_cancellations(orders_engine) == 1


async def test_a_yes_delivered_again_gets_the_answer_that_was_written_down(
    ana: Talk, orders_engine: Engine
) -> None:
    await ana.says(f"cancel {NUMBER}")
    first = await ana.says("yes", message_id="the yes")
    replies = ana.replies
    assert await ana.says("yes", message_id="the yes") == first
    assert ana.replies == replies
    assert count_cancellations(orders_engine) == 1


async def test_a_yes_tapped_twice_cancels_once_and_is_told_so(
    ana: Talk, orders_engine: Engine
) -> None:
    await ana.says(f"cancel {NUMBER}")
    payload = f'/affirm{{"question": "cancel_confirmation", "order_number": "{NUMBER}"}}'
    assert f"Order {NUMBER} is cancelled." in await ana.chooses(payload)
    assert f"Order {NUMBER} ({ITEM}) was cancelled on" in await ana.chooses(payload)
    assert count_cancellations(orders_engine) == 1


async def test_two_conversations_of_one_shopper_are_told_the_same_truth(
    ana: Talk, talk: StartTalk, orders_engine: Engine
) -> None:
    other = talk("C100")
    for tab in (ana, other):
        await tab.says(f"cancel {NUMBER}")
    assert f"Order {NUMBER} is cancelled." in await ana.says("yes")
    assert f"Order {NUMBER} ({ITEM}) was cancelled on" in await other.says("yes")
    assert count_cancellations(orders_engine) == 1
