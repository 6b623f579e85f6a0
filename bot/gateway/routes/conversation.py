"""The conversation around its messages: state, marks, typing, events, end."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from sse_starlette import EventSourceResponse

from bot.gateway.errors import ConversationClosed, TooManyStreams
from bot.gateway.events import Typing
from bot.gateway.feedback_store import find_rating
from bot.gateway.history import (
    News,
    close_conversation,
    find_conversation,
    mark_read,
    read_news,
)
from bot.gateway.model import Rating, ReadMarks, Sender, State, Value
from bot.gateway.problems import documented
from bot.gateway.routes.messages import MAX_SEQ
from bot.gateway.services import BearerParam, CountedRead, JsonBody, Services, ServicesParam
from bot.gateway.session_store import find_session
from bot.gateway.stream import Listener, Position, stream_events

router = APIRouter(prefix="/api/v1/conversation", tags=["conversation"])

HEARTBEAT_S = 15
MAX_STREAMS = 10


class Conversation(Value):
    """How a conversation stands."""

    conversation_id: str
    state: State
    last_seq: int
    read: ReadMarks
    rating: Rating | None = Field(description="What the shopper gave it; null if nothing yet.")


class ReadRequest(BaseModel):
    """The newest message that the shopper has seen."""

    model_config = ConfigDict(extra="forbid")

    seq: int = Field(ge=1, le=MAX_SEQ, strict=True)


class TypingRequest(BaseModel):
    """Whether the shopper types now."""

    model_config = ConfigDict(extra="forbid")

    typing: bool = Field(strict=True)


@router.get("", dependencies=[CountedRead], responses=documented(401, 429, 503))
async def get_conversation(bearer: BearerParam, services: ServicesParam) -> Conversation:
    """Read how the conversation stands."""
    return await services.database.read(_read, bearer.session_id, now=services.clock())


@router.get(
    "/events",
    dependencies=[CountedRead],
    response_class=EventSourceResponse,
    responses={
        200: {
            "description": "Events `message`, `state`, `typing` and `read`.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        204: {"description": "The conversation is closed and all of it was sent."},
        **documented(401, 422, 429, 503),
    },
)
async def get_events(
    request: Request,
    bearer: BearerParam,
    services: ServicesParam,
    after: Annotated[int, Query(ge=0, le=MAX_SEQ, description="Begin after this message.")] = 0,
    last_event_id: Annotated[
        str | None, Header(description="Sent by browsers when they connect again.")
    ] = None,
) -> Response:
    """Follow the conversation as server-sent events."""
    start = Position.parse(last_event_id) or Position(seq=after, revision=-1)
    news: News = await services.database.read(
        read_news, bearer.session_id, after=MAX_SEQ, now=services.clock(), limit=1
    )
    if news.conversation.state == "closed" and not start.is_behind(news.conversation):
        return Response(status_code=204)
    listener = Listener(bearer, services.address_key(request), start)
    _demand_room(services, listener)
    events = stream_events(
        services.database, services.events, services.metrics, listener, clock=services.clock
    )
    return EventSourceResponse(events, ping=HEARTBEAT_S, sep="\n")


@router.post(
    "/typing",
    status_code=204,
    dependencies=[JsonBody, CountedRead],
    responses=documented(400, 401, 409, 413, 415, 422, 429, 503),
)
async def post_typing(
    body: TypingRequest, bearer: BearerParam, services: ServicesParam
) -> Response:
    """Tell the other side that the shopper types, or stopped."""
    news = await services.database.read(
        read_news, bearer.session_id, after=MAX_SEQ, now=services.clock(), limit=1
    )
    if news.conversation.state == "closed":
        raise ConversationClosed("This conversation is closed: restart it to go on.")
    services.events.typing(bearer.conversation_id, Typing(Sender.SHOPPER, active=body.typing))
    return Response(status_code=204)


@router.post(
    "/read",
    status_code=204,
    dependencies=[JsonBody, CountedRead],
    responses=documented(400, 401, 413, 415, 422, 429, 503),
)
async def post_read(body: ReadRequest, bearer: BearerParam, services: ServicesParam) -> Response:
    """Note what the shopper has seen; marks only go forward."""
    news = await services.database.write(
        mark_read, bearer.session_id, seq=body.seq, now=services.clock()
    )
    if news:
        services.events.changed(bearer.conversation_id)
    return Response(status_code=204)


@router.post("/close", dependencies=[CountedRead], responses=documented(401, 429, 503))
async def post_close(bearer: BearerParam, services: ServicesParam) -> Conversation:
    """Close the conversation; it can still be read."""
    closed = await services.database.write(_close, bearer.session_id, now=services.clock())
    services.events.changed(bearer.conversation_id)
    return closed


def _demand_room(services: Services, listener: Listener) -> None:
    if services.events.count_listeners(listener.bearer.conversation_id) >= MAX_STREAMS:
        raise TooManyStreams(
            "This conversation has too many event streams open: close one.", retry_after_s=5
        )
    most = services.settings.streams_per_address
    if services.events.count_listeners_at(listener.address_key) >= most:
        raise TooManyStreams(
            "This network address has too many event streams open: close one.", retry_after_s=5
        )


def _read(connection: Connection, session_id: str, *, now: datetime) -> Conversation:
    session = find_session(connection, session_id, now=now)
    return _describe(connection, session.conversation_id)


def _close(connection: Connection, session_id: str, *, now: datetime) -> Conversation:
    return _describe(connection, close_conversation(connection, session_id, now=now))


def _describe(connection: Connection, conversation_id: str) -> Conversation:
    view = find_conversation(connection, conversation_id)
    return Conversation(
        conversation_id=view.id,
        state=view.state,
        last_seq=view.last_seq,
        read=view.read,
        rating=find_rating(connection, view.id),
    )
