from collections.abc import Callable

import httpx
import pytest

from bot.gateway.brain_client import BrainAway, BrainFailed, BrainRefused, HttpBrain
from bot.gateway.model import Turn

TURN = Turn("c1", 1, "m1", "hello", None, {"customer_id": None})
ANSWER = {
    "replies": [{"text": "hi", "choices": [{"title": "Yes", "payload": "/affirm"}], "cards": []}],
    "understood": {"intent": "greet"},
    "model_id": "7",
}
Handler = Callable[[httpx.Request], httpx.Response]


def brain_with(handler: Handler, *urls: str) -> HttpBrain:
    return HttpBrain(
        urls or ("http://brain",),
        token="t" * 32,
        timeout_s=1,
        transport=httpx.MockTransport(handler),
    )


async def test_turn_is_sent_with_the_token_and_all_that_is_known() -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=ANSWER)

    async with brain_with(handle) as brain:
        answer = await brain.answer(TURN)
    assert answer.replies[0].choices[0].payload == "/affirm"
    assert seen[0].headers["authorization"] == "Bearer " + "t" * 32
    assert b'"message_id":"m1"' in seen[0].content


@pytest.mark.parametrize(
    ("status", "error"),
    [(503, BrainAway), (409, BrainAway), (422, BrainRefused), (500, BrainFailed)],
)
async def test_status_decides_whether_asking_again_helps(
    status: int, error: type[Exception]
) -> None:
    async with brain_with(lambda _request: httpx.Response(status)) as brain:
        with pytest.raises(error):
            await brain.answer(TURN)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"replies": 1}', b'{"replies": [{"text": "\\ud800"}]}']
)
async def test_answer_of_the_wrong_shape_is_a_failure(content: bytes) -> None:
    async with brain_with(lambda _request: httpx.Response(200, content=content)) as brain:
        with pytest.raises(BrainFailed):
            await brain.answer(TURN)


async def test_control_characters_of_an_answer_are_dropped() -> None:
    answer = {"replies": [{"text": "a\x00b\r\nc"}], "model_id": "7"}
    async with brain_with(lambda _request: httpx.Response(200, json=answer)) as brain:
        assert (await brain.answer(TURN)).replies[0].text == "ab\nc"


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ReadTimeout("hangs")])
async def test_next_brain_is_asked_when_the_first_does_not_answer(error: Exception) -> None:
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        if len(asked) == 1:
            raise error
        return httpx.Response(200, json=ANSWER)

    async with brain_with(handle, "http://a", "http://b") as brain:
        await brain.answer(TURN)
    assert sorted(asked) == ["a", "b"]


async def test_turn_on_which_every_brain_hangs_counts_as_a_failure() -> None:
    def hang(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("hangs")

    async with brain_with(hang, "http://a", "http://b") as brain:
        with pytest.raises(BrainFailed):
            await brain.answer(TURN)


async def test_one_conversation_prefers_one_brain() -> None:
    asked: set[str] = set()

    def handle(request: httpx.Request) -> httpx.Response:
        asked.add(request.url.host)
        return httpx.Response(200, json=ANSWER)

    async with brain_with(handle, "http://a", "http://b", "http://c") as brain:
        for _ in range(5):
            await brain.answer(TURN)
    assert len(asked) == 1


async def test_no_brain_to_connect_to_is_away() -> None:
    def refuse(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async with brain_with(refuse) as brain:
        with pytest.raises(BrainAway):
            await brain.answer(TURN)
        assert not (await brain.health()).ready


async def test_connection_that_breaks_in_the_middle_counts_as_a_failure() -> None:
    def break_off(_request: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("gone")

    async with brain_with(break_off) as brain:
        with pytest.raises(BrainFailed):
            await brain.answer(TURN)


async def test_one_ready_brain_is_enough() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        ready = request.url.host == "b"
        return httpx.Response(
            200 if ready else 503, json={"ready": ready, "model_id": "7" if ready else None}
        )

    async with brain_with(handle, "http://a", "http://b") as brain:
        assert (await brain.health()).model_id == "7"
