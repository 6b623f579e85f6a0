"""Opening sessions."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.gateway.history import close_conversation
from bot.gateway.identity import verify_identity
from bot.gateway.model import Session, Value
from bot.gateway.problems import documented
from bot.gateway.services import BearerParam, JsonBody, SentTokenParam, Services, ServicesParam
from bot.gateway.session_store import Opening, open_session, replace_session
from bot.gateway.session_tokens import Bearer
from bot.gateway.sign_in import sign_in
from bot.gateway.time_zones import find_zone

router = APIRouter(prefix="/api/v1", tags=["sessions"])

_LOCALE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$"


class SessionRequest(BaseModel):
    """Who wants to talk; everything may be left out."""

    model_config = ConfigDict(extra="forbid")

    identity: Annotated[str, StringConstraints(max_length=4096)] | None = Field(
        default=None,
        description="A JWT from the shop's server; without it, the shopper is a guest.",
    )
    locale: Annotated[str, StringConstraints(pattern=_LOCALE)] | None = Field(
        default=None, examples=["en-GB"]
    )
    time_zone: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None,
        description="An IANA name; an unknown one counts as UTC.",
        examples=["Europe/Berlin"],
    )


class CustomerName(Value):
    """The customer, as far as the page needs to know."""

    name: str | None


class SessionOpened(Value):
    """A session, good for one conversation."""

    token: str
    expires_at: datetime
    conversation_id: str
    customer: CustomerName | None = Field(description="Null for a guest.")


@router.post(
    "/sessions",
    status_code=201,
    dependencies=[JsonBody],
    responses=documented(400, 401, 413, 415, 422, 429, 503),
    openapi_extra={"security": [{}]},  # a token is not needed
)
async def post_session(
    body: SessionRequest, request: Request, services: ServicesParam, token: SentTokenParam
) -> SessionOpened:
    """Open a session, with a new conversation.

    With an identity and a guest's token, the guest's conversation goes on as the customer's, and
    the guest's session ends.
    """
    await services.limits.count_session(services.address_key(request))
    now = services.clock()
    customer = None
    if body.identity is not None:
        customer = await verify_identity(body.identity, services.identity_keys, now=now)
    expires_at = services.session_end(now)
    opening = Opening(
        customer=customer,
        locale=body.locale or "en",
        time_zone=find_zone(body.time_zone).key,
        now=now,
        expires_at=expires_at,
    )
    if customer is None or token is None:
        session = await services.database.write(open_session, opening)
    else:
        guest = services.tokens.verify(token)
        session = await services.database.write(sign_in, guest.session_id, customer, opening)
        services.events.changed(session.conversation_id)
    return _opened(services, session, expires_at)


@router.post(
    "/conversation/restart",
    status_code=201,
    responses=documented(401, 429, 503),
)
async def post_restart(
    request: Request, bearer: BearerParam, services: ServicesParam
) -> SessionOpened:
    """Close the conversation and begin a new one for the same shopper, with a new token."""
    await services.limits.count_session(services.address_key(request))
    now = services.clock()
    expires_at = services.session_end(now)
    session = await services.database.write(
        _restart, bearer.session_id, now=now, expires_at=expires_at
    )
    services.events.changed(bearer.conversation_id)
    return _opened(services, session, expires_at)


def _restart(connection: Any, session_id: str, *, now: datetime, expires_at: datetime) -> Session:
    close_conversation(connection, session_id, now=now)
    return replace_session(connection, session_id, now=now, expires_at=expires_at)


def _opened(services: Services, session: Session, expires_at: datetime) -> SessionOpened:
    bearer = Bearer(session_id=session.id, conversation_id=session.conversation_id)
    return SessionOpened(
        token=services.tokens.sign(bearer, expires_at=expires_at),
        expires_at=expires_at,
        conversation_id=session.conversation_id,
        customer=CustomerName(name=session.customer_name) if session.customer_id else None,
    )
