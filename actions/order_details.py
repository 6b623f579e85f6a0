"""What is in an order."""

from typing import Any

from actions.exchange import Exchange
from actions.orders.model import Order
from actions.presentation import mask_email, status_text
from actions.state import State


async def tell_details(exchange: Exchange, state: State, order: Order) -> State:
    """Tell items, variants, totals, address and payment; a guest sees who it was for, masked.

    The text says what the card shows: not every reader shows cards.
    """
    show, wording = exchange.show, exchange.wording
    values: dict[str, Any] = {
        "order_number": order.number,
        "placed": show.day(order.placed_at),
        "status_text": status_text(order.status),
        "items": show.items(order.items),
        "total": show.money(order.total_minor, order.currency),
    }
    more = []
    if order.payment:
        more.append(wording.fill("utter_order_payment", payment=show.payment(order.payment)))
    if order.address:
        more.append(wording.fill("utter_order_address", address=show.address(order.address)))
    values["more"] = " ".join(more)
    response = "utter_order_details"
    if exchange.shopper.is_guest:
        response = "utter_order_details_guest"
        values["masked_email"] = mask_email(order.customer_email)
    exchange.say(response, cards=[show.order_card(order)], **values)
    return state.done_with(order.number)
