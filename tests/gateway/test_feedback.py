from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from bot.db.engine import reading
from bot.db.schema import feedback
from tests.gateway.conftest import Start
from tests.gateway.fake_brain import FakeBrain
from tests.gateway.running import Gateway, Shopper, until
from tests.gateway.test_bad_input import assert_problem


def stored_votes(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(select(feedback)))


async def vote(shopper: Shopper, message_id: str, *, helpful: bool) -> None:
    response = await shopper.post("feedback", {"message_id": message_id, "helpful": helpful})
    assert (response.status_code, response.content) == (204, b""), response.text


async def test_vote_is_stored_and_told_by_the_history(start: Start, engine: Engine) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        (reply,) = await shopper.ask("hello")
        await vote(shopper, reply["id"], helpful=True)
        history = await shopper.history()
    assert reply["helpful"] is None
    assert [message["helpful"] for message in history] == [None, True]
    (stored,) = stored_votes(engine)
    assert (stored.message_id, stored.conversation_id, stored.helpful) == (
        reply["id"],
        shopper.session["conversation_id"],
        True,
    )
    assert stored.at.tzinfo is not None


async def test_last_vote_counts_and_the_same_again_changes_nothing(
    start: Start, engine: Engine
) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        (reply,) = await shopper.ask("hello")
        await vote(shopper, reply["id"], helpful=True)
        await vote(shopper, reply["id"], helpful=False)
        before = stored_votes(engine)
        await vote(shopper, reply["id"], helpful=False)
    assert [row.helpful for row in before] == [False]
    assert stored_votes(engine) == before


async def test_answer_to_a_repeated_message_tells_the_vote(start: Start) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        first = (await shopper.send(client_id="same", text="hello")).json()
        await vote(shopper, first["replies"][0]["id"], helpful=False)
        again = (await shopper.send(client_id="same", text="hello")).json()
    assert again["replies"][0]["helpful"] is False


async def test_closed_conversation_can_still_be_voted_on(start: Start) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        (reply,) = await shopper.ask("hello")
        await shopper.post("close", {})
        await vote(shopper, reply["id"], helpful=True)


async def test_answer_of_another_conversation_is_not_found(start: Start, engine: Engine) -> None:
    async with start() as gateway:
        owner, stranger = await gateway.open(), await gateway.open()
        (reply,) = await owner.ask("hello")
        response = await stranger.post("feedback", {"message_id": reply["id"], "helpful": True})
    assert_problem(response, 404)
    assert response.json()["type"] == "urn:problem:message-unknown"
    assert stored_votes(engine) == []


async def test_what_the_shopper_or_the_system_said_is_no_answer(
    start: Start, brain: FakeBrain
) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        brain.open.clear()
        await shopper.send(text="hello", wait_s=None)
        texts = await shopper.wait_for_texts(2)
        history = await shopper.history()
        refused = [
            await shopper.post("feedback", {"message_id": message["id"], "helpful": True})
            for message in history
        ]
        brain.open.set()
        await until(lambda: brain.ran)
    assert texts[1].startswith("system: ")
    assert [response.status_code for response in refused] == [404, 404]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message_id": "a"},
        {"helpful": True},
        {"message_id": "a", "helpful": "true"},
        {"message_id": "a", "helpful": 1},
        {"message_id": "a", "helpful": None},
        {"message_id": "", "helpful": True},
        {"message_id": "x" * 65, "helpful": True},
        {"message_id": "a\x00", "helpful": True},
        {"message_id": "<b>a</b>", "helpful": True},
        {"message_id": 1, "helpful": True},
        {"message_id": ["a"], "helpful": True},
        {"message_id": "a", "helpful": True, "conversation_id": "b"},
        [],
        "a",
    ],
)
async def test_vote_of_the_wrong_shape_is_explained(shopper: Shopper, body: object) -> None:
    assert_problem(await shopper.post("feedback", body), 422)


async def test_vote_needs_a_session(gateway: Gateway) -> None:
    response = await gateway.client.post(
        "/api/v1/conversation/feedback", json={"message_id": "a", "helpful": True}
    )
    assert_problem(response, 401)


async def test_votes_count_against_the_limit_of_their_neighbours(start: Start) -> None:
    async with start(BOT_LIMIT_READS_PER_SESSION="1/minute") as gateway:
        shopper = await gateway.open()
        answers = [
            await shopper.post("feedback", {"message_id": "a", "helpful": True}) for _ in range(2)
        ]
    assert [answer.status_code for answer in answers] == [404, 429]


@given(votes=st.lists(st.booleans(), min_size=1, max_size=8))
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_row_of_votes_ends_as_its_last(shopper: Shopper, votes: list[bool]) -> None:
    (reply,) = await shopper.ask("hello")
    for helpful in votes:
        await vote(shopper, reply["id"], helpful=helpful)
    assert (await shopper.history())[-1]["helpful"] is votes[-1]
