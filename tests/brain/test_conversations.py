"""Whole conversations with the real model, the real actions and a database with the demo shop."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from actions.orders.model import OrderStatus
from actions.orders.sql_store import SqlOrderStore
from tests.brain.conftest import ManualClock, StartTalk
from tests.brain.talk import Talk
from tests.brain.taught import TaughtProcessor

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
        ("flurble wurble", ["you can ask for a person"]),
        (TAP + "Talk to a person", ["I cannot connect you with a person"]),
        ("flurble wurble", ["did not get that"]),
        ("qwertyuiop zxcvb", ["I still did not get that. These are things I can do:"]),
        ("hello", ["I am the shop's support bot"]),
    ],
    "the one with the mugs": [
        ("i want to cancel an order", ["Which order"]),
        ("the one with the mugs", ["Shall I cancel order 8100240001"]),
        ("no, the blue one", ["Shall I cancel order 8100240002"]),
        (TAP + "No, keep it", ["stays as it is"]),
    ],
    "a place in a list": [
        ("where is my order", ["Which order"]),
        ("the fifth one", ["I listed 3 orders"]),
        ("the last one", ["Order 8100240003"]),
        ("cancel it", ["has been shipped"]),
    ],
    "words outside any question": [
        ("the first one", ["What would you like to do?"]),
        ("yes", ["What would you like to do?"]),
        ("blue", ["What would you like to do with order 8100240002"]),
        (TAP + "Where is it", ["Order 8100240002 (Trail Rain Jacket) is **Awaiting Shipping**"]),
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


UNCLEAR = "8100240002 what can you do there"
BUYING, CHECKING = "faq/how_do_i_purchase_an_item", "faq/how_do_i_check_the_order_status"


@pytest.fixture
def _unsure(processor: TaughtProcessor) -> Iterator[None]:
    processor.unclear[UNCLEAR] = [CHECKING, "cancel_order", BUYING]
    yield
    processor.unclear.clear()


@pytest.mark.usefixtures("_unsure")
async def test_what_is_unclear_is_asked_in_the_words_of_the_articles(ana: Talk) -> None:
    assert "Is it one of these?" in await ana.says(UNCLEAR)
    assert ana.choices == [
        "How do I check the order status?",
        "Cancel an order",
        "How do I purchase an item?",
        "None of these",
    ]
    assert "Shall I cancel order 8100240002" in await ana.taps("Cancel an order")


@pytest.mark.usefixtures("_unsure")
async def test_a_tapped_article_does_its_step(ana: Talk) -> None:
    await ana.says(UNCLEAR)
    assert "These are your latest orders" in await ana.taps("How do I check the order status?")
    assert [source["title"] for source in ana.sources] == ["How do I check the order status?"]


@pytest.mark.usefixtures("_unsure")
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("the second one", "Shall I cancel order 8100240002"),
        ("purchase an item", "Buy Now"),
        ("none of these", "in other words"),
        ("neither", "in other words"),
        ("never mind", "we leave it there"),
        ("yes", "Is it one of these?"),
    ],
)
async def test_did_you_mean_is_answered_in_words(ana: Talk, answer: str, expected: str) -> None:
    await ana.says(UNCLEAR)
    assert expected in await ana.says(answer)


# The model itself cuts a message only where each part is a question that it is sure of.
ABOUT_ONE_ORDER = "order 8100240002, where is it and can i cancel it"
YES_AND_MORE = "yes, and where is 8100240003?"


@pytest.fixture
def _divided(processor: TaughtProcessor) -> Iterator[None]:
    processor.divided[ABOUT_ONE_ORDER] = ["order 8100240002", "where is it", "can i cancel it"]
    processor.divided[YES_AND_MORE] = ["yes", "where is 8100240003?"]
    yield
    processor.divided.clear()


def _in_order(answer: str, expected: Sequence[str]) -> bool:
    places = [answer.find(words) for words in expected]
    return -1 not in places and places == sorted(places)


async def test_two_questions_are_answered_in_order_and_one_is_asked_back(ana: Talk) -> None:
    answer = await ana.says("cancel 8100240002 and where is 8100240003?")
    assert _in_order(answer, ["8100240003 (Wireless", "Shall I cancel order 8100240002"])
    assert len(ana.replies) == 2


async def test_two_articles_are_given_with_both_sources(ana: Talk) -> None:
    await ana.says("how do i buy something and how do i set my address")
    assert [source["title"] for source in ana.sources] == [
        "How do I purchase an item?",
        "How do I configure my address?",
    ]


async def test_a_second_question_back_comes_after_the_first(ana: Talk) -> None:
    answer = await ana.says("cancel 8100240002 and contact the seller of 8100240003")
    assert _in_order(answer, ["back to this", "seller of 8100240003", "Shall I cancel order"])
    assert "stays as it is" in await ana.says("no")
    assert "What would you like to write to the seller?" in ana.replies[-1]["text"]


async def test_a_message_of_several_sentences_goes_to_the_seller_whole(ana: Talk) -> None:
    await ana.says("contact the seller of 8100240003")
    text = "Where is my order now? And how do I pay for another one?"
    assert text in await ana.says(text)


@pytest.mark.usefixtures("_divided")
async def test_a_yes_and_a_question_are_both_taken(ana: Talk) -> None:
    await ana.says("cancel 8100240002")
    answer = await ana.says(YES_AND_MORE)
    assert _in_order(
        answer,
        ["8100240002 is cancelled", "8100240003 (Wireless Earbuds Pro + 1 more) is", "tell us why"],
    )


@pytest.mark.usefixtures("_divided")
async def test_a_guest_proves_an_order_for_all_parts(guest: Talk) -> None:
    assert "Which e-mail address" in await guest.says(ABOUT_ONE_ORDER)
    answer = await guest.says("ana@example.com")
    assert _in_order(
        answer, ["8100240002 (Trail Rain Jacket) is **Awaiting Shipping**", "Shall I cancel order"]
    )
