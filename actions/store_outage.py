"""What is left to say, and to offer, while the shop's orders cannot be reached."""

from dataclasses import replace
from typing import Final

from actions.exchange import Exchange
from actions.orders.store import OrderStoreUnavailable, OrderUnreadable
from actions.state import Awaiting, State

STORE_AWAY: Final = "utter_store_unavailable"
ORDER_UNREADABLE: Final = "utter_order_unreadable"
ORDERS_UNREADABLE: Final = "utter_orders_unreadable"

OFFERS_PERSON: Final = frozenset({STORE_AWAY, ORDER_UNREADABLE, ORDERS_UNREADABLE})


def tell_outage(exchange: Exchange, error: OrderStoreUnavailable) -> None:
    """Say that the shop is away; or that an order is there but cannot be read.

    To try again in a few minutes would not help with the latter.
    """
    if not isinstance(error, OrderUnreadable):
        exchange.say(STORE_AWAY)
    elif error.order_number is None:
        exchange.say(ORDERS_UNREADABLE)
    else:
        exchange.say(ORDER_UNREADABLE, order_number=error.order_number)


def offer_person(exchange: Exchange, state: State) -> State:
    """Let a yes bring a person, if the shopper was told that orders cannot be reached or read.

    While something else is asked, a yes answers that; the choice of a person is one tap away.
    """
    is_away = any(reply.response in OFFERS_PERSON for reply in exchange.replies)
    if not is_away or state.open_question or state.suspended:
        return state
    return replace(state, awaiting=Awaiting.PERSON)


async def bring_person(exchange: Exchange, state: State) -> State:
    """Take a yes to the offer, and say honestly what becomes of it."""
    exchange.say("utter_no_person_here")
    return state.without_question()
