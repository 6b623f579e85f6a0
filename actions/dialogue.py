"""The one table of the dialogue: which open question takes which message, and what then happens.

A message that no row takes is handled by what its intent asks for; afterwards the open question is
asked again. Questions marked optional are dropped instead.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from actions import cancel_order, check_purchase, contact_seller
from actions.did_you_mean import ask_again
from actions.exchange import Exchange
from actions.guest_proof import ask_for_number
from actions.labels import Intent
from actions.order_details import tell_details
from actions.order_status import tell_status
from actions.orders.model import Order
from actions.orders.store import OrderStoreUnavailable
from actions.state import Awaiting, FlowName, State
from actions.store_outage import bring_person, tell_outage
from actions.takes import (
    Takes,
    accepts_the_only_one,
    asks_for_offered,
    asks_the_same_of_another,
    describes_an_order,
    gives_reason,
    is_for_seller,
    may_name_product,
    names_another_order,
    names_order_to_offer,
    names_product,
    never,
    picks_order,
    repeats_request,
    says,
    says_no_more_than_cancel,
    says_no_more_than_no,
    says_what_was_wanted,
    says_yes_to_cancelling,
    says_yes_to_this,
    wants_none_of_list,
)
from actions.turn import OrderReference
from actions.which_order import ask_which, find_order, list_described
from actions.wrong_item import tell_branch

logger = logging.getLogger(__name__)

Handle = Callable[[Exchange, State], Awaitable[State]]
HandleOrder = Callable[[Exchange, State, Order], Awaitable[State]]

# What a flow does once it is known which order is meant.
FLOWS: Final[Mapping[FlowName, HandleOrder]] = MappingProxyType(
    {
        FlowName.ORDER_STATUS: tell_status,
        FlowName.ORDER_DETAILS: tell_details,
        FlowName.CANCEL_ORDER: cancel_order.ask_to_cancel,
        FlowName.CONTACT_SELLER: contact_seller.ask_for_message,
        FlowName.WRONG_ITEM: tell_branch,
    }
)


async def start_flow(exchange: Exchange, state: State, flow: FlowName) -> State:
    """Begin a flow; asked for again without a new order, its open question stands."""
    turn = exchange.turn
    names_order = bool(turn.points_to_order or turn.email or turn.attributes)
    is_same = turn.order_number == state.order_number or turn.reference is OrderReference.THIS
    if state.retry_key and is_same:
        names_order = False
    if state.flow is flow and state.awaiting and not names_order:
        return await ask_open_question(exchange, state)
    return await _search(exchange, state, flow)


async def ask_open_question(exchange: Exchange, state: State) -> State:
    """Ask again what is still open, if anything is."""
    if state.clarifying:
        ask_again(exchange, state.clarifying)
        return state
    if state.awaiting is None:
        return state
    try:
        return await QUESTIONS[state.awaiting].ask(exchange.after_proof(state), state)
    except OrderStoreUnavailable as error:
        # What was done before this question stays done.
        logger.warning("An open question could not be asked again", exc_info=True)
        tell_outage(exchange, error)
        return state


async def leave_flow(exchange: Exchange, state: State) -> State:
    """Drop what is open; nothing about any order changes."""
    if not state.unconfirmed:
        exchange.say("utter_stopped")
    return await drop_all(exchange, state)


async def drop_all(exchange: Exchange, state: State) -> State:
    """Drop what is open without a word, except about a change whose outcome is unknown."""
    done = state.done_with(state.order_number).aside()
    await _tell_outcomes(exchange, state, done)
    return done


async def _tell_outcomes(exchange: Exchange, before: State, after: State) -> None:
    """Say what came of each unconfirmed change that the dialogue leaves here."""
    for left in before.unconfirmed:
        number = left.order_number or ""
        if left in after.unconfirmed:
            continue
        if left.flow is FlowName.CANCEL_ORDER:
            await cancel_order.tell_outcome(exchange, number)
        else:
            await contact_seller.tell_outcome(exchange, number, left.seller_draft or "")


async def _search(exchange: Exchange, state: State, flow: FlowName) -> State:
    entered = state.entering(flow)
    await _tell_outcomes(exchange, state, entered)
    after, order = await find_order(exchange, entered, flow)
    if order is None:
        return after
    return await FLOWS[flow](exchange.after_proof(after), after, order)


async def _search_again(exchange: Exchange, state: State) -> State:
    return await _search(exchange, state, state.flow or FlowName.ORDER_STATUS)


async def _search_described(exchange: Exchange, state: State) -> State:
    """Turn to another order by what is in it; a colour that no order has changes nothing."""
    found = [order.number for order in await list_described(exchange)]
    turn = exchange.turn
    if turn.intent is Intent.DENY and (not found or state.order_number in found):
        return await cancel_order.decline(exchange, state)
    if found or turn.product:
        return await _search_again(exchange, state)
    return await ask_open_question(exchange, state)


async def _take_the_only_one(exchange: Exchange, state: State) -> State:
    about_it = replace(state, order_number=state.listed[0])
    return await _with_order(FLOWS[state.flow or FlowName.ORDER_STATUS])(exchange, about_it)


async def _ask_for_unlisted(exchange: Exchange, state: State) -> State:
    return ask_for_number(exchange, state.without_question())


async def _start_offered(exchange: Exchange, state: State) -> State:
    """Take a yes to an offer: the flow starts with the order that the offer was about."""
    flow = state.offered_flow or FlowName.ORDER_STATUS
    entered = state.without_question().entering(flow)
    await _tell_outcomes(exchange, state, entered)
    order = await exchange.desk.find(state.order_number) if state.order_number else None
    if order is None:
        return await _search(exchange, entered, flow)
    return await FLOWS[flow](exchange, entered, order)


def _with_order(handle: HandleOrder) -> Handle:
    """Look the order under way up again, and go on unless it is gone."""

    async def look_up_and_handle(exchange: Exchange, state: State) -> State:
        number = state.order_number or ""
        order = await exchange.desk.find(number)
        if order is None:
            exchange.say("utter_order_not_found", order_number=number)
            return state.done_with(None)
        return await handle(exchange, state, order)

    return look_up_and_handle


async def _decline_offer(exchange: Exchange, state: State) -> State:
    exchange.say("utter_acknowledged")
    return state.without_question()


async def _offer_again(exchange: Exchange, state: State) -> State:
    return await _with_order(FLOWS[state.flow or FlowName.WRONG_ITEM])(exchange, state)


async def _ask_which_again(exchange: Exchange, state: State) -> State:
    return await ask_which(exchange, state, state.flow or FlowName.ORDER_STATUS)


async def _ask_number_again(exchange: Exchange, state: State) -> State:
    exchange.ask("utter_ask_order_number")
    return state


async def _ask_email_again(exchange: Exchange, state: State) -> State:
    exchange.ask("utter_ask_email", order_number=state.order_number or "")
    return state


async def _ask_nothing(_: Exchange, state: State) -> State:
    return state


@dataclass(frozen=True, slots=True)
class Question:
    """An open question: how it is asked again, and the first row that takes a message.

    Of several questions in one message each is looked at by itself, unless `takes_whole` says that
    the message is one text.
    """

    ask: Handle
    rows: tuple[tuple[Takes, Handle], ...]
    optional: bool = False
    takes_whole: Takes = never

    def taker(self, exchange: Exchange, state: State) -> Handle | None:
        return next((handle for takes, handle in self.rows if takes(exchange, state)), None)


_WHICH_ORDER: Final = (
    (picks_order, _search_again),
    (accepts_the_only_one, _take_the_only_one),
    (wants_none_of_list, _ask_for_unlisted),
    (says(Intent.DENY), leave_flow),
)

QUESTIONS: Final[Mapping[Awaiting, Question]] = MappingProxyType(
    {
        Awaiting.ORDER: Question(_ask_which_again, _WHICH_ORDER),
        Awaiting.ORDER_NUMBER: Question(_ask_number_again, _WHICH_ORDER),
        Awaiting.EMAIL: Question(_ask_email_again, _WHICH_ORDER),
        Awaiting.CANCEL_CONFIRMATION: Question(
            cancel_order.ask_confirmation_again,
            (
                (names_another_order, _search_again),
                (asks_the_same_of_another, _search_again),
                (describes_an_order, _search_described),
                (says_yes_to_cancelling, _with_order(cancel_order.cancel)),
                (repeats_request, _with_order(cancel_order.cancel)),
                (says(Intent.DENY), cancel_order.decline),
            ),
        ),
        Awaiting.CANCEL_REASON: Question(
            cancel_order.ask_reason,
            ((gives_reason, cancel_order.take_reason),),
            optional=True,
            takes_whole=gives_reason,
        ),
        Awaiting.SELLER_MESSAGE: Question(
            contact_seller.ask_message_again,
            (
                (names_another_order, _search_again),
                (says_no_more_than_no, leave_flow),
                (says_no_more_than_cancel, leave_flow),
                (is_for_seller, contact_seller.take_message),
            ),
            takes_whole=is_for_seller,
        ),
        Awaiting.SELLER_CONFIRMATION: Question(
            contact_seller.ask_confirmation_again,
            (
                (names_another_order, _search_again),
                (says_no_more_than_cancel, leave_flow),
                (says_yes_to_this, _with_order(contact_seller.send)),
                (says(Intent.DENY), contact_seller.rewrite),
            ),
        ),
        Awaiting.PRODUCT: Question(
            check_purchase.ask_product,
            (
                (names_product, check_purchase.check_product),
                (may_name_product, check_purchase.check_product),
                (says(Intent.DENY, Intent.STOP), _decline_offer),
            ),
            optional=True,
        ),
        Awaiting.OFFER: Question(
            _ask_nothing,
            (
                (asks_for_offered, _start_offered),
                (names_order_to_offer, _start_offered),
                (says_yes_to_this, _start_offered),
                (says_what_was_wanted, _offer_again),
                (names_another_order, _search_again),
                (says(Intent.DENY), _decline_offer),
            ),
            optional=True,
        ),
        Awaiting.PERSON: Question(
            _ask_nothing,
            ((says_yes_to_this, bring_person), (says(Intent.DENY), _decline_offer)),
            optional=True,
        ),
    }
)
