"""The whole conversation as a download."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Response
from sqlalchemy import Connection
from starlette.responses import StreamingResponse

from bot.db.database import Database
from bot.gateway.history import find_conversation, read_messages
from bot.gateway.model import Message, Session
from bot.gateway.problems import documented
from bot.gateway.services import BearerParam, CountedRead, ServicesParam
from bot.gateway.session_store import find_session
from bot.gateway.transcript import Transcriber, Transcript

router = APIRouter(prefix="/api/v1/conversation", tags=["conversation"])

_JSON = "application/json"
_TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Whose conversation it is, its first page, and where it ends for this download."""

    session: Session
    last_seq: int
    page: list[Message]


@router.get(
    "/transcript",
    dependencies=[CountedRead],
    response_model=None,
    responses={
        200: {
            "model": Transcript,
            "description": "A file to keep; JSON for those whose `Accept` prefers it.",
            "content": {_TEXT: {"schema": {"type": "string"}}},
        },
        **documented(401, 422, 429, 503),
    },
)
async def get_transcript(
    bearer: BearerParam,
    services: ServicesParam,
    accept: Annotated[
        str | None, Header(description="`application/json`; else it is plain text.")
    ] = None,
) -> Response:
    """Download the whole conversation, times in the session's time zone."""
    now = services.clock()
    start = await services.database.read(_begin, bearer.session_id, now=now)
    transcriber = Transcriber(start.session)
    as_json = _prefers_json(accept)
    write = _write_json if as_json else _write_text
    begun_at = start.page[0].at if start.page else now
    day = begun_at.astimezone(transcriber.zone).date()
    name = f"conversation-{day}.{'json' if as_json else 'txt'}"
    return StreamingResponse(
        write(transcriber, _read_pages(services.database, start)),
        media_type=_JSON if as_json else _TEXT,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Vary": "Accept"},
    )


async def _write_text(
    transcriber: Transcriber, pages: AsyncIterator[list[Message]]
) -> AsyncIterator[str]:
    async for page in pages:
        yield transcriber.text(page)


async def _write_json(
    transcriber: Transcriber, pages: AsyncIterator[list[Message]]
) -> AsyncIterator[str]:
    yield transcriber.json_head()
    first = True
    async for page in pages:
        yield transcriber.json(page, first=first)
        first = False
    yield transcriber.json_tail()


async def _read_pages(database: Database, start: Beginning) -> AsyncIterator[list[Message]]:
    """Read one page after the other, so that a long conversation is never held as a whole.

    What is said meanwhile is left out: else a talkative conversation might never end.
    """
    page = start.page
    while page:
        yield page
        if page[-1].seq >= start.last_seq:
            return
        page = await database.read(read_messages, start.session.conversation_id, after=page[-1].seq)


def _begin(connection: Connection, session_id: str, *, now: datetime) -> Beginning:
    session = find_session(connection, session_id, now=now)
    view = find_conversation(connection, session.conversation_id)
    return Beginning(session, view.last_seq, read_messages(connection, view.id, after=0))


def _prefers_json(accept: str | None) -> bool:
    """Tell whether JSON is liked better than text by an `Accept` header (RFC 9110)."""
    likes: dict[str, float] = {}
    for part in (accept or "").lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        likes[media_range] = next(map(_read_quality, filter(_is_quality, parameters)), 1.0)
    return _like(likes, _JSON) > _like(likes, _TEXT)


def _like(likes: dict[str, float], media_type: str) -> float:
    """Return how much a type is liked, by the range that names it most closely."""
    kind = media_type.partition("/")[0]
    ranges = (media_type, f"{kind}/*", "*/*")
    return next((likes[named] for named in ranges if named in likes), 0.0)


def _is_quality(parameter: str) -> bool:
    return parameter.startswith("q=")


def _read_quality(parameter: str) -> float:
    try:
        return min(max(float(parameter[2:]), 0.0), 1.0)
    except ValueError:
        return 0.0
