"""Messages that answer something or say nothing new: yes, no, never mind, a value, a riddle."""

from dataclasses import replace

from actions.dialogue import ask_open_question, leave_flow, start_flow
from actions.exchange import Exchange
from actions.state import FlowName, State
from actions.which_order import list_described

MISUNDERSTANDINGS_BEFORE_WAYS_ON = 2


async def answer_not_understood(exchange: Exchange, state: State) -> State:
    """Say so; from the second time in a row, show what the bot can do instead of asking again.

    The order that it was about is the one talked about last all the same. A place in the list that
    was just shown, such as *2*, is understood without its intent.
    """
    if state.flow and _picks_from_shown(exchange, state):
        return await start_flow(exchange, state, state.flow)
    number = exchange.turn.order_number
    if number and not state.awaiting:
        state = replace(state, order_number=number)
    return await _count_misunderstanding(exchange, state, "utter_did_not_understand")


async def answer_none_of_these(exchange: Exchange, state: State) -> State:
    """Take it that nothing of *did you mean* was meant, which counts as a misunderstanding."""
    return await _count_misunderstanding(exchange, state, "utter_ask_in_other_words")


async def _count_misunderstanding(exchange: Exchange, state: State, response: str) -> State:
    count = exchange.turn.state.misunderstandings + 1
    state = replace(state, misunderstandings=count)
    if count < MISUNDERSTANDINGS_BEFORE_WAYS_ON:
        exchange.say(response)
        return await ask_open_question(exchange, state)
    # A person is offered once; after that the shopper knows.
    again = state.person_offered
    exchange.say(
        "utter_did_not_understand_again" if again else "utter_offer_person",
        question=state.question or "",
        order_number=(state.order_number or "") if state.awaiting else "",
    )
    return replace(state, person_offered=True)


async def answer_stop(exchange: Exchange, state: State) -> State:
    if state.awaiting or state.suspended:
        return await leave_flow(exchange, state)
    exchange.say("utter_acknowledged")
    return state


async def answer_affirm(exchange: Exchange, state: State) -> State:
    """Answer a yes that nothing was waiting for; *ok, the third* may pick from a list."""
    if state.awaiting:
        return await ask_open_question(exchange, state)
    if state.flow and _picks_from_shown(exchange, state):
        return await start_flow(exchange, state, state.flow)
    exchange.say("utter_what_next")
    return state


async def answer_deny(exchange: Exchange, state: State) -> State:
    """Answer a no that nothing was waiting for; one that names an order corrects the last flow."""
    if state.awaiting:
        return await ask_open_question(exchange, state)
    if state.flow and exchange.turn.points_to_order:
        return await start_flow(exchange, state, state.flow)
    exchange.say("utter_acknowledged")
    return state


async def answer_inform(exchange: Exchange, state: State) -> State:
    """Use a value that nothing was waiting for: an order goes to the last flow, or its status."""
    turn = exchange.turn
    if turn.order_number:
        return await start_flow(exchange, state, _flow_for_order(state))
    if turn.email:
        return await _answer_email(exchange, state)
    if state.awaiting:
        return await ask_open_question(exchange, state)
    if state.flow and turn.points_to_order and (state.listed or not turn.position):
        return await start_flow(exchange, state, state.flow)
    return await _ask_what_next(exchange, state)


async def _ask_what_next(exchange: Exchange, state: State) -> State:
    """Ask what to do, with the order that was described if it is clear which."""
    turn = exchange.turn
    orders = await list_described(exchange) if turn.product or turn.attributes else ()
    if len(orders) != 1:
        exchange.say("utter_what_next")
        return state
    number = orders[0].number
    exchange.say("utter_what_next_with_order", order_number=number)
    return state.done_with(number)


def _picks_from_shown(exchange: Exchange, state: State) -> bool:
    """Tell whether the message is a place in a list that asked nothing."""
    return bool(exchange.turn.position and state.listed and not state.awaiting)


def _flow_for_order(state: State) -> FlowName:
    return state.flow or FlowName.ORDER_STATUS


async def _answer_email(exchange: Exchange, state: State) -> State:
    """An e-mail helps a guest to prove an order, and never changes who somebody is."""
    if not exchange.shopper.is_guest:
        exchange.say("utter_email_not_needed")
        return await ask_open_question(exchange, state)
    if state.awaiting:
        return await ask_open_question(exchange, replace(state, guest_email=exchange.turn.email))
    return await start_flow(exchange, state, _flow_for_order(state))
