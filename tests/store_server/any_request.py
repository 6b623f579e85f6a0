"""Requests of all kinds that the contract allows, and some that it does not, sent to a server."""

from typing import Any, Final

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.actions.orders.http_contract import CONTRACT

OPERATIONS: Final = [
    (method, path) for path, operations in CONTRACT["paths"].items() for method in operations
]
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
TIMEOUT_S: Final = 20


def require_conforming_answers(
    address: str, token: str, method: str, path: str, *, examples: int = 15
) -> None:
    """Send this many requests of one operation, and hold each answer to the contract."""
    contract = schemathesis.openapi.from_dict(CONTRACT)

    @given(case=contract[path][method].as_strategy())
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def check(case: schemathesis.Case[Any]) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        case.call_and_validate(base_url=address, headers=headers, checks=CHECKS, timeout=TIMEOUT_S)

    check()
