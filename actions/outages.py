"""What a shopper is told when the order store cannot answer."""

from actions.exchange import Exchange
from actions.orders.store import OrderStoreUnavailable, OrderUnreadable


def tell_outage(exchange: Exchange, error: OrderStoreUnavailable) -> None:
    """Say that the shop is away; or that an order is there but cannot be read, and offer a person.

    To try again in a few minutes would not help with the latter.
    """
    if not isinstance(error, OrderUnreadable):
        exchange.say("utter_store_unavailable")
    elif error.order_number is None:
        exchange.say("utter_orders_unreadable")
    else:
        exchange.say("utter_order_unreadable", order_number=error.order_number)
