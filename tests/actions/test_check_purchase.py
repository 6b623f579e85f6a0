"""Why something cannot be ordered, as the demo shop's customers are told it."""

import pytest

from tests.actions.conversation import Conversation, part
from tests.actions.stores import TroubledStore

ARTICLE_ID = "why_cant_i_place_an_order"
ARTICLE = f"utter_faq/{ARTICLE_ID}"
LAMP, JACKET, CONSOLE = "Smart Desk Lamp", "Trail Rain Jacket", "Retro Game Console"
EARBUDS, CHARGER, SOCKS = (
    "Wireless Earbuds Pro",
    "USB-C 65W Charger",
    "Merino Hiking Socks (3 pairs)",
)


async def ask(talk: Conversation, *products: str, **values: str) -> list[str]:
    talk.steps[ARTICLE_ID] = "check_purchase"
    named = [("product", product) for product in products]
    message = talk.message(f"faq/{ARTICLE_ID}", [*named, *values.items()])
    return await talk.sends(message)


def customer(ana: Conversation, customer_id: str) -> Conversation:
    ana.customer_id = customer_id
    return ana


async def test_a_product_taken_down_is_named(ana: Conversation) -> None:
    assert await ask(ana, CONSOLE) == ["utter_purchase_taken_down"]
    assert CONSOLE in ana.text


async def test_sold_out_variants_come_with_what_is_in_stock(ana: Conversation) -> None:
    assert await ask(ana, EARBUDS, color="Black") == ["utter_purchase_variant_sold_out"]
    assert "sold out in: Black Pro 2. In stock: White Pro 2." in ana.text


async def test_a_variant_in_stock_is_no_reason(ana: Conversation) -> None:
    assert await ask(ana, EARBUDS, color="White") == ["utter_purchase_possible", ARTICLE]
    assert EARBUDS in ana.text


async def test_a_variant_that_does_not_exist_comes_with_what_is_in_stock(
    ana: Conversation,
) -> None:
    assert await ask(ana, SOCKS, color="Green") == ["utter_purchase_no_such_variant"]
    assert "does not come in Green" in ana.text


async def test_a_product_with_nothing_left_is_sold_out(
    ana: Conversation, store: TroubledStore
) -> None:
    store.stock["P06-STD"] = 0
    assert await ask(ana, LAMP) == ["utter_purchase_sold_out"]


async def test_a_product_bought_today_comes_with_the_orders_and_when_it_is_possible_again(
    ana: Conversation,
) -> None:
    grace = customer(ana, "C106")
    await ask(grace, CHARGER, model="US")
    assert [reply.response for reply in grace.replies] == ["utter_purchase_repeated"]
    assert "8100240061 and 8100240062" in grace.text
    # Placed at 11:48 UTC, shown in Berlin's summer time.
    assert "until Tue, May 5, 1:48" in grace.text.replace("\u202f", " ")


async def test_a_purchase_cancelled_since_is_no_reason(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number="8100240002")
    await ana.says("affirm")
    assert await ask(ana, JACKET, color="Red") == ["utter_purchase_possible", ARTICLE]


async def test_an_address_with_other_characters_is_named_with_where_to_change_it(
    ana: Conversation,
) -> None:
    chen = customer(ana, "C102")
    assert await ask(chen, SOCKS) == ["utter_purchase_address"]
    assert "**Home**" in chen.text
    assert "中山路 88 号 and 上海" in chen.text
    await chen.taps("Where do I change my address?")
    assert chen.replies[-1].response == "utter_faq/how_do_i_configure_my_address"


async def test_all_that_applies_is_said_and_what_is_the_same_only_once(ana: Conversation) -> None:
    chen = customer(ana, "C102")
    assert await ask(chen, LAMP, CONSOLE) == [
        "utter_purchase_repeated",
        "utter_purchase_address",
        "utter_purchase_taken_down",
    ]


async def test_the_reason_names_the_article_that_it_comes_from(ana: Conversation) -> None:
    await ask(ana, CONSOLE)
    assert [source["title"] for source in ana.sources] == ["Why can’t I place an {order}?"]


async def test_without_a_product_the_article_comes_first_and_the_product_is_asked_for(
    ana: Conversation,
) -> None:
    assert await ask(ana) == [ARTICLE, "utter_ask_product"]
    assert await ana.says("inform", "the console", product=CONSOLE) == ["utter_purchase_taken_down"]
    assert await ana.says("out_of_scope", "flying carpet") == ["utter_did_not_understand"]


async def test_an_address_is_told_before_any_product_is_named(ana: Conversation) -> None:
    assert await ask(customer(ana, "C102")) == [
        ARTICLE,
        "utter_purchase_address",
        "utter_ask_product",
    ]


async def test_a_name_that_the_model_does_not_know_is_looked_up_as_it_was_typed(
    ana: Conversation,
) -> None:
    await ask(ana)
    assert await ana.says("out_of_scope", "retro game console") == ["utter_purchase_taken_down"]


