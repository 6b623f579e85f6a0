"""Leaving a change that the shop did not confirm: the shopper is told what came of it."""

from datetime import timedelta

import pytest

from actions.orders.model import OrderStatus
from actions.orders.store import OrderStoreUnavailable
from tests.actions.conversation import Conversation
from tests.actions.orders.worlds import ManualClock
from tests.actions.stores import TroubledStore

OPEN = "8100240002"
UNPAID = "8100240001"
SHIPPED = "8100240003"

LEAVING = ["deny", "stop"]


def fail() -> None:
    raise OrderStoreUnavailable("failed for a test")


async def cancel(ana: Conversation, store: TroubledStore, *, done: bool) -> None:
    """Say yes to cancelling; the answer is lost, or never given because nothing was done."""
    await ana.says("cancel_order", order_number=OPEN)
    if not done:
        store.before_cancelling = fail
    store.loses_answers = True
    assert await ana.says("affirm") == ["utter_cancel_unconfirmed"]
    store.loses_answers = False


async def send(ana: Conversation, store: TroubledStore, *, done: bool) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    await ana.says("out_of_scope", "Hi")
    if not done:
        store.before_sending = fail
    store.loses_answers = True
    assert await ana.says("affirm") == ["utter_seller_message_unconfirmed"]
    store.loses_answers = False


@pytest.mark.parametrize("intent", LEAVING)
@pytest.mark.parametrize(
    ("done", "told"), [(True, "utter_cancelled_earlier"), (False, "utter_cancel_not_done")]
)
async def test_leaving_an_unconfirmed_cancellation_tells_whether_it_happened(
    ana: Conversation, store: TroubledStore, intent: str, done: bool, told: str
) -> None:
    await cancel(ana, store, done=done)
    assert await ana.says(intent) == [told]
    assert ana.awaiting is None


@pytest.mark.parametrize("intent", LEAVING)
@pytest.mark.parametrize(
    ("done", "told"),
    [(True, "utter_seller_message_was_sent"), (False, "utter_seller_message_not_sent")],
)
async def test_leaving_an_unconfirmed_message_tells_whether_it_was_sent(
    ana: Conversation, store: TroubledStore, intent: str, done: bool, told: str
) -> None:
    await send(ana, store, done=done)
    assert await ana.says(intent) == [told]
    assert ana.awaiting is None


@pytest.mark.parametrize("intent", LEAVING)
async def test_what_cannot_be_read_back_stays_unknown(
    ana: Conversation, store: TroubledStore, intent: str
) -> None:
    await cancel(ana, store, done=True)
    store.is_down = True
    assert await ana.says(intent) == ["utter_cancel_still_unknown"]


@pytest.mark.parametrize("intent", LEAVING)
async def test_a_message_that_cannot_be_read_back_stays_unknown(
    ana: Conversation, store: TroubledStore, intent: str
) -> None:
    await send(ana, store, done=True)
    store.is_down = True
    assert await ana.says(intent) == ["utter_seller_message_still_unknown"]


async def test_the_same_words_of_another_day_do_not_count_as_sent(
    ana: Conversation, store: TroubledStore, clock: ManualClock
) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    await ana.says("out_of_scope", "Hi")
    await ana.says("affirm")
    clock.advance(timedelta(days=1))
    await send(ana, store, done=False)
    assert await ana.says("stop") == ["utter_seller_message_still_unknown"]


async def test_a_text_that_the_shop_would_not_take_was_not_sent(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    await ana.says("out_of_scope", "Hello")
    ana.slots["seller_draft"] = "\x07"
    store.before_sending = fail
    await ana.says("affirm")
    assert await ana.says("stop") == ["utter_seller_message_not_sent"]


async def test_an_unconfirmed_change_that_is_interrupted_and_left_is_told_too(
    ana: Conversation, store: TroubledStore
) -> None:
    await cancel(ana, store, done=True)
    await ana.says("contact_seller", order_number=SHIPPED)
    assert await ana.says("stop") == ["utter_cancelled_earlier"]
    assert ana.slots["suspended"] is None


async def test_turning_to_another_order_tells_what_came_of_the_first(
    ana: Conversation, store: TroubledStore
) -> None:
    await cancel(ana, store, done=False)
    said = await ana.says("inform", order_number=UNPAID)
    assert said == ["utter_cancel_not_done", "utter_ask_cancel_confirmation"]


async def test_writing_to_another_seller_tells_what_came_of_the_first_message(
    ana: Conversation, store: TroubledStore
) -> None:
    await send(ana, store, done=True)
    said = await ana.says("contact_seller", order_number=OPEN)
    assert said == [
        "utter_seller_message_was_sent",
        "utter_seller",
        "utter_ask_seller_message",
    ]


async def test_an_unconfirmed_message_that_has_to_make_way_is_told(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await send(ana, store, done=True)
    said = await ana.says("order_status", order_number=UNPAID)
    assert said == [
        "utter_seller_message_was_sent",
        "utter_status_awaiting_payment",
        "utter_ask_cancel_confirmation",
    ]


async def test_an_offer_that_is_taken_tells_what_came_of_an_unconfirmed_cancellation(
    ana: Conversation, store: TroubledStore
) -> None:
    await cancel(ana, store, done=True)
    await ana.says("wrong_item", order_number=UNPAID)
    said = await ana.says("affirm")
    assert said == ["utter_cancelled_earlier", "utter_ask_cancel_confirmation"]
    assert UNPAID in ana.text


async def test_asking_again_for_what_is_unconfirmed_asks_whether_to_try_again(
    ana: Conversation, store: TroubledStore
) -> None:
    await cancel(ana, store, done=True)
    assert await ana.says("cancel_order", order_number=OPEN) == ["utter_cancel_unconfirmed"]
    assert await ana.says("greet") == ["utter_greet", "utter_cancel_unconfirmed"]
    assert store.orders[OPEN].status is OrderStatus.CANCELLED


async def test_an_unconfirmed_message_is_not_asked_for_as_if_it_were_new(
    ana: Conversation, store: TroubledStore
) -> None:
    await send(ana, store, done=True)
    assert await ana.says("greet") == ["utter_greet", "utter_seller_message_unconfirmed"]
    assert await ana.taps("Try again") == ["utter_seller_message_sent"]
    assert len(store.messages) == 1
