"""Turns the payload behind a chosen button into what the model would have understood.

Payloads come from our own responses, through the gateway, which knows them by opaque ids. Typed
text never gets here, so a shopper cannot write a payload; in stock Rasa anyone can type one.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rasa.shared.core.domain import Domain

from bot.brain.contract import UnknownPayload

_PAYLOAD = re.compile(r"/(?P<intent>[A-Za-z0-9_]+(?:/[a-z0-9_]+)?)(?P<entities>\{.*\})?", re.DOTALL)


def parse_payload(payload: str, title: str, domain: Domain) -> dict[str, Any]:
    """Return Rasa parse data for a button's payload such as `/affirm{"order_number": "81…"}`.

    Raises:
        UnknownPayload: It does not parse, or names an intent or entity that the domain lacks.
    """
    match = _PAYLOAD.fullmatch(payload.strip())
    if match is None:
        raise UnknownPayload(f"not a payload: {payload!r}")
    label = match["intent"]
    intent = label.split("/", 1)[0]
    if intent not in domain.intents:
        raise UnknownPayload(f"the domain has no intent {intent!r}")
    entities = _parse_entities(match["entities"] or "{}", domain)
    data: dict[str, Any] = {
        "text": title,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": label, "confidence": 1.0}],
        "entities": entities,
        "chosen": True,
    }
    if "/" in label:
        response = {"intent_response_key": label, "confidence": 1.0}
        response["utter_action"] = f"utter_{label}"
        data["response_selector"] = {intent: {"response": response, "ranking": []}}
    return data


def _parse_entities(text: str, domain: Domain) -> list[dict[str, Any]]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnknownPayload(f"entities are not JSON: {text!r}") from error
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise UnknownPayload(f"entities must be texts by name: {text!r}")
    unknown = sorted(set(values) - set(domain.entities))
    if unknown:
        raise UnknownPayload(f"the domain has no entity {unknown[0]!r}")
    return [
        {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "choice"}
        for name, value in values.items()
    ]
