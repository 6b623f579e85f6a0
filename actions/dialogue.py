"""The one table of the dialogue: which open question takes which message, and what then happens.

A message that no row takes is handled by what its intent asks for; afterwards the open question is
asked again. Questions marked optional are dropped instead.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from actions import cancel_order, check_purchase, contact_seller
from actions.did_you_mean import ask_again
from actions.exchange import Exchange
from actions.guest_proof import ask_for_number
from actions.labels import ANSWERS, Intent
from actions.order_details import tell_details
from actions.order_status import tell_status
from actions.orders.model import Order
from actions.orders.store import OrderStoreUnavailable
from actions.state import Awaiting, FlowName, State
from actions.turn import SEVERAL, OrderReference, Turn
from actions.which_order import ask_which, find_order, list_described
from actions.wrong_item import tell_branch

logger = logging.getLogger(__name__)

Handle = Callable[[Exchange, State], Awaitable[State]]
HandleOrder = Callable[[Exchange, State, Order], Awaitable[State]]
Takes = Callable[[Exchange, State], bool]

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

# What a shopper may say around a value; any other intent is a question of its own.
ANSWERING: Final = frozenset({Intent.INFORM, Intent.AFFIRM, Intent.DENY, Intent.OUT_OF_SCOPE})

# Words that turn from the order under way to another one.
ANOTHER: Final = frozenset(
    {
        OrderReference.OTHER,
        OrderReference.LATEST,
        OrderReference.LAST,
        OrderReference.OLDEST,
    }
)

# Never meant for the seller, though typed while a message to the seller was asked for.
NOT_FOR_SELLER: Final = frozenset(
    {
        Intent.AFFIRM,
        Intent.STOP,
        Intent.HUMAN_HANDOFF,
        Intent.BOT_CHALLENGE,
        Intent.HELP,
        Intent.GREET,
        Intent.GOODBYE,
        Intent.THANK_YOU,
    }
)

# All that a message may hold to be only a no; a word too few costs the shopper a tap.
WORDS_OF_A_BARE_NO: Final = frozenset(
    {"no", "nope", "nah", "not", "now", "rather", "really", "please", "thanks", "thank", "you"}
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
    except OrderStoreUnavailable:
        # What was done before this question stays done.
        logger.warning("An open question could not be asked again", exc_info=True)
        exchange.say("utter_store_unavailable")
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


def _says(*intents: Intent) -> Takes:
    return lambda exchange, _: exchange.turn.intent in intents


def _picks_order(exchange: Exchange, state: State) -> bool:
    """Take what points at an order; of labels equally likely, the flow under way is meant."""
    turn = exchange.turn
    refuses = turn.reference is OrderReference.NONE or (
        turn.intent is Intent.DENY and turn.reference in SEVERAL
    )
    if refuses or not (turn.intent in ANSWERING or state.flow in turn.clarify):
        return False
    proves = exchange.shopper.is_guest and turn.email is not None
    describes = bool(state.listed and turn.attributes)
    return turn.points_to_order or proves or describes


def _accepts_the_only_one(exchange: Exchange, state: State) -> bool:
    return exchange.turn.intent is Intent.AFFIRM and len(state.listed) == 1


def _wants_none_of_list(exchange: Exchange, state: State) -> bool:
    return bool(state.listed) and exchange.turn.reference is OrderReference.NONE


def _names_another_order(exchange: Exchange, state: State) -> bool:
    turn = exchange.turn
    other_number = turn.order_number not in (None, state.order_number)
    other_meant = turn.reference in ANOTHER
    return turn.intent in (Intent.INFORM, Intent.DENY) and (other_number or other_meant)


def _describes_an_order(exchange: Exchange, _: State) -> bool:
    turn = exchange.turn
    describes = bool(turn.product or turn.attributes)
    return turn.intent in (Intent.INFORM, Intent.DENY) and describes


def _gives_reason(exchange: Exchange, _: State) -> bool:
    turn = exchange.turn
    if turn.parts:
        return all(_may_be_reason(part) for part in turn.parts)
    return turn.cancel_reason is not None or turn.intent in ANSWERS or _may_be_reason(turn)


def _may_be_reason(turn: Turn) -> bool:
    explains = turn.intent in (Intent.OUT_OF_SCOPE, Intent.WRONG_ITEM) or bool(turn.clarify)
    return explains and not turn.chosen


def _says_no_more_than_no(exchange: Exchange, _: State) -> bool:
    """Tell *no, thanks* from *no, the colour is wrong*, which the seller should read."""
    turn = exchange.turn
    words = set(re.findall(r"\w+", turn.text.casefold()))
    return turn.intent is Intent.DENY and (turn.chosen or words <= WORDS_OF_A_BARE_NO)


def _is_for_seller(exchange: Exchange, _: State) -> bool:
    """Nearly everything is: it is shown again before it is sent, so a wrong guess costs a tap."""
    turn = exchange.turn
    if turn.chosen:
        return False
    if turn.parts:
        leaves = turn.parts[0].intent in (Intent.STOP, Intent.HUMAN_HANDOFF)
        return not leaves and any(_may_concern_seller(part) for part in turn.parts)
    return _may_concern_seller(turn)


def _may_concern_seller(turn: Turn) -> bool:
    """An article that no step of the bot belongs to is about the shop, not about this order."""
    about_shop = turn.intent is Intent.FAQ and not (turn.article and turn.article.step)
    return bool(turn.clarify) or not (about_shop or turn.intent in NOT_FOR_SELLER)


def _says_yes_to_this(exchange: Exchange, state: State) -> bool:
    """Take a yes; one that names another order, or may be none, is none to the open question."""
    turn = exchange.turn
    about_this = not turn.order_numbers or state.order_number in turn.order_numbers
    is_sure = {*turn.clarify} <= {Intent.AFFIRM, Intent.THANK_YOU, state.flow}
    return turn.intent is Intent.AFFIRM and about_this and is_sure


def _names_product(exchange: Exchange, _: State) -> bool:
    turn = exchange.turn
    return bool(turn.products) and turn.intent in ANSWERING


def _may_name_product(exchange: Exchange, _: State) -> bool:
    """Try words that are no product of the catalogue once: it may be older than the shop."""
    turn = exchange.turn
    says_nothing_else = turn.intent in (Intent.INFORM, Intent.OUT_OF_SCOPE) and not turn.parts
    is_first_try = turn.state.misunderstandings == 0
    return says_nothing_else and is_first_try and not turn.chosen and not turn.points_to_order


def _never(_: Exchange, __: State) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Question:
    """An open question: how it is asked again, and the first row that takes a message.

    Of several questions in one message each is looked at by itself, unless `takes_whole` says that
    the message is one text.
    """

    ask: Handle
    rows: tuple[tuple[Takes, Handle], ...]
    optional: bool = False
    takes_whole: Takes = _never

    def taker(self, exchange: Exchange, state: State) -> Handle | None:
        return next((handle for takes, handle in self.rows if takes(exchange, state)), None)


_WHICH_ORDER: Final = (
    (_picks_order, _search_again),
    (_accepts_the_only_one, _take_the_only_one),
    (_wants_none_of_list, _ask_for_unlisted),
    (_says(Intent.DENY), leave_flow),
)

QUESTIONS: Final[Mapping[Awaiting, Question]] = MappingProxyType(
    {
        Awaiting.ORDER: Question(_ask_which_again, _WHICH_ORDER),
        Awaiting.ORDER_NUMBER: Question(_ask_number_again, _WHICH_ORDER),
        Awaiting.EMAIL: Question(_ask_email_again, _WHICH_ORDER),
        Awaiting.CANCEL_CONFIRMATION: Question(
            cancel_order.ask_confirmation_again,
            (
                (_names_another_order, _search_again),
                (_describes_an_order, _search_described),
                (_says_yes_to_this, _with_order(cancel_order.cancel)),
                (_says(Intent.DENY), cancel_order.decline),
            ),
        ),
        Awaiting.CANCEL_REASON: Question(
            cancel_order.ask_reason,
            ((_gives_reason, cancel_order.take_reason),),
            optional=True,
            takes_whole=_gives_reason,
        ),
        Awaiting.SELLER_MESSAGE: Question(
            contact_seller.ask_message_again,
            (
                (_names_another_order, _search_again),
                (_says_no_more_than_no, leave_flow),
                (_is_for_seller, contact_seller.take_message),
            ),
            takes_whole=_is_for_seller,
        ),
        Awaiting.SELLER_CONFIRMATION: Question(
            contact_seller.ask_confirmation_again,
            (
                (_names_another_order, _search_again),
                (_says_yes_to_this, _with_order(contact_seller.send)),
                (_says(Intent.DENY), contact_seller.rewrite),
            ),
        ),
        Awaiting.PRODUCT: Question(
            check_purchase.ask_product,
            (
                (_names_product, check_purchase.check_product),
                (_may_name_product, check_purchase.check_product),
                (_says(Intent.DENY, Intent.STOP), _decline_offer),
            ),
            optional=True,
        ),
        Awaiting.OFFER: Question(
            _ask_nothing,
            ((_says_yes_to_this, _start_offered), (_says(Intent.DENY), _decline_offer)),
            optional=True,
        ),
    }
)
