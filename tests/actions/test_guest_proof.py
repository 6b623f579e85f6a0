from datetime import timedelta

import pytest

from tests.actions.conversation import Conversation
from tests.actions.orders.worlds import ManualClock
from tests.actions.stores import TroubledStore

NUMBER = "8100240003"
EMAIL = "ana@example.com"


async def fail(guest: Conversation, times: int) -> list[str]:
    said: list[str] = []
    for _ in range(times):
        said = await guest.says("order_status", order_number=NUMBER, email="eve@example.com")
    return said


async def test_a_guest_is_asked_for_number_and_email(guest: Conversation) -> None:
    assert await guest.says("order_status") == ["utter_ask_order_number"]
    assert await guest.says("inform", order_number=NUMBER) == ["utter_ask_email"]
    assert await guest.says("inform", email=EMAIL) == ["utter_status_shipped_expected"]


async def test_a_proven_order_may_be_named_again(guest: Conversation) -> None:
    await guest.says("order_status", order_number="8100240003", email=EMAIL)
    said = await guest.says("order_details", order_number="8100240003")
    assert said == ["utter_order_details_guest"]


async def test_another_number_in_place_of_the_email_is_asked_about(guest: Conversation) -> None:
    await guest.says("order_status", order_number="8100240002")
    assert await guest.says("inform", order_number="8100240003") == ["utter_ask_email"]
    assert "8100240003" in guest.text
    assert await guest.says("inform", email=EMAIL) == ["utter_status_shipped_expected"]


async def test_the_same_number_in_place_of_the_email_asks_for_the_email_again(
    guest: Conversation,
) -> None:
    await guest.says("order_status", order_number="8100240003")
    assert await guest.says("inform", order_number="8100240003") == ["utter_ask_email"]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [({}, "utter_ask_order_number"), ({"order_number": "1"}, "utter_ask_email")],
)
@pytest.mark.parametrize("words", [{}, {"order_reference": "1"}, {"color": "blue"}])
async def test_a_yes_or_a_word_proves_nothing(
    guest: Conversation, asked: dict[str, str], answer: str, words: dict[str, str]
) -> None:
    await guest.says("order_status", **asked)
    assert await guest.says("affirm", **words) == [answer]


async def test_number_and_email_may_come_in_any_order(guest: Conversation) -> None:
    assert await guest.says("order_status", email=EMAIL) == ["utter_ask_order_number_too"]
    assert await guest.says("inform", order_number=NUMBER) == ["utter_status_shipped_expected"]


async def test_case_and_spaces_of_the_email_do_not_matter(guest: Conversation) -> None:
    said = await guest.says("order_status", order_number=NUMBER, email=" Ana@Example.COM ")
    assert said == ["utter_status_shipped_expected"]


@pytest.mark.parametrize("number", [NUMBER, "9999999999"])
async def test_wrong_email_and_unknown_number_get_the_same_words(
    guest: Conversation, number: str
) -> None:
    said = await guest.says("order_status", order_number=number, email="eve@example.com")
    assert said == ["utter_guest_not_matched"]
    assert number not in guest.text


async def test_sending_only_the_corrected_part_is_enough(guest: Conversation) -> None:
    await guest.says("order_status", order_number=NUMBER, email="anna@example.com")
    assert await guest.says("inform", email=EMAIL) == ["utter_status_shipped_expected"]


async def test_a_proven_order_stays_proven_in_the_conversation(guest: Conversation) -> None:
    await guest.says("order_status", order_number=NUMBER, email=EMAIL)
    assert await guest.says("order_details") == ["utter_order_details_guest"]
    assert guest.cards[0]["number"] == NUMBER


async def test_a_proof_is_worth_nothing_in_another_session(guest: Conversation) -> None:
    await guest.says("order_status", order_number=NUMBER, email=EMAIL)
    guest.session_id = "session-2"
    guest.slots["guest_email"] = None
    assert await guest.says("order_details", order_number=NUMBER) == ["utter_ask_email"]


async def test_another_number_is_tried_with_the_email_given_before(guest: Conversation) -> None:
    await guest.says("order_status", order_number=NUMBER, email=EMAIL)
    said = await guest.says("order_status", order_number="8100240001")
    assert said == ["utter_status_awaiting_payment"]


async def test_several_proven_orders_are_a_choice(guest: Conversation) -> None:
    await guest.says("order_status", order_number=NUMBER, email=EMAIL)
    await guest.says("order_status", order_number="8100240001")
    assert await guest.says("order_details") == ["utter_ask_which_order"]
    assert len(guest.choices) == 2


async def test_a_guest_cancels_a_proven_order(guest: Conversation, store: TroubledStore) -> None:
    await guest.says("cancel_order", order_number="8100240002", email=EMAIL)
    assert await guest.taps("Yes, cancel it") == ["utter_cancelled", "utter_ask_cancel_reason"]
    assert store.audit[0].order_number == "8100240002"


async def test_the_fifth_failure_locks_and_the_right_email_no_longer_helps(
    guest: Conversation,
) -> None:
    assert await fail(guest, 4) == ["utter_guest_not_matched"]
    assert await fail(guest, 1) == ["utter_lookup_locked"]
    said = await guest.says("order_status", order_number=NUMBER, email=EMAIL)
    assert said == ["utter_lookup_locked"]
    assert "15 minutes" in guest.text


async def test_the_lock_opens_after_a_quarter_of_an_hour(
    guest: Conversation, clock: ManualClock
) -> None:
    await fail(guest, 5)
    clock.advance(timedelta(minutes=15))
    said = await guest.says("order_status", order_number=NUMBER, email=EMAIL)
    assert said == ["utter_status_shipped_expected"]


async def test_the_lock_leaves_the_flow(guest: Conversation) -> None:
    await fail(guest, 5)
    assert guest.awaiting is None
    assert await guest.says("greet") == ["utter_greet"]


async def test_the_email_of_a_signed_in_shopper_changes_nothing(ana: Conversation) -> None:
    said = await ana.says("order_status", order_number="8100240011", email="ben@example.com")
    assert said[0] == "utter_order_not_found"
    assert await ana.says("inform", email="ben@example.com") == [
        "utter_email_not_needed",
        "utter_ask_which_order",
    ]


async def test_slots_that_claim_a_proof_do_nothing_for_a_signed_in_shopper(
    ana: Conversation,
) -> None:
    ana.slots["proven_orders"] = [
        {"number": "8100240011", "customer_id": "C101", "session_id": "session-1"}
    ]
    said = await ana.says("order_status", order_number="8100240011")
    assert said[0] == "utter_order_not_found"


async def test_a_guest_without_a_number_can_leave(guest: Conversation) -> None:
    await guest.says("order_status")
    assert await guest.says("deny") == ["utter_stopped"]
