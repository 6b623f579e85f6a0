import pytest

from actions.orders.model import OrderStatus
from tests.actions.conversation import Conversation
from tests.actions.stores import TroubledStore

ARTICLE = "utter_faq/how_do_i_check_the_order_status"


async def check_status(talk: Conversation) -> list[str]:
    return await talk.asks_article("how_do_i_check_the_order_status", step="order_status")


async def test_an_article_without_a_step_is_all_there_is(ana: Conversation) -> None:
    said = await ana.asks_article("how_do_i_purchase_an_item")
    assert said == ["utter_faq/how_do_i_purchase_an_item"]


async def test_a_signed_in_shopper_is_shown_their_orders(ana: Conversation) -> None:
    assert await check_status(ana) == [ARTICLE, "utter_your_orders"]
    assert [order["number"] for order in ana.cards[0]["orders"]][:2] == [
        "8100240001",
        "8100240002",
    ]
    assert await ana.taps("8100240003") == ["utter_status_shipped_expected"]


async def test_each_order_of_the_list_has_one_choice_with_its_number(ana: Conversation) -> None:
    await check_status(ana)
    numbers = [order["number"] for order in ana.cards[0]["orders"]]
    assert [[number in title for title in ana.choices].count(True) for number in numbers] == [1] * 5


async def test_the_details_article_leads_to_details(ana: Conversation) -> None:
    await ana.asks_article("details", step="order_details")
    assert await ana.taps("8100240003") == ["utter_order_details"]


async def test_a_number_after_the_list_goes_on_with_the_step(ana: Conversation) -> None:
    await ana.asks_article("details", step="order_details")
    assert await ana.says("inform", order_number="8100240002") == ["utter_order_details"]


async def test_a_guest_is_offered_to_look_it_up(guest: Conversation) -> None:
    assert await check_status(guest) == [ARTICLE, "utter_offer_order_status"]
    assert await guest.taps("Check my order") == ["utter_ask_order_number"]


async def test_a_shopper_without_orders_is_offered_the_same(ana: Conversation) -> None:
    ana.customer_id = "C104"
    assert await check_status(ana) == [ARTICLE, "utter_offer_order_status"]


@pytest.mark.parametrize(
    ("step", "asked"),
    [
        ("contact_seller", "utter_ask_which_order"),
        ("wrong_item", "utter_ask_which_order"),
        ("cancel_order", "utter_ask_which_order"),
    ],
)
async def test_a_bare_yes_starts_the_offered_step(ana: Conversation, step: str, asked: str) -> None:
    said = await ana.asks_article("some_article", step=step)
    assert said == ["utter_faq/some_article", f"utter_offer_{step}"]
    assert await ana.says("affirm") == [asked]


async def test_the_article_is_given_even_if_the_store_is_down(
    ana: Conversation, store: TroubledStore
) -> None:
    store.is_down = True
    assert await check_status(ana) == [ARTICLE, "utter_offer_order_status"]


async def test_a_step_that_the_bot_does_not_know_is_ignored(ana: Conversation) -> None:
    assert await ana.asks_article("new", step="brew_coffee") == ["utter_faq/new"]


async def test_an_answer_without_an_article_is_no_answer(ana: Conversation) -> None:
    assert await ana.says("faq") == ["utter_did_not_understand"]


@pytest.mark.parametrize("intent", ["inform", "affirm", "out_of_scope", "order_status"])
async def test_a_place_picks_from_the_orders_that_were_shown(
    ana: Conversation, intent: str
) -> None:
    await check_status(ana)
    fourth = ana.cards[0]["orders"][3]["number"]
    await ana.says(intent, "the 4th", order_reference="4")
    assert ana.numbers == [fourth]


async def test_a_place_can_be_picked_for_something_else(ana: Conversation) -> None:
    await check_status(ana)
    assert await ana.says("cancel_order", order_reference="2") == ["utter_ask_cancel_confirmation"]
    assert ana.numbers == ["8100240002"]


async def test_a_place_means_nothing_once_the_list_is_dealt_with(ana: Conversation) -> None:
    await check_status(ana)
    await ana.taps("8100240003")
    assert await ana.says("inform", order_reference="2") == ["utter_what_next"]


async def test_orders_that_cannot_be_cancelled_can_be_picked_too(
    ana: Conversation, store: TroubledStore
) -> None:
    for number in ("8100240001", "8100240002"):
        store.set_status(number, OrderStatus.COMPLETED)
    assert await ana.says("cancel_order") == ["utter_nothing_to_cancel"]
    assert await ana.says("inform", order_reference="3") == ["utter_cancel_shipped"]