async def test_what_the_shop_does_not_sell_is_asked_for_once_more_then_a_person_is_offered(
    ana: Conversation,
) -> None:
    await ask(ana)
    assert await ana.says("out_of_scope", "flying carpet") == ["utter_product_not_found"]
    assert ana.awaiting == "product"
    assert await ana.says("out_of_scope", "I said flying carpet") == ["utter_offer_person"]


@pytest.mark.parametrize("intent", ["deny", "stop"])
async def test_no_product_is_an_answer_too(ana: Conversation, intent: str) -> None:
    await ask(ana)
    assert await ana.says(intent) == ["utter_acknowledged"]
    assert ana.awaiting is None


async def test_another_question_leaves_the_product_alone(ana: Conversation) -> None:
    await ask(ana)
    assert await ana.says("order_status", order_number="8100240002") == [
        "utter_status_awaiting_shipping"
    ]
    assert ana.awaiting is None


async def test_a_question_that_was_open_stays_open(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number="8100240002")
    assert await ask(ana) == [ARTICLE, "utter_ask_cancel_confirmation"]
    assert await ask(ana, CONSOLE) == ["utter_purchase_taken_down", "utter_ask_cancel_confirmation"]
    assert await ana.says("affirm") == ["utter_cancelled", "utter_ask_cancel_reason"]


async def test_a_guest_is_told_about_the_product_and_that_the_rest_needs_an_account(
    guest: Conversation,
) -> None:
    assert await ask(guest, LAMP) == ["utter_purchase_possible_guest", ARTICLE]
    assert await ask(guest, CONSOLE) == ["utter_purchase_taken_down"]


async def test_a_guest_without_a_product_costs_the_store_nothing(
    guest: Conversation, store: TroubledStore
) -> None:
    store.is_down = True
    assert await ask(guest) == [ARTICLE, "utter_ask_product"]


async def test_a_guest_who_proved_an_order_does_not_see_that_customers_account(
    guest: Conversation,
) -> None:
    await guest.says("order_status", order_number="8100240021", email="chen@example.com")
    assert await ask(guest, LAMP) == ["utter_purchase_possible_guest", ARTICLE]


async def test_while_the_store_is_away_the_article_stands_by_itself(
    ana: Conversation, store: TroubledStore
) -> None:
    store.is_down = True
    assert await ask(ana, LAMP) == [ARTICLE, "utter_purchase_not_checked"]
    assert await ask(ana) == [ARTICLE, "utter_purchase_not_checked"]
    assert ana.awaiting is None


async def test_a_product_that_cannot_be_checked_now_is_still_asked_for(
    ana: Conversation, store: TroubledStore
) -> None:
    await ask(ana)
    store.is_down = True
    assert await ana.says("inform", product=CONSOLE) == ["utter_purchase_not_checked"]
    store.is_down = False
    assert await ana.says("inform", product=CONSOLE) == ["utter_purchase_taken_down"]


async def test_the_next_product_is_checked_too_and_the_one_after_it(ana: Conversation) -> None:
    await ask(ana, CONSOLE)
    assert await ana.says("inform", "and the lamp?", product=LAMP) == ["utter_purchase_possible"]
    assert LAMP in ana.text
    said = await ana.says("out_of_scope", "and what about the console", product=CONSOLE)
    assert said == ["utter_purchase_taken_down"]


async def test_after_an_answer_to_which_product_another_one_may_follow(ana: Conversation) -> None:
    await ask(ana)
    await ana.says("inform", product=CONSOLE)
    assert await ana.says("inform", product=LAMP) == ["utter_purchase_possible"]


@pytest.mark.parametrize(
    "words",
    [
        {"color": "Blue"},
        {"product": JACKET, "order_number": "8100240002"},
        {"product": JACKET, "order_reference": "latest"},
    ],
)
async def test_words_for_an_order_are_no_other_product(
    ana: Conversation, words: dict[str, str]
) -> None:
    await ask(ana, CONSOLE)
    await ana.says("inform", **words)
    assert "purchase" not in ana.replies[0].response


@pytest.mark.parametrize("between", ["thank_you", "order_status", "stop", "faq/one"])
async def test_a_product_named_after_something_else_is_not_checked(
    ana: Conversation, between: str
) -> None:
    await ask(ana, CONSOLE)
    await ana.says(between)
    await ana.says("inform", product=JACKET)
    assert "purchase" not in ana.replies[0].response


async def test_a_check_beside_another_question_leaves_its_order_known(ana: Conversation) -> None:
    ana.steps[ARTICLE_ID] = "check_purchase"
    said = await ana.asks_several(
        part(f"faq/{ARTICLE_ID}", product=CONSOLE),
        part("order_status", order_number="8100240002"),
    )
    assert said == ["utter_purchase_taken_down", "utter_status_awaiting_shipping"]
    await ana.says("cancel_order", order_reference="it")
    assert ana.numbers == ["8100240002"]


async def test_a_yes_after_a_check_confirms_nothing(ana: Conversation) -> None:
    await ask(ana, CONSOLE)
    assert await ana.says("affirm") == ["utter_what_next"]
