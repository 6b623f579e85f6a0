"""An answer from the help center, and the offer to do what the article describes."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from actions.check_purchase import explain_refusal
from actions.dialogue import ask_open_question
from actions.exchange import Exchange
from actions.orders.store import OrderStoreUnavailable
from actions.state import FlowName, State
from actions.understanding import answer_not_understood
from actions.which_order import MAX_CHOICES

OFFERS: Final[Mapping[FlowName, str]] = MappingProxyType(
    {
        FlowName.ORDER_STATUS: "utter_offer_order_status",
        FlowName.ORDER_DETAILS: "utter_offer_order_details",
        FlowName.CANCEL_ORDER: "utter_offer_cancel_order",
        FlowName.CONTACT_SELLER: "utter_offer_contact_seller",
        FlowName.WRONG_ITEM: "utter_offer_wrong_item",
    }
)
SHOWS_ORDERS: Final = (FlowName.ORDER_STATUS, FlowName.ORDER_DETAILS)


async def answer_article(exchange: Exchange, state: State) -> State:
    """Give the article's own text; its step is offered unless another question is open.

    Where the article's reasons can be checked for the shopper, that is done first.
    """
    article = exchange.turn.article
    if article is None:
        return await answer_not_understood(exchange, state)
    is_open = state.awaiting is not None
    if article.checks_purchase:
        state = await explain_refusal(exchange, state, article)
    else:
        exchange.say(article.response)
    if is_open:
        return await ask_open_question(exchange, state)
    if article.step is None:
        return state
    if article.step in SHOWS_ORDERS and (shown := await _show_orders(exchange, article.step)):
        return replace(state.entering(article.step), listed=shown)
    exchange.ask(OFFERS[article.step])
    return state.offering(article.step, None)


async def _show_orders(exchange: Exchange, flow: FlowName) -> tuple[str, ...]:
    """Show the shopper's orders, if there are any to show, and give their numbers."""
    try:
        orders = (await exchange.desk.list_visible())[:MAX_CHOICES]
    except OrderStoreUnavailable:
        # The article stands by itself; the offer after it says so if the store is still away.
        return ()
    if orders:
        buttons = [exchange.order_button(flow, order) for order in orders]
        card = exchange.show.order_list_card(orders)
        exchange.ask("utter_your_orders", cards=[card], buttons=buttons)
    return tuple(order.number for order in orders)
