"""One message in, replies out: what every flow is given to do its work."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.order_desk import OrderDesk, StoreCalls
from actions.orders.model import Order
from actions.presentation import Card, Presentation, plain
from actions.shopper import Shopper, identify
from actions.state import FlowName, State
from actions.turn import Turn
from actions.wiring import Services
from actions.wording import Source, Wording

Button = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """A response of the domain with what fills it; `asks` is true for one that asks back."""

    response: str
    cards: Sequence[Card]
    buttons: Sequence[Button]
    values: Mapping[str, str]
    sources: Sequence[Source] = ()
    asks: bool = False

    @property
    def custom(self) -> dict[str, Any] | None:
        """What a reply carries beside text and choices; None if nothing."""
        carried = {"cards": list(self.cards), "sources": list(self.sources)}
        return {name: value for name, value in carried.items() if value} or None


@dataclass(frozen=True, slots=True)
class Exchange:
    """`replies` collects what is said; `wording` knows what labels are called."""

    turn: Turn
    desk: OrderDesk
    show: Presentation
    now: datetime
    wording: Wording
    replies: list[Reply] = field(default_factory=list)

    @classmethod
    def open(cls, tracker: Tracker, domain: Mapping[str, Any], services: Services) -> Self:
        """Parse the message and find out who is talking; the turn's time starts to run."""
        wording = Wording.of_domain(domain)
        turn = Turn.from_tracker(tracker, wording)
        shopper = identify(turn.session, turn.state.proven_orders)
        calls = StoreCalls(
            services.threads,
            call_deadline_s=services.deadline_s,
            turn_deadline_s=services.turn_deadline_s,
        )
        return cls(
            turn=turn,
            desk=OrderDesk(services.store, services.limiter, services.notices, shopper, calls),
            show=Presentation.for_session(turn.session),
            now=services.clock(),
            wording=wording,
        )

    @property
    def shopper(self) -> Shopper:
        return self.desk.shopper

    def after_proof(self, state: State) -> Self:
        """Give the same exchange for a shopper who may see what `state` proves."""
        shopper = identify(self.turn.session, state.proven_orders)
        return replace(self, desk=self.desk.for_shopper(shopper))

    def about(self, turn: Turn, state: State) -> Self:
        """Give an exchange about one question of the message, with replies of its own."""
        about = replace(self, turn=replace(turn, state=state), replies=[])
        return about.after_proof(state)

    def say(
        self,
        response: str,
        *,
        cards: Sequence[Card] = (),
        buttons: Sequence[Button] = (),
        sources: Sequence[Source] = (),
        **values: str,
    ) -> None:
        """Reply with a response of the domain, its placeholders filled with plain text."""
        self.replies.append(Reply(response, cards, buttons, values, sources))

    def ask(
        self,
        response: str,
        *,
        cards: Sequence[Card] = (),
        buttons: Sequence[Button] = (),
        **values: str,
    ) -> None:
        """Reply with a question; of several things said in one turn it comes last."""
        self.replies.append(Reply(response, cards, buttons, values, asks=True))

    def send(self, dispatcher: CollectingDispatcher) -> None:
        """Hand the replies over to Rasa."""
        for reply in self.replies:
            dispatcher.utter_message(
                response=reply.response,
                json_message=reply.custom,
                buttons=[dict(button) for button in reply.buttons],
                **{name: plain(value) for name, value in reply.values.items()},
            )

    def order_button(self, flow: FlowName, order: Order) -> Button:
        """Make a choice that goes on with this flow and this order, whenever it is taken."""
        payload = json.dumps({"order_number": order.number})
        return {"title": self.show.choice_title(order), "payload": f"/{flow.value}{payload}"}

    def idempotency_key(self, purpose: str) -> str:
        return f"{self.turn.session.message_id}:{purpose}"
