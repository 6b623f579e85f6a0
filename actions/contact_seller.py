"""Write to the seller of an order, and show what the seller answered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from actions.exchange import Exchange
from actions.orders.model import MAX_SELLER_MESSAGE_CHARS, Order
from actions.orders.seller_messages import clean_message
from actions.orders.store import (
    MessageProblem,
    OrderNotFound,
    OrderStoreUnavailable,
    SellerMessageRejected,
    TooManySellerMessages,
)
from actions.state import Awaiting, State

RECENT: Final = timedelta(hours=1)

REJECTED: Final[Mapping[MessageProblem, str]] = MappingProxyType(
    {
        MessageProblem.EMPTY: "utter_seller_message_rejected",
        MessageProblem.TOO_LONG: "utter_seller_message_too_long",
    }
)


async def ask_for_message(exchange: Exchange, state: State, order: Order) -> State:
    """Show the seller, with the latest answer or that there is none yet, and ask what to write."""
    if not order.permissions.contact_seller:
        exchange.say("utter_seller_not_reachable", order_number=order.number)
        return state.done_with(order.number)
    exchange.say(
        "utter_seller",
        cards=[exchange.show.seller_card(order)],
        order_number=order.number,
        seller=order.seller.name,
        reply_time=exchange.show.hours(order.seller.reply_hours),
    )
    await _show_answer(exchange, order)
    asking = state.without_question().asking(Awaiting.SELLER_MESSAGE, order_number=order.number)
    return await ask_message_again(exchange, asking)


async def ask_message_again(exchange: Exchange, state: State) -> State:
    exchange.ask("utter_ask_seller_message", order_number=state.order_number or "")
    return state


async def take_message(exchange: Exchange, state: State) -> State:
    """Show what would be sent, and ask before sending it."""
    try:
        draft = clean_message(exchange.turn.text)
    except SellerMessageRejected as rejection:
        exchange.say(REJECTED[rejection.problem], limit=str(MAX_SELLER_MESSAGE_CHARS))
        return state
    # The key belongs to the draft: sent again after whatever came between, it is sent once.
    drafted = replace(
        state,
        seller_draft=draft,
        draft_key=exchange.idempotency_key("seller_message"),
        awaiting=Awaiting.SELLER_CONFIRMATION,
    )
    return await ask_confirmation_again(exchange, drafted)


async def ask_confirmation_again(exchange: Exchange, state: State) -> State:
    unconfirmed = state.retry_key is not None
    exchange.ask(
        "utter_seller_message_unconfirmed" if unconfirmed else "utter_ask_seller_confirmation",
        order_number=state.order_number or "",
        draft=state.seller_draft or "",
        question=state.question or "",
    )
    return state


async def send(exchange: Exchange, state: State, order: Order) -> State:
    """Send the draft after a yes."""
    key = state.draft_key or exchange.idempotency_key("seller_message")
    done = state.done_with(order.number)
    try:
        await exchange.desk.send_to_seller(order, state.seller_draft or "", key)
    except SellerMessageRejected:
        exchange.say("utter_seller_message_rejected", limit=str(MAX_SELLER_MESSAGE_CHARS))
        return await rewrite(exchange, state)
    except TooManySellerMessages as refusal:
        exchange.say(
            "utter_too_many_seller_messages", wait=exchange.show.minutes(refusal.retry_after_s)
        )
        return done
    except OrderNotFound:
        exchange.say("utter_order_not_found", order_number=order.number)
        return state.done_with(None)
    except OrderStoreUnavailable:
        return await ask_confirmation_again(exchange, replace(state, retry_key=key))
    reply_time = exchange.show.hours(order.seller.reply_hours)
    exchange.say("utter_seller_message_sent", seller=order.seller.name, reply_time=reply_time)
    return done


async def rewrite(exchange: Exchange, state: State) -> State:
    """Take a no: the draft goes, another one is asked for unless it may be sent already."""
    if state.retry_key:
        await tell_outcome(exchange, state.order_number or "", state.seller_draft or "")
        return state.done_with(state.order_number)
    again = state.without_question().asking(Awaiting.SELLER_MESSAGE, state.order_number)
    exchange.ask("utter_ask_seller_message_instead", order_number=state.order_number or "")
    return again


async def tell_outcome(exchange: Exchange, number: str, draft: str) -> None:
    """Say whether a message was sent, after the shop did not confirm it."""
    exchange.say(await _outcome(exchange, number, draft), order_number=number)


async def _outcome(exchange: Exchange, number: str, draft: str) -> str:
    try:
        text = clean_message(draft)
        messages = await exchange.desk.list_seller_messages(number)
    except SellerMessageRejected:
        return "utter_seller_message_not_sent"
    except (OrderNotFound, OrderStoreUnavailable):
        return "utter_seller_message_still_unknown"
    sent_at = [m.sent_at for m in messages if m.author == "shopper" and m.text == text]
    if not sent_at:
        return "utter_seller_message_not_sent"
    # The same words of another day may well be an earlier message.
    is_recent = exchange.now - sent_at[-1] < RECENT
    return "utter_seller_message_was_sent" if is_recent else "utter_seller_message_still_unknown"


async def _show_answer(exchange: Exchange, order: Order) -> None:
    try:
        messages = await exchange.desk.list_seller_messages(order.number)
    except OrderNotFound:
        # It went between two looks; sending will say so.
        return
    answers = [message for message in messages if message.author == "seller"]
    if answers:
        exchange.say(
            "utter_seller_answer",
            seller=order.seller.name,
            answered=exchange.show.short_day(answers[-1].sent_at),
            answer=answers[-1].text,
        )
    if messages and messages[-1].author == "shopper":
        exchange.say(
            "utter_seller_not_answered",
            seller=order.seller.name,
            written=exchange.show.short_day(messages[-1].sent_at),
        )
