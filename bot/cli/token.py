"""`bot token`: an identity JWT, as the shop's own server would make it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
import typer

from bot.cli.project import read_settings
from bot.errors import ConfigurationError


def token(
    customer: Annotated[str, typer.Option(help="The customer's id in the shop.")],
    name: Annotated[str | None, typer.Option(help="What the shopper is called.")] = None,
    minutes: Annotated[int, typer.Option(min=1, max=60, help="How long it is good for.")] = 30,
    demo: Annotated[bool, typer.Option(help="Use the demo's secret.")] = False,
) -> None:
    """Print an identity JWT for a customer and nothing else."""
    settings = read_settings(demo=demo)
    if settings.identity_secret is None:
        raise ConfigurationError(
            "BOT_IDENTITY_SECRET is not set: identity tokens are signed with it (with "
            "BOT_IDENTITY_JWKS only the shop's server can make them)"
        )
    expires = datetime.now(UTC) + timedelta(minutes=minutes)
    claims = {"sub": customer, "exp": expires}
    if name:
        claims["name"] = name
    print(jwt.encode(claims, settings.identity_secret.get_secret_value(), algorithm="HS256"))
