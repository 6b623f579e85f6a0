"""What a shopper is told while the shop's own system fails: a clear sentence, and soon."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.lookup_limits import InMemoryLookupLimiter
from actions.orders.demo_shop import load_demo_shop
from actions.orders.http_store import HttpOrderStore
from actions.orders.http_transport import HttpTransport
from actions.orders.migrations import upgrade_schema
from actions.orders.sql_engine import open_engine
from actions.wiring import Services, configure
from bot.store_server.app import create_store_app
from tests.actions.conversation import Conversation, part
from tests.actions.orders.faulty_server import (
    FAULTS,
    SECRET_WORDS,
    Behave,
    Call,
    Faulty,
    LosingAnswers,
    faulty_server,
    never_answers,
)
from tests.actions.orders.store_serving import TOKEN, served
from tests.actions.orders.worlds import NOW, ManualClock, SqlWorld

OPEN = "8100240002"
SHIPPED = "8100240003"
SHORT_S = 0.15
TURN_S = 3.0
# Ample for a busy machine; without the deadline, a turn would take as long as the server likes.
LONGEST_S = 10.0


@pytest.fixture
def ana(executor: ActionExecutor) -> Conversation:
    return Conversation(executor, customer_id="C100")


@pytest.fixture
def guest(executor: ActionExecutor) -> Conversation:
    return Conversation(executor)


@pytest.fixture
def real(tmp_path: Path) -> Iterator[SqlWorld]:
    """The demo shop in a database of its own."""
    engine = open_engine(f"sqlite:///{tmp_path / 'orders.sqlite3'}")
    upgrade_schema(engine)
    load_demo_shop(engine, now=NOW)
    yield SqlWorld(engine, ManualClock(NOW))
    engine.dispose()


@pytest.fixture
def losing(real: SqlWorld) -> Iterator[LosingAnswers]:
    """The demo shop's own system, which may lose its answers after the work is done."""
    with served(create_store_app(real.store, token=TOKEN)) as address:
        losing = LosingAnswers(address)
        with faulty_server(losing) as server, closing(use(server)):
            yield losing


def use(server: Faulty, *, deadline_s: float = TURN_S, turn_s: float = TURN_S) -> HttpOrderStore:
    """Let the actions work with the store behind this server."""
    clock = ManualClock(NOW)
    store = HttpOrderStore(HttpTransport(server.address, TOKEN, deadline_s=deadline_s))
    limiter = InMemoryLookupLimiter(clock)
    configure(
        Services(
            store=store,
            limiter=limiter,
            clock=clock,
            deadline_s=turn_s,
            turn_deadline_s=turn_s,
        )
    )
    return store


async def timed(conversation: Conversation, intent: str, **entities: str) -> list[str]:
    """Say something; the answer must not take longer than a shopper may be kept waiting."""
    began_at = time.monotonic()
    said = await conversation.says(intent, **entities)
    assert time.monotonic() - began_at < LONGEST_S
    assert SECRET_WORDS not in conversation.text
    return said


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_shopper_is_told_so_and_may_ask_for_a_person(
    ana: Conversation, guest: Conversation, fault: str
) -> None:
    with faulty_server(FAULTS[fault]) as server, closing(use(server, deadline_s=SHORT_S)):
        assert await timed(ana, "order_status") == ["utter_store_unavailable"]
        assert "Talk to a person" in ana.choices
        assert await timed(ana, "affirm") == ["utter_no_person_here"]
        said = await timed(guest, "order_status", order_number=OPEN, email="ana@example.com")
        assert said == ["utter_store_unavailable"]


@pytest.mark.parametrize(
    "fault",
    ["never answers", "500 with HTML", "closes in the middle", "404 of a wrong address", "204"],
)
async def test_a_change_without_an_answer_is_never_said_to_be_done(
    ana: Conversation, losing: LosingAnswers, real: SqlWorld, fault: str
) -> None:
    def reads_only(call: Call) -> None:
        behave = losing if call.received.method == "GET" else FAULTS[fault]
        behave(call)

    with faulty_server(reads_only) as server, closing(use(server, deadline_s=1.5)):
        await ana.says("cancel_order", order_number=OPEN)
        assert await timed(ana, "affirm") == ["utter_cancel_unconfirmed"]
        assert await timed(ana, "stop") == ["utter_cancel_not_done"]
        await ana.says("contact_seller", order_number=SHIPPED)
        await ana.says("out_of_scope", "Is it waterproof?")
        assert await timed(ana, "affirm") == ["utter_seller_message_unconfirmed"]
    assert list(real.audit(OPEN)) == []


async def test_calls_that_are_slow_together_end_with_the_turn(ana: Conversation) -> None:
    def slow(call: Call) -> None:
        call.ended.wait(0.2)
        FAULTS["404 of a wrong address"](call)

    with faulty_server(slow) as server, closing(use(server, turn_s=0.5)):
        began_at = time.monotonic()
        said = await ana.asks_several(
            part("order_status", order_number=OPEN),
            part("order_details", order_number=OPEN),
            part("cancel_order", order_number=SHIPPED),
            part("contact_seller", order_number=SHIPPED),
        )
        assert time.monotonic() - began_at < LONGEST_S
        assert said == ["utter_store_unavailable"]
        assert len(server.received) <= 3


class TestAnAnswerThatIsLostAfterTheWorkWasDone:
    async def test_asking_again_cancels_once(
        self, ana: Conversation, losing: LosingAnswers, real: SqlWorld
    ) -> None:
        before = real.stock("P01-M-BLU")
        await ana.says("cancel_order", order_number=OPEN)
        losing.count = 1
        assert await ana.says("affirm") == ["utter_cancelled", "utter_ask_cancel_reason"]
        assert (real.stock("P01-M-BLU"), len(real.audit(OPEN))) == (before + 1, 1)

    async def test_what_stays_unknown_is_said_and_a_second_yes_cancels_nothing_twice(
        self, ana: Conversation, losing: LosingAnswers, real: SqlWorld
    ) -> None:
        await ana.says("cancel_order", order_number=OPEN)
        losing.count = 3
        assert await ana.says("affirm") == ["utter_cancel_unconfirmed"]
        assert len(real.audit(OPEN)) == 1
        assert await ana.says("affirm") == ["utter_cancelled", "utter_ask_cancel_reason"]
        assert len(real.audit(OPEN)) == 1

    async def test_a_message_is_sent_once(
        self, ana: Conversation, losing: LosingAnswers, real: SqlWorld
    ) -> None:
        await ana.says("contact_seller", order_number=SHIPPED)
        await ana.says("out_of_scope", "Is it waterproof?")
        losing.count = 2
        assert await ana.says("affirm") == ["utter_seller_message_sent"]
        messages = real.store.list_seller_messages(SHIPPED, customer_id="C100")
        assert [message.text for message in messages] == ["Is it waterproof?"]


async def test_a_shop_that_is_back_is_asked_again(ana: Conversation, losing: LosingAnswers) -> None:
    behave: list[Behave] = [never_answers, losing]
    with faulty_server(lambda call: behave[0](call)) as server:
        with closing(use(server, deadline_s=SHORT_S)):
            assert await ana.says("order_status", order_number=OPEN) == ["utter_store_unavailable"]
        behave.pop(0)
        with closing(use(server)):
            said = await ana.says("order_status", order_number=OPEN)
            assert said == ["utter_status_awaiting_shipping"]
