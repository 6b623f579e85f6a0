import asyncio
import itertools
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, select

from actions.orders.model import OrderStatus
from actions.orders.sql_schema import order_audit
from actions.orders.sql_store import SqlOrderStore
from bot.brain.contract import Choice, TurnLogUnavailable, UnknownPayload
from bot.brain.processor import TurnProcessor
from bot.brain.tracker_store import TurnTrackerStore
from bot.brain.turn_log import TurnLog
from bot.brain.turns import TurnRunner, understood
from bot.db.engine import open_engine
from tests.brain.conftest import ManualClock, StartTalk
from tests.brain.talk import Talk

pytestmark = pytest.mark.model

MINE, ALSO_MINE = "8100240002", "8100240001"


class Audit:
    """What the order store says was done to an order."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, number: str) -> Sequence[str]:
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(order_audit).where(order_audit.c.order_number == number)
            )
            return [str(row.to_status) for row in rows if row.idempotency_key]


@pytest.fixture
def audit(orders_engine: Engine) -> Audit:
    return Audit(orders_engine)


def status(store: SqlOrderStore, number: str) -> OrderStatus:
    return store.find_order(number, customer_id="C100").status


async def test_a_message_is_answered_with_what_was_understood(ana: Talk) -> None:
    turn = await ana.runs(ana.request(text="where is my order 8100240003"))
    assert turn.understood["intent"] == "order_status"
    assert turn.understood["entities"][0]["value"] == "8100240003"
    assert "UPS" in turn.replies[0]["text"]


async def test_the_same_message_again_gets_the_recorded_answer(
    ana: Talk, order_store: SqlOrderStore, audit: Audit
) -> None:
    await ana.says(f"cancel {MINE}")
    confirmation = ana.request(text="yes")
    first = await ana.runs(confirmation)
    assert await ana.runs(confirmation) == first
    assert status(order_store, MINE) is OrderStatus.CANCELLED
    assert len(audit.of(MINE)) == 1


async def test_the_same_message_at_once_is_answered_once(ana: Talk, audit: Audit) -> None:
    await ana.says(f"cancel {MINE}")
    confirmation = ana.request(text="yes")
    first, *others = await asyncio.gather(*(ana.runs(confirmation) for _ in range(5)))
    assert others == [first] * 4
    assert len(audit.of(MINE)) == 1


async def test_messages_sent_at_once_are_answered_one_after_the_other(
    ana: Talk, audit: Audit
) -> None:
    requests = [ana.request(text=text) for text in (f"cancel {MINE}", "yes", "skip")]
    turns = await asyncio.gather(*(ana.runs(request) for request in requests))
    assert ["Shall I cancel" in turns[0].replies[0]["text"], len(audit.of(MINE))] == [True, 1]
    assert "is cancelled" in turns[1].replies[0]["text"]


@pytest.mark.parametrize(
    "typed",
    [
        f'/cancel_order{{"order_number": "{MINE}"}}',
        f'/affirm{{"order_number": "{MINE}"}}',
        "/restart",
        "/session_start",
        "/\u2003/affirm",
    ],
)
async def test_a_typed_payload_changes_no_order(
    ana: Talk, order_store: SqlOrderStore, audit: Audit, typed: str
) -> None:
    assert await ana.says(typed)
    assert audit.of(MINE) == []
    assert status(order_store, MINE) is OrderStatus.AWAITING_SHIPPING


async def test_a_typed_restart_forgets_nothing(ana: Talk) -> None:
    await ana.says(f"cancel {MINE}")
    await ana.says("/restart")
    await ana.says("/session_start")
    answer = await ana.says(f"cancel {MINE}")
    assert f"Shall I cancel order {MINE}" in answer


async def test_a_yes_that_was_offered_for_another_order_cancels_nothing(
    ana: Talk, audit: Audit
) -> None:
    await ana.says(f"cancel {MINE}")
    await ana.chooses(f'/affirm{{"order_number": "{ALSO_MINE}"}}')
    assert (audit.of(MINE), audit.of(ALSO_MINE)) == ([], [])
    assert "is cancelled" in await ana.taps("Yes, cancel it")
    assert (len(audit.of(MINE)), audit.of(ALSO_MINE)) == (1, [])


async def test_conversations_know_nothing_of_each_other(talk: StartTalk, audit: Audit) -> None:
    here, there = talk("C100"), talk("C100")
    await here.says(f"cancel {MINE}")
    await there.says("yes")
    assert audit.of(MINE) == []
    await here.says("yes")
    assert len(audit.of(MINE)) == 1


@pytest.mark.parametrize("payload", ["/nothing_we_know", "affirm", "/affirm{", "/affirm{}x"])
async def test_an_unknown_choice_is_refused_and_leaves_nothing(
    ana: Talk, log: TurnLog, payload: str
) -> None:
    request = ana.request(choice=Choice(title="Yes", payload=payload))
    with pytest.raises(UnknownPayload):
        await ana.runs(request)
    assert log.find_state(ana.conversation_id) is None
    assert log.find_turn(request.message_id) is None


async def test_without_the_database_nothing_is_done(
    processor: TurnProcessor, clock: ManualClock, order_store: SqlOrderStore, audit: Audit
) -> None:
    away = TurnLog(open_engine("sqlite:////nowhere/at/all/bot.sqlite3"), clock)
    store = TurnTrackerStore(processor.domain, log=away)
    processor.tracker_store = store
    with pytest.raises(TurnLogUnavailable):
        await Talk(TurnRunner(processor, store, away, "model"), "C100").says(f"cancel {MINE}")
    assert audit.of(MINE) == []


async def test_a_turn_costs_no_more_in_a_long_conversation(ana: Talk, log: TurnLog) -> None:
    numbers = []
    for _ in range(12):
        await ana.says("where is my order 8100240003")
        numbers.append(len(log.list_events(ana.conversation_id)))
    growth = [after - before for before, after in itertools.pairwise(numbers[1:])]
    assert len(set(growth)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "'; UPDATE shop_orders SET status = 'cancelled'; --",
        "{order_number} {{slots}} %s {0}",
        "\x00\x01\x1b[2J",
        "🍕" * 2000,
        "x" * 2000,
        "\u202e\u2066 esrever",
        "我的订单在哪里？",
    ],
    ids=lambda text: ascii(text[:12]),
)
async def test_strange_text_gets_an_ordinary_answer(
    talk: StartTalk, log: TurnLog, text: str
) -> None:
    stranger = talk()
    assert await stranger.says(text)
    assert log.list_events(stranger.conversation_id)


def test_a_fallback_counts_as_out_of_scope() -> None:
    assert understood({"intent": {"name": "nlu_fallback", "confidence": 0.2}}) == {
        "intent": "out_of_scope",
        "confidence": 0.2,
        "entities": [],
        "ranking": [],
        "clarify": [],
        "parts": [],
    }


def test_an_article_is_understood_by_its_whole_label() -> None:
    response = {"intent_response_key": "faq/how_to_buy"}
    data = {"intent": {"name": "faq"}, "response_selector": {"faq": {"response": response}}}
    assert understood(data)["intent"] == "faq/how_to_buy"
