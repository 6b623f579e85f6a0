import pytest

from actions.orders.model import OrderStatus
from tests.actions.conversation import Conversation
from tests.actions.orders.worlds import ManualClock
from tests.actions.stores import TroubledStore

OPEN = "8100240002"
UNPAID = "8100240001"
SHIPPED = "8100240003"


async def test_an_order_is_cancelled_only_after_an_explicit_yes(
    ana: Conversation, store: TroubledStore
) -> None:
    assert await ana.says("cancel_order", order_number=OPEN) == ["utter_ask_cancel_confirmation"]
    assert store.orders[OPEN].status is OrderStatus.AWAITING_SHIPPING
    assert await ana.taps("Yes, cancel it") == ["utter_cancelled", "utter_ask_cancel_reason"]
    assert store.orders[OPEN].status is OrderStatus.CANCELLED


async def test_the_question_shows_the_order(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert ana.cards[0]["number"] == OPEN
    assert OPEN in ana.text


async def test_a_typed_yes_cancels_too(ana: Conversation, store: TroubledStore) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm", "yes please")
    assert store.orders[OPEN].status is OrderStatus.CANCELLED


async def test_the_card_after_cancelling_is_the_order_as_read_back(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    assert ana.cards[0]["status"] == "cancelled"
    assert ana.cards[0]["cancelled_at"] is not None


async def test_a_yes_for_another_order_asks_again(ana: Conversation, store: TroubledStore) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.says("affirm", order_number=UNPAID)
    assert said == ["utter_ask_cancel_confirmation"]
    assert OPEN in ana.text
    assert store.audit == []


async def test_a_no_keeps_the_order(ana: Conversation, store: TroubledStore) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.taps("No, keep it") == ["utter_order_kept"]
    assert await ana.says("affirm") == ["utter_what_next"]
    assert store.audit == []


async def test_a_bare_no_offers_what_else_could_be_meant(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.says("deny", "no") == ["utter_order_kept_offer_others"]
    assert await ana.taps("8100240001") == ["utter_ask_cancel_confirmation"]
    assert UNPAID in ana.text


@pytest.mark.parametrize(
    ("number", "response"),
    [
        (UNPAID, "utter_ask_cancel_confirmation"),
        (OPEN, "utter_ask_cancel_confirmation"),
        (SHIPPED, "utter_cancel_shipped"),
        ("8100240004", "utter_cancel_delivered"),
        ("8100240005", "utter_cancelled_changed_mind"),
    ],
)
async def test_each_status_gets_its_answer(ana: Conversation, number: str, response: str) -> None:
    assert await ana.says("cancel_order", order_number=number) == [response]
    assert ana.cards[0]["number"] == number


@pytest.mark.parametrize("number", [SHIPPED, "8100240004"])
async def test_a_refusal_offers_the_seller(ana: Conversation, number: str) -> None:
    await ana.says("cancel_order", order_number=number)
    assert await ana.taps("Contact the seller") == ["utter_seller", "utter_ask_seller_message"]


async def test_a_bare_yes_takes_the_offer(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=SHIPPED)
    assert await ana.says("affirm") == ["utter_seller", "utter_ask_seller_message"]
    assert SHIPPED in ana.text


async def test_a_no_to_the_offer_ends_it(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=SHIPPED)
    assert await ana.says("deny") == ["utter_acknowledged"]
    assert ana.awaiting is None


async def test_the_refusal_of_a_cancelled_order_says_when_and_why(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number="8100240005")
    assert "change of mind" in ana.text
    assert "2026" in ana.text


async def test_an_order_shipped_between_question_and_yes_is_not_cancelled(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    store.set_status(OPEN, OrderStatus.AWAITING_DELIVERY)
    assert await ana.says("affirm") == ["utter_cancel_shipped_meanwhile"]
    assert "Contact the seller" in ana.choices
    assert store.audit == []


async def test_an_order_shipped_at_the_last_moment_is_not_cancelled(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    store.before_cancelling = lambda: store.set_status(OPEN, OrderStatus.AWAITING_DELIVERY)
    assert await ana.says("affirm") == ["utter_cancel_shipped_meanwhile"]


async def test_a_second_yes_says_that_it_is_done_and_does_nothing(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    assert await ana.says("affirm") == ["utter_cancelled_earlier", "utter_ask_cancel_reason"]
    assert len(store.audit) == 1


async def test_a_turn_repeated_after_a_crash_cancels_once_and_answers_the_same(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    slots = dict(ana.slots)
    first = await ana.says("affirm", message_id="m-yes")
    ana.slots = slots
    assert await ana.says("affirm", message_id="m-yes") == first
    assert len(store.audit) == 1


async def test_an_order_cancelled_in_another_tab_is_told_as_such(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    store.cancel_order(
        OPEN,
        customer_id="C100",
        expected_status=OrderStatus.AWAITING_SHIPPING,
        idempotency_key="other-tab",
    )
    assert await ana.says("affirm") == ["utter_cancelled_earlier"]


async def test_a_no_to_an_order_cancelled_in_another_tab_does_not_claim_to_keep_it(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    store.set_status(OPEN, OrderStatus.CANCELLED)
    assert await ana.says("deny") == ["utter_cancelled_some_time"]


async def test_nothing_is_claimed_when_the_shop_does_not_confirm(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    store.loses_answers = True
    assert await ana.says("affirm") == ["utter_cancel_unconfirmed"]
    store.loses_answers = False
    assert await ana.says("affirm") == ["utter_cancelled", "utter_ask_cancel_reason"]
    assert len(store.audit) == 1


async def test_the_key_of_an_unknown_outcome_outlives_an_interruption(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    store.loses_answers = True
    await ana.says("affirm")
    store.loses_answers = False
    await ana.says("wrong_item", order_number=SHIPPED)
    await ana.says("deny")
    assert await ana.says("affirm") == ["utter_cancelled", "utter_ask_cancel_reason"]
    assert len(store.audit) == 1


async def test_switching_the_order_after_an_unknown_outcome_starts_anew(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    store.loses_answers = True
    await ana.says("affirm")
    await ana.says("inform", order_number=UNPAID)
    assert ana.slots["retry_key"] is None


async def test_keeping_an_order_that_was_cancelled_after_all_says_so(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    store.loses_answers = True
    await ana.says("affirm")
    assert await ana.says("deny") == ["utter_cancelled_earlier"]


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("I changed my mind", "changed_mind"),
        ("Wrong size or model", "wrong_item"),
        ("Found it cheaper", "found_cheaper"),
        ("It takes too long", "too_slow"),
        ("Another reason", "other"),
    ],
)
async def test_each_reason_is_kept(
    ana: Conversation, store: TroubledStore, title: str, reason: str
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    assert await ana.taps(title) == ["utter_cancel_reason_kept"]
    assert store.orders[OPEN].cancel_reason == reason


@pytest.mark.parametrize(
    ("title", "words", "on_card"),
    [
        ("I changed my mind", "a change of mind", "Changed mind"),
        ("Wrong size or model", "the size or model was wrong", "Wrong item"),
        ("Found it cheaper", "cheaper elsewhere", "Found cheaper"),
        ("It takes too long", "took too long", "Too slow"),
        ("Another reason", "was cancelled on May 4, 2026.", None),
    ],
)
async def test_each_reason_is_told_in_words(
    ana: Conversation, title: str, words: str, on_card: str | None
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    await ana.taps(title)
    await ana.says("order_status", order_number=OPEN)
    assert words in ana.text
    assert ana.cards[0]["cancel_reason"] == on_card


@pytest.mark.parametrize(
    ("intent", "reason"), [("wrong_item", "wrong_item"), ("out_of_scope", "other")]
)
async def test_a_typed_reason_is_kept(
    ana: Conversation, store: TroubledStore, intent: str, reason: str
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    await ana.says(intent)
    assert store.orders[OPEN].cancel_reason == reason


@pytest.mark.parametrize("intent", ["inform", "stop", "cancel_order", "order_status"])
async def test_a_reason_found_in_the_text_is_kept_whatever_else_it_looks_like(
    ana: Conversation, store: TroubledStore, intent: str
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    said = await ana.says(intent, "I changed my mind", cancel_reason="changed_mind")
    assert said == ["utter_cancel_reason_kept"]
    assert store.orders[OPEN].cancel_reason == "changed_mind"


async def test_the_reason_may_be_skipped(ana: Conversation, store: TroubledStore) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    assert await ana.taps("Skip") == ["utter_cancel_reason_skipped"]
    assert store.orders[OPEN].cancel_reason is None


async def test_another_question_counts_as_skipping_the_reason(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    assert await ana.says("thank_you") == ["utter_thank_you"]
    assert ana.awaiting is None


async def test_a_reason_that_cannot_be_kept_leaves_the_order_cancelled(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    store.loses_answers = True
    assert await ana.taps("Another reason") == ["utter_cancel_reason_not_kept"]


async def test_no_reason_is_noted_for_an_order_that_is_open_again(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    store.set_status(OPEN, OrderStatus.AWAITING_SHIPPING)
    assert await ana.taps("It takes too long") == ["utter_cancel_not_done"]
    assert ana.awaiting is None


async def test_no_reason_is_noted_for_an_order_that_is_gone(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    store.orders.clear()
    assert await ana.taps("It takes too long") == ["utter_order_not_found"]


async def test_stop_leaves_the_flow_and_not_the_order(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.says("stop") == ["utter_stopped"]
    assert ana.awaiting is None
    assert store.orders[OPEN].status is OrderStatus.AWAITING_SHIPPING


async def test_cancelling_works_some_time_after_the_question(
    ana: Conversation, clock: ManualClock, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    clock.now = clock.now.replace(year=clock.now.year + 1)
    await ana.taps("Yes, cancel it")
    assert store.orders[OPEN].cancelled_at == clock.now


@pytest.mark.parametrize("awaiting_answer", ["find", "cancel"])
async def test_an_order_that_disappears_before_the_yes_is_told_so(
    ana: Conversation, store: TroubledStore, awaiting_answer: str
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    if awaiting_answer == "find":
        del store.orders[OPEN]
    else:
        store.before_cancelling = lambda: store.orders.clear()
    assert await ana.says("affirm") == ["utter_order_not_found"]
    assert ana.awaiting is None


async def test_a_second_yes_about_an_order_that_is_gone_only_asks_the_reason(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    store.orders.clear()
    assert await ana.says("affirm") == ["utter_ask_cancel_reason"]


async def test_a_second_yes_about_an_order_that_is_open_again_does_not_call_it_cancelled(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    store.set_status(OPEN, OrderStatus.AWAITING_SHIPPING)
    assert await ana.says("affirm") == ["utter_cancel_not_done"]
    assert ana.awaiting is None
    assert len(store.audit) == 1


async def test_a_lost_cancellation_that_the_shop_took_back_is_not_asked_about_for_ever(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    store.loses_answers = True
    await ana.says("affirm")
    store.loses_answers = False
    store.set_status(OPEN, OrderStatus.AWAITING_SHIPPING)
    assert await ana.says("affirm") == ["utter_cancel_not_done"]
    assert ana.awaiting is None
