"""A customer's own orders and addresses for the demo shop, from the store that the bot works on."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import Field

from actions.orders.deadline import Deadline, within
from actions.orders.http_wire import (
    AddressDocument,
    Document,
    ItemDocument,
    OrderDocument,
    SellerMessageDocument,
)
from actions.orders.model import CancelRule, Order, OrderItem
from actions.orders.store import OrderStore
from bot.demo_shop.identity import FindCustomer
from bot.demo_shop.pictures import Pictures
from bot.gateway.model import Customer
from bot.gateway.problems import documented

MOST_ORDERS = 50
# A page that waits longer than this had better say so.
ANSWERED_WITHIN_S = 3.0

Number = Annotated[str, Path(max_length=64)]


class PicturedItem(ItemDocument):
    """A line of an order, and what it looks like."""

    picture: str


class PicturedOrder(OrderDocument):
    """An order as it stands in the store now."""

    items: tuple[PicturedItem, ...]
    can_cancel: bool = Field(description="Whether the bot may still cancel it.")


class PicturedOrders(Document):
    """The customer's orders, newest first."""

    orders: tuple[PicturedOrder, ...]


class OrderWithMessages(PicturedOrder):
    """An order, and what customer and seller wrote about it, oldest first."""

    messages: tuple[SellerMessageDocument, ...]


class SavedAddresses(Document):
    """Where the customer has things sent, the default address first."""

    addresses: tuple[AddressDocument, ...]


def orders_router(store: OrderStore, pictures: Pictures, find_customer: FindCustomer) -> APIRouter:
    """Return the endpoints of a customer's pages; they run in threads, since stores wait."""
    router = APIRouter(prefix="/demo", tags=["demo"])
    customer_param = Depends(find_customer)

    @router.get("/orders", responses=documented(401, 503))
    def list_orders(customer: Annotated[Customer, customer_param]) -> PicturedOrders:
        """List the signed-in customer's newest orders."""
        with within(Deadline.after(ANSWERED_WITHIN_S)):
            found = store.list_orders(customer.id, limit=MOST_ORDERS)
        return PicturedOrders(orders=tuple(_pictured(order, pictures) for order in found))

    @router.get("/orders/{number}", responses=documented(401, 404, 422, 503))
    def get_order(
        number: Number, customer: Annotated[Customer, customer_param]
    ) -> OrderWithMessages:
        """Show one of the signed-in customer's orders; another customer's does not exist."""
        with within(Deadline.after(ANSWERED_WITHIN_S)):
            order = store.find_order(number, customer_id=customer.id)
            messages = store.list_seller_messages(number, customer_id=customer.id)
        pictured = _pictured(order, pictures)
        return OrderWithMessages(
            **dict(pictured),
            messages=tuple(SellerMessageDocument.model_validate(message) for message in messages),
        )

    @router.get("/addresses", responses=documented(401, 503))
    def list_addresses(customer: Annotated[Customer, customer_param]) -> SavedAddresses:
        """List the signed-in customer's shipping addresses."""
        with within(Deadline.after(ANSWERED_WITHIN_S)):
            found = store.purchase_facts(None, customer_id=customer.id).addresses
        return SavedAddresses(addresses=tuple(map(AddressDocument.model_validate, found)))

    return router


def _pictured(order: Order, pictures: Pictures) -> PicturedOrder:
    document = OrderDocument.model_validate(order)
    return PicturedOrder(
        **{
            **dict(document),
            "items": tuple(_pictured_item(item, pictures) for item in order.items),
            "can_cancel": order.permissions.cancel is CancelRule.ALLOWED,
        }
    )


def _pictured_item(item: OrderItem, pictures: Pictures) -> PicturedItem:
    document = ItemDocument.model_validate(item)
    picture = pictures.find(item.product_id, item.attributes)
    return PicturedItem(**dict(document), picture=picture)
