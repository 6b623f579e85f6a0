"""The shopper wants a person."""

from actions.exchange import Exchange


def answer_wish_for_person(exchange: Exchange) -> None:
    """Say honestly that nobody can join this chat, and what helps instead."""
    exchange.say("utter_no_person_here")
