"""From a message to its replies: what was asked is answered, and what had to wait comes after."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from actions.cancel_order import tell_cancelled
from actions.dialogue import QUESTIONS, ask_open_question
from actions.did_you_mean import Verdict, ask_for_one, read_answer
from actions.exchange import Exchange
from actions.one_question import answer_one, resume
from actions.orders.model import OrderStatus
from actions.parts import arrange
from actions.several_questions import answer_in_order, answer_pending
from actions.state import Awaiting, State
from actions.turn import Turn
from actions.understanding import answer_none_of_these
from actions.wish import Clarification

# What had to wait does not wait for an answer to a mere offer.
NOTHING_ASKED: Final = (None, Awaiting.OFFER, Awaiting.PERSON, Awaiting.MORE_PRODUCTS)


async def respond(exchange: Exchange) -> State:
    """Answer one message and give the state after it."""
    turn = exchange.turn
    state = replace(turn.state, misunderstandings=0)
    if turn.is_outdated:
        return await _answer_outdated_choice(exchange, state)
    if state.clarifying:
        after = await _answer_clarification(exchange, state, state.clarifying)
    else:
        after = await _answer_message(exchange, state)
    return await _come_to_pending(exchange, after)


async def _answer_message(exchange: Exchange, state: State) -> State:
    question = QUESTIONS.get(state.awaiting) if state.awaiting else None
    if question and question.takes_whole(exchange, state):
        return await _answer(exchange, state, [exchange.turn])
    return await _answer(exchange, state, arrange(exchange.turn))


async def _answer(exchange: Exchange, state: State, turns: Iterable[Turn]) -> State:
    several = list(turns)
    if len(several) > 1:
        return await answer_in_order(exchange, state, several)
    after, _ = await answer_one(replace(exchange, turn=several[0]), state)
    return after


async def _answer_clarification(exchange: Exchange, state: State, asked: Clarification) -> State:
    """Go on with what is picked; a message that says nothing to the question closes it."""
    answer = read_answer(exchange, asked)
    if answer is Verdict.STILL_UNCLEAR:
        return replace(exchange.turn.state, clarifying=ask_for_one(exchange, asked))
    state = replace(state, clarifying=None)
    if answer is Verdict.SOMETHING_ELSE:
        return await _answer_message(exchange, state)
    if answer is Verdict.NONE_OF_THESE:
        return await resume(exchange, await answer_none_of_these(exchange, state))
    if answer is Verdict.NEVER_MIND:
        exchange.say("utter_acknowledged" if state.awaiting or state.suspended else "utter_stopped")
        return await resume(exchange, await ask_open_question(exchange, replace(state, pending=())))
    picked = [exchange.turn.wishing(wish, exchange.wording) for wish in answer]
    return await _answer(exchange, state, picked)


async def _come_to_pending(exchange: Exchange, state: State) -> State:
    """Answer what had to wait, once nothing is asked any more."""
    if state.pending and state.awaiting in NOTHING_ASKED and not state.clarifying:
        return await answer_pending(exchange, state)
    return state


async def _answer_outdated_choice(exchange: Exchange, state: State) -> State:
    """Change nothing; a yes or no about an order cancelled by now is told what came of it."""
    turn = exchange.turn
    was_about_cancelling = turn.question == Awaiting.CANCEL_CONFIRMATION
    number = turn.order_numbers[0] if was_about_cancelling and turn.order_numbers else None
    order = await exchange.desk.find(number) if number else None
    if order and order.status is OrderStatus.CANCELLED:
        tell_cancelled(exchange, state, order)
    else:
        exchange.say("utter_choice_outdated")
    return await ask_open_question(exchange, state)
