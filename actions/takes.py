"""What of a message an open question takes: each test looks at one message and the state."""

import re
from collections.abc import Callable
from typing import Final

from actions.exchange import Exchange
from actions.labels import ANSWERS, FLOW_INTENTS, Intent
from actions.state import FlowName, State
from actions.turn import SEVERAL, OrderReference, Turn

Takes = Callable[[Exchange, State], bool]

# What a shopper may say around a value; any other intent is a question of its own.
ANSWERING: Final = frozenset({Intent.INFORM, Intent.AFFIRM, Intent.DENY, Intent.OUT_OF_SCOPE})

# Words that turn from the order under way to another one.
ANOTHER: Final = frozenset(
    {
        OrderReference.OTHER,
        OrderReference.LATEST,
        OrderReference.LAST,
        OrderReference.OLDEST,
    }
)

# Never meant for the seller, though typed while a message to the seller was asked for.
LEAVES_SELLER: Final = frozenset({Intent.STOP, Intent.HUMAN_HANDOFF})
SMALL_TALK: Final = frozenset(
    {
        Intent.AFFIRM,
        Intent.BOT_CHALLENGE,
        Intent.HELP,
        Intent.GREET,
        Intent.GOODBYE,
        Intent.THANK_YOU,
    }
)

# All that a message may hold to be only a no; a word too few costs the shopper a tap.
WORDS_OF_A_BARE_NO: Final = frozenset(
    {"no", "nope", "nah", "not", "now", "rather", "really", "please", "thanks", "thank", "you"}
)

# All that *ok, cancel it* may hold to be a yes to being asked just that.
WORDS_OF_A_REPEATED_REQUEST: Final = frozenset(
    {"ok", "okay", "alright", "right", "so", "yes", "yeah", "sure", "please", "pls", "thanks"}
    | {"do", "just", "go", "ahead", "and", "cancel", "it", "this", "that", "then", "now"}
)

# Agreeing with these is agreeing to something else: *yes, send it* is the opposite of *cancel*.
WORDS_AGAINST_CANCELLING: Final = frozenset(
    {"send", "ship", "deliver", "dispatch", "mail", "post", "keep", "hold"}
    | {"write", "ask", "tell", "contact", "message"}
)

# Small talk is short; a longer text that looks like it is more likely meant for the seller.
MAX_WORDS_OF_SMALL_TALK: Final = 5


def says(*intents: Intent) -> Takes:
    return lambda exchange, _: exchange.turn.intent in intents


def picks_order(exchange: Exchange, state: State) -> bool:
    """Take what points at an order; of labels equally likely, the flow under way is meant."""
    turn = exchange.turn
    refuses = turn.reference is OrderReference.NONE or (
        turn.intent is Intent.DENY and turn.reference in SEVERAL
    )
    if refuses or not (turn.intent in ANSWERING or state.flow in turn.clarify):
        return False
    proves = exchange.shopper.is_guest and turn.email is not None
    describes = bool(state.listed and turn.attributes)
    return turn.points_to_order or proves or describes


def accepts_the_only_one(exchange: Exchange, state: State) -> bool:
    return exchange.turn.intent is Intent.AFFIRM and len(state.listed) == 1


def wants_none_of_list(exchange: Exchange, state: State) -> bool:
    return bool(state.listed) and exchange.turn.reference is OrderReference.NONE


def names_another_order(exchange: Exchange, state: State) -> bool:
    turn = exchange.turn
    other_number = turn.order_number not in (None, state.order_number)
    other_meant = turn.reference in ANOTHER
    return turn.intent in (Intent.INFORM, Intent.DENY) and (other_number or other_meant)


def describes_an_order(exchange: Exchange, _: State) -> bool:
    turn = exchange.turn
    describes = bool(turn.product or turn.attributes)
    return turn.intent in (Intent.INFORM, Intent.DENY) and describes


def gives_reason(exchange: Exchange, _: State) -> bool:
    turn = exchange.turn
    if turn.parts:
        return all(_may_be_reason(part) for part in turn.parts)
    return turn.cancel_reason is not None or turn.intent in ANSWERS or _may_be_reason(turn)


def _may_be_reason(turn: Turn) -> bool:
    explains = turn.intent in (Intent.OUT_OF_SCOPE, Intent.WRONG_ITEM) or bool(turn.clarify)
    return explains and not turn.chosen


def says_no_more_than_no(exchange: Exchange, _: State) -> bool:
    """Tell *no, thanks* from *no, the colour is wrong*, which the seller should read."""
    turn = exchange.turn
    is_bare = {*_words(turn)} <= WORDS_OF_A_BARE_NO
    return turn.intent is Intent.DENY and (turn.chosen or is_bare)


