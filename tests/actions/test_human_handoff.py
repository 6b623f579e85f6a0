from tests.actions.conversation import Conversation
from tests.actions.stores import TroubledStore

OPEN = "8100240002"


async def test_no_person_is_promised_and_the_seller_is_offered(ana: Conversation) -> None:
    assert await ana.says("human_handoff") == ["utter_no_person_here"]
    assert "cannot connect you" in ana.text
    assert "Contact a seller" in ana.choices


class TestAStoreThatCannotBeReached:
    async def test_a_person_is_offered_as_a_choice(
        self, ana: Conversation, store: TroubledStore
    ) -> None:
        store.is_down = True
        assert await ana.says("order_status") == ["utter_store_unavailable"]
        assert await ana.taps("Talk to a person") == ["utter_no_person_here"]
        assert ana.awaiting is None

    async def test_a_yes_takes_the_offer(self, ana: Conversation, store: TroubledStore) -> None:
        store.is_down = True
        await ana.says("order_status")
        assert await ana.says("affirm") == ["utter_no_person_here"]
        assert ana.awaiting is None

    async def test_a_no_declines_it(self, ana: Conversation, store: TroubledStore) -> None:
        store.is_down = True
        await ana.says("order_status")
        assert await ana.says("deny") == ["utter_acknowledged"]
        assert ana.awaiting is None

    async def test_asking_again_drops_the_offer(
        self, ana: Conversation, store: TroubledStore
    ) -> None:
        store.is_down = True
        await ana.says("order_status", order_number=OPEN)
        store.is_down = False
        assert await ana.says("order_status", order_number=OPEN) == [
            "utter_status_awaiting_shipping"
        ]
        assert ana.awaiting is None

    async def test_a_yes_still_answers_the_question_that_is_open(
        self, ana: Conversation, store: TroubledStore
    ) -> None:
        await ana.says("cancel_order", order_number=OPEN)
        store.is_down = True
        await ana.says("order_status")
        assert "Talk to a person" in ana.choices
        assert ana.awaiting == "cancel_confirmation"
