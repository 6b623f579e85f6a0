"""What the real gateway says about its calls, as a measure for the widget and the fake gateway."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs

from bot.db.engine import open_engine
from bot.gateway.app import create_app
from tests.gateway.fake_brain import FakeBrain
from tests.gateway.running import make_settings

# The gateway sends every field that it describes, but for these.
_LEFT_OUT_WHERE_EMPTY = {"Problem"}


@dataclass(frozen=True)
class Answer:
    status: int
    media_type: str
    content: bytes


class Contract:
    """The description at `/openapi.json`, taken at its word: no field more, and none less."""

    def __init__(self, description: dict[str, Any]) -> None:
        self._paths: dict[str, Any] = description["paths"]
        self._components = deepcopy(description["components"])
        for name, schema in self._components["schemas"].items():
            if "properties" in schema and not name.endswith("Request"):
                schema.setdefault("additionalProperties", False)
                if name not in _LEFT_OUT_WHERE_EMPTY:
                    schema["required"] = list(schema["properties"])

    @classmethod
    def of_the_gateway(cls, state_dir: Path) -> "Contract":
        settings = make_settings(state_dir)
        engine = open_engine(settings.database_url)
        app = create_app(settings, engine=engine, brain=FakeBrain())
        engine.dispose()
        return cls(app.openapi())

    def request_faults(self, method: str, path: str, body: object) -> list[str]:
        """Return why the gateway would refuse a body; one for a path that it lacks has no fault."""
        call = self._paths.get(path, {}).get(method.lower(), {})
        content = call.get("requestBody", {}).get("content", {})
        return [
            f"{method} {path}: {fault}"
            for described in content.values()
            for fault in self._faults(described["schema"], body)
        ]

    def answer_faults(self, method: str, path: str, answer: "Answer") -> list[str]:
        """Return how an answer differs from all those that are described."""
        place = f"{method} {path} {answer.status}"
        described = self._paths[path][method.lower()]["responses"].get(str(answer.status))
        if described is None:
            return [f"{place}: no such status"]
        content = described.get("content", {})
        if not content or not answer.content:
            return [f"{place}: unexpected content"] if answer.content or content else []
        if answer.media_type not in content:
            return [f"{place}: no such content: {answer.media_type}"]
        if not answer.media_type.endswith("json"):
            return []
        schema = content[answer.media_type]["schema"]
        return [f"{place}: {fault}" for fault in self._faults(schema, json.loads(answer.content))]

    def value_faults(self, name: str, value: object) -> list[str]:
        """Return how a value differs from what is described by this name."""
        return list(self._faults({"$ref": f"#/components/schemas/{name}"}, value))

    def _faults(self, schema: dict[str, Any], value: object) -> Iterator[str]:
        validator = jsonschema_rs.validator_for({**schema, "components": self._components})
        for error in validator.iter_errors(value):
            yield f"{'.'.join(map(str, error.instance_path))}: {error.message}"
