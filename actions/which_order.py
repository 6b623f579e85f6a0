"""Which order is meant: the number in the text, else the only one that fits, else a choice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from actions.exchange import Exchange
from actions.guest_proof import PROOF_QUESTIONS, ask_for_email, ask_for_number, prove_order
from actions.orders.model import (
    CancelRule,
    ChangeRule,
    Order,
    OrderItem,
    OrderStatus,
    comes_in,
)
from actions.state import Awaiting, FlowName, State
from actions.turn import SEVERAL, OrderReference, Turn
from actions.wish import Wish

MAX_CHOICES: Final = 5
MAX_AT_ONCE: Final = 4

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
    """Offer the orders that fit, or the same list again; ends the flow if there are none."""
    orders = await exchange.desk.list_visible()
    return _offer(exchange, state, _listed(state, orders) or _fitting(orders, flow), flow)


async def list_described(exchange: Exchange) -> Sequence[Order]:
    """List the orders with an item of the product, size, colour or model that the message names."""
    turn = exchange.turn
    orders = await exchange.desk.list_visible()
    return _described(turn.product, turn.attributes, (orders,))


async def names_seller(exchange: Exchange) -> bool:
    """Tell whether the message holds the name of a seller that the shopper bought from."""
    return bool(_sold_by_named(exchange.turn.text, (await exchange.desk.list_visible(),)))


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
    if _may_take_all(exchange.turn, meant, flow):
        return _take_one_by_one(exchange, state, meant, flow), None
    return _offer(exchange, state, meant, flow), None


def _fitting(orders: Sequence[Order], flow: FlowName) -> Sequence[Order]:
    return [order for order in orders if FITS[flow](order)] or orders


def _listed(state: State, orders: Sequence[Order]) -> Sequence[Order]:
    """Give the orders that the shopper was asked to choose from, as they were listed."""
    return _shown(state, orders) if state.awaiting is Awaiting.ORDER else ()


def _shown(state: State, orders: Sequence[Order]) -> Sequence[Order]:
    """Give the orders of the latest list, if nothing has come of it yet."""
    by_number = {order.number: order for order in orders}
    return [by_number[number] for number in state.listed if number in by_number]


def _meant(turn: Turn, state: State, orders: Sequence[Order], flow: FlowName) -> Sequence[Order]:
    """Narrow the orders down by what the message says; what fits no order says nothing."""
    fitting, listed = _fitting(orders, flow), _shown(turn.state, orders)
    if turn.product or turn.attributes:
        narrowed = _described(turn.product, turn.attributes, (listed, fitting, orders))
    elif turn.reference in SEVERAL:
        narrowed = ()
    elif turn.reference or turn.position:
        narrowed = _referred(turn, state.order_number, orders, listed or fitting)
    elif sold := _sold_by_named(turn.text, (listed, fitting, orders)):
        narrowed = sold
    elif turn.refers_back and state.order_number:
        narrowed = [order for order in orders if order.number == state.order_number]
    elif flow in (FlowName.ORDER_STATUS, FlowName.ORDER_DETAILS):
        narrowed = [order for order in orders if order.number == _number_under_way(state)]
    else:
        narrowed = ()
    return narrowed or _listed(state, orders) or fitting


def _described(
    product: str | None, attributes: Sequence[str], pools: Sequence[Sequence[Order]]
) -> Sequence[Order]:
    """Find the orders with such an item in the first pool that has any.

    Where none has the product in that size or colour, the product alone decides.
    """
    descriptions = [(product, attributes), (product, ())] if product else [(None, attributes)]
    for name, of_kind in descriptions:
        for pool in pools:
            if found := [order for order in pool if _holds(order, name, of_kind)]:
                return found
    return ()


def _sold_by_named(text: str, pools: Sequence[Sequence[Order]]) -> Sequence[Order]:
    """Find the orders of a seller whose name the message holds, in the first pool with any."""
    said = text.casefold()
    for pool in pools:
        if found := [order for order in pool if order.seller.name.casefold() in said]:
            return found
    return ()


def _referred(
    turn: Turn, last: str | None, orders: Sequence[Order], choice: Sequence[Order]
) -> Sequence[Order]:
    """Find the orders that words such as *the other one* or *the second* mean.

    `last` is the order talked about last, `choice` what is listed, else what fits.
    """
    was_listed = bool(_shown(turn.state, orders))
    latest = choice[:1] if was_listed else orders[:1]
    if turn.position:
        return choice[turn.position - 1 : turn.position] if was_listed else ()
    if turn.reference is OrderReference.LAST:
        return choice[-1:] if was_listed else latest
    if turn.reference is OrderReference.LATEST:
        return latest
    if turn.reference is OrderReference.OLDEST:
        return choice[-1:]
    if turn.reference is OrderReference.THIS:
        return [order for order in orders if order.number == last]
    if turn.reference is OrderReference.OTHER:
        return [order for order in choice if order.number != last]
    return ()


def _may_take_all(turn: Turn, orders: Sequence[Order], flow: FlowName) -> bool:
    """Take *both* of two and *all* of a few that fit; of others, the shopper chooses."""
    most = {OrderReference.BOTH: 2, OrderReference.ALL: MAX_AT_ONCE}
    fits_all = bool(orders) and all(FITS[flow](order) for order in orders)
    return turn.reference in SEVERAL and fits_all and len(orders) <= most[turn.reference]


def _take_one_by_one(
    exchange: Exchange, state: State, orders: Sequence[Order], flow: FlowName
) -> State:
    wishes = [
        Wish((flow.value,), {"order_number": order.number}, exchange.show.choice_title(order))
        for order in orders
    ]
    return replace(state.done_with(state.order_number), pending=(*wishes, *state.pending))


def _number_under_way(state: State) -> str | None:
    """Give the order that the interrupted flow is about, once that is settled."""
    suspended = state.suspended
    if suspended is None or suspended.awaiting is Awaiting.ORDER:
        return None
    return suspended.order_number


def _holds(order: Order, product: str | None, attributes: Sequence[str]) -> bool:
    return any(_is_such(item, product or "", attributes) for item in order.items)


def _is_such(item: OrderItem, product: str, attributes: Sequence[str]) -> bool:
    """Tell whether an item is of this product and has each of these sizes, colours and models."""
    return product.casefold() in item.title.casefold() and comes_in(item.attributes, attributes)


def _offer(exchange: Exchange, state: State, orders: Sequence[Order], flow: FlowName) -> State:
    if not orders:
        exchange.say("utter_no_orders")
        return state.done_with(None)
    if flow is FlowName.CANCEL_ORDER and not any(FITS[flow](order) for order in orders):
        return _tell_none_cancellable(exchange, state, orders)
    listed = orders[:MAX_CHOICES]
    buttons = [exchange.order_button(flow, order) for order in listed]
    exchange.ask(_question(exchange.turn, state), buttons=buttons, count=str(len(listed)))
    # The order talked about last stays known: *the other one* means any but that.
    asking = state.asking(Awaiting.ORDER, order_number=state.order_number)
    return replace(asking, listed=tuple(order.number for order in listed))


def _question(turn: Turn, state: State) -> str:
    if turn.reference in SEVERAL:
        return "utter_ask_one_order"
    if turn.position and state.awaiting is Awaiting.ORDER:
        return "utter_ask_which_of_list"
    return "utter_ask_which_order"


def _tell_none_cancellable(exchange: Exchange, state: State, orders: Sequence[Order]) -> State:
    """Say that it is too late for all of them; the list shows why."""
    card = exchange.show.order_list_card(orders[:MAX_CHOICES])
    exchange.say("utter_nothing_to_cancel", cards=[card])
    done = state.done_with(state.order_number)
    return replace(done, listed=tuple(order.number for order in orders[:MAX_CHOICES]))
