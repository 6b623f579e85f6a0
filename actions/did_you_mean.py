"""What is not clear is asked: *did you mean*, with the likeliest labels in the shopper's words."""

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, auto
from typing import Final

from actions.exchange import Button, Exchange
from actions.labels import ANSWERS, COURTESIES, FLOW_INTENTS, Intent
from actions.state import State
from actions.turn import SEVERAL, OrderReference, Turn
from actions.wish import Clarification, Wish
from actions.wording import NONE_OF_THESE

MAX_MEANINGS: Final = 3

# As the likeliest label these are answered as they are: they ask for nothing that could be wrong.
NEVER_ASKED: Final = ANSWERS | COURTESIES | {Intent.INFORM, Intent.OUT_OF_SCOPE}

# What may answer *did you mean* by a word such as *the first*; anything else is a new question.
ANSWERING: Final = frozenset({Intent.AFFIRM, Intent.DENY, Intent.INFORM, Intent.OUT_OF_SCOPE})

# Labels that show the same order: to ask which of them is meant costs more than either answer.
ALIKE: Final = frozenset({Intent.ORDER_STATUS, Intent.ORDER_DETAILS})


class Verdict(Enum):
    """What a message says to *did you mean*, if it picks nothing."""

    NONE_OF_THESE = auto()
    STILL_UNCLEAR = auto()
    NEVER_MIND = auto()
    SOMETHING_ELSE = auto()


Answer = Verdict | tuple[Wish, ...]


def needs_asking(turn: Turn) -> bool:
    return bool({*turn.clarify} - ALIKE) and turn.intent not in NEVER_ASKED


def meanings(exchange: Exchange, wish: Wish) -> tuple[str, ...]:
    """Give the labels of a wish that can be offered, the likeliest first."""
    return tuple(label for label in wish.labels if exchange.wording.title(label))[:MAX_MEANINGS]


async def ask_what_is_meant(exchange: Exchange, state: State) -> State:
    """Ask; it is no misunderstanding yet, and the count of those goes on."""
    wish = exchange.turn.wish
    asked = replace(wish, labels=meanings(exchange, wish))
    clarification = Clarification(exchange.turn.session.message_id, asked)
    ask_again(exchange, clarification)
    count = exchange.turn.state.misunderstandings
    return replace(state, clarifying=clarification, misunderstandings=count)


def ask_for_one(exchange: Exchange, asked: Clarification) -> Clarification:
    """Ask again after a message that picked none, with the values that it added."""
    wish = replace(asked.wish, values={**asked.wish.values, **_said(exchange.turn)})
    completed = replace(asked, wish=wish)
    ask_again(exchange, completed)
    return completed


def read_answer(exchange: Exchange, asked: Clarification) -> Answer:
    """Read a message as an answer to *did you mean*: what it picks, or what else it says."""
    turn = exchange.turn
    if turn.chosen:
        declines = turn.question == asked.question
        return Verdict.NONE_OF_THESE if declines else Verdict.SOMETHING_ELSE
    if turn.parts:
        return Verdict.SOMETHING_ELSE
    if turn.intent is Intent.STOP and not turn.clarify:
        return Verdict.NEVER_MIND
    picked = _named(exchange, asked)
    if picked is None and turn.intent in ANSWERING:
        if not _completes(turn):
            return _refer(turn, asked)
        picked = _about_orders(asked) if turn.order_numbers or turn.email else None
        if picked is None:
            return Verdict.STILL_UNCLEAR
    return (_wish(asked, picked, turn.wish.values),) if picked else Verdict.SOMETHING_ELSE


def ask_again(exchange: Exchange, asked: Clarification) -> None:
    """Ask the question as it stands."""
    wish = asked.wish
    buttons: list[Button] = [
        {"title": exchange.wording.title(label) or label, "payload": wish.payload(label)}
        for label in wish.labels
    ]
    declining = Wish((Intent.DENY,), {"question": asked.question}, "")
    title = exchange.wording.text(NONE_OF_THESE) or NONE_OF_THESE
    buttons.append({"title": title, "payload": declining.payload(Intent.DENY)})
    one = len(wish.labels) == 1
    exchange.ask("utter_did_you_mean_this" if one else "utter_did_you_mean", buttons=buttons)


def _named(exchange: Exchange, asked: Clarification) -> str | None:
    """Find the label that the message means by itself, or by words of one title.

    Something else about an order is still about the order of the first message.
    """
    turn, labels = exchange.turn, asked.wish.labels
    if turn.intent in FLOW_INTENTS and not turn.clarify:
        return turn.label
    likely = [label for label in turn.clarify or (turn.label,) if label in labels]
    if len(likely) == 1:
        return likely[0]
    if turn.clarify or turn.intent in ANSWERING:
        words = _words(turn.text)
        titled = [one for one in labels if words and words <= _words(exchange.wording.title(one))]
        return titled[0] if len(titled) == 1 else None
    return None


def _completes(turn: Turn) -> bool:
    """Tell whether the message only gives a value, which no other question asks for."""
    gives_value = bool(turn.order_numbers or turn.email or turn.product)
    return turn.intent is Intent.INFORM and gives_value and not turn.state.awaiting


def _about_orders(asked: Clarification) -> str | None:
    """Give the one meaning that a number or an e-mail address belongs to."""
    flows = [label for label in asked.wish.labels if label in FLOW_INTENTS]
    return flows[0] if len(flows) == 1 or (flows and {*flows} <= ALIKE) else None


def _words(text: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", (text or "").casefold()))


def _refer(turn: Turn, asked: Clarification) -> Answer:
    labels = asked.wish.labels
    if turn.intent is Intent.DENY and not turn.position:
        return Verdict.NONE_OF_THESE
    if turn.reference is OrderReference.NONE:
        return Verdict.NONE_OF_THESE
    place = len(labels) if turn.reference is OrderReference.LAST else turn.position
    if place is not None:
        labels = labels[place - 1 : place]
    elif turn.intent is not Intent.AFFIRM and turn.reference not in SEVERAL:
        return Verdict.SOMETHING_ELSE
    most = 1
    if turn.reference in SEVERAL:
        most = 2 if turn.reference is OrderReference.BOTH else len(labels)
    if not 0 < len(labels) <= most:
        return Verdict.STILL_UNCLEAR
    return tuple(_wish(asked, label, _said(turn)) for label in labels)


def _said(turn: Turn) -> Mapping[str, str]:
    """Give the values beside the pick: a place in this list is no place in a list of orders."""
    return {name: value for name, value in turn.wish.values.items() if name != "order_reference"}


def _wish(asked: Clarification, label: str, said: Mapping[str, str]) -> Wish:
    """Give what is wanted, with the values of the first message and of its answer."""
    return Wish((label,), {**asked.wish.values, **said}, asked.wish.text)
