"""What the endpoints work with, made once per application."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.db.database import Database
from bot.gateway.brain_client import Brain
from bot.gateway.client_address import Network, find_client_address
from bot.gateway.clock import Clock
from bot.gateway.errors import NotSignedIn, WrongContentType
from bot.gateway.events import Events
from bot.gateway.help_center import HelpCenter
from bot.gateway.identity import IdentityKeys
from bot.gateway.limits import Limits
from bot.gateway.metrics import Metrics
from bot.gateway.session_tokens import Bearer, SessionTokens
from bot.gateway.turns import Turns
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one gateway."""

    settings: Settings
    database: Database
    brain: Brain
    events: Events
    help: HelpCenter
    turns: Turns
    limits: Limits
    tokens: SessionTokens
    identity_keys: IdentityKeys
    metrics: Metrics
    clock: Clock
    trusted_proxies: tuple[Network, ...]

    def session_end(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.settings.session_ttl_s)

    def address_key(self, request: Request) -> str:
        """Return an opaque key for the caller's network address."""
        return self.settings.hash_address(find_client_address(request, self.trusted_proxies))


# Both are `async` though they wait for nothing: FastAPI gives plain functions a thread each.
async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


_bearer_scheme = HTTPBearer(auto_error=False, description="The `token` of `POST /sessions`.")


async def _bearer(
    services: Annotated[Services, Depends(_services)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer_scheme)],
) -> Bearer:
    if credentials is None:
        raise NotSignedIn(
            "This call needs the header `Authorization: Bearer <token>` with a session token."
        )
    return services.tokens.verify(credentials.credentials)


async def _sent_token(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer_scheme)],
) -> str | None:
    return credentials.credentials if credentials else None


async def require_json(request: Request) -> None:
    """Refuse a body that does not call itself JSON."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise WrongContentType("The body must be JSON: send `Content-Type: application/json`.")


ServicesParam = Annotated[Services, Depends(_services)]
BearerParam = Annotated[Bearer, Depends(_bearer)]
SentTokenParam = Annotated[str | None, Depends(_sent_token)]
JsonBody = Depends(require_json)


async def _count_read(request: Request, bearer: BearerParam, services: ServicesParam) -> None:
    await services.limits.count_read(bearer.session_id, services.address_key(request))


CountedRead = Depends(_count_read)
