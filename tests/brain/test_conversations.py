"""Whole conversations with the real model, the real actions and a database with the demo shop."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from actions.orders.model import OrderStatus
from actions.orders.sql_store import SqlOrderStore
from tests.brain.conftest import ManualClock, StartTalk
from tests.brain.talk import Talk

pytestmark = pytest.mark.model

TAP = "-> "
"""Marks a line as a tap on the choice that begins so."""

Line = tuple[str, Sequence[str]]

AS_ANA: dict[str, Sequence[Line]] = {
    "the demo": [
        ("how do I buy something", ["How do I purchase an item", "Buy Now"]),
        ("where is my order 8100240003", ["Awaiting Delivery", "UPS", "tracking number"]),
        ("cancel 8100240002", ["Shall I cancel order 8100240002"]),
        ("yes", ["Order 8100240002 is cancelled", "tell us why"]),
        (TAP + "I changed my mind", ["noted"]),
        ("cancel 8100240003", ["has been shipped", "can no longer be cancelled", "seller"]),
        (TAP + "Contact the seller", ["What would you like to write"]),
    ],
    "choosing an order": [
        ("i want to cancel an order", ["Which order"]),
        (TAP + "", ["Shall I cancel order"]),
        (TAP + "No, keep it", ["stays as it is"]),
    ],
    "a question in between": [
        ("cancel 8100240002", ["Shall I cancel order 8100240002"]),
        (
            "how do i buy something",
            ["How do I purchase an item", "Shall I cancel order 8100240002"],
        ),
        ("yes", ["Order 8100240002 is cancelled"]),
    ],
    "leaving in between": [
        ("cancel 8100240002", ["Shall I cancel order 8100240002"]),
        ("never mind", ["we leave it there"]),
        ("where is 8100240002", ["Awaiting Shipping"]),
    ],
    "a correction": [
        ("cancel 8100240002", ["Shall I cancel order 8100240002"]),
        ("no, 8100240001", ["Shall I cancel order 8100240001"]),
        (TAP + "Yes, cancel it", ["Order 8100240001 is cancelled"]),
    ],
    "what was done cannot be done again": [
        ("cancel 8100240005", ["was cancelled"]),
        ("cancel 8100240004", ["was delivered", "can no longer be cancelled"]),
    ],
    "somebody else's order": [
        ("where is my order 8100240011", ["I cannot find an order 8100240011"]),
        ("cancel 8100240011", ["I cannot find an order 8100240011"]),
        ("my e-mail is ben@example.com", ["signed in"]),
        ("where is 8100240011", ["I cannot find an order 8100240011"]),
    ],
    "writing to a seller": [
        ("contact the seller of 8100240003", ["What would you like to write"]),
        ("Is it the white one?", ["Is it the white one?", "Shall I send it"]),
        (TAP + "Send it", ["Your message was sent"]),
    ],
    "the wrong size": [
        ("i ordered the wrong size in 8100240002", ["can still be cancelled"]),
        (TAP + "Cancel this order", ["Shall I cancel order 8100240002"]),
        ("nope", ["stays as it is"]),
    ],
    "two misunderstandings": [
        ("qwertyuiop zxcvb", ["did not get that"]),
        ("flurble wurble", [""]),
        ("hello", [""]),
    ],
}

AS_GUEST: dict[str, Sequence[Line]] = {
    "proving an order": [
        ("where is my order", ["What is the order number"]),
        ("8100240003", ["Which e-mail address did you use for order 8100240003"]),
        ("Ana@Example.com", ["Awaiting Delivery", "UPS"]),
        ("cancel 8100240003", ["has been shipped"]),
    ],
    "both at once": [
        ("8100240002 ana@example.com", ["Awaiting Shipping"]),
        ("cancel it", ["Shall I cancel order 8100240002"]),
        ("yes", ["Order 8100240002 is cancelled"]),
    ],
    "what is wrong stays unknown": [
        ("where is my order 8100240003", ["Which e-mail address"]),
        ("ben@example.com", ["I cannot match that order number and e-mail address"]),
        ("ana@example.com", ["Awaiting Delivery"]),
    ],
}


async def hold(talk: Talk, lines: Sequence[Line]) -> None:
    for line, expected in lines:
        if line.startswith(TAP):
            answer = await talk.taps(line.removeprefix(TAP))
        else:
            answer = await talk.says(line)
        missing = [words for words in expected if words not in answer]
        assert missing == [], f"{line!r} was answered with {answer!r}"


@pytest.mark.parametrize("lines", AS_ANA.values(), ids=AS_ANA)
async def test_ana_is_answered(ana: Talk, lines: Sequence[Line]) -> None:
    await hold(ana, lines)


@pytest.mark.parametrize("lines", AS_GUEST.values(), ids=AS_GUEST)
async def test_a_guest_is_answered(guest: Talk, lines: Sequence[Line]) -> None:
    await hold(guest, lines)


async def test_an_article_comes_with_its_source(ana: Talk) -> None:
    await ana.says("how do I buy something")
    [source] = ana.sources
    assert source["title"] == "How do I purchase an item?"
    assert source["url"]


async def test_a_cancelled_order_is_cancelled_in_the_store(
    ana: Talk, order_store: SqlOrderStore
) -> None:
    await hold(ana, AS_ANA["the demo"][2:5])
    order = order_store.find_order("8100240002", customer_id="C100")
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, "changed_mind")


async def test_a_message_reaches_the_seller(ana: Talk, order_store: SqlOrderStore) -> None:
    await hold(ana, AS_ANA["writing to a seller"])
    newest = order_store.list_seller_messages("8100240003", customer_id="C100")[-1]
    assert (newest.author, newest.text) == ("shopper", "Is it the white one?")


async def test_an_unknown_number_and_a_wrong_email_get_the_same_words(talk: StartTalk) -> None:
    answers = set()
    for number in ("8100240003", "8199999999"):
        guest = talk()
        await guest.says("where is my order")
        await guest.says(number)
        answers.add(await guest.says("ben@example.com"))
    assert len(answers) == 1


async def test_five_wrong_guesses_lock_the_session(guest: Talk, clock: ManualClock) -> None:
    for number in range(5):
        answer = await guest.says(f"where is 81002400{number}9, guess{number}@example.com")
    assert "Too many look-ups" in answer
    assert "15 minutes" in await guest.says("8100240003 ana@example.com")
    clock.advance(timedelta(minutes=15))
    assert "Awaiting Delivery" in await guest.says("8100240003 ana@example.com")


async def test_a_proof_is_good_in_its_own_conversation_only(talk: StartTalk) -> None:
    proven, other = talk(), talk()
    assert "Awaiting Delivery" in await proven.says("8100240003 ana@example.com")
    assert "e-mail address" in await other.says("where is 8100240003")
    assert other.cards == []
