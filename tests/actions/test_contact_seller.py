from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actions.conversation import Conversation
from tests.actions.orders.worlds import ManualClock
from tests.actions.stores import TroubledStore

SHIPPED = "8100240003"
ASKED = ["utter_seller", "utter_ask_seller_message"]


async def write(talk: Conversation, text: str, number: str = SHIPPED) -> list[str]:
    await talk.says("contact_seller", order_number=number)
    return await talk.says("out_of_scope", text)


@pytest.mark.parametrize(
    "number", ["8100240001", "8100240002", SHIPPED, "8100240004", "8100240005"]
)
async def test_the_seller_can_be_reached_in_each_status(ana: Conversation, number: str) -> None:
    assert await ana.says("contact_seller", order_number=number) == ASKED
    assert ana.cards[0]["order_number"] == number


async def test_the_seller_is_shown_with_the_usual_reply_time(ana: Conversation) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    assert ana.cards[0]["name"] == "Lumen Electronics"
    assert "12 hours" in ana.text


async def test_a_message_is_sent_only_after_it_was_shown_and_confirmed(
    ana: Conversation, store: TroubledStore
) -> None:
    assert await write(ana, "Is the plug included?") == ["utter_ask_seller_confirmation"]
    assert "Is the plug included?" in ana.text
    assert store.messages == []
    assert await ana.taps("Send it") == ["utter_seller_message_sent"]
    assert [message.text for message in store.messages] == ["Is the plug included?"]


async def test_the_reply_time_is_promised_after_sending(ana: Conversation) -> None:
    await write(ana, "Hi")
    await ana.says("affirm")
    assert "12 hours" in ana.text


@pytest.mark.parametrize(
    "intent", ["order_status", "wrong_item", "cancel_order", "inform", "nlu_fallback"]
)
async def test_a_message_may_look_like_a_question_to_the_bot(
    ana: Conversation, intent: str
) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    assert await ana.says(intent, "When will you send it?") == ["utter_ask_seller_confirmation"]
    assert "When will you send it?" in ana.text


async def test_a_yes_for_another_order_sends_nothing(
    ana: Conversation, store: TroubledStore
) -> None:
    await write(ana, "Hi")
    said = await ana.says("affirm", order_number="8100240001")
    assert said == ["utter_ask_seller_confirmation"]
    assert store.messages == []


async def test_a_no_asks_for_another_text(ana: Conversation, store: TroubledStore) -> None:
    await write(ana, "Hi")
    assert await ana.taps("Change it") == ["utter_ask_seller_message_instead"]
    await ana.says("out_of_scope", "Hello")
    await ana.says("affirm")
    assert [message.text for message in store.messages] == ["Hello"]


@pytest.mark.parametrize(
    ("intent", "text"), [("stop", "forget it"), ("deny", "No, thank you!"), ("deny", "👎")]
)
async def test_the_message_can_be_left_unwritten(ana: Conversation, intent: str, text: str) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    assert await ana.says(intent, text) == ["utter_stopped"]
    assert ana.awaiting is None


