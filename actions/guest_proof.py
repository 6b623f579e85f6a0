"""How a guest proves an order: its number together with the e-mail address used for it."""

from dataclasses import replace

from actions.exchange import Exchange
from actions.lookup_limits import LookupAttempt
from actions.order_desk import LookupsLocked
from actions.orders.model import Order
from actions.state import Awaiting, ProvenOrder, State

PROOF_QUESTIONS = (Awaiting.ORDER_NUMBER, Awaiting.EMAIL)


async def prove_order(
    exchange: Exchange, state: State, number: str, email: str
) -> tuple[State, Order | None]:
    """Look the order up; a wrong e-mail and an unknown number get the same answer."""
    attempt = LookupAttempt(
        exchange.turn.session.session_id, number, exchange.turn.session.address_key
    )
    try:
        order = await exchange.desk.find_by_proof(attempt, email)
    except LookupsLocked as refusal:
        return _locked(exchange, state, refusal.wait_s), None
    if order is None:
        return _not_matched(exchange, state, number, email), None
    proof = ProvenOrder(order.number, order.customer_id, exchange.turn.session.session_id)
    return replace(state.with_proof(proof), guest_email=email), order


def ask_for_number(exchange: Exchange, state: State) -> State:
    came_with_email = exchange.turn.email is not None
    exchange.ask("utter_ask_order_number_too" if came_with_email else "utter_ask_order_number")
    return state.asking(Awaiting.ORDER_NUMBER, order_number=None)


def ask_for_email(exchange: Exchange, state: State, number: str) -> State:
    exchange.ask("utter_ask_email", order_number=number)
    return state.asking(Awaiting.EMAIL, order_number=number)


def _not_matched(exchange: Exchange, state: State, number: str, email: str) -> State:
    exchange.ask("utter_guest_not_matched")
    # Both stay, so that sending only the one that was wrong is enough.
    kept = replace(state, guest_email=email)
    return kept.asking(Awaiting.ORDER_NUMBER, order_number=number)


def _locked(exchange: Exchange, state: State, wait_s: int) -> State:
    exchange.say("utter_lookup_locked", wait=exchange.show.minutes(wait_s))
    return replace(state.done_with(None), guest_email=None)
