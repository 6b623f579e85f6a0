"""The demo shop's own server, as far as the demo needs one: it vouches for its customers."""

import json
from datetime import timedelta
from pathlib import Path

import jwt
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.errors import ConfigurationError
from bot.gateway.errors import UnknownCustomer
from bot.gateway.model import Value
from bot.gateway.problems import documented
from bot.gateway.services import JsonBody, ServicesParam

IDENTITY_LIFETIME_S = 600


class IdentityRequest(BaseModel):
    """Which customer to be."""

    model_config = ConfigDict(extra="forbid")

    customer: str = Field(max_length=128, examples=["C100"])


class Identity(Value):
    """A token for `POST /api/v1/sessions`."""

    identity: str


def read_customers(demo_shop_path: Path) -> dict[str, str]:
    """Return the names of the demo shop's customers by their ids.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    try:
        shop = json.loads(demo_shop_path.read_text(encoding="utf-8"))
        return {customer["id"]: customer["name"] for customer in shop["customers"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{demo_shop_path} cannot be read as the demo shop ({type(error).__name__}): "
            "BOT_DEMO_SHOP_PATH must name the shipped demo_shop.json"
        ) from error


def demo_router(customers: dict[str, str], secret: SecretStr) -> APIRouter:
    """Return the endpoint that a shop's own server would have."""
    router = APIRouter(prefix="/demo", tags=["demo"])

    @router.post(
        "/identity",
        dependencies=[JsonBody],
        responses=documented(400, 404, 413, 415, 422),
    )
    async def post_identity(body: IdentityRequest, services: ServicesParam) -> Identity:
        """Sign in as one of the demo shop's customers."""
        if body.customer not in customers:
            raise UnknownCustomer("The demo shop has no such customer.")
        claims = {
            "sub": body.customer,
            "name": customers[body.customer],
            "exp": services.clock() + timedelta(seconds=IDENTITY_LIFETIME_S),
        }
        return Identity(identity=jwt.encode(claims, secret.get_secret_value(), "HS256"))

    return router
