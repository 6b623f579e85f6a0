"""The help center for a start screen, for anybody."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from bot.gateway.help_center import REFRESH_AFTER, HelpStart
from bot.gateway.problems import documented
from bot.gateway.services import ServicesParam

router = APIRouter(prefix="/api/v1", tags=["help"])

_MAX_AGE_S = int(REFRESH_AFTER.total_seconds())


@router.get(
    "/help",
    response_model=HelpStart,
    responses={304: {"description": "It is what you have."}, **documented(422, 429, 503)},
)
async def get_help(
    request: Request,
    services: ServicesParam,
    if_none_match: Annotated[str | None, Header(description="The `ETag` of what you have.")] = None,
) -> Response:
    """List the articles by category and what is asked most; needs no session."""
    await services.limits.count_open_read(services.address_key(request))
    document = await services.help.document()
    headers = {"ETag": document.etag, "Cache-Control": f"public, max-age={_MAX_AGE_S}"}
    if _matches(if_none_match, document.etag):
        return Response(status_code=304, headers=headers)
    return Response(document.content, headers=headers, media_type="application/json")


def _matches(if_none_match: str | None, etag: str) -> bool:
    """Compare weakly, as RFC 9110 has it for reading; proxies that compress make tags weak."""
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in tags or tags == ["*"]
