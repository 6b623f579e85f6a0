"""Several questions asked in one breath: answered one after the other, with one asked back.

Each goes the way of a message of its own, with the state after the one before. What one of them
asks back is held until the others are answered, so that it is asked once and last. A question that
would ask back too waits until the first one is settled.
"""

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from textwrap import shorten
from typing import Final

from actions.dialogue import QUESTIONS
from actions.exchange import Exchange, Reply
from actions.labels import FLOW_INTENTS, Intent
from actions.one_question import answer_one
from actions.orders.store import OrderStoreUnavailable
from actions.state import Awaiting, State
from actions.store_outage import STORE_AWAY, tell_outage
from actions.turn import Turn
from actions.wish import Wish

logger = logging.getLogger(__name__)

QUOTED_CHARS: Final = 80

# Questions that leave open which order is meant.
ORDER_UNKNOWN: Final = (Awaiting.ORDER, Awaiting.ORDER_NUMBER)


async def answer_in_order(exchange: Exchange, state: State, turns: Iterable[Turn]) -> State:
    """Answer the turns and give the state after them.

    An order store that is away spoils only the answers that need it.
    """
    return await _run(_Course(exchange, state), turns)


async def answer_pending(exchange: Exchange, state: State) -> State:
    """Answer what had to wait; it is about the order just dealt with, unless it names another."""
    turns = [exchange.turn.wishing(wish, exchange.wording) for wish in state.pending]
    free = replace(state, pending=())
    course = _Course(exchange, free, settled=state.order_number)
    if state.awaiting:
        course = replace(course, state=free.aside(), held=free)
    return await _run(course, turns)


async def _run(course: "_Course", turns: Iterable[Turn]) -> State:
    waiting = deque(turns)
    while waiting:
        more = await course.answer(waiting.popleft())
        waiting.extendleft(reversed(more))
    return course.end()


@dataclass(slots=True)
class _Course:
    """How far the answering is.

    `state` is that after the last answer, without what is `held`: the state with the question that
    the replies `asking` will ask at the end. `settled` is the order that was dealt with last.
    """

    exchange: Exchange
    state: State
    settled: str | None = None
    held: State | None = None
    asking: list[Reply] = field(default_factory=list)
    deferred: list[Wish] = field(default_factory=list)
    answered: set[tuple[str, str | None]] = field(default_factory=set)

    async def answer(self, turn: Turn) -> Sequence[Turn]:
        """Answer one question; gives those that it turns out to consist of."""
        turn = self._about_settled(turn)
        if self._is_answered(turn):
            return ()
        part = self.exchange.about(turn, self.state)
        after, taken = await _answer_safely(part, self.state)
        is_new = after.open_question != self.state.open_question
        asks_back = bool(after.open_question) and (taken or is_new or after.flow == turn.label)
        if asks_back and self.held and _must_be_answered(self.held) and _must_be_answered(after):
            self._defer(turn)
            return ()
        self._note(turn, after, taken=taken)
        self._say(part)
        more = after.pending[: len(after.pending) - len(self.state.pending)]
        after = replace(after, pending=after.pending[len(more) :])
        self._take(part, after, asks_back=asks_back)
        return [self.exchange.turn.wishing(wish, self.exchange.wording) for wish in more]

    def end(self) -> State:
        """Ask the question that is left, and give the last state."""
        for wish in self.deferred:
            self.exchange.say("utter_later", question=_quoted(wish.text))
        self.exchange.replies.extend(self.asking)
        last = self.state
        if self.held:
            last = replace(
                self.held, proven_orders=last.proven_orders, guest_email=last.guest_email
            )
        return replace(last, pending=(*last.pending, *self.deferred))

    def _about_settled(self, turn: Turn) -> Turn:
        """Let a question that names no order be about the one just dealt with."""
        if turn.intent not in FLOW_INTENTS or turn.names_order or self.settled is None:
            return turn
        others = {n: found for n, found in turn.values.items() if n != "order_reference"}
        return replace(turn, values={**others, "order_number": (self.settled,)})

    def _is_answered(self, turn: Turn) -> bool:
        """Tell whether an article, or a flow with this order, has been given already."""
        if turn.intent is Intent.FAQ:
            return (turn.label, None) in self.answered
        is_clear = bool(turn.order_number) or not turn.names_order
        return is_clear and (turn.label, turn.order_number) in self.answered

    def _defer(self, turn: Turn) -> None:
        """Keep for later what would ask back too; by then the e-mail address may be corrected."""
        values = {n: value for n, value in turn.wish.values.items() if n != "email"}
        self.deferred.append(replace(turn.wish, values=values))

    def _note(self, turn: Turn, after: State, *, taken: bool) -> None:
        if taken or after.flow == turn.label:
            is_known = after.awaiting not in ORDER_UNKNOWN and not after.clarifying
            self.settled = after.order_number if is_known else None
        elif turn.intent in FLOW_INTENTS:
            # What was interrupted is open again, and says nothing about this question's order.
            self.settled = turn.order_number
        self.answered.add((turn.label, self.settled if turn.intent in FLOW_INTENTS else None))

    def _say(self, part: Exchange) -> None:
        """Take over what was said, but nothing twice: two things may be in the same order."""
        said = {reply.response for reply in self.exchange.replies}
        self.exchange.replies.extend(
            reply
            for reply in part.replies
            if not (
                reply.asks
                or reply in self.exchange.replies
                or (reply.response == STORE_AWAY and STORE_AWAY in said)
            )
        )

    def _take(self, part: Exchange, after: State, *, asks_back: bool) -> None:
        asks = [reply for reply in part.replies if reply.asks]
        if not asks_back:
            was_closed = self.state.open_question and not after.open_question
            if not self.held and (asks or was_closed):
                self.asking = asks
            self.state = after
            return
        self.state = after.aside()
        if self.held and _must_be_answered(self.held) and not _must_be_answered(after):
            return
        if self.held:
            after = replace(after, suspended=after.suspended or self.held.suspended)
        self.held = after
        self.asking = asks


async def _answer_safely(part: Exchange, state: State) -> tuple[State, bool]:
    try:
        return await answer_one(part, state, not_understood=_pass_over)
    except OrderStoreUnavailable as error:
        logger.warning("One of several questions could not be answered", exc_info=True)
        tell_outage(part, error)
        return state, False


async def _pass_over(part: Exchange, state: State) -> State:
    """Say which part was not understood; the others were, so it is no misunderstanding yet."""
    part.say("utter_did_not_understand_part", question=_quoted(part.turn.text))
    return state


def _must_be_answered(state: State) -> bool:
    question = QUESTIONS.get(state.awaiting) if state.awaiting else None
    return bool(state.clarifying) or (question is not None and not question.optional)


def _quoted(text: str) -> str:
    return shorten(text, QUOTED_CHARS, placeholder="…")
