"""Choices taken after the dialogue has moved on from the question that they were made for."""

from collections.abc import Awaitable, Callable, Sequence

import pytest

from actions.orders.model import OrderStatus
from tests.actions.conversation import Conversation, Reply
from tests.actions.stores import TroubledStore

OPEN = "8100240002"
UNPAID = "8100240001"
SHIPPED = "8100240003"

Ask = Callable[[Conversation], Awaitable[object]]


async def to_cancel(ana: Conversation, number: str = OPEN) -> None:
    await ana.says("cancel_order", order_number=number)


async def to_send(ana: Conversation, number: str = OPEN) -> None:
    await to_write(ana, number)
    await ana.says("out_of_scope", "Hi")


async def to_write(ana: Conversation, number: str = OPEN) -> None:
    await ana.says("contact_seller", order_number=number)


async def for_reason(ana: Conversation) -> None:
    await to_cancel(ana, UNPAID)
    await ana.says("affirm")


async def to_offer(ana: Conversation) -> None:
    await ana.says("wrong_item", order_number=OPEN)


async def replies_of(ask: Ask, ana: Conversation) -> Sequence[Reply]:
    await ask(ana)
    return ana.replies


async def to_write_and_leave(ana: Conversation) -> None:
    await to_write(ana)
    asked = ana.replies
    await ana.says("stop")
    ana.replies = asked


CANCELLING = ("Yes, cancel it", "No, keep it")
SENDING = ("Send it", "Change it", "Never mind")


@pytest.mark.parametrize(
    ("earlier", "title", "later", "asked"),
    [
        *((to_cancel, title, to_send, "utter_ask_seller_confirmation") for title in CANCELLING),
        *((to_cancel, title, to_write, "utter_ask_seller_message") for title in CANCELLING),
        *((to_send, title, to_cancel, "utter_ask_cancel_confirmation") for title in SENDING),
        (to_write_and_leave, "Never mind", to_cancel, "utter_ask_cancel_confirmation"),
        (to_write_and_leave, "Never mind", to_send, "utter_ask_seller_confirmation"),
        (to_offer, "No, keep it", to_cancel, "utter_ask_cancel_confirmation"),
        (to_offer, "No, keep it", to_send, "utter_ask_seller_confirmation"),
        *((to_send, title, for_reason, "utter_ask_cancel_reason") for title in SENDING),
    ],
)
async def test_a_choice_of_another_question_changes_nothing_and_the_open_one_is_asked_again(
    ana: Conversation, store: TroubledStore, earlier: Ask, title: str, later: Ask, asked: str
) -> None:
    old = await replies_of(earlier, ana)
    await later(ana)
    before = dict(ana.slots)
    audit = list(store.audit)
    assert await ana.taps(title, of=old) == ["utter_choice_outdated", asked]
    assert ana.slots == before
    assert (store.audit, store.messages) == (audit, [])


@pytest.mark.parametrize("title", CANCELLING)
async def test_a_choice_about_another_order_of_the_same_question_changes_nothing(
    ana: Conversation, store: TroubledStore, title: str
) -> None:
    old = await replies_of(to_cancel, ana)
    await to_cancel(ana, UNPAID)
    said = await ana.taps(title, of=old)
    assert said == ["utter_choice_outdated", "utter_ask_cancel_confirmation"]
    assert UNPAID in ana.text
    assert store.audit == []


@pytest.mark.parametrize("title", ["Send it", "Change it", "Never mind"])
async def test_a_choice_about_the_message_of_another_order_sends_nothing(
    ana: Conversation, store: TroubledStore, title: str
) -> None:
    old = await replies_of(to_send, ana)
    await to_send(ana, SHIPPED)
    said = await ana.taps(title, of=old)
    assert said == ["utter_choice_outdated", "utter_ask_seller_confirmation"]
    assert store.messages == []


@pytest.mark.parametrize("title", ["It takes too long", "Skip"])
async def test_a_reason_chosen_late_is_not_noted_on_the_next_order(
    ana: Conversation, store: TroubledStore, title: str
) -> None:
    old = await replies_of(for_reason, ana)
    await to_cancel(ana)
    await ana.says("affirm")
    assert await ana.taps(title, of=old) == ["utter_choice_outdated", "utter_ask_cancel_reason"]
    assert store.orders[OPEN].cancel_reason is None
    assert ana.awaiting == "cancel_reason"


@pytest.mark.parametrize("title", ["Yes, cancel it", "No, keep it"])
async def test_a_choice_about_an_order_that_is_cancelled_by_now_is_told_so(
    ana: Conversation, store: TroubledStore, title: str
) -> None:
    old = await replies_of(to_cancel, ana)
    await ana.taps("Yes, cancel it")
    said = await ana.taps(title, of=old)
    assert said == ["utter_cancelled_earlier", "utter_ask_cancel_reason"]
    assert len(store.audit) == 1


async def test_a_choice_of_a_question_that_was_closed_changes_nothing(
    ana: Conversation, store: TroubledStore
) -> None:
    old = await replies_of(to_cancel, ana)
    await ana.says("stop")
    assert await ana.taps("Yes, cancel it", of=old) == ["utter_choice_outdated"]
    assert store.orders[OPEN].status is OrderStatus.AWAITING_SHIPPING


async def test_an_offer_declined_late_leaves_the_later_one_standing(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=SHIPPED)
    old = ana.replies
    await ana.says("wrong_item", order_number="8100240004")
    assert await ana.taps("No, thanks", of=old) == ["utter_choice_outdated"]
    assert await ana.says("affirm") == ["utter_seller", "utter_ask_seller_message"]
    assert "8100240004" in ana.text


async def test_never_mind_after_a_misunderstanding_leaves_the_question_it_stood_under(
    ana: Conversation,
) -> None:
    await to_cancel(ana)
    await ana.says("out_of_scope")
    await ana.says("out_of_scope")
    old = ana.replies
    assert await ana.taps("Never mind", of=old) == ["utter_stopped"]
    await to_send(ana)
    said = await ana.taps("Never mind", of=old)
    assert said == ["utter_choice_outdated", "utter_ask_seller_confirmation"]


async def test_never_mind_with_nothing_open_is_taken_calmly(ana: Conversation) -> None:
    await ana.says("out_of_scope")
    await ana.says("out_of_scope")
    assert await ana.taps("Never mind") == ["utter_acknowledged"]


async def test_an_order_chosen_late_goes_on_with_the_flow_it_was_offered_for(
    ana: Conversation,
) -> None:
    await ana.says("contact_seller")
    old = ana.replies
    await to_cancel(ana)
    assert await ana.taps(OPEN, of=old) == [
        "utter_seller",
        "utter_ask_seller_message",
    ]


async def test_a_tapped_wrong_size_is_a_wish_and_no_reason(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.asks_article("wrong_size", step="wrong_item")
    old = ana.replies
    await for_reason(ana)
    assert await ana.taps("Look at my order", of=old) == ["utter_ask_which_order"]
    assert store.orders[UNPAID].cancel_reason is None
