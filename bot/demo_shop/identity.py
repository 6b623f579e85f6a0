"""Who is signed in to the demo shop: it vouches for its customers as a shop's own server does."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Annotated

import jwt
from fastapi import APIRouter, Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from bot.demo_shop.problems import UnknownCustomer
from bot.gateway.clock import Clock
from bot.gateway.errors import NotSignedIn
from bot.gateway.identity import SharedSecret, verify_identity
from bot.gateway.model import Customer, Value
from bot.gateway.problems import documented
from bot.gateway.services import JsonBody

IDENTITY_LIFETIME_S = 600

_identity_scheme = HTTPBearer(
    auto_error=False,
    scheme_name="DemoIdentity",
    description="The `identity` of `POST /demo/identity`.",
)

FindCustomer = Callable[..., Awaitable[Customer]]


class IdentityRequest(BaseModel):
    """Which customer to be."""

    model_config = ConfigDict(extra="forbid")

    customer: str = Field(max_length=128, examples=["C100"])


class Identity(Value):
    """A token for `POST /api/v1/sessions`, and for the customer's own orders."""

    identity: str


def identity_router(customers: Mapping[str, str], secret: str, clock: Clock) -> APIRouter:
    """Return the endpoint that signs in the customers, whose names are given by their ids."""
    router = APIRouter(prefix="/demo", tags=["demo"])

    @router.post(
        "/identity",
        dependencies=[JsonBody],
        responses=documented(400, 404, 413, 415, 422),
    )
    async def post_identity(body: IdentityRequest) -> Identity:
        """Sign in as one of the demo shop's customers."""
        if body.customer not in customers:
            raise UnknownCustomer
        claims = {
            "sub": body.customer,
            "name": customers[body.customer],
            "exp": clock() + timedelta(seconds=IDENTITY_LIFETIME_S),
        }
        return Identity(identity=jwt.encode(claims, secret, "HS256"))

    return router


def customer_finder(secret: str, clock: Clock) -> FindCustomer:
    """Return the dependency that gives an endpoint the customer whom the bearer token proves."""
    keys = SharedSecret(secret)

    async def find_customer(
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_identity_scheme)],
    ) -> Customer:
        if credentials is None:
            raise NotSignedIn(
                "This call needs the header `Authorization: Bearer <identity>` with the token of "
                "`POST /demo/identity`."
            )
        return await verify_identity(credentials.credentials, keys, now=clock())

    return find_customer