def says_no_more_than_cancel(exchange: Exchange, _: State) -> bool:
    """Take *cancel* for leaving the message to the seller; the order is asked for by more words."""
    turn = exchange.turn
    is_bare = {*_words(turn)} <= WORDS_OF_A_REPEATED_REQUEST
    return turn.intent is Intent.CANCEL_ORDER and is_bare and not turn.chosen


def says_what_was_wanted(exchange: Exchange, state: State) -> bool:
    """Take *I need L* after the wrong size was chosen: it answers nothing, and changes nothing."""
    turn = exchange.turn
    is_value = turn.intent is Intent.INFORM and not (turn.points_to_order or turn.email)
    return state.flow is FlowName.WRONG_ITEM and is_value


def is_for_seller(exchange: Exchange, state: State) -> bool:
    """Nearly everything is: it is shown again before it is sent, so a wrong guess costs a tap."""
    turn = exchange.turn
    if turn.chosen or _asks_about_another(turn, state):
        return False
    if turn.parts:
        leaves = turn.parts[0].intent in LEAVES_SELLER
        return not leaves and any(_may_concern_seller(part) for part in turn.parts)
    return _may_concern_seller(turn)


def _asks_about_another(turn: Turn, state: State) -> bool:
    """Tell whether it is a question about an order that this seller may have nothing to do with."""
    names_another = bool(turn.order_numbers) and state.order_number not in turn.order_numbers
    return turn.intent in FLOW_INTENTS and names_another


def _may_concern_seller(turn: Turn) -> bool:
    """An article that no step of the bot belongs to is about the shop, not about this order."""
    if turn.clarify:
        return True
    about_shop = turn.intent is Intent.FAQ and not (turn.article and turn.article.step)
    is_long = len(_words(turn)) > MAX_WORDS_OF_SMALL_TALK
    is_small_talk = turn.intent in SMALL_TALK and not is_long
    return not (about_shop or is_small_talk or turn.intent in LEAVES_SELLER)


def says_yes_to_this(exchange: Exchange, state: State) -> bool:
    """Take a yes; one that names another order, or may be none, is none to the open question."""
    turn = exchange.turn
    about_this = not turn.order_numbers or state.order_number in turn.order_numbers
    is_sure = {*turn.clarify} <= {Intent.AFFIRM, Intent.THANK_YOU, state.flow}
    return turn.intent is Intent.AFFIRM and about_this and is_sure


def says_yes_to_cancelling(exchange: Exchange, state: State) -> bool:
    """Take a yes that agrees to nothing else; a word too many costs the shopper a tap."""
    turn = exchange.turn
    agrees_to_other = bool(WORDS_AGAINST_CANCELLING & {*_words(turn)}) and not turn.chosen
    return says_yes_to_this(exchange, state) and not agrees_to_other


def asks_the_same_of_another(exchange: Exchange, state: State) -> bool:
    """Take *yes, cancel 8100240001* for a change to that order, whatever else it might mean."""
    turn = exchange.turn
    asks = state.flow is not None and turn.intent == state.flow.value
    return asks and turn.order_number not in (None, state.order_number)


def repeats_request(exchange: Exchange, _: State) -> bool:
    """Take *ok, cancel it*, as explicit as a yes; *cancel* alone may mean the question."""
    turn = exchange.turn
    points_here = turn.reference is OrderReference.THIS and not turn.order_numbers
    is_bare = {*_words(turn)} <= WORDS_OF_A_REPEATED_REQUEST
    return turn.intent is Intent.CANCEL_ORDER and points_here and is_bare and not turn.chosen


def _words(turn: Turn) -> list[str]:
    return re.findall(r"\w+", turn.text.casefold())


def asks_for_offered(exchange: Exchange, state: State) -> bool:
    """Take *let us ask them* as a yes to the offer of just that, for the order it was about."""
    turn = exchange.turn
    asks = state.offered_flow is not None and turn.intent == state.offered_flow.value
    return asks and not (turn.clarify or turn.chosen or turn.names_order or turn.email)


def names_order_to_offer(exchange: Exchange, state: State) -> bool:
    """Take *yes, 8100240002* to an offer that was about no order yet."""
    turn = exchange.turn
    agrees = turn.intent in (Intent.AFFIRM, Intent.INFORM)
    return agrees and state.order_number is None and turn.points_to_order


def names_product(exchange: Exchange, _: State) -> bool:
    turn = exchange.turn
    return bool(turn.products) and turn.intent in ANSWERING


def may_name_product(exchange: Exchange, _: State) -> bool:
    """Try words that are no product of the catalogue once: it may be older than the shop."""
    turn = exchange.turn
    says_nothing_else = turn.intent in (Intent.INFORM, Intent.OUT_OF_SCOPE) and not turn.parts
    is_first_try = turn.state.misunderstandings == 0
    return says_nothing_else and is_first_try and not turn.chosen and not turn.points_to_order


def never(_: Exchange, __: State) -> bool:
    return False
