"""The shopper wants a person."""

from actions.dialogue import ask_open_question
from actions.exchange import Exchange
from actions.state import State


async def answer_wish_for_person(exchange: Exchange, state: State) -> State:
    """Say honestly that nobody can join this chat, and what helps instead."""
    exchange.say("utter_no_person_here")
    return await ask_open_question(exchange, state)
