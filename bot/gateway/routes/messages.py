"""Sending and reading messages."""

import re
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.gateway.history import PAGE_SIZE, find_replies, read_news
from bot.gateway.intake import Accepted, Arrival, accept_message
from bot.gateway.model import Draft, Message, Value
from bot.gateway.problems import documented
from bot.gateway.services import BearerParam, CountedRead, JsonBody, Services, ServicesParam
from bot.gateway.typed_text import MAX_TEXT_CHARS, clean_text

router = APIRouter(prefix="/api/v1/conversation", tags=["messages"])

MAX_WAIT_S = 30.0
# Numbers of messages fit in a 32-bit column.
MAX_SEQ = 2**31 - 1
_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})\"?(?=$|[,;\s])", re.IGNORECASE)


class MessageRequest(BaseModel):
    """Either words or the id of an offered choice."""

    model_config = ConfigDict(extra="forbid")

    client_id: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", min_length=1, max_length=64)
    ] = Field(description="Chosen by the sender, new for each message and kept when it is resent.")
    text: str | None = Field(
        default=None, description=f"1 to {MAX_TEXT_CHARS} characters; never a command."
    )
    choice: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = Field(
        default=None, description="The id of a choice; good once, in this conversation."
    )

    @model_validator(mode="after")
    def _demand_one(self) -> "MessageRequest":
        if (self.text is None) == (self.choice is None):
            raise ValueError("give either `text` or `choice`")
        if self.text is not None:
            self.text = clean_text(self.text)
            if not self.text:
                raise ValueError("`text` is empty")
            if len(self.text) > MAX_TEXT_CHARS:
                raise ValueError(f"`text` is longer than {MAX_TEXT_CHARS} characters")
        return self


class MessageAccepted(Value):
    """The message is stored and will be answered."""

    message: Message


class MessageAnswered(Value):
    """The message and all that was answered."""

    message: Message
    replies: list[Message]


class MessagePage(Value):
    """A part of the history, oldest first."""

    messages: list[Message]
    last_seq: int = Field(description="The newest message there is.")
    has_more: bool = Field(description="Ask on after the last of these.")


@router.post(
    "/messages",
    status_code=202,
    dependencies=[JsonBody],
    response_model=MessageAccepted,
    responses={
        200: {"model": MessageAnswered, "description": "With `Prefer: wait=N`: answered in time."},
        **documented(400, 401, 404, 409, 413, 415, 422, 429, 503),
    },
)
async def post_message(
    body: MessageRequest,
    request: Request,
    bearer: BearerParam,
    services: ServicesParam,
    prefer: Annotated[str | None, Header(description="`wait=N`: up to 30 seconds.")] = None,
) -> Response:
    """Send a message; the same `client_id` again gives the same answer and does nothing twice."""
    address_key = services.address_key(request)
    await services.limits.count_message(bearer.session_id, address_key)
    arrival = Arrival(
        session_id=bearer.session_id,
        draft=Draft(client_id=body.client_id, text=body.text, choice_id=body.choice),
        address_key=address_key,
        now=services.clock(),
        lease_owner=services.turns.new_owner(),
        lease_s=services.turns.lease_s,
    )
    accepted = await services.database.write(accept_message, arrival)
    if accepted.lease is not None:
        services.turns.start(accepted.lease, accepted.turn)
    if not accepted.answered:
        services.events.changed(bearer.conversation_id)
    wait_s = _read_wait(prefer)
    if wait_s is None:
        return _json(MessageAccepted(message=accepted.message), 202)
    replies = await _find_replies(services, bearer.conversation_id, accepted, wait_s)
    if replies is None:
        return _json(MessageAccepted(message=accepted.message), 202, waited=True)
    answered = MessageAnswered(message=accepted.message, replies=replies)
    return _json(answered, 200, waited=True)


@router.get("/messages", dependencies=[CountedRead], responses=documented(401, 422, 429, 503))
async def get_messages(
    bearer: BearerParam,
    services: ServicesParam,
    after: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_SIZE)] = PAGE_SIZE,
) -> MessagePage:
    """Read the messages numbered above `after`."""
    news = await services.database.read(
        read_news, bearer.session_id, after=after, now=services.clock(), limit=limit
    )
    found = list(news.messages)
    return MessagePage(
        messages=found,
        last_seq=max(news.conversation.last_seq, found[-1].seq if found else 0),
        has_more=len(found) == limit and found[-1].seq < news.conversation.last_seq,
    )


async def _find_replies(
    services: Services, conversation_id: str, accepted: Accepted, wait_s: float
) -> list[Message] | None:
    if accepted.answered:
        return await services.database.read(find_replies, conversation_id, accepted.message)
    return await services.turns.wait_for_answer(conversation_id, accepted.message, timeout_s=wait_s)


def _read_wait(prefer: str | None) -> float | None:
    """Return the wait that was asked for in seconds; preferences we do not know are ignored."""
    found = _WAIT.search(prefer or "")
    return min(float(found[1]), MAX_WAIT_S) if found else None


def _json(content: Value, status: int, *, waited: bool = False) -> Response:
    # Written straight from the model: FastAPI would build and check it all over again.
    headers = {"Preference-Applied": "wait"} if waited else None
    return Response(
        content.model_dump_json(), status, headers=headers, media_type="application/json"
    )
