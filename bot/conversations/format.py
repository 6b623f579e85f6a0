"""The format of a conversation file, see docs/conversations.md.

A step is one of the classes of `STEPS`, told by the key that it begins with. Everything is text:
a shopper's `no` or `8100` is not meant as YAML.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

GUEST: Final = "guest"
FIRST_TAB: Final = "first"

Text = Annotated[str, StringConstraints(min_length=1)]
OrderNumber = Annotated[str, StringConstraints(pattern=r"^\d+$")]


def _as_list(value: Any) -> Any:
    """Let one text stand for a list of one, and an empty value for an empty list."""
    if value == "":
        return ()
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list)]


class Closed(BaseModel):
    """A value of the file; keys that it does not know are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Card(Closed):
    """What a card must show; what is left out is not looked at.

    Money is written as `89.90 USD`, an item as `1 × Trail Rain Jacket (M, Blue)`.
    """

    type: Literal["order", "order_list", "seller"]
    number: OrderNumber | None = None
    orders: Texts | None = None
    status: Text | None = None
    items: Texts | None = None
    price: Texts | None = None
    total: Text | None = None
    seller: Text | None = None
    reply_hours: Text | None = None
    carrier: Text | None = None
    tracking_number: Text | None = None
    expected: Text | None = None
    delivered: Text | None = None
    recipient: Text | None = None
    street: Text | None = None
    payment: Text | None = None
    reason: Text | None = None


class Answer(Closed):
    """What the bot must answer to one message.

    Attributes:
        reply: Pieces of what the shopper reads, in this order.
        lacks: What the shopper must not read.
        choices: The beginnings of all choices offered, in their order; empty for none at all.
        offers: The beginnings of some of the choices.
        cards: All cards shown, in their order; empty for none at all.
        sources: The ids of all articles that the answer comes from, in their order.
        refused: Whether the gateway does not even take the message.
    """

    reply: Texts = ()
    lacks: Texts = ()
    choices: Texts | None = None
    offers: Texts = ()
    cards: Annotated[tuple[Card, ...], BeforeValidator(_as_list)] | None = None
    sources: Texts | None = None
    refused: bool = False


class Step(Closed):
    """One thing that happens; `in_process_only` if it cannot be done to a running bot."""

    in_process_only: ClassVar[bool] = False


class ShopperStep(Step, Answer):
    """Something that a shopper does in one of the tabs, and how it is answered.

    Each tab is a session of its own of the same shopper; the first one is there from the beginning.
    """

    tab: Text = FIRST_TAB


class Says(ShopperStep):
    says: Text


class Taps(ShopperStep):
    """Taps a choice of the latest answer that begins with this title."""

    taps: Text


class TapsAbove(ShopperStep):
    """Scrolls up and taps a choice of an earlier answer that was not tapped yet."""

    taps_above: Text


class SendsAgain(ShopperStep):
    """Sends the latest message once more, as a browser does when the answer did not come."""

    sends_again: Literal["the same message"]


class SellerShips(Step):
    seller_ships: OrderNumber
    carrier: Text = "UPS"
    tracking_number: Text = "1Z0000000000000001"
    expected: Text = "+48 hours"


class SellerWrites(Step):
    seller_writes: Text
    order: OrderNumber


class ShopCancels(Step):
    shop_cancels: OrderNumber


class ShopDelivers(Step):
    shop_delivers: OrderNumber


class Later(Step):
    """Time passes, such as `1 hour` or `20 minutes`."""

    in_process_only: ClassVar[bool] = True
    later: Annotated[str, StringConstraints(pattern=r"^\d+ (minute|hour|day)s?$")]


class StoreIs(Step):
    """The order store fails from here on, or works again."""

    in_process_only: ClassVar[bool] = True
    the_store: Literal["is away", "is back", "loses its next answer"]


class OrderHolds(Closed):
    """What is true of one order; `messages` are all that was written, as `shopper: …`."""

    status: Text | None = None
    reason: Annotated[str, StringConstraints()] | None = None
    audit: int | None = None
    messages: Texts | None = None


class StoreHolds(Step):
    """What the order store holds at this point; `stock` is by the variant's sku."""

    orders: Mapping[OrderNumber, OrderHolds] = Field(alias="store_holds", min_length=1)
    stock: Mapping[Text, int] = Field(default_factory=dict)


class Conversation(Closed):
    """A conversation with one shopper, `guest` or a customer's id."""

    name: Text
    shopper: Text
    locale: Text = "en"
    time_zone: Text = "UTC"
    steps: tuple[Step, ...] = Field(min_length=1)

    @property
    def customer_id(self) -> str | None:
        """The customer who is signed in, if anybody is."""
        return None if self.shopper == GUEST else self.shopper

    @property
    def in_process_only(self) -> bool:
        """Whether some step cannot be done to a running bot."""
        return any(step.in_process_only for step in self.steps)


STEPS: Final[Mapping[str, type[Step]]] = MappingProxyType(
    {
        "says": Says,
        "taps": Taps,
        "taps_above": TapsAbove,
        "sends_again": SendsAgain,
        "seller_ships": SellerShips,
        "seller_writes": SellerWrites,
        "shop_cancels": ShopCancels,
        "shop_delivers": ShopDelivers,
        "later": Later,
        "the_store": StoreIs,
        "store_holds": StoreHolds,
    }
)
