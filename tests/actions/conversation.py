"""A conversation with the actions, as the brain would hold it but without understanding.

A test says which intent and entities a message has; the rule of that intent picks the action, the
action runs through Rasa's executor, its slots are kept for the next message, and its responses are
filled by Rasa's own template code from `domain.yml`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa_sdk.executor import ActionExecutor

ROOT: Final = Path(__file__).parents[2]
DOMAIN: Final[dict[str, Any]] = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
RULES: Final[list[dict[str, Any]]] = yaml.safe_load(
    (ROOT / "data" / "rules.yml").read_text("utf-8")
)["rules"]
ACTION_OF_INTENT: Final[dict[str, str]] = {
    rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in RULES
}

# The articles of the tests, as the importer hands them to Rasa.
ARTICLES: Final = {
    "how_do_i_purchase_an_item": "How do I purchase an item?",
    "how_do_i_configure_my_address": "How do I configure {my} address?",
    "why_cant_i_place_an_order": "Why can’t I place an {order}?",
}

Entities = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    response: str
    text: str
    choices: Mapping[str, str]
    cards: Sequence[Mapping[str, Any]]
    sources: Sequence[Mapping[str, Any]] = ()


@dataclass
class Conversation:
    """Every `says` and `taps` is one turn and returns what the bot replied to it."""

    executor: ActionExecutor
    customer_id: str | None = None
    session_id: str = "session-1"
    address_key: str = "address-1"
    time_zone: str = "Europe/Berlin"
    locale: str = "en"
    slots: dict[str, Any] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    turns: int = 0
    steps: dict[str, str | None] = field(default_factory=dict)

    async def says(
        self, intent: str, text: str = "", *, message_id: str | None = None, **entities: str
    ) -> list[str]:
        """Send a typed message; gives the names of the responses."""
        message = self.message(intent, list(entities.items()), text)
        return await self.sends(message, message_id=message_id)

    async def asks_article(self, article_id: str, step: str | None = None) -> list[str]:
        self.steps[article_id] = step
        return await self.says(f"faq/{article_id}")

    async def asks_several(
        self,
        *parts: Mapping[str, Any],
        intent: str | None = None,
        text: str = "",
        beside: Entities = (),
    ) -> list[str]:
        """Send a message with several questions; as a whole it is taken for the first one.

        The entities `beside` stand in none of the parts.
        """
        whole = {**parts[0], "intent": {"name": intent}} if intent else parts[0]
        found = [entity for part in parts for entity in part["entities"]]
        found += self.message("inform", beside)["entities"]
        text = text or " and ".join(part["text"] for part in parts)
        return await self.sends({**whole, "text": text, "entities": found, "parts": list(parts)})

    async def mumbles(self, *labels: str, text: str = "", **entities: str) -> list[str]:
        """Send a typed message that could mean each of the labels, the first one likeliest."""
        message = self.message(labels[0], list(entities.items()), text or "(unclear)")
        return await self.sends(message | {"clarify": list(labels)})

    async def taps(self, title: str, *, of: Sequence[Reply] = ()) -> list[str]:
        """Tap a choice of the last or of earlier replies that has this title, or begins with it."""
        replies = of or self.replies
        offered = {t: payload for reply in replies for t, payload in reply.choices.items()}
        payload = next(offered[t] for t in offered if t.startswith(title))
        intent, _, entities = payload[1:].partition("{")
        values = json.loads("{" + entities) if entities else {}
        message = self.message(intent, list(values.items()), title)
        return await self.sends(message | {"chosen": True})

    async def sends(self, message: dict[str, Any], *, message_id: str | None = None) -> list[str]:
        self.turns += 1
        message["metadata"] = self._metadata(message_id or f"message-{self.turns}")
        tracker = {
            "sender_id": "conversation-1",
            "slots": json.loads(json.dumps(self.slots)),
            "latest_message": message,
        }
        action = ACTION_OF_INTENT[message["intent"]["name"]]
        call = {"next_action": action, "tracker": tracker, "domain": self._domain()}
        result = await self.executor.run(call)
        assert result is not None
        for event in result["events"]:
            self.slots[event["name"]] = event["value"]
        self.replies = [self._render(said) for said in result["responses"]]
        return [reply.response for reply in self.replies]

    @property
    def text(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def choices(self) -> list[str]:
        return [title for reply in self.replies for title in reply.choices]

    @property
    def cards(self) -> list[Mapping[str, Any]]:
        return [card for reply in self.replies for card in reply.cards]

    @property
    def sources(self) -> list[Mapping[str, Any]]:
        return [source for reply in self.replies for source in reply.sources]

    @property
    def numbers(self) -> list[str]:
        """The orders whose cards were shown, in their order."""
        return [card["number"] for card in self.cards]

    @property
    def awaiting(self) -> str | None:
        return self.slots.get("awaiting")

    def _metadata(self, message_id: str) -> dict[str, Any]:
        return {
            "session_id": self.session_id,
            "conversation_id": "conversation-1",
            "message_id": message_id,
            "customer_id": self.customer_id,
            "customer_name": None,
            "address_key": self.address_key,
            "time_zone": self.time_zone,
            "locale": self.locale,
        }

    @staticmethod
    def message(label: str, entities: Entities = (), text: str = "") -> dict[str, Any]:
        """Build what Rasa understands; the label may be that of an article."""
        intent = label.partition("/")[0]
        found = [{"entity": name, "value": value} for name, value in entities]
        message = {"text": text or f"({label})", "intent": {"name": intent}, "entities": found}
        if intent == label:
            return message
        response = {"intent_response_key": label}
        return message | {"response_selector": {intent: {"response": response}}}

    def _domain(self) -> dict[str, Any]:
        """Give what the actions see of the domain, as `bot.faq.importer` builds it."""
        articles = {
            f"utter_faq/{article_id}": [
                {
                    "custom": {"sources": [{"title": _literal(ARTICLES.get(article_id, ""))}]},
                    "metadata": {"step": self.steps.get(article_id)},
                }
            ]
            for article_id in {**ARTICLES, **self.steps}
        }
        return {"responses": {**DOMAIN["responses"], **articles}}

    def _render(self, said: dict[str, Any]) -> Reply:
        """Fill a response as Rasa does, and fail where Rasa would say nothing or raw braces."""
        name = said.pop("response")
        if name.startswith("utter_faq/"):
            return Reply(name, name, {}, ())
        generator = TemplatedNaturalLanguageGenerator(DOMAIN["responses"])
        # Slots could hide a value that the action forgot to pass, so there are none but a dummy.
        draft = generator.generate_from_slots(name, {"": ""}, "shop_chat", **said)
        assert draft is not None, f"domain.yml has no {name}"
        values = [value for value in said.values() if isinstance(value, str)]
        if not any("{" in value for value in values):
            assert "{" not in draft["text"], f"{name} has an unfilled placeholder"
        buttons = [*draft.get("buttons", ()), *said["buttons"]]
        choices = {button["title"]: button["payload"] for button in buttons}
        custom = said["custom"]
        return Reply(
            name, draft["text"], choices, custom.get("cards", ()), custom.get("sources", ())
        )


def part(label: str, text: str = "", **entities: str) -> dict[str, Any]:
    """Build one question of a message with several."""
    return Conversation.message(label, list(entities.items()), text)


def unclear(*labels: str, **entities: str) -> dict[str, Any]:
    """Build one that could mean each of the labels, the first one likeliest."""
    return part(labels[0], **entities) | {"clarify": list(labels)}


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
