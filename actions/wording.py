"""What labels are called in the shopper's words, read from the responses of the domain.

Rasa's action server is sent the whole domain with every call. Inside the brain an action gets the
responses alone, as they lie in memory, so that ten thousand articles cost a turn nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Self

from actions.labels import ARTICLE_PREFIX, Intent

# Labels that a shopper can be asked about. To ask whether *hello* was a greeting helps nobody, and
# what the bot cannot do is covered by the choice *none of these*.
CHOICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        Intent.ORDER_STATUS: "utter_choice_order_status",
        Intent.ORDER_DETAILS: "utter_choice_order_details",
        Intent.CANCEL_ORDER: "utter_choice_cancel_order",
        Intent.CONTACT_SELLER: "utter_choice_contact_seller",
        Intent.WRONG_ITEM: "utter_choice_wrong_item",
        Intent.HUMAN_HANDOFF: "utter_choice_human_handoff",
        Intent.BOT_CHALLENGE: "utter_choice_bot_challenge",
        Intent.HELP: "utter_choice_help",
    }
)
Source = Mapping[str, Any]

NONE_OF_THESE: Final = "utter_choice_none_of_these"
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """The responses of the domain by name, each a list of variations."""

    responses: Mapping[str, Sequence[Mapping[str, Any]]]

    @classmethod
    def of_domain(cls, domain: Mapping[str, Any]) -> Self:
        return cls(domain.get("responses") or {})

    def title(self, label: str) -> str | None:
        """Give the words in which a choice of this label is offered; None if it is never offered.

        An article is called by its title.
        """
        if not label.startswith(ARTICLE_PREFIX):
            return self.text(CHOICES[label]) if label in CHOICES else None
        titles = [source.get("title") for source in self.sources(label)]
        return titles[0] if titles and isinstance(titles[0], str) and titles[0] else None

    def sources(self, label: str) -> Sequence[Source]:
        """Give what an article's answer names as its sources, as shoppers are shown it."""
        custom = self._first(f"utter_{label}").get("custom") or {}
        return [
            {name: _as_shown(v) if isinstance(v, str) else v for name, v in source.items()}
            for source in custom.get("sources") or ()
        ]

    def step(self, label: str) -> str | None:
        """Name what the bot can do for an article, if anything."""
        step = (self._first(f"utter_{label}").get("metadata") or {}).get("step")
        return step if isinstance(step, str) else None

    def text(self, response: str) -> str | None:
        text = self._first(response).get("text")
        return _as_shown(text) if isinstance(text, str) and text else None

    def fill(self, response: str, **values: str) -> str:
        """Give a response as a part of another one, its placeholders filled."""
        text = self.text(response) or ""
        return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)

    def _first(self, response: str) -> Mapping[str, Any]:
        variations = self.responses.get(response) or [{}]
        return variations[0]


def _as_shown(text: str) -> str:
    """Undo the doubled braces with which the domain keeps Rasa from filling in slots."""
    return text.replace("{{", "{").replace("}}", "}")
