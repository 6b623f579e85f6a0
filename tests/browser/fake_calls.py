"""What the fake gateway answers about a conversation that it has let the request through to."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from tests.browser.fake_conversation import Conversation

Handler = Callable[[Request, Conversation, dict[str, Any]], Response]


def refuse(status: int, kind: str = "", headers: dict[str, str] | None = None) -> Response:
    """Return a problem document as the gateway does."""
    title = HTTPStatus(status).phrase
    content = {
        "type": f"urn:problem:{kind}" if kind else "about:blank",
        "title": title,
        "status": status,
        "detail": f"{title}.",
    }
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def _get_conversation(_: Request, conversation: Conversation, body: dict[str, Any]) -> Response:
    return JSONResponse(conversation.describe())


def _get_messages(request: Request, conversation: Conversation, body: dict[str, Any]) -> Response:
    after = int(request.query_params.get("after", 0))
    limit = int(request.query_params.get("limit", 200))
    page = conversation.messages[after : after + limit]
    last_seq = conversation.last_seq
    has_more = after + len(page) < last_seq
    return JSONResponse({"messages": page, "last_seq": last_seq, "has_more": has_more})


def _get_transcript(request: Request, conversation: Conversation, body: dict[str, Any]) -> Response:
    as_json = request.headers.get("accept") == "application/json"
    name = f"conversation-{datetime.now(UTC).date()}.{'json' if as_json else 'txt'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if not as_json:
        return PlainTextResponse(conversation.transcript(), headers=headers)
    content = {
        "conversation_id": conversation.id,
        "time_zone": "UTC",
        "messages": conversation.messages,
    }
    return JSONResponse(content, headers=headers)


def _vote(_: Request, conversation: Conversation, body: dict[str, Any]) -> Response:
    message = conversation.find("id", body["message_id"])
    if message is None or message["sender"] != "bot":
        return refuse(404, "message-unknown")
    message["helpful"] = body["helpful"]
    return Response(status_code=204)


def _rate(_: Request, conversation: Conversation, body: dict[str, Any]) -> Response:
    if all(message["sender"] == "shopper" for message in conversation.messages):
        return refuse(409, "nothing-to-rate")
    conversation.rating = {"stars": body["stars"], "comment": body.get("comment")}
    return Response(status_code=204)


def _mark_read(_: Request, conversation: Conversation, body: dict[str, Any]) -> Response:
    conversation.mark_read("shopper", body["seq"])
    return Response(status_code=204)


def _type(_: Request, conversation: Conversation, body: dict[str, Any]) -> Response:
    if conversation.state == "closed":
        return refuse(409, "conversation-closed")
    conversation.type_as("shopper", body["typing"])
    return Response(status_code=204)


def _close(_: Request, conversation: Conversation, body: dict[str, Any]) -> Response:
    conversation.state = "closed"
    return JSONResponse(conversation.describe())


CALLS: dict[tuple[str, str], Handler] = {
    ("GET", ""): _get_conversation,
    ("GET", "/messages"): _get_messages,
    ("GET", "/transcript"): _get_transcript,
    ("POST", "/feedback"): _vote,
    ("POST", "/rating"): _rate,
    ("POST", "/read"): _mark_read,
    ("POST", "/typing"): _type,
    ("POST", "/close"): _close,
}
