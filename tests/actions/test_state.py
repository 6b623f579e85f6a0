from dataclasses import replace
from typing import Any

import pytest

from actions.state import (
    MAX_PROVEN_ORDERS,
    Awaiting,
    FlowName,
    ProvenOrder,
    State,
    Suspended,
)
from actions.wish import Clarification, Wish


def test_slots_and_back_give_the_same_state() -> None:
    state = State(
        flow=FlowName.CANCEL_ORDER,
        awaiting=Awaiting.OFFER,
        order_number="8100240002",
        guest_email="ana@example.com",
        seller_draft="Hi",
        draft_key="m:seller_message",
        offered_flow=FlowName.CONTACT_SELLER,
        retry_key="m:cancel",
        suspended=Suspended(FlowName.CONTACT_SELLER, Awaiting.ORDER, None, "Hi", "m:1", "m:1"),
        proven_orders=(ProvenOrder("8100240002", "C100", "s"),),
        listed=("8100240002", "8100240001"),
        misunderstandings=1,
        person_offered=True,
        clarifying=Clarification("m", Wish(("order_status", "faq/x"), {"color": "blue"}, "it")),
        pending=(Wish(("cancel_order",), {}, "cancel it"),),
    )
    assert State.from_slots(state.to_slots()) == state


def test_an_interrupted_flow_comes_back_with_its_draft_and_keys() -> None:
    state = State(
        flow=FlowName.CONTACT_SELLER,
        awaiting=Awaiting.SELLER_CONFIRMATION,
        order_number="8100240003",
        seller_draft="Hi",
        draft_key="m:seller_message",
        retry_key="m:seller_message",
    )
    entered = state.entering(FlowName.CANCEL_ORDER)
    assert (entered.draft_key, entered.retry_key) == (None, None)
    assert entered.done_with("8100240002").resumed() == state


def test_what_is_open_waits_aside_without_its_question() -> None:
    state = State(flow=FlowName.CANCEL_ORDER, awaiting=Awaiting.ORDER, order_number="1")
    assert state.aside() == State(flow=FlowName.CANCEL_ORDER, order_number="1")


def test_did_you_mean_lies_over_the_open_question() -> None:
    asked = Clarification("m", Wish(("help",), {}, "?"))
    state = State(awaiting=Awaiting.ORDER, order_number="1")
    assert State().open_question == ()
    assert state.open_question == ("order", "1")
    assert replace(state, clarifying=asked).open_question == ("did_you_mean:m",)


def test_the_list_is_known_as_long_as_its_flow_asks() -> None:
    state = State(flow=FlowName.CANCEL_ORDER, awaiting=Awaiting.ORDER, listed=("1", "2"))
    assert state.entering(FlowName.CANCEL_ORDER).listed == ("1", "2")
    assert state.entering(FlowName.ORDER_STATUS).listed == ()


def test_unset_slots_are_the_first_state() -> None:
    assert State.from_slots({}) == State()


@pytest.mark.parametrize(
    "slots",
    [
        {"flow": "no_flow", "awaiting": 3, "order_number": 8100240002, "misunderstandings": -1},
        {"suspended": "cancel_order", "proven_orders": "8100240002"},
        {"suspended": {"flow": "cancel_order"}, "proven_orders": [{"number": "8100240002"}, "x"]},
        {"listed": "8100240002", "person_offered": "yes", "clarifying": "order_status"},
        {"listed": [8100240002], "pending": {"labels": ["order_status"]}},
        {"clarifying": {"key": "m"}, "pending": [{"labels": [], "values": {}, "text": ""}, 3]},
        {"clarifying": {"key": "", "wish": {"labels": ["help"], "values": {}, "text": ""}}},
        {"pending": [{"labels": [3], "values": {}, "text": "x"}]},
        {"pending": [{"labels": ["help"], "values": {"color": 3}, "text": "x"}]},
        {"pending": [{"labels": ["help"], "values": {}}]},
    ],
)
def test_slots_of_the_wrong_shape_count_as_unset(slots: dict[str, Any]) -> None:
    assert State.from_slots(slots) == State()


def test_only_the_newest_proofs_are_kept() -> None:
    state = State()
    for number in range(MAX_PROVEN_ORDERS + 1):
        state = state.with_proof(ProvenOrder(str(number), "C100", "s"))
    assert len(state.proven_orders) == MAX_PROVEN_ORDERS
    assert state.proven_orders[-1].number == str(MAX_PROVEN_ORDERS)


def test_without_an_interrupted_flow_there_is_nothing_to_resume() -> None:
    assert State().resumed() == State()
