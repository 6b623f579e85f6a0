"""An answer that is not as expected is told apart, and one that is passes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.conversations.checking import find_differences
from bot.conversations.format import Says
from bot.conversations.placeholders import fill_in, read_duration, repeat
from bot.conversations.shown import Offer, Reply, card_facts, presentation, visible_text

LOADED_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER_CARD: dict[str, Any] = {
    "type": "order",
    "number": "8100240003",
    "status": "awaiting_delivery",
    "items": [
        {"quantity": 2, "title": "Charger", "variant": "US plug", "unit_price_minor": 2999},
        {"quantity": 1, "title": "Candle", "variant": "", "unit_price_minor": 100},
    ],
    "total_minor": 6098,
    "currency": "USD",
    "seller": {"name": "Lumen"},
    "shipment": {
        "carrier": "UPS",
        "tracking_number": "1Z",
        "expected_at": "2026-11-24T14:00:00+00:00",
        "delivered_at": None,
    },
    "address": None,
    "payment": None,
    "cancel_reason": None,
}
REPLIES = [
    Reply("Order 1 is on its way.", (), (ORDER_CARD,), ("an_article",)),
    Reply("Shall I?", (Offer("Yes, do it", "a"), Offer("No", "b")), (), ()),
]


def differences(expected: Mapping[str, Any]) -> list[str]:
    step = Says.model_validate({"says": "hello", **expected})
    show = presentation(None, "en", "UTC")
    found = find_differences(
        step,
        REPLIES,
        fill_in=lambda text: fill_in(text, loaded_at=LOADED_AT, show=show),
        loaded_at=LOADED_AT,
    )
    return list(found)


@pytest.mark.parametrize(
    "expected",
    [
        {"reply": ["Order 1", "Shall I"], "lacks": "cancelled"},
        {"choices": ["Yes", "No"], "offers": "No"},
        {"sources": "an_article"},
        {"cards": [{"type": "order", "number": "8100240003", "expected": "+26 hours"}]},
        {"cards": [{"type": "order", "items": ["2 × Charger (US plug)", "1 × Candle"]}]},
        {"cards": [{"type": "order", "price": ["29.99 USD", "1.00 USD"], "total": "60.98 USD"}]},
        {"cards": [{"type": "order", "carrier": "UPS", "tracking_number": "1Z"}]},
    ],
)
def test_an_answer_as_expected_passes(expected: Mapping[str, Any]) -> None:
    assert differences(expected) == []


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"reply": "Order 2"}, "expected 'Order 2' in the reply, which lacks it"),
        ({"reply": ["Shall I", "Order 1"]}, "got it earlier"),
        ({"lacks": "ON ITS WAY"}, "expected no 'ON ITS WAY'"),
        ({"choices": ["Yes"]}, "expected the choices 'Yes', got 'Yes, do it', 'No'"),
        ({"choices": ["No", "Yes"]}, "expected the choices"),
        ({"choices": ""}, "expected the choices none"),
        ({"offers": "Maybe"}, "expected a choice 'Maybe'"),
        ({"sources": ""}, "expected the sources none, got 'an_article'"),
        ({"cards": ""}, "expected 0 cards, got 'order'"),
        ({"cards": [{"type": "seller"}]}, "expected type of the card to be 'seller'"),
        ({"cards": [{"type": "order", "number": "1"}]}, "expected number of the card"),
        ({"cards": [{"type": "order", "expected": "+27 hours"}]}, "expected expected of the card"),
        ({"cards": [{"type": "order", "delivered": "-1 hours"}]}, "got None"),
        ({"cards": [{"type": "order", "items": "1 × Candle"}]}, "expected items of the card"),
    ],
)
def test_an_answer_that_differs_is_told(expected: Mapping[str, Any], told: str) -> None:
    [found] = differences(expected)
    assert told in found


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("Order is **Awaiting Delivery**.", "Order is Awaiting Delivery."),
        ("- one\n- [two](https://example.com)\n\n3. three", "one\ntwo\nthree"),
        (r"\*\*not bold\*\* \[no\](link) \# \- <b>", "**not bold** [no](link) # - <b>"),
    ],
)
def test_a_text_is_read_as_the_widget_shows_it(markdown: str, shown: str) -> None:
    assert visible_text(markdown) == shown


def test_a_card_of_a_later_version_is_known_by_its_type() -> None:
    assert card_facts({"type": "map", "of": "Portland"}) == {"type": "map"}


def test_days_are_those_of_the_shoppers_time_zone() -> None:
    show = presentation(None, "en", "Pacific/Auckland")
    text = "{day +26 hours} {long day -1 day} {order_number} {3 times ab}"
    filled = fill_in(text, loaded_at=LOADED_AT, show=show)
    assert filled == "Wed, Nov 25 Nov 23, 2026 {order_number} ababab"


def test_what_is_typed_is_only_repeated() -> None:
    assert repeat("{4 times 8} {day +1 hour}") == "8888 {day +1 hour}"


def test_what_is_no_duration_is_refused() -> None:
    with pytest.raises(ValueError, match="no duration"):
        read_duration("soon")
