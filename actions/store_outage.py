"""What is left to say, and to offer, while the shop's orders cannot be reached."""

from dataclasses import replace
from typing import Final

from actions.exchange import Exchange
from actions.state import Awaiting, State

STORE_AWAY: Final = "utter_store_unavailable"


def offer_person(exchange: Exchange, state: State) -> State:
    """Let a yes bring a person, if the shopper was told that the orders cannot be reached.

    While something else is asked, a yes answers that; the choice of a person is one tap away.
    """
    is_away = any(reply.response == STORE_AWAY for reply in exchange.replies)
    if not is_away or state.open_question or state.suspended:
        return state
    return replace(state, awaiting=Awaiting.PERSON)


async def bring_person(exchange: Exchange, state: State) -> State:
    """Take a yes to the offer, and say honestly what becomes of it."""
    exchange.say("utter_no_person_here")
    return state.without_question()
