"""`docs/order-store.openapi.yaml`, and whether an answer keeps to it."""

import json
import re
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema_rs import Draft202012Validator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTRACT_FILE: Final = Path(__file__).parents[3] / "docs" / "order-store.openapi.yaml"
CONTRACT: Final[dict[str, Any]] = yaml.safe_load(CONTRACT_FILE.read_text("utf-8"))


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """Give what a reference points to; anything else as it is."""
    target: dict[str, Any] = CONTRACT
    if "$ref" not in node:
        return node
    for key in node["$ref"].removeprefix("#/").split("/"):
        target = target[key]
    return target


def operation_at(method: str, path: str) -> dict[str, Any] | None:
    """Find the operation that answers to this method and path."""
    for template, operations in CONTRACT["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            found: dict[str, Any] | None = operations.get(method.lower())
            return found
    return None


def validator_of(schema: dict[str, Any]) -> Draft202012Validator:
    """Make a validator for a schema of the contract."""
    whole = {**schema, "components": CONTRACT["components"]}
    return Draft202012Validator(whole, validate_formats=True)


def faults_of_answer(method: str, path: str, status: int, kind: str, body: bytes) -> list[str]:
    """Say in what an answer does not keep to the contract."""
    operation = operation_at(method, path)
    if operation is None:
        return [f"{method} {path} is no call of the contract"]
    if str(status) not in operation["responses"]:
        return [f"{method} {path} may not answer {status}"]
    content = resolved(operation["responses"][str(status)]).get("content", {})
    if not content:
        return [f"{status} with a body"] if body else []
    if kind not in content:
        return [f"{status} as {kind}"]
    errors = validator_of(content[kind]["schema"]).iter_errors(json.loads(body))
    return [f"{method} {path} {status}: {error.instance_path} {error.message}" for error in errors]


class ContractCheck:
    """Holds every answer of an application to the contract; a fault becomes status 599."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        start, *parts = messages
        headers = {name.lower(): value for name, value in start["headers"]}
        kind = headers.get(b"content-type", b"").decode().partition(";")[0]
        body = b"".join(part.get("body", b"") for part in parts)
        faults = faults_of_answer(scope["method"], scope["path"], start["status"], kind, body)
        if faults:
            print("\n".join(faults))  # noqa: T201 - pytest shows it with the test that fails
            start["status"] = 599
        for message in messages:
            await send(message)
