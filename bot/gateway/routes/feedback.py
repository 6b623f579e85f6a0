"""What the shopper thinks: was this answer helpful."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.gateway.feedback_store import Vote, store_vote
from bot.gateway.problems import documented
from bot.gateway.services import BearerParam, CountedRead, JsonBody, ServicesParam

router = APIRouter(prefix="/api/v1/conversation", tags=["feedback"])


class FeedbackRequest(BaseModel):
    """Whether one of the bot's answers helped."""

    model_config = ConfigDict(extra="forbid")

    message_id: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", min_length=1, max_length=64)
    ] = Field(description="The `id` of a message of the bot.")
    helpful: bool = Field(strict=True)


@router.post(
    "/feedback",
    status_code=204,
    dependencies=[JsonBody, CountedRead],
    responses=documented(400, 401, 404, 413, 415, 422, 429, 503),
)
async def post_feedback(
    body: FeedbackRequest, bearer: BearerParam, services: ServicesParam
) -> Response:
    """Tell whether an answer of the bot helped; the last vote of a message counts."""
    vote = Vote(message_id=body.message_id, helpful=body.helpful)
    await services.database.write(store_vote, bearer.session_id, vote, now=services.clock())
    return Response(status_code=204)
