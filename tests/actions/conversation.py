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

Entities = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    response: str
    text: str
    choices: Mapping[str, str]
    cards: Sequence[Mapping[str, Any]]


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

    async def says(
        self, intent: str, text: str = "", *, message_id: str | None = None, **entities: str
    ) -> list[str]:
        """Send a typed message; gives the names of the responses."""
        message = self.message(intent, list(entities.items()), text or f"({intent})")
        return await self.sends(message, message_id=message_id)

    async def asks_article(self, article_id: str, step: str | None = None) -> list[str]:
        message = self.message("faq", [], "(faq)")
        response = {"intent_response_key": f"faq/{article_id}", "step": step}
        message["response_selector"] = {"faq": {"response": response}}
        return await self.sends(message)

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
        result = await self.executor.run({"next_action": action, "tracker": tracker})
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
    def message(intent: str, entities: Entities, text: str = "") -> dict[str, Any]:
        found = [{"entity": name, "value": value} for name, value in entities]
        return {"text": text, "intent": {"name": intent}, "entities": found}

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
        return Reply(name, draft["text"], choices, said["custom"].get("cards", ()))
