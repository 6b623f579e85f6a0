"""The description at `/openapi.json`, held against the running gateway."""

from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.gateway.running import Gateway

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


async def test_every_call_and_its_problems_are_described(gateway: Gateway) -> None:
    description = (await gateway.client.get("/openapi.json")).json()
    send = description["paths"]["/api/v1/conversation/messages"]["post"]
    assert set(send["responses"]) >= {"200", "202", "401", "404", "409", "413", "415", "422", "429"}
    assert "application/problem+json" in send["responses"]["422"]["content"]
    assert "HTTPValidationError" not in description["components"]["schemas"]


async def test_no_page_of_ours_loads_scripts_from_elsewhere(gateway: Gateway) -> None:
    assert (await gateway.client.get("/docs")).status_code == 404
