"""The one table of what each label asks for, where no open question takes the message."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from actions.answer_article import answer_article
from actions.dialogue import Handle, start_flow
from actions.exchange import Exchange
from actions.human_handoff import answer_wish_for_person
from actions.labels import Intent
from actions.small_talk import answer_small_talk
from actions.state import FlowName, State
from actions.understanding import (
    answer_affirm,
    answer_deny,
    answer_inform,
    answer_not_understood,
    answer_stop,
)


def _starts(flow: FlowName) -> Handle:
    async def start(exchange: Exchange, state: State) -> State:
        return await start_flow(exchange, state, flow)

    return start


HANDLERS: Final[Mapping[Intent, Handle]] = MappingProxyType(
    {
        **{Intent(flow): _starts(flow) for flow in FlowName},
        Intent.FAQ: answer_article,
        Intent.HUMAN_HANDOFF: answer_wish_for_person,
        Intent.GREET: answer_small_talk,
        Intent.GOODBYE: answer_small_talk,
        Intent.THANK_YOU: answer_small_talk,
        Intent.BOT_CHALLENGE: answer_small_talk,
        Intent.HELP: answer_small_talk,
        Intent.AFFIRM: answer_affirm,
        Intent.DENY: answer_deny,
        Intent.STOP: answer_stop,
        Intent.INFORM: answer_inform,
        Intent.OUT_OF_SCOPE: answer_not_understood,
    }
)
