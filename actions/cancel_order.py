"""Cancel an order for real: ask, cancel, read back, and only then say so."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from actions.exchange import Exchange
from actions.labels import Intent
from actions.orders.model import CANCEL_REASONS, CancelReason, CancelRule, Order, OrderStatus
from actions.orders.store import (
    OrderNotCancellable,
    OrderNotCancelled,
    OrderNotFound,
    OrderStoreUnavailable,
)
from actions.state import Awaiting, FlowName, State
from actions.turn import Turn
from actions.which_order import list_others

REFUSALS: Final[Mapping[CancelRule, str]] = MappingProxyType(
    {
        CancelRule.SHIPPED: "utter_cancel_shipped",
        CancelRule.DELIVERED: "utter_cancel_delivered",
    }
)
# The same refusals, when the order could still be cancelled at the time of the question.
LATE_REFUSALS: Final[Mapping[CancelRule, str]] = MappingProxyType(
    {
        CancelRule.SHIPPED: "utter_cancel_shipped_meanwhile",
        CancelRule.DELIVERED: "utter_cancel_delivered",
    }
)
# Another reason says nothing that is worth telling.
CANCELLED_FOR: Final[Mapping[str, str]] = MappingProxyType(
    {
        CancelReason.CHANGED_MIND: "utter_cancelled_changed_mind",
        CancelReason.WRONG_ITEM: "utter_cancelled_wrong_item",
        CancelReason.FOUND_CHEAPER: "utter_cancelled_found_cheaper",
        CancelReason.TOO_SLOW: "utter_cancelled_too_slow",
    }
)


async def ask_to_cancel(exchange: Exchange, state: State, order: Order) -> State:
    """Show the order and ask for an explicit yes, or say why it cannot be cancelled."""
    rule = order.permissions.cancel
    if rule is not CancelRule.ALLOWED:
        return _refuse(exchange, state, order, REFUSALS.get(rule))
    exchange.ask(
        "utter_ask_cancel_confirmation",
        cards=[exchange.show.order_card(order)],
        order_number=order.number,
        order=f"{order.number}, {exchange.show.items(order.items)}",
    )
    asking = state.without_question()
    return asking.asking(Awaiting.CANCEL_CONFIRMATION, order_number=order.number)


async def ask_confirmation_again(exchange: Exchange, state: State) -> State:
    unconfirmed = state.retry_key is not None
    response = "utter_cancel_unconfirmed" if unconfirmed else "utter_ask_cancel_confirmation"
    number = state.order_number or ""
    exchange.ask(response, order_number=number, order=number)
    return state


async def cancel(exchange: Exchange, state: State, order: Order) -> State:
    """Cancel after a yes, and say so only if the order reads back as cancelled."""
    # After an unknown outcome the first key is used again, so that nothing happens twice.
    key = state.retry_key or exchange.idempotency_key("cancel")
    try:
        await exchange.desk.cancel(order, key)
        read_back = await exchange.desk.find(order.number)
    except OrderNotCancellable as refusal:
        return _refuse(exchange, state, refusal.order, LATE_REFUSALS.get(refusal.rule))
    except OrderNotFound:
        exchange.say("utter_order_not_found", order_number=order.number)
        return state.done_with(None)
    except OrderStoreUnavailable:
        read_back = None
    if read_back is None:
        return await ask_confirmation_again(exchange, replace(state, retry_key=key))
    if read_back.status is not OrderStatus.CANCELLED:
        # The shop's own system has taken the cancellation back already.
        return _tell_not_cancelled(exchange, state, read_back)
    card = exchange.show.order_card(read_back)
    exchange.say("utter_cancelled", cards=[card], order_number=order.number)
    asking = state.without_question().asking(Awaiting.CANCEL_REASON, order.number)
    return await ask_reason(exchange, asking)


async def decline(exchange: Exchange, state: State) -> State:
    """Keep the order; others that could be meant instead are one tap away."""
    if state.retry_key:
        await tell_outcome(exchange, state.order_number or "")
        return state.done_with(state.order_number)
    order = await exchange.desk.find(state.order_number or "")
    if order is not None and order.status is OrderStatus.CANCELLED:
        # Cancelled meanwhile, in another tab.
        return tell_cancelled(exchange, state, order)
    others = await list_others(exchange, state, FlowName.CANCEL_ORDER)
    named = state.order_number in exchange.turn.order_numbers
    flow = FlowName.CANCEL_ORDER
    buttons = (
        [] if named or state.pending else [exchange.order_button(flow, other) for other in others]
    )
    response = "utter_order_kept_offer_others" if buttons else "utter_order_kept"
    exchange.say(response, buttons=buttons, order_number=state.order_number or "")
    return state.done_with(state.order_number)


async def tell_outcome(exchange: Exchange, number: str) -> None:
    """Say whether an order is cancelled, after the shop did not confirm it."""
    try:
        order = await exchange.desk.find(number)
    except OrderStoreUnavailable:
        order = None
    if order is None:
        exchange.say("utter_cancel_still_unknown", order_number=number)
    elif order.status is OrderStatus.CANCELLED:
        tell_cancelled(exchange, exchange.turn.state, order)
    else:
        _tell_not_cancelled(exchange, exchange.turn.state, order)


async def ask_reason(exchange: Exchange, state: State) -> State:
    exchange.ask("utter_ask_cancel_reason", order_number=state.order_number or "")
    return state


async def take_reason(exchange: Exchange, state: State) -> State:
    """Note why, if the shopper says so."""
    number = state.order_number or ""
    done = state.done_with(state.order_number)
    turn = exchange.turn
    if turn.cancel_reason is None and turn.intent is Intent.AFFIRM:
        return await _answer_second_yes(exchange, state, number)
    if turn.cancel_reason is None and turn.intent in (Intent.DENY, Intent.STOP):
        exchange.say("utter_cancel_reason_skipped")
        return done
    reason = _reason(turn)
    try:
        await exchange.desk.record_cancel_reason(number, reason.value)
    except OrderStoreUnavailable:
        exchange.say("utter_cancel_reason_not_kept", order_number=number)
    except OrderNotCancelled:
        # The shop's own system has taken the cancellation back.
        exchange.say("utter_cancel_not_done", order_number=number)
    except OrderNotFound:
        exchange.say("utter_order_not_found", order_number=number)
    else:
        exchange.say("utter_cancel_reason_kept")
    return done


def tell_cancelled(exchange: Exchange, state: State, order: Order) -> State:
    """Say that the order is cancelled, with when and why as far as the shop knows."""
    response = CANCELLED_FOR.get(order.cancel_reason or "", "utter_cancelled_earlier")
    cancelled_at = order.cancelled_at
    exchange.say(
        response if cancelled_at else "utter_cancelled_some_time",
        cards=[exchange.show.order_card(order)],
        order=exchange.show.order_name(order),
        cancelled=exchange.show.day(cancelled_at) if cancelled_at else "",
    )
    return state.done_with(order.number)


def _reason(turn: Turn) -> CancelReason:
    if turn.cancel_reason in CANCEL_REASONS:
        return CancelReason(turn.cancel_reason)
    return CancelReason.WRONG_ITEM if turn.intent is Intent.WRONG_ITEM else CancelReason.OTHER


def _refuse(exchange: Exchange, state: State, order: Order, response: str | None) -> State:
    if response is None:
        return tell_cancelled(exchange, state, order)
    card = exchange.show.order_card(order)
    exchange.say(response, cards=[card], order_number=order.number, seller=order.seller.name)
    return state.offering(FlowName.CONTACT_SELLER, order.number)


async def _answer_second_yes(exchange: Exchange, state: State, number: str) -> State:
    """Answer a yes that came twice: it was done once, and is not done again."""
    order = await exchange.desk.find(number)
    if order is not None and order.status is not OrderStatus.CANCELLED:
        return _tell_not_cancelled(exchange, state, order)
    if order is not None:
        tell_cancelled(exchange, state, order)
    return await ask_reason(exchange, state)


def _tell_not_cancelled(exchange: Exchange, state: State, order: Order) -> State:
    card = exchange.show.order_card(order)
    exchange.say("utter_cancel_not_done", cards=[card], order_number=order.number)
    return state.done_with(order.number)
