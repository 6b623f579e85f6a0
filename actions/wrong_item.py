"""The wrong size or model was chosen: which of the article's branches applies to the order."""

from actions.exchange import Exchange
from actions.orders.model import ChangeRule, Order
from actions.presentation import status_text
from actions.state import FlowName, State


async def tell_branch(exchange: Exchange, state: State, order: Order) -> State:
    """Say what can be done in the order's status and offer to do it."""
    rule = order.permissions.change_item
    if rule is ChangeRule.CANCEL_AND_REORDER:
        _say(exchange, "utter_wrong_item_cancel_and_reorder", order)
        return state.offering(FlowName.CANCEL_ORDER, order.number)
    if rule is ChangeRule.OFFER_SELLER:
        _say(exchange, "utter_wrong_item_offer_seller", order)
        return state.offering(FlowName.CONTACT_SELLER, order.number)
    _say(exchange, "utter_wrong_item_cancelled", order)
    return state.done_with(order.number)


def _say(exchange: Exchange, response: str, order: Order) -> None:
    exchange.say(
        response,
        cards=[exchange.show.order_card(order)],
        order_number=order.number,
        status_text=status_text(order.status),
        seller=order.seller.name,
    )