async def test_a_message_that_begins_with_no_is_still_one(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    text = "No, the colour is wrong, send blue"
    assert await ana.says("deny", text) == ["utter_ask_seller_confirmation"]
    await ana.says("affirm")
    assert [message.text for message in store.messages] == [text]


async def test_a_confirmed_message_can_be_dropped(ana: Conversation, store: TroubledStore) -> None:
    await write(ana, "Hi")
    assert await ana.taps("Never mind") == ["utter_stopped"]
    assert ana.slots["seller_draft"] is None
    assert store.messages == []


async def test_a_text_that_is_too_long_is_asked_for_again(ana: Conversation) -> None:
    assert await write(ana, "x" * 2001) == ["utter_seller_message_too_long"]
    assert "2000" in ana.text
    assert await ana.says("out_of_scope", "x" * 2000) == ["utter_ask_seller_confirmation"]


async def test_a_text_of_control_characters_is_not_taken(ana: Conversation) -> None:
    assert (await write(ana, "\x07\x07"))[-1] == "utter_seller_message_rejected"
    assert ana.awaiting == "seller_message"


async def test_a_draft_that_the_store_does_not_take_is_asked_for_again(ana: Conversation) -> None:
    await write(ana, "Hello")
    ana.slots["seller_draft"] = "\x07\x07"
    said = await ana.says("affirm")
    assert said == ["utter_seller_message_rejected", "utter_ask_seller_message_instead"]
    assert ana.awaiting == "seller_message"


async def test_markup_is_shown_and_sent_as_plain_text(
    ana: Conversation, store: TroubledStore
) -> None:
    text = "<b>Hi</b> **you** [tap](https://example.com) {name} 0[x]"
    await write(ana, text)
    assert r"\*\*you\*\* \[tap\](https\://example.com) {name} 0\[x\]" in ana.text
    await ana.says("affirm")
    assert store.messages[0].text == text


async def test_the_sixth_message_within_an_hour_has_to_wait(
    ana: Conversation, store: TroubledStore, clock: ManualClock
) -> None:
    for number in range(5):
        await write(ana, f"message {number}")
        await ana.says("affirm")
    clock.advance(timedelta(minutes=20))
    await write(ana, "one more")
    assert await ana.says("affirm") == ["utter_too_many_seller_messages"]
    assert "40 minutes" in ana.text


async def test_the_answer_of_the_seller_is_shown_on_asking(
    ana: Conversation, store: TroubledStore
) -> None:
    store.seller_writes(SHIPPED, "It left *today*.")
    said = await ana.says("contact_seller", order_number=SHIPPED)
    assert said == ["utter_seller", "utter_seller_answer", "utter_ask_seller_message"]
    assert r"It left \*today\*." in ana.text


async def test_a_message_without_an_answer_is_said_to_wait_for_one(
    ana: Conversation, store: TroubledStore
) -> None:
    await write(ana, "Hi")
    await ana.says("affirm")
    said = await ana.says("contact_seller", order_number=SHIPPED)
    assert said == ["utter_seller", "utter_seller_not_answered", "utter_ask_seller_message"]
    assert "Lumen Electronics has not answered your message of Mon, May 4 yet" in ana.text


async def test_an_answer_and_a_message_after_it_are_both_told(
    ana: Conversation, store: TroubledStore, clock: ManualClock
) -> None:
    store.seller_writes(SHIPPED, "It left today.")
    clock.advance(timedelta(minutes=1))
    await write(ana, "Thanks, by which way?")
    await ana.says("affirm")
    assert (await ana.says("contact_seller", order_number=SHIPPED))[1:3] == [
        "utter_seller_answer",
        "utter_seller_not_answered",
    ]


async def test_an_address_or_a_placeholder_in_the_answer_of_the_seller_stays_text(
    ana: Conversation, store: TroubledStore
) -> None:
    store.seller_writes(SHIPPED, "Pay at https://evil.example, {seller} {{x}} 0[seller]")
    await ana.says("contact_seller", order_number=SHIPPED)
    assert r"Pay at https\://evil.example, {seller} {{x}} 0\[seller\]" in ana.text


async def test_a_message_whose_sending_is_not_confirmed_is_sent_once_on_trying_again(
    ana: Conversation, store: TroubledStore
) -> None:
    await write(ana, "Hi")
    store.loses_answers = True
    assert await ana.says("affirm") == ["utter_seller_message_unconfirmed"]
    store.loses_answers = False
    assert await ana.taps("Try again") == ["utter_seller_message_sent"]
    assert len(store.messages) == 1


@pytest.mark.parametrize("other", ["cancel_order", "wrong_item"])
async def test_a_message_is_sent_once_though_another_order_came_between_two_tries(
    ana: Conversation, store: TroubledStore, other: str
) -> None:
    await write(ana, "Hi")
    store.loses_answers = True
    await ana.says("affirm")
    store.loses_answers = False
    await ana.says(other, order_number="8100240002")
    await ana.says("deny", order_number="8100240002")
    assert await ana.says("affirm") == ["utter_seller_message_sent"]
    assert len(store.messages) == 1


async def test_a_choice_made_for_another_draft_sends_nothing(
    ana: Conversation, store: TroubledStore
) -> None:
    await write(ana, "Hi")
    old = ana.replies
    await ana.taps("Change it")
    await ana.says("out_of_scope", "Hello")
    said = await ana.taps("Send it", of=old)
    assert said == ["utter_choice_outdated", "utter_ask_seller_confirmation"]
    assert store.messages == []


async def test_a_guest_writes_to_the_seller_of_a_proven_order(
    guest: Conversation, store: TroubledStore
) -> None:
    said = await guest.says("contact_seller", order_number=SHIPPED, email="ana@example.com")
    assert said == ASKED
    await guest.says("out_of_scope", "Hi")
    await guest.says("affirm")
    assert [message.order_number for message in store.messages] == [SHIPPED]


async def test_an_order_that_disappears_while_its_seller_is_shown_is_told_so_on_sending(
    ana: Conversation, store: TroubledStore
) -> None:
    store.before_listing_messages = lambda: store.orders.clear()
    assert await ana.says("contact_seller", order_number=SHIPPED) == ASKED
    await ana.says("out_of_scope", "Hi")
    assert await ana.says("affirm") == ["utter_order_not_found"]


async def test_an_order_that_disappears_while_sending_is_told_so(
    ana: Conversation, store: TroubledStore
) -> None:
    await write(ana, "Hi")
    store.before_sending = lambda: store.orders.clear()
    assert await ana.says("affirm") == ["utter_order_not_found"]


async def test_an_order_that_disappears_before_sending_is_told_so(
    ana: Conversation, store: TroubledStore
) -> None:
    await write(ana, "Hi")
    store.orders[SHIPPED] = replace(store.orders[SHIPPED], customer_id="C101")
    assert await ana.says("affirm") == ["utter_order_not_found"]
    assert store.messages == []
