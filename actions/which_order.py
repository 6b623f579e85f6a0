"""Which order is meant: the number in the text, else the only one that fits, else a choice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from actions.exchange import Exchange
from actions.guest_proof import PROOF_QUESTIONS, ask_for_email, ask_for_number, prove_order
from actions.orders.model import CancelRule, ChangeRule, Order, OrderStatus
from actions.state import Awaiting, FlowName, State
from actions.turn import OrderReference, Turn

MAX_CHOICES: Final = 5

# A state with a question asked or the flow ended, or the order that was found.
Search = tuple[State, Order | None]


def _is_open(order: Order) -> bool:
    return order.status not in (OrderStatus.COMPLETED, OrderStatus.CANCELLED)


FITS: Final[Mapping[FlowName, Callable[[Order], bool]]] = MappingProxyType(
    {
        FlowName.ORDER_STATUS: _is_open,
        FlowName.ORDER_DETAILS: lambda _: True,
        FlowName.CANCEL_ORDER: lambda order: order.permissions.cancel is CancelRule.ALLOWED,
        FlowName.CONTACT_SELLER: lambda order: order.permissions.contact_seller,
        FlowName.WRONG_ITEM: lambda order: (
            order.permissions.change_item is not ChangeRule.NOT_POSSIBLE
        ),
    }
)


async def find_order(exchange: Exchange, state: State, flow: FlowName) -> Search:
    """Find the order this message is about, or ask for it."""
    if exchange.shopper.is_guest:
        return await _find_for_guest(exchange, state, flow)
    number = exchange.turn.order_number
    if number is None:
        return await _choose(exchange, state, flow)
    order = await exchange.desk.find(number)
    if order is not None:
        return state, order
    exchange.say("utter_order_not_found", order_number=number)
    return await ask_which(exchange, state, flow), None


async def ask_which(exchange: Exchange, state: State, flow: FlowName) -> State:
    """Offer the orders that fit; ends the flow if the shopper has none."""
    orders = await exchange.desk.list_visible()
    return _offer(exchange, state, _fitting(orders, flow), flow)


async def list_others(exchange: Exchange, state: State, flow: FlowName) -> Sequence[Order]:
    """List what fits besides the order that was talked about last."""
    orders = await exchange.desk.list_visible()
    return [o for o in orders if FITS[flow](o) and o.number != state.order_number][:MAX_CHOICES]


async def _find_for_guest(exchange: Exchange, state: State, flow: FlowName) -> Search:
    turn = exchange.turn
    email = turn.email or state.guest_email
    in_proof = state.awaiting in PROOF_QUESTIONS
    number = turn.order_number or (state.order_number if in_proof else None)
    state = replace(state, guest_email=email)
    if number is None:
        return await _choose_proven(exchange, state, flow)
    if order := await exchange.desk.find(number):
        return state, order
    if email is None:
        return ask_for_email(exchange, state, number), None
    return await prove_order(exchange, state, number, email)


async def _choose_proven(exchange: Exchange, state: State, flow: FlowName) -> Search:
    if exchange.turn.email is None and exchange.shopper.proven:
        return await _choose(exchange, state, flow)
    return ask_for_number(exchange, state), None


async def _choose(exchange: Exchange, state: State, flow: FlowName) -> Search:
    orders = await exchange.desk.list_visible()
    meant = _meant(exchange.turn, state, orders, flow)
    if len(meant) == 1:
        return state, meant[0]
    return _offer(exchange, state, meant, flow), None


def _fitting(orders: Sequence[Order], flow: FlowName) -> Sequence[Order]:
    return [order for order in orders if FITS[flow](order)] or orders


def _meant(turn: Turn, state: State, orders: Sequence[Order], flow: FlowName) -> Sequence[Order]:
    """Narrow the orders down by what the message says; what fits no order says nothing."""
    fitting = _fitting(orders, flow)
    last = state.order_number
    narrowed: Sequence[Order] = ()
    if turn.product:
        product = turn.product
        narrowed = [o for o in fitting if _holds(o, product)] or [
            o for o in orders if _holds(o, product)
        ]
    elif turn.reference is OrderReference.LATEST:
        narrowed = orders[:1]
    elif turn.reference is OrderReference.THIS:
        narrowed = [order for order in orders if order.number == last]
    elif turn.reference is OrderReference.OTHER:
        narrowed = [order for order in fitting if order.number != last]
    elif turn.position and state.awaiting is Awaiting.ORDER:
        narrowed = fitting[:MAX_CHOICES][turn.position - 1 : turn.position]
    elif flow in (FlowName.ORDER_STATUS, FlowName.ORDER_DETAILS):
        narrowed = [order for order in orders if order.number == _number_under_way(state)]
    return narrowed or fitting


def _number_under_way(state: State) -> str | None:
    """Give the order that the interrupted flow is about, once that is settled."""
    suspended = state.suspended
    if suspended is None or suspended.awaiting is Awaiting.ORDER:
        return None
    return suspended.order_number


def _holds(order: Order, product: str) -> bool:
    name = product.casefold()
    return any(name in item.title.casefold() for item in order.items)


def _offer(exchange: Exchange, state: State, orders: Sequence[Order], flow: FlowName) -> State:
    if not orders:
        exchange.say("utter_no_orders")
        return state.done_with(None)
    if flow is FlowName.CANCEL_ORDER and not any(FITS[flow](order) for order in orders):
        return _tell_none_cancellable(exchange, state, orders)
    buttons = [exchange.order_button(flow, order) for order in orders[:MAX_CHOICES]]
    exchange.say("utter_ask_which_order", buttons=buttons)
    # The order talked about last stays known: *the other one* means any but that.
    return state.asking(Awaiting.ORDER, order_number=state.order_number)


def _tell_none_cancellable(exchange: Exchange, state: State, orders: Sequence[Order]) -> State:
    """Say that it is too late for all of them; the list shows why."""
    card = exchange.show.order_list_card(orders[:MAX_CHOICES])
    exchange.say("utter_nothing_to_cancel", cards=[card])
    return state.done_with(state.order_number)
