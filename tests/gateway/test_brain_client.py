"""The gateway's client, held against brains that listen, hang, break off or are not there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.gateway.brain_client import BrainAway, BrainFailed, BrainRefused, HttpBrain
from bot.gateway.model import Turn
from bot.process import free_port
from tests.gateway.running import serve

TURN = Turn("c1", 1, "m1", "hello", None, {"customer_id": None})
ANSWER = {
    "replies": [{"text": "hi", "choices": [{"title": "Yes", "payload": "/affirm"}], "cards": []}],
    "understood": {"intent": "greet"},
    "model_id": "7",
}
TIMEOUT_S = 0.5


class FakeBrain:
    """Answers as told, and keeps what it was asked."""

    def __init__(self, content: Any = ANSWER, *, status: int = 200, delay_s: float = 0.0) -> None:
        self.content, self.status, self.delay_s = content, status, delay_s
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    async def answer(self, request: Request) -> Response:
        self.asked.append((dict(request.headers), await request.body()))
        await asyncio.sleep(self.delay_s)
        if isinstance(self.content, bytes):
            return Response(self.content, self.status)
        return JSONResponse(self.content, self.status)


@asynccontextmanager
async def asking(*brains: FakeBrain, more: tuple[str, ...] = ()) -> AsyncIterator[HttpBrain]:
    """Serve the brains, each on a port, and give a client of them and of `more` addresses."""
    async with AsyncExitStack() as stack:
        for brain in brains:
            routes = [
                Route("/turns", brain.answer, methods=["POST"]),
                Route("/health", brain.answer),
            ]
            brain.url = await stack.enter_async_context(serve(Starlette(routes=routes)))
        urls = (*more, *(brain.url for brain in brains))
        client = HttpBrain(urls, token="t" * 32, timeout_s=TIMEOUT_S)
        yield await stack.enter_async_context(client)


@asynccontextmanager
async def breaking_off(after: bytes) -> AsyncIterator[str]:
    """A server that reads the request, sends this much and closes the connection."""

    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(after)
        await writer.drain()
        writer.close()

    handler: Callable[..., Awaitable[None]] = break_off
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def nowhere() -> str:
    return f"http://127.0.0.1:{free_port()}"


async def test_turn_is_sent_with_the_token_and_all_that_is_known() -> None:
    brain = FakeBrain()
    async with asking(brain) as client:
        answer = await client.answer(TURN)
    ((headers, body),) = brain.asked
    assert answer.replies[0].choices[0].payload == "/affirm"
    assert headers["authorization"] == "Bearer " + "t" * 32
    assert b'"message_id":"m1"' in body


@pytest.mark.parametrize(
    ("status", "error"),
    [(503, BrainAway), (409, BrainAway), (422, BrainRefused), (500, BrainFailed)],
)
async def test_status_decides_whether_asking_again_helps(
    status: int, error: type[Exception]
) -> None:
    async with asking(FakeBrain(status=status)) as client:
        with pytest.raises(error):
            await client.answer(TURN)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"replies": 1}', b'{"replies": [{"text": "\\ud800"}]}']
)
async def test_answer_of_the_wrong_shape_is_a_failure(content: bytes) -> None:
    async with asking(FakeBrain(content)) as client:
        with pytest.raises(BrainFailed):
            await client.answer(TURN)


async def test_control_characters_of_an_answer_are_dropped() -> None:
    answer = {"replies": [{"text": "a\x00b\r\nc"}], "model_id": "7"}
    async with asking(FakeBrain(answer)) as client:
        assert (await client.answer(TURN)).replies[0].text == "ab\nc"


async def test_next_brain_is_asked_when_the_first_cannot_be_reached() -> None:
    brain = FakeBrain()
    async with asking(brain, more=(nowhere(), nowhere())) as client:
        for turn in (
            TURN,
            Turn("c2", 1, "m2", "hello", None, {}),
            Turn("c3", 1, "m", "a", None, {}),
        ):
            assert (await client.answer(turn)).model_id == "7"


async def test_next_brain_is_asked_when_the_first_hangs() -> None:
    one, other = FakeBrain(), FakeBrain()
    async with asking(one, other) as client:
        await client.answer(TURN)
        preferred, second = (one, other) if one.asked else (other, one)
        preferred.delay_s = 3 * TIMEOUT_S
        assert (await client.answer(TURN)).model_id == "7"
    assert (len(preferred.asked), len(second.asked)) == (2, 1)


async def test_turn_on_which_every_brain_hangs_counts_as_a_failure() -> None:
    hanging = FakeBrain(delay_s=3 * TIMEOUT_S)
    async with asking(hanging, FakeBrain(delay_s=3 * TIMEOUT_S)) as client:
        with pytest.raises(BrainFailed):
            await client.answer(TURN)
    assert len(hanging.asked) == 1


async def test_one_conversation_prefers_one_brain() -> None:
    brains = [FakeBrain() for _ in range(3)]
    async with asking(*brains) as client:
        for _ in range(5):
            await client.answer(TURN)
    assert sorted(len(brain.asked) for brain in brains) == [0, 0, 5]


async def test_no_brain_to_connect_to_is_away() -> None:
    async with asking(more=(nowhere(),)) as client:
        with pytest.raises(BrainAway):
            await client.answer(TURN)
        assert not (await client.health()).ready


@pytest.mark.parametrize(
    "after", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{", b"no HTTP at all\r\n\r\n"]
)
async def test_connection_that_breaks_in_the_middle_counts_as_a_failure(after: bytes) -> None:
    async with breaking_off(after) as url, asking(more=(url,)) as client:
        with pytest.raises(BrainFailed):
            await client.answer(TURN)


async def test_one_ready_brain_is_enough() -> None:
    loading = FakeBrain({"ready": False, "model_id": None}, status=503)
    async with asking(loading, FakeBrain({"ready": True, "model_id": "7"})) as client:
        assert (await client.health()).model_id == "7"
