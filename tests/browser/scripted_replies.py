"""What the fake gateway answers: one of everything that the widget can show."""

from dataclasses import dataclass, field
from typing import Any

PLACED_AT = "2026-10-02T09:30:00Z"


@dataclass(frozen=True)
class Reply:
    text: str
    choices: list[dict[str, str]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, str | None]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "choices": self.choices,
            "cards": self.cards,
            "sources": self.sources,
        }


ORDER_CARD: dict[str, Any] = {
    "type": "order",
    "number": "8100240003",
    "status": "awaiting_delivery",
    "status_text": "Awaiting Delivery",
    "placed_at": PLACED_AT,
    "items": [
        {
            "title": "Wireless Earbuds Pro",
            "variant": "White, Pro 2",
            "quantity": 1,
            "unit_price_minor": 5999,
        },
        {
            "title": "USB-C 65W Charger",
            "variant": "US plug",
            "quantity": 2,
            "unit_price_minor": 2999,
        },
    ],
    "items_left_out": 0,
    "shipping_minor": 0,
    "total_minor": 11997,
    "currency": "USD",
    "seller": {"name": "Lumen Electronics"},
    "shipment": {
        "carrier": "UPS",
        "tracking_number": "1Z999AA10123456784",
        "shipped_at": "2026-10-03T11:00:00Z",
        "expected_at": "2026-10-08T11:00:00Z",
        "delivered_at": None,
    },
    "address": {"recipient": "Ana Torres", "lines": ["12 Alder Street", "Portland, OR 97205"]},
    "payment": "Visa ending 4242",
    "cancelled_at": None,
    "cancel_reason": None,
}


def _summary(number: str, status: str, summary: str, total_minor: int) -> dict[str, Any]:
    return {
        "number": number,
        "status": status,
        "status_text": status.replace("_", " ").title(),
        "placed_at": PLACED_AT,
        "summary": summary,
        "total_minor": total_minor,
        "currency": "USD",
    }


ORDERS = [
    _summary("8100240001", "awaiting_payment", "Ceramic Mug Set (4)", 4099),
    _summary("8100240002", "awaiting_shipping", "Trail Rain Jacket", 8990),
    _summary("8100240003", "awaiting_delivery", "Wireless Earbuds Pro + 1 more", 11997),
    _summary("8100240004", "completed", "Wooden Train Set", 4498),
    _summary("8100240005", "cancelled", "Summit 45L Backpack", 12900),
]

ARTICLE = Reply(
    "**How do I purchase an item?**\n\n"
    "- Find the items that you need and ensure that the size, color and model match your needs.\n"
    "- Click on **Buy Now** to enter the payment page. You can also add the item to your "
    "Shopping Cart and continue searching.\n\n"
    "More is in the [Help Center](/help/placing-orders).",
    sources=[
        {
            "article_id": "how_do_i_purchase_an_item",
            "title": "How do I purchase an item?",
            "url": "/help/placing-orders#how_do_i_purchase_an_item",
            "updated_at": "2026-03-02",
        }
    ],
)
ORDER = Reply(
    "Order 8100240003 is on its way with UPS. It should arrive on 8 October.",
    choices=[{"id": "ch-seller", "title": "Contact the seller"}],
    cards=[ORDER_CARD],
)
ORDER_LIST = Reply(
    "These are your latest orders.", cards=[{"type": "order_list", "orders": ORDERS}]
)
WHICH_ORDER = Reply(
    "Which order do you want to cancel?",
    choices=[
        {"id": "ch-1", "title": "8100240001 Ceramic Mug Set (4)"},
        {"id": "ch-2", "title": "8100240002 Trail Rain Jacket"},
        {"id": "ch-none", "title": "Never mind"},
    ],
    cards=[{"type": "order_list", "orders": ORDERS[:2]}],
)
CONFIRM = Reply(
    "Shall I cancel order 8100240002? This cannot be undone.",
    choices=[
        {"id": "ch-yes", "title": "Yes, cancel the order"},
        {"id": "ch-no", "title": "No, keep it"},
    ],
)
SELLER = Reply(
    "This is the seller of your order.",
    cards=[
        {
            "type": "seller",
            "name": "Lumen Electronics",
            "reply_hours": 12,
            "order_number": "8100240003",
        }
    ],
)
MARKUP = Reply('<img src=x onerror="window.hacked = 1"> & **bold** <b>not bold</b>')
ODD_LINKS = Reply(
    "[one](javascript:alert(1)) [two](data:text/html,x) [three](java\tscript:alert(1)) "
    "[four](vbscript:x) [good](https://example.com/a) [mail](mailto:help@example.com)",
    sources=[{"article_id": "x", "title": "Bad", "url": "javascript:alert(1)", "updated_at": None}],
)
UNKNOWN_CARD = Reply("There is something new.", cards=[{"type": "hologram", "depth": 3}])
LONG = Reply("\n\n".join(f"Paragraph {n}. " + "Some words to read. " * 12 for n in range(8)))

BIG_ORDER = Reply("A big one.", cards=[{**ORDER_CARD, "items_left_out": 9950}])

_SCRIPT = {
    "buy": [ARTICLE],
    "8100240003": [ORDER],
    "my orders": [ORDER_LIST],
    "cancel something": [WHICH_ORDER],
    "cancel 8100240002": [CONFIRM],
    "seller": [SELLER],
    "markup": [MARKUP],
    "links": [ODD_LINKS],
    "hologram": [UNKNOWN_CARD],
    "long": [LONG],
    "big order": [BIG_ORDER],
    "two questions": [ARTICLE, ORDER],
}


def reply_to(text: str) -> list[Reply]:
    for words, replies in _SCRIPT.items():
        if words in text.lower():
            return replies
    return [Reply(f"You said: {text}")]
