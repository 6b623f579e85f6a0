"""The shopper wants a person."""

from dataclasses import replace
from typing import Final

from actions.exchange import Exchange
from actions.state import Awaiting, State

STORE_AWAY: Final = "utter_store_unavailable"


def bring_person(exchange: Exchange) -> None:
    """Say honestly that nobody can join this chat, and what helps instead."""
    exchange.say("utter_no_person_here")


def offer_person_if_store_is_away(exchange: Exchange, state: State) -> State:
    """Let a yes bring a person, if all there is to say is that the orders cannot be reached.

    While something else is asked, a yes answers that; the choice of a person is one tap away.
    """
    is_away = any(reply.response == STORE_AWAY for reply in exchange.replies)
    if not is_away or state.open_question or state.suspended:
        return state
    return replace(state, awaiting=Awaiting.PERSON)
