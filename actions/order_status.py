"""Where an order is now."""

from datetime import datetime
from typing import Any

from actions.cancel_order import tell_cancelled
from actions.exchange import Exchange
from actions.orders.model import Order, OrderStatus, Shipment
from actions.state import FlowName, State


async def tell_status(exchange: Exchange, state: State, order: Order) -> State:
    """Say where the order is; one that is late comes with the offer to ask its seller.

    The text names the items, since not every reader shows cards.
    """
    if order.status is OrderStatus.CANCELLED:
        return tell_cancelled(exchange, state, order)
    if order.status is OrderStatus.AWAITING_DELIVERY and order.shipment:
        return _tell_shipped(exchange, state, order, order.shipment)
    response, values = _plain_status(exchange, order)
    name = exchange.show.order_name(order)
    exchange.say(response, cards=[exchange.show.order_card(order)], order=name, **values)
    return state.done_with(order.number)


def _plain_status(exchange: Exchange, order: Order) -> tuple[str, dict[str, Any]]:
    if order.status is OrderStatus.AWAITING_PAYMENT:
        return "utter_status_awaiting_payment", {}
    if order.status is OrderStatus.AWAITING_SHIPPING:
        return "utter_status_awaiting_shipping", {"seller": order.seller.name}
    if order.status is OrderStatus.AWAITING_DELIVERY:
        return "utter_status_shipped_untracked", {}
    delivered_at = order.shipment and order.shipment.delivered_at
    if delivered_at:
        return "utter_status_delivered_on", {"delivered": exchange.show.short_day(delivered_at)}
    return "utter_status_completed", {}


def _tell_shipped(exchange: Exchange, state: State, order: Order, shipment: Shipment) -> State:
    expected_at = shipment.expected_at
    response = _shipped_response(expected_at, exchange.now)
    exchange.say(
        response,
        cards=[exchange.show.order_card(order)],
        order_number=order.number,
        order=exchange.show.order_name(order),
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        expected=exchange.show.short_day(expected_at) if expected_at else "",
    )
    if response == "utter_status_shipped_late":
        return state.offering(FlowName.CONTACT_SELLER, order.number)
    return state.done_with(order.number)


def _shipped_response(expected_at: datetime | None, now: datetime) -> str:
    if expected_at is None:
        return "utter_status_shipped"
    return "utter_status_shipped_late" if expected_at < now else "utter_status_shipped_expected"
