"""The labels of the product that a message can have, and what they have in common."""

from enum import StrEnum
from typing import Final

ARTICLE_PREFIX: Final = "faq/"


class Intent(StrEnum):
    ORDER_STATUS = "order_status"
    ORDER_DETAILS = "order_details"
    CANCEL_ORDER = "cancel_order"
    CONTACT_SELLER = "contact_seller"
    WRONG_ITEM = "wrong_item"
    FAQ = "faq"
    HUMAN_HANDOFF = "human_handoff"
    GREET = "greet"
    GOODBYE = "goodbye"
    THANK_YOU = "thank_you"
    BOT_CHALLENGE = "bot_challenge"
    HELP = "help"
    AFFIRM = "affirm"
    DENY = "deny"
    STOP = "stop"
    INFORM = "inform"
    OUT_OF_SCOPE = "out_of_scope"


# What means something only together with the question that it answers.
ANSWERS: Final = frozenset({Intent.AFFIRM, Intent.DENY, Intent.STOP})

# Courtesies: nothing to answer where something else was said beside them.
COURTESIES: Final = frozenset({Intent.GREET, Intent.GOODBYE, Intent.THANK_YOU})

# To ask the open question again after these would only nag.
NOT_ASKED_AFTER: Final = frozenset({Intent.GOODBYE, Intent.THANK_YOU})

# What a flow is for: it is about one order.
FLOW_INTENTS: Final = frozenset(
    {
        Intent.ORDER_STATUS,
        Intent.ORDER_DETAILS,
        Intent.CANCEL_ORDER,
        Intent.CONTACT_SELLER,
        Intent.WRONG_ITEM,
    }
)
