"""One question of a shopper: the open question may take it, else its label says what to do."""

from actions.dialogue import QUESTIONS, Handle, ask_open_question
from actions.did_you_mean import ALIKE, ask_what_is_meant, meanings, needs_asking
from actions.exchange import Exchange
from actions.intents import HANDLERS
from actions.labels import NOT_ASKED_AFTER, Intent
from actions.state import State
from actions.understanding import answer_not_understood
from actions.which_order import names_seller


async def answer_one(
    exchange: Exchange, state: State, *, not_understood: Handle = answer_not_understood
) -> tuple[State, bool]:
    """Answer the exchange's turn; gives the state after it, and whether an open question took it.

    What was interrupted is asked again, unless the question turned out to be several.
    """
    question = QUESTIONS.get(state.awaiting) if state.awaiting else None
    take = question.taker(exchange, state) if question else None
    if question and question.optional and not take:
        state = state.without_question()
    after = await (take or await _handler(exchange, not_understood))(exchange, state)
    if len(after.pending) <= len(state.pending):
        after = await resume(exchange, after)
    return after, take is not None


async def resume(exchange: Exchange, state: State) -> State:
    """Go back to what was interrupted, once nothing else is open."""
    if state.awaiting or state.clarifying or not state.suspended:
        return state
    resumed = state.resumed()
    if exchange.turn.intent in NOT_ASKED_AFTER:
        return resumed
    return await ask_open_question(exchange, resumed)


async def _handler(exchange: Exchange, not_understood: Handle) -> Handle:
    turn = exchange.turn
    if not needs_asking(turn) or await _is_told_by_seller(exchange):
        return not_understood if turn.intent is Intent.OUT_OF_SCOPE else HANDLERS[turn.intent]
    return ask_what_is_meant if meanings(exchange, turn.wish) else not_understood


async def _is_told_by_seller(exchange: Exchange) -> bool:
    """Tell whether a look-up seems to mean the seller only since it names one.

    *Where is the parcel from* a seller says whose order to look up, and telling it changes nothing.
    """
    turn = exchange.turn
    looks_up = turn.intent in ALIKE and {*turn.clarify} <= ALIKE | {Intent.CONTACT_SELLER}
    return looks_up and not turn.parts and await names_seller(exchange)
