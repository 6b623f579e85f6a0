import pytest

from tests.actions.conversation import Conversation


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("8100240001", "utter_wrong_item_cancel_and_reorder"),
        ("8100240002", "utter_wrong_item_cancel_and_reorder"),
        ("8100240003", "utter_wrong_item_offer_seller"),
        ("8100240004", "utter_wrong_item_offer_seller"),
        ("8100240005", "utter_wrong_item_cancelled"),
    ],
)
async def test_each_status_gets_its_branch(ana: Conversation, number: str, response: str) -> None:
    assert await ana.says("wrong_item", order_number=number) == [response]
    assert ana.cards[0]["number"] == number


async def test_cancel_and_order_again_leads_to_the_question_and_not_past_it(
    ana: Conversation,
) -> None:
    await ana.says("wrong_item", order_number="8100240002")
    assert await ana.taps("Cancel this order") == ["utter_ask_cancel_confirmation"]


async def test_a_bare_yes_to_cancel_and_order_again_still_asks_for_confirmation(
    ana: Conversation,
) -> None:
    await ana.says("wrong_item", order_number="8100240002")
    assert await ana.says("affirm") == ["utter_ask_cancel_confirmation"]


async def test_a_shipped_order_leads_to_its_seller(ana: Conversation) -> None:
    await ana.says("wrong_item", order_number="8100240003")
    await ana.taps("Contact the seller")
    assert ana.cards[0]["name"] == "Lumen Electronics"
