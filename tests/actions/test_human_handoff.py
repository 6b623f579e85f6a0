from tests.actions.conversation import Conversation


async def test_no_person_is_promised_and_the_seller_is_offered(ana: Conversation) -> None:
    assert await ana.says("human_handoff") == ["utter_no_person_here"]
    assert "cannot connect you" in ana.text
    assert "Contact a seller" in ana.choices
