"""What the shopper thinks: was this answer helpful, how good is the conversation as a whole."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from bot.gateway.feedback_store import Vote, store_rating, store_vote
from bot.gateway.model import Rating
from bot.gateway.problems import documented
from bot.gateway.services import BearerParam, CountedRead, JsonBody, ServicesParam
from bot.gateway.typed_text import clean_text

router = APIRouter(prefix="/api/v1/conversation", tags=["feedback"])

MAX_COMMENT_CHARS = 1000


class FeedbackRequest(BaseModel):
    """Whether one of the bot's answers helped."""

    model_config = ConfigDict(extra="forbid")

    message_id: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", min_length=1, max_length=64)
    ] = Field(description="The `id` of a message of the bot.")
    helpful: bool = Field(strict=True)


class RatingRequest(BaseModel):
    """How good the conversation is."""

    model_config = ConfigDict(extra="forbid")

    stars: int = Field(ge=1, le=5, strict=True)
    comment: str | None = Field(
        default=None, description=f"Plain text of at most {MAX_COMMENT_CHARS:,} characters."
    )

    @field_validator("comment")
    @classmethod
    def _clean(cls, comment: str | None) -> str | None:
        cleaned = clean_text(comment or "")
        if len(cleaned) > MAX_COMMENT_CHARS:
            raise ValueError(f"`comment` is longer than {MAX_COMMENT_CHARS} characters")
        return cleaned or None


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


@router.post(
    "/rating",
    status_code=204,
    dependencies=[JsonBody, CountedRead],
    responses=documented(400, 401, 409, 413, 415, 422, 429, 503),
)
async def post_rating(
    body: RatingRequest, bearer: BearerParam, services: ServicesParam
) -> Response:
    """Rate the conversation; it may be changed until a day after the conversation was closed."""
    rating = Rating(stars=body.stars, comment=body.comment)
    await services.database.write(store_rating, bearer.session_id, rating, now=services.clock())
    return Response(status_code=204)
